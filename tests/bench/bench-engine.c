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

int main(void)
{
	g_autoptr(settings) settings = settings_load("/dev/null");

	bench(settings, 100000);
	bench(settings, 1000000);
	return 0;
}
