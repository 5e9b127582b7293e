/*
 * domain: a DNS name, the certificates that cover it, and the state of its control validation.
 *
 * For this machine alone: the names that certificates with a private key here, or presented
 * by an endpoint, are for.  An item (see items.h): frozen, counted, any thread.
 */
#ifndef CERTTY_MODEL_DOMAIN_H
#define CERTTY_MODEL_DOMAIN_H

#include <stdint.h>
#include <certty/base/auto.h>
#include <certty/model/items.h>

struct domain {
	struct ref ref;
	char *id;		/* "local/www.example.org" */
	const char *name;	/* the id behind its first '/' */
	/* There are many domains and few different words: literals, or interned by GLib. */
	const char *account, *provider;
	const char *validation;	/* its state in words; "" when nobody validates it for us */
	uint32_t certs;		/* that cover it */
	int64_t expires;	/* the last end among those: when the name is covered no more */
	int64_t validated_until;	/* 0 unknown */
};

extern const struct item_type domain_type;

struct domain *domain_new(const char *id);	/* words "" */
struct domain *domain_ref(struct domain *d);
void domain_unref(struct domain *d);
AUTO_FREE(domain, domain_unref)

#endif
