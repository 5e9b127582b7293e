/*
 * akamai: accounts of Akamai's APIs: an EdgeGrid credential, from .edgerc, the environment or typed.
 */
#include "cps_change.h"
#include "cps_enroll.h"
#include "cps_enrollment.h"

#define BY_KEYS	 AKAMAI_FROM "=keys"
#define BY_FILE	 AKAMAI_FROM "=edgerc"
#define BY_OTHER AKAMAI_FROM "=edgerc environment"

/* clang-format off */
const struct field akamai_fields[] = {
	{ AKAMAI_FROM,     FIELD_CHOICE,  "Sign in with", false, "keys", "keys edgerc environment",
	  "keys typed or pasted here, or .edgerc or AKAMAI_ variables, read at each sign-in" },
	{ AKAMAI_FILE,     FIELD_FILE_IN, "File", false, NULL, NULL,
	  "in the form of .edgerc; what EDGERC names, or ~/.edgerc, when empty", BY_FILE },
	{ AKAMAI_SECTION,  FIELD_TEXT,    "Section", false, "default", NULL,
	  "of the file, or the word in AKAMAI_WORD_HOST and the others", BY_OTHER, "[^\\[\\]\r\n]{1,200}" },
	{ AKAMAI_HOST,     FIELD_TEXT,    "Host", true, NULL, NULL,
	  "of the credential, as in akab-….luna.akamaiapis.net", BY_KEYS,
	  "(https?://)?[A-Za-z0-9._\\[\\]:-]{1,300}/?" },
	{ AKAMAI_CLIENT,   FIELD_TEXT,    "Client token", true, NULL, NULL,
	  "of the credential, as in akab-…", BY_KEYS, "[!-:<-~]{1,300}" },
	{ AKAMAI_SECRET,   FIELD_SECRET,  "Client secret", true, NULL, NULL,
	  "of the credential; Control Center shows it once", BY_KEYS },
	{ AKAMAI_ACCESS,   FIELD_TEXT,    "Access token", true, NULL, NULL,
	  "of the API client, as in akab-…", BY_KEYS, "[!-:<-~]{1,300}" },
	{ AKAMAI_SWITCH,   FIELD_TEXT,    "Account switch key", false, NULL, NULL,
	  "of the account to work in, for partners; the file's account_key when empty", NULL,
	  "[A-Za-z0-9:._-]{1,200}", true },
	{ AKAMAI_CONTRACT, FIELD_TEXT,    "Contract", false, NULL, NULL,
	  "as in C-0N7RAC7; asked of the account when empty", NULL, "[A-Za-z0-9_-]{1,100}", true },
	{ NULL }
};

static const struct column_alias aliases[] = {
	{ "host",                     AKAMAI_HOST },
	{ "client_token",             AKAMAI_CLIENT },
	{ "client_secret",            AKAMAI_SECRET },
	{ "access_token",             AKAMAI_ACCESS },
	{ "account_key",              AKAMAI_SWITCH },
	/* a store of Keyfactor's orchestrator, as kfutil writes them */
	{ "ClientMachine",            AKAMAI_HOST },
	{ "Properties.client_token",  AKAMAI_CLIENT },
	{ "Properties.client_secret", AKAMAI_SECRET },
	{ "Properties.access_token",  AKAMAI_ACCESS },
	{ NULL }
};

static const struct verb_questions questions[] = {
	{ VERB_OBJECT_EDIT, CPS_ENROLLMENT, cps_schedule_questions },
	{ 0 }
};
/* clang-format on */

static const char *const store_types[] = { CPS_PRODUCTION, CPS_STAGING, NULL };

static const struct provider_info info = {
	.name = "akamai",
	.title = "Akamai",
	.sentence = "Certificate Provisioning System (CPS) and Edge DNS, by EdgeGrid",
	.account_fields = akamai_fields,
	.store_types = store_types,
	.keeps_keys = true,
	.test_sentence = "lists the contracts (GET /contract-api/v1/contracts/identifiers), or else the "
			 "enrollments (GET /cps/v2/enrollments), and asks what the API client may do (GET "
			 "/identity-management/v3/api-clients/self), which Akamai tells those with a grant for "
			 "it; else that it may change anything is not proved",
	.read_block = akamai_edgerc_block,
	.block_hint = "a section of .edgerc, or AKAMAI_… lines",
	.file_users = "the Akamai CLI, Terraform and all that use Akamai's libraries",
	.aliases = aliases,
	.questions = questions,
	.key_fields = cps_profile_fields,
};

static void scratch_done(void *scratch)
{
	struct akamai *a = scratch;

	dns_service_done(scratch);
	if (a->free_mine)
		a->free_mine(a->mine);
	cps_look_free(a->looking);
	g_clear_pointer(&a->known, g_hash_table_unref);
}

static enum verdict judge(const struct reply *r)
{
	if (akamai_dns_is_busy(r))
		return VERDICT_THROTTLED;
	return akamai_ask_is_repeat(r) ? VERDICT_BROKEN : VERDICT_BY_STATUS;
}

const struct provider provider_akamai = {
	.info = &info,
	.scratch = sizeof(struct akamai),
	.scratch_done = scratch_done,
	/* 35 a minute for an account, 20 of them within 2 s */
	.at_once_store = 2,
	.at_once_account = 2,
	.find_accounts = akamai_find_accounts,
	.sign_in = akamai_sign_in,
	.sign = akamai_sign,
	.describe = cps_describe,
	.judge = judge,
	.is_signed_out = akamai_ask_is_signed_out,
	.key_maker = &cps_key_maker,
	.publish = akamai_dns_publish,
	.unpublish = akamai_dns_unpublish,
	.verb = {
		[VERB_REFRESH] = cps_refresh,
		[VERB_SHOW] = cps_show,
		[VERB_APPROVE] = cps_approve,
		[VERB_DENY] = cps_deny,
		[VERB_SYNC] = cps_sync,
		[VERB_WITHDRAW] = cps_withdraw,
		[VERB_SUPPLY] = cps_supply,
		[VERB_RENEW] = cps_enroll_renew,
		[VERB_OBJECT_EDIT] = cps_schedule_edit,
		[VERB_OBJECT_DROP] = cps_enrollment_drop,
		[VERB_OBJECT_HISTORY] = cps_history,
		[VERB_ACCOUNT_TEST] = akamai_test,
		[VERB_ACCOUNT_STORES] = cps_stores,
	},
	.plan = {
		[VERB_APPROVE] = cps_planned_approve,
		[VERB_DENY] = cps_planned_deny,
		[VERB_WITHDRAW] = cps_planned_withdraw,
		[VERB_SUPPLY] = cps_planned_supply,
		[VERB_RENEW] = cps_enroll_planned_renew,
		[VERB_OBJECT_EDIT] = cps_schedule_planned_edit,
		[VERB_OBJECT_DROP] = cps_enrollment_planned_drop,
		[VERB_PUBLISH] = akamai_dns_planned_publish,
		[VERB_UNPUBLISH] = akamai_dns_planned_unpublish,
	},
};
