/*
 * findings: pages of what was found out for somebody who asked: the doctor's, why a validation is stuck,
 * what sites serve, what happened to something.
 */
#include <certty/model/checkup.h>
#include <certty/model/object.h>
#include <certty/model/served.h>
#include <certty/model/why.h>

#include "act.h"
#include "screen.h"

struct findings {
	struct layer layer;
	struct pager pager;
};

static void free_findings(struct layer *l)
{
	pager_done(&((struct findings *)l)->pager);
	g_free(l);
}

static void draw(struct layer *l, struct screen *s, const struct layout *where)
{
	pager_draw(&((struct findings *)l)->pager, where->body, true);
}

static void move(struct layer *l, struct screen *s, enum move how)
{
	pager_move(&((struct findings *)l)->pager, how);
}

#define PAGE(name) { \
	.title = name, .place = IN_TEXT, .covers = true, .hints = "Esc\tback\tPgDn\tread on", \
	.draw = draw, .move = move, .free = free_findings, \
}
static const struct layer_type doctor_type = PAGE("Doctor"), why_type = PAGE("Why"),
			       served_type = PAGE("Served"), history_type = PAGE("History");

static const struct detail *find_page(const struct screen *s, const char *id)
{
	gssize i = items_find(s->snap->details, id);

	return i < 0 ? NULL : s->snap->details->item[i];
}

static void open_page(struct screen *s, const struct layer_type *type, const struct detail *page)
{
	struct findings *f = g_new0(struct findings, 1);

	f->layer.type = type;
	pager_init(&f->pager);
	pager_add(&f->pager, page->title, ROLE_title, "");
	pane_add_detail(&f->pager, page, NULL);
	layer_push(s, &f->layer);
}

/* The terminal's rows are added by who has one. */
void findings_open_doctor(struct screen *s)
{
	const struct detail *found = find_page(s, CHECKUP_ID);
	g_autoptr(checkup) page = found ? checkup_read(found->json, NULL) : NULL;
	g_autoptr(detail) lines = NULL;

	if (!page || s->top)
		return;
	if (s->check_terminal)
		s->check_terminal(page);
	lines = checkup_detail(page);
	open_page(s, &doctor_type, lines);
}

/* The page of what the order was about; of several, of the first. */
void findings_open_why(struct screen *s, const struct command *c)
{
	g_autofree char *about = why_about(c->targets->len ? c->targets->pdata[0] : NULL, c->args);
	g_autofree char *id = why_id(about);
	const struct detail *page = find_page(s, id);

	if (page && (!s->top || s->top->type->place == IN_PANE))
		open_page(s, &why_type, page);
}

void findings_open_served(struct screen *s)
{
	const struct detail *page = find_page(s, SERVED_ID);

	if (page && !s->top)
		open_page(s, &served_type, page);
}

void findings_open_history(struct screen *s, const struct command *c)
{
	g_autofree char *id = g_strconcat(OBJECT_HISTORY, c->targets->pdata[0], NULL);
	const struct detail *page = find_page(s, id);

	if (page && (!s->top || s->top->type->place == IN_PANE))
		open_page(s, &history_type, page);
}
