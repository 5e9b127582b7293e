/*
 * x509_chain: how a certificate's chain stands, said in a sentence.
 *
 * Whoever asks may hand over every certificate at hand: those that can be issuers are found by
 * their names' hashes, and only these few are decoded and tried.
 */
#include "x509_own.h"

#include <string.h>
#include <sys/stat.h>

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <certty/base/file.h>
#include <certty/base/text.h>

#define CANDIDATES_MAX 20000	/* looked at */
#define TRIED_MAX      48	/* given to the verification */
#define DEPTH_MAX      16
#define FILES_MAX      20000	/* of a folder of trusted certificates */

struct x509_trust {
	X509_STORE *store;
	char *what;		/* "the system's trust store" */
};

struct candidate {
	uint64_t subject, issuer;
	GBytes *der;		/* NULL once it was taken */
};

/* ---- what is trusted ---- */

static void trust_file(X509_STORE *store, const char *path)
{
	g_autoptr(GBytes) file = file_read(path, X509_FILE_MAX, NULL, NULL);
	g_autoptr(GPtrArray) items = NULL;
	gsize len;
	const uint8_t *bytes = file ? g_bytes_get_data(file, &len) : NULL;

	items = bytes ? x509_scan(bytes, len, NULL, NULL) : NULL;
	for (unsigned i = 0; items && i < items->len; i++) {
		const struct x509_item *item = g_ptr_array_index(items, i);
		gsize n;
		const unsigned char *p;
		g_autoptr(X509) cert = NULL;

		if (item->kind != X509_ITEM_CERT)
			continue;
		p = g_bytes_get_data(item->der, &n);
		cert = d2i_X509(NULL, &p, (long)n);
		if (cert)
			X509_STORE_add_cert(store, cert);
	}
	ERR_clear_error();
}

static void trust_folder(X509_STORE *store, const char *path)
{
	GDir *folder = g_dir_open(path, 0, NULL);
	const char *name;

	for (int n = 0; folder && n < FILES_MAX && (name = g_dir_read_name(folder)); n++) {
		g_autofree char *file = g_build_filename(path, name, NULL);

		trust_file(store, file);
	}
	if (folder)
		g_dir_close(folder);
}

/* As X509_STORE_set_default_paths() does, but for one lookup more in the same folder, which reads all of the
 * folder for each issuer that is not there. */
static void trust_system(X509_STORE *store)
{
	X509_LOOKUP *file = X509_STORE_add_lookup(store, X509_LOOKUP_file());
	X509_LOOKUP *folder = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());

	if (file)
		X509_LOOKUP_load_file(file, NULL, X509_FILETYPE_DEFAULT);
	if (folder)
		X509_LOOKUP_add_dir(folder, NULL, X509_FILETYPE_DEFAULT);
}

struct x509_trust *x509_trust_new(const char *path)
{
	struct x509_trust *t = g_new0(struct x509_trust, 1);

	t->store = X509_STORE_new();
	t->what = path ? x509_harmless(path, strlen(path), FACTS_TEXT)
		       : g_strdup("the system's trust store");
	if (path)	/* somebody chose these: an issuing CA among them needs no root */
		X509_STORE_set_flags(t->store, X509_V_FLAG_PARTIAL_CHAIN);
	if (!path)
		trust_system(t->store);
	else if (g_file_test(path, G_FILE_TEST_IS_DIR))
		trust_folder(t->store, path);
	else
		trust_file(t->store, path);
	ERR_clear_error();
	return t;
}

void x509_trust_free(struct x509_trust *t)
{
	if (!t)
		return;
	X509_STORE_free(t->store);
	g_free(t->what);
	g_free(t);
}

/* ---- who may have issued it ---- */

