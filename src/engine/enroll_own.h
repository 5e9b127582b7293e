/*
 * enroll_own: what the engine's files about enrolments share: certificates whose key is made in one
 * place, which an issuer elsewhere signs, and which then go where they are used.
 *
 *   enroll.c        from a command to its operation, and what is checked before anything is done
 *   enroll_again.c  from the renewal of a certificate to an enrolment
 *   enroll_steps.c  the steps, one after the other, each written down before the next
 *   enroll_served.c the last of them: what endpoints really serve
 *   enroll_kept.c   what a row remembers
 *   enroll_file.c   the issuer that is a file: taken out, brought in
 *   enroll_show.c   a row for a person
 *   enroll_turn.c   going on without a person
 *   dry_enroll.c    what it would do
 */
#ifndef CERTTY_ENGINE_ENROLL_OWN_H
#define CERTTY_ENGINE_ENROLL_OWN_H

#include "deploy_own.h"

#define ENROLL_REQUEST "enroll"	/* the type of their rows */

/* The step that it stands at; each can be begun again after a crash in the midst of it. */
enum enroll_stage { ENROLL_KEY, ENROLL_ISSUE, ENROLL_KEEP, ENROLL_DEPLOY, ENROLL_VERIFY, ENROLL_STAGES };

const char *enroll_stage_word(enum enroll_stage stage);		/* "making the key" */

/* What an endpoint presented when it was last looked at. */
struct served {
	char *endpoint, *said;
	bool is_new;
};

/* ---- enroll_kept.c: what a row remembers ---- */

struct enroll_kept {
	char *token;
	enum enroll_stage stage;
	struct args *asked;	/* the answers; no secrets */
	GBytes *csr;		/* DER, or NULL */
	GPtrArray *chain;	/* GBytes: the certificate and its issuers; empty until it is issued */
	char *about;		/* op_stands() */
	char *place;		/* where it lies beside its key; "" until then */
	GPtrArray *served;	/* struct served */
	bool is_countersigned;	/* a second person has */
};

struct enroll_kept *enroll_kept_read(const char *json);	/* never NULL: what is broken is empty */
char *enroll_kept_write(const struct enroll_kept *k, GError **error);	/* NULL: it is too much */
void enroll_kept_free(struct enroll_kept *k);
AUTO_FREE(enroll_kept, enroll_kept_free)
/* A store has another id; false: it is none of its own. */
bool enroll_kept_rename(struct enroll_kept *k, const char *from, const char *to);
void enroll_kept_serve(struct enroll_kept *k, const char *endpoint, bool is_new, const char *said);
struct bundle *enroll_kept_bundle(const struct enroll_kept *k, GError **error);

/* ---- an operation on one ---- */

/* The scratch of provider_enrolls. */
struct enrolling {
	struct operation *operation, *child;
	struct request *row;
	struct enroll_kept *kept;
	struct enrol told;	/* what children are told; borrows */
	/* of the last child */
	GError *error;
	struct bundle *bundle;	/* with its key, while that is known */
	/* of endpoints */
	GPtrArray *endpoints;
};

struct enrolling *enroll_of(struct op *op);
const struct store *enroll_store(const struct op *op, const char *id);
/* Who signs, and the store that it is asked of (NULL: it is a file). */
const struct issuer *enroll_issuer(const struct op *op, const struct args *asked,
				   const struct store **ret_store);
/* Everything that can be seen to be wrong before anything is done. */
bool enroll_check(struct op *op, GError **error);
bool enroll_is_deployed(const struct engine *e, const struct enroll_kept *k, const char *store);
char *enroll_lock(const char *request);		/* the name of its lock; new */
struct request *enroll_row(struct op *op);	/* of an enrolment that begins */

/* enroll_steps.c: the row is written as it is now, and then the step is taken that it stands at. */
step_fn enroll_steps_go_on;
/* The row as it stands, with what is kept put into it. */
struct next enroll_steps_wait(struct op *op, enum request_state state, const char *theirs,
			      const char *reason, const char *can);
struct next enroll_steps_end(struct op *op, enum request_state state, const char *theirs,
			     const char *reason);
/* Of a child that was told of the enrolment; `then` finds what it found in the scratch. */
struct next enroll_steps_child(struct op *op, step_fn *first, const struct provider *p,
			       const struct store *s, const struct bundle *b, ended_fn *ended,
			       step_fn *then);
/* What was issued is looked at and taken, or refused. */
bool enroll_steps_take(struct op *op, const struct bundle *b, GError **error);

step_fn enroll_served_step, enroll_file_supply_step, enroll_show_step, enroll_sync_step, enroll_withdraw_step;
plan_fn dry_enroll, dry_enroll_supply, dry_enroll_withdraw;
extern const struct issuer enroll_file_issuer;

#endif
