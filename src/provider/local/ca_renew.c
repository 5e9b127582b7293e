/*
 * ca_renew: the successor of a certificate that a small CA has signed, for the same names and with
 * the same profile, as long as the old one, with a fresh key of the same kind.
 *
 * The CA's own request and signature are made in one go, so that the key is never anywhere but in
 * its place.  The order of writing makes it safe to end anywhere:
 *
 *   1. the certificate with its key takes the old one's place, by one rename
 *   2. issued/<name>-<serial8>.pem, then .csr, say what was signed
 *   3. the own repository keeps it, its key only when it is encrypted
 *
 * A second try finds another certificate in the place and leaves it alone.
 */
#include "ca.h"

#include <string.h>
#include <unistd.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

struct renewing {
	/* the question */
	char *folder, *repository;	/* the CA's; the own one's */
	char *file;		/* of the place; NULL: only the repository gets the new one */
	bool is_kept;		/* it is in the own repository: a new version goes beside it */
	GBytes *old;
	struct facts facts;	/* of old */
	struct secret *passphrase, *new_passphrase;
	size_t limit;
	int64_t now;
	/* found */
	bool is_plain;		/* the old key is not encrypted, so the new one is not */
	const char *kind;
	const struct x509_profile *profile;
	/* the answer */
	char *said;
	GPtrArray *troubles;
};

static step_fn renewed;

static void renewing_free(void *p)
{
	struct renewing *r = p;

	g_free(r->folder);
	g_free(r->repository);
	g_free(r->file);
	g_clear_pointer(&r->old, g_bytes_unref);
	facts_done(&r->facts);
	secret_free(r->passphrase);
	secret_free(r->new_passphrase);
	g_free(r->said);
	g_ptr_array_unref(r->troubles);
	g_free(r);
}

/* ---- before anything is signed ---- */

static bool find_like(struct renewing *r, const struct ca *ca, GError **error)
{
	r->kind = x509_renew_kind(r->facts.key);
	r->profile = x509_renew_profile(r->old);
	if (!x509_is_signed_by(r->old, ca->certs->pdata[0]))
		return folder_fail(error, ERR_REFUSED, ca->folder, "this CA has not signed it");
	if (!r->kind)
		g_set_error(error, ERR, ERR_REFUSED, "%s: a key like its own (%s) is not made here",
			    r->facts.name, r->facts.key);
	else if (!r->profile)
		g_set_error(error, ERR, ERR_REFUSED, "%s: no profile of the CA allows just what it "
			    "may be used for: make a request of its own", r->facts.name);
	return r->kind && r->profile;
}

/* How its key stands in a file: X509_ITEM_KEY, X509_ITEM_KEY_LOCKED; X509_ITEM_BAD: it is not in it. */
static enum x509_item_kind key_in(const struct renewing *r, const char *path, GError **error)
{
	GBytes *file = file_read(path, r->limit, NULL, error);
	gsize len;
	const uint8_t *bytes = file ? g_bytes_get_data(file, &len) : NULL;
	g_autoptr(GPtrArray) items = bytes ? x509_scan(bytes, len, NULL, error) : NULL;
	enum x509_item_kind found = X509_ITEM_BAD;

	for (guint i = 0; items && i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		if ((item->kind == X509_ITEM_KEY && item->key_hash == r->facts.key_hash) ||
		    (item->kind == X509_ITEM_KEY_LOCKED && found == X509_ITEM_BAD))
			found = item->kind;
	}
	if (file)
		file_wipe(file);
	return found;
}

static bool is_still_there(const struct renewing *r, GError **error)
{
	g_autoptr(bundle) there = bundle_read(r->file, r->limit, false, NULL, error);

	if (there && !memcmp(there->facts.sha256, r->facts.sha256, sizeof(r->facts.sha256)))
		return true;
	return there && folder_fail(error, ERR_REFUSED, r->file, "another certificate is there by "
				    "now; nothing was done: refresh its store");
}

