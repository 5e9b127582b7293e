/*
 * db_state: the small things: the first page, what the screen remembers, notices sent.
 */
#include <certty/db/db_state.h>

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/err.h>

#include "db_own.h"

#define NOTICE_KEPT	(2 * 366 * (int64_t)CLOCK_DAY)	/* no certificate event repeats later */

/* Runs one statement in a transaction. */
static bool save(struct db *db, struct sql *q, GError **error)
{
	return db_begin(db, error) && db_end(db, sql_run(q, error), error);
}

/* ---- the first page ---- */

bool db_page_put(struct db *db, GBytes *page, GError **error)
{
	g_autoptr(sql) q = sql_new(db, "REPLACE INTO page(id, body) VALUES(1, ?)");

	if (g_bytes_get_size(page) > DB_PAGE_MAX) {
		g_set_error(error, ERR, ERR_LIMIT, "the first page is too large to be saved");
		return false;
	}
	sql_put_bytes(q, page);
	return save(db, q, error);
}

GBytes *db_page_get(struct db *db)
{
	g_autoptr(sql) q = sql_new(db, "SELECT body FROM page WHERE id = 1");

	return sql_next(q, NULL) == SQL_ROW ? sql_bytes(q, DB_PAGE_MAX) : NULL;
}

/* ---- settings ---- */

bool db_setting_put(struct db *db, const char *key, const char *value, GError **error)
{
	g_autoptr(sql) q = sql_new(db, value ? "REPLACE INTO setting(key, value) VALUES(?, ?)" :
					       "DELETE FROM setting WHERE key = ?");

	if (value && strlen(value) > DB_SETTING_MAX) {
		g_set_error(error, ERR, ERR_LIMIT, "%s is too long to be saved", key);
		return false;
	}
	sql_put_text(q, key);
	if (value)
		sql_put_text(q, value);
	return save(db, q, error);
}

char *db_setting_get(struct db *db, const char *key)
{
	g_autoptr(sql) q = sql_new(db, "SELECT value FROM setting WHERE key = ?");

	sql_put_text(q, key);
	return sql_next(q, NULL) == SQL_ROW ? sql_lines(q, DB_SETTING_MAX) : NULL;
}

/* ---- notices ---- */

static bool forget_old_notices(struct db *db, GError **error)
{
	g_autoptr(sql) q = sql_new(db, "DELETE FROM notice WHERE time < ?");

	sql_put_int(q, clock_now() - NOTICE_KEPT);
	return sql_run(q, error);
}

bool db_notice_take(struct db *db, const char *event, bool *ret_first, GError **error)
{
	g_autoptr(sql) q = sql_new(db, "INSERT OR IGNORE INTO notice(event, time) VALUES(?, ?)");
	bool is_first;

	sql_put_text(q, event);
	sql_put_int(q, clock_now());
	if (!db_begin(db, error))
		return false;
	if (!sql_run(q, error))
		return db_end(db, false, error);
	is_first = sql_changes(q) > 0;
	if (!db_end(db, !is_first || forget_old_notices(db, error), error))
		return false;
	*ret_first = is_first;
	return true;
}

bool db_notice_drop(struct db *db, const char *event, GError **error)
{
	g_autoptr(sql) q = sql_new(db, "DELETE FROM notice WHERE event = ?");

	sql_put_text(q, event);
	return save(db, q, error);
}
