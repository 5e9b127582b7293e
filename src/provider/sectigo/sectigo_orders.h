/*
 * sectigo_orders: what the files share that order, and that go on with an order.
 */
#ifndef CERTTY_PROVIDER_SECTIGO_ORDERS_H
#define CERTTY_PROVIDER_SECTIGO_ORDERS_H

#include "sectigo_certs.h"

/* The row that the operation is about: an enrolment's, or the request itself. */
const struct request *sectigo_order_about(const struct op *op);
/* Puts it, and tells an enrolment how it stands; takes it. */
void sectigo_order_put(struct op *op, struct request *r);

/* ---- sectigo_settle.c ---- */

/* What became of an order whose answer was lost: it is looked for by its request; nothing is sent again. */
struct next sectigo_settle(struct op *op);
/* Whether that nothing is seen of it says nothing yet; its row then says so. */
bool sectigo_settle_waits(const struct op *op, struct request *r);

/* ---- sectigo_enrol.c ---- */

extern const struct field sectigo_order_questions[], sectigo_enrol_questions[];
extern const struct issuer sectigo_issuer;
/* The digest of a request's DER, as Sectigo keeps it.  New. */
char *sectigo_enrol_digest(const char *pem);
step_fn sectigo_order;
plan_fn sectigo_planned_order;

/* ---- sectigo_ordered.c ---- */

/* What an order was answered with; `about` is its row, as it was written down. */
struct next sectigo_ordered(struct op *op, const struct reply *r, const char *what,
			    const struct request *about);
void sectigo_ordered_number(struct op *op, const struct request *about, const char *number);
/* The same of one that has its number, and whose answer has nothing in it. */
struct next sectigo_ordered_again(struct op *op, const struct reply *r, const char *what,
				  const struct request *about);

/* ---- sectigo_again.c: renewed, replaced, deleted; sectigo_edit.c ---- */

step_fn sectigo_renew, sectigo_reissue, sectigo_remove, sectigo_request_edit;
plan_fn sectigo_planned_renew, sectigo_planned_reissue, sectigo_planned_remove, sectigo_planned_request_edit;
find_renewable_fn sectigo_find_renewable;

#endif
