/*
 * What came back, as a value.  Its headers may hold tokens and are wiped when they go; its body
 * comes in memory that does the same (wiped.c).
 */
#include "net/exchange_own.h"

#include <string.h>

#include <certty/base/clock.h>

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

bool reply_read_date(const char *text, int64_t *ret)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	g_autofree char *month = NULL, *iso = NULL;
	const char *found;

	if (strlen(text) != 29 || strcmp(text + 25, " GMT") != 0 || text[7] != ' ' ||
	    text[11] != ' ')
		return false;
	month = g_strndup(text + 8, 3);
	found = strstr(months, month);
	if (!found || (found - months) % 3 != 0)
		return false;
	iso = g_strdup_printf("%.4s-%02d-%.2sT%.8sZ", text + 12, (int)(found - months) / 3 + 1,
			      text + 5, text + 17);
	return clock_read_date(iso, ret);
}

/* The server wrote its date somewhere between our asking and its answer's end: half the time that
 * lies between is taken off ours, since more than that is never known. */
bool reply_skew(const struct reply *r, int64_t now, int64_t *ret_seconds)
{
	const char *date = reply_header(r, "Date");
	int64_t theirs;

	if (r->error || !date || reply_header(r, "Age") || !reply_read_date(date, &theirs))
		return false;
	*ret_seconds = theirs - (now - r->ms / 2000);
	return true;
}
