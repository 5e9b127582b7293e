/*
 * keyfactor_answer: approving and denying what waits, and asking again how it stands.
 *
 * What is approved is what was looked at: it is read once more just before, and must be the same.  That
 * Command answers with 200 does not mean that it was done: what the answer lists does.
 */
#include "keyfactor_places.h"

#include <string.h>

#include <certty/base/text.h>

#define READING "reading it again"

static step_fn read_again, answered, seen_after, seen, seen_request;

static bool is_workflow(const struct keyfactor_kept *k)
{
	return !strcmp(k->sort, KEYFACTOR_WORKFLOW);
}

static void begin(struct op *op)
{
	struct keyfactor *k = op->scratch;

	if (!k->at)
		k->at = g_strdup(args_get(op->access->with, "at"));
}

static struct next ask(struct op *op, step_fn *then)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(keyfactor_row_about(op)->kept);
	g_autofree char *path = keyfactor_row_path(k);

	begin(op);
	return next_send(keyfactor_call_get(op, path, NULL), then);
}

/* ---- the answer ---- */

static struct next start(struct op *op)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(keyfactor_row_about(op)->kept);

	if (!op->store)
		return next_fail(op, ERR_NOT_FOUND, "the request's store is not known any more");
	if (!request_is_waiting(keyfactor_row_about(op)))
		return next_fail(op, ERR_REFUSED, "%s does not wait: it is %s", keyfactor_row_about(op)->title,
				 request_state_word(keyfactor_row_about(op)->state));
	if (!*k->sort)
		return next_fail(op, ERR_PENDING, "%s has no number in Command yet: sync it first",
				 keyfactor_row_about(op)->title);
	return ask(op, read_again);
}

struct next keyfactor_approve(struct op *op, const struct reply *none)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(keyfactor_row_about(op)->kept);

	(void)none;
	if (k->is_cut)
		return next_fail(op, ERR_REFUSED, "%s is too long to be shown whole here, so it is not "
				 "approved from here: approve it in Command itself",
				 keyfactor_row_about(op)->title);
	return start(op);
}

struct next keyfactor_deny(struct op *op, const struct reply *none)
{
	g_autofree char *reason = g_strstrip(g_strdup(args_text(op->args, "reason", "")));

	(void)none;
	if (!*reason)
		return next_fail(op, ERR_USAGE, "a denial needs a reason, which Command keeps with the "
				 "request");
	return start(op);
}

static bool is_yes(const struct op *op)
{
	return op->verb->id == VERB_APPROVE;
}

static void put_signal(struct json_writer *w, const struct keyfactor_kept *k, bool yes, const char *reason)
{
	json_open(w, NULL, '{');
	json_put_str(w, "SignalKey", k->signal);
	json_open(w, "Data", '{');
	json_put_str(w, "Approved", yes ? "True" : "False");
	json_put_str(w, "Comment", reason ? reason : "Approved with certty");
	json_close(w, '}');
	json_close(w, '}');
}

static void put_number(struct json_writer *w, const char *key, int64_t id)
{
	json_open(w, key, '[');
	json_put_int(w, NULL, id);
	json_close(w, ']');
}

char *keyfactor_answer_body(const struct keyfactor_kept *k, bool yes, const char *reason)
{
	GString *out = g_string_new(NULL);
	struct json_writer w = { .out = out };

	if (is_workflow(k)) {
		put_signal(&w, k, yes, reason);
	} else if (yes) {
		put_number(&w, NULL, k->id);
	} else {
		json_open(&w, NULL, '{');
		json_put_str(&w, "Comment", reason);
		put_number(&w, "CertificateRequestIds", k->id);
		json_close(&w, '}');
	}
	return g_string_free(out, FALSE);
}

char *keyfactor_answer_path(const struct keyfactor_kept *k, bool yes)
{
	if (is_workflow(k))
		return g_strconcat("/Workflow/Instances/", k->instance, "/Signals", NULL);
	return g_strdup(yes ? "/Workflow/Certificates/Approve" : "/Workflow/Certificates/Deny");
}

