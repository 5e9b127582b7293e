/*
 * objects: what services keep beside certificates: what an operation told of them goes on the shelf,
 * goes with its store or account, and is said in full.
 */
#include "own.h"

#include <string.h>

static bool is_of(const struct object *o, const char *where)
{
	return !strcmp(*o->store ? o->store : o->account, where);
}

static void drop(struct engine *e, const char *id)
{
	g_autofree char *copy = g_strdup(id);

	if (shelf_drop(e->known.shelf[KIND_OBJECTS], copy))
		keep_item(e, KIND_OBJECTS, copy);
}

/* False: there is no room. */
static bool put(struct engine *e, struct object *o)
{
	struct shelf *shelf = e->known.shelf[KIND_OBJECTS];
	const struct object *known = shelf_get(shelf, o->id);

	if (known && object_is_same(known, o))
		return true;
	if (!known && shelf_count(shelf) >= OBJECTS_MAX)
		return false;
	keep_item(e, KIND_OBJECTS, o->id);
	shelf_put(shelf, object_ref(o));
	return true;
}

/* All of it, but for those ids and types; NULL: for none. */
static void drop_others(struct engine *e, const char *where, GHashTable *ids, GPtrArray *types)
{
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_OBJECTS]);

	for (size_t i = 0; i < all->n; i++) {
		const struct object *o = all->item[i];
		bool is_kept = (ids && g_hash_table_contains(ids, o->id)) ||
			       (types && g_ptr_array_find_with_equal_func(types, o->type, g_str_equal, NULL));

		if (is_of(o, where) && !is_kept)
			drop(e, o->id);
	}
}

/* Of what the operation tells all; NULL: only of some, or not of all yet. */
static const char *told_whole(const struct operation *o)
{
	if (o->op.error || !o->is_over)
		return NULL;
	if (o->op.verb->id == VERB_REFRESH && o->store)
		return o->store->id;
	return o->op.verb->id == VERB_ACCOUNT_STORES ? o->op.account->id : NULL;
}

void objects_take(struct operation *o)
{
	struct engine *e = o->engine;
	GPtrArray *all = o->op.put_objects;
	const char *where = told_whole(o);
	g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
	guint left = 0;

	for (guint i = 0; i < all->len; i++)
		g_hash_table_add(ids, ((struct object *)all->pdata[i])->id);
	if (where)
		drop_others(e, where, ids, o->op.kept_objects);
	for (guint i = 0; i < all->len; i++)
		left += !put(e, all->pdata[i]);
	for (guint i = 0; i < o->op.drop_objects->len; i++)
		drop(e, o->op.drop_objects->pdata[i]);
	if (left && o->is_over)
		op_trouble(&o->op, "%u objects are left out: %d is the most that is kept", left, OBJECTS_MAX);
}

void objects_forget(struct engine *e, const char *where)
{
	drop_others(e, where, NULL, NULL);
}

void objects_move(struct engine *e, const char *from, const char *to, const char *account)
{
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_OBJECTS]);

	for (size_t i = 0; i < all->n; i++) {
		const struct object *known = all->item[i];
		g_autofree char *id = object_id(to, known->type, object_key(known));
		struct object *moved;

		if (!is_of(known, from))
			continue;
		moved = object_dup(known);
		store_set(&moved->id, id);
		store_set(&moved->account, account);
		if (*moved->store)
			store_set(&moved->store, to);
		drop(e, known->id);
		put(e, moved);
		object_unref(moved);
	}
}

/* ---- in full ---- */

static void add_fact(void *who, const char *label, const char *value)
{
	detail_add(who, TONE_PLAIN, label, "%s", value);
}

void objects_describe(struct engine *e, struct detail *d, const struct object *o)
{
	const struct store *s = *o->store ? shelf_get(e->known.shelf[KIND_STORES], o->store) : NULL;

	detail_add(d, TONE_PLAIN, "type", "%s", o->type);
	if (*o->state)
		detail_add(d, o->tone, "state", "%s", o->state);
	if (*o->summary)
		detail_add(d, o->tone, "in short", "%s", o->summary);
	detail_add(d, TONE_PLAIN, "where", "%s (%s)", s ? s->title : *o->store ? o->store : o->account,
		   o->account);
	object_each_fact(o, add_fact, d);
	if (s)
		detail_add_time(d, "as of", s->seen);
	if (*o->can)
		detail_add(d, TONE_PLAIN, "next", "%s", o->can);
	detail_add(d, TONE_DIM, "id", "%s", o->id);
}
