/*
 * Whom the settings let us contact.
 */
#include <string.h>

#include "engine/own.h"

struct allow_case {
	const char *rules, *host, *url;
	bool is_allowed;
};

static const struct allow_case cases[] = {
	{ "", "anybody.test", NULL, true },
	{ "a.test", "a.test", NULL, true },
	{ "a.test", "A.TEST.", NULL, true },
	{ "a.test", "b.a.test", NULL, false },
	{ "*.a.test", "b.a.test", NULL, true },
	{ "*.a.test", "c.b.A.test", NULL, true },
	{ "*.a.test", "a.test", NULL, false },
	{ "*.a.test", "ba.test", NULL, false },
	{ "*", "a.test", NULL, true },
	{ "*", "10.0.0.1", NULL, false },
	{ "10.0.0.0/8", "10.255.0.1", NULL, true },
	{ "10.0.0.0/8", "11.0.0.1", NULL, false },
	{ "10.0.0.0/8", "::ffff:10.1.2.3", NULL, true },
	{ "10.0.0.0/8", "name.test", NULL, false },
	{ "10.0.0.0/33", "10.0.0.1", NULL, false },
	{ "10.0.0.0/x", "10.0.0.0", NULL, false },
	{ "10.0.0.7", "10.0.0.7", NULL, true },
	{ "10.0.0.7", "10.0.0.8", NULL, false },
	{ "0.0.0.0/0", "192.0.2.1", NULL, true },
	{ "0.0.0.0/0", "2001:db8::1", NULL, false },
	{ "2001:db8::/33", "2001:db8:7fff::1", NULL, true },
	{ "2001:db8::/33", "2001:db8:8000::1", NULL, false },
	{ "a.test; 10.0.0.0/8", "10.0.0.1", NULL, true },
	{ "a.test", NULL, "https://a.test/x", true },
	{ "a.test", NULL, "https://a.test:8443?x", true },
	{ "a.test", NULL, "https://a.test", true },
	{ "a.test", NULL, "https://b.test/a.test", false },
	{ "a.test", NULL, "https://a.test@b.test/", false },
	{ "a.test", NULL, "https://a.test\\@b.test/", false },
	{ "a.test", NULL, "https://a.test%2f@b.test/", false },
	{ "a.test", NULL, "https://b.test#a.test", false },
	{ "a.test", NULL, "a.test", false },
	{ "a.test", NULL, "https://", false },
	{ "::1", NULL, "https://[::1]:8443/x", true },
	{ "::1", NULL, "https://[::2]/", false },
	{ "::1", NULL, "https://[::1/", false },
	{ "127.0.0.0/8", NULL, "http://2130706433/", false },
};

struct plain_case {
	const char *rules, *url;
	bool is_allowed;
};

static const struct plain_case plain_cases[] = {
	{ "", "https://a.test/", true },
	{ "", "HTTPS://a.test/", true },
	{ "", "http://a.test/", false },
	{ "", "HTTP://a.test/", false },
	{ "", "a.test/", false },
	{ "", "//a.test/", false },
	{ "", "ftp://a.test/", false },
	{ "", "http://10.0.0.1/", false },
	{ "a.test", "http://a.test:8080/x", true },
	{ "a.test", "http://b.test/", false },
	{ "*.test", "http://b.test/", true },
	{ "10.0.0.0/8", "http://10.0.0.1/", true },
	{ "10.0.0.0/8", "http://11.0.0.1/", false },
	{ "a.test", "http://a.test@b.test/", false },
	{ "a.test", "http://b.test?http://a.test/", false },
	/* this machine, in the usual spellings and no other */
	{ "", "http://127.0.0.1/", true },
	{ "", "http://127.9.9.9:1/", true },
	{ "", "http://localhost:40342/", true },
	{ "", "http://LOCALHOST/", true },
	{ "", "http://[::1]:80/", true },
	{ "", "http://localhost.example.org/", false },
	{ "", "http://127.0.0.1.example.org/", false },
	{ "", "http://127.1/", false },
	{ "", "http://2130706433/", false },
	{ "", "http://0x7f000001/", false },
	{ "", "http://[::2]/", false },
	{ "", "http://127.0.0.1@a.test/", false },
	{ "", "http://127.0.0.1\\@a.test/", false },
	/* where clouds keep credentials for those who run in them */
	{ "", "http://169.254.169.254/latest/meta-data/", true },
	{ "", "http://169.254.170.2/v2/credentials", true },
	{ "", "http://169.254.170.23/v1/credentials", true },
	{ "", "http://169.254.129.2:8081/msi/token", true },
	{ "", "http://[fd00:ec2::254]/", true },
	{ "", "http://[fd00:ec2::23]/", true },
	{ "", "http://[FD00:EC2:0::23]/", true },
	{ "", "http://[fd00:ec2::24]/", false },
	{ "", "http://169.255.0.1/", false },
	{ "", "http://metadata.google.internal/", false },
};

static void plain(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(plain_cases); i++) {
		const struct plain_case *c = &plain_cases[i];
		g_autoptr(settings) set = settings_load("/dev/null");
		g_autoptr(GError) error = NULL;
		g_autoptr(request_out) r = exchange_get(c->url);

		g_test_message("%s: %s", c->rules, c->url);
		g_assert_true(settings_override(set, "safety", "plain-http", c->rules, NULL));
		g_assert_true(allow_exchange(set, r, &error) == c->is_allowed);
		if (!c->is_allowed)
			g_assert_error(error, ERR, ERR_REFUSED);
		if (!c->is_allowed && !strstr(error->message, "plain http"))
			g_error("\"%s\" does not say why", error->message);
	}
}

/* One list does not loosen the other. */
static void both(void)
{
	g_autoptr(settings) set = settings_load("/dev/null");
	g_autoptr(request_out) here = exchange_get("http://127.0.0.1/");
	g_autoptr(request_out) there = exchange_get("http://a.test/");
	g_autoptr(request_out) probe = exchange_probe("a.test", 80, NULL);

	g_assert_true(settings_override(set, "safety", "hosts", "a.test", NULL));
	g_assert_false(allow_exchange(set, here, NULL));
	g_assert_false(allow_exchange(set, there, NULL));
	g_assert_true(allow_exchange(set, probe, NULL));
	g_assert_true(settings_override(set, "safety", "plain-http", "*; 127.0.0.1", NULL));
	g_assert_false(allow_exchange(set, here, NULL));
	g_assert_true(allow_exchange(set, there, NULL));
}

static void all(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct allow_case *c = &cases[i];
		g_autoptr(settings) set = settings_load("/dev/null");
		g_autoptr(GError) error = NULL;
		g_autoptr(request_out) r = c->url ? exchange_get(c->url) :
						    exchange_probe(c->host, 443, NULL);

		g_test_message("%s: %s", c->rules, c->url ? c->url : c->host);
		g_assert_true(settings_override(set, "safety", "hosts", c->rules, NULL));
		g_assert_true(allow_exchange(set, r, &error) == c->is_allowed);
		if (c->is_allowed)
			g_assert_no_error(error);
		else
			g_assert_error(error, ERR, ERR_REFUSED);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/engine/allow/all", all);
	g_test_add_func("/engine/allow/plain", plain);
	g_test_add_func("/engine/allow/both", both);
	return g_test_run();
}
