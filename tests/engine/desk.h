/*
 * desk: one who sits at an engine of the counter: opens it, gives commands, waits until they are over,
 * and compares what it says with the ledger.
 *
 * Before something is agreed to, the ledger is told.
 */
#ifndef CERTTY_TESTS_ENGINE_DESK_H
#define CERTTY_TESTS_ENGINE_DESK_H

#include "counter.h"
#include "engine/own.h"

struct desk {
	const char *folder;	/* with the state */
	unsigned which;		/* of those at that folder */
	struct settings *settings;
	struct engine *e;
	GArray *numbers;	/* of the commands since desk_clear() */
	uint64_t last;		/* of all of them: an engine of the same process must not give one again */
	bool is_dry;		/* what changes something is but planned */
};

/* The rules of one console. */
struct desk_rules {
	bool is_read_only;
	const char *account;	/* lines of the account's configuration; "" */
	const char *four_eyes;	/* or NULL */
};

void desk_init(struct desk *d, const char *folder, unsigned which);
void desk_done(struct desk *d);
/* Starts the engine, and waits until it has loaded what is saved and has looked for its stores. */
void desk_open(struct desk *d, const struct desk_rules *rules);
void desk_close(struct desk *d);

/* ---- commands ---- */

void desk_clear(struct desk *d);
void desk_submit(struct desk *d, struct command *c);	/* takes it; it may be turned away */
void desk_wait(struct desk *d);				/* until all since desk_clear() are over */
/* As the last snapshot has it; NULL: it is not there any more. */
const struct job *desk_job(const struct desk *d, uint64_t number);
const struct items *desk_rows(const struct desk *d);	/* the requests of the last snapshot */

void desk_order(struct desk *d, const char *name);
void desk_do(struct desk *d, const struct request *r, enum verb_id verb);
void desk_deny(struct desk *d, const struct request *r);
/* Those words; NULL: none.  The ledger is told nothing. */
void desk_yes_to(struct desk *d, const struct request *r, const char *digest, const char *accept);
void desk_agree(struct desk *d, const struct request *r);	/* to exactly what is on the screen */
void desk_just_yes(struct desk *d, const struct request *r);	/* --yes: to all but warnings */
void desk_yes_without_warnings(struct desk *d, const struct request *r);

/* ---- what must hold ---- */

void desk_assert_nothing_wrong(void);		/* as the ledger sees it */
/* Sends again what was not answered, reads the counter, and waits. */
void desk_settle(struct desk *d);
/* Of each order there is one row, which says how it stands, or a note that it was dismissed. */
void desk_check_rows(const struct desk *d);
/* The journal verifies, and tells of each change, and of approvals with their texts. */
void desk_check_journal(struct desk *d);

#endif
