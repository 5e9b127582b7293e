/*
 * sectigo_domains: what the files about domains, and about the validation of who controls them, share.
 *
 * A domain is an object, which is changed by its number, and a row among the domains of everybody.
 * Only one that can be registered ("high-level") is validated; what lies below it goes with that.
 */
#ifndef CERTTY_PROVIDER_SECTIGO_DOMAINS_H
#define CERTTY_PROVIDER_SECTIGO_DOMAINS_H

#include "own.h"

#define SECTIGO_DOMAIN	"domain"	/* type of objects */
#define SECTIGO_VALIDATE "validate"	/* type of requests */

struct sectigo_domain {
	char *number, *name;	/* the name in A-labels and lower case */
	char *state;		/* "ACTIVE", "SUSPENDED"; "" not told; this and the next in one spelling */
	char *delegation;	/* "ACTIVE", "REQUESTED" */
	char *status, *method;	/* "VALIDATED", "CNAME_CSR_HASH": of the last proof */
	char *order, *mode;	/* "SUBMITTED", "CNAME": of one that is under way */
	char *users;		/* to whom it is delegated, in words */
	char *waiting;		/* numbers of those whose delegation waits for approval, with blanks */
	char *record;		/* what must stand in DNS, as a line of a zone file; or NULL */
	int64_t validated, expires;
	bool is_high, has_details;
};

/* ---- sectigo_domain.c ---- */

struct sectigo_domain *sectigo_domain_new(const struct json *listed);	/* NULL: it is none */
void sectigo_domain_free(void *domain);
void sectigo_domain_take_details(struct op *op, struct sectigo_domain *d, const struct json *j);
void sectigo_domain_take_validation(struct sectigo_domain *d, const struct json *j);
void sectigo_domain_put(struct op *op, const struct sectigo_domain *d);	/* the object and the row */
/* As it is sent and compared: A-labels, lower case, with "*." where it has that.  NULL: why not.  New. */
char *sectigo_domain_ascii(const char *typed, GError **error);
char *sectigo_domain_show(const char *name);	/* as people write it; new */
/* "dns", "http" or "email" of their words for methods; "" of others. */
const char *sectigo_domain_method(const char *theirs);

/* ---- sectigo_domain_read.c ---- */

/* Puts all domains, and the requests about their validation, then goes on there. */
struct next sectigo_domain_read(struct op *op, step_fn *then);

/* ---- sectigo_domain_change.c ---- */

extern const struct field sectigo_domain_questions[];
step_fn sectigo_domain_add, sectigo_domain_edit, sectigo_domain_drop;
plan_fn sectigo_domain_planned_add, sectigo_domain_planned_edit, sectigo_domain_planned_drop;
bool sectigo_domain_check_types(const struct op *op, GError **error);	/* the answer of cert-types */
/* What is sent; new.  `there`: certTypes as they stand, or NULL. */
char *sectigo_domain_body_added(const struct op *op, const char *name, const char *organization);
char *sectigo_domain_body_delegated(const struct op *op, const char *organization, const struct json *there);
char *sectigo_domain_body_taken(const char *organization, const struct json *there);

/* ---- sectigo_dcv.c ---- */

extern const struct field sectigo_dcv_questions[];
struct request_out *sectigo_dcv_ask(const struct op *op, const char *call, const char *domain,
				    const char *email /* or NULL */);
struct request_out *sectigo_dcv_ask_status(const struct op *op, const char *domain);
step_fn sectigo_dcv_start, sectigo_dcv_sync, sectigo_dcv_withdraw, sectigo_dcv_resend;
plan_fn sectigo_dcv_planned_start, sectigo_dcv_planned_withdraw, sectigo_dcv_planned_resend;

/* ---- sectigo_dcv_row.c ---- */

/* What a row remembers. */
struct sectigo_dcv_kept {
	char *mode;		/* "CNAME" */
	char *email;
	char *dns;		/* "there", "missing", "": how DNS was seen last */
	char *before;		/* until when the last proof was valid before, as they say it; "": none */
	char *url, *lines;	/* of HTTP: the file, and what is in it, with a blank between */
};
struct sectigo_dcv_kept *sectigo_dcv_kept_read(const char *kept);
void sectigo_dcv_kept_free(struct sectigo_dcv_kept *k);
AUTO_FREE(sectigo_dcv_kept, sectigo_dcv_kept_free)

char *sectigo_dcv_row_id(const struct store *s, const char *domain);
const struct request *sectigo_dcv_row_find(const struct op *op, const char *id);
char *sectigo_dcv_row_record(const char *mode, const struct json *j);	/* a line; or NULL */
/* From an answer of status, start or submit to the row: a new one; NULL: there is nothing under way, and
 * no row that is about it.  `old`: as it was, or NULL; dns: how it was seen now, or NULL. */
struct request *sectigo_dcv_row(const struct op *op, const char *domain, const struct json *j,
				const struct request *old, const char *dns);
void sectigo_dcv_row_end(struct request *r, enum request_state state, const char *theirs,
			 const char *reason, int64_t now);

#endif
