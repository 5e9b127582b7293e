/*
 * place: where a host is, as far as its address says: on this machine, at the cloud's own end of
 * the wire, or anywhere else.
 *
 * Plain http goes to the first two only, unless settings say more (engine's allow.c), and no
 * proxy is asked on the way there (client).  Pure; any thread.
 */
#ifndef CERTTY_NET_PLACE_H
#define CERTTY_NET_PLACE_H

#include <glib.h>
#include <stdbool.h>

enum place_kind {
	PLACE_ELSEWHERE,
	PLACE_HERE,	/* localhost, 127.0.0.0/8, ::1 */
	PLACE_CLOUD,	/* metadata and credential services of clouds: link-local IPv4 (AWS, Azure,
			 * Google), and AWS's two on fd00:ec2:: */
};

/* The host of an http(s) URL, read so narrowly that curl cannot read another one out of it; a
 * new string without brackets, NULL when there is none. */
char *place_host(const char *url);
enum place_kind place_of_host(const char *host);
enum place_kind place_of_url(const char *url);
/* Whether anything but TLS may be what carries it: all that is not surely https. */
bool place_is_plain(const char *url);

#endif
