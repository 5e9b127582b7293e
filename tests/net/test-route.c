/*
 * The ways to a server: whom to trust, what to show, which proxy, and that a connection made in one
 * way is never used in another.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <certty/base/file.h>
#include <certty/base/json.h>

#include "hostile.h"

static struct client *c;	/* one for all, so that connections could be shared */
static bool hangs_up;		/* as the system says of a connection that was just reset */

/* In place of the C library's, for curl. */
int getpeername(int fd, __SOCKADDR_ARG address, socklen_t *restrict len)
{
	if (hangs_up) {
		errno = ENOTCONN;
		return -1;
	}
	return (int)syscall(SYS_getpeername, fd, address.__sockaddr__, len);
}

static char *path_of(const char *name)
{
	return g_build_filename(hostile_digest("folder"), name, NULL);
}

static struct request_out *get(const char *server, const char *host, const char *path)
{
	g_autofree char *url = g_strdup_printf("https://%s:%u%s", host, hostile_port(server), path);

	return exchange_get(url);
}

/* A route that trusts the test's CA. */
static struct route *trusting(void)
{
	struct route *r = route_new();

	r->ca_file = path_of("ca.pem");
	return r;
}

static struct route *showing(const char *cert, const char *key)
{
	struct route *r = trusting();

	r->cert_file = path_of(cert);
	r->key_file = key ? path_of(key) : NULL;
	return r;
}

/* Takes both. */
static struct reply *ask(struct request_out *r, struct route *route)
{
	r->route = route;
	r->timeout_ms = 10000;
	return hostile_ask(c, r);
}

static char *word(const struct reply *r, const char *key)
{
	gsize len;
	const char *bytes;
	g_autoptr(json) j = NULL;

	g_assert_no_error(r->error);
	g_assert_cmpint(r->status, ==, 200);
	bytes = g_bytes_get_data(r->body, &len);
	j = json_parse(bytes, len, 100000, NULL);
	return g_strdup(json_str(j, key));
}

static void expect(struct request_out *r, struct route *route, const char *key, const char *wanted)
{
	g_autoptr(reply) reply = ask(r, route);
	g_autofree char *found = word(reply, key);

	g_assert_cmpstr(found, ==, wanted);
}

static void expect_error(struct request_out *r, struct route *route, enum err code,
			 const char *words)
{
	g_autoptr(reply) reply = ask(r, route);

	g_assert_nonnull(reply->error);
	g_test_message("%s", reply->error->message);
	g_assert_error(reply->error, ERR, (int)code);
	if (!strstr(reply->error->message, words))
		g_error("\"%s\" has no \"%s\"", reply->error->message, words);
}

/* ---- trust ------------------------------------------------------------------------------- */

static void trusts(void)
{
	struct route *folder = route_new(), *other = route_new(), *missing = route_new();

	expect(get("here", "127.0.0.1", "/x?y"), trusting(), "path", "/x?y");
	expect(get("here", "localhost", "/a/../b//c"), trusting(), "path", "/a/../b//c");
	folder->ca_folder = path_of("folder");
	expect(get("here", "127.0.0.1", "/"), folder, "who", "");
	expect_error(get("here", "127.0.0.1", "/"), NULL, ERR_REFUSED,
		     "from a CA that this machine does not know");
	other->ca_file = path_of("other-ca.pem");
	expect_error(get("here", "127.0.0.1", "/"), other, ERR_REFUSED, "other-ca.pem, which is all");
	missing->ca_file = path_of("no-such.pem");
	expect_error(get("here", "127.0.0.1", "/"), missing, ERR_IO, "no-such.pem");
	expect_error(get("named", "127.0.0.1", "/"), trusting(), ERR_REFUSED,
		     "for other names than 127.0.0.1");
	expect_error(get("expired", "127.0.0.1", "/"), trusting(), ERR_REFUSED, "has expired");
	expect_error(get("old", "127.0.0.1", "/"), trusting(), ERR_REFUSED, "no TLS from 1.2 on");
	expect_error(get("plain", "127.0.0.1", "/"), trusting(), ERR_REPLY, "does not speak TLS");
}

