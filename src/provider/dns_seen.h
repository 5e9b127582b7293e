/*
 * dns_seen: whether the records of a request stand in DNS, on every server of their zones: a work for
 * the job pool, whatever service waits for them.
 */
#ifndef CERTTY_PROVIDER_DNS_SEEN_H
#define CERTTY_PROVIDER_DNS_SEEN_H

#include <certty/provider/provider.h>

#define DNS_SEEN_MAX 100	/* records */

/* What the step finds in op->work->in. */
struct dns_seen {
	struct dns_way *way;
	GPtrArray *records;	/* struct dns_record */
	GPtrArray *troubles;	/* sentences: who lacks one, or why nobody could be asked */
	guint there;		/* records that every server has */
};

/* Of records as a request has them, one a line; NULL: there is none in them. */
struct work *dns_seen_work(const struct op *op, const char *records);
static inline bool dns_seen_all(const struct dns_seen *s)
{
	return s->there == s->records->len;
}

#endif
