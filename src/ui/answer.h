/*
 * answer: one question of a form, and its answer as it is typed.
 *
 * A field of any table (a verb's, a provider's) with the input that fits its kind: a line, a
 * choice, or a masked line for a secret.  A secret may also be held as it was pasted or read,
 * be kept where it is, or be answered by a command that prints it; whatever was typed or held
 * is wiped by answer_done().  Forms and the wizard are lists of these.  One thread.
 */
#ifndef CERTTY_UI_ANSWER_H
#define CERTTY_UI_ANSWER_H

#include <certty/model/verb.h>

#include "edit.h"
#include "layer.h"
#include "rect.h"

#define ANSWER_SECRET_MOST 4000	/* bytes of a secret that is typed */

struct answer {
	const struct field *field;
	struct edit edit;
	char **choices;		/* FIELD_CHOICE and FIELD_BOOL; "" for no answer; else NULL */
	char **told;		/* how the choices are shown, or NULL: as they are */
	size_t choice;
	char *wrong;		/* a sentence, or NULL */
	char *said;		/* the answer as a person calls it, or NULL: as it stands there */
	char *first;		/* what stood there at first */
	/* of a secret */
	struct secret *held;	/* pasted or read, instead of what is typed; or NULL */
	bool is_refused;	/* by a server: the next key replaces what is typed */
	char *kept;		/* where it lies and stays unless one is given; or NULL */
	bool is_command;	/* the line is the command that prints it */
	struct edit command;
};

/* value NULL: none yet. */
void answer_init(struct answer *a, const struct field *field, const char *value);
void answer_done(struct answer *a);

/* The answer in words; "" for none and for a secret that no command prints. */
const char *answer_value(const struct answer *a);
void answer_set(struct answer *a, const char *value);
void answer_hold(struct answer *a, struct secret *secret);	/* takes it */
void answer_refuse(struct answer *a);	/* of a secret: it was of no use */
void answer_by_command(struct answer *a, bool is_command);
/* Whether anything was typed, pasted or chosen since the beginning. */
bool answer_is_changed(const struct answer *a);
bool answer_is_store(const struct answer *a);
bool answer_is_secret(const struct answer *a);	/* and no command prints it */
/* Whether it stands there or need not: what is needed and missing is false. */
bool answer_is_there(const struct answer *a);

/* Says what is wrong at the field; missing: also that it is needed. */
bool answer_check(struct answer *a, bool missing);
/* Adds it to args; a secret stays in the form as well.  False when there is no protected memory
 * left for that. */
bool answer_put(const struct answer *a, struct args *args);

/* UI_PASS: not for an answer. */
unsigned answer_input(struct answer *a, const struct input *in);
/* Completes a path; false when there is nothing to complete. */
bool answer_complete(struct answer *a);

#define ANSWER_BEFORE 5		/* cells beside the label: the cursor's and the star's */
/* The line: label in `labels` cells, and the answer. */
void answer_draw(struct answer *a, struct rect line, int labels, bool has_cursor);
/* Below it what is wrong, or with the cursor the hint; returns how many lines. */
int answer_draw_below(const struct answer *a, struct rect r, int labels, bool has_cursor);
int answer_lines_below(const struct answer *a, int cols, int labels, bool has_cursor);

/* The row that folds `n` questions that seldom matter, of which some were answered. */
void answer_draw_more(struct rect line, int labels, bool has_cursor, bool is_unfolded, unsigned n,
		      unsigned given);

#endif
