/*
 * keep: from the state in memory to the database.
 *
 * Changes are collected during a turn and written at its end in one transaction; only the
 * journal is written at once.  When nothing can be saved the program goes on, keeps what it
 * has to write, tries again, and the snapshot says so until saving works.
 */
#include "own.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <certty/base/clock.h>

#define AGAIN_MS 5000		/* after a failure */
#define UNSAVED "nothing is saved"

/* What a refresh found, until it is written. */
struct pending {
	struct table *table;	/* NULL: the rows stay as they are */
	GArray *fresh;		/* struct db_cert */
	GBytes *memo;
};

const struct item_type *const keep_types[KIND_COUNT] = {
	[KIND_STORES] = &store_type,
	[KIND_REQUESTS] = &request_type,
	[KIND_DISCOVERY] = &discovery_type,
	[KIND_DOMAINS] = &domain_type,
	[KIND_OBJECTS] = &object_type,
	[KIND_JOBS] = &job_type,
	[KIND_ACCOUNTS] = &account_type,
	[KIND_DEPLOYS] = &deploy_type,
};

struct shelf *keep_shelf(const struct engine *e, enum kind kind)
{
	return kind == KIND_DOMAINS ? domains_told(e) : e->known.shelf[kind];
}

static void pending_free(void *p)
{
	struct pending *w = p;

	table_unref(w->table);
	g_array_unref(w->fresh);
	g_clear_pointer(&w->memo, g_bytes_unref);
	g_free(w);
}

static void db_cert_done(void *c)
{
	g_bytes_unref(((struct db_cert *)c)->der);
}

/* ---- opening ---- */

static void say(struct engine *e, char *sentence)
{
	if (g_strcmp0(e->saying, sentence))
		e->is_changed = true;
	g_free(e->saying);
	e->saying = sentence;
}

void keep_say(struct engine *e, const char *what, GError *error)
{
	if (error)
		say(e, g_strdup_printf("%s: %s", what, error->message));
	g_clear_error(&error);
}

static void make_changes(struct engine *e)
{
	struct changes *c = g_new0(struct changes, 1);

	for (int i = 0; i < KIND_COUNT; i++)
		c->items[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	c->refreshes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, pending_free);
	c->settings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	e->changes = c;
}

char *keep_path(const struct engine *e)
{
	return e->config.is_memory_only ? NULL : g_build_filename(e->folder, "certty.db", NULL);
}

void keep_open(struct engine *e)
{
	g_autofree char *path = keep_path(e);
	g_autoptr(GError) error = NULL;
	char *notice = NULL;

	make_changes(e);
	e->db = db_open(path, &notice, &error);
	if (!e->db) {
		notice = g_strdup_printf(UNSAVED ": %s", error->message);
		e->is_unsaved = true;
		e->db = db_open(NULL, NULL, NULL);
		g_assert(e->db);
	}
	say(e, notice);
}

void keep_done(struct engine *e)
{
	struct changes *c = e->changes;

	if (e->watched >= 0)
		close(e->watched);
	if (e->watch >= 0)
		close(e->watch);
	db_close(e->reader);
	db_close(e->db);
	if (!c)
		return;
	for (int i = 0; i < KIND_COUNT; i++)
		g_hash_table_unref(c->items[i]);
	g_hash_table_unref(c->refreshes);
	g_hash_table_unref(c->settings);
	g_clear_pointer(&c->page, g_bytes_unref);
	g_free(c);
}

/* ---- collecting ---- */

void keep_item(struct engine *e, enum kind kind, const char *id)
{
	g_hash_table_add(e->changes->items[kind], g_strdup(id));
	e->changes->any = e->is_changed = true;
}

void keep_drop_store(struct engine *e, const char *id)
{
	keep_item(e, KIND_STORES, id);
	domains_forget(e, id);
	objects_forget(e, id);
	g_hash_table_remove(e->changes->refreshes, id);
	hidden_drop(e, id);
}

void keep_read(struct engine *e, const char *store, struct table *t, GArray *fresh,
	       GBytes *memo)
{
	struct pending *p;

	if (!t && g_hash_table_contains(e->changes->refreshes, store))
		return;		/* the row is written with the rows that wait already */
	p = g_new0(struct pending, 1);
	p->table = t ? table_ref(t) : NULL;
	p->memo = t && memo ? g_bytes_ref(memo) : NULL;
	p->fresh = g_array_sized_new(FALSE, FALSE, sizeof(struct db_cert), fresh->len);
	g_array_set_clear_func(p->fresh, db_cert_done);
	for (guint i = 0; t && i < fresh->len; i++) {
		const struct fresh *f = &g_array_index(fresh, struct fresh, i);
		struct db_cert c = { .der = g_bytes_ref(f->der) };

		memcpy(c.sha256, f->sha256, sizeof(c.sha256));
		g_array_append_val(p->fresh, c);
	}
	g_hash_table_replace(e->changes->refreshes, g_strdup(store), p);
	e->changes->any = e->is_changed = true;
}

void keep_new_memo(struct engine *e, const char *store, GBytes *memo)
{
	struct pending *p = g_hash_table_lookup(e->changes->refreshes, store);
	struct table *t = g_hash_table_lookup(e->known.tables, store);
	g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(struct fresh));

	if (!t)
		return;		/* what was never read has no memo */
	if (!p || !p->table) {
		keep_read(e, store, t, none, memo);
		return;
	}
	g_clear_pointer(&p->memo, g_bytes_unref);
	p->memo = g_bytes_ref(memo);
}

void keep_setting(struct engine *e, const char *key, const char *value)
{
	g_hash_table_replace(e->changes->settings, g_strdup(key), g_strdup(value));
	e->changes->any = true;
}

