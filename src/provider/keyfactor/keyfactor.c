/*
 * keyfactor: Keyfactor Command, by its API.
 */
#include "keyfactor_enrol.h"
#include "keyfactor_things.h"

#include <string.h>

/* clang-format off */
const struct field keyfactor_fields[] = {
	{ "host",          FIELD_TEXT,    "Host", true, NULL, NULL,
	  "as in command.example.com, with a port or https:// when need be",
	  NULL, "(https?://)?[^/?#@\\s]+/?$" },
	{ "api-path",      FIELD_TEXT,    "API path", false, KEYFACTOR_PATH, NULL,
	  "where the API lies on that host",
	  NULL, "[^?#\\s]*$", true },
	{ "auth",          FIELD_CHOICE,  "Sign in with", false, "basic",
	  "basic oauth token kerberos config-file environment",
	  "a password, an OAuth client, a bearer token, the Kerberos ticket of this session, or as "
	  "Keyfactor's own tools do" },
	{ "user",          FIELD_TEXT,    "User", true, NULL, NULL,
	  "as in DOMAIN\\user or user@domain", "auth=basic" },
	{ "domain",        FIELD_TEXT,    "Domain", false, NULL, NULL,
	  "of the user, where the name is without it", "auth=basic" },
	{ "password",      FIELD_SECRET,  "Password", true, NULL, NULL,
	  "of that user", "auth=basic" },
	{ "client-id",     FIELD_TEXT,    "Client ID", true, NULL, NULL,
	  "of the OAuth client", "auth=oauth" },
	{ "client-secret", FIELD_SECRET,  "Client secret", true, NULL, NULL,
	  "of the OAuth client", "auth=oauth" },
	{ "token-url",     FIELD_TEXT,    "Token URL", true, NULL, NULL,
	  "of the identity provider, as in https://id.example.com/oauth2/token",
	  "auth=oauth", "https?://[^/?#@\\s]+/[^#\\s]*$" },
	{ "scopes",        FIELD_TEXT,    "Scopes", false, NULL, NULL,
	  "separated by blanks; Microsoft Entra demands one", "auth=oauth" },
	{ "audience",      FIELD_TEXT,    "Audience", false, NULL, NULL,
	  "where the identity provider wants one", "auth=oauth", NULL, true },
	{ "client-auth",   FIELD_CHOICE,  "Client secret in", false, "body", "body header",
	  "where the identity provider takes the secret: in the body or by HTTP Basic",
	  "auth=oauth", NULL, true },
	{ "token",         FIELD_SECRET,  "Token", true, NULL, NULL,
	  "a bearer token that was got elsewhere", "auth=token" },
	{ "config",        FIELD_FILE_IN, "Config file", false, NULL, NULL,
	  "of Keyfactor's tools; ~/.keyfactor/command_config.json when empty", "auth=config-file" },
	{ "server",        FIELD_TEXT,    "Server", false, "default", NULL,
	  "its name in that file", "auth=config-file" },
	{ KEYFACTOR_QUERY, FIELD_TEXT,    "Query", false, NULL, NULL,
	  "what its store shows, in Command's query language, as in CN -contains \"example\"; all that "
	  "Command knows when empty",
	  NULL, NULL, true },
	{ NULL }
};

/* The names of the tools' file, and of the variables. */
static const struct column_alias aliases[] = {
	{ "api_path",                     "api-path" },
	{ "username",                     "user" },
	{ "client_id",                    "client-id" },
	{ "client_secret",                "client-secret" },
	{ "token_url",                    "token-url" },
	{ "access_token",                 "token" },
	{ "KEYFACTOR_HOSTNAME",           "host" },
	{ "KEYFACTOR_API_PATH",           "api-path" },
	{ "KEYFACTOR_USERNAME",           "user" },
	{ "KEYFACTOR_PASSWORD",           "password" },
	{ "KEYFACTOR_DOMAIN",             "domain" },
	{ "KEYFACTOR_AUTH_CLIENT_ID",     "client-id" },
	{ "KEYFACTOR_AUTH_CLIENT_SECRET", "client-secret" },
	{ "KEYFACTOR_AUTH_TOKEN_URL",     "token-url" },
	{ "KEYFACTOR_AUTH_ACCESS_TOKEN",  "token" },
	{ "KEYFACTOR_AUTH_SCOPES",        "scopes" },
	{ "KEYFACTOR_AUTH_AUDIENCE",      "audience" },
	/* a store in kfutil's CSV */
	{ "Properties.ServerUsername",    "user" },
	{ "Properties.ServerPassword",    "password" },
	{ NULL }
};
/* clang-format on */

