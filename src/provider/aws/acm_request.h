/*
 * acm_request: what the files about orders, and about what waits in ACM and Private CA, share.
 *
 * A request's row has in `kept` what must be known of it again.  Until AWS has answered, an order
 * is a row of its own (…/order:TOKEN); then it is the one of its certificate, as acm.h says.
 */
#ifndef CERTTY_PROVIDER_AWS_ACM_REQUEST_H
#define CERTTY_PROVIDER_AWS_ACM_REQUEST_H

#include <certty/base/clock.h>
#include "acm.h"

#define ACM_VALIDATION_TIME (72 * CLOCK_HOUR)
#define ACM_TOKEN_TIME	    CLOCK_HOUR	/* for which ACM knows a token */
#define ACM_PCA_TOKEN_TIME  (5 * CLOCK_MINUTE)

/* ---- acm_kept.c: a request's memory ---- */

struct acm_kept {
	char *alias;		/* of its certificate; "" while AWS has not told it */
	char *token;		/* of the order; "": it was not ordered here */
	char *dns;		/* what the zone's servers had: "there", "missing"; "": not looked at */
	char *method;		/* "DNS", "EMAIL", "" */
	int64_t sent, resent;	/* the order; its mails, once more */
	struct args *asked;	/* the answers of the order; never NULL */
	GPtrArray *options;	/* struct acm_option, as last told; never NULL */
};

struct acm_kept *acm_kept_read(const char *json);	/* never NULL: what is broken is empty */
char *acm_kept_write(const struct acm_kept *k);
void acm_kept_free(struct acm_kept *k);
AUTO_FREE(acm_kept, acm_kept_free)
void acm_kept_set_options(struct acm_kept *k, const GPtrArray *options);

/* ---- acm_status.c ---- */

/* A row that begins: of this store, with these names. */
struct request *acm_status_new(const struct store *s, const char *id, char *const *names,
			       int64_t now);
char *acm_status_id(const struct store *s, const char *alias);
const struct request *acm_status_find(const struct op *op, const char *id);	/* or NULL */
void acm_status_set_kept(struct request *r, const struct acm_kept *k);
/* What a row came to once its certificate waits no more: with its result, once it is known. */
struct request *acm_status_ended(const struct request *old, const struct acm_cert *c, int64_t now);

/* ---- acm_fetch.c: asking for one certificate ---- */

/* A JSON object that begins, and its end as a request. */
struct acm_body {
	GString *text;
	struct json_writer w;
};
void acm_body_begin(struct acm_body *b);
struct request_out *acm_body_end(struct acm_body *b, const struct op *op, enum aws_service service,
				 const char *operation, GError **error);	/* may be repeated */
struct next acm_body_send(struct acm_body *b, struct op *op, enum aws_service service,
			  const char *operation, step_fn *step);
/* A call whose only member is the ARN of that alias. */
struct next acm_fetch_ask(struct op *op, const char *operation, const char *alias, step_fn *step);
struct acm_cert *acm_fetch_read(struct op *op, const struct reply *r, const char *what,
				GError **error);	/* of DescribeCertificate */
/* The answer of a GetCertificate of ACM or Private CA. */
struct bundle *acm_fetch_bundle(const struct reply *r, const char *what, GError **error);
bool acm_fetch_is(const struct reply *r, const char *code);	/* an error of that code */
/* Whether nobody knows if what was asked has happened. */
bool acm_fetch_is_lost(const struct reply *r);
/* What an answer is good for, else the sentence; it names the permission that is missing. */
bool acm_fetch_check(const struct reply *r, const char *what, const char *action, GError **error);

/* ---- acm_watch.c: a request, until it can be said how it stands ---- */

struct acm_watch {
	struct request *row;	/* as last put; NULL: none yet */
	struct acm_kept *kept;	/* what the row was made with */
	struct acm_cert *cert;	/* as last described */
	unsigned rounds;	/* that may still be waited */
	step_fn *then;		/* once it stands still and is not issued */
	void *more;		/* of whoever watches */
	GDestroyNotify free_more;
};

/* The operation's own, made when it is first asked for, from op->request where there is one. */
struct acm_watch *acm_watch_get(struct op *op);
void acm_watch_put(struct op *op, struct request *r /* taken */);	/* the row, anew */
/* Asks ACM how the row's certificate stands, `rounds` times as long as that may change soon; fetches
 * it when it was issued and ends the row; else goes on with `then`. */
struct next acm_watch_ask(struct op *op, unsigned rounds, step_fn *then);
/* A bundle was issued for the row, and the row has ended. */
struct next acm_watch_issued(struct op *op, struct bundle *b /* taken */);

#define ACM_WATCH_ROUNDS 15	/* about a minute */
#define ACM_WATCH_MS	 4000

/* ---- acm_order.c, pca_order.c ---- */

/* The order that a row remembers, sent with the token that it had. */
step_fn acm_order_again, pca_order_again;
/* A certificate for that request (PEM), whose names are those; args "profile" and "validity". */
struct next pca_order_csr(struct op *op, const char *pem, const char *const *names);
/* What an authority has issued for the row, asked for until it is there. */
step_fn pca_order_fetch;
/* What is asked, in the form in which it is kept and sent; NULL: AWS would refuse it. */
struct args *acm_order_answers(struct op *op, char ***ret_names, GError **error);
const char *acm_order_algorithm(const char *key);	/* "EC_prime256v1" of ec-p256 */
/* The ARN of a profile's template, "arn:aws-cn:acm-pca:::template/EndEntityCertificate/V1"; new. */
char *pca_order_template(const struct op *op, const char *profile);
/* A random word that AWS takes as a token, new. */
char *acm_order_token(void);
/* Keeps the row of an order, then sends it by that step.  One with the same answers that AWS has
 * not answered is that order, and is sent as such. */
struct next acm_order_begin(struct op *op, char *const *names, struct args *asked /* taken */,
			    const char *method, step_fn *then);
/* Until when AWS takes the order's token for that order. */
int64_t acm_order_token_ends(const struct op *op, const struct acm_kept *k);
/* What comes of an answer that is no good: a row that has failed, or one that can be asked again. */
struct next acm_order_failed(struct op *op, const struct reply *r, GError *error /* taken */);
/* The answer has the ARN of what was ordered: the row becomes its certificate's, and is kept. */
struct next acm_order_answered(struct op *op, const struct reply *r, const char *what,
			       step_fn *then);

/* ---- acm_resend.c ---- */

/* Those of the row's options (struct acm_option, borrowed) whose mails are sent again, as op->args
 * say; NULL: none, or not those that are named. */
GPtrArray *acm_resend_waiting(const struct op *op, const struct acm_kept *k, GError **error);
const char *acm_resend_domain(const struct acm_option *o, const char *said);	/* whose mailboxes */

/* ---- acm_check.c: an order, before anybody sees it ---- */

/* One sentence about the first thing that AWS would refuse.  `trouble`: what it may. */
bool acm_check_names(char *const *names, bool is_private, char **ret_trouble, GError **error);
bool acm_check_domain(const char *domain, char *const *names, GError **error);
/* "key=value, key=value" */
bool acm_check_tags(char *const *tags, GError **error);

#endif
