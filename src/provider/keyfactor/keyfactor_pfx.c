/*
 * keyfactor_pfx: keys that Command made: asked for with a password of their own, which lives as long as
 * the call, and opened.
 *
 * Command encrypts what it gives out with that password.  It is made up for the one call, and neither
 * shown, written down nor kept; the key is kept under the person's own passphrase.
 */
#include "keyfactor_enrol.h"

#include <string.h>

#define PFX_MAX	     (4u << 20)		/* bytes, as text */
#define PASSWORD_LEN 32

struct opening {		/* of the work */
	GBytes *bytes;
	struct secret *password;
};

struct secret *keyfactor_pfx_password(void)
{
	return secret_random(PASSWORD_LEN);
}

static void opening_free(void *p)
{
	struct opening *o = p;

	g_bytes_unref(o->bytes);
	secret_free(o->password);
	g_free(o);
}

/* The certificate whose key is there. */
static GBytes *leaf_of(const GPtrArray *items, uint32_t hash)
{
	for (guint i = 0; i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];
		struct facts f = { 0 };
		gsize len = 0;
		const uint8_t *der = item->kind == X509_ITEM_CERT ? g_bytes_get_data(item->der, &len) : NULL;
		bool is_it = der && x509_facts(der, len, &f, NULL) && f.key_hash == hash;

		facts_done(&f);
		if (is_it)
			return item->der;
	}
	return NULL;
}

static uint32_t key_of(const GPtrArray *items)
{
	for (guint i = 0; i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_KEY)
			return item->key_hash;
	}
	return 0;
}

static void run(struct work *work)
{
	const struct opening *o = work->in;
	gsize len;
	const uint8_t *bytes = g_bytes_get_data(o->bytes, &len);
	g_autoptr(GPtrArray) items = x509_scan(bytes, len, o->password, &work->error);
	g_autoptr(GPtrArray) ders = g_ptr_array_new();
	uint32_t hash = items ? key_of(items) : 0;
	GBytes *leaf = hash ? leaf_of(items, hash) : NULL;
	g_autoptr(x509_key) key = NULL;
	struct bundle *b;

	if (work->error || work_is_stopped(work))
		return;
	if (!leaf) {
		g_set_error(&work->error, ERR, ERR_REPLY, "there is no certificate with its key in it");
		return;
	}
	key = x509_key_find(bytes, len, hash, o->password, &work->error);
	b = key ? bundle_new(leaf, NULL, 0, g_steal_pointer(&key), &work->error) : NULL;
	if (!b)
		return;
	for (guint i = 0; i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CERT && item->der != leaf)
			g_ptr_array_add(ders, item->der);
	}
	bundle_link(b, (GBytes *const *)ders->pdata, ders->len);
	work->out = b;
}

struct work *keyfactor_pfx_open(const char *coded, struct secret *password)
{
	struct opening *o;
	g_autofree guchar *bytes = NULL;
	gsize len = 0;

	if (coded && *coded && strlen(coded) <= PFX_MAX)
		bytes = g_base64_decode(coded, &len);
	if (!len) {
		secret_free(password);
		return NULL;
	}
	o = g_new0(struct opening, 1);
	o->bytes = g_bytes_new(bytes, len);
	o->password = password;
	return work_new(run, o, opening_free, (GDestroyNotify)bundle_free);
}
