/*
 * kv_make: a vault is made in a subscription.
 *
 *   which subscription ─► regions ─► is the name free ─► is the group there ─► sent ─► until it stands
 *
 * then it is opened to whoever made it (kv_open.c).  Whether roles or access policies count is always
 * said, since what Azure takes when nothing is said has changed.  Begun again after having been cut off it
 * finds its vault and goes on from there; one that was there before is left as it is.
 */
#include "kv_make.h"

#include <string.h>

#include <certty/base/text.h>
#include <certty/model/store.h>

#define LOOKS_MAX     120
#define REGISTER_MAX  60
#define SHOWN_MAX     20	/* of a list that a refusal tells */
#define MAKING	      "making the vault"

static step_fn begin, read_subscriptions, ask_provider, read_provider, registered, ask_name, read_name,
	has_vault, has_deleted, ask_group, read_group, made_group, put_vault, has_put, look, looked;

static void making_done(void *p)
{
	struct kv_making *m = p;

	kv_place_done(&m->place);
	g_free(m->id);
	g_free(m->tenant);
	g_free(m->who);
	g_free(m->who_type);
	g_free(m->location);
	g_free(m->sku);
	g_free(m->refused);
	g_free(m);
}

struct kv_making *kv_making(struct op *op)
{
	return kv_call_mine(op, sizeof(struct kv_making), making_done);
}

struct request_out *kv_make_ask(struct op *op, const char *method, const char *path, const char *body)
{
	struct request_out *r = kv_call_arm(op, path);

	g_free(r->method);
	r->method = g_strdup(method);
	r->is_repeatable = strcmp(method, "POST") != 0;	/* the same once more */
	exchange_header(r, "Content-Type", "application/json");
	exchange_set_body(r, body, strlen(body));
	return r;
}

/* ---- what is asked for ---- */

static const char *region_of(const struct op *op)
{
	return args_text(op->args, "region", "eastus");
}

static const char *sku_of(const struct op *op)
{
	return args_text(op->args, "sku", "standard");
}

static bool by_roles(const struct op *op)
{
	return strcmp(args_text(op->args, "access", "roles"), "policies") != 0;
}

static int64_t retention_of(const struct op *op)
{
	int64_t days;

	return args_int(op->args, "retention", &days) ? days : 90;
}

/* The one that was said, or that the vault's own id tells, or the only one that the account names; "": not
 * known yet.  New. */
static char *subscription_of(const struct op *op, const struct kv_place *place)
{
	const char *said = args_text(op->args, "subscription", "");
	g_auto(GStrv) of_account = args_list(op->account->answers, "subscriptions");

	if (!*said)
		said = place->subscription;
	if (!*said && g_strv_length(of_account) == 1)
		said = of_account[0];
	return g_ascii_strdown(said, -1);
}

/* What the name tells besides has not to be said again, and must not be said otherwise. */
static bool settle_group(const struct op *op, struct kv_place *place, GError **error)
{
	const char *said = args_text(op->args, "group", "");

	if (!*said && !*place->group)
		g_set_error(error, ERR, ERR_USAGE, "say the resource group that the vault is to be in");
	else if (*said && *place->group && g_ascii_strcasecmp(said, place->group))
		g_set_error(error, ERR, ERR_USAGE, "the name tells the group %s, and %s is said as well",
			    place->group, said);
	else if (*said)
		store_set(&place->group, said);
	return *place->group && (!*said || !strcmp(said, place->group));
}

static bool check(const struct op *op, const struct azure_cloud *cloud, struct kv_place *place, GError **error)
{
	g_autofree char *subscription = NULL;

	if (!kv_place_read(args_text(op->args, "name", ""), cloud, place, error) ||
	    !settle_group(op, place, error))
		return false;
	subscription = subscription_of(op, place);
	if (*subscription && !g_uuid_string_is_valid(subscription)) {
		g_set_error(error, ERR, ERR_USAGE, "%s is no subscription's id", subscription);
		return false;
	}
	store_set(&place->subscription, subscription);
	return settings_allows(op->settings, "skus", sku_of(op), error) &&
	       settings_allows(op->settings, "regions", region_of(op), error);
}

