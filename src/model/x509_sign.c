/*
 * x509_sign: a certificate out of a request, by a CA whose key is here.
 *
 * The request gives subject, key and names, nothing else: what the certificate may be used
 * for comes from the profile alone.
 */
#include "x509_own.h"

#include <string.h>

#include <openssl/err.h>

#define SERIAL_BITS 159		/* positive in 20 bytes, more random than anybody asks */

/* clang-format off */
const struct x509_profile x509_profiles[] = {
	{ "server", "a server that clients connect to by name",
	  "critical,digitalSignature,keyEncipherment", "serverAuth", false },
	{ "client", "a client or person that shows who it is",
	  "critical,digitalSignature", "clientAuth", false },
	{ "server+client", "a server that also connects to others as a client",
	  "critical,digitalSignature,keyEncipherment", "serverAuth,clientAuth", false },
	{ "sub-ca", "a CA below this one, which may sign for end entities only",
	  "critical,keyCertSign,cRLSign", NULL, true },
	{ NULL, NULL, NULL, NULL, false },
};
/* clang-format on */

struct signing {
	X509_REQ *csr;
	X509 *ca;		/* NULL: the certificate signs itself */
	EVP_PKEY *ca_key;
	const struct x509_profile *profile;
	int64_t not_before, not_after;
	X509 *cert;
};

/* ---- may it be signed ---- */

static bool check_csr(const struct signing *s, GError **error)
{
	EVP_PKEY *key = X509_REQ_get0_pubkey(s->csr);

	if (!key)
		return x509_fail(error, ERR_FORMAT, "the request's key cannot be read");
	if (X509_REQ_verify(s->csr, key) != 1)
		return x509_fail(error, ERR_FORMAT,
				 "the request is not signed by its own key: whoever sent it has "
				 "not shown that the key is theirs");
	return true;
}

static bool check_ca(const struct signing *s, GError **error)
{
	if (!s->ca)
		return EVP_PKEY_eq(X509_REQ_get0_pubkey(s->csr), s->ca_key) == 1 ||
		       x509_fail(error, ERR_USAGE,
				 "only the request's own key can sign it without a CA");
	if (X509_check_private_key(s->ca, s->ca_key) != 1)
		return x509_fail(error, ERR_USAGE,
				 "the CA's key does not belong to the CA's certificate");
	if (X509_check_ca(s->ca) < 1)
		return x509_fail(error, ERR_REFUSED,
				 "the signing certificate is not that of a CA");
	if (!(X509_get_key_usage(s->ca) & KU_KEY_CERT_SIGN))
		return x509_fail(error, ERR_REFUSED,
				 "the CA's certificate does not allow signing certificates");
	if (s->profile->is_ca && X509_get_pathlen(s->ca) == 0)
		return x509_fail(error, ERR_REFUSED,
				 "the CA's certificate allows no CA below it");
	return true;
}

/* Never longer than the CA, never before it. */
static bool set_times(struct signing *s, GError **error)
{
	int64_t first, last;

	if (s->ca) {
		if (!x509_time(X509_get0_notBefore(s->ca), &first) ||
		    !x509_time(X509_get0_notAfter(s->ca), &last))
			return x509_fail(error, ERR_FORMAT, "the CA's dates cannot be read");
		s->not_before = MAX(s->not_before, first);
		s->not_after = MIN(s->not_after, last);
	}
	if (s->not_before >= s->not_after)
		return x509_fail(error, ERR_REFUSED,
				 s->ca ? "nothing is left of the time in which the CA is valid"
				       : "the validity ends before it begins");
	return ASN1_TIME_set(X509_getm_notBefore(s->cert), s->not_before) &&
	       ASN1_TIME_set(X509_getm_notAfter(s->cert), s->not_after);
}

/* ---- what it says ---- */

