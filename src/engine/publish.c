/*
 * publish: from the engine's state to a snapshot in the slot, ten times a second at most.
 *
 * A snapshot shares whatever did not change: shelves freeze to the same items, tables are
 * counted, and the index over them is merged anew only when a table changed.
 */
#include "own.h"

#include <malloc.h>
#include <string.h>
#include <unistd.h>

#include <certty/base/clock.h>

/* The tables of all stores, in the order of the shelf. */
static GPtrArray *tables_in_order(struct engine *e)
{
	g_autoptr(items) stores = shelf_freeze(e->known.shelf[KIND_STORES]);
	GPtrArray *tables = g_ptr_array_new();

	for (size_t i = 0; i < stores->n; i++) {
		const struct store *s = stores->item[i];
		struct table *t = g_hash_table_lookup(e->known.tables, s->id);

		if (t)
			g_ptr_array_add(tables, t);
	}
	return tables;
}

void publish_certs(struct engine *e)
{
	g_autoptr(GPtrArray) tables = NULL;
	struct certs *old;

	if (!e->known.tables_changed)
		return;
	deploys_look(e);
	renewals_look(e);
	old = e->known.certs;
	tables = tables_in_order(e);
	e->known.certs = certs_new(old, (struct table *const *)tables->pdata, tables->len,
				   e->known.words);
	certs_unref(old);
	e->known.tables_changed = false;
	domains_refresh(e, tables);
	if (!e->operations->len)
		malloc_trim(0);	/* what loading and reading left behind goes back */
}

/* ---- snapshots ---- */

static void sum_up(struct snapshot *s)
{
	const struct items *stores = s->kind[KIND_STORES], *jobs = s->kind[KIND_JOBS];

	for (size_t i = 0; i < stores->n; i++) {
		const struct store *st = stores->item[i];

		s->stores_read += st->state == STORE_FINE || st->state == STORE_PARTLY;
		s->stores_failed += st->state == STORE_FAILED;
		s->stores_reading += st->state == STORE_READING;
		if (st->seen && (!s->oldest || st->seen < s->oldest))
			s->oldest = st->seen;
	}
	for (size_t i = 0; i < jobs->n; i++)
		s->jobs_running += !job_is_over(jobs->item[i]);
	for (int k = 0; k < KIND_COUNT; k++)
		s->count[k] = s->kind[k] ? (uint32_t)s->kind[k]->n : s->certs->n;
}

struct snapshot *publish_snapshot(struct engine *e)
{
	struct snapshot *s = snapshot_new(e->known.words);
	g_autoptr(GPtrArray) details = g_ptr_array_new();

	for (GList *l = e->known.details.head; l; l = l->next)
		g_ptr_array_add(details, l->data);
	items_unref(s->details);
	s->details = items_new(&detail_type, details->pdata, details->len);
	certs_unref(s->certs);
	s->certs = certs_ref(e->known.certs);
	for (int k = 0; k < KIND_COUNT; k++) {
		if (!e->known.shelf[k])
			continue;
		items_unref(s->kind[k]);
		s->kind[k] = shelf_freeze(e->known.shelf[k]);
	}
	s->number = ++e->snapshots;
	s->made = clock_now();
	s->is_offline = e->config.is_offline;
	s->is_read_only = e->config.is_read_only;
	s->domains_left_out = domains_left_out(e);
	s->is_finding = accounts_are_looked_for(e);
	s->is_looking = account_stores_are_looked_for(e);
	s->saying = g_strdup(e->saying);
	for (int r = 0; r < RUNG_COUNT; r++) {
		const char *said;

		s->rung[r].stand = ladder_stand(e, (enum rung)r, &said);
		s->rung[r].said = g_strdup(said);
	}
	sum_up(s);
	return s;
}

void publish_bury(struct engine *e)
{
	struct queue_link *link = queue_take_all(&e->dead);

	while (link) {
		struct dead *d = (struct dead *)link;

		link = link->next;
		snapshot_unref(d->snapshot);
		g_free(d);
	}
}

void publish(struct engine *e, int64_t ticks)
{
	if (!e->is_changed || ticks < e->next_publish)
		return;
	task_show_all(e);
	publish_certs(e);
	domains_show(e);
	if (atomic_load(&e->leaving))
		return;
	snapshot_unref(slot_put(&e->out, publish_snapshot(e)));
	(void)!write(e->ring, &(uint64_t){ 1 }, sizeof(uint64_t));
	e->is_changed = false;
	e->next_publish = ticks + PUBLISH_EVERY * 1000;
}
