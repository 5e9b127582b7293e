/*
 * form_own: what the files of a form share.
 */
#ifndef CERTTY_UI_FORM_OWN_H
#define CERTTY_UI_FORM_OWN_H

#include <certty/model/parts.h>

#include "answer.h"
#include "form.h"
#include "layer.h"

#define FORM_GROUPS 8

/* One question whose answer is made of parts: they have rows in its place as soon as it is known which
 * there are. */
struct form_group {
	size_t question;	/* its answer; the next PARTS_MAX are kept free for its parts */
	size_t n;		/* of them */
	bool is_shown;
};

struct form {
	struct layer layer;
	struct command *command;
	struct answer *answers;
	const struct field **tables;	/* of each answer: the questions it stands among; of a part NULL */
	bool *is_asked;			/* of each, as the others stand */
	size_t n;
	size_t at;			/* n: the row of what is folded; n + 1: the order */
	bool is_unfolded;
	char *why;			/* or NULL */
	struct form_group groups[FORM_GROUPS];
	size_t n_groups;
	char *told;			/* the lines that `parts` are from, or NULL */
	struct parts *parts;		/* or NULL */
};

/* ---- form_parts.c ---- */

/* Room for the parts of the question that was added last. */
void form_parts_reserve(struct form *f);
/* Which parts are asked for, by those answers to the questions. */
void form_parts_settle(struct form *f, struct screen *s, const struct args *now);
/* The name of what says which parts there are, as far as it is the only one. */
bool form_parts_complete(struct form *f, struct screen *s);
/* What was said of parts becomes the answers to their questions.  False: there is no protected memory left. */
bool form_parts_put(struct form *f);
void form_parts_done(struct form *f);

#endif
