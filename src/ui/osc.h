/*
 * osc: what is said to the terminal about other things than cells, as bytes.
 *
 * Pure functions; they append and send nothing.
 */
#ifndef CERTTY_UI_OSC_H
#define CERTTY_UI_OSC_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* OSC 52, "put this into the clipboard".  Through tmux it is wrapped so that the terminal
 * behind it gets it, and said once plainly for a tmux that is set up to take it itself. */
void osc_copy(GString *out, const void *bytes, size_t len, bool through_tmux);

/* OSC 2, the window's title.  Harmless text. */
void osc_title(GString *out, const char *title);

#endif
