/*
 * Several processes on one file, and processes that end in the middle of it.
 *
 * Every child is told by a pipe when to start, so that all begin at once, and ends by itself
 * or by its number.
 */
#include <certty/db/db_journal.h>
#include <certty/db/db_state.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "db_test.h"

#define CHILDREN 4

typedef int child_fn(const char *path, int number);	/* returns the exit status */

/* Starts `n` children, lets them go at the same moment; pids to ret. */
static void start(child_fn *child, const char *path, int n, pid_t *ret)
{
	int gate[2];
	char byte;

	g_assert_cmpint(pipe(gate), ==, 0);
	for (int i = 0; i < n; i++) {
		ret[i] = fork();
		if (ret[i])
			continue;
		close(gate[1]);
		while (read(gate[0], &byte, 1) > 0)
			;
		_exit(child(path, i));
	}
	close(gate[0]);
	close(gate[1]);
}

static int end_of(pid_t pid)
{
	int status;

	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	return status;
}

static void run_all(child_fn *child, const char *path)
{
	pid_t pid[CHILDREN];

	start(child, path, CHILDREN, pid);
	for (int i = 0; i < CHILDREN; i++)
		g_assert_cmpint(end_of(pid[i]), ==, 0);
}

static void assert_sound(const char *path)
{
	g_autoptr(db) db = test_open(path);
	g_autoptr(GError) error = NULL;
	g_autofree char *sentence = NULL;

	test_says(path, "PRAGMA integrity_check", "ok");
	db_journal_verify(db, &sentence, &error);
	g_assert_no_error(error);
}

/* ---- four at once ---- */

static int open_and_close(const char *path, int number)
{
	for (int i = 0; i < 5; i++) {
		g_autofree char *notice = NULL;
		g_autoptr(GError) error = NULL;
		struct db *db = db_open(path, &notice, &error);

		if (!db || notice) {
			g_printerr("# %s\n", notice ? notice : error->message);
			return 1;
		}
		db_close(db);
	}
	return 0;
}

static void test_opening(void)
{
	for (int i = 0; i < 5; i++) {
		g_autofree char *path = test_path();

		run_all(open_and_close, path);
		assert_sound(path);
	}
}

/* Four find the same garbage: one sets it aside, all go on with the same new file. */
static int find_garbage(const char *path, int number)
{
	g_autofree char *key = g_strdup_printf("%d", number);
	struct db *db = db_open(path, NULL, NULL);
	bool is_saved = db && db_setting_put(db, key, "x", NULL);

	db_close(db);
	return !is_saved;
}

static void test_garbage(void)
{
	g_autofree char *path = test_path();
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *garbage = g_strnfill(10000, 'x');
	g_autoptr(GDir) dir = NULL;
	const char *name;
	unsigned aside = 0;

	g_mkdir(folder, 0700);
	g_assert_true(g_file_set_contents(path, garbage, -1, NULL));
	run_all(find_garbage, path);
	test_says(path, "SELECT count(*) FROM setting", "4");
	dir = g_dir_open(folder, 0, NULL);
	while ((name = g_dir_read_name(dir)))
		aside += strstr(name, "broken") != NULL;
	g_assert_cmpuint(aside, ==, 1);
}

#define ENTRIES 25

static int write_journal(const char *path, int number)
{
	struct db *db = db_open(path, NULL, NULL);

	for (int i = 0; i < ENTRIES; i++) {
		struct db_journal_entry e = { .verb = "export", .target = "x" };
		uint64_t begun;

		if (!db_journal_append(db, &e, &begun, NULL, NULL))
			return 1;
		e.phase = JOURNAL_END;
		e.begun = begun;
		e.outcome = "done";
		if (!db_journal_append(db, &e, NULL, NULL, NULL))
			return 2;
	}
	db_close(db);
	return 0;
}

static void test_journal(void)
{
	g_autofree char *path = test_path();
	g_autofree char *expected = g_strdup_printf("%d", CHILDREN * ENTRIES * 2);

	run_all(write_journal, path);
	assert_sound(path);
	test_says(path, "SELECT count(*) FROM journal", expected);
	test_says(path, "SELECT number FROM journal_head", expected);
}

/* Counts in a file that only the holder of the lock may touch: a lost update would show. */
static int count_up(const char *path, int number)
{
	g_autofree char *counter = g_strconcat(path, ".counter", NULL);
	struct db *db = db_open(path, NULL, NULL);

	for (int done = 0; done < 20;) {
		g_autofree char *text = NULL;
		g_autofree char *next = NULL;
		g_autoptr(GError) error = NULL;

		if (!db_lock_take(db, "order 1", 60, &error)) {
			if (!g_error_matches(error, ERR, ERR_BUSY))
				return 1;
			g_thread_yield();
			continue;
		}
		if (!g_file_get_contents(counter, &text, NULL, NULL))
			text = g_strdup("0");
		next = g_strdup_printf("%d", atoi(text) + 1);
		g_file_set_contents(counter, next, -1, NULL);
		db_lock_release(db, "order 1");
		done++;
	}
	db_close(db);
	return 0;
}

