/*
 * log: what happens, in a file of the person's choice.
 */
#ifndef CERTTY_APP_LOG_H
#define CERTTY_APP_LOG_H

#include <glib.h>
#include <stdbool.h>

/* In main, before any thread: takes what GLib and its users say.  On the screen, or on standard
 * error, it is ui/hush.h that says it. */
void log_open(void);
/* file, level: as on the command line; NULL: none, info. */
bool log_to(const char *file, const char *level, GError **error);

#endif
