/*
 * hand: a certificate with its issuers and its key, taken out of a folder, a keystore or the own
 * repository for whoever puts it somewhere else.
 *
 * Its issuers are those of its own file, then those of a chain.pem beside it, as certbot's folders
 * and the own repository have one, then those that other stores know.
 */
#include "own.h"

#include <string.h>

struct handing {
	/* the question */
	GBytes *der;
	struct seek *seek;
	char *file, *beside;	/* full paths */
	GPtrArray *known;	/* GBytes */
	struct secret *passphrase;
	size_t limit;
	/* the answer is `out`, a bundle */
};

static step_fn handed;

static void handing_free(void *p)
{
	struct handing *h = p;

	g_bytes_unref(h->der);
	seek_free(h->seek);
	g_free(h->file);
	g_free(h->beside);
	g_ptr_array_unref(h->known);
	secret_free(h->passphrase);
	g_free(h);
}

/* ---- on the pool ---- */

/* Those of a file that may issue, as what can be linked by name. */
static void add_file(const struct handing *h, const char *path, GPtrArray *ret)
{
	struct scanned *s;

	if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
		return;
	s = scan_file(path, h->limit, h->passphrase);
	for (guint i = 0; i < s->certs->len && ret->len < BUNDLE_CERTS_MAX; i++)
		g_ptr_array_add(ret, g_bytes_ref(g_array_index(s->certs, struct scanned_cert,
							       i).der));
	scanned_free(s);
}

static GPtrArray *candidates(const struct handing *h)
{
	GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

	add_file(h, h->file, all);
	add_file(h, h->beside, all);
	for (guint i = 0; i < h->known->len; i++)
		g_ptr_array_add(all, g_bytes_ref(h->known->pdata[i]));
	return all;
}

static void run(struct work *w)
{
	struct handing *h = w->in;
	g_autoptr(GPtrArray) issuers = candidates(h);
	g_autoptr(bundle) b = bundle_new(h->der, NULL, 0, NULL, &w->error);

	if (!b || work_is_stopped(w))
		return;
	b->key = seek_key(h->seek, b->facts.key_hash, &w->error);
	if (!b->key)
		return;
	bundle_link(b, (GBytes *const *)issuers->pdata, issuers->len);
	w->out = g_steal_pointer(&b);
}

/* ---- steps ---- */

static struct handing *handing_new(struct op *op, uint32_t key_hash)
{
	struct handing *h = g_new0(struct handing, 1);
	struct memo *memo = memo_read(op->memo);
	g_autofree char *path = seek_file_of(memo, op->cert.alias ? op->cert.alias : "");
	g_autofree char *folder = NULL;
	const struct secret *passphrase = args_secret(op->args, "passphrase");

	memo_free(memo);
	h->der = g_bytes_ref(op->cert.der);
	h->seek = seek_new(op, key_hash);
	h->file = *path ? g_build_filename(op->store->address, path, NULL) :
			  g_strdup(op->store->address);
	folder = g_path_get_dirname(h->file);
	h->beside = g_build_filename(folder, "chain.pem", NULL);
	h->known = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	for (size_t i = 0; i < op->cert.n_chain; i++)
		g_ptr_array_add(h->known, g_bytes_ref(op->cert.chain[i]));
	h->passphrase = passphrase ? secret_dup(passphrase) : NULL;
	h->limit = (size_t)settings_int(op->settings, "local", "file-limit");
	return h;
}

struct next hand_cert(struct op *op, const struct reply *none)
{
	struct facts f = { 0 };
	GError *error = NULL;
	struct handing *h;
	gsize len;
	const uint8_t *der;

	(void)none;
	if (!op->cert.der)
		return next_fail(op, ERR_NOT_FOUND,
				 "the certificate's bytes are not kept here: refresh its store");
	if (!strcmp(op->store->type, LOCAL_ENDPOINT))
		return next_fail(op, ERR_REFUSED, "an endpoint presents certificates and never "
				 "their keys");
	der = g_bytes_get_data(op->cert.der, &len);
	if (!x509_facts(der, len, &f, &error))
		return next_fail_error(op, error);
	h = handing_new(op, f.key_hash);
	facts_done(&f);
	return next_work(work_new(run, h, handing_free, (GDestroyNotify)bundle_free), handed);
}

static struct next handed(struct op *op, const struct reply *none)
{
	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	op_hand(op, g_steal_pointer(&op->work->out));
	return next_done();
}
