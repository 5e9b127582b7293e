/*
 * db_journal: the hash-chained journal.
 *
 * The text of an entry is kept as it was hashed, so verifying never has to write it again.
 * Its hash is the SHA-256 of the 64 digits of the hash before it, followed by that text; a
 * reader has the text by cutting the last member, "hash", off the line.
 */
#include <certty/db/db_journal.h>

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <certty/base/clock.h>
#include <certty/base/err.h>
#include <certty/base/json.h>
#include <certty/base/text.h>

#include "db_own.h"

#define HASH_LEN	64
#define NAME_MAX_BYTES	256
#define NO_HASH "0000000000000000000000000000000000000000000000000000000000000000"

struct head {
	int64_t number;
	char hash[HASH_LEN + 1];
};

static void hash_of(const char *before, const char *text, char ret[HASH_LEN + 1])
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	g_checksum_update(sum, (const guchar *)before, -1);
	g_checksum_update(sum, (const guchar *)text, -1);
	g_strlcpy(ret, g_checksum_get_string(sum), HASH_LEN + 1);
}

/* ---- who ---- */

/* The login that this process descends from, whatever su and sudo came after; -1 unknown. */
static int64_t login_uid(void)
{
	g_autofree char *text = NULL;
	guint64 uid;

	if (!g_file_get_contents("/proc/self/loginuid", &text, NULL, NULL) ||
	    !g_ascii_string_to_unsigned(g_strchomp(text), 10, 0, G_MAXUINT32 - 1, &uid, NULL))
		return -1;
	return (int64_t)uid;
}

static char *harmless_env(const char *name)
{
	return text_harmless_dup(g_getenv(name), NAME_MAX_BYTES);
}

static void write_actor(struct json_writer *w)
{
	g_autofree char *user = text_harmless_dup(g_get_user_name(), NAME_MAX_BYTES);
	g_autofree char *sudo = harmless_env("SUDO_USER");
	g_autofree char *from = harmless_env("SSH_CONNECTION");
	int64_t login = login_uid();

	if (from)
		from[strcspn(from, " ")] = '\0';	/* the address, without the ports */
	json_open(w, "actor", '{');
	json_put_str(w, "user", user);
	json_put_int(w, "uid", getuid());
	if (login < 0)
		json_put_null(w, "login_uid");
	else
		json_put_int(w, "login_uid", login);
	json_put_str(w, "sudo_user", sudo);
	json_put_str(w, "from", from);
	json_put_int(w, "process", getpid());
	json_close(w, '}');
}

/* ---- writing ---- */

static const char *const phases[] = { [JOURNAL_BEGIN] = "begin", [JOURNAL_NOTE] = "note",
					     [JOURNAL_END] = "end" };

static char *write_entry(const struct db_journal_entry *e, int64_t number, const char *before)
{
	g_autoptr(GString) time = g_string_new(NULL);
	struct json_writer w = { .out = g_string_new(NULL) };

	clock_say_iso(time, clock_now());
	json_open(&w, NULL, '{');
	json_put_int(&w, "number", number);
	json_put_str(&w, "time", time->str);
	json_put_str(&w, "phase", phases[e->phase]);
	if (e->phase != JOURNAL_BEGIN)
		json_put_int(&w, "begun", (int64_t)e->begun);
	json_put_str(&w, "verb", e->verb);
	json_put_str(&w, "account", e->account);
	json_put_str(&w, "store", e->store);
	json_put_str(&w, "target", e->target);
	json_put_str(&w, "digest", e->digest);
	json_open(&w, "warnings", '[');
	for (size_t i = 0; e->warnings && e->warnings[i]; i++)
		json_put_str(&w, NULL, e->warnings[i]);
	json_close(&w, ']');
	json_put_str(&w, "outcome", e->outcome);
	write_actor(&w);
	json_put_str(&w, "previous", before);
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

static char *with_hash(const char *text, const char *hash)
{
	return g_strdup_printf("%.*s,\"hash\":\"%s\"}", (int)strlen(text) - 1, text, hash);
}

/* A head that somebody took away does not stop the journal; verifying tells. */
static bool load_head(struct db *db, struct head *ret, GError **error)
{
	g_autoptr(sql) head = sql_new(db, "SELECT number, hash FROM journal_head");
	g_autoptr(sql) last = sql_new(db, "SELECT max(number) FROM journal");
	g_autofree char *hash = NULL;
	enum sql_end end = sql_next(head, error);
	int64_t number;

	*ret = (struct head){ 0, NO_HASH };
	if (end == SQL_ROW) {
		ret->number = sql_int(head);
		hash = sql_text(head, HASH_LEN);
		g_strlcpy(ret->hash, hash ? hash : "", sizeof(ret->hash));
	}
	if (end == SQL_FAILED || sql_next(last, error) != SQL_ROW)
		return false;
	number = sql_int(last);
	ret->number = MAX(ret->number, number);
	return true;
}

static bool save_entry(struct db *db, const char *text, const struct head *head, GError **error)
{
	g_autoptr(sql) entry =
		sql_new(db, "INSERT INTO journal(number, line, hash) VALUES(?, ?, ?)");
	g_autoptr(sql) q =
		sql_new(db, "REPLACE INTO journal_head(id, number, hash) VALUES(1, ?, ?)");

	sql_put_int(entry, head->number);
	sql_put_text(entry, text);
	sql_put_text(entry, head->hash);
	sql_put_int(q, head->number);
	sql_put_text(q, head->hash);
	db_must_last(db);
	return sql_run(entry, error) && sql_run(q, error);
}

static bool append(struct db *db, const struct db_journal_entry *entry, struct head *ret_head,
		   char **ret_line, GError **error)
{
	g_autofree char *text = NULL;
	char before[HASH_LEN + 1];

	if (!load_head(db, ret_head, error))
		return false;
	memcpy(before, ret_head->hash, sizeof(before));
	ret_head->number++;
	text = write_entry(entry, ret_head->number, before);
	if (strlen(text) > DB_JOURNAL_LINE_MAX - 128) {
		g_set_error(error, ERR, ERR_LIMIT, "the journal takes no entry this long");
		return false;
	}
	hash_of(before, text, ret_head->hash);
	*ret_line = with_hash(text, ret_head->hash);
	return save_entry(db, text, ret_head, error);
}

bool db_journal_append(struct db *db, const struct db_journal_entry *entry,
		       uint64_t *ret_number, char **ret_line, GError **error)
{
	g_autofree char *line = NULL;
	struct head head;

	if (!db_begin(db, error) ||
	    !db_end(db, append(db, entry, &head, &line, error), error)) {
		g_prefix_error(error, "writing the journal: ");
		return false;
	}
	if (ret_number)
		*ret_number = (uint64_t)head.number;
	if (ret_line)
		*ret_line = g_steal_pointer(&line);
	return true;
}

/* ---- reading ---- */

static bool is_hash(const char *text)
{
	return text && strlen(text) == HASH_LEN && strspn(text, "0123456789abcdef") == HASH_LEN;
}

/* The line as it was, or, when somebody was at it, one that a program can still read. */
static char *readable(struct sql *q)
{
	int64_t number = sql_int(q);
	g_autofree char *text = sql_text(q, DB_JOURNAL_LINE_MAX);
	g_autofree char *hash = sql_text(q, HASH_LEN);
	g_autoptr(json) parsed =
		text ? json_parse(text, strlen(text), DB_JOURNAL_LINE_MAX, NULL) : NULL;

	if (parsed && json_get(parsed, "number") && is_hash(hash))
		return with_hash(text, hash);
	return g_strdup_printf("{\"number\":%" PRId64 ",\"unreadable\":true}", number);
}

bool db_journal_each(struct db *db, uint64_t from, db_journal_fn *line, void *who,
		     GError **error)
{
	g_autoptr(sql) q = sql_new(
		db, "SELECT number, line, hash FROM journal WHERE number >= ? ORDER BY number");
	enum sql_end end;

	sql_put_int(q, (int64_t)MIN(from, INT64_MAX));
	while ((end = sql_next(q, error)) == SQL_ROW) {
		g_autofree char *text = readable(q);

		if (!line(text, who))
			return true;
	}
	return end == SQL_DONE;
}

/* ---- verifying ---- */

G_GNUC_PRINTF(2, 3)
static bool altered(GError **error, const char *format, ...)
{
	g_autofree char *what = NULL;
	va_list args;

	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, ERR, ERR_FORMAT, "the journal was altered: %s", what);
	return false;
}

