/*
 * tab: one kind of row, filtered and in order.
 *
 * Certificates are many, so their order is kept for all of them and a filter only picks from
 * it; the other kinds have a few thousand rows at most and are selected afresh.
 */
#include "tab.h"

#include <string.h>

void tab_init(struct tab *t, const struct view *view)
{
	*t = (struct tab){
		.view = view,
		.filter = g_strdup(""),
		.query = query_parse("", NULL),
		.everything = query_parse("", NULL),
		.column = view->default_order,
		.is_descending = view->default_descending,
		.is_stale = true,
	};
	list_init(&t->list);
}

void tab_done(struct tab *t)
{
	list_done(&t->list);
	g_clear_pointer(&t->filter, g_free);
	g_clear_pointer(&t->query, query_free);
	g_clear_pointer(&t->selected, query_free);
	g_clear_pointer(&t->everything, query_free);
	g_clear_pointer(&t->order, g_free);
	g_clear_pointer(&t->rows, g_free);
	g_clear_pointer(&t->bits, g_free);
	g_clear_pointer(&t->spare, g_free);
}

bool tab_set_filter(struct tab *t, const char *text, GError **error)
{
	struct query *query;

	if (!strcmp(text, t->filter))
		return true;
	query = query_parse(text, error);
	if (!query)
		return false;
	if (t->has_bits && !t->is_stale) {
		g_clear_pointer(&t->selected, query_free);
		t->selected = g_steal_pointer(&t->query);
	}
	g_clear_pointer(&t->query, query_free);
	t->query = query;
	g_free(t->filter);
	t->filter = g_strdup(text);
	t->is_stale = true;
	return true;
}

bool tab_can_sort(const struct tab *t, size_t column)
{
	const struct column *c = &t->view->columns[column];

	if (c->width == COLUMN_HIDDEN)
		return false;
	return t->view->kind != KIND_CERTS || c->certs_order >= 0;
}

bool tab_sort(struct tab *t, size_t column, bool descending)
{
	if (column >= t->view->n_columns || !tab_can_sort(t, column))
		return false;
	t->column = column;
	t->is_descending = descending;
	t->has_order = false;
	t->is_stale = true;
	return true;
}

size_t tab_next_column(const struct tab *t, int step)
{
	size_t n = t->view->n_columns, column = t->column;

	for (size_t i = 0; i < n; i++) {
		column = (column + (step > 0 ? 1 : n - 1)) % n;
		if (tab_can_sort(t, column))
			return column;
	}
	return t->column;
}

/* ---- certificates: an order of all of them, and bits for those that match ---- */

static void make_room(struct tab *t, uint32_t count)
{
	size_t words = (count + 63) / 64 + 1;

	if (count <= t->room && t->order)
		return;
	t->room = count;
	t->order = g_renew(uint32_t, t->order, count + 1);
	t->has_order = t->has_bits = false;
	if (t->view->kind != KIND_CERTS)
		return;
	t->bits = g_renew(uint64_t, t->bits, words);
	t->spare = g_renew(uint64_t, t->spare, words);
	t->rows = g_renew(uint32_t, t->rows, count + 1);
}

static const uint64_t *wider_bits(const struct tab *t)
{
	const struct query *about = t->selected ? t->selected : t->query;

	return t->has_bits && query_narrows(t->query, about) ? t->bits : NULL;
}

static uint32_t pick(struct tab *t, uint32_t count)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t row = t->order[i];

		t->rows[n] = row;	/* kept only when its bit is set: no branch to guess */
		n += t->bits[row / 64] >> (row % 64) & 1;
	}
	return n;
}

static void select_certs(struct tab *t, const struct frame *f, uint32_t count)
{
	uint64_t *bits;

	if (!t->has_order)
		view_select(t->view, f, t->everything, t->column, t->is_descending, NULL, NULL,
			    t->order);
	t->has_order = true;
	if (query_is_empty(t->query)) {
		t->has_bits = false;
		list_show(&t->list, t->order, count, count);
		return;
	}
	query_certs(t->query, f->snap, f->now, wider_bits(t), t->spare);
	bits = t->bits;
	t->bits = t->spare;
	t->spare = bits;
	t->has_bits = true;
	list_show(&t->list, t->rows, pick(t, count), count);
}

void tab_select(struct tab *t, const struct frame *f)
{
	uint32_t count = view_count(t->view, f->snap);

	if (!t->is_stale)
		return;
	make_room(t, count);
	if (t->view->kind == KIND_CERTS)
		select_certs(t, f, count);
	else
		list_show(&t->list, t->order,
			  view_select(t->view, f, t->query, t->column, t->is_descending, NULL,
				      NULL, t->order), count);
	list_measure(&t->list, t->view, f);
	g_clear_pointer(&t->selected, query_free);
	t->is_stale = false;
}

/* What the rows and their order hang on. */
static bool is_same(const struct tab *t, const struct snapshot *a, const struct snapshot *b)
{
	if (t->view->kind != KIND_CERTS)
		return a->kind[t->view->kind] == b->kind[t->view->kind];
	return a->certs == b->certs;
}

static bool hangs_on_stores(const struct tab *t)
{
	return t->view->kind == KIND_CERTS &&
	       (!query_is_empty(t->query) ||
		t->view->columns[t->column].certs_order == CERTS_BY_WHERE);
}

void tab_carry(struct tab *t, const struct frame *old, const struct frame *fresh)
{
	bool has_other_stores = old->snap->kind[KIND_STORES] != fresh->snap->kind[KIND_STORES];

	if (is_same(t, old->snap, fresh->snap) && !(has_other_stores && hangs_on_stores(t)))
		return;
	t->has_bits = t->has_order = false;
	g_clear_pointer(&t->selected, query_free);
	t->is_stale = true;
	if (!is_same(t, old->snap, fresh->snap))
		list_carry(&t->list, t->view, old, fresh);
}

/* Rows that match, as bits; for finding, which is not done at every key. */
static uint64_t *matching(const struct tab *t, const struct frame *f, const struct query *q)
{
	uint32_t count = view_count(t->view, f->snap), n;
	uint64_t *bits = g_new0(uint64_t, (count + 63) / 64 + 1);
	g_autofree uint32_t *rows = NULL;

	if (t->view->kind == KIND_CERTS) {
		query_certs(q, f->snap, f->now, NULL, bits);
		return bits;
	}
	rows = g_new(uint32_t, count + 1);
	n = view_select(t->view, f, q, t->column, t->is_descending, NULL, NULL, rows);
	for (uint32_t i = 0; i < n; i++)
		bits[rows[i] / 64] |= UINT64_C(1) << (rows[i] % 64);
	return bits;
}

bool tab_find(struct tab *t, const struct frame *f, const struct query *q, int step)
{
	g_autofree uint64_t *bits = matching(t, f, q);
	struct list *l = &t->list;

	for (uint32_t i = 1; i <= l->n; i++) {
		uint32_t at = step > 0 ? (l->at + i) % l->n : (l->at + l->n - i) % l->n;
		uint32_t row = l->rows[at];

		if (bits[row / 64] >> (row % 64) & 1) {
			list_go(l, at);
			return true;
		}
	}
	return false;
}

bool tab_id(const struct tab *t, const struct frame *f, GString *out)
{
	if (t->list.row == CERTS_NONE || t->is_stale)
		return false;
	t->view->id(out, f, t->list.row);
	return true;
}
