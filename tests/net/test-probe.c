/*
 * Probes against servers that behave badly: each ends with a chain or with one sentence.
 */
#include <string.h>

#include "hostile.h"

struct expected {
	const char *way, *starttls;
	int timeout_ms;			/* 0: long enough */
	enum err code;			/* when words are given */
	const char *words;
	unsigned certificates;
	const char *protocol;
};

/* clang-format off */
static const struct expected table[] = {
	{ "refuses",          NULL,   0,   ERR_NETWORK, ": it refused the connection; " },
	{ "hang",             NULL,   300, ERR_TIMEOUT, "no answer within 0.3 s, waiting for the TLS handshake" },
	{ "hang",             "smtp", 300, ERR_TIMEOUT, "waiting for the talk before TLS" },
	{ "garbage",          NULL,   0,   ERR_REPLY,   "it speaks no TLS: it answered \"\\0\\xff\\x1b[31m\\u202e rubbish\"" },
	{ "garbage",          "smtp", 300, ERR_TIMEOUT, "no answer within" },
	{ "garbage",          "ldap", 0,   ERR_REPLY,   "it does not speak LDAP" },
	{ "garbage",          "mysql", 0,  ERR_REPLY,   "it does not speak MySQL" },
	{ "garbage",          "postgres", 0, ERR_REPLY, "it does not speak PostgreSQL" },
	{ "ssh",              NULL,   0,   ERR_REPLY,   "it speaks no TLS: it answered \"SSH-2.0-other" },
	{ "ssh",              "imap", 0,   ERR_REPLY,   "it greeted with \"SSH-2.0-other\"" },
	{ "http-on-tls",      NULL,   0,   ERR_REPLY,   "it speaks no TLS: it answered \"HTTP/1.1 400 Bad Request" },
	{ "halfway",          NULL,   300, ERR_NETWORK, "the connection broke during the TLS handshake" },
	{ "closes",           NULL,   0,   ERR_NETWORK, "the connection broke during the TLS handshake" },
	{ "closes",           "ftp",  300, ERR_TIMEOUT, "waiting for the talk before TLS" },
	{ "alert",            NULL,   0,   ERR_REFUSED, "with the alert \"handshake failure\"" },
	{ "rule-breaker",     NULL,   0,   ERR_REPLY,   "it broke the rules of TLS" },
	{ "big-chain",        NULL,   0,   ERR_LIMIT,   "larger than we read (1024 KiB)" },
	{ "endless",          "smtp", 0,   ERR_LIMIT,   "it said more than 64 KiB before TLS" },
	{ "endless-lines",    "ftp",  0,   ERR_LIMIT,   "it said more than 64 KiB before TLS" },
	{ "drip",             "smtp", 300, ERR_TIMEOUT, "no answer within 0.3 s" },
	{ "drip",             NULL,   300, ERR_TIMEOUT, "no answer within 0.3 s" },
	{ "refuses-starttls", "smtp", 0,   ERR_REFUSED, "refused to begin TLS: \"454 4.7.0 no TLS \\x1b[2J today\"" },
	{ "injects",          "smtp", 0,   ERR_REFUSED, "bytes before the handshake, which anybody on the way may have put there: \"250 injected" },
	{ "plain-after-all",  "smtp", 0,   ERR_REPLY,   "it speaks no TLS after all: it answered \"500 what was that" },
	{ "postgres-off",     "postgres", 0, ERR_REFUSED, "TLS switched off" },
	{ "self-signed",      NULL,   0,   0, NULL, 1,  "TLSv1.3" },
	{ "wrong-name",       NULL,   0,   0, NULL, 1,  "TLSv1.3" },
	{ "chain",            NULL,   0,   0, NULL, 2,  "TLSv1.3" },
	{ "expired",          NULL,   0,   0, NULL, 2,  "TLSv1.3" },
	{ "many-certs",       NULL,   0,   0, NULL, EXCHANGE_CHAIN_MAX, "TLSv1.3" },
	{ "tls10",            NULL,   0,   0, NULL, 1,  "TLSv1" },
	{ "client-cert-12",   NULL,   0,   0, NULL, 1,  "TLSv1.2" },
	{ "client-cert-13",   NULL,   0,   0, NULL, 1,  "TLSv1.3" },
};
/* clang-format on */

