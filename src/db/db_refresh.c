/*
 * db_refresh: what a store holds: rows, memo, certificates.
 *
 * DER is kept once for each certificate.  Beside a store's rows lies the sorted set of its
 * prints; saving compares the old set with the new one and changes the counts of those
 * certificates only that came or went, so a refresh that finds nothing new writes little.
 */
#include "db_own.h"

#include <stdlib.h>
#include <string.h>

#include <certty/base/err.h>
#include <certty/db/db_state.h>

#define ROWS_MAX	(512u << 20)	/* bytes of one store's packed rows */
#define ROOM_MAX	(INT64_C(8) << 30)	/* of all stores' rows in memory */
#define MEMO_MAX	(256u << 20)
#define DER_MAX		(1u << 20)
#define STORE_ID_MAX	65536

/* ---- prints ---- */

struct prints {
	size_t n;
	uint64_t print[];
};

static void prints_free(struct prints *p)
{
	g_free(p);
}
AUTO_FREE(prints, prints_free)

static int by_print(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static struct prints *prints_room(size_t n)
{
	struct prints *p = g_malloc(sizeof(*p) + n * sizeof(p->print[0]));

	p->n = n;
	return p;
}

/* Sorts, and leaves each once, without the unknown ones. */
static struct prints *prints_tidy(struct prints *p)
{
	size_t n = 0;

	qsort(p->print, p->n, sizeof(p->print[0]), by_print);
	for (size_t i = 0; i < p->n; i++)
		if (p->print[i] && (!n || p->print[i] != p->print[n - 1]))
			p->print[n++] = p->print[i];
	p->n = n;
	return p;
}

static struct prints *prints_of(const struct table *t)
{
	struct prints *p = prints_room(t->n);

	if (t->n)
		memcpy(p->print, t->print, t->n * sizeof(p->print[0]));
	return prints_tidy(p);
}

static bool prints_has(const struct prints *p, uint64_t print)
{
	return bsearch(&print, p->print, p->n, sizeof(print), by_print) != NULL;
}

/* In the database they stand in big-endian order. */
static void swap(struct prints *p)
{
	for (size_t i = 0; i < p->n; i++)
		p->print[i] = GUINT64_TO_BE(p->print[i]);
}

static struct prints *load_prints(struct db *db, const char *store)
{
	g_autoptr(sql) q = sql_new(db, "SELECT body FROM prints WHERE store = ?");
	g_autoptr(GBytes) body = NULL;
	struct prints *p;

	sql_put_text(q, store);
	if (sql_next(q, NULL) == SQL_ROW)
		body = sql_bytes(q, ROWS_MAX);
	p = prints_room(body ? g_bytes_get_size(body) / sizeof(p->print[0]) : 0);
	if (p->n)
		memcpy(p->print, g_bytes_get_data(body, NULL), p->n * sizeof(p->print[0]));
	swap(p);
	return prints_tidy(p);
}

/* Takes p, which is of no use afterwards. */
static bool save_prints(struct db *db, const char *store, struct prints *p, GError **error)
{
	g_autoptr(sql) q = sql_new(db, "REPLACE INTO prints(store, body) VALUES(?, ?)");

	swap(p);
	sql_put_text(q, store);
	sql_put_blob(q, p->print, p->n * sizeof(p->print[0]));
	return sql_run(q, error);
}

static uint64_t print_of(const uint8_t sha256[32])
{
	uint64_t print;

	memcpy(&print, sha256, sizeof(print));
	return GUINT64_FROM_BE(print);
}

/* ---- certificates ---- */

static int by_digest(const void *a, const void *b)
{
	const struct db_cert *const *x = a, *const *y = b;

	return memcmp((*x)->sha256, (*y)->sha256, sizeof((*x)->sha256));
}

static bool refer(struct db *db, struct sql *more, uint64_t print, GError **error)
{
	sql_put_int(more, (int64_t)print);
	return sql_run(more, error);
}

/* One certificate whose DER came with the refresh: `added` when this store had none of that
 * print before. */
static bool save_cert(struct sql *more, struct sql *new, const struct db_cert *cert,
		      bool is_added, GError **error)
{
	int64_t print = (int64_t)print_of(cert->sha256);

	sql_put_int(more, is_added);
	sql_put_int(more, print);
	sql_put_blob(more, cert->sha256, sizeof(cert->sha256));
	if (!sql_run(more, error))
		return false;
	if (sql_changes(more))
		return true;
	sql_put_int(new, print);
	sql_put_blob(new, cert->sha256, sizeof(cert->sha256));
	sql_put_bytes(new, cert->der);
	return sql_run(new, error);
}

/* In the order of their digests, so that the index grows from left to right; twice the same
 * counts once. */
static bool save_certs(struct db *db, const struct db_refresh *r, const struct prints *old,
		       const struct prints *now, GError **error)
{
	g_autofree const struct db_cert **fresh = g_new(const struct db_cert *, r->n_fresh + 1);
	g_autoptr(sql) more = sql_new(
		db, "UPDATE cert SET refs = refs + ? WHERE print = ? AND sha256 = ?");
	g_autoptr(sql) new = sql_new(
		db, "INSERT INTO cert(print, refs, sha256, der) VALUES(?, 1, ?, ?)");

	for (size_t i = 0; i < r->n_fresh; i++)
		fresh[i] = &r->fresh[i];
	qsort(fresh, r->n_fresh, sizeof(*fresh), by_digest);
	for (size_t i = 0; i < r->n_fresh; i++) {
		uint64_t print = print_of(fresh[i]->sha256);

		if ((i && !by_digest(&fresh[i], &fresh[i - 1])) || !prints_has(now, print) ||
		    g_bytes_get_size(fresh[i]->der) > DER_MAX)
			continue;
		if (!save_cert(more, new, fresh[i], !prints_has(old, print), error))
			return false;
	}
	return true;
}

/* Certificates that this store has now and had not before, and whose DER another one brought. */
static bool refer_to_others(struct db *db, const struct db_refresh *r, const struct prints *old,
			    const struct prints *now, GError **error)
{
	g_autoptr(prints) brought = prints_room(r->n_fresh);
	g_autoptr(sql) more = sql_new(db, "UPDATE cert SET refs = refs + 1 WHERE print = ?");

	for (size_t i = 0; i < r->n_fresh; i++)
		brought->print[i] = print_of(r->fresh[i].sha256);
	prints_tidy(brought);
	for (size_t i = 0; i < now->n; i++)
		if (!prints_has(old, now->print[i]) && !prints_has(brought, now->print[i]) &&
		    !refer(db, more, now->print[i], error))
			return false;
	return true;
}

static bool drop_gone(struct db *db, const struct prints *old, const struct prints *now,
		      GError **error)
{
	g_autoptr(sql) less = sql_new(db, "UPDATE cert SET refs = refs - 1 WHERE print = ?");
	g_autoptr(sql) none =
		sql_new(db, "DELETE FROM cert WHERE print = ? AND refs <= 0");

	for (size_t i = 0; i < old->n; i++)
		if (!prints_has(now, old->print[i]) &&
		    (!refer(db, less, old->print[i], error) ||
		     !refer(db, none, old->print[i], error)))
			return false;
	return true;
}

/* ---- saving a refresh ---- */

static bool save_rows(struct db *db, const struct db_refresh *r, GError **error)
{
	g_autoptr(sql) count = sql_new(
		db, "UPDATE number SET value = value + 1 WHERE name = 'change'");
	g_autoptr(sql) q = sql_new(
		db, "REPLACE INTO rows(store, change, body) VALUES(?,"
		    " (SELECT value FROM number WHERE name = 'change'), ?)");
	g_autoptr(GBytes) body = table_pack(r->table, r->words);

	sql_put_text(q, r->store->id);
	sql_put_bytes(q, body);
	return sql_run(count, error) && sql_run(q, error);
}

static bool save_table(struct db *db, const struct db_refresh *r, GError **error)
{
	g_autoptr(prints) old = load_prints(db, r->store->id);
	g_autoptr(prints) now = prints_of(r->table);

	return save_certs(db, r, old, now, error) &&
	       refer_to_others(db, r, old, now, error) &&
	       drop_gone(db, old, now, error) &&
	       save_rows(db, r, error) &&
	       save_prints(db, r->store->id, now, error);
}

static bool save_memo(struct db *db, const struct db_refresh *r, GError **error)
{
	g_autoptr(sql) q = sql_new(db, "REPLACE INTO memo(store, body) VALUES(?, ?)");

	sql_put_text(q, r->store->id);
	sql_put_bytes(q, r->memo);
	return sql_run(q, error);
}

bool db_refresh_put(struct db *db, const struct db_refresh *r, GError **error)
{
	return db_begin(db, error) &&
	       db_end(db, db_item_put_refreshed(db, r->store, error) &&
			  (!r->table || save_table(db, r, error)) &&
			  (!r->memo || save_memo(db, r, error)), error);
}

bool db_refresh_drop(struct db *db, const char *store, GError **error)
{
	static const char *const from[] = {
		"DELETE FROM rows WHERE store = ?",
		"DELETE FROM prints WHERE store = ?",
		"DELETE FROM memo WHERE store = ?",
	};
	g_autoptr(prints) old = load_prints(db, store);
	g_autoptr(prints) none = prints_room(0);

	if (!drop_gone(db, old, none, error))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(from); i++) {
		g_autoptr(sql) q = sql_new(db, from[i]);

		sql_put_text(q, store);
		if (!sql_run(q, error))
			return false;
	}
	return true;
}

