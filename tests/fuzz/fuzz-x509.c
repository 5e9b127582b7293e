/* fuzz-x509: from the bytes of a file to the rows and details of certificates. */
#include <glib.h>
#include <stdint.h>
#include <certty/model/x509.h>

#define NOW 1790000000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct x509_item *item)
{
	gsize len = 0;
	const uint8_t *der = item->der ? g_bytes_get_data(item->der, &len) : NULL;
	struct facts facts = { 0 };

	if (item->kind == X509_ITEM_CERT && x509_facts(der, len, &facts, NULL)) {
		struct detail *d = x509_describe(item->der, NULL, 0, NULL, NOW, NULL);
		g_autofree char *pem = x509_pem(der, len);

		g_assert_nonnull(pem);
		if (d)
			detail_unref(d);
		facts_done(&facts);
	} else if (item->kind == X509_ITEM_CSR) {
		g_auto(GStrv) names = NULL;
		g_autofree char *oddities = NULL;
		struct detail *d = x509_csr_describe(item->der, &names, &oddities, NULL);

		if (d)
			detail_unref(d);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) items = NULL;

	if (!size)
		return 0;
	items = x509_scan(data, size, NULL, &error);
	if (!items) {
		g_assert_nonnull(error);
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
		return 0;
	}
	for (guint i = 0; i < items->len; i++)
		look(items->pdata[i]);
	return 0;
}
