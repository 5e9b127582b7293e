/*
 * err: why something could not be done.
 *
 * Every function of certty that can fail takes a GError ** last.  The code is for decisions
 * (which exit status, whether to offer "sign in again"); the message is one sentence for a
 * person: what was tried, what came back, what to do.  Messages never hold a secret, and
 * whatever came from outside has been through text_harmless() before it is put into one.
 *
 * Any thread.
 */
#ifndef CERTTY_BASE_ERR_H
#define CERTTY_BASE_ERR_H

#include <glib.h>

#define ERR err_quark()
GQuark err_quark(void);

enum err {
	ERR_FAILED,	/* none of the others */
	ERR_USAGE,	/* the question was put wrongly */
	ERR_PARTLY,	/* some of it was done; the message says what was not */
	ERR_SIGN_IN,	/* a credential, passphrase or unlocked keyring is needed first */
	ERR_PASSPHRASE,	/* the passphrase that was given does not open it */
	ERR_REFUSED,	/* read-only, policy, or no permission */
	ERR_PENDING,	/* not yet: somebody or something else has to move first */
	ERR_CANCELLED,	/* a person stopped it */
	ERR_NOT_FOUND,
	ERR_EXISTS,	/* there is one already, and nobody said to replace it */
	ERR_FORMAT,	/* bytes that are not what they should be */
	ERR_LIMIT,	/* larger, deeper or more than the bound that protects us */
	ERR_NETWORK,	/* no connection, or it broke */
	ERR_TIMEOUT,
	ERR_IO,		/* the file system said no */
	ERR_BUSY,	/* try again in a moment */
	ERR_REPLY,	/* a server answered something that we do not understand */
	ERR_COUNT
};

/* The process exit status for an error of this code: 0 done (no error) · 1 failed · 2 usage ·
 * 3 partly · 4 sign-in needed · 5 refused · 6 pending · 130 interrupted. */
int err_exit_status(const GError *error);

/* A stable lower-case word for JSON and the journal: "not-found". */
const char *err_word(enum err code);

#endif
