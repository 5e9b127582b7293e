/*
 * acm_withdraw: a request that shall not become a certificate any more is deleted in AWS.
 *
 * It may have become one since it was looked at, and that one is not deleted by this.
 */
#include "acm_request.h"

#include <string.h>

#define LOOKING	 "asking ACM how the request stands"
#define DELETING "deleting the request"

static step_fn described, deleted;

struct next acm_withdraw(struct op *op, const struct reply *none)
{
	struct acm_watch *w = acm_watch_get(op);

	(void)none;
	if (!w->row || !op->store)
		return next_fail(op, ERR_NOT_FOUND, "the request's store is not known any more");
	if (strcmp(op->store->type, AWS_STORE_ACM) != 0)
		return next_fail(op, ERR_USAGE, "a private CA takes no request back: revoke what it "
				 "has issued");
	if (!strcmp(w->row->type, "renewal"))
		return next_fail(op, ERR_USAGE, "%s: a renewal cannot be withdrawn, for its "
				 "certificate is the one in use; remove deletes that", w->row->title);
	if (!*w->kept->alias)
		return next_fail(op, ERR_PENDING, "%s: AWS has not answered this order: sync asks "
				 "again", w->row->title);
	return acm_fetch_ask(op, "DescribeCertificate", w->kept->alias, described);
}

static struct next gone(struct op *op, const char *said)
{
	struct acm_watch *w = acm_watch_get(op);
	struct request *row = request_dup(w->row);

	row->ended = 0;
	request_end(row, REQUEST_GONE, "Withdrawn", "", op->now);
	op_say(op, "%s: %s", row->title, said);
	op_put_request(op, row);
	op_touch(op, op->store->id);
	return next_done();
}

static struct next described(struct op *op, const struct reply *r)
{
	struct acm_watch *w = acm_watch_get(op);
	GError *error = NULL;

	if (acm_fetch_is(r, "ResourceNotFound"))
		return gone(op, "it was not in AWS any more");
	w->cert = acm_fetch_read(op, r, LOOKING, &error);
	if (!w->cert)
		return next_fail_error(op, error);
	if (acm_cert_is_row(w->cert))
		return next_fail(op, ERR_REFUSED, "%s is a certificate by now (%s): sync fetches it, "
				 "remove deletes it", w->row->title, w->cert->status);
	return acm_fetch_ask(op, "DeleteCertificate", w->kept->alias, deleted);
}

static struct next deleted(struct op *op, const struct reply *r)
{
	GError *error = NULL;

	if (acm_fetch_is(r, "ResourceNotFound"))
		return gone(op, "it was not in AWS any more");
	if (!acm_fetch_check(r, DELETING, "acm:DeleteCertificate", &error))
		return next_fail_error(op, error);
	return gone(op, "withdrawn; its DNS records stay, since other certificates of the same names "
			"need them");
}
