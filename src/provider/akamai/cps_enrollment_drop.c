/*
 * cps_enrollment_drop: an enrollment is removed, with all that CPS keeps of it.
 *
 * What stands in its way is looked at just before: a change that is under way would be cancelled with it,
 * and sites would lose the certificate that Production serves; neither is done from here.  One that was
 * never deployed is gone at once, another one by a change, which is followed as such.
 */
#include "cps_enrollment.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/store.h>

#define READING	    "reading the enrollment (GET /cps/v2/enrollments/ID)"
#define DEPLOYMENTS "reading what is deployed of it (GET /cps/v2/enrollments/ID/deployments)"
#define REMOVING    "removing the enrollment (DELETE /cps/v2/enrollments/ID)"

static step_fn read_one, read_deployed, removed;

static struct next gone(struct op *op, const char *said)
{
	op_drop_object(op, op->object->id);
	cps_enrollment_touch(op);
	op_say(op, "%s: enrollment %s %s", op->object->name, object_key(op->object), said);
	return next_done();
}

struct next cps_enrollment_drop(struct op *op, const struct reply *none)
{
	g_autofree char *path = cps_enrollment_path(op, NULL);

	(void)none;
	return next_send(cps_call_get(op, "enrollment.v11", path), read_one);
}

static struct next read_one(struct op *op, const struct reply *r)
{
	g_autofree char *path = cps_enrollment_path(op, "/deployments"), *kind = NULL, *id = NULL;
	g_autoptr(json) j = NULL;
	const struct json *pending;
	GError *error = NULL;

	if (cps_call_is_gone(r))
		return gone(op, "is not there any more");
	j = cps_call_json(op, r, READING, &error);
	if (!j)
		return next_fail_error(op, error);
	pending = cps_enrollment_pending(j);
	kind = cps_text(pending, "changeType");
	id = cps_id_of_location(json_str(pending, "location"));
	if (pending)
		return next_fail(op, ERR_REFUSED, "%s (enrollment id %s): %s (change id %s) is under way, and "
				 "would be lost with it; nothing was removed: let it end, or withdraw it first",
				 op->object->name, object_key(op->object), *kind ? kind : "a change", id);
	return next_send(cps_call_get(op, "deployments.v7", path), read_deployed);
}

/* The one of Production that is valid the longest, or NULL. */
static const struct cps_one *served(const struct cps_deployed *d, int64_t now)
{
	const GPtrArray *certs = d->on[CPS_ON_PRODUCTION].certs;
	const struct cps_one *longest = NULL;

	for (guint i = 0; i < certs->len; i++) {
		const struct cps_one *o = certs->pdata[i];

		if (o->not_after > now && (!longest || o->not_after > longest->not_after))
			longest = o;
	}
	return longest;
}

static struct next read_deployed(struct op *op, const struct reply *r)
{
	g_autoptr(cps_deployed) d = cps_deployed_new(object_key(op->object));
	g_autofree char *path = cps_enrollment_path(op, NULL), *said = NULL;
	const struct cps_one *live;
	GError *error = NULL;
	g_autoptr(json) j = cps_call_json(op, r, DEPLOYMENTS, &error);

	if (!j)
		return next_fail_error(op, error);
	if (!cps_deployed_take(d, j))
		return next_fail(op, ERR_REPLY, DEPLOYMENTS ": the answer does not tell of both networks; "
				 "nothing was removed");
	live = served(d, op->now);
	said = live ? cps_one_say(live) : NULL;
	if (live)
		return next_fail(op, ERR_REFUSED, "%s (enrollment id %s) is deployed in Production (%s), and "
				 "what uses it there would lose it; nothing was removed: move its sites to "
				 "another certificate and remove it in Control Center, or once it has ended",
				 op->object->name, object_key(op->object), said);
	return next_send(cps_call_send(op, "DELETE", "enrollment-status.v1", path, NULL, NULL), removed);
}

static struct next removed(struct op *op, const struct reply *r)
{
	GError *error = NULL;

	if (cps_call_is_gone(r))
		return gone(op, "is not there any more");
	if (!akamai_ask_is_good(r, REMOVING, op->now, &error)) {
		if (akamai_ask_is_lost(r))
			g_prefix_error(&error, "whether %s is removed is not known; refresh tells: ",
				       op->object->name);
		return next_fail_error(op, error);
	}
	if (r->status != 202)
		return gone(op, "is removed");
	cps_enrollment_touch(op);
	op_say(op, "%s: enrollment %s is being removed, by a change that waits among the requests if it needs "
	       "somebody", op->object->name, object_key(op->object));
	return next_done();
}

bool cps_enrollment_planned_drop(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *path = cps_enrollment_path(op, NULL), *more = cps_enrollment_path(op, "/deployments");

	(void)error;
	cps_planned_call(op, p, PLAN_ASKS, "GET", path, "whether a change of it is under way");
	cps_planned_call(op, p, PLAN_ASKS, "GET", more, "whether Production serves it");
	cps_planned_call(op, p, PLAN_CHANGES, "DELETE", path, op->object->name);
	plan_warn(p, "with enrollment id %s go its settings, its contacts, its histories, and keys that Akamai "
		  "has made for it: none of it comes back", object_key(op->object));
	if (!strcmp(op->object->state, CPS_STAGED))
		plan_warn(p, "Staging serves its certificate, and loses it");
	plan_not(p, "nothing is removed while a change of it is under way, or while Production serves a "
		 "certificate of it that has not ended");
	cps_planned_run(op, p, "DELETE", path, "enrollment-status.v1", NULL, NULL);
	return true;
}
