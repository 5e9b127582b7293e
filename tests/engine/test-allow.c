/*
 * Whom the settings let us contact.
 */
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
	return g_test_run();
}
