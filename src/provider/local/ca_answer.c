/*
 * ca_answer: approving and denying what waits for a small CA.
 *
 * What is signed is what was looked at: the digest of the request must still be the same.  The
 * order of writing makes it safe to do again after a crash:
 *
 *   1. issued/<name>-<serial8>.pem appears by one rename, with the request's digest in it
 *   2. the request is moved from pending/ beside it
 *
 * A certificate for that digest without its request beside it is one whose approval did not
 * end: it is taken, and nothing is signed again.
 */
#include "ca.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

struct answering {
	/* the question */
	char *folder, *repository;
	struct request *request;
	char *profile, *reason, *by_rule;
	int64_t validity, now;
	struct secret *passphrase;
	/* the answer */
	GBytes *cert;
	char *said, *trouble;
};

static step_fn approved, denied;

static void answering_free(void *p)
{
	struct answering *a = p;

	g_free(a->folder);
	g_free(a->repository);
	request_unref(a->request);
	g_free(a->profile);
	g_free(a->reason);
	g_free(a->by_rule);
	secret_free(a->passphrase);
	g_clear_pointer(&a->cert, g_bytes_unref);
	g_free(a->said);
	g_free(a->trouble);
	g_free(a);
}

/* ---- what is answered ---- */

/* The request as it is now, provided that it is the one that was looked at. */
static struct ca_pending *read_again(const struct answering *a, GError **error)
{
	g_autofree char *path = ca_find_pending(a->folder, a->request->id);
	g_autoptr(ca_pending) p = path ? ca_pending_read(path) : NULL;

	if (!p) {
		g_set_error(error, ERR, ERR_NOT_FOUND, "%s no longer waits: it was answered or "
			    "withdrawn; refresh the store", a->request->title);
		return NULL;
	}
	if (strcmp(p->digest, a->request->digest)) {
		folder_fail(error, ERR_REFUSED, path, "it changed since it was looked at; "
			    "nothing was done: refresh the store and look again");
		return NULL;
	}
	return g_steal_pointer(&p);
}

/* Moves the request to where its answer lies. */
static bool file_away(const struct ca_pending *p, const char *to, GError **error)
{
	g_autofree char *from_dir = g_path_get_dirname(p->path);
	g_autofree char *to_dir = g_path_get_dirname(to);

	if (g_rename(p->path, to) == 0 && folder_sync(to_dir) && folder_sync(from_dir))
		return true;
	return folder_fail(error, ERR_IO, p->path, g_strerror(errno));
}

/* ---- approve ---- */

static const struct x509_profile *profile_of(const char *name)
{
	for (const struct x509_profile *p = x509_profiles; p->name; p++)
		if (!strcmp(p->name, name))
			return p;
	return NULL;
}

static GBytes *sign(const struct answering *a, const struct ca *ca, const struct ca_pending *p,
		    GError **error)
{
	const struct x509_profile *profile = profile_of(a->profile);
	g_autoptr(x509_key) key = NULL;

	if (!profile) {
		g_set_error(error, ERR, ERR_USAGE, "there is no profile %s", a->profile);
		return NULL;
	}
	key = ca_open_key(ca, a->passphrase, error);
	return key ? ca_sign(ca, key, p->der, profile, a->now, a->now + a->validity, error) : NULL;
}

static bool write_issued(const struct answering *a, const struct ca *ca,
			 const struct ca_pending *p, char **ret_path, GError **error)
{
	g_autofree char *head = ca_stamp(p->digest, "approved", a->by_rule, a->now);
	g_autofree char *text = g_strdup_printf("%sprofile: %s\n", head, a->profile);

	return ca_write_issued(ca, a->cert, p->names[0], text, ret_path, error);
}

/* The certificate of an approval that was interrupted, or NULL. */
static GBytes *find_interrupted(const struct answering *a, const struct ca_pending *p,
				char **ret_path)
{
	g_autoptr(GPtrArray) answers = ca_answers(a->folder);

	for (guint i = 0; i < answers->len; i++) {
		const struct ca_answer *it = answers->pdata[i];

		if (!it->is_issued || it->is_finished || strcmp(it->digest, p->digest))
			continue;
		*ret_path = g_strdup(it->path);
		return g_bytes_ref(it->cert);
	}
	return NULL;
}

static void keep(struct answering *a, const struct ca *ca)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *folder = NULL;
	g_autofree char *shown = folder_shown(a->folder);
	g_autofree char *from = g_strdup_printf("signed by %s in %s", ca->facts.name, shown);
	struct keeping k = {
		.root = a->repository,
		.name = a->request->title,
		.cert = a->cert,
		.chain = (GBytes *const *)ca->certs->pdata,
		.n_chain = ca->certs->len,
		.from = from,
		.now = a->now,
	};
	bool was_there;

	if (!repository_put(&k, &folder, &was_there, &error))
		a->trouble = g_strdup_printf("not kept in the own repository: %s", error->message);
}

static void say_issued(struct answering *a, const struct ca *ca, const char *path, bool again)
{
	g_autofree char *shown = folder_shown(path);
	g_autoptr(GString) until = g_string_new(NULL);
	struct facts f = { 0 };
	gsize len;
	const uint8_t *der = g_bytes_get_data(a->cert, &len);

	if (x509_facts(der, len, &f, NULL))
		clock_say_date(until, f.not_after);
	facts_done(&f);
	a->said = g_strdup_printf("%s is signed by %s until %s%s: %s", a->request->title,
				  ca->facts.name, until->str,
				  again ? " (an approval that was interrupted)" : "", shown);
}

