/*
 * scan: finds a short text in a long one, as fast as memory gives it.
 *
 * A search for one word reads all names of all certificates, tens of megabytes, between two
 * keys.  Private to the module; any thread.
 */
#ifndef CERTTY_MODEL_SCAN_H
#define CERTTY_MODEL_SCAN_H

#include <stddef.h>

struct scan {
	const char *text;	/* borrowed */
	size_t len;		/* not 0 */
	size_t a, b;		/* where its two rarest bytes stand; a < b, or equal */
};

struct scan scan_new(const char *text);
/* The first place between from and end, or NULL. */
const char *scan_find(const struct scan *s, const char *from, const char *end);

#endif
