/* help: what the keys do in the place one came from. */
#include <string.h>

#include "act.h"
#include "screen.h"

struct help {
	struct layer layer;
	struct pager pager;
};

static void free_help(struct layer *l)
{
	pager_done(&((struct help *)l)->pager);
	g_free(l);
}

static void draw(struct layer *l, struct screen *s, const struct layout *where)
{
	pager_draw(&((struct help *)l)->pager, where->body, true);
}

static void move(struct layer *l, struct screen *s, enum move how)
{
	pager_move(&((struct help *)l)->pager, how);
}

static const struct layer_type help_type = {
	.title = "Help", .place = IN_TEXT, .covers = true,
	.hints = "Esc\tback\tPgDn\tread on",
	.draw = draw, .move = move, .free = free_help,
};

static bool is_only_here(const struct action *a, unsigned place)
{
	return (a->where & place) && (a->where & ON_LISTS) != ON_LISTS;
}

static void add_action(struct pager *p, struct screen *s, const struct action *a)
{
	g_autoptr(GString) keys = g_string_new(NULL), text = g_string_new(a->sentence);
	g_autofree char *why = action_why_not(a, s, ACTION_GLANCE);

	keymap_say(s->keymap, a, keys);
	if (!keys->len)
		g_string_append_printf(keys, ":%s", a->name);
	if (why)
		g_string_append_printf(text, " (not now: %s)", why);
	pager_add(p, keys->str, why ? ROLE_dim : ROLE_text, text->str);
}

/* Actions in one place, or those that work in all of them. */
static void add_group(struct pager *p, struct screen *s, const char *title, unsigned place,
		      bool only_here, bool moving)
{
	pager_add(p, title, ROLE_title, "");
	for (size_t i = 0; i < action_count; i++) {
		const struct action *a = &action_table[i];
		bool moves = a->act == act_move || a->act == act_sideways ||
			     a->act == act_tab || a->act == act_next_tab;

		if (action_is_here(a, s) && is_only_here(a, place) == only_here && moves == moving)
			add_action(p, s, a);
	}
	pager_add_plain(p, ROLE_text, "");
}

static void add_filter(struct pager *p)
{
	pager_add(p, "The filter", ROLE_title, "");
	pager_add(p, "word", ROLE_text,
		  "rows in which it occurs; several words must all occur; \"two words\" as one");
	for (const struct query_key *k = query_keys; k->word; k++) {
		g_autofree char *label = g_strconcat(k->word, k->compares ? "" : ":", NULL);
		g_autofree char *text = g_strdup_printf("%s, as in %s", k->sentence, k->example);

		pager_add(p, label, ROLE_text, text);
	}
	pager_add(p, "!", ROLE_text, "before any of these: not");
}

void help_open(struct screen *s)
{
	struct help *h = g_new0(struct help, 1);
	unsigned place = s->top ? s->top->type->place :
			 s->pane_has_keys ? IN_PANE : ON(s->current);

	h->layer.type = &help_type;
	pager_init(&h->pager);
	if (place & ON_LISTS) {
		add_group(&h->pager, s, kind_title(s->current), place, true, false);
		add_group(&h->pager, s, "All lists", place, false, false);
	} else {
		add_group(&h->pager, s, "Here", place, false, false);
	}
	add_group(&h->pager, s, "Moving", place, false, true);
	if (place & ON_LISTS)
		add_filter(&h->pager);
	layer_push(s, &h->layer);
}
