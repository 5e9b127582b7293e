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

/* Whether a row says the same of how its request stands. */
static bool is_alike(const struct request *a, const struct request *b)
{
	return a->state == b->state && !strcmp(a->theirs, b->theirs) && !strcmp(a->digest, b->digest) &&
	       !strcmp(a->oddities, b->oddities) && !strcmp(a->records, b->records);
}

/* The row as it was when the operation began, or as it has written it since; or NULL. */
static const struct request *row_before(const struct operation *o, const char *id)
{
	const struct request *mine = o->written ? g_hash_table_lookup(o->written, id) : NULL;
	gssize at = mine ? -1 : items_find(o->requests, id);

	return at < 0 ? mine : o->requests->item[at];
}

/* What was asked before somebody else wrote the row must not bring it back to what it was.  What is over
 * stays over; else whoever has changed that very request knows better than who only asked. */
static bool is_outdated(const struct operation *o, const struct request *r)
{
	const struct request *now = shelf_get(o->engine->known.shelf[KIND_REQUESTS], r->id);
	const struct request *before = o->requests ? row_before(o, r->id) : now;
	bool is_its_own = o->op.verb->changes && o->op.verb->id != VERB_PUBLISH && o->request &&
			  !strcmp(o->request->id, r->id);

	if (now == before || (now && before && is_alike(now, before)))
		return false;
	if (now && request_is_waiting(now) != request_is_waiting(r))
		return request_is_waiting(r);
	return !is_its_own;
}

static void ask_again(struct operation *o)
{
	if (o->op.verb->id == VERB_REFRESH)
		o->is_stale = true;
	else if (o->store)
		op_touch(&o->op, o->store->id);
}

static void put_request(struct operation *o, struct request *r, GPtrArray **zones)
{
	struct engine *e = o->engine;
	struct request *judged;

	approvals_sign(o, r);
	if (hidden_is_dismissed(e, r))
		return;
	if (is_outdated(o, r)) {
		ask_again(o);
		return;
	}
	judged = zones_judge(e, r, zones);
	if (!o->written)
		o->written = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
						   (GDestroyNotify)request_unref);
	g_hash_table_replace(o->written, judged->id, request_ref(judged));
	shelf_put(e->known.shelf[KIND_REQUESTS], judged);
	keep_item(e, KIND_REQUESTS, judged->id);
	e->enrolls_due = true;
}

static void take_requests(struct operation *o)
{
	struct engine *e = o->engine;
	g_autoptr(GPtrArray) zones = NULL;

	for (guint i = 0; i < o->op.put_requests->len; i++)
		put_request(o, o->op.put_requests->pdata[i], &zones);
	for (guint i = 0; i < o->op.drop_requests->len; i++) {
		const char *id = o->op.drop_requests->pdata[i];

		if (o->op.verb->id != VERB_DISMISS)
			hidden_recall(e, id);
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
		keep_read(e, s->id, t, o->op.fresh, o->has_old_memo ? NULL : o->op.new_memo);
		g_hash_table_replace(e->known.tables, g_strdup(s->id), t);
		e->known.tables_changed = true;
	}
	shelf_put(e->known.shelf[KIND_STORES], s);
}

/* What is told beside the rows, as far as it has come. */
static void show_others(struct operation *o)
{
	if (o->op.put_requests->len)
		keep_begin(o->engine, NULL);
	o->engine->approvals_due |= o->op.put_requests->len > 0;
	take_requests(o);
	g_ptr_array_set_size(o->op.put_requests, 0);
	domains_take(o);
	objects_take(o);
}

void findings_show(struct operation *o)
{
	struct engine *e = o->engine;
	const struct store *known = shelf_get(e->known.shelf[KIND_STORES], o->target);
	struct table *t;

	if (!o->op.rows)
		return;
	show_others(o);
	t = table_builder_end(g_steal_pointer(&o->op.rows), o->began);
	o->op.rows = table_builder_new(o->target, e->known.words);
	o->op.n_rows = 0;
	table_unref(o->old);
	o->old = t;
	o->op.old = t;
	if (!known)
		return;		/* dropped meanwhile */
	g_hash_table_replace(e->known.tables, g_strdup(o->target), table_ref(t));
	e->known.tables_changed = true;
	if (known->certs != t->n) {
		struct store *s = store_dup(known);

		s->certs = t->n;
		shelf_put(e->known.shelf[KIND_STORES], s);
	}
	keep_read(e, o->target, t, o->op.fresh, o->has_old_memo ? NULL : o->op.new_memo);
}

