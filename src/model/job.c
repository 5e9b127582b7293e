/*
 * job: making, copying and freeing jobs, the words for their states, and how long is left.
 */
#include <certty/model/job.h>

#include <inttypes.h>

#include "item_own.h"

static const struct own own[] = {
	{ OWN_TEXT, offsetof(struct job, target) },
	{ OWN_TEXT, offsetof(struct job, store) },
	{ OWN_TEXT, offsetof(struct job, account) },
	{ OWN_MAYBE, offsetof(struct job, said) },
	{ OWN_LIST, offsetof(struct job, troubles) },
	{ OWN_END },
};

static const struct {
	const char *word;
	enum tone tone;
} states[JOB_STATE_COUNT] = {
	[JOB_WAITING]   = { "waiting",      TONE_DIM },
	[JOB_RUNNING]   = { "running",      TONE_NOTICE },
	[JOB_DONE]      = { "done",         TONE_GOOD },
	[JOB_PARTLY]    = { "done in part", TONE_WARN },
	[JOB_FAILED]    = { "failed",       TONE_BAD },
	[JOB_CANCELLED] = { "cancelled",    TONE_DIM },
};

struct job *job_new(uint64_t number)
{
	char id[24];
	struct job *j;

	g_snprintf(id, sizeof(id), "%" PRIu64, number);
	j = item_new(sizeof(*j), own, id);
	j->number = number;
	j->verb = "";
	return j;
}

struct job *job_dup(const struct job *j)
{
	return item_dup(j, sizeof(*j), own);
}

struct job *job_ref(struct job *j)
{
	return item_ref(j);
}

void job_unref(struct job *j)
{
	item_drop(j, own);
}

bool job_is_over(const struct job *j)
{
	return j->state != JOB_WAITING && j->state != JOB_RUNNING;
}

const char *job_state_word(enum job_state state)
{
	return (unsigned)state < JOB_STATE_COUNT ? states[state].word : "";
}

enum tone job_state_tone(enum job_state state)
{
	return (unsigned)state < JOB_STATE_COUNT ? states[state].tone : TONE_UNKNOWN;
}

int64_t job_seconds_left(const struct job *j, int64_t now)
{
	double took = (double)now - (double)j->began;
	int64_t least = j->until > now ? j->until - now : -1;

	if (j->state != JOB_RUNNING)
		return -1;
	if (!j->done || j->done > j->of || took < 1)
		return least;
	return MAX(least, (int64_t)(took * (double)(j->of - j->done) / (double)j->done + 0.5));
}

static void unref(void *item)
{
	job_unref(item);
}

/* The newest first. */
static int compare(const void *a, const void *b)
{
	const struct job *x = a, *y = b;

	return ITEM_ORDER(y->number, x->number);
}

const struct item_type job_type = { KIND_JOBS, item_id, item_ref, unref, compare };
