/*
 * aws_upload: a certificate as ACM and IAM take it: checked before anything is sent, its issuers
 * in order, all of it PEM that we wrote ourselves.
 *
 * What they refuse they refuse with sentences of their own that seldom say which file to mend,
 * and an import counts against a yearly quota; so whatever can be known here is said here.
 */
#include "aws_cert.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>
#include <certty/model/mark.h>

/* clang-format off */
static const struct {
	const char *ours, *theirs;
} keys[] = {
	{ "RSA 1024", "RSA_1024" },
	{ "RSA 2048", "RSA_2048" },
	{ "RSA 3072", "RSA_3072" },
	{ "RSA 4096", "RSA_4096" },
	{ "EC P-256", "EC_prime256v1" },
	{ "EC P-384", "EC_secp384r1" },
	{ "EC P-521", "EC_secp521r1" },
};
/* clang-format on */

static const char *key_of(const char *ours)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (!strcmp(keys[i].ours, ours))
			return keys[i].theirs;
	return NULL;
}

/* ---- names ---- */

static bool is_dns(const char *name)
{
	return *name && !strpbrk(name, ":@/ ()") && !g_hostname_is_ip_address(name);
}

static void add_name(GPtrArray *to, const char *name)
{
	g_autofree char *lower = g_ascii_strdown(name, -1);

	if (is_dns(name) && !g_ptr_array_find_with_equal_func(to, lower, g_str_equal, NULL))
		g_ptr_array_add(to, g_steal_pointer(&lower));
}

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *names_of(const char *first, char **names)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);

	if (first)
		add_name(all, first);
	for (char **n = names; n && *n; n++)
		add_name(all, *n);
	g_ptr_array_sort(all, by_name);
	return all;
}

static bool is_equal(const GPtrArray *a, const GPtrArray *b)
{
	if (a->len != b->len || !a->len)
		return false;
	for (guint i = 0; i < a->len; i++)
		if (strcmp(a->pdata[i], b->pdata[i]))
			return false;
	return true;
}

/* ACM's first name is the common name, which need not be among the others. */
bool aws_upload_is_same(const struct aws_upload *u, const struct acm_cert *c)
{
	g_autoptr(GPtrArray) all = names_of(c->name, c->names);
	g_autoptr(GPtrArray) others = names_of(NULL, c->names);

	return aws_upload_is_key(u, c) &&
	       (is_equal(u->names, all) || is_equal(u->names, others));
}

bool aws_upload_is_key(const struct aws_upload *u, const struct acm_cert *c)
{
	return !strcmp(u->key, c->key);
}

bool aws_upload_shares_name(const struct aws_upload *u, const struct acm_cert *c)
{
	g_autoptr(GPtrArray) theirs = names_of(c->name, c->names);

	for (guint i = 0; i < theirs->len; i++)
		if (g_ptr_array_find_with_equal_func(u->names, theirs->pdata[i], g_str_equal, NULL))
			return true;
	return !theirs->len;
}

/* ---- what would be refused ---- */

static bool refuse(GError **error, const char *service, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

static bool refuse(GError **error, const char *service, const char *format, ...)
{
	g_autofree char *why = NULL;
	va_list args;

	va_start(args, format);
	why = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, ERR, ERR_USAGE, "%s would refuse it: %s; nothing was sent", service, why);
	return false;
}

static bool check_dates(const struct facts *f, const char *service, int64_t now, GError **error)
{
	bool is_early = f->not_before > now;
	g_autoptr(GString) day = g_string_new(NULL);

	if (!is_early && f->not_after >= now)
		return true;
	clock_say_date(day, is_early ? f->not_before : f->not_after);
	return refuse(error, service, is_early ? "it is not valid before %s" : "it expired on %s",
		      day->str);
}

