/*
 * sign_edgegrid: Akamai's EG1-HMAC-SHA256, in the Authorization header.
 *
 * Pure but for the nonce, which is random unless given; any thread.  Source: Akamai, "Authenticate
 * with EdgeGrid", and the test data of its own clients, which tests/net has as data.
 */
#ifndef CERTTY_NET_SIGN_EDGEGRID_H
#define CERTTY_NET_SIGN_EDGEGRID_H

#include <certty/net/exchange.h>

#define EDGEGRID_MAX_BODY 131072	/* bytes of a body that are signed, unless .edgerc says less */

struct edgegrid_key {
	const char *client_token, *access_token;
	const struct secret *client_secret;
	size_t max_body;		/* 0: EDGEGRID_MAX_BODY */
	const char *const *headers;	/* whose values are signed too, in this order; or NULL */
};

/* Replaces an Authorization that is there.  ERR_USAGE when the URL cannot be read. */
bool sign_edgegrid(struct request_out *r, const struct edgegrid_key *key, int64_t now,
		   const char *nonce /* or NULL */, GError **error);

#endif
