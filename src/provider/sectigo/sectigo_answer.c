/*
 * sectigo_answer: orders are approved and declined, and asked about; what was issued is collected.
 *
 * What is approved is what was looked at: it is read once more just before, and must be the same.  That it
 * cannot be collected yet is a state and no failure.
 */
#include "sectigo_orders.h"

#include <string.h>

#include <certty/base/text.h>
#include <certty/model/x509.h>

#define READING	  "asking how the order stands (GET /ssl/ID)"
#define APPROVING "approving it (POST /ssl/approve)"
#define DECLINING "declining it (POST /ssl/decline)"
#define MESSAGE_MAX 512

static step_fn read_again, answered, stands, collected;

const struct request *sectigo_order_about(const struct op *op)
{
	const struct sectigo *s = op->scratch;

	return s->about ? s->about : op->request;
}

static char *number_of(const struct op *op)
{
	g_autoptr(sectigo_kept) k = sectigo_kept_read(sectigo_order_about(op)->kept);

	return g_strdup(k->number);
}

static char *path_of(const struct op *op, const char *call)
{
	g_autofree char *number = number_of(op);

	return g_strdup_printf("/ssl/%s/%s%s", sectigo_call_version(op), call, number);
}

static struct next ask(struct op *op, step_fn *then)
{
	g_autofree char *number = number_of(op);

	return next_send(sectigo_call_cert(op, number), then);
}

void sectigo_order_put(struct op *op, struct request *r)
{
	struct sectigo *s = op->scratch;

	if (s->about) {
		request_unref(s->about);
		s->about = request_ref(r);
	}
	if (op->enrol)
		op_stands(op, r->state, r->theirs, r->reason, r->id);
	op_put_request(op, r);
}

struct sectigo_cert *sectigo_answer_read(struct op *op, const struct reply *r, GError **error)
{
	g_autoptr(json) j = sectigo_refusal_or_json(r, READING, NULL, error);
	struct sectigo_cert *c = j ? sectigo_cert_read(op, j) : NULL;

	if (j && !c)
		g_set_error(error, ERR, ERR_REPLY, READING ": the answer does not tell of a certificate");
	return c;
}

/* ---- asked about ---- */

struct next sectigo_order_sync(struct op *op, const struct reply *none)
{
	g_autofree char *number = number_of(op);

	(void)none;
	if (!op->store)
		return next_fail(op, ERR_NOT_FOUND, "the request's store is not known any more");
	return *number ? ask(op, stands) : sectigo_settle(op);
}

/* A replacement that was taken shows late; one whose answer was lost is known by its request. */
static struct next still_as_before(struct op *op, const struct sectigo_cert *c)
{
	struct request *r = request_dup(sectigo_order_about(op));
	g_autoptr(sectigo_kept) k = sectigo_kept_read(r->kept);

	if (strcmp(k->sent, "yes") || !strcmp(c->csr_sha256, k->csr_sha256))
		store_set(&r->theirs, "Being replaced");
	else if (!sectigo_settle_waits(op, r))
		sectigo_order_end(r, REQUEST_FAILED, "Not replaced", "Sectigo has the certificate and its "
				  "request as they were: ask for it again", op->now);
	op_say(op, "%s: %s", r->title, *r->reason ? r->reason : r->theirs);
	sectigo_order_put(op, r);
	return next_done();
}

static struct next stands(struct op *op, const struct reply *r)
{
	const struct request *about = sectigo_order_about(op);
	GError *error = NULL;
	g_autoptr(sectigo_cert) c = sectigo_answer_read(op, r, &error);
	struct request *row;

	if (!c)
		return next_fail_error(op, error);
	if (request_is_waiting(about) && sectigo_order_is_as_before(about, c))
		return still_as_before(op, c);
	row = sectigo_order_row(op, c, about);
	if (!row)
		row = request_dup(about);
	op_say(op, "%s: %s", row->title, row->theirs);
	sectigo_order_put(op, row);
	if (strcmp(c->status, "ISSUED") || !request_is_waiting(row))
		return next_done();
	return next_send(sectigo_collect_ask(op, c->alias, "pemia"), collected);
}

static bool keep(struct op *op, struct bundle *b /* taken */)
{
	struct request *r = request_dup(sectigo_order_about(op));
	g_autoptr(sectigo_kept) k = sectigo_kept_read(r->kept);

	sectigo_order_end(r, REQUEST_ISSUED, "Issued", "", op->now);
	g_free(r->result);
	r->result = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, b->cert);
	if (*k->token) {	/* whoever made the key keeps both */
		g_free(k->chain);
		k->chain = bundle_pem(b->cert, (GBytes *const *)b->chain->pdata, b->chain->len);
		sectigo_kept_set(r, k);
	}
	op_say(op, "%s was issued%s", r->title, *k->token ? ", and its enrolment takes it" :
	       " and is kept in the own repository");
	if (op->enrol)
		op_hand(op, b);
	else if (!*k->token)
		op_keep_bundle(op, b);
	else
		bundle_free(b);
	sectigo_order_put(op, r);
	op_touch(op, op->store->id);
	return true;
}

