/*
 * follow: commands that the person gave, until their jobs are over.
 *
 * Submitting keeps a copy of the command: when a job ends because a passphrase is missing or
 * wrong, the passphrase is asked for and the command given again.  One thread.
 */
#ifndef CERTTY_UI_FOLLOW_H
#define CERTTY_UI_FOLLOW_H

#include <certty/model/verb.h>

struct screen;

struct follow {
	GPtrArray *waiting;	/* struct follow_one *: not over when last looked at */
	struct command *again;	/* to be given once a passphrase is known, or NULL */
	uint64_t unlocking;	/* the job that makes it known; 0: none */
};

void follow_init(struct follow *f);
void follow_done(struct follow *f);

/* Gives a command to the engine; takes it.  Says so when the engine is busy. */
uint64_t follow_submit(struct screen *s, struct command *c);
/* Asks the engine to stop the newest of them that is still at work; its verb's name, or NULL
 * when there is none. */
const char *follow_stop(struct screen *s);
/* A new snapshot came: says how jobs ended. */
void follow_look(struct screen *s);

#endif