char *keep_recall(const struct engine *e, const char *key)
{
	gpointer value;

	if (g_hash_table_lookup_extended(e->changes->settings, key, NULL, &value))
		return g_strdup(value);
	return db_setting_get(e->db, key);
}

void keep_forget(struct engine *e, const char *key)
{
	g_autofree char *value = keep_recall(e, key);

	if (value)
		keep_setting(e, key, NULL);
}

void keep_page(struct engine *e, GBytes *page)
{
	g_clear_pointer(&e->changes->page, g_bytes_unref);
	e->changes->page = g_bytes_ref(page);
	e->changes->any = true;
}

/* ---- writing ---- */

bool keep_begin(struct engine *e, GError **error)
{
	struct changes *c = e->changes;

	if (c->is_begun)
		return true;
	if (!db_begin(e->db, error))
		return false;
	c->is_begun = true;
	load_others(e);
	return true;
}

static bool write_items(struct engine *e, enum kind k, GError **error)
{
	GHashTableIter iter;
	gpointer id;

	g_hash_table_iter_init(&iter, e->changes->items[k]);
	while (keep_types[k] && g_hash_table_iter_next(&iter, &id, NULL)) {
		const void *item = shelf_get(keep_shelf(e, k), id);

		if (item ? !db_item_put(e->db, keep_types[k], item, error)
			 : !db_item_drop(e->db, keep_types[k], id, error))
			return false;
	}
	return true;
}

static bool write_refreshes(struct engine *e, GError **error)
{
	GHashTableIter iter;
	gpointer id, pending;

	g_hash_table_iter_init(&iter, e->changes->refreshes);
	while (g_hash_table_iter_next(&iter, &id, &pending)) {
		const struct pending *p = pending;
		struct db_refresh r = {
			.store = shelf_get(e->known.shelf[KIND_STORES], id), .table = p->table,
			.words = e->known.words, .memo = p->memo,
			.fresh = (const struct db_cert *)(void *)p->fresh->data,
			.n_fresh = p->fresh->len,
		};

		if (r.store && !db_refresh_put(e->db, &r, error))
			return false;
	}
	return true;
}

static bool write_settings(struct engine *e, GError **error)
{
	GHashTableIter iter;
	gpointer key, value;

	g_hash_table_iter_init(&iter, e->changes->settings);
	while (g_hash_table_iter_next(&iter, &key, &value))
		if (!db_setting_put(e->db, key, value, error))
			return false;
	return !e->changes->page || db_page_put(e->db, e->changes->page, error);
}

/* Nobody else writes before the commit, so everything up to this number is known here. */
static bool write_all(struct engine *e, GError **error)
{
	int64_t number;

	if (!keep_begin(e, error))
		return false;
	for (int k = 0; k < KIND_COUNT; k++)
		if (!write_items(e, k, error))
			return false;
	if (!write_refreshes(e, error) || !write_settings(e, error))
		return false;
	number = db_change_number(e->db);
	e->changes->is_begun = false;
	if (!db_commit(e->db, error))
		return false;
	e->changes->seen = number;
	return true;
}

static void forget_changes(struct changes *c)
{
	for (int k = 0; k < KIND_COUNT; k++)
		g_hash_table_remove_all(c->items[k]);
	g_hash_table_remove_all(c->refreshes);
	g_hash_table_remove_all(c->settings);
	g_clear_pointer(&c->page, g_bytes_unref);
	c->any = false;
	c->again = 0;
}

/* The file's time is what the others watch. */
static void tell_others(const struct engine *e)
{
	g_autofree char *path = keep_path(e);

	if (path)
		(void)utimensat(AT_FDCWD, path, NULL, 0);
}

bool keep_now(struct engine *e, GError **error)
{
	struct changes *c = e->changes;

	if (!write_all(e, error)) {
		if (c->is_begun)
			db_rollback(e->db);
		c->is_begun = false;
		return false;
	}
	if (c->any)
		tell_others(e);
	forget_changes(c);
	if (e->saying && !e->is_unsaved && g_str_has_prefix(e->saying, UNSAVED))
		say(e, NULL);
	return true;
}

void keep_write(struct engine *e)
{
	struct changes *c = e->changes;
	GError *error = NULL;

	if (!c || !(c->any || c->is_begun) || (!c->is_begun && c->again > clock_ticks()))
		return;
	if (keep_now(e, &error))
		return;
	keep_say(e, UNSAVED, error);
	if (db_can_save(e->db))
		c->again = clock_ticks() + AGAIN_MS * 1000;
	else
		forget_changes(c);	/* it never will */
}

int64_t keep_due(const struct engine *e)
{
	return e->changes->any ? e->changes->again : INT64_MAX;
}

/* ---- look-ups ---- */

/* One that was made in this very turn may not be written yet. */
GBytes *keep_memo(struct engine *e, const char *store)
{
	const struct pending *p = g_hash_table_lookup(e->changes->refreshes, store);

	if (p && p->memo)
		return g_bytes_ref(p->memo);
	return db_memo_get(e->db, store);
}

/* Nor a certificate that was found. */
GBytes *keep_der(struct engine *e, const char *cert_id, GError **error)
{
	keep_write(e);
	return db_cert_get(e->db, cert_id, error);
}

/* ---- the owner's side, before the worker starts ---- */

struct snapshot *engine_first_page(struct engine *e)
{
	g_autoptr(GBytes) page = db_page_get(e->db);

	return page ? snapshot_unpack_first_page(page, e->known.words, NULL) : NULL;
}

char *engine_recall(struct engine *e, const char *key)
{
	return db_setting_get(e->db, key);
}
