/*
 * snapshot: an immutable, shared view of all that the engine knows.
 *
 * Made by the engine, taken by the screen through a slot, counted; any thread may read it.
 * Frozen parts are shared between snapshots, so making one costs nothing for what did not
 * change.  A *first page* is a snapshot with `is_first_page` set: it holds only the rows of
 * each tab's first screen, in their saved order, with the counts of everything; the screen
 * paints it at start, before anything else is loaded.
 *
 * Of a first page: certs->by_name is the order in which the certificates were shown, whatever
 * that was, and each of them has one place, with the marks and the number of all its places;
 * the other kinds' items stand in the order shown.  Stores that only a certificate needs
 * follow behind the shown ones.
 */
#ifndef CERTTY_MODEL_SNAPSHOT_H
#define CERTTY_MODEL_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>
#include <certty/base/auto.h>
#include <certty/model/account.h>
#include <certty/model/certs.h>
#include <certty/model/items.h>

struct snapshot {
	struct ref ref;
	uint64_t number;		/* grows with each one */
	int64_t made;
	bool is_first_page;
	bool is_offline;		/* nobody is asked: the saved state only */
	bool is_read_only;
	bool is_finding;		/* other tools' accounts are still being looked for */
	bool is_looking;		/* accounts are being asked which stores they have */
	struct certs *certs;		/* never NULL */
	struct items *kind[KIND_COUNT];	/* never NULL but for KIND_CERTS, which is NULL */
	struct items *details;		/* those asked for lately */
	uint32_t count[KIND_COUNT];	/* of everything, also where is_first_page */
	int64_t oldest;			/* the age of the oldest store's rows; 0: none read yet */
	uint32_t stores_read;		/* of which rows are here, all or in part, as last asked */
	uint32_t stores_failed, stores_reading;
	uint32_t jobs_running;
	uint64_t domains_left_out;	/* names beyond DOMAINS_MAX, each time that one occurs */
	char *saying;			/* a sentence about the engine itself, or NULL */
	struct {
		enum rung_stand stand;
		char *said;		/* in words, or NULL */
	} rung[RUNG_COUNT];		/* where secrets can be kept */
};

/* A new snapshot with empty parts, to be filled in before it is handed over. */
struct snapshot *snapshot_new(struct intern *words);
struct snapshot *snapshot_ref(struct snapshot *s);
void snapshot_unref(struct snapshot *s);
AUTO_FREE(snapshot, snapshot_unref)

/* The store of a table number of s->certs; borrowed, NULL when it is gone. */
const struct store *snapshot_store(const struct snapshot *s, uint32_t table_number);

/* The first page: for each kind the rows (numbers within s) that its tab shows first.  Packs
 * into bytes for the database, and back into a snapshot with is_first_page. */
struct first_rows {
	const uint32_t *row;
	uint32_t n;
};
GBytes *snapshot_pack_first_page(const struct snapshot *s,
				 const struct first_rows rows[KIND_COUNT]);
struct snapshot *snapshot_unpack_first_page(GBytes *bytes, struct intern *words, GError **error);

#endif
