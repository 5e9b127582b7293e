/*
 * Opening, migrating, transactions, and everything that can be wrong with the file.
 */
#include <certty/db/db.h>

#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <certty/base/clock.h>
#include <certty/db/db_journal.h>
#include <certty/db/db_state.h>

#include "db/db_own.h"
#include "db_test.h"

static unsigned mode_of(const char *path)
{
	struct stat st;

	g_assert_cmpint(stat(path, &st), ==, 0);
	return st.st_mode & 0777;
}

static void put_setting(struct db *db, const char *key, const char *value)
{
	g_autoptr(GError) error = NULL;

	db_setting_put(db, key, value, &error);
	g_assert_no_error(error);
}

static void assert_setting(struct db *db, const char *key, const char *expected)
{
	g_autofree char *value = db_setting_get(db, key);

	g_assert_cmpstr(value, ==, expected);
}

static void test_modes(void)
{
	static const mode_t masks[] = { 0, 022, 0277, 0777 };

	for (size_t i = 0; i < G_N_ELEMENTS(masks); i++) {
		g_autofree char *path = test_path();
		g_autofree char *folder = g_path_get_dirname(path);
		g_autofree char *log = g_strconcat(path, "-wal", NULL);
		mode_t before;
		g_autoptr(db) db = NULL;

		g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
		before = umask(masks[i]);
		db = test_open(path);
		umask(before);
		put_setting(db, "a", "b");
		g_assert_cmpuint(mode_of(path), ==, 0600);
		g_assert_cmpuint(mode_of(log), ==, 0600);
	}
}

static void test_folder_mode(void)
{
	g_autofree char *path = test_path();
	g_autofree char *folder = g_path_get_dirname(path);

	db_close(test_open(path));
	g_assert_cmpuint(mode_of(folder), ==, 0700);
}

static void test_too_open(void)
{
	g_autofree char *path = test_path();

	db_close(test_open(path));
	g_assert_cmpint(g_chmod(path, 0644), ==, 0);
	db_close(test_open(path));
	g_assert_cmpuint(mode_of(path), ==, 0600);
}

static void test_memory(void)
{
	g_autoptr(db) db = test_open(NULL);

	put_setting(db, "a", "b");
	assert_setting(db, "a", "b");
	g_assert_true(db_can_save(db));
}

/* From every schema there has been to the present one. */
static void test_migration(void)
{
	for (int from = 0; from <= db_n_steps; from++) {
		g_autofree char *path = test_path();
		g_autofree char *folder = g_path_get_dirname(path);
		g_autofree char *version = g_strdup_printf("%d", db_n_steps);
		g_autofree char *mark = g_strdup_printf(
			"PRAGMA user_version = %d; PRAGMA application_id = 0x63727479", from);
		g_autoptr(db) db = NULL;

		g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
		for (int i = 0; i < from; i++)
			test_tamper(path, db_steps[i]);
		if (from) {
			test_tamper(path, "INSERT INTO setting VALUES('old', 'kept')");
			test_tamper(path, mark);
			test_tamper(path, "PRAGMA journal_mode = WAL");
		}
		db = test_open(path);
		assert_setting(db, "old", from ? "kept" : NULL);
		put_setting(db, "new", "value");
		g_assert_cmpint(db_change_number(db), ==, 0);
		test_says(path, "PRAGMA user_version", version);
		test_says(path, "PRAGMA journal_mode", "wal");
	}
}

static void assert_refused(const char *path, const char *pattern)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *before = NULL, *after = NULL;
	gsize n_before, n_after;

	g_assert_true(g_file_get_contents(path, &before, &n_before, NULL));
	g_assert_null(db_open(path, NULL, &error));
	g_assert_error(error, ERR, ERR_REFUSED);
	g_assert_true(g_pattern_match_simple(pattern, error->message));
	g_assert_true(g_file_get_contents(path, &after, &n_after, NULL));
	g_assert_cmpmem(before, n_before, after, n_after);
}

