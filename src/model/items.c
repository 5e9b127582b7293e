/*
 * items: frozen arrays of rows, and the shelf on which the engine keeps the newest of each.
 *
 * A shelf is a hash table by id.  It is sorted only when somebody asks for the frozen array
 * and something has changed since, so a thousand puts cost one sort.
 */
#include <certty/model/items.h>

#include <string.h>

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

struct items *items_new(const struct item_type *type, void *const *items, size_t n)
{
	struct items *new = g_malloc(sizeof(*new) + n * sizeof(new->item[0]));

	g_assert(n <= ITEMS_MAX);
	ref_init(&new->ref);
	new->type = type;
	new->n = n;
	new->by_id = g_new(uint32_t, n);
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
	struct items *frozen;	/* NULL: changed since, or never frozen */
};

struct shelf *shelf_new(const struct item_type *type)
{
	struct shelf *shelf = g_new0(struct shelf, 1);

	shelf->type = type;
	shelf->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, type->unref);
	return shelf;
}

void shelf_free(struct shelf *shelf)
{
	if (!shelf)
		return;
	items_unref(shelf->frozen);
	g_hash_table_unref(shelf->by_id);
	g_free(shelf);
}

static void thaw(struct shelf *shelf)
{
	g_clear_pointer(&shelf->frozen, items_unref);
}

void shelf_put(struct shelf *shelf, void *item)
{
	if (shelf_get(shelf, shelf->type->id(item)) == item) {
		shelf->type->unref(item);	/* the reference that came with it */
		return;
	}
	/* replace, not insert: the old key dies with the old item */
	g_hash_table_replace(shelf->by_id, (char *)shelf->type->id(item), item);
	thaw(shelf);
}

bool shelf_drop(struct shelf *shelf, const char *id)
{
	if (!g_hash_table_remove(shelf->by_id, id))
		return false;
	thaw(shelf);
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
	return !shelf->frozen;
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

struct items *shelf_freeze(struct shelf *shelf)
{
	if (!shelf->frozen) {
		size_t n = 0;
		g_autofree void **all = g_new(void *, shelf_count(shelf) + 1);
		GHashTableIter each;

		g_hash_table_iter_init(&each, shelf->by_id);
		while (g_hash_table_iter_next(&each, NULL, &all[n]))
			n++;
		g_qsort_with_data(all, (int)n, sizeof(all[0]), on_shelf,
				  (void *)shelf->type);
		shelf->frozen = items_new(shelf->type, all, n);
	}
	return items_ref(shelf->frozen);
}