static bool add(struct signing *s, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *e;
	bool ok;

	X509V3_set_ctx(&ctx, s->ca ? s->ca : s->cert, s->cert, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	ok = e && X509_add_ext(s->cert, e, -1) == 1;
	X509_EXTENSION_free(e);
	return ok;
}

/* The kinds of name that a request may ask for. */
static bool is_wanted(const GENERAL_NAME *name)
{
	return name->type == GEN_DNS || name->type == GEN_IPADD || name->type == GEN_EMAIL ||
	       name->type == GEN_URI;
}

static bool add_names(struct signing *s, GError **error)
{
	STACK_OF(X509_EXTENSION) *asked = X509_REQ_get_extensions(s->csr);
	GENERAL_NAMES *names = X509V3_get_d2i(asked, NID_subject_alt_name, NULL, NULL);
	bool is_nameless = X509_NAME_entry_count(X509_get_subject_name(s->cert)) == 0;
	bool ok = true, odd = false;

	sk_X509_EXTENSION_pop_free(asked, X509_EXTENSION_free);
	for (int i = sk_GENERAL_NAME_num(names) - 1; i >= 0; i--) {
		GENERAL_NAME *n = sk_GENERAL_NAME_value(names, i);

		g_free(x509_general_name(n, &odd));
		if (!is_wanted(n))
			GENERAL_NAME_free(sk_GENERAL_NAME_delete(names, i));
	}
	if (odd)
		ok = x509_fail(error, ERR_REFUSED,
			       "a name in the request is not what it should be");
	else if (sk_GENERAL_NAME_num(names) > 0)
		ok = X509_add1_ext_i2d(s->cert, NID_subject_alt_name, names, is_nameless,
				       X509V3_ADD_DEFAULT) == 1;
	else if (is_nameless)
		ok = x509_fail(error, ERR_REFUSED, "the request has neither subject nor names");
	GENERAL_NAMES_free(names);
	return ok;
}

/* Only an RSA key can encipher another. */
static bool add_usage(struct signing *s)
{
	bool is_rsa = EVP_PKEY_is_a(X509_REQ_get0_pubkey(s->csr), "RSA");
	g_auto(GStrv) parts = g_strsplit(s->profile->key_usage, ",keyEncipherment", 2);
	g_autofree char *rest = g_strjoinv("", parts);

	return add(s, NID_key_usage, is_rsa ? s->profile->key_usage : rest);
}

static bool add_extensions(struct signing *s, GError **error)
{
	const struct x509_profile *p = s->profile;
	bool is_limited = p->is_ca && s->ca;

	return add(s, NID_basic_constraints,
		   is_limited ? "critical,CA:TRUE,pathlen:0"
		   : p->is_ca ? "critical,CA:TRUE"
			      : "critical,CA:FALSE") &&
	       add_usage(s) &&
	       (!p->extended_key_usage || add(s, NID_ext_key_usage, p->extended_key_usage)) &&
	       add(s, NID_subject_key_identifier, "hash") &&
	       (!s->ca || add(s, NID_authority_key_identifier, "keyid,issuer")) &&
	       add_names(s, error);
}

static bool set_serial(X509 *cert)
{
	BIGNUM *n = BN_new();
	bool ok = n && BN_rand(n, SERIAL_BITS, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) &&
		  BN_to_ASN1_INTEGER(n, X509_get_serialNumber(cert));

	BN_free(n);
	return ok;
}

static bool sign(struct signing *s, GError **error)
{
	X509_NAME *subject = X509_REQ_get_subject_name(s->csr);

	return X509_set_version(s->cert, X509_VERSION_3) && set_serial(s->cert) &&
	       X509_set_subject_name(s->cert, subject) &&
	       X509_set_issuer_name(s->cert, s->ca ? X509_get_subject_name(s->ca) : subject) &&
	       X509_set_pubkey(s->cert, X509_REQ_get0_pubkey(s->csr)) &&
	       set_times(s, error) && add_extensions(s, error) &&
	       X509_sign(s->cert, s->ca_key, x509_digest_for(s->ca_key)) > 0;
}

static GBytes *signed_bytes(struct signing *s, GError **error)
{
	g_autoptr(GError) why = NULL;
	unsigned char *der = NULL;
	GBytes *bytes;
	int len = -1;

	if (check_csr(s, error) && check_ca(s, error)) {
		if (sign(s, &why))
			len = i2d_X509(s->cert, &der);
		if (len <= 0 && why) {
			g_propagate_error(error, g_steal_pointer(&why));
		} else if (len <= 0) {
			g_autofree char *reason = x509_reason();

			x509_fail(error, ERR_FAILED, "it could not be signed: %s", reason);
		}
	}
	if (len <= 0)
		return NULL;
	bytes = g_bytes_new(der, (gsize)len);
	OPENSSL_free(der);
	return bytes;
}

GBytes *x509_sign(GBytes *csr, GBytes *ca_cert, const struct x509_key *ca_key,
		  const struct x509_profile *profile, int64_t not_before, int64_t not_after,
		  GError **error)
{
	gsize csr_len, ca_len = 0;
	const unsigned char *p = g_bytes_get_data(csr, &csr_len);
	const unsigned char *q = ca_cert ? g_bytes_get_data(ca_cert, &ca_len) : NULL;
	struct signing s = { .ca_key = ca_key->pkey, .profile = profile,
			     .not_before = not_before, .not_after = not_after };
	GBytes *bytes = NULL;

	s.csr = csr_len <= X509_CERT_MAX ? d2i_X509_REQ(NULL, &p, (long)csr_len) : NULL;
	s.ca = q && ca_len <= X509_CERT_MAX ? d2i_X509(NULL, &q, (long)ca_len) : NULL;
	s.cert = X509_new();
	if (!s.csr)
		x509_fail(error, ERR_FORMAT, "the request is not sound");
	else if (ca_cert && !s.ca)
		x509_fail(error, ERR_FORMAT, "the CA's certificate is not sound");
	else
		bytes = signed_bytes(&s, error);
	X509_REQ_free(s.csr);
	X509_free(s.ca);
	X509_free(s.cert);
	ERR_clear_error();
	return bytes;
}
