/*
 * enrol_key: keys of the own repository for certificates that an issuer elsewhere signs.
 *
 *   keys/<token>/key.pem	beside the repository, mode 0600, encrypted unless it was asked for plain
 *   keys/<token>/request.pem	when that is there, both are
 *
 * Once the certificate is kept, its key lies in the repository as any other, and this folder goes.  A
 * key without its request was never handed on, so another one takes its place.
 */
#include "own.h"

#include <string.h>

#include <certty/base/text.h>

#define KEYS	 "keys"
#define FILE_MAX (256u << 10)

struct holding {
	/* the question */
	char *repository;
	char *folder, *key_file, *csr_file;
	char *kind, *subject, *from;
	char **names;
	struct bundle *bundle;
	struct secret *passphrase;	/* NULL: the key stays, or is, plain */
	int64_t now;
	/* the answer */
	GBytes *csr;
	char *alias;
	struct x509_key *key;
};

static step_fn made, kept, dropped;

static void holding_free(void *p)
{
	struct holding *h = p;

	g_free(h->repository);
	g_free(h->folder);
	g_free(h->key_file);
	g_free(h->csr_file);
	g_free(h->kind);
	g_free(h->subject);
	g_free(h->from);
	g_strfreev(h->names);
	bundle_free(h->bundle);
	secret_free(h->passphrase);
	g_clear_pointer(&h->csr, g_bytes_unref);
	g_free(h->alias);
	x509_key_free(h->key);
	g_free(h);
}

/* NULL: the store is none for keys. */
static struct holding *holding_new(const struct op *op)
{
	const struct secret *passphrase = args_secret(op->args, "passphrase");
	g_autofree char *beside = g_path_get_dirname(op->store->address);
	struct holding *h;

	if (strcmp(op->store->type, LOCAL_REPOSITORY) != 0)
		return NULL;
	h = g_new0(struct holding, 1);
	h->repository = g_strdup(op->store->address);
	h->folder = g_build_filename(beside, KEYS, op->enrol->token, NULL);
	h->key_file = g_build_filename(h->folder, "key.pem", NULL);
	h->csr_file = g_build_filename(h->folder, "request.pem", NULL);
	h->passphrase = passphrase && !args_bool(op->args, "plain") ? secret_dup(passphrase) : NULL;
	h->names = g_strdupv((char **)(uintptr_t)op->enrol->names);
	h->now = op->now;
	return h;
}

static struct next no_place(struct op *op)
{
	return next_fail(op, ERR_REFUSED, "%s makes no keys: the own repository does",
			 op->store->title);
}

/* ---- making ---- */

static GBytes *read_csr(const struct holding *h, GError **error)
{
	g_autoptr(GBytes) file = file_read(h->csr_file, FILE_MAX, NULL, error);
	gsize len;
	const uint8_t *bytes = file ? g_bytes_get_data(file, &len) : NULL;
	g_autoptr(GPtrArray) items = bytes ? x509_scan(bytes, len, NULL, error) : NULL;

	for (guint i = 0; items && i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CSR)
			return g_bytes_ref(item->der);
	}
	if (items)
		folder_fail(error, ERR_FORMAT, h->csr_file, "there is no certificate request in it");
	return NULL;
}

static bool make_both(struct holding *h, GError **error)
{
	g_autoptr(x509_key) key = x509_key_make(h->kind, error);
	g_autoptr(GBytes) csr = key ? x509_csr_make(key, h->subject, (const char *const *)h->names,
						    error) : NULL;
	g_autofree char *pem = csr ? x509_csr_pem(csr) : NULL;
	g_autoptr(secret) text = pem ? x509_key_pem(key, h->passphrase, error) : NULL;

	if (!text ||
	    !file_write(h->key_file, text->bytes, text->len, 0600, FILE_REPLACE, error) ||
	    !file_write(h->csr_file, pem, strlen(pem), 0600, FILE_REPLACE, error))
		return false;
	h->csr = g_steal_pointer(&csr);
	return true;
}

static void run_make(struct work *w)
{
	struct holding *h = w->in;

	if (!file_make_folder(h->folder, &w->error))
		return;
	if (g_file_test(h->csr_file, G_FILE_TEST_EXISTS))
		h->csr = read_csr(h, &w->error);
	else
		make_both(h, &w->error);
}

static struct next make(struct op *op, const struct reply *none)
{
	struct holding *h = holding_new(op);

	(void)none;
	if (!h)
		return no_place(op);
	if (!h->passphrase && !args_bool(op->args, "plain")) {
		holding_free(h);
		return next_fail(op, ERR_SIGN_IN, "a passphrase is needed to encrypt the private key (or "
				 "plain, to leave it unencrypted)");
	}
	h->kind = g_strdup(args_text(op->args, "kind", "ec-p256"));
	h->subject = key_subject(args_get(op->args, "subject"), h->names[0]);
	return next_work(work_new(run_make, h, holding_free, NULL), made);
}

static struct next made(struct op *op, const struct reply *none)
{
	struct holding *h = op->work->in;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	op_csr(op, g_steal_pointer(&h->csr));
	return next_done();
}

/* ---- keeping what was issued ---- */

