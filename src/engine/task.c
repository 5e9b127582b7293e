/*
 * task: a command becomes a job, and the job one operation per target.
 *
 * Here stands what holds for every verb of every provider: read-only and offline refuse,
 * answers are checked against the verb's questions, what changes something is written to the
 * journal before it starts and after it ended, a refresh under way is joined.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>

/* ---- the job's row ---- */

static void show_job(struct task *t)
{
	shelf_put(t->engine->known.shelf[KIND_JOBS], job_dup(t->job));
	t->engine->is_changed = true;
	t->is_moved = false;
}

void task_free(struct task *t)
{
	command_free(t->command);
	job_unref(t->job);
	g_ptr_array_unref(t->troubles);
	g_clear_error(&t->error);
	g_free(t->said);
	g_free(t);
}

static guint count_targets(const struct task *t)
{
	return t->without ? 1 : t->command->targets->len;
}

static const char *target_of(const struct task *t, guint i)
{
	return t->without ? "" : t->command->targets->pdata[i];
}

static char *name_target(const struct task *t)
{
	const struct store *s;
	const char *id = t->without ? "" : t->command->targets->pdata[0];

	if (t->without)
		return g_strdup("this machine");
	if (t->command->targets->len > 1)
		return g_strdup_printf("%u %s", t->command->targets->len,
				       kind_word(t->command->verb->on));
	s = shelf_get(t->engine->known.shelf[KIND_STORES], id);
	return g_strdup(s ? s->title : id);
}

static enum job_state state_of(const struct task *t)
{
	if (t->is_cancelled)
		return JOB_CANCELLED;
	if (t->error && t->failed == count_targets(t))
		return JOB_FAILED;
	return t->troubles->len || t->error ? JOB_PARTLY : JOB_DONE;
}

static void keep_troubles(struct task *t)
{
	guint n = MIN(t->troubles->len, JOB_TROUBLES);

	g_strfreev(t->job->troubles);
	t->job->troubles = g_new0(char *, n + 1);
	for (guint i = 0; i < n; i++)
		t->job->troubles[i] = g_strdup(t->troubles->pdata[i]);
	if (t->troubles->len > JOB_TROUBLES) {
		g_free(t->job->troubles[n - 1]);
		t->job->troubles[n - 1] =
			g_strdup_printf("and %u more", t->troubles->len - JOB_TROUBLES + 1);
	}
}

static char *outcome(const struct task *t)
{
	if (t->is_cancelled)
		return g_strdup_printf("cancelled after %u of %u", t->ended, count_targets(t));
	if (t->error && count_targets(t) == 1)
		return g_strdup(t->error->message);
	if (t->failed)
		return g_strdup_printf("%u of %u failed: %s", t->failed, count_targets(t),
				       t->error->message);
	if (t->troubles->len && !t->said)
		return g_strdup(t->troubles->pdata[0]);
	if (!t->said && count_targets(t) > 1)
		return g_strdup_printf("all %u %s done", count_targets(t),
				       kind_word(t->command->verb->on));
	return g_strdup(t->said);
}

/* Looking at something leaves no trace, nor does stopping something beside what it stopped. */
static bool is_worth_keeping(const struct task *t)
{
	return t->command->verb->id != VERB_SHOW && t->command->verb->id != VERB_CANCEL;
}

#define PASSING_KEPT 64

/* Whoever asked still finds the answer, a while. */
static void forget_later(struct engine *e, const char *id)
{
	g_queue_push_tail(&e->passing, g_strdup(id));
	while (e->passing.length > PASSING_KEPT) {
		g_autofree char *oldest = g_queue_pop_head(&e->passing);

		shelf_drop(e->known.shelf[KIND_JOBS], oldest);
	}
}

static void finish(struct task *t)
{
	struct engine *e = t->engine;

	t->job->ended = clock_now();
	t->job->state = state_of(t);
	t->job->code = t->error ? (enum err)t->error->code : ERR_PARTLY;
	g_free(t->job->said);
	t->job->said = outcome(t);
	keep_troubles(t);
	if (t->is_journaled)
		journal_end(t);
	show_job(t);
	if (is_worth_keeping(t))
		keep_item(e, KIND_JOBS, t->job->id);
	else
		forget_later(e, t->job->id);
	g_ptr_array_remove(e->tasks, t);	/* frees it */
}

