/*
 * serve: an HTTP server on the loopback, each answer after the same latency, so that a client's own cost
 * shows.
 *
 * GET /stats tells how many counted calls came since GET /reset, over how long, how many at once, and
 * over how many connections; GET /calls lists them, a line each, for a client that does nothing but send
 * them again.
 */
#ifndef CERTTY_TESTS_BENCH_SERVE_H
#define CERTTY_TESTS_BENCH_SERVE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>
#include <openssl/x509.h>

struct serve_answer {
	int status;		/* 200 unless said otherwise */
	const char *type;	/* of the text */
	bool is_counted;
	unsigned total;		/* as X-Total-Count; 0: without */
	GString *text, *line;	/* the body; the call as GET /calls tells it */
};

typedef void serve_fn(const char *head, const char *body, struct serve_answer *ret);

/* Prints the port and serves until standard input ends; false: it could not begin. */
bool serve_run(int64_t latency_us, serve_fn *answer);
bool serve_run_tls(int64_t latency_us, serve_fn *answer, const char *cert, const char *key);
char *serve_pem(X509 *cert);	/* as JSON has it; new */
/* For hosts, one name each, by no real issuer. */
X509 *serve_cert(EVP_PKEY *key, const char *host, uint64_t serial);

#endif
