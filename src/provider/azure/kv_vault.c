/*
 * kv_vault: a vault as the Resource Manager and Resource Graph tell of it.
 *
 * The one answers a resource whose members lie in `properties`, the other rows with the columns that
 * were asked for, and a list of resources may leave all but the name out; so each member is looked for
 * in both places, and what is not told is not guessed.
 */
#include "kv.h"

#include <string.h>

#include <certty/base/text.h>

/* A member of the resource by its own name, or a column of the row by ours. */
static char *text_of(const struct json *j, const char *column, const struct json *within, const char *member)
{
	const char *text = json_str(j, column);

	if (!text)
		text = json_str(within, member);
	return text_harmless_dup(text ? text : "", KV_TEXT_MAX);
}

static bool truth_of(const struct json *j, const char *column, const struct json *within, const char *member)
{
	int64_t n = 0;

	return json_bool(j, column, false) || json_bool(within, member, false) ||
	       (json_int(j, column, &n) && n == 1);
}

struct kv_vault *kv_vault_read(const struct json *j)
{
	static const struct azure_cloud nowhere = { .vault_suffix = (char *)"" };
	const struct json *p = json_get(j, "properties");
	const char *id = json_str(j, "id");
	struct kv_vault *v = g_new0(struct kv_vault, 1);

	if (!id || *id != '/' || !kv_place_read(id, &nowhere, &v->place, NULL)) {
		g_free(v);
		return NULL;
	}
	v->location = text_of(j, "location", NULL, NULL);
	v->sku = text_of(j, "sku", json_get(p, "sku"), "name");
	v->tenant = text_of(j, "vaultTenant", p, "tenantId");
	v->network = text_of(j, "network", p, "publicNetworkAccess");
	v->state = text_of(j, "state", p, "provisioningState");
	if (!json_int(j, "retention", &v->retention))
		json_int(p, "softDeleteRetentionInDays", &v->retention);
	v->goes_by_roles = truth_of(j, "rbac", p, "enableRbacAuthorization");
	v->has_purge_protection = truth_of(j, "purgeProtection", p, "enablePurgeProtection");
	v->tags = kv_tags(json_get(j, "tags"));
	v->is_told = *v->sku != '\0';
	return v;
}

void kv_vault_free(struct kv_vault *v)
{
	if (!v)
		return;
	kv_place_done(&v->place);
	g_free(v->location);
	g_free(v->sku);
	g_free(v->tenant);
	g_free(v->network);
	g_free(v->state);
	g_strfreev(v->tags);
	g_free(v);
}

/* ---- for a person ---- */

static const char *access_of(const struct kv_vault *v)
{
	return v->goes_by_roles ? "roles (RBAC)" : "access policies";
}

static char *deletion_of(const struct kv_vault *v)
{
	g_autofree char *days = v->retention ? g_strdup_printf("%" G_GINT64_FORMAT " days", v->retention) :
					       g_strdup("a while");

	return g_strdup_printf("what is deleted can come back for %s%s", days, v->has_purge_protection ?
			       ", and nobody can purge it before" : ", unless it is purged");
}

char *kv_vault_say(const struct kv_vault *v)
{
	g_autofree char *deletion = deletion_of(v);
	GString *s = g_string_new(v->location);

	g_string_append_printf(s, ", %s, group %s", v->is_told ? v->sku : "SKU not told", v->place.group);
	if (v->is_told)
		g_string_append_printf(s, ", %s; %s", access_of(v), deletion);
	return g_string_free(s, FALSE);
}

static void add(GStrvBuilder *b, const char *label, const char *text)
{
	if (!*text)
		return;
	g_strv_builder_add(b, label);
	g_strv_builder_add(b, text);
}

char **kv_vault_facts(const struct kv_vault *v)
{
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();
	g_autofree char *deletion = deletion_of(v);

	add(b, "Region", v->location);
	add(b, "SKU", v->sku);
	if (v->is_told) {
		add(b, "Access by", access_of(v));
		add(b, "Soft delete", deletion);
		add(b, "Purge protection", v->has_purge_protection ? "on" : "off");
	}
	add(b, "Public network", v->network);
	add(b, "Tenant", v->tenant);
	add(b, "State", g_ascii_strcasecmp(v->state, "Succeeded") ? v->state : "");
	for (char **tag = v->tags; *tag; tag++)
		add(b, tag == v->tags ? "Tags of the vault" : "", *tag);
	return g_strv_builder_end(b);
}
