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
	struct bucket *bucket;		/* or NULL */
	unsigned attempts;
	unsigned turned_away;		/* attempts beside those, since it was too much */
	int64_t again;			/* ticks */
	int64_t last;			/* ticks: when it was sent */
	struct access *access;		/* it was signed with, or NULL */
	int64_t differed;		/* the clocks, when it was signed */
	bool is_second;			/* signed anew, once */
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
	guint most = p->at_once_account;
	int64_t said;

	if (args_int(o->op.account->answers, "at-once", &said) && said > 0)
		most = (guint)MIN(most, said);
	o->lanes[0] = find_lane(o->engine, "account", o->op.account->id, most);
	if (o->store)
		o->lanes[1] = find_lane(o->engine, "store", o->store->id,
					MIN(p->at_once_store, parallel));
}

static bool has_room(const struct operation *o)
{
	if (o->is_held)
		return false;
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

/* ---- pace: how many of one sort the server lets through ---- */

static void tell_all(struct operation *o, const char *said)
{
	for (guint i = 0; i < o->tasks->len; i++)
		task_say(o->tasks->pdata[i], said);
}

/* The tasks say that it takes its time, and why. */
static void tell_pace(struct operation *o, struct bucket *b, int64_t ticks)
{
	g_autofree char *said = b ? pace_say(b, ticks) : NULL;

	if (!said && (o->slowed != b || !b))
		return;
	o->slowed = said ? b : NULL;
	tell_all(o, said);
}

static int64_t due_of(const struct sending *s, int64_t ticks)
{
	if (patience_is_over(s->o, s->bucket))
		return ticks;
	return s->bucket && s->again <= ticks ? pace_due(s->bucket, ticks) : s->again;
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
	access_unref(s->access);
	g_free(s);
}

struct operation *operation_new(struct engine *e, const struct provider *p,
				const struct verb *verb, const struct args *args)
{
	struct operation *o = g_new0(struct operation, 1);

	o->engine = e;
	o->provider = p;
	o->tasks = g_ptr_array_new();
	o->keepers = g_ptr_array_new();
	o->sendings = g_ptr_array_new_with_free_func(sending_free);
	o->works = g_ptr_array_new();
	o->args = args_dup(args);
	op_init(&o->op);
	o->op.verb = verb;
	o->op.args = o->args;
	o->op.settings = e->config.settings;
	o->account = account_ref(e->here);	/* whose row may be made anew meanwhile */
	o->op.account = o->account;
	o->op.now = o->began = clock_now();
	o->op.scratch = p->scratch ? g_malloc0(p->scratch) : NULL;
	return o;
}

void operation_set_account(struct operation *o, const struct account *a)
{
	account_unref(o->account);
	o->account = account_ref((struct account *)a);
	o->op.account = o->account;
}

struct operation *operation_new_child(const struct operation *o, const struct provider *p,
				      enum verb_id verb, const struct args *args, struct store *s)
{
	struct operation *c = operation_new(o->engine, p, &verb_table[verb], args);
	const struct account *a = s ? accounts_get(o->engine, s->account) : NULL;

	c->target = g_strdup(s ? s->id : o->target);
	c->store = s ? store_ref(s) : NULL;
	c->op.store = c->store;
	if (a)
		operation_set_account(c, a);
	c->stores = o->stores ? items_ref(o->stores) : NULL;
	c->requests = o->requests ? items_ref(o->requests) : NULL;
	c->deploys = o->deploys ? items_ref(o->deploys) : NULL;
	c->op.stores = c->stores;
	c->op.requests = c->requests;
	c->op.deploys = c->deploys;
	return c;
}

void operation_know_store(struct operation *o)
{
	struct table *rows = o->store ? g_hash_table_lookup(o->engine->known.tables, o->store->id) : NULL;

	if (!o->store)
		return;
	if (!o->old && rows)
		o->old = table_ref(rows);
	o->op.old = o->old;
	if (!o->op.memo)
		o->op.memo = keep_memo(o->engine, o->store->id);
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

static void drop_weak(struct operation *o)
{
	if (o->weak)
		*o->weak = NULL;
	o->weak = NULL;
}

void operation_free(struct operation *o)
{
	drop_weak(o);
	bundles_forget(o);
	four_eyes_free(o->eyes);
	access_leave(o);
	drop_works(o);
	g_clear_pointer(&o->turned_away, g_hash_table_unref);
	g_clear_pointer(&o->written, g_hash_table_unref);
	g_ptr_array_unref(o->keepers);
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
	account_unref(o->account);
	store_unref(o->store);
	request_unref(o->request);
	object_unref(o->object);
	table_unref(o->old);
	items_unref(o->stores);
	items_unref(o->requests);
	items_unref(o->deploys);
	g_clear_pointer(&o->op.hidden, g_hash_table_unref);
	bundle_free(o->bundle);
	g_clear_pointer(&o->der, g_bytes_unref);
	g_clear_pointer(&o->chain, g_ptr_array_unref);
	g_free(o->alias);
	g_free(o->by_rule);
	g_free(o->target);
	args_free(o->args);
	args_free(o->answers);
	g_ptr_array_unref(o->tasks);
	g_free(o);
}

/* Whoever waited for it has heard, so it has nothing to do with their tasks any more. */
static void end(struct operation *o)
{
	GError *error = o->now.kind == NEXT_FAIL ? o->op.error : NULL;

	o->is_over = true;
	if (o->slowed)
		tell_all(o, NULL);
	access_want(o);
	secrets_explain(o);
	four_eyes_end(o, error);
	drop_works(o);
	g_ptr_array_set_size(o->sendings, 0);
	findings_take(o);
	for (guint i = 0; i < o->tasks->len; i++)
		task_hear(o->tasks->pdata[i], o, error);
	g_ptr_array_set_size(o->tasks, 0);
	drop_weak(o);
	if (o->ended)
		o->ended(o, error);
	access_leave(o);
	o->engine->is_changed = true;
}

static struct next first_step(struct op *op, const struct reply *none)
{
	struct operation *o = operation_of(op);
	step_fn *first = o->first ? o->first : o->provider->verb[op->verb->id];

	(void)none;
	o->is_asleep = false;
	return access_begin(op, first);
}

struct next operation_begin(struct op *op)
{
	return first_step(op, NULL);
}

void operation_start(struct operation *o)
{
	take_next(o, first_step(&o->op, NULL));
}

void operation_start_at(struct operation *o, step_fn *step)
{
	take_next(o, step(&o->op, NULL));
}

void operation_start_own(struct operation *o)
{
	operation_find_lanes(o);
	g_ptr_array_add(o->engine->operations, o);
	o->now = operation_sleep(o, first_step);
	o->wake = 0;
}

/* The loop sweeps it up: whoever says this may be in the middle of going through them all. */
void operation_abandon(struct operation *o)
{
	o->is_over = true;
	o->ended = NULL;
	o->op.login = NULL;
	drop_weak(o);
	bundles_forget(o);
	drop_works(o);
	g_ptr_array_set_size(o->sendings, 0);
	access_leave(o);
	o->engine->is_changed = true;
}

void operation_fail(struct operation *o, GError *error)
{
	if (o->is_over) {
		g_error_free(error);
		return;
	}
	o->is_asleep = false;
	take_next(o, next_fail_error(&o->op, error));
}

#define FOR_EVER (INT64_MAX / 4000)	/* ms */

struct next operation_sleep(struct operation *o, step_fn *step)
{
	o->is_asleep = true;
	return next_wait(FOR_EVER, step);
}

void operation_wake(struct operation *o)
{
	o->wake = 0;
}

/* ---- asking ---- */

/* It is sent by operation_advance(), in its turn among all that wait for room. */
static void add_sending(struct operation *o, struct request_out *request, size_t index)
{
	struct sending *s = g_new0(struct sending, 1);

	s->o = o;
	s->request = request;
	s->index = index;
	s->bucket = pace_find(o->engine->paces, o->op.account->id, &request->pace, clock_ticks());
	o->paced = s->bucket;
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
	access_use(o);
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

static struct next step(struct operation *o, const struct reply *reply)
{
	access_use(o);
	return o->now.step(&o->op, reply);
}

/* Those of the last step are shown anyway. */
static void show_rows(struct operation *o, bool is_last)
{
	if (o->op.shows_rows && !is_last)
		findings_show(o);
	o->op.shows_rows = false;
}

static void heard_one(struct operation *o)
{
	show_rows(o, false);
	o->now.n += o->op.more;
	o->op.more = 0;
	o->heard++;
	show_rows(o, false);
	progress(o);
	if (pump(o))
		take_next(o, step(o, NULL));
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
		take_next(o, step(o, reply));
	}
}

/* Signed anew, which is no attempt of its own. */
static bool is_signed_anew(struct sending *s, const struct reply *r)
{
	bool again;

	access_hear(s->o, r);
	again = !s->is_second && access_sends_again(s->o, r, s->access, s->differed);
	g_clear_pointer(&s->access, access_unref);
	if (!again)
		return false;
	s->is_second = true;
	s->again = clock_ticks();
	return true;
}

/* Somebody looks on while an account is tested: that its server cannot be reached is said when a
 * second attempt did not reach it either. */
static bool is_hopeless(const struct sending *s, const struct reply *r)
{
	return r->error && s->attempts >= 2 && s->o->op.verb->id == VERB_ACCOUNT_TEST;
}

static enum verdict judge(const struct operation *o, const struct reply *r)
{
	return o->provider->judge ? o->provider->judge(r) : VERDICT_BY_STATUS;
}

#define BACKED_OFF 5	/* attempts after which waits get no longer */

/* Those of its sort that others want to send wait as well. */
static int64_t close_for_all(struct sending *s, const struct reply *r, int64_t wait, int64_t ticks)
{
	bool was_told = retry_asked(r, clock_now()) >= 0;

	if (wait < 0 || !s->bucket)
		return wait;
	if (!was_told && s->request->pace.pause)
		wait = s->request->pace.pause * INT64_C(1000);
	else if (!was_told)
		return wait;
	pace_close(s->bucket, ticks + wait * 1000);
	return wait;
}

/* That a server turned it away unread, since it was too much, is no attempt. */
static int64_t wait_turned_away(struct sending *s, const struct reply *r, enum verdict verdict)
{
	int64_t now = clock_ticks(), wait = -1;

	if (s->bucket)
		pace_slow_down(s->bucket, s->last, now);
	if (!patience_is_over(s->o, s->bucket)) {
		s->attempts--;
		wait = retry_after(r, verdict, MIN(++s->turned_away, BACKED_OFF), s->request->is_repeatable,
				   clock_now(), g_random_double());
		wait = close_for_all(s, r, wait, now);
	}
	tell_pace(s->o, s->bucket, now);
	return wait;
}

/* Milliseconds; -1: it is not sent again. */
static int64_t wait_after(struct sending *s, const struct reply *r)
{
	enum verdict verdict = judge(s->o, r);
	bool is_turned_away = retry_is_throttled(r, verdict);

	if (is_hopeless(s, r))
		return -1;
	patience_hear(s->o, s->bucket, is_turned_away, clock_ticks());
	if (is_turned_away)
		return wait_turned_away(s, r, verdict);
	return retry_after(r, verdict, s->attempts, s->request->is_repeatable, clock_now(),
			   g_random_double());
}

static void hear_reply(void *who, struct reply *reply)
{
	g_autoptr(reply) r = reply;
	struct sending *s = who;
	int64_t wait;

	s->transfer = NULL;
	count_flight(s->o, -1);
	if (is_signed_anew(s, r))
		return;
	wait = wait_after(s, r);
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
	take_next(o, step(o, NULL));
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
		o->paced = NULL;
		return pump(o);
	case NEXT_WAIT:
		o->wake = clock_ticks() + o->now.ms * 1000;
		return false;
	case NEXT_WORK:
		put_work(o, o->now.work, 0);
		return false;
	case NEXT_KEEP:
		return findings_keep(o) || begin(o);	/* fails instead */
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
		access_take(o);
		show_rows(o, next.kind == NEXT_DONE);
		next = bundles_keep(o, next);
		o->now = next;
		progress(o);
		if (!begin(o))
			return;
		next = step(o, NULL);
	}
}

/* ---- sending and timers, once a turn ---- */

/* A copy to send, signed as of now; NULL: it may not or cannot be sent. */
static struct request_out *prepare(struct sending *s, GError **error)
{
	const struct engine *e = s->o->engine;
	g_autoptr(request_out) r = NULL;

	if (patience_is_over(s->o, s->bucket)) {
		g_propagate_error(error, pace_give_up(s->bucket));
		return NULL;
	}
	if (e->config.is_offline) {
		g_set_error(error, ERR, ERR_REFUSED, "offline: nobody is asked");
		return NULL;
	}
	if (!allow_exchange(e->config.settings, s->request, error))
		return NULL;
	r = exchange_dup(s->request);
	if (!access_sign(s->o, r, error))
		return NULL;
	access_unref(s->access);
	s->access = s->o->access ? access_ref(s->o->access) : NULL;
	s->differed = access_differs(s->o);
	return g_steal_pointer(&r);
}

static struct sending *next_due(const struct operation *o, int64_t ticks)
{
	for (guint i = 0; !o->is_over && i < o->sendings->len; i++) {
		struct sending *s = o->sendings->pdata[i];

		if (!s->transfer && due_of(s, ticks) <= ticks)
			return s;
	}
	return NULL;
}

static void send_due(struct operation *o, int64_t ticks)
{
	struct sending *s;

	while (has_room(o) && (s = next_due(o, ticks))) {
		GError *error = NULL;
		struct request_out *r = prepare(s, &error);

		if (r) {
			s->attempts++;
			s->last = ticks;
			if (s->bucket)
				pace_take(s->bucket, ticks);
			tell_pace(o, s->bucket, ticks);
			count_flight(o, 1);
			s->transfer = client_send(o->engine->client, r, hear_reply, s);
		} else {
			g_autoptr(reply) refused = reply_of_error(error);

			deliver(o, s, refused);
		}
	}
}

int64_t operation_due(const struct operation *o)
{
	int64_t due = o->now.kind == NEXT_WAIT ? o->wake : INT64_MAX, ticks = clock_ticks();

	for (guint i = 0; i < o->sendings->len && has_room(o); i++) {
		const struct sending *s = o->sendings->pdata[i];

		if (!s->transfer)
			due = MIN(due, due_of(s, ticks));
	}
	return due;
}

int64_t operation_until(const struct operation *o)
{
	int64_t takes = o->now.kind == NEXT_EACH && o->paced && !o->is_over ?
		pace_takes(o->paced, o->now.n - o->heard) : 0;

	return takes ? clock_now() + takes : 0;
}

bool operation_advance(struct operation *o, int64_t ticks)
{
	if (!o->is_over && o->now.kind == NEXT_WAIT && o->wake <= ticks)
		take_next(o, step(o, NULL));
	if (!o->is_over && o->sendings->len && !access_is_held(o))
		send_due(o, ticks);
	if (!o->is_over && o->now.kind == NEXT_WORK && o->works->len) {
		const struct work *w = o->works->pdata[0];

		if (w->of)
			op_progress(&o->op, w->done, w->of);
		progress(o);
	}
	return !o->is_over;
}
