/*
 * screen: how the console answers to inputs and snapshots.
 *
 * The order of things: inputs change the state and say what is to happen, settle brings rows
 * and details up to date once, draw shows them.
 */
#include "screen.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/account.h>
#include <certty/model/store.h>

#include "status.h"
#include "term.h"

#define LAYERS_MOST 16

static const char first_steps[] = "A adds an account, f looks for more stores, ? helps.";

/* ---- life ---- */

static void free_crumb(void *data)
{
	struct crumb *c = data;

	g_free(c->filter);
	g_free(c->to_filter);
	g_free(c->title);
	g_free(c);
}

static char *recall(const struct screen *s, const char *key)
{
	return s->engine.recall ? s->engine.recall(s->engine.who, key) : NULL;
}

static bool is_set(const struct screen *s, const char *key)
{
	return s->settings && settings_bool(s->settings, "screen", key);
}

static void recall_order(struct screen *s, struct tab *t)
{
	g_autofree char *key = g_strconcat("order.", kind_word(t->view->kind), NULL);
	g_autofree char *order = recall(s, key);
	bool descending = order && *order == '-';

	for (size_t i = 0; order && i < t->view->n_columns; i++)
		if (!strcmp(t->view->columns[i].key, order + descending))
			tab_sort(t, i, descending);
}

static void recall_tab(struct screen *s, const char *wanted)
{
	g_autofree char *word = wanted ? g_strdup(wanted) : recall(s, "tab");
	enum kind kind;

	s->current = word && kind_read(word, &kind) ? kind : KIND_CERTS;
}

struct screen *screen_new(const struct ui_config *config)
{
	struct screen *s = g_new0(struct screen, 1);

	s->engine = config->engine;
	s->settings = config->settings;
	s->check_terminal = config->check_terminal;
	s->keymap = keymap_new(config->settings);
	s->is_read_only = config->is_read_only;
	s->is_never_split = s->settings &&
		!g_strcmp0(settings_text(s->settings, "screen", "details"), "full");
	s->words = intern_new();
	s->snap = config->first_page ? config->first_page : snapshot_new(s->words);
	s->is_own_snap = true;
	s->now = clock_now();
	s->crumbs = g_ptr_array_new_with_free_func(free_crumb);
	pane_init(&s->pane);
	follow_init(&s->follow);
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		tab_init(&s->tab[kind], view_table[kind]);
		recall_order(s, &s->tab[kind]);
	}
	recall_tab(s, config->tab);
	term_size(&s->rows, &s->cols);
	return s;
}

static void drop_snapshot(struct screen *s)
{
	if (s->is_own_snap || !s->engine.give_back)
		snapshot_unref(s->snap);
	else
		s->engine.give_back(s->engine.who, s->snap);
	s->snap = NULL;
}

void screen_free(struct screen *s)
{
	if (!s)
		return;
	layer_pop_all(s);
	for (int kind = 0; kind < KIND_COUNT; kind++)
		tab_done(&s->tab[kind]);
	pane_done(&s->pane);
	follow_done(&s->follow);
	drop_snapshot(s);
	g_ptr_array_unref(s->crumbs);
	edit_history_done(&s->filters);
	edit_history_done(&s->orders);
	query_free(s->sought);
	g_free(s->notice.text);
	keymap_free(s->keymap);
	intern_free(s->words);
	g_free(s);
}

void screen_remember(struct screen *s)
{
	if (!s->engine.remember)
		return;
	s->engine.remember(s->engine.who, "tab", kind_word(s->current));
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		const struct tab *t = &s->tab[kind];
		g_autofree char *key = g_strconcat("order.", kind_word((enum kind)kind), NULL);
		g_autofree char *order = g_strconcat(t->is_descending ? "-" : "",
						     t->view->columns[t->column].key, NULL);

		s->engine.remember(s->engine.who, key, order);
	}
}

/* ---- snapshots ---- */

