/*
 * run: one bounded pass without a person: everything is read again, what is allowed to start alone
 * is started and waited for, and notices are sent.
 *
 * What may start is decided where it always is: deployments and renewals each look for their own
 * after every change of a table.  A pass lets them, waits until nothing goes on any more, and tells
 * what came of it.  It answers no question and accepts no warning but those that the rule of an
 * account has word for word.  Of all processes one at a time makes a pass.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>

#define LOOK_MS 100

struct run {
	struct engine *engine;
	int64_t until;		/* ticks */
	bool is_cut;		/* the time was up */
	size_t phase;		/* the next one */
	GPtrArray *started;	/* ids of the jobs (char *), in that order */
};

static step_fn run_due, look;
static void run_done(void *scratch);

const struct provider provider_run = {
	.verb = { [VERB_RUN] = run_due },
	.plan = { [VERB_RUN] = dry_pass },
	.scratch = sizeof(struct run),
	.scratch_done = run_done,
	.at_once_store = 1,
};

static void run_done(void *scratch)
{
	struct run *r = scratch;

	if (r->engine && r->engine->run == r)
		r->engine->run = NULL;
	g_clear_pointer(&r->started, g_ptr_array_unref);
}

/* ---- what is started without a person ---- */

bool run_acts_alone(const struct engine *e)
{
	return (e->config.refreshes_itself || (e->run && !e->run->is_cut)) &&
	       !e->config.is_offline && !e->config.is_read_only;
}

void run_start_alone(struct engine *e, struct command *c)
{
	uint64_t number = engine_own_number(e);

	if (e->run)
		g_ptr_array_add(e->run->started, g_strdup_printf("%" G_GUINT64_FORMAT, number));
	task_start(e, number, c, true);
}

bool run_has_begun(const struct engine *e, enum verb_id verb)
{
	for (guint i = 0; i < e->tasks->len; i++) {
		const struct task *t = e->tasks->pdata[i];

		if (t->command->verb->id == verb && t->job->is_quiet)
			return true;
	}
	return false;
}

/* ---- a pass: one thing after the other ---- */

/* Where secrets are kept in certty's own file, a timer brings its passphrase along. */
static struct command *unlock(const struct op *op)
{
	const struct secret *passphrase = args_secret(op->args, "passphrase");
	struct command *c = passphrase ? command_new(VERB_UNLOCK, NULL) : NULL;

	if (c) {
		args_set(c->args, "what", "file");
		args_put_secret(c->args, "passphrase", secret_dup(passphrase));
	}
	return c;
}

static struct command *refresh(const struct op *op)
{
	(void)op;
	return command_new(VERB_REFRESH, NULL);
}

static struct command *notify(const struct op *op)
{
	const struct run *r = op->scratch;
	const struct engine *e = r->engine;
	bool tells = *settings_groups(e->config.settings, "notice ") && !e->config.is_read_only;

	return tells ? command_new(VERB_NOTIFY, NULL) : NULL;
}

/* What each begins with; NULL: it is left out.  What may start alone does behind each of them. */
static struct command *(*const phases[])(const struct op *op) = { unlock, refresh, notify };

/* False: there is none left. */
static bool begin_next(struct op *op)
{
	struct run *r = op->scratch;
	struct command *c = NULL;

	while (!c && r->phase < G_N_ELEMENTS(phases))
		c = phases[r->phase++](op);
	if (c)
		run_start_alone(r->engine, c);
	return c;
}

static bool is_anything_going_on(const struct engine *e)
{
	for (guint i = 0; i < e->tasks->len; i++)
		if (((struct task *)e->tasks->pdata[i])->job->is_quiet)
			return true;
	return e->known.tables_changed || e->deploys_due || e->approvals_due || e->enrolls_due ||
	       renewals_due(e) <= clock_ticks() || account_stores_are_looked_for(e);
}

static void stop_all(const struct run *r)
{
	for (guint i = 0; i < r->started->len; i++)
		task_cancel(r->engine, r->started->pdata[i]);
}

bool run_may_pass(const struct op *op, GError **error)
{
	if (!args_bool(op->args, "due"))
		g_set_error(error, ERR, ERR_USAGE, "a pass does what is due: say --due");
	else if (operation_of((struct op *)op)->engine->config.is_offline)
		g_set_error(error, ERR, ERR_REFUSED, "offline: nothing is refreshed or started");
	else
		return true;
	return false;
}

static struct next run_due(struct op *op, const struct reply *none)
{
	struct run *r = op->scratch;
	struct operation *o = operation_of(op);
	struct engine *e = o->engine;
	int64_t seconds = 0;
	GError *error = NULL;

