/* doctor: the doctor's page: what the engine found, and how the terminal stands. */
#include <certty/model/checkup.h>

#include "act.h"
#include "screen.h"

struct doctor {
	struct layer layer;
	struct pager pager;
};

static void free_doctor(struct layer *l)
{
	pager_done(&((struct doctor *)l)->pager);
	g_free(l);
}

static void draw(struct layer *l, struct screen *s, const struct layout *where)
{
	pager_draw(&((struct doctor *)l)->pager, where->body, true);
}

static void move(struct layer *l, struct screen *s, enum move how)
{
	pager_move(&((struct doctor *)l)->pager, how);
}

static const struct layer_type doctor_type = {
	.title = "Doctor", .place = IN_TEXT, .covers = true,
	.hints = "Esc\tback\tPgDn\tread on",
	.draw = draw, .move = move, .free = free_doctor,
};

static const struct detail *find_page(const struct screen *s)
{
	gssize i = items_find(s->snap->details, CHECKUP_ID);

	return i < 0 ? NULL : s->snap->details->item[i];
}

void doctor_open(struct screen *s)
{
	const struct detail *found = find_page(s);
	g_autoptr(checkup) page = found ? checkup_read(found->json, NULL) : NULL;
	g_autoptr(detail) lines = NULL;
	struct doctor *d;

	if (!page || s->top)
		return;
	if (s->check_terminal)
		s->check_terminal(page);
	lines = checkup_detail(page);
	d = g_new0(struct doctor, 1);
	d->layer.type = &doctor_type;
	pager_init(&d->pager);
	pager_add(&d->pager, lines->title, ROLE_title, "");
	pane_add_detail(&d->pager, lines, NULL);
	layer_push(s, &d->layer);
}
