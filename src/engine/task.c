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
	g_free(t->digest);
	object_unref(t->about);
	plan_free(t->plan);
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
	const char *id;

	if (t->without)
		return g_strdup("this machine");
	if (t->command->targets->len != 1)
		return g_strdup_printf("%u %s", t->command->targets->len,
				       kind_word(t->command->verb->on));
	id = t->command->targets->pdata[0];
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
	return t->command->verb->id != VERB_SHOW && t->command->verb->id != VERB_CANCEL &&
	       !t->command->is_dry;
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

	if (t->plan)
		dry_show(t);
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

/* Verbs that are done by what the last refresh of their store found. */
static bool knows_store(const struct verb *v)
{
	static const enum verb_id all[] = { VERB_ORDER, VERB_SYNC, VERB_ENGINE_CONFIG, VERB_IMPORT,
					     VERB_SCHEDULE, VERB_REENROLL };

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		if (all[i] == v->id)
			return true;
	return false;
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
	o->op.hidden = hidden_read(e, o->target);
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

	if (verb->changes && engine_own_verb(verb) && !t->command->is_dry && !keep_begin(e, error))
		return NULL;
	o = start_operation(t, target, error);
	if (!o)
		return NULL;
	o->target = g_strdup(target);
	o->op.target = o->target;
	o->stores = shelf_freeze(e->known.shelf[KIND_STORES]);
	o->requests = shelf_freeze(e->known.shelf[KIND_REQUESTS]);
	o->op.stores = o->stores;
	o->op.requests = o->requests;
	o->deploys = shelf_freeze(e->known.shelf[KIND_DEPLOYS]);
	o->op.deploys = o->deploys;
	o->op.store = o->store;
	operation_find_lanes(o);
	if (verb->id == VERB_REFRESH)
		prepare_refresh(o);
	else if (knows_store(verb) || verb->on == KIND_OBJECTS)
		operation_know_store(o);
	return o;
}

/* Whether it is a renewal, and not the plan of one. */
static bool is_tried(const struct task *t, const struct verb *verb)
{
	return verb->id == VERB_RENEW && !t->command->is_dry;
}