/* The text of the key as it is to lie in the repository; *ret_plain: anybody can read it. */
static struct secret *read_key(const struct holding *h, const char *path, bool *ret_plain,
			       GError **error)
{
	GBytes *file = file_read(path, FILE_MAX, NULL, error);
	gsize len;
	const uint8_t *bytes = file ? g_bytes_get_data(file, &len) : NULL;
	g_autoptr(x509_key) plain = bytes ? x509_key_read(bytes, len, NULL, NULL) : NULL;
	struct secret *text = bytes ? secret_new(bytes, len) : NULL;

	*ret_plain = plain;
	if (bytes && !text)
		g_set_error(error, ERR, ERR_LIMIT, "the memory for secrets is full");
	if (file)
		file_wipe(file);
	return text;
}

/* For whoever puts it somewhere else; an encrypted one that cannot be opened stays what it is. */
static void open_key(struct holding *h, const struct secret *text)
{
	gsize len;
	const uint8_t *der = g_bytes_get_data(h->bundle->cert, &len);

	h->key = x509_key_read((const uint8_t *)text->bytes, text->len, h->passphrase, NULL);
	if (h->key && !x509_key_fits(h->key, der, len))
		g_clear_pointer(&h->key, x509_key_free);
}

static bool put(struct holding *h, const struct secret *text, bool is_plain, GError **error)
{
	g_autofree char *folder = NULL;
	struct keeping k = {
		.root = h->repository,
		.name = h->bundle->facts.name,
		.cert = h->bundle->cert,
		.chain = (GBytes *const *)h->bundle->chain->pdata,
		.n_chain = h->bundle->chain->len,
		.key = text,
		.is_plain_key = is_plain,
		.from = h->from,
		.now = h->now,
	};
	bool was_there;

	if (!repository_put(&k, &folder, &was_there, error))
		return false;
	h->alias = g_build_filename(folder + strlen(h->repository) + 1, "cert.pem", NULL);
	return true;
}

/* It was put there before, and its key put away. */
static bool find(struct holding *h, GError **error)
{
	g_autofree char *folder = repository_find_key(h->repository, h->bundle->facts.name,
						      h->bundle->cert);
	g_autofree char *path = folder ? g_build_filename(folder, "key.pem", NULL) : NULL;
	g_autoptr(secret) text = NULL;
	bool is_plain;

	if (!folder)
		return folder_fail(error, ERR_NOT_FOUND, h->key_file, "the private key is not there any "
				   "more, nor in the own repository");
	h->alias = g_build_filename(folder + strlen(h->repository) + 1, "cert.pem", NULL);
	text = read_key(h, path, &is_plain, error);
	if (text)
		open_key(h, text);
	return text;
}

static void run_keep(struct work *w)
{
	struct holding *h = w->in;
	g_autoptr(secret) text = NULL;
	bool is_plain;

	if (!g_file_test(h->key_file, G_FILE_TEST_EXISTS)) {
		folder_drop(h->folder);
		find(h, &w->error);
		return;
	}
	text = read_key(h, h->key_file, &is_plain, &w->error);
	if (!text || !put(h, text, is_plain, &w->error))
		return;
	open_key(h, text);
	folder_drop(h->folder);
}

static struct next keep(struct op *op, const struct reply *none)
{
	struct holding *h = holding_new(op);

	(void)none;
	if (!h)
		return no_place(op);
	h->bundle = bundle_dup(op->bundle);
	h->from = text_harmless_dup(args_text(op->args, "from", "enrolled"), 400);
	return next_work(work_new(run_keep, h, holding_free, NULL), kept);
}

static struct next kept(struct op *op, const struct reply *none)
{
	struct holding *h = op->work->in;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	op_placed(op, h->alias, h->bundle->facts.sha256);
	op_touch(op, op->store->id);
	if (h->key) {
		h->bundle->key = g_steal_pointer(&h->key);
		op_hand(op, g_steal_pointer(&h->bundle));
	}
	return next_done();
}

/* ---- dropping ---- */

static void run_drop(struct work *w)
{
	folder_drop(((const struct holding *)w->in)->folder);
}

static struct next drop(struct op *op, const struct reply *none)
{
	struct holding *h = holding_new(op);

	(void)none;
	return h ? next_work(work_new(run_drop, h, holding_free, NULL), dropped) : no_place(op);
}

static struct next dropped(struct op *op, const struct reply *none)
{
	(void)op;
	(void)none;
	return next_done();
}

/* ---- what it would do ---- */

static bool plan(struct op *op, struct plan *p, GError **error)
{
	struct holding *h = holding_new(op);
	g_autofree char *name = folder_file_name(op->enrol->names[0]);
	g_autofree char *key = g_strconcat(name, ".key", NULL), *csr = g_strconcat(name, ".csr", NULL);

	if (!h) {
		g_set_error(error, ERR, ERR_REFUSED, "%s makes no keys: the own repository does",
			    op->store->title);
		return false;
	}
	plan_call(p, PLAN_CHANGES, "write", h->folder, "a new private key, mode 0600, and its request");
	plan_call(p, PLAN_CHANGES, "write", h->repository, "the certificate, once it is issued, with its "
		  "issuers and the key");
	if (args_bool(op->args, "plain"))
		plan_warn(p, "the private key is written without encryption");
	planned_run_key(op, p, h->names, key, csr);
	holding_free(h);
	return true;
}

const struct key_maker enrol_key_maker = {
	.make = make,
	.keep = keep,
	.drop = drop,
	.plan = plan,
};