static void test_locking(void)
{
	g_autofree char *path = test_path();
	g_autofree char *counter = g_strconcat(path, ".counter", NULL);
	g_autofree char *text = NULL;

	db_close(test_open(path));
	run_all(count_up, path);
	g_assert_true(g_file_get_contents(counter, &text, NULL, NULL));
	g_assert_cmpstr(text, ==, "80");
}

static int take_notices(const char *path, int number)
{
	struct db *db = db_open(path, NULL, NULL);

	for (int i = 0; i < 50; i++) {
		g_autofree char *event = g_strdup_printf("event %d", i);
		g_autofree char *mine = g_strdup_printf("%d by %d", i, number);
		bool is_first;

		if (!db_notice_take(db, event, &is_first, NULL) ||
		    (is_first && !db_setting_put(db, mine, "x", NULL)))
			return 1;
	}
	db_close(db);
	return 0;
}

static void test_notices(void)
{
	g_autofree char *path = test_path();

	db_close(test_open(path));
	run_all(take_notices, path);
	test_says(path, "SELECT count(*) FROM setting", "50");
}

/* ---- those who end ---- */

static int die_with_lock(const char *path, int number)
{
	struct db *db = db_open(path, NULL, NULL);

	if (!db_lock_take(db, "order 1", 3600, NULL))
		return 1;
	raise(SIGKILL);
	return 2;
}

static void test_dead_holder(void)
{
	g_autofree char *path = test_path();
	g_autoptr(db) db = test_open(path);
	g_autoptr(GError) error = NULL;
	pid_t pid;

	start(die_with_lock, path, 1, &pid);
	g_assert_cmpint(end_of(pid), ==, SIGKILL);
	db_lock_take(db, "order 1", 60, &error);
	g_assert_no_error(error);
	db_lock_take(db, "order 1", 60, &error);	/* prolonged */
	g_assert_no_error(error);
}

/* A live one is named, and keeps it; a lock of another boot or whose time is over is free. */
static void test_live_holder(void)
{
	static const struct {
		const char *change;
		bool is_free;
	} cases[] = {
		{ "UPDATE lock SET pid = 1, started = 0", true },
		{ "UPDATE lock SET boot = 'another', pid = 1", true },
		{ "UPDATE lock SET pid = 1, space = 'another'", false },
		{ "UPDATE lock SET pid = 1, space = 'another', until = 1", true },
		{ "UPDATE lock SET pid = 1, space = 'another', until = 1 << 60", true },
		{ "UPDATE lock SET pid = -1", true },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = test_path();
		g_autoptr(db) db = test_open(path);
		g_autoptr(GError) error = NULL;

		g_assert_true(db_lock_take(db, "order 1", 60, NULL));
		test_tamper(path, cases[i].change);
		if (!cases[i].is_free)
			db_lock_release(db, "order 1");	/* not ours: stays */
		g_assert_cmpint(db_lock_take(db, "order 1", 60, &error), ==, cases[i].is_free);
		if (!cases[i].is_free) {
			g_assert_error(error, ERR, ERR_BUSY);
			g_assert_nonnull(strstr(error->message, "process 1"));
		}
	}
}

/* Writes refreshes and journal entries for ever.  What a refresh leaves says the same number
 * in four places. */
static int write_for_ever(const char *path, int number)
{
	struct db *db = db_open(path, NULL, NULL);
	struct intern *words = intern_new();

	for (uint32_t round = 1;; round++) {
		struct table_builder *b = table_builder_new("s", words);
		g_autoptr(store) s = store_new("s");
		g_autoptr(table) table = NULL;
		g_autoptr(GBytes) memo = g_bytes_new(&round, sizeof(round));
		struct db_cert fresh[20];
		struct db_journal_entry e = { .verb = "refresh", .target = "s" };

		for (uint32_t i = 0; i < G_N_ELEMENTS(fresh); i++) {
			uint32_t text[500] = { round, i };
			g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
			struct facts f = { .has_digest = true, .name = (char *)"www",
					   .issuer = (char *)"CA", .key = (char *)"EC",
					   .signature = (char *)"S", .serial = (char *)"01" };
			gsize len = 32;

			g_checksum_update(sum, (const guchar *)text, sizeof(text));
			g_checksum_get_digest(sum, fresh[i].sha256, &len);
			fresh[i].der = g_bytes_new(text, sizeof(text));
			memcpy(f.sha256, fresh[i].sha256, sizeof(f.sha256));
			table_builder_add(b, &f, "x", 0);
		}
		table = table_builder_end(b, round);
		s->certs = round;
		if (!db_journal_append(db, &e, NULL, NULL, NULL) ||
		    !db_refresh_put(db, &(struct db_refresh){ s, table, words, memo, fresh, 20 },
				    NULL))
			return 1;
		for (uint32_t i = 0; i < G_N_ELEMENTS(fresh); i++)
			g_bytes_unref(fresh[i].der);
	}
}

