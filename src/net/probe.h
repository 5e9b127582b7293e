/*
 * probe: on a connected socket, the few words before TLS and then the handshake.
 *
 * For client.c, on the thread of the client's owner.  A probe is stepped whenever its socket
 * is ready; it never blocks.  It verifies nothing: a chain that is expired, self-signed or
 * made for another name is just what an inventory wants to see.
 */
#ifndef CERTTY_NET_PROBE_H
#define CERTTY_NET_PROBE_H

#include <certty/net/exchange.h>

/* What all probes of a client share. */
struct probe_kit;

struct probe_kit *probe_kit_new(GError **error);
void probe_kit_free(struct probe_kit *kit);

struct probe;

/* Takes the socket; borrows the request.  `who` stands before every sentence: "smtp://a:25". */
struct probe *probe_new(struct probe_kit *kit, int fd, const struct request_out *r,
			const char *who);
void probe_free(struct probe *p);		/* closes the socket */

int probe_fd(const struct probe *p);
short probe_events(const struct probe *p);	/* what poll() has to wait for */

/* Goes on as far as it can.  True when it is over: the reply then holds the chain, or an
 * error. */
bool probe_step(struct probe *p, struct reply *reply);

/* What was being waited for: "the greeting", "the TLS handshake". */
const char *probe_stage(const struct probe *p);

#endif
