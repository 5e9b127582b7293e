/*
 * menu: a few entries to choose from, by their letter or with the cursor.
 *
 * One thread.
 */
#ifndef CERTTY_UI_MENU_H
#define CERTTY_UI_MENU_H

#include "layer.h"

struct menu;
typedef unsigned menu_fn(struct screen *s, int arg);
typedef void menu_fill_fn(struct menu *m, struct screen *s);

struct menu *menu_new(const char *title);
/* letter 0: none.  `more` (may be NULL) stands beside the label.  With `why_not` (may be NULL)
 * the entry is dim and says so when chosen. */
void menu_add(struct menu *m, uint32_t letter, const char *label, const char *more,
	      const char *why_not, menu_fn *choose, int arg);
/* Adds entries by `fill`, now and afresh with each snapshot. */
void menu_fill(struct menu *m, struct screen *s, menu_fill_fn *fill);
void menu_open(struct screen *s, struct menu *m, size_t at);

/* The menus there are. */
void menu_open_sort(struct screen *s);
void menu_open_copy(struct screen *s);

#endif