static bool read_names(GBytes *der, struct candidate *ret)
{
	gsize len;
	const uint8_t *bytes = g_bytes_get_data(der, &len);
	struct x509_shape *shape = x509_shape_new(bytes, len, NULL);
	bool sound;

	if (!shape)
		return false;
	ret->subject = x509_shape_hash_name(shape->body->subject, &sound);
	ret->issuer = x509_shape_hash_name(shape->body->issuer, &sound);
	ret->der = der;
	x509_shape_free(shape);
	return true;
}

static void take_issuers(GArray *all, uint64_t name, GArray *wanted, STACK_OF(X509) *tried)
{
	for (unsigned i = 0; i < all->len && sk_X509_num(tried) < TRIED_MAX; i++) {
		struct candidate *c = &g_array_index(all, struct candidate, i);
		const unsigned char *p;
		gsize len;
		X509 *cert;

		if (!c->der || c->subject != name)
			continue;
		p = g_bytes_get_data(c->der, &len);
		cert = d2i_X509(NULL, &p, (long)len);
		c->der = NULL;
		if (!cert)
			continue;
		sk_X509_push(tried, cert);
		g_array_append_val(wanted, c->issuer);
	}
}

/* Follows the issuers' names from the certificate on, through everything at hand. */
static STACK_OF(X509) *likely_issuers(X509 *cert, GBytes *const *candidates, size_t n)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(struct candidate));
	g_autoptr(GArray) wanted = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	STACK_OF(X509) *tried = sk_X509_new_null();
	unsigned char *der = NULL;
	int len = i2d_X509(cert, &der);
	g_autoptr(GBytes) own = g_bytes_new(der, (gsize)MAX(len, 0));
	struct candidate c;

	OPENSSL_free(der);
	if (!read_names(own, &c))
		return tried;
	g_array_append_val(wanted, c.issuer);
	for (size_t i = 0; i < n && i < CANDIDATES_MAX; i++)
		if (read_names(candidates[i], &c))
			g_array_append_val(all, c);
	for (unsigned i = 0; i < wanted->len; i++)
		take_issuers(all, g_array_index(wanted, uint64_t, i), wanted, tried);
	return tried;
}

/* ---- the sentence ---- */

static char *called(const X509_NAME *name)
{
	char *text = x509_name_entry(name, NID_commonName);

	if (!text || !*text) {
		g_free(text);
		text = x509_name_entry(name, NID_organizationName);
	}
	return text ? text : x509_name_line(name);
}

static char *path_of(const STACK_OF(X509) *chain)
{
	GString *path = g_string_new(NULL);

	for (int i = 1; i < sk_X509_num(chain); i++) {
		g_autofree char *name = called(X509_get_subject_name(sk_X509_value(chain, i)));

		if (i > 1)
			g_string_append(path, text_is_ascii() ? " > " : " \xe2\x80\xba ");
		g_string_append(path, name);
	}
	return g_string_free(path, FALSE);
}

static char *say_good(X509_STORE_CTX *ctx, const struct x509_trust *trust)
{
	const STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(ctx);
	g_autofree char *path = path_of(chain);

	if (sk_X509_num(chain) < 2)
		return g_strdup_printf("it lies in %s itself", trust->what);
	return g_strdup_printf("%s, verifies to %s", path, trust->what);
}

