/*
 * The client: HTTP within its bounds, cancelling, leaving at once, being rung, and waiting
 * for other people's descriptors.
 */
#include <config.h>

#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include <certty/base/clock.h>

#include "hostile.h"

#define SLOW "slow.invalid"

/* A resolver that never answers for SLOW.  curl's threads call this one. */
static int never[2];

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
		struct addrinfo **ret)
{
	typeof(getaddrinfo) *real;
	char byte;

	if (name && g_str_equal(name, SLOW) && read(never[0], &byte, 1) <= 0)
		return EAI_AGAIN;
	*(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
	return real(name, service, hints, ret);
}

static char *url_of(const char *way)
{
	return g_strdup_printf("http://127.0.0.1:%u/a?b", hostile_port(way));
}

static struct request_out *get(const char *way)
{
	g_autofree char *url = url_of(way);

	return exchange_get(url);
}

static struct reply *ask(struct request_out *r)
{
	struct client *c = client_new(NULL);
	struct reply *reply = hostile_ask(c, r);

	client_free(c);
	return reply;
}

static void expect_error(struct request_out *r, enum err code, const char *words)
{
	g_autoptr(reply) reply = ask(r);

	g_assert_error(reply->error, ERR, (int)code);
	if (!strstr(reply->error->message, words))
		g_error("\"%s\" has no \"%s\"", reply->error->message, words);
	g_assert_null(reply->body);
	g_assert_cmpuint(reply->headers->len, ==, 0);
}

static char *text_of(const struct reply *reply)
{
	gsize len;
	const char *bytes = g_bytes_get_data(reply->body, &len);

	return g_strndup(bytes, len);
}

static void check_get(void)
{
	struct request_out *r = get("http-echo");
	g_autoptr(reply) reply = NULL;
	g_autofree char *heard = NULL;

	exchange_header(r, "X-Token", "abc");
	exchange_header(r, "X-Empty", "");
	reply = ask(r);
	g_assert_no_error(reply->error);
	g_assert_cmpint(reply->status, ==, 200);
	g_assert_cmpstr(reply->peer, ==, "127.0.0.1");
	g_assert_cmpstr(reply_header(reply, "x-odd"), ==, "a\\x1b[31mb");
	heard = text_of(reply);
	g_assert_true(g_str_has_prefix(heard, "GET /a?b HTTP/1.1\r\n"));
	g_assert_nonnull(strstr(heard, "\r\nX-Token: abc\r\n"));
	g_assert_nonnull(strstr(heard, "\r\nX-Empty:\r\n"));
	g_assert_nonnull(strstr(heard, "\r\nUser-Agent: certty/" PACKAGE_VERSION "\r\n"));
}

static void check_post(void)
{
	struct request_out *r = get("http-echo");
	g_autofree char *large = g_strnfill(2 << 20, 'x');
	g_autoptr(reply) reply = NULL;
	g_autofree char *heard = NULL;

	g_free(r->method);
	r->method = g_strdup("PUT");
	r->body = g_bytes_new(large, 2 << 20);
	reply = ask(r);
	g_assert_no_error(reply->error);
	heard = text_of(reply);
	g_assert_true(g_str_has_prefix(heard, "PUT /a?b HTTP/1.1\r\n"));
	g_assert_null(strstr(heard, "Content-Type"));
	g_assert_null(strstr(heard, "Expect"));
	g_assert_cmpstr(strstr(heard, "\r\n\r\n") + 4, ==, large);
}

static void check_statuses(void)
{
	g_autoptr(reply) moved = ask(get("http-redirect")), busy = ask(get("http-busy"));

	g_assert_no_error(moved->error);
	g_assert_cmpint(moved->status, ==, 302);
	g_assert_cmpstr(reply_header(moved, "Location"), ==, "http://127.0.0.1:1/");
	g_assert_no_error(busy->error);
	g_assert_cmpint(busy->status, ==, 503);
	g_assert_cmpstr(reply_header(busy, "Retry-After"), ==, "7");
	g_assert_cmpuint(g_bytes_get_size(busy->body), ==, 0);
}

static void check_bounds(void)
{
	struct request_out *r = get("http-endless");

	r->max = 1000;
	expect_error(r, ERR_LIMIT, "/a: it answered more than the 1000 bytes that we read");
	expect_error(get("http-endless"), ERR_LIMIT, "more than the 16777216 bytes");
	expect_error(get("http-long"), ERR_LIMIT, "more than the 16777216 bytes");
	expect_error(get("http-headers"), ERR_LIMIT, "it answered more than");
}

static void check_failures(void)
{
	struct request_out *r = get("hang");
	g_autofree char *secure = g_strdup_printf("https://127.0.0.1:%u/",
						  hostile_port("self-signed"));

	r->timeout_ms = 200;
	expect_error(r, ERR_TIMEOUT, "/a: no answer within 0.2 s");
	expect_error(get("refuses"), ERR_NETWORK, "it refused the connection");
	expect_error(get("closes"), ERR_NETWORK, "the server closed without an answer");
	expect_error(get("http-cut"), ERR_NETWORK, "the connection broke in the middle");
	expect_error(get("ssh"), ERR_REPLY, "it does not speak HTTP");
	expect_error(exchange_get(secure), ERR_REFUSED, "its certificate is not trusted");
	expect_error(exchange_get("file:///etc/passwd"), ERR_REPLY, "does not speak HTTP");
	expect_error(exchange_get("http://a:token@127.0.0.1/b"), ERR_USAGE,
		     "GET http://127.0.0.1/b: an address never holds a name and password");
	expect_error(exchange_get("http://"), ERR_USAGE, "no address");
	expect_error(exchange_probe("a b", 443, NULL), ERR_USAGE, "neither a name nor an address");
	r = get("http-echo");
	exchange_header(r, "X-A", "b\r\nX-B: c");
	expect_error(r, ERR_USAGE, "not well formed");
	r = exchange_probe(SLOW, 443, NULL);
	r->timeout_ms = 200;
	expect_error(r, ERR_TIMEOUT, SLOW ":443: no answer within 0.2 s");
}

static void never_heard(void *who, struct reply *reply)
{
	g_assert_not_reached();
}

static void turn(struct client *c)
{
	client_wait(c, NULL, 0, -1);
	client_advance(c, UINT_MAX);
}

/* 64 that hang in every way there is: while resolving, connected, in the handshake. */
static void send_64(struct client *c)
{
	for (unsigned i = 0; i < 16; i++) {
		g_autofree char *url = g_strdup_printf("http://%s/", SLOW);

		client_send(c, exchange_get(url), never_heard, NULL);
		client_send(c, exchange_probe(SLOW, 443, NULL), never_heard, NULL);
		client_send(c, get("hang"), never_heard, NULL);
		client_send(c, hostile_probe("hang", i % 2 ? "smtp" : NULL), never_heard, NULL);
	}
	for (unsigned i = 0; i < 64; i++) {
		client_wait(c, NULL, 0, 5);
		client_advance(c, UINT_MAX);
	}
	g_assert_cmpuint(client_in_flight(c), ==, 64);
}

static void check_leaving(void)
{
	struct client *c = client_new(NULL);
	int64_t started, ms;

	send_64(c);
	started = clock_ticks();
	client_free(c);
	ms = (clock_ticks() - started) / 1000;
	g_test_message("left in %" G_GINT64_FORMAT " ms", ms);
#ifdef WITH_SANITIZER
	g_assert_cmpint(ms, <, 1000);
#else
	g_assert_cmpint(ms, <, g_getenv("TEST_WRAPPER") ? 1000 : 50);
#endif
	client_free(NULL);
}

static void keep(void *who, struct reply *reply)
{
	*(struct reply **)who = reply;
}

static void check_cancel(void)
{
	struct client *c = client_new(NULL);
	struct transfer *slow = client_send(c, exchange_probe(SLOW, 443, NULL), never_heard, NULL);
	struct transfer *hung = client_send(c, get("hang"), never_heard, NULL);
	struct transfer *at_once = client_send(c, exchange_probe("?", 443, NULL), never_heard, NULL);
	struct reply *reply = NULL;

	client_cancel(c, at_once);
	client_send(c, get("http-busy"), keep, &reply);
	while (!reply)
		turn(c);
	client_cancel(c, slow);
	client_cancel(c, hung);
	g_assert_cmpuint(client_in_flight(c), ==, 0);
	reply_free(reply);
	client_free(c);
}

/* Whoever hears may cancel another that is over but not yet heard, and send again. */
struct pair {
	struct client *client;
	struct transfer *other;
	unsigned heard, again;
};

static void hear_again(void *who, struct reply *reply)
{
	struct pair *p = who;

	g_assert_error(reply->error, ERR, ERR_USAGE);
	p->heard++;
	if (p->other)
		client_cancel(p->client, p->other);
	p->other = NULL;
	if (p->again > 0) {
		p->again--;
		client_send(p->client, exchange_probe("?", 1, NULL), hear_again, p);
	}
	reply_free(reply);
}

static void check_again(void)
{
	struct pair p = { .client = client_new(NULL), .again = 3 };

	client_send(p.client, exchange_probe("?", 1, NULL), hear_again, &p);
	p.other = client_send(p.client, exchange_probe("?", 1, NULL), never_heard, NULL);
	client_advance(p.client, UINT_MAX);
	g_assert_cmpuint(p.heard, <=, 2);	/* one turn does not hear all that it causes */
	while (client_in_flight(p.client) > 0)
		turn(p.client);
	g_assert_cmpuint(p.heard, ==, 4);
	client_free(p.client);
}

/* A few at a time; what is not heard yet lets nobody sleep, and beginning what was sent hears nothing. */
static void check_few(void)
{
	struct pair p = { .client = client_new(NULL) };

	for (unsigned i = 0; i < 5; i++)
		client_send(p.client, exchange_probe("?", 1, NULL), hear_again, &p);
	client_begin(p.client);
	g_assert_cmpuint(p.heard, ==, 0);
	g_assert_true(client_advance(p.client, 2));
	g_assert_cmpuint(p.heard, ==, 2);
	client_wait(p.client, NULL, 0, -1);
	g_assert_true(client_advance(p.client, 2));
	g_assert_false(client_advance(p.client, 2));
	g_assert_cmpuint(p.heard, ==, 5);
	client_free(p.client);
}

/* As many as may be under way at a time find their connections again: none is closed for want of
 * room among those kept. */
#define AT_ONCE 128

static void hear_connection(void *who, struct reply *reply)
{
	g_assert_no_error(reply->error);
	g_hash_table_add(who, text_of(reply));
	reply_free(reply);
}

static void check_kept(void)
{
	g_autoptr(GHashTable) connections = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct client *c = client_new(NULL);

	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < AT_ONCE; i++) {
			struct request_out *r = get("http-stays");

			r->is_repeatable = true;
			client_send(c, r, hear_connection, connections);
		}
		while (client_in_flight(c) > 0)
			turn(c);
		g_assert_cmpuint(g_hash_table_size(connections), ==, AT_ONCE);
	}
	client_free(c);
}