/* Whatever it would begin with, it says what it would do. */
static void start_dry(struct operation *o)
{
	o->is_dry = true;
	o->first = dry_step;
	operation_start(o);
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
	if (o && t->job->is_quiet && t->command->verb->id == VERB_APPROVE &&
	    !approvals_may(t, o, &error))
		g_clear_pointer(&o, operation_free);
	/* What was not agreed to was not tried. */
	if (!o && is_tried(t, t->command->verb) && renewals_is_accepted(t, target, NULL))
		renewals_hear(e, target, error);
	if (!o) {
		task_hear(t, NULL, error);
		return;
	}
	g_ptr_array_add(o->tasks, t);
	g_ptr_array_add(e->operations, o);
	if (t->command->is_dry)
		start_dry(o);
	else
		four_eyes_start(o);
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

static const char *account_of(const struct engine *e, enum kind kind, const char *id)
{
	const void *item = kind == KIND_CERTS ? NULL : shelf_get(e->known.shelf[kind], id);

	if (kind == KIND_ACCOUNTS)
		return id;
	if (kind == KIND_OBJECTS && item)
		return ((const struct object *)item)->account;
	if (kind == KIND_STORES && item)
		return ((const struct store *)item)->account;
	return kind == KIND_REQUESTS && item ? ((const struct request *)item)->account : "";
}

/* It may be one that another tool has set up, and those are still being looked for. */
static bool waits_for_accounts(const struct engine *e, const struct task *t)
{
	return !t->without && accounts_are_looked_for(e) &&
	       !accounts_get(e, account_of(e, t->command->verb->on, target_of(t, t->next)));
}

void task_add_target(struct task *t, const char *id)
{
	GPtrArray *targets = t->command->targets;

	if (g_ptr_array_find_with_equal_func(targets, id, g_str_equal, NULL))
		return;
	g_ptr_array_add(targets, g_strdup(id));
	g_free(t->job->target);
	t->job->target = name_target(t);
	t->is_moved = true;
}

static bool is_more_to_come(const struct task *t)
{
	return t->next < count_targets(t) ||
	       (t->is_all && account_stores_are_looked_for(t->engine));
}

void task_start_due(struct engine *e)
{
	for (guint i = 0; i < e->tasks->len; i++) {
		struct task *t = e->tasks->pdata[i];

		while (t->next < count_targets(t) && !t->is_cancelled &&
		       has_room(e, t->command->verb) && !waits_for_accounts(e, t))
			start_one(t, target_of(t, t->next++));
	}
	for (guint i = e->tasks->len; i-- > 0;) {
		struct task *t = e->tasks->pdata[i];

		if (!t->running && (t->is_cancelled || !is_more_to_come(t)))
			finish(t);
	}
}

/* ---- news from operations ---- */

/* The last of its operations counts; a second more or less is no news. */
static void tell_until(struct task *t)
{
	const GPtrArray *all = t->engine->operations;
	int64_t until = 0;

	for (guint i = 0; i < all->len; i++)
		if (g_ptr_array_find(((struct operation *)all->pdata[i])->tasks, t, NULL))
			until = MAX(until, operation_until(all->pdata[i]));
	if (ABS(until - t->job->until) < 2)
		return;
	t->job->until = until;
	t->engine->is_changed = t->is_moved = true;
}

/* One operation tells how far it is; several are counted. */
void task_progress(struct task *t, const struct operation *o)
{
	uint64_t done = t->job->done, of = t->job->of;

	tell_until(t);
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

void task_say(struct task *t, const char *said)
{
	if (!g_strcmp0(t->job->said, said))
		return;
	g_free(t->job->said);
	t->job->said = g_strdup(said);
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

/* What would help the first that failed, and whom it is about. */
static void say_want(struct task *t, const struct operation *o)
{
	if (!o)
		return;
	t->job->wants = o->op.wants;
	if (o->account && o->account->origin != ACCOUNT_BUILT_IN)
		store_set(&t->job->account, o->account->id);
}

void task_hear(struct task *t, const struct operation *o, const GError *error)
{
	t->running--;
	t->ended++;
	if (error) {
		t->failed++;
		if (!t->error)
			say_want(t, o);
		if (!t->error)
			t->error = g_error_copy(error);
		if (count_targets(t) > 1)
			g_ptr_array_add(t->troubles, g_strdup(error->message));
	}
	for (guint i = 0; o && i < o->op.troubles->len; i++)
		g_ptr_array_add(t->troubles, g_strdup(o->op.troubles->pdata[i]));
	if (o && is_tried(t, o->op.verb))
		renewals_hear(t->engine, o->target, error);
	t->engine->approvals_due |= t->command->verb->id == VERB_APPROVE;	/* the next one */
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
	bool is_read_only = e->config.is_read_only;
	bool asks = !engine_own_verb(v) && v->id != VERB_SHOW && !c->is_dry;

	if (c->is_dry && !verb_has_plan(v)) {
		g_set_error(error, ERR, ERR_USAGE, "%s changes nothing, so there is no plan of it",
			    v->name);
		return false;
	}
	if (is_read_only && enroll_turn_is_about(e, c)) {
		g_set_error(error, ERR, ERR_REFUSED, "read-only: an enrolment does not go on");
		return false;
	}
	if (!asks || !e->config.is_offline)
		return command_check(c, is_read_only, error);
	g_set_error(error, ERR, ERR_REFUSED, "offline: %s is refused", v->name);
	return false;
}

/* What a provider asks for its accounts comes with the command, whoever sent it; and what the
 * account's set of defaults says stands in for what was not answered. */
static void add_account_questions(struct engine *e, struct command *c)
{
	const char *id = c->targets->len ? c->targets->pdata[0] : "";
	const struct account *a = accounts_get(e, id);
	const char *name = args_text(c->args, "provider", a ? a->provider : "");
	const struct provider *p = provider_find(name);

	if (c->verb->asks_account && !c->more && p)
		c->more = p->info->account_fields;
}

static void add_store_questions(struct engine *e, struct command *c)
{
	const char *id = command_asked_of(c);
	const struct store *s = id ? shelf_get(e->known.shelf[KIND_STORES], id) : NULL;
	const struct provider *p = s ? provider_find(s->provider) : NULL;

	if (p && !c->more)
		c->more = provider_info_questions(p->info, c->verb->id, s->type);
}

static void add_defaults(struct engine *e, struct command *c)
{
	enum kind kind = c->verb->on;
	g_autofree char *set = NULL;
	const struct account *a;

	for (guint i = 0; i < MAX(c->targets->len, 1); i++) {
		const char *id = c->targets->len ? c->targets->pdata[i] : "";

		a = accounts_get(e, kind == KIND_ACCOUNTS ? "" : account_of(e, kind, id));
		if (!a || !*a->defaults || (set && strcmp(set + strlen("defaults "), a->defaults)))
			return;		/* they do not agree */
		g_free(set);
		set = g_strconcat("defaults ", a->defaults, NULL);
	}
	for (const struct field *f = c->verb->fields; f && f->key; f++) {
		const char *value = settings_raw(accounts_settings(e), set, f->key);

		if (value && f->kind != FIELD_SECRET && !*args_text(c->args, f->key, ""))
			args_set(c->args, f->key, value);
	}
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
	if (c->verb->on == KIND_ACCOUNTS || (c->verb->id == VERB_REFRESH && !is_quiet))
		accounts_look(e);
	if (c->verb->id == VERB_ACCOUNT_TEST || (c->verb->id == VERB_REFRESH && !c->targets->len))
		accounts_find(e);
	add_account_questions(e, c);
	add_store_questions(e, c);
	if (c->verb->on != KIND_ACCOUNTS)
		add_defaults(e, c);
	t->troubles = g_ptr_array_new_with_free_func(g_free);
	t->is_all = c->verb->id == VERB_REFRESH && !c->targets->len;
	if (t->is_all)
		add_all_stores(e, c);
	else
		t->without = !c->targets->len;
	t->job = job_new(number);
	t->job->verb = c->verb->name;
	g_free(t->job->target);
	t->job->target = name_target(t);
	store_set(&t->job->store, c->verb->on == KIND_STORES && c->targets->len == 1 ?
			  c->targets->pdata[0] : "");
	if (c->targets->len == 1)
		store_set(&t->job->account, account_of(e, c->verb->on, c->targets->pdata[0]));
	t->job->is_quiet = is_quiet;
	t->job->asked = t->job->began = clock_now();
	t->job->state = JOB_WAITING;
	g_ptr_array_add(e->tasks, t);
	if (!allowed(e, c, &error)) {
		refuse(t, error);
		return;
	}
	if (t->is_all)
		account_stores_want_all(e);
	if (c->is_dry)
		t->plan = plan_new(c->verb);
	else if (c->verb->changes || enroll_turn_is_about(e, c)) {
		if (!journal_begin(t, &error)) {
			refuse(t, error);
			return;
		}
		t->is_journaled = true;
	}
	show_job(t);
}
