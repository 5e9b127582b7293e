/*
 * sectigo_certs: what the files about certificates, and about their orders, share.
 *
 * A certificate's alias is Sectigo's number of it, which it has from its order on: what is not issued
 * yet is a request, under the same number.
 */
#ifndef CERTTY_PROVIDER_SECTIGO_CERTS_H
#define CERTTY_PROVIDER_SECTIGO_CERTS_H

#include <certty/model/bundle.h>

#include "own.h"

#define SECTIGO_ORDER "order"	/* type of requests */

struct sectigo_cert {
	char *alias, *name, *sans, *status, *serial, *issuer, *key, *signature, *profile, *organization,
	     *organization_id, *requester, *external, *comments, *backend, *via, *fields, *csr_sha256,
	     *sha256, *sha1, *validation;	/* told of one alone, as in "Organization Validation (OV)" */
	int64_t requested, issued, expires, revoked, term;
	bool is_renewed;	/* told of one alone */
};

/* ---- sectigo_cert.c ---- */

struct sectigo_cert *sectigo_cert_new(void);
void sectigo_cert_free(void *cert);
AUTO_FREE(sectigo_cert, sectigo_cert_free)
/* From a report, or from what is told of one alone; NULL: it is none. */
struct sectigo_cert *sectigo_cert_read(struct op *op, const struct json *j);
bool sectigo_cert_is_row(const struct sectigo_cert *c);		/* it was issued */
bool sectigo_cert_is_waiting(const struct sectigo_cert *c);	/* somebody has to decide, or the CA works */
char **sectigo_cert_names(const struct sectigo_cert *c);
uint32_t sectigo_cert_marks(const struct sectigo_cert *c);
bool sectigo_cert_is_serial(const struct sectigo_cert *c, const char *serial);	/* in whatever shape */
bool sectigo_cert_is_foreign(const struct sectigo_cert *c);	/* imported or discovered, not ordered */
void sectigo_cert_facts(const struct sectigo_cert *c, struct facts *ret);
GHashTable *sectigo_cert_memo_read(GBytes *memo);	/* by alias; owns them */
GBytes *sectigo_cert_memo_write(const GPtrArray *certs);
void sectigo_cert_describe(struct detail *d, const struct store *s, const char *alias, GBytes *memo,
			   int64_t now);

/* ---- sectigo_cert_read.c ---- */

/* Puts all rows, and the requests about what is not issued, then goes on there. */
struct next sectigo_cert_list(struct op *op, step_fn *then);
/* After that: collects what is not known of them, puts all rows anew, then goes on there. */
struct next sectigo_cert_bytes(struct op *op, step_fn *then);

/* ---- sectigo_collect.c ---- */

struct request_out *sectigo_collect_ask(const struct op *op, const char *alias, const char *format);
/* The certificates of an answer, in any order; NULL: *ret_waits, it is not ready yet; or why not. */
GPtrArray *sectigo_collect_read(const struct reply *r, bool *ret_waits, GError **error);
struct bundle *sectigo_collect_bundle(GPtrArray *certs, GError **error);
/* Whether the certificate that a verb is about has a number at Sectigo, and what it asks can be had. */
bool sectigo_collect_check(const struct op *op, GError **error);
step_fn sectigo_export, sectigo_revoke;
plan_fn sectigo_planned_export, sectigo_planned_revoke;

/* ---- sectigo_order_row.c ---- */

struct sectigo_kept {
	char *number;		/* of the order; "": its answer did not come */
	char *csr_sha256, *token, *chain;	/* of an order of ours: DER's digest; of an enrolment; PEM */
	char *sent;		/* by us: "yes", then "taken" where the answer has no number; else "" */
	char *renews;		/* the number of the certificate that it shall follow; or "" */
	char *replaces;		/* the serial number of the one whose place it takes; or "" */
	char *review;		/* what is asked for: lines of a label, ": " and a value */
};
struct sectigo_kept *sectigo_kept_read(const char *kept);
void sectigo_kept_free(struct sectigo_kept *k);
AUTO_FREE(sectigo_kept, sectigo_kept_free)
void sectigo_kept_set(struct request *r, const struct sectigo_kept *k);

char *sectigo_order_id(const struct store *s, const char *number);
/* The row that is about that order, whatever its id; or NULL. */
const struct request *sectigo_order_find(const struct op *op, const char *number);
/* A new one, of ours, that is about to be sent; `number`: "" as long as it has none. */
struct request *sectigo_order_new(const struct op *op, const char *number, char *const *names,
				  const char *csr_sha256);
/* Whether it is about a replacement, and what is there is as it was before. */
bool sectigo_order_is_as_before(const struct request *r, const struct sectigo_cert *c);
/* As Sectigo tells of it now; `old`: as it was, or NULL.  New; NULL: there is nothing to say about it. */
struct request *sectigo_order_row(const struct op *op, const struct sectigo_cert *c,
				  const struct request *old);
void sectigo_order_end(struct request *r, enum request_state state, const char *theirs,
		       const char *reason, int64_t now);

/* ---- sectigo_answer.c: approving, declining, asking again ---- */

struct sectigo_cert *sectigo_answer_read(struct op *op, const struct reply *r, GError **error);
step_fn sectigo_order_sync, sectigo_approve, sectigo_deny;
plan_fn sectigo_planned_approve, sectigo_planned_deny;

#endif
