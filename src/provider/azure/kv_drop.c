/*
 * kv_drop: an operation is deleted in a vault, whatever came of it.
 *
 * Unlike one that was cancelled it leaves nothing behind that could stand in the way of the next; but the
 * name stays, and where no certificate ever came of it, it stays empty until it is deleted as well.
 */
#include "kv_change.h"

#include <string.h>

struct dropping {
	char *name, *path;	/* "/certificates/NAME" */
	bool is_gone;		/* there was none any more */
};

static step_fn drop, dropped, named, unnamed;

static void dropping_done(void *p)
{
	struct dropping *d = p;

	g_free(d->name);
	g_free(d->path);
	g_free(d);
}

static struct dropping *mine(struct op *op)
{
	return kv_call_mine(op, sizeof(struct dropping), dropping_done);
}

struct next kv_drop(struct op *op, const struct reply *none)
{
	struct dropping *d = mine(op);
	g_autoptr(kv_operation) o = NULL;

	(void)none;
	if (!op->request || !op->store || !kv_operation_is_of(op->request))
		return next_fail(op, ERR_NOT_FOUND, "there is no such request");
	o = kv_operation_kept(op->request->kept);
	d->name = g_strdup(o->name);
	d->path = g_strconcat("/certificates/", o->name, NULL);
	return kv_call_begin(op, drop);
}

static struct next drop(struct op *op, const struct reply *none)
{
	g_autofree char *path = g_strconcat(mine(op)->path, "/pending", NULL);

	(void)none;
	return next_send(kv_change_ask(op, "DELETE", path, NULL), dropped);
}

static struct next over(struct op *op, const char *name_says)
{
	const struct dropping *d = mine(op);
	const char *vault = kv_call_at(op)->place.name;

	op_say(op, "%s: %s%s%s", d->name, d->is_gone ? "there was no operation any more in the vault " :
	       "its operation is dropped in the vault ", vault, name_says);
	op_put_request(op, kv_operation_gone(op, op->request, "its operation was dropped in the vault"));
	op_touch(op, op->store->id);
	return next_done();
}

static struct next dropped(struct op *op, const struct reply *r)
{
	struct dropping *d = mine(op);
	g_autoptr(json) j = NULL;
	struct next next;
	GError *error = NULL;

	if (kv_call_challenged(op, r, drop, &next))
		return next;
	d->is_gone = !r->error && r->status == 404;
	j = d->is_gone ? NULL : kv_call_json(op, r, "drop", d->name, &error);
	if (error)
		return next_fail_error(op, error);
	if (!args_bool(op->args, "with-name"))
		return over(op, "");
	return next_send(kv_call_get(op, d->path, NULL), named);
}

/* Only what is empty goes with its operation. */
static struct next named(struct op *op, const struct reply *r)
{
	const struct dropping *d = mine(op);
	g_autoptr(json) j = NULL;
	GError *error = NULL;

	if (!r->error && r->status == 404)
		return over(op, "; nothing has its name");
	j = kv_call_json(op, r, "get", d->name, &error);
	if (!j)
		return next_fail_error(op, error);
	if (json_str(j, "cer"))
		return over(op, "; the certificate of that name stays");
	return next_send(kv_change_ask(op, "DELETE", d->path, NULL), unnamed);
}

static struct next unnamed(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = NULL;
	GError *error = NULL;

	if (!r->error && r->status == 404)
		return over(op, "; nothing has its name");
	j = kv_call_json(op, r, "delete", mine(op)->name, &error);
	if (!j)
		return next_fail_error(op, error);
	return over(op, ", and its empty name deleted, which nothing else can have until it is purged");
}

bool kv_planned_drop(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(kv_operation) o = kv_operation_kept(op->request->kept);
	g_autofree char *base = kv_change_base(op, error), *path = g_strconcat("/certificates/", o->name, NULL);
	g_autofree char *pending = g_strconcat(path, "/pending", NULL);

	if (!base)
		return false;
	kv_change_call(p, PLAN_CHANGES, "DELETE", base, pending, "the operation");
	if (args_bool(op->args, "with-name")) {
		kv_change_call(p, PLAN_ASKS, "GET", base, path, "whether a certificate ever came of it");
		kv_change_call(p, PLAN_CHANGES, "DELETE", base, path, "its name, where none did");
	}
	if (kv_operation_is_under_way(o))
		plan_warn(p, "the key of its request goes: what a CA signs for it cannot be merged any more");
	plan_not(p, "versions of %s that are there stay%s", o->name, args_bool(op->args, "with-name") ? "" :
		 "; of a name without one, an empty certificate stays there, disabled");
	kv_change_run(op, p, "pending delete", o->name);
	return true;
}
