/*
 * wiped: memory for what may hold a token, on its way through libraries and buffers.
 *
 * The five functions that curl allocates with, and a buffer that grows.  Any thread; a buffer
 * has one owner at a time.
 */
#ifndef CERTTY_NET_WIPED_H
#define CERTTY_NET_WIPED_H

#include <glib.h>
#include <stddef.h>

void *wiped_malloc(size_t len);
void *wiped_calloc(size_t n, size_t len);
void *wiped_realloc(void *bytes, size_t len);
char *wiped_strdup(const char *s);
void wiped_free(void *bytes);

struct wiped {
	char *bytes;
	size_t len, size;
};

void wiped_append(struct wiped *w, const void *bytes, size_t len);	/* the caller bounds it */
GBytes *wiped_put(struct wiped *w);	/* wiped when the last one drops it; leaves w empty */
void wiped_done(struct wiped *w);

#endif
