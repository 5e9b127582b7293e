/*
 * requests: the columns of what waits: for whom, until when, and what moves it on.
 */
#include "own.h"

#include <string.h>

#include <certty/model/request.h>
#include <certty/model/store.h>

static cell_fn id, waits_for, title, where, state, stands, next, since, due, oddities, result,
	reason, can, type, rule, raw_waits, raw_since, raw_due, raw_oddities, raw_names,
	raw_where, raw_theirs, raw_next, raw_records;
static tone_fn tone_state, tone_due;
static value_fn v_names, v_since, v_due, v_result, v_oddities, v_theirs, v_next, v_can, v_records;
static order_fn by_since, by_due, by_state;
static query_text_fn field;
static query_time_fn when;

/* clang-format off */
static const struct column columns[] = {
	{ "waits_for", "WAITS FOR", 12,            ALIGN_LEFT,  waits_for, tone_state, NULL,     raw_waits, by_state, -1,
	  "whom or what it waits for" },
	{ "title",     "WHAT",      COLUMN_FLEX,   ALIGN_LEFT,  title,     NULL,       NULL,     NULL,      NULL,     -1,
	  "what it is about" },
	{ "due",       "DUE",       9,             ALIGN_RIGHT, due,       tone_due,   v_due,    raw_due,   by_due,   -1,
	  "its deadline, ISO 8601; null for none" },
	{ "theirs",    "STATE",     28,            ALIGN_LEFT,  stands,    tone_state, v_theirs, raw_theirs, by_state, -1,
	  "the provider's own word for that, or null" },
	{ "next",      "NEXT",      8,             ALIGN_LEFT,  next,      NULL,       v_next,   raw_next,  NULL,     -1,
	  "the verb that moves it on, or null" },
	{ "where",     "WHERE",     COLUMN_FLEX,   ALIGN_LEFT,  where,     NULL,       NULL,     raw_where, NULL,     -1,
	  "the id of the store it is asked of" },
	{ "since",     "SINCE",     11,            ALIGN_RIGHT, since,     NULL,       v_since,  raw_since, by_since, -1,
	  "since when, ISO 8601" },
	{ "oddities",  "NOTICE",    COLUMN_FLEX,   ALIGN_LEFT,  oddities,  NULL,       v_oddities, raw_oddities,      NULL,     -1,
	  "what a reviewer should notice" },
	{ "state",     "STANDING",  COLUMN_HIDDEN, ALIGN_LEFT,  state,     tone_state, NULL,     NULL,      by_state, -1,
	  "how it stands" },
	{ "names",     "NAMES",     COLUMN_HIDDEN, ALIGN_LEFT,  raw_names, NULL,       v_names,  NULL,      NULL,     -1,
	  "the names it asks for" },
	{ "reason",    "REASON",    COLUMN_HIDDEN, ALIGN_LEFT,  reason,    NULL,       NULL,     NULL,      NULL,     -1,
	  "why it was denied or failed" },
	{ "result",    "RESULT",    COLUMN_HIDDEN, ALIGN_LEFT,  result,    NULL,       v_result, NULL,      NULL,     -1,
	  "SHA-256 of the certificate that came of it, or null" },
	{ "can",       "TAKES",     COLUMN_HIDDEN, ALIGN_LEFT,  can,       NULL,       v_can,    can,       NULL,     -1,
	  "the verbs that it takes as it stands, the one it waits for first" },
	{ "records",   "RECORDS",   COLUMN_HIDDEN, ALIGN_LEFT,  raw_records, NULL,     v_records, NULL,     NULL,     -1,
	  "the DNS records that it waits for, as a zone file has them" },
	{ "type",      "TYPE",      COLUMN_HIDDEN, ALIGN_LEFT,  type,      NULL,       NULL,     NULL,      NULL,     -1,
	  "what sort it is: sign, order, renewal, deploy, renew and the like" },
	{ "rule",      "RULE",      COLUMN_HIDDEN, ALIGN_LEFT,  rule,      NULL,       NULL,     NULL,      NULL,     -1,
	  "what the rule of its account about approving says of it; empty for none" },
};
/* clang-format on */

