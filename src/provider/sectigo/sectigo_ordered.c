/*
 * sectigo_ordered: what came back of an order that was written down and sent: its number, a refusal, or
 * nothing, after which it is looked for and never sent again by itself.
 */
#include "sectigo_orders.h"

#include <string.h>

/* That the service failed within, or could not reach the CA, may be said of an order that is there. */
static bool is_lost(const struct reply *r, const GError *error)
{
	return r->error || r->status >= 500 || r->status < 300 || g_error_matches(error, ERR, ERR_BUSY);
}

static struct next not_ordered(struct op *op, const struct reply *r, const struct request *about,
			       GError *error)
{
	struct request *row = request_dup(about);

	if (is_lost(r, error)) {
		store_set(&row->theirs, "Not answered");
		store_set(&row->reason, error->message);
		g_prefix_error(&error, "whether %s is ordered is not known; sync finds out, and nothing is "
			       "ordered again by itself: ", row->title);
	} else if (op->enrol) {		/* it may be asked with the same once more */
		op_drop_request(op, row->id);
		op_stands(op, REQUEST_WAITS_PROVIDER, "Refused", error->message, "");
		request_unref(row);
		return next_fail_error(op, error);
	} else {
		sectigo_order_end(row, REQUEST_FAILED, "Refused", error->message, op->now);
	}
	sectigo_order_put(op, row);
	return next_fail_error(op, error);
}

struct next sectigo_ordered(struct op *op, const struct reply *r, const char *what,
			    const struct request *about)
{
	GError *error = NULL;
	g_autoptr(json) j = sectigo_refusal_or_json(r, what, NULL, &error);
	g_autofree char *number = sectigo_call_text(j, "sslId", 18);

	if (j && (!*number || strspn(number, "0123456789") != strlen(number)))
		error = g_error_new(ERR, ERR_REPLY, "%s: the answer has no number", what);
	if (error)
		return not_ordered(op, r, about, error);
	sectigo_ordered_number(op, about, number);
	return sectigo_order_sync(op, NULL);
}

/* From then on it goes by its number. */
void sectigo_ordered_number(struct op *op, const struct request *about, const char *number)
{
	struct sectigo *s = op->scratch;
	struct request *row = request_dup(about);
	g_autoptr(sectigo_kept) k = sectigo_kept_read(row->kept);

	op_drop_request(op, row->id);
	g_free(row->id);
	row->id = sectigo_order_id(op->store, number);
	store_set(&k->number, number);
	sectigo_kept_set(row, k);
	store_set(&row->theirs, "Ordered");
	store_set(&row->reason, "");
	store_set(&row->can, "sync");
	request_unref(s->about);
	s->about = request_dup(row);
	sectigo_order_put(op, row);
	op_touch(op, op->store->id);
}

/* ---- a replacement, which has its number already ---- */

struct next sectigo_ordered_again(struct op *op, const struct reply *r, const char *what,
				  const struct request *about)
{
	struct sectigo *s = op->scratch;
	GError *error = NULL;
	struct request *row;
	g_autoptr(sectigo_kept) k = NULL;

	if (!sectigo_refusal_or_done(r, what, NULL, &error))
		return not_ordered(op, r, about, error);
	row = request_dup(about);
	k = sectigo_kept_read(row->kept);
	store_set(&k->sent, "taken");
	sectigo_kept_set(row, k);
	store_set(&row->theirs, "Being replaced");
	request_unref(s->about);
	s->about = request_dup(row);
	sectigo_order_put(op, row);
	op_touch(op, op->store->id);
	return sectigo_order_sync(op, NULL);
}
