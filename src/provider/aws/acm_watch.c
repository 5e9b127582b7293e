/*
 * acm_watch: a request, until it can be said how it stands: described as long as that changes by
 * itself, fetched when it was issued.
 *
 * Just after an order ACM may not know its own certificate for a while, or not have made its
 * records yet; so the first minute is asked through.
 */
#include "acm_request.h"

#include <string.h>

#define DESCRIBING "asking ACM how the certificate stands"
#define FETCHING   "fetching the certificate that was issued"

static step_fn ask, heard, fetch, fetched;

static void watch_done(void *p)
{
	struct acm_watch *w = p;

	request_unref(w->row);
	acm_kept_free(w->kept);
	acm_cert_free(w->cert);
	if (w->more)
		w->free_more(w->more);
}

struct acm_watch *acm_watch_get(struct op *op)
{
	struct acm_watch *w = aws_mine(op, sizeof(*w), watch_done);

	if (w->kept)
		return w;
	w->row = op->request ? request_dup(op->request) : NULL;
	w->kept = acm_kept_read(w->row ? w->row->kept : "");
	return w;
}

void acm_watch_put(struct op *op, struct request *r)
{
	struct acm_watch *w = acm_watch_get(op);

	request_unref(w->row);
	w->row = request_ref(r);
	acm_kept_free(w->kept);
	w->kept = acm_kept_read(r->kept);
	if (op->enrol)
		op_stands(op, r->state, r->theirs, r->reason, r->id);
	op_put_request(op, r);
}

/* ---- describing ---- */

struct next acm_watch_ask(struct op *op, unsigned rounds, step_fn *then)
{
	struct acm_watch *w = acm_watch_get(op);

	w->rounds = rounds;
	w->then = then;
	return ask(op, NULL);
}

static struct next ask(struct op *op, const struct reply *none)
{
	(void)none;
	return acm_fetch_ask(op, "DescribeCertificate", acm_watch_get(op)->kept->alias, heard);
}

static struct next again(struct op *op)
{
	struct acm_watch *w = acm_watch_get(op);

	if (!w->rounds)
		return w->then(op, NULL);
	w->rounds--;
	return next_wait(ACM_WATCH_MS, ask);
}

/* Whether nothing more comes by itself within a minute: somebody else has to move. */
static bool is_settled(const struct acm_watch *w)
{
	if (strcmp(w->cert->status, "PENDING_VALIDATION") != 0)
		return true;
	return w->row->state == REQUEST_WAITS_PERSON || w->row->state == REQUEST_WAITS_DNS;
}

static struct next not_there(struct op *op)
{
	struct acm_watch *w = acm_watch_get(op);
	struct request *r;

	if (w->rounds || w->row->since > op->now - CLOCK_HOUR)
		return again(op);
	r = request_dup(w->row);
	request_end(r, REQUEST_GONE, "Gone", "it is not in AWS any more", op->now);
	op_say(op, "%s: it is not in AWS any more", r->title);
	acm_watch_put(op, r);
	return next_done();
}

static struct next heard(struct op *op, const struct reply *r)
{
	struct acm_watch *w = acm_watch_get(op);
	GError *error = NULL;
	struct request *row;

	if (acm_fetch_is(r, "ResourceNotFound"))
		return not_there(op);
	acm_cert_free(w->cert);
	w->cert = acm_fetch_read(op, r, DESCRIBING, &error);
	if (!w->cert)
		return next_fail_error(op, error);
	row = acm_status_request(w->cert, op->store, w->row, op->now);
	if (!row && !strcmp(w->cert->status, "ISSUED"))
		return fetch(op, NULL);
	acm_watch_put(op, row ? row : acm_status_ended(w->row, w->cert, op->now));
	return is_settled(w) ? w->then(op, NULL) : again(op);
}

/* ---- what was issued ---- */

static struct next fetch(struct op *op, const struct reply *none)
{
	(void)none;
	return acm_fetch_ask(op, "GetCertificate", acm_watch_get(op)->kept->alias, fetched);
}

static struct next fetched(struct op *op, const struct reply *r)
{
	struct acm_watch *w = acm_watch_get(op);
	GError *error = NULL;
	struct bundle *b;

	if (acm_fetch_is(r, "RequestInProgress") && w->rounds) {
		w->rounds--;
		return next_wait(ACM_WATCH_MS, fetch);
	}
	if (!acm_fetch_check(r, FETCHING, "acm:GetCertificate", &error))
		return next_fail_error(op, error);
	b = acm_fetch_bundle(r, FETCHING, &error);
	return b ? acm_watch_issued(op, b) : next_fail_error(op, error);
}

struct next acm_watch_issued(struct op *op, struct bundle *b)
{
	struct acm_watch *w = acm_watch_get(op);
	struct acm_cert *c = w->cert ? w->cert : (w->cert = acm_cert_new());

	memcpy(c->sha256, b->facts.sha256, sizeof(c->sha256));
	c->has_digest = true;
	store_set(&c->status, "ISSUED");
	acm_watch_put(op, acm_status_ended(w->row, c, op->now));
	op_touch(op, op->store->id);
	if (op->enrol) {	/* whoever made the key keeps both */
		op_hand(op, b);
		return next_done();
	}
	op_say(op, "%s was issued and is kept in the own repository", w->row->title);
	op_keep_bundle(op, b);
	return next_done();
}
