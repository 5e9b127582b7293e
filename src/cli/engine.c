/*
 * engine: an engine for one command: started, waited for, and its answer told.
 */
#include "own.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>
#include <certty/model/job.h>
#include <certty/model/store.h>
#include <certty/model/x509.h>

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

int cli_width(void)
{
	struct winsize w;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col ? w.ws_col : 200;
}

void cli_print(const GString *text)
{
	fwrite(text->str, 1, text->len, stdout);
}

/* ---- opening ---- */

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
	if (!engine_start(e, error)) {
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

struct telling {
	uint64_t number;
	bool told;
};

static const struct job *job_of(const struct snapshot *s, uint64_t number)
{
	g_autofree char *id = g_strdup_printf("%" G_GUINT64_FORMAT, number);
	gssize i = items_find(s->kind[KIND_JOBS], id);

	return i < 0 ? NULL : s->kind[KIND_JOBS]->item[i];
}

/* Progress is for a person at a terminal; scripts read the end. */
static void tell_progress(const struct snapshot *s, void *who)
{
	struct telling *t = who;
	const struct job *j = job_of(s, t->number);

	if (!j || !j->of || !isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\r%s: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT "\033[K", j->verb,
		j->done, j->of);
	t->told = true;
}

void cli_do(struct engine *e, struct command *command, struct cli_outcome *ret)
{
	struct telling t = { .number = engine_submit(e, command) };
	const struct job *j;

	memset(ret, 0, sizeof(*ret));
	ret->snap = engine_wait_for(e, t.number, -1, tell_progress, &t);
	if (t.told)
		fputs("\r\033[K", stderr);
	j = job_of(ret->snap, t.number);
	ret->failed = j->state == JOB_FAILED || j->state == JOB_CANCELLED;
	ret->partly = j->state == JOB_PARTLY;
	ret->code = j->state == JOB_CANCELLED ? ERR_CANCELLED : j->code;
	ret->said = g_strdup(j->said);
	ret->troubles = g_strdupv(j->troubles);
}

void cli_outcome_done(struct cli_outcome *o)
{
	snapshot_unref(o->snap);
	g_free(o->said);
	g_strfreev(o->troubles);
}

/* ---- what is fresh enough to be shown ---- */

static struct command *what_is_old(const struct cli *c, const struct snapshot *s)
{
	int64_t every = settings_int(c->settings, "refresh", "interval") * CLOCK_MINUTE;
	struct command *refresh = command_new(VERB_REFRESH, NULL);
	const struct items *stores = s->kind[KIND_STORES];

	for (size_t i = 0; i < stores->n; i++) {
		const struct store *st = stores->item[i];
		bool is_old = every > 0 && st->tried + every < clock_now();

		if (!st->tried || is_old)
			g_ptr_array_add(refresh->targets, g_strdup(st->id));
	}
	if (refresh->targets->len)
		return refresh;
	command_free(refresh);
	return NULL;
}

struct snapshot *cli_fresh(struct cli *c, struct engine *e)
{
	struct snapshot *s = engine_wait_loaded(e);
	struct command *refresh = c->is_offline ? NULL : what_is_old(c, s);
	struct cli_outcome o;

	if (!refresh)
		return s;
	engine_give_back(e, s);
	cli_do(e, refresh, &o);
	s = snapshot_ref(o.snap);
	cli_outcome_done(&o);
	return s;
}
