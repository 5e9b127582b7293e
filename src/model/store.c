/*
 * store: making, copying and freeing stores, and the words for their states.
 */
#include <certty/model/store.h>

#include <string.h>

#include "item_own.h"

static const struct own own[] = {
	{ OWN_TEXT, offsetof(struct store, account) },
	{ OWN_TEXT, offsetof(struct store, provider) },
	{ OWN_TEXT, offsetof(struct store, type) },
	{ OWN_TEXT, offsetof(struct store, title) },
	{ OWN_TEXT, offsetof(struct store, address) },
	{ OWN_TEXT, offsetof(struct store, network) },
	{ OWN_TEXT, offsetof(struct store, container) },
	{ OWN_LIST, offsetof(struct store, labels) },
	{ OWN_MAYBE, offsetof(struct store, trouble) },
	{ OWN_END },
};

static const struct {
	const char *word;
	enum tone tone;
} states[STORE_STATE_COUNT] = {
	[STORE_NEW]     = { "not read yet", TONE_DIM },
	[STORE_READING] = { "being read",   TONE_NOTICE },
	[STORE_FINE]    = { "read",         TONE_GOOD },
	[STORE_PARTLY]  = { "read in part", TONE_WARN },
	[STORE_FAILED]  = { "failed",       TONE_BAD },
};

struct store *store_new(const char *id)
{
	return item_new(sizeof(struct store), own, id);
}

struct store *store_dup(const struct store *s)
{
	return item_dup(s, sizeof(*s), own);
}

struct store *store_ref(struct store *s)
{
	return item_ref(s);
}

void store_unref(struct store *s)
{
	item_drop(s, own);
}

void store_set(char **field, const char *value)
{
	char *copy = g_strdup(value);	/* first: value may lie within the old text */

	g_free(*field);
	*field = copy;
}

const char *store_state_word(enum store_state state)
{
	return (unsigned)state < STORE_STATE_COUNT ? states[state].word : "";
}

enum tone store_state_tone(enum store_state state)
{
	return (unsigned)state < STORE_STATE_COUNT ? states[state].tone : TONE_UNKNOWN;
}

static void unref(void *item)
{
	store_unref(item);
}

static int compare(const void *a, const void *b)
{
	const struct store *x = a, *y = b;
	int order = strcmp(x->account, y->account);

	return order ? order : strcmp(x->title, y->title);
}

const struct item_type store_type = { KIND_STORES, item_id, item_ref, unref, compare };
