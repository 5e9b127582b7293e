/*
 * x509_review: what a person must see of a request before saying yes to it, and everything
 * about it that is out of the ordinary.
 */
#include "x509_own.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#define NAMES_SHOWN 200
#define NAMES_MANY  100

struct review {
	X509_REQ *csr;
	GBytes *der;
	GENERAL_NAMES *sans;
	STACK_OF(X509_EXTENSION) *extensions;
	GPtrArray *names;	/* all of the SAN */
	GPtrArray *usages, *purposes, *unknown;
	char *subject, *cn, *email, *key, *signature;
	bool is_proven, is_odd, weak_key, weak_signature, asks_ca, has_challenge;
	GString *oddities;
};

typedef void look_fn(struct review *r);
static look_fn look_proof, look_key, look_names, look_common_name, look_each_name, look_twice,
	look_subject, look_uses, look_rest;
/* The gravest first. */
static look_fn *const looks[] = { look_proof, look_key, look_uses, look_names,
				  look_common_name, look_each_name, look_twice, look_subject,
				  look_rest };

/* ---- gathering ---- */

static void *extension(const struct review *r, int nid)
{
	return X509V3_get_d2i(r->extensions, nid, NULL, NULL);
}

static void gather_key(struct review *r)
{
	unsigned char *der = NULL;
	int len = i2d_X509_PUBKEY(X509_REQ_get_X509_PUBKEY(r->csr), &der);
	struct x509_spki *spki = len > 0 ? x509_spki_new(der, (size_t)len) : NULL;
	EVP_PKEY *key = X509_REQ_get0_pubkey(r->csr);
	const X509_ALGOR *how;

	r->key = spki ? x509_key_words(spki, &r->weak_key) : g_strdup("unreadable");
	x509_spki_free(spki);
	OPENSSL_free(der);
	X509_REQ_get0_signature(r->csr, NULL, &how);
	r->signature = x509_signature_words(how, &r->weak_signature);
	r->is_proven = key && X509_REQ_verify(r->csr, key) == 1;
}

static void gather_extensions(struct review *r)
{
	ASN1_BIT_STRING *usages;
	EXTENDED_KEY_USAGE *purposes;
	BASIC_CONSTRAINTS *bc;

	r->extensions = X509_REQ_get_extensions(r->csr);
	r->sans = extension(r, NID_subject_alt_name);
	r->names = x509_name_words(r->sans, FACTS_NAMES, &r->is_odd);
	usages = extension(r, NID_key_usage);
	purposes = extension(r, NID_ext_key_usage);
	bc = extension(r, NID_basic_constraints);
	r->usages = x509_usage_words(usages);
	r->purposes = x509_purpose_words(purposes);
	r->unknown = x509_unknown_words(r->extensions);
	r->asks_ca = bc && bc->ca;
	r->has_challenge = X509_REQ_get_attr_by_NID(r->csr, NID_pkcs9_challengePassword, -1) >= 0;
	ASN1_BIT_STRING_free(usages);
	EXTENDED_KEY_USAGE_free(purposes);
	BASIC_CONSTRAINTS_free(bc);
}

static void gather_subject(struct review *r)
{
	const X509_NAME *name = X509_REQ_get_subject_name(r->csr);

	r->subject = x509_name_line(name);
	r->cn = x509_name_entry(name, NID_commonName);
	r->email = x509_name_entry(name, NID_pkcs9_emailAddress);
	for (int i = 0; i < X509_NAME_entry_count(name); i++)
		r->is_odd |= !x509_string_is_sound(
			X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i)));
}

static void review_done(struct review *r)
{
	GENERAL_NAMES_free(r->sans);
	sk_X509_EXTENSION_pop_free(r->extensions, X509_EXTENSION_free);
	g_ptr_array_unref(r->names);
	g_ptr_array_unref(r->usages);
	g_ptr_array_unref(r->purposes);
	g_ptr_array_unref(r->unknown);
	g_free(r->subject);
	g_free(r->cn);
	g_free(r->email);
	g_free(r->key);
	g_free(r->signature);
	X509_REQ_free(r->csr);
}

/* ---- looking ---- */

