/*
 * url: an http(s) address taken apart as it stands on the wire, for those who sign it.
 *
 * Pure; any thread.
 */
#ifndef CERTTY_NET_URL_H
#define CERTTY_NET_URL_H

#include <glib.h>
#include <stdbool.h>

struct url {
	char *scheme;		/* "https", lower case */
	char *host;		/* as the Host header has it: lower case, with a port that is not
				 * the scheme's own, IPv6 in brackets */
	char *path;		/* at least "/" */
	char *query;		/* what stands behind the '?'; NULL: none */
};

/* ERR_USAGE: not http(s), or no host.  A fragment is never sent and left out. */
bool url_read(const char *text, struct url *ret, GError **error);
void url_done(struct url *u);

#endif
