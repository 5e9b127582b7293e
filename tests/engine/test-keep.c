/*
 * What is saved: by one process, by four at once, by one that is killed, and when nothing can
 * be.
 *
 * Children are forked before this process has any thread, run an engine of their own on the
 * shared folder, and end by themselves or by their number.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "rig.h"

#define CASE(path, f) g_test_add_func("/engine/keep/" path, f)
#define CHILDREN 4
#define LABELS 25	/* that each of them adds */

/* ---- the system's log, as far as it is asked for ---- */

#undef syslog	/* may be a macro where calls are checked */

static GString *logged;
static char *ident;

void openlog(const char *name, int option, int facility)
{
	(void)option;
	g_assert_cmpint(facility, ==, LOG_AUTHPRIV);
	g_free(ident);
	ident = g_strdup(name);
}

static void G_GNUC_PRINTF(1, 0) log_line(const char *format, va_list args)
{
	g_autofree char *line = g_strdup_vprintf(format, args);

	if (logged)
		g_string_append_printf(logged, "%s\n", line);
}

void syslog(int priority, const char *format, ...)
{
	va_list args;

	(void)priority;
	va_start(args, format);
	log_line(format, args);
	va_end(args);
}

#if __USE_FORTIFY_LEVEL > 0
void __syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list args;

	(void)priority;
	(void)flag;
	va_start(args, format);
	log_line(format, args);
	va_end(args);
}
#endif

/* ---- looking at what is there ---- */

static bool count_line(const char *line, void *who)
{
	(void)line;
	++*(int *)who;
	return true;
}

static int count_journal(struct rig *r)
{
	int n = 0;

	g_assert_true(engine_journal_each(r->e, count_line, &n, NULL));
	return n;
}

static bool has_store(struct rig *r, const char *name)
{
	g_autoptr(store) s = rig_store(r, name);

	return s != NULL;
}

static void assert_sound(struct rig *r)
{
	g_autofree char *sentence = NULL;
	g_autoptr(GError) error = NULL;

	engine_journal_verify(r->e, &sentence, &error);
	g_assert_no_error(error);
	g_assert_nonnull(sentence);
	g_assert_null(r->e->last->saying);
}

static struct command *label(const char *store, const char *key, const char *value)
{
	struct command *c = rig_command(VERB_LABEL, store);

	args_set(c->args, key, value);
	return c;
}

static void do_label(struct rig *r, const char *store, const char *value)
{
	g_autoptr(job) j = rig_do(r, label(store, "add", value));

	g_assert_cmpint(j->state, ==, JOB_DONE);
}

/* ---- one process ---- */

static void found_again(void)
{
	struct rig r;
	g_autoptr(store) s = NULL;
	g_autoptr(GBytes) der = NULL;
	g_autoptr(GString) id = g_string_new(NULL);
	g_autoptr(GError) error = NULL;

	rig_init(&r, "one rows:5;two rows:1 put:three");
	rig_start(&r);
	job_unref(rig_do(&r, command_new(VERB_REFRESH, NULL)));
	do_label(&r, "one", "web");
	g_assert_cmpint(count_journal(&r), ==, 2);
	rig_stop(&r);
	rig_start(&r);
	g_assert_cmpuint(r.e->last->certs->n, ==, 6);
	s = rig_store(&r, "one");
	g_assert_cmpint(s->state, ==, STORE_FINE);
	g_assert_cmpstr(s->labels[0], ==, "web");
	g_assert_cmpuint(r.e->last->count[KIND_JOBS], ==, 2);
	g_assert_cmpuint(r.e->last->count[KIND_DOMAINS], ==, 6);
	certs_id(r.e->last->certs, 0, id);
	der = engine_der(r.e, id->str, &error);
	g_assert_no_error(error);
	assert_sound(&r);
	rig_stop(&r);
	/* A store that is configured no longer goes, with what it held. */
	rig_set(&r, "local", "endpoints", "one rows:5;");
	rig_start(&r);
	g_assert_false(has_store(&r, "two"));
	g_assert_cmpuint(r.e->last->certs->n, ==, 5);
	g_assert_cmpuint(r.e->last->count[KIND_DOMAINS], ==, 5);
	rig_done(&r);
}

