/*
 * settings_value: one value of one row of the table, from its text.
 */
#ifndef CERTTY_SRC_BASE_SETTINGS_VALUE_H
#define CERTTY_SRC_BASE_SETTINGS_VALUE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "certty/base/settings.h"

struct settings_value {
	char *text, *origin;
	char **list;		/* SETTING_LIST */
	int64_t number;		/* SETTING_INT; SETTING_BOOL: 0 or 1 */
	bool forced;		/* by the policy */
	/* A forced limit (a list of [safety]): what was configured beside the policy. */
	char **own_list;	/* NULL: nothing was */
	char *own_text, *own_origin;
};

/* Lists of [safety] say what may be used: the policy's and one's own hold together. */
bool settings_value_is_limit(const struct setting *row);
/* Puts what `from` says beside what v says; `from` is empty then. */
void settings_value_take_own(struct settings_value *v, struct settings_value *from);

/* Reads v->text as the row wants it; settings_value_refuse says why it does not fit. */
bool settings_value_read(struct settings_value *v, const struct setting *row);
bool settings_value_refuse(const struct setting *row, const char *text, GError **error);

bool settings_value_is_plain(const struct settings_value *v);

/* A list that starts with "+" is added to what was there; `old` NULL: to nothing. */
void settings_value_extend(struct settings_value *v, const struct settings_value *old);

void settings_value_done(struct settings_value *v);

#endif
