/*
 * Operations: every sentence of a step, retries, limits, joining, cancelling, progress.
 */
#include <string.h>

#include "rig.h"

#define CASE(path, f) g_test_add_func("/engine/operation/" path, f)

static void assert_job(struct rig *r, const char *store, enum job_state state, const char *said)
{
	g_autoptr(job) j = rig_refresh(r, store);

	g_assert_cmpstr(job_state_word(j->state), ==, job_state_word(state));
	if (said)
		g_assert_cmpstr(j->said, ==, said);
}

static void assert_store(struct rig *r, const char *name, enum store_state state, uint32_t certs)
{
	g_autoptr(store) s = rig_store(r, name);

	g_assert_cmpint(s->state, ==, state);
	g_assert_cmpuint(s->certs, ==, certs);
}

/* ---- sentences ---- */

static void sentences(void)
{
	struct rig r;

	rig_init(&r, "plain rows:3 say:three;"
		     "sent get:/ok get:/ok rows:1 say:sent;"
		     "each each:100:/ok rows:2 say:each;"
		     "none each:0:/ok skip:5000 skip:1 say:none;"
		     "waits wait:0 wait:20 say:waited;"
		     "works work works:40 work say:worked;"
		     "odd odd:one rows:1 odd:two;"
		     "odds each:3:/500 rows:1;"
		     "fails rows:1 fail:because;"
		     "refused get:/500");
	rig_start(&r);
	assert_job(&r, "plain", JOB_DONE, "three");
	assert_store(&r, "plain", STORE_FINE, 3);
	assert_job(&r, "sent", JOB_DONE, "sent");
	assert_job(&r, "each", JOB_DONE, "each");
	assert_store(&r, "each", STORE_FINE, 2);
	assert_job(&r, "none", JOB_DONE, "none");
	assert_job(&r, "waits", JOB_DONE, "waited");
	assert_job(&r, "works", JOB_DONE, "worked");
	assert_job(&r, "odd", JOB_PARTLY, "one");
	assert_store(&r, "odd", STORE_PARTLY, 1);
	assert_job(&r, "odds", JOB_PARTLY, NULL);
	assert_job(&r, "fails", JOB_FAILED, "because");
	assert_store(&r, "fails", STORE_FAILED, 0);
	assert_job(&r, "refused", JOB_FAILED, "status 500");
	g_assert_cmpuint(r.e->last->certs->n, ==, 3 + 1 + 2 + 1 + 1);
	rig_done(&r);
}

/* A failed refresh keeps the rows of the one before. */
static void keeps_older_rows(void)
{
	struct rig r;

	rig_init(&r, "one rows:3 get:/torn-and-break fail:no");
	rig_start(&r);
	assert_job(&r, "one", JOB_FAILED, NULL);
	assert_store(&r, "one", STORE_FAILED, 0);
	rig_stop(&r);
	rig_set(&r, "local", "endpoints", "one rows:3;");
	rig_start(&r);
	assert_job(&r, "one", JOB_DONE, NULL);
	rig_stop(&r);
	rig_set(&r, "local", "endpoints", "one rows:9 fail:no;");
	rig_start(&r);
	assert_job(&r, "one", JOB_FAILED, "no");
	assert_store(&r, "one", STORE_FAILED, 3);
	g_assert_cmpuint(r.e->last->certs->n, ==, 3);
	rig_done(&r);
}

static void many_targets(void)
{
	struct rig r;
	struct command *c = command_new(VERB_REFRESH, NULL);
	g_autoptr(GString) list = g_string_new("s0 fail:no");
	g_autoptr(job) j = NULL;

	for (int i = 1; i < 300; i++)
		g_string_append_printf(list, ";s%d works:2 rows:1", i);
	rig_init(&r, list->str);
	rig_start(&r);
	j = rig_do(&r, c);		/* of all */
	g_assert_cmpint(j->state, ==, JOB_PARTLY);
	g_assert_cmpstr(j->said, ==, "1 of 300 failed: no");
	g_assert_cmpuint(j->done, ==, 300);
	g_assert_cmpuint(j->of, ==, 300);
	g_assert_cmpuint(r.e->last->certs->n, ==, 299);
	g_assert_cmpuint(r.e->last->stores_failed, ==, 1);
	rig_done(&r);
}

/* ---- retries ---- */

