/*
 * keymap: which action a key means in a place, with the person's own changes.
 *
 * The group [keys] of the settings holds lines "action=keys": they take the place of all of
 * the action's own keys; an empty value takes its keys away.  Problems (no such action, no
 * such key, one key for two actions in one place) are sentences; the first action keeps the
 * key.  Made once, read-only afterwards.
 */
#ifndef CERTTY_UI_KEYMAP_H
#define CERTTY_UI_KEYMAP_H

#include <certty/base/settings.h>

#include "action.h"

struct keymap;

struct keymap *keymap_new(const struct settings *settings);	/* NULL: only the table's */
void keymap_free(struct keymap *k);

const struct action *keymap_find(const struct keymap *k, unsigned place, uint32_t key);
/* Appends the keys of an action, "F5 C-r"; nothing when it has none. */
void keymap_say(const struct keymap *k, const struct action *a, GString *out);
/* The first of them: for the hint line. */
bool keymap_say_first(const struct keymap *k, const struct action *a, GString *out);

/* NULL-terminated, borrowed. */
const char *const *keymap_problems(const struct keymap *k);

#endif