	(void)none;
	if (!run_may_pass(op, &error))
		return next_fail_error(op, error);
	if (!start_lock(e, "run", &error)) {
		g_prefix_error(&error, "there is a pass already: ");
		return next_fail_error(op, error);
	}
	o->lock = g_strdup("run");
	clock_read_span(args_text(op->args, "for", "10m"), &seconds);
	r->engine = e;
	r->until = clock_ticks() + seconds * 1000000;
	r->started = g_ptr_array_new_with_free_func(g_free);
	e->run = r;
	e->enrolls_due = true;
	begin_next(op);
	return next_wait(LOOK_MS, look);
}

/* ---- what came of it ---- */

static const struct {
	const char *verb, *done, *failed;
} labels[] = {
	{ "refresh", "Refreshed", "Not refreshed" }, { "renew", "Renewed", "Not renewed" },
	{ "approve", "Approved", "Not approved" },   { "sync", "Went on", "Not gone on" },
	{ "redeploy", "Deployed", "Not deployed" },  { "notify", "Notices", "Not told" },
	{ "unlock", "Secrets", "Not unlocked" },
};

static const char *label_of(const struct job *j)
{
	for (size_t i = 0; i < G_N_ELEMENTS(labels); i++)
		if (!strcmp(labels[i].verb, j->verb))
			return j->state == JOB_FAILED || j->state == JOB_CANCELLED ?
				labels[i].failed : labels[i].done;
	return j->verb;
}

static enum tone tone_of(const struct job *j)
{
	return j->state == JOB_DONE ? TONE_GOOD : j->state == JOB_PARTLY ? TONE_WARN : TONE_BAD;
}

static const char *name_of(const struct engine *e, const struct job *j)
{
	const struct request *r = shelf_get(e->known.shelf[KIND_REQUESTS], j->target);
	const struct deploy *d = shelf_get(e->known.shelf[KIND_DEPLOYS], j->target);

	return r ? r->title : d ? d->title : j->target;
}

static bool is_of_one_thing(const struct job *j)
{
	return !strcmp(j->verb, "renew") || !strcmp(j->verb, "redeploy") || !strcmp(j->verb, "approve");
}

static void tell_job(struct op *op, const struct job *j)
{
	const struct engine *e = operation_of(op)->engine;
	const char *said = j->said ? j->said : job_state_word(j->state);
	bool is_of_one = is_of_one_thing(j), is_named;

	is_named = !is_of_one || g_str_has_prefix(said, name_of(e, j));
	detail_add(op->detail, tone_of(j), label_of(j), "%s%s%s", is_named ? "" : name_of(e, j),
		   is_named ? "" : ": ", said);
	if (j->state == JOB_DONE)
		return;
	if (!*j->troubles)
		op_trouble(op, "%s%s%s: %s", j->verb, is_named ? "" : " ",
			   is_named ? "" : name_of(e, j), said);
	for (char **t = j->troubles; *t; t++)
		op_trouble(op, "%s: %s", j->verb, *t);
}

/* What waits for a person, the nearest deadline first. */
static void tell_waiting(struct op *op)
{
	struct engine *e = operation_of(op)->engine;
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_REQUESTS]);
	g_autoptr(GString) until = g_string_new(NULL);
	int64_t first = 0;
	guint n = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct request *r = all->item[i];

		if (!request_is_waiting(r))
			continue;
		n++;
		if (r->due && (!first || r->due < first))
			first = r->due;
	}
	if (first)
		clock_say_until(until, op->now, first);
	detail_add(op->detail, n ? TONE_NOTICE : TONE_PLAIN, "Waiting", "%u request%s%s%s", n,
		   n == 1 ? "" : "s", first ? ", the first ends " : "", until->str);
}

static struct next tell(struct op *op)
{
	struct run *r = op->scratch;
	guint done = 0;

	op->detail = detail_new("jobs/run", "A pass");
	op->detail->made = op->now;
	for (guint i = 0; i < r->started->len; i++) {
		const struct job *j = shelf_get(r->engine->known.shelf[KIND_JOBS],
						r->started->pdata[i]);

		if (j)
			tell_job(op, j);
		done += j && is_of_one_thing(j) && j->state == JOB_DONE;
	}
	approvals_show_all(r->engine, op->detail);
	tell_waiting(op);
	if (r->is_cut)
		op_trouble(op, "the time was up, and what was not over is left for the next pass");
	op_say(op, "a pass: %u renewed, deployed or approved%s", done,
	       op->troubles->len ? ", and not all went well" : "");
	return next_done();
}

static struct next look(struct op *op, const struct reply *none)
{
	struct run *r = op->scratch;
	struct engine *e = r->engine;

	(void)none;
	op->now = clock_now();
	if (!r->is_cut && clock_ticks() >= r->until) {
		r->is_cut = true;
		stop_all(r);
		return next_wait(LOOK_MS, look);
	}
	if (e->known.tables_changed)
		publish_certs(e);
	if (!r->is_cut && (is_anything_going_on(e) || begin_next(op)))
		return next_wait(LOOK_MS, look);
	return tell(op);
}
