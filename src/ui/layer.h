/*
 * layer: what lies on top of the tab: help, a form, a question, a line to type in, a menu.
 *
 * A stack.  Input goes to the top one first; what it passes on is looked up in the key map
 * for the layer's place.  A layer draws itself and nothing else; its memory begins with
 * struct layer and is freed by its type.  One thread.
 */
#ifndef CERTTY_UI_LAYER_H
#define CERTTY_UI_LAYER_H

#include "key.h"
#include "pager.h"
#include "rect.h"

struct screen;
struct layer;

/* What has to happen after something was handled; or'ed. */
enum reaction {
	UI_NONE    = 0,
	UI_REDRAW  = 1 << 0,
	UI_RESORT  = 1 << 1,	/* the current tab's rows are to be selected again */
	UI_SPOILED = 1 << 2,	/* repaint everything */
	UI_SUSPEND = 1 << 3,
	UI_QUIT    = 1 << 4,
	UI_PASS    = 1 << 5	/* not mine: look it up in the key map */
};

/* Where things are drawn. */
struct layout {
	struct rect tabs, body, status, hints;
	bool has_rules;
};

struct layer_type {
	const char *title;
	unsigned place;			/* for the key map */
	bool covers;			/* nothing below it is drawn in the body */
	bool has_status;		/* it draws into the status line */
	const char *hints;		/* "Enter\taccept\tEsc\tback"; NULL: from the actions */
	void (*draw)(struct layer *l, struct screen *s, const struct layout *where);
	unsigned (*input)(struct layer *l, struct screen *s, const struct input *in);
	void (*move)(struct layer *l, struct screen *s, enum move how);
	void (*fresh)(struct layer *l, struct screen *s);	/* a new snapshot came */
	void (*free)(struct layer *l);
};

struct layer {
	const struct layer_type *type;
	struct layer *below;
};

void layer_push(struct screen *s, struct layer *l);	/* takes it */
void layer_pop(struct screen *s);
void layer_pop_all(struct screen *s);

#endif
