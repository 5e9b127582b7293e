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
char *sectigo_acme_body_made(const struct op *op, const char *organization);	/* what is sent; new */

/* ---- sectigo_acme_key.c ---- */

enum sectigo_key {
	SECTIGO_KEY_NEW,	/* there must be no such file yet */
	SECTIGO_KEY_SAME,	/* or it must say the same */
	SECTIGO_KEY_LOOK,	/* likewise, and nothing is written */
};

/* From what is told of an account into a file: work->out is not NULL where it was, or would be, written. */
struct work *sectigo_acme_key_work(const struct reply *r, const char *to, enum sectigo_key how, GError **error);

#endif
