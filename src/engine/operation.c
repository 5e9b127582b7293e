/*
 * operation: drives one verb on one target: takes the next step, sends, fans out, waits.
 *
 * Everything comes back through the worker's loop: replies from the client, works from the
 * pools, timers.  An operation that is over is swept up by the loop; one that is cancelled is
 * simply not continued: its transfers are removed, its works told to stop, its memory freed.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/net/retry.h>

/* One request of an operation: in flight, or waiting for its time or for room in the lanes. */
struct sending {
	struct operation *o;
	struct request_out *request;	/* kept for another attempt */
	struct transfer *transfer;	/* NULL while it waits */
	size_t index;
	unsigned attempts;
	int64_t again;			/* ticks */
};

static void take_next(struct operation *o, struct next next);

/* ---- lanes: how many exchanges may be under way together, of a store, of an account ---- */

struct lane {
	guint in_flight, most;
};

static struct lane *find_lane(struct engine *e, const char *sort, const char *id, guint most)
{
	g_autofree char *key = g_strdup_printf("%s %s", sort, id);
	struct lane *lane = g_hash_table_lookup(e->lanes, key);

	if (!lane) {
		lane = g_new0(struct lane, 1);
		g_hash_table_insert(e->lanes, g_steal_pointer(&key), lane);
	}
	lane->most = MAX(1, most);
	return lane;
}

void operation_find_lanes(struct operation *o)
{
	const struct provider *p = o->provider;
	guint parallel = (guint)settings_int(o->op.settings, "refresh", "parallel");

	o->lanes[0] = find_lane(o->engine, "account", o->op.account->id, p->at_once_account);
	if (o->store)
		o->lanes[1] = find_lane(o->engine, "store", o->store->id,
					MIN(p->at_once_store, parallel));
}

static bool has_room(const struct operation *o)
{
	for (size_t i = 0; i < G_N_ELEMENTS(o->lanes); i++)
		if (o->lanes[i] && o->lanes[i]->in_flight >= o->lanes[i]->most)
			return false;
	return true;
}

static void count_flight(struct operation *o, int change)
{
	for (size_t i = 0; i < G_N_ELEMENTS(o->lanes); i++)
		if (o->lanes[i])
			o->lanes[i]->in_flight += (guint)change;
}

/* ---- life ---- */

struct operation *operation_of(struct op *op)
{
	return (struct operation *)((char *)op - offsetof(struct operation, op));
}

static void sending_free(void *p)
{
	struct sending *s = p;

	if (s->transfer) {
		client_cancel(s->o->engine->client, s->transfer);
		count_flight(s->o, -1);
	}
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
	o->args = args_dup(args);
	op_init(&o->op);
	o->op.verb = verb;
	o->op.args = o->args;
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

void operation_free(struct operation *o)
{
	drop_works(o);
	g_ptr_array_unref(o->works);
	g_ptr_array_unref(o->sendings);
	work_free(o->op.work);
	if (o->op.scratch && o->provider->scratch_done)
		o->provider->scratch_done(o->op.scratch);
	g_free(o->op.scratch);
	op_done(&o->op);
	secrets_drop(o);
	g_clear_pointer(&o->op.memo, g_bytes_unref);
	if (o->lock)
		db_lock_release(o->engine->db, o->lock);
	g_free(o->lock);
	store_unref(o->store);
	request_unref(o->request);
	table_unref(o->old);
	items_unref(o->stores);
	items_unref(o->requests);
	g_clear_pointer(&o->der, g_bytes_unref);
	g_clear_pointer(&o->chain, g_ptr_array_unref);
	g_free(o->alias);
	g_free(o->target);
	args_free(o->args);
	g_ptr_array_unref(o->tasks);
	g_free(o);
}

/* Whoever waited for it has heard, so it has nothing to do with their tasks any more. */
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
	g_ptr_array_set_size(o->tasks, 0);
	o->engine->is_changed = true;
}

void operation_start(struct operation *o)
{
	step_fn *first = o->provider->verb[o->op.verb->id];

	take_next(o, first(&o->op, NULL));
}

/* ---- asking ---- */