static struct next send(struct op *op)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(keyfactor_row_about(op)->kept);
	g_autofree char *path = keyfactor_answer_path(k, is_yes(op));
	g_autofree char *body = keyfactor_answer_body(k, is_yes(op), args_text(op->args, "reason", NULL));

	return next_send(keyfactor_call_post(op, path, body), answered);
}

/* It is over already, whoever did it. */
static struct next over(struct op *op, struct request *r)
{
	op_put_request(op, r);
	op_touch(op, op->store->id);
	return next_fail(op, ERR_NOT_FOUND, "%s no longer waits: it is %s%s%s", r->title,
			 request_state_word(r->state), *r->reason ? ": " : "", r->reason);
}

static struct next read_again(struct op *op, const struct reply *r)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(keyfactor_row_about(op)->kept);
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '{', READING, &error);
	struct request *now = j ? keyfactor_row_ended(op, j, keyfactor_row_about(op)) : NULL;
	bool is_same;

	if (now)
		return over(op, now);
	now = j ? keyfactor_row_read(op, j, k->sort, keyfactor_row_about(op), &error) : NULL;
	if (!now)
		return next_fail_error(op, error);
	is_same = !strcmp(now->digest, keyfactor_row_about(op)->digest);
	if (is_same) {
		request_unref(now);
		return send(op);
	}
	op_put_request(op, now);
	return next_fail(op, ERR_REFUSED, "%s changed since it was looked at; nothing was done: look "
			 "again", keyfactor_row_about(op)->title);
}

/* ---- what came of it ---- */

static bool has_number(const struct json *list, int64_t id, char **ret_comment)
{
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *item = json_at(list, i);
		int64_t theirs;

		if (!keyfactor_int(item, "KeyfactorRequestId", &theirs) || theirs != id)
			continue;
		*ret_comment = keyfactor_text(item, "Comment", 300);
		return true;
	}
	return false;
}

static bool is_done(const struct op *op, const struct reply *r, int64_t id, GError **error)
{
	g_autoptr(json) j = keyfactor_call_json(op, r, '{', op->verb->name, error);
	const char *const good[] = { "Successes", is_yes(op) ? NULL : "Denials" };
	g_autofree char *comment = NULL;

	if (!j)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
		if (good[i] && has_number(keyfactor_get(j, good[i]), id, &comment))
			return true;
	if (!has_number(keyfactor_get(j, "Failures"), id, &comment))
		has_number(keyfactor_get(j, "Denials"), id, &comment);
	g_set_error(error, ERR, ERR_REFUSED, "%s: Command did not do it%s%s; sync tells how it stands",
		    keyfactor_row_about(op)->title, comment && *comment ? ": " : "", comment ? comment : "");
	return false;
}

static struct next denied(struct op *op, const char *theirs)
{
	struct request *r = request_dup(keyfactor_row_about(op));
	g_autofree char *reason = text_harmless_dup(args_text(op->args, "reason", ""), 1000);

	keyfactor_row_end(r, REQUEST_DENIED, theirs, reason, op->now);
	op_say(op, "%s is denied: %s", r->title, reason);
	op_put_request(op, r);
	op_touch(op, op->store->id);
	return next_done();
}

bool keyfactor_answer_is_lost(const struct reply *r)
{
	return r->error || r->status >= 500;
}

/* An answer that was lost may have been taken: sending it again is for who has looked. */
static struct next failed(struct op *op, const struct reply *r, GError *error)
{
	if (keyfactor_answer_is_lost(r))
		g_prefix_error(&error, "whether %s is %s is not known; sync tells: ",
			       keyfactor_row_about(op)->title, is_yes(op) ? "approved" : "denied");
	return next_fail_error(op, error);
}

static struct next answered(struct op *op, const struct reply *r)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(keyfactor_row_about(op)->kept);
	g_autofree char *path = keyfactor_answer_path(k, is_yes(op)), *tried = g_strconcat("POST ", path, NULL);
	GError *error = NULL;

	if (r->error || (r->status != 200 && r->status != 204))
		return failed(op, r, keyfactor_error(op, r, tried));
	if (is_workflow(k))
		return ask(op, seen_after);
	if (!is_done(op, r, k->id, &error))
		return next_fail_error(op, error);
	return is_yes(op) ? keyfactor_fetch(op, request_dup(keyfactor_row_about(op))) : denied(op, "Denied");
}