/* %1$s: the certificate at fault; %2$s: its issuer; %3$s: what is trusted. */
static const struct {
	int code;
	const char *of_itself, *of_issuer;
} troubles[] = {
	{ X509_V_ERR_CERT_HAS_EXPIRED, "it has expired", "its issuer %1$s has expired" },
	{ X509_V_ERR_CERT_NOT_YET_VALID, "it is not valid yet",
	  "its issuer %1$s is not valid yet" },
	{ X509_V_ERR_CERT_SIGNATURE_FAILURE, "its signature is not that of %2$s",
	  "the signature of %1$s is not that of %2$s" },
	{ X509_V_ERR_INVALID_CA, "it is no CA, yet signed a certificate",
	  "%1$s is no CA, yet signed a certificate" },
	{ X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "self-signed, and not in %3$s",
	  "self-signed, and not in %3$s" },
	{ X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "self-signed, and not in %3$s",
	  "it ends in the root %1$s, which is not in %3$s" },
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
	  "no issuer found: the certificate of %2$s is not at hand",
	  "no issuer found for %1$s: the certificate of %2$s is not at hand" },
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
	  "no issuer found: the certificate of %2$s is not at hand",
	  "no issuer found for %1$s: the certificate of %2$s is not at hand" },
	{ X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
	  "no issuer found: the certificate of %2$s is not at hand",
	  "no issuer found for %1$s: the certificate of %2$s is not at hand" },
	{ X509_V_ERR_CERT_CHAIN_TOO_LONG, "the chain is too long to follow",
	  "the chain is too long to follow" },
	{ X509_V_ERR_PATH_LENGTH_EXCEEDED, "there are more CAs above it than allowed",
	  "%1$s allows fewer CAs below it than there are" },
};

/* Fills %1$s…%3$s in, in one pass: the values are foreign. */
static char *fill(const char *format, const char *const values[3])
{
	GString *s = g_string_new(NULL);

	for (const char *p = format; *p; p++) {
		if (*p != '%') {
			g_string_append_c(s, *p);
			continue;
		}
		g_string_append(s, values[p[1] - '1']);
		p += strlen("1$s");
	}
	return g_string_free(s, FALSE);
}

static char *say_bad(X509_STORE_CTX *ctx, const struct x509_trust *trust)
{
	int code = X509_STORE_CTX_get_error(ctx);
	bool is_issuer = X509_STORE_CTX_get_error_depth(ctx) > 0;
	X509 *at = X509_STORE_CTX_get_current_cert(ctx);
	g_autofree char *subject = at ? called(X509_get_subject_name(at)) : g_strdup("?");
	g_autofree char *issuer = at ? called(X509_get_issuer_name(at)) : g_strdup("?");
	const char *values[3] = { subject, issuer, trust->what };

	for (size_t i = 0; i < G_N_ELEMENTS(troubles); i++)
		if (troubles[i].code == code)
			return fill(is_issuer ? troubles[i].of_issuer : troubles[i].of_itself,
				    values);
	return g_strdup_printf("%s (at %s)", X509_verify_cert_error_string(code), subject);
}

bool x509_chain_of(X509 *cert, GBytes *const *candidates, size_t n,
		   const struct x509_trust *trust, int64_t now, char **ret_sentence)
{
	struct x509_trust *none = trust ? NULL : g_new0(struct x509_trust, 1);
	STACK_OF(X509) *tried = likely_issuers(cert, candidates, n);
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	bool ok;

	if (none) {
		none->store = X509_STORE_new();
		none->what = g_strdup("any trust store");
		trust = none;
	}
	X509_STORE_CTX_init(ctx, trust->store, cert, tried);
	X509_STORE_CTX_set_time(ctx, 0, (time_t)now);
	X509_STORE_CTX_set_depth(ctx, DEPTH_MAX);
	ok = X509_verify_cert(ctx) == 1;
	*ret_sentence = ok ? say_good(ctx, trust) : say_bad(ctx, trust);
	X509_STORE_CTX_free(ctx);
	sk_X509_pop_free(tried, X509_free);
	x509_trust_free(none);
	ERR_clear_error();
	return ok;
}

bool x509_chain(GBytes *der, GBytes *const *candidates, size_t n, const struct x509_trust *trust,
		int64_t now, char **ret_sentence)
{
	gsize len;
	const unsigned char *p = g_bytes_get_data(der, &len);
	g_autoptr(X509) cert = len <= X509_CERT_MAX ? d2i_X509(NULL, &p, (long)len) : NULL;

	if (cert)
		return x509_chain_of(cert, candidates, n, trust, now, ret_sentence);
	ERR_clear_error();
	*ret_sentence = g_strdup("its bytes are not a sound certificate");
	return false;
}
