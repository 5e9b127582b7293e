/*
 * follow: commands until their jobs are over.
 *
 * Numbers of commands are numbers of jobs, so the answer is a look-up in the snapshot.
 */
#include "follow.h"

#include <inttypes.h>
#include <stdio.h>

#include <certty/model/job.h>

#include "form.h"
#include "screen.h"

struct follow_one {
	uint64_t number;
	struct command *command;	/* a copy */
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

static struct command *copy_command(const struct command *c)
{
	struct command *copy = command_new(c->verb->id, NULL);

	copy->is_yes = c->is_yes;
	for (guint i = 0; i < c->targets->len; i++)
		g_ptr_array_add(copy->targets, g_strdup(c->targets->pdata[i]));
	args_free(copy->args);
	copy->args = args_dup(c->args);
	return copy;
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
	one->command = copy_command(c);
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

static const struct job *find_job(const struct screen *s, uint64_t number)
{
	char id[24];
	gssize i;

	snprintf(id, sizeof(id), "%" PRIu64, number);
	i = items_find(s->snap->kind[KIND_JOBS], id);
	return i < 0 ? NULL : s->snap->kind[KIND_JOBS]->item[i];
}

static bool wants_passphrase(const struct job *job)
{
	return job->state == JOB_FAILED && *job->store &&
	       (job->code == ERR_SIGN_IN || job->code == ERR_PASSPHRASE);
}

static void ask_passphrase(struct screen *s, const struct job *job, struct command *again)
{
	struct follow *f = &s->follow;

	g_clear_pointer(&f->again, command_free);
	f->again = again;
	form_open_for(s, command_new(VERB_PASSPHRASE, job->store), job->said);
}

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

static void end_one(struct screen *s, const struct job *job, struct follow_one *one)
{
	struct follow *f = &s->follow;
	bool was_unlocking = f->unlocking == one->number;

	bool asks = !was_unlocking && wants_passphrase(job) && !s->top && !s->is_read_only &&
		    one->command->verb->id != VERB_PASSPHRASE;

	if (asks) {
		ask_passphrase(s, job, g_steal_pointer(&one->command));
		return;
	}
	say_end(s, job, one->command);
	if (was_unlocking) {
		f->unlocking = 0;
		if ((job->state == JOB_DONE || job->state == JOB_PARTLY) && f->again)
			follow_submit(s, g_steal_pointer(&f->again));
		g_clear_pointer(&f->again, command_free);
	}
}

const char *follow_stop(struct screen *s)
{
	for (guint i = s->follow.waiting->len; i-- > 0;) {
		const struct follow_one *one = s->follow.waiting->pdata[i];
		const struct job *job = find_job(s, one->number);

		if (!job || job_is_over(job) || one->command->verb->id == VERB_SHOW)
			continue;
		if (!s->engine.submit(s->engine.who, command_new(VERB_CANCEL, job->id)))
			return NULL;
		return one->command->verb->name;
	}
	return NULL;
}

void follow_look(struct screen *s)
{
	GPtrArray *waiting = s->follow.waiting;

	for (guint i = waiting->len; i-- > 0;) {
		struct follow_one *one = waiting->pdata[i];
		const struct job *job = find_job(s, one->number);

		if (!job || !job_is_over(job))
			continue;
		one = g_ptr_array_steal_index(waiting, i);
		end_one(s, job, one);
		free_one(one);
	}
}
