/*
 * db: opening, migrating, transactions, closing.
 *
 * What several processes must not do at the same time (making the tables, setting a damaged
 * file aside) happens under a lock on the folder.
 */
#include "db_own.h"

#include <sys/stat.h>

#include <certty/base/err.h>

#define APPLICATION	0x63727479	/* "crty" */
#define LOG_PAGES	1000		/* in the log before they are put into the file */
#define LOG_PAGES_END	4000		/* more are left for the next start */
#define LENGTH_MAX	(512 << 20)	/* bytes of one value */
#define REPLACED_MAX	100		/* times that others may replace the file meanwhile */

/* ---- what SQLite said, for people ---- */

static const struct {
	int code;
	enum err err;
	const char *sentence;
} said[] = {
	{ SQLITE_FULL,     ERR_IO,      "the disk is full; nothing is saved until there is room" },
	{ SQLITE_READONLY, ERR_IO,      "it can only be read; nothing is saved" },
	{ SQLITE_CANTOPEN, ERR_IO,      "the file cannot be opened" },
	{ SQLITE_IOERR,    ERR_IO,      "the file system failed" },
	{ SQLITE_PERM,     ERR_IO,      "no permission" },
	{ SQLITE_BUSY,     ERR_BUSY,    "another certty is writing to it; try again in a moment" },
	{ SQLITE_LOCKED,   ERR_BUSY,    "another part of this program is writing to it" },
	{ SQLITE_CORRUPT,  ERR_FORMAT,  "the file is damaged and is set aside at the end" },
	{ SQLITE_NOTADB,   ERR_FORMAT,  "the file is damaged and is set aside at the end" },
	{ SQLITE_TOOBIG,   ERR_LIMIT,   "a value is larger than allowed" },
};

bool db_fail(struct db *db, const char *doing, GError **error)
{
	int code = sqlite3_errcode(db->handle) & 0xff;
	const char *where = db->path ? db->path : "memory";

	if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
		db->is_damaged = true;
	for (size_t i = 0; i < G_N_ELEMENTS(said); i++) {
		if (said[i].code != code)
			continue;
		g_set_error(error, ERR, said[i].err, "%s in %s: %s", doing, where,
			    said[i].sentence);
		return false;
	}
	g_set_error(error, ERR, ERR_FAILED, "%s in %s: %s", doing, where,
		    sqlite3_errmsg(db->handle));
	return false;
}

static bool exec(struct db *db, const char *text, const char *doing, GError **error)
{
	if (sqlite3_exec(db->handle, text, NULL, NULL, NULL) == SQLITE_OK)
		return true;
	return db_fail(db, doing, error);
}

/* ---- transactions ---- */

static bool begin(struct db *db, const char *text, const char *doing, GError **error)
{
	if (!db->depth) {
		if (!exec(db, text, doing, error))
			return false;
		db->is_lost = db->must_last = false;
	}
	db->depth++;
	return true;
}

bool db_begin(struct db *db, GError **error)
{
	if (!db->is_read_only)
		return begin(db, "BEGIN IMMEDIATE", "saving the state", error);
	g_set_error(error, ERR, ERR_IO, "%s can only be read; nothing is saved", db->path);
	return false;
}

bool db_begin_reading(struct db *db, GError **error)
{
	return begin(db, "BEGIN", "reading the saved state", error);
}

/* WAL with synchronous NORMAL keeps the order of commits but syncs them later. */
static bool sync_log(struct db *db, GError **error)
{
	sqlite3_file *log = NULL;

	if (db->path)
		sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
	if (!log || !log->pMethods || log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) == SQLITE_OK)
		return true;
	g_set_error(error, ERR, ERR_IO, "writing %s to the disk: the file system failed",
		    db->path);
	return false;
}

