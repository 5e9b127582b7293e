/*
 * Joining, sorting and finding agree with the simplest way to do the same, for estates that
 * chance made; certs made from older ones equal those made afresh.
 */
#include <stdlib.h>
#include <string.h>

#include "columns.h"

#define STORES 12

static const struct columns_shape shapes[] = {
	{ STORES, 40, 1u << 30, 5 },	/* hardly any certificate twice */
	{ STORES, 40, 120, 5 },		/* most in several places */
	{ STORES, 30, 3, 0 },		/* three certificates everywhere */
	{ STORES, 20, 60, 100 },	/* no digest at all */
	{ STORES, 0, 1, 0 },		/* empty stores */
};

struct estate {
	struct intern *words;
	struct table **tables;
	struct snapshot *s;
	const struct certs *c;
};

static struct estate estate_new(uint64_t seed, const struct columns_shape *shape)
{
	struct estate e = { intern_new(), g_new(struct table *, shape->stores), NULL, NULL };

	e.s = columns_snapshot(e.words, seed, shape, e.tables);
	e.c = e.s->certs;
	return e;
}

static void estate_done(struct estate *e)
{
	snapshot_unref(e->s);
	columns_tables_free(e->tables, STORES);
	intern_free(e->words);
}

typedef void estate_fn(const struct estate *e, uint64_t seed);

static void each_estate(estate_fn *check)
{
	for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++)
		for (uint64_t seed = 1; seed <= 4; seed++) {
			struct estate e = estate_new(seed * 31 + i, &shapes[i]);

			check(&e, seed);
			estate_done(&e);
		}
}

/* ---- joining ---- */

static uint64_t print_at(const struct certs *c, uint32_t place)
{
	struct place p = certs_place(c, place);

	return p.table->print[p.row];
}

static void check_join(const struct estate *e, uint64_t seed)
{
	const struct certs *c = e->c;
	g_autofree uint32_t *cert_of = g_new(uint32_t, c->n_places + 1);
	uint32_t n = 0;

	for (uint32_t p = 0; p < c->n_places; p++) {
		cert_of[p] = CERTS_NONE;
		for (uint32_t q = 0; q < p && print_at(c, p); q++)
			if (print_at(c, q) == print_at(c, p))
				cert_of[p] = cert_of[q];
		if (cert_of[p] == CERTS_NONE)
			cert_of[p] = n++;
	}
	g_assert_cmpuint(c->n, ==, n);
	for (uint32_t cert = 0; cert < n; cert++) {
		uint32_t at = c->first[cert], count = 0;

		for (uint32_t p = 0; p < c->n_places; p++) {
			if (cert_of[p] != cert)
				continue;
			g_assert_cmpuint(at, ==, p);
			at = c->next[at];
			count++;
		}
		g_assert_cmpuint(at, ==, CERTS_NONE);
		g_assert_cmpuint(certs_count_places(c, cert), ==, count);
	}
}

static void test_join(void)
{
	each_estate(check_join);
}

static bool has_issuer(const struct certs *c, uint32_t issuer)
{
	for (uint32_t t = 0; t < c->n_tables; t++)
		for (uint32_t row = 0; row < c->table[t]->n; row++)
			if (c->table[t]->subject_hash[row] == issuer &&
			    (c->table[t]->marks[row] & (MARK_CA | MARK_SELF_SIGNED)))
				return true;
	return false;
}

static void check_marks(const struct estate *e, uint64_t seed)
{
	const struct certs *c = e->c;

	for (uint32_t cert = 0; cert < c->n; cert++) {
		struct place first = certs_first(c, cert);
		uint32_t issuer = first.table->issuer_hash[first.row], marks = 0;

		for (uint32_t p = c->first[cert]; p != CERTS_NONE; p = c->next[p])
			marks |= certs_place(c, p).table->marks[certs_place(c, p).row];
		if (!has_issuer(c, issuer))
			marks |= MARK_UNKNOWN_ISSUER;
		g_assert_cmphex(certs_marks(c, cert), ==, marks);
	}
}

static void test_marks(void)
{
	each_estate(check_marks);
}

/* ---- finding ---- */

