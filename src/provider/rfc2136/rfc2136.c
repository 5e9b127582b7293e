/*
 * rfc2136: zones on servers that take dynamic updates (BIND, Knot, PowerDNS, …), signed by a key that
 * they share with us.
 */
#include "rfc2136.h"

#include <string.h>

#define BY_KEY "auth=key"

/* clang-format off */
static const struct field account_fields[] = {
	{ "auth",      FIELD_CHOICE,  "Sign in with", false, "key",
	  "key tsig-file environment acme.sh certbot",
	  "a key, a key file as for nsupdate -k, or what another tool has: RFC2136_ and NSUPDATE_ variables, "
	  "acme.sh or certbot" },
	{ "key-name",  FIELD_TEXT,    "Key name", true, NULL, NULL,
	  "as the server has it, as in certty-dns", BY_KEY, "[!-~]{1,255}" },
	{ "algorithm", FIELD_CHOICE,  "Algorithm", false, "hmac-sha256", DNS_KEY_ALGORITHMS,
	  "of the key, as the server has it; the last two are for old servers", BY_KEY },
	{ "secret",    FIELD_SECRET,  "Secret", true, NULL, NULL,
	  "of the key, in base64, as tsig-keygen and keymgr print it", BY_KEY },
	{ "tsig-file",  FIELD_FILE_IN, "Key file", true, NULL, NULL,
	  "as tsig-keygen writes it; read at each sign-in", "auth=tsig-file" },
	{ "zones",     FIELD_LIST,    "Zones", false, NULL, NULL,
	  "that the key may change, as in example.org; any that the server has, when empty", NULL,
	  "[A-Za-z0-9._*, \t-]{1,4000}" },
	{ "server",    FIELD_TEXT,    "Server", false, NULL, NULL,
	  "the primary's name or address, as in 192.0.2.53 or ns1.example.org@5353; the one that the zone's "
	  "SOA names, when empty", NULL, "[A-Za-z0-9._:@-]{1,300}" },
	{ NULL }
};

/* Of lego; of acme.sh (in its file with SAVED_), whose NSUPDATE_KEY is a file; and of certbot. */
static const struct block_row rows[] = {
	{ "RFC2136_NAMESERVER",        "server",    false },
	{ "DNSUPDATE_NAMESERVER",      "server",    false },
	{ "NSUPDATE_SERVER",           "server",    false },
	{ "SAVED_NSUPDATE_SERVER",     "server",    false },
	{ "dns_rfc2136_server",        "server",    false },
	{ "NSUPDATE_SERVER_PORT",      "port",      false },
	{ "SAVED_NSUPDATE_SERVER_PORT", "port",     false },
	{ "dns_rfc2136_port",          "port",      false },
	{ "NSUPDATE_ZONE",             "zones",     false },
	{ "SAVED_NSUPDATE_ZONE",       "zones",     false },
	{ "RFC2136_TSIG_FILE",         "tsig-file",  false },
	{ "DNSUPDATE_TSIG_FILE",       "tsig-file",  false },
	{ "NSUPDATE_KEY",              "tsig-file",  false },
	{ "SAVED_NSUPDATE_KEY",        "tsig-file",  false },
	{ "RFC2136_TSIG_KEY",          "key-name",  false },
	{ "DNSUPDATE_TSIG_KEY",        "key-name",  false },
	{ "dns_rfc2136_name",          "key-name",  false },
	{ "RFC2136_TSIG_ALGORITHM",    "algorithm", false },
	{ "DNSUPDATE_TSIG_ALGORITHM",  "algorithm", false },
	{ "dns_rfc2136_algorithm",     "algorithm", false },
	{ "RFC2136_TSIG_SECRET",       "secret",    true },
	{ "DNSUPDATE_TSIG_SECRET",     "secret",    true },
	{ "dns_rfc2136_secret",        "secret",    true },
	{ NULL, NULL, false }
};
/* clang-format on */

