/*
 * Columns give back what was put in, survive the way to the database and back, and nothing
 * that the database could hold makes the reader stumble.
 */
#include <string.h>

#include <certty/base/err.h>

#include "columns.h"

static const struct columns_shape odd = { 1, 300, 1000, 20 };

static struct table *some_table(struct intern *words, uint64_t seed, uint32_t rows)
{
	struct dice d = { seed };

	return columns_table(words, "local/a", &d, &odd, rows);
}

static void assert_row(const struct table *a, uint32_t i, const struct intern *a_words,
		       const struct table *b, uint32_t j, const struct intern *b_words)
{
	size_t a_len, b_len;
	const char *a_name = table_name(a, i, &a_len), *b_name = table_name(b, j, &b_len);

	g_assert_cmpmem(a_name, a_len, b_name, b_len);
	g_assert_cmpuint(a->print[i], ==, b->print[j]);
	g_assert_cmpuint(a->not_before[i], ==, b->not_before[j]);
	g_assert_cmpuint(a->not_after[i], ==, b->not_after[j]);
	g_assert_cmpuint(a->subject_hash[i], ==, b->subject_hash[j]);
	g_assert_cmpuint(a->issuer_hash[i], ==, b->issuer_hash[j]);
	g_assert_cmpuint(a->key_hash[i], ==, b->key_hash[j]);
	g_assert_cmpuint(a->names[i], ==, b->names[j]);
	g_assert_cmpstr(a->texts + a->text[i], ==, b->texts + b->text[j]);
	g_assert_cmpstr(a->aliases + a->alias[i], ==, b->aliases + b->alias[j]);
	g_assert_cmpstr(intern_text(a_words, a->issuer[i]), ==,
			intern_text(b_words, b->issuer[j]));
	g_assert_cmpstr(intern_text(a_words, a->words[a->key[i]]), ==,
			intern_text(b_words, b->words[b->key[j]]));
	g_assert_cmpstr(intern_text(a_words, a->words[a->signature[i]]), ==,
			intern_text(b_words, b->words[b->signature[j]]));
}

static void test_holds_facts(void)
{
	struct intern *words = intern_new();
	struct table_builder *b = table_builder_new("local/a", words);
	char *names[] = { (char *)"shop.example.org", (char *)"Www.Example.org", NULL };
	struct facts f = { .has_digest = true, .sha256 = { 1, 2, 3, 4, 5, 6, 7, 8, 9 },
			   .name = (char *)"Shop.Example.org", .names = names, .n_names = 2,
			   .issuer = (char *)"CA", .key = (char *)"RSA 2048",
			   .signature = (char *)"SHA-256", .not_before = 120,
			   .not_after = INT64_C(253402300799), .subject_hash = 4,
			   .issuer_hash = 5, .key_hash = 6 };
	size_t len;

	g_assert_true(table_builder_add(b, &f, "one.pem", MARK_LEAF));
	f.has_digest = false;
	f.name = NULL;
	f.names = NULL;
	f.n_names = 70000;
	g_assert_true(table_builder_add(b, &f, NULL, 0));
	{
		g_autoptr(table) t = table_builder_end(b, 99);

		g_assert_cmpuint(t->n, ==, 2);
		g_assert_cmpuint(t->print[0], ==, UINT64_C(0x0102030405060708));
		g_assert_cmpuint(t->print[1], ==, 0);
		g_assert_cmpstr(t->texts + t->text[0], ==,
				"shop.example.org\nshop.example.org\nwww.example.org");
		g_assert_cmpint(strncmp(table_name(t, 0, &len), "Shop.Example.org", 16), ==, 0);
		g_assert_cmpuint(len, ==, 16);
		g_assert_cmpuint(t->names[0], ==, 2);
		g_assert_cmpuint(t->names[1], ==, 65535);
		g_assert_cmpuint(t->not_before[0], ==, 2);
		g_assert_cmpint((int64_t)t->not_after[0] * 60, ==, INT64_C(253402300740));
		g_assert_cmpstr(t->aliases + t->alias[1], ==, "");
		g_assert_cmpint(t->seen, ==, 99);
		g_assert_cmpstr(t->store, ==, "local/a");
		g_assert_cmpuint(t->n_issuers, ==, 1);
		g_assert_cmpuint(t->issuers[0], ==, 5);
		g_assert_cmpuint(t->n_subjects, ==, 0);
	}
	intern_free(words);
}

