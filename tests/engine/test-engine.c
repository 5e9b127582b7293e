/*
 * The two threads: the queue, the hand-over of snapshots, leaving at any moment, resting.
 */
#include <dlfcn.h>
#include <dirent.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rig.h"

#define CASE(path, f) g_test_add_func("/engine/engine/" path, f)
#define SLOW "slow.certty.test"

/* Sanitizers are several times slower and have threads of their own that wake up. */
#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
	__has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define IS_SANITIZED true
#else
#define IS_SANITIZED false
#endif
#define LEAVE_MS 50

/* A resolver that never answers for SLOW.  curl's threads call this one. */
static int never[2];
static atomic_int resolving;

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
		struct addrinfo **ret)
{
	typeof(getaddrinfo) *real;
	char byte;

	if (name && g_str_equal(name, SLOW)) {
		int fd = never[0];	/* the next try has another */

		atomic_fetch_add(&resolving, 1);
		if (read(fd, &byte, 1) <= 0)
			return EAI_AGAIN;
	}
	*(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
	return real(name, service, hints, ret);
}

static bool is_slowed_down(void)
{
	return IS_SANITIZED || getenv("TEST_WRAPPER");
}

/* How long leaving took, in milliseconds; the folder is removed. */
typedef double leave_fn(void);

/* Others are at work on this machine too: one of three times must be quick enough. */
static void assert_leaves(leave_fn *leave)
{
	double best = 1e9;

	for (int i = 0; i < 3 && best > LEAVE_MS; i++)
		best = MIN(best, leave());
	g_test_message("left in %.1f ms", best);
	if (!is_slowed_down())
		g_assert_cmpfloat(best, <=, LEAVE_MS);
}

static double stop_and_remove(struct rig *r)
{
	double ms = rig_stop_ms(r);

	rig_done(r);
	return ms;
}

/* ---- the queue ---- */

static void busy(void)
{
	struct rig r;
	uint64_t last = 0;
	int taken = 0;

	rig_init(&r, "one rows:1");
	r.e = engine_open(&r.config, NULL);	/* nobody takes from the queue yet */
	for (int i = 0; i < ENGINE_QUEUE + 5; i++) {
		uint64_t number = engine_submit(r.e, rig_command(VERB_LABEL, "one"));

		g_assert_true(!number || number > last);
		taken += number != 0;
		last = MAX(last, number);
	}
	g_assert_cmpint(taken, ==, ENGINE_QUEUE);
	g_assert_true(engine_start(r.e, NULL));
	job_unref(rig_wait(&r, last));
	job_unref(rig_wait(&r, rig_submit(&r, VERB_LABEL, "one")));	/* there is room again */
	rig_done(&r);
}

static void in_order(void)
{
	struct rig r;
	uint64_t last = 0;
	g_autoptr(store) s = NULL;

	rig_init(&r, "one rows:1");
	rig_start(&r);
	for (int i = 0; i < 400; i++) {
		struct command *c = rig_command(VERB_LABEL, "one");
		g_autofree char *name = g_strdup_printf("c%d", i);

		args_set(c->args, "container", name);
		last = engine_submit(r.e, c);
		g_assert_cmpuint(last, !=, 0);
	}
	job_unref(rig_wait(&r, last));
	s = rig_store(&r, "one");
	g_assert_cmpstr(s->container, ==, "c399");
	rig_done(&r);
}

/* ---- snapshots ---- */

static void latest_wins(void)
{
	struct rig r;
	struct snapshot *held[64], *s;
	uint64_t last = 0;

	rig_init(&r, "one rows:1");
	rig_start(&r);
	for (size_t i = 0; i < G_N_ELEMENTS(held); i++) {
		job_unref(rig_refresh(&r, "one"));
		held[i] = snapshot_ref(r.e->last);
		g_assert_cmpuint(held[i]->number, >, last);
		last = held[i]->number;
	}
	/* Nothing is newer; what was held says what it said. */
	while ((s = engine_take(r.e)))
		engine_give_back(r.e, s);
	g_assert_cmpuint(held[0]->number, <, held[1]->number);
	for (size_t i = 0; i < G_N_ELEMENTS(held); i++)
		engine_give_back(r.e, held[i]);
	/* Some nobody takes. */
	for (int i = 0; i < 300; i++)
		rig_submit(&r, VERB_REFRESH, "one");
	rig_done(&r);
}

static bool has_page(const struct snapshot *s, const void *what)
{
	(void)what;
	return s->certs->n == 3;
}

static void first_page(void)
{
	struct rig r;
	struct first_rows rows[KIND_COUNT] = { 0 };
	uint32_t two[] = { 0, 1 };
	g_autofree char *filter = NULL, *none = NULL;

	rig_init(&r, "one rows:3");
	rig_start(&r);
	g_assert_null(engine_first_page(r.e));
	job_unref(rig_refresh(&r, "one"));
	rig_wait_until(&r, has_page, NULL);
	rows[KIND_CERTS] = (struct first_rows){ two, 2 };
	engine_keep_page(r.e, snapshot_pack_first_page(r.e->last, rows));
	engine_remember(r.e, "filter", "exp<30d");
	rig_stop(&r);		/* what waits in the queue is kept all the same */
	r.e = engine_open(&r.config, NULL);
	{
		g_autoptr(snapshot) page = engine_first_page(r.e);

		g_assert_nonnull(page);
		g_assert_true(page->is_first_page);
		g_assert_cmpuint(page->certs->n, ==, 2);
		g_assert_cmpuint(page->count[KIND_CERTS], ==, 3);
	}
	filter = engine_recall(r.e, "filter");
	none = engine_recall(r.e, "other");
	g_assert_cmpstr(filter, ==, "exp<30d");
	g_assert_null(none);
	rig_done(&r);
}

/* ---- leaving ---- */

static double leave_requests(void)
{
	struct rig r;

	rig_init(&r, "one each:64:/never-g;two each:64:/gate");
	rig_set(&r, "refresh", "parallel", "64");
	rig_start(&r);
	rig_submit(&r, VERB_REFRESH, "two");
	server_wait_held(r.server, 64);
	return stop_and_remove(&r);
}

static void leave_with_requests(void)
{
	assert_leaves(leave_requests);
}

static double leave_resolver(void)
{
	int64_t until = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
	struct rig r;
	double ms;

	atomic_store(&resolving, 0);
	rig_init(&r, "one url:https://" SLOW "/;two each:30:/gate");
	g_assert_cmpint(pipe(never), ==, 0);
	rig_start(&r);
	rig_submit(&r, VERB_REFRESH, NULL);
	server_wait_held(r.server, 16);
	while (!atomic_load(&resolving)) {
		g_assert_cmpint(g_get_monotonic_time(), <, until);
		poll(NULL, 0, 1);
	}
	ms = stop_and_remove(&r);
	close(never[1]);
	return ms;
}

static void leave_while_resolving(void)
{
	assert_leaves(leave_resolver);
}

static double leave_works(void)
{
	struct rig r;
	g_autoptr(GString) list = g_string_new("s0 gated");
	double ms;

	for (int i = 1; i < 40; i++)
		g_string_append_printf(list, ";s%d gated", i);
	rig_init(&r, list->str);
	rig_start(&r);
	rig_submit(&r, VERB_REFRESH, NULL);
	rig_wait_works((int)pool_threads(r.e->pool));
	ms = stop_and_remove(&r);
	rig_wait_works(0);	/* told to stop, they end by themselves */
	return ms;
}

static void leave_with_works(void)
{
	assert_leaves(leave_works);
}

/* Never started, or with all orders still waiting. */
static double leave_orders(void)
{
	struct rig r;

	rig_init(&r, "one rows:1");
	r.e = engine_open(&r.config, NULL);
	rig_stop(&r);
	rig_start(&r);
	for (int i = 0; i < 100; i++)
		rig_submit(&r, VERB_REFRESH, "one");
	return stop_and_remove(&r);
}

static void leave_at_once(void)
{
	assert_leaves(leave_orders);
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Somewhere in it, and nothing of it is lost. */
static void leave_while_loading(void)
{
	struct rig r;
	g_autoptr(GString) list = g_string_new("s0 rows:100");
	double ms[21];

	for (int i = 1; i < 100; i++)
		g_string_append_printf(list, ";s%d rows:100", i);
	rig_init(&r, list->str);
	rig_start(&r);
	job_unref(rig_do(&r, command_new(VERB_REFRESH, NULL)));
	rig_stop(&r);
	for (size_t i = 0; i < G_N_ELEMENTS(ms); i++) {
		r.e = engine_open(&r.config, NULL);
		g_assert_true(engine_start(r.e, NULL));
		poll(NULL, 0, (int)i);
		ms[i] = rig_stop_ms(&r);
	}
	qsort(ms, G_N_ELEMENTS(ms), sizeof(ms[0]), by_value);
	if (!is_slowed_down())
		g_assert_cmpfloat(ms[G_N_ELEMENTS(ms) / 2], <=, LEAVE_MS);
	rig_start(&r);
	g_assert_cmpuint(r.e->last->certs->n, ==, 100 * 100);
	rig_done(&r);
}

/* ---- resting ---- */

/* Of all threads: how often they gave the processor away, that is, woke up again. */
static long count_waits(void)
{
	DIR *dir = opendir("/proc/self/task");
	struct dirent *entry;
	long sum = 0;

	while ((entry = readdir(dir))) {
		g_autofree char *path = g_strdup_printf("/proc/self/task/%s/status",
							entry->d_name);
		g_autofree char *text = NULL;
		const char *line;

		if (!g_ascii_isdigit(*entry->d_name) || atoi(entry->d_name) == getpid() ||
		    !g_file_get_contents(path, &text, NULL, NULL))
			continue;
		line = strstr(text, "\nvoluntary_ctxt_switches:");
		sum += line ? strtol(strchr(line, ':') + 1, NULL, 10) : 0;
	}
	closedir(dir);
	return sum;
}

static void rests(void)
{
	struct rig r;
	long before, after;
	int rounds = 0;

	if (is_slowed_down()) {
		g_test_skip("whoever watches wakes up as well");
		return;
	}
	rig_init(&r, "one rows:5 get:/ok");
	r.config.refreshes_itself = true;
	rig_start(&r);
	job_unref(rig_refresh(&r, "one"));
	do {		/* the last publication, and what its writing rang */
		before = count_waits();
		poll(NULL, 0, 1000);
		after = count_waits();
	} while (after != before && ++rounds < 4);
	g_assert_cmpint(after, ==, before);
	rig_done(&r);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("busy", busy);
	CASE("in-order", in_order);
	CASE("latest-wins", latest_wins);
	CASE("first-page", first_page);
	CASE("leave-with-requests", leave_with_requests);
	CASE("leave-while-resolving", leave_while_resolving);
	CASE("leave-with-works", leave_with_works);
	CASE("leave-while-loading", leave_while_loading);
	CASE("leave-at-once", leave_at_once);
	CASE("rests", rests);
	return g_test_run();
}
