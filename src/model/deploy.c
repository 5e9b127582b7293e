/*
 * deploy: making, copying and freeing deployments, and the words for how they stand.
 */
#include <certty/model/deploy.h>

#include <string.h>

#include "item_own.h"

static const struct own own[] = {
	{ OWN_TEXT, offsetof(struct deploy, account) },
	{ OWN_TEXT, offsetof(struct deploy, provider) },
	{ OWN_TEXT, offsetof(struct deploy, store) },
	{ OWN_TEXT, offsetof(struct deploy, place) },
	{ OWN_TEXT, offsetof(struct deploy, title) },
	{ OWN_LIST, offsetof(struct deploy, names) },
	{ OWN_TEXT, offsetof(struct deploy, key) },
	{ OWN_TEXT, offsetof(struct deploy, from) },
	{ OWN_TEXT, offsetof(struct deploy, print) },
	{ OWN_TEXT, offsetof(struct deploy, newer) },
	{ OWN_MAYBE, offsetof(struct deploy, trouble) },
	{ OWN_END },
};

static const struct {
	const char *word;
	enum tone tone;
} states[DEPLOY_STATE_COUNT] = {
	[DEPLOY_CURRENT] = { "current",                       TONE_GOOD },
	[DEPLOY_DUE]     = { "still on an older certificate", TONE_BAD },
	[DEPLOY_OLDER]   = { "older than was put there",     TONE_BAD },
	[DEPLOY_OTHER]   = { "something else lies there",     TONE_BAD },
	[DEPLOY_GONE]    = { "gone",                          TONE_BAD },
	[DEPLOY_UNKNOWN] = { "not looked at since",           TONE_UNKNOWN },
	[DEPLOY_WAITS]   = { "waits for an agent",            TONE_NOTICE },
};

static const char *const modes[DEPLOY_MODE_COUNT] = {
	[DEPLOY_OFF] = "off",
	[DEPLOY_PROPOSE] = "propose",
	[DEPLOY_AUTOMATIC] = "automatic",
};

struct deploy *deploy_new(const char *id)
{
	return item_new(sizeof(struct deploy), own, id);
}

struct deploy *deploy_dup(const struct deploy *d)
{
	return item_dup(d, sizeof(*d), own);
}

struct deploy *deploy_ref(struct deploy *d)
{
	return item_ref(d);
}

void deploy_unref(struct deploy *d)
{
	item_drop(d, own);
}

char *deploy_id(const char *store, const char *place)
{
	return g_strconcat(store, " ", place, NULL);
}

const char *deploy_state_word(enum deploy_state state)
{
	return (unsigned)state < DEPLOY_STATE_COUNT ? states[state].word : "";
}

enum tone deploy_state_tone(enum deploy_state state)
{
	return (unsigned)state < DEPLOY_STATE_COUNT ? states[state].tone : TONE_UNKNOWN;
}

const char *deploy_mode_word(enum deploy_mode mode)
{
	return (unsigned)mode < DEPLOY_MODE_COUNT ? modes[mode] : "";
}

bool deploy_mode_read(const char *word, enum deploy_mode *ret)
{
	for (int mode = 0; mode < DEPLOY_MODE_COUNT; mode++) {
		if (strcmp(modes[mode], word) != 0)
			continue;
		*ret = (enum deploy_mode)mode;
		return true;
	}
	return false;
}

static void unref(void *item)
{
	deploy_unref(item);
}

/* What is not as it should be comes first, then by name. */
static int compare(const void *a, const void *b)
{
	const struct deploy *x = a, *y = b;
	bool x_is_fine = x->state == DEPLOY_CURRENT, y_is_fine = y->state == DEPLOY_CURRENT;
	int by_title = strcmp(x->title, y->title);

	if (x_is_fine != y_is_fine)
		return x_is_fine ? 1 : -1;
	return by_title ? by_title : strcmp(x->id, y->id);
}

const struct item_type deploy_type = { KIND_DEPLOYS, item_id, item_ref, unref, compare };
