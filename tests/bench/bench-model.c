/*
 * bench-model: how long joining, sorting, searching and loading take, and what it all weighs,
 * at 100,000 and 1,000,000 certificates in 500 stores.  Prints a table; judges nothing.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <certty/model/query.h>

#include "../model/columns.h"

#define STORES 500
#define ROUNDS 9

struct bench {
	struct intern *words;
	struct snapshot *s;
	struct table **tables;
	uint32_t *order;
	uint64_t *bits, *before;
};

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

static void say(const char *what, double *ms, double target)
{
	qsort(ms, ROUNDS, sizeof(ms[0]), by_value);
	printf("  %-34s %9.2f %9.2f", what, ms[ROUNDS / 2], ms[ROUNDS - 1]);
	if (target > 0)
		printf(" %9.0f %s\n", target, ms[ROUNDS / 2] <= target ? "" : "over");
	else
		printf("\n");
}

static long resident(void)
{
	long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (!f || fscanf(f, "%*d %ld", &pages) != 1)
		pages = 0;
	if (f)
		fclose(f);
	return pages * sysconf(_SC_PAGESIZE);
}

/* ---- what is measured ---- */

static void bench_memory(const struct bench *b)
{
	const struct certs *c = b->s->certs;
	double tables = 0, index;

	for (uint32_t t = 0; t < c->n_tables; t++)
		tables += (double)malloc_usable_size(c->table[t]) +
			  (double)(c->table[t]->n_issuers + c->table[t]->n_subjects) * 4;
	index = (double)c->n * 4.0 * 2 + c->n / 8.0 + (double)c->n_places * 4 +
		(double)(c->n_places - c->n) * 4 + (double)c->n_slots * 4;
	malloc_trim(0);
	printf("  %-34s %9.1f bytes a certificate\n", "tables", tables / c->n);
	printf("  %-34s %9.1f\n", "certs and permutation", index / c->n);
	printf("  %-34s %9.1f\n", "both", (tables + index) / c->n);
	printf("  %-34s %9.1f\n", "resident, whole process",
	       (double)resident() / c->n);
}

static void bench_join(struct bench *b, double scratch, double change)
{
	double fresh_ms[ROUNDS], change_ms[ROUNDS];
	struct columns_shape shape = { STORES, 0, 1u << 30, 1 };
	uint32_t rows = b->tables[0]->n;

	for (int i = 0; i < ROUNDS; i++) {
		double start = now_ms();
		g_autoptr(certs) fresh = certs_new(NULL, b->tables, STORES, b->words);

		fresh_ms[i] = now_ms() - start;
	}
	for (int i = 0; i < ROUNDS; i++) {
		struct dice d = { (uint64_t)i + 99 };
		uint32_t at = (uint32_t)i * 50 + 7;
		struct table *old = b->tables[at];
		double start;
		struct certs *c;

		b->tables[at] = columns_table(b->words, old->store, &d, &shape, rows);
		start = now_ms();
		c = certs_new(b->s->certs, b->tables, STORES, b->words);
		change_ms[i] = now_ms() - start;
		certs_unref(c);
		table_unref(b->tables[at]);
		b->tables[at] = old;
	}
	say("certs_new from scratch", fresh_ms, scratch);
	say("certs_new, one store all new", change_ms, change);
}

static void bench_sort(struct bench *b, double target)
{
	static const char *const names[CERTS_ORDER_COUNT] = {
		"sort by name",	 "sort by where",  "sort by issuer", "sort by key",
		"sort by expiry", "sort by life", "sort by places", "sort by marks",
		"sort by signature", "sort by issue date",
	};

	for (enum certs_order order = 0; order < CERTS_ORDER_COUNT; order++) {
		double ms[ROUNDS];

		for (int i = 0; i < ROUNDS; i++) {
			double start = now_ms();

			certs_sort(b->s->certs, b->s->kind[KIND_STORES], order, i % 2,
				   COLUMNS_NOW, NULL, b->order);
			ms[i] = now_ms() - start;
		}
		say(names[order], ms, target);
	}
}

static void bench_query(struct bench *b, const char *text, double target)
{
	double ms[ROUNDS];
	g_autofree char *what = NULL;
	uint32_t n = 0;

	for (int i = 0; i < ROUNDS; i++) {
		double start = now_ms();
		g_autoptr(query) q = query_parse(text, NULL);

		n = query_certs(q, b->s, COLUMNS_NOW, NULL, b->bits);
		ms[i] = now_ms() - start;
	}
	what = g_strdup_printf("%s  (%u)", text, n);
	say(what, ms, target);
}

/* One key of typing: the filter up to len, within what the one before left. */
static double type_key(struct bench *b, const char *text, size_t len)
{
	g_autofree char *typed = g_strndup(text, len), *shorter = g_strndup(text, len - 1);
	double start = now_ms();
	g_autoptr(query) q = query_parse(typed, NULL), was = query_parse(shorter, NULL);
	bool narrows = len > 1 && query_narrows(q, was);
	uint64_t *swap = b->bits;

	query_certs(q, b->s, COLUMNS_NOW, narrows ? b->before : NULL, b->bits);
	b->bits = b->before;
	b->before = swap;
	return now_ms() - start;
}

