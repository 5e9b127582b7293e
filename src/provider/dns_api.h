/*
 * dns_api: requests to a DNS service whose API speaks JSON over HTTP.
 */
#ifndef CERTTY_SRC_PROVIDER_DNS_API_H
#define CERTTY_SRC_PROVIDER_DNS_API_H

#include <certty/net/exchange.h>
#include <certty/provider/op.h>

struct dns_api {
	const char *url;	/* where it is, unless the account's answer "url" says otherwise */
	const char *sort;	/* as struct pace has it, with the rest */
	double rate;
	unsigned burst;
};

#define DNS_API_REPLY_MAX (4u << 20)	/* bytes of an answer */

/* `path` below where the API is, as those answers have it; new. */
char *dns_api_url(const struct dns_api *api, const struct args *answers, const char *path);
/* A request to `path` below that; with a body, or NULL.  Only GET and DELETE may be repeated. */
struct request_out *dns_api_ask(const struct dns_api *api, const struct op *op, const char *method,
				const char *path, const char *body);
/* Whether a request goes below the account's address, as whatever carries its secret must. */
bool dns_api_is_there(const struct dns_api *api, const struct request_out *r, const struct access *a,
		      GError **error);
/* A header that ends with a secret, of which no other copy is left. */
void dns_api_header(struct request_out *r, const char *name, const char *before,
		    const struct secret *s);

#endif
