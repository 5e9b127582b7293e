/* fuzz-vault-pgp: a file that should be a PGP public key gives base64, or a sentence. */
#include <string.h>
#include <provider/vault/vault_own.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *key = vault_pgp_read(data, size, &error);

	g_assert_true((key != NULL) == (error == NULL));
	for (const char *c = key; c && *c; c++)
		g_assert_true(g_ascii_isalnum(*c) || strchr("+/=", *c));
	return 0;
}