/* --- waiting ------------------------------------------------------------------------------ */

struct bell {
	struct client *client;
	atomic_uint rung;
};

static void *ring(void *data)
{
	struct bell *bell = data;

	for (unsigned i = 0; i < 100; i++) {
		atomic_fetch_add(&bell->rung, 1);
		client_ring(bell->client);
	}
	return NULL;
}

static void check_ring(void)
{
	struct bell bell = { .client = client_new(NULL) };
	struct reply *reply = NULL;
	pthread_t thread;

	client_ring(bell.client);
	client_wait(bell.client, NULL, 0, -1);	/* a ring before the wait counts */
	client_send(bell.client, get("hang"), never_heard, NULL);
	client_send(bell.client, hostile_probe("self-signed", NULL), keep, &reply);
	g_assert_cmpint(pthread_create(&thread, NULL, ring, &bell), ==, 0);
	while (atomic_load(&bell.rung) < 100 || !reply)
		turn(bell.client);
	pthread_join(thread, NULL);
	g_assert_no_error(reply->error);
	reply_free(reply);
	client_free(bell.client);
}

static void check_extra(void)
{
	struct client *c = client_new(NULL);
	struct pollfd extra[3] = { { .events = POLLIN }, { .events = POLLIN },
				   { .fd = -1, .events = POLLIN } };
	int full[2], ended[2];

	g_assert_cmpint(pipe(full), ==, 0);
	g_assert_cmpint(pipe(ended), ==, 0);
	g_assert_cmpint(write(full[1], "x", 1), ==, 1);
	extra[0].fd = full[0];
	extra[1].fd = ended[0];
	client_wait(c, extra, 3, -1);
	g_assert_cmpint(extra[0].revents, ==, POLLIN);
	g_assert_cmpint(extra[1].revents, ==, 0);
	g_assert_cmpint(extra[2].revents, ==, 0);
	close(ended[1]);
	extra[0].fd = -1;
	client_wait(c, extra, 3, -1);
	g_assert_cmpint(extra[1].revents, ==, POLLHUP);
	client_wait(c, NULL, 0, 0);
	client_free(c);
	close(full[0]);
	close(full[1]);
	close(ended[0]);
}

int main(int argc, char **argv)
{
	static const char *const ways[] = {
		"refuses", "hang", "closes", "ssh", "self-signed", "http-endless", "http-long",
		"http-cut", "http-redirect", "http-busy", "http-headers", "http-echo", "http-stays", NULL,
	};
	int result;

	g_test_init(&argc, &argv, NULL);
	g_assert_cmpint(pipe(never), ==, 0);
	g_test_add_func("/client/get", check_get);
	g_test_add_func("/client/put", check_post);
	g_test_add_func("/client/statuses", check_statuses);
	g_test_add_func("/client/bounds", check_bounds);
	g_test_add_func("/client/failures", check_failures);
	g_test_add_func("/client/leaving", check_leaving);
	g_test_add_func("/client/cancel", check_cancel);
	g_test_add_func("/client/again", check_again);
	g_test_add_func("/client/few", check_few);
	g_test_add_func("/client/kept", check_kept);
	g_test_add_func("/client/ring", check_ring);
	g_test_add_func("/client/extra", check_extra);
	hostile_start(ways);
	result = g_test_run();
	hostile_stop();
	return result;
}
