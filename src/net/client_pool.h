/*
 * client_pool: the connections that requests of one route keep and share among themselves.
 *
 * A connection may stand for who is at its end of it: a client certificate, a Kerberos ticket, a
 * proxy's password, a trust in other CAs.  So none is ever used for another route.  For client.c
 * alone, on its owner's thread.
 */
#ifndef CERTTY_NET_CLIENT_POOL_H
#define CERTTY_NET_CLIENT_POOL_H

#include <certty/net/exchange.h>

#include "net/curl_late.h"

struct client_pool;
struct client_pools {
	GQueue list;		/* struct client_pool, the one used last first */
};

/* The pool of that route, until client_pool_put(); NULL without a route, or when there is no
 * memory, and then the connection is not to be kept. */
struct client_pool *client_pool_take(struct client_pools *pools, const struct curl_late *curl,
				     struct route *route);
void client_pool_put(struct client_pools *pools, const struct curl_late *curl,
		     struct client_pool *p);
CURLSH *client_pool_share(struct client_pool *p);
void client_pools_done(struct client_pools *pools, const struct curl_late *curl);

#endif
