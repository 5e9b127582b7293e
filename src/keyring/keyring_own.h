/*
 * keyring_own: what a body of the keyring has to do.
 *
 * keyring.c keeps the questions and gives the answers; a body is told of a question and says
 * once, at any time, how it ended.
 */
#ifndef CERTTY_KEYRING_KEYRING_OWN_H
#define CERTTY_KEYRING_KEYRING_OWN_H

#include <certty/base/err.h>
#include <certty/keyring/keyring.h>

enum ask_kind { ASK_LOOK_UP, ASK_STORE, ASK_FORGET, ASK_UNLOCK };

struct ask {
	struct keyring *keyring;
	enum ask_kind kind;
	char *account, *store, *field, *label;
	struct secret *given;		/* to be stored, or the passphrase */
	keyring_done_fn *done;
	void *who;
	bool is_cancelled;		/* the owner does not want the answer */
	void *own;			/* the body's */
	/* the answer */
	bool is_over;
	struct secret *found;
	GError *error;
};

struct keyring_body {
	void *(*open)(void);
	/* How it stands as far as that is plain before anything was asked; may be NULL. */
	enum keyring_state (*glance)(void);
	void (*close)(void *body);
	void (*ask)(void *body, struct ask *ask);
	/* May be NULL: a body that answers at once. */
	void (*cancel)(void *body, struct ask *ask);
	unsigned (*poll)(void *body, struct pollfd *fds, int *timeout_ms);
	void (*turn)(void *body);
};

extern const struct keyring_body keyring_memory;
extern const struct keyring_body keyring_secret_service;

/* For a body: that was it.  found is taken; state says how the keyring stands now.  trouble:
 * what was said in words, or NULL for the state's own sentence. */
void keyring_answer(struct ask *ask, enum keyring_state state, struct secret *found,
		    const char *trouble);

#endif
