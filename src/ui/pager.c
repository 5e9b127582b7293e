/*
 * pager: labelled lines, wrapped and scrolled.
 *
 * Labels stand in a column of their own, as wide as the widest of them but no wider than a
 * third of the window, so that what belongs together lines up; a longer one goes on below.
 */
#include "pager.h"

#include <certty/base/text.h>

#include "sign.h"
#include "term.h"

#define LABEL_MOST 40
#define INDENT 2

struct pager_line {
	char *label;
	char *text;
	enum role role;
	bool is_plain;		/* no column for the label */
	bool is_part;		/* of a line that has a text: without one it is no heading */
};

static void free_line(void *data)
{
	struct pager_line *line = data;

	g_free(line->label);
	g_free(line->text);
	g_free(line);
}

static struct pager_line *new_line(const char *label, enum role role, const char *text,
				   bool is_plain)
{
	struct pager_line *line = g_new0(struct pager_line, 1);

	line->label = g_strdup(label ? label : "");
	line->text = g_strdup(text ? text : "");
	line->role = role;
	line->is_plain = is_plain;
	return line;
}

int move_from(enum move how, int at, int n, int page)
{
	int step = MAX(page, 1), half = MAX(page / 2, 1);
	int to[] = {
		[MOVE_UP] = at - 1,            [MOVE_DOWN] = at + 1,
		[MOVE_PAGE_UP] = at - step,    [MOVE_PAGE_DOWN] = at > n - step ? n - 1 : at + step,
		[MOVE_HALF_UP] = at - half,    [MOVE_HALF_DOWN] = at > n - half ? n - 1 : at + half,
		[MOVE_FIRST] = 0,              [MOVE_LAST] = n - 1,
	};

	return MAX(0, MIN(to[how], n - 1));
}

void pager_init(struct pager *p)
{
	*p = (struct pager){ .lines = g_ptr_array_new_with_free_func(free_line) };
}

void pager_done(struct pager *p)
{
	g_clear_pointer(&p->lines, g_ptr_array_unref);
	g_clear_pointer(&p->shown, g_ptr_array_unref);
}

void pager_clear(struct pager *p)
{
	g_ptr_array_set_size(p->lines, 0);
	g_clear_pointer(&p->shown, g_ptr_array_unref);
	p->label_cells = 0;
	p->is_seen = false;
}

static void add(struct pager *p, struct pager_line *line)
{
	g_ptr_array_add(p->lines, line);
	g_clear_pointer(&p->shown, g_ptr_array_unref);
	p->is_seen = false;
}

void pager_add(struct pager *p, const char *label, enum role role, const char *text)
{
	struct pager_line *line = new_line(label, role, text, false);

	if (*line->text)
		p->label_cells = MAX(p->label_cells,
				     MIN(text_width(line->label, -1), LABEL_MOST));
	add(p, line);
}

void pager_add_plain(struct pager *p, enum role role, const char *text)
{
	add(p, new_line(NULL, role, text, true));
}

void pager_add_text(struct pager *p, enum role role, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++)
		if (line[1] || **line)
			pager_add_plain(p, role, *line);
}

/* Label and text each in its own column, as many lines as the longer of the two needs. */
static void wrap_line(struct pager *p, const struct pager_line *line, int label_cells)
{
	int cells = p->width - 1 - (line->is_plain ? 0 : INDENT + label_cells + 2);
	g_auto(GStrv) texts = text_wrap(line->text, MAX(cells, 1));
	g_auto(GStrv) labels = text_wrap(line->label, MAX(label_cells, 1));
	char **text = texts, **label = labels;

	if (!*line->text) {
		g_ptr_array_add(p->shown, new_line(line->label, line->role, "", line->is_plain));
		return;
	}
	do {
		struct pager_line *part = new_line(*label, line->role, *text, line->is_plain);

		part->is_part = true;
		g_ptr_array_add(p->shown, part);
		text += *text != NULL;
		label += *label != NULL;
	} while (*text || *label);
}

static int label_cells_at(const struct pager *p, int width)
{
	return MIN(p->label_cells, MAX(width / 3, 6));
}

int pager_height(struct pager *p, int width)
{
	if (!p->shown || p->width != width) {
		g_clear_pointer(&p->shown, g_ptr_array_unref);
		p->shown = g_ptr_array_new_with_free_func(free_line);
		p->width = width;
		for (guint i = 0; i < p->lines->len; i++)
			wrap_line(p, p->lines->pdata[i], label_cells_at(p, width));
	}
	return (int)p->shown->len;
}

void pager_move(struct pager *p, enum move how)
{
	int n = p->shown ? (int)p->shown->len : 0;
	int most = MAX(0, n - p->rows);

	p->top = MIN(move_from(how, p->top, most + 1, MAX(p->rows - 1, 1)), most);
}

static void draw_line(const struct pager *p, const struct pager_line *line, int y, int x,
		      int cols)
{
	g_autoptr(GString) cell = g_string_new(NULL);
	int label_cells = label_cells_at(p, p->width), cells;

	if (line->is_plain) {
		text_fit(cell, line->text, cols, ALIGN_LEFT);
		term_text(y, x, cols, line->role, cell->str);
		return;
	}
	if (!*line->text && !line->is_part) {
		text_fit(cell, line->label, cols, ALIGN_LEFT);
		term_text(y, x, cols, ROLE_title, cell->str);
		return;
	}
	text_fit(cell, line->label, label_cells, ALIGN_LEFT);
	term_text(y, x + INDENT, label_cells, ROLE_dim, cell->str);
	g_string_truncate(cell, 0);
	cells = cols - INDENT - label_cells - 2;
	text_fit(cell, line->text, cells, ALIGN_LEFT);
	/* Only as wide as its words: a colour is no bar. */
	term_text(y, x + INDENT + label_cells + 2, MIN(text_width(line->text, -1), cells),
		  line->role, cell->str);
}

void pager_draw(struct pager *p, struct rect r, bool focused)
{
	int n;

	if (rect_is_empty(&r))
		return;
	n = pager_height(p, r.cols);
	p->rows = r.rows;
	p->top = MAX(0, MIN(p->top, n - r.rows));
	p->is_seen |= p->top + r.rows >= n;
	for (int i = 0; i < r.rows && p->top + i < n; i++)
		draw_line(p, p->shown->pdata[p->top + i], r.y + i, r.x, r.cols - 1);
	if (p->top > 0)
		term_text(r.y, r.x + r.cols - 1, 1, ROLE_dim, sign_text(SIGN_up));
	if (p->top + r.rows < n)
		term_text(r.y + r.rows - 1, r.x + r.cols - 1, 1, ROLE_dim,
			  sign_text(SIGN_down));
	if (focused)
		term_cursor(r.y, r.x);
}