static void odd(struct review *r, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void odd(struct review *r, const char *format, ...)
{
	va_list args;

	if (r->oddities->len)
		g_string_append_c(r->oddities, '\n');
	va_start(args, format);
	g_string_append_vprintf(r->oddities, format, args);
	va_end(args);
}

static const char *name_at(const struct review *r, unsigned i)
{
	return g_ptr_array_index(r->names, i);
}

static void look_proof(struct review *r)
{
	if (!r->is_proven)
		odd(r, "it is not signed by its own key: whoever sent it has not shown that the "
		       "key is theirs");
}

static void look_key(struct review *r)
{
	if (r->weak_key)
		odd(r, "its key is weak: %s", r->key);
	if (r->weak_signature)
		odd(r, "it is signed with %s, which can be forged", r->signature);
}

/* Asked for, though the profile decides: it tells what whoever asked has in mind. */
static void look_uses(struct review *r)
{
	static const char *const ordinary_usages[] = { "digital signature", "key encipherment",
						       "key agreement", NULL };
	static const char *const ordinary_purposes[] = { "TLS server", "TLS client", NULL };

	if (r->asks_ca)
		odd(r, "it asks to be a CA");
	for (unsigned i = 0; i < r->usages->len; i++)
		if (!g_strv_contains(ordinary_usages, g_ptr_array_index(r->usages, i)))
			odd(r, "it asks for an unusual key usage: %s",
			    (char *)g_ptr_array_index(r->usages, i));
	for (unsigned i = 0; i < r->purposes->len; i++)
		if (!g_strv_contains(ordinary_purposes, g_ptr_array_index(r->purposes, i)))
			odd(r, "it asks for an unusual purpose: %s",
			    (char *)g_ptr_array_index(r->purposes, i));
}

static void look_names(struct review *r)
{
	int n = MAX(sk_GENERAL_NAME_num(r->sans), 0);

	if (!n)
		odd(r, "it has no subject alternative names, which is all that today's clients "
		       "look at");
	if (n > NAMES_MANY)
		odd(r, "it asks for %d names at once", n);
	if (r->is_odd)
		odd(r, "a name in it holds bytes that no name should hold");
}

static void look_common_name(struct review *r)
{
	if (!r->cn || !r->names->len)
		return;
	for (unsigned i = 0; i < r->names->len; i++)
		if (g_ascii_strcasecmp(name_at(r, i), r->cn) == 0)
			return;
	odd(r, "its common name %s is not among its names", r->cn);
}

/* ---- one name ---- */

static bool is_internal(const char *host)
{
	static const char *const ends[] = { ".local", ".internal", ".lan", ".home", ".corp",
					    ".localdomain", ".home.arpa", ".intranet" };

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
		if (g_str_has_suffix(host, ends[i]))
			return true;
	return !strchr(host, '.');
}

static void look_host(struct review *r, const char *name)
{
	g_autofree char *shown = x509_shown(name);
	g_autofree char *host = g_ascii_strdown(g_str_has_prefix(name, "*.") ? name + 2 : name, -1);

	if (name != strstr(name, "*.") && strchr(name, '*'))
		odd(r, "%s has an asterisk where none belongs", name);
	else if (*name == '*')
		odd(r, "%s stands for every host below it", name);
	if (strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-._*") != strlen(host))
		odd(r, "%s holds characters that host names do not have", shown);
	else if (strcmp(host, "localhost") == 0 || g_str_has_suffix(host, ".localhost"))
		odd(r, "%s is each machine's own name", name);
	else if (is_internal(host))
		odd(r, "%s is a name for inside a network only", name);
	if (strcmp(shown, name) != 0)
		odd(r, "%s is an internationalised name: compare it letter by letter", shown);
	else if (strstr(host, "xn--"))
		odd(r, "%s is an internationalised name that mixes alphabets or does not convert",
		    name);
}

static void look_each_name(struct review *r)
{
	for (unsigned i = 0; i < r->names->len && i < NAMES_SHOWN; i++) {
		const GENERAL_NAME *n = sk_GENERAL_NAME_value(r->sans, (int)i);

		if (n->type == GEN_DNS)
			look_host(r, name_at(r, i));
		else if (n->type == GEN_IPADD)
			odd(r, "%s is an address, not a name", name_at(r, i));
		else if (n->type != GEN_EMAIL && n->type != GEN_URI)
			odd(r, "%s is a kind of name that is not signed here", name_at(r, i));
	}
}

static void look_twice(struct review *r)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	unsigned n = 0;

	for (unsigned i = 0; i < r->names->len; i++)
		if (!g_hash_table_add(seen, g_ascii_strdown(name_at(r, i), -1)))
			n++;
	if (n)
		odd(r, n == 1 ? "%u name is there twice" : "%u names are there twice", n);
}

static void look_subject(struct review *r)
{
	if (r->email)
		odd(r, "its subject holds an e-mail address: %s", r->email);
}

static void look_rest(struct review *r)
{
	for (unsigned i = 0; i < r->unknown->len; i++)
		odd(r, "it demands that an unknown extension be understood: %s",
		    (char *)g_ptr_array_index(r->unknown, i));
	if (r->has_challenge)
		odd(r, "it carries a challenge password, which anybody who sees it can read");
}

/* ---- lines ---- */

static void add_words(struct detail *d, const char *label, const GPtrArray *words)
{
	for (unsigned i = 0; i < words->len; i++)
		detail_add(d, TONE_PLAIN, i ? "" : label, "%s",
			   (const char *)g_ptr_array_index(words, i));
}

static void add_names(struct detail *d, const struct review *r)
{
	for (unsigned i = 0; i < r->names->len && i < NAMES_SHOWN; i++) {
		g_autofree char *shown = x509_shown(name_at(r, i));

		detail_add(d, TONE_PLAIN, i ? "" : "Names", "%s", shown);
	}
	if (r->names->len > NAMES_SHOWN)
		detail_add(d, TONE_DIM, "", "and %u more", r->names->len - NAMES_SHOWN);
}

static void add_raw(struct detail *d, const struct review *r)
{
	g_autoptr(BIO) pem = BIO_new(BIO_s_mem());
	g_autoptr(BIO) text = BIO_new(BIO_s_mem());

	PEM_write_bio_X509_REQ(pem, r->csr);
	d->pem = x509_lines(pem);
	/* without its attributes: one may be a password */
	X509_REQ_print_ex(text, r->csr, XN_FLAG_ONELINE, X509_FLAG_NO_ATTRIBUTES);
	d->text = x509_lines(text);
}

static struct detail *detail_of(const struct review *r)
{
	g_autoptr(GString) digest = g_string_new(NULL);
	g_autofree char *id = NULL;
	g_auto(GStrv) lines = g_strsplit(r->oddities->str, "\n", -1);
	gsize len;
	const uint8_t *der = g_bytes_get_data(r->der, &len);
	struct detail *d;

	x509_digest(x509_sha256(), der, len, digest);
	id = g_strconcat("requests/", digest->str, NULL);
	d = detail_new(id, r->names->len ? name_at(r, 0) : r->cn ? r->cn : r->subject);
	for (char **line = lines; *line; line++)
		detail_add(d, r->is_proven ? TONE_WARN : TONE_BAD, line == lines ? "Odd" : "",
			   "%s", *line);
	detail_add(d, TONE_PLAIN, "Subject", "%s", *r->subject ? r->subject : "(empty)");
	add_names(d, r);
	detail_add(d, r->weak_key ? TONE_BAD : TONE_PLAIN, "Key", "%s", r->key);
	detail_add(d, r->is_proven ? TONE_GOOD : TONE_BAD, "Signature", "%s, %s", r->signature,
		   r->is_proven ? "made with this key" : "not made with this key");
	if (r->asks_ca)
		detail_add(d, TONE_WARN, "Asks for", "to be a CA");
	add_words(d, "Key usage", r->usages);
	add_words(d, "Purposes", r->purposes);
	detail_add(d, TONE_DIM, "SHA-256", "%s", digest->str);
	add_raw(d, r);
	return d;
}

static char **names_of(const struct review *r)
{
	GStrvBuilder *b = g_strv_builder_new();
	char **all;

	if (!r->names->len && r->cn)
		g_strv_builder_add(b, r->cn);
	for (unsigned i = 0; i < r->names->len; i++)
		g_strv_builder_add(b, name_at(r, i));
	all = g_strv_builder_end(b);
	g_strv_builder_unref(b);
	return all;
}

struct detail *x509_csr_describe(GBytes *csr, char ***ret_names, char **ret_oddities,
				 GError **error)
{
	gsize len;
	const unsigned char *p = g_bytes_get_data(csr, &len);
	struct review r = { .der = csr };
	struct detail *d;

	if (len <= X509_CERT_MAX)
		r.csr = d2i_X509_REQ(NULL, &p, (long)len);
	if (!r.csr) {
		x509_fail(error, ERR_FORMAT, "these %zu bytes are not a certificate request",
			  len);
		return NULL;
	}
	r.oddities = g_string_new(NULL);
	gather_subject(&r);
	gather_extensions(&r);
	gather_key(&r);
	for (size_t i = 0; i < G_N_ELEMENTS(looks); i++)
		looks[i](&r);
	d = detail_of(&r);
	if (ret_names)
		*ret_names = names_of(&r);
	if (ret_oddities)
		*ret_oddities = g_strdup(r.oddities->str);
	g_string_free(r.oddities, TRUE);
	review_done(&r);
	ERR_clear_error();
	return d;
}
