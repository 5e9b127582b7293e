/*
 * acm: what the files about certificates in ACM, Private CA, IAM and Route 53 share.
 *
 * Stores of an account "prod", as aws_stores.c puts them (STORE_FOUND, is_writable as said):
 *
 *   prod/acm:eu-west-1   "acm"         address "arn:aws:acm:eu-west-1:111122223333:"; writable
 *   prod/iam             "iam"         address "arn:aws:iam::111122223333:"; writable
 *   prod/ca:ARN          "private-ca"  address the authority's ARN
 *
 * The alias of a row is what follows the store's address in its ARN: "certificate/UUID",
 * "server-certificate/web-2026"; of an authority its own certificate is "" and what it issued for us
 * "/certificate/ID".  So an ARN is address and alias, one behind the other.
 *
 * Rows are certificates that were issued (ISSUED, EXPIRED, REVOKED, INACTIVE); all that is not yet
 * or failed is a request, and so is a renewal that is under way or failed.
 *
 * Facts are from AWS's service models (botocore: acm 2015-12-08, acm-pca 2017-08-22, iam 2010-05-08,
 * route53 2013-04-01) and its user guides.
 */
#ifndef CERTTY_PROVIDER_AWS_ACM_H
#define CERTTY_PROVIDER_AWS_ACM_H

#include "aws_own.h"

#define AWS_STORE_ACM "acm"
#define AWS_STORE_IAM "iam"
#define AWS_STORE_CA  "private-ca"

char *aws_arn(const struct store *s, const char *alias);	/* address and alias; new */
/* The region in an ARN, "" where it has none (IAM); a new string. */
char *aws_arn_region(const char *arn);
/* What follows the store's address; NULL: it is none of this store's. */
const char *aws_arn_alias(const struct store *s, const char *arn);

/* ---- acm_cert.c, acm_cert_words.c: a certificate as ACM tells of it ---- */

/* How one name's control is proved. */
struct acm_option {
	char *name;		/* "*.example.org" */
	char *method;		/* "DNS", "EMAIL", "HTTP"; "" */
	char *status;		/* "PENDING_VALIDATION", "SUCCESS", "FAILED"; "" */
	char *record_name, *record_type, *record_value;	/* DNS; "" while ACM has not made it */
	char *domain;		/* EMAIL: whose mailboxes */
	char **emails;		/* never NULL */
};

void acm_option_free(void *option);

/* Our own words for `type`, of what ACM does not have: a server certificate of IAM, whose ID is in
 * managed_by; and a private authority, which is in its store's memo as "": its status, key and
 * SigningAlgorithm (signature) as Private CA says them, its Type in origin, its UsageMode in
 * managed_by. */
#define ACM_TYPE_IAM "IAM"
#define ACM_TYPE_CA  "CA"

/* Words of AWS's are kept as they come (enumerations are open), harmless; "" where not told.
 * Times are seconds, 0 where not told. */
struct acm_cert {
	char *alias;		/* "certificate/UUID" */
	char *name;		/* DomainName */
	char **names;		/* all of them as far as told; never NULL */
	bool has_more_names;	/* a summary tells a hundred */
	char *status, *type, *origin;	/* "ISSUED"; "AMAZON_ISSUED"; "ACME" */
	char *key;		/* as AWS writes it, with underscores: "EC_prime256v1" */
	char *eligibility;	/* "ELIGIBLE" */
	char *renewal, *renewal_reason;	/* RenewalStatus, RenewalStatusReason */
	char *failure;		/* FailureReason */
	char *export, *managed_by;
	bool is_in_use, was_exported;
	int64_t not_before, not_after, created, issued, imported, revoked;
	/* of Search and Describe alone */
	char *serial;		/* hex, lower case, as in struct facts; "" */
	char *issuer, *subject;
	char *method;		/* of Search alone: how control of all its names is shown */
	/* of Describe alone */
	bool has_details;
	char *ca_arn, *revocation_reason, *signature;
	char **in_use_by;	/* ARNs */
	GPtrArray *options, *renewal_options;	/* struct acm_option; never NULL */
	/* ours */
	uint8_t sha256[32];	/* of its bytes, once they were read */
	bool has_digest;
	bool is_revoked;	/* by its private CA, as we were told when we asked for that: nobody
				 * lists what a CA has revoked, and ACM need not know */
	bool is_missed;		/* the last list had it no more: a change may take a while to be seen
				 * everywhere, so it stays for one round */
};

