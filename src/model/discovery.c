/*
 * discovery: making, copying and freeing what was seen, and the words for what was decided.
 */
#include <certty/model/discovery.h>

#include <string.h>

#include "item_own.h"

static const struct own own[] = {
	{ OWN_TEXT, offsetof(struct discovery, account) },
	{ OWN_TEXT, offsetof(struct discovery, provider) },
	{ OWN_TEXT, offsetof(struct discovery, type) },
	{ OWN_TEXT, offsetof(struct discovery, title) },
	{ OWN_TEXT, offsetof(struct discovery, address) },
	{ OWN_TEXT, offsetof(struct discovery, network) },
	{ OWN_TEXT, offsetof(struct discovery, container) },
	{ OWN_TEXT, offsetof(struct discovery, what) },
	{ OWN_TEXT, offsetof(struct discovery, decided_by) },
	{ OWN_END },
};

static const struct {
	const char *word;
	enum tone tone;
} states[DISCOVERY_STATE_COUNT] = {
	[DISCOVERY_NEW]      = { "new",      TONE_NOTICE },
	[DISCOVERY_APPROVED] = { "approved", TONE_GOOD },
	[DISCOVERY_IGNORED]  = { "ignored",  TONE_DIM },
};

struct discovery *discovery_new(const char *id)
{
	return item_new(sizeof(struct discovery), own, id);
}

struct discovery *discovery_dup(const struct discovery *d)
{
	return item_dup(d, sizeof(*d), own);
}

struct discovery *discovery_ref(struct discovery *d)
{
	return item_ref(d);
}

void discovery_unref(struct discovery *d)
{
	item_drop(d, own);
}

const char *discovery_state_word(enum discovery_state state)
{
	return (unsigned)state < DISCOVERY_STATE_COUNT ? states[state].word : "";
}

enum tone discovery_state_tone(enum discovery_state state)
{
	return (unsigned)state < DISCOVERY_STATE_COUNT ? states[state].tone : TONE_UNKNOWN;
}

static void unref(void *item)
{
	discovery_unref(item);
}

/* What nobody has decided comes first. */
static int compare(const void *a, const void *b)
{
	const struct discovery *x = a, *y = b;
	int order = ITEM_ORDER((int)x->state, (int)y->state);

	return order ? order : strcmp(x->title, y->title);
}

const struct item_type discovery_type = { KIND_DISCOVERY, item_id, item_ref, unref, compare };