struct next kv_make(struct op *op, const struct reply *none)
{
	GError *error = NULL;
	g_autoptr(azure_cloud) cloud = azure_cloud_new(op->account->answers, &error);

	(void)none;
	if (!cloud || !check(op, cloud, &kv_making(op)->place, &error))
		return next_fail_error(op, error);
	return azure_token(op, AZURE_ARM, begin);
}

/* ---- which subscription ---- */

static struct next in_subscription(struct op *op, const char *subscription)
{
	struct kv_making *m = kv_making(op);

	g_free(m->place.subscription);
	m->place.subscription = g_ascii_strdown(subscription, -1);
	m->id = kv_place_id(&m->place);
	return ask_provider(op, NULL);
}

/* The token tells whose it is, which the vault and who gets access are made of. */
static struct next begin(struct op *op, const struct reply *none)
{
	struct kv_making *m = kv_making(op);
	g_autoptr(json) j = azure_token_told(op, AZURE_ARM);
	const char *tid = json_str(j, "tid"), *oid = json_str(j, "oid"), *type = json_str(j, "idtyp");

	(void)none;
	if (!tid || !oid || !g_uuid_string_is_valid(tid) || !g_uuid_string_is_valid(oid))
		return next_fail(op, ERR_SIGN_IN, "the account's token does not tell its tenant and its object "
				 "id, which a vault is made with");
	m->tenant = g_strdup(tid);
	m->who = g_strdup(oid);
	m->who_type = g_strdup(!type ? "" : !strcmp(type, "app") ? "ServicePrincipal" :
			       !strcmp(type, "user") ? "User" : "");
	op_progress(op, 0, 6);
	if (*m->place.subscription) {
		g_autofree char *subscription = g_strdup(m->place.subscription);

		return in_subscription(op, subscription);
	}
	return next_send(kv_call_arm(op, "/subscriptions?api-version=2022-12-01"), read_subscriptions);
}

static struct next read_subscriptions(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = azure_reply_json(r, "listing subscriptions", &error);
	const struct json *list = json_get(j, "value");
	g_autoptr(GString) all = g_string_new(NULL);
	const char *only = NULL;
	guint n = 0;

	if (!j)
		return next_fail_error(op, error);
	for (size_t i = 0; i < json_count(list); i++) {
		const char *id = json_str(json_at(list, i), "subscriptionId");
		const char *shown = json_str(json_at(list, i), "displayName");
		const char *state = json_str(json_at(list, i), "state");
		g_autofree char *name = text_harmless_dup(shown ? shown : "", 60);

		if (!id || !g_uuid_string_is_valid(id) || (state && g_ascii_strcasecmp(state, "Enabled")))
			continue;
		only = id;
		if (n++ < SHOWN_MAX)
			g_string_append_printf(all, "%s%s (%s)", all->len ? ", " : "", id, name);
	}
	if (n == 1)
		return in_subscription(op, only);
	return next_fail(op, ERR_USAGE, n ? "say which subscription pays for it (subscription): %s" :
			 "no subscription is visible in which a vault could be made%s", all->str);
}

/* ---- regions ---- */

/* "East US 2" is eastus2. */
static char *region_name(const char *shown)
{
	GString *s = g_string_new(NULL);

	for (const char *c = shown; *c; c++)
		if (g_ascii_isalnum(*c))
			g_string_append_c(s, g_ascii_tolower(*c));
	return g_string_free(s, FALSE);
}

static const struct json *locations_in(const struct json *provider)
{
	const struct json *types = json_get(provider, "resourceTypes");

	for (size_t i = 0; i < json_count(types); i++) {
		const char *type = json_str(json_at(types, i), "resourceType");

		if (type && !g_ascii_strcasecmp(type, "vaults"))
			return json_get(json_at(types, i), "locations");
	}
	return NULL;
}

