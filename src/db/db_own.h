/*
 * db_own: how the files of this module speak to SQLite.
 *
 * A statement is prepared once and kept.  It is bound by position, in the order of the
 * calls, and given back at the end of its scope:
 *
 *	g_autoptr(sql) q = sql_new(db, "SELECT body FROM page WHERE id = ?");
 *	sql_put_int(q, 1);
 *	if (sql_next(q, error) == SQL_ROW) …
 *
 * Nothing is bound that was not asked for by a '?', and no text of a caller ever becomes part
 * of a statement.  Errors of preparing and binding are kept and come out of the next step.
 */
#ifndef CERTTY_DB_DB_OWN_H
#define CERTTY_DB_DB_OWN_H

#include <sqlite3.h>
#include <sys/types.h>

#include <certty/db/db.h>

struct db {
	sqlite3 *handle;
	char *path;			/* NULL: in memory */
	GHashTable *statements;		/* text → sqlite3_stmt */
	unsigned depth;			/* of begin */
	bool is_lost;			/* a rollback inside: the outermost commit fails */
	bool must_last;			/* this transaction is to be on the disk when it ends */
	bool is_read_only;
	bool is_damaged;		/* SQLite found the file malformed */
	int log_pages;			/* in the write-ahead log, as of the last commit */
	int64_t seen_version;		/* data_version when last asked */
	dev_t device;			/* the file that was opened */
	ino_t inode;
};

/* The schema: one step for each number of user_version. */
extern const char *const db_steps[];
extern const int db_n_steps;

#define DB_WAIT_MS 5000		/* for other processes */

/* ---- the file (db_file.c) ---- */

/* A lock on its folder, for what must not happen twice at once; -1 when it cannot be had. */
int db_file_lock_folder(const char *path);
void db_file_unlock_folder(int fd);
/* Renames it and what lies beside it; returns its new name. */
char *db_file_set_aside(const char *path);
/* Makes sure that it is there, for us alone. */
bool db_file_make(const char *path, bool *ret_can_write, GError **error);

/* ---- transactions and errors (db.c) ---- */

/* The person's sentence for what SQLite said last; `doing` as in "saving the state". */
bool db_fail(struct db *db, const char *doing, GError **error);

/* What is read until db_commit() is of one moment. */
bool db_begin_reading(struct db *db, GError **error);

/* The transaction around this is to be synced, not only ordered. */
void db_must_last(struct db *db);

/* False when the transaction around is lost already: SQLite ends one by itself on a full disk,
 * and what followed would be saved without what went before. */
bool db_may_go_on(struct db *db, GError **error);

/* Ends what db_begin began: commits when all went well, else rolls back.
 *	return db_begin(db, error) && db_end(db, work(db, …, error), error); */
bool db_end(struct db *db, bool is_well, GError **error);

/* ---- between the files of the state ---- */

struct store;

/* Saves what a refresh found out about a store, and all of it when it is new. */
bool db_item_put_refreshed(struct db *db, const struct store *store, GError **error);
/* Drops all that a store holds. */
bool db_refresh_drop(struct db *db, const char *store, GError **error);

/* ---- statements (sql.c) ---- */

struct sql {
	struct db *db;
	const char *text;
	sqlite3_stmt *statement;	/* NULL: preparing failed */
	int bound, got;
};

enum sql_end { SQL_ROW, SQL_DONE, SQL_FAILED };

/* text is a literal: it is the key under which the statement is kept. */
struct sql *sql_new(struct db *db, const char *text);
void sql_free(struct sql *q);
AUTO_FREE(sql, sql_free)

void sql_put_int(struct sql *q, int64_t value);
void sql_put_text(struct sql *q, const char *value);	/* NULL: null */
void sql_put_blob(struct sql *q, const void *bytes, size_t len);
void sql_put_bytes(struct sql *q, GBytes *bytes);

enum sql_end sql_next(struct sql *q, GError **error);
/* For statements without a result: runs, and makes it ready for new values. */
bool sql_run(struct sql *q, GError **error);
int sql_changes(const struct sql *q);

/* The columns of a row, in order.  Text: harmless, NULL when it is null or longer than max. */
int64_t sql_int(struct sql *q);
char *sql_text(struct sql *q, size_t max);
char *sql_lines(struct sql *q, size_t max);	/* the same with line breaks */
char *sql_raw(struct sql *q, size_t max);	/* any bytes but NUL */
GBytes *sql_bytes(struct sql *q, size_t max);	/* NULL when null, empty or longer */

#endif
