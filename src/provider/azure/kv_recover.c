/*
 * kv_recover: what was deleted in a vault comes back, or goes for good.
 *
 * A vault takes either down at once and has done it a moment later: what comes back is looked for until
 * it is there.  What is purged is gone with all its versions, its key and its secret.
 */
#include "kv_change.h"

#include <string.h>

#define LOOK_MS	  2000
#define LOOKS_MAX 30

struct recovering {
	unsigned looks;
	bool is_unknown;	/* the vault has no deleted one of that name */
};

static step_fn recover, recovered, look, looked, purge, purged;

static struct recovering *mine(struct op *op)
{
	return kv_call_mine(op, sizeof(struct recovering), g_free);
}

static const char *name_of(const struct op *op)
{
	return op->object->name;
}

static char *path_of(const struct op *op, const char *collection, const char *more)
{
	return g_strconcat("/", collection, "/", name_of(op), more, NULL);
}

static bool is_deleted(const struct op *op)
{
	return op->object && op->store && !strcmp(op->object->type, KV_DELETED);
}

static struct next begin(struct op *op, step_fn *then)
{
	if (!is_deleted(op))
		return next_fail(op, ERR_NOT_FOUND, "there is no such deleted certificate");
	return kv_call_begin(op, then);
}

/* It is no deleted one any more. */
static void forget(struct op *op)
{
	op_drop_object(op, op->object->id);
	op_touch(op, op->store->id);
}

/* ---- back ---- */

struct next kv_recover(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, recover);
}

static struct next recover(struct op *op, const struct reply *none)
{
	g_autofree char *path = path_of(op, "deletedcertificates", "/recover");

	(void)none;
	return next_send(kv_change_ask(op, "POST", path, NULL), recovered);
}

static struct next recovered(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = NULL;
	struct next next;
	GError *error = NULL;

	if (kv_call_challenged(op, r, recover, &next))
		return next;
	mine(op)->is_unknown = !r->error && r->status == 404;
	if (mine(op)->is_unknown)
		return look(op, NULL);
	j = kv_call_json(op, r, "recover", name_of(op), &error);
	return j ? look(op, NULL) : next_fail_error(op, error);
}

static struct next look(struct op *op, const struct reply *none)
{
	g_autofree char *path = path_of(op, "certificates", NULL);

	(void)none;
	return next_send(kv_call_get(op, path, NULL), looked);
}

static struct next is_back(struct op *op, const char *words)
{
	forget(op);
	op_say(op, "%s %s in the vault %s, with all its versions and its key", name_of(op), words,
	       kv_call_at(op)->place.name);
	return next_done();
}

/* Who may bring it back may not be allowed to look at it. */
static struct next looked(struct op *op, const struct reply *r)
{
	const char *vault = kv_call_at(op)->place.name;
	bool is_there = !r->error && r->status == 200, is_absent = !r->error && r->status == 404;

	if (is_there)
		return is_back(op, mine(op)->is_unknown ? "is there already" : "is back");
	if (mine(op)->is_unknown)
		return next_fail(op, ERR_NOT_FOUND, "the vault %s has no deleted certificate %s: it is being "
				 "deleted just now, or is gone for good; refresh tells", vault, name_of(op));
	if (is_absent && mine(op)->looks++ < LOOKS_MAX)
		return next_wait(mine(op)->looks == 1 ? 0 : LOOK_MS, look);
	return is_back(op, "is being brought back");
}

/* ---- for good ---- */

struct next kv_purge(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, purge);
}

static struct next purge(struct op *op, const struct reply *none)
{
	g_autofree char *path = path_of(op, "deletedcertificates", NULL);

	(void)none;
	return next_send(kv_change_ask(op, "DELETE", path, NULL), purged);
}

static struct next purged(struct op *op, const struct reply *r)
{
	const char *vault = kv_call_at(op)->place.name;
	bool is_done = !r->error && (r->status == 204 || r->status == 200);
	bool is_absent = !r->error && r->status == 404;
	struct next next;
	GError *error = NULL;

	if (kv_call_challenged(op, r, purge, &next))
		return next;
	if (!is_done && !is_absent) {
		kv_refusal_set(&kv_call_at(op)->place, r, "purge", name_of(op), &error);
		return next_fail_error(op, error);
	}
	forget(op);
	if (is_done)
		op_say(op, "%s is gone for good from the vault %s; its name is free in a moment", name_of(op),
		       vault);
	else
		op_say(op, "%s was not among the deleted certificates of the vault %s any more", name_of(op),
		       vault);
	return next_done();
}

/* ---- plans ---- */

static void run(const struct op *op, struct plan *p, const char *command)
{
	kv_change_run(op, p, command, name_of(op));
}

bool kv_planned_recover(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *base = kv_change_base(op, error), *path = NULL, *there = NULL;

	if (!base)
		return false;
	path = path_of(op, "deletedcertificates", "/recover");
	there = path_of(op, "certificates", NULL);
	kv_change_call(p, PLAN_CHANGES, "POST", base, path, "all versions, the key and the secret come back");
	kv_change_call(p, PLAN_ASKS, "GET", base, there, "until it is there");
	plan_not(p, "versions that were disabled stay disabled");
	run(op, p, "recover");
	return true;
}

bool kv_planned_purge(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *base = kv_change_base(op, error), *path = NULL;

	if (!base)
		return false;
	path = path_of(op, "deletedcertificates", NULL);
	kv_change_call(p, PLAN_CHANGES, "DELETE", base, path, "all versions, the key and the secret, for good");
	plan_warn(p, "nobody can bring it back after that, and a key that never left the vault is lost");
	plan_not(p, "it is not revoked: whoever has a copy of its key can go on with it");
	plan_not(p, "where the vault has purge protection it is refused, and goes by itself when its days are "
		 "over");
	run(op, p, "purge");
	return true;
}
