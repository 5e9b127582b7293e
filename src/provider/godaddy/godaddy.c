/*
 * godaddy: accounts of GoDaddy, for the DNS zones of domains that are registered there: an API key and
 * its secret.
 */
#include "godaddy.h"

/* clang-format off */
static const struct field account_fields[] = {
	{ "auth",       FIELD_CHOICE, "Sign in with", false, "key", "key environment acme.sh",
	  "an API key, or what another tool has: GODADDY_ and GD_ variables, or acme.sh" },
	{ "sso-key",    FIELD_TEXT,   "API key", true, NULL, NULL,
	  "from developer.godaddy.com/keys, of the sort Production", "auth=key", "[!-9;-~]{1,200}" },
	{ "sso-secret", FIELD_SECRET, "Secret", true, NULL, NULL,
	  "of the API key; it is shown once", "auth=key" },
	{ "url",        FIELD_TEXT,   "Address", false, GODADDY_URL, NULL,
	  "where the API begins; https://api.ote-godaddy.com is for tests", NULL, "https?://[^\\s?#]+",
	  true },
	{ NULL }
};

/* Of lego, and of acme.sh (in its file with SAVED_). */
static const struct block_row rows[] = {
	{ "GODADDY_API_KEY",    "sso-key",    false },
	{ "GD_Key",             "sso-key",    false },
	{ "SAVED_GD_Key",       "sso-key",    false },
	{ "GODADDY_API_SECRET", "sso-secret", true },
	{ "GD_Secret",          "sso-secret", true },
	{ "SAVED_GD_Secret",    "sso-secret", true },
	{ NULL, NULL, false }
};
/* clang-format on */

static const char *gap(const struct args *answers)
{
	return !args_get(answers, "sso-key") ? "API key" :
	       !args_secret(answers, "sso-secret") ? "API secret" : NULL;
}

static const struct dns_tools tools = {
	.provider = "godaddy",
	.title = "GoDaddy",
	.rows = rows,
	.gap = gap,
};

static void find_accounts(GPtrArray *found, GPtrArray *troubles)
{
	dns_tools_find(&tools, found, troubles);
}

static bool read_block(const struct secret *text, struct args *ret, GError **error)
{
	if (!dns_tools_block(&tools, text, ret, error))
		return false;
	args_set(ret, "auth", "key");
	return true;
}

static struct next sign_in(struct op *op, const struct reply *none)
{
	(void)none;
	return dns_tools_sign_in(op, &tools);
}

static const char *const store_types[] = { NULL };

static const struct provider_info info = {
	.name = "godaddy",
	.title = "GoDaddy",
	.sentence = "DNS zones that the records of validations go into",
	.account_fields = account_fields,
	.store_types = store_types,
	.test_sentence = "lists the domains (GET /v1/domains); that proves the key and that GoDaddy lets the "
			 "account use its API, but not that each domain's DNS is there",
	.read_block = read_block,
	.block_hint = "GODADDY_API_KEY and GODADDY_API_SECRET, or GD_Key and GD_Secret, as lines",
	.file_users = "acme.sh and lego",
};

const struct provider provider_godaddy = {
	.info = &info,
	.scratch = sizeof(struct dns_run),
	.scratch_done = dns_service_done,
	.at_once_store = 1,
	.at_once_account = 1,
	.find_accounts = find_accounts,
	.sign_in = sign_in,
	.sign = godaddy_sign,
	.judge = godaddy_judge,
	.publish = godaddy_publish,
	.unpublish = godaddy_unpublish,
	.verb = {
		[VERB_ACCOUNT_TEST] = godaddy_test,
	},
	.plan = {
		[VERB_PUBLISH] = godaddy_planned_publish,
		[VERB_UNPUBLISH] = godaddy_planned_unpublish,
	},
};
