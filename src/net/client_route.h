/*
 * client_route: what a route means to curl: whom to trust, what to show, which way to go.
 *
 * For client.c alone.
 */
#ifndef CERTTY_NET_CLIENT_ROUTE_H
#define CERTTY_NET_CLIENT_ROUTE_H

#include <certty/net/exchange.h>

#include "net/curl_late.h"

/* What curl looks at as long as the transfer lasts. */
struct client_route {
	char *host;			/* a Host header; NULL: as the URL has it */
	struct curl_slist *connect;
};

/* Sets the URL and all that follows from r->route and the environment.  False when the TLS name is
 * none. */
bool client_route_set(struct client_route *way, const struct curl_late *curl, CURL *easy,
		      const struct request_out *r);
void client_route_done(struct client_route *way, const struct curl_late *curl);

#endif
