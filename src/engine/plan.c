/*
 * plan: what is due when: which stores there are without being asked for, when each is read
 * again, and when notices are looked for.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>

/* Where it lies and how it is reached is the configuration's. */
static bool is_same_place(const struct store *a, const struct store *b)
{
	return store_is_same_place(a, b) && a->origin == b->origin;
}

/* A built-in or configured store takes over what people decided about it and when it was
 * read; that is looked up under the lock, since others may begin at the same moment.
 * Takes s. */
static void add_own(struct engine *e, struct store *s)
{
	struct shelf *shelf = e->known.shelf[KIND_STORES];
	const struct store *known = shelf_get(shelf, s->id);
	struct store *as_known;

	g_hash_table_add(e->own_stores, g_strdup(s->id));
	if ((!known || !is_same_place(known, s)) && keep_begin(e, NULL))
		known = shelf_get(shelf, s->id);
	if (!known) {
		shelf_put(shelf, s);
		keep_item(e, KIND_STORES, s->id);
		return;
	}
	if (!is_same_place(known, s)) {
		as_known = store_dup(known);
		store_set_place(as_known, s);
		as_known->origin = s->origin;
		shelf_put(shelf, as_known);
		keep_item(e, KIND_STORES, s->id);
	}
	store_unref(s);
}

/* Stores that came from a configuration which no longer names them go. */
static void drop_unwanted(struct engine *e)
{
	g_autoptr(items) stores = shelf_freeze(e->known.shelf[KIND_STORES]);

	for (size_t i = 0; i < stores->n; i++) {
		const struct store *s = stores->item[i];

		if (s->origin == STORE_ADDED || s->origin == STORE_FOUND ||
		    g_hash_table_contains(e->own_stores, s->id))
			continue;
		g_hash_table_remove(e->known.tables, s->id);
		keep_drop_store(e, s->id);
		shelf_drop(e->known.shelf[KIND_STORES], s->id);
	}
}

void plan_own_stores(struct engine *e)
{
	for (const struct provider *const *p = provider_table; *p; p++) {
		g_autoptr(GPtrArray) stores = g_ptr_array_new();

		if ((*p)->own_stores)
			(*p)->own_stores(e->config.settings, stores);
		for (guint i = 0; i < stores->len; i++)
			add_own(e, stores->pdata[i]);
	}
	drop_unwanted(e);
	e->known.tables_changed = e->is_changed = true;
}

/* ---- refreshes ---- */

/* Without refreshes by the clock a store that was never read is read all the same, once. */
#define ONCE (INT64_C(36500) * CLOCK_DAY)

static int64_t interval(const struct engine *e)
{
	int64_t minutes = settings_int(e->config.settings, "refresh", "interval");

	if (!e->config.refreshes_itself || e->config.is_offline)
		return -1;
	return minutes > 0 ? minutes * CLOCK_MINUTE : ONCE;
}

/* Seconds until a store is due: counted from when it was last tried, or from when that was
 * last planned, so that what cannot be started or was cancelled does not come back at once.
 * A clock that was set back does not put it off for long. */
static int64_t store_due(const struct engine *e, const struct store *s, int64_t every,
			 int64_t now)
{
	const int64_t *planned = g_hash_table_lookup(e->planned, s->id);
	int64_t last = MAX(s->tried, planned ? *planned : 0);

	return last ? CLAMP(last + every - now, 0, every) : 0;
}

static int64_t refresh_due(const struct engine *e, int64_t now)
{
	int64_t every = interval(e), due = INT64_MAX;
	g_autoptr(items) stores = NULL;

	if (every <= 0)
		return -1;
	stores = shelf_freeze(e->known.shelf[KIND_STORES]);
	for (size_t i = 0; i < stores->n; i++)
		due = MIN(due, store_due(e, stores->item[i], every, now));
	due = MIN(due, account_stores_due(e, every, now));
	return due == INT64_MAX ? -1 : due;
}

void plan_refreshes(struct engine *e, int64_t now)
{
	int64_t every = interval(e);
	g_autoptr(items) stores = NULL;
	struct command *c = NULL;

	if (!e->is_loaded || refresh_due(e, now) != 0)
		return;
	stores = shelf_freeze(e->known.shelf[KIND_STORES]);
	for (size_t i = 0; i < stores->n; i++) {
		const struct store *s = stores->item[i];

		if (store_due(e, s, every, now) > 0)
			continue;
		if (!c)
			c = command_new(VERB_REFRESH, NULL);
		g_hash_table_replace(e->planned, g_strdup(s->id), g_memdup2(&now, sizeof(now)));
		g_ptr_array_add(c->targets, g_strdup(s->id));
	}
	if (c)
		task_start(e, engine_own_number(e), c, true);
	account_stores_plan(e, every, now);
}

/* ---- notices ---- */

#define LOOKED "notices-looked"	/* when, by any console */

static int64_t notices_due(const struct engine *e, int64_t now)
{
	if (!e->config.refreshes_itself || e->config.is_offline || e->config.is_read_only ||
	    !*settings_groups(e->config.settings, "notice "))
		return -1;
	return MAX(e->next_notices - now, 0);
}

/* The first look waits a little for what is read at the start, and for the interval since any
 * console looked last. */
static void plan_first_look(struct engine *e, int64_t every, int64_t now)
{
	g_autofree char *last = db_setting_get(e->db, LOOKED);
	int64_t looked = last ? g_ascii_strtoll(last, NULL, 10) : 0;

	e->next_notices = MAX(MIN(looked, now) + every, now + CLOCK_MINUTE);
}

void plan_notices(struct engine *e, int64_t now)
{
	int64_t every = settings_int(e->config.settings, "notice", "interval") * CLOCK_MINUTE;
	g_autofree char *looked = NULL;

	if (!e->is_loaded || notices_due(e, now) != 0)
		return;
	if (!e->next_notices) {
		plan_first_look(e, every, now);
		return;
	}
	e->next_notices = now + every;
	looked = g_strdup_printf("%" G_GINT64_FORMAT, now);
	keep_setting(e, LOOKED, looked);
	task_start(e, engine_own_number(e), command_new(VERB_NOTIFY, NULL), true);
}

/* ---- both ---- */

int64_t plan_due(const struct engine *e, int64_t now)
{
	int64_t refresh = refresh_due(e, now), notices = notices_due(e, now);

	if (!e->is_loaded)
		return -1;
	if (refresh < 0 || notices < 0)
		return MAX(refresh, notices);
	return MIN(refresh, notices);
}
