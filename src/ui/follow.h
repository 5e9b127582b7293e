/*
 * follow: commands that the person gave, until their jobs are over.
 *
 * Submitting keeps a copy of the command: when a job ends for the want of something that a person
 * has (a passphrase, a one-time code, a new secret), that is asked for in place and the command
 * given again.  One thread.
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

struct job;
/* The job of a command's number, or NULL. */
const struct job *follow_find(const struct screen *s, uint64_t number);
/* How that job ends is said, as of commands that were submitted here. */
void follow_watch(struct screen *s, uint64_t number, enum verb_id verb);

/* Whether the verb makes known what others may lack: a passphrase, a code, a secret. */
bool follow_is_remedy(const struct verb *v);
/* What was missing is not to be given; or was given elsewhere, and the command is given again. */
void follow_give_up(struct screen *s);
void follow_remedied(struct screen *s);

/* Gives a command to the engine; takes it.  Says so when the engine is busy. */
uint64_t follow_submit(struct screen *s, struct command *c);
/* Asks the engine to stop the newest of them that is still at work; its verb's name, or NULL
 * when there is none. */
const char *follow_stop(struct screen *s);
/* What the account is called once an order of these is done, or NULL. */
const char *follow_new_name(const struct screen *s, const char *account);
/* A new snapshot came: says how jobs ended. */
void follow_look(struct screen *s);

#endif
