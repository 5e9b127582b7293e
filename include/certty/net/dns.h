/*
 * dns: whether a record stands in DNS, asked of the servers that have its zone, one by one.
 *
 * A resolver is asked only where the zone is and who serves it, never for the record itself: it
 * would remember for a while that there is none.  So a record that was just written is seen at
 * once, and a server that lags behind is named.  Everything that comes back is believed as far as
 * it can be: bounded in number and bytes, its names made harmless.
 *
 * Blocks, for half a minute at most: for the job pool.  Any thread.
 */
#ifndef CERTTY_NET_DNS_H
#define CERTTY_NET_DNS_H

#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <certty/base/auto.h>
#include <certty/base/err.h>
#include <certty/base/settings.h>

#define DNS_SERVERS_MAX 32	/* addresses asked about one record */
#define DNS_HOPS_MAX    8	/* CNAMEs followed from a name to where its records are */

/* How names are looked up; one owner, read-only once made. */
struct dns_way {
	char **resolvers;	/* "192.0.2.1", "::1@5353" */
	uint16_t port;		/* of the servers that have zones */
	char **only[SETTINGS_LIMITS];	/* as in safety.hosts; NULL or empty: all may be asked */
};

/* dns.servers (empty: those of /etc/resolv.conf), dns.port and safety.hosts. */
struct dns_way *dns_way_new(const struct settings *s);
void dns_way_free(struct dns_way *w);
AUTO_FREE(dns_way, dns_way_free)
/* "192.0.2.1" or "192.0.2.1@5353" */
bool dns_way_is_server(const char *text);

enum dns_has {
	DNS_SAME,		/* the record with the wanted value */
	DNS_OTHER,		/* another value */
	DNS_NONE,		/* no such record */
	DNS_LAME,		/* does not serve the zone, though the zone names it */
	DNS_FAILS,		/* answers that something is wrong there */
	DNS_SILENT,		/* did not answer */
	DNS_BARRED,		/* was not asked: safety.hosts does not name it */
	DNS_NO_WAY,		/* was not asked: nothing leads to its address from here */
	DNS_HAS_COUNT
};
const char *dns_has_words(enum dns_has has);	/* "does not have it yet" */

/* What one server says. */
struct dns_says {
	char *server, *address;	/* "ns1.example.org", "192.0.2.53"; address "" where it has none */
	enum dns_has has;
	char *value;		/* DNS_OTHER: what it has instead; else "" */
};

struct dns_found {
	char *name;		/* where the record is looked for, after CNAMEs */
	char *zone;		/* "example.org" */
	GPtrArray *says;	/* struct dns_says, at least one */
};
void dns_found_free(struct dns_found *f);
AUTO_FREE(dns_found, dns_found_free)
guint dns_found_count(const struct dns_found *f, enum dns_has has);

/* Looks for the record `name` (A-labels) of that type with that value, as a zone file has it.
 * A CNAME that is looked for is not followed; towards other types it is, as validation does.
 * ERR_NOT_FOUND: no zone is there for it; ERR_TIMEOUT, ERR_NETWORK, ERR_REPLY; ERR_CANCELLED
 * once *stop. */
struct dns_found *dns_look(const struct dns_way *way, const char *name, const char *type,
			   const char *value, const atomic_bool *stop, GError **error);

#endif
