/*
 * cps_change: what the files about changes that are under way share.
 *
 * What a change waits for is told by its list of inputs, never by its words for the state, which Akamai
 * calls a sample and misspells; each sort of input is a row of one table.  What was read of a change lies
 * in its request's row as JSON, so that it can be shown, and answered, without being believed twice: what
 * is approved is read once more just before.
 */
#ifndef CERTTY_SRC_PROVIDER_AKAMAI_CPS_CHANGE_H
#define CERTTY_SRC_PROVIDER_AKAMAI_CPS_CHANGE_H

#include <certty/model/request.h>

#include "cps.h"

#define CPS_REVIEW_MAX	 4000	/* labels and texts */
#define CPS_WARNINGS_MAX (256u << 10)

struct cps_change {
	/* texts, never NULL: cps_change_texts says which */
	char *enrollment, *id, *kind;	/* the ids, each a number; "renewal" */
	char *state, *status, *description, *error;
	char *input;			/* type of what it waits for, or "" */
	char *warnings;			/* word by word, with their line breaks; harmless */
	char *hash;			/* CPS's, of what it found */
	char *told;			/* SHA-256 of all that CPS told of what it waits for */
	char *answer, *answered;	/* what was said last, and to which digest */
	char *end;			/* CPS's word for how it ended, where it is no longer there */
	int64_t answered_at, due, not_before, not_after;
	bool is_first;			/* nothing of its enrollment ever went live */
	bool is_cut;			/* there is more than can be shown */
	char **names;
	GPtrArray *review;		/* label, text, label, text */
	GPtrArray *challenges;		/* likewise: names to be proved, kept when they are */
	GPtrArray *records;		/* lines of a zone file */
	GPtrArray *csrs;		/* algorithm, PEM */
	GPtrArray *given;		/* likewise, of what was signed for them and waits for the others */
	/* while it is read */
	bool is_gone, is_early;
	char *result;			/* hex SHA-256 of what came of it, or "" */
	char *trouble;			/* why it could not be read, or NULL */
	GPtrArray *live;		/* struct cps_one, borrowed: what it takes the place of; or NULL */
	char **live_names;		/* as far as known; or NULL */
	char **live_settings;		/* borrowed; or NULL */
};

typedef void read_input_fn(struct cps_change *c, const struct json *j);

struct cps_input {
	const char *type;
	const char *info, *info_entity;		/* where it is read */
	const char *update, *given_entity;	/* and answered */
	const char *waits;			/* for what, in words */
	enum request_state state;
	const char *can;
	read_input_fn *read;
};

/* ---- cps_change.c ---- */

struct cps_change *cps_change_new(const char *enrollment, const char *id, const char *kind);
void cps_change_free(struct cps_change *c);
AUTO_FREE(cps_change, cps_change_free)
const struct cps_input *cps_input_find(const char *type);	/* or NULL */
/* GET …/changes/N. */
bool cps_change_read_status(struct cps_change *c, const struct json *j);
/* What it waits for, by its input's own reader. */
void cps_change_read_input(struct cps_change *c, const struct json *j);
void cps_change_add(struct cps_change *c, GPtrArray *to, const char *label, const char *format, ...)
	G_GNUC_PRINTF(4, 5);
char *cps_change_path(const struct cps_change *c, const char *more);	/* below /cps/v2; new */
char *cps_change_digest(const struct cps_change *c);
struct cps_change *cps_change_kept(const char *kept);
char *cps_change_keep(const struct cps_change *c);
bool cps_change_is_over(const struct cps_change *c);
bool cps_change_is_waiting(const struct cps_change *c);	/* for what an input says */

/* ---- cps_input.c: the readers ---- */

read_input_fn cps_input_warnings, cps_input_management, cps_input_csrs, cps_input_challenges;

/* ---- cps_row.c: a change as a row ---- */

char *cps_row_id(const struct store *s, const struct cps_change *c);
const struct request *cps_row_known(const struct op *op, const char *id);	/* or NULL */
struct request *cps_row(const struct op *op, struct cps_change *c, const struct request *before);
/* The same of the request of the operation, which was just answered: with which word, to what (digest). */
struct request *cps_row_answered(const struct op *op, struct cps_change *c, const char *word,
				 const char *digest);
/* What is live of its enrollment, for the review, out of the store's memo and its rows. */
void cps_row_compare(const struct op *op, struct cps_change *c, const struct cps_deployed *live);

/* ---- cps_look.c: how changes stand ---- */

/* Reads them all: their states, what they wait for, and how those ended that are not there any more. */
struct next cps_look(struct op *op, GPtrArray *changes /* struct cps_change, taken */, step_fn *then);
GPtrArray *cps_looked(const struct op *op);
void cps_look_free(struct cps_looking *l);

/* ---- cps_pending.c: the changes of a refresh ---- */

struct next cps_pending(struct op *op, const struct json *enrollments, const GPtrArray *deployed,
			step_fn *then);
/* Puts the rows of what was read; "; 2 changes are under way"; new. */
char *cps_pending_put(struct op *op);

/* ---- cps_request.c ---- */

/* The change of the request that the operation is about, not read yet. */
struct cps_change *cps_request_begin(struct op *op, GError **error);
struct next cps_request_look(struct op *op, step_fn *then);	/* cps_look() at it */

/* ---- cps_upload.c: what was signed, as it is sent ---- */

/* How many of the issuers, nearest first, are sent: all before the root, of which CPS warns. */
guint cps_upload_issuers(const GPtrArray *chain);
/* Of algorithm and PEM (a certificate, its issuers behind it) in turn; new. */
char *cps_upload_body(const GPtrArray *given);

/* ---- cps_answer.c, cps_withdraw.c, cps_supply.c, cps_request.c, cps_planned.c ---- */

step_fn cps_approve, cps_deny, cps_withdraw, cps_supply, cps_sync, cps_show;
plan_fn cps_planned_approve, cps_planned_deny, cps_planned_withdraw, cps_planned_supply;
/* Of paths below /cps/v2; `how` as plan_call() has it. */
void cps_planned_call(const struct op *op, struct plan *p, unsigned how, const char *method, const char *path,
		      const char *what);
/* `entity` is what shall come, and `type` what is sent (media types), or NULL. */
void cps_planned_run(const struct op *op, struct plan *p, const char *method, const char *path,
		     const char *entity, const char *type, const char *body);
char *cps_answer_body(const struct cps_change *c, const char *answer);	/* new */

#endif
