/*
 * aws_cert: what the files about changing one certificate share: asking its store's region, and
 * what is said when AWS does not want to.
 */
#ifndef CERTTY_PROVIDER_AWS_CERT_H
#define CERTTY_PROVIDER_AWS_CERT_H

#include "acm.h"

/* ---- aws_cert.c: asking ---- */

char *aws_cert_region(const struct op *op);	/* of op->store; new */
/* {"CertificateArn": …} of op->cert, or of that alias of op->store; new. */
char *aws_cert_json(const struct op *op, const char *alias);
/* In the region of op->store; IAM's alone with aws_cert_query(). */
struct next aws_cert_send(struct op *op, enum aws_service service, const char *operation,
			  const char *json, bool is_repeatable, step_fn *step);
struct next aws_cert_send_body(struct op *op, enum aws_service service, const char *operation,
			       GBytes *body /* taken */, bool is_repeatable, step_fn *step);
/* In any region: to be sent by the caller. */
struct request_out *aws_cert_make(struct op *op, enum aws_service service, const char *region,
				  const char *operation, GBytes *body /* taken */, GError **error);
struct next aws_cert_query(struct op *op, const char *action, struct aws_form *form /* taken */,
			   bool is_repeatable, step_fn *step);
struct request_out *aws_cert_ask(struct op *op, const char *operation, const char *alias,
				 GError **error);	/* for a next_each; may be repeated */
struct next aws_cert_describe(struct op *op, step_fn *step);	/* op->cert */
struct acm_cert *aws_cert_described(struct op *op, const struct reply *r, const char *what,
				    GError **error);

/* ---- aws_cert.c: what came back ---- */

bool aws_cert_is(const struct reply *r, const char *code);	/* an error of that code */
/* Whether nobody can tell if it was done: the connection broke, or it broke there. */
bool aws_cert_is_lost(const struct reply *r);
/* The reply is good; else why not.  `action` ("acm:ImportCertificate") is what this user lacks when
 * AWS says no without saying to what. */
bool aws_cert_check(const struct reply *r, const char *what, const char *action, GError **error);
/* Fails with that error, which is taken, and what to do about it. */
struct next aws_cert_fail(struct op *op, GError *error, const char *hint);
/* The certificates of PEM texts, in their order; NULL is none of them. */
bool aws_cert_read_pem(const char *text, const char *what, GPtrArray *to /* GBytes */,
		       GError **error);
/* The names of those that use it, "a, b and 3 more"; new. */
char *aws_cert_users(char **arns);
const char *aws_cert_iam_name(const char *alias);	/* the last part of its path */

/* ---- aws_upload.c: what is put there, checked before anything is sent ---- */

struct aws_limits {
	const char *service;	/* "ACM" */
	size_t cert, key, chain;	/* bytes of PEM */
};

struct aws_upload {
	const struct bundle *bundle;
	char *cert_pem, *chain_pem;	/* chain_pem NULL: it has none */
	struct secret *key_pem;	/* not encrypted */
	const char *key;	/* as ACM writes it: "EC_prime256v1" */
	GPtrArray *names;	/* DNS names, lower case, sorted, each once */
	bool is_mixed;		/* its issuer's key is of another family */
};

/* One sentence about the first thing that the service would refuse. */
bool aws_upload_make(const struct bundle *b, const struct aws_limits *limits, int64_t now,
		     struct aws_upload *ret, GError **error);
void aws_upload_done(struct aws_upload *u);
/* Whether ACM's certificate is for the same names and has a key of the same kind. */
bool aws_upload_is_same(const struct aws_upload *u, const struct acm_cert *c);
bool aws_upload_shares_name(const struct aws_upload *u, const struct acm_cert *c);
bool aws_upload_is_key(const struct aws_upload *u, const struct acm_cert *c);

/* ---- aws_revoke.c ---- */

/* AWS's word for the answer; NULL: there is no such.  Some are not for public certificates. */
const char *aws_revoke_reason(const struct args *args, bool *ret_is_public);
bool aws_revoke_check(const struct args *args, GError **error);	/* whether AWS takes the answers */
char *aws_revoke_serial(const char *serial);	/* "0fac…" as a CA wants it, 0f:ac:…; new */

/* ---- aws_import.c: VERB_IMPORT for both ---- */

/* What acm_import and iam_import begin with; aws_import reads the file and makes it. */
struct aws_import {
	struct bundle *read;		/* of the file; NULL: op->bundle is meant */
	struct aws_upload upload;
	void *more;			/* the service's own, and what frees its inside */
	GDestroyNotify done_more;
};

const struct aws_upload *aws_import_upload(struct op *op);
void *aws_import_more(struct op *op, size_t size, GDestroyNotify done);	/* zeroed when made */

extern const struct aws_limits acm_import_limits, iam_import_limits;

#endif