static bool check_region(const struct op *op, const struct json *provider, GError **error)
{
	const struct json *list = locations_in(provider);
	g_autoptr(GString) all = g_string_new(NULL);

	for (size_t i = 0; i < json_count(list); i++) {
		const char *shown = json_text(json_at(list, i));
		g_autofree char *name = region_name(shown ? shown : "");

		if (!strcmp(name, region_of(op)))
			return true;
		if (*name && settings_allows(op->settings, "regions", name, NULL))
			g_string_append_printf(all, "%s%s", all->len ? ", " : "", name);
	}
	g_set_error(error, ERR, ERR_USAGE, "%s is no region with vaults; those that have are %s; nothing was "
		    "made", region_of(op), all->len ? all->str : "not told");
	return false;
}

static char *provider_path(struct op *op, const char *more, const char *api)
{
	return g_strdup_printf("/subscriptions/%s/providers/Microsoft.KeyVault%s?api-version=%s",
			       kv_making(op)->place.subscription, more, api);
}

static struct next ask_provider(struct op *op, const struct reply *none)
{
	g_autofree char *path = provider_path(op, "", KV_GROUPS_API);

	(void)none;
	return next_send(kv_call_arm(op, path), read_provider);
}

/* A subscription that never had a vault has to be told that it may have some. */
static struct next read_provider(struct op *op, const struct reply *r)
{
	struct kv_making *m = kv_making(op);
	GError *error = NULL;
	g_autoptr(json) j = azure_reply_json(r, "reading the regions that have vaults", &error);
	const char *state = json_str(j, "registrationState");
	g_autofree char *path = provider_path(op, "/register", KV_GROUPS_API);

	if (!j || !check_region(op, j, &error))
		return next_fail_error(op, error);
	if (!state || !g_ascii_strcasecmp(state, "Registered"))
		return ask_name(op, NULL);
	if (!m->is_registering) {
		m->is_registering = true;
		return next_send(kv_make_ask(op, "POST", path, ""), registered);
	}
	if (m->looks++ < REGISTER_MAX)
		return next_wait(KV_LOOK_MS, ask_provider);
	return next_fail(op, ERR_BUSY, "the subscription is still being registered for vaults; try again "
			 "later");
}

static struct next registered(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = azure_reply_json(r, "registering the subscription for vaults", &error);

	return j ? ask_provider(op, NULL) : next_fail_error(op, error);
}

/* ---- the name ---- */

static struct next ask_name(struct op *op, const struct reply *none)
{
	g_autofree char *path = provider_path(op, "/checkNameAvailability", KV_ARM_API);
	g_autofree char *body = g_strdup_printf("{\"name\":\"%s\",\"type\":\"Microsoft.KeyVault/vaults\"}",
						kv_making(op)->place.name);

	(void)none;
	op_progress(op, 1, 6);
	return next_send(kv_make_ask(op, "POST", path, body), read_name);
}

static char *vault_path(struct op *op, const char *more)
{
	return g_strconcat(kv_making(op)->id, more, "?api-version=" KV_ARM_API, NULL);
}

static struct next read_name(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = azure_reply_json(r, "asking whether the name is free", &error);
	const char *reason = json_str(j, "reason"), *message = json_str(j, "message");
	g_autofree char *shown = text_harmless_dup(message ? message : "", 300);
	g_autofree char *path = vault_path(op, "");

	if (!j)
		return next_fail_error(op, error);
	if (json_bool(j, "nameAvailable", false))
		return ask_group(op, NULL);
	if (reason && !strcmp(reason, "AlreadyExists"))
		return next_send(kv_call_arm(op, path), has_vault);
	return next_fail(op, ERR_USAGE, "a vault cannot be called %s: %s", kv_making(op)->place.name, shown);
}

/* Its holder may be this very command, which was cut off. */
static struct next has_vault(struct op *op, const struct reply *r)
{
	struct kv_making *m = kv_making(op);
	g_autofree char *more = g_strdup_printf("/locations/%s/deletedVaults/%s", region_of(op), m->place.name);
	g_autofree char *path = provider_path(op, more, KV_ARM_API);

	if (!r->error && r->status == 200) {
		m->was_there = true;
		return looked(op, r);
	}
	return next_send(kv_call_arm(op, path), has_deleted);
}

