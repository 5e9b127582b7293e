/*
 * account_stores: which stores an account has is asked without being told to: when it is new or
 * changed or was tested, with everything that is read again, and once a day.
 *
 * An account that another tool has set up may be anybody's, and to ask it is to sign in there: it
 * is used by itself only when a person has tried it and it worked.
 */
#include "account_own.h"

#include <string.h>

#include <certty/base/clock.h>

#define EVERY CLOCK_DAY

/* ---- which ---- */

static bool can_look(const struct account *a)
{
	const struct provider *p = provider_find(a->provider);

	return p && p->verb[VERB_ACCOUNT_STORES] && !a->is_disabled;
}

static bool is_used_by_itself(const struct account *a)
{
	return can_look(a) && (a->origin == ACCOUNT_CONFIGURED || a->has_worked);
}

static bool is_usable(const struct engine *e, const struct account *a)
{
	g_autofree char *why = is_used_by_itself(a) ? accounts_why_not(e, a) : NULL;

	return is_used_by_itself(a) && !why;
}

char **engine_accounts_to_look(const struct snapshot *s, int64_t older_than)
{
	const struct items *accounts = s->kind[KIND_ACCOUNTS];
	GPtrArray *ids = g_ptr_array_new();

	for (size_t i = 0; i < accounts->n; i++) {
		const struct account *a = accounts->item[i];

		if (is_used_by_itself(a) && (!a->looked || a->looked < older_than))
			g_ptr_array_add(ids, g_strdup(a->id));
	}
	g_ptr_array_add(ids, NULL);
	return (char **)g_ptr_array_free(ids, FALSE);
}

/* ---- starting ---- */

static bool is_under_way(const struct engine *e, const char *id)
{
	for (guint i = 0; i < e->operations->len; i++) {
		const struct operation *o = e->operations->pdata[i];

		if (o->op.verb->id == VERB_ACCOUNT_STORES && !o->is_over &&
		    !strcmp(o->op.account->id, id))
			return true;
	}
	return false;
}

static void start(struct engine *e, GPtrArray *ids)
{
	struct command *c;

	if (!ids->len || e->config.is_offline)
		return;
	c = command_new(VERB_ACCOUNT_STORES, NULL);
	for (guint i = 0; i < ids->len; i++)
		g_ptr_array_add(c->targets, g_strdup(ids->pdata[i]));
	task_start(e, engine_own_number(e), c, true);
}

void account_stores_look(struct engine *e, const char *id)
{
	const struct account *a = accounts_get(e, id);
	g_autoptr(GPtrArray) ids = g_ptr_array_new();

	if (!a || !can_look(a))
		return;
	g_ptr_array_add(ids, a->id);
	start(e, ids);
}

void account_stores_want_all(struct engine *e)
{
	e->wants_stores = true;
}

void account_stores_turn(struct engine *e)
{
	g_autoptr(GPtrArray) ids = NULL;
	g_autoptr(items) accounts = NULL;

	if (!e->wants_stores || accounts_are_looked_for(e))
		return;
	e->wants_stores = false;
	ids = g_ptr_array_new();
	accounts = shelf_freeze(e->known.shelf[KIND_ACCOUNTS]);
	for (size_t i = 0; i < accounts->n; i++) {
		const struct account *a = accounts->item[i];

		if (is_usable(e, a) && !is_under_way(e, a->id))
			g_ptr_array_add(ids, a->id);
	}
	start(e, ids);
}

bool account_stores_are_looked_for(const struct engine *e)
{
	for (guint i = 0; i < e->tasks->len; i++) {
		const struct task *t = e->tasks->pdata[i];

		if (t->command->verb->id == VERB_ACCOUNT_STORES)
			return true;
	}
	return e->wants_stores;
}

/* ---- once a day ---- */

static int64_t due_of(const struct engine *e, const struct account *a, int64_t every, int64_t now)
{
	const int64_t *planned = g_hash_table_lookup(e->planned, a->id);
	int64_t last = MAX(a->looked, planned ? *planned : 0);

	return last ? CLAMP(last + every - now, 0, every) : 0;
}

int64_t account_stores_due(const struct engine *e, int64_t every, int64_t now)
{
	g_autoptr(items) accounts = shelf_freeze(e->known.shelf[KIND_ACCOUNTS]);
	int64_t due = INT64_MAX;

	for (size_t i = 0; i < accounts->n; i++)
		if (is_used_by_itself(accounts->item[i]))
			due = MIN(due, due_of(e, accounts->item[i], MAX(every, EVERY), now));
	return due;
}

