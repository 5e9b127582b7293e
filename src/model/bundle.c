/*
 * bundle: what belongs together in a file: a certificate, its issuers in order, its key.
 *
 * The certificate is the one whose key is there, else the first that is no CA's, else the
 * first.  Its issuers are found by their names; what is none of them is left out and counted.
 */
#include <certty/model/bundle.h>

#include <string.h>

#include <certty/base/secret.h>
#include <certty/base/text.h>
#include <certty/model/mark.h>

#define NAMES_SHOWN 4	/* of the certificates of other keys */

struct entry {
	GBytes *der;		/* borrowed from the items */
	struct facts facts;
	bool is_used;
};

struct parts {
	GArray *entries;	/* struct entry */
	GArray *keys;		/* uint32_t */
	bool has_locked_key;
	const char *trouble;
};

static void entry_done(void *p)
{
	facts_done(&((struct entry *)p)->facts);
}

void bundle_free(struct bundle *b)
{
	if (!b)
		return;
	g_clear_pointer(&b->cert, g_bytes_unref);
	g_clear_pointer(&b->chain, g_ptr_array_unref);
	facts_done(&b->facts);
	x509_key_free(b->key);
	g_free(b);
}

struct bundle *bundle_new(GBytes *cert, GBytes *const *chain, size_t n, struct x509_key *key,
			  GError **error)
{
	g_autoptr(bundle) b = g_new0(struct bundle, 1);
	gsize len;
	const uint8_t *der = g_bytes_get_data(cert, &len);

	b->key = key;
	b->cert = g_bytes_ref(cert);
	b->chain = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	for (size_t i = 0; i < n; i++)
		g_ptr_array_add(b->chain, g_bytes_ref(chain[i]));
	return x509_facts(der, len, &b->facts, error) ? g_steal_pointer(&b) : NULL;
}

struct bundle *bundle_dup(const struct bundle *b)
{
	struct x509_key *key = b->key ? x509_key_dup(b->key) : NULL;
	struct bundle *copy = bundle_new(b->cert, (GBytes *const *)b->chain->pdata, b->chain->len,
					 key, NULL);

	g_assert(copy);		/* it was sound before */
	copy->left_out = b->left_out;
	return copy;
}

/* ---- linking ---- */

static struct entry *entry_at(const struct parts *p, guint i)
{
	return &g_array_index(p->entries, struct entry, i);
}

static struct entry *issuer_of(const struct parts *p, const struct facts *f)
{
	for (guint i = 0; i < p->entries->len; i++) {
		struct entry *e = entry_at(p, i);

		if (!e->is_used && (e->facts.marks & MARK_CA) &&
		    e->facts.subject_hash == f->issuer_hash)
			return e;
	}
	return NULL;
}

static GArray *facts_of(GBytes *const *ders, size_t n)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct entry));

	g_array_set_clear_func(all, entry_done);
	for (size_t i = 0; i < n; i++) {
		struct entry e = { .der = ders[i] };
		gsize len;
		const uint8_t *bytes = g_bytes_get_data(ders[i], &len);

		if (x509_facts(bytes, len, &e.facts, NULL))
			g_array_append_val(all, e);
	}
	return all;
}

void bundle_link(struct bundle *b, GBytes *const *ders, size_t n)
{
	struct parts p = { .entries = facts_of(ders, n) };
	struct facts last = { 0 };
	const struct facts *f = &b->facts;
	struct entry *e;

	if (b->chain->len) {
		gsize len;
		GBytes *end = b->chain->pdata[b->chain->len - 1];
		const uint8_t *bytes = g_bytes_get_data(end, &len);

		f = x509_facts(bytes, len, &last, NULL) ? &last : f;
	}
	while (f->issuer_hash != f->subject_hash && (e = issuer_of(&p, f)) != NULL) {
		e->is_used = true;
		g_ptr_array_add(b->chain, g_bytes_ref(e->der));
		f = &e->facts;
	}
	facts_done(&last);
	g_array_unref(p.entries);
}

