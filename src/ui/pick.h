/*
 * pick: stores chosen out of those that a question takes.
 *
 * A layer over the form: what is typed narrows, Space marks where several may be the answer, and
 * Enter takes the marked ones, or the one with the cursor.  One thread.
 */
#ifndef CERTTY_UI_PICK_H
#define CERTTY_UI_PICK_H

struct answer;
struct command;
struct screen;

/* For an answer of a form below it, which outlives it; the ids become its value. */
void pick_open(struct screen *s, const struct command *c, struct answer *a);

#endif