static bool look_at_place(struct renewing *r, GError **error)
{
	g_autofree char *folder = r->file ? g_path_get_dirname(r->file) : NULL;
	g_autofree char *beside = r->is_kept ? g_build_filename(folder, "key.pem", NULL) : NULL;
	enum x509_item_kind key = X509_ITEM_KEY_LOCKED;
	GError *why = NULL;

	if (r->file && !is_still_there(r, error))
		return false;
	if (r->file)
		key = key_in(r, beside ? beside : r->file, &why);
	if (why) {
		g_propagate_error(error, why);
		return false;
	}
	if (key == X509_ITEM_BAD)
		return folder_fail(error, ERR_REFUSED, r->file, "its private key lies in a file of its "
				   "own, and both cannot be replaced at once: put them into one file, "
				   "or make a request and add what comes of it");
	r->is_plain = key == X509_ITEM_KEY;
	if (!r->is_kept && r->file && folder_is_open_file(r->file))
		return folder_fail(error, ERR_REFUSED, r->file, "others may read this file, so no key "
				   "is put into it; change its mode to 0600 first");
	if (r->is_plain || (r->new_passphrase && r->new_passphrase->len))
		return true;
	g_set_error(error, ERR, ERR_SIGN_IN, "%s: a new passphrase is needed to keep the new private "
		    "key encrypted as the old one is", r->facts.name);
	return false;
}

/* ---- afterwards ---- */

static void keep(struct renewing *r, const struct ca *ca, GBytes *cert, const struct secret *key,
		 GError **error)
{
	g_autofree char *from = g_strdup_printf("renewed by %s", ca->facts.name), *folder = NULL;
	struct keeping k = {
		.root = r->repository,
		.name = r->facts.name,
		.cert = cert,
		.chain = (GBytes *const *)ca->certs->pdata,
		.n_chain = ca->certs->len,
		.key = key,
		.is_plain_key = r->is_plain,
		.from = from,
		.now = r->now,
	};
	bool was_there;

	repository_put(&k, &folder, &was_there, error);
}

/* That what is in its place is not written down is told, and undoes nothing. */
static void write_down(struct renewing *r, const struct ca *ca, GBytes *cert, GBytes *csr)
{
	g_autofree char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, csr);
	g_autofree char *stamp = ca_stamp(digest, "renewed", NULL, r->now);
	g_autofree char *old = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, r->old);
	g_autofree char *head = g_strdup_printf("%sprofile: %s\nsuccessor of: %s\n", stamp,
						r->profile->name, old);
	g_autofree char *path = NULL, *beside = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(detail) request = x509_csr_describe(csr, NULL, NULL, NULL);

	if (ca_write_issued(ca, cert, NULL, head, &path, &error) && request) {
		beside = g_strdup_printf("%.*s.csr", (int)(strlen(path) - strlen(".pem")), path);
		file_write(beside, request->pem, strlen(request->pem), 0644, FILE_NEW, &error);
	}
	if (error)
		g_ptr_array_add(r->troubles, g_strdup_printf("not written down by the CA: %s",
							     error->message));
}

static void say(struct renewing *r, const struct ca *ca, GBytes *cert)
{
	g_autofree char *shown = r->file && !r->is_kept ? folder_shown(r->file) :
							  g_strdup("the own repository");
	g_autoptr(GString) until = g_string_new(NULL);
	struct facts f = { 0 };
	gsize len;
	const uint8_t *der = g_bytes_get_data(cert, &len);

	if (x509_facts(der, len, &f, NULL))
		clock_say_date(until, f.not_after);
	facts_done(&f);
	r->said = g_strdup_printf("%s is renewed by %s until %s, with a new key%s, in %s", r->facts.name,
				  ca->facts.name, until->str,
				  r->is_plain ? ", NOT encrypted as the old one was" : "", shown);
}

/* ---- on the pool ---- */

static bool put(struct renewing *r, const struct ca *ca, GBytes *cert, const struct x509_key *key,
		GError **error)
{
	g_autofree char *pem = bundle_pem(cert, (GBytes *const *)ca->certs->pdata, ca->certs->len);
	g_autoptr(secret) text = x509_key_pem(key, r->is_plain ? NULL : r->new_passphrase, error);
	GError *why = NULL;

	if (!text)
		return false;
	if (r->file && !r->is_kept && !bundle_write(r->file, pem, text, FILE_REPLACE, error))
		return false;
	keep(r, ca, cert, r->is_plain && !r->is_kept ? NULL : text, &why);
	if (!why)
		return true;
	if (!r->file || r->is_kept) {
		g_propagate_error(error, why);
		return false;
	}
	g_ptr_array_add(r->troubles, g_strdup_printf("not kept in the own repository: %s",
						     why->message));
	g_error_free(why);
	return true;
}

