/*
 * forecast: the plan of an order that is about to be given, as the engine made it.
 *
 * Asked for with a copy of the command that does nothing (is_dry); the answer comes in a snapshot.
 * One thread.
 */
#ifndef CERTTY_UI_FORECAST_H
#define CERTTY_UI_FORECAST_H

#include <stdbool.h>
#include <stdint.h>
#include <certty/model/detail.h>
#include <certty/model/verb.h>

struct pager;
struct screen;

#define FORECAST_COPY ('o' | K_CTRL)	/* copies the commands that do the same */
#define FORECAST_HINT "C-o\tcopy"

struct forecast {
	uint64_t number;	/* of the copy; 0: nothing is asked for */
	struct detail *plan;	/* a reference; NULL: it is being made, or was refused */
	char *refusal;		/* why the order would be refused, or NULL */
	bool is_copied;
};

void forecast_done(struct forecast *f);
/* Anew; of a verb that changes nothing there is none. */
void forecast_ask(struct forecast *f, struct screen *s, const struct command *c);
bool forecast_look(struct forecast *f, const struct screen *s);	/* true: there is news */
bool forecast_is_due(const struct forecast *f);		/* nothing came of it yet */
bool forecast_warns(const struct forecast *f);		/* of something that it would do */
void forecast_add(const struct forecast *f, struct pager *p);
void forecast_copy(struct forecast *f, struct screen *s);	/* to be added anew */

#endif