void account_stores_plan(struct engine *e, int64_t every, int64_t now)
{
	g_autoptr(items) accounts = shelf_freeze(e->known.shelf[KIND_ACCOUNTS]);
	g_autoptr(GPtrArray) ids = g_ptr_array_new();

	for (size_t i = 0; i < accounts->n; i++) {
		const struct account *a = accounts->item[i];

		if (!is_used_by_itself(a) || due_of(e, a, MAX(every, EVERY), now))
			continue;
		g_hash_table_replace(e->planned, g_strdup(a->id), g_memdup2(&now, sizeof(now)));
		if (is_usable(e, a) && !is_under_way(e, a->id))
			g_ptr_array_add(ids, a->id);
	}
	start(e, ids);
}

/* ---- what was found ---- */

/* Where it is and how it is reached may be new; what was read there and decided about it stays. */
static void put_known(struct engine *e, const struct store *known, const struct store *found)
{
	struct store *s;

	if (store_is_same_place(known, found) && known->is_writable == found->is_writable)
		return;
	s = store_dup(known);
	store_set_place(s, found);
	s->is_writable = found->is_writable;
	shelf_put(e->known.shelf[KIND_STORES], s);
	keep_item(e, KIND_STORES, found->id);
}

/* Whoever has asked for all stores waits for this one too; else it is read for nobody. */
static void read_new(struct operation *o, const char *id)
{
	const struct engine *e = o->engine;
	bool is_given = false;

	for (guint i = 0; i < e->tasks->len; i++) {
		struct task *t = e->tasks->pdata[i];

		if (!t->is_all || t->is_cancelled)
			continue;
		task_add_target(t, id);
		is_given = true;
	}
	if (!is_given)
		op_touch(&o->op, id);
}

static void take_found(struct operation *o)
{
	struct engine *e = o->engine;
	struct shelf *shelf = e->known.shelf[KIND_STORES];

	for (guint i = 0; i < o->op.put_stores->len; i++) {
		struct store *s = o->op.put_stores->pdata[i];
		const struct store *known = shelf_get(shelf, s->id);

		if (known) {
			put_known(e, known, s);
			continue;
		}
		shelf_put(shelf, store_ref(s));
		keep_item(e, KIND_STORES, s->id);
		e->known.tables_changed = true;
		read_new(o, s->id);
	}
	g_ptr_array_set_size(o->op.put_stores, 0);
}

/* What waits there goes with it. */
static void drop_requests(struct operation *o, const char *store)
{
	g_autoptr(items) all = shelf_freeze(o->engine->known.shelf[KIND_REQUESTS]);

	for (size_t i = 0; i < all->n; i++) {
		const struct request *r = all->item[i];

		if (!strcmp(r->store, store))
			op_drop_request(&o->op, r->id);
	}
}

static void drop_gone(struct operation *o)
{
	struct engine *e = o->engine;

	for (guint i = 0; !o->op.error && i < o->op.drop_stores->len; i++) {
		const char *id = o->op.drop_stores->pdata[i];
		const struct store *s = shelf_get(e->known.shelf[KIND_STORES], id);

		if (!s || s->origin != STORE_FOUND || strcmp(s->account, o->op.account->id))
			continue;
		drop_requests(o, id);
		g_hash_table_remove(e->known.tables, id);
		keep_drop_store(e, id);
		shelf_drop(e->known.shelf[KIND_STORES], id);
		e->known.tables_changed = true;
	}
	g_ptr_array_set_size(o->op.drop_stores, 0);
}

/* Those who wait for all stores know of one account that there may be more. */
static void tell_failed(struct operation *o)
{
	const struct engine *e = o->engine;

	for (guint i = 0; i < e->tasks->len; i++) {
		struct task *t = e->tasks->pdata[i];

		if (t->is_all)
			g_ptr_array_add(t->troubles,
					g_strdup_printf("the stores of %s cannot be looked for: %s",
							o->op.account->id, o->op.error->message));
	}
}

static void learn(struct operation *o)
{
	const struct account *old = accounts_get(o->engine, o->op.account->id);
	struct account *a;

	if (!old)
		return;
	a = account_dup(old);
	a->looked = o->began;
	if (!o->op.error)
		a->has_worked = true;
	g_free(a->trouble);
	a->trouble = o->op.error ? g_strdup(o->op.error->message) : NULL;
	accounts_learn(o->engine, a);
	account_unref(a);
}

void account_stores_take(struct operation *o)
{
	take_found(o);
	drop_gone(o);
	learn(o);
	if (o->op.error)
		tell_failed(o);
}
