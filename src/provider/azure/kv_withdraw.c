/*
 * kv_withdraw: an operation that is under way in a vault is cancelled there.
 *
 * The vault takes that down first and has done it a moment later.  What was cancelled stays as it ended,
 * until the next one begins.
 */
#include "kv_change.h"

#include <string.h>

#define LOOK_MS	 2000
#define LOOKS_MAX 10

struct withdrawing {
	unsigned looks;
};

static step_fn cancel, cancelled, look, looked;

static struct withdrawing *mine(struct op *op)
{
	return kv_call_mine(op, sizeof(struct withdrawing), g_free);
}

struct next kv_withdraw(struct op *op, const struct reply *none)
{
	g_autoptr(kv_operation) o = NULL;

	(void)none;
	if (!op->request || !op->store || !kv_operation_is_of(op->request))
		return next_fail(op, ERR_NOT_FOUND, "there is no such request");
	o = kv_operation_kept(op->request->kept);
	if (!kv_operation_is_under_way(o))
		return next_fail(op, ERR_REFUSED, "the operation on %s is over (%s)", o->name, o->status);
	return kv_call_begin(op, cancel);
}

static char *path_of(const struct op *op)
{
	g_autoptr(kv_operation) o = kv_operation_kept(op->request->kept);

	return g_strdup_printf("/certificates/%s/pending", o->name);
}

static struct next cancel(struct op *op, const struct reply *none)
{
	g_autofree char *path = path_of(op);

	(void)none;
	return next_send(kv_change_ask(op, "PATCH", path, "{\"cancellation_requested\":true}"), cancelled);
}

static struct next put(struct op *op, struct request *r)
{
	op_say(op, "%s: %s", r->title, request_state_word(r->state));
	op_touch(op, op->store->id);
	op_put_request(op, r);
	return next_done();
}

static struct next read_operation(struct op *op, const struct reply *r, const char *deed)
{
	g_autoptr(kv_operation) kept = kv_operation_kept(op->request->kept), o = NULL;
	g_autoptr(json) j = NULL;
	GError *error = NULL;

	if (!r->error && r->status == 404)
		return put(op, kv_operation_gone(op, op->request, "its operation was dropped in the vault"));
	j = kv_call_json(op, r, deed, kept->name, &error);
	if (!j)
		return next_fail_error(op, error);
	o = kv_operation_read(kept->name, j);
	if (!o)
		return next_fail(op, ERR_REPLY, "what the vault %s says of the operation has no state",
				 kv_call_at(op)->place.name);
	if (kv_operation_is_under_way(o) && mine(op)->looks++ < LOOKS_MAX)
		return next_wait(mine(op)->looks == 1 ? 0 : LOOK_MS, look);
	return put(op, kv_operation_row(op, o, op->request));
}

static struct next cancelled(struct op *op, const struct reply *r)
{
	struct next next;

	if (kv_call_challenged(op, r, cancel, &next))
		return next;
	return read_operation(op, r, "cancel");
}

static struct next look(struct op *op, const struct reply *none)
{
	g_autofree char *path = path_of(op);

	(void)none;
	return next_send(kv_call_get(op, path, NULL), looked);
}

static struct next looked(struct op *op, const struct reply *r)
{
	return read_operation(op, r, "pending");
}

bool kv_planned_withdraw(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(kv_operation) o = kv_operation_kept(op->request->kept);
	g_autofree char *base = kv_change_base(op, error), *path = path_of(op);

	if (!base)
		return false;
	kv_change_call(p, PLAN_CHANGES, "PATCH", base, path, "cancellation requested");
	kv_change_call(p, PLAN_ASKS, "GET", base, path, "until it is cancelled");
	plan_not(p, "versions of %s that are there stay; of a name without one, an empty certificate stays "
		 "there, disabled", o->name);
	kv_change_run(op, p, "pending cancel", o->name);
	return true;
}
