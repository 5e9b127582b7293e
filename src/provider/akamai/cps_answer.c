/*
 * cps_answer: yes or no to what a change waits for.
 *
 * What is answered is what was looked at: it is read once more just before, and must be the same, word by
 * word.  CPS's hash of its findings goes with a yes to a deployment, so that CPS refuses what has changed
 * since.  A 409 passes; an answer that was lost may have been taken, and is looked at, not sent again.
 */
#include "cps_change.h"

#include <string.h>

#include <certty/model/store.h>

#define AGAIN_MS 10000
#define TRIES 3

struct answering {
	unsigned tries;
	char *digest;		/* of what was answered */
};

static step_fn begin_again, read_again, answered, looked;

static void answering_done(void *p)
{
	struct answering *a = p;

	g_free(a->digest);
	g_free(a);
}

static struct answering *mine(struct op *op)
{
	return cps_call_mine(op, sizeof(struct answering), answering_done);
}

static const char *word_of(const struct op *op)
{
	return op->verb->id == VERB_APPROVE ? "acknowledge" : "deny";
}

static struct next start(struct op *op)
{
	if (!op->request || !op->store)
		return next_fail(op, ERR_NOT_FOUND, "the request's store is not known any more");
	if (!request_is_waiting(op->request))
		return next_fail(op, ERR_REFUSED, "%s does not wait: it is %s", op->request->title,
				 request_state_word(op->request->state));
	return begin_again(op, NULL);
}

struct next cps_approve(struct op *op, const struct reply *none)
{
	g_autoptr(cps_change) c = op->request ? cps_change_kept(op->request->kept) : NULL;

	(void)none;
	if (c && c->is_cut)
		return next_fail(op, ERR_REFUSED, "%s is too long to be shown whole here, so it is not "
				 "approved from here: use Control Center", op->request->title);
	return start(op);
}

struct next cps_deny(struct op *op, const struct reply *none)
{
	(void)none;
	return start(op);
}

static struct next begin_again(struct op *op, const struct reply *none)
{
	(void)none;
	return cps_request_look(op, read_again);
}

char *cps_answer_body(const struct cps_change *c, const char *answer)
{
	const struct cps_input *i = cps_input_find(c->input);
	GString *out = g_string_new(NULL);
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	json_put_str(&w, "acknowledgement", answer);
	if (i && g_str_has_prefix(i->given_entity, "acknowledgement-with-hash"))
		json_put_str(&w, "hash", c->hash);
	json_close(&w, '}');
	return g_string_free(out, FALSE);
}

static struct next send(struct op *op, const struct cps_change *c)
{
	const struct cps_input *i = cps_input_find(c->input);
	g_autofree char *more = g_strconcat("/input/update/", i->update, NULL);
	g_autofree char *path = cps_change_path(c, more), *body = cps_answer_body(c, word_of(op));
	struct answering *a = mine(op);

	g_free(a->digest);
	a->digest = cps_change_digest(c);
	return next_send(cps_call_send(op, "POST", "change-id.v1", path, i->given_entity, body), answered);
}

static struct next refuse(struct op *op, struct request *now, enum err code, const char *why)
{
	struct next next = next_fail(op, code, "%s %s", now->title, why);

	op_put_request(op, now);
	return next;
}

static struct next read_again(struct op *op, const struct reply *none)
{
	struct cps_change *c = cps_looked(op)->pdata[0];
	const struct cps_input *i = cps_input_find(c->input);
	struct request *now;
	bool is_same;

	(void)none;
	if (c->trouble)
		return next_fail(op, ERR_REPLY, "%s", c->trouble);
	now = cps_row(op, c, op->request);
	is_same = !strcmp(now->digest, op->request->digest);
	if (!cps_change_is_waiting(c))
		return refuse(op, now, ERR_NOT_FOUND, "does not wait for that any more; nothing was sent");
	if (!is_same)
		return refuse(op, now, ERR_REFUSED, "changed since it was looked at; nothing was sent: look "
			      "again");
	if (!i || !strcmp(i->type, "third-party-certificate"))
		return refuse(op, now, ERR_REFUSED, "waits for no yes and no no");
	request_unref(now);
	return send(op, c);
}

/* ---- what came of it ---- */

static struct next failed(struct op *op, const struct reply *r, GError *error)
{
	if (akamai_ask_is_lost(r))
		g_prefix_error(&error, "whether %s was taken for %s is not known; sync tells: ", word_of(op),
			       op->request->title);
	return next_fail_error(op, error);
}

static struct next answered(struct op *op, const struct reply *r)
{
	GError *error = NULL;

	if (!r->error && r->status == 409 && ++mine(op)->tries < TRIES)
		return next_wait(AGAIN_MS, begin_again);
	if (!akamai_ask_is_good(r, op->verb->id == VERB_APPROVE ? "saying yes" : "saying no", op->now, &error))
		return failed(op, r, error);
	return cps_request_look(op, looked);
}

static struct next looked(struct op *op, const struct reply *none)
{
	struct cps_change *c = cps_looked(op)->pdata[0];
	struct request *r = cps_row_answered(op, c, word_of(op), mine(op)->digest);

	(void)none;
	if (c->trouble)
		op_trouble(op, "%s", c->trouble);
	op_say(op, "%s: %s was said; it is now %s%s%s%s", r->title, word_of(op), request_state_word(r->state),
	       *r->theirs ? " (" : "", r->theirs, *r->theirs ? ")" : "");
	op_put_request(op, r);
	op_touch(op, op->store->id);
	return next_done();
}
