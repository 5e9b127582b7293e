/* act_rows: filter, order and marks. */
#include "act.h"

#include <string.h>

#include "menu.h"
#include "screen.h"

unsigned act_filter(struct screen *s, const struct action *a)
{
	const char *now = screen_tab(s)->filter;
	g_autofree char *begin = a->arg && *now ? g_strconcat(now, " ", NULL) : g_strdup("");

	filter_open(s, begin);
	return UI_REDRAW;
}

unsigned act_find(struct screen *s, const struct action *a)
{
	struct frame f = screen_frame(s);

	(void)screen_list(s);
	if (!tab_find(screen_tab(s), &f, s->sought, a->arg))
		screen_say(s, ROLE_status, "No row here matches that.");
	return UI_REDRAW;
}

unsigned act_sort_menu(struct screen *s, const struct action *a)
{
	menu_open_sort(s);
	return UI_REDRAW;
}

unsigned act_sort_step(struct screen *s, const struct action *a)
{
	struct tab *t = screen_tab(s);

	tab_sort(t, tab_next_column(t, a->arg), false);
	return UI_RESORT;
}

unsigned act_sort_invert(struct screen *s, const struct action *a)
{
	struct tab *t = screen_tab(s);

	tab_sort(t, t->column, !t->is_descending);
	return UI_RESORT;
}

unsigned act_mark(struct screen *s, const struct action *a)
{
	list_toggle(screen_list(s));
	return UI_REDRAW;
}

unsigned act_range(struct screen *s, const struct action *a)
{
	list_range(screen_list(s));
	return UI_REDRAW;
}

unsigned act_invert_marks(struct screen *s, const struct action *a)
{
	list_invert(screen_list(s));
	return UI_REDRAW;
}

unsigned act_unmark(struct screen *s, const struct action *a)
{
	list_unmark(screen_list(s));
	return UI_REDRAW;
}

unsigned act_copy(struct screen *s, const struct action *a)
{
	menu_open_copy(s);
	return UI_REDRAW;
}