static const char *const store_types[] = { KEYFACTOR_STORE, KEYFACTOR_COLLECTION, KEYFACTOR_PLACE, NULL };

static const struct provider_info info = {
	.name = "keyfactor",
	.title = "Keyfactor Command",
	.sentence = "Certificates, requests and stores under its care",
	.account_fields = keyfactor_fields,
	.store_types = store_types,
	.test_sentence = "reads /Status/Endpoints: that the sign-in is taken, which version answers and "
			 "how many endpoints it offers; it does not prove a role's permission to read "
			 "certificates, enrol or approve",
	.read_block = keyfactor_block,
	.block_hint = "a server of command_config.json",
	.file_users = "kfutil and the other tools of Keyfactor",
	.aliases = aliases,
	.questions = keyfactor_questions,
};

static void scratch_done(void *scratch)
{
	struct keyfactor *k = scratch;

	g_free(k->at);
	args_free(k->login);
	g_free(k->from);
	g_free(k->version);
	keyfactor_pending_done(k);
	request_unref(k->about);
	keyfactor_rights_done(k);
	keyfactor_thing_done(k);
	if (k->mine)
		k->free_mine(k->mine);
}

static void describe_store(struct detail *d, const struct store *s, GBytes *memo, int64_t now)
{
	if (!strcmp(s->type, KEYFACTOR_PLACE))
		keyfactor_place_describe(d, s, memo, now);
	else
		keyfactor_describe_rights(d, memo);
}

const struct provider provider_keyfactor = {
	.info = &info,
	.scratch = sizeof(struct keyfactor),
	.scratch_done = scratch_done,
	.at_once_store = 8,
	.at_once_account = 8,
	.find_accounts = keyfactor_find_accounts,
	.sign_in = keyfactor_sign_in,
	.sign = keyfactor_sign,
	.is_signed_out = keyfactor_is_signed_out,
	.hand = keyfactor_hand,
	.describe = keyfactor_describe,
	.issuer = &keyfactor_issuer,
	.describe_store = describe_store,
	.verb = {
		[VERB_REFRESH] = keyfactor_refresh,
		[VERB_SHOW] = keyfactor_request_show,
		[VERB_EXPORT] = keyfactor_export,
		[VERB_APPROVE] = keyfactor_approve,
		[VERB_DENY] = keyfactor_deny,
		[VERB_ACCOUNT_TEST] = keyfactor_test,
		[VERB_ACCOUNT_STORES] = keyfactor_stores,
		[VERB_ORDER] = keyfactor_order,
		[VERB_SYNC] = keyfactor_sync,
		[VERB_REVOKE] = keyfactor_revoke,
		[VERB_RESTART] = keyfactor_restart,
		[VERB_IMPORT] = keyfactor_import,
		[VERB_REMOVE] = keyfactor_remove,
		[VERB_SCHEDULE] = keyfactor_schedule,
		[VERB_REENROLL] = keyfactor_reenrol,
		[VERB_OBJECT_ADD] = keyfactor_thing_add,
		[VERB_OBJECT_EDIT] = keyfactor_thing_edit,
		[VERB_OBJECT_DROP] = keyfactor_thing_drop,
		[VERB_OBJECT_RESET] = keyfactor_thing_reset,
		[VERB_OBJECT_SAVE] = keyfactor_thing_save,
		[VERB_OBJECT_APPROVE] = keyfactor_thing_approve,
		[VERB_HISTORY] = keyfactor_operations,
	},
	.plan = {
		[VERB_EXPORT] = keyfactor_planned_export,
		[VERB_APPROVE] = keyfactor_planned_approve,
		[VERB_DENY] = keyfactor_planned_deny,
		[VERB_ORDER] = keyfactor_planned_order,
		[VERB_DEPLOY] = keyfactor_planned_hand,
		[VERB_REVOKE] = keyfactor_planned_revoke,
		[VERB_RESTART] = keyfactor_planned_restart,
		[VERB_IMPORT] = keyfactor_planned_import,
		[VERB_REMOVE] = keyfactor_planned_remove,
		[VERB_SCHEDULE] = keyfactor_planned_schedule,
		[VERB_REENROLL] = keyfactor_planned_reenrol,
		[VERB_OBJECT_ADD] = keyfactor_thing_planned_add,
		[VERB_OBJECT_EDIT] = keyfactor_thing_planned_edit,
		[VERB_OBJECT_DROP] = keyfactor_thing_planned_drop,
		[VERB_OBJECT_RESET] = keyfactor_thing_planned_reset,
		[VERB_OBJECT_SAVE] = keyfactor_thing_planned_save,
		[VERB_OBJECT_APPROVE] = keyfactor_thing_planned_approve,
	},
	.puts = keyfactor_puts,
};