const struct view view_requests = {
	.kind = KIND_REQUESTS,
	.columns = columns,
	.n_columns = G_N_ELEMENTS(columns),
	.default_order = 2,
	.id = id,
	.empty = "Nothing waits for anybody. Orders from services and what their renewals need "
		 "appear here, and requests to the local CA (local.ca-folder).",
	.field = field,
	.time = when,
};

/* The nearest deadline first; without one, after all that have one, the oldest first. */
#define DUE(r) ((r)->due ? (r)->due : INT64_MAX / 2 + (r)->since)

static enum tone tone_of_due(const struct request *r, int64_t now)
{
	if (!r->due || !request_is_waiting(r))
		return TONE_DIM;
	return r->due < now ? TONE_BAD : r->due < now + 86400 ? TONE_WARN : TONE_PLAIN;
}

/* clang-format off */
CELL_TEXT(request, KIND_REQUESTS, id, it->id)
CELL_TEXT(request, KIND_REQUESTS, title, it->title)
CELL_TEXT(request, KIND_REQUESTS, raw_where, it->store)
CELL_LIST(request, KIND_REQUESTS, raw_names, it->names, " ")
CELL_TEXT(request, KIND_REQUESTS, state, request_state_word(it->state))
CELL_TEXT(request, KIND_REQUESTS, stands, *it->rule ? it->rule : *it->theirs ? it->theirs : request_state_word(it->state))
CELL_TEXT(request, KIND_REQUESTS, rule, it->rule)
CELL_TEXT(request, KIND_REQUESTS, raw_theirs, it->theirs)
CELL_TEXT(request, KIND_REQUESTS, can, it->can)
CELL_TEXT(request, KIND_REQUESTS, type, it->type)
CELL_TEXT(request, KIND_REQUESTS, waits_for, request_is_waiting(it) ? request_waits_for(it->state) : request_state_word(it->state))
CELL_TEXT(request, KIND_REQUESTS, raw_waits, request_waits_for(it->state))
CELL_TEXT(request, KIND_REQUESTS, reason, it->reason)
CELL_TEXT(request, KIND_REQUESTS, result, it->result)
CELL_UNTIL(request, KIND_REQUESTS, due, it->due)
CELL_AS_OF(request, KIND_REQUESTS, since, it->since)
CELL_ISO(request, KIND_REQUESTS, raw_due, it->due)
CELL_ISO(request, KIND_REQUESTS, raw_since, it->since)
TONE_OF(request, KIND_REQUESTS, tone_state, request_state_tone(it->state))
TONE_OF(request, KIND_REQUESTS, tone_due, tone_of_due(it, f->now))
VALUE_OF(request, KIND_REQUESTS, v_names, value_strings(w, key, it->names))
VALUE_OF(request, KIND_REQUESTS, v_theirs, json_put_str(w, key, *it->theirs ? it->theirs : NULL))
VALUE_OF(request, KIND_REQUESTS, v_since, value_iso(w, key, it->since))
VALUE_OF(request, KIND_REQUESTS, v_due, value_iso(w, key, it->due))
VALUE_OF(request, KIND_REQUESTS, v_result, json_put_str(w, key, *it->result ? it->result : NULL))
ORDER_BY(request, KIND_REQUESTS, by_since, it->since)
ORDER_BY(request, KIND_REQUESTS, by_due, request_is_waiting(it) ? DUE(it) : INT64_MAX - it->since)
ORDER_BY(request, KIND_REQUESTS, by_state, it->state)
/* clang-format on */

static void where(GString *out, const struct frame *f, uint32_t row)
{
	const struct request *r = ITEM(request, f, KIND_REQUESTS, row);
	const struct items *stores = f->snap->kind[KIND_STORES];
	gssize i = items_find(stores, r->store);

	g_string_append(out, i < 0 ? r->store : ((const struct store *)stores->item[i])->title);
}

