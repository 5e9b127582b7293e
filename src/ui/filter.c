/*
 * filter: the line in which a filter is typed.
 *
 * The line in which a filter is typed.  Every key filters at once; while the text is no query
 * the last good result stays and the line says what is wrong.
 */
#include <string.h>

#include "act.h"
#include "screen.h"
#include "term.h"

#define FILTER_MOST 1000

struct filter {
	struct layer layer;
	struct edit edit;
	char *before;		/* to go back to */
	char *wrong;		/* or NULL */
	char **completions;	/* of what was typed when Tab was pressed first; or NULL */
	size_t next;
};

static void free_filter(struct layer *l)
{
	struct filter *f = (struct filter *)l;

	edit_done(&f->edit);
	g_free(f->before);
	g_free(f->wrong);
	g_strfreev(f->completions);
	g_free(f);
}

static unsigned apply(struct filter *f, struct screen *s)
{
	g_autoptr(GError) error = NULL;

	g_clear_pointer(&f->wrong, g_free);
	if (tab_set_filter(screen_tab(s), edit_text(&f->edit), &error))
		return UI_RESORT;
	f->wrong = g_strdup(error->message);
	return UI_REDRAW;
}

static unsigned accept(struct filter *f, struct screen *s)
{
	const char *text = edit_text(&f->edit);

	if (f->wrong) {
		term_bell();
		return UI_REDRAW;
	}
	if (*text) {
		edit_history_add(&s->filters, text);
		g_clear_pointer(&s->sought, query_free);
		s->sought = query_parse(text, NULL);
	}
	layer_pop(s);
	return UI_REDRAW;
}

static unsigned leave(struct filter *f, struct screen *s)
{
	tab_set_filter(screen_tab(s), f->before, NULL);
	layer_pop(s);
	return UI_RESORT;
}

static unsigned complete(struct filter *f, struct screen *s)
{
	if (!f->completions) {
		f->completions = query_complete(edit_text(&f->edit), s->snap);
		f->next = 0;
	}
	if (!f->completions || !f->completions[0])
		return UI_REDRAW;
	edit_set(&f->edit, f->completions[f->next++]);
	if (!f->completions[f->next])
		f->next = 0;
	return apply(f, s);
}

static unsigned input(struct layer *l, struct screen *s, const struct input *in)
{
	struct filter *f = (struct filter *)l;
	enum edit_result result;

	if (in->kind == INPUT_KEY && in->key == K_ENTER)
		return accept(f, s);
	if (in->kind == INPUT_KEY && in->key == K_ESC)
		return leave(f, s);
	if (in->kind == INPUT_KEY && in->key == K_TAB)
		return complete(f, s);
	if (in->kind == INPUT_KEY && in->key == K_BACKSPACE && edit_is_empty(&f->edit))
		return leave(f, s);
	result = edit_input(&f->edit, in);
	if (result == EDIT_IGNORED)
		return UI_PASS;
	g_clear_pointer(&f->completions, g_strfreev);
	if (result == EDIT_REFUSED)
		term_bell();
	return result == EDIT_CHANGED ? apply(f, s) : UI_REDRAW;
}

static void draw(struct layer *l, struct screen *s, const struct layout *where)
{
	struct filter *f = (struct filter *)l;
	struct rect line = where->status, note;
	g_autofree char *count = NULL;
	g_autoptr(GString) fit = g_string_new(NULL);
	const char *text = f->wrong;
	int cells;

	if (!text) {
		count = g_strdup_printf("%u match", screen_list(s)->n);
		text = count;
	}
	cells = MIN(text_width(text, -1), line.cols * 3 / 5);
	note = rect_cut_right(&line, cells);
	term_fill(where->status.y, where->status.x, 1, where->status.cols, ROLE_status);
	text_fit(fit, text, cells, ALIGN_RIGHT);
	term_text(note.y, note.x, cells, f->wrong ? ROLE_warn : ROLE_dim, fit->str);
	term_text(line.y, line.x, 1, ROLE_prompt, "/");
	edit_draw(&f->edit, line.y, line.x + 1, line.cols - 2, ROLE_text, true);
}

static const struct layer_type filter_type = {
	.title = "Filter", .place = IN_LINE, .has_status = true,
	.hints = "Enter\tkeep it\tEsc\tas before\tTab\tcomplete\tUp\tearlier ones",
	.draw = draw, .input = input, .free = free_filter,
};

void filter_open(struct screen *s, const char *text)
{
	struct filter *f = g_new0(struct filter, 1);

	f->layer.type = &filter_type;
	f->before = g_strdup(screen_tab(s)->filter);
	edit_init(&f->edit, FILTER_MOST, &s->filters);
	edit_set(&f->edit, text);
	if (*text)
		apply(f, s);
	layer_push(s, &f->layer);
}
