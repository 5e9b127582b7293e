/*
 * dns_facts: what DNS says about a name whose control is validated, asked of everybody who has a say.
 *
 * The resolver is asked where the zones are, the parent's servers whom they name for the zone, each
 * server of the zone for everything that a certificate authority would ask, and the resolver once
 * more for the record, but only when the record is there: it would remember for a while that it is
 * not.  These are facts; what they mean is said elsewhere.  Everything that comes back is hostile:
 * bounded in number and bytes, its names and texts made harmless.
 *
 * Blocks, for a few seconds: for the job pool.  Any thread.
 */
#ifndef CERTTY_NET_DNS_FACTS_H
#define CERTTY_NET_DNS_FACTS_H

#include <certty/net/dns.h>

#define DNS_FACTS_VALUES 16	/* records kept of one set */

/* How far signatures can be followed from the trust anchor. */
enum dns_trust {
	DNS_TRUST_UNKNOWN,	/* no anchor, or the resolver passes no signatures on */
	DNS_TRUST_SECURE,
	DNS_TRUST_NONE,		/* the parent says, signed, that the zone is not signed */
	DNS_TRUST_ISLAND,	/* the same, though the zone is signed */
	DNS_TRUST_UNSIGNED,	/* the parent has a DS, the zone or its answer no signature */
	DNS_TRUST_NO_KEY,	/* no key of the zone fits the parent's DS */
	DNS_TRUST_EXPIRED,	/* a signature has ended */
	DNS_TRUST_EARLY,	/* one does not hold yet */
	DNS_TRUST_BOGUS,	/* one does not fit what it signs */
	DNS_TRUST_COUNT
};

/* One server of a zone, at one address. */
struct dns_facts_server {
	char *name, *address;	/* address "" where it has none */
	bool is_parents, is_zones;	/* who names it */
	bool is_glue_only;	/* the parent has that address for it, DNS does not */
	enum dns_has serves;	/* the zone: DNS_SAME when it does */
	int64_t serial;		/* -1 unknown */
	enum dns_has has;	/* the record; DNS_SAME also when none is looked for */
	GPtrArray *values;	/* char *: what it has of the record's type */
	GPtrArray *others;	/* char *: what it has of the other type, "TXT x" */
	char *alias;		/* a CNAME at the name where none is wanted; or "" */
	char *astray;		/* a wrong name at which the record stands; or "" */
	enum dns_has caa;	/* DNS_SAME when all questions for CAA were answered */
	enum dns_trust trust;
	char *trust_at;		/* what is not trusted: "the SOA of example.org" */
};

/* One zone on the way to the record; several where CNAMEs lead on. */
struct dns_facts_zone {
	char *name;		/* what is looked for in it */
	char *zone, *parent;	/* "example.org", "org"; parent "." is the root */
	bool is_asked_above;	/* a server of the parent answered */
	bool is_delegated;	/* and names servers for it */
	bool is_same_above;	/* the parent's servers have the zone as well: nothing to compare */
	GPtrArray *parents, *own;	/* char *: names of its servers, as parent and zone have them */
	GPtrArray *servers;	/* struct dns_facts_server */
	GPtrArray *resolvers;	/* char *: as the resolver has them */
};

struct dns_facts_caa {
	unsigned flags;
	char *tag, *value;
};

struct dns_facts {
	char *name, *type, *value;	/* of the record; type "" when none is looked for */
	char *domain;		/* whose control is validated */
	GPtrArray *zones;	/* struct dns_facts_zone, at least one */
	bool is_circle;		/* CNAMEs lead in a circle, or through too many names */
	GPtrArray *caa;		/* struct dns_facts_caa: those that count */
	char *caa_at;		/* the name that has them; or "" */
	char *caa_fails;	/* the name for which nobody could be asked; or "" */
	char *resolver;		/* the one asked */
	enum dns_has cached;	/* what it has of the record; DNS_BARRED: not asked */
	char *cached_value;
	int64_t cached_left;	/* seconds that it will go on to say so */
	GPtrArray *addresses;	/* char *: of the domain */
};

/* `name` without dot at its end; the record's `type` and `value` may be NULL.  `anchor`: a file of
 * DNSKEY or DS lines, or NULL or "" for the system's.  Errors as dns_look(); ERR_NOT_FOUND when DNS
 * knows no zone at all. */
struct dns_facts *dns_facts_gather(const struct dns_way *way, const char *anchor, const char *name,
				   const char *type, const char *value, int64_t now,
				   const atomic_bool *stop, GError **error);
void dns_facts_free(struct dns_facts *f);
AUTO_FREE(dns_facts, dns_facts_free)

/* For tests of what is made of them. */
struct dns_facts *dns_facts_new(const char *name, const char *type, const char *value);
struct dns_facts_zone *dns_facts_add_zone(struct dns_facts *f, const char *name, const char *zone,
					  const char *parent);
struct dns_facts_server *dns_facts_add_server(struct dns_facts_zone *z, const char *name,
					      const char *address);
void dns_facts_add_caa(struct dns_facts *f, unsigned flags, const char *tag, const char *value);

#endif
