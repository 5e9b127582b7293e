/*
 * enroll_file: the issuer that is a file: a request is taken out of here, and what somebody elsewhere
 * has signed is brought in; and giving an enrolment up.
 */
#include "enroll_own.h"

#include <string.h>

#include <certty/base/file.h>
#include <certty/provider/bundle_in.h>

#define WAITS "Waits for the certificate"
#define OWN_FILE_MAX (64u << 10)

struct writing {
	char *path, *pem;
};

static step_fn written, has_read, taken_back, dropped;

/* ---- out ---- */

static void writing_free(void *p)
{
	struct writing *w = p;

	g_free(w->path);
	g_free(w->pem);
	g_free(w);
}

/* The same one that is there already was written before. */
static void run_write(struct work *work)
{
	struct writing *w = work->in;
	g_autoptr(GBytes) there = g_file_test(w->path, G_FILE_TEST_EXISTS) ?
		file_read(w->path, OWN_FILE_MAX, NULL, NULL) : NULL;
	g_autoptr(GBytes) wanted = g_bytes_new_static(w->pem, strlen(w->pem));

	if (!there || !g_bytes_equal(there, wanted))
		file_write(w->path, w->pem, strlen(w->pem), 0644, FILE_NEW, &work->error);
}

static struct next write_out(struct op *op, const struct reply *none)
{
	struct writing *w = g_new0(struct writing, 1);

	(void)none;
	w->path = file_absolute(args_text(op->args, "csr-file", ""));
	w->pem = x509_csr_pem(op->enrol->csr);
	return next_work(work_new(run_write, w, writing_free, NULL), written);
}

static struct next written(struct op *op, const struct reply *none)
{
	const struct writing *w = op->work->in;
	g_autofree char *shown = file_shown(w->path), *reason = NULL;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	reason = g_strdup_printf("its request is in %s: have that signed, then supply the file that comes "
				 "of it", shown);
	op_stands(op, REQUEST_WAITS_PERSON, WAITS, reason, w->path);
	return next_done();
}

static bool plan(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *path = file_absolute(args_text(op->args, "csr-file", ""));

	(void)error;
	plan_call(p, PLAN_CHANGES, "write", path, "the request, mode 0644");
	plan_run(p, "cp");
	plan_variable(p, "", "CSR_FILE", "the file of the request");
	plan_word(p, path);
	plan_not(p, "nothing is sent anywhere: a person takes the request to an issuer, and brings what it "
		 "signs in by supply");
	return true;
}

const struct issuer enroll_file_issuer = {
	.ask = write_out,
	.plan = plan,
};

/* ---- in ---- */

static bool is_awaited(struct op *op, GError **error)
{
	const struct enrolling *e = op->request && enroll_is_one(op->request) ? enroll_of(op) : NULL;

	if (e && request_is_waiting(e->row) && e->kept->stage == ENROLL_ISSUE && e->kept->csr &&
	    !*args_text(e->kept->asked, "issuer", ""))
		return true;
	g_set_error(error, ERR, ERR_REFUSED, "%s does not wait for a file",
		    op->request ? op->request->title : "it");
	return false;
}

static bool is_allowed(struct op *op, GError **error)
{
	const struct enrolling *e = enroll_of(op);

	if (e->kept->is_countersigned || !four_eyes_wants(e->operation, VERB_ENROLL, e->kept->asked))
		return true;
	g_set_error(error, ERR, ERR_REFUSED, "a second person must countersign that by now, and nobody did "
		    "when it began: enroll again");
	return false;
}

struct next enroll_file_supply_step(struct op *op, const struct reply *none)
{
	GError *error = NULL;

	(void)none;
	if (!is_awaited(op, &error) || !is_allowed(op, &error))
		return next_fail_error(op, error);
	secrets_recall(operation_of(op), op->request->id);
	return bundle_in(op, false, NULL, has_read);
}

static struct next has_read(struct op *op, const struct reply *none)
{
	g_autoptr(bundle) b = g_steal_pointer(&op->work->out);
	GError *error = NULL;

	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	if (!enroll_steps_take(op, b, &error)) {
		g_prefix_error(&error, "nothing was taken: ");
		return next_fail_error(op, error);
	}
	return enroll_steps_go_on(op, none);
}

/* ---- going on ---- */

struct next enroll_sync_step(struct op *op, const struct reply *none)
{
	GError *error = NULL;

	if (operation_of(op)->engine->config.is_offline)
		return next_fail(op, ERR_REFUSED, "offline: nobody is asked");
	if (!request_is_waiting(op->request))
		return next_fail(op, ERR_REFUSED, "%s does not wait: it is %s", op->request->title,
				 request_state_word(op->request->state));
	if (!is_allowed(op, &error))
		return next_fail_error(op, error);
	secrets_recall(operation_of(op), op->request->id);
	return enroll_steps_go_on(op, none);
}

/* ---- giving it up ---- */

static void back_ended(struct operation *child, const GError *error)
{
	struct enrolling *e = child->who;

	e->error = error ? g_error_copy(error) : NULL;
	operation_wake(e->operation);
}

static struct next drop_key(struct op *op)
{
	const struct provider *p = provider_find(op->store->provider);

	return enroll_steps_child(op, p->key_maker->drop, p, op->store, NULL, back_ended, dropped);
}

struct next enroll_withdraw_step(struct op *op, const struct reply *none)
{
	struct enrolling *e = enroll_of(op);
	const struct store *s;
	const struct issuer *issuer = enroll_issuer(op, e->kept->asked, &s);
	bool was_asked = e->kept->stage == ENROLL_ISSUE && s;

	(void)none;
	if (!request_is_waiting(e->row) || e->kept->stage > ENROLL_ISSUE)
		return next_fail(op, ERR_REFUSED, "%s is issued: revoke takes that back", e->row->title);
	if (was_asked && (!issuer || !issuer->take_back))
		return next_fail(op, ERR_REFUSED, "%s issues what it was asked for: sync finds out what became "
				 "of it, and revoke takes it back", s->title);
	if (was_asked)
		return enroll_steps_child(op, issuer->take_back, provider_find(s->provider), s, NULL,
					  back_ended, taken_back);
	return drop_key(op);
}

static struct next taken_back(struct op *op, const struct reply *none)
{
	struct enrolling *e = enroll_of(op);

	(void)none;
	operation_of(op)->is_asleep = false;
	return e->error ? next_fail_error(op, g_steal_pointer(&e->error)) : drop_key(op);
}

static struct next dropped(struct op *op, const struct reply *none)
{
	struct enrolling *e = enroll_of(op);

	(void)none;
	operation_of(op)->is_asleep = false;
	if (e->error)
		return next_fail_error(op, g_steal_pointer(&e->error));
	return enroll_steps_end(op, REQUEST_GONE, "Withdrawn", "");
}
