/*
 * palette: the command line of the screen.
 *
 * The command line of the screen: names of actions, kinds and verbs, `ls KIND`, `filter TEXT`,
 * `sort COLUMN`.  Above it stand the commands that fit what is typed, the best first; Enter
 * takes the one with the cursor unless the line says one in full.
 */
#include <string.h>

#include "act.h"
#include "give.h"
#include "screen.h"
#include "sign.h"
#include "term.h"
#include "wizard.h"

#define LINE_MOST 1000
#define SHOWN_MOST 10

struct candidate {
	int score;
	const struct action *action;
};

struct palette {
	struct layer layer;
	struct edit edit;
	GArray *candidates;
	unsigned place;		/* where it was opened: what works there comes first */
	guint at;
	char *wrong;
};

static void free_palette(struct layer *l)
{
	struct palette *p = (struct palette *)l;

	edit_done(&p->edit);
	g_array_unref(p->candidates);
	g_free(p->wrong);
	g_free(p);
}

/* ---- what fits ---- */

static bool is_subsequence(const char *typed, const char *name)
{
	for (; *typed && *name; name++)
		if (g_ascii_tolower(*typed) == *name)
			typed++;
	return !*typed;
}

/* Higher is better; 0: does not fit. */
static int score(const char *typed, const struct action *a)
{
	g_autofree char *sentence = NULL;

	if (!*typed)
		return 1;
	if (!strcmp(a->name, typed))
		return 100;
	if (a->verb != NO_VERB && !strcmp(verb_table[a->verb].name, typed))
		return 90;
	if (g_str_has_prefix(a->name, typed))
		return 80 - (int)MIN(strlen(a->name), 40u);
	if (a->verb != NO_VERB && g_str_has_prefix(verb_table[a->verb].name, typed))
		return 35;
	if (strstr(a->name, typed))
		return 30;
	sentence = g_ascii_strdown(a->sentence, -1);
	if (strlen(typed) > 2 && strstr(sentence, typed))
		return 20;
	return is_subsequence(typed, a->name) ? 10 : 0;
}

static int by_score(const void *a, const void *b)
{
	const struct candidate *one = a, *two = b;

	if (one->score != two->score)
		return two->score - one->score;
	return one->action < two->action ? -1 : one->action > two->action;
}

static bool is_for_palette(const struct action *a)
{
	return a->act != act_move && a->act != act_sideways && a->act != act_palette &&
	       a->act != act_back && a->act != act_cancel;
}

static void look(struct palette *p)
{
	const char *typed = edit_text(&p->edit);

	g_array_set_size(p->candidates, 0);
	p->at = 0;
	g_clear_pointer(&p->wrong, g_free);
	for (size_t i = 0; i < action_count; i++) {
		struct candidate c = { 0, &action_table[i] };

		c.score = is_for_palette(c.action) ? score(typed, c.action) : 0;
		if (c.score == 1)
			c.score += (c.action->where & p->place) != 0;
		if (c.score)
			g_array_append_val(p->candidates, c);
	}
	g_array_sort(p->candidates, by_score);
}

/* ---- commands with more than a name ---- */

typedef unsigned rest_fn(struct screen *s, const char *rest, char **ret_wrong);

static unsigned do_ls(struct screen *s, const char *rest, char **ret_wrong)
{
	enum kind kind;

	if (!kind_read(rest, &kind)) {
		*ret_wrong = g_strdup("ls wants stores, certs, requests, discovery, domains, "
				      "jobs, accounts or deploys");
		return UI_PASS;
	}
	screen_go(s, kind);
	return UI_REDRAW;
}

static unsigned do_filter(struct screen *s, const char *rest, char **ret_wrong)
{
	g_autoptr(GError) error = NULL;

	if (tab_set_filter(screen_tab(s), rest, &error))
		return UI_RESORT;
	*ret_wrong = g_strdup(error->message);
	return UI_PASS;
}

static unsigned do_sort(struct screen *s, const char *rest, char **ret_wrong)
{
	struct tab *t = screen_tab(s);
	bool descending = *rest == '-';

	rest += descending;
	for (size_t i = 0; i < t->view->n_columns; i++) {
		const struct column *c = &t->view->columns[i];

		if ((!g_ascii_strcasecmp(c->key, rest) || !g_ascii_strcasecmp(c->title, rest)) &&
		    tab_sort(t, i, descending))
			return UI_RESORT;
	}
	*ret_wrong = g_strdup("there is no such column here to sort by; s shows them");
	return UI_PASS;
}

/* As `certty login`: an account of that provider, or of one that is asked for. */
static unsigned do_login(struct screen *s, const char *rest, char **ret_wrong)
{
	const struct action *a = action_find("account-add");
	g_autofree char *why = NULL;

	(void)ret_wrong;
	why = action_why_not(a, s, ACTION_GLANCE);
	if (why || !wizard_open(s, *rest ? rest : NULL))
		screen_say(s, ROLE_warn, "%s", why ? why : "There is no provider of that name; A "
							   "shows all.");
	return UI_REDRAW;
}

static const struct {
	const char *word;
	rest_fn *run;
	bool leaves;	/* the palette itself, to open something in its place */
} longer[] = {
	{ "ls", do_ls, false },	    { "filter", do_filter, false },
	{ "sort", do_sort, false }, { "login", do_login, true },
};

static unsigned run_action(struct screen *s, const struct action *a)
{
	layer_pop(s);
	return UI_REDRAW | action_do(a, s);
}

static const struct action *action_in_full(const char *typed, const struct screen *s)
{
	const struct action *a = action_find(typed);
	const struct verb *v = verb_find(typed);

	if (!a && v)
		a = action_of_verb(v->id);
	/* One verb, one action; but "remove" of a store is another than of a certificate. */
	return a;
}

