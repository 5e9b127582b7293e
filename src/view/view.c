/*
 * view: the list of views, and what all of them do alike: select, order, find, fit.
 */
#include "own.h"

#include <string.h>

const struct view *const view_table[KIND_COUNT] = {
	[KIND_STORES] = &view_stores,	    [KIND_CERTS] = &view_certs,
	[KIND_REQUESTS] = &view_requests,   [KIND_DISCOVERY] = &view_discovery,
	[KIND_DOMAINS] = &view_domains,	    [KIND_OBJECTS] = &view_objects,
	[KIND_JOBS] = &view_jobs,	    [KIND_ACCOUNTS] = &view_accounts,
	[KIND_DEPLOYS] = &view_deploys,
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

/* The column that says what a row is called: the first wide one. */
static const struct column *name_column(const struct view *v)
{
	for (size_t i = 0; i < v->n_columns; i++)
		if (v->columns[i].width == COLUMN_FLEX)
			return &v->columns[i];
	return &v->columns[0];
}

struct search {
	uint32_t found, n;
};

static void found(struct search *s, uint32_t row)
{
	s->found = row;
	s->n++;
}

char *view_find_called(const struct view *v, const struct frame *f, const char *typed)
{
	const struct column *name = name_column(v);
	uint32_t row = view_find(v, f->snap, typed);
	struct search by_name = { 0 }, by_start = { 0 };
	GString *id = g_string_new(NULL);

	for (uint32_t i = 0; row == CERTS_NONE && i < view_count(v, f->snap); i++) {
		g_string_truncate(id, 0);
		v->id(id, f, i);
		if (g_str_has_prefix(id->str, typed))
			found(&by_start, i);
		g_string_truncate(id, 0);
		(name->raw ? name->raw : name->text)(id, f, i);
		if (!strcmp(id->str, typed))
			found(&by_name, i);
	}
	if (row == CERTS_NONE && by_name.n == 1)
		row = by_name.found;
	else if (row == CERTS_NONE && !by_name.n && by_start.n == 1 && *typed)
		row = by_start.found;
	g_string_truncate(id, 0);
	if (row != CERTS_NONE)
		v->id(id, f, row);
	return g_string_free(id, row == CERTS_NONE);
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

#define FLEX_MIN 18	/* cells below which a flexible column is no use, unless it needs no more */
#define SORT_SIGN 1	/* beside a title */

void view_measure(const struct view *v, const struct frame *f, int *needs)
{
	uint32_t rows = view_count(v, f->snap);
	g_autoptr(GString) text = g_string_new(NULL);

	for (size_t c = 0; c < v->n_columns; c++) {
		const struct column *col = &v->columns[c];
		bool is_flexible = col->width == COLUMN_FLEX;

		needs[c] = is_flexible ? text_width(col->title, -1) + SORT_SIGN : 0;
		for (uint32_t row = 0; is_flexible && row < rows; row++) {
			g_string_truncate(text, 0);
			col->text(text, f, row);
			needs[c] = MAX(needs[c], text_width(text->str, (gssize)text->len));
		}
	}
}

static int least(const struct view *v, const int *needs, size_t i)
{
	if (v->columns[i].width != COLUMN_FLEX)
		return v->columns[i].width;
	return needs ? MIN(needs[i], FLEX_MIN) : FLEX_MIN;
}

static bool wants_more(const struct view *v, const int *needs, const int *widths, size_t i)
{
	return v->columns[i].width == COLUMN_FLEX && (!needs || widths[i] < needs[i]);
}

/* Cells for the columns that want more, alike; returns what nobody wants. */
static int share(const struct view *v, size_t n, int left, const int *needs, int *widths)
{
	int hungry = 0;

	for (size_t i = 0; i < n; i++)
		hungry += wants_more(v, needs, widths, i);
	if (!hungry || !left)
		return left;
	for (size_t i = 0; i < n; i++) {
		int more;

		if (!wants_more(v, needs, widths, i))
			continue;
		more = left / hungry--;
		more = needs ? MIN(more, needs[i] - widths[i]) : more;
		widths[i] += more;
		left -= more;
	}
	return share(v, n, left, needs, widths);
}

int view_fit(const struct view *v, int cells, const int *needs, int *widths)
{
	int used = -VIEW_GAP, left;
	size_t n;

	memset(widths, 0, v->n_columns * sizeof(*widths));
	for (n = 0; n < v->n_columns; n++) {
		if (v->columns[n].width == COLUMN_HIDDEN)
			continue;
		if (used + VIEW_GAP + least(v, needs, n) > cells && used > 0)
			break;
		widths[n] = least(v, needs, n);
		used += VIEW_GAP + widths[n];
	}
	left = MAX(cells - used, 0);
	return used + left - share(v, n, left, needs, widths);
}