/* Each key's median over the rounds; then the slowest key. */
static void bench_typing(struct bench *b, const char *text, double target)
{
	g_autofree char *what = g_strdup_printf("slowest key of: %.20s", text);
	double (*ms)[ROUNDS] = g_malloc(strlen(text) * sizeof(*ms));
	size_t slowest = 0;

	for (int i = 0; i < ROUNDS; i++)
		for (size_t len = 1; len <= strlen(text); len++)
			ms[len - 1][i] = type_key(b, text, len);
	for (size_t key = 0; key < strlen(text); key++) {
		qsort(ms[key], ROUNDS, sizeof(double), by_value);
		if (ms[key][ROUNDS / 2] > ms[slowest][ROUNDS / 2])
			slowest = key;
	}
	say(what, ms[slowest], target);
	g_free(ms);
}

static void bench_pack(struct bench *b, double target)
{
	double pack_ms[ROUNDS], unpack_ms[ROUNDS];
	g_autofree GBytes **blobs = g_new(GBytes *, STORES);
	g_autofree struct table **back = g_new(struct table *, STORES);

	for (int i = 0; i < ROUNDS; i++) {
		double start = now_ms();

		for (uint32_t t = 0; t < STORES; t++)
			blobs[t] = table_pack(b->tables[t], b->words);
		pack_ms[i] = now_ms() - start;
		start = now_ms();
		for (uint32_t t = 0; t < STORES; t++)
			back[t] = table_unpack(b->tables[t]->store, blobs[t], b->words, NULL, NULL);
		unpack_ms[i] = now_ms() - start;
		for (uint32_t t = 0; t < STORES; t++) {
			table_unref(back[t]);
			g_bytes_unref(blobs[t]);
		}
	}
	say("table_pack, all stores", pack_ms, 0);
	say("table_unpack, all stores", unpack_ms, target);
}

static void bench_first_page(struct bench *b)
{
	struct first_rows rows[KIND_COUNT] = { 0 };
	double pack_ms[ROUNDS], unpack_ms[ROUNDS];

	rows[KIND_CERTS] = (struct first_rows){ b->s->certs->by_name, 70 };
	rows[KIND_STORES] = rows[KIND_CERTS];
	for (int i = 0; i < ROUNDS; i++) {
		double start = now_ms();
		g_autoptr(GBytes) bytes = snapshot_pack_first_page(b->s, rows);
		g_autoptr(snapshot) back = NULL;
		struct intern *words;

		pack_ms[i] = now_ms() - start;
		words = intern_new();
		start = now_ms();
		back = snapshot_unpack_first_page(bytes, words, NULL);
		unpack_ms[i] = now_ms() - start;
		g_clear_pointer(&back, snapshot_unref);
		intern_free(words);
	}
	say("first page of 70 rows: pack", pack_ms, 0);
	say("first page of 70 rows: unpack", unpack_ms, 1);
}

static void bench_estate(uint32_t rows, double sort, double query, double scratch,
			 double change, double unpack)
{
	static const char *const queries[] = {
		"e", "example", "qxzwvkjy", "prod.example.dx", "issuer:\"ca 17\"", "store:12",
		"in:prod", "label:blue", "state:expired", "key:4096", "exp<30d", "life>66%",
		"weak-key", "unknown-issuer", "!shop", "shop store:1 exp<90d !sha1",
	};
	struct columns_shape shape = { STORES, rows, 1u << 30, 1 };
	struct bench b = { .words = intern_new(), .tables = g_new(struct table *, STORES) };

	b.s = columns_snapshot(b.words, 1, &shape, b.tables);
	b.order = g_new(uint32_t, b.s->certs->n);
	b.bits = g_new0(uint64_t, b.s->certs->n / 64 + 1);
	b.before = g_new0(uint64_t, b.s->certs->n / 64 + 1);
	printf("%u certificates in %d stores\n", b.s->certs->n, STORES);
	bench_memory(&b);
	printf("  %-34s %9s %9s %9s\n", "milliseconds", "median", "worst", "target");
	bench_join(&b, scratch, change);
	bench_sort(&b, sort);
	for (size_t i = 0; i < G_N_ELEMENTS(queries); i++)
		bench_query(&b, queries[i], query);
	bench_typing(&b, "shop-12.example", query);
	bench_typing(&b, "issuer:example state:exp weak-key !x", query);
	bench_pack(&b, unpack);
	bench_first_page(&b);
	snapshot_unref(b.s);
	columns_tables_free(b.tables, STORES);
	intern_free(b.words);
	g_free(b.order);
	g_free(b.bits);
	g_free(b.before);
}

/* Each estate in a process of its own, so that what it weighs is its own. */
static void in_child(uint32_t rows, double sort, double query, double scratch, double change,
		     double unpack)
{
	pid_t child;
	int status = 1;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		bench_estate(rows, sort, query, scratch, change, unpack);
		fflush(stdout);
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0 || status)
		exit(1);
}

int main(void)
{
	in_child(200, 10, 5, 40, 5, 50);
	in_child(2000, 100, 30, 300, 15, 150);
	return 0;
}
