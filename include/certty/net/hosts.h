/*
 * hosts: whether a list of hosts, as settings have them, names one.
 *
 * Host names, *.domains, "*" for every name, addresses and networks ("10.1.0.0/16",
 * "2001:db8::/32").  A name is named by its name and an address by its network: what a name resolves
 * to is its owner's business, so whoever lists networks alone names no name.  Pure; any thread.
 */
#ifndef CERTTY_NET_HOSTS_H
#define CERTTY_NET_HOSTS_H

#include <glib.h>
#include <stdbool.h>

/* `host`: a name, with or without the dot that may end it, or an address without brackets. */
bool hosts_name(const char *const *list, const char *host);

#endif
