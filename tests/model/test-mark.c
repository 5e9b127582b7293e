/* test-mark: every mark has a word of its own. */
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
	g_assert_cmpuint(all, ==, MARK_DISABLED * 2 - 1);
	g_assert_cmpuint(mark_read("sha1"), ==, MARK_SHA1);
	g_assert_cmpuint(mark_read(""), ==, 0);
	g_assert_cmpuint(mark_read("SHA1"), ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mark/words", words);
	return g_test_run();
}
