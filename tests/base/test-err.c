/* Every code has a word of its own and the exit status that people script against. */
#include "certty/base/err.h"

static void words_are_unique(void)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (int code = 0; code < ERR_COUNT; code++) {
		const char *word = err_word(code);

		g_assert_nonnull(word);
		for (const char *p = word; *p; p++)
			g_assert_true(g_ascii_islower(*p) || *p == '-');
		g_assert_true(g_hash_table_add(seen, (gpointer)word));
	}
	g_assert_cmpstr(err_word(ERR_NOT_FOUND), ==, "not-found");
	g_assert_cmpstr(err_word(ERR_COUNT), ==, "failed");
}

static int status(GQuark domain, int code)
{
	g_autoptr(GError) error = g_error_new_literal(domain, code, "x");

	return err_exit_status(error);
}

static void exit_statuses(void)
{
	g_assert_cmpint(err_exit_status(NULL), ==, 0);
	g_assert_cmpint(status(ERR, ERR_FAILED), ==, 1);
	g_assert_cmpint(status(ERR, ERR_USAGE), ==, 2);
	g_assert_cmpint(status(ERR, ERR_PARTLY), ==, 3);
	g_assert_cmpint(status(ERR, ERR_SIGN_IN), ==, 4);
	g_assert_cmpint(status(ERR, ERR_PASSPHRASE), ==, 4);
	g_assert_cmpint(status(ERR, ERR_REFUSED), ==, 5);
	g_assert_cmpint(status(ERR, ERR_PENDING), ==, 6);
	g_assert_cmpint(status(ERR, ERR_CANCELLED), ==, 130);
	g_assert_cmpint(status(ERR, ERR_IO), ==, 1);
	g_assert_cmpint(status(ERR, 999), ==, 1);
	g_assert_cmpint(status(ERR, -1), ==, 1);
	g_assert_cmpint(status(G_FILE_ERROR, ERR_USAGE), ==, 1);
	g_assert_cmpint(status(G_OPTION_ERROR, 0), ==, 2);
	for (int code = 0; code < ERR_COUNT; code++)
		g_assert_cmpint(status(ERR, code), !=, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/err/words-are-unique", words_are_unique);
	g_test_add_func("/base/err/exit-statuses", exit_statuses);
	return g_test_run();
}
