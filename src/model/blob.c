/*
 * blob: writing and reading the bytes that the database keeps for us.
 */
#define _GNU_SOURCE
#include "blob.h"

#include <string.h>

#include <certty/base/err.h>
#include <certty/base/text.h>

#define ORDER 0x01020304u
#define NO_TEXT UINT32_MAX

/* ---- writing ---- */

GByteArray *blob_new(const char magic[4], uint32_t version)
{
	GByteArray *b = g_byte_array_new();

	blob_put(b, magic, 4);
	blob_put_u32(b, ORDER);
	blob_put_u32(b, version);
	return b;
}

void blob_put(GByteArray *b, const void *bytes, size_t len)
{
	if (len)
		g_byte_array_append(b, bytes, (guint)len);
}

void blob_put_u32(GByteArray *b, uint32_t value)
{
	blob_put(b, &value, sizeof(value));
}

void blob_put_u64(GByteArray *b, uint64_t value)
{
	blob_put(b, &value, sizeof(value));
}

void blob_put_text(GByteArray *b, const char *text)
{
	blob_put_u32(b, text ? (uint32_t)strlen(text) : NO_TEXT);
	if (text)
		blob_put(b, text, strlen(text) + 1);
}

GBytes *blob_end(GByteArray *b)
{
	return g_byte_array_free_to_bytes(b);
}

/* ---- reading ---- */

bool blob_open(struct blob_reader *r, GBytes *bytes, const char magic[4], uint32_t version,
	       GError **error)
{
	const char *found;
	uint32_t order;

	memset(r, 0, sizeof(*r));
	r->at = g_bytes_get_data(bytes, &r->left);
	found = blob_take(r, 4);
	order = blob_take_u32(r, UINT32_MAX);
	if (!found || r->bad || memcmp(found, magic, 4) != 0) {
		g_set_error_literal(error, ERR, ERR_FORMAT,
				    "the saved state is not understood; a refresh makes it anew");
		return false;
	}
	if (order != ORDER) {
		g_set_error_literal(error, ERR, ERR_FORMAT,
				    "the saved state was written by a machine of another byte "
				    "order; a refresh makes it anew");
		return false;
	}
	if (blob_take_u32(r, UINT32_MAX) != version) {
		g_set_error_literal(error, ERR, ERR_FORMAT,
				    "the saved state was written by another version; a refresh "
				    "makes it anew");
		return false;
	}
	return true;
}

const void *blob_take(struct blob_reader *r, size_t len)
{
	const uint8_t *at = r->at;

	if (r->bad || len > r->left) {
		r->bad = true;
		return NULL;
	}
	r->at += len;
	r->left -= len;
	return at;
}

uint32_t blob_take_u32(struct blob_reader *r, uint32_t max)
{
	const void *bytes = blob_take(r, sizeof(uint32_t));
	uint32_t value = 0;

	if (bytes)
		memcpy(&value, bytes, sizeof(value));
	if (value <= max)
		return value;
	r->bad = true;
	return 0;
}

uint64_t blob_take_u64(struct blob_reader *r)
{
	const void *bytes = blob_take(r, sizeof(uint64_t));
	uint64_t value = 0;

	if (bytes)
		memcpy(&value, bytes, sizeof(value));
	return value;
}

static const char *take_harmless(struct blob_reader *r, bool lines)
{
	uint32_t len = blob_take_u32(r, UINT32_MAX);
	const char *text;

	if (r->bad || len == NO_TEXT)
		return NULL;
	text = blob_take(r, (size_t)len + 1);
	if (text && !text[len] && !memchr(text, '\0', len) &&
	    blob_is_harmless(text, (size_t)len + 1, lines))
		return text;
	r->bad = true;
	return NULL;
}

const char *blob_take_text(struct blob_reader *r)
{
	return take_harmless(r, false);
}

const char *blob_take_lines(struct blob_reader *r)
{
	return take_harmless(r, true);
}

bool blob_close(const struct blob_reader *r, GError **error)
{
	if (!r->bad && !r->left)
		return true;
	g_set_error_literal(error, ERR, ERR_FORMAT,
			    "the saved state is damaged; a refresh makes it anew");
	return false;
}

/* ---- texts ---- */

/* True when none of the eight bytes needs a closer look: all are plain ASCII, NUL or `line`. */
static bool is_plain(const char *at, uint8_t line)
{
	const uint64_t high = UINT64_C(0x8080808080808080), one = high >> 7;
	uint64_t w, below, ends, lines, del;

	memcpy(&w, at, sizeof(w));
	if (w & high)
		return false;
	below = ~(w + 0x60 * one);		/* the high bits of bytes below ' ' */
	ends = ~(w + 0x7f * one);		/* of NUL */
	lines = ~((w ^ line * one) + 0x7f * one);
	del = w + one;
	return !(((below & ~ends & ~lines) | del) & high);
}

static bool is_harmless_text(const char *text, size_t len, bool lines)
{
	g_autoptr(GString) again = g_string_new(NULL);

	if (!lines && memchr(text, '\n', len))
		return false;
	text_harmless_lines(again, text, len, len);
	return again->len == len && memcmp(again->str, text, len) == 0;
}

bool blob_is_harmless(const char *texts, size_t len, bool lines)
{
	const char *at = texts, *end = texts + len;

	if (len && end[-1])
		return false;
	while (at < end) {
		const char *text;
		size_t n;

		if (end - at >= 8 && is_plain(at, lines ? '\n' : '\0')) {
			at += 8;
			continue;
		}
		/* the text that these bytes lie in, as a whole */
		text = at > texts ? memrchr(texts, '\0', (size_t)(at - texts)) : NULL;
		text = text ? text + 1 : texts;
		n = strlen(text);
		if (!is_harmless_text(text, n, lines))
			return false;
		at = text + n + 1;
	}
	return true;
}
