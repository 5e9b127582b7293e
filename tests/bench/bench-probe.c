/*
 * bench-probe: how long many probes take, some at a time, of a server that is slow to begin.
 *
 *	bench-probe [PROBES [AT-A-TIME [DELAY-MS]]]		(500 64 200)
 *
 * Prints what was measured beside the two bounds: the delays that follow each other, and the
 * CPU time that the handshakes alone take on this machine.  Fails when the time is above 1.2
 * times the larger one.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <certty/base/clock.h>
#include <certty/net/client.h>

struct server {
	SSL_CTX *context;
	int listener;
	int delay_ms;
};

struct visit {
	const struct server *server;
	int fd;
};

struct bench {
	struct client *client;
	uint16_t port;
	unsigned left, heard, good;
};

/* --- the server ---------------------------------------------------------------------------- */

static SSL_CTX *make_context(void)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = X509_new();

	X509_set_version(cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), 0);
	X509_gmtime_adj(X509_getm_notAfter(cert), CLOCK_DAY);
	X509_set_pubkey(cert, key);
	X509_sign(cert, key, EVP_sha256());
	SSL_CTX_use_certificate(context, cert);
	SSL_CTX_use_PrivateKey(context, key);
	X509_free(cert);
	EVP_PKEY_free(key);
	return context;
}

static void *visit(void *data)
{
	struct visit *v = data;
	SSL *ssl = SSL_new(v->server->context);
	struct pollfd nothing = { .fd = -1 };

	poll(&nothing, 1, v->server->delay_ms);
	SSL_set_fd(ssl, v->fd);
	SSL_accept(ssl);
	SSL_free(ssl);
	close(v->fd);
	g_free(v);
	return NULL;
}

static void *serve(void *data)
{
	const struct server *server = data;
	int fd;

	while ((fd = accept(server->listener, NULL, NULL)) >= 0) {
		struct visit *v = g_new(struct visit, 1);
		pthread_t thread;

		*v = (struct visit){ server, fd };
		pthread_create(&thread, NULL, visit, v);
		pthread_detach(thread);
	}
	return NULL;
}

static uint16_t start(struct server *server)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(at);
	pthread_t thread;

	server->context = make_context();
	server->listener = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(server->listener, (struct sockaddr *)&at, len) || listen(server->listener, 512) ||
	    getsockname(server->listener, (struct sockaddr *)&at, &len) ||
	    pthread_create(&thread, NULL, serve, server))
		g_error("the server does not start");
	return ntohs(at.sin_port);
}

/* --- the probes ---------------------------------------------------------------------------- */

static void send_one(struct bench *b);

static void hear(void *who, struct reply *reply)
{
	struct bench *b = who;

	b->heard++;
	if (reply->error)
		g_printerr("%s\n", reply->error->message);
	else
		b->good++;
	reply_free(reply);
	if (b->left > 0)
		send_one(b);
}

static void send_one(struct bench *b)
{
	b->left--;
	client_send(b->client, exchange_probe("127.0.0.1", b->port, NULL), hear, b);
}

/* Seconds for all, and how many went well. */
static double run(uint16_t port, unsigned probes, unsigned at_a_time, unsigned *ret_good)
{
	struct bench b = { client_new(NULL), port, probes, 0, 0 };
	int64_t started = clock_ticks();

	while (b.left > 0 && client_in_flight(b.client) < at_a_time)
		send_one(&b);
	while (b.heard < probes) {
		client_wait(b.client, NULL, 0, -1);
		client_advance(b.client, UINT_MAX);
	}
	client_free(b.client);
	*ret_good = b.good;
	return (double)(clock_ticks() - started) / 1e6;
}

static unsigned number(int argc, char **argv, int i, unsigned fallback)
{
	return i < argc ? (unsigned)strtoul(argv[i], NULL, 10) : fallback;
}

int main(int argc, char **argv)
{
	unsigned probes = number(argc, argv, 1, 500), at_a_time = number(argc, argv, 2, 64), good;
	struct server slow = { .delay_ms = (int)number(argc, argv, 3, 200) }, quick = { 0 };
	double waits = ((probes + at_a_time - 1) / at_a_time) * slow.delay_ms / 1e3;
	double taken, work, bound;
	unsigned good_too;
	clock_t before;

	taken = run(start(&slow), probes, at_a_time, &good);
	before = clock();
	run(start(&quick), probes, 1, &good_too);
	work = (double)(clock() - before) / CLOCKS_PER_SEC;
	bound = 1.2 * MAX(waits, work);
	printf("%u probes, %u at a time, %d ms each: %.3f s\n", probes, at_a_time, slow.delay_ms,
	       taken);
	printf("delays one after the other %.3f s, CPU time of the handshakes %.3f s, bound %.3f s\n",
	       waits, work, bound);
	return taken <= bound && good == probes && good_too == probes ? 0 : 1;
}
