/*
 * bench-folder: a folder of 20,000 certificate files read through the engine, beside what
 * libcrypto alone needs to parse the same bytes on the same number of cores; then read again
 * with nothing changed, and with 20 files changed.
 *
 *	bench-folder [certificates]
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include <certty/engine/engine.h>

#include "../model/make.h"

#define KEYS 8		/* half RSA 2048, half EC P-256 */
#define FOLDERS 100
#define CHANGED 20
#define ROUNDS 3

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* ---- certificates ---- */

static void write_cert(const char *folder, unsigned i, GBytes *der)
{
	g_autofree char *pem = make_pem(der);
	g_autofree char *path = g_strdup_printf("%s/%02u/cert-%05u.pem", folder, i % FOLDERS, i);

	g_assert_true(g_file_set_contents(path, pem, -1, NULL));
}

static GBytes *make_one(unsigned i)
{
	static EVP_PKEY *keys[KEYS];
	g_autofree char *name = g_strdup_printf("www-%u.example.org", i);
	g_autofree char *sans = g_strdup_printf("DNS:%s,DNS:example.org", name);
	struct make m = { .subject = name, .sans = sans, .purposes = "serverAuth",
			  .issuer_key = make_key() };

	for (unsigned k = 0; !keys[KEYS - 1] && k < KEYS; k++)
		keys[k] = make_key_of(k % 2 ? "EC:P-256" : "RSA:2048");
	m.key = keys[i % KEYS];
	return make_cert_der(&m);
}

static GBytes **make_all(const char *folder, unsigned n)
{
	GBytes **der = g_new(GBytes *, n);

	for (unsigned i = 0; i < FOLDERS; i++) {
		g_autofree char *path = g_strdup_printf("%s/%02u", folder, i);

		g_mkdir_with_parents(path, 0700);
	}
	for (unsigned i = 0; i < n; i++) {
		der[i] = make_one(i);
		write_cert(folder, i, der[i]);
	}
	return der;
}

/* ---- libcrypto alone ---- */

struct share {
	GBytes **der;
	unsigned from, to;
};

static void *parse_share(void *arg)
{
	const struct share *s = arg;

	for (unsigned i = s->from; i < s->to; i++) {
		gsize len;
		const unsigned char *bytes = g_bytes_get_data(s->der[i], &len);

		X509_free(d2i_X509(NULL, &bytes, (long)len));
	}
	return NULL;
}

static double parse_all(GBytes **der, unsigned n, unsigned cores)
{
	g_autofree pthread_t *thread = g_new(pthread_t, cores);
	g_autofree struct share *share = g_new(struct share, cores);
	double start = now_ms();

	for (unsigned i = 0; i < cores; i++) {
		share[i] = (struct share){ der, n * i / cores, n * (i + 1) / cores };
		pthread_create(&thread[i], NULL, parse_share, &share[i]);
	}
	for (unsigned i = 0; i < cores; i++)
		pthread_join(thread[i], NULL);
	return now_ms() - start;
}

/* ---- through the engine ---- */

/* Bytes that this process has read, from files and sockets alike. */
static long bytes_read(void)
{
	long bytes = 0;
	FILE *f = fopen("/proc/self/io", "r");

	if (!f || fscanf(f, "rchar: %ld", &bytes) != 1)
		bytes = 0;
	if (f)
		fclose(f);
	return bytes;
}

static uint32_t refresh(const struct engine_config *config, const char *store, double *ret_ms,
			long *ret_bytes)
{
	struct engine *e = engine_open(config, NULL);
	struct snapshot *s;
	uint32_t n;

	g_assert_true(e && engine_start(e, NULL));
	engine_give_back(e, engine_wait_loaded(e));
	*ret_bytes = bytes_read();
	*ret_ms = now_ms();
	s = engine_wait_for(e, engine_submit(e, command_new(VERB_REFRESH, store)), -1, NULL, NULL);
	*ret_ms = now_ms() - *ret_ms;
	*ret_bytes = bytes_read() - *ret_bytes;
	n = s->certs->n;
	engine_give_back(e, s);
	engine_stop(e);
	return n;
}

static void say(const char *what, uint32_t n, double ms, long bytes)
{
	printf("  %-34s %6u certificates %9.1f ms %9.1f us each  %ld kB read\n", what, n, ms,
	       ms * 1e3 / n, bytes / 1024);
}

static void bench(const char *home, const char *folder, GBytes **der, unsigned n)
{
	g_autoptr(settings) settings = settings_load("/dev/null");
	g_autofree char *id = g_strconcat("local/folder:", folder, NULL);
	struct engine_config config = { .settings = settings, .version = "bench" };
	unsigned cores = (unsigned)CLAMP(sysconf(_SC_NPROCESSORS_ONLN), 1, 16);
	double theirs = 1e9, ours = 1e9, ms;
	uint32_t found = 0;
	long bytes = 0;

	settings_override(settings, "local", "folders", folder, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		g_autofree char *state = g_strdup_printf("%s/state-%d", home, i);

		theirs = MIN(theirs, parse_all(der, n, cores));
		config.state_folder = state;
		found = refresh(&config, id, &ms, &bytes);
		ours = MIN(ours, ms);
		if (i < ROUNDS - 1)
			continue;
		say("libcrypto alone, best of 3", n, theirs, 0);
		say("folder through the engine, best", found, ours, bytes);
		printf("  %-34s %6.0f %%  (at least 90) %s\n", "of what libcrypto alone parses",
		       100 * theirs / ours, theirs / ours >= 0.9 ? "ok" : "not");
		found = refresh(&config, id, &ms, &bytes);
		say("again, nothing changed", found, ms, bytes);
		for (unsigned c = 0; c < CHANGED; c++) {
			g_autoptr(GBytes) fresh = make_one(n + c);

			write_cert(folder, c * 7, fresh);
		}
		found = refresh(&config, id, &ms, &bytes);
		say("again, 20 files changed", found, ms, bytes);
	}
}

int main(int argc, char **argv)
{
	unsigned n = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 20000;
	char *home = make_folder();
	g_autofree char *folder = g_build_filename(home, "certs", NULL);
	GBytes **der;

	g_setenv("XDG_DATA_HOME", home, TRUE);
	g_setenv("XDG_CONFIG_HOME", home, TRUE);
	der = make_all(folder, MAX(n, CHANGED * 7));
	bench(home, folder, der, n);
	for (unsigned i = 0; i < n; i++)
		g_bytes_unref(der[i]);
	g_free(der);
	make_folder_gone(home);
	return 0;
}
