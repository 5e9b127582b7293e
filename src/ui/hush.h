/*
 * hush: messages of certty and its libraries, kept back while the screen is open.
 *
 * Between begin and end ui_keep_message() keeps them (the first 64, then it counts);
 * hush_end() prints them to stderr.  A fatal one gives the terminal back (panic.h).  Messages
 * may come from any thread; begin and end are term_open()'s and term_close()'s.
 */
#ifndef CERTTY_UI_HUSH_H
#define CERTTY_UI_HUSH_H

void hush_begin(void);
void hush_end(void);

#endif
