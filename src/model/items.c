/*
 * items: frozen arrays of rows, and the shelf on which the engine keeps the newest of each.
 *
 * A shelf is a hash table by id.  It is sorted only when somebody asks for the frozen array
 * and something has changed since, so a thousand puts cost one sort; and when little has
 * changed, that is woven into the array of last time.
 */
#include <certty/model/items.h>

#include <string.h>

#include <certty/model/args.h>

#include "item_own.h"

/* ---- what all items have in common ---- */

static char **text_at(void *item, const struct own *own)
{
	return (char **)(void *)((char *)item + own->at);
}

static char ***list_at(void *item, const struct own *own)
{
	return (char ***)(void *)((char *)item + own->at);
}

static struct args **args_at(void *item, const struct own *own)
{
	return (struct args **)(void *)((char *)item + own->at);
}

void *item_new(size_t size, const struct own *own, const char *id)
{
	struct item *item = g_malloc0(size);

	ref_init(&item->ref);
	item->id = g_strdup(id);
	for (; own->kind != OWN_END; own++) {
		if (own->kind == OWN_TEXT)
			*text_at(item, own) = g_strdup("");
		else if (own->kind == OWN_LIST)
			*list_at(item, own) = g_new0(char *, 1);
		else if (own->kind == OWN_ARGS)
			*args_at(item, own) = args_new();
	}
	return item;
}

void *item_dup(const void *old, size_t size, const struct own *own)
{
	struct item *item = g_malloc(size);

	memcpy(item, old, size);
	ref_init(&item->ref);
	item->id = g_strdup(item->id);
	for (; own->kind != OWN_END; own++) {
		if (own->kind == OWN_LIST)
			*list_at(item, own) = g_strdupv(*list_at(item, own));
		else if (own->kind == OWN_ARGS)
			*args_at(item, own) = args_dup(*args_at(item, own));
		else
			*text_at(item, own) = g_strdup(*text_at(item, own));
	}
	return item;
}

void item_drop(void *ptr, const struct own *own)
{
	struct item *item = ptr;

	if (!item || !ref_drop(&item->ref))
		return;
	g_free(item->id);
	for (; own->kind != OWN_END; own++) {
		if (own->kind == OWN_LIST)
			g_strfreev(*list_at(item, own));
		else if (own->kind == OWN_ARGS)
			args_free(*args_at(item, own));
		else
			g_free(*text_at(item, own));
	}
	g_free(item);
}

const char *item_id(const void *item)
{
	return ((const struct item *)item)->id;
}

void *item_ref(void *item)
{
	ref_hold(&((struct item *)item)->ref);
	return item;
}

/* ---- frozen arrays ---- */

static int by_id(const void *a, const void *b, void *data)
{
	const struct items *items = data;
	const uint32_t *x = a, *y = b;

	return strcmp(items->type->id(items->item[*x]), items->type->id(items->item[*y]));
}

static struct items *items_room(const struct item_type *type, size_t n)
{
	struct items *new = g_malloc(sizeof(*new) + n * sizeof(new->item[0]));

	g_assert(n <= ITEMS_MAX);
	ref_init(&new->ref);
	new->type = type;
	new->n = n;
	new->by_id = g_new(uint32_t, n);
	return new;
}

struct items *items_new(const struct item_type *type, void *const *items, size_t n)
{
	struct items *new = items_room(type, n);

	for (size_t i = 0; i < n; i++) {
		new->item[i] = type->ref(items[i]);
		new->by_id[i] = (uint32_t)i;
	}
	g_qsort_with_data(new->by_id, (int)n, sizeof(new->by_id[0]), by_id, new);
	return new;
}

struct items *items_ref(struct items *items)
{
	ref_hold(&items->ref);
	return items;
}

void items_unref(struct items *items)
{
	if (!items || !ref_drop(&items->ref))
		return;
	for (size_t i = 0; i < items->n; i++)
		items->type->unref(items->item[i]);
	g_free(items->by_id);
	g_free(items);
}

gssize items_find(const struct items *items, const char *id)
{
	size_t low = 0, high = items->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		uint32_t at = items->by_id[middle];
		int order = strcmp(id, items->type->id(items->item[at]));

		if (order == 0)
			return at;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return -1;
}

/* ---- the shelf ---- */

struct shelf {
	const struct item_type *type;
	GHashTable *by_id;	/* the key is the item's own id */
	GHashTable *changed;	/* ids put or dropped since the last freeze, a set */
	struct items *frozen;	/* of last time, or NULL */
};

struct shelf *shelf_new(const struct item_type *type)
{
	struct shelf *shelf = g_new0(struct shelf, 1);

	shelf->type = type;
	shelf->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, type->unref);
	shelf->changed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return shelf;
}

void shelf_free(struct shelf *shelf)
{
	if (!shelf)
		return;
	items_unref(shelf->frozen);
	g_hash_table_unref(shelf->by_id);
	g_hash_table_unref(shelf->changed);
	g_free(shelf);
}

void shelf_put(struct shelf *shelf, void *item)
{
	if (shelf_get(shelf, shelf->type->id(item)) == item) {
		shelf->type->unref(item);	/* the reference that came with it */
		return;
	}
	if (shelf->frozen)	/* else there is nothing to weave it into */
		g_hash_table_add(shelf->changed, g_strdup(shelf->type->id(item)));
	/* replace, not insert: the old key dies with the old item */
	g_hash_table_replace(shelf->by_id, (char *)shelf->type->id(item), item);
}