static const char *gap(const struct args *answers)
{
	if (args_get(answers, "tsig-file") && !args_secret(answers, "secret"))
		return NULL;
	return !args_get(answers, "key-name") ? "key name" :
	       !args_secret(answers, "secret") ? "secret of the key" : NULL;
}

/* Others say "192.0.2.53:53" or have the port apart; dns_update has it after an '@'. */
static void join_port(struct args *answers)
{
	const char *server = args_get(answers, "server"), *port = args_get(answers, "port");
	const char *colon = server ? strchr(server, ':') : NULL;
	g_autofree char *whole = NULL;

	if (colon && colon == strrchr(server, ':'))
		whole = g_strdup_printf("%.*s@%s", (int)(colon - server), server, colon + 1);
	else if (server && port && !strchr(server, '@'))
		whole = g_strconcat(server, "@", port, NULL);
	if (whole)
		args_set(answers, "server", whole);
	args_set(answers, "port", NULL);
}

static bool complete(struct args *answers, GError **error)
{
	const char *server;

	join_port(answers);
	server = args_get(answers, "server");
	if (server && *server && !dns_update_is_server(server)) {
		g_set_error(error, ERR, ERR_USAGE, "'%s' is no DNS server's name or address", server);
		return false;
	}
	if (!rfc2136_key_complete(answers, error))
		return false;
	if ((server && *server) || *args_text(answers, "zones", ""))
		return true;
	g_set_error(error, ERR, ERR_USAGE, "name the server, or the zones whose primary server it is");
	return false;
}

static const struct dns_tools tools = {
	.provider = "rfc2136",
	.title = "DNS server",
	.rows = rows,
	.certbot = "rfc2136.ini",
	.gap = gap,
	.complete = complete,
};

static void find_accounts(GPtrArray *found, GPtrArray *troubles)
{
	dns_tools_find(&tools, found, troubles);
}

static bool read_block(const struct secret *text, struct args *ret, GError **error)
{
	if (!rfc2136_key_read(text, ret) && !dns_tools_block(&tools, text, ret, error))
		return false;
	join_port(ret);
	args_set(ret, "auth", args_secret(ret, "secret") ? "key" : "tsig-file");
	return true;
}

static struct next sign_in(struct op *op, const struct reply *none)
{
	(void)none;
	return dns_tools_sign_in(op, &tools);
}

/* Nothing of this provider's goes over HTTP. */
static bool sign(struct request_out *r, const struct access *a, int64_t now, GError **error)
{
	(void)r;
	(void)a;
	(void)now;
	g_set_error(error, ERR, ERR_REFUSED, "a key for DNS updates signs nothing else");
	return false;
}

static const char *const store_types[] = { NULL };

static const struct provider_info info = {
	.name = "rfc2136",
	.title = "DNS server (RFC 2136)",
	.sentence = "DNS zones that take signed dynamic updates",
	.account_fields = account_fields,
	.store_types = store_types,
	.test_sentence = "sends an update that changes nothing for each zone, or, where none is named, asks "
			 "the server a signed question, which not every server looks at; that proves the key, "
			 "but not which names and types it may update",
	.read_block = read_block,
	.block_hint = "a key as tsig-keygen writes it, or RFC2136_… or NSUPDATE_… lines",
	.file_users = "nsupdate, acme.sh, certbot and lego",
};

const struct provider provider_rfc2136 = {
	.info = &info,
	.at_once_store = 1,
	.at_once_account = 1,
	.find_accounts = find_accounts,
	.sign_in = sign_in,
	.sign = sign,
	.publish = rfc2136_publish,
	.unpublish = rfc2136_unpublish,
	.verb = {
		[VERB_ACCOUNT_TEST] = rfc2136_test,
	},
	.plan = {
		[VERB_PUBLISH] = rfc2136_planned_publish,
		[VERB_UNPUBLISH] = rfc2136_planned_unpublish,
	},
};
