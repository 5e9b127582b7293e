/* fuzz-secrets: the encrypted file, what is inside it, and what a credential command printed. */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <openssl/err.h>
#include <certty/keyring/keyring_command.h>
#include "keyring/keyring_file_own.h"

#define FEW 100	/* rounds, so that what is tried is the parser */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct keyring_file *f, const GError *error)
{
	struct keyring_file *again;
	size_t len;
	char *json;

	g_assert_true((f == NULL) == (error != NULL));
	if (!f)
		return;
	json = keyring_file_to_json(f, &len);
	again = keyring_file_from_json(json, len, NULL);
	g_assert_true(again || len > KEYRING_FILE_INSIDE);
	g_assert_true(!again || again->entries->len == f->entries->len);
	keyring_file_close(again);
	g_free(json);
	keyring_file_close(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct secret *passphrase;
	g_autoptr(GError) sealed = NULL, inside = NULL, printed = NULL;
	g_autoptr(secret) s = NULL;
	struct keyring_file *f;

	if (!passphrase) {
		secret_heap_open();
		passphrase = secret_new("x", 1);
	}
	f = keyring_file_parse(data, size, passphrase, FEW, &sealed);
	check(f, sealed);
	g_assert_cmpuint(ERR_peek_error(), ==, 0);
	f = keyring_file_from_json((const char *)data, size, &inside);
	check(f, inside);
	s = keyring_command_read((const char *)data, size, "token", &printed);
	g_assert_true((s == NULL) == (printed != NULL));
	return 0;
}
