/*
 * dns_own: what the files about DNS share: dns.c knows what to ask about a record, dns_update.c how
 * one is put there, dns_resolve.c asks resolvers, and dns_ask.c any server.
 */
#ifndef CERTTY_SRC_NET_DNS_OWN_H
#define CERTTY_SRC_NET_DNS_OWN_H

#include <sys/socket.h>

#include <certty/net/dns.h>
#include "net/ldns_late.h"

#define DNS_SHOWN_MAX	300
#define DNS_RESOLV_CONF "/etc/resolv.conf"

struct dns_address {
	struct sockaddr_storage at;
	socklen_t len;
};

/* Reads "192.0.2.1" and "192.0.2.1@5353". */
bool dns_address_read(const char *text, uint16_t port, struct dns_address *ret);

/* One question to one server. */
struct dns_question {
	ldns_rdf *name;		/* borrowed */
	ldns_rr_type type;
	bool is_recursive;
	bool is_signed;		/* signatures are wanted, and what does not fit them as well */
	unsigned patience;	/* slices of waiting for each try; 0: as is usual */
	struct dns_address to;
	ldns_pkt *answer;	/* NULL: none came */
	bool is_unreachable;	/* there is no way to there from this machine */
	/* while it is asked */
	int fd;
	uint16_t id;
	unsigned left;		/* slices of waiting */
	uint8_t *wire;
	size_t n_wire;
};

void dns_question_done(const struct ldns_late *ldns, struct dns_question *q);

/* The first of that type in a list whose owner is `name`; NULL: any owner. */
ldns_rr *dns_find(const struct ldns_late *ldns, ldns_rr_list *list, const ldns_rdf *name,
		  ldns_rr_type type);
/* A name, or another datum, without the dot at its end; new and harmless. */
char *dns_shown(const struct ldns_late *ldns, const ldns_rdf *rdf);
/* Whether two records have the same data: names folded, texts joined. */
bool dns_is_same(const struct ldns_late *ldns, const ldns_rr *a, const ldns_rr *b);
/* A record's data for a person. */
char *dns_value(const struct ldns_late *ldns, const ldns_rr *rr);
/* Whether safety.hosts lets a server be asked. */
bool dns_may_ask(const struct dns_way *way, const char *server, const char *address);

/* Asks all that have no answer, side by side, twice where one is lost, and by TCP where it is too
 * long.  *budget is in slices of waiting, for everything that one look may ask. */
void dns_ask(const struct ldns_late *ldns, struct dns_question *q, size_t n, unsigned *budget,
	     const atomic_bool *stop);
/* Sends a message by TCP; what comes back, or NULL. */
GByteArray *dns_ask_at_length(const struct dns_address *to, const uint8_t *message, size_t len,
			      unsigned *budget, const atomic_bool *stop);

/* ---- dns_resolve.c: a walk through DNS for one record ---- */

struct dns_walk {
	const struct ldns_late *ldns;
	const struct dns_way *way;
	const atomic_bool *stop;
	unsigned budget;
	GPtrArray *names;	/* ldns_rdf: whatever lives as long as the walk */
	ldns_rr *wanted;
	ldns_rdf *name;		/* where it is looked for */
	ldns_rdf *target;	/* a server says that it is to be looked for there; or NULL */
};

/* ERR_USAGE when that is no record; then there is nothing to end. */
bool dns_resolve_begin(struct dns_walk *ret, const struct dns_way *way, const char *name,
		       const char *type, const char *value, const atomic_bool *stop, GError **error);
void dns_resolve_end(struct dns_walk *l);
ldns_rdf *dns_resolve_keep(struct dns_walk *l, ldns_rdf *name);		/* takes it */
ldns_rdf *dns_resolve_copy(struct dns_walk *l, const ldns_rdf *name);
bool dns_resolve_check_stop(const struct dns_walk *l, GError **error);
/* Asks the resolvers in their order, until each question has an answer that means something. */
void dns_resolve(struct dns_walk *l, struct dns_question *q, size_t n);
ldns_pkt *dns_resolve_one(struct dns_walk *l, ldns_rdf *name, ldns_rr_type type, GError **error);

/* ---- dns.c ---- */

/* What a server's answer says of the record that is looked for: s->has, s->value, l->target. */
void dns_judge(struct dns_walk *l, ldns_pkt *p, struct dns_says *s);

#endif
