/*
 * scan: what certificates and keys are in one file.
 *
 * Every failure is a sentence of that file alone; the others go on.
 */
#include "own.h"

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

struct scanned *scan_file(const char *path, size_t limit, const struct secret *passphrase)
{
	struct scanned *s = scanned_new();
	GError *error = NULL;
	g_autoptr(GBytes) bytes = file_read(path, limit, NULL, &error);
	g_autoptr(GPtrArray) items = NULL;
	gsize len = 0;
	const uint8_t *data = bytes ? g_bytes_get_data(bytes, &len) : NULL;

	if (!bytes) {
		take_error(s, error);
		return s;
	}
	if (!x509_could_be(data, len))
		return s;
	items = x509_scan(data, len, passphrase, &error);
	s->needs_passphrase = g_error_matches(error, ERR, ERR_SIGN_IN) ||
			      g_error_matches(error, ERR, ERR_PASSPHRASE);
	take_error(s, error);
	for (guint i = 0; items && i < items->len; i++)
		take_item(s, items->pdata[i]);
	return s;
}
