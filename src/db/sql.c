/*
 * sql: statements: prepare once, bind in order, step, read in order.
 *
 * Everything that comes out is bounded and checked here, so that the files above need not.
 */
#include "db_own.h"

#include <string.h>

#include <certty/base/err.h>
#include <certty/base/text.h>

struct sql *sql_new(struct db *db, const char *text)
{
	struct sql *q = g_new0(struct sql, 1);
	void *kept;

	q->db = db;
	q->text = text;
	/* Taken out while in use: whoever asks again meanwhile gets one of his own. */
	if (g_hash_table_steal_extended(db->statements, text, NULL, &kept))
		q->statement = kept;
	else
		sqlite3_prepare_v3(db->handle, text, -1, SQLITE_PREPARE_PERSISTENT,
				   &q->statement, NULL);
	return q;
}

void sql_free(struct sql *q)
{
	if (!q)
		return;
	if (q->statement) {
		sqlite3_reset(q->statement);
		sqlite3_clear_bindings(q->statement);
		g_hash_table_replace(q->db->statements, (char *)q->text, q->statement);
	}
	g_free(q);
}

/* ---- in ---- */

void sql_put_int(struct sql *q, int64_t value)
{
	sqlite3_bind_int64(q->statement, ++q->bound, value);
}

/* Texts and blobs are bound without a copy: they outlive the step. */
void sql_put_text(struct sql *q, const char *value)
{
	sqlite3_bind_text(q->statement, ++q->bound, value, -1, SQLITE_STATIC);
}

void sql_put_blob(struct sql *q, const void *bytes, size_t len)
{
	sqlite3_bind_blob64(q->statement, ++q->bound, len ? bytes : "", len, SQLITE_STATIC);
}

void sql_put_bytes(struct sql *q, GBytes *bytes)
{
	size_t len;
	const void *data = g_bytes_get_data(bytes, &len);

	sql_put_blob(q, data, len);
}

enum sql_end sql_next(struct sql *q, GError **error)
{
	int rc;

	if (!db_may_go_on(q->db, error))
		return SQL_FAILED;
	rc = q->statement ? sqlite3_step(q->statement) : SQLITE_ERROR;
	q->got = 0;
	if (rc == SQLITE_ROW)
		return SQL_ROW;
	if (rc == SQLITE_DONE)
		return SQL_DONE;
	db_fail(q->db, "using the saved state", error);
	return SQL_FAILED;
}

bool sql_run(struct sql *q, GError **error)
{
	enum sql_end end;

	while ((end = sql_next(q, error)) == SQL_ROW)
		;
	sqlite3_reset(q->statement);
	q->bound = 0;
	return end == SQL_DONE;
}

int sql_changes(const struct sql *q)
{
	return sqlite3_changes(q->db->handle);
}

/* ---- out ---- */

int64_t sql_int(struct sql *q)
{
	return sqlite3_column_int64(q->statement, q->got++);
}

static const char *foreign(struct sql *q, size_t max, size_t *ret_len)
{
	int column = q->got++;
	const char *bytes = sqlite3_column_blob(q->statement, column);
	int len = sqlite3_column_bytes(q->statement, column);

	*ret_len = (size_t)len;
	if (sqlite3_column_type(q->statement, column) == SQLITE_NULL || (size_t)len > max)
		return NULL;
	return bytes ? bytes : "";
}

char *sql_text(struct sql *q, size_t max)
{
	size_t len;
	const char *bytes = foreign(q, max, &len);
	g_autoptr(GString) clean = bytes ? g_string_sized_new(len + 1) : NULL;

	if (!bytes)
		return NULL;
	text_harmless(clean, bytes, len, max);
	return g_string_free(g_steal_pointer(&clean), FALSE);
}

char *sql_lines(struct sql *q, size_t max)
{
	size_t len;
	const char *bytes = foreign(q, max, &len);
	g_autoptr(GString) clean = bytes ? g_string_sized_new(len + 1) : NULL;

	if (!bytes)
		return NULL;
	text_harmless_lines(clean, bytes, len, max);
	return g_string_free(g_steal_pointer(&clean), FALSE);
}

char *sql_raw(struct sql *q, size_t max)
{
	size_t len;
	const char *bytes = foreign(q, max, &len);

	return bytes && !memchr(bytes, '\0', len) ? g_strndup(bytes, len) : NULL;
}

GBytes *sql_bytes(struct sql *q, size_t max)
{
	size_t len;
	const char *bytes = foreign(q, max, &len);

	return bytes && len ? g_bytes_new(bytes, len) : NULL;
}