/* What is replaced may be given out for a while. */
static bool is_old(const struct op *op, const struct bundle *b)
{
	g_autoptr(sectigo_kept) k = sectigo_kept_read(sectigo_order_about(op)->kept);
	struct sectigo_cert before = { .serial = k->replaces };
	struct facts f = { 0 };
	gsize len;
	const uint8_t *bytes = g_bytes_get_data(b->cert, &len);
	bool is = *k->replaces && x509_facts(bytes, len, &f, NULL) &&
		  sectigo_cert_is_serial(&before, f.serial);

	facts_done(&f);
	return is;
}

static struct next collected(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	bool waits;
	g_autoptr(GPtrArray) certs = sectigo_collect_read(r, &waits, &error);
	struct bundle *b = certs ? sectigo_collect_bundle(certs, &error) : NULL;

	if (waits || (b && is_old(op, b))) {
		bundle_free(b);
		op_say(op, "%s is issued, and cannot be collected yet: sync tries again",
		       sectigo_order_about(op)->title);
		return next_done();
	}
	if (!b)
		return next_fail_error(op, error);
	keep(op, b);
	return next_done();
}

/* ---- decided about ---- */

static bool is_yes(const struct op *op)
{
	return op->verb->id == VERB_APPROVE;
}

static char *body_of(const struct op *op)
{
	g_autofree char *reason = g_strstrip(g_strdup(args_text(op->args, "reason", "")));
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_put_str(&w, "message", is_yes(op) ? "Approved with certty" : reason);
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

static bool check(const struct op *op, GError **error)
{
	g_autofree char *reason = g_strstrip(g_strdup(args_text(op->args, "reason", "")));
	g_autofree char *number = number_of(op);

	if (!op->store || strcmp(op->request->type, SECTIGO_ORDER) || !*number)
		g_set_error(error, ERR, ERR_REFUSED, "%s is no order that Sectigo has", op->request->title);
	else if (!is_yes(op) && (!*reason || strlen(reason) > MESSAGE_MAX))
		g_set_error(error, ERR, ERR_USAGE, "Sectigo wants a reason, of %d bytes at most",
			    MESSAGE_MAX);
	else
		return true;
	return false;
}

static struct next decide(struct op *op)
{
	GError *error = NULL;

	return check(op, &error) ? ask(op, read_again) : next_fail_error(op, error);
}

struct next sectigo_approve(struct op *op, const struct reply *none)
{
	(void)none;
	return decide(op);
}

struct next sectigo_deny(struct op *op, const struct reply *none)
{
	(void)none;
	return decide(op);
}

static struct next read_again(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(sectigo_cert) c = sectigo_answer_read(op, r, &error);
	g_autoptr(request) now = c ? sectigo_order_row(op, c, op->request) : NULL;
	g_autofree char *path = path_of(op, is_yes(op) ? "approve/" : "decline/"), *body = body_of(op);

	if (!c)
		return next_fail_error(op, error);
	if (now && now->state == REQUEST_WAITS_PERSON && !strcmp(now->digest, op->request->digest))
		return next_send(sectigo_call(op, "POST", path, body), answered);
	if (now)
		op_put_request(op, request_ref(now));
	return next_fail(op, ERR_REFUSED, "%s changed since it was looked at (%s); nothing was done: look "
			 "again", op->request->title, c->status);
}

static struct next answered(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	struct request *row;

	if (!sectigo_refusal_or_done(r, is_yes(op) ? APPROVING : DECLINING, NULL, &error)) {
		if (r->error || r->status >= 500)
			g_prefix_error(&error, "whether %s is %s is not known; sync tells: ",
				       op->request->title, is_yes(op) ? "approved" : "declined");
		return next_fail_error(op, error);
	}
	op_touch(op, op->store->id);
	if (is_yes(op))
		return ask(op, stands);
	row = request_dup(op->request);
	sectigo_order_end(row, REQUEST_DENIED, "Declined", args_text(op->args, "reason", ""), op->now);
	store_set(&row->can, "request-edit dismiss");
	op_say(op, "%s is declined", row->title);
	op_put_request(op, row);
	return next_done();
}

static bool plan_answer(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *where = path_of(op, ""), *path = path_of(op, is_yes(op) ? "approve/" : "decline/");
	g_autofree char *body = check(op, error) ? body_of(op) : NULL;

	if (!body)
		return false;
	sectigo_planned_call(op, p, PLAN_ASKS, "GET", where, "whether it is what was looked at");
	sectigo_planned_call(op, p, PLAN_CHANGES, "POST", path, op->request->title);
	if (is_yes(op))
		plan_not(p, "nothing is approved that is not what was looked at");
	plan_not(p, "nothing is deployed");
	sectigo_planned_run(op, p, "POST", path, body);
	return true;
}

bool sectigo_planned_approve(struct op *op, struct plan *p, GError **error)
{
	return plan_answer(op, p, error);
}

bool sectigo_planned_deny(struct op *op, struct plan *p, GError **error)
{
	return plan_answer(op, p, error);
}
