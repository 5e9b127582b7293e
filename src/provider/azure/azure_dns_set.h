/*
 * azure_dns_set: a set of records, of one name and type, as Azure DNS tells of it and as it takes it.
 */
#ifndef CERTTY_AZURE_DNS_SET_H
#define CERTTY_AZURE_DNS_SET_H

#include "own.h"

/* Puts what stands in it to the task (dns_service_value), each with what is kept of the set. */
bool azure_dns_set_read(struct dns_task *t, const struct json *j, GError **error);
char *azure_dns_set_etag(const char *kept);	/* visible characters alone; new */
/* The set that is to be written: as it was read, without one and with one more, either of which may be
 * NULL; kept NULL: there is none yet, and it gets that TTL.  New. */
char *azure_dns_set_body(const char *type, const char *kept, const char *without, const char *more,
			 unsigned ttl);

#endif