/* It is sent by operation_advance(), in its turn among all that wait for room. */
static void add_sending(struct operation *o, struct request_out *request, size_t index)
{
	struct sending *s = g_new0(struct sending, 1);

	s->o = o;
	s->request = request;
	s->index = index;
	g_ptr_array_add(o->sendings, s);
}

static void put_work(struct operation *o, struct work *w, size_t index)
{
	w->owner = o;
	w->index = index;
	g_ptr_array_add(o->works, w);
	pool_put(engine_pool(o->engine, o->op.verb), w);
}

static void progress(struct operation *o)
{
	for (guint i = 0; i < o->tasks->len; i++)
		task_progress(o->tasks->pdata[i], o);
}

/* How many of a next_each may be under way together. */
static size_t at_once(const struct operation *o)
{
	if (o->works->len)
		return pool_threads(engine_pool(o->engine, o->op.verb)) + 1;
	return o->lanes[o->lanes[1] ? 1 : 0]->most;
}

/* Asks for more of a next_each until enough are under way; true when all were heard. */
static bool pump(struct operation *o)
{
	while (o->asked < o->now.n && o->sendings->len + o->works->len < at_once(o)) {
		size_t i = o->asked++;
		struct ask ask = o->now.ask(&o->op, i);

		if (ask.send)
			add_sending(o, ask.send, i);
		else if (ask.work)
			put_work(o, ask.work, i);
		else
			o->heard++;
	}
	return o->heard >= o->now.n;
}

/* ---- hearing ---- */

static void heard_one(struct operation *o)
{
	o->heard++;
	progress(o);
	if (pump(o))
		take_next(o, o->now.step(&o->op, NULL));
}

/* Takes the sending away, then tells the provider. */
static void deliver(struct operation *o, struct sending *s, const struct reply *reply)
{
	size_t index = s->index;

	g_ptr_array_remove_fast(o->sendings, s);
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
	int64_t wait = retry_after(r, s->attempts, s->request->is_repeatable, clock_now(),
				   g_random_double());

	s->transfer = NULL;
	count_flight(s->o, -1);
	if (wait >= 0)
		s->again = clock_ticks() + wait * 1000;
	else
		deliver(s->o, s, r);
}

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
	switch (o->now.kind) {
	case NEXT_SEND:
		add_sending(o, o->now.request, 0);
		return false;
	case NEXT_EACH:
		o->asked = o->heard = 0;
		return pump(o);
	case NEXT_WAIT:
		o->wake = clock_ticks() + o->now.ms * 1000;
		return false;
	case NEXT_WORK:
		put_work(o, o->now.work, 0);
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

/* ---- sending and timers, once a turn ---- */

static bool may_send(const struct sending *s, GError **error)
{
	const struct engine *e = s->o->engine;

	if (!e->config.is_offline)
		return allow_exchange(e->config.settings, s->request, error);
	g_set_error(error, ERR, ERR_REFUSED, "offline: nobody is asked");
	return false;
}

static struct sending *next_due(const struct operation *o, int64_t ticks)
{
	for (guint i = 0; !o->is_over && i < o->sendings->len; i++) {
		struct sending *s = o->sendings->pdata[i];

		if (!s->transfer && s->again <= ticks)
			return s;
	}
	return NULL;
}

static void send_due(struct operation *o, int64_t ticks)
{
	struct sending *s;

	while (has_room(o) && (s = next_due(o, ticks))) {
		GError *error = NULL;

		if (may_send(s, &error)) {
			s->attempts++;
			count_flight(o, 1);
			s->transfer = client_send(o->engine->client, exchange_dup(s->request),
						  hear_reply, s);
		} else {
			g_autoptr(reply) refused = reply_of_error(error);

			deliver(o, s, refused);
		}
	}
}

int64_t operation_due(const struct operation *o)
{
	int64_t due = o->now.kind == NEXT_WAIT ? o->wake : INT64_MAX;

	for (guint i = 0; i < o->sendings->len && has_room(o); i++) {
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
	send_due(o, ticks);
	if (!o->is_over && o->now.kind == NEXT_WORK && o->works->len) {
		const struct work *w = o->works->pdata[0];

		if (w->of)
			op_progress(&o->op, w->done, w->of);
		progress(o);
	}
	return !o->is_over;
}
