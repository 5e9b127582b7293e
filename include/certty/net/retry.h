/*
 * retry: again, and after how long?  A pure function of the reply, the attempt and the clock.
 *
 * Exponential backoff with full jitter from 500 ms to 30 s, at most 6 attempts; Retry-After
 * (seconds or a date) is obeyed up to 5 minutes, longer ones end the operation with a
 * sentence.  Only what is safe to send again is: 429 and 503, with which a server turns a
 * request away unread; and, of requests that say they may be repeated, 502, 504 and broken
 * connections, where it may have acted.
 */
#ifndef CERTTY_NET_RETRY_H
#define CERTTY_NET_RETRY_H

#include <certty/net/exchange.h>

/* Milliseconds to wait before the next attempt (attempts so far: 1 or more); -1: give up.
 * `random` is a number in [0,1). */
int64_t retry_after(const struct reply *r, unsigned attempts, bool repeatable, int64_t now,
		    double random);

#endif
