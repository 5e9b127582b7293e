/*
 * view: the list of views, and what all of them do alike: select, order, find, fit.
 */
#include "own.h"

#include <string.h>

const struct view *const view_table[KIND_COUNT] = {
	[KIND_STORES] = &view_stores,	    [KIND_CERTS] = &view_certs,
	[KIND_REQUESTS] = &view_requests,   [KIND_DISCOVERY] = &view_discovery,
	[KIND_DOMAINS] = &view_domains,	    [KIND_JOBS] = &view_jobs,
	[KIND_ACCOUNTS] = &view_accounts,
};

uint32_t view_count(const struct view *v, const struct snapshot *s)
{
	return v->kind == KIND_CERTS ? s->certs->n : (uint32_t)s->kind[v->kind]->n;
}

const void *view_item(const struct view *v, const struct snapshot *s, uint32_t row)
{
	return s->kind[v->kind]->item[row];
}

uint32_t view_find(const struct view *v, const struct snapshot *s, const char *id)
{
	gssize i;

	if (v->kind == KIND_CERTS)
		return certs_find_id(s->certs, id);
	i = items_find(s->kind[v->kind], id);
	return i < 0 ? CERTS_NONE : (uint32_t)i;
}

/* ---- select ---- */

static uint32_t select_certs(const struct view *v, const struct frame *f, const struct query *q,
			     size_t column, bool descending, const uint64_t *within,
			     uint64_t *ret_bits, uint32_t *ret)
{
	const struct certs *c = f->snap->certs;
	int order = v->columns[column].certs_order;
	g_autofree uint64_t *own = ret_bits ? NULL : g_new(uint64_t, c->n / 64 + 1);
	uint64_t *bits = ret_bits ? ret_bits : own;

	/* A first page is in the order in which it was saved. */
	if (f->snap->is_first_page || order < 0) {
		order = CERTS_BY_NAME;
		descending = descending && !f->snap->is_first_page;
	}
	query_certs(q, f->snap, f->now, within, bits);
	return certs_sort(c, f->snap->kind[KIND_STORES], (enum certs_order)order, descending,
			  f->now, bits, ret);
}

/* What rows are put in order by. */
struct sorting {
	const struct frame *frame;
	const struct column *column;
	char **text;		/* by row, folded; NULL when the column compares by itself */
	bool descending;
};

static int compare(const void *a, const void *b, void *who)
{
	const struct sorting *s = who;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int order = s->text ? strcmp(s->text[x], s->text[y]) : s->column->order(s->frame, x, y);

	if (s->descending)
		order = -order;
	return order ? order : order_numbers(x, y);
}

static char **texts_of(const struct frame *f, const struct column *c, uint32_t all)
{
	char **text = g_new0(char *, all + 1);

	for (uint32_t i = 0; i < all; i++) {
		g_autoptr(GString) plain = g_string_new(NULL);
		GString *folded = g_string_new(NULL);

		c->text(plain, f, i);
		text_fold(folded, plain->str, (gssize)plain->len);
		text[i] = g_string_free(folded, FALSE);
	}
	return text;
}

static uint32_t select_items(const struct view *v, const struct frame *f, const struct query *q,
			     size_t column, bool descending, uint32_t *ret)
{
	struct sorting s = { .frame = f, .column = &v->columns[column],
			     .descending = descending };
	uint32_t all = view_count(v, f->snap), n = 0;

	for (uint32_t i = 0; i < all; i++)
		if (query_row(q, view_item(v, f->snap, i), v->field, v->time, f->now))
			ret[n++] = i;
	if (f->snap->is_first_page)
		return n;
	if (!s.column->order)
		s.text = texts_of(f, s.column, all);
	g_qsort_with_data(ret, (int)n, sizeof(*ret), compare, &s);
	g_strfreev(s.text);
	return n;
}

uint32_t view_select(const struct view *v, const struct frame *f, const struct query *q,
		     size_t column, bool descending, const uint64_t *within, uint64_t *ret_bits,
		     uint32_t *ret)
{
	if (v->kind == KIND_CERTS)
		return select_certs(v, f, q, column, descending, within, ret_bits, ret);
	return select_items(v, f, q, column, descending, ret);
}

/* ---- fit ---- */

#define FLEX_MIN 18	/* cells below which a flexible column is no use */

static int least(const struct column *c)
{
	return c->width == COLUMN_FLEX ? FLEX_MIN : c->width;
}

int view_fit(const struct view *v, int cells, int *widths)
{
	int used = -VIEW_GAP, flexible = 0, left;
	size_t n;

	memset(widths, 0, v->n_columns * sizeof(*widths));
	for (n = 0; n < v->n_columns; n++) {
		const struct column *c = &v->columns[n];

		if (c->width == COLUMN_HIDDEN)
			continue;
		if (used + VIEW_GAP + least(c) > cells && used > 0)
			break;
		widths[n] = least(c);
		used += VIEW_GAP + widths[n];
		flexible += c->width == COLUMN_FLEX;
	}
	left = cells - used;
	for (size_t i = 0; i < n && flexible; i++) {
		if (v->columns[i].width != COLUMN_FLEX)
			continue;
		widths[i] += left / flexible;
		used += left / flexible;
		left -= left / flexible--;
	}
	return used;
}
