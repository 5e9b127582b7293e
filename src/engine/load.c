/*
 * load: from the database to memory: everything once, then what other processes write.
 *
 * Whoever has saved something touches the database's file (keep_write), which is watched; the
 * database's own numbers then tell whether it was somebody else, and which stores have new
 * rows.  Watching the write-ahead log would not do: it is written before what it says can be
 * read.
 */
#include "own.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <certty/base/clock.h>

#define LOOK_EVERY_MS 200	/* others may write all the time */

/* ---- everything ---- */

/* Our own writes touch it too, which costs one look.  Its folder tells, by a signal to this
 * thread alone.  Not inotify: closing that waits for the kernel, up to 15 ms, and it is closed
 * when a person waits for the shell. */
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
		(void)fcntl(e->watched, F_NOTIFY, DN_ATTRIB | DN_MULTISHOT);
}

/* Those that were saved after that change number; 0: all. */
static void load_tables(struct engine *e, int64_t since)
{
	GError *error = NULL;
	g_autoptr(GPtrArray) stores = db_rows_list(e->db, since, &error);
	g_autoptr(room) room = since ? NULL : db_rows_room(e->db);

	keep_say(e, "the saved certificates cannot be listed", error);
	for (guint i = 0; stores && i < stores->len && !atomic_load(&e->leaving); i++) {
		const char *id = stores->pdata[i];
		struct table *t;

		if (g_hash_table_contains(e->changes->refreshes, id) ||
		    !shelf_get(e->known.shelf[KIND_STORES], id))
			continue;
		error = NULL;
		t = db_rows_get(e->db, id, e->known.words, room, &error);
		keep_say(e, "saved certificates cannot be read", error);
		if (t)
			g_hash_table_replace(e->known.tables, g_strdup(id), t);
	}
	e->known.tables_changed = true;
}

static void add_this_machine(struct engine *e)
{
	g_autofree char *who = g_strdup_printf("%s on %s", g_get_user_name(), g_get_host_name());
	g_autofree char *where = ladder_where(e);
	struct account *a = account_new("local");

	store_set(&a->provider, "local");
	store_set(&a->title, "This machine");
	store_set(&a->who, who);
	store_set(&a->secret_from, where);
	a->is_read_only = e->config.is_read_only;
	e->here = account_ref(a);
	shelf_put(e->known.shelf[KIND_ACCOUNTS], a);
}

void load_all(struct engine *e)
{
	add_this_machine(e);
	watch(e);
	db_is_changed(e->db);
	e->changes->seen = db_change_number(e->db);
	for (int k = 0; k < KIND_COUNT && !atomic_load(&e->leaving); k++) {
		GError *error = NULL;

		if (keep_types[k] && k != KIND_ACCOUNTS)
			db_item_load(e->db, keep_types[k], keep_shelf(e, k), &error);
		keep_say(e, "the saved state cannot be read", error);
	}
	load_tables(e, 0);
	domains_reload(e);
	if (atomic_load(&e->leaving))
		return;		/* a plan made of half the stores would drop the others */
	plan_own_stores(e);
	accounts_load(e);
	e->is_loaded = e->is_changed = e->approvals_due = e->enrolls_due = true;
}

/* ---- what another process has written ---- */

/* Rows that are newer here, or only here. */
static bool is_ours(struct engine *e, enum kind k, const char *id)
{
	const struct job *job;

	if (g_hash_table_contains(e->changes->items[k], id))
		return true;
	if (k == KIND_STORES)
		return g_hash_table_contains(e->changes->refreshes, id);
	job = k == KIND_JOBS ? shelf_get(e->known.shelf[k], id) : NULL;
	return job && (!job_is_over(job) ||
		       g_queue_find_custom(&e->passing, id, (GCompareFunc)strcmp));
}

/* Theirs, but for what reading the store tells while it is being read here. */
static struct store *merged(const struct store *theirs, const struct store *ours)
{
	struct store *s = store_dup(theirs);

	s->state = ours->state;
	g_free(s->trouble);
	s->trouble = g_strdup(ours->trouble);
	s->tried = ours->tried;
	s->seen = ours->seen;
	s->certs = ours->certs;
	s->keys = ours->keys;
	s->is_writable = ours->is_writable;
	return s;
}

static void take_theirs(struct engine *e, enum kind k, void *item)
{
	const char *id = keep_types[k]->id(item);
	struct shelf *shelf = keep_shelf(e, k);
	const void *ours = shelf_get(shelf, id);
	bool is_half = k == KIND_STORES && ours &&
		       (g_hash_table_contains(e->refreshing, id) ||
			g_hash_table_contains(e->changes->refreshes, id));

	if (g_hash_table_contains(e->changes->items[k], id))
		return;
	if (is_half)
		shelf_put(shelf, merged(item, ours));
	else if (!is_ours(e, k, id))
		shelf_put(shelf, keep_types[k]->ref(item));
}

/* Gone there.  A store that our own configuration names stays. */
static void drop_ours(struct engine *e, enum kind k, const char *id)
{
	if (is_ours(e, k, id) ||
	    (k == KIND_STORES && g_hash_table_contains(e->own_stores, id)))
		return;
	if (k == KIND_STORES)
		g_hash_table_remove(e->known.tables, id);
	shelf_drop(keep_shelf(e, k), id);
}

static void reload_kind(struct engine *e, enum kind k)
{
	struct shelf *fresh = shelf_new(keep_types[k]);
	g_autoptr(items) old = shelf_freeze(keep_shelf(e, k)), now = NULL;

	if (db_item_load(e->db, keep_types[k], fresh, NULL)) {
		now = shelf_freeze(fresh);
		for (size_t i = 0; i < now->n; i++)
			take_theirs(e, k, now->item[i]);
		for (size_t i = 0; i < old->n; i++)
			if (!shelf_get(fresh, keep_types[k]->id(old->item[i])))
				drop_ours(e, k, keep_types[k]->id(old->item[i]));
	}
	shelf_free(fresh);
}

void load_others(struct engine *e)
{
	int64_t number;

	e->look_at = 0;
	if (!db_is_changed(e->db))
		return;
	e->approvals_due = true;
	number = db_change_number(e->db);
	for (int k = 0; k < KIND_COUNT; k++)
		if (keep_types[k] && k != KIND_ACCOUNTS)
			reload_kind(e, k);
	domains_reload(e);
	accounts_take_theirs(e);
	load_tables(e, e->changes->seen);
	e->changes->seen = number;
	e->is_changed = e->enrolls_due = true;
}

/* Several writes in a row are looked at together. */
void load_hear(struct engine *e)
{
	struct signalfd_siginfo told;

	while (read(e->watch, &told, sizeof(told)) > 0)
		;
	if (!e->look_at)
		e->look_at = MAX(clock_ticks(), e->looked + LOOK_EVERY_MS * 1000);
}

void load_due(struct engine *e, int64_t ticks)
{
	if (!e->look_at || e->look_at > ticks)
		return;
	e->looked = ticks;
	load_others(e);
}