/* OpenSSL's variables stand for the system's trust; a route's CA file still stands alone. */
static void trusts_environment(void)
{
	g_autofree char *ca = path_of("ca.pem"), *folder = path_of("folder");
	struct route *other = route_new();

	other->ca_file = path_of("other-ca.pem");
	g_setenv("SSL_CERT_FILE", ca, TRUE);
	expect(get("here", "127.0.0.1", "/"), NULL, "who", "");
	expect_error(get("here", "127.0.0.1", "/"), other, ERR_REFUSED, "other-ca.pem");
	g_unsetenv("SSL_CERT_FILE");
	g_setenv("SSL_CERT_DIR", folder, TRUE);
	expect(get("here", "localhost", "/"), NULL, "who", "");
	g_unsetenv("SSL_CERT_DIR");
}

static void names(void)
{
	struct route *r = trusting(), *wrong = trusting(), *bad = trusting();
	g_autofree char *host = g_strdup_printf("127.0.0.1:%u", hostile_port("named"));

	r->server_name = g_strdup("www.test");
	route_ref(r);
	expect(get("named", "127.0.0.1", "/x"), r, "host", host);
	expect(get("named", "127.0.0.1", "/x"), r, "path", "/x");
	wrong->server_name = g_strdup("mail.test");
	expect_error(get("named", "127.0.0.1", "/"), wrong, ERR_REFUSED,
		     "for other names than mail.test");
	bad->server_name = g_strdup("a b/");
	expect_error(get("named", "127.0.0.1", "/"), bad, ERR_USAGE, "TLS name");
}

/* ---- our own certificate ----------------------------------------------------------------- */

static void shows(const char *server)
{
	struct route *in_memory = showing("client.pem", NULL);
	g_autofree char *key_path = path_of("client.key"), *key = NULL;

	expect(get(server, "127.0.0.1", "/"), showing("client.pem", "client.key"), "who", "client");
	expect(get(server, "127.0.0.1", "/"), showing("client-both.pem", NULL), "who", "client");
	g_assert_true(g_file_get_contents(key_path, &key, NULL, NULL));
	in_memory->key = secret_new(key, strlen(key));
	expect(get(server, "127.0.0.1", "/"), in_memory, "who", "client");
	expect_error(get(server, "127.0.0.1", "/"), showing("stranger.pem", "stranger.key"),
		     ERR_SIGN_IN, "does not take our client certificate");
	expect_error(get(server, "127.0.0.1", "/"), showing("client.pem", "stranger.key"), ERR_SIGN_IN,
		     "our client certificate cannot be used");
	expect_error(get(server, "127.0.0.1", "/"), showing("no-such.pem", NULL), ERR_SIGN_IN,
		     "our client certificate cannot be used");
	/* no question on the terminal */
	expect_error(get(server, "127.0.0.1", "/"), showing("client.pem", "locked.key"), ERR_SIGN_IN,
		     "our client certificate cannot be used");
}

static void shows_13(void)
{
	shows("mutual");
	expect_error(get("mutual", "127.0.0.1", "/"), trusting(), ERR_SIGN_IN,
		     "it wants a client certificate");
}

static void shows_12(void)
{
	shows("mutual12");
	expect_error(get("mutual12", "127.0.0.1", "/"), trusting(), ERR_NETWORK,
		     "does it want a client certificate?");
}

/* A reset that overtakes the alert leaves nothing to read of why. */
static void hung_up(void)
{
	hangs_up = true;
	expect_error(get("mutual", "127.0.0.1", "/"), trusting(), ERR_NETWORK,
		     "(or does it want a client certificate?)");
	expect_error(get("mutual", "127.0.0.1", "/"), showing("stranger.pem", "stranger.key"),
		     ERR_NETWORK, "does it not take our client certificate");
	hangs_up = false;
}

/* ---- proxies ----------------------------------------------------------------------------- */

static char *proxy_of(const char *name, const char *login)
{
	return g_strdup_printf("http://%s127.0.0.1:%u", login, hostile_port(name));
}

static struct route *through(const char *name, const char *login)
{
	struct route *r = trusting();

	r->proxy = proxy_of(name, login);
	return r;
}

