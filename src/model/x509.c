/*
 * x509: the facts of one certificate, as fast as they can be had.
 *
 * A folder may hold 100,000 certificates, so nothing is decoded here that a list does not
 * show: no key, no signature, four extensions.  Whatever can be read although something
 * else in the certificate is unsound is read, and MARK_BAD says so.
 */
#include "x509_own.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include <certty/model/mark.h>
#include <certty/model/rule.h>

#define DAY (24 * 60 * 60)

/* What the extensions tell, gathered in one pass over them. */
struct said {
	GENERAL_NAMES *sans;
	ASN1_OCTET_STRING *own_key;
	AUTHORITY_KEYID *issuer_key;
	bool has_sans, has_constraints, is_ca, is_server, is_unsound;
};

typedef void read_fn(struct said *said, const unsigned char *p, long len);
static read_fn constraints, sans, usages, own_key, issuer_key;

static const struct {
	int nid;
	read_fn *read;
} extensions[] = {
	{ NID_basic_constraints, constraints },
	{ NID_subject_alt_name, sans },
	{ NID_ext_key_usage, usages },
	{ NID_subject_key_identifier, own_key },
	{ NID_authority_key_identifier, issuer_key },
};

static void constraints(struct said *said, const unsigned char *p, long len)
{
	BASIC_CONSTRAINTS *bc = d2i_BASIC_CONSTRAINTS(NULL, &p, len);

	said->has_constraints = true;
	said->is_unsound |= !bc;
	said->is_ca = bc && bc->ca;
	BASIC_CONSTRAINTS_free(bc);
}

static void sans(struct said *said, const unsigned char *p, long len)
{
	said->has_sans = true;
	if (!said->sans)
		said->sans = d2i_GENERAL_NAMES(NULL, &p, len);
	said->is_unsound |= !said->sans;
}

static void usages(struct said *said, const unsigned char *p, long len)
{
	EXTENDED_KEY_USAGE *eku = d2i_EXTENDED_KEY_USAGE(NULL, &p, len);

	said->is_unsound |= !eku;
	for (int i = 0; i < sk_ASN1_OBJECT_num(eku); i++)
		said->is_server |= OBJ_obj2nid(sk_ASN1_OBJECT_value(eku, i)) ==
				   NID_server_auth;
	EXTENDED_KEY_USAGE_free(eku);
}

static void own_key(struct said *said, const unsigned char *p, long len)
{
	if (!said->own_key)
		said->own_key = d2i_ASN1_OCTET_STRING(NULL, &p, len);
	said->is_unsound |= !said->own_key;
}

static void issuer_key(struct said *said, const unsigned char *p, long len)
{
	if (!said->issuer_key)
		said->issuer_key = d2i_AUTHORITY_KEYID(NULL, &p, len);
	said->is_unsound |= !said->issuer_key;
}

static void read_extensions(const struct x509_body *body, struct said *said)
{
	uint32_t seen = 0;

	for (int i = 0; i < sk_X509_EXTENSION_num(body->extensions); i++) {
		X509_EXTENSION *e = sk_X509_EXTENSION_value(body->extensions, i);
		const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(e);
		int nid = OBJ_obj2nid(X509_EXTENSION_get_object(e));

		for (size_t k = 0; k < G_N_ELEMENTS(extensions); k++) {
			if (extensions[k].nid != nid)
				continue;
			said->is_unsound |= (seen & 1u << k) != 0;
			seen |= 1u << k;
			extensions[k].read(said, ASN1_STRING_get0_data(value),
					   ASN1_STRING_length(value));
		}
	}
}

static void said_done(struct said *said)
{
	GENERAL_NAMES_free(said->sans);
	ASN1_OCTET_STRING_free(said->own_key);
	AUTHORITY_KEYID_free(said->issuer_key);
}

/* Without a look at the signature: the names agree, and so do the key identifiers if both
 * are there. */
static bool is_self_signed(const struct said *said, bool same_names)
{
	const ASN1_OCTET_STRING *of_issuer = said->issuer_key ? said->issuer_key->keyid : NULL;

	return same_names && (!of_issuer || !said->own_key ||
			      ASN1_OCTET_STRING_cmp(of_issuer, said->own_key) == 0);
}

/* ---- names ---- */

static char *first_dns(const struct said *said)
{
	bool odd;

	for (int i = 0; i < sk_GENERAL_NAME_num(said->sans); i++) {
		const GENERAL_NAME *n = sk_GENERAL_NAME_value(said->sans, i);

		if (n->type == GEN_DNS && n->d.dNSName->length > 0)
			return x509_general_name(n, &odd);
	}
	return NULL;
}

static char *any_name(const struct said *said, const struct x509_body *body)
{
	g_autofree char *serial = NULL;
	char *name = x509_shape_name(body->subject);
	bool odd;

	if (*name)
		return name;
	g_free(name);
	if (sk_GENERAL_NAME_num(said->sans) > 0)
		return x509_general_name(sk_GENERAL_NAME_value(said->sans, 0), &odd);
	serial = x509_serial(body->serial);
	return g_strconcat("(no name, serial ", serial, ")", NULL);
}

static bool add_names(const struct said *said, struct facts *f)
{
	int n = sk_GENERAL_NAME_num(said->sans);
	int kept = 0;
	bool odd = false;

	f->names = g_new0(char *, (gsize)CLAMP(n, 0, FACTS_NAMES) + 1);
	for (int i = 0; i < n; i++) {
		char *name;

		if (kept == FACTS_NAMES) {
			f->n_names += (uint32_t)(n - i);
			break;
		}
		name = x509_general_name(sk_GENERAL_NAME_value(said->sans, i), &odd);
		if (g_str_has_prefix(name, "*."))
			f->marks |= MARK_WILDCARD;
		if (strcmp(name, f->name) == 0) {
			g_free(name);
			continue;
		}
		f->names[kept++] = name;
		f->n_names++;
	}
	return !odd;
}

