/*
 * list: the one list that all tabs show.
 *
 * What is drawn for a row: a sign (cursor or marked), a blank, the columns with a blank
 * between.  Only the sign and the columns up to the name change when the cursor moves, which
 * keeps a cursor key short on the line.
 */
#include "list.h"

#include <string.h>

#include "sign.h"
#include "term.h"

#define SIGN_CELLS 2
#define CURSOR_CELLS 48		/* of the first column that look different under the cursor */
#define COLUMNS_MAX 32
#define BAR_CELLS 4		/* at the start of a share of life */

static const enum role role_of_tone[TONE_COUNT] = {
	[TONE_PLAIN] = ROLE_row,     [TONE_DIM] = ROLE_dim,   [TONE_GOOD] = ROLE_good,
	[TONE_NOTICE] = ROLE_notice, [TONE_WARN] = ROLE_warn, [TONE_BAD] = ROLE_bad,
	[TONE_UNKNOWN] = ROLE_unknown,
};

void list_init(struct list *l)
{
	*l = (struct list){ .row = CERTS_NONE, .anchor = CERTS_NONE };
}

void list_done(struct list *l)
{
	g_clear_pointer(&l->marks, g_free);
	g_clear_pointer(&l->needs, g_free);
}

/* ---- cursor ---- */

static uint32_t position_of(const struct list *l, uint32_t row)
{
	if (row == CERTS_NONE)
		return CERTS_NONE;
	for (uint32_t i = 0; i < l->n; i++)
		if (l->rows[i] == row)
			return i;
	return CERTS_NONE;
}

void list_go(struct list *l, uint32_t position)
{
	l->at = l->n ? MIN(position, l->n - 1) : 0;
	l->row = l->n ? l->rows[l->at] : CERTS_NONE;
}

void list_move(struct list *l, enum move how)
{
	int page = MAX(l->body.rows, 1);
	int n = (int)MIN(l->n, (uint32_t)G_MAXINT);

	if (!n)
		return;
	if (how == MOVE_PAGE_UP || how == MOVE_PAGE_DOWN || how == MOVE_HALF_UP ||
	    how == MOVE_HALF_DOWN) {
		int top = move_from(how, (int)l->top, MAX(1, n - page + 1), page);

		l->top = (uint32_t)top;
	}
	list_go(l, (uint32_t)move_from(how, (int)l->at, n, page));
}

static void count_hidden_marks(struct list *l)
{
	uint32_t shown = 0;

	if (l->n_marked)
		for (uint32_t i = 0; i < l->n; i++)
			shown += list_is_marked(l, l->rows[i]);
	l->n_marked_hidden = l->n_marked - shown;
}

void list_show(struct list *l, const uint32_t *rows, uint32_t n, uint32_t n_bits)
{
	uint32_t line = l->at >= l->top ? l->at - l->top : 0;
	uint32_t at;

	if (n_bits != l->n_bits) {
		l->marks = g_renew(uint64_t, l->marks, (n_bits + 63) / 64 + 1);
		memset(l->marks, 0, ((n_bits + 63) / 64 + 1) * sizeof(*l->marks));
		l->n_bits = n_bits;
		l->n_marked = 0;
	}
	l->rows = rows;
	l->n = n;
	l->anchor = CERTS_NONE;
	at = position_of(l, l->row);
	list_go(l, at == CERTS_NONE ? l->at : at);
	l->top = l->at > line ? l->at - line : 0;
	count_hidden_marks(l);
}

static uint32_t same_row(const struct view *v, const struct frame *old,
			 const struct frame *fresh, uint32_t row)
{
	g_autoptr(GString) id = g_string_new(NULL);

	v->id(id, old, row);
	return view_find(v, fresh->snap, id->str);
}

void list_measure(struct list *l, const struct view *v, const struct frame *f)
{
	if (!v->is_measured)
		return;
	l->needs = g_renew(int, l->needs, v->n_columns);
	view_measure(v, f, l->needs);
}

void list_carry(struct list *l, const struct view *v, const struct frame *old,
		const struct frame *fresh)
{
	uint32_t n_old = view_count(v, old->snap), n = view_count(v, fresh->snap);
	uint64_t *marks = g_new0(uint64_t, (n + 63) / 64 + 1);
	uint32_t marked = 0;

	for (uint32_t w = 0; l->n_marked && w < (l->n_bits + 63) / 64; w++)
		for (uint64_t bits = l->marks[w]; bits; bits &= bits - 1) {
			uint32_t row = w * 64 + (uint32_t)__builtin_ctzll(bits);
			uint32_t now = row < n_old ? same_row(v, old, fresh, row) : CERTS_NONE;

			if (now == CERTS_NONE)
				continue;
			marks[now / 64] |= UINT64_C(1) << (now % 64);
			marked++;
		}
	g_free(l->marks);
	l->marks = marks;
	l->n_bits = n;
	l->n_marked = marked;
	l->n_marked_hidden = 0;	/* counted again when the rows are there */
	if (l->row != CERTS_NONE)
		l->row = l->row < n_old ? same_row(v, old, fresh, l->row) : CERTS_NONE;
	l->rows = NULL;
	l->n = 0;
}

