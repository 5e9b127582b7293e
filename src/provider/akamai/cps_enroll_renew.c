/*
 * cps_enroll_renew: a new key and certificate for an enrollment, with all else as it is.
 *
 * The change that this starts is a request once Production is read, and goes on there: for a third-party
 * enrollment with its CSR.  What is under way already is left alone, since a second change would cancel the
 * first, and with it a key that somebody may be certifying.
 */
#include "cps_enroll.h"

#include <string.h>

#include "cps.h"

#define READING	 "reading the enrollment"
#define STARTING "starting the renewal"

static step_fn heard_old, heard_started;

/* The number of the enrollment out of "10002/RSA"; new. */
static char *enrollment_of(const struct op *op)
{
	return g_strndup(op->cert.alias, strcspn(op->cert.alias, "/"));
}

static char *path_of(const struct op *op, const char *query)
{
	g_autofree char *id = enrollment_of(op);

	return g_strconcat("/enrollments/", id, query, NULL);
}

struct next cps_enroll_renew(struct op *op, const struct reply *none)
{
	g_autofree char *path = path_of(op, NULL);

	(void)none;
	return next_send(cps_call_get(op, "enrollment.v11", path), heard_old);
}

static struct next heard_old(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = cps_call_json(op, r, READING, &error);
	const struct json *pending = json_get(j, "pendingChanges");
	g_autofree char *id = enrollment_of(op), *path = NULL, *body = NULL, *change = NULL;

	if (!j)
		return next_fail_error(op, error);
	if (json_count(pending)) {
		change = cps_id_of_location(json_str(json_at(pending, json_count(pending) - 1), "location"));
		return next_fail(op, ERR_EXISTS, "change %s of enrollment %s is under way already: go on with "
				 "it, or cancel it (withdraw), which loses its key", change, id);
	}
	body = cps_enroll_body_again(j, id, &error);
	if (!body)
		return next_fail_error(op, error);
	path = path_of(op, "?force-renewal=true");
	return next_send(cps_call_send(op, "PUT", "enrollment-status.v1", path, "enrollment.v11", body),
			 heard_started);
}

static struct next heard_started(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = cps_call_json(op, r, STARTING, &error);
	const struct json *changes = json_get(j, "changes");
	g_autofree char *id = enrollment_of(op), *change = NULL;

	if (!j)
		return next_fail_error(op, error);
	change = cps_id_of_location(json_text(json_at(changes, 0)));
	if (!*change)
		return next_fail(op, ERR_REPLY, "CPS took it and started no change: nothing is under way");
	op_touch(op, op->store->id);
	op_say(op, "change %s of enrollment %s makes a new key; it is a request once Production is read",
	       change, id);
	return next_done();
}

bool cps_enroll_planned_renew(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *base = akamai_ask_base(args_text(op->account->answers, AKAMAI_HOST, "HOST"));
	g_autofree char *path = path_of(op, NULL), *url = g_strconcat(base, "/cps/v2", path, NULL);
	g_autofree char *put = g_strconcat(url, "?force-renewal=true", NULL);

	(void)error;
	plan_call(p, PLAN_ASKS, "GET", url, "the enrollment, and whether a change is under way");
	plan_call(p, PLAN_CHANGES, "PUT", put, "the enrollment as it is, which gets a new key");
	plan_not(p, "no change that is under way is cancelled");
	plan_not(p, "the certificate that is deployed stays until its successor is");
	return true;
}