static void refuse(struct task *t, GError *error)
{
	g_clear_error(&t->error);
	t->error = error;
	t->failed = count_targets(t);
	finish(t);
}

/* ---- targets ---- */

/* A refresh under way is joined, not repeated. */
static bool join(struct task *t, const char *target)
{
	struct operation *o = t->command->verb->id == VERB_REFRESH ?
		g_hash_table_lookup(t->engine->refreshing, target) : NULL;

	if (o)
		g_ptr_array_add(o->tasks, t);
	return o != NULL;
}

static void prepare_refresh(struct operation *o)
{
	struct engine *e = o->engine;
	struct table *old = g_hash_table_lookup(e->known.tables, o->target);
	struct store *s = store_dup(o->store);

	o->old = old ? table_ref(old) : NULL;
	o->op.old = o->old;
	o->op.rows = table_builder_new(o->target, e->known.words);
	o->op.memo = keep_memo(e, o->target);
	s->state = STORE_READING;
	shelf_put(e->known.shelf[KIND_STORES], s);
	g_hash_table_replace(e->refreshing, g_strdup(o->target), o);
}

/* What only certty itself keeps is changed in its newest state, whoever wrote that. */
static struct operation *make_operation(struct task *t, const char *target, GError **error)
{
	struct engine *e = t->engine;
	const struct verb *verb = t->command->verb;
	struct operation *o;

	if (verb->changes && provider_engine.verb[verb->id] && !keep_begin(e, error))
		return NULL;
	o = start_operation(t, target, error);
	if (!o)
		return NULL;
	o->target = g_strdup(target);
	o->stores = shelf_freeze(e->known.shelf[KIND_STORES]);
	o->requests = shelf_freeze(e->known.shelf[KIND_REQUESTS]);
	o->op.stores = o->stores;
	o->op.requests = o->requests;
	o->op.store = o->store;
	operation_find_lanes(o);
	if (verb->id == VERB_REFRESH)
		prepare_refresh(o);
	return o;
}

static void start_one(struct task *t, const char *target)
{
	struct engine *e = t->engine;
	g_autoptr(GError) error = NULL;
	struct operation *o;

	t->running++;
	if (t->job->state == JOB_WAITING) {
		t->job->state = JOB_RUNNING;
		t->job->began = clock_now();
	}
	if (join(t, target))
		return;
	o = make_operation(t, target, &error);
	if (!o) {
		task_hear(t, NULL, error);
		return;
	}
	g_ptr_array_add(o->tasks, t);
	g_ptr_array_add(e->operations, o);
	secrets_start(o);
	if (o->is_over)
		g_ptr_array_remove_fast(e->operations, o);	/* frees it */
}

/* Whoever reads much must not keep a person's single order waiting, nor a cancel ever. */
static bool has_room(const struct engine *e, const struct verb *verb)
{
	guint n = 0;

	for (guint i = 0; i < e->operations->len; i++) {
		const struct operation *o = e->operations->pdata[i];

		n += engine_is_bulk(o->op.verb) == engine_is_bulk(verb);
	}
	return n < OPERATIONS_AT_ONCE || verb->id == VERB_CANCEL;
}

void task_start_due(struct engine *e)
{
	for (guint i = 0; i < e->tasks->len; i++) {
		struct task *t = e->tasks->pdata[i];

		while (t->next < count_targets(t) && !t->is_cancelled &&
		       has_room(e, t->command->verb))
			start_one(t, target_of(t, t->next++));
	}
	for (guint i = e->tasks->len; i-- > 0;) {
		struct task *t = e->tasks->pdata[i];

		if (!t->running && (t->is_cancelled || t->next >= count_targets(t)))
			finish(t);
	}
}

/* ---- news from operations ---- */

/* One operation tells how far it is; several are counted. */
void task_progress(struct task *t, const struct operation *o)
{
	uint64_t done = t->job->done, of = t->job->of;

	if (count_targets(t) > 1) {
		done = t->ended;
		of = count_targets(t);
	} else if (o && o->now.kind == NEXT_EACH && !o->op.of) {
		done = o->heard;
		of = o->now.n;
	} else if (o) {
		done = o->op.done;
		of = o->op.of;
	}
	if (done == t->job->done && of == t->job->of)
		return;
	t->job->done = done;
	t->job->of = of;
	t->engine->is_changed = t->is_moved = true;
}

