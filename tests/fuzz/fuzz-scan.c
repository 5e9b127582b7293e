/* fuzz-scan: the bytes of a file in any format, without and with a passphrase. */
#include <glib.h>
#include <stdint.h>
#include <openssl/err.h>
#include <certty/model/x509.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const uint8_t *data, size_t size, const struct secret *passphrase)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) items = x509_scan(data, size, passphrase, &error);

	g_assert_true((items == NULL) == (error != NULL));
	g_assert_true(!items || !items->len || x509_could_be(data, size));
	for (unsigned i = 0; items && i < items->len; i++) {
		const struct x509_item *item = g_ptr_array_index(items, i);

		g_assert_true((item->kind == X509_ITEM_BAD) == (item->trouble != NULL));
		g_assert_true((item->kind == X509_ITEM_CERT || item->kind == X509_ITEM_CSR) ==
			      (item->der != NULL));
		g_assert_true(!item->alias || g_utf8_validate(item->alias, -1, NULL));
	}
	g_assert_cmpuint(ERR_peek_error(), ==, 0);
}

static void look_first(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	struct facts f = { 0 };
	g_autoptr(GBytes) der = x509_first(text, &f);

	g_assert_true(!der || f.has_digest);
	g_assert_cmpuint(ERR_peek_error(), ==, 0);
	if (der)
		facts_done(&f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct secret *passphrase;

	if (!passphrase)
		passphrase = secret_new("x", 1);
	look(data, size, NULL);
	look(data, size, passphrase);
	look_first(data, size);
	return 0;
}
