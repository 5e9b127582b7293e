/*
 * keep: between the state in memory and the database.
 *
 * Changes are collected during a turn and written at its end in one transaction; only the
 * journal is written at once.  When nothing can be saved the program goes on, and the
 * snapshot says so until saving works again.
 */
#include "own.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <syslog.h>
#include <unistd.h>

#include <certty/base/clock.h>

#define LOOK_AFTER 50	/* ms after somebody wrote */

/* What a refresh found, until it is written. */
struct pending {
	char *store;
	struct table *table;
	GArray *fresh;		/* struct db_cert */
	GBytes *memo;
};

struct changes {
	GHashTable *items[KIND_COUNT];	/* sets of ids that were put or dropped */
	GPtrArray *refreshes;		/* struct pending */
	GHashTable *settings;
	GBytes *page;
	int64_t seen;			/* change number of the database as last loaded */
	bool any;
};

static const struct item_type *const kept[KIND_COUNT] = {
	[KIND_STORES] = &store_type,
	[KIND_REQUESTS] = &request_type,
	[KIND_DISCOVERY] = &discovery_type,
	[KIND_JOBS] = &job_type,
};

static void pending_free(void *p)
{
	struct pending *w = p;

	g_free(w->store);
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

static void make_changes(struct engine *e)
{
	struct changes *c = g_new0(struct changes, 1);

	for (int i = 0; i < KIND_COUNT; i++)
		c->items[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	c->refreshes = g_ptr_array_new_with_free_func(pending_free);
	c->settings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	e->changes = c;
}

static char *db_path(const struct engine *e)
{
	return e->config.is_memory_only ? NULL : g_build_filename(e->folder, "certty.db", NULL);
}

void keep_open(struct engine *e)
{
	g_autofree char *path = db_path(e);
	g_autoptr(GError) error = NULL;
	char *notice = NULL;

	make_changes(e);
	e->db = db_open(path, &notice, &error);
	if (!e->db) {
		notice = g_strdup_printf("nothing is saved: %s", error->message);
		e->db = db_open(NULL, NULL, NULL);
		g_assert(e->db);
	}
	say(e, notice);
}

/* Another process's writes touch the write-ahead log; ours too, which costs one look.  The
 * folder tells by a signal to this thread alone.  Not inotify: closing that waits for the
 * kernel, up to 15 ms, when a person waits for the shell. */
static void watch(struct engine *e)
{
	struct f_owner_ex me = { F_OWNER_TID, (pid_t)syscall(SYS_gettid) };
	sigset_t set;

	if (e->config.is_memory_only)
		return;
	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	e->watch = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	e->watched = open(e->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (e->watched >= 0 && fcntl(e->watched, F_SETOWN_EX, &me) == 0)
		(void)fcntl(e->watched, F_NOTIFY, DN_MODIFY | DN_MULTISHOT);
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
	g_ptr_array_unref(c->refreshes);
	g_hash_table_unref(c->settings);
	g_clear_pointer(&c->page, g_bytes_unref);
	g_free(c);
}

/* ---- loading ---- */

static void complain(struct engine *e, const char *what, GError *error)
{
	if (error)
		say(e, g_strdup_printf("%s: %s", what, error->message));
	g_clear_error(&error);
}

static void load_tables(struct engine *e, int64_t since)
{
	GError *error = NULL;
	g_autoptr(GPtrArray) stores = db_rows_list(e->db, since, &error);
	g_autoptr(room) room = since ? NULL : db_rows_room(e->db);

	complain(e, "the saved certificates cannot be listed", error);
	for (guint i = 0; stores && i < stores->len && !atomic_load(&e->leaving); i++) {
		const char *id = stores->pdata[i];
		struct table *t;

		error = NULL;
		t = db_rows_get(e->db, id, e->known.words, room, &error);
		complain(e, "saved certificates cannot be read", error);
		if (t)
			g_hash_table_replace(e->known.tables, g_strdup(id), t);
	}
	e->known.tables_changed = true;
}

static void add_this_machine(struct engine *e)
{
	g_autofree char *who = g_strdup_printf("%s on %s", g_get_user_name(), g_get_host_name());
	struct account *a = account_new("local");

	store_set(&a->provider, "local");
	store_set(&a->title, "This machine");
	store_set(&a->who, who);
	store_set(&a->secret_from, "none needed");
	a->is_read_only = e->config.is_read_only;
	e->here = account_ref(a);
	shelf_put(e->known.shelf[KIND_ACCOUNTS], a);
}

void keep_load(struct engine *e)
{
	add_this_machine(e);
	e->changes->seen = db_change_number(e->db);
	for (int k = 0; k < KIND_COUNT; k++) {
		GError *error = NULL;

		if (kept[k])
			db_item_load(e->db, kept[k], e->known.shelf[k], &error);
		complain(e, "the saved state cannot be read", error);
	}
	load_tables(e, 0);
	plan_own_stores(e);
	watch(e);
	e->is_loaded = e->is_changed = true;
}

/* ---- what another process has written ---- */

static bool is_ours_alone(const struct engine *e, enum kind k, const char *id, const void *item)
{
	return g_hash_table_contains(e->changes->items[k], id) ||
	       (k == KIND_JOBS && !job_is_over(item)) ||
	       (k == KIND_STORES && g_hash_table_contains(e->refreshing, id));
}

static void reload_kind(struct engine *e, enum kind k)
{
	struct shelf *fresh = shelf_new(kept[k]), *shelf = e->known.shelf[k];
	g_autoptr(items) old = shelf_freeze(shelf), now = NULL;

	if (!db_item_load(e->db, kept[k], fresh, NULL)) {
		shelf_free(fresh);
		return;
	}
	now = shelf_freeze(fresh);
	for (size_t i = 0; i < now->n; i++) {
		const char *id = kept[k]->id(now->item[i]);

		if (!is_ours_alone(e, k, id, now->item[i]))
			shelf_put(shelf, kept[k]->ref(now->item[i]));
	}
	for (size_t i = 0; i < old->n; i++) {
		const char *id = kept[k]->id(old->item[i]);

		if (!shelf_get(fresh, id) && !is_ours_alone(e, k, id, old->item[i]))
			shelf_drop(shelf, id);
	}
	shelf_free(fresh);
}

/* What is written becomes visible a moment after it was written. */
void keep_hear_others(struct engine *e)
{
	struct signalfd_siginfo told;

	while (read(e->watch, &told, sizeof(told)) > 0)
		;
	if (!e->look_at)
		e->look_at = clock_ticks() + LOOK_AFTER * 1000;
}

void keep_others(struct engine *e)
{
	int64_t number;

	e->look_at = 0;
	if (!db_is_changed(e->db))
		return;
	number = db_change_number(e->db);
	for (int k = 0; k < KIND_COUNT; k++)
		if (kept[k])
			reload_kind(e, k);
	load_tables(e, e->changes->seen);
	e->changes->seen = number;
	e->is_changed = true;
}

/* ---- collecting ---- */

void keep_item(struct engine *e, enum kind kind, const char *id)
{
	g_hash_table_add(e->changes->items[kind], g_strdup(id));
	e->changes->any = e->is_changed = true;
}

void keep_store(struct engine *e, const char *id)
{
	keep_item(e, KIND_STORES, id);
}

void keep_drop_store(struct engine *e, const char *id)
{
	keep_item(e, KIND_STORES, id);
	for (guint i = e->changes->refreshes->len; i-- > 0;) {
		struct pending *p = e->changes->refreshes->pdata[i];

		if (!strcmp(p->store, id))
			g_ptr_array_remove_index(e->changes->refreshes, i);
	}
}

void keep_table(struct engine *e, const char *store, struct table *t, GArray *fresh,
		GBytes *memo)
{
	struct pending *p = g_new0(struct pending, 1);

	p->store = g_strdup(store);
	p->table = table_ref(t);
	p->memo = memo ? g_bytes_ref(memo) : NULL;
	p->fresh = g_array_sized_new(FALSE, FALSE, sizeof(struct db_cert), fresh->len);
	g_array_set_clear_func(p->fresh, db_cert_done);
	for (guint i = 0; i < fresh->len; i++) {
		const struct fresh *f = &g_array_index(fresh, struct fresh, i);
		struct db_cert c = { .der = g_bytes_ref(f->der) };

		memcpy(c.sha256, f->sha256, sizeof(c.sha256));
		g_array_append_val(p->fresh, c);
	}
	g_ptr_array_add(e->changes->refreshes, p);
	e->changes->any = true;
}

void keep_setting(struct engine *e, const char *key, const char *value)
{
	g_hash_table_replace(e->changes->settings, g_strdup(key), g_strdup(value));
	e->changes->any = true;
}

void keep_page(struct engine *e, GBytes *page)
{
	g_clear_pointer(&e->changes->page, g_bytes_unref);
	e->changes->page = g_bytes_ref(page);
	e->changes->any = true;
}

/* ---- writing ---- */

static bool write_items(struct engine *e, enum kind k, GError **error)
{
	GHashTableIter iter;
	gpointer id;

	g_hash_table_iter_init(&iter, e->changes->items[k]);
	while (kept[k] && g_hash_table_iter_next(&iter, &id, NULL)) {
		const void *item = shelf_get(e->known.shelf[k], id);

		if (item ? !db_item_put(e->db, kept[k], item, error)
			 : !db_item_drop(e->db, kept[k], id, error))
			return false;
	}
	return true;
}

static bool write_refresh(struct engine *e, const struct pending *p, GError **error)
{
	const struct store *s = shelf_get(e->known.shelf[KIND_STORES], p->store);
	struct db_refresh r = {
		.store = s, .table = p->table, .words = e->known.words, .memo = p->memo,
		.fresh = (const struct db_cert *)(void *)p->fresh->data, .n_fresh = p->fresh->len,
	};

	return !s || db_refresh_put(e->db, &r, error);
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

static bool write_all(struct engine *e, GError **error)
{
	if (!db_begin(e->db, error))
		return false;
	for (int k = 0; k < KIND_COUNT; k++)
		if (!write_items(e, k, error))
			return false;
	for (guint i = 0; i < e->changes->refreshes->len; i++)
		if (!write_refresh(e, e->changes->refreshes->pdata[i], error))
			return false;
	return write_settings(e, error) && db_commit(e->db, error);
}

void keep_write(struct engine *e)
{
	struct changes *c = e->changes;
	GError *error = NULL;

	if (!c || !c->any)
		return;
	if (!write_all(e, &error)) {
		db_rollback(e->db);
		complain(e, "nothing is saved", error);
	} else if (e->saying && g_str_has_prefix(e->saying, "nothing is saved")) {
		say(e, NULL);
	}
	/* What could not be written is in memory all the same; the next refresh writes it. */
	for (int k = 0; k < KIND_COUNT; k++)
		g_hash_table_remove_all(c->items[k]);
	g_ptr_array_set_size(c->refreshes, 0);
	g_hash_table_remove_all(c->settings);
	g_clear_pointer(&c->page, g_bytes_unref);
	c->any = false;
}

/* ---- the journal ---- */

static const char *store_of(const struct task *t)
{
	return t->command->verb->on == KIND_STORES && t->command->targets->len == 1 ?
		t->command->targets->pdata[0] : args_text(t->command->args, "store", "");
}

static const char *digest_of(struct engine *e, const struct task *t)
{
	const struct request *r;

	if (t->command->verb->on != KIND_REQUESTS || t->command->targets->len != 1)
		return NULL;
	r = shelf_get(e->known.shelf[KIND_REQUESTS], t->command->targets->pdata[0]);
	return r ? r->digest : NULL;
}

bool keep_journal(struct engine *e, struct task *t, bool at_end, GError **error)
{
	g_autofree char *line = NULL, *outcome = NULL, *targets = NULL;
	struct db_journal_entry entry = {
		.phase = at_end ? JOURNAL_END : JOURNAL_BEGIN,
		.begun = t->journal_number,
		.verb = t->command->verb->name,
		.account = "local",
		.store = store_of(t),
		.digest = digest_of(e, t),
	};

	g_ptr_array_add(t->command->targets, NULL);
	targets = g_strjoinv(" ", (char **)t->command->targets->pdata);
	g_ptr_array_remove_index(t->command->targets, t->command->targets->len - 1);
	entry.target = targets;
	if (at_end)
		outcome = g_strdup_printf("%s%s%s", job_state_word(t->job->state),
					  t->job->said ? ": " : "",
					  t->job->said ? t->job->said : "");
	entry.outcome = outcome;
	if (!db_journal_append(e->db, &entry, at_end ? NULL : &t->journal_number, &line, error)) {
		g_prefix_error(error, "the journal cannot be written, so nothing is changed: ");
		return false;
	}
	if (settings_bool(e->config.settings, "journal", "syslog"))
		syslog(LOG_AUTHPRIV | LOG_NOTICE, "%s", line);
	return true;
}

/* ---- look-ups ---- */

GBytes *keep_memo(struct engine *e, const char *store)
{
	return db_memo_get(e->db, store);
}

/* A certificate that was found in this very turn may not be written yet. */
GBytes *keep_der(struct engine *e, const char *cert_id, GError **error)
{
	keep_write(e);
	return db_cert_get(e->db, cert_id, error);
}

/* ---- the owner's side ---- */

struct snapshot *engine_first_page(struct engine *e)
{
	g_autoptr(GBytes) page = db_page_get(e->db);

	return page ? snapshot_unpack_first_page(page, e->known.words, NULL) : NULL;
}

char *engine_recall(struct engine *e, const char *key)
{
	return db_setting_get(e->db, key);
}

static struct db *reader(struct engine *e, GError **error)
{
	g_autofree char *path = db_path(e);

	if (!e->reader)
		e->reader = db_open(path, NULL, error);
	return e->reader;
}

GBytes *engine_der(struct engine *e, const char *id, GError **error)
{
	struct db *db = reader(e, error);

	return db ? db_cert_get(db, id, error) : NULL;
}

bool engine_journal_each(struct engine *e, engine_line_fn *line, void *who, GError **error)
{
	struct db *db = reader(e, error);

	return db && db_journal_each(db, 0, line, who, error);
}

bool engine_journal_verify(struct engine *e, char **ret_sentence, GError **error)
{
	struct db *db = reader(e, error);

	return db && db_journal_verify(db, ret_sentence, error);
}