static void look_for_news(struct screen *s, enum kind kind)
{
	struct tab *t = &s->tab[kind];
	uint32_t n = s->snap->count[kind];

	if ((kind == KIND_REQUESTS || kind == KIND_DISCOVERY) && kind != s->current &&
	    n > t->known) {
		if (!t->has_news && is_set(s, "bell"))
			term_bell();
		t->has_news = true;
	}
	if (n < t->known || kind == s->current)
		t->known = n;
}

static bool is_changed(const struct snapshot *a, const struct snapshot *b)
{
	for (int kind = 0; kind < KIND_COUNT; kind++)
		if (kind != KIND_JOBS && a->kind[kind] != b->kind[kind])
			return true;
	return a->certs != b->certs;
}

static bool is_all_built_in(const struct snapshot *snap)
{
	const struct items *stores = snap->kind[KIND_STORES];

	for (size_t i = 0; i < stores->n; i++)
		if (((const struct store *)stores->item[i])->origin != STORE_BUILT_IN)
			return false;
	return true;
}

/* Accounts of other tools are looked for after the first snapshot. */
static void say_found(struct screen *s)
{
	const struct items *accounts = s->snap->kind[KIND_ACCOUNTS];
	unsigned n = 0;

	if (!s->notice.text || strcmp(s->notice.text, first_steps))
		return;
	for (size_t i = 0; i < accounts->n; i++)
		n += ((const struct account *)accounts->item[i])->origin == ACCOUNT_FOUND;
	if (n)
		screen_say(s, ROLE_notice, "%u account%s of other tools %s found: 7 shows %s, A adds "
			   "one, ? helps.", n, n == 1 ? "" : "s", n == 1 ? "was" : "were",
			   n == 1 ? "it" : "them");
}

static void first_snapshot(struct screen *s)
{
	s->is_loaded = true;
	for (int kind = 0; kind < KIND_COUNT; kind++)
		s->tab[kind].known = s->snap->count[kind];
	if (is_all_built_in(s->snap) && !s->notice.text)
		screen_say(s, ROLE_notice, "%s", first_steps);
}

/* One whose order was done leaves, and all others with it. */
static void fresh_layers(struct screen *s)
{
	struct layer *below;

	for (struct layer *l = s->top; l && s->top; l = below) {
		below = l->below;
		if (l->type->fresh)
			l->type->fresh(l, s);
	}
}

/* The row that has the cursor, as it was called; new, or NULL. */
static char *id_at_cursor(const struct tab *t, const struct frame *f)
{
	GString *id;

	if (t->list.row >= view_count(t->view, f->snap))	/* CERTS_NONE as well */
		return NULL;
	id = g_string_new(NULL);
	t->view->id(id, f, t->list.row);
	return g_string_free(id, FALSE);
}

/* An account that gets another name here is still the one that the cursor stands on. */
static void carry_tabs(struct screen *s, const struct frame *before, const struct frame *after)
{
	struct tab *accounts = &s->tab[KIND_ACCOUNTS];
	g_autofree char *was = id_at_cursor(accounts, before);
	const char *now = was ? follow_new_name(s, was) : NULL;

	for (int kind = 0; kind < KIND_COUNT; kind++)
		tab_carry(&s->tab[kind], before, after);
	if (now && accounts->list.row == CERTS_NONE)
		accounts->list.row = view_find(accounts->view, after->snap, now);
}

/* Where nobody has put the cursor, it does not go down with whichever row happened to come first. */
static void stay_on_top(struct screen *s)
{
	for (int kind = 0; kind < KIND_COUNT && !s->is_touched; kind++)
		if (s->tab[kind].is_stale)
			s->tab[kind].list.row = CERTS_NONE;
}

