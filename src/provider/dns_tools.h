/*
 * dns_tools: the credentials that other tools keep for a DNS service, and signing in with them.
 *
 * ACME clients take them from variables (lego, and the service's own tools), from ~/.acme.sh/account.conf
 * (acme.sh) and from a file for a plugin in ~/.secrets/certbot (certbot).  All three are names and
 * values, of which a service has one table.
 */
#ifndef CERTTY_PROVIDER_DNS_TOOLS_H
#define CERTTY_PROVIDER_DNS_TOOLS_H

#include <certty/provider/provider.h>

#include "provider/block.h"

#define DNS_TOOLS_ENVIRONMENT "environment"
#define DNS_TOOLS_ACME_SH     "acme.sh"
#define DNS_TOOLS_CERTBOT     "certbot"

struct dns_tools {
	const char *provider, *title;
	const struct block_row *rows;		/* names, wherever they are; ends with name NULL */
	const char *certbot;			/* its plugin's file, or NULL */
	/* What is missing for signing in ("API token"), or NULL. */
	const char *(*gap)(const struct args *answers);
	/* Completes answers out of a file that they name; blocks.  Or NULL. */
	bool (*complete)(struct args *answers, GError **error);
};

/* The accounts of other tools, each with the answer auth: "environment", "acme.sh", "certbot". */
void dns_tools_find(const struct dns_tools *t, GPtrArray *found, GPtrArray *troubles);
/* Opens the account with its answers, or with those that the answer auth says where to find: an access
 * that has all of them. */
struct next dns_tools_sign_in(struct op *op, const struct dns_tools *t);
/* Answers out of a block of such names; for read_block. */
bool dns_tools_block(const struct dns_tools *t, const struct secret *text, struct args *ret,
		     GError **error);

#endif