static void test_newer(void)
{
	g_autofree char *path = test_path();

	db_close(test_open(path));
	test_tamper(path, "PRAGMA user_version = 4711; PRAGMA wal_checkpoint(TRUNCATE)");
	assert_refused(path, "*newer certty*schema 4711*");
}

static void test_foreign(void)
{
	g_autofree char *path = test_path();
	g_autofree char *folder = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
	test_tamper(path, "CREATE TABLE bookmarks(url TEXT)");
	assert_refused(path, "*another program*");
}

/* Files in the folder whose names start so. */
static unsigned count_files(const char *path, const char *start)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;
	unsigned n = 0;

	while ((name = g_dir_read_name(dir)))
		n += g_str_has_prefix(name, start) && !g_str_has_suffix(name, "-wal") &&
		     !g_str_has_suffix(name, "-shm");
	return n;
}

static void test_garbage(void)
{
	g_autofree char *path = test_path();
	g_autofree char *folder = g_path_get_dirname(path);
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
	for (unsigned i = 1; i <= 2; i++) {
		g_autofree char *notice = NULL;
		g_autofree char *garbage = g_strnfill(10000, 'x');
		g_autofree char *log = g_strconcat(path, "-wal", NULL);
		g_autoptr(db) db = NULL;

		g_unlink(log);
		g_assert_true(g_file_set_contents(path, garbage, -1, NULL));
		db = db_open(path, &notice, &error);
		g_assert_no_error(error);
		g_assert_true(g_pattern_match_simple("*damaged*certty.db.broken-2*", notice));
		g_assert_cmpuint(count_files(path, "certty.db.broken-"), ==, i);
		put_setting(db, "a", "b");
		assert_setting(db, "a", "b");
		g_assert_cmpuint(mode_of(path), ==, 0600);
	}
}

/* Damage that shows only later: said, and set aside when the file is closed. */
static void test_damaged_inside(void)
{
	g_autofree char *path = test_path();
	g_autoptr(GError) error = NULL;
	g_autofree char *bytes = NULL;
	g_autofree char *big = g_strnfill(60000, 'v');
	struct db *db = test_open(path);
	gsize len;

	for (int i = 0; i < 20; i++) {
		g_autofree char *key = g_strdup_printf("key %d", i);

		put_setting(db, key, big);
	}
	db_close(db);
	g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
	g_assert_cmpuint(len, >, 500000);
	memset(bytes + len / 2, 0xa5, len - len / 2);	/* values alone: tables begin the file */
	g_assert_true(g_file_set_contents(path, bytes, (gssize)len, NULL));

	db = db_open(path, NULL, NULL);
	g_assert_nonnull(db);
	for (int i = 0; i < 40 && !error; i++) {
		g_autofree char *key = g_strdup_printf("key %d", i);

		db_setting_put(db, key, "short", &error);
	}
	g_assert_error(error, ERR, ERR_FORMAT);
	db_close(db);
	g_assert_cmpuint(count_files(path, "certty.db.broken-"), ==, 1);
	db = test_open(path);
	assert_setting(db, "key 1", NULL);
	db_close(db);
}

static void test_truncated(void)
{
	g_autofree char *path = test_path();
	g_autofree char *notice = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(db) db = NULL;

	db_close(test_open(path));
	g_assert_cmpint(truncate(path, 5000), ==, 0);
	db = db_open(path, &notice, &error);
	g_assert_no_error(error);
	g_assert_nonnull(notice);
	put_setting(db, "a", "b");
}

static void test_not_a_file(void)
{
	g_autofree char *path = test_path();
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(g_mkdir_with_parents(path, 0700), ==, 0);
	g_assert_null(db_open(path, NULL, &error));
	g_assert_error(error, ERR, ERR_IO);
}

