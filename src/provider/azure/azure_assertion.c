/*
 * Client assertions: instead of a secret an application shows a short text that its certificate's
 * key has signed, or one that another issuer, whom the tenant trusts, has signed for it.
 */
#include "own.h"

#include <string.h>

#include <certty/base/file.h>
#include <certty/model/x509.h>

#define CERTIFICATE_MAX (256u << 10)
#define TOKEN_FILE_MAX	(64u << 10)

static step_fn send_assertion;

/* What a work needs, as copies of its own. */
struct assertion {
	char *path;
	struct secret *certificate, *passphrase;
	char *client_id, *audience;
	int64_t now;
};

static void free_in(void *in)
{
	struct assertion *a = in;

	g_free(a->path);
	secret_free(a->certificate);
	secret_free(a->passphrase);
	g_free(a->client_id);
	g_free(a->audience);
	g_free(a);
}

static void free_out(void *secret)
{
	secret_free(secret);
}

struct secret *azure_assertion_file(const char *path, size_t max, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, max, NULL, error);
	struct secret *s;
	gsize len;
	gpointer data;

	if (!bytes)
		return NULL;
	data = g_bytes_unref_to_data(g_steal_pointer(&bytes), &len);
	s = secret_new(data, len);
	secret_wipe(data, len);
	if (!s)
		g_set_error(error, ERR, ERR_LIMIT, "the memory for secrets is full");
	return s;
}

/* ---- from a certificate ---- */

/* PKCS#12 may come as base64, since forms take text only. */
static struct secret *unfold(const struct secret *s)
{
	gsize len = 0;
	guchar *bytes;
	struct secret *unfolded;

	if (g_strstr_len(s->bytes, (gssize)s->len, "-----BEGIN") ||
	    (s->len && s->bytes[0] == 0x30) || strlen(s->bytes) != s->len)
		return secret_dup(s);
	bytes = g_base64_decode(s->bytes, &len);
	unfolded = secret_new(bytes, len);
	secret_wipe(bytes, len);
	return unfolded;
}

static struct secret *join(const char *cert, const struct secret *key, GError **error)
{
	size_t n = strlen(cert);
	struct secret *both = secret_new(NULL, n + key->len);

	if (!both) {
		g_set_error(error, ERR, ERR_LIMIT, "the memory for secrets is full");
		return NULL;
	}
	memcpy(both->bytes, cert, n);
	memcpy(both->bytes + n, key->bytes, key->len);
	return both;
}

/* The certificate that the key belongs to, whatever chain comes along with it, and the key. */
static struct secret *pair(const GPtrArray *items, const struct x509_key *key, GError **error)
{
	g_autoptr(secret) key_pem = x509_key_pem(key, NULL, error);

	for (guint i = 0; key_pem && i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];
		g_autofree char *pem = NULL;
		const uint8_t *der;
		gsize len;

		if (item->kind != X509_ITEM_CERT)
			continue;
		der = g_bytes_get_data(item->der, &len);
		if (!x509_key_fits(key, der, len))
			continue;
		pem = x509_pem(der, len);
		return join(pem, key_pem, error);
	}
	if (key_pem)
		g_set_error(error, ERR, ERR_FORMAT, "no certificate in it belongs to the key");
	return NULL;
}

static struct secret *as_pem(const struct secret *certificate, const struct secret *passphrase,
			     GError **error)
{
	g_autoptr(secret) s = unfold(certificate);
	g_autoptr(GPtrArray) items = NULL;
	g_autoptr(x509_key) key = NULL;

	if (!s) {
		g_set_error(error, ERR, ERR_LIMIT, "the memory for secrets is full");
		return NULL;
	}
	items = x509_scan((const uint8_t *)s->bytes, s->len, passphrase, error);
	key = items ? x509_key_read((const uint8_t *)s->bytes, s->len, passphrase, error) : NULL;
	return key ? pair(items, key, error) : NULL;
}

struct secret *azure_assertion_new(const struct secret *certificate,
				   const struct secret *passphrase, const char *client_id,
				   const char *audience, int64_t now, GError **error)
{
	g_autoptr(secret) pem = as_pem(certificate, passphrase, error);

	return pem ? token_assertion(pem, NULL, client_id, audience, now, error) : NULL;
}

static void sign_by_certificate(struct work *w)
{
	const struct assertion *a = w->in;
	g_autoptr(secret) read = NULL;
	const struct secret *certificate = a->certificate;

	if (a->path)
		certificate = read = azure_assertion_file(a->path, CERTIFICATE_MAX, &w->error);
	if (certificate)
		w->out = azure_assertion_new(certificate, a->passphrase, a->client_id, a->audience,
					     a->now, &w->error);
	if (w->error)
		g_prefix_error(&w->error, "the application's certificate: ");
}

struct next azure_assertion_by_certificate(struct op *op, const struct reply *none)
{
	const struct args *with = azure_of(op)->with;
	const char *path = args_get(with, "certificate-file");
	const struct secret *certificate = args_secret(with, "certificate");
	struct assertion *a;
	GError *error = NULL;
	char *audience = azure_token_url(op, &error);

	(void)none;
	if (!audience)
		return next_fail_error(op, error);
	a = g_new0(struct assertion, 1);
	a->audience = audience;
	a->client_id = g_strdup(args_get(with, "client-id"));
	a->now = op->now;
	a->passphrase = secret_dup(args_secret(with, "certificate-passphrase"));
	if (path && *path)
		a->path = file_absolute(path);
	else
		a->certificate = secret_dup(certificate);
	if (!a->path && !a->certificate) {
		free_in(a);
		return next_fail(op, ERR_SIGN_IN, "there is no certificate for the account; name its "
				 "file, or enter it anew by rotating it");
	}
	return next_work(work_new(sign_by_certificate, a, free_in, free_out), send_assertion);
}

static struct next send_assertion(struct op *op, const struct reply *none)
{
	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	return azure_token_post(op, "client_assertion", op->work->out);
}

/* ---- from a file that somebody else renews ---- */

static void read_token_file(struct work *w)
{
	const struct assertion *a = w->in;
	g_autoptr(secret) s = azure_assertion_file(a->path, TOKEN_FILE_MAX, &w->error);
	size_t from = 0, to = s ? s->len : 0;

	while (from < to && g_ascii_isspace(s->bytes[from]))
		from++;
	while (to > from && g_ascii_isspace(s->bytes[to - 1]))
		to--;
	if (s && to == from)
		g_set_error(&w->error, ERR, ERR_FORMAT, "%s is empty", a->path);
	else if (s && !(w->out = secret_new(s->bytes + from, to - from)))
		g_set_error(&w->error, ERR, ERR_LIMIT, "the memory for secrets is full");
	if (w->error)
		g_prefix_error(&w->error, "the federated token: ");
}

struct next azure_assertion_by_file(struct op *op, const struct reply *none)
{
	const char *path = args_get(azure_of(op)->with, "token-file");
	struct assertion *a;

	(void)none;
	if (!path || !*path)
		return next_fail(op, ERR_SIGN_IN, "no file of a federated token is known; set "
				 "AZURE_FEDERATED_TOKEN_FILE or name it in the account");
	a = g_new0(struct assertion, 1);
	a->path = file_absolute(path);
	return next_work(work_new(read_token_file, a, free_in, free_out), send_assertion);
}
