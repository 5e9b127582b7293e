/*
 * Endpoints as people write them, and requests and replies as values.
 */
#include <certty/net/exchange.h>

#include "net/exchange_own.h"

struct written {
	const char *text, *host;
	unsigned port;
	const char *starttls;
};

/* clang-format off */
static const struct written good[] = {
	{ "example.org",              "example.org", 443,  NULL },
	{ "  example.org\n",          "example.org", 443,  NULL },
	{ "Example.ORG:8443",         "example.org", 8443, NULL },
	{ "example.org.",             "example.org", 443,  NULL },
	{ "127.0.0.1:1",              "127.0.0.1",   1,    NULL },
	{ "[::1]:443",                "::1",         443,  NULL },
	{ "[2001:DB8::1]",            "2001:db8::1", 443,  NULL },
	{ "::1",                      "::1",         443,  NULL },
	{ "https://example.org/a?b",  "example.org", 443,  NULL },
	{ "HTTPS://example.org:1/",   "example.org", 1,    NULL },
	{ "smtp://mail.example.org",  "mail.example.org", 25, "smtp" },
	{ "smtp://[::1]:2525/",       "::1",         2525, "smtp" },
	{ "postgres://db",            "db",          5432, "postgres" },
	{ "mysql://db",               "db",          3306, "mysql" },
	{ "ldap://d",                 "d",           389,  "ldap" },
	{ "ftp://f",                  "f",           21,   "ftp" },
	{ "imap://i",                 "i",           143,  "imap" },
	{ "pop3://p",                 "p",           110,  "pop3" },
	{ "imaps://i",                "i",           993,  NULL },
	{ "a_b.example.org:65535",    "a_b.example.org", 65535, NULL },
	{ "b\xc3\xbc" "cher.example", "xn--bcher-kva.example", 443, NULL },
};

static const struct written bad[] = {
	{ "",                     "neither a name nor an address" },
	{ ":443",                 "neither a name nor an address" },
	{ ".",                    "neither a name nor an address" },
	{ "a..b",                 "neither a name nor an address" },
	{ "-a",                   "neither a name nor an address" },
	{ "a b",                  "neither a name nor an address" },
	{ "user@host",            "neither a name nor an address" },
	{ "host/path",            "neither a name nor an address" },
	{ "127.1",                "neither a name nor an address" },
	{ "0x7f000001",           "neither a name nor an address" },
	{ "2130706433",           "neither a name nor an address" },
	{ "a\x1b[2J",             "\"a\\x1b[2J\" is not an endpoint" },
	{ "fe80::1%eth0",         "neither a name nor an address" },
	{ "[a.example]:1",        "IPv6 address" },
	{ "[::1",                 "IPv6 address" },
	{ "[::1]x",               "IPv6 address" },
	{ "a:0",                  "port has to be from 1 to 65535" },
	{ "a:65536",              "port has to be from 1 to 65535" },
	{ "a:",                   "port has to be from 1 to 65535" },
	{ "a:+1",                 "port has to be from 1 to 65535" },
	{ "[::1]:x",              "port has to be from 1 to 65535" },
	{ "gopher://a",           "scheme is not known" },
	{ "://a",                 "scheme is not known" },
};
/* clang-format on */

static void check_good(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
		const struct starttls *starttls = NULL;
		g_autoptr(GError) error = NULL;
		g_autofree char *host = NULL;
		uint16_t port = 0;

		exchange_read_endpoint(good[i].text, &host, &port, &starttls, &error);
		g_assert_no_error(error);
		g_assert_cmpstr(host, ==, good[i].host);
		g_assert_cmpuint(port, ==, good[i].port);
		g_assert_cmpstr(starttls ? starttls->name : NULL, ==, good[i].starttls);
		g_assert_true(exchange_is_host(host));
	}
}

static void expect_bad(const char *text, const char *words)
{
	const struct starttls *starttls = starttls_table[0];
	g_autoptr(GError) error = NULL;
	char *host = (char *)"untouched";
	uint16_t port = 7;

	g_assert_false(exchange_read_endpoint(text, &host, &port, &starttls, &error));
	g_assert_error(error, ERR, ERR_USAGE);
	g_assert_nonnull(strstr(error->message, words));
	g_assert_cmpstr(host, ==, "untouched");
	g_assert_cmpuint(port, ==, 7);
	g_assert_true(starttls == starttls_table[0]);
}

