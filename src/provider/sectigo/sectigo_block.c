/*
 * What people paste for Sectigo: there is no common file, so it is what scripts have: the three
 * headers, or an API key.
 */
#include "own.h"

#include <string.h>

/* clang-format off */
static const struct block_row rows[] = {
	{ "login",               "login",         false },
	{ "username",            "login",         false },
	{ "SECTIGO_LOGIN",       "login",         false },
	{ "SECTIGO_USERNAME",    "login",         false },
	{ "password",            "password",      true },
	{ "SECTIGO_PASSWORD",    "password",      true },
	{ "customerUri",         "customer-uri",  false },
	{ "SECTIGO_CUSTOMER_URI", "customer-uri", false },
	{ "clientId",            "client-id",     false },
	{ "SECTIGO_CLIENT_ID",   "client-id",     false },
	{ "clientSecret",        "client-secret", true },
	{ "SECTIGO_CLIENT_SECRET", "client-secret", true },
	{ "tokenUrl",            "token-url",     false },
	{ "SECTIGO_TOKEN_URL",   "token-url",     false },
	{ "url",                 "url",           false },
	{ "baseUrl",             "url",           false },
	{ "apiUrl",              "url",           false },
	{ "SECTIGO_URL",         "url",           false },
	{ "SECTIGO_BASE_URL",    "url",           false },
	{ NULL, NULL, false }
};

static const struct {
	const char *host, *instance;
} hosts[] = {
	{ "hard.cert-manager.com", "hard" },
	{ "admin.hard.sectigo.com", "hard" },
	{ "cert-manager.com", "enterprise" },
	{ "admin.enterprise.sectigo.com", "enterprise" },
};
/* clang-format on */

static bool is_ours(const struct block *b, const struct secret *text)
{
	return block_get(b, "customerUri") || block_get(b, "SECTIGO_CUSTOMER_URI") ||
	       block_get(b, "SECTIGO_CLIENT_ID") ||
	       (block_get(b, "clientId") && (strstr(text->bytes, "sectigo.com") ||
					     strstr(text->bytes, "cert-manager.com")));
}

static void name_instance(struct args *answers)
{
	const char *url = args_get(answers, "url");
	g_autoptr(GUri) uri = url ? g_uri_parse(url, G_URI_FLAGS_NONE, NULL) : NULL;
	const char *host = uri ? g_uri_get_host(uri) : NULL;

	for (size_t i = 0; host && i < G_N_ELEMENTS(hosts); i++)
		if (!g_ascii_strcasecmp(hosts[i].host, host)) {
			args_set(answers, "instance", hosts[i].instance);
			args_set(answers, "url", NULL);
			return;
		}
	if (url)
		args_set(answers, "instance", "other");
}

/* What is not there though the rest is, or NULL. */
static const char *gap(const struct args *answers)
{
	if (args_secret(answers, "client-secret"))
		return args_get(answers, "client-id") ? NULL : "client id";
	if (args_get(answers, "client-id"))
		return "client secret";
	return !args_get(answers, "customer-uri") ? "customer URI" :
	       !args_get(answers, "login")	  ? "login" : NULL;
}

static void take(struct args *ret, const struct args *from, const char *key)
{
	const struct secret *s = args_secret(from, key);

	if (s)
		args_put_secret(ret, key, secret_dup(s));
	else if (args_get(from, key))
		args_set(ret, key, args_get(from, key));
}

bool sectigo_block(const struct secret *text, struct args *ret, GError **error)
{
	static const char *const by_key[] = { "client-id", "client-secret", "token-url", "url",
					      "instance", NULL };
	static const char *const by_login[] = { "login", "password", "customer-uri", "url",
						"instance", NULL };
	g_autoptr(GError) why = NULL;
	g_autoptr(block) b = block_read(text, &why);
	g_autoptr(args) answers = args_new();
	const char *missing;

	if (!b && why && strstr(text->bytes, "customerUri"))
		g_propagate_error(error, g_steal_pointer(&why));
	if (!b || !is_ours(b, text) || block_answer(b, rows, answers, error) < 0)
		return false;
	missing = gap(answers);
	if (missing) {
		g_set_error(error, ERR, ERR_FORMAT, "the block is one of Sectigo, but it has no %s in it",
			    missing);
		return false;
	}
	name_instance(answers);
	args_set(ret, "sign-in", args_secret(answers, "client-secret") ? "api-key" :
		 args_secret(answers, "password") ? "password" : "certificate");
	for (const char *const *key = args_secret(answers, "client-secret") ? by_key : by_login; *key;
	     key++)
		take(ret, answers, *key);
	return true;
}
