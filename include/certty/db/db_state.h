/*
 * db_state: saving and loading the working set.
 *
 * Rows of every kind but certificates are items, each a row of its own.  What a store holds
 * is saved as a whole: its row, its table of certificates (one blob), the provider's memo
 * (one blob) and the DER of certificates that are new, in one transaction, so nobody ever
 * sees half a refresh.  DER is kept once for each certificate, for as long as some store's
 * table has it.
 *
 * Errors as in db.h, and ERR_FORMAT where what is saved makes no sense.  A single row that
 * makes no sense is mended or left out, it does not keep the others from loading.
 */
#ifndef CERTTY_DB_DB_STATE_H
#define CERTTY_DB_DB_STATE_H

#include <certty/db/db.h>
#include <certty/model/items.h>
#include <certty/model/store.h>
#include <certty/model/table.h>

/* ---- items: store_type, request_type, discovery_type, domain_type, job_type, account_type ----
 *
 * Of an account only what was learnt of it is kept: who, where its secret was and until when it
 * lasts, when it was tested and with what verdict. */

#define DB_ITEMS_MAX 100000	/* of one kind */
#define DB_JOBS_KEPT 500	/* ended jobs; older ones are dropped */

/* Requests are on the disk for certain when this returns (or when the transaction around it
 * has been committed): they are written before anything is sent. */
bool db_item_put(struct db *db, const struct item_type *type, const void *item,
		 GError **error);
/* Dropping a store drops all that it holds. */
bool db_item_drop(struct db *db, const struct item_type *type, const char *id, GError **error);
/* Puts every saved item on the shelf.  A store whose refresh was interrupted comes back as
 * read, or as new; jobs come back as ended, the latest saved where numbers repeat. */
bool db_item_load(struct db *db, const struct item_type *type, struct shelf *shelf,
		  GError **error);

/* Gives a store another id, with all that it holds; the row itself is put and dropped by whoever
 * renames it. */
bool db_store_move(struct db *db, const char *from, const char *to, GError **error);

/* ---- what a store holds ---- */

struct db_cert {
	uint8_t sha256[32];
	GBytes *der;
};

struct db_refresh {
	const struct store *store;
	const struct table *table;	/* NULL: the rows stay as they are (a failed refresh) */
	const struct intern *words;	/* the table's */
	GBytes *memo;			/* NULL: stays as it is */
	const struct db_cert *fresh;	/* certificates whose DER may not be here yet */
	size_t n_fresh;
};

/* Of a store that is saved already only what reading it tells is changed (state, trouble,
 * times, counts, is_writable): another process may have set its labels meanwhile. */
bool db_refresh_put(struct db *db, const struct db_refresh *refresh, GError **error);

/* Ids (char *) of stores whose rows were saved after that change number, 0: all.  To look
 * again after db_is_changed(): first take db_change_number(), then this with the number of
 * last time, then db_rows_get() each. */
GPtrArray *db_rows_list(struct db *db, int64_t since, GError **error);
/* ERR_NOT_FOUND when nothing is saved for that store. */
struct table *db_rows_get(struct db *db, const char *store, struct intern *words,
			  struct room *room, GError **error);
/* Room for the rows of all stores, for loading them one after the other; or NULL. */
struct room *db_rows_room(struct db *db);
/* NULL when there is none. */
GBytes *db_memo_get(struct db *db, const char *store);

/* The DER of the certificate whose SHA-256 starts with those hex digits (1 to 64).
 * ERR_NOT_FOUND; ERR_USAGE when more than one does. */
GBytes *db_cert_get(struct db *db, const char *hex, GError **error);
uint32_t db_cert_count(struct db *db);

/* ---- small things ---- */

#define DB_PAGE_MAX	(4u << 20)	/* bytes of a first page */
#define DB_SETTING_MAX	(64u << 10)	/* bytes of one setting */

bool db_page_put(struct db *db, GBytes *page, GError **error);
GBytes *db_page_get(struct db *db);	/* NULL when there is none */

/* What the screen wants to find again.  get: a new string, NULL when there is none; put NULL
 * to forget it. */
bool db_setting_put(struct db *db, const char *key, const char *value, GError **error);
char *db_setting_get(struct db *db, const char *key);

/* Each event is told once: *ret_first is true for the one who took it first, in whatever
 * process.  Drop it when telling failed, so that the next run tries again. */
bool db_notice_take(struct db *db, const char *event, bool *ret_first, GError **error);
bool db_notice_drop(struct db *db, const char *event, GError **error);

/* ---- locks ---- */

#define DB_LOCK_MAX (24 * 60 * 60)	/* seconds; longer ones are prolonged in time */

/* Who has the lock alone drives that order, in whatever process.  Fails with ERR_BUSY, naming
 * the process that has it.  The lock of a process that is gone, or whose time is over, is
 * taken over; one's own is prolonged. */
bool db_lock_take(struct db *db, const char *name, int64_t seconds, GError **error);
void db_lock_release(struct db *db, const char *name);	/* only one's own */

#endif
