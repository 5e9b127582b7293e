/*
 * keyfactor_run: what agents did, each job by its newest run, with what went wrong in the agent's words.
 */
#include "keyfactor_things.h"

#include <string.h>

/* clang-format off */
const struct field keyfactor_run_questions[] = {
	{ "then", FIELD_CHOICE, "What to do", false, NULL, "acknowledge reschedule",
	  "acknowledge that it failed, so that Command counts it no more, or have it done once more" },
	{ NULL }
};

static const struct deed {
	const char *word, *path, *done;
} deeds[] = {
	{ "acknowledge", "/OrchestratorJobs/Acknowledge", "is acknowledged" },
	{ "reschedule",	 "/OrchestratorJobs/Reschedule",  "is to be done once more" },
};
/* clang-format on */

static step_fn changed;

/* ---- the row ---- */

char *keyfactor_run_job(const struct json *j)
{
	g_autofree char *type = keyfactor_text(j, "JobType", 100);
	g_autofree char *machine = keyfactor_text(j, "ClientMachine", 300);
	g_autofree char *agent = keyfactor_text(j, "AgentMachine", 300);
	g_autofree char *path = keyfactor_text(j, "StorePath", KEYFACTOR_TEXT_MAX);

	return g_strdup_printf("%s\n%s\n%s\n%s", type, machine, agent, path);
}

static void add_state(struct object *o, const struct json *j)
{
	bool is_over = keyfactor_history_is_over(j), is_good = keyfactor_history_is_good(j);

	if (!is_over)
		keyfactor_thing_state(o, keyfactor_history_will_retry(j) ? "tried again" : "under way",
				      keyfactor_history_will_retry(j) ? TONE_WARN : TONE_PLAIN);
	else
		keyfactor_thing_state(o, is_good ? "done" :
				      keyfactor_history_has_failed(j) ? "failed" : "unknown",
				      is_good ? TONE_PLAIN : TONE_BAD);
	if (is_over && keyfactor_history_has_failed(j))
		store_set(&o->can, "object-edit");
}

struct object *keyfactor_run_row(const struct op *op, const struct json *j)
{
	g_autofree char *type = keyfactor_text(j, "JobType", 100);
	g_autofree char *machine = keyfactor_text(j, "ClientMachine", 300);
	g_autofree char *path = keyfactor_text(j, "StorePath", KEYFACTOR_TEXT_MAX);
	g_autofree char *words = keyfactor_history_words(j), *key = NULL, *name = NULL;
	struct object *o;
	int64_t number = 0;

	if (!keyfactor_int(j, "JobHistoryId", &number) || number <= 0)
		return NULL;
	key = g_strdup_printf("%" G_GINT64_FORMAT, number);
	name = g_strdup_printf("%s%s%s%s%s", *machine ? machine : "an agent", *path ? ": " : "", path,
			       *type ? " " : "", type);
	o = keyfactor_thing_new(op, KEYFACTOR_RUN, key, name);
	store_set(&o->summary, words);
	add_state(o, j);
	keyfactor_thing_text(o, "agent", j, "AgentMachine");
	object_add_fact(o, "machine", machine);
	object_add_fact(o, "store", path);
	object_add_fact(o, "sort of job", type);
	keyfactor_thing_time(o, "begun", j, "OperationStart");
	keyfactor_thing_time(o, "ended", j, "OperationEnd");
	keyfactor_thing_text(o, "schedule", j, "Schedule");
	keyfactor_thing_text(o, "its words", j, "Message");
	keyfactor_thing_text(o, "job", j, "JobId");
	object_add_fact(o, "number of the run", key);
	return o;
}

/* ---- changed ---- */

static const struct deed *deed_of(const struct op *op, GError **error)
{
	const char *word = args_text(op->args, "then", "");

	for (size_t i = 0; i < G_N_ELEMENTS(deeds); i++)
		if (!strcmp(word, deeds[i].word))
			return &deeds[i];
	g_set_error(error, ERR, ERR_USAGE, "say what shall be done about it: acknowledge, or reschedule");
	return NULL;
}

static char *body_of(const struct op *op)
{
	return keyfactor_thing_ids("JobAuditIds", object_key(op->object), false);
}

struct next keyfactor_run_edit(struct op *op, const struct reply *none)
{
	GError *error = NULL;
	const struct deed *d = deed_of(op, &error);
	g_autofree char *body = body_of(op);

	(void)none;
	return d ? next_send(keyfactor_thing_send(op, "POST", d->path, body), changed) :
		   next_fail_error(op, error);
}

static struct next changed(struct op *op, const struct reply *r)
{
	const struct deed *d = deed_of(op, NULL);
	g_autofree char *tried = g_strdup_printf("asking for that (POST %s)", d->path);

	if (!keyfactor_thing_is_done(r))
		return keyfactor_fail(op, r, tried);
	op_touch(op, op->store->id);
	op_say(op, "%s %s", op->object->name, d->done);
	return next_done();
}

bool keyfactor_run_planned_edit(struct op *op, struct plan *p, GError **error)
{
	const struct deed *d = deed_of(op, error);
	g_autofree char *post = d ? g_strconcat("POST ", d->path, NULL) : NULL, *body = body_of(op);

	if (!d)
		return false;
	keyfactor_planned_call(op, p, PLAN_CHANGES, post, op->object->name);
	plan_not(p, "the agent does nothing before it asks Command for jobs again");
	keyfactor_planned_run(op, p, "POST", d->path, body);
	return true;
}
