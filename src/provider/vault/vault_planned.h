/*
 * vault_planned: how calls of the server, and the same by the bao command, are said in a plan.
 */
#ifndef CERTTY_PROVIDER_VAULT_PLANNED_H
#define CERTTY_PROVIDER_VAULT_PLANNED_H

#include "vault_own.h"

#define VAULT_PLANNED_DELETES (1u << 8)		/* beside PLAN_… */

/* A path below the mount of op->store. */
void vault_planned_call(const struct op *op, struct plan *p, unsigned how, const char *rest,
			const char *what);
/* "bao write" and the like on it; the token comes from where the command always has it. */
void vault_planned_run(const struct op *op, struct plan *p, const char *command, const char *rest);
void vault_planned_word(struct plan *p, const char *key, const char *value);	/* "key=value" */

#endif
