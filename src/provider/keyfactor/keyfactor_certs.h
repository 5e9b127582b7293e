/*
 * keyfactor_certs: what the files about Command's certificates, and about what waits there, share.
 *
 * An account has one store, all that Command knows; a certificate's alias there is Command's number
 * of it.  What waits hangs on the same store.  Saved collections are stores once a person wants them:
 * some users may see certificates only within one, which every call about them then has to name.
 */
#ifndef CERTTY_PROVIDER_KEYFACTOR_CERTS_H
#define CERTTY_PROVIDER_KEYFACTOR_CERTS_H

#include "keyfactor_own.h"

#include <certty/model/bundle.h>

#define KEYFACTOR_STORE	   "command"
#define KEYFACTOR_COLLECTION "collection"	/* what a saved collection shows of it */
#define KEYFACTOR_QUERY	   "query"	/* an account's answer: what of it is shown */
#define KEYFACTOR_TEXT_MAX 1024		/* bytes of one text */
#define KEYFACTOR_LIST_MAX 1000		/* names, places and fields of one thing */

/* ---- keyfactor_call.c: asking ---- */

/* Memory of the operation's own, zeroed when it is new. */
void *keyfactor_call_mine(struct op *op, size_t size, GDestroyNotify done);
/* A GET of "/Certificates" with the names and values that follow, up to NULL. */
struct request_out *keyfactor_call_get(struct op *op, const char *path, ...) G_GNUC_NULL_TERMINATED;
/* The number of the collection that the operation's store is; NULL: it is none. */
const char *keyfactor_call_collection(const struct op *op);
/* A POST of a JSON text; not to be repeated, unless the caller says so. */
struct request_out *keyfactor_call_post(struct op *op, const char *path, const char *body);
/* The JSON of a good answer, which must be an object or an array as the bracket says; NULL: why. */
struct json *keyfactor_call_json(const struct op *op, const struct reply *r, char bracket,
				 const char *tried, GError **error);
bool keyfactor_call_is_denied(const struct reply *r);
/* What the answer to a download has, nearest first: GBytes; NULL: why there is none. */
GPtrArray *keyfactor_call_download(const struct op *op, const struct reply *r, const char *tried,
				   GError **error);
/* Asks for the bytes of a certificate, with its issuers or without. */
struct request_out *keyfactor_call_bytes(struct op *op, int64_t id, bool with_chain);
/* The certificates in texts that may have other lines before them; adds GBytes. */
void keyfactor_call_scan(GPtrArray *to, const char *text, size_t len);

/* ---- keyfactor_cert.c: a certificate as Command tells of it ---- */

enum keyfactor_state {		/* the numbers that Command's documents have names for */
	KEYFACTOR_UNKNOWN, KEYFACTOR_ACTIVE, KEYFACTOR_REVOKED, KEYFACTOR_DENIED, KEYFACTOR_FAILED,
	KEYFACTOR_PENDING, KEYFACTOR_AUTHORITY,
	KEYFACTOR_STATES
};
extern const char *const keyfactor_cert_states[KEYFACTOR_STATES];

struct keyfactor_cert {
	char *alias;		/* Command's number of it */
	char *thumbprint, *serial, *name, *subject, *issuer, *key, *signature, *requester, *template,
	     *ca, *state_word, *reason, *comment, *request, *owner;
	int64_t id, state, not_before, not_after, imported, revoked;
	char **names;		/* never NULL, as the next two */
	char **metadata;	/* "Owner=ops" */
	char **places;		/* "web1 My (WinCert), alias x" */
	bool has_key;		/* Command keeps its private key */
	bool has_digest;	/* sha256 is of its bytes, which were read */
	uint8_t sha256[32];
};

/* The members that are texts, and those that are numbers, by their offsets. */
extern const size_t keyfactor_cert_texts[], keyfactor_cert_n_texts;
extern const size_t keyfactor_cert_numbers[], keyfactor_cert_n_numbers;

struct keyfactor_cert *keyfactor_cert_new(void);
void keyfactor_cert_free(struct keyfactor_cert *c);
AUTO_FREE(keyfactor_cert, keyfactor_cert_free)
struct keyfactor_cert *keyfactor_cert_read(const struct json *j);	/* NULL: it has no number */
uint32_t keyfactor_cert_marks(const struct keyfactor_cert *c);
void keyfactor_cert_facts(const struct keyfactor_cert *c, struct facts *ret);
const char *keyfactor_cert_reason(int64_t reason);	/* NULL: nobody knows that number */
char *keyfactor_cert_common_name(const char *dn);	/* or the whole; new */

/* ---- keyfactor_memo.c ---- */

GHashTable *keyfactor_memo_read(GBytes *memo);	/* struct keyfactor_cert by alias; owns them */
/* struct keyfactor_cert; struct keyfactor_right */
GBytes *keyfactor_memo_write(const GPtrArray *certs, const GPtrArray *rights);

/* ---- keyfactor_kept.c: what a request's row remembers, as JSON ---- */

#define KEYFACTOR_REQUEST  "request"	/* waits for a manager of the CA */
#define KEYFACTOR_WORKFLOW "workflow"	/* waits at a step of Command's own */

struct keyfactor_kept {
	char *sort;		/* one of those; "": an order that has no number yet */
	char *instance;		/* of a workflow: its GUID */
	char *signal;		/* that its step waits for */
	char *csr, *template, *ca;	/* of an order of ours; else "" */
	char *token, *chain;	/* of an enrolment: its word, and what came of it as PEM; else "" */
	GPtrArray *review;	/* all that is asked for: label, text, label, text… (char *) */
	int64_t id;		/* Command's number of the request; 0: none yet */
	int64_t run;		/* of a reenrollment: the newest run of its store's before it; else 0 */
	int64_t sent;		/* when the order was sent; 0: it is not ours */
	bool is_cut;		/* it is too long to be read whole */
	bool is_pfx;		/* of an order of ours: Command makes the key */
	bool is_external;	/* its CA has others who validate it, and waits for them */
};