/* ---- another name ---- */

static bool move(struct db *db, const char *from, const char *to, GError **error)
{
	/* Others look for rows that changed since they looked last. */
	static const char rows[] = "UPDATE rows SET store = ?2, change = (SELECT value FROM number"
				   " WHERE name = 'change') WHERE store = ?1";
	static const char *const steps[] = {
		"UPDATE number SET value = value + (?1 <> ?2) WHERE name = 'change'",
		rows,
		"UPDATE prints SET store = ?2 WHERE store = ?1",
		"UPDATE memo SET store = ?2 WHERE store = ?1",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_autoptr(sql) q = sql_new(db, steps[i]);

		sql_put_text(q, from);
		sql_put_text(q, to);
		if (!sql_run(q, error))
			return false;
	}
	return true;
}

bool db_store_move(struct db *db, const char *from, const char *to, GError **error)
{
	return db_begin(db, error) && db_end(db, move(db, from, to, error), error);
}

/* ---- loading ---- */

GPtrArray *db_rows_list(struct db *db, int64_t since, GError **error)
{
	g_autoptr(GPtrArray) stores = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(sql) q = sql_new(db, "SELECT store FROM rows WHERE change > ? LIMIT ?");
	enum sql_end end;

	sql_put_int(q, since);
	sql_put_int(q, DB_ITEMS_MAX);
	while ((end = sql_next(q, error)) == SQL_ROW) {
		char *store = sql_text(q, STORE_ID_MAX);

		if (store)
			g_ptr_array_add(stores, store);
	}
	return end == SQL_DONE ? g_steal_pointer(&stores) : NULL;
}

