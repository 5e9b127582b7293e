/*
 * Pace: buckets by themselves, second by second, and an operation whose server wants less.
 */
#include <sched.h>
#include <string.h>

#include <certty/base/clock.h>

#include "rig.h"

#define CASE(path, f) g_test_add_func("/engine/pace/" path, f)
#define SECOND	      INT64_C(1000000)

/* ---- buckets ---- */

static struct bucket *find(GHashTable *all, const char *sort, double rate, unsigned burst)
{
	const struct pace p = { .sort = (char *)sort, .rate = rate, .burst = burst };

	return pace_find(all, "prod", &p, 0);
}

/* How many may be sent from that second on, up to the second `until`. */
static int sent(struct bucket *b, int64_t from, int64_t until)
{
	int n = 0;

	for (int64_t t = from * SECOND; (t = pace_due(b, t)) < until * SECOND; n++)
		pace_take(b, t);
	return n;
}

static void rates(void)
{
	g_autoptr(GHashTable) all = pace_all_new();
	struct bucket *b = find(all, "acm eu-north-1 ListCertificates", 5, 10);
	struct bucket *slow = find(all, "slow", 0.5, 0);

	g_assert_null(find(all, NULL, 5, 10));
	g_assert_null(find(all, "free", 0, 1));
	g_assert_cmpint(sent(b, 0, 1), ==, 14);
	g_assert_cmpint(sent(b, 1, 10), ==, 45);
	g_assert_cmpint(sent(b, 100, 101), ==, 14);	/* never more than the burst at once */
	g_assert_cmpint(sent(slow, 0, 10), ==, 5);
	g_assert_cmpint(pace_due(slow, 10 * SECOND), >, 0);
	g_assert_true(find(all, "acm eu-north-1 ListCertificates", 5, 10) == b);
	g_assert_true(find(all, "acm eu-north-2 ListCertificates", 5, 10) != b);
	g_assert_null(pace_say(b, 200 * SECOND));
}

/* Another account's is another bucket. */
static void accounts(void)
{
	g_autoptr(GHashTable) all = pace_all_new();
	const struct pace p = { .sort = (char *)"x", .rate = 1, .burst = 1 };
	struct bucket *one = pace_find(all, "one", &p, 0), *two = pace_find(all, "two", &p, 0);

	pace_take(one, 0);
	g_assert_cmpint(pace_due(one, 0), >, 0);
	g_assert_cmpint(pace_due(two, 0), ==, 0);
}

static void assert_said(struct bucket *b, int64_t second, const char *said)
{
	g_autofree char *text = pace_say(b, second * SECOND);

	g_assert_cmpstr(text, ==, said);
}

static void slower(void)
{
	g_autoptr(GHashTable) all = pace_all_new();
	struct bucket *b = find(all, "acm eu-north-1 ListCertificates", 4, 4);
	int n;

	pace_slow_down(b, 9 * SECOND, 10 * SECOND);
	assert_said(b, 10, "ACM in eu-north-1 lets through 2 a second of ListCertificates");
	g_assert_cmpint(sent(b, 10, 20), ==, 19);	/* what it held is gone */
	pace_slow_down(b, 10 * SECOND, 20 * SECOND);	/* sent before: nothing new */
	assert_said(b, 20, "ACM in eu-north-1 lets through 2 a second of ListCertificates");
	pace_slow_down(b, 19 * SECOND, 20 * SECOND);
	assert_said(b, 20, "ACM in eu-north-1 lets through 1 a second of ListCertificates");
	g_assert_cmpint(sent(b, 20, 79), ==, 58);
	assert_said(b, 79, "ACM in eu-north-1 lets through 1 a second of ListCertificates");
	n = sent(b, 100, 110);				/* it creeps back */
	g_assert_cmpint(n, >, 15);
	g_assert_cmpint(n, <, 25);
	assert_said(b, 300, NULL);
	g_assert_cmpint(sent(b, 400, 410), ==, 43);
}

