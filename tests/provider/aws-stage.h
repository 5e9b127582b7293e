/*
 * aws-stage: plays one operation on a certificate in AWS with a transcript: what must be asked, in
 * this order, and what AWS answers, or that the connection breaks.
 */
#ifndef CERTTY_TESTS_PROVIDER_AWS_STAGE_H
#define CERTTY_TESTS_PROVIDER_AWS_STAGE_H

#include "play.h"

#include "../model/make.h"

#define REGION "eu-west-1"
#define ADDRESS "arn:aws:acm:" REGION ":111122223333:"
#define IAM_ADDRESS "arn:aws:iam::111122223333:"
#define ALIAS "certificate/11111111-2222-3333-4444-555555555555"
#define ALIAS2 "certificate/66666666-7777-8888-9999-000000000000"
#define ARN ADDRESS ALIAS
#define ARN2 ADDRESS ALIAS2
#define DENIED(action)                                                          \
	"{\"__type\":\"AccessDeniedException\",\"Message\":\"User: arn:aws:iam::" \
	"111122223333:user/x is not authorized to perform: " action " because no identity-based " \
	"policy allows the " action " action\"}"
#define ERROR(code, text) "{\"__type\":\"" code "\",\"message\":\"" text "\"}"
#define XML_ERROR(code, text)                                                    \
	"<ErrorResponse><Error><Type>Sender</Type><Code>" code "</Code><Message>" text \
	"</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"
#define NAMES "\"DomainName\":\"www.example.org\",\"SubjectAlternativeNames\":" \
	      "[\"www.example.org\",\"example.org\"]"
#define LISTED(arn, names, more) "{\"CertificateArn\":\"" arn "\"," names "," more "}"
#define SUMMARY(arn, type, key)                                                   \
	"{\"CertificateArn\":\"" arn "\",\"DomainName\":\"www.example.org\","      \
	"\"SubjectAlternativeNameSummaries\":[\"example.org\",\"www.example.org\"]," \
	"\"Status\":\"ISSUED\",\"Type\":\"" type "\",\"KeyAlgorithm\":\"" key "\"}"
#define LIST(certs) "{\"CertificateSummaryList\":[" certs "]}"
#define DESCRIBED(arn, type, more)                                               \
	"{\"Certificate\":{\"CertificateArn\":\"" arn "\"," NAMES ",\"Status\":\"ISSUED\"," \
	"\"Type\":\"" type "\",\"KeyAlgorithm\":\"EC-prime256v1\"" more "}}"
#define GOT(pem) "{\"Certificate\":\"" pem "\",\"CertificateChain\":\"$CA\"}"
#define END { NULL }

struct line {			/* of a transcript, which ends with operation NULL */
	const char *operation;	/* that must be asked */
	int status;		/* 0: the connection breaks */
	const char *answer;	/* with $LEAF, $OTHER, $CA for certificates, $KEY for the leaf's
				 * key as the passphrase that was sent encrypts it */
	const char *part;	/* of the body that must be sent; or NULL */
};

struct aws_made {
	GBytes *leaf, *other, *ca, *rsa, *early, *late, *first;
	EVP_PKEY *rsa_key, *small_key;
};
extern struct aws_made made;
void aws_stage_make(void);	/* the certificates: once */

struct stage {
	struct play play;
	const struct line *script;
	GPtrArray *asked;	/* bodies, as sent */
	struct bundle *bundle;
	struct access *access;
};

void set_the_scene(struct stage *s, enum verb_id verb, const char *type, const char *address,
		   const struct line *script);
void hand(struct stage *s, GBytes *leaf, EVP_PKEY *key, bool with_chain);
void strike(struct stage *s);
struct x509_key *key_of(EVP_PKEY *key);		/* NULL: the run's own */
struct reply *stage_answer(struct play *p, const struct request_out *request);
/* It is done, all was asked, and the sentence has that part. */
void run_well(struct stage *s, const char *said);
/* It fails with that code, and each part of its sentence is there, up to NULL. */
void run_badly(struct stage *s, enum err code, ...) G_GNUC_NULL_TERMINATED;
void check_placed(struct stage *s, const char *alias);

#endif
