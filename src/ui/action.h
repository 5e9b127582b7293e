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
	IN_PANE   = 1 << 16,	/* details, beside the list or alone */
	IN_TEXT   = 1 << 17,	/* help */
	IN_REVIEW = 1 << 18,
	IN_MENU   = 1 << 19,
	IN_LINE   = 1 << 20,	/* where keys are typed text */
	ANYWHERE  = ON_LISTS | IN_PANE | IN_TEXT | IN_REVIEW | IN_MENU,
	EVERYWHERE = ANYWHERE | IN_LINE
};

enum need {
	NEED_ROW      = 1 << 0,	/* a row with the cursor, or marked ones */
	NEED_WRITABLE = 1 << 1,	/* the chosen stores can be written */
	NEED_WAITING  = 1 << 2,	/* the chosen requests wait for a person, or say what they take */
	NEED_NEW      = 1 << 3,	/* the chosen findings are not decided */
	NEED_RUNNING  = 1 << 4,	/* the chosen jobs are not over */
	NEED_MARKS    = 1 << 5,
	NEED_FILTER   = 1 << 6,	/* something was searched for */
	NEED_REMOTE   = 1 << 7,	/* the chosen accounts are not this machine */
	NEED_OURS     = 1 << 8,	/* … and stand in the configuration */
	NEED_DISABLED = 1 << 9,	/* … and are disabled */
	NEED_ENABLED  = 1 << 10,
	NEED_SWITCH   = 1 << 11, /* … and are not read-only by the site */
	NEED_FITS     = 1 << 12	/* the hint line leaves it out where it cannot be done */
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
	unsigned hinted;	/* where it is in the hint line; 0: wherever it works */
};

extern const struct action action_table[];
extern const size_t action_count;

const struct action *action_find(const char *name);
/* The action of a verb, or NULL. */
const struct action *action_of_verb(enum verb_id verb);
bool action_is_dangerous(const struct action *a);
/* Whether its keys mean it where the keys go now.  In details those of the list do too, as far as
 * they are about its rows. */
bool action_is_here(const struct action *a, const struct screen *s);
/* Why it cannot be done here and now, as a sentence; NULL: it can.  New.  No more than `most`
 * of the chosen rows are looked at: for the hint line a few will do. */
#define ACTION_GLANCE 100
char *action_why_not(const struct action *a, struct screen *s, uint32_t most);
/* The same as from another place, which lies below what is on top. */
char *action_why_not_in(const struct action *a, struct screen *s, unsigned places, uint32_t most);
/* Does it, or says why not. */
unsigned action_do(const struct action *a, struct screen *s);
/* "Requests", "lists", "anywhere" … */
const char *action_where(const struct action *a);

#endif
