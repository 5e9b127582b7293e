/*
 * page: the first page for the next start.
 *
 * A filter is not kept: the page is of all rows, in the order of the tab.
 */
#include "page.h"

#include "screen.h"

static GArray *first_rows(struct screen *s, enum kind kind)
{
	struct tab *t = &s->tab[kind];
	struct frame f = screen_frame(s);
	uint32_t count = view_count(t->view, s->snap), n;
	GArray *rows = g_array_sized_new(FALSE, FALSE, sizeof(uint32_t), PAGE_ROWS);
	g_autofree uint32_t *all = NULL;

	tab_select(t, &f);
	if (kind == KIND_CERTS || query_is_empty(t->query)) {
		g_array_append_vals(rows, t->order, MIN(count, (uint32_t)PAGE_ROWS));
		return rows;
	}
	all = g_new(uint32_t, count + 1);
	n = view_select(t->view, &f, t->everything, t->column, t->is_descending, NULL, NULL, all);
	g_array_append_vals(rows, all, MIN(n, (uint32_t)PAGE_ROWS));
	return rows;
}

void page_keep(struct screen *s)
{
	struct first_rows rows[KIND_COUNT];
	GArray *kept[KIND_COUNT];
	GBytes *page;

	if (!s->page_changed || !s->is_loaded || !s->engine.keep_page)
		return;
	s->page_changed = false;
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		kept[kind] = first_rows(s, (enum kind)kind);
		rows[kind].row = (const uint32_t *)(void *)kept[kind]->data;
		rows[kind].n = kept[kind]->len;
	}
	page = snapshot_pack_first_page(s->snap, rows);
	for (int kind = 0; kind < KIND_COUNT; kind++)
		g_array_unref(kept[kind]);
	if (page)
		s->engine.keep_page(s->engine.who, page);
}
