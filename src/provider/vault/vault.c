/*
 * vault: HashiCorp Vault and OpenBao.
 */
#include "vault_issuer.h"
#include "vault_kf.h"

#include "vault_role.h"

/* clang-format off */
const struct field vault_fields[] = {
	{ VAULT_AT,     FIELD_TEXT,   "Address", true, NULL, NULL,
	  "as in https://vault.example.com:8200, without /v1 and /ui",
	  NULL, "https?://[^/?#@\\s]+(/[^?#\\s]*)?$" },
	{ VAULT_SPACE,  FIELD_TEXT,   "Namespace", false, NULL, NULL,
	  "as in team-a/web; the root namespace when empty",
	  NULL, "[^\\s?#]*$" },
	{ "auth",       FIELD_CHOICE, "Sign in with", false, "token",
	  "token approle userpass ldap jwt kubernetes cert environment token-file token-helper agent",
	  "how a token is had; cert shows the account's own certificate, environment looks where the "
	  "bao and vault commands do" },
	{ "mount",      FIELD_TEXT,   "Mount", false, NULL, NULL,
	  "where that way to sign in is mounted; at its own name when empty",
	  "auth=approle userpass ldap jwt kubernetes cert", "[^\\s?#]*$", true },
	{ VAULT_TOKEN,  FIELD_SECRET, "Token", false, NULL, NULL,
	  "begins with hvs., s. or hvb.; a server that is new has none yet", "auth=token" },
	{ "role-id",    FIELD_TEXT,   "Role ID", true, NULL, NULL,
	  "of the AppRole", "auth=approle" },
	{ "secret-id",  FIELD_SECRET, "Secret ID", false, NULL, NULL,
	  "of the AppRole, or the token that wraps one", "auth=approle" },
	{ "wrapped",    FIELD_BOOL,   "Is wrapped", false, "no", NULL,
	  "the secret ID is a wrapping token, good for one use", "auth=approle" },
	{ "user",       FIELD_TEXT,   "User", true, NULL, NULL,
	  "name to sign in with", "auth=userpass ldap" },
	{ "password",   FIELD_SECRET, "Password", true, NULL, NULL,
	  "of that user", "auth=userpass ldap" },
	{ "role",       FIELD_TEXT,   "Role", false, NULL, NULL,
	  "of the mount; its default role when empty", "auth=jwt kubernetes cert" },
	{ "jwt",        FIELD_SECRET, "JWT", false, NULL, NULL,
	  "signed by whom the mount trusts; not needed with a file", "auth=jwt" },
	{ "jwt-file",   FIELD_FILE_IN, "JWT file", false, NULL, NULL,
	  "read at each sign-in; in a pod the service account's own when empty",
	  "auth=jwt kubernetes" },
	{ "file",       FIELD_FILE_IN, "File", false, NULL, NULL,
	  "the token's file, or the configuration that names the helper; where the bao and vault "
	  "commands look when empty", "auth=token-file token-helper" },
	{ "tool",       FIELD_CHOICE, "As the command", false, "bao", "bao vault",
	  "bao takes BAO_ names and ~/.bao first, vault only its own",
	  "auth=environment token-file token-helper" },
	{ NULL }
};

static const struct column_alias aliases[] = {
	{ "VAULT_ADDR",                VAULT_AT },
	{ "BAO_ADDR",                  VAULT_AT },
	{ "VAULT_NAMESPACE",           VAULT_SPACE },
	{ "BAO_NAMESPACE",             VAULT_SPACE },
	{ "VAULT_TOKEN",               VAULT_TOKEN },
	{ "BAO_TOKEN",                 VAULT_TOKEN },
	{ "role_id",                   "role-id" },
	{ "secret_id",                 "secret-id" },
	{ "username",                  "user" },
	/* a store of Keyfactor's orchestrator, as kfutil writes them */
	{ "Properties.ServerUsername", VAULT_AT },
	{ "Properties.ServerPassword", VAULT_TOKEN },
	{ "Properties.Namespace",      VAULT_SPACE },
	{ NULL }
};
/* clang-format on */

