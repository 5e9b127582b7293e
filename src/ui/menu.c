/*
 * menu: a panel of entries above the status line.
 *
 * A panel above the status line, as high as its entries.
 */
#include "menu.h"

#include <string.h>

#include "sign.h"
#include "screen.h"
#include "term.h"

struct entry {
	uint32_t letter;
	char *label, *more, *why_not;
	menu_fn *choose;
	int arg;
};

struct menu {
	struct layer layer;
	char *title;
	GPtrArray *entries;
	menu_fill_fn *fill;	/* NULL: the entries stay as they are */
	int at, top, rows;
};

static void free_entry(void *data)
{
	struct entry *e = data;

	g_free(e->label);
	g_free(e->more);
	g_free(e->why_not);
	g_free(e);
}

static void free_menu(struct layer *l)
{
	struct menu *m = (struct menu *)l;

	g_ptr_array_unref(m->entries);
	g_free(m->title);
	g_free(m);
}

static void draw_entry(const struct entry *e, struct rect line, int labels, bool has_cursor)
{
	g_autoptr(GString) text = g_string_new(NULL), key = g_string_new(NULL),
			   fit = g_string_new(NULL);
	enum role role = e->why_not ? ROLE_dim : ROLE_text;
	int x = line.x + 6, rest;

	if (e->letter)
		key_say(key, e->letter);
	term_text(line.y, line.x, 2, ROLE_text, has_cursor ? sign_text(SIGN_cursor) : " ");
	term_text(line.y, line.x + 2, 4, ROLE_hint_key, key->str);
	text_fit(text, e->label, labels, ALIGN_LEFT);
	term_text(line.y, x, labels, has_cursor ? ROLE_selection : role, text->str);
	rest = line.cols - 6 - labels - 2;
	if (!e->more || rest < 1)
		return;
	text_fit(fit, e->more, rest, ALIGN_LEFT);
	term_text(line.y, x + labels + 2, rest, ROLE_dim, fit->str);
}

static void draw(struct layer *l, struct screen *s, const struct layout *where)
{
	struct menu *m = (struct menu *)l;
	struct rect r = where->body;
	int n = (int)m->entries->len, labels = 0;
	struct rect panel = rect_cut_bottom(&r, MIN(n + 2, where->body.rows));
	struct rect line = rect_cut_top(&panel, 1);
	g_autofree char *title = g_strdup_printf(" %s ", m->title);

	for (int i = 0; i < n; i++)
		labels = MAX(labels,
			     text_width(((struct entry *)m->entries->pdata[i])->label, -1));
	labels = MIN(labels, line.cols - 8);
	term_rule(line.y, line.x, line.cols);
	term_text(line.y, line.x + 1, MIN(text_width(title, -1), line.cols - 2), ROLE_title,
		  title);
	term_fill(panel.y, panel.x, panel.rows, panel.cols, ROLE_text);
	m->rows = panel.rows;
	if (m->at < m->top)
		m->top = m->at;
	if (m->at >= m->top + m->rows)
		m->top = m->at - m->rows + 1;
	for (int i = m->top; i < n && panel.rows > 0; i++) {
		line = rect_cut_top(&panel, 1);
		draw_entry(m->entries->pdata[i], line, labels, i == m->at);
		if (i == m->at)
			term_cursor(line.y, line.x);
	}
}

static void move(struct layer *l, struct screen *s, enum move how)
{
	struct menu *m = (struct menu *)l;

	m->at = move_from(how, m->at, (int)m->entries->len, m->rows);
}

static unsigned choose(struct menu *m, struct screen *s, int at)
{
	const struct entry *e = m->entries->pdata[at];
	menu_fn *chosen = e->choose;
	int arg = e->arg;

	if (e->why_not) {
		m->at = at;
		screen_say(s, ROLE_warn, "%s", e->why_not);
		return UI_REDRAW;
	}
	layer_pop(s);
	return UI_REDRAW | chosen(s, arg);
}

static unsigned input(struct layer *l, struct screen *s, const struct input *in)
{
	struct menu *m = (struct menu *)l;

	if (in->kind != INPUT_KEY)
		return UI_PASS;
	if (in->key == K_ENTER)
		return choose(m, s, m->at);
	for (guint i = 0; i < m->entries->len; i++)
		if (((struct entry *)m->entries->pdata[i])->letter == in->key)
			return choose(m, s, (int)i);
	return UI_PASS;
}

static void fresh(struct layer *l, struct screen *s)
{
	struct menu *m = (struct menu *)l;

	if (!m->fill)
		return;
	g_ptr_array_set_size(m->entries, 0);
	m->fill(m, s);
	m->at = MIN(m->at, (int)m->entries->len - 1);
}

static const struct layer_type menu_type = {
	.title = "Menu", .place = IN_MENU, .hints = "Enter\tchoose\tEsc\tback",
	.draw = draw, .input = input, .move = move, .fresh = fresh, .free = free_menu,
};

struct menu *menu_new(const char *title)
{
	struct menu *m = g_new0(struct menu, 1);

	m->layer.type = &menu_type;
	m->title = g_strdup(title);
	m->entries = g_ptr_array_new_with_free_func(free_entry);
	return m;
}

void menu_add(struct menu *m, uint32_t letter, const char *label, const char *more,
	      const char *why_not, menu_fn *chosen, int arg)
{
	struct entry *e = g_new0(struct entry, 1);

	*e = (struct entry){ letter,            g_strdup(label), g_strdup(more),
			     g_strdup(why_not), chosen,          arg };
	g_ptr_array_add(m->entries, e);
}

void menu_fill(struct menu *m, struct screen *s, menu_fill_fn *fill)
{
	m->fill = fill;
	fill(m, s);
}

void menu_open(struct screen *s, struct menu *m, size_t at)
{
	m->at = (int)at;
	layer_push(s, &m->layer);
}
