/*
 * question: the last stop before something dangerous is done.
 *
 * Names what will be touched and how the command line would say it.  One thing takes y (No
 * is what Enter means); several take the verb's name, typed.  One thread.
 */
#ifndef CERTTY_UI_QUESTION_H
#define CERTTY_UI_QUESTION_H

#include "layer.h"

struct command;

/* Takes the command; a yes gives it to the engine. */
void question_open(struct screen *s, struct command *c);
/* A question with no command behind: yes returns `yes` as reaction. */
void question_ask(struct screen *s, const char *text, unsigned yes);

#endif
