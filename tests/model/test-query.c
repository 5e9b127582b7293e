/*
 * The filter language: what it says, what it refuses, that it finds what a plain reading of
 * the question finds, and that narrowing is only claimed where it is true.
 */
#include <stdlib.h>
#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/err.h>
#include <certty/base/text.h>
#include <certty/model/query.h>

#include "columns.h"

#define STORES 12

static const struct columns_shape shapes[] = {
	{ STORES, 40, 1u << 30, 5 },
	{ STORES, 40, 120, 20 },
};

/* ---- the plain reading ---- */

static char *fold(const char *text)
{
	GString *s = g_string_new(NULL);

	text_fold(s, text, -1);
	return g_string_free(s, FALSE);
}

static bool has(const char *text, const char *word)
{
	g_autofree char *folded = fold(text);

	return strstr(folded, word) != NULL;
}

static bool any_store(const struct snapshot *s, uint32_t cert, const char *key, const char *word)
{
	const struct certs *c = s->certs;

	for (uint32_t p = c->first[cert]; p != CERTS_NONE; p = c->next[p]) {
		const struct store *st = snapshot_store(s, certs_place(c, p).table_number);
		g_autofree char *labels = g_strjoinv("\n", st->labels);
		const struct {
			const char *key, *text;
		} texts[] = {
			{ "store", st->title },	    { "store", st->id },
			{ "store", st->address },   { "provider", st->provider },
			{ "account", st->account }, { "network", st->network },
			{ "label", labels },	    { "in", st->container },
			{ "type", st->type },
		};

		for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
			if (strcmp(key, texts[i].key) == 0 && has(texts[i].text, word))
				return true;
	}
	return false;
}

static bool has_state(const struct certs *c, uint32_t cert, const char *begin)
{
	int64_t from = certs_not_before(c, cert), to = certs_not_after(c, cert);
	uint32_t marks = certs_marks(c, cert) | (from > COLUMNS_NOW ? MARK_NOT_YET : 0);

	for (const struct mark *m = mark_table; m->bit; m++)
		if ((marks & m->bit) && g_str_has_prefix(m->word, begin))
			return true;
	return (to < COLUMNS_NOW && g_str_has_prefix("expired", begin)) ||
	       (to >= COLUMNS_NOW && to < COLUMNS_NOW + 30 * CLOCK_DAY &&
		g_str_has_prefix("expires-soon", begin)) ||
	       (from <= COLUMNS_NOW && to >= COLUMNS_NOW && g_str_has_prefix("valid", begin));
}

/* A question as parts, so that the test needs no parser of its own. */
struct part {
	const char *key;	/* "": a plain word; "mark"; else a key */
	const char *op;
	const char *value;
};

static bool compare(int64_t value, const char *op, int64_t bound)
{
	return strcmp(op, "<") == 0	? value < bound :
	       strcmp(op, "<=") == 0	? value <= bound :
	       strcmp(op, ">") == 0	? value > bound :
					  value >= bound;
}

static bool holds(const struct snapshot *s, uint32_t cert, const struct part *p)
{
	const struct certs *c = s->certs;
	struct place at = certs_first(c, cert);
	g_autofree char *word = fold(p->value);
	int64_t bound;

	if (!*p->key || strcmp(p->key, "san") == 0)
		return strstr(at.table->texts + at.table->text[at.row], word);
	if (strcmp(p->key, "mark") == 0)
		return (certs_marks(c, cert) & mark_read(word)) ||
		       (mark_read(word) == MARK_NOT_YET &&
			certs_not_before(c, cert) > COLUMNS_NOW);
	if (strcmp(p->key, "issuer") == 0)
		return has(certs_issuer(c, cert), word);
	if (strcmp(p->key, "key") == 0)
		return has(certs_key(c, cert), word);
	if (strcmp(p->key, "state") == 0)
		return has_state(c, cert, word);
	if (strcmp(p->key, "life") == 0)
		return compare(certs_life(c, cert, COLUMNS_NOW), p->op, atoi(word) * 10);
	if (strcmp(p->key, "exp") != 0)
		return any_store(s, cert, p->key, word);
	if (!clock_read_date(word, &bound)) {
		g_assert_true(clock_read_span(word, &bound));
		bound += COLUMNS_NOW;
	}
	return compare(certs_not_after(c, cert), p->op, bound);
}

