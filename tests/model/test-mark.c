/* test-mark: every mark has a word of its own, and the dated rules change on their day. */
#include <limits.h>
#include <string.h>
#include <glib.h>
#include <certty/model/mark.h>

static void words(void)
{
	uint32_t all = 0;

	for (const struct mark *m = mark_table; m->bit; m++) {
		g_assert_cmpuint(m->bit & (m->bit - 1), ==, 0);
		g_assert_cmpuint(all & m->bit, ==, 0);
		all |= m->bit;
		g_assert_cmpuint(mark_read(m->word), ==, m->bit);
		g_assert_nonnull(m->sentence);
	}
	g_assert_cmpuint(all, ==, MARK_TRUSTED * 2 - 1);
	g_assert_cmpuint(mark_read("sha1"), ==, MARK_SHA1);
	g_assert_cmpuint(mark_read(""), ==, 0);
	g_assert_cmpuint(mark_read("SHA1"), ==, 0);
}

static int64_t day(int y, int m, int d)
{
	g_autoptr(GDateTime) t = g_date_time_new_utc(y, m, d, 0, 0, 0);

	return g_date_time_to_unix(t);
}

static void rules(void)
{
	static const struct {
		int y, m, d, before, since;
	} table[] = {
		{ 2012, 7, 1, INT_MAX, 1827 }, { 2015, 4, 1, 1827, 1188 },
		{ 2018, 3, 1, 1188, 825 },     { 2020, 9, 1, 825, 398 },
		{ 2026, 3, 15, 398, 200 },     { 2027, 3, 15, 200, 100 },
		{ 2029, 3, 15, 100, 47 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		int64_t at = day(table[i].y, table[i].m, table[i].d);

		g_assert_cmpint(mark_longest_validity(at - 1), ==, table[i].before);
		g_assert_cmpint(mark_longest_validity(at), ==, table[i].since);
	}
	g_assert_cmpint(mark_longest_validity(INT64_MIN), ==, INT_MAX);
	g_assert_cmpint(mark_longest_validity(INT64_MAX), ==, 47);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mark/words", words);
	g_test_add_func("/mark/rules", rules);
	return g_test_run();
}
