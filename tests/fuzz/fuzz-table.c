/* fuzz-table: bytes of a saved table are refused, or are a table that can be read throughout. */
#include <string.h>

#include <certty/base/err.h>
#include <certty/model/certs.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at_all(struct table *t, struct intern *words)
{
	g_autoptr(certs) c = certs_new(NULL, &t, 1, words);
	g_autoptr(GString) out = g_string_new(NULL);
	size_t len;

	for (uint32_t cert = 0; cert < c->n; cert++) {
		struct place p = certs_first(c, c->by_name[cert]);
		const char *name = table_name(p.table, p.row, &len);

		g_string_append_len(out, name, (gssize)len);
		certs_id(c, cert, out);
		g_string_append(out, certs_issuer(c, cert));
		g_string_append(out, certs_key(c, cert));
		g_string_append(out, certs_signature(c, cert));
		g_string_append(out, t->aliases + t->alias[p.row]);
	}
	for (size_t i = 0; i < out->len; i++)
		g_assert_true((uint8_t)out->str[i] >= ' ' && out->str[i] != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct intern *words = intern_new();
	g_autoptr(GBytes) bytes = g_bytes_new_static(data, size);
	g_autoptr(GError) error = NULL;
	struct table *t = table_unpack("local/a", bytes, words, NULL, &error);

	if (t)
		look_at_all(t, words);
	else
		g_assert_error(error, ERR, ERR_FORMAT);
	table_unref(t);
	intern_free(words);
	return 0;
}
