/*
 * give: the way of an order from a key to the engine.
 *
 * Questions first (form), then what has to be seen (review) or confirmed (question), then the
 * engine.  Each stop takes the command and hands it to the next, so the order of stops is
 * said here alone.
 */
#ifndef CERTTY_UI_GIVE_H
#define CERTTY_UI_GIVE_H

#include <certty/model/verb.h>

struct screen;

/* Each takes the command. */
void give_begin(struct screen *s, struct command *c);		/* from an action */
void give_answered(struct screen *s, struct command *c);	/* the form is filled in */
void give_agreed(struct screen *s, struct command *c);		/* a person said yes */

/* "certificates": what several rows of a kind are called. */
const char *give_noun(enum kind kind);
/* What a target is called on the screen: its first column; its id when it is gone.  Appends. */
void give_say_target(const struct screen *s, const struct verb *v, const char *id, GString *out);
/* "approve 3 requests", "remove www.example.org". */
void give_say(const struct screen *s, const struct command *c, GString *out);

#endif
