/*
 * wiped: a growing buffer for what may hold a token.
 *
 * Any thread; one owner at a time.
 */
#ifndef CERTTY_NET_WIPED_H
#define CERTTY_NET_WIPED_H

#include <glib.h>
#include <stddef.h>

struct wiped {
	char *bytes;
	size_t len, size;
};

void wiped_append(struct wiped *w, const void *bytes, size_t len);	/* the caller bounds it */
GBytes *wiped_put(struct wiped *w);	/* wiped when the last one drops it; leaves w empty */
void wiped_done(struct wiped *w);

#endif
