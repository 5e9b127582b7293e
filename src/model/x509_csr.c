/*
 * x509_csr: a certificate signing request for a key, a subject and names.
 *
 * People write a subject as "CN=www.example.org,O=Example" (a backslash before a comma that
 * belongs to a value) and names as they would say them; which kind a name is, is seen.
 */
#include "x509_own.h"

#include <arpa/inet.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include <certty/base/text.h>

#define SUBJECT_PARTS 32

/* ---- the subject ---- */

/* Splits at commas that no backslash stands before, and takes the backslashes away. */
static GPtrArray *split(const char *subject)
{
	GPtrArray *parts = g_ptr_array_new_with_free_func(g_free);
	GString *part = g_string_new(NULL);

	for (const char *p = subject;; p++) {
		if (*p == '\\' && p[1]) {
			g_string_append_c(part, *++p);
		} else if (*p == ',' || !*p) {
			g_ptr_array_add(parts, g_strstrip(g_string_free(part, FALSE)));
			part = g_string_new(NULL);
			if (!*p)
				break;
		} else {
			g_string_append_c(part, *p);
		}
	}
	g_string_free(part, TRUE);
	return parts;
}

static bool add_part(X509_NAME *name, char *part, GError **error)
{
	char *value = strchr(part, '=');
	g_autofree char *shown = x509_harmless(part, strlen(part), 200);
	g_autofree char *reason = NULL;

	if (!value)
		return x509_fail(error, ERR_USAGE,
				 "\"%s\" in the subject should look like CN=www.example.org",
				 shown);
	*value++ = '\0';
	if (OBJ_txt2nid(g_strstrip(part)) == NID_undef)
		return x509_fail(error, ERR_USAGE,
				 "\"%s\" in the subject begins with a word that is not known",
				 shown);
	if (X509_NAME_add_entry_by_txt(name, part, MBSTRING_UTF8,
				       (const unsigned char *)g_strstrip(value), -1, -1, 0) == 1)
		return true;
	reason = x509_reason();
	return x509_fail(error, ERR_USAGE, "\"%s\" does not fit into a subject: %s", shown,
			 reason);
}

static bool set_subject(X509_REQ *csr, const char *subject, GError **error)
{
	g_autoptr(GPtrArray) parts = split(subject ? subject : "");
	X509_NAME *name = X509_NAME_new();
	bool ok = true;

	if (parts->len > SUBJECT_PARTS)
		ok = x509_fail(error, ERR_LIMIT, "the subject has more than %d parts",
			       SUBJECT_PARTS);
	for (unsigned i = 0; ok && i < parts->len; i++) {
		char *part = g_ptr_array_index(parts, i);

		ok = !*part || add_part(name, part, error);
	}
	if (ok)
		X509_REQ_set_subject_name(csr, name);
	X509_NAME_free(name);
	return ok;
}

/* ---- the names ---- */

static GENERAL_NAME *ascii_name(int type, const char *text)
{
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_IA5STRING *value = ASN1_IA5STRING_new();

	ASN1_STRING_set(value, text, (int)strlen(text));
	GENERAL_NAME_set0_value(name, type, value);
	return name;
}

static GENERAL_NAME *address_name(const uint8_t *address, int len)
{
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();

	ASN1_OCTET_STRING_set(value, address, len);
	GENERAL_NAME_set0_value(name, GEN_IPADD, value);
	return name;
}

static GENERAL_NAME *host_name(const char *text, GError **error)
{
	bool is_wildcard = g_str_has_prefix(text, "*.");
	g_autofree char *ascii = text_idn_ascii(is_wildcard ? text + 2 : text, error);
	g_autofree char *whole = NULL;

	if (!ascii)
		return NULL;
	whole = g_strconcat(is_wildcard ? "*." : "", ascii, NULL);
	return ascii_name(GEN_DNS, whole);
}

static GENERAL_NAME *read_name(const char *text, GError **error)
{
	uint8_t address[16];

	if (inet_pton(AF_INET, text, address) == 1)
		return address_name(address, 4);
	if (inet_pton(AF_INET6, text, address) == 1)
		return address_name(address, 16);
	if (strstr(text, "://"))
		return ascii_name(GEN_URI, text);
	if (strchr(text, '@'))
		return ascii_name(GEN_EMAIL, text);
	return host_name(text, error);
}

