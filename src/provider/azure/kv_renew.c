/*
 * kv_renew: a certificate gets a new version in its vault, by the policy that it has there.
 *
 * The policy says all that the next one is made of, so it is read and sent as it is, with the tags of the
 * newest version, which a vault does not keep by itself.  Whoever signs it then is who the policy says:
 * the vault, a CA that it orders from, or one elsewhere that gets the request.
 */
#include "kv_change.h"

#include <string.h>

#include <certty/base/text.h>

#define SELF	"Self"
#define UNKNOWN "Unknown"

static step_fn read_policy, answered;

/* ---- what a rule may propose ---- */

static bool is_ca(const char *issuer)
{
	return *issuer && g_ascii_strcasecmp(issuer, SELF) && g_ascii_strcasecmp(issuer, UNKNOWN);
}

/* What the vault renews by itself is nobody's work, and what somebody else signs comes from elsewhere. */
GHashTable *kv_find_renewable(const struct store *s, GBytes *memo, int64_t now)
{
	GHashTable *ret = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, renewable_free);
	GHashTableIter iter;
	gpointer name, value;
	struct kv_memo m;

	(void)s;
	(void)now;
	kv_memo_read(&m, memo);
	g_hash_table_iter_init(&iter, m.certs);
	while (g_hash_table_iter_next(&iter, &name, &value)) {
		const struct kv_cert *c = value;
		bool is_self = !g_ascii_strcasecmp(c->issuer, SELF);

		if (c->has_bundle && c->is_enabled && !c->renews && (is_self || is_ca(c->issuer)) &&
		    g_ascii_strcasecmp(c->pending, "inProgress"))
			g_hash_table_replace(ret, g_strdup(name), renewable_new(is_self ? "" :
					     "the CA that the vault orders from may charge for it"));
	}
	kv_memo_done(&m);
	return ret;
}

/* ---- renewing ---- */

struct next kv_renew(struct op *op, const struct reply *none)
{
	struct kv_order *o = kv_order(op);
	GError *error = NULL;

	(void)none;
	o->name = g_strdup(op->cert.alias);
	if (!kv_order_is_free(op, &error))
		return next_fail_error(op, error);
	return kv_call_begin(op, read_policy);
}

static struct next read_policy(struct op *op, const struct reply *none)
{
	g_autofree char *path = g_strconcat("/certificates/", kv_order(op)->name, NULL);

	(void)none;
	return next_send(kv_call_get(op, path, NULL), answered);
}

/* All of a policy but for what is of the one that is there: its address, and when it was made. */
static char *body_of(const struct json *policy, const struct json *tags)
{
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_open(&w, "policy", '{');
	for (size_t i = 0; i < json_members(policy); i++) {
		const char *key = json_key_at(policy, i);

		if (strcmp(key, "id") && strcmp(key, "attributes"))
			json_put_copy(&w, key, json_at(policy, i));
	}
	json_close(&w, '}');
	json_open(&w, "tags", '{');
	for (size_t i = 0; i < json_members(tags); i++)
		if (strcmp(json_key_at(tags, i), KV_TOKEN_TAG) != 0)
			json_put_copy(&w, json_key_at(tags, i), json_at(tags, i));
	json_close(&w, '}');
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

/* The names that the row has until the request tells. */
static char **names_of(const struct op *op, const struct json *policy)
{
	const struct json *names = json_get(json_get(json_get(policy, "x509_props"), "sans"), "dns_names");
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();

	for (size_t i = 0; i < MIN(json_count(names), KV_LIST_MAX); i++) {
		const char *text = json_text(json_at(names, i));
		g_autofree char *name = text_harmless_dup(text ? text : "", KV_TEXT_MAX);

		if (*name)
			g_strv_builder_add(b, name);
	}
	if (!json_count(names))
		g_strv_builder_add(b, op->cert.alias);
	return g_strv_builder_end(b);
}

static bool check(const struct op *op, const struct json *j, GError **error)
{
	const struct json *policy = json_get(j, "policy");
	const char *issuer = json_str(json_get(policy, "issuer"), "name");
	const char *vault = kv_call_at(op)->place.name;
	g_autofree char *shown = text_harmless_dup(issuer ? issuer : "", 80);

	if (!json_key_at(policy, 0))
		g_set_error(error, ERR, ERR_REPLY, "the vault %s tells no policy of %s", vault, op->cert.alias);
	else if (is_ca(shown) && !args_bool(op->args, "charge"))
		g_set_error(error, ERR, ERR_REFUSED, "%s: the vault orders it from %s, who may charge for it: "
			    "accept that (charge) to go on; nothing was ordered", op->cert.alias, shown);
	else
		return true;
	return false;
}

static struct next answered(struct op *op, const struct reply *r)
{
	struct kv_order *o = kv_order(op);
	g_autoptr(json) j = NULL;
	const struct json *policy;
	const char *issuer;
	struct next next;
	GError *error = NULL;

	if (kv_call_challenged(op, r, read_policy, &next))
		return next;
	j = kv_call_json(op, r, "get", o->name, &error);
	if (!j || !check(op, j, &error))
		return next_fail_error(op, error);
	policy = json_get(j, "policy");
	issuer = json_str(json_get(policy, "issuer"), "name");
	o->issuer = text_harmless_dup(issuer ? issuer : "", 80);
	o->names = names_of(op, policy);
	o->body = body_of(policy, json_get(j, "tags"));
	return *o->names ? kv_order_send(op) :
			   next_fail(op, ERR_REPLY, "the policy of %s has names that are none", o->name);
}

/* ---- the plan ---- */

/* As the last refresh knew it; "" when that is nothing.  New. */
static char *known_issuer(const struct op *op)
{
	const struct kv_cert *c;
	struct kv_memo m;
	char *issuer;

	kv_memo_read(&m, op->memo);
	c = g_hash_table_lookup(m.certs, op->cert.alias);
	issuer = g_strdup(c ? c->issuer : "");
	kv_memo_done(&m);
	return issuer;
}

bool kv_planned_renew(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *base = kv_change_base(op, error), *issuer = known_issuer(op);
	g_autofree char *path = g_strconcat("/certificates/", op->cert.alias, NULL);
	g_autofree char *create = g_strconcat(path, "/create", NULL);

	if (!base)
		return false;
	kv_change_call(p, PLAN_ASKS, "GET", base, path, "its policy and its tags");
	kv_change_call(p, PLAN_CHANGES, "POST", base, create, "a new version by the same policy");
	if (is_ca(issuer))
		plan_warn(p, "the CA behind the issuer %s may charge for it", issuer);
	else if (!g_ascii_strcasecmp(issuer, SELF))
		plan_warn(p, "it is signed by itself again: whoever was told to trust the old one has to be "
			  "told anew");
	else
		plan_not(p, "no CA is asked: its request is in the row, to be signed elsewhere and brought "
			 "back");
	plan_not(p, "older versions stay, and stay valid");
	plan_remark(p, "policy.json is what az keyvault certificate show prints of it (--query policy)");
	kv_change_run(op, p, "create", op->cert.alias);
	plan_option(p, "--policy", "@policy.json");
	return true;
}
