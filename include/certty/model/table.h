/*
 * table: the certificates of one store, in columns, frozen and shared.
 *
 * A row is one certificate in one place.  Columns lie side by side in compact arrays, 54
 * bytes a row and its texts, all in one piece of memory; X509 objects and DER are never kept
 * here (DER, the full digest and the serial are in the database).  Made on the engine's thread
 * by a builder, never changed afterwards, counted, read by any thread.
 *
 * Times are minutes since 1970 in 32 bits: enough until the year 10000, which certificates
 * without an end use, at half the memory of seconds.
 */
#ifndef CERTTY_MODEL_TABLE_H
#define CERTTY_MODEL_TABLE_H

#include <glib.h>
#include <stdint.h>
#include <certty/base/auto.h>
#include <certty/base/ref.h>
#include <certty/model/facts.h>
#include <certty/model/intern.h>
#include <certty/model/room.h>

#define TABLE_ROWS (1u << 22)		/* most rows of one table */
#define TABLE_TEXTS (1u << 30)		/* most bytes of its names, and of its aliases */

struct table {
	struct ref ref;
	char *store;		/* the store's id */
	int64_t seen;		/* when the store was read */
	uint32_t n;
	uint64_t *print;	/* first 8 bytes of the SHA-256, big endian; 0: not known yet */
	uint32_t *not_before, *not_after;	/* minutes */
	uint32_t *issuer;	/* intern numbers */
	uint16_t *key, *signature;	/* table-local: index into `words` */
	uint32_t *marks;
	uint32_t *subject_hash, *issuer_hash, *key_hash;
	uint16_t *names;	/* how many names beside the first; 65535: that or more */
	uint32_t *text;		/* offset in `texts`: folded "name\nsan\nsan", then NUL; row
				 * follows row without a gap, so that a search reads straight on */
	uint32_t *shown;	/* offset in `texts` of the name as shown; often equal to text,
				 * otherwise behind folded_len: it ends at '\n' or NUL */
	uint32_t *alias;	/* offset in `aliases`: the place within the store */
	char *texts, *aliases;
	size_t folded_len, texts_len, aliases_len;
	uint32_t *words;	/* intern numbers of key types and signatures */
	uint32_t n_words;
	uint32_t *issuers, *subjects;	/* distinct hashes, ascending, without 0: of all issuers, */
	uint32_t n_issuers, n_subjects;	/* and of the subjects that may issue (CA, self-signed) */
	struct room *room;	/* where it lies, or NULL: in memory of its own */
	size_t room_len;
};

struct table *table_ref(struct table *t);
void table_unref(struct table *t);
AUTO_FREE(table, table_unref)

/* The first name of a row as shown; borrowed bytes and their length (not NUL-terminated). */
const char *table_name(const struct table *t, uint32_t row, size_t *ret_len);

/* Share of its life that is used, in per mille; past the end more than 1000. */
int table_life(const struct table *t, uint32_t row, int64_t now);

struct table_builder;

/* words may be NULL when rows are only copied. */
struct table_builder *table_builder_new(const char *store, struct intern *words);
void table_builder_free(struct table_builder *b);	/* drops what was built */
/* marks: facts->marks and what the place adds (MARK_KEY…).  False when the table is full. */
bool table_builder_add(struct table_builder *b, const struct facts *f, const char *alias,
		       uint32_t marks);
/* A row as it was in an older table of the same store, with the marks given. */
bool table_builder_copy(struct table_builder *b, const struct table *old, uint32_t row,
			uint32_t marks);
struct table *table_builder_end(struct table_builder *b, int64_t seen);	/* frees the builder */

/* To and from the database: bytes with a version, self-contained (own dictionary), in this
 * machine's byte order, which the header tells.  Unpacking believes nothing.  room
 * may be NULL. */
GBytes *table_pack(const struct table *t, const struct intern *words);
struct table *table_unpack(const char *store, GBytes *bytes, struct intern *words,
			   struct room *room, GError **error);

#endif