static void test_folder_is_a_file(void)
{
	g_autofree char *path = test_path();
	g_autofree char *folder = g_path_get_dirname(path);
	g_autoptr(GError) error = NULL;

	g_assert_true(g_file_set_contents(folder, "x", 1, NULL));
	g_assert_null(db_open(path, NULL, &error));
	g_assert_error(error, ERR, ERR_IO);
}

static void look_read_only(const char *path)
{
	g_autofree char *notice = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(db) db = db_open(path, &notice, &error);

	g_assert_no_error(error);
	g_assert_true(g_pattern_match_simple("*only be read*", notice));
	g_assert_false(db_can_save(db));
	assert_setting(db, "a", "b");
	g_assert_false(db_setting_put(db, "a", "c", &error));
	g_assert_error(error, ERR, ERR_IO);
}

/* Root may write anywhere: for root, a child without that capability does it. */
static void drop_privilege(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = { 0 };

	g_assert_cmpint(syscall(SYS_capset, &head, data), ==, 0);
}

static void test_read_only(void)
{
	g_autofree char *path = test_path();
	g_autofree char *folder = g_path_get_dirname(path);
	struct db *db = test_open(path);
	int status;
	pid_t child;

	put_setting(db, "a", "b");
	db_close(db);
	g_assert_cmpint(g_chmod(folder, 0500), ==, 0);
	child = fork();
	if (!child) {
		drop_privilege();
		look_read_only(path);
		_exit(0);
	}
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_cmpint(status, ==, 0);
	g_chmod(folder, 0700);
}

/* A full disk, played by a limit on the size of files. */
static void test_full(void)
{
	g_autofree char *path = test_path();
	g_autofree char *big = g_strnfill(60000, 'v');
	g_autoptr(GError) error = NULL;
	g_autoptr(db) db = test_open(path);
	struct rlimit before, small = { 400000, 400000 };
	int saved = 0;

	put_setting(db, "key 0", "first");
	signal(SIGXFSZ, SIG_IGN);
	g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
	small.rlim_max = before.rlim_max;
	g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &small), ==, 0);
	while (saved < 100 && !error) {
		g_autofree char *key = g_strdup_printf("key %d", saved + 1);

		g_assert_true(db_begin(db, NULL));
		saved += db_end(db, db_setting_put(db, key, big, &error) &&
				    db_setting_put(db, "last", key, &error), &error);
	}
	g_assert_error(error, ERR, ERR_IO);
	g_assert_cmpint(saved, <, 100);
	assert_setting(db, "key 0", "first");
	g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);

	/* There is room again: it goes on, and what failed left no half. */
	put_setting(db, "after", "yes");
	assert_setting(db, "after", "yes");
	{
		g_autofree char *last = g_strdup_printf("key %d", saved);
		g_autofree char *lost = g_strdup_printf("key %d", saved + 1);

		assert_setting(db, "last", saved ? last : NULL);
		assert_setting(db, lost, NULL);
	}
	test_says(path, "PRAGMA integrity_check", "ok");
}

static void test_nesting(void)
{
	g_autoptr(db) db = test_open(NULL);
	g_autoptr(GError) error = NULL;

	g_assert_true(db_begin(db, NULL));
	put_setting(db, "a", "1");
	g_assert_true(db_begin(db, NULL));
	put_setting(db, "b", "1");
	g_assert_true(db_commit(db, NULL));
	g_assert_true(db_commit(db, NULL));
	assert_setting(db, "b", "1");

	g_assert_true(db_begin(db, NULL));
	put_setting(db, "a", "2");
	g_assert_true(db_begin(db, NULL));
	db_rollback(db);
	g_assert_false(db_setting_put(db, "b", "2", &error));
	g_assert_error(error, ERR, ERR_IO);
	g_clear_error(&error);
	g_assert_false(db_commit(db, &error));
	g_assert_error(error, ERR, ERR_IO);
	assert_setting(db, "a", "1");
	assert_setting(db, "b", "1");
	db_rollback(db);
	put_setting(db, "a", "3");
	assert_setting(db, "a", "3");
}

