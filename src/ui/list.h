/*
 * list: the one list that all tabs show.
 *
 * Holds what the person did to it (cursor, scroll, marks) apart from what is shown (rows, in
 * order, which its tab owns).  The cursor is a row, not a position: after sorting or a new
 * snapshot it stands on the same thing, on the same line of the window where possible.
 * Marks are one bit for each row of the snapshot and are carried over by id.
 *
 * Only visible rows are looked at when drawing and moving.  One thread.
 */
#ifndef CERTTY_UI_LIST_H
#define CERTTY_UI_LIST_H

#include <certty/view/view.h>

#include "pager.h"
#include "rect.h"

struct list {
	const uint32_t *rows;	/* borrowed from the tab: rows in order */
	uint32_t n;
	uint32_t at, top;	/* positions in rows */
	uint32_t row;		/* rows[at], or CERTS_NONE */
	uint64_t *marks;	/* a bit for each row of the snapshot */
	uint32_t n_bits;
	uint32_t n_marked, n_marked_hidden;
	uint32_t anchor;	/* a range is being made from this position; or CERTS_NONE */
	int *needs;		/* cells of each of the view's columns (view_measure), or NULL */
	size_t shift;		/* columns after the name that are scrolled out on the left */
	struct rect body;	/* where the rows were drawn last, for the mouse */
	int header_y;
};

void list_init(struct list *l);
void list_done(struct list *l);

/* Other rows under the same snapshot of n_bits rows: the cursor stays on its row. */
void list_show(struct list *l, const uint32_t *rows, uint32_t n, uint32_t n_bits);
/* Another snapshot: finds the cursor's row and the marks again by id. */
void list_carry(struct list *l, const struct view *v, const struct frame *old,
		const struct frame *fresh);

/* For views whose columns are measured: again, after rows changed. */
void list_measure(struct list *l, const struct view *v, const struct frame *f);

void list_move(struct list *l, enum move how);
void list_go(struct list *l, uint32_t position);

bool list_is_marked(const struct list *l, uint32_t row);
void list_toggle(struct list *l);	/* the row with the cursor, then one down */
void list_range(struct list *l);	/* begins one, or ends it */
void list_settle_range(struct list *l);	/* ends it if there is one */
void list_invert(struct list *l);	/* of the rows shown */
void list_unmark(struct list *l);

/* The rows to act on: the marked ones in the order of the snapshot, or else the one with the
 * cursor; no more than `most`.  Row numbers; new. */
GArray *list_chosen(const struct list *l, uint32_t most);

/* The column that says what a row is: the first that stretches. */
size_t list_name_column(const struct view *v);

/* The columns that fit into `cells`, in the order in which they are drawn: those up to the
 * name, then those after `shift` more. */
struct list_column {
	size_t index;		/* in view->columns */
	int width;
};
size_t list_columns(const struct list *l, const struct view *v, int cells,
		    struct list_column *ret, size_t max);

void list_draw(struct list *l, const struct view *v, const struct frame *f, struct rect r,
	       size_t sorted, bool descending, bool focused);

/* The column whose title was drawn at x, or -1. */
gssize list_column_at(const struct list *l, const struct view *v, int x);

#endif