/* Looking at things leaves no jobs behind. */
static void passing_jobs(void)
{
	struct rig r;

	rig_init(&r, "one rows:1");
	rig_start(&r);
	for (int i = 0; i < 200; i++) {
		g_autoptr(job) j = rig_do(&r, command_new(VERB_SHOW, "stores/local/rig:one"));

		g_assert_cmpint(j->state, ==, JOB_DONE);
	}
	g_assert_cmpuint(r.e->last->count[KIND_JOBS], <=, 65);
	g_assert_cmpuint(r.e->last->details->n, ==, 1);
	rig_stop(&r);
	rig_start(&r);
	g_assert_cmpuint(r.e->last->count[KIND_JOBS], ==, 0);
	rig_done(&r);
}

static void own_verbs(void)
{
	struct rig r;
	g_autoptr(store) s = NULL;
	g_autoptr(job) drop = NULL, again = NULL;

	rig_init(&r, "one rows:1");
	rig_start(&r);
	do_label(&r, "one", "b, a,b , a");
	job_unref(rig_do(&r, label("one", "container", "prod")));
	job_unref(rig_do(&r, label("one", "remove", "b")));
	s = rig_store(&r, "one");
	g_assert_cmpuint(g_strv_length(s->labels), ==, 1);
	g_assert_cmpstr(s->labels[0], ==, "a");
	g_assert_cmpstr(s->container, ==, "prod");
	/* A configured store is not dropped. */
	drop = rig_do(&r, rig_command(VERB_STORE_DROP, "one"));
	g_assert_cmpint(drop->code, ==, ERR_REFUSED);
	again = rig_refresh(&r, "one");
	g_assert_cmpint(again->state, ==, JOB_DONE);
	store_unref(s);
	s = rig_store(&r, "one");
	g_assert_cmpstr(s->container, ==, "prod");	/* reading a store leaves it alone */
	rig_done(&r);
}

/* A label that is set while the store is read stays, also when the reading is cancelled. */
static void label_while_reading(void)
{
	struct rig r;
	g_autoptr(store) s = NULL;
	g_autofree char *id = NULL;
	uint64_t number;

	rig_init(&r, "one rows:1 get:/gate");
	rig_start(&r);
	number = rig_submit(&r, VERB_REFRESH, "one");
	server_wait_held(r.server, 1);
	do_label(&r, "one", "first");
	id = g_strdup_printf("%" G_GUINT64_FORMAT, number);
	job_unref(rig_do(&r, command_new(VERB_CANCEL, id)));
	number = rig_submit(&r, VERB_REFRESH, "one");
	server_wait_held(r.server, 1);
	do_label(&r, "one", "second");
	server_open_gate(r.server);
	job_unref(rig_wait(&r, number));
	rig_stop(&r);
	rig_start(&r);
	s = rig_store(&r, "one");
	g_assert_cmpuint(g_strv_length(s->labels), ==, 2);
	rig_done(&r);
}

static void mirrored(void)
{
	struct rig r;
	int n = 0;

	rig_init(&r, "one rows:1");
	rig_start(&r);
	logged = g_string_new(NULL);
	do_label(&r, "one", "quiet");
	g_assert_cmpuint(logged->len, ==, 0);
	rig_stop(&r);
	rig_set(&r, "journal", "syslog", "true");
	rig_start(&r);
	do_label(&r, "one", "loud");
	rig_stop(&r);
	for (char *c = logged->str; *c; c++)
		n += *c == '\n';
	g_assert_cmpint(n, ==, 2);
	g_assert_cmpint(logged->str[0], ==, '{');
	g_assert_nonnull(strstr(logged->str, "\"verb\":\"label\""));
	g_assert_cmpstr(ident, ==, "certty");
	g_string_free(logged, TRUE);
	logged = NULL;
	rig_done(&r);
}

/* ---- nothing can be saved ---- */

static void no_database(void)
{
	struct rig r;
	g_autofree char *path = NULL;
	g_autoptr(job) j = NULL, read = NULL;

	rig_init(&r, "one rows:1");
	path = g_build_filename(r.folder, "certty.db", NULL);
	g_assert_cmpint(g_mkdir(path, 0700), ==, 0);	/* a folder in its place */
	rig_start(&r);
	g_assert_true(g_str_has_prefix(r.e->last->saying, "nothing is saved: "));
	read = rig_refresh(&r, "one");
	g_assert_cmpint(read->state, ==, JOB_DONE);
	j = rig_do(&r, label("one", "add", "x"));
	g_assert_cmpint(j->state, ==, JOB_FAILED);
	g_assert_nonnull(strstr(j->said, "nothing is changed"));
	rig_done(&r);
}

