/*
 * What people paste for an application of Azure: the JSON of `az ad sp create-for-rbac` in its two
 * forms, and variables as the SDKs and Terraform want them.
 */
#include "own.h"

#include <string.h>

/* clang-format off */
static const struct block_row rows[] = {
	{ "appId",                         "client-id",        false },
	{ "clientId",                      "client-id",        false },
	{ "AZURE_CLIENT_ID",               "client-id",        false },
	{ "ARM_CLIENT_ID",                 "client-id",        false },
	{ "tenant",                        "tenant",           false },
	{ "tenantId",                      "tenant",           false },
	{ "AZURE_TENANT_ID",               "tenant",           false },
	{ "ARM_TENANT_ID",                 "tenant",           false },
	{ "password",                      "client-secret",    true },
	{ "clientSecret",                  "client-secret",    true },
	{ "AZURE_CLIENT_SECRET",           "client-secret",    true },
	{ "ARM_CLIENT_SECRET",             "client-secret",    true },
	{ "fileWithCertAndPrivateKey",     "certificate-file", false },
	{ "clientCertificate",             "certificate-file", false },
	{ "AZURE_CLIENT_CERTIFICATE_PATH", "certificate-file", false },
	{ "ARM_CLIENT_CERTIFICATE_PATH",   "certificate-file", false },
	{ "AZURE_CLIENT_CERTIFICATE_PASSWORD", "certificate-passphrase", true },
	{ "ARM_CLIENT_CERTIFICATE_PASSWORD",   "certificate-passphrase", true },
	{ "AZURE_FEDERATED_TOKEN_FILE",    "token-file",       false },
	{ "ARM_OIDC_TOKEN_FILE_PATH",      "token-file",       false },
	{ "subscriptionId",                "subscriptions",    false },
	{ "AZURE_SUBSCRIPTION_ID",         "subscriptions",    false },
	{ "ARM_SUBSCRIPTION_ID",           "subscriptions",    false },
	{ NULL, NULL, false }
};

static const struct {
	const char *word, *cloud;
} environments[] = {
	{ "public", "public" },
	{ "usgovernment", "usgov" },
	{ "usgovernmentl4", "usgov" },
	{ "china", "china" },
};
/* clang-format on */

/* Names that only Azure uses; others say "clientId" and "password" as well. */
static bool is_ours(const struct block *b)
{
	return block_get(b, "AZURE_CLIENT_ID") || block_get(b, "ARM_CLIENT_ID") ||
	       (block_get(b, "appId") && block_get(b, "tenant")) ||
	       (block_get(b, "clientId") && block_get(b, "tenantId"));
}

static void take_cloud(const struct block *b, struct args *ret)
{
	const char *authority = block_text(b, "activeDirectoryEndpointUrl");
	const char *arm = block_text(b, "resourceManagerEndpointUrl");
	const char *word = block_text(b, "ARM_ENVIRONMENT");
	const char *known;

	if (!authority)
		authority = block_text(b, "AZURE_AUTHORITY_HOST");
	known = authority ? azure_cloud_of_authority(authority) : NULL;
	for (size_t i = 0; word && i < G_N_ELEMENTS(environments); i++)
		if (!g_ascii_strcasecmp(environments[i].word, word))
			known = environments[i].cloud;
	if (known && strcmp(known, "public"))
		args_set(ret, "cloud", known);
	if (known || !authority)
		return;
	args_set(ret, "cloud", "custom");
	args_set(ret, "authority", authority);
	args_set(ret, "arm", arm);
}

static const char *way_of(const struct args *answers)
{
	return args_secret(answers, "client-secret") ? "client-secret" :
	       args_get(answers, "certificate-file") ? "client-certificate" :
	       args_get(answers, "token-file")	     ? "workload-identity" : NULL;
}

bool azure_block(const struct secret *text, struct args *ret, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(block) b = block_read(text, &why);
	g_autoptr(args) answers = args_new();
	const char *way;

	if (!b && why && strstr(text->bytes, "tenant"))
		g_propagate_error(error, g_steal_pointer(&why));
	if (!b || !is_ours(b) || block_answer(b, rows, answers, error) < 0)
		return false;
	way = way_of(answers);
	if (!way || !args_get(answers, "tenant") || !args_get(answers, "client-id")) {
		g_set_error(error, ERR, ERR_FORMAT, "the block is an application's of Azure, but it has "
			    "no %s in it", !args_get(answers, "client-id") ? "application id" :
			    !args_get(answers, "tenant") ? "tenant" : "secret or certificate");
		return false;
	}
	args_set(answers, "from", way);
	take_cloud(b, answers);
	args_add(ret, answers);
	return true;
}
