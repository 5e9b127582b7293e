/*
 * keyfactor_restart: a workflow that failed, or that hangs at a step which waits for nobody, is begun anew.
 *
 * Command may go on with it as another one, and calls the old one cancelled: an order of ours is then
 * followed by the number of its request.
 */
#include "keyfactor_certs.h"

#include <string.h>

#define READING	   "reading it again"
#define RESTARTING "restarting it (POST /Workflow/Instances/ID/Restart)"

static step_fn read_again, restarted, seen;

static struct next ask(struct op *op, step_fn *then)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(op->request->kept);
	g_autofree char *path = keyfactor_row_path(k);

	return next_send(keyfactor_call_get(op, path, NULL), then);
}

char *keyfactor_restart_path(const struct op *op, GError **error)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(op->request->kept);

	if (op->store && !strcmp(k->sort, KEYFACTOR_WORKFLOW))
		return g_strconcat("/Workflow/Instances/", k->instance, "/Restart", NULL);
	g_set_error(error, ERR, ERR_REFUSED, "%s is no workflow of Command's: only these are restarted",
		    op->request->title);
	return NULL;
}

struct next keyfactor_restart(struct op *op, const struct reply *none)
{
	struct keyfactor *k = op->scratch;
	GError *error = NULL;
	g_autofree char *path = keyfactor_restart_path(op, &error);

	(void)none;
	if (!path)
		return next_fail_error(op, error);
	k->at = g_strdup(args_get(op->access->with, "at"));
	return ask(op, read_again);
}

/* Whoever looked at a failure may find it done meanwhile. */
static struct next read_again(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '{', READING, &error);
	struct request *now = j ? keyfactor_row_ended(op, j, op->request) : NULL;
	g_autofree char *path = keyfactor_restart_path(op, NULL);

	if (!j)
		return next_fail_error(op, error);
	if (now && now->state != REQUEST_FAILED) {
		op_put_request(op, now);
		return next_fail(op, ERR_REFUSED, "%s did not fail: Command says %s", now->title, now->theirs);
	}
	request_unref(now);
	return next_send(keyfactor_call_post(op, path, ""), restarted);
}

static struct next restarted(struct op *op, const struct reply *r)
{
	GError *error;

	if (!r->error && (r->status == 200 || r->status == 204))
		return ask(op, seen);
	error = keyfactor_error(op, r, RESTARTING);
	if (keyfactor_answer_is_lost(r))
		g_prefix_error(&error, "whether %s is restarted is not known; sync tells: ",
			       op->request->title);
	return next_fail_error(op, error);
}

/* What comes of an order of ours is known by the number of its request. */
static struct request *followed(const struct op *op, const struct keyfactor_kept *k)
{
	g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, k->id);
	g_autofree char *id = keyfactor_row_id(op->store, KEYFACTOR_REQUEST, number);
	g_autoptr(keyfactor_kept) now = keyfactor_kept_read(op->request->kept);
	struct request *r = request_dup(op->request);

	store_set(&now->sort, KEYFACTOR_REQUEST);
	store_set(&now->instance, "");
	store_set(&r->id, id);
	r->state = REQUEST_WAITS_CA;
	r->ended = 0;
	store_set(&r->theirs, "Restarted");
	store_set(&r->reason, "");
	store_set(&r->can, "sync");
	keyfactor_row_set_kept(r, now);
	return r;
}

static struct request *row_now(struct op *op, const struct json *j)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(op->request->kept);
	struct request *now = j ? keyfactor_row_ended(op, j, op->request) : NULL;

	if (now && now->state == REQUEST_GONE && k->sent && k->id > 0) {
		request_unref(now);
		op_drop_request(op, op->request->id);
		return followed(op, k);
	}
	if (!now && j)
		now = keyfactor_row_read(op, j, KEYFACTOR_WORKFLOW, op->request, NULL);
	if (now)
		return now;
	now = request_dup(op->request);
	now->state = REQUEST_WAITS_PROVIDER;
	now->ended = 0;
	store_set(&now->theirs, "Restarted");
	store_set(&now->reason, "");
	store_set(&now->can, "sync");
	return now;
}

static struct next seen(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = keyfactor_call_json(op, r, '{', READING, NULL);
	struct request *now = row_now(op, j);

	op_say(op, "%s is restarted: %s", now->title, now->theirs);
	op_put_request(op, now);
	op_touch(op, op->store->id);
	return next_done();
}
