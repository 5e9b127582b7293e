/*
 * action: THE table of what a person can do on the screen.
 *
 * One row each: name, keys, place, what it needs, and the function.  From it come the key
 * map, the hint line, help, the palette, the manual and the tests.  The row is the identity.
 */
#ifndef CERTTY_UI_ACTION_H
#define CERTTY_UI_ACTION_H

#include <certty/model/kind.h>
#include <certty/model/verb.h>

#include "layer.h"

/* Places: a bit for each kind of list, and those of layers. */
#define ON(kind) (1u << (kind))
enum where {
	ON_LISTS  = ON(KIND_COUNT) - 1,
	IN_PANE   = 1 << 8,	/* details, beside the list or alone */
	IN_TEXT   = 1 << 9,	/* help */
	IN_REVIEW = 1 << 10,
	IN_MENU   = 1 << 11,
	IN_LINE   = 1 << 12,	/* where keys are typed text */
	ANYWHERE  = ON_LISTS | IN_PANE | IN_TEXT | IN_REVIEW | IN_MENU,
	EVERYWHERE = ANYWHERE | IN_LINE
};

enum need {
	NEED_ROW      = 1 << 0,	/* a row with the cursor, or marked ones */
	NEED_WRITABLE = 1 << 1,	/* the chosen stores can be written */
	NEED_WAITING  = 1 << 2,	/* the chosen requests wait for a person */
	NEED_NEW      = 1 << 3,	/* the chosen findings are not decided */
	NEED_RUNNING  = 1 << 4,	/* the chosen jobs are not over */
	NEED_MARKS    = 1 << 5,
	NEED_FILTER   = 1 << 6	/* something was searched for */
};

#define NO_VERB (-1)

struct action;
typedef unsigned act_fn(struct screen *s, const struct action *a);

struct action {
	const char *name;
	const char *keys;	/* as key_parse_list() reads them; "" for none */
	unsigned where;
	unsigned needs;
	int verb;		/* enum verb_id or NO_VERB; read-only and danger come from it */
	int arg;		/* what `act` makes of it */
	const char *hint;	/* a word for the hint line, or NULL */
	const char *sentence;
	act_fn *act;
};

extern const struct action action_table[];
extern const size_t action_count;

const struct action *action_find(const char *name);
/* The action of a verb, or NULL. */
const struct action *action_of_verb(enum verb_id verb);
bool action_is_dangerous(const struct action *a);
/* Why it cannot be done here and now, as a sentence; NULL: it can.  New.  No more than `most`
 * of the chosen rows are looked at: for the hint line a few will do. */
#define ACTION_GLANCE 100
char *action_why_not(const struct action *a, struct screen *s, uint32_t most);
/* Does it, or says why not. */
unsigned action_do(const struct action *a, struct screen *s);
/* "Requests", "lists", "anywhere" … */
const char *action_where(const struct action *a);

#endif
