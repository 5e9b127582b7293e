/*
 * request: making, copying and freeing requests, and the words for their states.
 */
#include <certty/model/request.h>

#include <string.h>

#include <certty/model/store.h>

#include "item_own.h"

static const struct own own[] = {
	{ OWN_TEXT, offsetof(struct request, account) },
	{ OWN_TEXT, offsetof(struct request, provider) },
	{ OWN_TEXT, offsetof(struct request, store) },
	{ OWN_TEXT, offsetof(struct request, type) },
	{ OWN_TEXT, offsetof(struct request, title) },
	{ OWN_LIST, offsetof(struct request, names) },
	{ OWN_TEXT, offsetof(struct request, theirs) },
	{ OWN_TEXT, offsetof(struct request, asked_by) },
	{ OWN_TEXT, offsetof(struct request, reason) },
	{ OWN_TEXT, offsetof(struct request, oddities) },
	{ OWN_TEXT, offsetof(struct request, digest) },
	{ OWN_TEXT, offsetof(struct request, result) },
	{ OWN_TEXT, offsetof(struct request, can) },
	{ OWN_TEXT, offsetof(struct request, records) },
	{ OWN_TEXT, offsetof(struct request, kept) },
	{ OWN_TEXT, offsetof(struct request, rule) },
	{ OWN_END },
};

static const struct {
	const char *word, *waits_for;	/* waits_for "": it does not wait */
	enum tone tone;
} states[REQUEST_STATE_COUNT] = {
	[REQUEST_WAITS_PERSON]   = { "waits for a person",     "you",          TONE_NOTICE },
	[REQUEST_WAITS_DNS]      = { "waits for DNS",          "DNS",          TONE_WARN },
	[REQUEST_WAITS_CA]       = { "waits for the CA",       "the CA",       TONE_PLAIN },
	[REQUEST_WAITS_PROVIDER] = { "waits for the provider", "the provider", TONE_PLAIN },
	[REQUEST_ISSUED]         = { "issued",                 "",             TONE_GOOD },
	[REQUEST_DENIED]         = { "denied",                 "",             TONE_DIM },
	[REQUEST_FAILED]         = { "failed",                 "",             TONE_BAD },
	[REQUEST_GONE]           = { "withdrawn",              "",             TONE_DIM },
};

struct request *request_new(const char *id)
{
	return item_new(sizeof(struct request), own, id);
}

struct request *request_dup(const struct request *r)
{
	return item_dup(r, sizeof(*r), own);
}

struct request *request_ref(struct request *r)
{
	return item_ref(r);
}

void request_unref(struct request *r)
{
	item_drop(r, own);
}

bool request_is_waiting(const struct request *r)
{
	return *request_waits_for(r->state) != '\0';
}

void request_end(struct request *r, enum request_state state, const char *theirs, const char *reason,
		 int64_t now)
{
	r->state = state;
	store_set(&r->theirs, theirs);
	store_set(&r->reason, reason);
	store_set(&r->can, "dismiss");
	store_set(&r->records, "");
	r->due = 0;
	r->ended = r->ended ? r->ended : now;
}

char *request_warnings(const struct request *r)
{
	g_auto(GStrv) lines = g_strsplit(r->oddities, "\n", -1);
	GString *all = g_string_new(NULL);

	for (char **line = lines; *line; line++)
		if (**line)
			g_string_append_printf(all, "%s%s", all->len ? "; " : "", *line);
	return g_string_free(all, FALSE);
}

const char *request_state_word(enum request_state state)
{
	return (unsigned)state < REQUEST_STATE_COUNT ? states[state].word : "";
}

const char *request_waits_for(enum request_state state)
{
	return (unsigned)state < REQUEST_STATE_COUNT ? states[state].waits_for : "";
}

enum tone request_state_tone(enum request_state state)
{
	return (unsigned)state < REQUEST_STATE_COUNT ? states[state].tone : TONE_UNKNOWN;
}

static void unref(void *item)
{
	request_unref(item);
}

/* What waits comes first, and of that what has waited longest; then the latest to end. */
static int compare(const void *a, const void *b)
{
	const struct request *x = a, *y = b;
	bool waits = request_is_waiting(x);

	if (waits != request_is_waiting(y))
		return waits ? -1 : 1;
	return waits ? ITEM_ORDER(x->since, y->since) : ITEM_ORDER(y->ended, x->ended);
}

const struct item_type request_type = { KIND_REQUESTS, item_id, item_ref, unref, compare };