static void test_copies_rows(void)
{
	struct intern *words = intern_new();
	g_autoptr(table) old = some_table(words, 3, 200);
	struct table_builder *b = table_builder_new(old->store, NULL);
	g_autoptr(table) new = NULL;

	for (uint32_t row = 200; row-- > 0;)
		table_builder_copy(b, old, row, row);
	new = table_builder_end(b, 5);
	for (uint32_t row = 0; row < 200; row++) {
		assert_row(old, 199 - row, words, new, row, words);
		g_assert_cmpuint(new->marks[row], ==, 199 - row);
	}
	g_clear_pointer(&new, table_unref);
	g_clear_pointer(&old, table_unref);
	intern_free(words);
}

static void test_round_trip(void)
{
	static const uint32_t rows[] = { 0, 1, 2, 64, 65, 300 };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct intern *words = intern_new(), *others = intern_new();
		g_autoptr(table) t = some_table(words, i, rows[i]), back = NULL;
		g_autoptr(GBytes) bytes = table_pack(t, words), again = NULL;
		g_autoptr(GError) error = NULL;

		intern_add(others, "so that the numbers differ");
		back = table_unpack("local/a", bytes, others, NULL, &error);
		g_assert_no_error(error);
		g_assert_cmpuint(back->n, ==, rows[i]);
		g_assert_cmpint(back->seen, ==, t->seen);
		for (uint32_t row = 0; row < rows[i]; row++) {
			assert_row(t, row, words, back, row, others);
			g_assert_cmpuint(t->marks[row], ==, back->marks[row]);
		}
		g_assert_cmpmem(t->issuers, t->n_issuers * 4, back->issuers,
				back->n_issuers * 4);
		g_assert_cmpmem(t->subjects, t->n_subjects * 4, back->subjects,
				back->n_subjects * 4);
		again = table_pack(back, others);
		g_assert_true(g_bytes_equal(bytes, again));
		g_clear_pointer(&t, table_unref);
		g_clear_pointer(&back, table_unref);
		intern_free(words);
		intern_free(others);
	}
}

/* Reads all that a table points to. */
static size_t read_all(const struct table *t, const struct intern *words)
{
	size_t sum = 0, len;

	for (uint32_t row = 0; row < t->n; row++) {
		table_name(t, row, &len);
		sum += len + strlen(t->texts + t->text[row]) +
		       strlen(t->aliases + t->alias[row]) +
		       strlen(intern_text(words, t->issuer[row])) +
		       strlen(intern_text(words, t->words[t->key[row]])) +
		       strlen(intern_text(words, t->words[t->signature[row]]));
	}
	return sum;
}

static void unpack_broken(const void *bytes, size_t len, struct intern *words, bool must_fail)
{
	g_autofree void *copy = g_memdup2(bytes, len);	/* so that a reader past it is seen */
	g_autoptr(GBytes) blob = g_bytes_new_static(copy, len);
	g_autoptr(GError) error = NULL;
	g_autoptr(table) t = table_unpack("local/a", blob, words, NULL, &error);

	if (t) {
		g_assert_false(must_fail);
		read_all(t, words);
	} else {
		g_assert_error(error, ERR, ERR_FORMAT);
	}
}

static void test_broken_bytes(void)
{
	struct intern *words = intern_new();
	g_autoptr(table) t = some_table(words, 8, 40);
	g_autoptr(GBytes) bytes = table_pack(t, words);
	size_t len;
	const uint8_t *whole = g_bytes_get_data(bytes, &len);
	g_autofree uint8_t *bent = g_memdup2(whole, len);
	struct dice d = { 4 };

	for (size_t n = 0; n < len; n++)
		unpack_broken(whole, n, words, true);
	for (size_t at = 0; at < len; at++) {
		bent[at] ^= (uint8_t)(1u << dice_roll(&d, 8));
		unpack_broken(bent, len, words, false);
		bent[at] ^= 0xff;
		unpack_broken(bent, len, words, false);
		bent[at] = whole[at];
	}
	g_clear_pointer(&t, table_unref);
	intern_free(words);
}

