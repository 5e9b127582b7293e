/*
 * kv_pending: which certificates of a vault have something that waits, and how that stands.
 *
 * A list says nothing of operations, so each is asked for alone, and only where there may be one: of
 * names that have no certificate yet, of those whose bundle told of an operation that has not ended
 * as far as is known, of those that the vault should be renewing by now, and of rows that wait.
 */
#include "kv_change.h"

#include <string.h>

struct kv_waiting {
	GPtrArray *certs;	/* struct kv_cert, borrowed: those that are asked about */
	guint n_waiting, n_failed;
	bool is_denied;
};

void kv_pending_free(struct kv_waiting *w)
{
	if (!w)
		return;
	g_ptr_array_unref(w->certs);
	g_free(w);
}

static struct kv_waiting *mine(const struct op *op)
{
	return ((const struct azure *)op->scratch)->waiting;
}

/* ---- which ---- */

static const struct request *row_of(const struct op *op, const char *name)
{
	g_autofree char *id = kv_operation_row_id(op->store, name);
	gssize i = op->requests ? items_find(op->requests, id) : -1;

	return i < 0 ? NULL : op->requests->item[i];
}

static bool is_ended(const struct kv_cert *c)
{
	return *c->pending && g_ascii_strcasecmp(c->pending, "inProgress");
}

/* Whether an enrolment that is under way here made it: that has a row of its own. */
static bool is_enrolments(const struct op *op, const struct kv_cert *c)
{
	const char *token = NULL;

	for (char **tag = c->tags; *tag; tag++)
		if (g_str_has_prefix(*tag, KV_TOKEN_TAG "="))
			token = *tag + strlen(KV_TOKEN_TAG "=");
	for (size_t i = 0; token && op->requests && i < op->requests->n; i++) {
		const struct request *r = op->requests->item[i];

		if (request_is_waiting(r) && *token && g_str_has_suffix(r->id, token))
			return true;
	}
	return false;
}

static bool may_wait(const struct op *op, const struct kv_cert *c)
{
	const struct request *row = row_of(op, c->name);

	if (is_enrolments(op, c))
		return false;
	return !*c->print || (c->has_pending && !is_ended(c)) || (row && request_is_waiting(row)) ||
	       (c->renews && c->is_enabled && op->now >= c->renews);
}

/* Rows of what is not in the list any more. */
static void end_others(struct op *op, const GPtrArray *certs)
{
	g_autoptr(GHashTable) there = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < certs->len; i++) {
		const struct kv_cert *c = certs->pdata[i];

		g_hash_table_add(there, kv_operation_row_id(op->store, c->name));
	}
	for (size_t i = 0; op->requests && i < op->requests->n; i++) {
		const struct request *r = op->requests->item[i];

		if (!strcmp(r->store, op->store->id) && request_is_waiting(r) &&
		    kv_operation_is_of(r) && !g_hash_table_contains(there, r->id))
			op_put_request(op, kv_operation_gone(op, r, "the vault has no certificate of that name "
							     "any more"));
	}
}

/* ---- how it stands ---- */

static struct ask ask_one(struct op *op, size_t i)
{
	const struct kv_waiting *w = mine(op);
	const struct kv_cert *c = w->certs->pdata[i];
	g_autofree char *path = g_strdup_printf("/certificates/%s/pending", c->name);

	return (struct ask){ .send = w->is_denied ? NULL : kv_call_get(op, path, NULL) };
}

static bool is_news(const struct request *known, const struct request *r)
{
	return !known || known->state != r->state || strcmp(known->theirs, r->theirs) ||
	       strcmp(known->reason, r->reason) || strcmp(known->can, r->can) || strcmp(known->kept, r->kept) ||
	       strcmp(known->result, r->result);
}

static void put(struct op *op, struct request *r, const struct request *before)
{
	mine(op)->n_waiting += request_is_waiting(r);
	mine(op)->n_failed += r->state == REQUEST_FAILED;
	if (is_news(before, r))
		op_put_request(op, r);
	else
		request_unref(r);
}

/* Nothing is under way; what of a name without a certificate is left stands in the way of a new one. */
static void take_none(struct op *op, struct kv_cert *c, const struct request *before)
{
	static const struct kv_operation none = {
		.status = (char *)"failed", .details = (char *)"", .issuer = (char *)"", .id = (char *)"",
		.error = (char *)"its operation was dropped, and what is left is a name without a certificate: "
				 "create it anew, or delete it",
	};
	struct kv_operation left = none;

	c->has_pending = false;
	store_set(&c->pending, "");
	left.name = c->name;
	if (!*c->print)
		put(op, kv_operation_row(op, &left, before), before);
	else if (before && request_is_waiting(before))
		op_put_request(op, kv_operation_gone(op, before, "its operation was dropped in the vault"));
}

static void set_result(struct request *r, const struct kv_cert *c)
{
	g_autoptr(GString) hex = g_string_new(NULL);

	for (size_t b = 0; c->has_digest && b < sizeof(c->sha256); b++)
		g_string_append_printf(hex, "%02x", c->sha256[b]);
	store_set(&r->result, hex->str);
}

static void take(struct op *op, struct kv_cert *c, const struct kv_operation *o, const struct request *before)
{
	bool was_waiting = before && request_is_waiting(before);
	bool is_known = !strcmp(c->pending, o->status);
	struct request *r;

	store_set(&c->pending, o->status);
	c->has_pending = true;
	/* One that ended well before anybody saw it wait, or that was cancelled beside a good certificate,
	 * is no news. */
	if (!kv_operation_is_under_way(o) && !was_waiting && *c->print &&
	    (is_known || g_ascii_strcasecmp(o->status, "failed")))
		return;
	r = kv_operation_row(op, o, before);
	if (r->state == REQUEST_ISSUED)
		set_result(r, c);
	put(op, r, before);
}

static void hear_one(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct kv_waiting *w = mine(op);
	struct kv_cert *c = w->certs->pdata[i];
	const struct request *before = row_of(op, c->name);
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = NULL;
	g_autoptr(kv_operation) o = NULL;

	(void)none;
	if (!r->error && r->status == 404) {
		take_none(op, c, before);
		return;
	}
	j = kv_call_json(op, r, "pending", c->name, &error);
	o = j ? kv_operation_read(c->name, j) : NULL;
	if (o)
		take(op, c, o, before);
	else if (!w->is_denied)
		op_trouble(op, "%s", error ? error->message : "what a vault says of an operation has no state");
	w->is_denied = w->is_denied || kv_refusal_is_denied(r);
}

struct next kv_pending(struct op *op, const GPtrArray *certs, bool is_cut, step_fn *then)
{
	struct azure *a = azure_of(op);
	struct kv_waiting *w = a->waiting = g_new0(struct kv_waiting, 1);

	w->certs = g_ptr_array_new();
	for (guint i = 0; i < certs->len; i++)
		if (may_wait(op, certs->pdata[i]))
			g_ptr_array_add(w->certs, certs->pdata[i]);
	if (!is_cut)
		end_others(op, certs);
	return next_each(w->certs->len, ask_one, hear_one, then);
}

char *kv_pending_said(const struct op *op)
{
	const struct kv_waiting *w = mine(op);
	GString *s = g_string_new(NULL);

	if (w && w->n_waiting)
		g_string_append_printf(s, "; %u operation%s wait%s", w->n_waiting, w->n_waiting == 1 ? "" : "s",
				       w->n_waiting == 1 ? "s" : "");
	if (w && w->n_failed)
		g_string_append_printf(s, "; %u failed", w->n_failed);
	return g_string_free(s, FALSE);
}