static bool check_cert(const struct bundle *b, const char *service, int64_t now, GError **error)
{
	gsize len;
	const uint8_t *der = g_bytes_get_data(b->cert, &len);
	int version = x509_version(der, len);

	if (version != 3)
		return refuse(error, service, "it is a certificate of X.509 version %d, and "
			      "version 3 is wanted", version);
	if (!key_of(b->facts.key))
		return refuse(error, service, "it takes RSA keys of 1024, 2048, 3072 and 4096 bits "
			      "and the curves P-256, P-384 and P-521, and this one is %s",
			      b->facts.key);
	if (!*b->facts.issuer)
		return refuse(error, service, "its issuer has no name");
	return check_dates(&b->facts, service, now, error);
}

static bool check_key(const struct bundle *b, const char *service, GError **error)
{
	gsize len;
	const uint8_t *der = g_bytes_get_data(b->cert, &len);

	if (!b->key) {
		g_set_error(error, ERR, ERR_USAGE, "its private key is not there, and %s takes no "
			    "certificate without one; nothing was sent", service);
		return false;
	}
	if (x509_key_fits(b->key, der, len))
		return true;
	return refuse(error, service, "the private key is not that of the certificate");
}

static bool check_size(size_t len, size_t most, const char *what, const char *service,
		       GError **error)
{
	if (len <= most)
		return true;
	return refuse(error, service, "%s is %zu bytes of PEM, and at most %zu are taken", what, len,
		      most);
}

static bool check_sizes(const struct aws_upload *u, const struct aws_limits *l, GError **error)
{
	return check_size(strlen(u->cert_pem), l->cert, "the certificate", l->service, error) &&
	       check_size(u->key_pem->len, l->key, "the private key", l->service, error) &&
	       check_size(u->chain_pem ? strlen(u->chain_pem) : 0, l->chain, "the chain",
			  l->service, error);
}

/* ---- in its form ---- */

static bool is_family(const char *a, const char *b)
{
	return a[0] == b[0];	/* "RSA …", "EC …" */
}

/* AWS documents that the issuer's key must be of the same family, and does not say that it
 * looks; so it is only told when it refuses. */
static bool is_mixed(const struct facts *f, const GPtrArray *chain)
{
	struct facts issuer = { 0 };
	gsize len;
	const uint8_t *der = chain->len ? g_bytes_get_data(chain->pdata[0], &len) : NULL;
	bool is = der && x509_facts(der, len, &issuer, NULL) && !is_family(f->key, issuer.key);

	facts_done(&issuer);
	return is;
}

static bool take_chain(const struct bundle *b, const char *service, struct aws_upload *u,
		       GError **error)
{
	g_autoptr(GPtrArray) chain = bundle_chain(b);

	u->is_mixed = is_mixed(&b->facts, chain);
	if (chain->len)
		u->chain_pem = bundle_pem(NULL, (GBytes *const *)chain->pdata, chain->len);
	else if (!(b->facts.marks & MARK_SELF_SIGNED))
		return refuse(error, service, "its issuer's certificate (%s) is not there, and only "
			      "a self-signed one is taken without its chain", b->facts.issuer);
	return true;
}

bool aws_upload_make(const struct bundle *b, const struct aws_limits *limits, int64_t now,
		     struct aws_upload *ret, GError **error)
{
	struct aws_upload u = { .bundle = b };

	if (!check_cert(b, limits->service, now, error) ||
	    !check_key(b, limits->service, error) ||
	    !take_chain(b, limits->service, &u, error))
		return false;
	u.key = key_of(b->facts.key);
	u.names = names_of(b->facts.name, b->facts.names);
	u.cert_pem = bundle_pem(b->cert, NULL, 0);
	u.key_pem = x509_key_pem(b->key, NULL, error);
	if (u.key_pem && check_sizes(&u, limits, error)) {
		*ret = u;
		return true;
	}
	aws_upload_done(&u);
	return false;
}

void aws_upload_done(struct aws_upload *u)
{
	g_clear_pointer(&u->cert_pem, g_free);
	g_clear_pointer(&u->chain_pem, g_free);
	g_clear_pointer(&u->key_pem, secret_free);
	g_clear_pointer(&u->names, g_ptr_array_unref);
}
