/*
 * Ordinary memory that is wiped when it goes or moves.
 *
 * curl's allocators, since tokens pass through all of its buffers, and the one growing buffer
 * that holds a body.
 */
#include "net/wiped.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <certty/base/secret.h>

/* What stands before the bytes, for free() is not told how many there are. */
struct block {
	size_t len;
	max_align_t bytes[];
};

void *wiped_malloc(size_t len)
{
	struct block *b;

	if (len > SIZE_MAX - sizeof(*b))
		return NULL;
	b = malloc(sizeof(*b) + len);
	if (!b)
		return NULL;
	b->len = len;
	return b->bytes;
}

void wiped_free(void *bytes)
{
	struct block *b;

	if (!bytes)
		return;
	b = (struct block *)(void *)((char *)bytes - offsetof(struct block, bytes));
	secret_wipe(b, sizeof(*b) + b->len);
}

void *wiped_realloc(void *bytes, size_t len)
{
	const struct block *old;
	void *fresh = wiped_malloc(len);

	if (!fresh || !bytes)
		return fresh;
	old = (const struct block *)(const void *)((char *)bytes - offsetof(struct block, bytes));
	memcpy(fresh, bytes, MIN(len, old->len));
	wiped_free(bytes);
	return fresh;
}

char *wiped_strdup(const char *s)
{
	char *copy = wiped_malloc(strlen(s) + 1);

	return copy ? memcpy(copy, s, strlen(s) + 1) : NULL;
}

void *wiped_calloc(size_t n, size_t len)
{
	void *bytes = len && n > SIZE_MAX / len ? NULL : wiped_malloc(n * len);

	return bytes ? memset(bytes, 0, n * len) : NULL;
}

void wiped_append(struct wiped *w, const void *bytes, size_t len)
{
	if (w->len + len > w->size) {
		size_t size = MAX(MAX(w->size * 2, w->len + len), 4096);
		char *larger = g_malloc(size);

		if (w->bytes) {
			memcpy(larger, w->bytes, w->len);
			secret_wipe(w->bytes, w->size);
		}
		w->bytes = larger;
		w->size = size;
	}
	memcpy(w->bytes + w->len, bytes, len);
	w->len += len;
}

void wiped_done(struct wiped *w)
{
	if (w->bytes)
		secret_wipe(w->bytes, w->size);
	*w = (struct wiped){ 0 };
}

static void forget(void *data)
{
	wiped_done(data);
	g_free(data);
}

GBytes *wiped_put(struct wiped *w)
{
	struct wiped *kept = g_memdup2(w, sizeof(*w));

	*w = (struct wiped){ 0 };
	return g_bytes_new_with_free_func(kept->bytes, kept->len, forget, kept);
}
