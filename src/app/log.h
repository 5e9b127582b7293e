/*
 * log: what happens, in a file of the person's choice; and a program that stays silent on the
 * screen it draws on.
 */
#ifndef CERTTY_APP_LOG_H
#define CERTTY_APP_LOG_H

#include <glib.h>
#include <stdbool.h>

/* First in main: from here on messages, also GLib's own, come here.  Without a file only
 * warnings are said, on standard error; while the screen is open, after it. */
void log_open(void);
/* file, level: as on the command line; NULL: none, info. */
bool log_to(const char *file, const char *level, GError **error);

#endif