static bool renew(struct renewing *r, GError **error)
{
	g_autoptr(ca) ca = ca_open(r->folder, error);
	g_autoptr(x509_key) ca_key = NULL, key = NULL;
	g_autoptr(GBytes) csr = NULL, cert = NULL;

	if (!ca || !find_like(r, ca, error) || !look_at_place(r, error))
		return false;
	ca_key = ca_open_key(ca, r->passphrase, error);
	key = ca_key ? x509_key_make(r->kind, error) : NULL;
	csr = key ? x509_renew_csr(key, r->old, error) : NULL;
	cert = csr ? ca_sign(ca, ca_key, csr, r->profile, r->now,
			     r->now + r->facts.not_after - r->facts.not_before, error) : NULL;
	if (!cert || !put(r, ca, cert, key, error))
		return false;
	write_down(r, ca, cert, csr);
	say(r, ca, cert);
	return true;
}

static void run(struct work *w)
{
	struct renewing *r = w->in;
	int lock = folder_lock(r->folder, &w->error);

	if (lock < 0)
		return;
	if (!work_is_stopped(w))
		renew(r, &w->error);
	close(lock);
}

/* ---- steps ---- */

static struct secret *dup_secret(const struct op *op, const char *key)
{
	const struct secret *s = args_secret(op->args, key);

	return s ? secret_dup(s) : NULL;
}

/* Where the old one lies: a folder that can be written to, or the own repository. */
static void find_place(struct renewing *r, const struct op *op)
{
	gssize i = items_find(op->stores, args_text(op->args, "at", ""));
	const struct store *s = i < 0 ? NULL : op->stores->item[i];
	struct memo *memo;
	g_autofree char *path = NULL;

	if (!s || !s->is_writable)
		return;
	memo = memo_read(op->memo);
	path = seek_file_of(memo, op->cert.alias ? op->cert.alias : "");
	memo_free(memo);
	r->is_kept = !strcmp(s->type, LOCAL_REPOSITORY);
	r->file = *path ? g_build_filename(s->address, path, NULL) : NULL;
}

struct next ca_renew(struct op *op, const struct reply *none)
{
	struct renewing *r;
	GError *error = NULL;
	gsize len;
	const uint8_t *der;

	(void)none;
	if (strcmp(op->store->type, LOCAL_CA) || !op->cert.der)
		return next_fail(op, ERR_REFUSED, "there is no CA on this machine that has signed it");
	r = g_new0(struct renewing, 1);
	r->troubles = g_ptr_array_new_with_free_func(g_free);
	der = g_bytes_get_data(op->cert.der, &len);
	if (!x509_facts(der, len, &r->facts, &error)) {
		renewing_free(r);
		return next_fail_error(op, error);
	}
	r->old = g_bytes_ref(op->cert.der);
	r->folder = g_strdup(op->store->address);
	r->repository = local_repository();
	r->passphrase = dup_secret(op, "passphrase");
	r->new_passphrase = dup_secret(op, "new-passphrase");
	r->limit = (size_t)settings_int(op->settings, "local", "file-limit");
	r->now = op->now;
	find_place(r, op);
	return next_work(work_new(run, r, renewing_free, NULL), renewed);
}

static struct next renewed(struct op *op, const struct reply *none)
{
	const struct renewing *r = op->work->in;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	for (guint i = 0; i < r->troubles->len; i++)
		op_trouble(op, "%s", (char *)r->troubles->pdata[i]);
	op_say(op, "%s", r->said);
	op_touch(op, op->store->id);
	if (*args_text(op->args, "at", ""))
		op_touch(op, args_text(op->args, "at", ""));
	local_touch_repository(op);
	return next_done();
}
