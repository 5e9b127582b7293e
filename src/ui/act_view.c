/* act_view: where one is and what is seen. */
#include "act.h"

#include <string.h>

#include <certty/model/job.h>
#include <certty/model/store.h>

#include "question.h"
#include "screen.h"
#include "term.h"

unsigned act_move(struct screen *s, const struct action *a)
{
	if (s->top) {
		if (s->top->type->move)
			s->top->type->move(s->top, s, (enum move)a->arg);
	} else if (s->pane_has_keys) {
		pager_move(&s->pane.pager, (enum move)a->arg);
	} else {
		list_move(screen_list(s), (enum move)a->arg);
	}
	return UI_REDRAW;
}

unsigned act_sideways(struct screen *s, const struct action *a)
{
	struct list *l = screen_list(s);
	size_t most = screen_tab(s)->view->n_columns;

	if (s->is_split && screen_can_split(s) && !s->top) {
		s->pane_has_keys = a->arg > 0;
		return UI_REDRAW;
	}
	if (a->arg < 0 && l->shift)
		l->shift--;
	else if (a->arg > 0 && l->shift + 2 < most)
		l->shift++;
	return UI_REDRAW;
}

unsigned act_tab(struct screen *s, const struct action *a)
{
	screen_go(s, (enum kind)a->arg);
	return UI_REDRAW;
}

unsigned act_next_tab(struct screen *s, const struct action *a)
{
	int now = MIN((int)s->current, TABS_SHOWN - 1);

	screen_go(s, (enum kind)((now + TABS_SHOWN + a->arg) % TABS_SHOWN));
	return UI_REDRAW;
}

/* ---- opening and going back ---- */

static void show_pane(struct screen *s, bool alone)
{
	struct frame f = screen_frame(s);
	g_autoptr(GString) id = g_string_new(NULL);

	(void)screen_list(s);
	if (!tab_id(screen_tab(s), &f, id))
		return;
	pane_show(&s->pane, s, s->current, id->str);
	if (alone || !screen_can_split(s))
		layer_push(s, pane_layer_new());
	else
		s->is_split = true;
}

/* The certificates of what the cursor is on. */
static bool visit(struct screen *s)
{
	static const char *const key[KIND_COUNT] = {
		[KIND_STORES] = "store", [KIND_DOMAINS] = "san",
	};
	struct tab *t = screen_tab(s);
	struct frame f = screen_frame(s);
	g_autoptr(GString) name = g_string_new(NULL), id = g_string_new(NULL);
	g_autofree char *filter = NULL;

	if (!key[s->current] || !tab_id(t, &f, id))
		return false;
	if (s->current == KIND_STORES &&
	    !((const struct store *)view_item(t->view, s->snap, t->list.row))->certs)
		return false;	/* why there are none is in its details */
	t->view->columns[list_name_column(t->view)].text(name, &f, t->list.row);
	filter = g_strdup_printf("%s:\"%s\"", key[s->current],
				 s->current == KIND_STORES ? id->str : name->str);
	screen_visit(s, KIND_CERTS, filter, name->str);
	return true;
}

unsigned act_open(struct screen *s, const struct action *a)
{
	if (s->top)	/* alone on the screen: nothing further in */
		return UI_NONE;
	(void)screen_list(s);
	if (s->pane_has_keys || !visit(s))
		show_pane(s, s->pane_has_keys || (s->is_split && screen_can_split(s)));
	return UI_REDRAW;
}

unsigned act_describe(struct screen *s, const struct action *a)
{
	if (s->top || s->pane_has_keys)
		pane_describe(&s->pane, s);
	else
		show_pane(s, true);
	return UI_REDRAW;
}

unsigned act_raw(struct screen *s, const struct action *a)
{
	if (!s->top && !(s->is_split && screen_can_split(s)))
		show_pane(s, false);
	pane_next_form(&s->pane, s);
	return UI_REDRAW;
}

static bool close_one(struct screen *s)
{
	struct list *l = &screen_tab(s)->list;

	if (s->top)
		layer_pop(s);
	else if (l->anchor != CERTS_NONE)
		l->anchor = CERTS_NONE;
	else if (s->pane_has_keys)
		s->pane_has_keys = false;
	else if (s->is_split && screen_can_split(s))
		s->is_split = false;
	else
		return screen_go_back(s);
	return true;
}

unsigned act_back(struct screen *s, const struct action *a)
{
	struct tab *t = screen_tab(s);

	if (!close_one(s) && *t->filter) {
		tab_set_filter(t, "", NULL);
		return UI_RESORT;
	}
	return UI_REDRAW;
}

unsigned act_quit_or_back(struct screen *s, const struct action *a)
{
	return close_one(s) ? UI_REDRAW : act_quit(s, a);
}

/* Work that somebody asked for and that would be cut short; a look at details is none. */
static unsigned count_pending(const struct screen *s)
{
	const struct items *jobs = s->snap->kind[KIND_JOBS];
	unsigned n = 0;

	for (size_t i = 0; i < jobs->n; i++) {
		const struct job *job = jobs->item[i];

		n += !job->is_quiet && !job_is_over(job) &&
		     strcmp(job->verb, verb_table[VERB_SHOW].name) != 0;
	}
	return n;
}

unsigned act_quit(struct screen *s, const struct action *a)
{
	unsigned n = count_pending(s);
	g_autofree char *text = NULL;

	if (!n)
		return UI_QUIT;
	text = g_strdup_printf(n == 1 ? "%u job is not over. Quit and stop it?" :
					"%u jobs are not over. Quit and stop them?", n);
	layer_pop_all(s);
	question_ask(s, text, UI_QUIT);
	return UI_REDRAW;
}

unsigned act_cancel(struct screen *s, const struct action *a)
{
	const char *stopped;

	if (s->asked_to_quit)
		return UI_QUIT;
	s->asked_to_quit = true;
	stopped = s->top ? NULL : follow_stop(s);
	if (s->top)
		layer_pop(s);
	if (stopped)
		screen_say(s, ROLE_notice, "%s is stopped. Ctrl-C once more leaves certty.",
			   stopped);
	else
		screen_say(s, ROLE_notice, "Ctrl-C once more leaves certty.");
	return UI_REDRAW;
}

/* ---- the rest ---- */

unsigned act_redraw(struct screen *s, const struct action *a)
{
	return UI_REDRAW | UI_SPOILED;
}

unsigned act_suspend(struct screen *s, const struct action *a)
{
	return UI_REDRAW | UI_SUSPEND;
}

unsigned act_mouse(struct screen *s, const struct action *a)
{
	bool on = !term_has_mouse();

	term_set_mouse(on);
	screen_say(s, ROLE_status, on ? "Mouse on: click chooses, the wheel scrolls; Shift "
					"selects text." :
					"Mouse off: the terminal selects text.");
	return UI_REDRAW;
}

unsigned act_help(struct screen *s, const struct action *a)
{
	help_open(s);
	return UI_REDRAW;
}

unsigned act_palette(struct screen *s, const struct action *a)
{
	palette_open(s, "");
	return UI_REDRAW;
}