/* A request of which nothing else is known waits for a yes or a no. */
static void next(GString *out, const struct frame *f, uint32_t row)
{
	const struct request *r = ITEM(request, f, KIND_REQUESTS, row);

	if (*r->can)
		g_string_append_len(out, r->can, (gssize)strcspn(r->can, " "));
	else if (r->state == REQUEST_WAITS_PERSON)
		g_string_append(out, verb_table[VERB_APPROVE].name);
}

static void raw_next(GString *out, const struct frame *f, uint32_t row)
{
	next(out, f, row);
}

static void v_next(struct json_writer *w, const char *key, const struct frame *f, uint32_t row)
{
	g_autoptr(GString) verb = g_string_new(NULL);

	next(verb, f, row);
	json_put_str(w, key, verb->len ? verb->str : NULL);
}

/* A text of several, each behind such a character; none of an empty text. */
static char **parts_of(const char *text, const char *between)
{
	return *text ? g_strsplit(text, between, -1) : g_new0(char *, 1);
}

static void v_can(struct json_writer *w, const char *key, const struct frame *f, uint32_t row)
{
	g_auto(GStrv) verbs = parts_of(ITEM(request, f, KIND_REQUESTS, row)->can, " ");

	value_strings(w, key, verbs);
}

static void raw_records(GString *out, const struct frame *f, uint32_t row)
{
	g_auto(GStrv) lines = parts_of(ITEM(request, f, KIND_REQUESTS, row)->records, "\n");

	cell_list(out, lines, "; ");
}

static void v_records(struct json_writer *w, const char *key, const struct frame *f, uint32_t row)
{
	g_auto(GStrv) lines = parts_of(ITEM(request, f, KIND_REQUESTS, row)->records, "\n");

	value_strings(w, key, lines);
}

static void raw_oddities(GString *out, const struct frame *f, uint32_t row)
{
	g_auto(GStrv) lines = g_strsplit(
		ITEM(request, f, KIND_REQUESTS, row)->oddities, "\n", -1);

	cell_list(out, lines, "; ");
}

static void v_oddities(struct json_writer *w, const char *key, const struct frame *f,
		       uint32_t row)
{
	g_auto(GStrv) lines = g_strsplit(
		ITEM(request, f, KIND_REQUESTS, row)->oddities, "\n", -1);

	value_strings(w, key, lines);
}

/* The first oddity and how many more there are. */
static void oddities(GString *out, const struct frame *f, uint32_t row)
{
	g_auto(GStrv) lines = g_strsplit(
		ITEM(request, f, KIND_REQUESTS, row)->oddities, "\n", -1);
	guint n = g_strv_length(lines);

	if (!n)
		return;
	g_string_append(out, lines[0]);
	if (n > 1)
		g_string_append_printf(out, " +%u", n - 1);
}

static void field(const void *row, enum query_field which, GString *out)
{
	const struct request *r = row;
	g_autofree char *names = g_strjoinv("\n", r->names);
	g_autofree char *states = g_strdup_printf("%s\n%s", request_state_word(r->state), r->theirs);
	const char *const text[QUERY_FIELD_COUNT] = {
		[QUERY_STORE] = r->store,	[QUERY_STATE] = states,
		[QUERY_PROVIDER] = r->provider, [QUERY_ACCOUNT] = r->account,
		[QUERY_SAN] = names,		[QUERY_TYPE] = r->type,
	};

	if (which == QUERY_ANY)
		g_string_append_printf(out, "%s\n%s\n%s\n%s\n%s\n%s\n%s", r->title, names,
				       r->store, request_state_word(r->state), r->theirs,
				       r->oddities, r->reason);
	else if (text[which])
		g_string_append(out, text[which]);
}

static bool when(const void *row, enum query_field which, int64_t *ret)
{
	const struct request *r = row;

	if (which != QUERY_EXPIRES || !r->due)
		return false;
	*ret = r->due;
	return true;
}