/* A blob by the store's id; NULL without an error when there is none. */
static GBytes *load_blob(struct db *db, const char *text, const char *store, size_t max,
			 GError **error)
{
	g_autoptr(sql) q = sql_new(db, text);

	sql_put_text(q, store);
	return sql_next(q, error) == SQL_ROW ? sql_bytes(q, max) : NULL;
}

struct room *db_rows_room(struct db *db)
{
	g_autoptr(sql) q = sql_new(db, "SELECT sum(length(body) + 1024) FROM rows");
	int64_t bytes = sql_next(q, NULL) == SQL_ROW ? sql_int(q) : 0;

	return bytes > 0 && bytes < ROOM_MAX ? room_new((size_t)bytes) : NULL;
}

struct table *db_rows_get(struct db *db, const char *store, struct intern *words,
			  struct room *room, GError **error)
{
	g_autoptr(GError) trouble = NULL;
	g_autoptr(GBytes) body = load_blob(db, "SELECT body FROM rows WHERE store = ?", store,
					   ROWS_MAX, &trouble);

	if (body)
		return table_unpack(store, body, words, room, error);
	if (trouble)
		g_propagate_error(error, g_steal_pointer(&trouble));
	else
		g_set_error(error, ERR, ERR_NOT_FOUND, "nothing is saved for %s yet", store);
	return NULL;
}

