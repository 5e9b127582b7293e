/*
 * job: work under way or ended, as the screen sees it.
 *
 * Its number is the number of the command that asked for it, so whoever asked can find the
 * answer.  An item (see items.h): frozen once on a shelf, counted, any thread.
 */
#ifndef CERTTY_MODEL_JOB_H
#define CERTTY_MODEL_JOB_H

#include <stdint.h>
#include <certty/base/auto.h>
#include <certty/base/err.h>
#include <certty/model/items.h>

enum job_state {
	JOB_WAITING,
	JOB_RUNNING,
	JOB_DONE,
	JOB_PARTLY,		/* done but for what `troubles` names */
	JOB_FAILED,
	JOB_CANCELLED,
	JOB_STATE_COUNT
};

/* What a person can give so that a job that failed for the want of it goes well. */
enum want {
	WANT_NOTHING,
	WANT_KEYRING,		/* its passphrase, or a new one where there is none yet */
	WANT_FILE,		/* the encrypted file's, likewise */
	WANT_SECRET,		/* an account's secret: not known any more, or refused */
	WANT_CODE,		/* a one-time code of an account */
	WANT_SIGN_IN,		/* an account's sign-in has ended: once more */
};

#define JOB_TROUBLES 1000	/* sentences kept of one job; the last says how many more */

struct job {
	struct ref ref;
	char *id;		/* the command's number in decimal */
	uint64_t number;
	const char *verb;	/* the verb's name, static */
	char *target;		/* what it works on, in words */
	char *store;		/* its id, or "" */
	char *account;		/* that it is about, its id, or "" */
	enum job_state state;
	enum err code;		/* when failed or partly */
	enum want wants;	/* ERR_SIGN_IN, ERR_PASSPHRASE: what was missing */
	char *said;		/* the outcome in one sentence, or what it does now; or NULL */
	char **troubles;	/* never NULL */
	uint64_t done, of;	/* of 0: not known yet */
	int64_t asked, began, ended;
	int64_t until;		/* it does not end before, by what servers let through; 0: not known */
	bool is_quiet;		/* asked by nobody: a scheduled refresh */
};

extern const struct item_type job_type;

struct job *job_new(uint64_t number);
struct job *job_dup(const struct job *j);
struct job *job_ref(struct job *j);
void job_unref(struct job *j);
bool job_is_over(const struct job *j);
AUTO_FREE(job, job_unref)

const char *job_state_word(enum job_state state);
enum tone job_state_tone(enum job_state state);
/* Seconds that are left by the pace so far, and by what servers let through, or -1. */
int64_t job_seconds_left(const struct job *j, int64_t now);

#endif
