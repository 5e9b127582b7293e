/*
 * term_grid: what a test sees of the terminal when term_grid.c stands behind term.h.
 *
 * The grid keeps what the last complete frame showed.  A wide character fills its cell and an
 * empty one after it.  term_read() gives what was fed, in order, then INPUT_NONE.
 */
#ifndef CERTTY_UI_TERM_GRID_H
#define CERTTY_UI_TERM_GRID_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* The window's size; with a terminal open it becomes an INPUT_RESIZE as well. */
void term_grid_resize(int rows, int cols);

/* Names of keys with blanks between them, "j j Enter"; fails the test when one is unknown. */
void term_grid_feed_keys(const char *names);
void term_grid_feed_paste(const void *bytes, size_t len);
void term_grid_feed_click(int y, int x);
void term_grid_feed_wheel(int y, int x, bool up);

/* The screen as lines of text; blanks at the end of a line are left out.  A new string. */
char *term_grid_text(void);
/* The same with the letter of each cell's role (theme.h) in its place. */
char *term_grid_roles(void);
/* One line of each. */
char *term_grid_text_line(int y);
char *term_grid_roles_line(int y);

void term_grid_cursor(int *ret_y, int *ret_x);
/* How many frames were shown, and how many of them changed a cell or the cursor. */
unsigned term_grid_frames(void);
unsigned term_grid_changed_frames(void);
unsigned term_grid_bells(void);
unsigned term_grid_suspends(void);
const char *term_grid_title(void);	/* NULL: not set */
const char *term_grid_copied(void);	/* the last text that term_copy() sent; NULL: none */

#endif