/* clang-format off */
static const struct part parts[] = {
	{ "", "", "e" }, { "", "", "shop" }, { "", "", "example.org" }, { "", "", "7" },
	{ "", "", "B\xc3\xbc" "CH" }, { "", "", "nothing-like-it" }, { "", "", "www-1" },
	{ "san", ":", "Corp" }, { "issuer", ":", "CA 1" }, { "issuer", ":", "xyz" },
	{ "key", ":", "rsa" }, { "key", ":", "2048" }, { "key", ":", "P-256" },
	{ "store", ":", "000" }, { "store", ":", "Folder 1" }, { "provider", ":", "loc" },
	{ "account", ":", "lab" }, { "network", ":", "prod" }, { "label", ":", "PRODUKTION" },
	{ "label", ":", "blue" }, { "in", ":", "stage" }, { "type", ":", "end" },
	{ "state", ":", "exp" }, { "state", ":", "expired" }, { "state", ":", "valid" },
	{ "state", ":", "unknown" }, { "state", ":", "key" }, { "state", ":", "none" },
	{ "exp", "<", "30d" }, { "exp", ">=", "2027-01-15" }, { "exp", ">", "90d" },
	{ "exp", "<=", "1" }, { "life", ">", "66%" }, { "life", "<=", "100" },
	{ "mark", "", "weak-key" }, { "mark", "", "unknown-issuer" }, { "mark", "", "key" },
	{ "mark", "", "drift" }, { "mark", "", "not-yet" }, { "mark", "", "self-signed" }, { "mark", "", "ca" },
};
/* clang-format on */

static void write_part(GString *out, const struct part *p, bool negated)
{
	const char *quote = strchr(p->value, ' ') ? "\"" : "";

	g_string_append_printf(out, "%s%s%s%s%s%s%s", out->len ? " " : "", negated ? "!" : "",
			       strcmp(p->key, "mark") == 0 ? "" : p->key, p->op, quote, p->value,
			       quote);
}

static bool is_set(const uint64_t *bits, uint32_t i)
{
	return bits[i / 64] >> i % 64 & 1;
}

static void check_question(const struct snapshot *s, struct dice *d, uint32_t n)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree uint64_t *bits = g_new0(uint64_t, s->certs->n / 64 + 1);
	g_autofree uint64_t *within = g_new0(uint64_t, s->certs->n / 64 + 1);
	g_autofree uint64_t *inner = g_new0(uint64_t, s->certs->n / 64 + 1);
	const struct part *part[4];
	bool negated[4];
	g_autoptr(query) q = NULL;
	g_autoptr(GError) error = NULL;
	uint32_t count = 0, found;

	for (uint32_t i = 0; i < n; i++) {
		part[i] = &parts[dice_roll(d, G_N_ELEMENTS(parts))];
		negated[i] = !dice_roll(d, 3);
		write_part(text, part[i], negated[i]);
	}
	q = query_parse(text->str, &error);
	g_assert_no_error(error);
	found = query_certs(q, s, COLUMNS_NOW, NULL, bits);
	for (uint32_t cert = 0; cert < s->certs->n; cert++) {
		bool want = true;

		for (uint32_t i = 0; i < n; i++)
			want &= holds(s, cert, part[i]) != negated[i];
		if (want != is_set(bits, cert))
			g_test_message("%s: certificate %u", text->str, cert);
		g_assert_cmpint(is_set(bits, cert), ==, want);
		count += want;
		within[cert / 64] |= (uint64_t)!dice_roll(d, 8) << cert % 64;
	}
	g_assert_cmpuint(found, ==, count);
	query_certs(q, s, COLUMNS_NOW, within, inner);
	for (uint32_t i = 0; i < s->certs->n / 64 + 1; i++)
		g_assert_cmphex(inner[i], ==, within[i] & bits[i]);
}

static void test_certs(void)
{
	for (size_t shape = 0; shape < G_N_ELEMENTS(shapes); shape++) {
		struct intern *words = intern_new();
		struct table **tables = g_new(struct table *, STORES);
		struct snapshot *s = columns_snapshot(words, 5, &shapes[shape], tables);
		struct dice d = { 11 };

		for (int i = 0; i < 400; i++)
			check_question(s, &d, 1 + (uint32_t)i % 4);
		snapshot_unref(s);
		columns_tables_free(tables, STORES);
		intern_free(words);
	}
}

/* A name typed with its own letters finds the one that is kept in A-labels. */
static void test_own_letters(void)
{
	struct intern *words = intern_new();
	struct table_builder *b = table_builder_new("local/a", words);
	struct facts f = { .name = (char *)"www.xn--bcher-kva.example" };
	g_autoptr(table) t = NULL;
	g_autoptr(query) q = query_parse("b\xc3\xbc" "cher.example", NULL);
	struct snapshot *s = snapshot_new(words);
	uint64_t bits;

	table_builder_add(b, &f, "", 0);
	t = table_builder_end(b, 0);
	certs_unref(s->certs);
	s->certs = certs_new(NULL, &t, 1, words);
	g_assert_cmpuint(query_certs(q, s, COLUMNS_NOW, NULL, &bits), ==, 1);
	snapshot_unref(s);
	g_clear_pointer(&t, table_unref);
	intern_free(words);
}

