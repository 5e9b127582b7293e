/*
 * keyfactor_job: what an agent was asked to do, as a row that waits until it is done.
 *
 * An agent fetches its jobs when it likes, and there is no run of one in the history before that.  What
 * went well stays until an inventory shows it, since nothing else tells that it is there.
 */
#include "keyfactor_places.h"

#include <string.h>

#define ASKING "asking for the job (GET /OrchestratorJobs/JobHistory)"

static step_fn heard;

bool keyfactor_job_is(const struct request *r)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(r->kept);

	return !strcmp(k->sort, KEYFACTOR_JOB);
}

char *keyfactor_job_alias(const struct request *r)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(r->kept);

	for (guint i = 0; i + 1 < k->review->len; i += 2)
		if (!strcmp(k->review->pdata[i], "Alias"))
			return g_strdup(k->review->pdata[i + 1]);
	return g_strdup("");
}

struct request *keyfactor_job_new(const struct op *op, const char *type, const char *title,
				  const char *alias, const char *digest)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_new(KEYFACTOR_JOB);
	g_autofree char *uuid = g_uuid_string_random();
	g_autofree char *id = keyfactor_row_id(op->store, KEYFACTOR_JOB, uuid);
	struct request *r = request_new(id);

	keyfactor_kept_add(k, "Alias", alias);
	keyfactor_kept_add(k, "Store", op->store->title);
	k->sent = op->now;
	store_set(&r->account, op->store->account);
	store_set(&r->provider, "keyfactor");
	store_set(&r->store, op->store->id);
	store_set(&r->type, type);
	store_set(&r->title, title);
	store_set(&r->theirs, "Being sent");
	store_set(&r->asked_by, args_text(op->access->with, "name", ""));
	store_set(&r->digest, digest);
	store_set(&r->can, "sync dismiss");
	r->state = REQUEST_WAITS_PROVIDER;
	r->since = op->now;
	keyfactor_row_set_kept(r, k);
	return r;
}

struct request *keyfactor_job_numbered(const struct request *r, const char *guid)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(r->kept);
	struct request *now = request_dup(r);

	store_set(&k->instance, g_uuid_string_is_valid(guid) ? guid : "");
	store_set(&now->theirs, "Waits for the agent");
	keyfactor_row_set_kept(now, k);
	return now;
}

/* ---- how it stands ---- */

static bool is_reenrolment(const struct request *r)
{
	return !strcmp(r->type, KEYFACTOR_REENROLMENT);
}

/* Command tells no number of a reenrollment: it is the first run there after what was the newest. */
static const struct json *run_of(const struct op *op, const struct request *r, const struct json *list)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(r->kept);
	g_autoptr(keyfactor_place) p = keyfactor_place_read(op->memo);
	const struct json *run = is_reenrolment(r) ? keyfactor_history_reenrolment(p, list) :
						     keyfactor_history_newest(list);

	return run && keyfactor_history_number(run) > k->run ? run : NULL;
}

struct request_out *keyfactor_job_ask(struct op *op, const struct request *r)
{
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(r->kept);
	g_autofree char *query = g_strdup_printf("JobId -eq \"%s\"", k->instance);
	g_autoptr(keyfactor_place) p = keyfactor_place_read(op->memo);

	if (is_reenrolment(r))
		return keyfactor_place_history(op, p);
	if (!g_uuid_string_is_valid(k->instance))
		return NULL;
	return keyfactor_call_get(op, "/OrchestratorJobs/JobHistory", "pq.queryString", query,
				  "pq.sortField", "OperationStart", "pq.sortAscending", "1", "pq.returnLimit",
				  "50", NULL);
}

static void judge(const struct op *op, struct request *r, const struct json *run)
{
	g_autofree char *words = run ? keyfactor_history_words(run) : g_strdup("");

	store_set(&r->reason, words);
	if (!run)
		store_set(&r->theirs, "Waits for the agent");
	else if (!keyfactor_history_is_over(run))
		store_set(&r->theirs, "The agent is at it");
	else if (keyfactor_history_is_good(run))
		store_set(&r->theirs, "Done; waits for an inventory that shows it");
	else
		keyfactor_row_end(r, REQUEST_FAILED, "Failed", words, op->now);
}

struct request *keyfactor_job_heard(struct op *op, const struct request *r, const struct reply *reply,
				    GError **error)
{
	g_autoptr(json) list = keyfactor_call_json(op, reply, '[', ASKING, error);
	struct request *now;

	if (!list)
		return NULL;
	now = request_dup(r);
	judge(op, now, run_of(op, r, list));
	return now;
}

/* A refresh tells whether it shows, also where there is no number or no right to read the history. */
struct next keyfactor_job_sync(struct op *op)
{
	struct keyfactor *k = op->scratch;
	struct request_out *ask;

	k->at = g_strdup(args_get(op->access->with, "at"));
	ask = keyfactor_job_ask(op, op->request);
	op_touch(op, op->store->id);
	if (ask)
		return next_send(ask, heard);
	op_say(op, "%s: whether Command took it is not known; the next inventory tells", op->request->title);
	return next_done();
}

static struct next heard(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	struct request *now = keyfactor_job_heard(op, op->request, r, &error);

	if (!now)
		return next_fail_error(op, error);
	op_say(op, "%s: %s%s%s", now->title, now->theirs, *now->reason ? ": " : "", now->reason);
	op_put_request(op, now);
	return next_done();
}
