/*
 * What came back, as a value.  Its headers may hold tokens and are wiped when they go; its body
 * comes in memory that does the same (wiped.c).
 */
#include "net/exchange_own.h"

struct reply *reply_new(void)
{
	struct reply *r = g_new0(struct reply, 1);

	r->headers = exchange_headers();
	return r;
}

struct reply *reply_of_error(GError *error)
{
	struct reply *r = reply_new();

	r->error = error;
	return r;
}

void reply_free(struct reply *r)
{
	if (!r)
		return;
	g_clear_error(&r->error);
	g_clear_pointer(&r->headers, g_array_unref);
	g_clear_pointer(&r->body, g_bytes_unref);
	g_clear_pointer(&r->chain, g_ptr_array_unref);
	g_free(r->protocol);
	g_free(r->cipher);
	g_free(r->peer);
	g_free(r);
}

const char *reply_header(const struct reply *r, const char *name)
{
	for (unsigned i = 0; r->headers && i < r->headers->len; i++) {
		const struct header *h = &g_array_index(r->headers, struct header, i);

		if (g_ascii_strcasecmp(h->name, name) == 0)
			return h->value;
	}
	return NULL;
}