static void retries(void)
{
	struct rig r;

	rig_init(&r, "later get:/later say:ok;torn get:/torn say:ok;busy get:/busy;"
		     "never get:/never");
	rig_start(&r);
	assert_job(&r, "later", JOB_DONE, "ok");
	g_assert_cmpint(server_asked(r.server), ==, 2);
	assert_job(&r, "torn", JOB_DONE, "ok");
	g_assert_cmpint(server_asked(r.server), ==, 4);
	/* An hour is not waited for, and what may not be repeated is not. */
	assert_job(&r, "busy", JOB_FAILED, "status 429");
	assert_job(&r, "never", JOB_FAILED, NULL);
	g_assert_cmpint(server_asked(r.server), ==, 6);
	rig_done(&r);
}

/* ---- limits ---- */

static void per_store(void)
{
	struct rig r;
	uint64_t one;

	rig_init(&r, "one each:40:/gate");
	rig_set(&r, "refresh", "parallel", "5");
	rig_start(&r);
	one = rig_submit(&r, VERB_REFRESH, "one");
	server_wait_held(r.server, 5);
	server_open_gate(r.server);
	job_unref(rig_wait(&r, one));
	g_assert_cmpint(server_asked(r.server), ==, 40);
	g_assert_cmpint(server_most_held(r.server), ==, 5);
	rig_done(&r);
}

/* Ten stores of twenty each want 200 together: the account has 64. */
static void per_account(void)
{
	struct rig r;
	g_autoptr(GString) list = g_string_new("s0 each:20:/gate");
	uint64_t all;

	for (int i = 1; i < 10; i++)
		g_string_append_printf(list, ";s%d each:20:/gate", i);
	rig_init(&r, list->str);
	rig_set(&r, "refresh", "parallel", "20");
	rig_start(&r);
	all = rig_submit(&r, VERB_REFRESH, NULL);
	server_wait_held(r.server, 64);
	server_open_gate(r.server);
	job_unref(rig_wait(&r, all));
	g_assert_cmpint(server_asked(r.server), ==, 200);
	g_assert_cmpint(server_most_held(r.server), ==, 64);
	rig_done(&r);
}

/* Many large reads under way do not keep a single order waiting. */
static void single_orders_pass(void)
{
	struct rig r;
	g_autoptr(GString) list = g_string_new("s0 gated");
	struct command *label;
	g_autoptr(job) j = NULL;
	uint64_t all;

	for (int i = 1; i < 150; i++)
		g_string_append_printf(list, ";s%d gated", i);
	g_string_append(list, ";desk work");
	rig_init(&r, list->str);
	rig_start(&r);
	all = rig_submit(&r, VERB_REFRESH, NULL);
	rig_wait_works((int)pool_threads(r.e->pool));
	label = rig_command(VERB_IMPORT, "desk");
	args_set(label->args, "file", "/dev/null");
	j = rig_do(&r, label);
	g_assert_cmpint(j->state, ==, JOB_DONE);
	rig_open_gate();
	job_unref(rig_wait(&r, all));
	rig_done(&r);
}

/* ---- joining ---- */

static void joined(void)
{
	struct rig r;
	uint64_t one, two, three;
	g_autoptr(job) a = NULL, b = NULL, c = NULL;
	g_autofree char *id = NULL;

	rig_init(&r, "one get:/gate rows:1 say:once");
	rig_start(&r);
	one = rig_submit(&r, VERB_REFRESH, "one");
	server_wait_held(r.server, 1);
	two = rig_submit(&r, VERB_REFRESH, "one");
	three = rig_submit(&r, VERB_REFRESH, "one");
	/* The first to ask gives up; the others still wait for the same answer. */
	id = g_strdup_printf("%" G_GUINT64_FORMAT, one);
	c = rig_do(&r, command_new(VERB_CANCEL, id));
	g_assert_cmpint(c->state, ==, JOB_DONE);
	g_assert_cmpint(server_held(r.server), ==, 1);
	server_open_gate(r.server);
	a = rig_wait(&r, two);
	b = rig_wait(&r, three);
	g_assert_cmpstr(a->said, ==, "once");
	g_assert_cmpstr(b->said, ==, "once");
	g_assert_cmpint(server_asked(r.server), ==, 1);
	rig_done(&r);
}

static bool asked_twice(const struct snapshot *s, const void *what)
{
	const struct rig *r = what;

	return server_asked(r->server) >= 2 && !s->jobs_running;
}

