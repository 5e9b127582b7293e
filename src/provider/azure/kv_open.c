/*
 * kv_open: a vault that was just made is opened to whoever made it, and becomes a store.
 *
 * Who makes a vault may not read it by that alone: a role on it, or an access policy in it, says so.  Who
 * may not give that either is told the command for somebody who may.  A role counts only after a while,
 * and a new name has to get around, so the vault is asked for a list until one comes.
 */
#include "kv_make.h"

#include <string.h>

#define ROLE	   "Key Vault Certificates Officer"
#define ROLE_ID	   "a4417e6f-fecd-4de8-b567-7b0420556985"
#define PROBES_MAX 60	/* five minutes */
#define NAMES_MAX  24	/* two, until its name is known */

/* All but purging, which nobody gets without having asked for it. */
static const char *const permissions[] = {
	"get", "list", "create", "import", "update", "delete", "recover", "backup", "restore",
	"managecontacts", "getissuers", "listissuers", "setissuers", "deleteissuers", NULL
};

static step_fn given, begin_probe, probe, probed;

/* ---- access ---- */

static char *role_body(const struct kv_making *m)
{
	struct json_writer w = { .out = g_string_new(NULL) };
	g_autofree char *role = g_strdup_printf("/subscriptions/%s/providers/Microsoft.Authorization/"
						"roleDefinitions/" ROLE_ID, m->place.subscription);

	json_open(&w, NULL, '{');
	json_open(&w, "properties", '{');
	json_put_str(&w, "roleDefinitionId", role);
	json_put_str(&w, "principalId", m->who);
	if (*m->who_type)
		json_put_str(&w, "principalType", m->who_type);
	json_close(&w, '}');
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

static char *policy_body(const struct kv_making *m)
{
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_open(&w, "properties", '{');
	json_open(&w, "accessPolicies", '[');
	json_open(&w, NULL, '{');
	json_put_str(&w, "tenantId", m->tenant);
	json_put_str(&w, "objectId", m->who);
	json_open(&w, "permissions", '{');
	json_open(&w, "certificates", '[');
	for (const char *const *one = permissions; *one; one++)
		json_put_str(&w, NULL, *one);
	json_close(&w, ']');
	json_close(&w, '}');
	json_close(&w, '}');
	json_close(&w, ']');
	json_close(&w, '}');
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

struct next kv_open(struct op *op)
{
	const struct kv_making *m = kv_making(op);
	g_autofree char *number = g_uuid_string_random(), *path = NULL, *body = NULL;

	op_progress(op, 4, 6);
	if (m->goes_by_roles) {
		path = g_strdup_printf("%s/providers/Microsoft.Authorization/roleAssignments/%s"
				       "?api-version=2022-04-01", m->id, number);
		body = role_body(m);
	} else {
		path = g_strconcat(m->id, "/accessPolicies/add?api-version=" KV_ARM_API, NULL);
		body = policy_body(m);
	}
	return next_send(kv_make_ask(op, "PUT", path, body), given);
}

/* The command for whoever may give it.  New. */
static char *command_of(const struct kv_making *m)
{
	g_autofree char *all = g_strjoinv(" ", (char **)(uintptr_t)permissions);

	if (m->goes_by_roles)
		return g_strdup_printf("az role assignment create --role '" ROLE "' --assignee-object-id "
				       "%s%s%s --scope %s", m->who,
				       *m->who_type ? " --assignee-principal-type " : "", m->who_type, m->id);
	return g_strdup_printf("az keyvault set-policy --name %s --object-id %s --certificate-permissions %s",
			       m->place.name, m->who, all);
}

static struct next given(struct op *op, const struct reply *r)
{
	struct kv_making *m = kv_making(op);
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = NULL;

	if (r->error || r->status != 409)	/* it has it already */
		j = azure_reply_json(r, "giving this account access", &error);
	if (error)
		m->refused = g_strdup(error->message);
	op_put_store(op, kv_stores_row(op, &m->place, m->location, STORE_ADDED));
	return begin_probe(op, NULL);
}

/* ---- until a list comes ---- */

static struct next begin_probe(struct op *op, const struct reply *none)
{
	(void)none;
	kv_making(op)->looks = 0;
	op_progress(op, 5, 6);
	return kv_call_begin_at(op, &kv_making(op)->place, probe);
}

static struct next probe(struct op *op, const struct reply *none)
{
	(void)none;
	return next_send(kv_call_get(op, "/certificates", "maxresults", "1", NULL), probed);
}

static struct next end(struct op *op)
{
	const struct kv_making *m = kv_making(op);
	g_autoptr(store) s = kv_stores_row(op, &m->place, m->location, STORE_ADDED);

	if (m->refused)
		op_trouble(op, "%s", m->refused);
	op_touch(op, s->id);
	op_say(op, "the vault %s %s (%s, %s, %s) and its certificates can be listed; it is the store %s; "
		   "what is deleted in it comes back for %" G_GINT64_FORMAT " days, %s", m->place.name,
	       m->was_there ? "was there already, is left as it is" : "is made", m->location, m->sku,
	       m->goes_by_roles ? "roles" : "access policies", s->id, m->retention,
	       m->is_protected ? "and nobody can purge it before" : "unless it is purged");
	return next_done();
}

static struct next give_up(struct op *op, const struct reply *r)
{
	const struct kv_making *m = kv_making(op);
	g_autofree char *command = command_of(m);
	GError *error = NULL;

	if (kv_refusal_is_denied(r))
		return next_fail(op, ERR_REFUSED, "the vault %s is there, and this account cannot read it%s%s: "
				 "have somebody who may run: %s", m->place.name,
				 m->refused ? ", since access could not be given: " : " yet, though it was "
				 "given access", m->refused ? m->refused : "", command);
	kv_refusal_set(&m->place, r, "list", NULL, &error);
	g_prefix_error(&error, "the vault %s is there; ", m->place.name);
	return next_fail_error(op, error);
}

static struct next probed(struct op *op, const struct reply *r)
{
	struct kv_making *m = kv_making(op);
	bool is_denied = kv_refusal_is_denied(r) && !m->refused;
	unsigned most = is_denied ? PROBES_MAX : kv_refusal_is_unknown_host(r) ? NAMES_MAX : 0;
	g_autoptr(json) j = NULL;
	struct next next;

	if (kv_call_challenged(op, r, probe, &next))
		return next;
	if (m->looks++ < most)
		return next_wait(m->looks == 1 ? 0 : KV_LOOK_MS, probe);
	j = kv_call_json(op, r, "list", NULL, NULL);
	return j ? end(op) : give_up(op, r);
}

void kv_open_plan(struct plan *p, const char *id, const char *base, bool goes_by_roles)
{
	plan_call(p, PLAN_CHANGES, "PUT", id, goes_by_roles ?
		  "the role " ROLE " on it for this account" :
		  "an access policy in it for this account: all about certificates but purging");
	kv_change_call(p, PLAN_ASKS, "GET", base, "/certificates", "until a list comes");
	plan_not(p, "nobody else gets access, and this account gets none to keys and secrets");
}
