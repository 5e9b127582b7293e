/*
 * pca_enrol: a private authority as the issuer of certificates whose keys are made elsewhere.
 *
 * It is an order like any other of the authority, with a row of its own, whose token is the one that
 * was written down before: a row with that token is that order, and is asked about or sent again as
 * such.
 */
#include "acm_request.h"
#include "aws_planned.h"

#include <string.h>

static const struct request *find_row(const struct op *op)
{
	for (size_t i = 0; op->requests && i < op->requests->n; i++) {
		const struct request *r = op->requests->item[i];
		g_autoptr(acm_kept) k = NULL;

		if (strcmp(r->store, op->store->id) != 0)
			continue;
		k = acm_kept_read(r->kept);
		if (!strcmp(k->token, op->enrol->token))
			return r;
	}
	return NULL;
}

/* What was issued can be fetched as often as one likes. */
static struct next go_on(struct op *op, const struct request *r)
{
	struct acm_watch *w = acm_watch_get(op);

	w->row = request_dup(r);
	acm_kept_free(w->kept);
	w->kept = acm_kept_read(r->kept);
	op_stands(op, r->state, r->theirs, r->reason, r->id);
	if (r->state == REQUEST_ISSUED && *w->kept->alias)
		return pca_order_fetch(op, NULL);
	return request_is_waiting(r) ? acm_sync(op, NULL) : next_done();
}

static struct next ask(struct op *op, const struct reply *none)
{
	const struct request *r = find_row(op);
	g_autofree char *pem = NULL;

	(void)none;
	if (strcmp(op->store->type, AWS_STORE_CA) != 0)
		return next_fail(op, ERR_REFUSED, "%s issues no certificates for requests: a "
				 "private authority does", op->store->title);
	if (r)
		return go_on(op, r);
	pem = x509_csr_pem(op->enrol->csr);
	return pem ? pca_order_csr(op, pem, op->enrol->names) :
		     next_fail(op, ERR_FORMAT, "the certificate request cannot be read");
}

const struct issuer pca_enrol_issuer = {
	.ask = ask,
	.plan = aws_planned_enrol,
};
