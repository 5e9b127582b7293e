/*
 * domain: a DNS name, the certificates that cover it, and the state of its control validation.
 *
 * Two things have this shape.  What one account or store tells of a domain is put by its provider
 * (op_put_domain): the id is that of the account or the store, '/', and the name; what is not known
 * stays empty, and nothing is filled in by guessing.  A row of the tab is all of that together with
 * the certificates and requests of every store; its id is the name alone.
 *
 * An item (see items.h): frozen, counted, any thread.
 */
#ifndef CERTTY_MODEL_DOMAIN_H
#define CERTTY_MODEL_DOMAIN_H

#include <stdbool.h>
#include <stdint.h>
#include <certty/base/auto.h>
#include <certty/model/items.h>
#include <certty/model/rule.h>

#define DOMAINS_MAX 50000	/* rows, and what is told; whatever is left out is counted */

/* Of several that tell, the highest is the row's. */
enum domain_state {
	DOMAIN_UNKNOWN,		/* nobody tells */
	DOMAIN_NOT,		/* somebody tells that it is not validated */
	DOMAIN_OVER,		/* it was validated, and that may not be used any more */
	DOMAIN_VALID,
	DOMAIN_FAILED,
	DOMAIN_PENDING,
	DOMAIN_STATE_COUNT
};

struct domain {
	struct ref ref;
	char *id;		/* "www.example.org"; told: "prod/acm:eu-west-1/www.example.org" */
	const char *name;	/* the id behind its last '/' */
	/* There are many domains and few different words: literals, or interned by GLib. */
	const char *account, *provider;	/* of a row: all of them, with blanks between */
	const char *validation;	/* the provider's own words for the state, or "" */
	const char *method;	/* how control is shown: "dns", "email", "http", "phone", "whois",
				 * "dns-persist"; "" not known */
	const char *registration;	/* whether and how the CA knows it, in words; "" not known */
	const char *users;	/* who may use it there, in words; "" not known */
	enum domain_state state;
	uint32_t certs;		/* a row: that cover it */
	char *record;		/* told: what must stand in DNS, as a line of a zone file; or NULL */
	int64_t expires;	/* a row: the last end among those: when it is covered no more */
	int64_t validated;	/* control was shown then at the latest; 0 not known */
	int64_t validated_until;	/* as its provider says; 0 not known */
	/* A row: of its certificates that a public CA issued, the one that ends last; else 0. */
	int64_t public_from, public_until;
	const struct rule *next;	/* a row: domain_next_rule() when it was made; or NULL */
};

extern const struct item_type domain_type;

struct domain *domain_new(const char *id);	/* words "" */
struct domain *domain_dup(const struct domain *d);
struct domain *domain_ref(struct domain *d);
void domain_unref(struct domain *d);
AUTO_FREE(domain, domain_unref)

void domain_set_id(struct domain *d, const char *id);	/* before anybody else has it */
bool domain_is_same(const struct domain *a, const struct domain *b);

const char *domain_state_word(enum domain_state state);	/* "validated" */
enum tone domain_state_tone(enum domain_state state);
const char *domain_method_word(const char *method);	/* "e-mail"; the method where it has none */

/* As it is at that time: one that may not be used any more is over. */
enum domain_state domain_state_at(const struct domain *d, int64_t now);
/* Until when its validation may be used: as its provider says, or else (is_bound) what the rules of
 * public CAs leave at most of one that was made when it was last known to be; 0: not known. */
int64_t domain_until(const struct domain *d, bool *ret_is_bound);
/* What touches it next: its validation, its method or the successor of its public certificate. */
const struct rule *domain_next_rule(const struct domain *d, int64_t now);

#endif
