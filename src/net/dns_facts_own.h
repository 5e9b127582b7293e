/*
 * dns_facts_own: what the files that gather facts share: dns_facts.c goes from zone to zone,
 * dns_facts_ask.c asks the servers of one, dns_trust.c follows signatures.
 */
#ifndef CERTTY_SRC_NET_DNS_FACTS_OWN_H
#define CERTTY_SRC_NET_DNS_FACTS_OWN_H

#include <certty/net/dns_facts.h>
#include "net/dns_own.h"

#define DNS_FACTS_UP 16		/* names from a host up to the root */
#define DNS_FACTS_CAA 8		/* of them, those asked for CAA at a zone's own servers */
#define DNS_FACTS_NAMES 13	/* servers that a zone names */

/* ---- signatures ---- */

/* What is trusted of a zone: its keys, when trust is DNS_TRUST_SECURE. */
struct dns_trusted {
	enum dns_trust trust;
	ldns_rr_list *keys;
	const char *what;	/* "DNSKEY": what was looked at last */
};
void dns_trust_done(struct dns_trusted *t, const struct ldns_late *ldns);
/* ldns_rr, DNSKEY or DS; empty when there is no anchor and `path` names none. */
bool dns_trust_read_anchors(const struct ldns_late *ldns, const char *path, GPtrArray **ret,
			    GError **error);
/* How the set `name`, `type` in a section is signed by one of those keys. */
enum dns_trust dns_trust_check(const struct ldns_late *ldns, ldns_rr_list *from,
			       const ldns_rdf *name, ldns_rr_type type, const ldns_rr_list *keys,
			       int64_t now);
/* False, and nothing is set, when no anchor is of that zone. */
bool dns_trust_begin(const struct ldns_late *ldns, const GPtrArray *anchors, const ldns_rdf *zone,
		     ldns_pkt *keys, int64_t now, struct dns_trusted *ret);
/* From a zone to one below it, by the answers about its DS and its DNSKEY, either of which may
 * be NULL. */
void dns_trust_step(const struct ldns_late *ldns, const struct dns_trusted *above,
		    const ldns_rdf *zone, ldns_pkt *ds, ldns_pkt *keys, int64_t now,
		    struct dns_trusted *ret);

/* ---- one look ---- */

struct dns_facts_walk {
	const struct ldns_late *ldns;
	const struct dns_way *way;
	const atomic_bool *stop;
	unsigned budget;
	int64_t now;
	struct dns_address resolver;
	GPtrArray *names;	/* ldns_rdf: whatever lives as long as the look */
	GPtrArray *anchors;	/* ldns_rr */
	ldns_rr *wanted;	/* NULL: no record is looked for */
	ldns_rdf *name;		/* of the record, as CNAMEs have led so far */
	struct dns_facts *facts;
	bool is_unsure;		/* the resolver could not say everything about that name */
	/* the zone that is looked at */
	ldns_rdf *zone, *parent;
	struct dns_facts_zone *to;
	ldns_rdf *caa[DNS_FACTS_CAA];	/* names that its servers are asked for CAA */
	size_t n_caa;
	ldns_pkt *ds;		/* borrowed; or NULL */
	struct dns_trusted above;
	ldns_rdf *leads_to;	/* the record is to be looked for there; or NULL */
	bool is_deeper;		/* since a zone begins there */
};

ldns_rdf *dns_facts_keep(struct dns_facts_walk *w, ldns_rdf *name);	/* takes */
/* A question to the resolver. */
struct dns_question dns_facts_front(const struct dns_facts_walk *w, ldns_rdf *name,
				    ldns_rr_type type);
/* CAA in an answer become those of the facts; false: there are none. */
bool dns_facts_take_caa(struct dns_facts_walk *w, ldns_pkt *p, const ldns_rdf *name);
void dns_facts_add_text(GPtrArray *to, char *text);	/* takes; once, and bounded */
/* The servers named by the parent, whose answer p is, and then all that w->to->servers are asked;
 * NULL: the names are those that the resolver has. */
void dns_facts_ask_zone(struct dns_facts_walk *w, ldns_pkt *referral, GPtrArray *names);

#endif
