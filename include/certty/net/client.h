/*
 * client: sends exchanges, many at a time, and waits for whatever happens first.
 *
 * It and client_*.c are the only ones that know curl.  One thread owns a client and calls everything but
 * client_ring(), which may be called from any thread until client_free().  Nothing here
 * blocks except client_wait().  HTTP goes through curl's multi interface; a probe lets curl
 * resolve and connect, then takes the socket over (probe.c) in the same poll.
 */
#ifndef CERTTY_NET_CLIENT_H
#define CERTTY_NET_CLIENT_H

#include <poll.h>
#include <certty/net/exchange.h>

struct client;
struct transfer;

/* Called from client_advance() on the owner's thread; takes the reply. */
typedef void hear_fn(void *who, struct reply *reply);

/* Ignores SIGPIPE for the whole process.  curl is loaded, with allocators that wipe, when the
 * first request is sent; when it cannot be, that request fails. */
struct client *client_new(GError **error);
void client_free(struct client *c);	/* ends everything in flight at once, hears nothing */

/* Takes the request.  The transfer is owned by the client and is gone after `hear`. */
struct transfer *client_send(struct client *c, struct request_out *r, hear_fn *hear, void *who);
void client_cancel(struct client *c, struct transfer *t);	/* `hear` will not be called */
size_t client_in_flight(const struct client *c);

/* Sleeps until a socket, one of the n extra descriptors (revents are set), a ring, or the
 * time-out in milliseconds (-1: none). */
void client_wait(struct client *c, struct pollfd *extra, unsigned n, int timeout_ms);
void client_ring(struct client *c);		/* any thread */
/* Hears at most so many of the replies that have come; whether there are more. */
bool client_advance(struct client *c, unsigned most);
/* Sends what was handed over since, so that it need not wait for whatever its owner does next; nobody
 * hears of a reply here. */
void client_begin(struct client *c);

#endif
