/*
 * keyfactor-stage: plays one operation at Keyfactor Command with a transcript: what must be asked, in
 * this order, and what Command answers, or that the connection breaks.
 */
#ifndef CERTTY_TESTS_PROVIDER_KEYFACTOR_STAGE_H
#define CERTTY_TESTS_PROVIDER_KEYFACTOR_STAGE_H

#include "play.h"

#include "../model/make.h"

#define ID "kf/command"
#define END { NULL }

struct kf_line {		/* of a transcript, which ends with call NULL */
	const char *call;	/* "GET /Certificates": what must be asked, as far as it says */
	const char *part;	/* of the query, unescaped, or of the body, that must be there; or NULL */
	int status;		/* 0: the connection breaks */
	const char *answer;	/* with $LEAF, $OTHER for DER in base64; $PEM, $OTHERPEM, $CAPEM for the
				 * PEM in JSON; $FILE, $FILES for a download of the leaf, alone or with
				 * its issuer; $PRINT for the leaf's SHA-1 */
	const char *total;	/* x-total-count; or NULL */
};

struct kf_stage {
	struct play play;
	const struct kf_line *script;
	GPtrArray *asked;	/* "POST /Enrollment/CSR BODY" */
	GBytes *leaf, *other, *ca;
	const char *type;	/* of the answers' content; NULL: JSON */
};

void kf_stage_set(struct kf_stage *s, enum verb_id verb, const struct kf_line *script);
void kf_stage_strike(struct kf_stage *s);
/* It is done, all was asked, and the sentence has that part. */
void kf_stage_well(struct kf_stage *s, const char *said);
/* It fails with that code, and each part of its sentence is there, up to NULL. */
void kf_stage_badly(struct kf_stage *s, enum err code, ...) G_GNUC_NULL_TERMINATED;
const struct request *kf_stage_put(const struct kf_stage *s, const char *id);	/* as it was put last */
char *kf_stage_sha256(GBytes *der);

#endif
