/*
 * deploy_own: what the engine's files about deployments share.
 *
 *   deploy.c        the verbs: one operation hands a certificate out, one per place puts it there
 *   deploy_start.c  from a certificate, a deployment or a proposal to that operation
 *   deploys.c       how deployments stand, after each change of a table
 *   deploy_ask.c    proposals that wait for a person, and what is deployed without one
 */
#ifndef CERTTY_ENGINE_DEPLOY_OWN_H
#define CERTTY_ENGINE_DEPLOY_OWN_H

#include "own.h"

/* One place that a certificate is put into. */
struct aim {
	struct deploying *of;
	struct store *store;
	const struct provider *provider;
	struct deploy *before;		/* the deployment that is done again, or NULL */
	bool waits;			/* it is put there by an agent, later */
	struct operation *operation;	/* its import while that runs */
	GError *error;
	char *placed;			/* the alias there; NULL: nowhere */
	GPtrArray *troubles;
};

/* The scratch of provider_deploys. */
struct deploying {
	struct operation *operation;
	struct operation *hand;		/* while it runs */
	GError *refusal;
	enum want wants;
	struct bundle *bundle;
	GPtrArray *aims;		/* struct aim */
	guint left;
};

/* Why nothing may or can be put there from op->store; a new string, or NULL. */
char *deploy_why_not(struct op *op, const struct store *s);
/* Into the scratch, each store once; an error says why nothing is deployed. */
bool deploy_add_aim(struct op *op, const char *id, const struct deploy *before, GError **error);
bool deploy_add_aims(struct op *op, GError **error);	/* those of args "to" */
/* Its service puts it into all of these places itself, so that no key is taken out. */
bool deploy_is_moved_there(const struct op *op);
struct args *deploy_import_args(const struct op *op, const struct aim *a);	/* of its import; new */

step_fn deploy_again_step;	/* VERB_REDEPLOY, and a proposal that is approved */
step_fn deploy_show_step, deploy_dismiss_step;	/* of a proposal */

/* The names of a row as they are compared, each once, sorted; a new vector. */
char **deploys_names(const struct table *t, uint32_t row);
char **deploys_names_of(const struct facts *f);
bool deploys_has_names(const struct table *t, uint32_t row, char *const *names);	/* sorted ones */
/* The SHA-256 in hex as far as it is known: rows keep but its beginning; a new string. */
char *deploys_whole_print(struct engine *e, struct place at);
const char *deploys_repository(const struct engine *e);	/* the own one's id, or "" */
const char *deploys_key_word(const struct engine *e, const struct table *t, uint32_t row);
/* The newest certificate that can take the place of a deployment's: equal names, its key kept in
 * the store that it came from or in the own repository.  False: there is none. */
bool deploys_find_newest(struct engine *e, const struct deploy *d, struct place *ret);
/* A place where a certificate lies, the store first that is named; false: none is known. */
bool deploys_find_print(struct engine *e, const char *hex, const char *store, struct place *ret);
/* Why the same place cannot take that one, a new string; NULL: it can. */
char *deploys_why_not(const struct engine *e, const struct deploy *d, struct place newest);
/* An agent was asked to put there what was put there last, and has not answered. */
bool deploys_waits(const struct engine *e, const struct deploy *d);
void deploys_put(struct engine *e, struct deploy *d);	/* takes it; kept */

/* The proposal of a deployment is what it should be: there or not, and of the right one. */
void deploy_ask_update(struct engine *e, const struct deploy *d);
/* The deployment of that id is that one now; what was proposed for it, or dismissed, goes along. */
void deploy_ask_move(struct engine *e, const char *from, const struct deploy *to);
/* It is behind, and may be deployed without a person. */
bool deploy_ask_may_start(struct engine *e, const struct items *all, const struct deploy *d);
char *deploy_ask_id(const struct deploy *d);		/* of its proposal; a new string */
const char *deploy_ask_about(const char *request);	/* the deployment of a proposal */

#endif