void task_show_all(struct engine *e)
{
	for (guint i = 0; i < e->tasks->len; i++) {
		struct task *t = e->tasks->pdata[i];

		if (t->is_moved)
			show_job(t);
	}
}

void task_hear(struct task *t, const struct operation *o, const GError *error)
{
	t->running--;
	t->ended++;
	if (error) {
		t->failed++;
		if (!t->error)
			t->error = g_error_copy(error);
		if (count_targets(t) > 1)
			g_ptr_array_add(t->troubles, g_strdup(error->message));
	}
	for (guint i = 0; o && i < o->op.troubles->len; i++)
		g_ptr_array_add(t->troubles, g_strdup(o->op.troubles->pdata[i]));
	if (o && o->op.said && count_targets(t) == 1) {
		g_free(t->said);
		t->said = g_strdup(o->op.said);
	}
	task_progress(t, o);
	show_job(t);
}

/* Never called by an operation of that very task, which would be freed in its own step. */
bool task_cancel(struct engine *e, const char *job_id)
{
	struct task *t = NULL;

	for (guint i = 0; i < e->tasks->len; i++)
		if (!strcmp(((struct task *)e->tasks->pdata[i])->job->id, job_id))
			t = e->tasks->pdata[i];
	if (!t)
		return false;
	t->is_cancelled = true;
	for (guint i = e->operations->len; i-- > 0;) {
		struct operation *o = e->operations->pdata[i];

		bool was_ours = false;

		for (; g_ptr_array_remove(o->tasks, t); was_ours = true)
			t->running--;
		if (!was_ours || o->tasks->len)
			continue;	/* others wait for it */
		findings_undo(o);
		g_ptr_array_remove_index_fast(e->operations, i);	/* frees it */
	}
	e->is_changed = true;
	return true;
}

/* ---- starting ---- */

static bool allowed(struct engine *e, const struct command *c, GError **error)
{
	const struct verb *v = c->verb;
	/* What certty itself keeps can be shown and changed without asking anybody. */
	bool asks = !provider_engine.verb[v->id] && v->id != VERB_SHOW;

	if (!asks || !e->config.is_offline)
		return command_check(c, e->config.is_read_only, error);
	g_set_error(error, ERR, ERR_REFUSED, "offline: %s is refused", v->name);
	return false;
}

/* A refresh of nothing in particular is one of every store that is there. */
static void add_all_stores(struct engine *e, struct command *c)
{
	g_autoptr(items) stores = shelf_freeze(e->known.shelf[KIND_STORES]);

	for (size_t i = 0; i < stores->n; i++)
		g_ptr_array_add(c->targets, g_strdup(((struct store *)stores->item[i])->id));
}

void task_start(struct engine *e, uint64_t number, struct command *c, bool is_quiet)
{
	struct task *t = g_new0(struct task, 1);
	GError *error = NULL;

	t->number = number;
	t->command = c;
	t->engine = e;
	t->troubles = g_ptr_array_new_with_free_func(g_free);
	if (c->verb->id == VERB_REFRESH && !c->targets->len)
		add_all_stores(e, c);
	else
		t->without = !c->targets->len;
	t->job = job_new(number);
	t->job->verb = c->verb->name;
	g_free(t->job->target);
	t->job->target = name_target(t);
	store_set(&t->job->store, c->verb->on == KIND_STORES && c->targets->len == 1 ?
			  c->targets->pdata[0] : "");
	t->job->is_quiet = is_quiet;
	t->job->asked = t->job->began = clock_now();
	t->job->state = JOB_WAITING;
	g_ptr_array_add(e->tasks, t);
	if (!allowed(e, c, &error)) {
		refuse(t, error);
		return;
	}
	if (c->verb->changes) {
		if (!journal_begin(t, &error)) {
			refuse(t, error);
			return;
		}
		t->is_journaled = true;
	}
	show_job(t);
}
