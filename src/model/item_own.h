/*
 * item_own: what the files of the single items (store.c, request.c, …) have in common.
 *
 * Every item starts with a count and an id.  Which of its other members own memory is said by
 * a table, so that making, copying and freeing are written once and no member is forgotten.
 * Private to the module.
 */
#ifndef CERTTY_MODEL_ITEM_OWN_H
#define CERTTY_MODEL_ITEM_OWN_H

#include <stddef.h>
#include <certty/base/ref.h>

struct item {
	struct ref ref;
	char *id;
};

enum own_kind {
	OWN_END,
	OWN_TEXT,	/* char *, never NULL: "" when new */
	OWN_MAYBE,	/* char *, may be NULL */
	OWN_LIST,	/* char **, never NULL */
	OWN_ARGS,	/* struct args *, never NULL */
};

struct own {
	enum own_kind kind;
	size_t at;
};

/* `own` names all members but the id. */
void *item_new(size_t size, const struct own *own, const char *id);
void *item_dup(const void *item, size_t size, const struct own *own);
void item_drop(void *item, const struct own *own);	/* frees it when that was the last one */

/* For the item_type tables. */
const char *item_id(const void *item);
void *item_ref(void *item);

/* -1, 0 or 1, for comparing numbers. */
#define ITEM_ORDER(a, b) (((a) > (b)) - ((a) < (b)))

#endif
