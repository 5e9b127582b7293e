/*
 * kv_remove: a certificate is deleted in a vault, with all its versions, its key and its secret.
 *
 * A vault keeps what was deleted for days, in which it can come back and nothing else can have its name;
 * that is said, with the day on which it ends.
 */
#include "kv_change.h"

#include <string.h>

#include <certty/base/clock.h>

static step_fn ask, deleted;

struct next kv_remove(struct op *op, const struct reply *none)
{
	(void)none;
	return kv_call_begin(op, ask);
}

static char *path_of(const struct op *op)
{
	return g_strconcat("/certificates/", op->cert.alias, NULL);
}

static struct next ask(struct op *op, const struct reply *none)
{
	g_autofree char *path = path_of(op);

	(void)none;
	return next_send(kv_change_ask(op, "DELETE", path, NULL), deleted);
}

static struct next deleted(struct op *op, const struct reply *r)
{
	const char *vault = kv_call_at(op)->place.name;
	g_autoptr(GString) day = g_string_new(NULL);
	g_autoptr(json) j = NULL;
	struct next next;
	GError *error = NULL;
	int64_t until = 0;

	if (kv_call_challenged(op, r, ask, &next))
		return next;
	if (!r->error && r->status == 404) {
		op_touch(op, op->store->id);
		op_say(op, "%s was not in the vault %s any more", op->cert.alias, vault);
		return next_done();
	}
	j = kv_call_json(op, r, "delete", op->cert.alias, &error);
	if (!j)
		return next_fail_error(op, error);
	op_touch(op, op->store->id);
	json_int(j, "scheduledPurgeDate", &until);
	if (until)
		clock_say_date(day, until);
	op_say(op, "%s is deleted in the vault %s, with all its versions and its "
		"key%s%s", op->cert.alias, vault,
	       until ? "; it can come back, and keeps its name, until " : "", day->str);
	return next_done();
}

bool kv_planned_remove(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *base = kv_change_base(op, error), *path = path_of(op);

	if (!base)
		return false;
	kv_change_call(p, PLAN_CHANGES, "DELETE", base, path, "all versions, the key and the secret");
	plan_warn(p, "whoever reads it from the vault gets it no more, from any version");
	plan_not(p, "it is not gone for good: the vault keeps it for the days that are set there, in which "
		 "it can come back, and in which nothing else can have its name");
	plan_not(p, "it is not revoked: whoever has a copy of its key can go on with it");
	kv_change_run(op, p, "delete", op->cert.alias);
	return true;
}
