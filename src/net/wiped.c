/*
 * A buffer that grows, and is wiped when it goes or moves: bodies may hold tokens.
 */
#include "net/wiped.h"

#include <string.h>

#include <certty/base/secret.h>

void wiped_append(struct wiped *w, const void *bytes, size_t len)
{
	if (!len)
		return;
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
