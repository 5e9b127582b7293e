/*
 * settings_own: settings from places that the caller names.  The program itself always reads
 * the installed ones; no environment variable leads away from the policy.
 */
#ifndef CERTTY_SRC_BASE_SETTINGS_OWN_H
#define CERTTY_SRC_BASE_SETTINGS_OWN_H

#include <stdbool.h>

#include "certty/base/settings.h"

struct settings_places {
	const char *site;	/* certty.conf of the machine */
	const char *policy;
};

struct settings *settings_load_from(const struct settings_places *places, const char *config);

/* What one file says, for a file that need not exist. */
void settings_take(struct settings *s, const char *name, const char *bytes, size_t len,
		   bool is_policy);

#endif
