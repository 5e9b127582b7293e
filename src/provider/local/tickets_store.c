/*
 * tickets_store: the shared folder of tickets as a store: what waits for a second person, the
 * review of it, and that person's answer.
 */
#include "own.h"

#include <string.h>

#include <certty/base/text.h>

/* A look into the folder, or an answer to one ticket, on the pool. */
struct doing {
	struct tickets_place place;
	char *name, *reason;
	bool is_yes, is_seen;
	int64_t now;
	GPtrArray *all;		/* struct tickets_one */
	GPtrArray *troubles;
	GHashTable *used;	/* names of known ones that are no longer open since they were */
	GPtrArray *known;	/* names */
	struct tickets_one *one;
};

static void doing_free(void *p)
{
	struct doing *d = p;

	tickets_place_done(&d->place);
	g_free(d->name);
	g_free(d->reason);
	g_clear_pointer(&d->all, g_ptr_array_unref);
	g_ptr_array_unref(d->troubles);
	g_hash_table_unref(d->used);
	g_ptr_array_unref(d->known);
	tickets_one_free(d->one);
	g_free(d);
}

static struct doing *doing_new(struct op *op, GError **error)
{
	struct tickets_place place;
	struct doing *d;

	if (!tickets_place_read(op->settings, &place, error))
		return NULL;
	d = g_new0(struct doing, 1);
	d->place = place;
	d->now = op->now;
	d->troubles = g_ptr_array_new_with_free_func(g_free);
	d->used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	d->known = g_ptr_array_new_with_free_func(g_free);
	return d;
}

static struct next fail(struct op *op)
{
	return next_fail_error(op, g_steal_pointer(&op->work->error));
}

/* ---- refresh ---- */

static step_fn looked;

static void look(struct work *w)
{
	struct doing *d = w->in;

	d->all = tickets_read_all(&d->place, &w->stop, d->troubles, &w->error);
	for (guint i = 0; i < d->known->len; i++)
		if (tickets_is_used(&d->place, d->known->pdata[i]))
			g_hash_table_add(d->used, g_strdup(d->known->pdata[i]));
}

static bool is_ours(const struct op *op, const struct request *r)
{
	return !strcmp(r->store, op->store->id) && !strcmp(r->type, TICKETS_REQUEST);
}

struct next tickets_store_refresh(struct op *op, const struct reply *none)
{
	GError *error = NULL;
	struct doing *d = doing_new(op, &error);

	(void)none;
	if (!d)
		return next_fail_error(op, error);
	for (size_t i = 0; i < op->requests->n; i++) {
		const struct request *r = op->requests->item[i];

		if (is_ours(op, r) && request_is_waiting(r))
			g_ptr_array_add(d->known, g_strdup(r->digest));
	}
	return next_work(work_new(look, d, doing_free, NULL), looked);
}

static const struct request *known_request(const struct op *op, const char *id)
{
	gssize i = items_find(op->requests, id);

	return i < 0 ? NULL : op->requests->item[i];
}

static bool is_news(const struct op *op, const struct request *r)
{
	const struct request *known = known_request(op, r->id);

	return !known || known->state != r->state || strcmp(known->theirs, r->theirs) != 0 ||
	       strcmp(known->can, r->can) != 0;
}

/* It is no longer open: used, or taken back. */
static void put_ended(struct op *op, const struct doing *d, const struct request *known)
{
	bool is_used = g_hash_table_contains(d->used, known->digest);
	struct request *r = request_dup(known);

	r->state = is_used ? REQUEST_ISSUED : REQUEST_GONE;
	r->ended = op->now;
	store_set(&r->theirs, is_used ? "used" : "closed");
	store_set(&r->can, "");
	op_put_request(op, r);
}

static guint put_open(struct op *op, const struct doing *d, GHashTable *there)
{
	guint waiting = 0;

	for (guint i = 0; i < d->all->len; i++) {
		g_autoptr(request) r = tickets_request(&d->place, d->all->pdata[i], d->now);
		const struct request *known = known_request(op, r->id);

		g_hash_table_add(there, g_strdup(r->id));
		if (known && known->state == REQUEST_ISSUED) {
			op_trouble(op, "ticket %.8s was used, and somebody has put it there again",
				   r->digest);
			continue;
		}
		waiting += request_is_waiting(r);
		if (is_news(op, r))
			op_put_request(op, request_ref(r));
	}
	return waiting;
}

