/*
 * cps_withdraw: a change is cancelled.
 *
 * With the first change of an enrollment CPS drops the enrollment itself; and a request that is out to be
 * signed is lost with its key, so that nothing issued for it can be brought in any more.
 */
#include "cps_change.h"

#include <string.h>

#include <certty/model/store.h>

static step_fn cancelled, looked;

struct next cps_withdraw(struct op *op, const struct reply *none)
{
	GError *error = NULL;
	g_autoptr(cps_change) c = cps_request_begin(op, &error);
	g_autofree char *path = c ? cps_change_path(c, NULL) : NULL;

	(void)none;
	if (!c)
		return next_fail_error(op, error);
	return next_send(cps_call_send(op, "DELETE", "change-id.v1", path, NULL, NULL), cancelled);
}

static struct next cancelled(struct op *op, const struct reply *r)
{
	GError *error = NULL;

	if (!cps_call_is_gone(r) && !akamai_ask_is_good(r, "cancelling the change", op->now, &error))
		return next_fail_error(op, error);
	return cps_request_look(op, looked);
}

static struct next looked(struct op *op, const struct reply *none)
{
	struct cps_change *c = cps_looked(op)->pdata[0];
	struct request *r;

	(void)none;
	if (c->trouble)
		return next_fail(op, ERR_REPLY, "whether it is cancelled is not known; sync tells: %s",
				 c->trouble);
	r = cps_row(op, c, op->request);
	op_say(op, "%s: %s%s%s", r->title, request_state_word(r->state), *r->reason ? "; " : "", r->reason);
	op_put_request(op, r);
	op_touch(op, op->store->id);
	return next_done();
}