static bool says_unsaved(const struct snapshot *s, const void *what)
{
	return !!s->saying == *(const bool *)what;
}

/* Files may not grow any more, as on a full disk; then they may again. */
static void full_disk(void)
{
	struct rig r;
	struct rlimit old, none = { 0, 0 };
	g_autoptr(job) j = NULL, later = NULL;
	g_autoptr(store) s = NULL;
	bool yes = true, no = false;

	signal(SIGXFSZ, SIG_IGN);
	rig_init(&r, "one rows:3");
	rig_start(&r);
	getrlimit(RLIMIT_FSIZE, &old);
	none.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_FSIZE, &none);
	job_unref(rig_refresh(&r, "one"));
	rig_wait_until(&r, says_unsaved, &yes);
	g_assert_cmpuint(r.e->last->certs->n, ==, 3);
	j = rig_do(&r, label("one", "add", "x"));
	g_assert_cmpint(j->state, ==, JOB_FAILED);
	s = rig_store(&r, "one");
	g_assert_null(s->labels[0]);
	setrlimit(RLIMIT_FSIZE, &old);
	/* What could not be written is tried again by itself. */
	rig_wait_until(&r, says_unsaved, &no);
	later = rig_do(&r, label("one", "add", "x"));
	g_assert_cmpint(later->state, ==, JOB_DONE);
	rig_stop(&r);
	rig_start(&r);
	g_assert_cmpuint(r.e->last->certs->n, ==, 3);
	assert_sound(&r);
	rig_done(&r);
}

/* ---- several processes ---- */

typedef int child_fn(struct rig *r, int number);	/* the exit status */

static pid_t start_child(struct rig *r, child_fn *child, int number)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(child(r, number));
	g_assert_cmpint(pid, >, 0);
	return pid;
}

static int end_of(pid_t pid)
{
	int status;

	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	return status;
}

static bool has_all_labels(const struct snapshot *s, const void *what)
{
	const struct items *stores = s->kind[KIND_STORES];

	(void)what;
	for (size_t i = 0; i < stores->n; i++) {
		const struct store *st = stores->item[i];

		if (!strcmp(st->title, "one"))
			return g_strv_length(st->labels) == CHILDREN * LABELS;
	}
	return false;
}

/* Adds its labels one by one, reading stores in between, then waits for everybody's. */
static int label_and_read(struct rig *r, int number)
{
	rig_start(r);
	for (int i = 0; i < LABELS; i++) {
		g_autofree char *name = g_strdup_printf("p%d-%02d", number, i);

		if (i % 3 == 0)
			rig_submit(r, VERB_REFRESH, "one");
		do_label(r, "one", name);
	}
	rig_wait_until(r, has_all_labels, NULL);
	rig_stop(r);
	return 0;
}

/* The server of a rig has a thread, which a child does not inherit: stores here ask nobody. */
static void four_at_once(void)
{
	struct rig r;
	pid_t pid[CHILDREN];
	g_autoptr(store) s = NULL;

	rig_init(&r, "one rows:20;two rows:3");
	for (int i = 0; i < CHILDREN; i++)
		pid[i] = start_child(&r, label_and_read, i);
	for (int i = 0; i < CHILDREN; i++)
		g_assert_cmpint(end_of(pid[i]), ==, 0);
	rig_start(&r);
	s = rig_store(&r, "one");
	g_assert_cmpuint(g_strv_length(s->labels), ==, CHILDREN * LABELS);
	g_assert_cmpint(count_journal(&r), ==, CHILDREN * LABELS * 2);
	g_assert_cmpuint(r.e->last->certs->n, ==, 20);
	assert_sound(&r);
	rig_done(&r);
}

static int drop_and_add(struct rig *r, int number)
{
	g_autoptr(job) j = NULL;

	(void)number;
	rig_start(r);
	j = rig_do(r, rig_command(VERB_STORE_DROP, "extra"));
	rig_stop(r);
	return j->state == JOB_DONE ? 0 : 1;
}

static bool has_no_extra(const struct snapshot *s, const void *what)
{
	(void)what;
	return items_find(s->kind[KIND_STORES], "local/rig:extra") < 0 && s->certs->n == 2;
}

