/*
 * ink: curses' output with the same effect and fewer bytes.
 *
 * Curses says every colour and attribute anew at each change, foreground and background in
 * two sequences, and changes them for blanks, which show none.  On a slow line that is the
 * larger half of a page.  Here the wanted look is kept apart from the one that the terminal
 * has, and the difference is said in one sequence when something is drawn that shows it.
 *
 * Pure; what is not understood passes through as it is.  One thread.
 */
#ifndef CERTTY_UI_INK_H
#define CERTTY_UI_INK_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define INK_COLOUR_MAX 20	/* bytes of "38;2;255;255;255", and its NUL */

struct ink_look {
	unsigned attrs;			/* bit n: SGR n, for 1 to 9 */
	char fg[INK_COLOUR_MAX], bg[INK_COLOUR_MAX];	/* as in SGR; "": the terminal's own */
};

struct ink {
	struct ink_look wanted, shown;
	bool known;			/* whether `shown` is what the terminal really has */
};

/* Appends the shortened form of a piece of output that ends between two sequences. */
void ink_shorten(struct ink *ink, GString *out, const char *bytes, size_t len);

/* Appends what makes the terminal's look plain: before somebody else writes. */
void ink_plain(struct ink *ink, GString *out);

#endif
