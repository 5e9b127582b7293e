/*
 * aws_planned: what the files share that say what a verb would do in AWS: the calls by name, where
 * they go, and the same as commands of the aws tool.
 */
#ifndef CERTTY_PROVIDER_AWS_PLANNED_H
#define CERTTY_PROVIDER_AWS_PLANNED_H

#include "acm.h"

/* A call of a service, in the region of op->store where it has regions. */
void aws_planned_call(const struct op *op, struct plan *p, unsigned how, enum aws_service service,
		      const char *operation, const char *what);
/* Begins "aws SERVICE COMMAND", with region, endpoint and profile as the account has them. */
void aws_planned_run(const struct op *op, struct plan *p, enum aws_service service,
		     const char *command);
/* What the last refresh knew of that alias of op->store; NULL: nothing. */
struct acm_cert *aws_planned_known(const struct op *op, const char *alias);
bool aws_planned_refuse(const struct op *op, GError **error);	/* no place for this verb */

/* ---- aws_planned_cert.c, aws_planned_order.c ---- */

plan_fn aws_planned_import, aws_planned_remove, aws_planned_export, aws_planned_hand,
	aws_planned_renew, aws_planned_revoke, aws_planned_tag;
plan_fn aws_planned_order, aws_planned_enrol, aws_planned_resend, aws_planned_withdraw, aws_planned_publish;

#endif