GBytes *db_memo_get(struct db *db, const char *store)
{
	return load_blob(db, "SELECT body FROM memo WHERE store = ?", store, MEMO_MAX, NULL);
}

/* ---- one certificate ---- */

/* "5e3f" to the lowest and the highest digest that start so. */
static bool read_prefix(const char *hex, uint8_t low[32], uint8_t high[32])
{
	size_t n = strlen(hex);

	memset(low, 0, 32);
	memset(high, 0xff, 32);
	if (!n || n > 64)
		return false;
	for (size_t i = 0; i < n; i++) {
		int digit = g_ascii_xdigit_value(hex[i]);
		unsigned shift = i % 2 ? 0 : 4;

		if (digit < 0)
			return false;
		low[i / 2] = (uint8_t)(low[i / 2] | (digit << shift));
		high[i / 2] = (uint8_t)(high[i / 2] & ((digit << shift) | (0xf0 >> shift)));
	}
	return true;
}

/* The bytes are believed only when they are those that the digest is of. */
static GBytes *checked(GBytes *der, const uint8_t sha256[32], GError **error)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	uint8_t is[32];
	gsize len = sizeof(is);

	g_checksum_update(sum, g_bytes_get_data(der, NULL), (gssize)g_bytes_get_size(der));
	g_checksum_get_digest(sum, is, &len);
	if (!memcmp(is, sha256, sizeof(is)))
		return g_bytes_ref(der);
	g_set_error(error, ERR, ERR_FORMAT,
		    "the saved bytes of this certificate are damaged; refresh its store");
	return NULL;
}

GBytes *db_cert_get(struct db *db, const char *hex, GError **error)
{
	g_autoptr(sql) q = sql_new(
		db, "SELECT sha256, der FROM cert WHERE print BETWEEN ?1 AND ?2"
		    " AND sha256 BETWEEN ?3 AND ?4 LIMIT 2");
	g_autoptr(GBytes) digest = NULL;
	g_autoptr(GBytes) der = NULL;
	uint8_t low[32], high[32];
	enum sql_end end;

	if (!read_prefix(hex, low, high)) {
		g_set_error(error, ERR, ERR_USAGE,
			    "a certificate is named by 1 to 64 hexadecimal digits");
		return NULL;
	}
	/* One digit says the sign, so signed numbers keep the order within a prefix. */
	sql_put_int(q, (int64_t)print_of(low));
	sql_put_int(q, (int64_t)print_of(high));
	sql_put_blob(q, low, sizeof(low));
	sql_put_blob(q, high, sizeof(high));
	end = sql_next(q, error);
	if (end == SQL_FAILED)
		return NULL;
	if (end == SQL_ROW) {
		digest = sql_bytes(q, 32);
		der = sql_bytes(q, DER_MAX);
		end = sql_next(q, NULL);
	}
	if (!digest || !der || g_bytes_get_size(digest) != 32) {
		g_set_error(error, ERR, ERR_NOT_FOUND,
			    "no certificate is saved whose SHA-256 starts with %s", hex);
		return NULL;
	}
	if (end == SQL_ROW) {
		g_set_error(error, ERR, ERR_USAGE,
			    "more than one certificate starts with %s; give more digits", hex);
		return NULL;
	}
	return checked(der, g_bytes_get_data(digest, NULL), error);
}

uint32_t db_cert_count(struct db *db)
{
	g_autoptr(sql) q = sql_new(db, "SELECT count(*) FROM cert");

	return sql_next(q, NULL) == SQL_ROW ? (uint32_t)sql_int(q) : 0;
}
