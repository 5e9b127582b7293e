/*
 * certs: all tables seen as one list of certificates.
 *
 * The same certificate (first 8 bytes of its SHA-256) in many places is one entry.  Over the
 * frozen tables lie: a flat open-addressing map that joins places, and the permutation by
 * name.  Made by the engine when a table changed (certs_new reuses what it can of the old
 * one: a changed store is merged into the permutation, not sorted afresh), then frozen,
 * counted, read by any thread.
 *
 * Certificates are numbered by their first places, ascending.  Names are compared as the
 * folded text of all names; equal ones by number.
 *
 * A certificate number is an index 0 ≤ c < n, good only within this certs; what survives a
 * refresh is its id: 16 hex digits of the print, or store id and alias while the print is
 * not known.
 */
#ifndef CERTTY_MODEL_CERTS_H
#define CERTTY_MODEL_CERTS_H

#include <stdbool.h>
#include <stdint.h>
#include <certty/base/auto.h>
#include <certty/model/items.h>
#include <certty/model/table.h>

#define CERTS_NONE UINT32_MAX

struct certs {
	struct ref ref;
	const struct intern *words;
	uint32_t n_words;	/* how many of them may be looked at */
	uint32_t n;		/* certificates */
	uint32_t n_places;
	uint32_t n_tables;
	struct table **table;	/* in the order of the store shelf; referenced */
	uint32_t *base;		/* place number of each table's first row; n_tables + 1 of them */
	uint32_t *first;	/* certificate → its first place */
	uint32_t *next;		/* place → next place of the same certificate, or CERTS_NONE */
	uint32_t *cert_base;	/* how many certificates begin before each table; n_tables + 1 */
	uint32_t *again;	/* the certificates of places that are not first ones, by place */
	uint32_t *near;		/* place / CERTS_NEAR → the table there */
	uint32_t *by_name;	/* permutation of 0…n-1, names ascending */
	uint32_t *slot;		/* map of prints: certificate numbers + 1, 0 empty, ~0 gone */
	uint32_t n_slots, n_gone;
	uint64_t *known_issuer;	/* bit per certificate: its issuer's certificate is known */
	uint32_t *told;		/* on a first page: how many places each has in all; else NULL */
};

#define CERTS_NEAR 1024

struct place {
	const struct table *table;
	uint32_t table_number, row;
};

struct certs *certs_new(const struct certs *old, struct table *const *tables, uint32_t n,
			const struct intern *words);
struct certs *certs_ref(struct certs *c);
void certs_unref(struct certs *c);
AUTO_FREE(certs, certs_unref)

struct place certs_place(const struct certs *c, uint32_t place);
struct place certs_first(const struct certs *c, uint32_t cert);
uint32_t certs_count_places(const struct certs *c, uint32_t cert);
uint32_t certs_find(const struct certs *c, uint64_t print);	/* or CERTS_NONE */
uint32_t certs_find_id(const struct certs *c, const char *id);	/* a unique prefix will do */
/* A CA certificate whose subject has that hash, or CERTS_NONE; scans all rows. */
uint32_t certs_find_subject(const struct certs *c, uint32_t subject_hash);
void certs_id(const struct certs *c, uint32_t cert, GString *out);
/* Marks of all its places together, and what only the whole tells (unknown-issuer). */
uint32_t certs_marks(const struct certs *c, uint32_t cert);
int64_t certs_not_before(const struct certs *c, uint32_t cert);
int64_t certs_not_after(const struct certs *c, uint32_t cert);
/* Share of its life that is used, in per mille; past the end more than 1000. */
int certs_life(const struct certs *c, uint32_t cert, int64_t now);
const char *certs_issuer(const struct certs *c, uint32_t cert);
const char *certs_key(const struct certs *c, uint32_t cert);
const char *certs_signature(const struct certs *c, uint32_t cert);

/* ---- order ---- */

enum certs_order {
	CERTS_BY_NAME, CERTS_BY_WHERE, CERTS_BY_ISSUER, CERTS_BY_KEY, CERTS_BY_EXPIRES,
	CERTS_BY_LIFE, CERTS_BY_PLACES, CERTS_BY_MARKS, CERTS_BY_SIGNATURE, CERTS_BY_ISSUED,
	CERTS_ORDER_COUNT
};

/* Writes the numbers of the certificates whose bit is set (bits NULL: all) to ret, which has
 * room for c->n, in that order; equal ones by name.  Returns how many.  Radix and counting
 * sorts over the name permutation; `stores` names the tables' stores in words. */
uint32_t certs_sort(const struct certs *c, const struct items *stores, enum certs_order order,
		    bool descending, int64_t now, const uint64_t *bits, uint32_t *ret);

#endif
