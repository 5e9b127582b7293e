/*
 * hush: messages of GLib and its users, kept back while the screen is open.
 *
 * GLib's log writer can be set once in a process, and this is it: hush_also() in main, or else
 * the first hush_begin(), makes it ours.  Between begin and end messages are kept (the first
 * 64, then counted); hush_end() prints them to stderr.  A fatal one gives the terminal back and
 * is printed at once.  Messages may come from any thread; begin and end are for the screen's.
 */
#ifndef CERTTY_UI_HUSH_H
#define CERTTY_UI_HUSH_H

#include <glib.h>

/* Every message goes through `also` as well, shown or not: for a log file.  Before threads. */
void hush_also(GLogWriterFunc also);

void hush_begin(void);
void hush_end(void);

#endif
