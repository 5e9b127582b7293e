/*
 * findings: what an operation found goes into the state, and is marked to be written.
 *
 * The only place where a store's rows, its state and its age change together, so that a
 * failed refresh keeps the older rows and says so.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>

/* What people decided about a store stays, whatever a provider thinks of it. */
static struct store *with_decisions(const struct store *known, struct store *s)
{
	struct store *merged = store_dup(s);

	store_set(&merged->container, known->container);
	g_strfreev(merged->labels);
	merged->labels = g_strdupv(known->labels);
	merged->has_secret = known->has_secret;
	return merged;
}

/* A refresh knows but a part of the row, which take_rows() writes. */
static void take_stores(struct operation *o)
{
	struct engine *e = o->engine;
	struct shelf *shelf = e->known.shelf[KIND_STORES];
	enum verb_id verb = o->op.verb->id;

	for (guint i = 0; i < o->op.put_stores->len; i++) {
		struct store *s = o->op.put_stores->pdata[i];
		const struct store *known = shelf_get(shelf, s->id);

		if (!known && verb == VERB_REFRESH)
			continue;	/* dropped meanwhile */
		shelf_put(shelf, known && verb != VERB_LABEL ? with_decisions(known, s) :
							       store_ref(s));
		if (verb != VERB_REFRESH)
			keep_item(e, KIND_STORES, s->id);
		e->known.tables_changed |= !known;	/* tables follow the shelf's order */
	}
}

static void take_requests(struct operation *o)
{
	struct engine *e = o->engine;

	for (guint i = 0; i < o->op.put_requests->len; i++) {
		struct request *r = o->op.put_requests->pdata[i];

		shelf_put(e->known.shelf[KIND_REQUESTS], request_ref(r));
		keep_item(e, KIND_REQUESTS, r->id);
	}
	for (guint i = 0; i < o->op.drop_requests->len; i++) {
		const char *id = o->op.drop_requests->pdata[i];

		if (shelf_drop(e->known.shelf[KIND_REQUESTS], id))
			keep_item(e, KIND_REQUESTS, id);
	}
}

/* Seen again: what a person decided stays. */
static struct discovery *merged(const struct discovery *known, const struct discovery *seen)
{
	struct discovery *d = discovery_dup(seen);

	if (known) {
		d->state = known->state;
		d->first_seen = known->first_seen;
		d->decided = known->decided;
		store_set(&d->decided_by, known->decided_by);
	}
	return d;
}

static void take_discovery(struct operation *o)
{
	struct engine *e = o->engine;
	struct shelf *shelf = e->known.shelf[KIND_DISCOVERY];

	for (guint i = 0; i < o->op.put_discovery->len; i++) {
		const struct discovery *d = o->op.put_discovery->pdata[i];
		const struct discovery *known = shelf_get(shelf, d->id);

		if (!known && shelf_get(e->known.shelf[KIND_STORES], d->id))
			continue;
		shelf_put(shelf, merged(known, d));
		keep_item(e, KIND_DISCOVERY, d->id);
	}
}

static char *trouble_of(const struct op *op)
{
	guint n = op->troubles->len;

	if (op->error)
		return g_strdup(op->error->message);
	if (n == 0)
		return NULL;
	if (n == 1)
		return g_strdup(op->troubles->pdata[0]);
	return g_strdup_printf("%s (and %u more)", (char *)op->troubles->pdata[0], n - 1);
}

/* The rows of a store that was read, or the news that it could not be. */
static void take_rows(struct operation *o)
{
	struct engine *e = o->engine;
	const struct store *old = shelf_get(e->known.shelf[KIND_STORES], o->target);
	struct store *s;

	if (!old)
		return;	/* dropped meanwhile */
	s = store_dup(old);
	s->tried = o->began;
	g_free(s->trouble);
	s->trouble = trouble_of(&o->op);
	if (o->op.error) {
		s->state = STORE_FAILED;
		keep_read(e, s->id, NULL, o->op.fresh, NULL);
	} else {
		struct table *t = table_builder_end(g_steal_pointer(&o->op.rows), o->began);

		s->state = o->op.troubles->len ? STORE_PARTLY : STORE_FINE;
		s->seen = o->began;
		s->certs = t->n;
		s->keys = o->op.keys;
		keep_read(e, s->id, t, o->op.fresh, o->op.new_memo);
		g_hash_table_replace(e->known.tables, g_strdup(s->id), t);
		e->known.tables_changed = true;
	}
	shelf_put(e->known.shelf[KIND_STORES], s);
}

static void take_detail(struct operation *o)
{
	GQueue *details = &o->engine->known.details;
	struct detail *d = g_steal_pointer(&o->op.detail);

	for (GList *l = details->head; l; l = l->next) {
		struct detail *older = l->data;

		if (!strcmp(older->id, d->id)) {
			g_queue_delete_link(details, l);
			detail_unref(older);
			break;
		}
	}
	g_queue_push_head(details, d);
	while (details->length > DETAILS_KEPT)
		detail_unref(g_queue_pop_tail(details));
}

/* Stores that the operation wrote to are read again, asked for by nobody.  A refresh that had
 * begun before may not have seen it, and is followed by another. */
static void take_touched(struct operation *o)
{
	struct engine *e = o->engine;
	struct command *c = NULL;

	for (guint i = 0; i < o->op.touched->len && !e->config.is_offline; i++) {
		const char *id = o->op.touched->pdata[i];
		struct operation *reading = g_hash_table_lookup(e->refreshing, id);

		if (reading)
			reading->is_stale = true;
		if (reading || !shelf_get(e->known.shelf[KIND_STORES], id))
			continue;
		if (!c)
			c = command_new(VERB_REFRESH, NULL);
		g_ptr_array_add(c->targets, g_strdup(id));
	}
	if (c)
		task_start(e, engine_own_number(e), c, true);
}

static bool has_rows(const struct op *op)
{
	return op->put_stores->len || op->put_requests->len || op->drop_requests->len ||
	       op->put_discovery->len;
}

void findings_take(struct operation *o)
{
	struct engine *e = o->engine;

	/* Without it they are merged with what is known here, and written later. */
	if (has_rows(&o->op) && o->op.verb->id != VERB_REFRESH)
		keep_begin(e, NULL);
	take_stores(o);
	take_requests(o);
	take_discovery(o);
	for (guint i = 0; i < o->op.put_domains->len; i++)
		shelf_put(e->known.shelf[KIND_DOMAINS],
			  domain_ref(o->op.put_domains->pdata[i]));
	if (o->op.verb->id == VERB_REFRESH && o->store) {
		g_hash_table_remove(e->refreshing, o->target);
		take_rows(o);
		if (o->is_stale)
			op_touch(&o->op, o->target);
	}
	if (o->op.detail)
		take_detail(o);
	take_touched(o);
}

/* Cancelled: the store is as it was before, but for what people decided meanwhile. */
void findings_undo(struct operation *o)
{
	struct shelf *shelf = o->engine->known.shelf[KIND_STORES];
	const struct store *now;
	struct store *s;

	if (o->op.verb->id != VERB_REFRESH || !o->store)
		return;
	g_hash_table_remove(o->engine->refreshing, o->target);
	now = shelf_get(shelf, o->target);
	if (!now)
		return;
	s = store_dup(now);
	s->state = o->store->state;
	shelf_put(shelf, s);
}