/* ---- marks ---- */

bool list_is_marked(const struct list *l, uint32_t row)
{
	return row < l->n_bits && (l->marks[row / 64] >> (row % 64) & 1);
}

static void set_mark(struct list *l, uint32_t row, bool on)
{
	uint64_t bit = UINT64_C(1) << (row % 64);

	if (row >= l->n_bits || on == list_is_marked(l, row))
		return;
	l->marks[row / 64] ^= bit;
	l->n_marked += on ? 1 : UINT32_MAX;
}

void list_toggle(struct list *l)
{
	list_settle_range(l);
	if (l->row == CERTS_NONE)
		return;
	set_mark(l, l->row, !list_is_marked(l, l->row));
	list_move(l, MOVE_DOWN);
}

void list_range(struct list *l)
{
	if (l->anchor != CERTS_NONE)
		list_settle_range(l);
	else if (l->row != CERTS_NONE)
		l->anchor = l->at;
}

static bool is_in_range(const struct list *l, uint32_t position)
{
	return l->anchor != CERTS_NONE && position >= MIN(l->anchor, l->at) &&
	       position <= MAX(l->anchor, l->at);
}

void list_settle_range(struct list *l)
{
	if (l->anchor == CERTS_NONE)
		return;
	for (uint32_t i = MIN(l->anchor, l->at); i <= MAX(l->anchor, l->at) && i < l->n; i++)
		set_mark(l, l->rows[i], true);
	l->anchor = CERTS_NONE;
}

void list_invert(struct list *l)
{
	list_settle_range(l);
	for (uint32_t i = 0; i < l->n; i++)
		set_mark(l, l->rows[i], !list_is_marked(l, l->rows[i]));
}

void list_unmark(struct list *l)
{
	l->anchor = CERTS_NONE;
	l->n_marked = l->n_marked_hidden = 0;
	if (l->marks)
		memset(l->marks, 0, (l->n_bits + 63) / 64 * sizeof(*l->marks));
}

GArray *list_chosen(const struct list *l, uint32_t most)
{
	GArray *chosen = g_array_new(FALSE, FALSE, sizeof(uint32_t));

	for (uint32_t w = 0; l->n_marked && w < (l->n_bits + 63) / 64; w++)
		for (uint64_t bits = l->marks[w]; bits && chosen->len < most; bits &= bits - 1) {
			uint32_t row = w * 64 + (uint32_t)__builtin_ctzll(bits);

			g_array_append_val(chosen, row);
		}
	if (!l->n_marked && l->row != CERTS_NONE)
		g_array_append_val(chosen, l->row);
	return chosen;
}

/* ---- columns ---- */

size_t list_name_column(const struct view *v)
{
	for (size_t i = 0; i < v->n_columns; i++)
		if (v->columns[i].width == COLUMN_FLEX)
			return i;
	return 0;
}

size_t list_columns(const struct list *l, const struct view *v, int cells,
		    struct list_column *ret, size_t max)
{
	struct column columns[COLUMNS_MAX];
	size_t index[COLUMNS_MAX], n = 0, count = 0;
	int widths[COLUMNS_MAX] = { 0 }, needs[COLUMNS_MAX] = { 0 };
	size_t name = list_name_column(v);
	struct view shifted = *v;

	for (size_t i = 0; i < v->n_columns && n < COLUMNS_MAX; i++) {
		if (i > name && i <= name + l->shift)
			continue;
		index[n] = i;
		needs[n] = l->needs ? l->needs[i] : 0;
		columns[n++] = v->columns[i];
	}
	shifted.columns = columns;
	shifted.n_columns = n;
	view_fit(&shifted, cells, l->needs ? needs : NULL, widths);
	for (size_t i = 0; i < n && count < max; i++)
		if (widths[i] > 0)
			ret[count++] = (struct list_column){ index[i], widths[i] };
	return count;
}

gssize list_column_at(const struct list *l, const struct view *v, int x)
{
	struct list_column columns[COLUMNS_MAX];
	size_t n = list_columns(l, v, l->body.cols - SIGN_CELLS, columns, COLUMNS_MAX);
	int from = l->body.x + SIGN_CELLS;

	for (size_t i = 0; i < n; from += columns[i++].width + VIEW_GAP)
		if (x >= from && x < from + columns[i].width)
			return (gssize)columns[i].index;
	return -1;
}

/* ---- drawing ---- */

static void draw_header(const struct view *v, struct rect r, const struct list_column *columns,
			size_t n, size_t sorted, bool descending)
{
	g_autoptr(GString) title = g_string_new(NULL), cell = g_string_new(NULL);
	int x = r.x + SIGN_CELLS;

	for (size_t i = 0; i < n; x += columns[i++].width + VIEW_GAP) {
		const struct column *c = &v->columns[columns[i].index];
		bool is_sorted = columns[i].index == sorted;

		g_string_assign(title, c->title);
		if (is_sorted && text_width(c->title, -1) < columns[i].width)
			g_string_append(title, sign_text(descending ? SIGN_down : SIGN_up));
		g_string_truncate(cell, 0);
		text_fit(cell, title->str, columns[i].width, c->align);
		term_text(r.y, x, columns[i].width, is_sorted ? ROLE_header_sorted : ROLE_header,
			  cell->str);
	}
}