bool shelf_drop(struct shelf *shelf, const char *id)
{
	g_autofree char *gone = g_strdup(id);	/* it may be the item's own */

	if (!g_hash_table_remove(shelf->by_id, id))
		return false;
	if (shelf->frozen)
		g_hash_table_add(shelf->changed, g_steal_pointer(&gone));
	return true;
}

void *shelf_get(const struct shelf *shelf, const char *id)
{
	return g_hash_table_lookup(shelf->by_id, id);
}

size_t shelf_count(const struct shelf *shelf)
{
	return g_hash_table_size(shelf->by_id);
}

bool shelf_is_changed(const struct shelf *shelf)
{
	return !shelf->frozen || g_hash_table_size(shelf->changed);
}

/* Items that compare equal are told apart by their ids, so the order never depends on the
 * hash table's. */
static int on_shelf(const void *a, const void *b, void *data)
{
	const struct item_type *type = data;
	const void *x = *(void *const *)a, *y = *(void *const *)b;
	int order = type->compare(x, y);

	return order ? order : strcmp(type->id(x), type->id(y));
}

static struct items *freeze_all(const struct shelf *shelf)
{
	size_t n = 0;
	g_autofree void **all = g_new(void *, shelf_count(shelf) + 1);
	GHashTableIter each;

	g_hash_table_iter_init(&each, shelf->by_id);
	while (g_hash_table_iter_next(&each, NULL, &all[n]))
		n++;
	g_qsort_with_data(all, (int)n, sizeof(all[0]), on_shelf, (void *)shelf->type);
	return items_new(shelf->type, all, n);
}

/* ---- weaving what is new into what was frozen ---- */

struct fresh {
	void *item;		/* first, so that it compares like a pointer to it */
	uint32_t at;		/* its new number */
};

struct weave {
	const struct items *old;
	struct items *new;
	bool *is_gone;		/* by old number */
	uint32_t *moved;	/* old number → new number */
	struct fresh *fresh;	/* in the shelf's order, later by id */
	size_t n_fresh;
};

/* An item of the old array: in its order, or by id. */
static void *old_at(const struct weave *w, size_t i, bool is_by_id)
{
	return w->old->item[is_by_id ? w->old->by_id[i] : i];
}

static int fresh_by_id(const void *a, const void *b, void *data)
{
	const struct item_type *type = data;

	return strcmp(type->id(*(void *const *)a), type->id(*(void *const *)b));
}

/* How many old items stand before this one. */
static size_t count_before(const struct weave *w, void *item, bool is_by_id)
{
	GCompareDataFunc compare = is_by_id ? fresh_by_id : on_shelf;
	size_t low = 0, high = w->old->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		void *other = old_at(w, middle, is_by_id);

		if (compare(&other, &item, (void *)w->old->type) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void weave_order(struct weave *w)
{
	const struct item_type *type = w->old->type;
	size_t old = 0, new = 0;

	for (size_t f = 0; f <= w->n_fresh; f++) {
		size_t until = f < w->n_fresh ? count_before(w, w->fresh[f].item, false) :
						 w->old->n;

		for (; old < until; old++) {
			if (w->is_gone[old])
				continue;
			w->moved[old] = (uint32_t)new;
			w->new->item[new++] = type->ref(w->old->item[old]);
		}
		if (f == w->n_fresh)
			break;
		w->fresh[f].at = (uint32_t)new;
		w->new->item[new++] = type->ref(w->fresh[f].item);
	}
}

static void weave_ids(struct weave *w)
{
	size_t old = 0, new = 0;

	for (size_t f = 0; f <= w->n_fresh; f++) {
		size_t until = f < w->n_fresh ? count_before(w, w->fresh[f].item, true) :
						 w->old->n;

		for (; old < until; old++)
			if (!w->is_gone[w->old->by_id[old]])
				w->new->by_id[new++] = w->moved[w->old->by_id[old]];
		if (f < w->n_fresh)
			w->new->by_id[new++] = w->fresh[f].at;
	}
}

static struct items *freeze_changes(struct shelf *shelf)
{
	const struct items *old = shelf->frozen;
	guint n = g_hash_table_size(shelf->changed);
	g_autofree bool *is_gone = g_new0(bool, old->n);
	g_autofree uint32_t *moved = g_new(uint32_t, old->n);
	g_autofree struct fresh *fresh = g_new(struct fresh, n);
	struct weave w = { old, items_room(shelf->type, shelf_count(shelf)), is_gone, moved,
			   fresh, 0 };
	GHashTableIter each;
	gpointer id;

	g_hash_table_iter_init(&each, shelf->changed);
	while (g_hash_table_iter_next(&each, &id, NULL)) {
		gssize i = items_find(old, id);
		void *item = shelf_get(shelf, id);

		if (i >= 0)
			is_gone[i] = true;
		if (item)
			fresh[w.n_fresh++].item = item;
	}
	g_qsort_with_data(fresh, (int)w.n_fresh, sizeof(fresh[0]), on_shelf,
			  (void *)shelf->type);
	weave_order(&w);
	g_qsort_with_data(fresh, (int)w.n_fresh, sizeof(fresh[0]), fresh_by_id,
			  (void *)shelf->type);
	weave_ids(&w);
	return w.new;
}

struct items *shelf_freeze(struct shelf *shelf)
{
	size_t changed = g_hash_table_size(shelf->changed);
	struct items *now;

	if (!shelf_is_changed(shelf))
		return items_ref(shelf->frozen);
	/* Much is sorted anew faster than woven in. */
	now = shelf->frozen && changed < shelf_count(shelf) / 8 ? freeze_changes(shelf) :
								 freeze_all(shelf);
	items_unref(shelf->frozen);
	shelf->frozen = now;
	g_hash_table_remove_all(shelf->changed);
	return items_ref(now);
}
