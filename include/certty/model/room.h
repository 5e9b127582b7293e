/*
 * room: memory for many tables at once, for loading a whole saved state.
 *
 * One piece, in huge pages where the system gives them: a million certificates are then a
 * hundred pages to fill and to give back instead of fifty thousand.  Tables take from it one
 * after the other; what no longer fits has memory of its own.  The pages of a table that goes
 * are given back at once, the piece itself with its last table.
 *
 * Taking is for one thread; references may be dropped on any.
 */
#ifndef CERTTY_MODEL_ROOM_H
#define CERTTY_MODEL_ROOM_H

#include <stddef.h>
#include <certty/base/auto.h>

struct room;

struct room *room_new(size_t bytes);	/* NULL when there is no such piece */
void room_unref(struct room *r);
AUTO_FREE(room, room_unref)

/* NULL when r is NULL or full; otherwise it holds a reference, which room_give() drops. */
void *room_take(struct room *r, size_t bytes);
void room_give(struct room *r, void *at, size_t bytes);

#endif
