/*
 * vault_issued: what an engine gives for an order: the certificate, its issuers, and (once, when it
 * made it) the key.
 */
#include "vault_order.h"

#include <string.h>

#include <certty/base/text.h>
#include <certty/model/x509.h>

#define CHAIN_MAX    16
#define PEM_LINE     64
#define WARNINGS_MAX 8

static void add_certs(GPtrArray *to, const char *pem)
{
	g_autoptr(GPtrArray) items = pem ? x509_scan((const uint8_t *)pem, strlen(pem), NULL, NULL) :
					   NULL;

	for (guint i = 0; items && i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CERT && to->len <= CHAIN_MAX)
			g_ptr_array_add(to, g_bytes_ref(item->der));
	}
}

/* Keyfactor's engine has all of a key on one line, which is longer than PEM may have it. */
static struct secret *wrap(const char *pem)
{
	size_t len = strlen(pem), n = 0, column = 0;
	struct secret *s = secret_new(NULL, len + len / PEM_LINE + 1);

	for (const char *c = pem; s && *c; c++) {
		column = *c == '\n' ? 0 : column + 1;
		if (column > PEM_LINE && *c != '-') {
			s->bytes[n++] = '\n';
			column = 1;
		}
		s->bytes[n++] = *c;
	}
	if (s)
		s->bytes[s->len = n] = '\0';
	return s;
}

static struct x509_key *key_of(const struct json *data, GBytes *cert, GError **error)
{
	const char *text = json_str(data, "private_key");
	gsize len;
	const uint8_t *der = g_bytes_get_data(cert, &len);
	g_autoptr(secret) pem = text && *text ? wrap(text) : NULL;
	g_autoptr(x509_key) key = pem ?
		x509_key_read((const uint8_t *)pem->bytes, pem->len, NULL, error) : NULL;

	if (key && !x509_key_fits(key, der, len)) {
		g_set_error(error, ERR, ERR_REPLY, "the key in the answer is not that of the certificate");
		return NULL;
	}
	return g_steal_pointer(&key);
}

struct bundle *vault_issued_read(const struct json *data, GError **error)
{
	const struct json *chain = json_get(data, "ca_chain");
	g_autoptr(GPtrArray) certs = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_autoptr(x509_key) key = NULL;
	GError *why = NULL;

	add_certs(certs, json_str(data, "certificate"));
	if (!certs->len) {
		g_set_error(error, ERR, ERR_REPLY, "the answer has no certificate");
		return NULL;
	}
	g_ptr_array_set_size(certs, 1);
	for (size_t i = 0; i < json_count(chain); i++)
		add_certs(certs, json_text(json_at(chain, i)));
	if (certs->len == 1)
		add_certs(certs, json_str(data, "issuing_ca"));
	key = key_of(data, certs->pdata[0], &why);
	if (why) {
		g_propagate_error(error, why);
		return NULL;
	}
	return bundle_new(certs->pdata[0], (GBytes **)certs->pdata + 1, certs->len - 1,
			  g_steal_pointer(&key), error);
}

char *vault_issued_warnings(const struct json *j)
{
	const struct json *list = json_get(j, "warnings");
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < MIN(json_count(list), WARNINGS_MAX); i++) {
		g_autofree char *text = vault_text(json_text(json_at(list, i)));

		if (*text)
			g_string_append_printf(s, "%s%s", s->len ? "; " : "", text);
	}
	return g_string_free(s, FALSE);
}
