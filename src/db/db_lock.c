/*
 * db_lock: one process at a time drives an order.
 *
 * A row names its holder so exactly that nobody else can be meant: the process number and
 * the moment it started, within one boot and one space of process numbers (a container has
 * its own).  Whether a holder in another space still runs cannot be told from here, so only
 * the end of its time frees such a lock.
 *
 * That somebody else has it is no failure of the database: what is written in the same
 * transaction is kept.
 */
#include <certty/db/db_state.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <certty/base/clock.h>
#include <certty/base/err.h>

#include "db_own.h"

#define WORD_MAX 256

struct holder {
	char *boot, *space;
	int64_t pid, started, until;
};

static void holder_done(struct holder *h)
{
	g_free(h->boot);
	g_free(h->space);
}

/* Clock ticks since boot at which the process started; 0 when there is none (any more). */
static int64_t started(int64_t pid)
{
	g_autofree char *path = g_strdup_printf("/proc/%" G_GINT64_FORMAT "/stat", pid);
	g_autofree char *stat = NULL;
	g_auto(GStrv) words = NULL;
	const char *name_end;

	if (!g_file_get_contents(path, &stat, NULL, NULL))
		return 0;
	name_end = strrchr(stat, ')');	/* the name may hold anything, blanks too */
	if (!name_end)
		return 0;
	words = g_strsplit(name_end + 1, " ", 22);
	return g_strv_length(words) > 20 ? g_ascii_strtoll(words[20], NULL, 10) : 0;
}

static struct holder myself(void)
{
	struct holder me = { .pid = getpid() };
	char space[WORD_MAX];
	ssize_t n = readlink("/proc/self/ns/pid", space, sizeof(space) - 1);

	me.started = started(me.pid);
	me.space = g_strndup(space, n > 0 ? (size_t)n : 0);
	if (g_file_get_contents("/proc/sys/kernel/random/boot_id", &me.boot, NULL, NULL))
		g_strchomp(me.boot);
	else
		me.boot = g_strdup("");
	return me;
}

static bool is_same(const struct holder *a, const struct holder *b)
{
	return a->pid == b->pid && a->started == b->started && !strcmp(a->boot, b->boot) &&
	       !strcmp(a->space, b->space);
}

static bool is_gone(const struct holder *h, const struct holder *me)
{
	int64_t now = clock_now();

	if (h->until <= now || h->until > now + DB_LOCK_MAX || strcmp(h->boot, me->boot))
		return true;
	return !strcmp(h->space, me->space) && started(h->pid) != h->started;
}

/* False when nobody has it, or nobody that makes sense. */
static bool load_holder(struct db *db, const char *name, struct holder *ret)
{
	g_autoptr(sql) q = sql_new(
		db, "SELECT boot, space, pid, started, until FROM lock WHERE name = ?");

	sql_put_text(q, name);
	if (sql_next(q, NULL) != SQL_ROW)
		return false;
	ret->boot = sql_text(q, WORD_MAX);
	ret->space = sql_text(q, WORD_MAX);
	ret->pid = sql_int(q);
	ret->started = sql_int(q);
	ret->until = sql_int(q);
	return ret->boot && ret->space && ret->pid > 0;
}

/* The process that has it, or 0. */
static int64_t find_other(struct db *db, const char *name, const struct holder *me)
{
	struct holder other = { 0 };
	bool is_taken = load_holder(db, name, &other) && !is_same(&other, me) && !is_gone(&other, me);

	holder_done(&other);
	return is_taken ? other.pid : 0;
}

static bool take(struct db *db, const char *name, const struct holder *me, GError **error)
{
	g_autoptr(sql) q = sql_new(
		db, "REPLACE INTO lock(name, boot, space, pid, started, until)"
		    " VALUES(?, ?, ?, ?, ?, ?)");

	sql_put_text(q, name);
	sql_put_text(q, me->boot);
	sql_put_text(q, me->space);
	sql_put_int(q, me->pid);
	sql_put_int(q, me->started);
	sql_put_int(q, me->until);
	return sql_run(q, error);
}

bool db_lock_take(struct db *db, const char *name, int64_t seconds, GError **error)
{
	struct holder me = myself();
	int64_t other = 0;
	bool is_well = false;

	me.until = clock_now() + MIN(seconds, DB_LOCK_MAX);
	if (db_begin(db, error)) {
		other = find_other(db, name, &me);
		is_well = db_end(db, other || take(db, name, &me, error), error);
	}
	if (is_well && other)
		g_set_error(error, ERR, ERR_BUSY,
			    "another certty (process %" G_GINT64_FORMAT ") is at work on it", other);
	holder_done(&me);
	return is_well && !other;
}

void db_lock_release(struct db *db, const char *name)
{
	struct holder me = myself(), other = { 0 };
	g_autoptr(sql) q = sql_new(db, "DELETE FROM lock WHERE name = ?");

	sql_put_text(q, name);
	if (db_begin(db, NULL))
		db_end(db, !load_holder(db, name, &other) || !is_same(&me, &other) ||
			   sql_run(q, NULL), NULL);
	holder_done(&me);
	holder_done(&other);
}
