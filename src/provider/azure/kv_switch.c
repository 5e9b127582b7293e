/*
 * kv_switch: a version of a certificate is enabled or disabled in a vault.
 *
 * That holds for its key and its secret as well: of a version that is disabled the vault hands out
 * neither.  Which version is meant is said to the vault, so that a newer one is never taken for it.
 */
#include "kv_change.h"

#include <string.h>

static step_fn ask, done;

static bool is_enabling(const struct op *op)
{
	return op->verb->id == VERB_CERT_ENABLE;
}

/* The one that was named, else the one that the last refresh saw; "": the newest.  New. */
static char *version_of(const struct op *op)
{
	const char *named = args_text(op->args, "version-id", "");
	const struct kv_cert *c;
	struct kv_memo m;
	char *version;

	if (*named)
		return g_strdup(named);
	kv_memo_read(&m, op->memo);
	c = g_hash_table_lookup(m.certs, op->cert.alias);
	version = g_strdup(c ? c->version : "");
	kv_memo_done(&m);
	return version;
}

static char *path_of(const struct op *op)
{
	g_autofree char *version = version_of(op);

	return g_strconcat("/certificates/", op->cert.alias, *version ? "/" : "", version, NULL);
}

struct next kv_enable(struct op *op, const struct reply *none)
{
	(void)none;
	return kv_call_begin(op, ask);
}

struct next kv_disable(struct op *op, const struct reply *none)
{
	(void)none;
	return kv_call_begin(op, ask);
}

static struct next ask(struct op *op, const struct reply *none)
{
	g_autofree char *path = path_of(op);
	struct request_out *r = kv_change_ask(op, "PATCH", path, is_enabling(op) ?
					      "{\"attributes\":{\"enabled\":true}}" :
					      "{\"attributes\":{\"enabled\":false}}");

	(void)none;
	r->is_repeatable = true;	/* the same state once more */
	return next_send(r, done);
}

static struct next done(struct op *op, const struct reply *r)
{
	const char *vault = kv_call_at(op)->place.name;
	g_autofree char *version = version_of(op);
	g_autoptr(json) j = NULL;
	struct next next;
	GError *error = NULL;

	if (kv_call_challenged(op, r, ask, &next))
		return next;
	j = kv_call_json(op, r, "update", op->cert.alias, &error);
	if (!j)
		return next_fail_error(op, error);
	if (json_bool(json_get(j, "attributes"), "enabled", !is_enabling(op)) != is_enabling(op))
		return next_fail(op, ERR_REPLY, "the vault %s took it, and has left %s as it was", vault,
				 op->cert.alias);
	op_touch(op, op->store->id);
	op_say(op, "%s%s%s is %s in the vault %s, with its key and its secret", op->cert.alias,
	       *version ? ", version " : "", version, is_enabling(op) ? "enabled" : "disabled", vault);
	return next_done();
}

static bool planned(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *base = kv_change_base(op, error), *path = path_of(op), *version = version_of(op);

	if (!base)
		return false;
	kv_change_call(p, PLAN_CHANGES, "PATCH", base, path, is_enabling(op) ? "enabled" : "disabled");
	kv_change_run(op, p, "set-attributes", op->cert.alias);
	if (*version)
		plan_option(p, "--version", version);
	plan_option(p, "--enabled", is_enabling(op) ? "true" : "false");
	return true;
}

bool kv_planned_enable(struct op *op, struct plan *p, GError **error)
{
	plan_not(p, "other versions of it stay as they are");
	return planned(op, p, error);
}

bool kv_planned_disable(struct op *op, struct plan *p, GError **error)
{
	plan_warn(p, "whoever reads that version, its key or its secret from the vault is refused from then "
		  "on");
	plan_not(p, "other versions of it stay as they are, and none takes its place");
	plan_not(p, "it is not revoked: whoever has a copy of its key can go on with it");
	return planned(op, p, error);
}
