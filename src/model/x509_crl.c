/*
 * x509_crl: what a list of revoked certificates says of itself: whose it is, its number and dates, how many
 * are in it, and whether that issuer has signed it.
 */
#include "x509_own.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_CRL, X509_CRL_free)

void x509_crl_done(struct x509_crl *crl)
{
	g_free(crl->issuer);
	g_free(crl->number);
	g_clear_pointer(&crl->der, g_bytes_unref);
}

static X509_CRL *read_pem(const char *pem)
{
	size_t len = strlen(pem);
	g_autoptr(BIO) in = len <= X509_FILE_MAX ? BIO_new_mem_buf(pem, (int)len) : NULL;

	return in ? PEM_read_bio_X509_CRL(in, NULL, NULL, NULL) : NULL;
}

/* "" where it has none: one of the first version. */
static char *number_of(const X509_CRL *crl)
{
	ASN1_INTEGER *n = X509_CRL_get_ext_d2i(crl, NID_crl_number, NULL, NULL);
	char *text = n ? i2s_ASN1_INTEGER(NULL, n) : NULL;
	char *ret = x509_harmless(text ? text : "", text ? strlen(text) : 0, 60);

	OPENSSL_free(text);
	ASN1_INTEGER_free(n);
	return ret;
}

static bool is_signed_by(X509_CRL *crl, GBytes *issuer)
{
	gsize len = 0;
	const unsigned char *p = issuer ? g_bytes_get_data(issuer, &len) : NULL;
	g_autoptr(X509) cert = p ? d2i_X509(NULL, &p, (long)len) : NULL;
	g_autoptr(EVP_PKEY) key = cert ? X509_get_pubkey(cert) : NULL;

	return key && X509_NAME_cmp(X509_get_subject_name(cert), X509_CRL_get_issuer(crl)) == 0 &&
	       X509_CRL_verify(crl, key) == 1;
}

static GBytes *der_of(X509_CRL *crl)
{
	unsigned char *der = NULL;
	int len = i2d_X509_CRL(crl, &der);
	GBytes *ret = len > 0 ? g_bytes_new(der, (gsize)len) : NULL;

	OPENSSL_free(der);
	return ret;
}

bool x509_crl_read(const char *pem, GBytes *issuer, struct x509_crl *ret, GError **error)
{
	g_autoptr(X509_CRL) crl = read_pem(pem);
	GBytes *der = crl ? der_of(crl) : NULL;
	const ASN1_TIME *next = crl ? X509_CRL_get0_nextUpdate(crl) : NULL;
	int n = crl ? sk_X509_REVOKED_num(X509_CRL_get_REVOKED(crl)) : 0;

	if (!der) {
		ERR_clear_error();
		return x509_fail(error, ERR_FORMAT, "that is no list of revoked certificates");
	}
	memset(ret, 0, sizeof(*ret));
	ret->der = der;
	ret->issuer = x509_name_entry(X509_CRL_get_issuer(crl), NID_commonName);
	if (!ret->issuer)
		ret->issuer = x509_name_line(X509_CRL_get_issuer(crl));
	ret->number = number_of(crl);
	x509_time(X509_CRL_get0_lastUpdate(crl), &ret->this_update);
	if (next)
		x509_time(next, &ret->next_update);
	ret->entries = n > 0 ? (size_t)n : 0;
	ret->is_signed = is_signed_by(crl, issuer);
	ERR_clear_error();
	return true;
}