void screen_take(struct screen *s, struct snapshot *fresh)
{
	struct snapshot *old = s->snap;
	struct frame before = screen_frame(s), after;
	bool was_own = s->is_own_snap;

	s->snap = fresh;
	after = screen_frame(s);
	carry_tabs(s, &before, &after);
	stay_on_top(s);
	s->page_changed |= is_changed(old, fresh);
	s->is_read_only |= fresh->is_read_only;
	s->is_own_snap = false;
	if (was_own || !s->engine.give_back)
		snapshot_unref(old);
	else
		s->engine.give_back(s->engine.who, old);
	if (!s->is_loaded)
		first_snapshot(s);
	say_found(s);
	for (int kind = 0; kind < KIND_COUNT; kind++)
		look_for_news(s, (enum kind)kind);
	pane_fresh(&s->pane, s);
	fresh_layers(s);
	follow_look(s);
}

/* ---- small questions ---- */

struct frame screen_frame(const struct screen *s)
{
	return (struct frame){ .snap = s->snap, .now = s->now };
}

struct tab *screen_tab(struct screen *s)
{
	return &s->tab[s->current];
}

struct list *screen_list(struct screen *s)
{
	struct frame f = screen_frame(s);

	tab_select(screen_tab(s), &f);
	return &screen_tab(s)->list;
}

bool screen_shows_one(const struct screen *s)
{
	bool has_pane = s->pane_has_keys;

	for (const struct layer *l = s->top; l && !has_pane; l = l->below)
		has_pane = l->type->place == IN_PANE;
	return has_pane && s->pane.id && s->pane.kind == s->current;
}

GArray *screen_chosen(struct screen *s, uint32_t most)
{
	GArray *rows;
	uint32_t row;

	if (!screen_shows_one(s))
		return list_chosen(screen_list(s), most);
	rows = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	row = view_find(view_table[s->current], s->snap, s->pane.id);
	if (row != CERTS_NONE)
		g_array_append_val(rows, row);
	return rows;
}

unsigned screen_place(const struct screen *s)
{
	if (s->top)
		return s->top->type->place;
	return s->pane_has_keys ? IN_PANE : ON(s->current);
}

bool screen_is_too_small(const struct screen *s)
{
	return s->rows < SCREEN_ROWS_LEAST || s->cols < SCREEN_COLS_LEAST;
}

bool screen_can_split(const struct screen *s)
{
	return !s->is_never_split && s->rows >= SPLIT_ROWS_LEAST && s->cols >= SPLIT_COLS_LEAST;
}

/* ---- saying ---- */

static void set_notice(struct screen *s, enum role role, bool is_failure, char *text)
{
	g_free(s->notice.text);
	s->notice = (struct notice){ text, role, is_failure };
}

void screen_say(struct screen *s, enum role role, const char *format, ...)
{
	va_list args;

	if (s->notice.text && s->notice.is_failure)
		return;
	va_start(args, format);
	set_notice(s, role, false, g_strdup_vprintf(format, args));
	va_end(args);
}

void screen_say_failure(struct screen *s, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_notice(s, ROLE_bad, true, g_strdup_vprintf(format, args));
	va_end(args);
}

void screen_copy(struct screen *s, const char *what, const char *text)
{
	g_autoptr(GError) error = NULL;
	size_t sent;

	if (term_copy(text, strlen(text), &sent, &error))
		screen_say(s, ROLE_status, "%s: copied %zu bytes via OSC 52", what, sent);
	else
		screen_say_failure(s, "%s", error->message);
}

/* ---- where one is ---- */

void screen_go(struct screen *s, enum kind kind)
{
	struct tab *t;

	layer_pop_all(s);
	g_ptr_array_set_size(s->crumbs, 0);
	s->pane_has_keys = false;
	s->current = kind;
	t = screen_tab(s);
	t->has_news = false;
	t->known = s->snap->count[kind];
}

