/*
 * blob: bytes that the database keeps for us, written in one go and read back with suspicion.
 *
 * Numbers stand in this machine's byte order, which the head tells.  A reader that ran past
 * the end, or met something impossible, is `bad` from then on and gives zeros, so that the
 * callers may read on and ask once at the end.  Texts have to be harmless, as everything is
 * that we write.  Private to the module; any thread, one at a time.
 */
#ifndef CERTTY_MODEL_BLOB_H
#define CERTTY_MODEL_BLOB_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct blob_reader {
	const uint8_t *at;
	size_t left;
	bool bad;
};

GByteArray *blob_new(const char magic[4], uint32_t version);
void blob_put(GByteArray *b, const void *bytes, size_t len);
void blob_put_u32(GByteArray *b, uint32_t value);
void blob_put_u64(GByteArray *b, uint64_t value);
void blob_put_text(GByteArray *b, const char *text);	/* NULL stays NULL */
GBytes *blob_end(GByteArray *b);			/* frees the array */

bool blob_open(struct blob_reader *r, GBytes *bytes, const char magic[4], uint32_t version,
	       GError **error);
const void *blob_take(struct blob_reader *r, size_t len);	/* borrowed, or NULL: bad */
uint32_t blob_take_u32(struct blob_reader *r, uint32_t max);	/* larger than max: bad */
uint64_t blob_take_u64(struct blob_reader *r);
const char *blob_take_text(struct blob_reader *r);	/* borrowed; NULL also when bad */
const char *blob_take_lines(struct blob_reader *r);	/* the same, with line breaks */
bool blob_close(const struct blob_reader *r, GError **error);	/* nothing bad, nothing left */

/* Texts that each end with NUL: all of them harmless, with or without line breaks. */
bool blob_is_harmless(const char *texts, size_t len, bool lines);

#endif