/* ---- reading ---- */

static bool take_cert(struct parts *p, GBytes *der, GError **error)
{
	struct entry e = { .der = der };
	gsize len;
	const uint8_t *bytes = g_bytes_get_data(der, &len);

	if (p->entries->len >= BUNDLE_CERTS_MAX) {
		g_set_error(error, ERR, ERR_LIMIT, "it holds more than %d certificates: add it "
			    "as a store of its own instead", BUNDLE_CERTS_MAX);
		return false;
	}
	if (!x509_facts(bytes, len, &e.facts, error))
		return false;
	g_array_append_val(p->entries, e);
	return true;
}

static bool sort_out(struct parts *p, const GPtrArray *items, GError **error)
{
	for (guint i = 0; i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CERT && !take_cert(p, item->der, error))
			return false;
		if (item->kind == X509_ITEM_KEY)
			g_array_append_val(p->keys, item->key_hash);
		if (item->kind == X509_ITEM_KEY_LOCKED)
			p->has_locked_key = true;
		if (item->kind == X509_ITEM_BAD && !p->trouble)
			p->trouble = item->trouble;
	}
	if (p->entries->len)
		return true;
	g_set_error(error, ERR, p->trouble ? ERR_FORMAT : ERR_NOT_FOUND, "%s",
		    p->trouble ? p->trouble : "there is no certificate in it");
	return false;
}

static struct entry *with_key(const struct parts *p)
{
	for (guint i = 0; i < p->entries->len; i++)
		for (guint k = 0; k < p->keys->len; k++)
			if (entry_at(p, i)->facts.key_hash == g_array_index(p->keys, uint32_t, k))
				return entry_at(p, i);
	return NULL;
}

/* Each has a key of its own, and only a person knows which is meant. */
static bool is_of_one_key(const struct parts *p, const struct entry *chosen, GError **error)
{
	g_autoptr(GString) names = g_string_new(chosen->facts.name);
	guint others = 0;

	for (guint i = 0; i < p->entries->len; i++) {
		const struct entry *e = entry_at(p, i);
		bool has_key = false;

		for (guint k = 0; k < p->keys->len; k++)
			has_key = has_key || e->facts.key_hash == g_array_index(p->keys, uint32_t, k);
		if (!has_key || e->facts.key_hash == chosen->facts.key_hash)
			continue;
		if (others++ < NAMES_SHOWN)
			g_string_append_printf(names, ", %s", e->facts.name);
	}
	if (!others)
		return true;
	g_set_error(error, ERR, ERR_USAGE, "there are several private keys in it, each with a certificate of "
		    "its own (%s%s): put the one that is meant into a file of its own; nothing was done",
		    names->str, others > NAMES_SHOWN ? ", …" : "");
	return false;
}

static struct entry *first_leaf(const struct parts *p)
{
	for (guint i = 0; i < p->entries->len; i++)
		if (entry_at(p, i)->facts.marks & MARK_LEAF)
			return entry_at(p, i);
	return entry_at(p, 0);
}

static void follow_chain(struct bundle *b, struct parts *p, struct entry *e)
{
	e->is_used = true;
	b->left_out = p->entries->len - 1;
	while (e->facts.issuer_hash != e->facts.subject_hash &&
	       (e = issuer_of(p, &e->facts)) != NULL) {
		e->is_used = true;
		b->left_out--;
		g_ptr_array_add(b->chain, g_bytes_ref(e->der));
	}
}

GPtrArray *bundle_chain(const struct bundle *b)
{
	struct parts p = { .entries = g_array_new(FALSE, FALSE, sizeof(struct entry)) };
	struct bundle ordered = { .chain = g_ptr_array_new_with_free_func(
					  (GDestroyNotify)g_bytes_unref) };
	struct entry first = { .facts = b->facts };	/* borrowed */

	g_array_set_clear_func(p.entries, entry_done);
	for (guint i = 0; i < b->chain->len; i++)
		if (!g_bytes_equal(b->chain->pdata[i], b->cert))
			take_cert(&p, b->chain->pdata[i], NULL);
	follow_chain(&ordered, &p, &first);
	g_array_unref(p.entries);
	return ordered.chain;
}

