/*
 * x509_write: PKCS#12 and PKCS#7 for other programs to read.
 */
#include "x509_own.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>

/* Of the key and of the MAC: more than the 2,048 of OpenSSL's tool, and still openable on a
 * small machine. */
#define ROUNDS 100000

static X509 *decode(GBytes *der)
{
	gsize len;
	const unsigned char *p = g_bytes_get_data(der, &len);

	return len <= X509_CERT_MAX ? d2i_X509(NULL, &p, (long)len) : NULL;
}

static STACK_OF(X509) *decode_all(GBytes *const *certs, size_t n, GError **error)
{
	STACK_OF(X509) *all = sk_X509_new_null();

	for (size_t i = 0; i < n; i++) {
		X509 *cert = decode(certs[i]);

		if (cert && sk_X509_push(all, cert) > 0)
			continue;
		X509_free(cert);
		sk_X509_pop_free(all, X509_free);
		x509_fail(error, ERR_FORMAT, "certificate %zu of %zu is not sound", i + 1, n);
		return NULL;
	}
	return all;
}

static GBytes *bytes_of(unsigned char *der, int len, const char *what, GError **error)
{
	g_autofree char *reason = NULL;
	GBytes *bytes;

	if (len > 0) {
		bytes = g_bytes_new(der, (gsize)len);
		OPENSSL_free(der);
		return bytes;
	}
	reason = x509_reason();
	x509_fail(error, ERR_FAILED, "the %s could not be made: %s", what, reason);
	return NULL;
}

GBytes *x509_pkcs12(const char *alias, GBytes *cert, GBytes *const *chain, size_t n,
		    const struct x509_key *key, const struct secret *passphrase, GError **error)
{
	g_autoptr(X509) own = decode(cert);
	STACK_OF(X509) *others;
	PKCS12 *p12;
	unsigned char *der = NULL;
	int len;

	if (!own) {
		x509_fail(error, ERR_FORMAT, "the certificate is not sound");
		return NULL;
	}
	if (key && X509_check_private_key(own, key->pkey) != 1) {
		x509_fail(error, ERR_USAGE, "the key does not belong to the certificate");
		return NULL;
	}
	others = decode_all(chain, n, error);
	if (!others)
		return NULL;
	p12 = PKCS12_create_ex(passphrase ? passphrase->bytes : "", alias,
			       key ? key->pkey : NULL, own, others, NID_aes_256_cbc,
			       NID_aes_256_cbc, ROUNDS, ROUNDS, 0, NULL, NULL);
	len = p12 ? i2d_PKCS12(p12, &der) : -1;
	PKCS12_free(p12);
	sk_X509_pop_free(others, X509_free);
	return bytes_of(der, len, "PKCS#12 file", error);
}

GBytes *x509_pkcs7(GBytes *const *certs, size_t n, GError **error)
{
	STACK_OF(X509) *all = decode_all(certs, n, error);
	PKCS7 *p7;
	unsigned char *der = NULL;
	int len = -1;

	if (!all)
		return NULL;
	p7 = PKCS7_new();
	if (p7 && PKCS7_set_type(p7, NID_pkcs7_signed) && PKCS7_content_new(p7, NID_pkcs7_data)) {
		PKCS7_set_detached(p7, 1);
		for (int i = 0; i < sk_X509_num(all); i++)
			PKCS7_add_certificate(p7, sk_X509_value(all, i));
		len = i2d_PKCS7(p7, &der);
	}
	PKCS7_free(p7);
	sk_X509_pop_free(all, X509_free);
	return bytes_of(der, len, "PKCS#7 file", error);
}
