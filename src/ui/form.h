/*
 * form: the questions of a verb, answered in a layer.
 *
 * Built from the verb's field table, so it knows no verb.  Answers are checked while they are
 * typed and again before the order is given; what is wrong stands at the field.  One thread.
 */
#ifndef CERTTY_UI_FORM_H
#define CERTTY_UI_FORM_H

#include "layer.h"

struct command;

/* Takes the command with its targets; what is answered is added to its args and given to
 * the engine in the end, by way of a question or review where the verb is dangerous. */
void form_open(struct screen *s, struct command *c);
/* The same with a sentence that says why it is asked. */
void form_open_for(struct screen *s, struct command *c, const char *why);

#endif
