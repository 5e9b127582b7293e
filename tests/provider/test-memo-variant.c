/*
 * Memos come out of a database in which anything may stand: what is none is as good as none, and of what
 * is one nothing is longer or less harmless than it may be.
 */
#include "provider/memo_variant.h"

#include <string.h>

#define TYPE "(uasaxay)"

struct thing {
	int64_t from, until;
	char *name, *issuer;
};

static const size_t texts_at[] = {
	G_STRUCT_OFFSET(struct thing, name), G_STRUCT_OFFSET(struct thing, issuer),
};
static const size_t numbers_at[] = {
	G_STRUCT_OFFSET(struct thing, until), G_STRUCT_OFFSET(struct thing, from),
};
static const struct memo_variant_members texts = { texts_at, 2 }, numbers = { numbers_at, 2 };
static const uint8_t digest[MEMO_VARIANT_DIGEST] = { 1, 2, 3 };

static GBytes *written(void)
{
	const struct thing t = { .from = -1, .until = INT64_MAX, .name = (char *)"a\033[31mb",
				 .issuer = (char *)"0123456789" };

	return memo_variant_end(g_variant_new("(u@as@ax@ay)", 7, memo_variant_of_members(&t, texts),
					      memo_variant_of_numbers(&t, numbers),
					      memo_variant_of_digest(digest)));
}

static void test_back(void)
{
	g_autoptr(GBytes) memo = written();
	g_autoptr(GVariant) v = memo_variant_open(memo, TYPE, 7);
	struct thing t = { .name = g_strdup("before"), .issuer = NULL };
	g_auto(GStrv) list = g_strsplit("before", " ", -1);
	uint8_t found[MEMO_VARIANT_DIGEST];

	g_assert_nonnull(v);
	g_assert_true(memo_variant_take_members(&t, texts, v, 1, 8));
	g_assert_true(memo_variant_take_numbers(&t, numbers, v, 2));
	g_assert_true(memo_variant_take_digest(found, v, 3));
	g_assert_null(strchr(t.name, '\033'));
	g_assert_cmpstr(t.issuer, ==, "01234567…");
	g_assert_cmpint(t.from, ==, -1);
	g_assert_cmpint(t.until, ==, INT64_MAX);
	g_assert_cmpmem(found, sizeof(found), digest, sizeof(digest));
	memo_variant_take_texts(&list, v, 1, 1, 100);
	g_assert_cmpuint(g_strv_length(list), ==, 1);
	g_free(t.name);
	g_free(t.issuer);
}

/* Another version's, none, one of another type, and one that ends too early. */
static void test_none(void)
{
	g_autoptr(GBytes) memo = written(), empty = g_bytes_new_static("", 0);
	g_autoptr(GBytes) garbage = g_bytes_new_static("\xff\xff\xff\xff\xff\xff\xff", 7);

	g_assert_null(memo_variant_open(NULL, TYPE, 7));
	g_assert_null(memo_variant_open(empty, TYPE, 7));
	g_assert_null(memo_variant_open(garbage, TYPE, 7));
	g_assert_null(memo_variant_open(memo, TYPE, 8));
	g_assert_null(memo_variant_open(memo, "(ua(sx))", 7));
	for (gsize n = 0; n < g_bytes_get_size(memo); n++) {
		g_autoptr(GBytes) part = g_bytes_new_from_bytes(memo, 0, n);

		g_assert_null(memo_variant_open(part, TYPE, 7));
	}
}

/* Of a form that others had: nothing is taken. */
static void test_counts(void)
{
	const struct thing one = { .from = 1, .name = (char *)"x" };
	struct thing t = { .from = 5, .name = NULL };
	g_autoptr(GVariant) v = g_variant_ref_sink(g_variant_new(
		"(@as@ax@ay)", memo_variant_of_members(&one, (struct memo_variant_members){ texts_at, 1 }),
		memo_variant_of_numbers(&one, (struct memo_variant_members){ numbers_at, 1 }),
		g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, digest, 31, 1)));
	uint8_t found[MEMO_VARIANT_DIGEST] = { 9 };

	g_assert_false(memo_variant_take_members(&t, texts, v, 0, 100));
	g_assert_false(memo_variant_take_numbers(&t, numbers, v, 1));
	g_assert_false(memo_variant_take_digest(found, v, 2));
	g_assert_null(t.name);
	g_assert_cmpint(t.from, ==, 5);
	g_assert_cmpint(found[0], ==, 9);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/provider/memo-variant/back", test_back);
	g_test_add_func("/provider/memo-variant/none", test_none);
	g_test_add_func("/provider/memo-variant/counts", test_counts);
	return g_test_run();
}
