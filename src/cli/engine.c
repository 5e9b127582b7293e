/*
 * engine: an engine for one command: started, waited for, and its answer told.
 */
#include "own.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>
#include <certty/model/job.h>
#include <certty/model/store.h>
#include <certty/model/x509.h>

#define LOOK_EVERY_MS 200	/* how long a Ctrl-C may go unseen */
#define CANCEL_WITHIN_MS 3000

/* ---- saying ---- */

int cli_fail(GError *error)
{
	int status = err_exit_status(error);

	fprintf(stderr, "certty: %s\n", error->message);
	g_error_free(error);
	return status;
}

int cli_usage(const char *format, ...)
{
	va_list args;

	fputs("certty: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return 2;
}

void cli_print(const GString *text)
{
	fwrite(text->str, 1, text->len, stdout);
}

/* ---- opening ---- */

/* Signals are for the thread that waits here, so the worker starts with them held back. */
static bool start(struct engine *e, GError **error)
{
	sigset_t all, old;
	bool ok;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	ok = engine_start(e, error);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return ok;
}

struct engine *cli_open(struct cli *c, GError **error)
{
	struct engine_config config = {
		.settings = c->settings, .state_folder = c->state_folder, .version = c->version,
		.is_offline = c->is_offline, .is_read_only = c->is_read_only,
	};
	struct engine *e = engine_open(&config, error);
	struct snapshot *s;

	if (!e)
		return NULL;
	if (!start(e, error)) {
		engine_stop(e);
		return NULL;
	}
	s = engine_wait_loaded(e);
	if (s->saying)
		fprintf(stderr, "certty: %s\n", s->saying);
	engine_give_back(e, s);
	return e;
}

static bool get_facts(void *who, const char *id, struct facts *ret)
{
	g_autoptr(GBytes) der = engine_der(who, id, NULL);
	gsize len;
	const uint8_t *bytes = der ? g_bytes_get_data(der, &len) : NULL;

	return bytes && x509_facts(bytes, len, ret, NULL);
}

struct frame cli_frame(struct engine *e, const struct snapshot *s)
{
	return (struct frame){ .snap = s, .now = clock_now(), .facts = get_facts, .who = e };
}

/* ---- doing ---- */

static volatile sig_atomic_t is_interrupted;

static void interrupt(int signo)
{
	(void)signo;
	is_interrupted = 1;
}

struct telling {
	uint64_t number;
	bool may_tell, told;
};

static const struct job *job_of(const struct snapshot *s, uint64_t number)
{
	g_autofree char *id = g_strdup_printf("%" G_GUINT64_FORMAT, number);
	gssize i = items_find(s->kind[KIND_JOBS], id);

	return i < 0 ? NULL : s->kind[KIND_JOBS]->item[i];
}

/* Progress is for a person at a terminal that can take it back; scripts read the end. */
static bool may_tell_progress(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term && *term && strcmp(term, "dumb");
}

static void tell_progress(const struct snapshot *s, void *who)
{
	struct telling *t = who;
	const struct job *j = job_of(s, t->number);

	if (!j || !j->of || !t->may_tell)
		return;
	fprintf(stderr, "\r%s: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT "\033[K", j->verb,
		j->done, j->of);
	t->told = true;
}

/* The last snapshot once the job is over or the person had enough of it. */
static struct snapshot *wait_for(struct engine *e, struct telling *t)
{
	for (;;) {
		struct snapshot *s = engine_wait_for(e, t->number, LOOK_EVERY_MS, tell_progress, t);
		const struct job *j = s ? job_of(s, t->number) : NULL;

		if ((j && job_is_over(j)) || is_interrupted)
			return s;
		engine_give_back(e, s);
	}
}

static struct snapshot *cancel(struct engine *e, struct telling *t, struct snapshot *last)
{
	g_autofree char *id = g_strdup_printf("%" G_GUINT64_FORMAT, t->number);

	engine_give_back(e, last);
	engine_submit(e, command_new(VERB_CANCEL, id));
	return engine_wait_for(e, t->number, CANCEL_WITHIN_MS, NULL, NULL);
}

static void read_outcome(const struct job *j, struct cli_outcome *ret)
{
	ret->cancelled = is_interrupted || (j && j->state == JOB_CANCELLED);
	ret->failed = !j || j->state == JOB_FAILED || ret->cancelled;
	ret->partly = j && j->state == JOB_PARTLY && !ret->cancelled;
	ret->code = ret->cancelled ? ERR_CANCELLED : j ? j->code : ERR_BUSY;
	ret->wants = j && (ret->failed || ret->partly) ? j->wants : WANT_NOTHING;
	ret->account = g_strdup(j ? j->account : "");
	ret->said = g_strdup(j && j->said ? j->said : ret->cancelled ? "it was broken off" : NULL);
	ret->troubles = j ? g_strdupv(j->troubles) : g_new0(char *, 1);
	g_info("%s: %s%s%s", j ? j->verb : "a command", j ? job_state_word(j->state) : "refused",
	       ret->said ? ": " : "", ret->said ? ret->said : "");
}

void cli_do(struct engine *e, struct command *command, struct cli_outcome *ret)
{
	struct sigaction old, ours = { .sa_handler = interrupt, .sa_flags = SA_RESETHAND };
	struct telling t = { .may_tell = may_tell_progress() };

	memset(ret, 0, sizeof(*ret));
	is_interrupted = 0;
	/* Once: a second Ctrl-C ends the program as it ends any other. */
	sigaction(SIGINT, &ours, &old);
	t.number = engine_submit(e, command);
	ret->snap = wait_for(e, &t);
	if (is_interrupted)
		ret->snap = cancel(e, &t, ret->snap);
	sigaction(SIGINT, &old, NULL);
	if (t.told)
		fputs("\r\033[K", stderr);
	ret->number = t.number;
	read_outcome(job_of(ret->snap, t.number), ret);
}

void cli_outcome_done(struct cli_outcome *o)
{
	snapshot_unref(o->snap);
	g_free(o->said);
	g_free(o->account);
	g_strfreev(o->troubles);
}

/* ---- what is fresh enough to be shown ---- */

/* What waits for a person is looked at anew whenever it is asked for: somebody else may have
 * put it there, or answered it, a moment ago. */
static bool is_old(const struct store *st, enum kind kind, int64_t every)
{
	if (kind == KIND_REQUESTS && !strcmp(st->type, "ca"))
		return true;
	return !st->tried || (every > 0 && st->tried + every < clock_now());
}

static struct command *what_is_old(const struct cli *c, const struct snapshot *s, enum kind kind)
{
	int64_t every = settings_int(c->settings, "refresh", "interval") * CLOCK_MINUTE;
	struct command *refresh = command_new(VERB_REFRESH, NULL);
	const struct items *stores = s->kind[KIND_STORES];

	for (size_t i = 0; i < stores->n; i++) {
		const struct store *st = stores->item[i];

		if (is_old(st, kind, every))
			g_ptr_array_add(refresh->targets, g_strdup(st->id));
	}
	if (refresh->targets->len)
		return refresh;
	command_free(refresh);
	return NULL;
}

/* For who asks for all there is, stores of accounts that were not looked for in a day are; for who
 * asks for one thing, those that never were. */
static struct snapshot *with_accounts_stores(struct engine *e, struct snapshot *s, bool is_all)
{
	g_auto(GStrv) ids = engine_accounts_to_look(s, is_all ? clock_now() - CLOCK_DAY : 0);
	struct command *look;
	struct cli_outcome o;

	if (!*ids)
		return s;
	look = command_new(VERB_ACCOUNT_STORES, NULL);
	for (char **id = ids; *id; id++)
		g_ptr_array_add(look->targets, g_strdup(*id));
	engine_give_back(e, s);
	cli_do(e, look, &o);
	if (o.failed || o.partly)
		fprintf(stderr, "certty: stores of accounts: %s\n", o.said ? o.said : "");
	s = o.cancelled ? NULL : snapshot_ref(o.snap);
	cli_outcome_done(&o);
	return s;
}

struct snapshot *cli_fresh(struct cli *c, struct engine *e, enum kind kind, bool is_all)
{
	struct snapshot *s = kind == KIND_ACCOUNTS ? engine_wait_found(e) : engine_wait_loaded(e);
	struct command *refresh;
	struct cli_outcome o;

	if (!c->is_offline && kind != KIND_ACCOUNTS)
		s = with_accounts_stores(e, s, is_all);
	refresh = c->is_offline || !s ? NULL : what_is_old(c, s, kind);
	if (!refresh)
		return s;
	engine_give_back(e, s);
	cli_do(e, refresh, &o);
	s = o.cancelled ? NULL : snapshot_ref(o.snap);
	cli_outcome_done(&o);
	return s;
}

void cli_tell_failed(const struct snapshot *s)
{
	const struct items *stores = s->kind[KIND_STORES];

	for (size_t i = 0; i < stores->n; i++) {
		const struct store *st = stores->item[i];

		const char *trouble = st->trouble ? st->trouble : "it could not be read";

		/* Most sentences name the place themselves. */
		if (st->state == STORE_FAILED && strstr(trouble, st->title))
			fprintf(stderr, "certty: %s\n", trouble);
		else if (st->state == STORE_FAILED)
			fprintf(stderr, "certty: %s: %s\n", st->title, trouble);
	}
}

/* ---- what a person means ---- */

char *cli_find_id(const struct snapshot *snap, enum kind kind, const char *typed)
{
	struct frame f = { .snap = snap, .now = clock_now() };

	return view_find_called(view_table[kind], &f, typed);
}

char *cli_filter(const struct cli *c)
{
	return g_strdup_printf("%s%s%s%s", c->filter ? c->filter : "",
			       c->account ? " account:\"" : "", c->account ? c->account : "",
			       c->account ? "\"" : "");
}
