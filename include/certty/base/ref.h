/*
 * ref: how many hold a frozen thing that several threads share.
 *
 * C11 atomics and not GLib's, which the thread sanitizer cannot see into.
 */
#ifndef CERTTY_BASE_REF_H
#define CERTTY_BASE_REF_H

#include <stdatomic.h>
#include <stdbool.h>

struct ref {
	atomic_int count;
};

static inline void ref_init(struct ref *r)
{
	atomic_init(&r->count, 1);
}

static inline void ref_hold(struct ref *r)
{
	atomic_fetch_add_explicit(&r->count, 1, memory_order_relaxed);
}

/* True when that was the last one: free it now. */
static inline bool ref_drop(struct ref *r)
{
	return atomic_fetch_sub_explicit(&r->count, 1, memory_order_acq_rel) == 1;
}

#endif