/* The head says in which byte order the rest is; another one is refused by a sentence. */
static void test_other_byte_order(void)
{
	struct intern *words = intern_new();
	g_autoptr(table) t = some_table(words, 8, 4);
	g_autoptr(GBytes) bytes = table_pack(t, words), blob = NULL;
	g_autoptr(GError) error = NULL;
	size_t len;
	uint8_t *other = g_memdup2(g_bytes_get_data(bytes, &len), g_bytes_get_size(bytes));
	uint32_t order;

	g_bytes_get_data(bytes, &len);
	memcpy(&order, other + 4, 4);
	order = GUINT32_SWAP_LE_BE(order);
	memcpy(other + 4, &order, 4);
	blob = g_bytes_new_take(other, len);
	g_assert_null(table_unpack("local/a", blob, words, NULL, &error));
	g_assert_error(error, ERR, ERR_FORMAT);
	g_assert_nonnull(strstr(error->message, "byte order"));
	g_clear_pointer(&t, table_unref);
	intern_free(words);
}

/* Texts with what could reach the terminal raw are refused; harmless foreign ones are not. */
static void test_harmful_texts(void)
{
	static const struct {
		const char *name;
		bool fine;
	} all[] = {
		{ "plain.example.org", true },	       { "b\xc3\xbc" "cher.example", true },
		{ "red\x1b[31m.example.org", false },  { "line\x0d.example.org", false },
		{ "bidi\xe2\x80\xae.example", false }, { "bytes\xff\xfe.example", false },
		{ "del\x7f.example.org", false },      { "c1\xc2\x9b.example.org", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		struct intern *words = intern_new();
		struct table_builder *b = table_builder_new("local/a", words);
		struct facts f = { .name = (char *)all[i].name };
		g_autoptr(table) t = NULL, back = NULL;
		g_autoptr(GBytes) bytes = NULL;

		for (int row = 0; row < 9; row++)	/* at every offset of eight bytes */
			table_builder_add(b, &f, &"alias"[row % 5], 0);
		t = table_builder_end(b, 0);
		bytes = table_pack(t, words);
		back = table_unpack("local/a", bytes, words, NULL, NULL);
		g_assert_cmpint(back != NULL, ==, all[i].fine);
		g_clear_pointer(&t, table_unref);
		g_clear_pointer(&back, table_unref);
		intern_free(words);
	}
}

/* Line breaks part the names of a row and are nowhere else. */
static void test_line_breaks(void)
{
	struct intern *words = intern_new();
	struct table_builder *b = table_builder_new("local/a", words);
	struct facts f = { .name = (char *)"a.example.org" };
	g_autoptr(table) t = NULL;
	g_autoptr(GBytes) bytes = NULL;

	table_builder_add(b, &f, "two\nlines", 0);
	t = table_builder_end(b, 0);
	bytes = table_pack(t, words);
	g_assert_null(table_unpack("local/a", bytes, words, NULL, NULL));
	g_clear_pointer(&t, table_unref);
	intern_free(words);
}

static void test_life(void)
{
	static const struct {
		uint32_t begin, end;	/* minutes */
		int64_t now;
		int life;
	} all[] = {
		{ 100, 200, 100 * 60, 0 },    { 100, 200, 50 * 60, 0 },
		{ 100, 200, 150 * 60, 500 },  { 100, 200, 200 * 60, 1000 },
		{ 100, 200, 200 * 60 + 1, 1001 }, { 100, 200, 400 * 60, 3000 },
		{ 200, 100, 150 * 60, 0 },    { 200, 100, 201 * 60, 1001 },
		{ 100, 100, 101 * 60, 1001 }, { 0, UINT32_MAX, 0, 0 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		uint32_t begin = all[i].begin, end = all[i].end;
		struct table t = { .n = 1, .not_before = &begin, .not_after = &end };

		g_assert_cmpint(table_life(&t, 0, all[i].now), ==, all[i].life);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/table/holds-facts", test_holds_facts);
	g_test_add_func("/table/copies-rows", test_copies_rows);
	g_test_add_func("/table/round-trip", test_round_trip);
	g_test_add_func("/table/broken-bytes", test_broken_bytes);
	g_test_add_func("/table/other-byte-order", test_other_byte_order);
	g_test_add_func("/table/harmful-texts", test_harmful_texts);
	g_test_add_func("/table/line-breaks", test_line_breaks);
	g_test_add_func("/table/life", test_life);
	return g_test_run();
}
