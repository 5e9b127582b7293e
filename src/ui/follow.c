/*
 * follow: commands until their jobs are over.
 *
 * Numbers of commands are numbers of jobs, so the answer is a look-up in the snapshot.
 */
#include "follow.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <certty/model/job.h>
#include <certty/model/request.h>

#include "act.h"
#include "form.h"
#include "question.h"
#include "screen.h"
#include "wizard.h"

struct follow_one {
	uint64_t number;
	struct command *command;	/* a copy */
	bool is_stopped;		/* which was said already, with what to do next */
};

static void free_one(void *data)
{
	struct follow_one *one = data;

	command_free(one->command);
	g_free(one);
}

void follow_init(struct follow *f)
{
	*f = (struct follow){ .waiting = g_ptr_array_new_with_free_func(free_one) };
}

void follow_done(struct follow *f)
{
	g_clear_pointer(&f->waiting, g_ptr_array_unref);
	g_clear_pointer(&f->again, command_free);
}

uint64_t follow_submit(struct screen *s, struct command *c)
{
	struct follow_one *one;
	uint64_t number;

	if (!s->engine.submit) {
		command_free(c);
		return 0;
	}
	one = g_new0(struct follow_one, 1);
	one->command = command_dup(c);
	number = s->engine.submit(s->engine.who, c);
	if (!number) {
		free_one(one);
		screen_say_failure(s, "The engine is busy with earlier orders: try again in "
				      "a moment.");
		return 0;
	}
	one->number = number;
	g_ptr_array_add(s->follow.waiting, one);
	return number;
}

void follow_watch(struct screen *s, uint64_t number, enum verb_id verb)
{
	struct follow_one *one = g_new0(struct follow_one, 1);

	one->number = number;
	one->command = command_new(verb, NULL);
	g_ptr_array_add(s->follow.waiting, one);
}

const struct job *follow_find(const struct screen *s, uint64_t number)
{
	char id[24];
	gssize i;

	snprintf(id, sizeof(id), "%" PRIu64, number);
	i = items_find(s->snap->kind[KIND_JOBS], id);
	return i < 0 ? NULL : s->snap->kind[KIND_JOBS]->item[i];
}

const char *follow_new_name(const struct screen *s, const char *account)
{
	for (guint i = s->follow.waiting->len; i-- > 0;) {
		const struct follow_one *one = s->follow.waiting->pdata[i];
		const struct command *c = one->command;

		if (c->verb->id == VERB_ACCOUNT_RENAME && c->targets->len == 1 &&
		    !strcmp(c->targets->pdata[0], account))
			return args_get(c->args, "name");
	}
	return NULL;
}

/* ---- what was missing ---- */

/* What a person gives, by what a job wanted. */
static const struct remedy {
	enum want want;
	enum verb_id verb;
	const char *what;	/* of VERB_UNLOCK */
} remedies[] = {
	{ WANT_KEYRING, VERB_UNLOCK, "keyring" },   { WANT_FILE, VERB_UNLOCK, "file" },
	{ WANT_CODE, VERB_ACCOUNT_TEST, NULL },	    { WANT_SIGN_IN, VERB_ACCOUNT_TEST, NULL },
	{ WANT_SECRET, VERB_ACCOUNT_ROTATE, NULL },
};

bool follow_is_remedy(const struct verb *v)
{
	for (size_t i = 0; i < G_N_ELEMENTS(remedies); i++)
		if (v->id == remedies[i].verb)
			return true;
	return v->id == VERB_PASSPHRASE;
}

void follow_give_up(struct screen *s)
{
	g_clear_pointer(&s->follow.again, command_free);
}

void follow_remedied(struct screen *s)
{
	if (s->follow.again)
		follow_submit(s, g_steal_pointer(&s->follow.again));
}

static const struct remedy *remedy_for(const struct job *job)
{
	for (size_t i = 0; i < G_N_ELEMENTS(remedies); i++)
		if (job->wants == remedies[i].want)
			return &remedies[i];
	return NULL;
}

/* What was done in part is not done once more, unless it only looks and a code is all it takes. */
static bool may_go_on(const struct job *job, const struct command *done)
{
	return job->state == JOB_FAILED ||
	       (job->state == JOB_PARTLY && job->wants == WANT_CODE && done->verb->id == VERB_REFRESH);
}

/* The command that gives what was missing, or NULL. */
static struct command *remedy_of(const struct job *job, const struct command *done)
{
	const struct remedy *r = remedy_for(job);
	struct command *c;

	if (!may_go_on(job, done) ||
	    (job->code != ERR_SIGN_IN && job->code != ERR_PASSPHRASE))
		return NULL;
	if (!r)
		return *job->store ? command_new(VERB_PASSPHRASE, job->store) : NULL;
	if (r->verb != VERB_UNLOCK && !*job->account)
		return NULL;
	c = command_new(r->verb, r->verb == VERB_UNLOCK ? NULL : job->account);
	args_set(c->args, "what", r->what);
	return c;
}

static void ask_for(struct screen *s, const struct job *job, struct command *remedy,
		    struct command *again)
{
	follow_give_up(s);
	s->follow.again = again;
	if (remedy->verb->id == VERB_ACCOUNT_ROTATE) {
		wizard_open_account(s, remedy, job->said);
	} else if (job->wants == WANT_SIGN_IN) {
		screen_say(s, ROLE_notice, "%s", job->said ? job->said : job->account);
		question_open(s, remedy);
	} else {
		form_open_for(s, remedy, job->said);
	}
}

