/*
 * keyring: where passphrases and tokens are kept.
 *
 * One header, two bodies: the keyring of the desktop (Secret Service, over the session bus)
 * and memory, which lasts until the program ends.  Nothing here blocks: a question is put,
 * and its answer comes by a call of `done` from within keyring_turn(), on the owner's thread,
 * at most KEYRING_LIMIT_MS later.  No prompt is ever shown: a keyring that is locked says so
 * and can be unlocked with keyring_unlock().
 *
 * All functions are for one thread, the one that opened it, which has one of the desktop kind
 * at a time.  Its owner polls the descriptors of keyring_poll() and then calls keyring_turn(),
 * also when the poll says that nothing happened.
 */
#ifndef CERTTY_KEYRING_KEYRING_H
#define CERTTY_KEYRING_KEYRING_H

#include <glib.h>
#include <poll.h>
#include <stdbool.h>
#include <certty/base/auto.h>
#include <certty/base/secret.h>

#define KEYRING_LIMIT_MS 3000
#define KEYRING_FDS 16		/* descriptors to poll, at most */

struct keyring;

enum keyring_kind { KEYRING_DESKTOP, KEYRING_MEMORY };

/* Asks nobody yet.  Never NULL; a keyring that cannot be used says why in its answers. */
struct keyring *keyring_open(enum keyring_kind kind);
void keyring_close(struct keyring *k);		/* what is under way is never answered */
AUTO_FREE(keyring, keyring_close)

/* ---- how it stands ---- */

enum keyring_state {
	KEYRING_UNASKED,
	KEYRING_READY,
	KEYRING_UNTIL_END,	/* memory */
	KEYRING_NOT_BUILT,
	KEYRING_NO_BUS,
	KEYRING_STALE_BUS,
	KEYRING_NO_DAEMON,
	KEYRING_NO_COLLECTION,
	KEYRING_LOCKED,
	KEYRING_WRONG_PASSPHRASE,
	KEYRING_NO_PROMPTER,
	KEYRING_HANGS,
	KEYRING_DIED,		/* in the middle of a question */
	KEYRING_BROKEN,		/* it answered something else */
	KEYRING_STATE_COUNT
};

/* How one stands as far as that is plain before it was asked anything; waits for nothing. */
enum keyring_state keyring_glance(enum keyring_kind kind);
/* As of the last answer. */
enum keyring_state keyring_state(const struct keyring *k);
const char *keyring_state_word(enum keyring_state state);	/* "locked" */
const char *keyring_state_sentence(enum keyring_state state);	/* and what to do about it */

/* ---- questions ---- */

/* Which secret: kept with these and application=certty as attributes. */
struct keyring_key {
	const char *account, *store, *field;	/* "" where that means nothing */
};

/* `secret` is the callee's; NULL when there is none, on failure and where none was asked for.
 * `error` NULL: it went well.  ERR_SIGN_IN: the keyring must be unlocked first;
 * ERR_PASSPHRASE: it was the wrong one; ERR_TIMEOUT; ERR_FAILED: it cannot be used. */
typedef void keyring_done_fn(struct secret *secret, const GError *error, void *who);

void keyring_look_up(struct keyring *k, const struct keyring_key *key, keyring_done_fn *done,
		     void *who);
/* label: what a person sees in other programs that show the keyring. */
void keyring_store(struct keyring *k, const struct keyring_key *key, const char *label,
		   const struct secret *secret, keyring_done_fn *done, void *who);
void keyring_forget(struct keyring *k, const struct keyring_key *key, keyring_done_fn *done,
		    void *who);
/* Opens a locked keyring with its passphrase, and makes one where there is none yet. */
void keyring_unlock(struct keyring *k, const struct secret *passphrase, keyring_done_fn *done,
		    void *who);
/* Nothing with this `who` is answered any more. */
void keyring_cancel(struct keyring *k, const void *who);

/* ---- in the owner's loop ---- */

/* Fills in descriptors (at most KEYRING_FDS) and how long the poll may take (-1: for ever);
 * returns how many.  Without a question under way: none. */
unsigned keyring_poll(struct keyring *k, struct pollfd *ret_fds, int *ret_timeout_ms);
void keyring_turn(struct keyring *k);

#endif