/* Several may have to approve it, and what comes of it takes its time. */
static struct next seen_after(struct op *op, const struct reply *r)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '{', READING, &error);
	struct request *now = j ? keyfactor_row_ended(op, j, keyfactor_row_about(op)) : NULL;

	if (!is_yes(op)) {
		request_unref(now);
		return denied(op, "Rejected");
	}
	if (!now) {
		now = request_dup(keyfactor_row_about(op));
		now->state = REQUEST_WAITS_PROVIDER;
		store_set(&now->theirs, "Approved by us");
		store_set(&now->can, "sync");
		op_say(op, "%s is approved by us; others have to as well, or Command still works on it",
		       now->title);
	} else {
		g_autoptr(keyfactor_kept) k = keyfactor_kept_read(now->kept);

		if (now->state == REQUEST_GONE && keyfactor_row_is_enrolment(k))
			now->state = REQUEST_ISSUED;
		if (now->state == REQUEST_ISSUED && k->sent)
			return keyfactor_fetch(op, now);
		if (now->state == REQUEST_ISSUED)
			store_set(&now->reason, "");
		op_say(op, "%s is approved: %s", now->title, now->theirs);
	}
	op_put_request(op, now);
	op_touch(op, op->store->id);
	return next_done();
}

/* ---- asking again ---- */

struct next keyfactor_sync(struct op *op, const struct reply *none)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(keyfactor_row_about(op)->kept);

	(void)none;
	if (!op->store)
		return next_fail(op, ERR_NOT_FOUND, "the request's store is not known any more");
	if (!strcmp(k->sort, KEYFACTOR_JOB))
		return keyfactor_job_sync(op);
	return *k->sort ? ask(op, seen) : keyfactor_settle(op);
}

static struct next gone(struct op *op)
{
	struct request *r = request_dup(keyfactor_row_about(op));

	keyfactor_row_end(r, REQUEST_GONE, "Gone", "Command knows it no more", op->now);
	op_say(op, "%s: Command knows it no more", r->title);
	keyfactor_row_put(op, r);
	return next_done();
}

/* A workflow of ours is over, and its number does not say how: the request says it. */
static struct next ask_request(struct op *op, const struct keyfactor_kept *k, struct request *ended)
{
	g_autofree char *path = g_strdup_printf("/Workflow/Certificates/%" G_GINT64_FORMAT, k->id);

	keyfactor_row_put(op, ended);
	return next_send(keyfactor_call_get(op, path, NULL), seen_request);
}

static struct next seen_request(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = keyfactor_call_json(op, r, '{', READING, NULL);
	struct request *now = j ? keyfactor_row_request_ended(op, j, keyfactor_row_about(op)) : NULL;

	if (now && now->state == REQUEST_ISSUED)
		return keyfactor_fetch(op, now);
	if (now)
		keyfactor_row_put(op, now);
	op_say(op, "%s: %s", keyfactor_row_about(op)->title, now ? request_state_word(now->state) :
	       "it waits for nobody any more, and Command does not say what came of it");
	return next_done();
}

static struct next seen(struct op *op, const struct reply *r)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(keyfactor_row_about(op)->kept);
	GError *error = NULL;
	g_autoptr(json) j = NULL;
	struct request *now;

	if (!r->error && r->status == 404)
		return gone(op);
	j = keyfactor_call_json(op, r, '{', READING, &error);
	now = j ? keyfactor_row_ended(op, j, keyfactor_row_about(op)) : NULL;
	if (now && now->state == REQUEST_ISSUED && (!is_workflow(k) || k->sent))
		return keyfactor_fetch(op, now);
	if (now && now->state == REQUEST_GONE && k->sent && k->id)
		return ask_request(op, k, now);
	if (j && !now)
		now = keyfactor_row_read(op, j, k->sort, keyfactor_row_about(op), &error);
	if (!now)
		return next_fail_error(op, error);
	op_say(op, "%s: %s%s%s", now->title, now->theirs, *now->reason ? ": " : "", now->reason);
	keyfactor_row_put(op, now);
	return next_done();
}