/* True when it is asked for; then the command is kept until it is known. */
static bool remedy(struct screen *s, const struct job *job, struct follow_one *one)
{
	bool is_itself = one->command->verb->id == VERB_ACCOUNT_TEST;
	struct command *c;

	if (s->top || s->is_read_only || one->command->verb->id == VERB_PASSPHRASE ||
	    one->command->verb->id == VERB_UNLOCK || (is_itself && job->wants == WANT_SIGN_IN))
		return false;
	c = remedy_of(job, one->command);
	if (!c)
		return false;
	/* A test with the code is the test that was asked for. */
	ask_for(s, job, c, is_itself && c->verb->id == VERB_ACCOUNT_TEST ?
			   NULL : g_steal_pointer(&one->command));
	return true;
}

/* Once more from the beginning, with what waits for it. */
static void ask_once_more(struct screen *s, const struct job *job, struct follow_one *one)
{
	struct command *c = command_new(one->command->verb->id, NULL);

	args_set(c->args, "what", args_get(one->command->args, "what"));
	form_open_for(s, c, job->said);
}

/* ---- how they end ---- */

static void say_end(struct screen *s, const struct job *job, const struct command *c)
{
	g_autofree char *said = g_strdup(job->said);

	if (!said)
		said = g_strdup_printf("%s: %s", c->verb->name, job_state_word(job->state));
	if (job->state == JOB_FAILED || job->state == JOB_PARTLY) {
		screen_say_failure(s, "%s", said);
		s->tab[KIND_JOBS].has_news |= s->current != KIND_JOBS;
	} else if (c->verb->id != VERB_SHOW) {
		screen_say(s, ROLE_notice, "%s", said);
	}
}

/* The newest request of that store, or that enrolment, that was made since the order was given. */
static const struct request *request_of(const struct screen *s, const struct job *job,
					const struct command *c)
{
	const struct items *all = s->snap->kind[KIND_REQUESTS];
	const char *store = c->targets->len ? c->targets->pdata[0] : "";
	const struct request *newest = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const struct request *r = all->item[i];
		bool fits = c->verb->id == VERB_ENROLL ? !strcmp(r->type, c->verb->name) :
							  !strcmp(r->store, store);

		if (fits && r->since >= job->asked &&
		    (!newest || r->since > newest->since))
			newest = r;
	}
	return newest;
}

/* What was ordered is where one looks next, unless one has gone elsewhere meanwhile. */
static void go_to_request(struct screen *s, const struct job *job, const struct command *c)
{
	const struct request *r = request_of(s, job, c);

	if (!r || s->top || (s->current != KIND_STORES && s->current != KIND_REQUESTS))
		return;
	screen_go(s, KIND_REQUESTS);
	screen_go_to(s, r->id);
}

static void end_one(struct screen *s, const struct job *job, struct follow_one *one)
{
	struct follow *f = &s->follow;
	bool was_unlocking = f->unlocking == one->number;

	if (one->command->is_dry)
		return;		/* whoever asked for the plan shows it */
	if (was_unlocking)
		f->unlocking = 0;
	if (one->command->verb->id == VERB_UNLOCK && job->state == JOB_FAILED &&
	    job->code == ERR_PASSPHRASE && !s->top) {
		ask_once_more(s, job, one);
		return;
	}
	if (!was_unlocking && remedy(s, job, one))
		return;
	if (!one->is_stopped || job->state != JOB_CANCELLED)
		say_end(s, job, one->command);
	if (one->command->verb->id == VERB_ORDER || one->command->verb->id == VERB_ENROLL)
		go_to_request(s, job, one->command);
	if (one->command->verb->id == VERB_DOCTOR && job->state != JOB_FAILED)
		findings_open_doctor(s);
	if (one->command->verb->id == VERB_SERVED && job->state != JOB_FAILED)
		findings_open_served(s);
	if ((one->command->verb->id == VERB_OBJECT_HISTORY || one->command->verb->id == VERB_HISTORY) &&
	    job->state != JOB_FAILED)
		findings_open_history(s, one->command);
	if (one->command->verb->id == VERB_WHY && job->state != JOB_FAILED) {
		findings_open_why(s, one->command);
		if (s->pane.id && s->pane.kind == KIND_DOMAINS)	/* whose details say it, too */
			pane_ask(s, s->pane.kind, s->pane.id);
	}
	if (!was_unlocking)
		return;
	if (job->state == JOB_DONE || job->state == JOB_PARTLY)
		follow_remedied(s);
	else
		follow_give_up(s);
}

const char *follow_stop(struct screen *s)
{
	for (guint i = s->follow.waiting->len; i-- > 0;) {
		struct follow_one *one = s->follow.waiting->pdata[i];
		const struct job *job = follow_find(s, one->number);

		if (!job || job_is_over(job) || one->command->verb->id == VERB_SHOW ||
		    one->command->is_dry)
			continue;
		if (!s->engine.submit(s->engine.who, command_new(VERB_CANCEL, job->id)))
			return NULL;
		one->is_stopped = true;
		return one->command->verb->name;
	}
	return NULL;
}

void follow_look(struct screen *s)
{
	GPtrArray *waiting = s->follow.waiting;

	for (guint i = waiting->len; i-- > 0;) {
		struct follow_one *one = waiting->pdata[i];
		const struct job *job = follow_find(s, one->number);

		if (!job || !job_is_over(job))
			continue;
		one = g_ptr_array_steal_index(waiting, i);
		end_one(s, job, one);
		free_one(one);
	}
}
