/*
 * hush: messages of GLib and its users, kept back while the screen is open.
 *
 * hush_begin() makes GLib's log writer ours the first time.  Between begin and end messages
 * are kept (the first 64, then counted); hush_end() prints them to stderr.  A fatal one gives
 * the terminal back (panic.h) and is printed at once.  Outside, they go
 * to stderr at once, as GLib does it.  Messages may come from any thread; begin and end are
 * term_open()'s and term_close()'s.
 */
#ifndef CERTTY_UI_HUSH_H
#define CERTTY_UI_HUSH_H

void hush_begin(void);
void hush_end(void);

#endif