static void check_bad(void)
{
	g_autofree char *label = g_strnfill(64, 'a'), *endless = g_strnfill(2000, 'a');

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		expect_bad(bad[i].text, bad[i].host);
	expect_bad(label, "neither a name nor an address");
	expect_bad(endless, "it is too long");
	label[63] = '\0';
	g_assert_true(exchange_is_host(label));
}

static void check_values(void)
{
	struct request_out *r = exchange_get("https://example.org/list?token=1");
	g_autofree char *said = exchange_say(r);
	struct reply *reply = reply_new();
	struct header h = { g_strdup("Retry-After"), g_strdup("7") };

	g_assert_cmpstr(said, ==, "GET https://example.org/list");
	exchange_header(r, "Accept", "text/plain");
	g_assert_cmpuint(r->headers->len, ==, 1);
	g_assert_cmpuint(r->max, ==, EXCHANGE_BODY_MAX);
	exchange_free(r);
	exchange_free(NULL);

	g_array_append_val(reply->headers, h);
	g_assert_cmpstr(reply_header(reply, "retry-after"), ==, "7");
	g_assert_null(reply_header(reply, "Retry"));
	reply_free(reply);
	reply_free(NULL);
}

static void check_header(void)
{
	static const struct header sound = { (char *)"X-A", (char *)"b c" },
				   empty = { (char *)"X-A", (char *)"" },
				   nameless = { (char *)"", (char *)"b" },
				   spaced = { (char *)"X A", (char *)"b" },
				   split = { (char *)"X-A", (char *)"b\r\nX-B: c" };

	g_assert_true(exchange_is_header(&sound));
	g_assert_true(exchange_is_header(&empty));
	g_assert_false(exchange_is_header(&nameless));
	g_assert_false(exchange_is_header(&spaced));
	g_assert_false(exchange_is_header(&split));
}

static void check_said(void)
{
	struct request_out *r = exchange_probe("::1", 25, starttls_find("smtp"));
	g_autofree char *said = exchange_say(r);

	g_assert_cmpstr(said, ==, "smtp://[::1]:25");
	exchange_free(r);
	g_free(said);

	r = exchange_get("https://user:token@a.example/b@c?d");
	said = exchange_say(r);
	g_assert_cmpstr(said, ==, "GET https://a.example/b@c");
	exchange_free(r);
}

static void skews(void)
{
	static const struct {
		const char *date, *age;
		int64_t now, ms;
		bool is_known;
		int64_t seconds;
	} rows[] = {
		{ "Sun, 06 Nov 1994 08:49:37 GMT", NULL, 784111777, 0, true, 0 },
		{ "Sun, 06 Nov 1994 08:49:37 GMT", NULL, 784111777 - 300, 0, true, 300 },
		{ "Sun, 06 Nov 1994 08:49:37 GMT", NULL, 784111777 + 90, 1000, true, -90 },
		{ "Sun, 06 Nov 1994 08:49:37 GMT", NULL, 784111777 + 10, 20000, true, 0 },
		{ "Sun, 06 Nov 1994 08:49:37 GMT", "7", 784111777, 0, false, 0 },
		{ "Sunday, 06-Nov-94 08:49:37 GMT", NULL, 784111777, 0, false, 0 },
		{ "Sun, 06 anF 1994 08:49:37 GMT", NULL, 784111777, 0, false, 0 },
		{ "Sun, 06 Nov 1994 08:49:37 CET", NULL, 784111777, 0, false, 0 },
		{ "", NULL, 784111777, 0, false, 0 },
		{ NULL, NULL, 784111777, 0, false, 0 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(reply) r = reply_new();
		struct header date = { g_strdup("date"), g_strdup(rows[i].date) };
		struct header age = { g_strdup("Age"), g_strdup(rows[i].age) };
		int64_t seconds = 0;

		if (rows[i].date)
			g_array_append_val(r->headers, date);
		else
			g_free(date.name);
		if (rows[i].age)
			g_array_append_val(r->headers, age);
		else
			g_free(age.name);
		r->ms = rows[i].ms;
		g_assert_true(reply_skew(r, rows[i].now, &seconds) == rows[i].is_known);
		g_assert_cmpint(seconds, ==, rows[i].seconds);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/exchange/endpoints", check_good);
	g_test_add_func("/exchange/no-endpoints", check_bad);
	g_test_add_func("/exchange/values", check_values);
	g_test_add_func("/exchange/headers", check_header);
	g_test_add_func("/exchange/said", check_said);
	g_test_add_func("/exchange/skews", skews);
	return g_test_run();
}
