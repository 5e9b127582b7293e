/*
 * operation: drives one verb on one target: takes the next step, sends, fans out, waits.
 *
 * Everything comes back through the worker's loop: replies from the client, works from the
 * pool, timers.  An operation that is over is swept up by the loop; one that is cancelled is
 * simply not continued: its transfers are removed, its works told to stop, its memory freed.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/net/retry.h>

/* One request of an operation: in flight, or waiting until it may be sent again. */
struct sending {
	struct operation *o;
	struct request_out *request;	/* kept for another attempt */
	struct transfer *transfer;	/* NULL while it waits */
	size_t index;
	unsigned attempts;
	int64_t again;			/* ticks */
};

static void take_next(struct operation *o, struct next next);

/* ---- life ---- */

struct operation *operation_of(struct op *op)
{
	return (struct operation *)((char *)op - offsetof(struct operation, op));
}

static void sending_free(void *p)
{
	struct sending *s = p;

	if (s->transfer)
		client_cancel(s->o->engine->client, s->transfer);
	exchange_free(s->request);
	g_free(s);
}

struct operation *operation_new(struct engine *e, const struct provider *p,
				const struct verb *verb, const struct args *args)
{
	struct operation *o = g_new0(struct operation, 1);

	o->engine = e;
	o->provider = p;
	o->tasks = g_ptr_array_new();
	o->sendings = g_ptr_array_new_with_free_func(sending_free);
	o->works = g_ptr_array_new();
	op_init(&o->op);
	o->op.verb = verb;
	o->op.args = args;
	o->op.settings = e->config.settings;
	o->op.account = e->here;
	o->op.now = o->began = clock_now();
	o->op.scratch = p->scratch ? g_malloc0(p->scratch) : NULL;
	return o;
}

static void drop_works(struct operation *o)
{
	for (guint i = 0; i < o->works->len; i++) {
		struct work *w = o->works->pdata[i];

		w->owner = NULL;
		atomic_store(&w->stop, true);
	}
	g_ptr_array_set_size(o->works, 0);
}

void operation_cancel(struct operation *o)
{
	drop_works(o);
	g_ptr_array_unref(o->works);
	g_ptr_array_unref(o->sendings);
	if (o->now.kind == NEXT_WORK && o->now.work)
		work_free(o->now.work);
	if (o->op.work)
		work_free(o->op.work);
	if (o->op.scratch && o->provider->scratch_done)
		o->provider->scratch_done(o->op.scratch);
	g_free(o->op.scratch);
	op_done(&o->op);
	secrets_drop(o);
	g_clear_pointer(&o->op.memo, g_bytes_unref);
	store_unref(o->store);
	request_unref(o->request);
	table_unref(o->old);
	items_unref(o->stores);
	items_unref(o->requests);
	g_clear_pointer(&o->der, g_bytes_unref);
	g_clear_pointer(&o->chain, g_ptr_array_unref);
	g_free(o->alias);
	g_free(o->target);
	g_ptr_array_unref(o->tasks);
	g_free(o);
}

static void end(struct operation *o)
{
	GError *error = o->now.kind == NEXT_FAIL ? o->op.error : NULL;

	o->is_over = true;
	secrets_explain(o);
	drop_works(o);
	g_ptr_array_set_size(o->sendings, 0);
	findings_take(o);
	for (guint i = 0; i < o->tasks->len; i++)
		task_hear(o->tasks->pdata[i], o, error);
	o->engine->is_changed = true;
}

void operation_start(struct operation *o)
{
	step_fn *first = o->provider->verb[o->op.verb->id];

	take_next(o, first(&o->op, NULL));
}

/* ---- sending ---- */

static void hear_reply(void *who, struct reply *reply);

static void send_now(struct sending *s)
{
	s->attempts++;
	s->transfer = client_send(s->o->engine->client, exchange_dup(s->request), hear_reply, s);
}

static void send_first(struct operation *o, struct request_out *request, size_t index)
{
	struct sending *s = g_new0(struct sending, 1);

	s->o = o;
	s->request = request;
	s->index = index;
	g_ptr_array_add(o->sendings, s);
	send_now(s);
}

static bool put_work(struct operation *o, struct work *w, size_t index)
{
	w->owner = o;
	w->index = index;
	if (!pool_put(o->engine->pool, w)) {
		work_free(w);
		return false;
	}
	g_ptr_array_add(o->works, w);
	return true;
}

