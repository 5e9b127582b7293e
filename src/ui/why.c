/* why: what stands in the way of a validation, as the engine found it. */
#include <certty/model/why.h>

#include "act.h"
#include "screen.h"

struct why_page {
	struct layer layer;
	struct pager pager;
};

static void free_page(struct layer *l)
{
	pager_done(&((struct why_page *)l)->pager);
	g_free(l);
}

static void draw(struct layer *l, struct screen *s, const struct layout *where)
{
	pager_draw(&((struct why_page *)l)->pager, where->body, true);
}

static void move(struct layer *l, struct screen *s, enum move how)
{
	pager_move(&((struct why_page *)l)->pager, how);
}

static const struct layer_type why_type = {
	.title = "Why", .place = IN_TEXT, .covers = true,
	.hints = "Esc\tback\tPgDn\tread on",
	.draw = draw, .move = move, .free = free_page,
};

/* The page of what the order was about; of several, of the first. */
static const struct detail *find_page(const struct screen *s, const struct command *c)
{
	g_autofree char *about = why_about(c->targets->len ? c->targets->pdata[0] : NULL, c->args);
	g_autofree char *id = why_id(about);
	gssize i = items_find(s->snap->details, id);

	return i < 0 ? NULL : s->snap->details->item[i];
}

void why_open(struct screen *s, const struct command *c)
{
	const struct detail *page = find_page(s, c);
	struct why_page *w;

	if (!page || (s->top && s->top->type->place != IN_PANE))
		return;
	w = g_new0(struct why_page, 1);
	w->layer.type = &why_type;
	pager_init(&w->pager);
	pager_add(&w->pager, page->title, ROLE_title, "");
	pane_add_detail(&w->pager, page, NULL);
	layer_push(s, &w->layer);
}
