/*
 * slot: one pointer from thread to thread; the latest wins.
 *
 * Putting gives back what nobody took, taking leaves the slot empty; whoever holds the
 * pointer owns it.
 */
#ifndef CERTTY_BASE_SLOT_H
#define CERTTY_BASE_SLOT_H

#include <stdatomic.h>
#include <stddef.h>

struct slot {
	_Atomic(void *) item;
};

static inline void *slot_put(struct slot *s, void *item)
{
	return atomic_exchange_explicit(&s->item, item, memory_order_acq_rel);
}

static inline void *slot_take(struct slot *s)
{
	return atomic_exchange_explicit(&s->item, NULL, memory_order_acq_rel);
}

#endif
