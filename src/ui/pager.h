/*
 * pager: labelled lines that are longer than the window, wrapped and scrolled.
 *
 * Help, the details pane and the review are one of these each.  Lines are copied; wrapping is
 * done anew only when the lines or the width changed.  One thread.
 */
#ifndef CERTTY_UI_PAGER_H
#define CERTTY_UI_PAGER_H

#include <glib.h>
#include <stdbool.h>

#include "rect.h"
#include "theme.h"

/* Ways to move, for lists, pagers and menus alike. */
enum move {
	MOVE_UP, MOVE_DOWN, MOVE_PAGE_UP, MOVE_PAGE_DOWN, MOVE_HALF_UP, MOVE_HALF_DOWN,
	MOVE_FIRST, MOVE_LAST
};

/* The place after a move from `at` among n, when `page` of them are seen at once. */
int move_from(enum move how, int at, int n, int page);

struct pager {
	GPtrArray *lines;	/* struct pager_line * as added */
	GPtrArray *shown;	/* struct pager_line * as wrapped; NULL: wrap again */
	int width;		/* that `shown` was wrapped for */
	int label_cells;
	int top;
	int rows;		/* seen at once when last drawn */
	bool is_seen;		/* the last line has been on the screen */
};

void pager_init(struct pager *p);
void pager_done(struct pager *p);
void pager_clear(struct pager *p);	/* the place in the text stays */
/* label NULL or "": no label.  A line without text is a heading of its label. */
void pager_add(struct pager *p, const char *label, enum role role, const char *text);
/* A line that goes over the whole width. */
void pager_add_plain(struct pager *p, enum role role, const char *text);
/* Each line of a text with line breaks, as it is. */
void pager_add_text(struct pager *p, enum role role, const char *text);
void pager_move(struct pager *p, enum move how);
/* Draws, and puts "more" signs at the right edge; the cursor is placed on the first line. */
void pager_draw(struct pager *p, struct rect r, bool focused);
/* How many lines it takes at this width. */
int pager_height(struct pager *p, int width);

#endif
