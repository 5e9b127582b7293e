/*
 * scan: what certificates and keys are in one file.
 *
 * Every failure is a sentence of that file alone; the others go on.
 */
#include "own.h"

/* What a work reads: all its own, since the operation may be gone before it ends. */
struct scanning {
	GPtrArray *paths;
	size_t limit;
	struct secret *passphrase;
};

static void scanned_cert_done(void *p)
{
	struct scanned_cert *c = p;

	facts_done(&c->facts);
	g_bytes_unref(c->der);
	g_free(c->alias);
}

static struct scanned *scanned_new(void)
{
	struct scanned *s = g_new0(struct scanned, 1);

	s->certs = g_array_new(FALSE, FALSE, sizeof(struct scanned_cert));
	g_array_set_clear_func(s->certs, scanned_cert_done);
	s->keys = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	s->troubles = g_ptr_array_new_with_free_func(g_free);
	return s;
}

void scanned_free(struct scanned *s)
{
	if (!s)
		return;
	g_array_unref(s->certs);
	g_array_unref(s->keys);
	g_ptr_array_unref(s->troubles);
	g_free(s);
}

static void take_error(struct scanned *s, GError *error)
{
	if (!error)
		return;
	g_ptr_array_add(s->troubles, g_strdup(error->message));
	g_error_free(error);
}

static void take_cert(struct scanned *s, const struct x509_item *item)
{
	struct scanned_cert c = { .der = g_bytes_ref(item->der) };
	GError *error = NULL;
	gsize len;
	const uint8_t *der = g_bytes_get_data(item->der, &len);

	if (!x509_facts(der, len, &c.facts, &error)) {
		g_bytes_unref(c.der);
		take_error(s, error);
		return;
	}
	c.alias = g_strdup(item->alias);
	g_array_append_val(s->certs, c);
}

static void take_item(struct scanned *s, const struct x509_item *item)
{
	if (item->kind == X509_ITEM_CERT)
		take_cert(s, item);
	else if (item->kind == X509_ITEM_KEY)
		g_array_append_val(s->keys, item->key_hash);
	else if (item->kind == X509_ITEM_KEY_LOCKED)
		s->has_locked_key = true;
	else if (item->kind == X509_ITEM_BAD)
		g_ptr_array_add(s->troubles, g_strdup(item->trouble));
}

static void scan_bytes(struct scanned *s, GBytes *bytes, const struct secret *passphrase)
{
	GError *error = NULL;
	gsize len;
	const uint8_t *data = g_bytes_get_data(bytes, &len);
	g_autoptr(GPtrArray) items = NULL;

	if (!x509_could_be(data, len))
		return;
	items = x509_scan(data, len, passphrase, &error);
	s->needs_passphrase = g_error_matches(error, ERR, ERR_SIGN_IN) ||
			      g_error_matches(error, ERR, ERR_PASSPHRASE);
	take_error(s, error);
	for (guint i = 0; items && i < items->len; i++)
		take_item(s, items->pdata[i]);
	s->is_keystore = s->needs_passphrase ||
			 (*data == 0x30 && items && items->len > 1 && s->certs->len);
}

struct scanned *scan_file(const char *path, size_t limit, const struct secret *passphrase)
{
	struct scanned *s = scanned_new();
	GError *error = NULL;
	GBytes *bytes = file_read(path, limit, NULL, &error);

	if (!bytes) {
		take_error(s, error);
		return s;
	}
	scan_bytes(s, bytes, passphrase);
	if (s->keys->len)
		file_wipe(bytes);
	else
		g_bytes_unref(bytes);
	return s;
}

/* ---- many, as a work ---- */

static void scanning_free(void *p)
{
	struct scanning *in = p;

	g_ptr_array_unref(in->paths);
	secret_free(in->passphrase);
	g_free(in);
}

static void run(struct work *w)
{
	struct scanning *in = w->in;
	GPtrArray *out = g_ptr_array_new_with_free_func((GDestroyNotify)scanned_free);

	for (guint i = 0; i < in->paths->len && !work_is_stopped(w); i++)
		g_ptr_array_add(out, scan_file(in->paths->pdata[i], in->limit, in->passphrase));
	w->out = out;
}

struct work *scan_work(GPtrArray *paths, size_t limit, const struct secret *passphrase)
{
	struct scanning *in = g_new0(struct scanning, 1);

	in->paths = paths;
	in->limit = limit;
	in->passphrase = passphrase ? secret_dup(passphrase) : NULL;
	return work_new(run, in, scanning_free, (GDestroyNotify)g_ptr_array_unref);
}
