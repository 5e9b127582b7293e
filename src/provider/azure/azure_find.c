/*
 * Ways in to Azure that other tools or the machine itself have: variables, the Azure CLI's login, a
 * federated token, a managed identity.  Only their presence is noted; what they are worth is seen
 * when one signs in.
 */
#include "own.h"

#include <string.h>

#include <certty/base/file.h>
#include <certty/base/text.h>

#define PROFILE_MAX (4u << 20)
#define LOGINS_MAX  32

static const char *variable(const char *name)
{
	const char *value = g_getenv(name);

	return value && *value ? value : NULL;
}

static struct account *add(GPtrArray *found, const char *id, const char *from, const char *title,
			   const char *found_in)
{
	struct account *a = account_new(id);

	store_set(&a->provider, "azure");
	store_set(&a->title, title);
	store_set(&a->found_in, found_in);
	store_set(&a->secret_from, found_in);
	a->origin = ACCOUNT_FOUND;
	args_set(a->answers, "from", from);
	g_ptr_array_add(found, a);
	return a;
}

static void set_harmless(struct account *a, const char *key, const char *value)
{
	g_autofree char *harmless = text_harmless_dup(value, 4096);

	args_set(a->answers, key, harmless);
}

static void set_cloud(struct account *a)
{
	const char *url = variable("AZURE_AUTHORITY_HOST");
	const char *cloud = url ? azure_cloud_of_authority(url) : NULL;

	if (cloud && strcmp(cloud, "public"))
		args_set(a->answers, "cloud", cloud);
	else if (url && !cloud) {
		args_set(a->answers, "cloud", "custom");
		set_harmless(a, "authority", url);
	}
}

/* ---- variables ---- */

static void find_environment(GPtrArray *found, GPtrArray *troubles)
{
	bool has_app = variable("AZURE_CLIENT_ID") && variable("AZURE_TENANT_ID");
	const char *by = variable("AZURE_CLIENT_SECRET") ? "AZURE_CLIENT_SECRET" :
			 variable("AZURE_CLIENT_CERTIFICATE_PATH") ?
			 "AZURE_CLIENT_CERTIFICATE_PATH" : NULL;
	struct account *a;

	if (has_app && by) {
		a = add(found, "azure:environment", "environment", "Azure by the environment", by);
		set_cloud(a);
	} else if (by) {
		g_ptr_array_add(troubles, g_strdup_printf("%s is set, but not both AZURE_TENANT_ID and "
							  "AZURE_CLIENT_ID; set them as well", by));
	}
}

static void find_workload(GPtrArray *found)
{
	const char *file = variable("AZURE_FEDERATED_TOKEN_FILE");
	struct account *a;

	if (!file || !variable("AZURE_CLIENT_ID") || !variable("AZURE_TENANT_ID"))
		return;
	a = add(found, "azure:workload-identity", "workload-identity", "Azure by workload identity",
		"AZURE_FEDERATED_TOKEN_FILE");
	set_harmless(a, "token-file", file);
	set_harmless(a, "client-id", variable("AZURE_CLIENT_ID"));
	set_harmless(a, "tenant", variable("AZURE_TENANT_ID"));
	set_cloud(a);
}

static void find_identity(GPtrArray *found)
{
	const char *where = azure_identity_here(AZURE_DMI);
	struct account *a;

	if (!where)
		return;
	a = add(found, "azure:managed-identity", "managed-identity", "Azure by this machine's identity",
		where);
	/* Without a tenant it is meant for this, as the Azure SDKs have it. */
	if (!variable("AZURE_TENANT_ID") && variable("AZURE_CLIENT_ID"))
		set_harmless(a, "identity", variable("AZURE_CLIENT_ID"));
	set_cloud(a);
}

/* ---- the Azure CLI ---- */

struct login {
	const char *tenant, *user, *cloud;	/* borrowed */
	bool is_default;
};

static struct login read_login(const struct json *item)
{
	const char *cloud = json_str(item, "environmentName");

	return (struct login){
		.tenant = json_str(item, "tenantId"),
		.user = json_str(json_get(item, "user"), "name"),
		.cloud = azure_cloud_of_cli(cloud ? cloud : "AzureCloud"),
		.is_default = json_bool(item, "isDefault", false),
	};
}

/* A name in an id must be of its letters. */
static void add_login(GPtrArray *found, const struct login *l, const char *path)
{
	g_autofree char *id = g_strdup_printf("azure:cli:%s", l->tenant);
	g_autofree char *user = text_harmless_dup(l->user ? l->user : "somebody", 80);
	g_autofree char *title = g_strdup_printf("az login of %s", user);
	struct account *a;

	if (!account_id_is_fit(id))
		return;
	a = add(found, l->is_default ? "azure:cli" : id, "cli", title, path);
	args_set(a->answers, "login-tenant", l->tenant);
	if (strcmp(l->cloud, "public"))
		args_set(a->answers, "cloud", l->cloud);
}

/* One account per tenant; of the active subscription's tenant it is the one without a suffix. */
static void add_logins(GPtrArray *found, GPtrArray *troubles, const struct json *list,
		       const char *path)
{
	g_autoptr(GHashTable) tenants = g_hash_table_new(g_str_hash, g_str_equal);

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < json_count(list); i++) {
			struct login l = read_login(json_at(list, i));

			if (!l.tenant || l.is_default != (pass == 0) ||
			    g_hash_table_size(tenants) >= LOGINS_MAX ||
			    !g_hash_table_add(tenants, (gpointer)l.tenant))
				continue;
			if (l.cloud)
				add_login(found, &l, path);
			else
				g_ptr_array_add(troubles, g_strdup_printf(
					"%s has a login in a cloud that is not known; add an account for it by "
					"its addresses", path));
		}
}

void azure_find_logins(const void *bytes, size_t len, const char *path, GPtrArray *found,
		       GPtrArray *troubles)
{
	bool has_mark = len >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3);
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = json_parse((const char *)bytes + (has_mark ? 3 : 0),
				       len - (has_mark ? 3 : 0), PROFILE_MAX, &error);

	if (j)
		add_logins(found, troubles, json_get(j, "subscriptions"), path);
	else
		g_ptr_array_add(troubles, g_strdup_printf("the Azure CLI's %s: %s", path,
							  error->message));
}

static void find_cli(GPtrArray *found, GPtrArray *troubles)
{
	g_autofree char *folder = azure_cli_folder();
	g_autofree char *path = g_build_filename(folder, "azureProfile.json", NULL);
	g_autofree char *shown = text_harmless_dup(path, 400);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = NULL;
	const void *text;
	gsize len;

	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return;
	bytes = file_read(path, PROFILE_MAX, NULL, &error);
	if (!bytes) {
		g_ptr_array_add(troubles, g_strdup_printf("the Azure CLI's login: %s",
							  error->message));
		return;
	}
	text = g_bytes_get_data(bytes, &len);
	azure_find_logins(text ? text : "", len, shown, found, troubles);
}

void azure_find(GPtrArray *found, GPtrArray *troubles)
{
	find_environment(found, troubles);
	find_workload(found);
	find_cli(found, troubles);
	find_identity(found);
}
