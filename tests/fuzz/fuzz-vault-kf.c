/* fuzz-vault-kf: any answer of Keyfactor's engine, any metadata that is typed and anything kept of its
 * store gives harmless words, JSON that can be read, and nothing that it hides. */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <provider/vault/vault_kf.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *text)
{
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p; p++)
		g_assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
}

static void try_config(const struct json *data)
{
	struct vault_memo m;
	g_autoptr(GBytes) memo = NULL;
	g_autoptr(detail) d = detail_new("stores/v", "v");

	vault_memo_read(&m, NULL);
	vault_kf_config_keep(m.facts, data);
	for (const struct vault_kf_field *f = vault_kf_fields; f->key; f++) {
		const char *text = vault_kf_config_kept(m.facts, f->key);

		check(text);
		if (f->kind == VAULT_KF_SECRET)
			g_assert_true(!*text || !strcmp(text, VAULT_KF_HIDDEN));
	}
	g_assert_cmpint(vault_kf_config_version(data), <=, VAULT_KF_TIDY);
	vault_kf_show(d, m.facts);
	memo = vault_memo_write(&m);
	vault_memo_done(&m);
}

static void try_chain(const struct json *data)
{
	g_autoptr(GPtrArray) certs = vault_chain_read(data);

	g_assert_cmpuint(certs->len, <=, BUNDLE_CERTS_MAX);
}

static void try_kept(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(detail) d = detail_new("stores/v", "v");
	struct vault_memo m;

	vault_memo_read(&m, bytes);
	vault_kf_show(d, m.facts);
	for (size_t i = 0; i < d->n; i++)
		check(d->line[i].text);
	vault_memo_done(&m);
}

static void try_metadata(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, MIN(size, 4096)), *out = NULL;

	if (!g_utf8_validate(text, -1, NULL))
		return;
	out = vault_kf_metadata(text);
	g_assert_true(!*out || *out == '{');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(json) j = json_parse(data, size, EXCHANGE_BODY_MAX, NULL);
	g_autofree char *words = g_strndup((const char *)data, MIN(size, 4096));

	vault_kf_fault_find(words);
	try_config(json_get(j, "data"));
	try_chain(json_get(j, "data"));
	try_kept(data, size);
	try_metadata(data, size);
	return 0;
}
