/*
 * azure-stage: plays one operation at Azure with a transcript: what must be asked, in this order, and what
 * is answered, or that the connection breaks.
 */
#ifndef CERTTY_TESTS_PROVIDER_AZURE_STAGE_H
#define CERTTY_TESTS_PROVIDER_AZURE_STAGE_H

#include "play.h"

#include "../model/make.h"

#define AZ_STORE "az/vault:kv-demo-1"
#define AZ_SUB	 "cccccccc-0000-4000-8000-000000000003"
#define AZ_ID	 "/subscriptions/" AZ_SUB "/resourceGroups/rg-demo/providers/Microsoft.KeyVault/vaults/" \
		 "kv-demo-1"
#define AZ_VAULT "https://kv-demo-1.vault.azure.net"
#define AZ_ARM	 "https://management.azure.com"
#define END { NULL }

struct az_line {		/* of a transcript, which ends with call NULL */
	const char *call;	/* "GET https://…": what must be asked, as far as it says */
	const char *part;	/* of the query, unescaped, or of the body, that must be there; or NULL */
	int status;		/* 0: there is no such host */
	const char *answer;	/* with $LEAF, $OTHER for DER in base64, $X5T, $OTHERX5T for their SHA-1, and
				 * $CSR for a request of www.example.org */
	const char *header, *value;	/* of the answer; or NULL */
};

struct az_stage {
	struct play play;
	const struct az_line *script;
	GPtrArray *asked;	/* "POST https://… BODY" */
	GBytes *leaf, *other, *csr;
};

void az_stage_set(struct az_stage *s, enum verb_id verb, const struct az_line *script);
void az_stage_again(struct az_stage *s, const struct az_line *script);
void az_stage_strike(struct az_stage *s);
void az_stage_answer(struct az_stage *s, const char *key, const char *value);	/* of the account */
/* It is done, all was asked, and the sentence has that part. */
void az_stage_well(struct az_stage *s, const char *said);
/* It fails with that code, and each part of its sentence is there, up to NULL. */
void az_stage_badly(struct az_stage *s, enum err code, ...) G_GNUC_NULL_TERMINATED;
const struct request *az_stage_put(const struct az_stage *s, const char *id);	/* as it was put last */

#endif