static void undo(struct db *db)
{
	if (!sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	db->depth = 0;
	db->is_lost = false;
}

bool db_may_go_on(struct db *db, GError **error)
{
	if (!db->depth || (!db->is_lost && !sqlite3_get_autocommit(db->handle)))
		return true;
	g_set_error(error, ERR, ERR_IO, "saving the state in %s: an earlier part failed",
		    db->path ? db->path : "memory");
	return false;
}

bool db_commit(struct db *db, GError **error)
{
	g_assert(db->depth);
	if (db->depth > 1) {
		db->depth--;
		return true;
	}
	if (!db_may_go_on(db, error) || !exec(db, "COMMIT", "saving the state", error)) {
		undo(db);
		return false;
	}
	db->depth = 0;
	return !db->must_last || sync_log(db, error);
}

void db_rollback(struct db *db)
{
	if (db->depth > 1) {
		db->depth--;
		db->is_lost = true;
	} else if (db->depth) {
		undo(db);
	}
}

bool db_end(struct db *db, bool is_well, GError **error)
{
	if (is_well)
		return db_commit(db, error);
	db_rollback(db);
	return false;
}

void db_must_last(struct db *db)
{
	db->must_last = true;
}

/* ---- small questions ---- */

static bool ask_int(struct db *db, const char *text, int64_t *ret, GError **error)
{
	g_autoptr(sql) q = sql_new(db, text);

	if (sql_next(q, error) != SQL_ROW)
		return false;
	*ret = sql_int(q);
	return true;
}

bool db_is_changed(struct db *db)
{
	int64_t version;
	bool is_changed;

	if (!ask_int(db, "PRAGMA data_version", &version, NULL))
		return false;
	is_changed = version != db->seen_version;
	db->seen_version = version;
	return is_changed;
}

int64_t db_change_number(struct db *db)
{
	int64_t number = 0;

	ask_int(db, "SELECT value FROM number WHERE name = 'change'", &number, NULL);
	return number;
}

bool db_can_save(const struct db *db)
{
	return !db->is_read_only;
}

/* ---- opening ---- */

/* Puts the log into the file now and then, as SQLite's own hook would, and remembers how long
 * the log is: closing must not take long. */
static int look_at_log(void *data, sqlite3 *handle, const char *name, int pages)
{
	struct db *db = data;
	int in_log = pages, moved = 0;

	db->log_pages = pages;
	if (pages >= LOG_PAGES &&
	    sqlite3_wal_checkpoint_v2(handle, name, SQLITE_CHECKPOINT_PASSIVE, &in_log,
				      &moved) == SQLITE_OK)
		db->log_pages = in_log - moved;
	return SQLITE_OK;
}

static void free_statement(void *statement)
{
	sqlite3_finalize(statement);
}

static void drop(struct db *db)
{
	g_hash_table_unref(db->statements);
	sqlite3_close_v2(db->handle);
	g_free(db->path);
	g_free(db);
}

/* The schema in a foreign file could hold triggers, views and functions; none is obeyed. */
static void distrust(sqlite3 *handle)
{
	sqlite3_extended_result_codes(handle, 1);
	sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, LENGTH_MAX);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

/* True when the file that was opened no longer has that name: another process set it aside.  Its
 * log would then be taken for that of the new one, and putting it into the file would lose it. */
static bool is_replaced(const struct db *db, GError **error)
{
	struct stat st;

	if (!db->path ||
	    (stat(db->path, &st) == 0 && st.st_dev == db->device && st.st_ino == db->inode))
		return false;
	g_clear_error(error);
	g_set_error(error, ERR, ERR_NOT_FOUND, "%s was replaced while it was opened", db->path);
	return true;
}

/* `can_write` false: as it stands on the disk, without its log, which wants shared memory
 * beside the file. */
static struct db *connect_to(const char *path, bool can_write, GError **error)
{
	struct db *db = g_new0(struct db, 1);
	g_autofree char *escaped = path ? g_uri_escape_string(path, "/", false) : NULL;
	g_autofree char *uri = path ? g_strdup_printf("file:%s%s", escaped,
						      can_write ? "" : "?immutable=1") :
				      g_strdup(":memory:");
	int flags = can_write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
	struct stat st;

	db->path = g_strdup(path);
	db->is_read_only = !can_write;
	db->statements = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_statement);
	if (path && stat(path, &st) == 0) {
		db->device = st.st_dev;
		db->inode = st.st_ino;
	}
	if (sqlite3_open_v2(uri, &db->handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI,
			    NULL) != SQLITE_OK) {
		if (!is_replaced(db, error))
			db_fail(db, "opening the saved state", error);
		drop(db);
		return NULL;
	}
	distrust(db->handle);
	sqlite3_busy_timeout(db->handle, DB_WAIT_MS);
	sqlite3_wal_hook(db->handle, look_at_log, db);
	return db;
}

/* What the file is: how many steps it has seen.  The first reading of it, and all of one
 * moment, since another process may be making the tables right now. */
static bool identify(struct db *db, int64_t *ret_steps, GError **error)
{
	int64_t application = 0, tables = 0;

	if (!db_begin_reading(db, error) ||
	    !db_end(db, ask_int(db, "PRAGMA user_version", ret_steps, error) &&
			ask_int(db, "PRAGMA application_id", &application, error) &&
			ask_int(db, "SELECT count(*) FROM sqlite_schema", &tables, error),
		    error))
		return false;
	if (application != APPLICATION && (tables || *ret_steps)) {
		g_set_error(error, ERR, ERR_REFUSED,
			    "%s is the database of another program; move it away, or name "
			    "another state folder", db->path);
		return false;
	}
	if (*ret_steps < 0 || *ret_steps > db_n_steps) {
		g_set_error(error, ERR, ERR_REFUSED,
			    "%s was written by a newer certty (schema %" G_GINT64_FORMAT
			    ", this one knows %d); use that one, or name another state folder",
			    db->path, *ret_steps, db_n_steps);
		return false;
	}
	return true;
}