/* Returns the round that the file holds, whole; 0 for none yet. */
static uint32_t assert_whole(const char *path)
{
	g_autoptr(db) db = test_open(path);
	g_autoptr(GBytes) memo = db_memo_get(db, "s");
	struct intern *words = intern_new();
	struct shelf *shelf = shelf_new(&store_type);
	g_autoptr(table) table = db_rows_get(db, "s", words, NULL, NULL);
	const struct store *s;
	uint32_t round = 0;

	g_assert_true(db_item_load(db, &store_type, shelf, NULL));
	s = shelf_get(shelf, "s");
	g_assert_true(!s == !table && !s == !memo);
	if (s) {
		round = s->certs;
		g_assert_cmpmem(g_bytes_get_data(memo, NULL), g_bytes_get_size(memo), &round,
				sizeof(round));
		g_assert_cmpint(table->seen, ==, round);
		g_assert_cmpuint(db_cert_count(db), ==, 20);
		for (uint32_t i = 0; i < table->n; i++) {
			g_autofree char *hex =
				g_strdup_printf("%016" G_GINT64_MODIFIER "x", table->print[i]);
			g_autoptr(GBytes) der = db_cert_get(db, hex, NULL);

			g_assert_nonnull(der);
			g_assert_cmpuint(*(const uint32_t *)g_bytes_get_data(der, NULL), ==,
					 round);
		}
	}
	shelf_free(shelf);
	intern_free(words);
	return round;
}

/* Ends two writers at moments that differ each time: after so many bytes in the log. */
static void test_killed(void)
{
	g_autofree char *path = test_path();
	int rounds = g_test_thorough() ? 200 : 25;
	uint32_t last = 0, moved = 0;
	int longest = 60000;

	db_close(test_open(path));
	for (int i = 0; i < rounds; i++) {
		int64_t until = g_get_monotonic_time() + g_test_rand_int_range(500, longest);
		uint32_t round;
		pid_t pid[2];

		start(write_for_ever, path, 2, pid);
		while (g_get_monotonic_time() < until)
			g_thread_yield();
		for (int p = 0; p < 2; p++)
			kill(pid[p], SIGKILL);
		for (int p = 0; p < 2; p++)
			g_assert_cmpint(end_of(pid[p]), ==, SIGKILL);
		round = assert_whole(path);
		moved += round != last;
		last = round;
		if (!moved && longest < 4000000)
			longest *= 2;	/* a machine on which they get nowhere in that time */
		assert_sound(path);
	}
	g_assert_cmpuint(moved, >, 0);
}

/* That a lock is somebody else's does not undo what is written beside it. */
static void test_refused_beside(void)
{
	g_autofree char *path = test_path();
	g_autoptr(GError) error = NULL;
	struct db *db = test_open(path);

	g_assert_true(db_lock_take(db, "order 1", 60, NULL));
	test_tamper(path, "UPDATE lock SET pid = 1, space = 'another'");
	g_assert_true(db_begin(db, NULL));
	g_assert_true(db_setting_put(db, "before", "x", NULL));
	g_assert_false(db_lock_take(db, "order 1", 60, &error));
	g_assert_error(error, ERR, ERR_BUSY);
	db_lock_release(db, "order 1");
	db_lock_release(db, "order 2");		/* nobody's */
	g_assert_true(db_setting_put(db, "after", "x", NULL));
	g_assert_true(db_commit(db, NULL));
	db_close(db);
	test_says(path, "SELECT count(*) FROM setting WHERE key IN ('before', 'after')", "2");
	test_says(path, "SELECT count(*) FROM lock", "1");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/db-processes/opening", test_opening);
	g_test_add_func("/db-processes/garbage", test_garbage);
	g_test_add_func("/db-processes/journal", test_journal);
	g_test_add_func("/db-processes/locking", test_locking);
	g_test_add_func("/db-processes/notices", test_notices);
	g_test_add_func("/db-processes/dead-holder", test_dead_holder);
	g_test_add_func("/db-processes/live-holder", test_live_holder);
	g_test_add_func("/db-processes/refused-beside", test_refused_beside);
	g_test_add_func("/db-processes/killed", test_killed);
	return g_test_run();
}
