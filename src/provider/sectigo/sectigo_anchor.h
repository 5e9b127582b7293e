/*
 * sectigo_anchor: the validations of organizations, as rows, and as what stands in the way of an order.
 */
#ifndef CERTTY_PROVIDER_SECTIGO_ANCHOR_H
#define CERTTY_PROVIDER_SECTIGO_ANCHOR_H

#include "own.h"

#define SECTIGO_ANCHOR "anchor"		/* type of objects */

extern const struct field sectigo_anchor_questions[];

/* Puts those of all organizations that this administrator may see, then goes on there. */
struct next sectigo_anchor_read(struct op *op, step_fn *then);

/* Those of an organization are asked for; and why none of them is good enough for that level ("OV", "EV"), in
 * words for a person.  NULL: nothing is known against it. */
struct request_out *sectigo_anchor_ask(struct op *op, const char *organization);
char *sectigo_anchor_blocks(struct op *op, const struct reply *r, const char *organization,
			    const char *level);

step_fn sectigo_anchor_edit;
plan_fn sectigo_anchor_planned_edit;

#endif
