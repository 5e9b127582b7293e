/*
 * deploy: a certificate that was put somewhere through certty, and whether it is still the right one.
 *
 * One row per place (store and alias).  It says what was put there, what lies there now, and what
 * happens when a newer certificate of the same names is kept.  An item (see items.h): frozen once
 * on a shelf, counted, any thread.
 */
#ifndef CERTTY_MODEL_DEPLOY_H
#define CERTTY_MODEL_DEPLOY_H

#include <stdint.h>
#include <certty/base/auto.h>
#include <certty/model/items.h>

#define DEPLOY_REQUEST "deploy"	/* the type of a request that proposes to do one again */

enum deploy_state {
	DEPLOY_CURRENT,		/* what was put there is there, and none newer is kept */
	DEPLOY_DUE,		/* it is there, and a newer one of the same names is kept */
	DEPLOY_OLDER,		/* the place serves an older one than was put there */
	DEPLOY_OTHER,		/* something else lies there */
	DEPLOY_GONE,		/* the place is empty */
	DEPLOY_UNKNOWN,		/* the store was not read since */
	DEPLOY_WAITS,		/* an agent was asked to put it there, and the store does not show it yet */
	DEPLOY_STATE_COUNT
};

enum deploy_mode {
	DEPLOY_OFF,		/* a newer one is marked, no more */
	DEPLOY_PROPOSE,		/* and becomes a request that waits for a person */
	DEPLOY_AUTOMATIC,	/* and is deployed, until the first mismatch */
	DEPLOY_MODE_COUNT
};

struct deploy {
	struct ref ref;
	char *id;		/* the store's id, a blank, the place within it */
	char *account, *provider, *store;	/* where to */
	char *place;		/* the alias within that store; "" when it has but one (an endpoint) */
	char *title;		/* the first name of the certificate */
	char **names;		/* all of them, sorted: what makes a newer one the same */
	char *key;		/* "RSA 2048": what cannot change under the same place */
	char *from;		/* the store it was taken from, where newer ones are looked for */
	char *print;		/* hex SHA-256 of what was put there last */
	char *newer;		/* hex SHA-256 of the newest kept one of the same names, or "" */
	char *trouble;		/* why the last attempt failed, or NULL; while it stands, nothing
				 * is deployed by itself */
	enum deploy_state state;
	enum deploy_mode mode;
	int64_t since;		/* when it was put there last */
};

extern const struct item_type deploy_type;

struct deploy *deploy_new(const char *id);
struct deploy *deploy_dup(const struct deploy *d);
struct deploy *deploy_ref(struct deploy *d);
void deploy_unref(struct deploy *d);
AUTO_FREE(deploy, deploy_unref)

char *deploy_id(const char *store, const char *place);		/* a new string */
const char *deploy_state_word(enum deploy_state state);	/* "still on an older certificate" */
enum tone deploy_state_tone(enum deploy_state state);
const char *deploy_mode_word(enum deploy_mode mode);		/* "off", "propose", "automatic" */
bool deploy_mode_read(const char *word, enum deploy_mode *ret);

#endif
