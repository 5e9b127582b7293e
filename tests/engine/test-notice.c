/*
 * Notices: thresholds, each event once, mail through a program in sendmail's place, a hook.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <certty/base/clock.h>
#include <certty/base/json.h>

#include "rig.h"

#define CASE(path, f) g_test_add_func("/engine/notice/" path, f)

/* Programs that append what they were given to a file, and fail while a file "fail" is there. */
static void write_program(struct rig *r, const char *name)
{
	g_autofree char *path = g_build_filename(r->folder, name, NULL);
	g_autofree char *text =
		g_strdup_printf("#!/bin/sh\necho \"args $*\" >>'%s.out'\ncat >>'%s.out'\n"
				"if [ -e '%s/fail' ]; then echo 'it is full' >&2; exit 75; fi\n",
				path, path, r->folder);

	g_assert_true(g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0700,
					       NULL));
}

static char *read_out(struct rig *r, const char *name)
{
	g_autofree char *path = g_build_filename(r->folder, name, NULL);
	g_autofree char *out = g_strconcat(path, ".out", NULL);
	char *text = NULL;

	if (!g_file_get_contents(out, &text, NULL, NULL))
		return g_strdup("");
	g_assert_cmpint(unlink(out), ==, 0);
	return text;
}

static void set_failing(struct rig *r, bool is_failing)
{
	g_autofree char *path = g_build_filename(r->folder, "fail", NULL);

	if (is_failing)
		g_assert_true(g_file_set_contents(path, "", 0, NULL));
	else
		g_assert_cmpint(unlink(path), ==, 0);
}

/* `groups`: %s is the rig's folder, as often as it stands there (three times at most). */
static void start(struct rig *r, const char *stores, const char *groups)
{
	g_auto(GStrv) parts = g_strsplit(groups, "%s", -1);
	g_autofree char *all = NULL, *text = NULL;

	rig_init(r, stores);
	all = g_strjoinv(r->folder, parts);
	text = g_strdup_printf("[mail]\nsendmail = %s/mail\nfrom = certty@example.test\n%s",
			       r->folder, all);
	write_program(r, "mail");
	write_program(r, "hook");
	rig_configure(r, text);
	rig_start(r);
	job_unref(rig_do(r, command_new(VERB_REFRESH, NULL)));
}

static struct job *notify(struct rig *r)
{
	return rig_do(r, command_new(VERB_NOTIFY, NULL));
}

static void assert_said(struct rig *r, const char *said)
{
	g_autoptr(job) j = notify(r);

	g_assert_cmpstr(j->said, ==, said);
	g_assert_cmpint(j->state, ==, JOB_DONE);
}

static int count(const char *text, const char *what)
{
	int n = 0;

	for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
		n++;
	return n;
}

/* ---- mail ---- */

static void mail(void)
{
	struct rig r;
	g_autofree char *text = NULL;

	start(&r, "soon rows:2:5;later rows:1:90;gone rows:1:-3;broken fail:no",
	      "[notice ops]\nto = ops@example.test\n");
	assert_said(&r, "4 events told in 1 of 1 letter");
	text = read_out(&r, "mail");
	g_assert_true(g_str_has_prefix(text, "args -i -t\nFrom: certty@example.test\n"
					     "To: ops@example.test\nSubject: certty: 4 notices on"));
	g_assert_cmpint(count(text, "host-0.soon.test\n    ends in 5 d, on "), ==, 1);
	g_assert_cmpint(count(text, "\nhost-1.soon.test\n    ends"), ==, 1);
	g_assert_cmpint(count(text, "host-0.gone.test\n    ended "), ==, 1);
	g_assert_cmpint(count(text, "broken\n    cannot be read: no\n"), ==, 1);
	g_assert_null(strstr(text, "later"));
	assert_said(&r, "nothing new to tell");
	rig_stop(&r);		/* nor to another process */
	rig_start(&r);
	assert_said(&r, "nothing new to tell");
	rig_done(&r);
}

/* A clock that stands still publishes nothing, so it goes on second by second. */
static struct job *notify_at(struct rig *r, int64_t when)
{
	uint64_t number;
	struct job *j = NULL;

	clock_set(when);
	rig_start(r);
	number = rig_submit(r, VERB_NOTIFY, NULL);
	for (int i = 0; i < 200; i++) {
		clock_set(++when);
		snapshot_unref(engine_wait_for(r->e, number, 100, NULL, NULL));
		job_unref(j);
		j = rig_job(r, number);
		if (j && job_is_over(j))
			return j;
	}
	g_assert_not_reached();
}

