/*
 * store: making, copying and freeing stores, and the words for their states.
 */
#include <certty/model/store.h>

#include <stddef.h>
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

/* clang-format off */
static const size_t place[] = {
	offsetof(struct store, account), offsetof(struct store, provider), offsetof(struct store, type),
	offsetof(struct store, title),   offsetof(struct store, address),  offsetof(struct store, network),
};
/* clang-format on */

static char *text_at(const struct store *s, size_t at)
{
	return *(char *const *)((const char *)s + at);
}

bool store_is_same_place(const struct store *a, const struct store *b)
{
	for (size_t i = 0; i < G_N_ELEMENTS(place); i++)
		if (strcmp(text_at(a, place[i]), text_at(b, place[i])) != 0)
			return false;
	return true;
}

void store_set_place(struct store *s, const struct store *from)
{
	for (size_t i = 0; i < G_N_ELEMENTS(place); i++)
		store_set((char **)(void *)((char *)s + place[i]), text_at(from, place[i]));
}

bool store_is_one_of(const struct store *s, const char *const *words)
{
	for (; *words; words++) {
		if (!g_ascii_strcasecmp(*words, s->network) || !g_ascii_strcasecmp(*words, s->container))
			return true;
		for (char **label = s->labels; *label; label++)
			if (!g_ascii_strcasecmp(*words, *label))
				return true;
	}
	return false;
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
