/* fuzz-crl: PEM to what a list of revoked certificates says of itself: harmless texts, and no error left
 * behind. */
#include <glib.h>
#include <stdint.h>
#include <openssl/err.h>
#include <certty/model/x509.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *text)
{
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p; p++)
		g_assert_true((unsigned char)*p >= ' ' && *p != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *pem = g_strndup((const char *)data, size);
	g_autoptr(GBytes) issuer = g_bytes_new_static(data, size);
	g_autoptr(GError) error = NULL;
	struct x509_crl crl;

	if (x509_crl_read(pem, issuer, &crl, &error)) {
		check(crl.issuer);
		check(crl.number);
		g_assert_cmpuint(g_bytes_get_size(crl.der), >, 0);
		x509_crl_done(&crl);
	} else {
		g_assert_nonnull(error);
	}
	g_assert_cmpuint(ERR_peek_error(), ==, 0);
	return 0;
}