static void check_chain(const struct expected *e, const struct reply *r)
{
	g_autofree char *digest = NULL;

	g_assert_no_error(r->error);
	g_assert_cmpuint(r->chain->len, ==, e->certificates);
	digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, r->chain->pdata[0]);
	g_assert_cmpstr(digest, ==, hostile_digest(e->way));
	g_assert_cmpstr(r->protocol, ==, e->protocol);
	g_assert_cmpstr(r->peer, ==, "127.0.0.1");
	g_assert_true(r->cipher && *r->cipher);
}

static void check_error(const struct expected *e, const struct reply *r)
{
	g_autofree char *who = g_strdup_printf("%s%s127.0.0.1:%u: ", e->starttls ? e->starttls : "",
					       e->starttls ? "://" : "", hostile_port(e->way));

	g_assert_error(r->error, ERR, (int)e->code);
	g_assert_true(g_str_has_prefix(r->error->message, who));
	if (!strstr(r->error->message, e->words))
		g_error("\"%s\" has no \"%s\"", r->error->message, e->words);
	for (const char *c = r->error->message; *c; c++)
		g_assert_false(g_ascii_iscntrl(*c));
	g_assert_null(r->chain);
}

static void check(const void *data)
{
	const struct expected *e = data;
	struct request_out *r = hostile_probe(e->way, e->starttls);
	struct client *c = client_new(NULL);
	g_autoptr(reply) reply = NULL;

	if (e->timeout_ms)
		r->timeout_ms = e->timeout_ms;
	reply = hostile_ask(c, r);
	if (e->words)
		check_error(e, reply);
	else
		check_chain(e, reply);
	client_free(c);
}

/* The name to ask for may be another than the one to connect to; an address is never asked
 * for. */
static void check_name(void)
{
	struct client *c = client_new(NULL);
	struct request_out *named = hostile_probe("named", NULL);
	g_autoptr(reply) answered = NULL, nameless = NULL, by_name = NULL;
	struct request_out *other;

	named->server_name = g_strdup("known.example");
	answered = hostile_ask(c, named);
	g_assert_no_error(answered->error);
	g_assert_cmpuint(answered->chain->len, ==, 1);
	nameless = hostile_ask(c, hostile_probe("named", NULL));
	g_assert_error(nameless->error, ERR, ERR_REFUSED);
	g_assert_nonnull(strstr(nameless->error->message, "alert \"unrecognized name\""));
	other = exchange_probe("localhost", hostile_port("self-signed"), NULL);
	by_name = hostile_ask(c, other);
	g_assert_no_error(by_name->error);
	g_assert_cmpstr(by_name->peer, ==, "127.0.0.1");
	client_free(c);
}

/* All at once, on one client: nobody waits for those that hang. */
static void count(void *who, struct reply *reply)
{
	reply_free(reply);
	++*(unsigned *)who;
}

static void check_together(void)
{
	struct client *c = client_new(NULL);
	unsigned heard = 0;

	for (unsigned i = 0; i < G_N_ELEMENTS(table); i++) {
		struct request_out *r = hostile_probe(table[i].way, table[i].starttls);

		r->timeout_ms = table[i].timeout_ms ? table[i].timeout_ms : r->timeout_ms;
		client_send(c, r, count, &heard);
	}
	while (client_in_flight(c) > 0) {
		client_wait(c, NULL, 0, -1);
		client_advance(c, UINT_MAX);
	}
	g_assert_cmpuint(heard, ==, G_N_ELEMENTS(table));
	client_free(c);
}

int main(int argc, char **argv)
{
	g_autoptr(GPtrArray) ways = g_ptr_array_new();
	int result;

	g_test_init(&argc, &argv, NULL);
	for (unsigned i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *path = g_strdup_printf("/probe/%s/%s", table[i].way,
						       table[i].starttls ? table[i].starttls : "tls");

		if (i == 0 || !g_str_equal(table[i - 1].way, table[i].way))
			g_ptr_array_add(ways, (void *)table[i].way);
		g_test_add_data_func(path, &table[i], check);
	}
	g_ptr_array_add(ways, (void *)"named");
	g_ptr_array_add(ways, NULL);
	g_test_add_func("/probe/name", check_name);
	g_test_add_func("/probe/all-together", check_together);
	hostile_start((const char *const *)ways->pdata);
	result = g_test_run();
	hostile_stop();
	return result;
}
