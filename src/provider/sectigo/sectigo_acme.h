/*
 * sectigo_acme: what the files about ACME at Sectigo share: its servers, and accounts with the names that
 * each may have certificates for.
 *
 * The lists tell the key of every account that a client is bound with: it is read past, is in no row, and
 * goes into a file only when somebody asks for it.
 */
#ifndef CERTTY_PROVIDER_SECTIGO_ACME_H
#define CERTTY_PROVIDER_SECTIGO_ACME_H

#include "own.h"

#define SECTIGO_ACME_SERVER  "acme-server"	/* types of objects */
#define SECTIGO_ACME_ACCOUNT "acme-account"

extern const struct field sectigo_acme_questions[];

/* Puts all of them that this administrator may see, then goes on there. */
struct next sectigo_acme_read(struct op *op, step_fn *then);

step_fn sectigo_acme_add, sectigo_acme_edit, sectigo_acme_drop;
plan_fn sectigo_acme_planned_add, sectigo_acme_planned_edit, sectigo_acme_planned_drop;

#endif
