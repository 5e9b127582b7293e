/*
 * vault_test: who are we there?
 *
 * Asked by auth/token/lookup-self, which needs the token and changes nothing (but counts as a use
 * of a token that is good for a few), by sys/seal-status, which tells product and version, and by
 * sys/health, which tells what part the node has in its cluster.
 */
#include "vault_own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

static step_fn looked, told, health_told, may_told;

#define TRIED  "looking at the token"
#define ADVICE "the token is unknown, revoked or has ended"

struct next vault_test(struct op *op, const struct reply *none)
{
	struct vault *v = op->scratch;

	(void)none;
	v->at = g_strdup(args_text(op->access->with, VAULT_AT, VAULT_ADDRESS));
	return next_send(vault_ask(op, "auth/token/lookup-self", NULL), looked);
}

/* Whether the policy that allows everything is among them. */
static bool add_policies(GString *out, const struct json *list)
{
	bool is_root = false;

	for (size_t i = 0; i < MIN(json_count(list), 32); i++) {
		const char *name = json_text(json_at(list, i));

		if (name)
			g_string_append_printf(out, "%s%s", out->len ? ", " : "", name);
		is_root |= !g_strcmp0(name, "root");
	}
	return is_root;
}

static void say_end(GString *out, const struct json *data)
{
	bool is_renewable = json_bool(data, "renewable", false);
	int64_t ttl = 0;

	json_int(data, "ttl", &ttl);
	if (ttl <= 0) {
		g_string_append(out, "does not end");
		return;
	}
	g_string_append(out, "ends in ");
	clock_say_span(out, ttl);
	g_string_append(out, is_renewable ? ", can be renewed" : ", cannot be renewed");
}

static void describe(struct vault *v, const struct json *data)
{
	const char *name = json_str(data, "display_name");
	g_autoptr(GString) policies = g_string_new(NULL), about = g_string_new(NULL);

	v->is_root = add_policies(policies, json_get(data, "policies"));
	add_policies(policies, json_get(data, "identity_policies"));
	g_string_append_printf(about, "token of %s, policies %s; it ",
			       name && *name ? name : "somebody without a name",
			       policies->len ? policies->str : "none");
	say_end(about, data);
	v->about = text_harmless_dup(about->str, 600);
	v->who = g_strdup(name && *name ? name : "");
}

/* A token whose policies keep it from looking at itself has proved that it is one. */
static struct next looked(struct op *op, const struct reply *r)
{
	struct vault *v = op->scratch;
	g_autoptr(json) j = vault_json(r);

	if (j)
		describe(v, json_get(j, "data"));
	else if (r->error || r->status != 403 || vault_is_dead(r))
		return vault_fail(op, r, TRIED, ADVICE);
	else
		v->about = g_strdup("token is known there, but its policies do not let it look at "
				    "itself, so neither its owner nor its end is known");
	return next_send(vault_ask_server(op, "sys/seal-status"), told);
}

static struct next told(struct op *op, const struct reply *r)
{
	struct vault *v = op->scratch;
	g_autoptr(json) status = vault_json(r);
	g_autofree char *trouble = status ? vault_seal_trouble(status) : NULL;

	v->product = status ? vault_product(status) : g_strdup("Vault");
	if (trouble)
		return next_fail(op, ERR_BUSY, "%s at %s: %s", v->product, v->at, trouble);
	return next_send(vault_ask_health(op), health_told);
}

/* A standby that got this far passes on what it is asked. */
static const char *part_of(const struct json *health)
{
	if (!health)
		return "";
	if (json_bool(health, "performance_standby", false))
		return ", a performance standby";
	return json_bool(health, "standby", false) ? ", a standby of its cluster" :
						     ", unsealed and active";
}

/* Of one that may do everything that is all there is to say. */
static struct next health_told(struct op *op, const struct reply *r)
{
	struct vault *v = op->scratch;
	g_autoptr(json) health = vault_json(r);

	v->part = part_of(health);
	return v->is_root ? may_told(op, NULL) : vault_may_ask(op, may_told);
}

static struct next may_told(struct op *op, const struct reply *r)
{
	const struct vault *v = op->scratch;
	const char *space = args_text(op->access->with, VAULT_SPACE, "");
	g_autofree char *may = r ? vault_may_say(op, r) : g_strdup("");

	if (v->who && *v->who)
		op_who(op, "%s", v->who);
	op_say(op, "%s at %s%s%s%s: %s%s%s", v->product, v->at, v->part, *space ? ", namespace " : "", space,
	       v->about, *may ? "; it may: " : "", may);
	return next_done();
}
