/*
 * tab: one kind of row, the way the person wants to see it.
 *
 * Owns the filter, the order and the rows that came of them.  Selecting is put off until the
 * tab is drawn; typing on at a filter looks only at the rows that matched before.
 * One thread.
 */
#ifndef CERTTY_UI_TAB_H
#define CERTTY_UI_TAB_H

#include <certty/model/query.h>
#include <certty/view/view.h>

#include "list.h"

struct tab {
	const struct view *view;
	struct list list;
	char *filter;			/* the text of the query; "" for all */
	struct query *query;		/* never NULL */
	size_t column;			/* that it is sorted by */
	bool is_descending;
	struct query *everything;	/* the empty one */
	uint32_t *order;		/* rows in order; KIND_CERTS: all of them */
	uint32_t *rows;			/* KIND_CERTS: those that match */
	uint32_t room;
	bool is_stale;			/* to be selected before it is looked at */
	bool has_order;
	uint64_t *bits, *spare;		/* KIND_CERTS: what `selected` matched */
	struct query *selected;		/* an earlier query whose bits are kept, or NULL: query's */
	bool has_bits;
	uint32_t known;			/* rows when the person last looked at it */
	bool has_news;
};

void tab_init(struct tab *t, const struct view *view);
void tab_done(struct tab *t);

/* False, and nothing changed, when the text is no query. */
bool tab_set_filter(struct tab *t, const char *text, GError **error);
/* False when it cannot be sorted by that column. */
bool tab_sort(struct tab *t, size_t column, bool descending);
bool tab_can_sort(const struct tab *t, size_t column);
/* The next column that can be sorted by, `step` 1 or -1 away. */
size_t tab_next_column(const struct tab *t, int step);

/* Brings rows up to date; nothing to do unless stale. */
void tab_select(struct tab *t, const struct frame *f);
/* Another snapshot takes the place of the old one. */
void tab_carry(struct tab *t, const struct frame *old, const struct frame *fresh);

/* Moves the cursor to the next row that matches, without hiding the others. */
bool tab_find(struct tab *t, const struct frame *f, const struct query *q, int step);

/* The id of the row with the cursor; false when there is none. */
bool tab_id(const struct tab *t, const struct frame *f, GString *out);

#endif
