/*
 * term: the only way out to the terminal, and the only way in.
 *
 * There is one terminal, so there is no handle.  Two bodies stand behind this header, chosen
 * when linking: term_curses.c (libterm.a) and term_grid.c, a grid of cells for tests
 * (term_grid.h).  Both are dumb: text that comes here is harmless UTF-8 already, its width was
 * computed by text.c, and roles are the only way to say how it looks.
 *
 * A frame is drawn whole: term_begin(), any number of puts, one term_cursor(), term_end().
 * Only the difference to the frame before goes out, in one write; a frame that changes
 * nothing writes nothing, and between frames nothing is written at all.
 *
 * What the ui loop does: block SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP and SIGCONT before
 * any thread and read them from a signalfd; poll that, the engine's ring and term_fd(); then
 * call term_read() until it says INPUT_NONE; then draw once.  On SIGWINCH and SIGCONT it
 * calls term_resized(); on SIGTSTP (and on the key C-z, which is an ordinary key here, as are
 * C-c, C-s and C-q) term_suspend().
 *
 * One thread only: the one that opened it.
 */
#ifndef CERTTY_UI_TERM_H
#define CERTTY_UI_TERM_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "key.h"
#include "theme.h"

#define TERM_PASTE_MAX (1 << 20)	/* bytes of one pasted text; the rest is dropped */
#define TERM_COPY_MAX  74994		/* bytes of one copied text; more breaks terminals */

enum term_clipboard {
	TERM_CLIPBOARD_AUTO,	/* OSC 52; through tmux to the terminal behind it when in tmux */
	TERM_CLIPBOARD_PLAIN,	/* OSC 52 as it is: tmux is set up to forward it */
	TERM_CLIPBOARD_OFF
};

struct term_options {
	const struct theme *theme;	/* borrowed until term_close() or another theme */
	bool no_colour;			/* NO_COLOR and --no-color */
	bool mouse;			/* off unless wanted: it takes selection away */
	bool title;			/* term_title() may set the window's title */
	int escape_ms;			/* 25 to 50: how long Esc may be the start of a key */
	enum term_clipboard clipboard;
};

/* Takes the terminal on stdin and stdout.  The locale is set before.  Fails with a sentence when there is none
 * or when it cannot place a cursor (TERM=dumb or not set).  From here to term_close() GLib's
 * messages are kept back, and if the program crashes the terminal is given back first. */
bool term_open(const struct term_options *options, GError **error);

/* Gives the terminal back as it was and prints the messages kept back.  Twice does no harm. */
void term_close(void);

/* A sentence that the person should see once (this terminal type is not known here, …), or
 * NULL.  It is yours, and the next call gives NULL. */
char *term_take_notice(void);

/* The window in cells; at least 1 by 1. */
void term_size(int *ret_rows, int *ret_cols);
/* Asks the system for the size anew and repaints everything with the next frame. */
void term_resized(void);
/* The next frame repaints everything, as on C-l. */
void term_spoiled(void);

/* How many colours are shown: 0, 8, 16, 256 or THEME_DIRECT. */
int term_colours(void);
/* As what a type of terminal can be drawn on here: itself, or the nearest that this machine knows;
 * NULL: none.  Not while the terminal is taken. */
const char *term_known_type(const char *type, int *ret_colours);
/* Another theme from the next frame on. */
void term_set_theme(const struct theme *theme);

/* Drawing.  Cells outside the window are left out; nothing ever wraps. */
void term_begin(void);
/* Exactly `cells` cells from (y,x): as much of the text as fits, then blanks.  cells < 0: as
 * many as the text takes. */
void term_text(int y, int x, int cells, enum role role, const char *text);
/* Blanks in a role. */
void term_fill(int y, int x, int rows, int cols, enum role role);
/* A line of `cells` cells in ROLE_rule. */
void term_rule(int y, int x, int cells);
/* Where the hardware cursor stands when the frame is shown.  Every frame says it: it is the
 * start of the focused row, or the place where typing goes.  It is always visible. */
void term_cursor(int y, int x);
void term_end(void);

/* The descriptor to poll for input. */
int term_fd(void);
/* The next thing that came, without waiting (but for escape_ms after a lone Esc). */
void term_read(struct input *ret);

void term_bell(void);
void term_set_mouse(bool on);
bool term_has_mouse(void);

/* The window's title; NULL puts back the one from before.  Harmless text. */
void term_title(const char *title);

/* Sends bytes to the clipboard of the person's own machine (OSC 52).  True and how many bytes
 * went out (terminals do not answer, so that is all one can say: "copied 1,204 bytes by OSC
 * 52"), or false and why not.  The caller asks first when it is a key. */
bool term_copy(const void *bytes, size_t len, size_t *ret_sent, GError **error);

/* Gives the terminal back, stops the process group as C-z does in a shell, and when somebody
 * continues it takes the terminal again; the next frame repaints everything. */
void term_suspend(void);

#endif