static void proxies(void)
{
	struct route *dead = trusting();
	g_autofree char *seen = g_strdup_printf("proxy:www.test:%u", hostile_port("named"));

	expect(get("named", "www.test", "/"), through("proxy", ""), "proxies", seen);
	expect(get("named", "www.test", "/"), through("proxy-asks", "me:word@"), "path", "/");
	expect_error(get("named", "www.test", "/"), through("proxy-asks", ""), ERR_REFUSED,
		     "the proxy wants a name and password");
	expect_error(get("named", "www.test", "/"), through("proxy-shut", ""), ERR_REFUSED,
		     "with status 403");
	dead->proxy = g_strdup("http://localhost:1");
	expect_error(get("named", "www.test", "/"), dead, ERR_NETWORK,
		     "the proxy localhost refused the connection");
}

/* The environment's is for the world outside, and not where it says so or an account does. */
static void proxies_environment(void)
{
	g_autofree char *proxy = proxy_of("proxy-shut", ""), *url = NULL;
	struct route *none = trusting();

	g_setenv("HTTPS_PROXY", proxy, TRUE);
	g_setenv("http_proxy", proxy, TRUE);
	expect_error(get("named", "www.test", "/"), trusting(), ERR_REFUSED, "with status 403");
	expect(get("here", "127.0.0.1", "/"), trusting(), "path", "/");
	url = g_strdup_printf("http://127.0.0.1:%u/", hostile_port("plain"));
	expect(exchange_get(url), NULL, "path", "/");
	expect(exchange_get(url), through("proxy-shut", ""), "path", "/");
	none->proxy = g_strdup("");
	expect_error(get("named", "www.test", "/"), none, ERR_NETWORK, "the name is not known");
	g_setenv("NO_PROXY", "www.test", TRUE);
	expect_error(get("named", "www.test", "/"), trusting(), ERR_NETWORK, "the name is not known");
	g_unsetenv("NO_PROXY");
	g_unsetenv("HTTPS_PROXY");
	g_unsetenv("http_proxy");
}

/* ---- connections ------------------------------------------------------------------------- */

static char *connection(struct route *route)
{
	struct request_out *asked = get("here", "127.0.0.1", "/");
	g_autoptr(reply) r = NULL;

	asked->is_repeatable = true;	/* else it would have one of its own */
	r = ask(asked, route);
	return word(r, "connection");
}

/* Kept for the same route, never for another, even when it says the same. */
static void connections(void)
{
	struct route *one = trusting(), *two = trusting();
	g_autofree char *first = connection(route_ref(one)), *again = connection(route_ref(one));
	g_autofree char *other = connection(route_ref(two)), *back = connection(route_ref(one));
	g_autofree char *third = NULL;

	g_assert_cmpstr(first, ==, again);
	g_assert_cmpstr(first, !=, other);
	g_assert_cmpstr(first, ==, back);
	/* many others drive it out, and with it its connection */
	for (unsigned i = 0; i < 40; i++) {
		g_autofree char *any = connection(trusting());

		g_assert_cmpstr(any, !=, first);
	}
	third = connection(route_ref(one));
	g_assert_cmpstr(third, !=, first);
	route_unref(one);
	route_unref(two);
}

static void follows_nothing(void)
{
	g_autoptr(reply) away = ask(get("here", "127.0.0.1", "/away"), trusting());
	struct route *r = trusting();

	g_assert_no_error(away->error);
	g_assert_cmpint(away->status, ==, 302);
	expect(get("here", "127.0.0.1", "/"), route_ref(r), "cookie", "");
	expect(get("here", "127.0.0.1", "/"), r, "cookie", "");
}

/* Without a ticket a server that does not insist is answered as anybody. */
static void negotiates(void)
{
	struct route *r = trusting();

	r->negotiates = true;
	expect(get("here", "127.0.0.1", "/"), r, "authorization", "");
}

int main(int argc, char **argv)
{
	int result;

	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/route/trusts", trusts);
	g_test_add_func("/route/trusts/environment", trusts_environment);
	g_test_add_func("/route/names", names);
	g_test_add_func("/route/shows/1.3", shows_13);
	g_test_add_func("/route/shows/1.2", shows_12);
	g_test_add_func("/route/hung-up", hung_up);
	g_test_add_func("/route/proxies", proxies);
	g_test_add_func("/route/proxies/environment", proxies_environment);
	g_test_add_func("/route/connections", connections);
	g_test_add_func("/route/follows-nothing", follows_nothing);
	g_test_add_func("/route/negotiates", negotiates);
	hostile_start_script("https.py", (const char *const[]){ NULL });
	c = client_new(NULL);
	result = g_test_run();
	client_free(c);
	hostile_stop();
	return result;
}