static char *issuer_name(const OPENSSL_STACK *issuer)
{
	char *name = x509_shape_entry(issuer, NID_commonName);

	if (!name)
		name = x509_shape_entry(issuer, NID_organizationName);
	return name ? name : x509_shape_name(issuer);
}

/* ---- judgements ---- */

static uint32_t judge(const struct said *said, const struct facts *f, bool is_first_version)
{
	int64_t life = f->not_after - f->not_before + 1;	/* both ends count */
	bool is_self = f->marks & MARK_SELF_SIGNED;
	uint32_t marks = 0;

	if (said->is_ca || (is_first_version && !said->has_constraints && is_self))
		return MARK_CA;
	marks |= MARK_LEAF;
	if (said->is_server && !is_self &&
	    life > (int64_t)rule_longest_validity(f->not_before) * DAY)
		marks |= MARK_TOO_LONG;
	if (!said->has_sans)
		marks |= MARK_NO_NAMES;
	return marks;
}

static void fill(const struct x509_shape *s, const struct said *said, struct facts *f)
{
	const struct x509_body *b = s->body;
	bool weak_key, weak_signature, sound = !said->is_unsound;
	uint64_t subject = x509_shape_hash_name(b->subject, &sound);
	uint64_t issuer = x509_shape_hash_name(b->issuer, &sound);

	f->subject_hash = (uint32_t)(subject ^ subject >> 32);
	f->issuer_hash = (uint32_t)(issuer ^ issuer >> 32);
	f->key_hash = x509_spki_hash(b->spki);
	f->key = x509_key_words(b->spki, &weak_key);
	f->signature = x509_signature_words(s->signature_algorithm, &weak_signature);
	f->serial = x509_serial(b->serial);
	f->issuer = issuer_name(b->issuer);
	f->name = first_dns(said);
	if (!f->name)
		f->name = x509_shape_entry(b->subject, NID_commonName);
	if (!f->name)
		f->name = any_name(said, b);
	if (g_str_has_prefix(f->name, "*."))
		f->marks |= MARK_WILDCARD;
	sound &= add_names(said, f);
	sound &= x509_time(b->validity->notBefore, &f->not_before);
	sound &= x509_time(b->validity->notAfter, &f->not_after);
	sound &= f->not_before <= f->not_after;
	if (is_self_signed(said, subject == issuer))
		f->marks |= MARK_SELF_SIGNED;
	if (weak_key)
		f->marks |= MARK_WEAK_KEY;
	if (weak_signature && !(f->marks & MARK_SELF_SIGNED))
		f->marks |= MARK_SHA1;
	if (!sound)
		f->marks |= MARK_BAD;
	f->marks |= judge(said, f, !b->version);
}

bool x509_facts(const uint8_t *der, size_t len, struct facts *ret, GError **error)
{
	struct x509_shape *s;
	struct said said = { 0 };
	size_t used = 0;

	if (len > X509_CERT_MAX)
		return x509_fail(error, ERR_LIMIT,
				 "a certificate of %zu bytes is larger than the %u that are read",
				 len, X509_CERT_MAX);
	s = x509_shape_new(der, len, &used);
	if (!s)
		return x509_fail(error, ERR_FORMAT, "these %zu bytes are not a certificate", len);
	if (used != len) {
		x509_shape_free(s);
		return x509_fail(error, ERR_FORMAT, "%zu bytes follow the certificate's end",
				 len - used);
	}
	memset(ret, 0, sizeof *ret);
	EVP_Digest(der, len, ret->sha256, NULL, x509_sha256(), NULL);
	ret->has_digest = true;
	read_extensions(s->body, &said);
	fill(s, &said, ret);
	said_done(&said);
	x509_shape_free(s);
	ERR_clear_error();
	return true;
}

/* What is not said is 1, and 3 is written as 2. */
int x509_version(const uint8_t *der, size_t len)
{
	struct x509_shape *s = x509_shape_new(der, len, NULL);
	int64_t version = 0;

	if (!s)
		return 0;
	if (s->body->version && !ASN1_INTEGER_get_int64(&version, s->body->version))
		version = -1;
	x509_shape_free(s);
	ERR_clear_error();
	return version >= 0 && version <= 2 ? (int)version + 1 : 0;
}

struct x509_cert {
	X509 *cert;
};

struct x509_cert *x509_cert_new(const uint8_t *der, size_t len)
{
	const unsigned char *p = der;
	X509 *cert = len <= X509_CERT_MAX ? d2i_X509(NULL, &p, (long)len) : NULL;
	struct x509_cert *c = cert ? g_new0(struct x509_cert, 1) : NULL;

	ERR_clear_error();
	if (c)
		c->cert = cert;
	return c;
}

void x509_cert_free(struct x509_cert *c)
{
	if (!c)
		return;
	X509_free(c->cert);
	g_free(c);
}

bool x509_covers(const struct x509_cert *c, const char *host)
{
	unsigned flags = X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
	bool is = *host && (X509_check_host(c->cert, host, strlen(host), flags, NULL) == 1 ||
			    X509_check_ip_asc(c->cert, host, 0) == 1);

	ERR_clear_error();
	return is;
}

char *x509_pem(const uint8_t *der, size_t len)
{
	g_autoptr(BIO) out = BIO_new(BIO_s_mem());
	char *text;
	long n;

	PEM_write_bio(out, PEM_STRING_X509, "", der, (long)len);
	n = BIO_get_mem_data(out, &text);
	return g_strndup(text, (gsize)n);
}
