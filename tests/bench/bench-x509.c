/*
 * bench-x509: microseconds per certificate, libcrypto's own reader beside x509_facts(), with
 * one thread and with two.
 *
 *	bench-x509 [rounds] [file.der…]	(without a file: one made here, RSA 2048 with 3 names)
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <glib.h>
#include <openssl/x509.h>

#include <certty/model/x509.h>

struct work {
	const uint8_t *der;
	size_t len;
	long rounds;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void *libcrypto(void *arg)
{
	const struct work *w = arg;

	for (long i = 0; i < w->rounds; i++) {
		const uint8_t *p = w->der;

		X509_free(d2i_X509(NULL, &p, (long)w->len));
	}
	return NULL;
}

static void *facts(void *arg)
{
	const struct work *w = arg;

	for (long i = 0; i < w->rounds; i++) {
		struct facts f;

		if (x509_facts(w->der, w->len, &f, NULL))
			facts_done(&f);
	}
	return NULL;
}

/* Microseconds of wall clock for one certificate. */
static double measure(void *(*what)(void *), struct work *w, int threads)
{
	pthread_t thread[2];
	double start;

	what(w);
	start = now();
	for (int i = 0; i < threads; i++)
		pthread_create(&thread[i], NULL, what, w);
	for (int i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	return (now() - start) / (double)w->rounds / threads;
}

static void report(const char *name, const uint8_t *der, size_t len, long rounds)
{
	struct work w = { der, len, rounds };

	for (int threads = 1; threads <= 2; threads++) {
		double theirs = measure(libcrypto, &w, threads);
		double ours = measure(facts, &w, threads);

		printf("%-24s %5zu bytes  %d thread%s  d2i_X509 %7.2f us  x509_facts %7.2f us"
		       "  %4.0f %%\n",
		       name, len, threads, threads == 1 ? " " : "s", theirs, ours,
		       100 * theirs / ours);
	}
}

static GBytes *make(void)
{
	static const char *const names[] = { "www.example.org", "example.org", "10.0.0.1", NULL };
	g_autoptr(GError) error = NULL;
	struct x509_key *ca = x509_key_make("rsa-2048", &error);
	GBytes *csr = x509_csr_make(ca, "CN=www.example.org,O=Example", names, &error);
	GBytes *cert = x509_sign(csr, NULL, ca, &x509_profiles[0], time(NULL),
				      time(NULL) + 90 * 86400, &error);

	if (!cert)
		g_error("cannot make a certificate: %s", error ? error->message : "?");
	g_bytes_unref(csr);
	x509_key_free(ca);
	return cert;
}

int main(int argc, char **argv)
{
	long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 20000;
	g_autoptr(GBytes) made = argc > 2 ? NULL : make();
	gsize len;

	if (made) {
		const uint8_t *der = g_bytes_get_data(made, &len);

		report("made", der, len, rounds);
	}
	for (int i = 2; i < argc; i++) {
		g_autofree char *der = NULL;

		if (g_file_get_contents(argv[i], &der, &len, NULL))
			report(argv[i], (const uint8_t *)der, len, rounds);
	}
	return 0;
}
