/* Ways in to Azure that are there already, and those that somebody pastes. */
#include "../model/make.h"

#include <string.h>

#include <certty/model/account.h>
#include <provider/azure/own.h>

#define TENANT "aaaaaaaa-0000-4000-8000-000000000001"
#define OTHER  "aaaaaaaa-0000-4000-8000-000000000009"
#define APP    "bbbbbbbb-0000-4000-8000-000000000002"

static const char *const variables[] = {
	"AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH",
	"AZURE_FEDERATED_TOKEN_FILE", "AZURE_AUTHORITY_HOST", "AZURE_CONFIG_DIR", "IDENTITY_ENDPOINT",
	"IDENTITY_HEADER", "IMDS_ENDPOINT",
};

static char *folder;

static void begin(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(variables); i++)
		g_unsetenv(variables[i]);
	folder = make_folder();
	g_setenv("AZURE_CONFIG_DIR", folder, TRUE);
}

/* "ID key=value key=value\n" each, and troubles after them. */
static char *found(void)
{
	g_autoptr(GPtrArray) accounts =
		g_ptr_array_new_with_free_func((GDestroyNotify)account_unref);
	g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func(g_free);
	GString *s = g_string_new(NULL);

	provider_find("azure")->find_accounts(accounts, troubles);
	for (guint i = 0; i < accounts->len; i++) {
		const struct account *a = accounts->pdata[i];
		g_auto(GStrv) keys = args_keys(a->answers), secrets = args_secret_keys(a->answers);

		g_assert_true(account_id_is_fit(a->id));
		g_assert_cmpint(a->origin, ==, ACCOUNT_FOUND);
		g_assert_cmpstr(a->provider, ==, "azure");
		g_assert_cmpuint(g_strv_length(secrets), ==, 0);
		g_string_append(s, a->id);
		for (char **key = keys; *key; key++)
			g_string_append_printf(s, " %s=%s", *key, args_get(a->answers, *key));
		g_string_append_printf(s, " (%s)\n", a->title);
	}
	for (guint i = 0; i < troubles->len; i++)
		g_string_append_printf(s, "! %s\n", (const char *)troubles->pdata[i]);
	make_folder_gone(folder);
	return g_string_free(s, FALSE);
}

static void test_nothing(void)
{
	g_autofree char *s = NULL;

	begin();
	s = found();
	if (azure_identity_here(AZURE_DMI))
		g_test_skip("this machine is one of Azure's");
	else
		g_assert_cmpstr(s, ==, "");
}

static void test_environment(void)
{
	g_autofree char *half = NULL, *whole = NULL;

	begin();
	g_setenv("AZURE_CLIENT_SECRET", "s3cret", TRUE);
	half = found();
	g_assert_nonnull(strstr(half, "! AZURE_CLIENT_SECRET is set, but not both"));
	begin();
	g_setenv("AZURE_CLIENT_SECRET", "s3cret", TRUE);
	g_setenv("AZURE_TENANT_ID", TENANT, TRUE);
	g_setenv("AZURE_CLIENT_ID", APP, TRUE);
	g_setenv("AZURE_AUTHORITY_HOST", "https://login.chinacloudapi.cn/", TRUE);
	whole = found();
	g_assert_nonnull(strstr(whole, "azure:environment cloud=china from=environment "
				       "(Azure by the environment)\n"));
	g_assert_null(strstr(whole, "s3cret"));
}

static void test_workload(void)
{
	g_autofree char *s = NULL;

	begin();
	g_setenv("AZURE_FEDERATED_TOKEN_FILE", "/run/token", TRUE);
	g_setenv("AZURE_TENANT_ID", TENANT, TRUE);
	g_setenv("AZURE_CLIENT_ID", APP, TRUE);
	g_setenv("AZURE_AUTHORITY_HOST", "https://login.stack.example", TRUE);
	s = found();
	g_assert_nonnull(strstr(s, "azure:workload-identity authority=https://login.stack.example "
				   "client-id=" APP " cloud=custom from=workload-identity tenant=" TENANT
				   " token-file=/run/token (Azure by workload identity)\n"));
}

static void test_identity(void)
{
	g_autofree char *s = NULL;

	begin();
	g_setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:1/msi", TRUE);
	g_setenv("IDENTITY_HEADER", "x", TRUE);
	g_setenv("AZURE_CLIENT_ID", APP, TRUE);
	s = found();
	g_assert_cmpstr(s, ==, "azure:managed-identity from=managed-identity identity=" APP
			       " (Azure by this machine's identity)\n");
}