/* Each threshold once, as time goes on. */
static void thresholds(void)
{
	struct rig r;
	static const struct {
		int day;
		bool is_due;
	} days[] = { { 0, false }, { 5, false }, { 10, true }, { 11, false }, { 17, true },
		     { 23, true }, { 26, true }, { 27, false }, { 31, true }, { 60, false } };
	int64_t now = clock_now();

	/* Lasts 40 days, ten of them over; the settings' days count unless a group has its own. */
	start(&r, "one rows:1:30", "[notice]\ndays = 20, 13, 7, 4\nlife = \n"
				   "[notice all]\nhook = %s/hook\n");
	rig_stop(&r);
	for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
		g_autoptr(job) j =
			notify_at(&r, now + days[i].day * (int64_t)CLOCK_DAY + 7200);

		g_test_message("day %d", days[i].day);
		g_assert_cmpstr(j->said, ==, days[i].is_due ? "1 event told in 1 of 1 letter" :
							      "nothing new to tell");
		rig_stop(&r);
	}
	clock_set(0);
	rig_done(&r);
}

static void life(void)
{
	struct rig r;
	g_autofree char *text = NULL;

	start(&r, "old rows:1:10;young rows:1:30",
	      "[notice half]\nlife = 40% 90%\nhook = %s/hook\n"
	      "[notice some]\nfilter = store:young\ndays = 365\nhook = %s/hook x 'y z'\n");
	assert_said(&r, "2 events told in 2 of 2 letters");
	text = read_out(&r, "hook");
	g_assert_cmpint(count(text, "\"event\":\"half/hook/"), ==, 1);
	g_assert_cmpint(count(text, "/40%\""), ==, 1);
	g_assert_cmpint(count(text, "\"event\":\"some/hook/"), ==, 1);
	g_assert_cmpint(count(text, "args x y z\n"), ==, 1);
	rig_done(&r);
}

/* ---- hook ---- */

static void hook(void)
{
	struct rig r;
	g_autofree char *text = NULL;
	g_autoptr(json) doc = NULL;
	g_autoptr(GError) error = NULL;
	const struct json *events;

	start(&r, "one rows:3:2", "[notice pager]\nhook = %s/hook\n");
	assert_said(&r, "3 events told in 1 of 1 letter");
	text = read_out(&r, "hook");
	g_assert_true(g_str_has_prefix(text, "args \n{"));
	doc = json_parse(text + strlen("args \n"), strlen(text) - strlen("args \n"), 100000,
			 &error);
	g_assert_no_error(error);
	g_assert_cmpstr(json_str(doc, "notice"), ==, "pager");
	events = json_get(doc, "events");
	g_assert_cmpuint(json_count(events), ==, 3);
	rig_done(&r);
}

/* ---- failing ---- */

static void given_back(void)
{
	struct rig r;
	g_autoptr(job) j = NULL;
	g_autofree char *twice = NULL, *once = NULL;

	start(&r, "one rows:2:5",
	      "[notice a]\nhook = %s/hook\n[notice b]\nhook = /nonexistent/program\n"
	      "[notice c]\nfilter = exp<soon\nhook = %s/hook\n[notice d]\ndays = 1\n");
	set_failing(&r, true);
	j = notify(&r);
	g_assert_cmpint(j->state, ==, JOB_PARTLY);
	g_assert_cmpuint(g_strv_length(j->troubles), ==, 4);
	g_assert_cmpstr(j->said, ==, "0 events told in 0 of 2 letters");
	g_assert_nonnull(strstr(j->troubles[0], "[notice c] filter"));
	set_failing(&r, false);
	twice = read_out(&r, "hook");
	job_unref(j);
	j = notify(&r);
	g_assert_cmpstr(j->said, ==, "2 events told in 1 of 2 letters");
	once = read_out(&r, "hook");
	g_assert_cmpstr(once, ==, twice);	/* the same events again */
	rig_done(&r);
}

/* A run that is cancelled, or that the end of the program cuts off, has told nobody. */
static void cut_off(void)
{
	struct rig r;
	g_autofree char *id = NULL;
	uint64_t number;

	start(&r, "one rows:2:5", "[notice slow]\nhook = sh -c 'echo >%s/began; cat; exec tail -f "
				  "/dev/null'\n");
	for (int i = 0; i < 2; i++) {
		g_autofree char *began = g_build_filename(r.folder, "began", NULL);
		g_autoptr(job) j = NULL;

		number = rig_submit(&r, VERB_NOTIFY, NULL);
		while (access(began, F_OK))
			poll(NULL, 0, 1);
		unlink(began);
		if (i == 0) {
			id = g_strdup_printf("%" G_GUINT64_FORMAT, number);
			job_unref(rig_do(&r, command_new(VERB_CANCEL, id)));
		} else {
			rig_stop(&r);
			rig_start(&r);
		}
	}
	rig_stop(&r);
	rig_configure(&r, "[notice slow]\nhook = cat\n");
	rig_start(&r);
	assert_said(&r, "2 events told in 1 of 1 letter");
	rig_done(&r);
}

static void times_out(void)
{
	struct rig r;
	g_autoptr(job) j = NULL;

	start(&r, "one rows:1:5", "[notice]\ntimeout = 1\n[notice slow]\nhook = tail -f /dev/null\n");
	j = notify(&r);
	g_assert_cmpint(j->state, ==, JOB_PARTLY);
	rig_done(&r);
}

static void nobody_to_tell(void)
{
	struct rig r;
	g_autoptr(job) j = NULL;

	rig_init(&r, "one rows:1:5");
	rig_start(&r);
	j = notify(&r);
	g_assert_cmpint(j->state, ==, JOB_FAILED);
	g_assert_cmpint(j->code, ==, ERR_USAGE);
	rig_done(&r);
}

