/*
 * jobs: the columns of work under way and ended.
 */
#include "own.h"

#include <certty/base/clock.h>
#include <certty/model/job.h>

static cell_fn id, verb, target, state, progress, left, said, asked, raw_asked, raw_ended, ended,
	raw_done, raw_of, raw_left, raw_troubles, raw_quiet;
static tone_fn tone_state;
static value_fn v_done, v_of, v_asked, v_ended, v_troubles, v_quiet, v_left;
static order_fn by_state, by_asked;
static query_text_fn field;

/* clang-format off */
static const struct column columns[] = {
	{ "verb",     "JOB",      10,            ALIGN_LEFT,  verb,     NULL,       NULL,       NULL,      NULL,     -1,
	  "what was asked for" },
	{ "target",   "OF",       COLUMN_FLEX,   ALIGN_LEFT,  target,   NULL,       NULL,       NULL,      NULL,     -1,
	  "what it works on" },
	{ "state",    "STATE",    12,            ALIGN_LEFT,  state,    tone_state, NULL,       NULL,      by_state, -1,
	  "how it stands" },
	{ "progress", "DONE",     14,            ALIGN_RIGHT, progress, NULL,       v_done,     raw_done,      NULL,     -1,
	  "how many are done" },
	{ "asked",    "ASKED",    11,            ALIGN_RIGHT, asked,    NULL,       v_asked,    raw_asked, by_asked, -1,
	  "when it was asked for, ISO 8601" },
	{ "said",     "OUTCOME",  COLUMN_FLEX,   ALIGN_LEFT,  said,     NULL,       NULL,       NULL,      NULL,     -1,
	  "the outcome in one sentence" },
	{ "left",     "LEFT",     8,             ALIGN_RIGHT, left,     NULL,       v_left,     raw_left,      NULL,     -1,
	  "seconds that are left at the pace so far, or null" },
	{ "number",   "NUMBER",   COLUMN_HIDDEN, ALIGN_RIGHT, id,       NULL,       NULL,       NULL,      NULL,     -1,
	  "its number" },
	{ "of",       "",         COLUMN_HIDDEN, ALIGN_RIGHT, raw_of,   NULL,       v_of,       NULL,      NULL,     -1,
	  "of how many; 0: not known" },
	{ "ended",    "ENDED",    COLUMN_HIDDEN, ALIGN_RIGHT, ended,    NULL,       v_ended,    raw_ended, NULL,     -1,
	  "when it ended, ISO 8601, or null" },
	{ "troubles", "",         COLUMN_HIDDEN, ALIGN_LEFT,  raw_troubles, NULL,   v_troubles, NULL,      NULL,     -1,
	  "what could not be done, a sentence each" },
	{ "quiet",    "",         COLUMN_HIDDEN, ALIGN_LEFT,  raw_quiet, NULL,      v_quiet,    NULL,      NULL,     -1,
	  "true when nobody asked for it" },
};
/* clang-format on */

const struct view view_jobs = {
	.kind = KIND_JOBS,
	.columns = columns,
	.n_columns = G_N_ELEMENTS(columns),
	.default_order = 4,
	.default_descending = true,
	.id = id,
	.empty = "Nothing has been asked for yet. What certty does for you is listed here.",
	.field = field,
};

/* clang-format off */
CELL_TEXT(job, KIND_JOBS, id, it->id)
CELL_TEXT(job, KIND_JOBS, verb, it->verb)
CELL_TEXT(job, KIND_JOBS, target, it->target)
CELL_TEXT(job, KIND_JOBS, state, job_state_word(it->state))
CELL_TEXT(job, KIND_JOBS, said, it->said ? it->said : "")
CELL_NUMBER(job, KIND_JOBS, raw_done, it->done)
CELL_NUMBER(job, KIND_JOBS, raw_of, it->of)
CELL_LIST(job, KIND_JOBS, raw_troubles, it->troubles, "; ")
CELL_BOOL(job, KIND_JOBS, raw_quiet, it->is_quiet)
CELL_AS_OF(job, KIND_JOBS, asked, it->asked)
CELL_AS_OF(job, KIND_JOBS, ended, it->ended)
CELL_ISO(job, KIND_JOBS, raw_asked, it->asked)
CELL_ISO(job, KIND_JOBS, raw_ended, it->ended)
TONE_OF(job, KIND_JOBS, tone_state, job_state_tone(it->state))
VALUE_OF(job, KIND_JOBS, v_done, json_put_int(w, key, (int64_t)it->done))
VALUE_OF(job, KIND_JOBS, v_of, json_put_int(w, key, (int64_t)it->of))
VALUE_OF(job, KIND_JOBS, v_asked, value_iso(w, key, it->asked))
VALUE_OF(job, KIND_JOBS, v_ended, value_iso(w, key, it->ended))
VALUE_OF(job, KIND_JOBS, v_troubles, value_strings(w, key, it->troubles))
VALUE_OF(job, KIND_JOBS, v_quiet, json_put_bool(w, key, it->is_quiet))
ORDER_BY(job, KIND_JOBS, by_state, it->state)
ORDER_BY(job, KIND_JOBS, by_asked, (int64_t)(it->number & ((UINT64_C(1) << 50) - 1)))
/* clang-format on */

static void progress(GString *out, const struct frame *f, uint32_t row)
{
	const struct job *j = ITEM(job, f, KIND_JOBS, row);

	if (!j->of)
		return;
	text_count(out, j->done);
	g_string_append(out, " of ");
	text_count(out, j->of);
}

static void left(GString *out, const struct frame *f, uint32_t row)
{
	int64_t seconds = job_seconds_left(ITEM(job, f, KIND_JOBS, row), f->now);

	if (seconds >= 0)
		clock_say_span(out, seconds);
}

static void raw_left(GString *out, const struct frame *f, uint32_t row)
{
	int64_t seconds = job_seconds_left(ITEM(job, f, KIND_JOBS, row), f->now);

	if (seconds >= 0)
		g_string_append_printf(out, "%" G_GINT64_FORMAT, seconds);
}

static void v_left(struct json_writer *w, const char *key, const struct frame *f, uint32_t row)
{
	int64_t seconds = job_seconds_left(ITEM(job, f, KIND_JOBS, row), f->now);

	if (seconds >= 0)
		json_put_int(w, key, seconds);
	else
		json_put_null(w, key);
}

static void field(const void *row, enum query_field which, GString *out)
{
	const struct job *j = row;

	if (which == QUERY_ANY)
		g_string_append_printf(out, "%s\n%s\n%s\n%s", j->verb, j->target,
				       job_state_word(j->state), j->said ? j->said : "");
	else if (which == QUERY_STATE)
		g_string_append(out, job_state_word(j->state));
	else if (which == QUERY_STORE)
		g_string_append_printf(out, "%s\n%s", j->store, j->target);
	else if (which == QUERY_TYPE)
		g_string_append(out, j->verb);
}