static void progress(struct operation *o)
{
	for (guint i = 0; i < o->tasks->len; i++)
		task_progress(o->tasks->pdata[i], o);
}

/* How many of a next_each may be under way together. */
static size_t at_once(const struct operation *o)
{
	size_t works = pool_threads(o->engine->pool) + 1;
	size_t sends = MAX(1, o->provider->at_once_store);

	return o->works->len ? works : sends;
}

/* Asks for more of a next_each until enough are under way; true when all were heard. */
static bool pump(struct operation *o)
{
	while (o->asked < o->now.n && o->sendings->len + o->works->len < at_once(o)) {
		size_t i = o->asked++;
		struct ask ask = o->now.ask(&o->op, i);

		if (ask.send)
			send_first(o, ask.send, i);
		else if (!ask.work || !put_work(o, ask.work, i))
			o->heard++;
	}
	return o->heard >= o->now.n;
}

static void heard_one(struct operation *o)
{
	o->heard++;
	progress(o);
	if (pump(o))
		take_next(o, o->now.step(&o->op, NULL));
}

static void deliver(struct operation *o, size_t index, const struct reply *reply)
{
	if (o->now.kind == NEXT_EACH) {
		o->now.hear(&o->op, index, reply, NULL);
		heard_one(o);
	} else {
		take_next(o, o->now.step(&o->op, reply));
	}
}

static void hear_reply(void *who, struct reply *reply)
{
	g_autoptr(reply) r = reply;
	struct sending *s = who;
	struct operation *o = s->o;
	int64_t wait = retry_after(r, s->attempts, s->request->is_repeatable, clock_now(),
				   g_random_double());
	size_t index = s->index;

	s->transfer = NULL;
	if (wait >= 0) {
		s->again = clock_ticks() + wait * 1000;
		return;
	}
	g_ptr_array_remove_fast(o->sendings, s);
	deliver(o, index, r);
}

/* ---- works ---- */

void operation_hear_work(struct operation *o, struct work *w)
{
	g_ptr_array_remove_fast(o->works, w);
	if (o->now.kind == NEXT_EACH) {
		o->now.hear(&o->op, w->index, NULL, w);
		work_free(w);
		heard_one(o);
		return;
	}
	work_free(o->op.work);
	o->op.work = w;
	take_next(o, o->now.step(&o->op, NULL));
}

/* ---- steps ---- */

/* Begins what a step asked for; true when that is over at once and the next step is due. */
static bool begin(struct operation *o)
{
	struct work *w = o->now.work;

	switch (o->now.kind) {
	case NEXT_SEND:
		send_first(o, o->now.request, 0);
		return false;
	case NEXT_EACH:
		o->asked = o->heard = 0;
		return pump(o);
	case NEXT_WAIT:
		o->wake = clock_ticks() + o->now.ms * 1000;
		return false;
	case NEXT_WORK:
		o->now.work = NULL;
		if (put_work(o, w, 0))
			return false;
		o->now = next_fail(&o->op, ERR_BUSY, "too much work is waiting; try again");
		end(o);
		return false;
	case NEXT_DONE:
	case NEXT_FAIL:
		end(o);
		return false;
	}
	return false;
}

static void take_next(struct operation *o, struct next next)
{
	for (;;) {
		o->now = next;
		progress(o);
		if (!begin(o))
			return;
		next = o->now.step(&o->op, NULL);
	}
}

/* ---- timers ---- */

int64_t operation_due(const struct operation *o)
{
	int64_t due = o->now.kind == NEXT_WAIT ? o->wake : INT64_MAX;

	for (guint i = 0; i < o->sendings->len; i++) {
		const struct sending *s = o->sendings->pdata[i];

		if (!s->transfer)
			due = MIN(due, s->again);
	}
	return due;
}

bool operation_advance(struct operation *o, int64_t ticks)
{
	if (!o->is_over && o->now.kind == NEXT_WAIT && o->wake <= ticks)
		take_next(o, o->now.step(&o->op, NULL));
	for (guint i = 0; !o->is_over && i < o->sendings->len; i++) {
		struct sending *s = o->sendings->pdata[i];

		if (!s->transfer && s->again <= ticks)
			send_now(s);
	}
	for (guint i = 0; !o->is_over && i < o->works->len; i++) {
		const struct work *w = o->works->pdata[i];

		if (o->now.kind == NEXT_WORK && w->of) {
			op_progress(&o->op, w->done, w->of);
			progress(o);
		}
	}
	return !o->is_over;
}