/* ---- dry ---- */

static void dry_run(void)
{
	struct rig r;
	struct command *dry = command_new(VERB_NOTIFY, NULL);
	g_autoptr(job) j = NULL, again = NULL;
	g_autofree char *text = NULL;
	const struct detail *d;

	start(&r, "one rows:2:5", "[notice a]\nhook = %s/hook\n");
	args_set(dry->args, "dry-run", "yes");
	j = rig_do(&r, dry);
	g_assert_cmpstr(j->said, ==, "1 letter would be sent");
	d = r.e->last->details->item[0];
	g_assert_cmpuint(d->n, ==, 3);
	text = read_out(&r, "hook");
	g_assert_cmpstr(text, ==, "");
	assert_said(&r, "2 events told in 1 of 1 letter");
	dry = command_new(VERB_NOTIFY, NULL);
	args_set(dry->args, "dry-run", "yes");
	again = rig_do(&r, dry);
	g_assert_cmpstr(again->said, ==, "0 letters would be sent");
	rig_done(&r);
}

/* ---- in the console ---- */

static bool has_notified(const struct snapshot *s)
{
	const struct items *jobs = s->kind[KIND_JOBS];

	for (size_t i = 0; i < jobs->n; i++) {
		const struct job *j = jobs->item[i];

		if (!strcmp(j->verb, "notify") && job_is_over(j) && j->is_quiet)
			return true;
	}
	return false;
}

/* Every now and then by itself, however often consoles are opened. */
static void by_itself(void)
{
	struct rig r;
	g_autofree char *text = NULL, *looked = NULL;
	int64_t now = clock_now(), when = now;

	start(&r, "one rows:1:5", "[notice]\ninterval = 5\n[notice a]\nhook = %s/hook\n");
	rig_stop(&r);
	r.config.refreshes_itself = true;
	clock_set(now);
	rig_start(&r);
	for (int i = 0; i < 200 && !has_notified(r.e->last); i++) {
		clock_set(when += 5);
		rig_submit(&r, VERB_SHOW, "one");	/* rings */
		snapshot_unref(engine_wait_for(r.e, 1, 50, NULL, NULL));
	}
	clock_set(0);
	g_assert_true(has_notified(r.e->last));
	text = read_out(&r, "hook");
	g_assert_cmpint(count(text, "args"), ==, 1);
	rig_stop(&r);
	r.e = engine_open(&r.config, NULL);
	looked = engine_recall(r.e, "notices-looked");
	g_assert_nonnull(looked);
	g_assert_cmpint(g_ascii_strtoll(looked, NULL, 10), >=, now + CLOCK_MINUTE);
	rig_done(&r);
}

/* ---- several processes ---- */

/* Four at once tell each event once between them. */
static void four_at_once(void)
{
	struct rig r;
	pid_t pid[4];
	int gate[2];
	g_autofree char *text = NULL;

	rig_init(&r, "one rows:100:5");
	rig_configure(&r, "");
	write_program(&r, "hook");
	text = g_strdup_printf("[notice a]\nhook = sh -c 'cat >>%s/$$.out'\n", r.folder);
	rig_configure(&r, text);
	g_assert_cmpint(pipe(gate), ==, 0);
	for (int i = 0; i < 4; i++) {
		char byte;

		pid[i] = fork();
		if (pid[i])
			continue;
		close(gate[1]);
		g_assert_cmpint((int)read(gate[0], &byte, 1), ==, 0);
		rig_start(&r);
		job_unref(rig_do(&r, command_new(VERB_REFRESH, NULL)));
		job_unref(notify(&r));
		rig_stop(&r);
		_exit(0);
	}
	close(gate[0]);
	close(gate[1]);
	for (int i = 0; i < 4; i++) {
		int status;

		g_assert_cmpint(waitpid(pid[i], &status, 0), ==, pid[i]);
		g_assert_cmpint(status, ==, 0);
	}
	g_free(text);
	{
		GDir *dir = g_dir_open(r.folder, 0, NULL);
		const char *name;
		int told = 0;

		while ((name = g_dir_read_name(dir))) {
			g_autofree char *path = g_build_filename(r.folder, name, NULL);
			g_autofree char *out = NULL;

			if (g_str_has_suffix(name, ".out") &&
			    g_file_get_contents(path, &out, NULL, NULL))
				told += count(out, "\"event\":");
		}
		g_dir_close(dir);
		g_assert_cmpint(told, ==, 100);
	}
	text = NULL;
	rig_done(&r);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("four-at-once", four_at_once);
	CASE("mail", mail);
	CASE("thresholds", thresholds);
	CASE("life", life);
	CASE("hook", hook);
	CASE("given-back", given_back);
	CASE("cut-off", cut_off);
	CASE("times-out", times_out);
	CASE("nobody-to-tell", nobody_to_tell);
	CASE("dry-run", dry_run);
	CASE("by-itself", by_itself);
	return g_test_run();
}