static struct next has_deleted(struct op *op, const struct reply *r)
{
	const char *name = kv_making(op)->place.name;
	g_autoptr(json) j = azure_reply_json(r, "looking for a deleted vault of that name", NULL);
	const char *when = json_str(json_get(j, "properties"), "scheduledPurgeDate");
	g_autofree char *day = text_harmless_dup(when ? when : "its time is over", 40);

	if (!j)
		return next_fail(op, ERR_EXISTS, "somebody in this cloud has a vault %s, or had one that can "
				 "still come back: choose another name; nothing was made", name);
	return next_fail(op, ERR_EXISTS, "a vault %s was deleted in this subscription and keeps its name until "
			 "%s; to have it back: az keyvault recover --name %s; nothing was "
			 "made", name, day, name);
}

/* ---- the group ---- */

static char *group_path(struct op *op)
{
	const struct kv_place *p = &kv_making(op)->place;
	g_autofree char *group = g_uri_escape_string(p->group, NULL, FALSE);

	return g_strdup_printf("/subscriptions/%s/resourcegroups/%s?api-version=" KV_GROUPS_API,
			       p->subscription, group);
}

static struct next ask_group(struct op *op, const struct reply *none)
{
	g_autofree char *path = group_path(op);

	(void)none;
	op_progress(op, 2, 6);
	return next_send(kv_call_arm(op, path), read_group);
}

static struct next read_group(struct op *op, const struct reply *r)
{
	g_autofree char *path = group_path(op);
	g_autofree char *body = g_strdup_printf("{\"location\":\"%s\"}", region_of(op));
	bool is_absent = !r->error && r->status == 404;
	GError *error = NULL;
	g_autoptr(json) j = is_absent ? NULL : azure_reply_json(r, "reading the resource group", &error);

	if (j)
		return put_vault(op, NULL);
	if (error)
		return next_fail_error(op, error);
	if (args_bool(op->args, "make-group"))
		return next_send(kv_make_ask(op, "PUT", path, body), made_group);
	return next_fail(op, ERR_NOT_FOUND, "there is no resource group %s in the subscription: say that it "
			 "shall be made (make-group), or another; nothing was "
			 "made", kv_making(op)->place.group);
}

static struct next made_group(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = azure_reply_json(r, "making the resource group", &error);

	return j ? put_vault(op, NULL) : next_fail_error(op, error);
}

/* ---- the vault ---- */

