/*
 * Bits are kept for certificates alone: the other kinds have a few thousand rows at most.
 */
#include "tab.h"

#include <string.h>

void tab_init(struct tab *t, const struct view *view)
{
	*t = (struct tab){
		.view = view,
		.filter = g_strdup(""),
		.query = query_parse("", NULL),
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

static const uint64_t *wider_bits(const struct tab *t)
{
	const struct query *about = t->selected ? t->selected : t->query;

	return t->has_bits && query_narrows(t->query, about) ? t->bits : NULL;
}

void tab_select(struct tab *t, const struct frame *f)
{
	uint32_t count = view_count(t->view, f->snap), n;
	bool keeps_bits = t->view->kind == KIND_CERTS;

	if (!t->is_stale)
		return;
	if (count > t->room || !t->rows) {
		size_t words = (count + 63) / 64 + 1;

		t->room = count;
		t->rows = g_renew(uint32_t, t->rows, count + 1);
		if (keeps_bits) {
			uint64_t *bits = g_new0(uint64_t, words);

			g_free(t->bits);
			g_free(t->spare);
			t->bits = bits;
			t->spare = g_new0(uint64_t, words);
			t->has_bits = false;
		}
	}
	n = view_select(t->view, f, t->query, t->column, t->is_descending,
			keeps_bits ? wider_bits(t) : NULL, keeps_bits ? t->spare : NULL, t->rows);
	if (keeps_bits) {
		uint64_t *bits = t->bits;

		t->bits = t->spare;
		t->spare = bits;
		t->has_bits = true;
	}
	g_clear_pointer(&t->selected, query_free);
	t->is_stale = false;
	list_show(&t->list, t->rows, n, count);
}

void tab_carry(struct tab *t, const struct frame *old, const struct frame *fresh)
{
	bool is_same = t->view->kind == KIND_CERTS ?
		old->snap->certs == fresh->snap->certs :
		old->snap->kind[t->view->kind] == fresh->snap->kind[t->view->kind];

	t->has_bits = false;
	g_clear_pointer(&t->selected, query_free);
	t->is_stale = true;
	if (!is_same)
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

GPtrArray *tab_chosen_ids(const struct tab *t, const struct frame *f, uint32_t most)
{
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) rows = list_chosen(&t->list, most);

	for (guint i = 0; i < rows->len; i++) {
		GString *id = g_string_new(NULL);

		t->view->id(id, f, g_array_index(rows, uint32_t, i));
		g_ptr_array_add(ids, g_string_free(id, FALSE));
	}
	return ids;
}