/* Who looked at it saw that the same was answered before; or it was answered since. */
static bool is_seen(const struct answering *a, GError **error)
{
	g_autoptr(GPtrArray) answers = ca_answers(a->folder);
	const struct ca_answer *before = ca_find_answer(answers, a->request->digest);

	if (!before || (before->is_issued && !before->is_finished) ||
	    strstr(a->request->oddities, before->is_issued ? CA_SIGNED_BEFORE : CA_DENIED_BEFORE))
		return true;
	g_set_error(error, ERR, ERR_REFUSED, "%s was answered since it was looked at; nothing was done: "
		    "refresh the store and look again", a->request->title);
	return false;
}

static bool approve(struct answering *a, GError **error)
{
	g_autoptr(ca_pending) p = read_again(a, error);
	g_autoptr(ca) ca = NULL;
	g_autofree char *path = NULL, *csr = NULL;
	bool again;

	if (p && !p->der)
		g_set_error(error, ERR, ERR_FORMAT, "%s", p->trouble);
	else if (p && is_seen(a, error))
		ca = ca_open(a->folder, error);
	if (!ca)
		return false;
	a->cert = find_interrupted(a, p, &path);
	again = a->cert;
	if (!again)
		a->cert = sign(a, ca, p, error);
	if (!a->cert || (!again && !write_issued(a, ca, p, &path, error)))
		return false;
	csr = g_strdup_printf("%.*s.csr", (int)(strlen(path) - strlen(".pem")), path);
	if (!file_away(p, csr, error))
		return false;
	keep(a, ca);
	say_issued(a, ca, path, again);
	return true;
}

/* ---- deny ---- */

static bool deny(struct answering *a, GError **error)
{
	g_autoptr(ca_pending) p = read_again(a, error);
	g_autofree char *folder = g_build_filename(a->folder, "denied", NULL);
	g_autofree char *base = p ? g_path_get_basename(p->path) : NULL;
	g_autofree char *head = NULL, *text = NULL, *file = NULL, *to = NULL, *why = NULL;
	g_autofree char *shown = NULL;

	if (!p || !file_make_folder(folder, error))
		return false;
	head = ca_stamp(p->digest, "denied", NULL, a->now);
	text = g_strdup_printf("%sreason: %s\n", head, a->reason);
	if (strrchr(base, '.'))
		*strrchr(base, '.') = 0;
	file = g_strdup_printf("%s-%.8s.csr", base, p->digest);
	to = g_build_filename(folder, file, NULL);
	why = g_strconcat(to, ".reason", NULL);
	if (!file_write(why, text, strlen(text), 0644, FILE_REPLACE, error) ||
	    !file_away(p, to, error))
		return false;
	shown = folder_shown(to);
	a->said = g_strdup_printf("%s is denied: %s (the request is now %s)", a->request->title,
				  a->reason, shown);
	return true;
}

/* ---- steps ---- */

typedef bool answer_fn(struct answering *a, GError **error);

static void answer(struct work *w, answer_fn *how)
{
	struct answering *a = w->in;
	int lock = folder_lock(a->folder, &w->error);

	if (lock < 0)
		return;
	if (!work_is_stopped(w))
		how(a, &w->error);
	close(lock);
}

static void run_approve(struct work *w)
{
	answer(w, approve);
}

static void run_deny(struct work *w)
{
	answer(w, deny);
}

static struct next start(struct op *op, work_fn *run, step_fn *then)
{
	const struct secret *passphrase = args_secret(op->args, "passphrase");
	const char *validity = args_text(op->args, "validity", "90d");
	struct answering *a;
	int64_t span;

	if (!request_is_waiting(op->request) &&
	    !(op->verb->id == VERB_DENY && op->request->state == REQUEST_FAILED))
		return next_fail(op, ERR_REFUSED, "%s does not wait: it is %s", op->request->title,
				 request_state_word(op->request->state));
	if (!clock_read_span(validity, &span) || span <= 0)
		return next_fail(op, ERR_USAGE, "the validity is not a span of time as in 90d");
	a = g_new0(struct answering, 1);
	a->folder = g_strdup(op->store->address);
	a->repository = local_repository();
	a->request = request_dup(op->request);
	a->profile = g_strdup(args_text(op->args, "profile", "server"));
	a->reason = text_harmless_dup(args_text(op->args, "reason", ""), 2000);
	a->by_rule = g_strdup(op->by_rule);
	a->validity = span;
	a->now = op->now;
	a->passphrase = passphrase ? secret_dup(passphrase) : NULL;
	return next_work(work_new(run, a, answering_free, NULL), then);
}

struct next ca_approve(struct op *op, const struct reply *none)
{
	(void)none;
	return start(op, run_approve, approved);
}

struct next ca_deny(struct op *op, const struct reply *none)
{
	(void)none;
	return start(op, run_deny, denied);
}

static void put_answer(struct op *op, enum request_state state)
{
	const struct answering *a = op->work->in;
	struct request *r = request_dup(op->request);

	r->state = state;
	r->ended = op->now;
	if (a->cert) {
		g_free(r->result);
		r->result = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, a->cert);
	} else {
		store_set(&r->reason, a->reason);
	}
	op_put_request(op, r);
	op_touch(op, op->store->id);
	op_say(op, "%s", a->said);
}

static struct next approved(struct op *op, const struct reply *none)
{
	const struct answering *a = op->work->in;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	if (a->trouble)
		op_trouble(op, "%s", a->trouble);
	put_answer(op, REQUEST_ISSUED);
	local_touch_repository(op);
	return next_done();
}

static struct next denied(struct op *op, const struct reply *none)
{
	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	put_answer(op, REQUEST_DENIED);
	return next_done();
}
