/*
 * sectigo_state: what the files share that bring a domain, an ACME account or its names to a state.
 *
 * What is there is read, by as few calls as tell it, and compared with what is wished; the difference
 * becomes calls, which are made one after the other unless it is only asked what they would be.
 */
#ifndef CERTTY_PROVIDER_SECTIGO_STATE_H
#define CERTTY_PROVIDER_SECTIGO_STATE_H

#include "own.h"

#define SECTIGO_STATE_DOMAIN "acme-domain"	/* answers of `what` */
#define SECTIGO_STATE_USER   "acme-user"
#define SECTIGO_STATE_NAMES  "acme-user-domains"

struct sectigo_acme_found {
	char *number, *server, *organization, *kid;
};

/* The verb's own, which begins zeroed. */
struct sectigo_state {
	char *name;			/* as it is sent and compared */
	char *organization;		/* its number; NULL: none was said */
	GPtrArray *calls;		/* struct call */
	guint at;
	step_fn *then;			/* once all are made */
	GPtrArray *changes;		/* sentences (char *): what was done, or would be */
	GPtrArray *facts;		/* a label and a value, by turns (char *) */
	/* of ACME accounts */
	GPtrArray *organizations;	/* numbers (char *), still to be asked about from `asked` on */
	guint asked;
	GPtrArray *found;		/* struct sectigo_acme_found */
	GHashTable *names;		/* those that the account has, in A-labels */
	bool is_made;			/* it was made by this */
	/* of a domain */
	char *number;			/* NULL: it is not there */
};

struct sectigo_state *sectigo_state_of(struct op *op);
bool sectigo_state_is_present(const struct op *op);	/* the state that is wished */
bool sectigo_state_is_check(const struct op *op);

/* A call that is one of the differences; takes path and body, which may be NULL.  left: the member of
 * the answer that names those that were not done, or NULL. */
void sectigo_state_call(struct op *op, const char *method, char *path, char *body, const char *left,
			const char *format, ...) G_GNUC_PRINTF(6, 7);
/* One about names, in A-labels, which are taken and said after `what`, as far as they were not left. */
void sectigo_state_call_names(struct op *op, const char *method, char *path, char *body, const char *left,
			      char **names, const char *what);
void sectigo_state_changed(struct op *op, const char *format, ...) G_GNUC_PRINTF(2, 3);
void sectigo_state_fact(struct op *op, const char *label, const char *value);
/* Makes the calls, or none, and then goes on there; NULL: that is all. */
struct next sectigo_state_run(struct op *op, step_fn *then);
struct next sectigo_state_end(struct op *op);
struct next sectigo_state_fail(struct op *op, GError *error);	/* takes it */
/* A list, of which a refusal is the end; else goes on there. */
bool sectigo_state_list_failed(struct op *op, struct next *ret);

extern const struct field sectigo_state_questions[];
step_fn sectigo_state;
plan_fn sectigo_state_planned;

step_fn sectigo_state_domain, sectigo_state_user;	/* once organizations are known */

#endif
