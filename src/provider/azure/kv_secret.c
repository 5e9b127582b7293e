/*
 * kv_secret: a certificate's key and issuers, which a vault hands out as a secret of the same name and
 * version: PKCS#12 with an empty passphrase, or PEM, as its policy says.
 *
 * Which other certificates are in there, and in what order, is as somebody put them; so issuers are found
 * by their names.
 */
#include "kv.h"

#include <string.h>

#include <certty/model/x509.h>

#define SECRET_MAX (1u << 20)
#define PEM_TYPE   "application/x-pem-file"

struct taking {			/* of the work */
	struct secret *bytes, *passphrase;
	GBytes *cert;
};

static step_fn ask, read_secret;

static void taking_free(void *p)
{
	struct taking *t = p;

	secret_free(t->bytes);
	secret_free(t->passphrase);
	g_bytes_unref(t->cert);
	g_free(t);
}

/* ---- whether, and which ---- */

/* The one of the last refresh, new; NULL: it knew none of that name. */
static struct kv_cert *cert_of(const struct op *op)
{
	struct kv_memo m;
	struct kv_cert *c = NULL;
	char *name;

	kv_memo_read(&m, op->memo);
	if (op->cert.alias && g_hash_table_lookup(m.certs, op->cert.alias))
		g_hash_table_steal_extended(m.certs, op->cert.alias, (void **)&name, (void **)&c);
	kv_memo_done(&m);
	return c;
}

bool kv_secret_check(const struct op *op, GError **error)
{
	g_autoptr(kv_cert) c = cert_of(op);

	if (!c || !op->cert.der)
		g_set_error(error, ERR, ERR_NOT_FOUND, "the certificate's bytes are not kept here: refresh its "
			    "store");
	else if (!c->has_key)
		g_set_error(error, ERR, ERR_REFUSED, "its key is not in the vault");
	else if (!c->is_exportable)
		g_set_error(error, ERR, ERR_REFUSED, "its key never leaves the vault, as the policy of the "
			    "certificate says (exportable)");
	else if (!c->is_enabled)
		g_set_error(error, ERR, ERR_REFUSED, "it is disabled in the vault; enable it there first");
	else
		return true;
	return false;
}

char *kv_secret_path(const struct op *op)
{
	g_autoptr(kv_cert) c = cert_of(op);
	const char *version = c ? c->version : "";

	return g_strconcat("/secrets/", op->cert.alias, *version ? "/" : "", version, NULL);
}

/* ---- taking it out ---- */

static void run(struct work *work)
{
	const struct taking *t = work->in;
	const uint8_t *bytes = (const uint8_t *)t->bytes->bytes;
	g_autoptr(GPtrArray) items = x509_scan(bytes, t->bytes->len, t->passphrase, &work->error);
	g_autoptr(GPtrArray) ders = g_ptr_array_new();
	struct bundle *b = items ? bundle_new(t->cert, NULL, 0, NULL, &work->error) : NULL;

	if (!b)
		return;
	for (guint i = 0; i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CERT)
			g_ptr_array_add(ders, item->der);
	}
	bundle_link(b, (GBytes *const *)ders->pdata, ders->len);
	b->key = x509_key_find(bytes, t->bytes->len, b->facts.key_hash, t->passphrase, &work->error);
	if (b->key)
		work->out = b;
	else
		bundle_free(b);
}

struct next kv_secret(struct op *op, step_fn *then)
{
	GError *error = NULL;

	if (!kv_secret_check(op, &error))
		return next_fail_error(op, error);
	azure_of(op)->taken = then;
	return kv_call_begin(op, ask);
}

struct next kv_secret_get(struct op *op, const char *path, step_fn *then)
{
	azure_of(op)->taken = then;
	return next_send(kv_call_get(op, path, NULL), read_secret);
}

static struct next ask(struct op *op, const struct reply *none)
{
	g_autofree char *path = kv_secret_path(op);

	(void)none;
	return next_send(kv_call_get(op, path, NULL), read_secret);
}

static struct secret *bytes_of(const struct json *j)
{
	const char *value = json_str(j, "value"), *type = json_str(j, "contentType");
	struct secret *s;
	guchar *bytes;
	gsize len = 0;

	if (!value || strlen(value) > SECRET_MAX)
		return NULL;
	if (type && !g_ascii_strcasecmp(type, PEM_TYPE))
		return secret_new(value, strlen(value));
	bytes = g_base64_decode(value, &len);
	s = secret_new(bytes, len);
	secret_wipe(bytes, len);
	return s;
}

static struct next read_secret(struct op *op, const struct reply *r)
{
	struct next next;
	GError *error = NULL;
	g_autoptr(json) j = NULL;
	struct taking *t;

	if (kv_call_challenged(op, r, ask, &next))
		return next;
	j = kv_call_json(op, r, "secret", NULL, &error);
	if (!j)
		return next_fail_error(op, error);
	t = g_new0(struct taking, 1);
	t->bytes = bytes_of(j);
	t->passphrase = secret_new("", 0);
	t->cert = g_bytes_ref(op->cert.der ? op->cert.der : op->bundle->cert);
	if (t->bytes && t->passphrase)
		return next_work(work_new(run, t, taking_free, (GDestroyNotify)bundle_free),
				 azure_of(op)->taken);
	taking_free(t);
	return next_fail(op, ERR_REPLY, "the vault %s: the certificate's secret has no certificate in it",
			 kv_call_at(op)->place.name);
}