/* Where the texts and times are, in the order in which a memo has them. */
extern const size_t acm_cert_texts[], acm_cert_times[], acm_option_texts[];
extern const size_t acm_cert_n_texts, acm_cert_n_times, acm_option_n_texts;

struct acm_cert *acm_cert_new(void);
void acm_cert_free(struct acm_cert *c);
AUTO_FREE(acm_cert, acm_cert_free)
/* An element of CertificateSummaryList, of Search's Results, or Describe's Certificate.  NULL when
 * it has no ARN of this store's; all else may be missing. */
struct acm_cert *acm_cert_read(const struct json *j, const struct store *s);
/* What nobody tells again of the same bytes stays known. */
void acm_cert_keep(struct acm_cert *c, const struct acm_cert *old);
/* What a description told of the same certificate joins what a list did (taken); what only a list
 * tells stays. */
void acm_cert_add(struct acm_cert *c, struct acm_cert *details);
bool acm_cert_is_row(const struct acm_cert *c);		/* else a request, or nothing */
/* Whether nothing that a list tells has changed since `old`, so that its details still hold. */
bool acm_cert_is_same(const struct acm_cert *c, const struct acm_cert *old);
const char *acm_cert_type_word(const struct acm_cert *c);	/* "Amazon issued", "Imported"… */
/* Why managed renewal does or does not take it, by AWS's criteria, in a sentence; new. */
char *acm_cert_say_eligibility(const struct acm_cert *c, int64_t now);
const char *acm_cert_say_status(const struct acm_cert *c);	/* "issued"; AWS's word */
const char *acm_cert_say_failure(const char *reason);	/* what it means and what to do */
uint32_t acm_cert_marks(const struct acm_cert *c);
char *acm_cert_say_key(const char *key);		/* "EC P-256"; new */
/* For a row whose bytes are not read yet: facts_done() frees them. */
void acm_cert_facts(const struct acm_cert *c, struct facts *ret);

/* ---- acm_memo.c: what a store's last refresh knew ---- */

/* By alias, struct acm_cert (owned); unknown or broken bytes give none. */
GHashTable *acm_memo_read(GBytes *memo);
/* What is known of the region itself. */
struct acm_memo_note {
	int64_t no_search;	/* since when SearchCertificates is known not to work; 0: it is not */
	uint32_t lacks;		/* acm_list.c's: what ListCertificates does not take */
};
GBytes *acm_memo_write(GHashTable *certs, const struct acm_memo_note *note /* or NULL */);
struct acm_memo_note acm_memo_note(GBytes *memo);

/* ---- acm_status.c: from a certificate to what waits ---- */

/* The request row of a certificate that is not issued yet, failed, or whose renewal needs somebody;
 * NULL: none.  `old`: the row as it is known, whose decisions stay; may be NULL.  Its id is the
 * store's id, '/', alias; its type "order" or "renewal". */
struct request *acm_status_request(const struct acm_cert *c, const struct store *s,
				   const struct request *old, int64_t now);
/* Puts request rows of op->store until they are what `certs` (by alias) says.  is_whole: what is not
 * among them is not there. */
void acm_status_put(struct op *op, GHashTable *certs, bool is_whole);
/* The record by which control of a name is shown, as a line of a zone file; NULL: none, or not one
 * that can be written as it is.  New. */
char *acm_status_record(const struct acm_option *o);
/* A certificate's bytes were read (of a GetCertificate): when somebody waits for it, it is kept. */
void acm_status_take(struct op *op, const struct acm_cert *c, const struct reply *r);

/* ---- acm_domains.c: how the validation of each name stands ---- */

/* Puts what `certs` (by alias) tell of every name, each name once for op->store. */
void acm_domains_put(struct op *op, GHashTable *certs);

/* ---- aws_regions.c: which regions an account has ---- */

struct aws_regions {
	GPtrArray *names;	/* enabled, wanted and allowed (char *) */
	GPtrArray *unsure;	/* could not be asked (char *) */
	GPtrArray *candidates;	/* probed one by one (char *) */
	bool is_cut;		/* the list of them broke off */
	GError *refused;	/* why the keys were not taken in a region */
	guint n_forbidden, n_taken;
	char *token;		/* of the next page */
	guint pages;
	step_fn *then;
};