static const char *const store_types[] = { VAULT_PKI, VAULT_KEYFACTOR, VAULT_KV, NULL };

static const struct provider_info info = {
	.name = "vault",
	.title = "Vault or OpenBao",
	.sentence = "Vault's and OpenBao's PKI, Keyfactor's engine",
	.account_fields = vault_fields,
	.store_types = store_types,
	.test_sentence = "reads auth/token/lookup-self, sys/seal-status, sys/health and "
			 "sys/capabilities-self: who the token belongs to, its policies and its end, the "
			 "server's version and whether it is sealed or a standby, and what the token may do "
			 "in mounts that are known; what one role alone allows it does not find out",
	.read_block = vault_block,
	.block_hint = "a token, an AppRole as JSON, or export VAULT_… lines",
	.file_users = "the vault and bao commands and all that use them",
	.spends = "wrapped=yes",
	.aliases = aliases,
	.questions = vault_questions,
};

static void scratch_done(void *scratch)
{
	struct vault *v = scratch;

	if (v->mine)
		v->done_mine(v->mine);
	g_free(v->mine);
	g_free(v->at);
	secret_free(v->token);
	secret_free(v->given);
	g_free(v->from);
	g_free(v->failed);
	if (v->names)
		g_ptr_array_unref(v->names);
	if (v->issuers)
		g_ptr_array_unref(v->issuers);
	g_free(v->who);
	g_free(v->about);
	g_free(v->product);
}

const struct provider provider_vault = {
	.info = &info,
	.scratch = sizeof(struct vault),
	.scratch_done = scratch_done,
	.at_once_store = 8,
	.at_once_account = 16,
	.find_accounts = vault_find_accounts,
	.sign_in = vault_sign_in,
	.sign = vault_sign,
	.is_signed_out = vault_is_signed_out,
	.describe = vault_describe,
	.describe_store = vault_describe_store,
	.verb = {
		[VERB_REFRESH] = vault_refresh,
		[VERB_SHOW] = vault_request_show,
		[VERB_ACCOUNT_TEST] = vault_test,
		[VERB_ACCOUNT_STORES] = vault_stores,
		[VERB_ORDER] = vault_order,
		[VERB_SYNC] = vault_sync,
		[VERB_EXPORT] = vault_export,
		[VERB_REVOKE] = vault_revoke,
		[VERB_OBJECT_ADD] = vault_role_add,
		[VERB_OBJECT_EDIT] = vault_object_edit,
		[VERB_OBJECT_DROP] = vault_object_drop,
		[VERB_OBJECT_SAVE] = vault_issuer_save,
		[VERB_UNSEAL] = vault_unseal,
		[VERB_INIT] = vault_init,
		[VERB_MOUNT] = vault_enable,
		[VERB_TUNE] = vault_tune,
		[VERB_PLUGIN] = vault_plugin,
		[VERB_ENGINE_CONFIG] = vault_kf_set,
	},
	.hand = vault_hand,
	.issuer = &vault_enrol_issuer,
	.plan = {
		[VERB_EXPORT] = vault_planned_export,
		[VERB_DEPLOY] = vault_planned_hand,
		[VERB_ORDER] = vault_planned_order,
		[VERB_REVOKE] = vault_planned_revoke,
		[VERB_OBJECT_ADD] = vault_role_planned_add,
		[VERB_OBJECT_EDIT] = vault_object_planned_edit,
		[VERB_OBJECT_DROP] = vault_object_planned_drop,
		[VERB_OBJECT_SAVE] = vault_issuer_planned_save,
		[VERB_UNSEAL] = vault_planned_unseal,
		[VERB_INIT] = vault_planned_init,
		[VERB_MOUNT] = vault_planned_mount,
		[VERB_TUNE] = vault_planned_tune,
		[VERB_PLUGIN] = vault_planned_plugin,
		[VERB_ENGINE_CONFIG] = vault_kf_planned_set,
	},
};
