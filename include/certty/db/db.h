/*
 * db: the memory of the last known state, the journal, and what processes tell each other.
 *
 * One SQLite file, 0600 in a folder 0700, shared by any number of processes: short
 * transactions, write-ahead log, and a number that grows with every change of rows.  Secrets
 * and private keys are never in it.  What is read from it is treated as foreign: bounded,
 * checked, made harmless.
 *
 * A db belongs to one thread at a time; it may be opened by one and handed to another.  A
 * thread that wants its own opens the file a second time.
 *
 * When nothing can be written (a full disk, a read-only file system) saving fails with ERR_IO
 * and a sentence, what was saved before stays whole, and the program goes on without.
 */
#ifndef CERTTY_DB_DB_H
#define CERTTY_DB_DB_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <certty/base/auto.h>

struct db;

/* Opens or makes the database; path NULL: in memory, for tests and for going on without a
 * file.  A damaged file is set aside as PATH.broken-DATE and a new one is started; a file
 * that can only be read is opened so.  In both cases *ret_notice (may be NULL) becomes a
 * sentence to be shown, else NULL.
 *
 * Fails with ERR_REFUSED when a newer certty wrote it, ERR_FORMAT when it is something else's
 * database, ERR_IO when the file system says no, ERR_BUSY when others hold it for seconds. */
struct db *db_open(const char *path, char **ret_notice, GError **error);
/* Drops an unfinished transaction and puts what the log holds into the file, unless that
 * would take long or somebody else is at it.  A file found damaged on the way is set aside. */
void db_close(struct db *db);
AUTO_FREE(db, db_close)

/* False when opened for reading only: then every saving function fails with ERR_IO. */
bool db_can_save(const struct db *db);

/* What lies between begin and commit is there as a whole or not at all.  May be nested: only
 * the outermost commit counts; a rollback inside lets that one fail.  Every function of
 * db_state.h and db_journal.h is a transaction of its own when there is none around it.
 * begin waits some seconds for other processes, then fails with ERR_BUSY. */
bool db_begin(struct db *db, GError **error);
bool db_commit(struct db *db, GError **error);	/* a failure rolls back */
void db_rollback(struct db *db);		/* harmless when there is nothing to drop */

/* True when another process (or connection) has committed something since this was last
 * asked, or since the opening.  Cheap: may be asked every second. */
bool db_is_changed(struct db *db);

/* The number of the latest change of rows, see db_rows_list(); 0 for none or on error. */
int64_t db_change_number(struct db *db);

#endif