void aws_regions_init(struct aws_regions *r, step_fn *then);
void aws_regions_done(struct aws_regions *r);
/* op's aws_mine() begins with a struct aws_regions.  Asks until `names` is there; fails when the
 * keys are taken nowhere. */
struct next aws_regions_ask(struct op *op);
/* Whether a region is among those that the account's answer and the site's policy leave. */
bool aws_regions_wants(const struct op *op, const char *region);

/* ---- acm_list.c: all certificates of a region, page by page ---- */

struct acm_list {
	GHashTable *certs;	/* by alias, struct acm_cert (owned) */
	GPtrArray *order;	/* the same as they came (borrowed) */
	bool is_search;		/* it came of a search, which tells more */
	bool has_more;		/* there is a next page */
	bool is_cut;		/* it broke off: what is not in it may be there all the same */
	struct acm_memo_note note;
	bool is_proved;		/* searching has worked before */
	guint refusals, pages;
	char *token;
	GHashTable *tokens;	/* all so far */
	step_fn *then;
};

/* op's aws_mine() begins with a struct acm_list.  memo: of the last refresh, or NULL. */
void acm_list_init(struct acm_list *l, GBytes *memo, int64_t now, step_fn *then);
void acm_list_done(struct acm_list *l);
/* The first page, in whatever way the region takes; goes on with `then`. */
struct next acm_list_ask(struct op *op);
/* The next one, to be asked beside other things; NULL and `error`.  And what came of it: when it
 * is none, a trouble, since what was read so far is good. */
struct request_out *acm_list_page(struct op *op, GError **error);
void acm_list_hear(struct op *op, const struct reply *r);

/* ---- acm_rows.c: the rows of a store while it is read ---- */

struct acm_rows {
	GHashTable *rows;	/* alias → row of op->old, and one */
	GHashTable *facts;	/* alias → struct facts of bytes that came now */
};

void acm_rows_init(struct acm_rows *r);
void acm_rows_done(struct acm_rows *r);
/* op->old is another table after each op_show_rows(). */
void acm_rows_find(struct acm_rows *r, const struct op *op);
/* Whether its bytes are known, and a row was made of them. */
bool acm_rows_is_read(const struct acm_rows *r, const struct op *op, const struct acm_cert *c);
void acm_rows_put(const struct acm_rows *r, struct op *op, const struct acm_cert *c);
/* The first certificate of a PEM that came for `c` is known from now on; false: there is none. */
bool acm_rows_take(struct acm_rows *r, struct op *op, struct acm_cert *c, const char *pem);
/* What a list has no more stays for one round, since a change may take a while to be seen
 * everywhere; of a list that did not end (is_cut) nothing can be missed. */
void acm_rows_miss(GHashTable *known, GHashTable *certs, GPtrArray *order, bool is_cut);

/* ---- the steps ---- */

step_fn aws_stores;		/* VERB_ACCOUNT_STORES: regions, authorities, IAM */
step_fn aws_refresh;		/* by the type of store: acm_refresh, iam_refresh, pca_refresh */
step_fn acm_refresh, iam_refresh, pca_refresh;
step_fn aws_order, acm_order, pca_order;
step_fn acm_sync, acm_resend, acm_withdraw, aws_request_show;
step_fn route53_publish;	/* provider->publish */
step_fn aws_import, acm_import, iam_import;	/* VERB_IMPORT */
step_fn aws_remove;			/* VERB_REMOVE: from ACM and IAM */
step_fn aws_renew, aws_revoke, aws_tag, aws_export;
extern const struct issuer pca_enrol_issuer;	/* pca_enrol.c */
step_fn aws_hand;			/* provider->hand: of ACM */
/* "load balancer app/front-1 in eu-north-1" of what is in use by; new. */
char *aws_describe_user(const char *arn);
void aws_describe(struct detail *d, const struct store *s, const char *alias, GBytes *memo,
		  int64_t now);
find_renewable_fn aws_find_renewable;	/* aws_renew.c */

extern const struct verb_questions aws_questions[];

/* What the operation of a file needs between its steps: made once; `done` frees what hangs on it. */
void *aws_mine(struct op *op, size_t size, GDestroyNotify done);	/* zeroed when made */

#endif