static struct next looked(struct op *op, const struct reply *none)
{
	const struct doing *d = op->work->in;
	g_autoptr(GHashTable) there = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	guint waiting;

	(void)none;
	if (op->work->error)
		return fail(op);
	for (guint i = 0; i < d->troubles->len; i++)
		op_trouble(op, "%s", (char *)d->troubles->pdata[i]);
	waiting = put_open(op, d, there);
	for (size_t i = 0; i < op->requests->n; i++) {
		const struct request *r = op->requests->item[i];

		if (is_ours(op, r) && request_is_waiting(r) && !g_hash_table_contains(there, r->id))
			put_ended(op, d, r);
	}
	op_say(op, "%u ticket%s waiting", waiting, waiting == 1 ? "" : "s");
	return next_done();
}

/* ---- one of them ---- */

static struct next begin(struct op *op, work_fn *run, step_fn *then)
{
	GError *error = NULL;
	struct doing *d = doing_new(op, &error);

	if (!d)
		return next_fail_error(op, error);
	d->name = g_strdup(op->request->digest);
	d->reason = g_strdup(args_text(op->args, "reason", ""));
	d->is_yes = op->verb->id == VERB_COUNTERSIGN;
	d->is_seen = args_get(op->args, "digest") != NULL;	/* the engine has compared it */
	return next_work(work_new(run, d, doing_free, NULL), then);
}

static void read_one(struct work *w)
{
	struct doing *d = w->in;

	d->one = tickets_read(&d->place, d->name, &w->error);
}

/* One that is over, or that cannot be believed, is its row. */
static struct next shown(struct op *op, const struct reply *none)
{
	const struct doing *d = op->work->in;
	const struct request *r = op->request;
	g_autofree char *id = g_strconcat("requests/", r->id, NULL);

	(void)none;
	if (d->one) {
		op->detail = tickets_detail(d->one, id);
	} else {
		op->detail = detail_new(id, r->title);
		detail_add(op->detail, request_state_tone(r->state), "State", "%s: %s",
			   request_state_word(r->state), r->theirs);
		detail_add(op->detail, TONE_PLAIN, "Asked by", "%s", r->asked_by);
		if (*r->reason)
			detail_add(op->detail, TONE_BAD, "Reason", "%s", r->reason);
		detail_add(op->detail, request_is_waiting(r) ? TONE_BAD : TONE_DIM, "Ticket", "%s",
			   op->work->error->message);
	}
	op->detail->made = op->now;
	return next_done();
}

struct next tickets_store_show(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, read_one, shown);
}

static void answer(struct work *w)
{
	struct doing *d = w->in;

	if (tickets_answer(&d->place, d->name, d->is_yes, d->reason, d->is_seen, d->now, &w->error))
		d->one = tickets_read(&d->place, d->name, &w->error);
}

static struct next answered(struct op *op, const struct reply *none)
{
	const struct doing *d = op->work->in;

	(void)none;
	if (op->work->error)
		return fail(op);
	op_put_request(op, tickets_request(&d->place, d->one, op->now));
	op_touch(op, op->store->id);
	op_say(op, d->is_yes ? "%s is countersigned, for %s to do" :
			       "%s is refused; %s is told why", op->request->title,
	       d->one->ticket->by);
	return next_done();
}

struct next tickets_store_countersign(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, answer, answered);
}

struct next tickets_store_deny(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, answer, answered);
}

static void take_back(struct work *w)
{
	struct doing *d = w->in;

	tickets_withdraw(&d->place, d->name, &w->error);
}

static struct next taken_back(struct op *op, const struct reply *none)
{
	(void)none;
	if (op->work->error)
		return fail(op);
	put_ended(op, op->work->in, op->request);
	op_say(op, "%s is taken back", op->request->title);
	return next_done();
}

struct next tickets_store_withdraw(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, take_back, taken_back);
}
