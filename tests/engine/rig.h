/*
 * rig: an engine on a folder of its own, with a provider that does as its stores say.
 *
 * The test links this instead of the list of providers.  A store is a line of words: its name,
 * then what a refresh of it does, step by step:
 *
 *	get:/path	one exchange with the test's server; a refusal ends the operation
 *	url:URL		the same with any address
 *	each:N:/path	N of them, some at a time; refusals are troubles
 *	pace:RATE:BURST:PAUSE	what is asked from here on is one sort, of which so many a second are sent
 *	skip:N		N questions that ask nothing
 *	wait:MS
 *	work		one work on the pool        works:N		N of them
 *	gated		a work that lasts until the gate is open or nobody wants it
 *	rows:N[:DAYS]	N certificates that end in so many days
 *	bare:N		N certificates whose bytes are not known yet
 *	show		the rows so far are shown
 *	old		the old rows once more
 *	olds:N:/path	as each, and each answer shows the old rows once more
 *	memo:TEXT	what is kept with the store; details of its certificates say it
 *	odd:TEXT	a trouble
 *	say:TEXT
 *	put:NAME	a new store of that name
 *	req:ID[:WORD]	a request that waits for a person; the provider's word for its state
 *	gone:ID		a request that is there no more
 *	dom:NAME	a domain that the store tells of, as validated
 *	only:VERB	the rest is for that verb alone
 *	issue:NAME	a certificate for the own repository, which is the store "repository"
 *	full:NAME	fails when it is given the certificate NAME
 *	fail:TEXT
 *
 * and an import into it does the same without rows, then asks for the store to be read again.
 */
#ifndef TESTS_ENGINE_RIG_H
#define TESTS_ENGINE_RIG_H

#include <certty/base/settings.h>
#include <certty/engine/engine.h>
#include <certty/model/job.h>
#include <certty/model/store.h>

#include "engine/own.h"
#include "server.h"

struct rig {
	char *folder, *stores;
	struct settings *settings;
	struct server *server;		/* NULL when no store asks it anything */
	struct engine_config config;
	struct engine *e;
};

/* `stores`: such lines, separated by semicolons. */
void rig_init(struct rig *r, const char *stores);
void rig_configure(struct rig *r, const char *text);	/* instead of an empty file */
void rig_set(struct rig *r, const char *group, const char *key, const char *value);
void rig_start(struct rig *r);			/* opens, starts and waits until it has loaded */
void rig_stop(struct rig *r);
void rig_done(struct rig *r);			/* stops, and removes the folder */
double rig_stop_ms(struct rig *r);		/* how long stopping took */

char *rig_id(const char *name);			/* of a store */
struct command *rig_command(enum verb_id verb, const char *name);
uint64_t rig_submit(struct rig *r, enum verb_id verb, const char *name);
struct job *rig_wait(struct rig *r, uint64_t number);	/* the job, which is over; a reference */
struct job *rig_do(struct rig *r, struct command *c);	/* both */
struct job *rig_refresh(struct rig *r, const char *name);
/* Waits for a snapshot of which `is_so` says yes. */
typedef bool rig_is_fn(const struct snapshot *s, const void *what);
void rig_wait_until(struct rig *r, rig_is_fn *is_so, const void *what);
/* As the last snapshot has it; references, or NULL. */
struct store *rig_store(struct rig *r, const char *name);
struct job *rig_job(struct rig *r, uint64_t number);

/* The gate of works; closed again by rig_init. */
void rig_open_gate(void);
int rig_works_running(void);
void rig_wait_works(int n);

#endif
