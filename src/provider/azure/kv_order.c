/*
 * kv_order: the next version of a certificate is ordered of a vault.
 *
 *   written down ─► sent ─► an operation, which is the row from then on
 *
 * So an answer that is lost loses nothing: the row is there, and sync finds what came of it.
 */
#include "kv_change.h"

#include <string.h>

#define BEING "Being ordered"

static step_fn send, sent;

static void order_done(void *p)
{
	struct kv_order *o = p;

	g_free(o->name);
	g_free(o->issuer);
	g_free(o->body);
	g_strfreev(o->names);
	request_unref(o->row);
	g_free(o);
}

struct kv_order *kv_order(struct op *op)
{
	return kv_call_mine(op, sizeof(struct kv_order), order_done);
}

bool kv_order_is_free(struct op *op, GError **error)
{
	const char *name = kv_order(op)->name;
	g_autofree char *id = kv_operation_row_id(op->store, name);
	gssize i = op->requests ? items_find(op->requests, id) : -1;

	if (i < 0 || !request_is_waiting(op->requests->item[i]))
		return true;
	g_set_error(error, ERR, ERR_EXISTS, "an operation on %s is under way: see how it stands (sync) or end "
		    "it (withdraw) first; nothing was sent", name);
	return false;
}

/* The row before the vault knows of it. */
struct next kv_order_send(struct op *op)
{
	struct kv_order *c = kv_order(op);
	struct kv_operation o = { .name = c->name, .status = (char *)"inProgress", .details = (char *)"",
				  .issuer = c->issuer, .error = (char *)"", .id = (char *)"" };
	struct request *r = kv_operation_row(op, &o, NULL);

	r->state = REQUEST_WAITS_PROVIDER;
	store_set(&r->theirs, BEING);
	store_set(&r->title, c->names[0]);
	store_set(&r->can, "sync dismiss");
	g_strfreev(r->names);
	r->names = g_strdupv(c->names);
	c->row = request_ref(r);
	op_put_request(op, r);
	return next_keep(send);
}

static struct next send(struct op *op, const struct reply *none)
{
	const struct kv_order *c = kv_order(op);
	g_autofree char *path = g_strdup_printf("/certificates/%s/create", c->name);

	(void)none;
	return next_send(kv_change_ask(op, "POST", path, c->body), sent);
}

static struct next sent(struct op *op, const struct reply *r)
{
	const struct kv_order *c = kv_order(op);
	g_autoptr(kv_operation) o = NULL;
	g_autoptr(json) j = NULL;
	GError *error = NULL;
	struct request *row;

	j = kv_call_json(op, r, "create", c->name, &error);
	o = j ? kv_operation_read(c->name, j) : NULL;
	if (!r->error && r->status < 500 && !o) {
		op_drop_request(op, c->row->id);
		return error ? next_fail_error(op, error) :
			       next_fail(op, ERR_REPLY, "what the vault %s says of the operation has no state",
					 kv_call_at(op)->place.name);
	}
	if (!o) {
		g_prefix_error(&error, "whether the order arrived is not known; sync tells: ");
		return next_fail_error(op, error);
	}
	row = kv_operation_row(op, o, c->row);
	if (kv_operation_is_under_way(o))
		op_say(op, "%s waits for %s", row->title, kv_operation_waits_for(o));
	else
		op_say(op, "%s: %s", row->title, request_state_word(row->state));
	op_put_request(op, row);
	op_touch(op, op->store->id);
	return next_done();
}
