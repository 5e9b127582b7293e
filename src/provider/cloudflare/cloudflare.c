/*
 * cloudflare: accounts of Cloudflare, for the DNS zones that it serves: an API token, or the older
 * pair of an e-mail address and the global API key.
 */
#include "cloudflare.h"

#define BY_KEY "auth=key"

/* clang-format off */
static const struct field account_fields[] = {
	{ "auth",    FIELD_CHOICE, "Sign in with", false, "token", "token key environment acme.sh certbot",
	  "an API token, the global API key with its e-mail address, or what another tool has: CF_ and "
	  "CLOUDFLARE_ variables, acme.sh or certbot" },
	{ "token",   FIELD_SECRET, "API token", true, NULL, NULL,
	  "with Zone:Read and DNS:Edit, best for the zones in question only", "auth=token" },
	{ "email",   FIELD_TEXT,   "E-mail address", true, NULL, NULL,
	  "of the user whose key it is", BY_KEY, "[!-~]{1,200}" },
	{ "api-key", FIELD_SECRET, "Global API key", true, NULL, NULL,
	  "of that user; a token can do less harm", BY_KEY },
	{ "url",     FIELD_TEXT,   "Address", false, CLOUDFLARE_URL, NULL,
	  "where the API begins", NULL, "https?://[^\\s?#]+", true },
	{ NULL }
};

/* Of lego and Cloudflare's own tools, of acme.sh (in its file with SAVED_), and of certbot. */
static const struct block_row rows[] = {
	{ "CLOUDFLARE_API_TOKEN",      "token",   true },
	{ "CLOUDFLARE_DNS_API_TOKEN",  "token",   true },
	{ "CF_DNS_API_TOKEN",          "token",   true },
	{ "CF_API_TOKEN",              "token",   true },
	{ "CF_Token",                  "token",   true },
	{ "SAVED_CF_Token",            "token",   true },
	{ "dns_cloudflare_api_token",  "token",   true },
	{ "CLOUDFLARE_EMAIL",          "email",   false },
	{ "CF_API_EMAIL",              "email",   false },
	{ "CF_Email",                  "email",   false },
	{ "SAVED_CF_Email",            "email",   false },
	{ "dns_cloudflare_email",      "email",   false },
	{ "CLOUDFLARE_API_KEY",        "api-key", true },
	{ "CF_API_KEY",                "api-key", true },
	{ "CF_Key",                    "api-key", true },
	{ "SAVED_CF_Key",              "api-key", true },
	{ "dns_cloudflare_api_key",    "api-key", true },
	{ NULL, NULL, false }
};
/* clang-format on */

static const char *gap(const struct args *answers)
{
	if (args_secret(answers, "token"))
		return NULL;
	if (!args_secret(answers, "api-key"))
		return args_get(answers, "email") ? "global API key" : "API token";
	return args_get(answers, "email") ? NULL : "e-mail address";
}

const struct dns_tools cloudflare_tools = {
	.provider = "cloudflare",
	.title = "Cloudflare",
	.rows = rows,
	.certbot = "cloudflare.ini",
	.gap = gap,
};

static void find_accounts(GPtrArray *found, GPtrArray *troubles)
{
	dns_tools_find(&cloudflare_tools, found, troubles);
}

static bool read_block(const struct secret *text, struct args *ret, GError **error)
{
	if (!dns_tools_block(&cloudflare_tools, text, ret, error))
		return false;
	args_set(ret, "auth", args_secret(ret, "token") ? "token" : "key");
	return true;
}

static struct next sign_in(struct op *op, const struct reply *none)
{
	(void)none;
	return dns_tools_sign_in(op, &cloudflare_tools);
}

static const char *const store_types[] = { NULL };

static const struct provider_info info = {
	.name = "cloudflare",
	.title = "Cloudflare",
	.sentence = "DNS zones that the records of validations go into",
	.account_fields = account_fields,
	.store_types = store_types,
	.test_sentence = "lists the zones (GET /zones); that proves the sign-in and Zone:Read, but not that "
			 "records may be added (DNS:Edit)",
	.read_block = read_block,
	.block_hint = "CF_… or CLOUDFLARE_… lines, or certbot's dns_cloudflare_… lines",
	.file_users = "acme.sh, certbot, lego and Cloudflare's own tools",
};

const struct provider provider_cloudflare = {
	.info = &info,
	.scratch = sizeof(struct dns_run),
	.scratch_done = dns_service_done,
	.at_once_store = 1,
	.at_once_account = 2,
	.find_accounts = find_accounts,
	.sign_in = sign_in,
	.sign = cloudflare_sign,
	.judge = cloudflare_judge,
	.publish = cloudflare_publish,
	.unpublish = cloudflare_unpublish,
	.verb = {
		[VERB_ACCOUNT_TEST] = cloudflare_test,
	},
	.plan = {
		[VERB_PUBLISH] = cloudflare_planned_publish,
		[VERB_UNPUBLISH] = cloudflare_planned_unpublish,
	},
};