/* ---- the language ---- */

static void test_refuses(void)
{
	static const struct {
		const char *text, *said;
	} all[] = {
		{ "a exp<soon", "column 7: exp needs a span" },
		{ "life>many", "column 6: life needs a share" },
		{ "life>66%%", "column 6: life needs a share" },
		{ "isuer:x", "column 1: there is no key \"isuer\"" },
		{ "\xc3\xbc !foo<3", "column 4: there is no key \"foo\"" },
		{ "exp:30d", "column 4: exp is asked as in exp<30d" },
		{ "store<3", "column 6: store is asked as in store:" },
		{ "\xff", "UTF-8" },
	};
	g_autofree char *long_text = g_strnfill(5000, 'a');
	g_autoptr(GString) many = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(query_parse(all[i].text, &error));
		g_assert_error(error, ERR, ERR_USAGE);
		g_assert_nonnull(strstr(error->message, all[i].said));
	}
	g_assert_null(query_parse(long_text, NULL));
	for (int i = 0; i < 65; i++)
		g_string_append(many, "a ");
	g_assert_null(query_parse(many->str, NULL));
}

static void test_not_yet_a_question(void)
{
	static const char *const all[] = { "", "  ", "!", "store:", "!store:", "exp<", "life>=",
					   "\"\"", "in:\"", "!!" };

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		g_autoptr(query) q = query_parse(all[i], NULL);

		g_assert_nonnull(q);
		g_assert_true(query_is_empty(q));
	}
}

static void test_narrows(void)
{
	static const struct {
		const char *narrow, *wide;
		bool does;
	} all[] = {
		{ "shop", "sho", true },	{ "sho", "shop", false },
		{ "a shop", "a sho", true },	{ "a b", "a", true },
		{ "a", "a b", false },		{ "a", "", true },
		{ "!sho", "!shop", true },	{ "!shop", "!sho", false },
		{ "!a", "a", false },		{ "key", "ke", false },
		{ "weak-key", "weak-key", true },	{ "\"key\"", "ke", true },
		{ "exp<7d", "exp<30d", true },	{ "exp<30d", "exp<7d", false },
		{ "exp<3", "exp<30", true },	{ "exp<2027-01-01", "exp<30d", false },
		{ "exp>30d", "exp>7d", true },	{ "exp>30d", "exp>=30d", false },
		{ "life>80%", "life>66%", true },	{ "store:ab", "store:a", true },
		{ "store:ab", "issuer:a", false },	{ "state:expired", "state:exp", true },
		{ "state:expired", "state:pired", false },
		{ "b\xc3\xbc" "cher", "b\xc3\xbc", false },
		{ "b\xc3\xbc" "cher", "b\xc3\xbc" "cher", true },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		g_autoptr(query) narrow = query_parse(all[i].narrow, NULL);
		g_autoptr(query) wide = query_parse(all[i].wide, NULL);

		if (query_narrows(narrow, wide) != all[i].does)
			g_test_message("%s, %s", all[i].narrow, all[i].wide);
		g_assert_cmpint(query_narrows(narrow, wide), ==, all[i].does);
	}
}

/* Whatever is said to narrow does. */
static void test_narrows_truly(void)
{
	struct intern *words = intern_new();
	struct table **tables = g_new(struct table *, STORES);
	struct snapshot *s = columns_snapshot(words, 9, &shapes[1], tables);
	struct dice d = { 3 };
	g_autofree uint64_t *a = g_new0(uint64_t, s->certs->n / 64 + 1);
	g_autofree uint64_t *b = g_new0(uint64_t, s->certs->n / 64 + 1);
	int claimed = 0;

	for (int i = 0; i < 3000; i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_autoptr(query) narrow = NULL, wide = NULL;

		write_part(text, &parts[dice_roll(&d, G_N_ELEMENTS(parts))], dice_roll(&d, 2));
		write_part(text, &parts[dice_roll(&d, G_N_ELEMENTS(parts))], dice_roll(&d, 2));
		narrow = query_parse(text->str, NULL);
		g_string_truncate(text, dice_roll(&d, (uint32_t)text->len));
		wide = query_parse(text->str, NULL);
		if (!narrow || !wide || !query_narrows(narrow, wide))
			continue;
		claimed++;
		query_certs(narrow, s, COLUMNS_NOW, NULL, a);
		query_certs(wide, s, COLUMNS_NOW, NULL, b);
		for (uint32_t w = 0; w < s->certs->n / 64 + 1; w++)
			g_assert_cmphex(a[w] & ~b[w], ==, 0);
	}
	g_assert_cmpint(claimed, >, 300);
	snapshot_unref(s);
	columns_tables_free(tables, STORES);
	intern_free(words);
}