static void test_machine(void)
{
	static const char tag[] = "7783-7084-3265-9085-8269-3286-77\n";

	begin();
	g_unsetenv("AZURE_CONFIG_DIR");
	if (g_file_test("/opt/azcmagent/bin/himds", G_FILE_TEST_EXISTS)) {
		g_test_skip("this machine has Azure Arc's agent");
	} else {
		g_assert_null(azure_identity_here(folder));
		make_file(folder, "chassis_asset_tag", "No Asset Tag\n", 13);
		g_assert_null(azure_identity_here(folder));
		make_file(folder, "chassis_asset_tag", tag, strlen(tag));
		g_assert_cmpstr(azure_identity_here(folder), ==, "Azure's metadata service");
	}
	make_folder_gone(folder);
}

/* The CLI writes a byte order mark before its JSON. */
static void test_cli(void)
{
	static const char profile[] =
		"\xef\xbb\xbf{\"installationId\":\"x\",\"subscriptions\":["
		"{\"id\":\"1\",\"tenantId\":\"" OTHER "\",\"isDefault\":false,\"user\":{\"name\":"
		"\"bob@b.example\",\"type\":\"user\"},\"environmentName\":\"AzureUSGovernment\"},"
		"{\"id\":\"2\",\"tenantId\":\"" TENANT "\",\"isDefault\":true,\"user\":{\"name\":"
		"\"a\\u001blice\"},\"environmentName\":\"AzureCloud\"},"
		"{\"id\":\"3\",\"tenantId\":\"" TENANT "\"},"
		"{\"id\":\"4\",\"tenantId\":\"../../x\"},"
		"{\"id\":\"5\",\"tenantId\":\"z\",\"environmentName\":\"Stack\"},"
		"{\"id\":\"6\"},7]}";
	g_autofree char *s = NULL;

	begin();
	make_file(folder, "azureProfile.json", profile, strlen(profile));
	s = found();
	g_assert_true(g_str_has_prefix(s,
		"azure:cli from=cli login-tenant=" TENANT " (az login of a\\x1blice)\n"
		"azure:cli:" OTHER " cloud=usgov from=cli login-tenant=" OTHER
		" (az login of bob@b.example)\n"));
	g_assert_nonnull(strstr(s, "in a cloud that is not known"));
	g_assert_null(strstr(s, "../"));
}

static void test_cli_broken(void)
{
	static const char *const bad[] = { "{", "", "[1", "\xef\xbb\xbf" };

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *s = NULL;

		begin();
		make_file(folder, "azureProfile.json", bad[i], strlen(bad[i]));
		s = found();
		g_assert_nonnull(strstr(s, "! the Azure CLI's "));
	}
}

/* ---- what is pasted ---- */

/* "key=value …" with secrets as they are, or "! sentence", or "no". */
static char *pasted(const char *text)
{
	g_autoptr(secret) block = make_secret(text);
	g_autoptr(args) a = args_new();
	g_autoptr(GError) error = NULL;
	bool is_read = provider_find("azure")->info->read_block(block, a, &error);
	g_auto(GStrv) plain = args_keys(a), secrets = args_secret_keys(a);
	GString *s = g_string_new(NULL);

	g_assert_true(is_read || (!*plain && !*secrets));
	for (char **key = plain; *key; key++)
		g_string_append_printf(s, "%s=%s ", *key, args_get(a, *key));
	for (char **key = secrets; *key; key++)
		g_string_append_printf(s, "%s:%s ", *key, args_secret(a, *key)->bytes);
	if (error)
		g_string_append_printf(s, "! %s", error->message);
	else if (!is_read)
		g_string_append(s, "no");
	return g_string_free(s, FALSE);
}

