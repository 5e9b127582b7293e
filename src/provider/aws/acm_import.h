/*
 * acm_import: what the files of importing into ACM share.
 */
#ifndef CERTTY_PROVIDER_AWS_ACM_IMPORT_H
#define CERTTY_PROVIDER_AWS_ACM_IMPORT_H

#include "aws_cert.h"

#define ACM_IMPORT_TAG "certty:id"

enum acm_import_mode {
	ACM_IMPORT_CAREFUL,	/* where there is one of the same names, nothing is done */
	ACM_IMPORT_SAME,	/* its place is taken */
	ACM_IMPORT_NEW,		/* nobody looks */
};

/* One that may be the same. */
struct acm_found {
	char *alias;
	struct acm_cert *cert;	/* NULL: gone by now */
	bool is_exact;		/* its bytes are those that we have */
	bool is_tagged;		/* with our ACM_IMPORT_TAG */
	bool has_no_bytes;	/* this user may not read them */
};

struct acm_import {
	enum acm_import_mode mode;
	char *what;		/* "importing into eu-west-1" */
	char *place;		/* the alias whose place is taken; NULL: it becomes a new one */
	bool is_chosen;		/* a person named it */
	char *title;		/* a tag for people; or NULL */
	char *id;		/* in ACM_IMPORT_TAG of a new one */
	GError *lost;		/* why nobody knows whether the import was done */
	guint waits;
	/* acm_find.c */
	GPtrArray *found;	/* struct acm_found */
	char *token;		/* of the next page */
	bool own_key_only;	/* the region does not know all kinds of keys */
	GError *error;
	step_fn *then;
};

struct acm_import *acm_import_state(struct op *op);

/* ---- acm_find.c ---- */

/* Fills `found`, or `error`, and takes the step: with `place` from that alone, else from all that
 * have the same names; once something was sent, with tags instead of descriptions. */
struct next acm_find(struct op *op, step_fn *then);
void acm_find_done(struct acm_import *m);

#endif
