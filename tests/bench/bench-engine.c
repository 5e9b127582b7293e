/*
 * bench-engine: what the worker does with a large state: taking it in, publishing it when
 * nothing, a job or a store changed, and letting it go.  Prints a table; judges nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "../model/columns.h"
#include "engine/own.h"

#define STORES 500
#define ROUNDS 21

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void say(const char *what, double *ms, int n, double target)
{
	qsort(ms, (size_t)n, sizeof(ms[0]), by_value);
	printf("  %-34s %9.2f %9.2f %9.0f %s\n", what, ms[n / 2], ms[n - 1], target,
	       ms[n / 2] <= target ? "" : "over");
}

static double publish_now(struct engine *e)
{
	double start = now_ms();

	e->is_changed = true;
	publish(e, e->next_publish);
	return now_ms() - start;
}

static void put_table(struct engine *e, uint32_t store, uint64_t seed, uint32_t rows)
{
	struct columns_shape shape = { STORES, rows, 1u << 30, 1 };
	struct dice d = { seed };
	struct store *s = columns_store(store);

	g_hash_table_replace(e->known.tables, g_strdup(s->id),
			     columns_table(e->known.words, s->id, &d, &shape, rows));
	shelf_put(e->known.shelf[KIND_STORES], s);
	e->known.tables_changed = true;
}

static void bench(const struct settings *settings, uint32_t certs)
{
	struct engine_config config = { .settings = settings, .is_memory_only = true };
	struct engine *e = engine_open(&config, NULL);
	double ms[ROUNDS], start;

	for (uint32_t i = 0; i < STORES; i++)
		put_table(e, i, i + 1, certs / STORES);
	printf("%u certificates in %d stores\n", certs, STORES);
	printf("  %-34s %9s %9s %9s\n", "milliseconds", "median", "worst", "target");
	ms[0] = publish_now(e);
	say("the first publication", ms, 1, 1000);
	for (int i = 0; i < ROUNDS; i++)
		ms[i] = publish_now(e);
	say("nothing changed", ms, ROUNDS, 1);
	for (int i = 0; i < ROUNDS; i++) {
		struct job *j = job_new((uint64_t)i % 3 + 1);

		shelf_put(e->known.shelf[KIND_JOBS], j);
		ms[i] = publish_now(e);
	}
	say("a job changed", ms, ROUNDS, 1);
	for (int i = 0; i < ROUNDS; i++) {
		struct store *s = columns_store((uint32_t)i);

		s->state = STORE_READING;
		shelf_put(e->known.shelf[KIND_STORES], s);
		ms[i] = publish_now(e);
	}
	say("a store's state changed", ms, ROUNDS, 1);
	for (int i = 0; i < ROUNDS; i++) {
		put_table(e, (uint32_t)i * 20 + 7, (uint64_t)i + 9999, certs / STORES);
		ms[i] = publish_now(e);
	}
	say("a store is all new", ms, ROUNDS, 30);
	printf("  %-34s %9u\n", "domains", (unsigned)shelf_count(e->known.shelf[KIND_DOMAINS]));
	start = now_ms();
	engine_stop(e);
	ms[0] = now_ms() - start;
	say("leaving", ms, 1, 20);
}

/* From the configuration file to the first snapshot with everything in it. */
static double open_with(const char *path)
{
	double start = now_ms(), ms;
	g_autoptr(settings) settings = settings_load(path);
	struct engine_config config = { .settings = settings, .is_memory_only = true };
	struct engine *e = engine_open(&config, NULL);

	engine_start(e, NULL);
	snapshot_unref(engine_wait_loaded(e));
	ms = now_ms() - start;
	engine_stop(e);
	return ms;
}

#define ACCOUNTS 200

/* As people have them, with a number at each #. */
static const char *const accounts[] = {
	"[account aws-#]\nprovider=aws\naccess-key=AKIAIOSFODNN7EXAMPLE\nsecret-key=keyring\n"
	"role=arn:aws:iam::111122223333:role/r#\nregions=eu-north-1, us-east-1\n",
	"[account azure-#]\nprovider=azure\nfrom=client-secret\ntenant=t#.example\n"
	"client-id=11111111-2222-3333-4444-555555555555\nclient-secret=keyring\n",
	"[account vault-#]\nprovider=vault\naddress=https://vault#.example:8200\nauth=approle\n"
	"role-id=one\nsecret-id=file\nnamespace=team/web\nread-only=yes\n",
	"[account keyfactor-#]\nprovider=keyfactor\nhost=command#.example\nauth=oauth\n"
	"client-id=certty\nclient-secret=command: pass show kf\n"
	"token-url=https://id.example/token\n",
	"[account akamai-#]\nprovider=akamai\nhost=akab-#.luna.akamaiapis.net\n"
	"client-token=akab-c\naccess-token=akab-a\nclient-secret=keyring\n",
	"[account sectigo-#]\nprovider=sectigo\nlogin=robot#\ncustomer-uri=uni\n"
	"password=keyring\nproxy=http://proxy.example:3128\n",
};

static void add_account(GString *text, size_t i)
{
	g_autoptr(GString) one = g_string_new(accounts[i % G_N_ELEMENTS(accounts)]);
	g_autofree char *number = g_strdup_printf("%zu", i);

	g_string_replace(one, "#", number, 0);
	g_string_append(text, one->str);
}

static void bench_accounts(void)
{
	g_autofree char *folder = g_dir_make_tmp("certty-bench-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "certty.conf", NULL);
	g_autoptr(GString) text = g_string_new("[local]\nfolders=/nowhere\n");
	double without[ROUNDS], with[ROUNDS];

	g_file_set_contents(path, text->str, -1, NULL);
	for (int i = 0; i < ROUNDS; i++)
		without[i] = open_with(path);
	for (size_t i = 0; i < ACCOUNTS; i++)
		add_account(text, i);
	g_file_set_contents(path, text->str, -1, NULL);
	for (int i = 0; i < ROUNDS; i++)
		with[i] = open_with(path);
	unlink(path);
	rmdir(folder);
	printf("opening\n");
	printf("  %-34s %9s %9s %9s\n", "milliseconds", "median", "worst", "target");
	say("without accounts", without, ROUNDS, 20);
	say("with 200 accounts", with, ROUNDS, without[ROUNDS / 2] + 20);
}

int main(void)
{
	g_autoptr(settings) settings = settings_load("/dev/null");

	bench_accounts();
	bench(settings, 100000);
	bench(settings, 1000000);
	return 0;
}