void screen_go_to(struct screen *s, const char *id)
{
	struct list *l = screen_list(s);
	uint32_t row = view_find(screen_tab(s)->view, s->snap, id);

	for (uint32_t i = 0; row != CERTS_NONE && i < l->n; i++)
		if (l->rows[i] == row) {
			list_go(l, i);
			return;
		}
}

void screen_visit(struct screen *s, enum kind kind, const char *filter, const char *title)
{
	struct crumb *c = g_new0(struct crumb, 1);
	g_autoptr(GError) error = NULL;

	*c = (struct crumb){ s->current, g_strdup(screen_tab(s)->filter), kind,
			     g_strdup(s->tab[kind].filter), g_strdup(title) };
	if (!tab_set_filter(&s->tab[kind], filter, &error)) {
		screen_say_failure(s, "%s", error->message);
		free_crumb(c);
		return;
	}
	g_ptr_array_add(s->crumbs, c);
	s->pane_has_keys = false;
	s->current = kind;
}

bool screen_go_back(struct screen *s)
{
	struct crumb *c;

	if (!s->crumbs->len)
		return false;
	c = g_ptr_array_steal_index(s->crumbs, s->crumbs->len - 1);
	tab_set_filter(&s->tab[c->to], c->to_filter, NULL);
	tab_set_filter(&s->tab[c->kind], c->filter, NULL);
	s->current = c->kind;
	free_crumb(c);
	return true;
}

/* ---- inputs ---- */

static unsigned click(struct screen *s, int y, int x)
{
	struct list *l = screen_list(s);
	struct tab *t = screen_tab(s);
	gssize column;

	if (y == 0) {
		for (int kind = 0; kind < TABS_SHOWN; kind++)
			if (x >= s->tab_x[kind] && x < s->tab_x[kind + 1])
				screen_go(s, (enum kind)kind);
		return UI_REDRAW;
	}
	if (y == l->header_y) {
		column = list_column_at(l, t->view, x);
		if (column >= 0)
			tab_sort(t, (size_t)column,
				 t->column == (size_t)column && !t->is_descending);
		return UI_RESORT;
	}
	if (!rect_has(&l->body, y, x) || l->top + (uint32_t)(y - l->body.y) >= l->n)
		return UI_NONE;
	if (l->top + (uint32_t)(y - l->body.y) == l->at)
		return action_do(action_find("open"), s);
	list_go(l, l->top + (uint32_t)(y - l->body.y));
	return UI_REDRAW;
}

static unsigned wheel(struct screen *s, bool up)
{
	const struct action *a = action_find(up ? "up" : "down");

	for (int i = 0; i < 3; i++)
		a->act(s, a);
	return UI_REDRAW;
}

static unsigned pressed(struct screen *s, const struct input *in)
{
	const struct action *a;

	if (in->kind == INPUT_MOUSE && in->mouse.what != MOUSE_PRESS)
		return wheel(s, in->mouse.what == MOUSE_WHEEL_UP);
	if (in->kind == INPUT_MOUSE)
		return s->top ? UI_NONE : click(s, in->mouse.y, in->mouse.x);
	if (in->kind != INPUT_KEY)
		return UI_NONE;
	a = keymap_find(s->keymap, screen_place(s), in->key);
	if (!a)
		a = keymap_find(s->keymap, ON(s->current), in->key);
	return a && action_is_here(a, s) ? action_do(a, s) : UI_NONE;
}

static unsigned pressed_too_small(struct screen *s, const struct input *in)
{
	static const char *const leaving[] = { "leave", "quit", "cancel" };

	for (size_t i = 0; in->kind == INPUT_KEY && i < G_N_ELEMENTS(leaving); i++)
		if (keymap_find(s->keymap, ON(s->current), in->key) == action_find(leaving[i]))
			return UI_QUIT;
	return UI_NONE;
}