/* What a verb has learnt of a store that it did not read.  A refresh under way began without that;
 * what it would keep is left out, and the one after it begins with this. */
static void take_memo(struct operation *o)
{
	struct engine *e = o->engine;
	struct operation *reading = g_hash_table_lookup(e->refreshing, o->store->id);

	keep_new_memo(e, o->store->id, o->op.new_memo);
	if (reading)
		reading->is_stale = reading->has_old_memo = true;
}

void findings_show_detail(struct engine *e, struct detail *d)
{
	GQueue *details = &e->known.details;

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

/* As if it had never been looked at: whoever comes next reads it, should this process not get to it. */
static void make_old(struct engine *e, const char *id)
{
	const struct store *known = shelf_get(e->known.shelf[KIND_STORES], id);
	struct store *s = known ? store_dup(known) : NULL;

	if (!s)
		return;
	s->tried = 0;
	shelf_put(e->known.shelf[KIND_STORES], s);
	keep_item(e, KIND_STORES, id);
}

/* Stores that the operation wrote to are read again, asked for by nobody.  A refresh that had
 * begun before may not have seen it, and is followed by another. */
static void take_touched(struct operation *o)
{
	struct engine *e = o->engine;
	struct command *c = NULL;

	if (o->op.touched->len && o->op.verb->id != VERB_REFRESH) {
		keep_begin(e, NULL);
		for (guint i = 0; i < o->op.touched->len; i++)
			make_old(e, o->op.touched->pdata[i]);
	}
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

bool findings_keep(struct operation *o)
{
	GError *error = NULL;

	if (keep_begin(o->engine, &error)) {
		if (o->op.verb->id == VERB_ACCOUNT_STORES)
			account_stores_take(o);
		take_stores(o);
		take_requests(o);
		g_ptr_array_set_size(o->op.put_stores, 0);
		g_ptr_array_set_size(o->op.put_requests, 0);
		g_ptr_array_set_size(o->op.drop_requests, 0);
		if (keep_now(o->engine, &error))
			return true;
	}
	g_prefix_error(&error, "nothing was asked for, since it could not be written down first: ");
	o->now = next_fail_error(&o->op, error);
	return false;
}

static bool has_rows(const struct op *op)
{
	return op->put_stores->len || op->put_requests->len || op->drop_requests->len ||
	       op->put_discovery->len || op->put_domains->len || op->put_objects->len ||
	       op->drop_objects->len || op->drop_stores->len;
}

void findings_take(struct operation *o)
{
	struct engine *e = o->engine;

	/* Without it they are merged with what is known here, and written later. */
	if (has_rows(&o->op) && (o->op.verb->id != VERB_REFRESH || o->op.put_requests->len))
		keep_begin(e, NULL);
	if (o->op.verb->id == VERB_ACCOUNT_STORES)
		account_stores_take(o);
	if (o->op.zones)
		zones_learn(e, o->op.account->id, o->op.zones);
	take_stores(o);
	take_requests(o);
	e->approvals_due |= o->op.put_requests->len || o->op.verb->id == VERB_REFRESH;
	take_discovery(o);
	domains_take(o);
	objects_take(o);
	if (o->op.verb->id == VERB_REFRESH && o->store) {
		g_hash_table_remove(e->refreshing, o->target);
		take_rows(o);
		if (o->is_stale)
			op_touch(&o->op, o->target);
	}
	if (o->op.verb->id != VERB_REFRESH && o->store && o->op.new_memo)
		take_memo(o);
	if (o->op.verb->id == VERB_ACCOUNT_TEST && !o->ended) {
		accounts_tested(o);
		zones_forget(e, o->op.account->id);
		if (!o->op.error)
			account_stores_look(e, o->op.account->id);
	}
	if (o->op.looks_for_stores && !o->op.error)
		account_stores_look(e, o->op.account->id);
	if (o->op.detail && o->op.request && o->op.verb->id == VERB_SHOW)
		request_review(e, o->op.detail, o->op.request);
	if (o->op.detail)
		findings_show_detail(o->engine, g_steal_pointer(&o->op.detail));
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
