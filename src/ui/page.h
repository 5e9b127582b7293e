/*
 * page: the first page for the next start.
 *
 * The rows that each tab shows first, as bytes for the database.  One thread.
 */
#ifndef CERTTY_UI_PAGE_H
#define CERTTY_UI_PAGE_H

#define PAGE_ROWS 80		/* of each tab: the height of a large window */

struct screen;

/* Hands the page to the engine if something changed since it was kept. */
void page_keep(struct screen *s);

#endif
