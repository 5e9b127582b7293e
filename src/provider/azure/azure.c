/*
 * azure: accounts of Microsoft Azure: the ways to sign in to Entra ID, and who one is there.
 *
 * All ways end in bearer tokens; which way it is, the answer `from` says.  Stores are vaults (kv.h).
 */
#include "kv_change.h"

#define GUID "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
#define BY_APP "from=client-secret client-certificate workload-identity"
#define BY_CERT "from=client-certificate"
#define OF_CUSTOM "cloud=custom"

/* clang-format off */
static const struct field account_fields[] = {
	{ "from", FIELD_CHOICE, "Sign in with", false, "client-secret",
	  "client-secret client-certificate cli managed-identity workload-identity environment",
	  "an application's secret or certificate, the Azure CLI's login, an identity of this "
	  "machine, or what AZURE_ variables say", NULL, NULL },
	{ "tenant", FIELD_TEXT, "Tenant", true, NULL, NULL,
	  "the directory's id, or one of its domain names", BY_APP, "[A-Za-z0-9][A-Za-z0-9.-]*" },
	{ "client-id", FIELD_TEXT, "Application ID", true, NULL, NULL,
	  "the application (client) id, as in 11111111-2222-3333-4444-555555555555", BY_APP, GUID },
	{ "client-secret", FIELD_SECRET, "Client secret", true, NULL, NULL,
	  "the secret's value, not its id", "from=client-secret", NULL },
	{ "certificate-file", FIELD_FILE_IN, "Certificate file", false, NULL, NULL,
	  "PEM or PKCS#12 with the certificate and its key; or give it as a secret below",
	  BY_CERT, NULL },
	{ "certificate", FIELD_SECRET, "Certificate", false, NULL, NULL,
	  "PEM with the certificate and its key, or PKCS#12 in base64, when there is no file",
	  BY_CERT, NULL },
	{ "certificate-passphrase", FIELD_SECRET, "Its passphrase", false, NULL, NULL,
	  "opens the key, when it is encrypted", BY_CERT, NULL },
	{ "token-file", FIELD_FILE_IN, "Token file", true, NULL, NULL,
	  "the federated token, read again each time (AZURE_FEDERATED_TOKEN_FILE)",
	  "from=workload-identity", NULL },
	{ "identity", FIELD_TEXT, "Identity", false, NULL, NULL,
	  "client id or resource id (/subscriptions/…) of a user-assigned identity, or object: and an "
	  "object id; the machine's own when empty", "from=managed-identity",
	  "(object:)?" GUID "|/subscriptions/.+" },
	{ "identity-endpoint", FIELD_TEXT, "Metadata service", false, NULL, NULL,
	  "its address; Azure's own, or what IDENTITY_ENDPOINT says, when empty",
	  "from=managed-identity", "https?://.+", true },
	{ "login-tenant", FIELD_TEXT, "Tenant of the login", false, NULL, NULL,
	  "which tenant of the Azure CLI's login; its active one when empty", "from=cli",
	  "[A-Za-z0-9][A-Za-z0-9.-]*" },
	{ "cloud", FIELD_CHOICE, "Cloud", false, "public",
	  "public usgov government china custom",
	  "usgov and government are the same; custom is told by its addresses", NULL, NULL },
	{ "authority", FIELD_TEXT, "Sign-in address", true, NULL, NULL,
	  "as in https://login.example", OF_CUSTOM, "https?://.+" },
	{ "arm", FIELD_TEXT, "Resource Manager", false, NULL, NULL,
	  "its address, as in https://management.example", OF_CUSTOM, "https?://.+" },
	{ "arm-audience", FIELD_TEXT, "Its audience", false, NULL, NULL,
	  "what its tokens are for; its address when empty", OF_CUSTOM, "https?://.+", true },
	{ "vault-suffix", FIELD_TEXT, "Vault suffix", false, NULL, NULL,
	  "what stands behind a vault's name behind a private endpoint; the cloud's own when empty",
	  NULL, "[A-Za-z0-9.-]+(:[0-9]+)?", true },
	{ "vault-audience", FIELD_TEXT, "Audience of vaults", false, NULL, NULL,
	  "what their tokens are for; https:// and the vault suffix when empty", OF_CUSTOM, "https?://.+",
	  true },
	{ "subscriptions", FIELD_LIST, "Subscriptions", false, NULL, NULL,
	  "ids of those to look at; all that the account sees when empty", NULL, NULL },
	{ KV_TENANTS, FIELD_LIST, "Other tenants", false, NULL, NULL,
	  "ids or domain names of further directories in which vaults are looked for, where the application "
	  "or the login is known too",
	  "from=client-secret client-certificate workload-identity cli environment", NULL },
	{ KV_VAULTS, FIELD_LIST, "Vaults", false, NULL, NULL,
	  "those that are stores at once, found or not: resource ids, subscription:group:vault, addresses or "
	  "names; all, for all that are found; the others are proposed", NULL, NULL },
	{ KV_VERSIONS, FIELD_BOOL, "Read versions", false, "no", NULL,
	  "list all versions of what is new, which is one more call for each", NULL, NULL, true },
	{ KV_DELETED, FIELD_BOOL, "Read deleted", false, "no", NULL,
	  "list deleted certificates that can come back, with each refresh", NULL, NULL, true },
	{ NULL }
};