static unsigned run(struct palette *p, struct screen *s)
{
	const char *typed = edit_text(&p->edit);
	g_autofree char *line = g_strstrip(g_strdup(typed));
	const struct action *a = action_in_full(line, s);
	char *blank = strchr(line, ' ');

	if (*line)
		edit_history_add(&s->orders, line);
	for (size_t i = 0; !a && i < G_N_ELEMENTS(longer); i++) {
		size_t n = strlen(longer[i].word);
		unsigned done;

		if (strncmp(line, longer[i].word, n) || (line[n] && line[n] != ' '))
			continue;
		g_clear_pointer(&p->wrong, g_free);
		if (longer[i].leaves) {
			layer_pop(s);
			return longer[i].run(s, blank ? g_strchug(blank + 1) : "", NULL);
		}
		done = longer[i].run(s, blank ? g_strchug(blank + 1) : "", &p->wrong);
		if (done == UI_PASS)
			return UI_REDRAW;
		layer_pop(s);
		return done | UI_REDRAW;
	}
	if (!a && p->candidates->len && !blank)
		a = g_array_index(p->candidates, struct candidate, p->at).action;
	if (a)
		return run_action(s, a);
	g_free(p->wrong);
	p->wrong = g_strdup("there is no such command");
	return UI_REDRAW;
}

/* ---- input ---- */

static void choose(struct palette *p, int step)
{
	guint n = p->candidates->len;

	if (n)
		p->at = (p->at + n + (guint)(step < 0 ? n - 1 : 1)) % n;
}

static unsigned input_key(struct palette *p, struct screen *s, uint32_t key)
{
	if (key == K_ENTER)
		return run(p, s);
	if (key == K_ESC || (key == K_BACKSPACE && edit_is_empty(&p->edit))) {
		layer_pop(s);
		return UI_REDRAW;
	}
	if (key == K_TAB || key == (K_TAB | K_SHIFT)) {
		choose(p, key == K_TAB ? 1 : -1);
		return UI_REDRAW;
	}
	return UI_PASS;
}

static unsigned input(struct layer *l, struct screen *s, const struct input *in)
{
	struct palette *p = (struct palette *)l;
	unsigned done = in->kind == INPUT_KEY ? input_key(p, s, in->key) : UI_PASS;
	enum edit_result result;

	if (done != UI_PASS)
		return done;
	result = edit_input(&p->edit, in);
	if (result == EDIT_IGNORED)
		return UI_PASS;
	if (result == EDIT_CHANGED)
		look(p);
	return UI_REDRAW;
}

/* ---- drawing ---- */

static void draw_candidate(const struct action *a, struct screen *s, struct rect line,
			   bool has_cursor)
{
	g_autoptr(GString) name = g_string_new(NULL), keys = g_string_new(NULL),
			   sentence = g_string_new(NULL);
	g_autofree char *why = action_why_not_in(a, s, ON(s->current), ACTION_GLANCE);
	int x = line.x + 2;

	text_fit(name, a->name, 14, ALIGN_LEFT);
	keymap_say(s->keymap, a, keys);
	term_text(line.y, line.x, 2, ROLE_text, has_cursor ? sign_text(SIGN_cursor) : " ");
	term_text(line.y, x, 14, has_cursor ? ROLE_selection : why ? ROLE_dim : ROLE_text,
		  name->str);
	term_text(line.y, x + 16, 10, ROLE_hint_key, keys->str);
	if (line.cols < 40)
		return;
	text_fit(sentence, has_cursor && why ? why : a->sentence, line.cols - 30, ALIGN_LEFT);
	term_text(line.y, x + 27, line.cols - 30, ROLE_dim, sentence->str);
}

static void draw(struct layer *l, struct screen *s, const struct layout *where)
{
	struct palette *p = (struct palette *)l;
	struct rect r = where->body, status = where->status;
	int n = MIN((int)p->candidates->len, MIN(SHOWN_MOST, r.rows - 2));
	struct rect panel = rect_cut_bottom(&r, MAX(n, 0) + 1);
	struct rect line = rect_cut_top(&panel, 1);
	guint from = p->at >= (guint)MAX(n, 1) ? p->at - (guint)n + 1 : 0;

	term_rule(line.y, line.x, line.cols);
	term_fill(panel.y, panel.x, panel.rows, panel.cols, ROLE_text);
	for (int i = 0; i < n; i++) {
		guint which = from + (guint)i;

		draw_candidate(g_array_index(p->candidates, struct candidate, which).action, s,
			       rect_cut_top(&panel, 1), which == p->at);
	}
	term_fill(status.y, status.x, 1, status.cols, ROLE_status);
	if (p->wrong) {
		line = rect_cut_right(&status, MIN(text_width(p->wrong, -1), status.cols * 3 / 5));
		term_text(line.y, line.x, line.cols, ROLE_warn, p->wrong);
	}
	term_text(status.y, status.x, 1, ROLE_prompt, ":");
	edit_draw(&p->edit, status.y, status.x + 1, status.cols - 2, ROLE_text, true);
}

static const struct layer_type palette_type = {
	.title = "Command", .place = IN_LINE, .has_status = true,
	.hints = "Enter\tdo it\tTab\tthe next\tUp\tearlier ones\tEsc\tback",
	.draw = draw, .input = input, .free = free_palette,
};

void palette_open(struct screen *s, const char *text)
{
	struct palette *p = g_new0(struct palette, 1);

	p->layer.type = &palette_type;
	p->place = ON(s->current);
	p->candidates = g_array_new(FALSE, FALSE, sizeof(struct candidate));
	edit_init(&p->edit, LINE_MOST, &s->orders);
	edit_set(&p->edit, text);
	look(p);
	layer_push(s, &p->layer);
}
