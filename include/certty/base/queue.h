/*
 * queue: many threads put, one takes all, in the order in which they were put.
 *
 * A linked stack that the taker turns round; no lock.  Items carry their own link as first
 * member.  The queue does not own memory: whoever takes an item owns it.
 */
#ifndef CERTTY_BASE_QUEUE_H
#define CERTTY_BASE_QUEUE_H

#include <stdatomic.h>
#include <stddef.h>

struct queue_link {
	struct queue_link *next;
};

struct queue {
	_Atomic(struct queue_link *) newest;
};

static inline void queue_put(struct queue *q, struct queue_link *item)
{
	struct queue_link *old = atomic_load_explicit(&q->newest, memory_order_relaxed);

	do
		item->next = old;
	while (!atomic_compare_exchange_weak_explicit(&q->newest, &old, item,
						      memory_order_release,
						      memory_order_relaxed));
}

/* The oldest item, linked to the newer ones; NULL when there is none. */
static inline struct queue_link *queue_take_all(struct queue *q)
{
	struct queue_link *item =
		atomic_exchange_explicit(&q->newest, NULL, memory_order_acquire);
	struct queue_link *oldest = NULL;

	while (item) {
		struct queue_link *next = item->next;

		item->next = oldest;
		oldest = item;
		item = next;
	}
	return oldest;
}

#endif