/* A console sees what a command beside it did, without asking. */
static void sees_others(void)
{
	struct rig r;
	struct command *import;
	pid_t pid;

	rig_init(&r, "one rows:2 put:extra");
	pid = fork();
	if (pid == 0) {		/* the command, once the console has said so */
		sigset_t set;
		int number;

		sigemptyset(&set);
		sigaddset(&set, SIGUSR1);
		sigprocmask(SIG_BLOCK, &set, NULL);
		sigwait(&set, &number);
		_exit(drop_and_add(&r, 0));
	}
	rig_start(&r);
	import = rig_command(VERB_IMPORT, "one");
	args_set(import->args, "file", "/dev/null");
	job_unref(rig_do(&r, import));		/* puts the other store */
	job_unref(rig_refresh(&r, "one"));
	g_assert_true(has_store(&r, "extra"));
	kill(pid, SIGUSR1);
	rig_wait_until(&r, has_no_extra, NULL);
	g_assert_cmpint(end_of(pid), ==, 0);
	rig_done(&r);
}

static int approve(struct rig *r, int number)
{
	g_autoptr(job) j = NULL;

	(void)number;
	rig_start(r);
	j = rig_do(r, command_new(VERB_APPROVE, "r1"));
	rig_stop(r);
	return j->state == JOB_FAILED ? (int)j->code : -1;
}

/* One order is driven by one process at a time, and may be driven again afterwards. */
static void one_at_a_time(void)
{
	struct rig r;
	pid_t pid;
	int gate[2], status;
	uint64_t number;
	g_autoptr(job) j = NULL, again = NULL;

	rig_init(&r, "one req:r1:bare only:approve gated");
	g_assert_cmpint(pipe(gate), ==, 0);
	pid = fork();
	if (pid == 0) {
		char byte;

		close(gate[1]);
		_exit(read(gate[0], &byte, 1) ? 99 : approve(&r, 0));
	}
	close(gate[0]);
	rig_start(&r);
	job_unref(rig_refresh(&r, "one"));
	number = engine_submit(r.e, command_new(VERB_APPROVE, "r1"));
	rig_wait_works(1);
	close(gate[1]);
	status = end_of(pid);
	g_assert_true(WIFEXITED(status));
	g_assert_cmpstr(err_word((enum err)WEXITSTATUS(status)), ==, err_word(ERR_BUSY));
	rig_open_gate();
	j = rig_wait(&r, number);
	g_assert_cmpint(j->state, ==, JOB_DONE);
	again = rig_do(&r, command_new(VERB_APPROVE, "r1"));
	g_assert_cmpint(again->state, ==, JOB_DONE);
	rig_done(&r);
}

/* ---- killed ---- */

static int work_until_killed(struct rig *r, int number)
{
	uint32_t seed = (uint32_t)number;

	rig_start(r);
	for (int i = 0;; i++) {
		g_autofree char *name = g_strdup_printf("k%d-%d", number, i);

		seed = seed * 1664525 + 1013904223;
		if (seed >> 31)
			rig_submit(r, VERB_REFRESH, NULL);
		job_unref(rig_do(r, label("one", "add", name)));
	}
	return 1;
}

static void killed(void)
{
	struct rig r;

	rig_init(&r, "one rows:300;two rows:50;three rows:2 odd:x");
	for (int i = 0; i < 12; i++) {
		pid_t pid = start_child(&r, work_until_killed, i);
		int status;

		poll(NULL, 0, g_test_rand_int_range(1, 250));
		kill(pid, SIGKILL);
		status = end_of(pid);
		g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
	rig_start(&r);
	assert_sound(&r);
	/* A store's rows and their bytes are there together or not at all. */
	for (uint32_t i = 0; i < r.e->last->certs->n; i++) {
		g_autoptr(GString) id = g_string_new(NULL);
		g_autoptr(GBytes) der = NULL;

		certs_id(r.e->last->certs, i, id);
		der = engine_der(r.e, id->str, NULL);
		g_assert_nonnull(der);
	}
	g_assert_cmpuint(r.e->last->stores_reading, ==, 0);
	job_unref(rig_do(&r, command_new(VERB_REFRESH, NULL)));
	g_assert_cmpuint(r.e->last->certs->n, ==, 352);
	rig_done(&r);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("four-at-once", four_at_once);
	CASE("sees-others", sees_others);
	CASE("one-at-a-time", one_at_a_time);
	CASE("killed", killed);
	CASE("found-again", found_again);
	CASE("passing-jobs", passing_jobs);
	CASE("own-verbs", own_verbs);
	CASE("label-while-reading", label_while_reading);
	CASE("mirrored", mirrored);
	CASE("no-database", no_database);
	CASE("full-disk", full_disk);
	return g_test_run();
}