static bool climb(struct db *db, GError **error)
{
	int64_t at;

	/* Again, inside: another process may have done it. */
	if (!ask_int(db, "PRAGMA user_version", &at, error))
		return false;
	for (; at < db_n_steps; at++) {
		g_autofree char *mark = g_strdup_printf(
			"PRAGMA user_version = %d; PRAGMA application_id = %d",
			(int)at + 1, APPLICATION);

		if (!exec(db, db_steps[at], "making room for the state", error) ||
		    !exec(db, mark, "making room for the state", error))
			return false;
	}
	return true;
}

static bool migrate(struct db *db, GError **error)
{
	int folder = db->path ? db_file_lock_folder(db->path) : -1;
	bool is_well;

	/* Saving works with another journal too, so it is no error when it stays that. */
	exec(db, "PRAGMA journal_mode = WAL", "opening the saved state", NULL);
	is_well = db_begin(db, error) && db_end(db, climb(db, error), error);

	db_file_unlock_folder(folder);
	return is_well;
}

static const char settings[] =
	"PRAGMA synchronous = NORMAL;"
	"PRAGMA journal_size_limit = 8388608;"
	"PRAGMA temp_store = MEMORY;"
	"PRAGMA cache_size = -1000";

static struct db *open_file(const char *path, bool can_write, GError **error)
{
	struct db *db = connect_to(path, can_write, error);
	int64_t steps;
	bool is_known;

	if (!db)
		return NULL;
	is_known = identify(db, &steps, error);
	if (is_replaced(db, error) || !is_known ||
	    !exec(db, settings, "opening the saved state", error))
		goto fail;
	if (steps < db_n_steps && can_write && !migrate(db, error))
		goto fail;
	if (steps < db_n_steps && !can_write) {
		g_set_error(error, ERR, ERR_IO,
			    "%s is older than this certty and can only be read", path);
		goto fail;
	}
	db_is_changed(db);
	return db;
fail:
	drop(db);
	return NULL;
}

static bool is_damaged(const char *path)
{
	g_autoptr(GError) error = NULL;
	struct db *db = connect_to(path, true, &error);
	int64_t steps;

	if (db)
		identify(db, &steps, &error);
	if (db)
		drop(db);
	return g_error_matches(error, ERR, ERR_FORMAT);
}

/* Others may have replaced it meanwhile, so it is looked at once more under the lock; and when
 * that is given back a new file is there. */
static struct db *start_anew(const char *path, char **ret_notice, GError **error)
{
	g_autofree char *aside = NULL;
	int folder = db_file_lock_folder(path);
	bool is_made = true, can_write;

	if (is_damaged(path)) {
		aside = db_file_set_aside(path);
		*ret_notice = g_strdup_printf("The saved state was damaged. It is kept as %s; "
					      "certty starts with an empty one.", aside);
		is_made = db_file_make(path, &can_write, error);
	}
	db_file_unlock_folder(folder);
	return is_made ? open_file(path, true, error) : NULL;
}

struct db *db_open(const char *path, char **ret_notice, GError **error)
{
	g_autofree char *notice = NULL;
	g_autoptr(GError) trouble = NULL;
	struct db *db = NULL;
	bool can_write = true;

	for (int i = 0; i < REPLACED_MAX; i++) {
		g_clear_error(&trouble);
		if (path && !db_file_make(path, &can_write, error))
			return NULL;
		db = open_file(path, can_write, &trouble);
		if (!g_error_matches(trouble, ERR, ERR_NOT_FOUND))
			break;
	}
	if (!db && can_write && g_error_matches(trouble, ERR, ERR_FORMAT))
		db = start_anew(path, &notice, error);
	else if (!db)
		g_propagate_error(error, g_steal_pointer(&trouble));
	else if (!can_write)
		notice = g_strdup_printf("%s can only be read; nothing is saved.", path);
	if (db && ret_notice)
		*ret_notice = g_steal_pointer(&notice);
	return db;
}

/* ---- closing ---- */

static void put_log_into_file(struct db *db)
{
	if (db->is_read_only || !db->path || !db->log_pages || db->log_pages > LOG_PAGES_END)
		return;
	sqlite3_busy_timeout(db->handle, 0);
	sqlite3_wal_checkpoint_v2(db->handle, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}

void db_close(struct db *db)
{
	g_autofree char *damaged = NULL;
	struct stat st;

	if (!db)
		return;
	if (db->is_damaged && db->path && !db->is_read_only &&
	    stat(db->path, &st) == 0 && st.st_dev == db->device && st.st_ino == db->inode)
		damaged = g_strdup(db->path);
	undo(db);
	if (!damaged)
		put_log_into_file(db);
	drop(db);
	if (damaged) {
		int folder = db_file_lock_folder(damaged);

		g_free(db_file_set_aside(damaged));
		db_file_unlock_folder(folder);
	}
}
