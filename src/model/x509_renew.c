/*
 * x509_renew: what a successor of a certificate is made of: a request with the same subject and
 * names for a fresh key, the kind of that key, and the profile that it was signed by.
 */
#include "x509_own.h"

#include <string.h>

#include <openssl/err.h>

static X509 *read_cert(GBytes *der)
{
	gsize len;
	const unsigned char *p = g_bytes_get_data(der, &len);

	return len <= X509_CERT_MAX ? d2i_X509(NULL, &p, (long)len) : NULL;
}

bool x509_is_signed_by(GBytes *cert, GBytes *ca)
{
	X509 *x = read_cert(cert), *issuer = read_cert(ca);
	EVP_PKEY *key = issuer ? X509_get0_pubkey(issuer) : NULL;
	bool is_so = x && key && X509_check_issued(issuer, x) == X509_V_OK &&
		     X509_verify(x, key) == 1;

	X509_free(x);
	X509_free(issuer);
	ERR_clear_error();
	return is_so;
}

/* ---- the key ---- */

/* As facts have a key in words, and as a new one is asked for. */
static const struct {
	const char *word, *kind;
} kinds[] = {
	{ "RSA 2048", "rsa-2048" }, { "RSA 3072", "rsa-3072" }, { "RSA 4096", "rsa-4096" },
	{ "EC P-256", "ec-p256" },  { "EC P-384", "ec-p384" },	{ "Ed25519", "ed25519" },
};

const char *x509_renew_kind(const char *key)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (!strcmp(kinds[i].word, key))
			return kinds[i].kind;
	return NULL;
}

/* ---- the profile ---- */

static const struct x509_profile *find_profile(uint32_t purposes)
{
	static const struct {
		uint32_t purposes;
		const char *profile;
	} known[] = {
		{ XKU_SSL_SERVER, "server" },
		{ XKU_SSL_CLIENT, "client" },
		{ XKU_SSL_SERVER | XKU_SSL_CLIENT, "server+client" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		for (const struct x509_profile *p = x509_profiles; p->name; p++)
			if (known[i].purposes == purposes && !strcmp(p->name, known[i].profile))
				return p;
	return NULL;
}

const struct x509_profile *x509_renew_profile(GBytes *cert)
{
	X509 *x = read_cert(cert);
	const struct x509_profile *p =
		x && !X509_check_ca(x) ? find_profile(X509_get_extended_key_usage(x)) : NULL;

	X509_free(x);
	ERR_clear_error();
	return p;
}

/* ---- the request ---- */

/* Subject and names as they stand in the certificate, byte for byte. */
static bool copy(X509_REQ *csr, X509 *x)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	STACK_OF(X509_EXTENSION) *extensions = NULL;
	X509_NAME *subject = X509_get_subject_name(x);
	bool is_critical = X509_NAME_entry_count(subject) == 0;
	bool ok = X509_REQ_set_subject_name(csr, subject) == 1;

	if (ok && sk_GENERAL_NAME_num(names) > 0)
		ok = X509V3_add1_i2d(&extensions, NID_subject_alt_name, names, is_critical,
				     X509V3_ADD_DEFAULT) == 1 &&
		     X509_REQ_add_extensions(csr, extensions) == 1;
	sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
	GENERAL_NAMES_free(names);
	return ok;
}

GBytes *x509_renew_csr(const struct x509_key *k, GBytes *cert, GError **error)
{
	X509 *x = read_cert(cert);
	g_autoptr(X509_REQ) csr = X509_REQ_new();
	unsigned char *der = NULL;
	GBytes *bytes = NULL;
	int len = -1;

	if (x && X509_REQ_set_version(csr, X509_REQ_VERSION_1) == 1 && copy(csr, x) &&
	    X509_REQ_set_pubkey(csr, k->pkey) == 1 &&
	    X509_REQ_sign(csr, k->pkey, x509_digest_for(k->pkey)) > 0)
		len = i2d_X509_REQ(csr, &der);
	if (len > 0) {
		bytes = g_bytes_new(der, (gsize)len);
	} else {
		g_autofree char *reason = x ? x509_reason() : g_strdup("it is not sound");

		x509_fail(error, ERR_FORMAT, "no request can be made of the certificate: %s", reason);
	}
	OPENSSL_free(der);
	X509_free(x);
	ERR_clear_error();
	return bytes;
}
