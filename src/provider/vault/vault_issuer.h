/*
 * vault_issuer: the issuers of a pki, and what they have signed for others to read.
 */
#ifndef CERTTY_PROVIDER_VAULT_ISSUER_H
#define CERTTY_PROVIDER_VAULT_ISSUER_H

#include "vault_own.h"

#define VAULT_ISSUER_TYPE "issuer"	/* of objects */

/* Puts those of op->store, as far as they may be read, then goes on there. */
struct next vault_issuer_read(struct op *op, step_fn *then);

extern const struct field vault_issuer_questions[];	/* of VERB_OBJECT_SAVE */
step_fn vault_issuer_save;
plan_fn vault_issuer_planned_save;

#endif
