/* fuzz-vault-reply: any answer of Vault, and any memo of its stores, gives harmless words and paths. */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <provider/vault/vault_own.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *text)
{
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p; p++)
		g_assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
}

static void try_reply(GBytes *bytes, int status)
{
	struct reply r = { .status = status, .body = bytes };
	g_autofree char *words = vault_words(&r);
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);

	check(words);
	vault_is_dead(&r);
	vault_is_empty(&r);
	vault_kv_has_cert(&r);
	vault_kv_children(&r, "web/", paths);
	for (guint i = 0; i < paths->len; i++) {
		check(paths->pdata[i]);
		g_assert_null(strstr(paths->pdata[i], "web/../"));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) bytes = g_bytes_new(data, size), memo = NULL;
	struct vault_memo m;
	GHashTableIter iter;
	gpointer alias;

	try_reply(bytes, 200);
	try_reply(bytes, 403);
	try_reply(bytes, 404);
	vault_memo_read(&m, bytes);
	g_hash_table_iter_init(&iter, m.revoked);
	while (g_hash_table_iter_next(&iter, &alias, NULL))
		check(alias);
	memo = vault_memo_write(&m);
	vault_memo_done(&m);
	return 0;
}