unsigned screen_input(struct screen *s, const struct input *in)
{
	bool asked = s->asked_to_quit;
	unsigned done = UI_PASS;

	if (in->kind == INPUT_GONE)
		return UI_QUIT;
	if (in->kind == INPUT_RESIZE) {
		term_size(&s->rows, &s->cols);
		return UI_REDRAW;
	}
	if (in->kind == INPUT_NONE)
		return UI_NONE;
	s->is_touched = true;
	if (screen_is_too_small(s))
		return pressed_too_small(s, in);
	set_notice(s, ROLE_status, false, NULL);
	if (s->top && s->top->type->input)
		done = s->top->type->input(s->top, s, in);
	if (done == UI_PASS)
		done = pressed(s, in);
	if (asked)	/* only two in a row count */
		s->asked_to_quit = false;
	return done | UI_REDRAW;
}

/* ---- drawing ---- */

void screen_settle(struct screen *s)
{
	struct frame f = screen_frame(s);
	g_autoptr(GString) id = g_string_new(NULL);

	(void)screen_list(s);
	if (s->top || !s->is_split || !screen_can_split(s) || s->pane_has_keys)
		return;
	pane_show(&s->pane, s, s->current, tab_id(screen_tab(s), &f, id) ? id->str : NULL);
}

static struct layout cut(const struct screen *s)
{
	struct rect rest = { 0, 0, s->rows, s->cols };
	struct layout where = { .has_rules = s->rows >= SCREEN_ROWS_RULES };

	where.tabs = rect_cut_top(&rest, where.has_rules ? 2 : 1);
	where.hints = rect_cut_bottom(&rest, 1);
	where.status = rect_cut_bottom(&rest, where.has_rules ? 2 : 1);
	where.body = rest;
	if (where.has_rules) {
		term_rule(where.tabs.y + 1, 0, s->cols);
		term_rule(where.status.y, 0, s->cols);
		rect_cut_top(&where.status, 1);
	}
	return where;
}

static void draw_list(struct screen *s, const struct layout *where)
{
	struct tab *t = screen_tab(s);
	struct frame f = screen_frame(s);
	struct rect body = where->body, pane = { 0 }, rows;

	if (s->is_split && screen_can_split(s))
		pane = rect_cut_bottom(&body, MAX(body.rows * 2 / 5, 9));
	list_draw(&t->list, t->view, &f, body, t->column, t->is_descending, !s->pane_has_keys);
	rows = body;
	rect_cut_top(&rows, 1);
	status_draw_empty(s, rows);
	if (!rect_is_empty(&pane))
		pane_draw(&s->pane, s, pane, true, s->pane_has_keys);
}

static void draw_layers(struct screen *s, const struct layout *where)
{
	struct layer *layers[LAYERS_MOST];
	int n = 0;

	for (struct layer *l = s->top; l && n < LAYERS_MOST; l = l->below) {
		layers[n++] = l;
		if (l->type->covers)
			break;
	}
	if (!n || !layers[n - 1]->type->covers)
		draw_list(s, where);
	status_draw_status(s, where->status);
	while (n-- > 0)
		layers[n]->type->draw(layers[n], s, where);
	/* What just happened is said even where a layer has the status line. */
	if (s->top && s->top->type->has_status && s->notice.text)
		status_draw_status(s, where->hints);
	else
		status_draw_hints(s, where->hints);
}

static void draw_too_small(struct screen *s)
{
	g_autofree char *text = g_strdup_printf("%dx%d is too small: certty needs %dx%d (q quits)",
						s->cols, s->rows, SCREEN_COLS_LEAST,
						SCREEN_ROWS_LEAST);

	term_text(0, 0, s->cols, ROLE_text, text);
	term_cursor(0, 0);
}

void screen_draw(struct screen *s)
{
	struct layout where;

	s->now = clock_now();
	term_begin();
	if (screen_is_too_small(s)) {
		draw_too_small(s);
	} else {
		where = cut(s);
		status_draw_tabs(s, where.tabs);
		draw_layers(s, &where);
	}
	term_end();
}