static void check_find(const struct estate *e, uint64_t seed)
{
	const struct certs *c = e->c;

	for (uint32_t cert = 0; cert < c->n; cert++) {
		struct place p = certs_first(c, cert);
		g_autoptr(GString) id = g_string_new(NULL);
		uint64_t print = p.table->print[p.row];

		certs_id(c, cert, id);
		if (!print) {
			g_assert_cmpuint(certs_find(c, print), ==, CERTS_NONE);
			continue;
		}
		g_assert_cmpuint(certs_find(c, print), ==, cert);
		g_assert_cmpuint(certs_find_id(c, id->str), ==, cert);
		g_assert_cmpuint(id->len, ==, 16);
		g_string_append(id, "00112233445566778899aabbccddeeff0011223344556677");
		g_assert_cmpuint(certs_find_id(c, id->str), ==, cert);
		g_string_truncate(id, 17);
		g_assert_cmpuint(certs_find_id(c, id->str), ==, CERTS_NONE);
	}
}

static void test_find(void)
{
	each_estate(check_find);
}

static void test_find_id_prefix(void)
{
	static const uint8_t prints[][8] = { { 0xab, 0xcd, 0x12 }, { 0xab, 0xcd, 0x13 },
					     { 0xab, 0xce, 0x00, 0, 0, 0, 0, 1 } };
	struct intern *words = intern_new();
	struct table_builder *b = table_builder_new("local/folder:/etc/ssl", words);
	struct facts f = { .has_digest = true, .name = (char *)"x" };
	g_autoptr(table) t = NULL;
	g_autoptr(certs) c = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(prints); i++) {
		memcpy(f.sha256, prints[i], 8);
		table_builder_add(b, &f, i ? "b/c.pem" : "a.pem", 0);
	}
	f.has_digest = false;
	table_builder_add(b, &f, "unread.pem", 0);
	t = table_builder_end(b, 0);
	c = certs_new(NULL, &t, 1, words);
	g_assert_cmpuint(certs_find_id(c, "abcd"), ==, CERTS_NONE);	/* two */
	g_assert_cmpuint(certs_find_id(c, "abcd1"), ==, CERTS_NONE);
	g_assert_cmpuint(certs_find_id(c, "abcd12"), ==, 0);
	g_assert_cmpuint(certs_find_id(c, "ABCD13"), ==, 1);
	g_assert_cmpuint(certs_find_id(c, "abce"), ==, 2);
	g_assert_cmpuint(certs_find_id(c, "abc"), ==, CERTS_NONE);	/* too short */
	g_assert_cmpuint(certs_find_id(c, "0000"), ==, CERTS_NONE);	/* not known is no print */
	g_assert_cmpuint(certs_find_id(c, ""), ==, CERTS_NONE);
	g_assert_cmpuint(certs_find_id(c, "local/folder:/etc/ssl/a.pem"), ==, 0);
	g_assert_cmpuint(certs_find_id(c, "local/folder:/etc/ssl/unread.pem"), ==, 3);
	g_assert_cmpuint(certs_find_id(c, "local/folder:/etc/ssl"), ==, CERTS_NONE);
	g_clear_pointer(&c, certs_unref);
	g_clear_pointer(&t, table_unref);
	intern_free(words);
}

/* ---- order ---- */

struct naive {
	const struct estate *e;
	enum certs_order order;
	bool descending;
};

static const char *text_of(const struct certs *c, uint32_t cert)
{
	struct place p = certs_first(c, cert);

	return p.table->texts + p.table->text[p.row];
}

static int by_names(const struct certs *c, uint32_t a, uint32_t b)
{
	int order = strcmp(text_of(c, a), text_of(c, b));

	return order ? order : (a > b) - (a < b);
}

static int count_tone(const struct estate *e, uint32_t cert, enum tone tone)
{
	uint32_t marks = mark_notable(certs_marks(e->c, cert));
	int n = 0;

	if (certs_not_before(e->c, cert) > COLUMNS_NOW)
		marks |= MARK_NOT_YET;
	for (const struct mark *m = mark_table; m->bit; m++)
		n += m->tone == tone && (marks & m->bit);
	return n;
}

static int compare_folded(const char *a, const char *b)
{
	g_autofree char *x = g_utf8_strdown(a, -1), *y = g_utf8_strdown(b, -1);

	return strcmp(x, y);
}

