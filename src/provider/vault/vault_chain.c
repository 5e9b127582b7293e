/*
 * vault_chain: the certificates of a CA, in whatever shape an engine tells them.
 */
#include "vault_own.h"

#include <string.h>

#include <certty/model/bundle.h>
#include <certty/model/x509.h>

static void add_certs(GPtrArray *to, const char *pem)
{
	g_autoptr(GPtrArray) items = pem ? x509_scan((const uint8_t *)pem, strlen(pem), NULL, NULL) : NULL;

	for (guint i = 0; items && i < items->len && to->len < BUNDLE_CERTS_MAX; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CERT)
			g_ptr_array_add(to, g_bytes_ref(item->der));
	}
}

/* The only value is one text at times and a list at others, by whatever name. */
GPtrArray *vault_chain_read(const struct json *data)
{
	GPtrArray *certs = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

	for (size_t i = 0; i < json_count(data); i++) {
		const struct json *value = json_at(data, i);

		add_certs(certs, json_text(value));
		for (size_t k = 0; !json_text(value) && k < json_count(value); k++)
			add_certs(certs, json_text(json_at(value, k)));
	}
	return certs;
}
