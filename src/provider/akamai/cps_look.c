/*
 * cps_look: how changes stand: their states, then what they wait for, then how those ended that are not
 * there any more.
 *
 * Between two calls a change may go on: an input that is said to be there and is not (404) is asked for
 * once more with its state, and is then left for later.  Nothing is answered that was not read.
 */
#include "cps_change.h"

#include <string.h>

#include <certty/model/bundle.h>
#include <certty/model/store.h>

#define ROUNDS 2

struct cps_looking {
	GPtrArray *changes;	/* struct cps_change */
	GPtrArray *now;		/* of them those that are asked about */
	step_fn *then;
	unsigned rounds;
};

static step_fn ask_inputs, ask_again, ask_ends, end;

static void free_change(void *c)
{
	cps_change_free(c);
}

void cps_look_free(struct cps_looking *l)
{
	if (!l)
		return;
	g_ptr_array_unref(l->changes);
	g_ptr_array_unref(l->now);
	g_free(l);
}

static struct cps_looking *mine(const struct op *op)
{
	return ((const struct akamai *)op->scratch)->looking;
}

GPtrArray *cps_looked(const struct op *op)
{
	return mine(op)->changes;
}

static void fail(struct cps_change *c, GError *error /* taken */)
{
	g_free(c->trouble);
	c->trouble = g_strdup(error->message);
	g_error_free(error);
}

static struct json *read_reply(struct op *op, struct cps_change *c, const struct reply *r, const char *part)
{
	g_autofree char *what = g_strdup_printf("reading %s of change %s of enrollment %s", part, c->id,
						c->enrollment);
	GError *error = NULL;
	struct json *j = cps_call_json(op, r, what, &error);

	if (!j)
		fail(c, error);
	return j;
}

/* ---- states ---- */

static struct ask ask_state(struct op *op, size_t i)
{
	const struct cps_change *c = mine(op)->now->pdata[i];
	g_autofree char *path = cps_change_path(c, NULL);

	return (struct ask){ .send = cps_call_get(op, "change.v2", path) };
}

static void hear_state(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct cps_change *c = mine(op)->now->pdata[i];
	g_autoptr(json) j = NULL;

	(void)none;
	c->is_early = false;
	c->is_gone = cps_call_is_gone(r);
	if (c->is_gone)
		return;
	j = read_reply(op, c, r, "the state");
	if (j && !cps_change_read_status(c, j))
		c->trouble = g_strdup_printf("change %s of enrollment %s: the answer of CPS has no state",
					     c->id, c->enrollment);
}

static struct next ask_states(struct op *op)
{
	struct cps_looking *l = mine(op);

	return next_each(l->now->len, ask_state, hear_state, ask_inputs);
}

struct next cps_look(struct op *op, GPtrArray *changes, step_fn *then)
{
	struct akamai *a = op->scratch;
	struct cps_looking *l;

	cps_look_free(a->looking);
	l = a->looking = g_new0(struct cps_looking, 1);
	g_ptr_array_set_free_func(changes, free_change);
	l->changes = changes;
	l->now = g_ptr_array_new();
	l->then = then;
	for (guint i = 0; i < changes->len; i++)
		g_ptr_array_add(l->now, changes->pdata[i]);
	return ask_states(op);
}

/* ---- what they wait for ---- */

static struct ask ask_input(struct op *op, size_t i)
{
	const struct cps_change *c = mine(op)->now->pdata[i];
	const struct cps_input *input = cps_input_find(c->input);
	g_autofree char *more = g_strconcat("/input/info/", input->info, NULL);
	g_autofree char *path = cps_change_path(c, more);

	return (struct ask){ .send = cps_call_get(op, input->info_entity, path) };
}

static void hear_input(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct cps_change *c = mine(op)->now->pdata[i];
	g_autoptr(json) j = NULL;

	(void)none;
	c->is_early = cps_call_is_gone(r);
	if (c->is_early)
		return;
	j = read_reply(op, c, r, "what is waited for");
	if (j)
		cps_change_read_input(c, j);
}

static void choose(struct cps_looking *l, bool (*is_one)(const struct cps_change *))
{
	g_ptr_array_set_size(l->now, 0);
	for (guint i = 0; i < l->changes->len; i++)
		if (is_one(l->changes->pdata[i]))
			g_ptr_array_add(l->now, l->changes->pdata[i]);
}