/* A store that was written to while it was read is read once more. */
static void read_again(void)
{
	struct rig r;
	struct command *import;

	rig_init(&r, "one rows:1 get:/gate");
	rig_start(&r);
	rig_submit(&r, VERB_REFRESH, "one");
	server_wait_held(r.server, 1);
	import = rig_command(VERB_IMPORT, "one");
	args_set(import->args, "file", "/dev/null");
	engine_submit(r.e, import);
	server_wait_held(r.server, 2);
	server_open_gate(r.server);
	rig_wait_until(&r, asked_twice, &r);
	/* refresh and import, and the refresh that followed one of them */
	while (server_asked(r.server) < 3)
		snapshot_unref(engine_wait_for(r.e, 1, 10, NULL, NULL));
	rig_done(&r);
}

/* ---- cancelling ---- */

static void cancel_one(struct rig *r, const char *name, bool is_held)
{
	uint64_t number = rig_submit(r, VERB_REFRESH, name);
	g_autofree char *id = g_strdup_printf("%" G_GUINT64_FORMAT, number);
	g_autoptr(job) cancel = NULL, j = NULL;
	g_autoptr(store) s = NULL;

	if (is_held)
		server_wait_held(r->server, 1);
	cancel = rig_do(r, command_new(VERB_CANCEL, id));
	j = rig_wait(r, number);
	g_assert_cmpint(j->state, ==, JOB_CANCELLED);
	g_assert_cmpstr(j->said, ==, "cancelled after 0 of 1");
	s = rig_store(r, name);
	g_assert_cmpint(s->state, ==, STORE_NEW);
}

static void cancel_anywhere(void)
{
	struct rig r;

	rig_init(&r, "sent get:/gate;each each:100:/gate-each;waits wait:3600000;"
		     "works gated;backoff each:20:/torn-x gated");
	rig_start(&r);
	cancel_one(&r, "sent", true);
	cancel_one(&r, "each", true);
	cancel_one(&r, "waits", false);
	cancel_one(&r, "works", false);
	cancel_one(&r, "backoff", false);
	rig_wait_works(0);	/* the abandoned ones have been told to stop */
	rig_done(&r);
}

/* Of many targets some are over, some under way, some not begun. */
static void cancel_in_the_middle(void)
{
	struct rig r;
	g_autoptr(GString) list = g_string_new("s000 rows:1");
	g_autoptr(job) cancel = NULL, j = NULL;
	g_autofree char *id = NULL;
	uint64_t number;

	for (int i = 1; i < 200; i++)
		g_string_append_printf(list, i < 50 ? ";s%03d rows:1" : ";s%03d get:/gate", i);
	rig_init(&r, list->str);
	rig_start(&r);
	number = rig_submit(&r, VERB_REFRESH, NULL);
	server_wait_held(r.server, 64);
	id = g_strdup_printf("%" G_GUINT64_FORMAT, number);
	cancel = rig_do(&r, command_new(VERB_CANCEL, id));
	j = rig_wait(&r, number);
	g_assert_cmpint(j->state, ==, JOB_CANCELLED);
	g_assert_cmpstr(j->said, ==, "cancelled after 50 of 200");
	g_assert_cmpuint(r.e->last->stores_reading, ==, 0);
	g_assert_cmpuint(r.e->last->certs->n, ==, 50);
	rig_done(&r);
}

static void cancel_oddly(void)
{
	struct rig r;
	g_autoptr(job) none = NULL, self = NULL;
	struct command *c = command_new(VERB_CANCEL, NULL);

	rig_init(&r, "one rows:1");
	rig_start(&r);
	none = rig_do(&r, command_new(VERB_CANCEL, "12345"));
	g_assert_cmpint(none->state, ==, JOB_FAILED);
	g_assert_cmpint(none->code, ==, ERR_NOT_FOUND);
	/* Its own number is among these, one for each millisecond to come. */
	for (uint64_t n = 1; n <= 5000; n++)
		g_ptr_array_add(c->targets, g_strdup_printf("%" G_GUINT64_FORMAT,
							    none->number + n * 1000));
	self = rig_do(&r, c);
	g_assert_cmpint(self->state, ==, JOB_FAILED);
	g_assert_cmpuint((self->number - none->number) % 1000, ==, 0);
	g_assert_cmpuint(self->number, <=, none->number + 5000 * 1000);
	rig_done(&r);
}

/* ---- progress ---- */

static bool is_at(const struct snapshot *s, const void *what)
{
	const struct items *jobs = s->kind[KIND_JOBS];
	const uint64_t *want = what;
	const struct job *j = jobs->n ? jobs->item[0] : NULL;

	return j && j->done == want[0] && j->of == want[1] && j->state == JOB_RUNNING;
}