/* The columns of Keyfactor's orchestrator for Azure Key Vault. */
static const struct column_alias aliases[] = {
	{ "TenantId",                   "tenant" },
	{ "Properties.TenantId",        "tenant" },
	{ "ServerUsername",             "client-id" },
	{ "Properties.ServerUsername",  "client-id" },
	{ "ServerPassword",             "client-secret" },
	{ "Properties.ServerPassword",  "client-secret" },
	{ "AzureCloud",                 "cloud" },
	{ "Properties.AzureCloud",      "cloud" },
	{ "PrivateEndpoint",            "vault-suffix" },
	{ "Properties.PrivateEndpoint", "vault-suffix" },
	{ "SubscriptionId",             "subscriptions" },
	{ "Properties.SubscriptionId",  "subscriptions" },
	{ NULL, NULL }
};
/* clang-format on */

static const char *const store_types[] = { KV_STORE, NULL };

static const struct verb_questions questions[] = {
	{ VERB_ORDER, KV_STORE, kv_create_fields },
	{ VERB_IMPORT, KV_STORE, kv_import_fields },
	{ 0 }
};

static const struct provider_info azure_info = {
	.name = "azure",
	.title = "Microsoft Azure",
	.sentence = "Key Vault's certificates, signed in to by Entra ID",
	.account_fields = account_fields,
	.store_types = store_types,
	.questions = questions,
	.test_sentence = "gets a token for the Resource Manager and lists the subscriptions (GET "
			 "/subscriptions); that proves the sign-in, but not that its roles let it read "
			 "or change a vault",
	.read_block = azure_block,
	.block_hint = "the JSON that az ad sp create-for-rbac prints, or lines of AZURE_* or ARM_* "
		      "variables",
	.file_users = "scripts, Terraform, the Azure SDKs and GitHub's azure/login action may use it",
	.aliases = aliases,
	.read_place = kv_add_id,
};

static void scratch_done(void *scratch)
{
	struct azure *a = scratch;

	dns_service_done(scratch);
	kv_call_done(a);
	kv_pending_free(a->waiting);
	kv_look_free(a->looking);
	kv_known_free(a->knowing);
	args_free(a->with);
	azure_cloud_free(a->cloud);
	g_free(a->scope);
	g_free(a->tenant);
	g_clear_error(&a->refused);
	g_clear_pointer(&a->seen, g_hash_table_unref);
	g_clear_pointer(&a->carried, g_hash_table_unref);
	if (a->names)
		g_string_free(a->names, TRUE);
}

/* What a vault and the Resource Manager say of a trouble of their own, which passes. */
static enum verdict judge(const struct reply *r)
{
	return !r->error && r->status == 500 ? VERDICT_BROKEN : VERDICT_BY_STATUS;
}

const struct provider provider_azure = {
	.info = &azure_info,
	.scratch = sizeof(struct azure),
	.scratch_done = scratch_done,
	.at_once_store = 16,
	.at_once_account = 16,
	.find_accounts = azure_find,
	.sign_in = azure_token_sign_in,
	.sign = azure_token_sign,
	.is_signed_out = azure_token_is_signed_out,
	.publish = azure_dns_publish,
	.unpublish = azure_dns_unpublish,
	.judge = judge,
	.hand = kv_hand,
	.key_maker = &kv_key_maker,
	.find_renewable = kv_find_renewable,
	.describe = kv_describe,
	.describe_store = kv_describe_store,
	.verb = {
		[VERB_REFRESH] = kv_refresh,
		[VERB_SHOW] = kv_request_show,
		[VERB_IMPORT] = kv_import,
		[VERB_REMOVE] = kv_remove,
		[VERB_EXPORT] = kv_export,
		[VERB_ORDER] = kv_create,
		[VERB_SUPPLY] = kv_merge,
		[VERB_SYNC] = kv_request_sync,
		[VERB_WITHDRAW] = kv_withdraw,
		[VERB_REQUEST_DROP] = kv_drop,
		[VERB_RECOVER] = kv_recover,
		[VERB_PURGE] = kv_purge,
		[VERB_RENEW] = kv_renew,
		[VERB_VAULT_CREATE] = kv_make,
		[VERB_STORE_ADD] = kv_add,
		[VERB_BACKUP] = kv_backup,
		[VERB_RESTORE] = kv_restore,
		[VERB_CERT_ENABLE] = kv_enable,
		[VERB_CERT_DISABLE] = kv_disable,
		[VERB_ACCOUNT_TEST] = azure_test,
		[VERB_ACCOUNT_STORES] = kv_stores,
	},
	.plan = {
		[VERB_IMPORT] = kv_planned_import,
		[VERB_REMOVE] = kv_planned_remove,
		[VERB_WITHDRAW] = kv_planned_withdraw,
		[VERB_REQUEST_DROP] = kv_planned_drop,
		[VERB_RECOVER] = kv_planned_recover,
		[VERB_PURGE] = kv_planned_purge,
		[VERB_RENEW] = kv_planned_renew,
		[VERB_VAULT_CREATE] = kv_planned_make,
		[VERB_STORE_ADD] = kv_planned_add,
		[VERB_BACKUP] = kv_planned_backup,
		[VERB_RESTORE] = kv_planned_restore,
		[VERB_CERT_ENABLE] = kv_planned_enable,
		[VERB_CERT_DISABLE] = kv_planned_disable,
		[VERB_ORDER] = kv_planned_create,
		[VERB_SUPPLY] = kv_planned_merge,
		[VERB_EXPORT] = kv_planned_export,
		[VERB_PUBLISH] = azure_dns_planned_publish,
		[VERB_UNPUBLISH] = azure_dns_planned_unpublish,
		[VERB_DEPLOY] = kv_planned_hand,
	},
};
