/*
 * counter: a provider of the service that ledger.h is, in the manner of the real ones.
 *
 * An order is written down with its token before it is sent, and is sent again with that token when
 * nobody knows what came of it.  What it is asked is answered by the ledger in this process's memory,
 * as counter_fate says: at once, late, not at all though it was done, or with a refusal.
 *
 * Its account is "c" (COUNTER_ACCOUNT has it), its store COUNTER_STORE.
 */
#ifndef CERTTY_TESTS_ENGINE_COUNTER_H
#define CERTTY_TESTS_ENGINE_COUNTER_H

#include <certty/provider/provider.h>

#include "ledger.h"

#define COUNTER_ACCOUNT "[account c]\nprovider=counter\n"
#define COUNTER_STORE	"c/counter:desk"

enum fate {
	FATE_GOOD,
	FATE_LATE,	/* it is done, and a moment later it is answered */
	FATE_LOST,	/* it is done, and nobody hears of it */
	FATE_THROTTLED,	/* not done: too much is asked */
	FATE_BROKEN,	/* not done: the server has a fault */
	FATE_COUNT
};

extern const struct provider provider_counter;
extern struct ledger *counter_ledger;
/* What becomes of a question on its way. */
enum way { WAY_IS_SENT, WAY_IS_DONE, WAY_IS_REFUSED };

extern enum fate (*counter_fate)(void);		/* on the engine's thread */
/* Likewise: it is about to be done, and was done or refused, of which the engine does not know yet. */
extern void (*counter_watch)(enum way way, const char *path);

char *counter_id(unsigned number);		/* of a request's row; new */
char *counter_digest(unsigned number, unsigned content);	/* new */
char *counter_warning(const char *name, unsigned warning);	/* new */
/* The state of a row while an order stands so there. */
enum request_state counter_state(enum there state);
enum there counter_there(enum request_state state);	/* and back */
/* The number of a row; 0: it is of an order that was not answered yet. */
unsigned counter_number(const struct request *r);
const char *counter_token(const struct request *r);	/* of such an order; or NULL */

#endif
