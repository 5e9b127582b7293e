/*
 * checkup: what a doctor's look at this machine and its accounts found, as a page.
 *
 * The engine fills one in (VERB_DOCTOR), the command line adds what it alone can see, the
 * terminal.  Names are stable, for programs; texts are sentences, for people.  One owner; any
 * thread.
 */
#ifndef CERTTY_MODEL_CHECKUP_H
#define CERTTY_MODEL_CHECKUP_H

#include <certty/base/json.h>
#include <certty/model/detail.h>

#define CHECKUP_ID "accounts/doctor"	/* of the page, as a detail */
#define CHECKUP_SCHEMA 1

enum checkup_state {
	CHECKUP_FINE,
	CHECKUP_NOTE,		/* nothing is broken, but worth knowing */
	CHECKUP_SIGN_IN,	/* a passphrase, a code or a new secret is needed first */
	CHECKUP_WRONG,
	CHECKUP_STATE_COUNT
};

struct checkup_row {
	char *name;		/* "keyring", "account" */
	char *title;		/* "Keyring", "Account prod" */
	char *about;		/* an account, a host; or NULL */
	enum checkup_state state;
	char *said;
	char *what_to_do;	/* or NULL */
};

struct checkup;

struct checkup *checkup_new(void);
void checkup_free(struct checkup *c);
AUTO_FREE(checkup, checkup_free)
/* `about` and `what_to_do` may be NULL.  The texts are made harmless. */
void checkup_add(struct checkup *c, enum checkup_state state, const char *name, const char *about,
		 const char *what_to_do, const char *format, ...) G_GNUC_PRINTF(6, 7);
/* All of another's rows, behind one's own. */
void checkup_append(struct checkup *c, const struct checkup *more);
size_t checkup_count(const struct checkup *c);
const struct checkup_row *checkup_at(const struct checkup *c, size_t i);
enum checkup_state checkup_worst(const struct checkup *c);
const char *checkup_state_word(enum checkup_state state);	/* "fine", "sign-in" */

/* The page: lines for people, and the rows as JSON in its `json`, from which they can be read. */
struct detail *checkup_detail(const struct checkup *c);
struct checkup *checkup_read(const char *json, GError **error);

#endif