static bool is_readable(const struct cps_change *c)
{
	return !c->is_gone && !c->trouble && !cps_change_is_over(c) && cps_input_find(c->input);
}

static bool is_early(const struct cps_change *c)
{
	return c->is_early;
}

/* In a second round only those that were too early are asked about. */
static struct next ask_inputs(struct op *op, const struct reply *none)
{
	struct cps_looking *l = mine(op);
	GPtrArray *asked = l->rounds ? g_ptr_array_copy(l->now, NULL, NULL) : NULL;

	(void)none;
	choose(l, is_readable);
	for (guint i = l->now->len; asked && i > 0; i--)
		if (!g_ptr_array_find(asked, l->now->pdata[i - 1], NULL))
			g_ptr_array_remove_index(l->now, i - 1);
	if (asked)
		g_ptr_array_unref(asked);
	l->rounds++;
	return next_each(l->now->len, ask_input, hear_input, ask_again);
}

static struct next ask_again(struct op *op, const struct reply *none)
{
	struct cps_looking *l = mine(op);

	choose(l, is_early);
	if (l->now->len && l->rounds < ROUNDS)
		return ask_states(op);
	return ask_ends(op, none);
}

/* ---- how they ended ---- */

static struct ask ask_end(struct op *op, size_t i)
{
	const struct cps_change *c = mine(op)->now->pdata[i];
	g_autofree char *path = g_strdup_printf("/enrollments/%s/history/changes?includeAll=true",
						c->enrollment);

	return (struct ask){ .send = cps_call_get(op, "change-history.v5", path) };
}

static void take_result(struct cps_change *c, const struct json *j)
{
	const struct json *primary = json_get(j, "primaryCertificate");
	g_autoptr(GPtrArray) certs = cps_certs_of_pem(json_str(primary, "certificate"));

	if (!certs->len)
		return;
	g_free(c->result);
	c->result = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, certs->pdata[0]);
}

static void keep_one(struct op *op, const struct json *j)
{
	g_autoptr(GPtrArray) certs = cps_certs_of_pem(json_str(j, "certificate"));
	g_autoptr(GPtrArray) issuers = cps_certs_of_pem(json_str(j, "trustChain"));
	struct bundle *b = certs->len ? bundle_new(certs->pdata[0], NULL, 0, NULL, NULL) : NULL;

	if (!b)
		return;
	bundle_link(b, (GBytes *const *)issuers->pdata, issuers->len);
	op_keep_bundle(op, b);
}

/* Of a change that somebody here looks after; those that CPS goes through by itself are left to it. */
static bool is_ours(const struct op *op, const struct cps_change *c)
{
	g_autofree char *id = cps_row_id(op->store, c);
	const struct request *row = cps_row_known(op, id);
	g_autoptr(cps_change) was = row ? cps_change_kept(row->kept) : NULL;

	return op->verb->id == VERB_SYNC || (was && *was->answered);
}

static void keep_issued(struct op *op, const struct cps_change *c, const struct json *j)
{
	const struct json *more = json_get(j, "multiStackedCertificates");

	if (g_ascii_strcasecmp(c->end, "completed") || !is_ours(op, c))
		return;
	keep_one(op, json_get(j, "primaryCertificate"));
	for (size_t i = 0; i < MIN(json_count(more), CPS_STACK_MAX); i++)
		keep_one(op, json_at(more, i));
}

/* The newest entry is what has just ended. */
static void hear_end(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct cps_change *c = mine(op)->now->pdata[i];
	const struct json *list, *newest;
	g_autoptr(json) j = NULL;

	(void)none;
	if (cps_call_is_gone(r)) {
		store_set(&c->end, "gone");
		return;
	}
	j = read_reply(op, c, r, "the end");
	list = json_get(j, "changes");
	newest = json_count(list) ? json_at(list, 0) : NULL;
	if (!newest)
		return;
	g_free(c->end);
	c->end = cps_text(newest, "status");
	take_result(c, newest);
	keep_issued(op, c, newest);
}

static bool is_gone(const struct cps_change *c)
{
	return c->is_gone;
}

static struct next ask_ends(struct op *op, const struct reply *none)
{
	struct cps_looking *l = mine(op);

	(void)none;
	choose(l, is_gone);
	return next_each(l->now->len, ask_end, hear_end, end);
}

static struct next end(struct op *op, const struct reply *none)
{
	return mine(op)->then(op, none);
}
