/*
 * items: rows of one kind that several threads look at.
 *
 * An item (a store, a request, a job…) is a struct with a `struct ref` and is never changed
 * once it has been put on a shelf: whoever wants it different dups it, changes the copy and
 * puts that.  A shelf is the engine's mutable set of them, by id; items is the frozen,
 * counted array that a snapshot shares.  A shelf is for the engine's thread; items for any.
 */
#ifndef CERTTY_MODEL_ITEMS_H
#define CERTTY_MODEL_ITEMS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <certty/base/auto.h>
#include <certty/base/ref.h>
#include <certty/model/kind.h>

/* What a shelf must know about its items; one constant each in store.c, request.c, … */
struct item_type {
	enum kind kind;
	const char *(*id)(const void *item);
	void *(*ref)(void *item);
	void (*unref)(void *item);
	int (*compare)(const void *a, const void *b);	/* the order on the shelf */
};

#define ITEMS_MAX (1u << 30)

struct items {
	struct ref ref;
	const struct item_type *type;
	size_t n;
	uint32_t *by_id;	/* permutation: ids ascending */
	void *item[];
};

struct items *items_new(const struct item_type *type, void *const *items, size_t n);
struct items *items_ref(struct items *i);
void items_unref(struct items *i);
/* The index of the item with that id, or -1. */
gssize items_find(const struct items *i, const char *id);
AUTO_FREE(items, items_unref)

struct shelf;

struct shelf *shelf_new(const struct item_type *type);
void shelf_free(struct shelf *s);
void shelf_put(struct shelf *s, void *item);		/* takes it; replaces one of the same id */
bool shelf_drop(struct shelf *s, const char *id);
void *shelf_get(const struct shelf *s, const char *id);	/* borrowed, or NULL */
size_t shelf_count(const struct shelf *s);
bool shelf_is_changed(const struct shelf *s);		/* since the last freeze */
struct items *shelf_freeze(struct shelf *s);		/* a new reference; shared while unchanged */

#endif
