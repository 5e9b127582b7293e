/*
 * vault-stage: a Vault server that answers as a test wrote it down, for verbs on its mounts.
 */
#ifndef CERTTY_TESTS_PROVIDER_VAULT_STAGE_H
#define CERTTY_TESTS_PROVIDER_VAULT_STAGE_H

#include "play.h"

#include <openssl/evp.h>

struct vault_answer {
	const char *target;	/* "GET pki/certs?list=true"; "GET pki/cert/" and a star: all of them */
	int status;		/* 0: no answer comes */
	const char *body;	/* $LEAF, $CA, $OTHER, $KEY: PEM as JSON has it; CRLs: $CRL of the CA,
				 * $LATE out of date, $STRANGE of another */
};

struct vault_stage {
	struct play play;
	const struct vault_answer *script;	/* ends with target NULL; each may be asked often */
	GPtrArray *asked;	/* char *: targets, in their order */
	GPtrArray *bodies;	/* char *: "" for none */
};

extern struct vault_made {
	GBytes *ca, *leaf, *other;
	EVP_PKEY *key;		/* the leaf's */
} vault_made;

void vault_stage_make(void);	/* once for each program */
void vault_stage_made_done(void);
char *vault_stage_key(void);	/* of the leaf, PEM; new */
#define VAULT_EMPTY "{\"errors\":[]}"
#define VAULT_DENIED "{\"errors\":[\"1 error occurred:\\n\\t* permission denied\\n\\n\"]}"
#define VAULT_HEALTH "GET sys/health?standbyok=true&perfstandbyok=true&activecode=200" \
	"&standbycode=200&performancestandbycode=200&drsecondarycode=200&sealedcode=200" \
	"&uninitcode=200"

/* A verb on the store "v/TYPE:MOUNT", or on the account when type is NULL. */
void vault_stage_init(struct vault_stage *s, enum verb_id verb, const char *type, const char *mount,
		      const struct vault_answer *script);
void vault_stage_done(struct vault_stage *s);
guint vault_stage_count(const struct vault_stage *s, const char *target);
/* The body of the last request to it; NULL: there was none. */
const char *vault_stage_body(const struct vault_stage *s, const char *target);

#endif