static char *body_of(const struct op *op, const char *tenant)
{
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_put_str(&w, "location", region_of(op));
	json_open(&w, "properties", '{');
	json_put_str(&w, "tenantId", tenant);
	json_open(&w, "sku", '{');
	json_put_str(&w, "family", "A");
	json_put_str(&w, "name", sku_of(op));
	json_close(&w, '}');
	json_put_bool(&w, "enableRbacAuthorization", by_roles(op));
	json_open(&w, "accessPolicies", '[');
	json_close(&w, ']');
	json_put_int(&w, "softDeleteRetentionInDays", retention_of(op));
	if (args_bool(op->args, "purge-protection"))
		json_put_bool(&w, "enablePurgeProtection", true);
	json_close(&w, '}');
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

static struct next put_vault(struct op *op, const struct reply *none)
{
	g_autofree char *path = vault_path(op, ""), *body = body_of(op, kv_making(op)->tenant);

	(void)none;
	op_progress(op, 3, 6);
	kv_making(op)->looks = 0;
	return next_send(kv_make_ask(op, "PUT", path, body), has_put);
}

static struct next has_put(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = azure_reply_json(r, MAKING, &error);

	return j ? look(op, NULL) : next_fail_error(op, error);
}

static struct next look(struct op *op, const struct reply *none)
{
	g_autofree char *path = vault_path(op, "");

	(void)none;
	return next_send(kv_call_arm(op, path), looked);
}

/* It stands once its name is registered, which takes seconds, or minutes. */
static struct next looked(struct op *op, const struct reply *r)
{
	struct kv_making *m = kv_making(op);
	GError *error = NULL;
	g_autoptr(json) j = azure_reply_json(r, "reading the vault that was made", &error);
	const struct json *properties = json_get(j, "properties");
	const char *state = json_str(properties, "provisioningState");
	g_autoptr(kv_vault) v = j ? kv_vault_read(j) : NULL;
	g_autofree char *shown = text_harmless_dup(state ? state : "", 60);

	if (!j)
		return next_fail_error(op, error);
	if (!g_ascii_strcasecmp(shown, "Failed") || !g_ascii_strcasecmp(shown, "Canceled"))
		return next_fail(op, ERR_REFUSED, MAKING " did not come to an end: Azure says %s", shown);
	if (*shown && g_ascii_strcasecmp(shown, "Succeeded")) {
		if (m->looks++ < LOOKS_MAX)
			return next_wait(m->looks == 1 ? 0 : KV_LOOK_MS, look);
		return next_fail(op, ERR_BUSY, MAKING " has not come to an end yet (%s): the same command goes "
				 "on with it", shown);
	}
	if (!v)
		return next_fail(op, ERR_REPLY, "what Azure says of the vault that was made is not understood");
	m->location = g_strdup(v->location);
	m->sku = g_strdup(v->sku);
	m->retention = v->retention;
	m->goes_by_roles = v->goes_by_roles;
	m->is_protected = v->has_purge_protection;
	return kv_open(op);
}

/* ---- the plan ---- */

static void run(const struct op *op, struct plan *p, const struct kv_place *place, bool knows_subscription)
{
	g_autofree char *days = g_strdup_printf("%" G_GINT64_FORMAT, (gint64)retention_of(op));

	if (args_bool(op->args, "make-group")) {
		plan_run(p, "az group create");
		plan_option(p, "--name", place->group);
		plan_option(p, "--location", region_of(op));
	}
	plan_run(p, "az keyvault create");
	plan_option(p, "--subscription", knows_subscription ? place->subscription : NULL);
	plan_option(p, "--resource-group", place->group);
	plan_option(p, "--name", place->name);
	plan_option(p, "--location", region_of(op));
	plan_option(p, "--sku", sku_of(op));
	plan_option(p, "--enable-rbac-authorization", by_roles(op) ? "true" : "false");
	plan_option(p, "--retention-days", days);
	plan_option(p, "--enable-purge-protection", args_bool(op->args, "purge-protection") ? "true" : NULL);
}

static void say_deleting(const struct op *op, struct plan *p)
{
	plan_not(p, "what is deleted in it is not gone for good: it comes back for %" G_GINT64_FORMAT " days, "
		 "which cannot be changed later", (gint64)retention_of(op));
	if (args_bool(op->args, "purge-protection"))
		plan_warn(p, "purge protection can never be taken away: nobody, not Azure itself, deletes "
			  "anything in it for good before its time is over, nor frees its name");
	else
		plan_warn(p, "without purge protection whoever has the right for it can delete for good at "
			  "once what was deleted");
}

static void say(struct op *op, struct plan *p, const struct azure_cloud *cloud, struct kv_place *place)
{
	bool knows_subscription = *place->subscription;
	g_autofree char *id = NULL, *base = kv_place_base(place, cloud);

	if (!knows_subscription)
		store_set(&place->subscription, "SUBSCRIPTION");
	id = kv_place_id(place);
	plan_call(p, PLAN_ASKS, "GET", cloud->arm, "the regions that have vaults, and the resource group");
	plan_call(p, PLAN_ASKS, "POST", cloud->arm, "whether the name is free in the whole cloud");
	if (args_bool(op->args, "make-group"))
		plan_call(p, PLAN_CHANGES | PLAN_MAYBE, "PUT", cloud->arm, "the resource group, where there "
			  "is none");
	kv_change_call(p, PLAN_CHANGES, "PUT", cloud->arm, id, sku_of(op));
	kv_open_plan(p, id, base, by_roles(op));
	plan_cost(p, "Azure charges for the vault by its use, and for %s more with SKU premium",
		  "keys in hardware modules");
	say_deleting(op, p);
	run(op, p, place, knows_subscription);
}

bool kv_planned_make(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(azure_cloud) cloud = azure_cloud_new(op->account->answers, error);
	struct kv_place place = { 0 };
	bool ok = cloud && check(op, cloud, &place, error);

	if (ok)
		say(op, p, cloud, &place);
	kv_place_done(&place);
	return ok;
}