static void test_blocks(void)
{
	static const struct {
		const char *text, *answers;
	} rows[] = {
		{ "{\"appId\":\"" APP "\",\"displayName\":\"certty\",\"password\":\"p~1\",\"tenant\":\""
		  TENANT "\"}",
		  "client-id=" APP " from=client-secret tenant=" TENANT " client-secret:p~1 " },
		{ " \n{\"clientId\":\"" APP "\",\"clientSecret\":\"p\",\"subscriptionId\":\"s1\","
		  "\"tenantId\":\"" TENANT "\",\"activeDirectoryEndpointUrl\":\"https://login.microsoftonline.us\","
		  "\"resourceManagerEndpointUrl\":\"https://management.usgovcloudapi.net/\"}",
		  "client-id=" APP " cloud=usgov from=client-secret subscriptions=s1 tenant=" TENANT
		  " client-secret:p " },
		{ "{\"clientId\":\"" APP "\",\"clientSecret\":\"p\",\"tenantId\":\"t\","
		  "\"activeDirectoryEndpointUrl\":\"https://l.example\","
		  "\"resourceManagerEndpointUrl\":\"https://m.example\"}",
		  "arm=https://m.example authority=https://l.example client-id=" APP
		  " cloud=custom from=client-secret tenant=t client-secret:p " },
		{ "{\"appId\":\"a\",\"tenant\":\"t\",\"fileWithCertAndPrivateKey\":\"/home/u/tmp.pem\"}",
		  "certificate-file=/home/u/tmp.pem client-id=a from=client-certificate tenant=t " },
		{ "# by the portal\nexport AZURE_TENANT_ID=t\nexport AZURE_CLIENT_ID='a'\r\n"
		  "AZURE_CLIENT_SECRET=\"s=e c\"\n",
		  "client-id=a from=client-secret tenant=t client-secret:s=e c " },
		{ "$env:ARM_CLIENT_ID = \"a\"\n$Env:ARM_TENANT_ID=\"t\"\nset ARM_CLIENT_SECRET=x\n"
		  "ARM_ENVIRONMENT=usgovernment",
		  "client-id=a cloud=usgov from=client-secret tenant=t client-secret:x " },
		{ "AZURE_CLIENT_ID=a AZURE_TENANT_ID=t AZURE_FEDERATED_TOKEN_FILE=/run/t",
		  "client-id=a from=workload-identity tenant=t token-file=/run/t " },
		{ "{\"appId\":\"a\",\"tenant\":\"t\"}",
		  "! the block is an application's of Azure, but it has no secret or certificate in it" },
		{ "AZURE_CLIENT_ID=a\nAZURE_CLIENT_SECRET=b",
		  "! the block is an application's of Azure, but it has no tenant in it" },
		{ "{\"clientId\":\"a\",\"clientSecret\":\"b\"}", "no" },
		{ "[default]\naws_access_key_id = AKIA", "no" },
		{ "hvs.token", "no" },
		{ "", "no" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *s = pasted(rows[i].text);

		g_assert_cmpstr(s, ==, rows[i].answers);
	}
}

static void test_broken_block(void)
{
	g_autofree char *s = pasted("{\"appId\":\"a\",\"tenant\":\"t\",");

	g_assert_true(g_str_has_prefix(s, "! the block is not JSON that can be read: "));
}

/* What is read fits the questions. */
static void test_fields(void)
{
	const struct field *fields = provider_find("azure")->info->account_fields;
	g_autoptr(secret) block = make_secret("{\"appId\":\"" APP "\",\"password\":\"p\",\"tenant\":\""
					      TENANT "\"}");
	g_autoptr(args) a = args_new();

	g_assert_true(azure_block(block, a, NULL));
	g_assert_true(field_check(fields, a, NULL));
	g_assert_cmpstr(args_get(a, "cloud"), ==, "public");
	args_set(a, "client-id", "not-an-id");
	g_assert_false(field_check(fields, a, NULL));
	args_set(a, "client-id", APP);
	args_set(a, "cloud", "custom");
	g_assert_false(field_check(fields, a, NULL));
	args_set(a, "authority", "https://login.example");
	args_set(a, "arm", "http://127.0.0.1:8080");
	g_assert_true(field_check(fields, a, NULL));
}

/* Each column of another tool answers one of our questions. */
static void test_aliases(void)
{
	const struct provider_info *info = provider_find("azure")->info;

	for (const struct column_alias *c = info->aliases; c->header; c++)
		g_assert_nonnull(field_find(info->account_fields, c->key));
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		GTestFunc run;
	} tests[] = {
		{ "/azure/find/nothing", test_nothing },
		{ "/azure/find/environment", test_environment },
		{ "/azure/find/workload", test_workload },
		{ "/azure/find/identity", test_identity },
		{ "/azure/find/machine", test_machine },
		{ "/azure/find/cli", test_cli },
		{ "/azure/find/cli-broken", test_cli_broken },
		{ "/azure/block/forms", test_blocks },
		{ "/azure/block/broken", test_broken_block },
		{ "/azure/fields", test_fields },
		{ "/azure/aliases", test_aliases },
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add_func(tests[i].name, tests[i].run);
	return g_test_run();
}