static const char *where(const struct estate *e, uint32_t cert)
{
	return snapshot_store(e->s, certs_first(e->c, cert).table_number)->title;
}

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

static int compare_marks(const struct estate *e, uint32_t a, uint32_t b)
{
	static const enum tone tones[] = { TONE_BAD, TONE_WARN, TONE_NOTICE };

	for (size_t i = 0; i < G_N_ELEMENTS(tones); i++) {
		int x = count_tone(e, a, tones[i]), y = count_tone(e, b, tones[i]);

		if (x != y)
			return ORDER(x, y);
	}
	return 0;
}

static int compare_by(const struct estate *e, enum certs_order order, uint32_t a, uint32_t b)
{
	const struct certs *c = e->c;

	switch (order) {
	case CERTS_BY_NAME:
		return by_names(c, a, b);
	case CERTS_BY_WHERE:
		return compare_folded(where(e, a), where(e, b));
	case CERTS_BY_ISSUER:
		return compare_folded(certs_issuer(c, a), certs_issuer(c, b));
	case CERTS_BY_KEY:
		return compare_folded(certs_key(c, a), certs_key(c, b));
	case CERTS_BY_SIGNATURE:
		return compare_folded(certs_signature(c, a), certs_signature(c, b));
	case CERTS_BY_EXPIRES:
		return ORDER(certs_not_after(c, a), certs_not_after(c, b));
	case CERTS_BY_ISSUED:
		return ORDER(certs_not_before(c, a), certs_not_before(c, b));
	case CERTS_BY_LIFE:
		return ORDER(certs_life(c, a, COLUMNS_NOW), certs_life(c, b, COLUMNS_NOW));
	case CERTS_BY_PLACES:
		return ORDER(certs_count_places(c, a), certs_count_places(c, b));
	default:
		return compare_marks(e, a, b);
	}
}

static int naive_order(const void *a, const void *b, void *data)
{
	const struct naive *n = data;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int order = compare_by(n->e, n->order, x, y);

	if (order)
		return n->descending ? -order : order;
	return by_names(n->e->c, x, y);
}

static void check_one_order(const struct naive *naive, const uint64_t *bits)
{
	const struct certs *c = naive->e->c;
	g_autofree uint32_t *want = g_new(uint32_t, c->n + 1), *got = g_new(uint32_t, c->n);
	uint32_t n = 0;

	for (uint32_t cert = 0; cert < c->n; cert++)
		if (!bits || (bits[cert / 64] >> cert % 64 & 1))
			want[n++] = cert;
	g_qsort_with_data(want, (int)n, sizeof(want[0]), naive_order, (void *)naive);
	g_assert_cmpuint(certs_sort(c, naive->e->s->kind[KIND_STORES], naive->order,
				    naive->descending, COLUMNS_NOW, bits, got),
			 ==, n);
	g_assert_cmpmem(got, n * sizeof(got[0]), want, n * sizeof(want[0]));
}

static void check_sort(const struct estate *e, uint64_t seed)
{
	struct dice d = { seed };
	g_autofree uint64_t *bits = g_new0(uint64_t, e->c->n / 64 + 1);

	for (uint32_t cert = 0; cert < e->c->n; cert++)
		bits[cert / 64] |= (uint64_t)!dice_roll(&d, 4) << cert % 64;
	for (enum certs_order order = 0; order < CERTS_ORDER_COUNT; order++)
		for (int descending = 0; descending < 2; descending++) {
			struct naive naive = { e, order, descending };

			check_one_order(&naive, NULL);
			check_one_order(&naive, bits);
		}
}

static void test_sort(void)
{
	each_estate(check_sort);
}

