/*
 * ca_enrol: a small CA as the issuer of certificates whose keys are made elsewhere.
 *
 * A request is put into pending/ and waits there like anybody's until a person approves it; what it
 * is to be used for, and how long, that person says.  The token is in the file's name and the digest
 * in the answer, so asking again finds what there is.
 */
#include "ca.h"

#include <string.h>

#include <glib/gstdio.h>

struct asking {
	/* the question */
	char *folder, *about;
	char *file;		/* in pending/ */
	GBytes *csr;
	/* the answer */
	struct bundle *bundle;
	char *path;		/* of the request that waits */
	char *denied;
	bool is_gone;
};

static step_fn asked, taken;

static void asking_free(void *p)
{
	struct asking *a = p;

	g_free(a->folder);
	g_free(a->about);
	g_free(a->file);
	g_bytes_unref(a->csr);
	bundle_free(a->bundle);
	g_free(a->path);
	g_free(a->denied);
	g_free(a);
}

static struct asking *asking_new(const struct op *op)
{
	g_autofree char *name = folder_file_name(op->enrol->names[0]);
	struct asking *a;

	if (strcmp(op->store->type, LOCAL_CA) != 0)
		return NULL;
	a = g_new0(struct asking, 1);
	a->folder = g_strdup(op->store->address);
	a->about = g_strdup(op->enrol->about ? op->enrol->about : "");
	a->file = g_strdup_printf("%s-%.8s.csr", name, op->enrol->token);
	a->csr = op->enrol->csr ? g_bytes_ref(op->enrol->csr) : g_bytes_new(NULL, 0);
	return a;
}

static struct next no_ca(struct op *op)
{
	return next_fail(op, ERR_REFUSED, "%s is no CA that issues", op->store->title);
}

/* ---- on the pool ---- */

static char *find_pending(const struct asking *a, const char *digest)
{
	g_autoptr(GPtrArray) paths = ca_pending_paths(a->folder, NULL);

	for (guint i = 0; i < paths->len; i++) {
		g_autoptr(ca_pending) p = ca_pending_read(paths->pdata[i]);

		if (!strcmp(p->digest, digest))
			return g_strdup(p->path);
	}
	return NULL;
}

/* What it answered; false: it did not, or could not be read. */
static bool read_answer(struct asking *a, const char *digest, GError **error)
{
	g_autoptr(GPtrArray) answers = ca_answers(a->folder);
	const struct ca_answer *it = ca_find_answer(answers, digest);
	g_autoptr(ca) ca = it && it->is_issued ? ca_open(a->folder, error) : NULL;

	if (it && !it->is_issued)
		a->denied = g_strdup(it->reason ? it->reason : "");
	if (ca)
		a->bundle = bundle_new(it->cert, (GBytes *const *)ca->certs->pdata, ca->certs->len, NULL,
				       error);
	return it;
}

static bool put_pending(struct asking *a, GError **error)
{
	g_autofree char *folder = g_build_filename(a->folder, "pending", NULL);
	g_autofree char *pem = x509_csr_pem(a->csr);
	g_autofree char *path = g_build_filename(folder, a->file, NULL);

	if (!file_make_folder(folder, error) ||
	    !file_write(path, pem, strlen(pem), 0644, FILE_NEW, error))
		return false;
	a->path = g_steal_pointer(&path);
	return true;
}

/* What waits is looked at first: an answer is there before its request is moved. */
static void run_ask(struct work *w)
{
	struct asking *a = w->in;
	g_autofree char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, a->csr);

	a->path = find_pending(a, digest);
	if (a->path || read_answer(a, digest, &w->error))
		return;
	a->is_gone = *a->about;
	if (!a->is_gone)
		put_pending(a, &w->error);
}

static void run_take(struct work *w)
{
	struct asking *a = w->in;
	g_autofree char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, a->csr);
	g_autofree char *path = find_pending(a, digest);

	if (!path)
		read_answer(a, digest, &w->error);
	else if (g_unlink(path) != 0)
		folder_fail(&w->error, ERR_IO, path, "it could not be taken back");
}

/* ---- steps ---- */

static struct next ask(struct op *op, const struct reply *none)
{
	struct asking *a = asking_new(op);

	(void)none;
	return a ? next_work(work_new(run_ask, a, asking_free, NULL), asked) : no_ca(op);
}

static struct next asked(struct op *op, const struct reply *none)
{
	struct asking *a = op->work->in;
	g_autofree char *id = a->path ? ca_request_id(a->folder, a->path) : NULL;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	if (a->bundle) {
		op_hand(op, g_steal_pointer(&a->bundle));
	} else if (a->denied) {
		op_stands(op, REQUEST_DENIED, "Denied", a->denied, a->about);
	} else if (a->is_gone) {
		op_stands(op, REQUEST_GONE, "Withdrawn", "it was taken out of the CA's folder", a->about);
	} else {
		op_stands(op, REQUEST_WAITS_CA, "Waits for approval", "the CA's request has to be "
			  "approved", id);
		op_touch(op, op->store->id);
	}
	return next_done();
}

static struct next take_back(struct op *op, const struct reply *none)
{
	struct asking *a = asking_new(op);

	(void)none;
	return a ? next_work(work_new(run_take, a, asking_free, NULL), taken) : no_ca(op);
}

static struct next taken(struct op *op, const struct reply *none)
{
	const struct asking *a = op->work->in;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	if (a->bundle)
		return next_fail(op, ERR_REFUSED, "the CA has signed it already");
	op_touch(op, op->store->id);
	return next_done();
}

static bool plan(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *folder = g_build_filename(op->store->address, "pending", NULL);

	if (strcmp(op->store->type, LOCAL_CA) != 0) {
		g_set_error(error, ERR, ERR_REFUSED, "%s is no CA that issues", op->store->title);
		return false;
	}
	plan_call(p, PLAN_CHANGES, "write", folder, "the request, mode 0644");
	plan_run(p, "cp");
	plan_variable(p, "", "CSR_FILE", "the file of the request");
	plan_word(p, folder);
	plan_not(p, "nothing is signed: a person approves the CA's request, and says for how long");
	return true;
}

const struct issuer ca_enrol_issuer = {
	.ask = ask,
	.take_back = take_back,
	.plan = plan,
};