/* `at`: the entry before, which becomes this one. */
static bool verify_entry(struct sql *q, struct head *at, GError **error)
{
	int64_t number = sql_int(q);
	g_autofree char *text = sql_raw(q, DB_JOURNAL_LINE_MAX);
	g_autofree char *stored = sql_raw(q, HASH_LEN);
	g_autofree char *start = g_strdup_printf("{\"number\":%" PRId64 ",", number);
	char hash[HASH_LEN + 1];

	if (number != at->number + 1)
		return altered(error, "entry %" PRId64 " is missing", at->number + 1);
	if (!text || !stored || !g_str_has_prefix(text, start))
		return altered(error, "entry %" PRId64 " is not one", number);
	hash_of(at->hash, text, hash);
	if (strcmp(hash, stored) != 0)
		return altered(error, "entry %" PRId64 " is not as it was written", number);
	at->number = number;
	memcpy(at->hash, hash, sizeof(hash));
	return true;
}

static bool verify_end(struct db *db, const struct head *last, GError **error)
{
	g_autoptr(sql) q = sql_new(db, "SELECT number, hash FROM journal_head");
	enum sql_end end = sql_next(q, error);
	g_autofree char *hash = NULL;
	int64_t number = 0;

	if (end == SQL_FAILED)
		return false;
	if (end == SQL_ROW) {
		number = sql_int(q);
		hash = sql_raw(q, HASH_LEN);
	}
	if (number > last->number)
		return altered(error, "entries after %" PRId64 " are missing, up to %" PRId64,
			       last->number, number);
	if (number < last->number)
		return altered(error, "entry %" PRId64 " was not written by certty", number + 1);
	if (number && g_strcmp0(hash, last->hash) != 0)
		return altered(error, "entry %" PRId64 " is not the one that was last", number);
	return true;
}

/* In a reading transaction, so that entries and head are of the same moment. */
static bool verify(struct db *db, struct head *at, GError **error)
{
	g_autoptr(sql) q =
		sql_new(db, "SELECT number, line, hash FROM journal ORDER BY number");
	enum sql_end end;

	while ((end = sql_next(q, error)) == SQL_ROW)
		if (!verify_entry(q, at, error))
			return false;
	return end == SQL_DONE && verify_end(db, at, error);
}

bool db_journal_verify(struct db *db, char **ret_sentence, GError **error)
{
	struct head at = { 0, NO_HASH };
	bool is_well;

	if (!db_begin_reading(db, error))
		return false;
	is_well = verify(db, &at, error);
	db_commit(db, NULL);
	if (is_well)
		*ret_sentence = g_strdup_printf(
			"%" PRId64 " entries, every one as it was written; the last has hash %s",
			at.number, at.hash);
	return is_well;
}
