/*
 * pane: everything about one thing, beside the list or alone on the screen.
 *
 * For certificates, requests and accounts the engine is asked (the answer comes in a snapshot); other
 * kinds are told from the columns of their view.  Raw forms (PEM, text, JSON) are shown where
 * there are some.  One thread.
 */
#ifndef CERTTY_UI_PANE_H
#define CERTTY_UI_PANE_H

#include <certty/model/detail.h>
#include <certty/model/kind.h>

#include "pager.h"

struct screen;

enum pane_form { PANE_DESCRIBED, PANE_PEM, PANE_TEXT, PANE_JSON, PANE_FORM_COUNT };

struct pane {
	struct pager pager;
	enum kind kind;
	char *id;		/* what it is about; NULL: nothing */
	char *title;
	struct detail *detail;	/* a reference; NULL while the engine is asked */
	enum pane_form form;
	bool knows_more;	/* the engine, than the list does */
	bool is_asked;
	bool has_stamp;
	int64_t stamp;		/* of what can change: how it was when last looked at */
};

void pane_init(struct pane *p);
void pane_done(struct pane *p);

/* What it shows from now on; asks the engine if need be. */
void pane_show(struct pane *p, struct screen *s, enum kind kind, const char *id);
/* A new snapshot: perhaps the answer. */
void pane_fresh(struct pane *p, struct screen *s);
void pane_next_form(struct pane *p, struct screen *s);
void pane_describe(struct pane *p, struct screen *s);
/* The detail of a thing in the snapshot; borrowed, or NULL. */
const struct detail *pane_find_detail(const struct screen *s, enum kind kind, const char *id);
/* The raw form it has for copying, or NULL. */
const char *pane_pem(const struct screen *s, enum kind kind, const char *id);
/* Adds a detail's lines to a pager, but for those of the label `without`, which may be NULL. */
void pane_add_detail(struct pager *p, const struct detail *d, const char *without);
/* Asks the engine for it. */
void pane_ask(struct screen *s, enum kind kind, const char *id);

/* ruled: a line sets it off from the list above. */
void pane_draw(struct pane *p, struct screen *s, struct rect r, bool ruled, bool focused);

/* A layer that shows s->pane alone. */
struct layer *pane_layer_new(void);

#endif
