/* fuzz-token-helper: a configuration of the vault command names a program by its absolute path,
 * or none, or is refused with a sentence. */
#include <string.h>
#include <provider/vault/vault_own.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) words = vault_helper_read((const char *)data, size, &error);

	g_assert_true(!words || !error);
	if (words) {
		g_assert_true(g_path_is_absolute(words[0]));
		/* the word is there, or what is found was made up */
		g_assert_nonnull(g_strstr_len((const char *)data, (gssize)size, "token_helper"));
		for (char **word = words; *word; word++)
			g_assert_true(g_utf8_validate(*word, -1, NULL));
	}
	g_assert_true(!error || g_utf8_validate(error->message, -1, NULL));
	return 0;
}