struct keyfactor_kept *keyfactor_kept_new(const char *sort);
struct keyfactor_kept *keyfactor_kept_read(const char *kept);	/* never NULL */
char *keyfactor_kept_write(const struct keyfactor_kept *k);
void keyfactor_kept_free(struct keyfactor_kept *k);
AUTO_FREE(keyfactor_kept, keyfactor_kept_free)
/* One line of what is asked for; a line without a text is left out. */
void keyfactor_kept_add(struct keyfactor_kept *k, const char *label, const char *text);
/* All values in there, whatever they are, under names as in "SANs dns". */
void keyfactor_kept_add_json(struct keyfactor_kept *k, const char *label, const struct json *j);
char *keyfactor_kept_digest(const struct keyfactor_kept *k);	/* SHA-256 of all of it */

/* ---- keyfactor_row.c: what waits, as a row ---- */

/* The row of a request at the CA, or of a workflow, by the answer about it alone; NULL: why. */
struct request *keyfactor_row_read(const struct op *op, const struct json *j, const char *sort,
				   const struct request *before, GError **error);
/* It is over: what the answer about it alone says of its end; a new row, or NULL: it still waits. */
struct request *keyfactor_row_ended(const struct op *op, const struct json *j,
				    const struct request *before);
struct request *keyfactor_row_request_ended(const struct op *op, const struct json *j,
					    const struct request *before);	/* of a request */
void keyfactor_row_end(struct request *r, enum request_state state, const char *theirs,
		       const char *reason, int64_t now);
char *keyfactor_row_id(const struct store *s, const char *sort, const char *number);
const struct request *keyfactor_row_find(const struct op *op, const char *id);	/* or NULL */
/* "/Workflow/Certificates/77", "/Workflow/Instances/…"; new. */
char *keyfactor_row_path(const struct keyfactor_kept *k);
bool keyfactor_row_is_enrolment(const struct keyfactor_kept *k);	/* of a workflow */
void keyfactor_row_set_kept(struct request *r, const struct keyfactor_kept *k);
/* The one that the operation is about. */
const struct request *keyfactor_row_about(const struct op *op);
/* Puts it, and tells an enrolment how it stands. */
void keyfactor_row_put(struct op *op, struct request *r /* taken */);

/* ---- keyfactor_pending.c: reading what waits ---- */

/* Rows of all that waits for us or was ordered by us, with those certificates known. */
struct next keyfactor_pending(struct op *op, const GPtrArray *certs, step_fn *then);
void keyfactor_pending_done(struct keyfactor *k);
char *keyfactor_pending_said(const struct op *op);	/* for the sentence of a refresh; new */

/* ---- keyfactor_fetch.c: the certificate that came of a request ---- */

/* Looks for the certificate of that number of a request, keeps it where it is ours, and puts the
 * row; one that is not there yet leaves the row as it is. */
struct next keyfactor_fetch(struct op *op, struct request *row /* taken */);
/* It was issued: keeps it where it is ours, and puts the row, which is over. */
bool keyfactor_fetch_keep(struct op *op, const struct request *row, const GPtrArray *certs, GError **error);

/* ---- keyfactor_answer.c ---- */

/* What is sent to approve or deny it, and where; new. */
char *keyfactor_answer_path(const struct keyfactor_kept *k, bool yes);
char *keyfactor_answer_body(const struct keyfactor_kept *k, bool yes, const char *reason);

bool keyfactor_answer_is_lost(const struct reply *r);	/* it may have been done all the same */

/* ---- keyfactor_restart.c ---- */

char *keyfactor_restart_path(const struct op *op, GError **error);	/* new; NULL: it is no workflow */

/* ---- keyfactor_order.c, keyfactor_settle.c: certificates that we ask for ---- */

/* The key that an order's request is for, as in struct facts; 0: it cannot be read. */
uint32_t keyfactor_order_key(const struct keyfactor_kept *k);
/* Orders with that request, and the other answers. */
struct next keyfactor_order_csr(struct op *op, char *pem /* taken */, const char *const *names);
/* What became of an order whose answer was lost. */
struct next keyfactor_settle(struct op *op);

extern const struct verb_questions keyfactor_questions[];

/* ---- keyfactor_revoke.c ---- */

/* The body of a revocation, new; NULL: why it would be refused. */
char *keyfactor_revoke_body(const struct op *op, GError **error);

/* ---- keyfactor_planned.c: how calls of Command, and the same by curl, are said in a plan ---- */

void keyfactor_planned_call(const struct op *op, struct plan *p, unsigned how, const char *operation,
			    const char *what);
/* With that body, or none. */
void keyfactor_planned_run(const struct op *op, struct plan *p, const char *method, const char *path,
			   const char *body);
/* With a body from the file that a variable names. */
void keyfactor_planned_run_file(const struct op *op, struct plan *p, const char *method, const char *path,
				const char *variable, const char *meaning);

/* ---- what the table of the provider names ---- */

step_fn keyfactor_stores, keyfactor_refresh, keyfactor_request_show, keyfactor_sync, keyfactor_approve,
	keyfactor_deny, keyfactor_order, keyfactor_restart, keyfactor_revoke;
plan_fn keyfactor_planned_approve, keyfactor_planned_deny, keyfactor_planned_enrol,
	keyfactor_planned_order, keyfactor_planned_restart, keyfactor_planned_revoke;
extern const struct issuer keyfactor_issuer;
void keyfactor_describe(struct detail *d, const struct store *s, const char *alias, GBytes *memo,
			int64_t now);

#endif