static bool take_key(struct bundle *b, const struct parts *p, GBytes *file,
		     const struct secret *passphrase, GError **error)
{
	gsize len, cert_len;
	const uint8_t *bytes = g_bytes_get_data(file, &len);
	const uint8_t *cert = g_bytes_get_data(b->cert, &cert_len);

	if (!p->keys->len && !p->has_locked_key)
		return true;
	if (p->keys->len && !with_key(p)) {
		g_set_error(error, ERR, ERR_USAGE, "the private key in it belongs to none of "
			    "its certificates; nothing was done");
		return false;
	}
	b->key = x509_key_find(bytes, len, b->facts.key_hash, passphrase, error);
	if (!b->key)
		return false;
	if (x509_key_fits(b->key, cert, cert_len))
		return true;
	g_set_error(error, ERR, ERR_USAGE,
		    "the private key in it is not that of the certificate; nothing was done");
	return false;
}

static struct bundle *make(struct parts *p, GBytes *file, bool wants_key,
			   const struct secret *passphrase, GError **error)
{
	g_autoptr(bundle) b = NULL;
	struct entry *chosen = with_key(p);

	if (chosen && wants_key && !is_of_one_key(p, chosen, error))
		return NULL;
	if (!chosen)
		chosen = first_leaf(p);
	b = bundle_new(chosen->der, NULL, 0, NULL, error);
	if (!b)
		return NULL;
	follow_chain(b, p, chosen);
	if (wants_key && !take_key(b, p, file, passphrase, error))
		return NULL;
	return g_steal_pointer(&b);
}

struct bundle *bundle_read(const char *path, size_t limit, bool wants_key,
			   const struct secret *passphrase, GError **error)
{
	struct parts p = { 0 };
	GError *why = NULL;
	GBytes *file = file_read(path, limit, NULL, error);
	g_autoptr(GPtrArray) items = NULL;
	struct bundle *b = NULL;
	gsize len;
	const uint8_t *bytes;

	if (!file)
		return NULL;
	p.entries = g_array_new(FALSE, FALSE, sizeof(struct entry));
	g_array_set_clear_func(p.entries, entry_done);
	p.keys = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	bytes = g_bytes_get_data(file, &len);
	items = x509_scan(bytes, len, passphrase, &why);
	if (items && sort_out(&p, items, &why))
		b = make(&p, file, wants_key, passphrase, &why);
	if (why) {
		g_autofree char *shown = text_harmless_dup(path, 400);

		g_propagate_prefixed_error(error, why, "%s: ", shown);
	}
	g_array_unref(p.entries);
	g_array_unref(p.keys);
	file_wipe(file);
	return b;
}

/* ---- writing ---- */

static void add_pem(GString *out, GBytes *der)
{
	gsize len;
	const uint8_t *bytes = g_bytes_get_data(der, &len);
	g_autofree char *pem = x509_pem(bytes, len);

	g_string_append(out, pem);
}

char *bundle_pem(GBytes *cert, GBytes *const *chain, size_t n)
{
	GString *out = g_string_new(NULL);

	if (cert)
		add_pem(out, cert);
	for (size_t i = 0; i < n; i++)
		add_pem(out, chain[i]);
	return g_string_free(out, FALSE);
}

bool bundle_write(const char *path, const char *pem, const struct secret *key,
		  enum file_replace replace, GError **error)
{
	size_t len = strlen(pem), key_len = key ? key->len : 0;
	char *whole = g_malloc(len + key_len + 1);
	bool ok;

	memcpy(whole, pem, len);
	if (key)
		memcpy(whole + len, key->bytes, key_len);
	ok = file_write(path, whole, len + key_len, key ? 0600 : 0644, replace, error);
	secret_wipe(whole, len + key_len);
	return ok;
}
