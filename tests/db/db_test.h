/*
 * db_test: what the tests of the saved state share: a fresh folder, opening, tampering.
 */
#ifndef TESTS_DB_TEST_H
#define TESTS_DB_TEST_H

#include <glib.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <unistd.h>

#include <certty/base/err.h>
#include <certty/db/db.h>

/* The path of a database that is not there yet, in a folder that is not there either. */
static inline char *test_path(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *folder = g_dir_make_tmp("certty-db-XXXXXX", &error);

	g_assert_no_error(error);
	return g_build_filename(folder, "state", "certty.db", NULL);
}

static inline struct db *test_open(const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *notice = NULL;
	struct db *db = db_open(path, &notice, &error);

	g_assert_no_error(error);
	g_assert_null(notice);
	return db;
}

/* Behind the back of db: as somebody would with the sqlite3 program. */
static inline void test_tamper(const char *path, const char *sql)
{
	sqlite3 *handle;

	g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
	if (sqlite3_exec(handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		g_error("%s: %s", sql, sqlite3_errmsg(handle));
	sqlite3_close(handle);
}

/* What one query says, as text. */
static inline char *test_ask(const char *path, const char *sql)
{
	sqlite3 *handle;
	sqlite3_stmt *statement;
	char *answer;

	g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
	answer = g_strdup((const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	sqlite3_close(handle);
	return answer;
}

#define test_says(path, sql, expected)                                  \
	do {                                                            \
		g_autofree char *answer = test_ask(path, sql);          \
		g_assert_cmpstr(answer, ==, expected);                  \
	} while (0)

#endif
