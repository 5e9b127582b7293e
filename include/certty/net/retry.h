/*
 * retry: again, and after how long?  A pure function of the reply, the attempt and the clock.
 *
 * Exponential backoff with full jitter from 500 ms to 30 s, at most 6 attempts; Retry-After
 * (seconds or a date), and with a 429 X-RateLimit-Next (a time) or the seconds that its words
 * name, is obeyed up to 5 minutes, longer ones end the operation with a sentence;
 * x-amz-retry-after (milliseconds) makes a wait longer by 5 seconds at most.  Only what is safe
 * to send again is: 429 and 503, with which a server turns a request away unread; and, of
 * requests that say they may be repeated, 502, 504 and broken connections, where it may have
 * acted.
 */
#ifndef CERTTY_NET_RETRY_H
#define CERTTY_NET_RETRY_H

#include <certty/net/exchange.h>

/* What a reply says about sending the same thing again, for servers that say it in their own way. */
enum verdict {
	VERDICT_BY_STATUS,	/* nothing of its own: the status decides, as above */
	VERDICT_FINAL,		/* never */
	VERDICT_THROTTLED,	/* turned away unread, since too much was asked */
	VERDICT_BROKEN,		/* it broke there: again, if it may be repeated */
};

/* Milliseconds to wait before the next attempt (attempts so far: 1 or more); -1: give up.
 * `random` is a number in [0,1). */
int64_t retry_after(const struct reply *r, enum verdict verdict, unsigned attempts, bool repeatable,
		    int64_t now, double random);
/* Milliseconds after which it says itself that one may come again; -1: it says nothing of it. */
int64_t retry_asked(const struct reply *r, int64_t now);
/* Whether it says that too much was asked. */
bool retry_is_throttled(const struct reply *r, enum verdict verdict);

#endif
