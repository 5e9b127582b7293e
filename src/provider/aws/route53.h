/*
 * route53: what is written to Route 53 and read of it, between route53.c, which knows the order of
 * things, and route53_xml.c, which knows their form.
 */
#ifndef CERTTY_PROVIDER_AWS_ROUTE53_H
#define CERTTY_PROVIDER_AWS_ROUTE53_H

#include "acm.h"

#define ROUTE53_API "/2013-04-01/"

struct route53_zone {
	char *id;		/* "Z0123456789ABCDEF" */
	char *name;		/* lower case, with its final dot */
};

void route53_zone_free(void *zone);

/* Adds the public zones of a ListHostedZones; *ret_marker is where the next page begins, NULL: there
 * is none. */
bool route53_read_zones(const struct xml *x, GPtrArray *zones, char **ret_marker, GError **error);
/* A ChangeInfo: what to ask for, and whether all servers have it. */
bool route53_read_change(const struct xml *x, char **ret_id, bool *ret_is_everywhere,
			 GError **error);
/* The zone with the longest name that `name` is in; *ret_n: how many have that name. */
const struct route53_zone *route53_find_zone(const GPtrArray *zones, const char *name,
					     guint *ret_n);

/* All that stands at a name under a type, which is what can be changed there. */
struct route53_set {
	char *name, *type;
	unsigned ttl;
	GPtrArray *values;	/* char *, as Route 53 writes them */
};

void route53_set_free(void *set);
/* That record alone; NULL where it is of a type that is not set from here. */
struct route53_set *route53_set_new(const struct dns_record *r, GError **error);
bool route53_set_is_at(const struct route53_set *s, const char *name, const char *type);
/* The values of both, and the TTL that stands there; whether any is new to `there`. */
bool route53_set_join(struct route53_set *s, const struct route53_set *there);
/* The one of a ListResourceRecordSets that begins there; *ret NULL: there is none. */
bool route53_read_set(const struct xml *x, const char *name, const char *type,
		      struct route53_set **ret, GError **error);
/* ChangeResourceRecordSets that sets all of them (struct route53_set); new. */
char *route53_write_change(const GPtrArray *sets);
char *route53_change_json(const GPtrArray *records);	/* of struct dns_record, for the aws tool; new */

/* ---- route53_txt.c ---- */

/* The bytes of a TXT record, whose strings are read as one: as a zone file has them (\DDD is
 * decimal), or as Route 53 does (octal).  NULL: that is no such record. */
GBytes *route53_txt_read(const char *text, bool is_octal, GError **error);
char *route53_txt_write(GBytes *bytes);		/* as Route 53 has them; new */

#endif
