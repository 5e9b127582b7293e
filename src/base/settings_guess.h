/*
 * settings_guess: the name that was meant.
 */
#ifndef CERTTY_SRC_BASE_SETTINGS_GUESS_H
#define CERTTY_SRC_BASE_SETTINGS_GUESS_H

#include <glib.h>
#include <stdbool.h>

bool settings_is_group(const char *group);

/* "; did you mean theme?" or the like, or "": a new string to end a sentence with. */
char *settings_guess(const char *group, const char *key);

#endif
