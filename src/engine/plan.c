/*
 * plan: what is due when: which stores there are without being asked for, and when each is
 * read again.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>

/* A built-in or configured store takes over what people decided about it and when it was
 * read; where it lies and how it is reached is the configuration's. */
static void add_own(struct engine *e, GHashTable *wanted, struct store *s)
{
	struct shelf *shelf = e->known.shelf[KIND_STORES];
	const struct store *known = shelf_get(shelf, s->id);

	g_hash_table_add(wanted, g_strdup(s->id));
	if (known) {
		store_set(&s->container, known->container);
		g_strfreev(s->labels);
		s->labels = g_strdupv(known->labels);
		s->state = known->state;
		store_set(&s->trouble, known->trouble);
		s->tried = known->tried;
		s->seen = known->seen;
		s->certs = known->certs;
		s->keys = known->keys;
		s->is_absent = known->is_absent;
		s->is_writable = known->is_writable;
		s->has_secret = known->has_secret;
	}
	shelf_put(shelf, s);
	keep_store(e, s->id);
}

/* Stores that came from a configuration which no longer names them go. */
static void drop_unwanted(struct engine *e, GHashTable *wanted)
{
	g_autoptr(items) stores = shelf_freeze(e->known.shelf[KIND_STORES]);

	for (size_t i = 0; i < stores->n; i++) {
		const struct store *s = stores->item[i];

		if (s->origin == STORE_ADDED || g_hash_table_contains(wanted, s->id))
			continue;
		g_hash_table_remove(e->known.tables, s->id);
		keep_drop_store(e, s->id);
		shelf_drop(e->known.shelf[KIND_STORES], s->id);
	}
}

void plan_own_stores(struct engine *e)
{
	g_autoptr(GHashTable) wanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
							     NULL);

	for (const struct provider *const *p = provider_table; *p; p++) {
		g_autoptr(GPtrArray) stores = g_ptr_array_new();

		if ((*p)->own_stores)
			(*p)->own_stores(e->config.settings, stores);
		for (guint i = 0; i < stores->len; i++)
			add_own(e, wanted, stores->pdata[i]);
	}
	drop_unwanted(e, wanted);
	e->known.tables_changed = e->is_changed = true;
}

/* ---- refreshes ---- */

static int64_t interval(const struct engine *e)
{
	if (!e->config.refreshes_itself || e->config.is_offline)
		return -1;
	return settings_int(e->config.settings, "refresh", "interval") * CLOCK_MINUTE;
}

/* Seconds until a store is due, counted from when it was last tried. */
static int64_t store_due(const struct store *s, int64_t every, int64_t now)
{
	return s->state == STORE_READING ? every : MAX(s->tried + every - now, 0);
}

int64_t plan_due(const struct engine *e, int64_t now)
{
	int64_t every = interval(e), due = INT64_MAX;
	g_autoptr(items) stores = NULL;

	if (every <= 0 || !e->is_loaded)
		return -1;
	stores = shelf_freeze(e->known.shelf[KIND_STORES]);
	for (size_t i = 0; i < stores->n; i++)
		due = MIN(due, store_due(stores->item[i], every, now));
	return due == INT64_MAX ? -1 : due;
}

void plan_refreshes(struct engine *e, int64_t now)
{
	int64_t every = interval(e);
	g_autoptr(items) stores = NULL;
	struct command *c = NULL;

	if (every <= 0 || plan_due(e, now) > 0)
		return;
	stores = shelf_freeze(e->known.shelf[KIND_STORES]);
	for (size_t i = 0; i < stores->n; i++) {
		const struct store *s = stores->item[i];

		if (store_due(s, every, now) > 0)
			continue;
		if (!c)
			c = command_new(VERB_REFRESH, NULL);
		g_ptr_array_add(c->targets, g_strdup(s->id));
	}
	if (c)
		task_start(e, ++e->own_numbers, c, true);
}