static void progress(void)
{
	struct rig r;
	uint64_t number;

	rig_init(&r, "work gated;each each:7:/ok works:3 get:/gate");
	rig_start(&r);
	number = rig_submit(&r, VERB_REFRESH, "work");
	rig_wait_until(&r, is_at, (uint64_t[]){ 5, 10 });
	rig_open_gate();
	job_unref(rig_wait(&r, number));
	number = rig_submit(&r, VERB_REFRESH, NULL);
	rig_wait_until(&r, is_at, (uint64_t[]){ 1, 2 });
	server_open_gate(r.server);
	job_unref(rig_wait(&r, number));
	rig_done(&r);
}

/* ---- refusals ---- */

static void refused(struct rig *r, struct command *c, enum err code)
{
	g_autoptr(job) j = rig_do(r, c);

	g_assert_cmpint(j->state, ==, JOB_FAILED);
	g_assert_cmpstr(err_word(j->code), ==, err_word(code));
}

static struct command *with_file(enum verb_id verb, const char *name)
{
	struct command *c = rig_command(verb, name);

	args_set(c->args, "file", "/dev/null");
	return c;
}

static void refusals(void)
{
	struct rig r;
	struct command *two = with_file(VERB_IMPORT, "one");

	rig_init(&r, "one get:/ok");
	rig_start(&r);
	refused(&r, rig_command(VERB_IMPORT, "one"), ERR_USAGE);	/* which file? */
	refused(&r, with_file(VERB_IMPORT, "other"), ERR_NOT_FOUND);
	refused(&r, with_file(VERB_IMPORT, NULL), ERR_USAGE);
	g_ptr_array_add(two->targets, rig_id("one"));
	refused(&r, two, ERR_USAGE);
	refused(&r, rig_command(VERB_DISCOVER, NULL), ERR_REFUSED);	/* nobody can */
	refused(&r, rig_command(VERB_APPROVE, "one"), ERR_NOT_FOUND);
	refused(&r, rig_command(VERB_SHOW, "one"), ERR_NOT_FOUND);
	rig_stop(&r);
	r.config.is_read_only = true;
	rig_start(&r);
	refused(&r, with_file(VERB_IMPORT, "one"), ERR_REFUSED);
	refused(&r, rig_command(VERB_LABEL, "one"), ERR_REFUSED);
	rig_stop(&r);
	r.config.is_read_only = false;
	r.config.is_offline = true;
	rig_start(&r);
	refused(&r, rig_command(VERB_REFRESH, "one"), ERR_REFUSED);
	refused(&r, with_file(VERB_IMPORT, "one"), ERR_REFUSED);
	job_unref(rig_do(&r, rig_command(VERB_LABEL, "one")));
	g_assert_cmpint(server_asked(r.server), ==, 0);
	rig_done(&r);
}

static void hosts(void)
{
	struct rig r;
	g_autoptr(job) j = NULL, each = NULL;

	rig_init(&r, "one get:/ok;far url:https://www.example.org/x;many each:500:/ok");
	rig_set(&r, "safety", "hosts", "*.example.com; 10.0.0.0/8");
	rig_start(&r);
	refused(&r, rig_command(VERB_REFRESH, "one"), ERR_REFUSED);
	refused(&r, rig_command(VERB_REFRESH, "far"), ERR_REFUSED);
	j = rig_refresh(&r, "far");
	g_assert_nonnull(strstr(j->said, "www.example.org may not be contacted"));
	each = rig_refresh(&r, "many");
	g_assert_cmpuint(g_strv_length(each->troubles), ==, 500);
	g_assert_cmpint(server_asked(r.server), ==, 0);
	rig_stop(&r);
	rig_set(&r, "safety", "hosts", "127.0.0.0/8");
	rig_start(&r);
	assert_job(&r, "one", JOB_DONE, NULL);
	rig_done(&r);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("sentences", sentences);
	CASE("keeps-older-rows", keeps_older_rows);
	CASE("many-targets", many_targets);
	CASE("retries", retries);
	CASE("per-store", per_store);
	CASE("per-account", per_account);
	CASE("single-orders-pass", single_orders_pass);
	CASE("joined", joined);
	CASE("read-again", read_again);
	CASE("cancel-anywhere", cancel_anywhere);
	CASE("cancel-in-the-middle", cancel_in_the_middle);
	CASE("cancel-oddly", cancel_oddly);
	CASE("progress", progress);
	CASE("refusals", refusals);
	CASE("hosts", hosts);
	return g_test_run();
}