struct row_look {
	enum role role;		/* of the sign and the columns up to the name */
	enum sign sign;
	bool has_sign;
};

static struct row_look look_of(const struct list *l, uint32_t position)
{
	bool marked = list_is_marked(l, l->rows[position]) || is_in_range(l, position);

	if (position == l->at)
		return (struct row_look){ ROLE_row_cursor, marked ? SIGN_marked : SIGN_cursor,
					  true };
	if (marked)
		return (struct row_look){ ROLE_row_marked, SIGN_marked, true };
	return (struct row_look){ ROLE_row, SIGN_none, false };
}

/* Colours lie under words alone, not under the blanks that fill a column. */
static void draw_words(const char *text, int y, int x, int width, enum role role)
{
	int before = (int)strspn(text, " "), words;
	g_autofree char *trimmed = g_strchomp(g_strdup(text + before));

	words = MIN(text_width(trimmed, -1), width - before);
	if (words > 0 && before < width)
		term_text(y, x + before, words, role, trimmed);
}

/* The bar of a life has its own look; what it means is said by the words behind it. */
static void draw_life(const char *text, int y, int x, int width, enum role role)
{
	int used;
	size_t cut = text_prefix(text, MIN(BAR_CELLS, width), &used);

	term_text(y, x, used, ROLE_life_full, text);
	draw_words(text + cut, y, x + used, width - used, role);
}

/* A cell, of which what lies left of `limit` looks as the cursor or the mark says. */
static void draw_cell(const char *text, int y, int x, int width, enum role role,
		      const struct row_look *look, int limit)
{
	int cells = CLAMP(limit - x, 0, width), used;
	size_t cut;

	if (!cells) {
		draw_words(text, y, x, width, role);
		return;
	}
	cut = text_prefix(text, cells, &used);
	term_text(y, x, cells, look->role, text);
	if (width > cells)
		draw_words(text + cut, y, x + cells, width - cells, role);
}

static void draw_row(const struct list *l, const struct view *v, const struct frame *f,
		     uint32_t position, int y, int x, const struct list_column *columns,
		     size_t n)
{
	g_autoptr(GString) text = g_string_new(NULL), cell = g_string_new(NULL);
	struct row_look look = look_of(l, position);
	size_t name = list_name_column(v);
	uint32_t row = l->rows[position];
	int from = x + SIGN_CELLS, limit = x + CURSOR_CELLS, end = from;

	for (size_t i = 0; i < n && columns[i].index <= name; i++)
		end += columns[i].width + (i ? VIEW_GAP : 0);
	limit = look.role == ROLE_row ? x : MIN(limit, end);
	term_fill(y, x, 1, MAX(limit - x, SIGN_CELLS), look.role);
	if (look.has_sign)
		term_text(y, x, 1, look.role, sign_text(look.sign));
	for (size_t i = 0; i < n; from += columns[i++].width + VIEW_GAP) {
		const struct column *c = &v->columns[columns[i].index];
		enum role role = role_of_tone[c->tone ? c->tone(f, row) : TONE_PLAIN];

		g_string_truncate(text, 0);
		g_string_truncate(cell, 0);
		c->text(text, f, row);
		text_fit(cell, text->str, columns[i].width, c->align);
		if (v->kind == KIND_CERTS && c->certs_order == CERTS_BY_LIFE)
			draw_life(cell->str, y, from, columns[i].width, role);
		else
			draw_cell(cell->str, y, from, columns[i].width, role, &look, limit);
	}
}

static void scroll_to_cursor(struct list *l)
{
	uint32_t rows = (uint32_t)MAX(l->body.rows, 1);

	if (l->at < l->top)
		l->top = l->at;
	if (l->at >= l->top + rows)
		l->top = l->at - rows + 1;
	l->top = l->n > rows ? MIN(l->top, l->n - rows) : 0;
}

void list_draw(struct list *l, const struct view *v, const struct frame *f, struct rect r,
	       size_t sorted, bool descending, bool focused)
{
	struct list_column columns[COLUMNS_MAX];
	size_t n = list_columns(l, v, r.cols - SIGN_CELLS, columns, COLUMNS_MAX);
	struct rect header = rect_cut_top(&r, 1);

	l->body = r;
	l->header_y = header.y;
	scroll_to_cursor(l);
	draw_header(v, header, columns, n, sorted, descending);
	for (int i = 0; i < r.rows && l->top + (uint32_t)i < l->n; i++)
		draw_row(l, v, f, l->top + (uint32_t)i, r.y + i, r.x, columns, n);
	if (focused && l->n)
		term_cursor(r.y + (int)(l->at - l->top), r.x);
	else if (focused)
		term_cursor(r.y, r.x);
}