/* Names alike for many times eight bytes, empty ones, prefixes of each other, many equal. */
static void test_sort_long_names(void)
{
	struct intern *words = intern_new();
	struct table_builder *b = table_builder_new("local/a", words);
	struct dice d = { 17 };
	struct estate e = { .words = words };
	struct naive naive = { &e, CERTS_BY_NAME, false };
	g_autoptr(table) t = NULL;

	for (int i = 0; i < 3000; i++) {
		g_autofree char *name = g_strnfill(dice_roll(&d, 60), 'a');
		struct facts f = { .name = name };

		if (dice_roll(&d, 3) && *name)
			name[dice_roll(&d, (uint32_t)strlen(name))] = (char)('a' + dice_roll(&d, 3));
		table_builder_add(b, &f, "", 0);
	}
	t = table_builder_end(b, 0);
	e.s = snapshot_new(words);
	certs_unref(e.s->certs);
	e.c = e.s->certs = certs_new(NULL, &t, 1, words);
	check_one_order(&naive, NULL);
	snapshot_unref(e.s);
	g_clear_pointer(&t, table_unref);
	intern_free(words);
}

/* ---- from older ones ---- */

static void assert_same(const struct certs *a, const struct certs *b)
{
	size_t n = a->n * sizeof(uint32_t);

	g_assert_cmpuint(a->n, ==, b->n);
	g_assert_cmpuint(a->n_places, ==, b->n_places);
	g_assert_cmpmem(a->first, n, b->first, n);
	g_assert_cmpmem(a->by_name, n, b->by_name, n);
	g_assert_cmpmem(a->next, a->n_places * 4, b->next, a->n_places * 4);
	g_assert_cmpmem(a->cert_base, (a->n_tables + 1) * 4, b->cert_base,
			(b->n_tables + 1) * 4);
	g_assert_cmpmem(a->again, (a->n_places - a->n) * 4, b->again, (b->n_places - b->n) * 4);
	for (uint32_t cert = 0; cert < a->n; cert++) {
		struct place p = certs_first(a, cert);
		uint64_t print = p.table->print[p.row];

		g_assert_cmpuint(certs_find(a, print), ==, certs_find(b, print));
		g_assert_cmphex(certs_marks(a, cert), ==, certs_marks(b, cert));
	}
}

/* One store read again, gone, new, or nothing changed; sometimes two at once. */
static void change_store(struct estate *e, struct dice *d, struct table **tables, uint32_t *n)
{
	const struct columns_shape *shape = &shapes[dice_roll(d, G_N_ELEMENTS(shapes))];
	uint32_t at = dice_roll(d, *n);

	switch (dice_roll(d, 5)) {
	case 0:
		if (*n < 4)
			break;
		table_unref(tables[at]);
		memmove(tables + at, tables + at + 1, (--*n - at) * sizeof(tables[0]));
		break;
	case 1:
		memmove(tables + at + 1, tables + at, (*n - at) * sizeof(tables[0]));
		tables[at] = columns_table(e->words, "local/new", d, shape, dice_roll(d, 50));
		++*n;
		break;
	case 2:
		break;
	default:
		table_unref(tables[at]);
		tables[at] = columns_table(e->words, "local/again", d, shape, dice_roll(d, 50));
	}
}

static void check_changes(const struct estate *start, uint64_t seed)
{
	struct estate e = *start;
	struct table *tables[64];
	struct dice d = { seed + 1000 };
	uint32_t n = STORES;
	struct certs *now = certs_ref(start->s->certs);

	for (uint32_t t = 0; t < n; t++)
		tables[t] = table_ref(start->tables[t]);
	for (int i = 0; i < 25; i++) {
		struct certs *next;
		g_autoptr(certs) fresh = NULL;

		change_store(&e, &d, tables, &n);
		if (dice_roll(&d, 3) == 0)
			change_store(&e, &d, tables, &n);
		next = certs_new(now, tables, n, e.words);
		fresh = certs_new(NULL, tables, n, e.words);
		assert_same(next, fresh);
		certs_unref(now);
		now = next;
	}
	certs_unref(now);
	for (uint32_t t = 0; t < n; t++)
		table_unref(tables[t]);
}

static void test_changes(void)
{
	each_estate(check_changes);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/certs/join", test_join);
	g_test_add_func("/certs/marks", test_marks);
	g_test_add_func("/certs/find", test_find);
	g_test_add_func("/certs/find-id-prefix", test_find_id_prefix);
	g_test_add_func("/certs/sort", test_sort);
	g_test_add_func("/certs/sort-long-names", test_sort_long_names);
	g_test_add_func("/certs/changes", test_changes);
	return g_test_run();
}
