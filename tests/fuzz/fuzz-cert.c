/* fuzz-cert: DER to facts and to a description: all texts harmless, no error left behind, and
 * what is called sound is what libcrypto reads too. */
#include <glib.h>
#include <stdint.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <certty/model/mark.h>
#include <certty/model/x509.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *text)
{
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p; p++)
		g_assert_true((unsigned char)*p >= ' ' && *p != 0x7f);
}

static bool is_theirs(const uint8_t *data, size_t size)
{
	const unsigned char *p = data;
	X509 *cert = d2i_X509(NULL, &p, (long)size);

	X509_free(cert);
	ERR_clear_error();
	return cert && p == data + size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) der = g_bytes_new_static(data, size);
	struct facts f;
	struct detail *d;

	if (x509_facts(data, size, &f, NULL)) {
		check(f.name);
		check(f.issuer);
		check(f.key);
		check(f.signature);
		check(f.serial);
		for (char **name = f.names; *name; name++)
			check(*name);
		g_assert_true(f.marks & MARK_BAD || is_theirs(data, size));
		facts_done(&f);
	} else {
		g_assert_false(is_theirs(data, size));
	}
	d = x509_describe(der, &der, 1, NULL, 1790000000, NULL);
	for (size_t i = 0; d && i < d->n; i++)
		check(d->line[i].text);
	detail_unref(d);
	g_assert_cmpuint(ERR_peek_error(), ==, 0);
	return 0;
}