static void never_stands_still(void)
{
	g_autoptr(GHashTable) all = pace_all_new();
	struct bucket *b = find(all, "a b", 2, 1);

	for (int i = 1; i <= 1000; i++)
		pace_slow_down(b, i * SECOND, i * SECOND + 1);
	assert_said(b, 1001, "A lets through 6 a minute of b");
	g_assert_cmpint(pace_due(b, 1001 * SECOND), <=, 1011 * SECOND);
	/* A rate that was made smaller meanwhile holds at once. */
	b = find(all, "a b", 0.01, 1);
	assert_said(b, 1001, "A lets through 0.6 a minute of b");
}

/* No more than so many in any span, however they lie. */
static void spans(void)
{
	const struct pace p = { .sort = (char *)"cps calls", .rate = 35.0 / 60, .burst = 18, .most = 35,
				.per = 60 };
	g_autoptr(GHashTable) all = pace_all_new();
	g_autoptr(GArray) when = g_array_new(FALSE, FALSE, sizeof(int64_t));
	struct bucket *b = pace_find(all, "prod", &p, 0);

	for (int64_t t = 0; (t = pace_due(b, t)) < 600 * SECOND;) {
		pace_take(b, t);
		g_array_append_val(when, t);
	}
	g_assert_cmpint(when->len, ==, 350);
	for (guint i = 35; i < when->len; i++)
		g_assert_cmpint(g_array_index(when, int64_t, i) - g_array_index(when, int64_t, i - 35), >=,
				60 * SECOND);
	g_assert_cmpint(pace_takes(b, 350), >=, 590);
	g_assert_cmpint(pace_takes(b, 350), <=, 605);
}

/* What one was told holds for all of its sort. */
static void closes(void)
{
	g_autoptr(GHashTable) all = pace_all_new();
	struct bucket *b = find(all, "cps calls", 2, 4);

	pace_close(b, 30 * SECOND);
	pace_close(b, 20 * SECOND);
	g_assert_cmpint(pace_due(b, 10 * SECOND), ==, 30 * SECOND);
	assert_said(b, 10, "CPS is asked too often, perhaps by others as well; nothing is sent for 20 s");
	assert_said(b, 30, NULL);
	g_assert_cmpint(sent(b, 30, 31), ==, 5);
}

/* ---- operations ---- */

static bool is_slow(const struct snapshot *s, const void *what)
{
	const struct items *jobs = s->kind[KIND_JOBS];

	(void)what;
	for (size_t i = 0; i < jobs->n; i++) {
		const struct job *j = jobs->item[i];

		if (j->state == JOB_RUNNING && j->said && strstr(j->said, "lets through"))
			return true;
	}
	return false;
}

#define TURNS 4		/* from a request that may go to where it is sent, and from a reply to what follows */

static void turn(struct rig *r)
{
	for (int i = 0; i < TURNS; i++) {
		rig_submit(r, VERB_SHOW, "none");	/* rings */
		while (atomic_load(&r->e->waiting))
			sched_yield();
	}
}

/* Time stands still while anything is on its way, however slow this machine is. */
static void settle(struct rig *r)
{
	int asked;

	do {
		asked = server_asked(r->server);
		turn(r);
		server_catch_up(r->server);
		turn(r);
	} while (server_asked(r->server) != asked);
}

/* Time goes on by a second when nothing more happens in it; how many seconds it took. */
static struct job *pass(struct rig *r, uint64_t number, int64_t *when, bool *ret_was_slow)
{
	struct job *j = NULL;
	int64_t began = *when;

	while (!j || !job_is_over(j)) {
		g_assert_cmpint(*when - began, <, 3000);
		settle(r);
		clock_set(++*when);
		turn(r);
		snapshot_unref(engine_wait_for(r->e, number, 1, NULL, NULL));
		*ret_was_slow |= is_slow(r->e->last, NULL);
		job_unref(j);
		j = rig_job(r, number);
	}
	return j;
}

static struct job *refresh_from(struct rig *r, const char *store, int64_t when, int64_t *ret_took,
				bool *ret_was_slow)
{
	int64_t now = when;
	struct job *j;

	*ret_was_slow = false;
	clock_set(now);
	j = pass(r, rig_submit(r, VERB_REFRESH, store), &now, ret_was_slow);
	*ret_took = now - when;
	return j;
}

