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

/* ---- sectigo_enrol.c ---- */

extern const struct field sectigo_order_questions[], sectigo_enrol_questions[];
extern const struct issuer sectigo_issuer;
step_fn sectigo_order;
plan_fn sectigo_planned_order;

#endif