static GENERAL_NAMES *read_names(const char *const *names, GError **error)
{
	GENERAL_NAMES *all = GENERAL_NAMES_new();

	for (size_t i = 0; names && names[i]; i++) {
		bool plain = *names[i] && strlen(names[i]) <= FACTS_TEXT;
		GENERAL_NAME *name = plain && i < FACTS_NAMES ? read_name(names[i], error) : NULL;

		if (!plain)
			x509_fail(error, ERR_USAGE, "name %zu is empty or too long", i + 1);
		else if (i >= FACTS_NAMES)
			x509_fail(error, ERR_LIMIT, "more than %d names", FACTS_NAMES);
		if (name) {
			sk_GENERAL_NAME_push(all, name);
			continue;
		}
		GENERAL_NAMES_free(all);
		return NULL;
	}
	return all;
}

static bool set_names(X509_REQ *csr, const char *const *names, GError **error)
{
	GENERAL_NAMES *all = read_names(names, error);
	bool is_critical = X509_NAME_entry_count(X509_REQ_get_subject_name(csr)) == 0;
	STACK_OF(X509_EXTENSION) *extensions = NULL;
	bool ok = all;

	if (ok && sk_GENERAL_NAME_num(all) > 0)
		ok = X509V3_add1_i2d(&extensions, NID_subject_alt_name, all, is_critical,
				     X509V3_ADD_DEFAULT) == 1 &&
		     X509_REQ_add_extensions(csr, extensions) == 1;
	else if (ok && is_critical)
		ok = x509_fail(error, ERR_USAGE,
			       "a request needs a subject or at least one name");
	sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
	GENERAL_NAMES_free(all);
	return ok;
}

/* ---- the whole ---- */

const EVP_MD *x509_digest_for(const EVP_PKEY *key)
{
	int bits = EVP_PKEY_get_bits(key);

	if (EVP_PKEY_is_a(key, "ED25519") || EVP_PKEY_is_a(key, "ED448"))
		return NULL;
	if (!EVP_PKEY_is_a(key, "EC") || bits <= 256)
		return EVP_sha256();
	return bits <= 384 ? EVP_sha384() : EVP_sha512();
}

GBytes *x509_csr_make(const struct x509_key *k, const char *subject, const char *const *names,
		      GError **error)
{
	g_autoptr(X509_REQ) csr = X509_REQ_new();
	unsigned char *der = NULL;
	GBytes *bytes;
	int len;

	X509_REQ_set_version(csr, X509_REQ_VERSION_1);
	if (!set_subject(csr, subject, error) || !set_names(csr, names, error))
		return NULL;
	if (X509_REQ_set_pubkey(csr, k->pkey) != 1 ||
	    X509_REQ_sign(csr, k->pkey, x509_digest_for(k->pkey)) <= 0) {
		g_autofree char *reason = x509_reason();

		x509_fail(error, ERR_FAILED, "the request could not be signed: %s", reason);
		return NULL;
	}
	len = i2d_X509_REQ(csr, &der);
	bytes = g_bytes_new(der, (gsize)len);
	OPENSSL_free(der);
	ERR_clear_error();
	return bytes;
}

/* ---- one that was made ---- */

static X509_REQ *read_csr(GBytes *csr)
{
	gsize len;
	const unsigned char *der = g_bytes_get_data(csr, &len);

	return d2i_X509_REQ(NULL, &der, (long)len);
}

bool x509_csr_fits(GBytes *csr, GBytes *cert)
{
	gsize len;
	const unsigned char *der = g_bytes_get_data(cert, &len);
	g_autoptr(X509_REQ) request = read_csr(csr);
	g_autoptr(X509) x = d2i_X509(NULL, &der, (long)len);
	EVP_PKEY *asked = request ? X509_REQ_get0_pubkey(request) : NULL;
	EVP_PKEY *given = x ? X509_get0_pubkey(x) : NULL;
	bool fits = asked && given && EVP_PKEY_eq(asked, given) == 1;

	ERR_clear_error();
	return fits;
}

char *x509_csr_key(GBytes *csr)
{
	g_autoptr(X509_REQ) request = read_csr(csr);
	unsigned char *der = NULL;
	int len = request ? i2d_X509_PUBKEY(X509_REQ_get_X509_PUBKEY(request), &der) : 0;
	struct x509_spki *spki = len > 0 ? x509_spki_new(der, (size_t)len) : NULL;
	bool is_weak;
	char *words = spki ? x509_key_words(spki, &is_weak) : NULL;

	x509_spki_free(spki);
	OPENSSL_free(der);
	ERR_clear_error();
	return words;
}

char *x509_csr_pem(GBytes *csr)
{
	g_autoptr(X509_REQ) request = read_csr(csr);
	g_autoptr(BIO) out = BIO_new(BIO_s_mem());
	bool ok = request && PEM_write_bio_X509_REQ(out, request) == 1;

	ERR_clear_error();
	return ok ? x509_lines(out) : NULL;
}