/* Twenty at two a second, of which one may be sent at once. */
static void is_kept(void)
{
	struct rig r;
	g_autoptr(job) j = NULL;
	int64_t took;
	bool was_slow;

	rig_init(&r, "one pace:2:1 each:20:/ok");
	rig_start(&r);
	j = refresh_from(&r, "one", clock_now(), &took, &was_slow);
	clock_set(0);
	g_assert_cmpint(j->state, ==, JOB_DONE);
	g_assert_cmpint(took, >=, 9);
	g_assert_false(was_slow);
	g_assert_cmpint(server_asked(r.server), ==, 20);
	rig_done(&r);
}

/* Turned away eleven times, and still it comes to its end, and says why it takes so long. */
static void goes_on(void)
{
	struct rig r;
	g_autoptr(job) j = NULL;
	int64_t took;
	bool was_slow;

	rig_init(&r, "one pace:4:4 get:/much/11 rows:1 say:done");
	rig_start(&r);
	j = refresh_from(&r, "one", clock_now(), &took, &was_slow);
	clock_set(0);
	g_assert_cmpstr(j->said, ==, "done");
	g_assert_cmpint(server_asked(r.server), ==, 12);
	g_assert_true(was_slow);
	rig_done(&r);
}

/* Turned away without a word of how long: none of the sort is sent for a while. */
static void pauses(void)
{
	struct rig r;
	g_autoptr(job) j = NULL;
	int64_t took;
	bool was_slow;

	rig_init(&r, "one pace:4:4:60 get:/much/1 each:3:/ok rows:1 say:done");
	rig_start(&r);
	j = refresh_from(&r, "one", clock_now(), &took, &was_slow);
	clock_set(0);
	g_assert_cmpstr(j->said, ==, "done");
	g_assert_cmpint(server_asked(r.server), ==, 5);
	g_assert_cmpint(took, >=, 60);
	g_assert_cmpint(took, <, 120);	/* looks, of which a slow machine takes more */
	rig_done(&r);
}

/* But not for ever: when nothing gets through, all that is left of it ends together. */
static void gives_up(void)
{
	struct rig r;
	g_autoptr(job) j = NULL, many = NULL;
	int64_t took;
	bool was_slow;

	rig_init(&r, "one pace:4:4 get:/much/100000;two pace:4:4 each:1000:/full rows:1");
	rig_start(&r);
	j = refresh_from(&r, "one", clock_now(), &took, &was_slow);
	g_assert_cmpint(j->state, ==, JOB_FAILED);
	g_assert_cmpint(took, >=, 120);
	g_assert_cmpint(took, <=, 160);
	many = refresh_from(&r, "two", clock_now(), &took, &was_slow);
	clock_set(0);
	g_assert_cmpint(many->state, ==, JOB_PARTLY);
	g_assert_cmpint(took, <=, 160);
	g_assert_cmpint(server_asked(r.server), <, 200);
	rig_done(&r);
}

/* One sort that has to wait keeps no other from being sent. */
static void others_pass(void)
{
	struct rig r;
	uint64_t slow, free;
	int64_t now = clock_now();
	g_autoptr(job) j = NULL, later = NULL;
	bool was_slow = false;

	rig_init(&r, "slow pace:0.1:1 each:3:/ok;free each:20:/ok say:free");
	rig_start(&r);
	clock_set(now);
	slow = rig_submit(&r, VERB_REFRESH, "slow");
	free = rig_submit(&r, VERB_REFRESH, "free");
	j = pass(&r, free, &now, &was_slow);
	later = rig_job(&r, slow);
	g_assert_cmpint(later->state, ==, JOB_RUNNING);
	job_unref(later);
	later = pass(&r, slow, &now, &was_slow);
	clock_set(0);
	g_assert_cmpint(later->state, ==, JOB_DONE);
	rig_done(&r);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("rates", rates);
	CASE("accounts", accounts);
	CASE("slower", slower);
	CASE("never-stands-still", never_stands_still);
	CASE("spans", spans);
	CASE("closes", closes);
	CASE("is-kept", is_kept);
	CASE("goes-on", goes_on);
	CASE("pauses", pauses);
	CASE("gives-up", gives_up);
	CASE("others-pass", others_pass);
	return g_test_run();
}