static void test_unfinished(void)
{
	g_autofree char *path = test_path();
	struct db *db = test_open(path);

	put_setting(db, "a", "1");
	g_assert_true(db_begin(db, NULL));
	put_setting(db, "a", "2");
	db_close(db);
	db = test_open(path);
	assert_setting(db, "a", "1");
	db_close(db);
}

static void test_changed(void)
{
	g_autofree char *path = test_path();
	g_autoptr(db) one = test_open(path);
	g_autoptr(db) other = test_open(path);

	g_assert_false(db_is_changed(one));
	put_setting(one, "a", "b");
	g_assert_false(db_is_changed(one));
	g_assert_true(db_is_changed(other));
	g_assert_false(db_is_changed(other));
	assert_setting(other, "a", "b");
}

/* Somebody who holds the file is waited for, and then named. */
static void test_busy(void)
{
	g_autofree char *path = test_path();
	g_autoptr(db) one = test_open(path);
	g_autoptr(db) other = test_open(path);
	g_autoptr(GError) error = NULL;

	sqlite3_busy_timeout(other->handle, 10);
	g_assert_true(db_begin(one, NULL));
	g_assert_false(db_setting_put(other, "a", "b", &error));
	g_assert_error(error, ERR, ERR_BUSY);
	db_rollback(one);
	put_setting(other, "a", "b");
}

/* The log is put into the file at the end, so the next start need not read it. */
static void test_log(void)
{
	g_autofree char *path = test_path();
	g_autofree char *log = g_strconcat(path, "-wal", NULL);
	g_autofree char *big = g_strnfill(60000, 'v');
	struct db *db = test_open(path);
	struct stat st;

	put_setting(db, "a", big);
	g_assert_cmpint(stat(log, &st), ==, 0);
	g_assert_cmpint(st.st_size, >, 60000);
	db_close(db);
	g_assert_true(stat(log, &st) < 0 || st.st_size == 0);
	db = test_open(path);
	assert_setting(db, "a", big);
	db_close(db);
}

/* A schema that does things of its own is not obeyed. */
static void test_hostile_schema(void)
{
	g_autofree char *path = test_path();
	struct db *db = test_open(path);

	db_close(db);
	test_tamper(path, "CREATE TRIGGER t AFTER INSERT ON setting BEGIN"
			  " INSERT OR REPLACE INTO setting VALUES('planted', 'x'); END");
	db = test_open(path);
	put_setting(db, "a", "b");
	assert_setting(db, "planted", NULL);
	db_close(db);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/db/modes", test_modes);
	g_test_add_func("/db/folder-mode", test_folder_mode);
	g_test_add_func("/db/too-open", test_too_open);
	g_test_add_func("/db/memory", test_memory);
	g_test_add_func("/db/migration", test_migration);
	g_test_add_func("/db/newer", test_newer);
	g_test_add_func("/db/foreign", test_foreign);
	g_test_add_func("/db/garbage", test_garbage);
	g_test_add_func("/db/damaged-inside", test_damaged_inside);
	g_test_add_func("/db/truncated", test_truncated);
	g_test_add_func("/db/not-a-file", test_not_a_file);
	g_test_add_func("/db/folder-is-a-file", test_folder_is_a_file);
	g_test_add_func("/db/read-only", test_read_only);
	g_test_add_func("/db/full", test_full);
	g_test_add_func("/db/nesting", test_nesting);
	g_test_add_func("/db/unfinished", test_unfinished);
	g_test_add_func("/db/changed", test_changed);
	g_test_add_func("/db/busy", test_busy);
	g_test_add_func("/db/log", test_log);
	g_test_add_func("/db/hostile-schema", test_hostile_schema);
	return g_test_run();
}
