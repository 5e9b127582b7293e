/*
 * keyfactor_issuer: Command as the issuer of certificates whose keys are made elsewhere.
 *
 * It is an order like any other, with a row of its own, found by the token of the enrolment; its number
 * changes as Command gives it one.  What waits for somebody in Command is asked about as by a sync; what
 * was issued is in the row, whoever was told of it first.
 */
#include "keyfactor_certs.h"

#include <string.h>

#include <certty/model/x509.h>

static const struct request *find_row(const struct op *op)
{
	for (size_t i = 0; op->requests && i < op->requests->n; i++) {
		const struct request *r = op->requests->item[i];
		g_autoptr(keyfactor_kept) k = NULL;

		if (strcmp(r->store, op->store->id) != 0)
			continue;
		k = keyfactor_kept_read(r->kept);
		if (!strcmp(k->token, op->enrol->token))
			return r;
	}
	return NULL;
}

static struct next hand_on(struct op *op, const struct keyfactor_kept *k)
{
	g_autoptr(GPtrArray) certs = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	GError *error = NULL;
	struct bundle *b;

	keyfactor_call_scan(certs, k->chain, strlen(k->chain));
	if (!certs->len)
		return next_fail(op, ERR_FORMAT, "the order's row does not have the certificate");
	b = bundle_new(certs->pdata[0], (GBytes *const *)certs->pdata + 1, certs->len - 1, NULL, &error);
	if (!b)
		return next_fail_error(op, error);
	op_hand(op, b);
	return next_done();
}

static struct next go_on(struct op *op, const struct request *r)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(r->kept);

	((struct keyfactor *)op->scratch)->about = request_dup((struct request *)(uintptr_t)r);
	op_stands(op, r->state, r->theirs, r->reason, r->id);
	if (*k->chain)
		return hand_on(op, k);
	return request_is_waiting(r) ? keyfactor_sync(op, NULL) : next_done();
}

static struct next ask(struct op *op, const struct reply *none)
{
	const struct request *r = find_row(op);
	char *pem;

	(void)none;
	if (strcmp(op->store->type, KEYFACTOR_STORE))
		return next_fail(op, ERR_REFUSED, "%s issues no certificates for requests", op->store->title);
	if (r)
		return go_on(op, r);
	if (op->enrol->about && *op->enrol->about) {
		op_stands(op, REQUEST_GONE, "Dismissed", "its order was dismissed", op->enrol->about);
		return next_done();
	}
	pem = x509_csr_pem(op->enrol->csr);
	return pem ? keyfactor_order_csr(op, pem, op->enrol->names) :
		     next_fail(op, ERR_FORMAT, "the certificate request cannot be read");
}

/* What Command has been asked for only Command's own people can take back. */
static struct next take_back(struct op *op, const struct reply *none)
{
	const struct request *r = find_row(op);

	(void)none;
	if (!r || (!request_is_waiting(r) && r->state != REQUEST_ISSUED))
		return next_done();
	return next_fail(op, ERR_REFUSED, "Command has been asked for it: deny it there, or revoke what comes "
			 "of it; %s says how it stands", r->title);
}

const struct issuer keyfactor_issuer = {
	.ask = ask,
	.take_back = take_back,
	.plan = keyfactor_planned_enrol,
};