/* ---- rows of other kinds ---- */

static void row_text(const void *row, enum query_field field, GString *out)
{
	if (field == QUERY_ANY)
		g_string_append(out, row);
	else if (field == QUERY_LABEL)
		g_string_append(out, "Web\nblue");
	else if (field == QUERY_STATE)
		g_string_append(out, "waits for a person");
}

static bool row_number(const void *row, enum query_field field, int64_t *ret)
{
	*ret = field == QUERY_LIFE ? 700 : COLUMNS_NOW + 10 * CLOCK_DAY;
	return field == QUERY_EXPIRES || field == QUERY_LIFE;
}

static void test_rows(void)
{
	static const struct {
		const char *text;
		bool does;
	} all[] = {
		{ "", true },		{ "web1", true },	     { "WEB1 key", true },
		{ "key", true },	{ "weak-key", false },	     { "!weak-key", true },
		{ "label:blue", true }, { "label:WEB", true },	     { "issuer:x", false },
		{ "!issuer:x", true },	{ "state:\"for a\"", true }, { "exp<30d", true },
		{ "exp>30d", false },	{ "life>66%", true },	     { "life>70%", false },
		{ "life>=70%", true },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		g_autoptr(query) q = query_parse(all[i].text, NULL);

		if (query_row(q, "Web1 has a key", row_text, row_number, COLUMNS_NOW) !=
		    all[i].does)
			g_test_message("%s", all[i].text);
		g_assert_cmpint(query_row(q, "Web1 has a key", row_text, row_number,
					  COLUMNS_NOW),
				==, all[i].does);
	}
}

/* ---- completion ---- */

static void test_complete(void)
{
	static const struct {
		const char *text, *first;	/* NULL: nothing to offer */
	} all[] = {
		{ "sto", "store:" },		  { "web sto", "web store:" },
		{ "!weak", "!weak-key" },	  { "in:st", "in:stage" },
		{ "label:prod", "label:Produktion" }, { "in:nope", NULL },
		{ "issuer:\"example issuing ca 29", "issuer:\"Example Issuing CA 29" },
		{ "store:\"folder 0", "store:\"Folder 0\"" }, { "state:expired", NULL },
		{ "exp<3", "exp<30d" },		  { "life>6", "life>66%" },
		{ "key:p", "key:\"EC P-256\"" },  { "zzz", NULL },
	};
	struct intern *words = intern_new();
	struct table **tables = g_new(struct table *, STORES);
	struct snapshot *s = columns_snapshot(words, 2, &shapes[0], tables);

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		g_auto(GStrv) offered = query_complete(all[i].text, s);

		if (all[i].first && offered[0])
			g_assert_true(g_str_has_prefix(offered[0], all[i].first));
		else
			g_assert_true(!all[i].first == !offered[0]);
		for (char **text = offered; *text; text++) {
			g_autoptr(query) q = query_parse(*text, NULL);

			g_assert_nonnull(q);
		}
	}
	snapshot_unref(s);
	columns_tables_free(tables, STORES);
	intern_free(words);
}

static void test_keys(void)
{
	for (const struct query_key *k = query_keys; k->word; k++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(query) q = query_parse(k->example, &error);

		g_assert_no_error(error);
		g_assert_false(query_is_empty(q));
		g_assert_true(g_str_has_prefix(k->example, k->word));
		g_assert_cmpuint(k->kinds, !=, 0);
		g_assert_cmpuint(mark_read(k->word) ? strcmp(k->word, "key") != 0 : 0, ==, 0);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/query/certs", test_certs);
	g_test_add_func("/query/own-letters", test_own_letters);
	g_test_add_func("/query/refuses", test_refuses);
	g_test_add_func("/query/not-yet-a-question", test_not_yet_a_question);
	g_test_add_func("/query/narrows", test_narrows);
	g_test_add_func("/query/narrows-truly", test_narrows_truly);
	g_test_add_func("/query/rows", test_rows);
	g_test_add_func("/query/complete", test_complete);
	g_test_add_func("/query/keys", test_keys);
	return g_test_run();
}
