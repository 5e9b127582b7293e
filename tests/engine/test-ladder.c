/*
 * The ladder by itself: programs, the file and memory through one set of questions; what the
 * settings and the site forbid; one derivation for many accounts; askers that go away.
 */
#include <glib/gstdio.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/keyctl.h>

#include <certty/base/clock.h>
#include <certty/base/err.h>
#include <certty/keyring/keyring_file.h>
#include <certty/keyring/keyring_login.h>

#include "engine/own.h"
#include "keyring/keyring_file_own.h"

#define MASTER "open sesame"

struct answer {
	bool is_there;
	struct secret *secret;
	GError *error;
};

static struct engine e;
static struct settings *settings;
static char *folder, *path;

static void hear(struct secret *secret, const GError *error, void *who)
{
	struct answer *a = who;

	g_assert_false(a->is_there);
	a->is_there = true;
	a->secret = secret;
	a->error = error ? g_error_copy(error) : NULL;
}

static void answer_done(struct answer *a)
{
	secret_free(a->secret);
	g_clear_error(&a->error);
	*a = (struct answer){ 0 };
}

static void turn(void)
{
	struct pollfd fds[LADDER_FDS];
	int timeout;
	unsigned n = ladder_poll(&e, fds, &timeout);

	g_assert_cmpuint(n, <=, LADDER_FDS);
	g_assert_cmpint(poll(fds, n, timeout < 0 ? 60000 : timeout), >=, 0);
	ladder_turn(&e);
}

static void wait_for(const struct answer *a)
{
	g_assert_false(a->is_there);	/* never from within a question */
	while (!a->is_there)
		turn();
}

static void open_ladder(const char *use)
{
	e.config.settings = settings = settings_load("/dev/null");
	g_assert_true(settings_override(settings, "keyring", "use", use, NULL));
	g_assert_true(settings_override(settings, "keyring", "file", path, NULL));
	e.ladder = ladder_new();
}

static void set(const char *group, const char *key, const char *value)
{
	g_assert_true(settings_override(settings, group, key, value, NULL));
}

static void close_ladder(void)
{
	ladder_leave(e.ladder);
	g_clear_pointer(&e.ladder, ladder_free);
	g_clear_pointer(&settings, settings_free);
}

static const struct keyring_key key = { "vault", "", "token" };

static void assert_answer(struct answer *a, const char *secret, int code, const char *says)
{
	wait_for(a);
	g_assert_cmpstr(a->secret ? a->secret->bytes : NULL, ==, secret);
	if (code < 0) {
		g_assert_no_error(a->error);
	} else {
		g_assert_error(a->error, ERR, code);
		if (!strstr(a->error->message, says))
			g_error("\"%s\" does not say \"%s\"", a->error->message, says);
	}
	answer_done(a);
}

static void assert_look_up(enum rung rung, const char *command, const char *secret, int code,
			   const char *says)
{
	struct answer a = { 0 };

	ladder_look_up(&e, rung, command, &key, hear, &a);
	assert_answer(&a, secret, code, says);
}

static void assert_store(enum rung rung, const char *text, int code, const char *says)
{
	g_autoptr(secret) s = secret_new(text, strlen(text));
	struct answer a = { 0 };

	ladder_store(&e, rung, &key, "certty: a test", s, hear, &a);
	assert_answer(&a, NULL, code, says);
}

static void assert_forget(enum rung rung, int code, const char *says)
{
	struct answer a = { 0 };

	ladder_forget(&e, rung, &key, hear, &a);
	assert_answer(&a, NULL, code, says);
}

static void assert_unlock(enum rung rung, const char *text, int code, const char *says)
{
	g_autoptr(secret) s = secret_new(text, strlen(text));
	struct answer a = { 0 };

	ladder_unlock(&e, rung, s, hear, &a);
	assert_answer(&a, NULL, code, says);
}

static void assert_says(enum rung rung, const char *expected)
{
	g_autofree char *said = ladder_say(&e, rung);

	g_assert_cmpstr(said, ==, expected);
}

static void memory(void)
{
	open_ladder("memory");
	g_assert_cmpint(ladder_choose(&e), ==, RUNG_MEMORY);
	g_assert_null(ladder_why(&e));
	assert_look_up(RUNG_MEMORY, NULL, NULL, -1, NULL);
	assert_store(RUNG_MEMORY, "one", -1, NULL);
	assert_look_up(RUNG_MEMORY, NULL, "one", -1, NULL);
	assert_forget(RUNG_MEMORY, -1, NULL);
	assert_look_up(RUNG_MEMORY, NULL, NULL, -1, NULL);
	assert_look_up(RUNG_FOUND, NULL, NULL, -1, NULL);
	assert_says(RUNG_MEMORY, "memory, until certty ends");
	/* Who wants memory alone has nothing asked beside it. */
	assert_look_up(RUNG_KEYRING, NULL, NULL, ERR_REFUSED, "keyring.use (command line) is memory");
	assert_store(RUNG_FILE, "one", ERR_REFUSED, "keyring.use (command line) is memory");
	close_ladder();
}

static void programs(void)
{
	struct answer a = { 0 }, b = { 0 };
	gint64 began;

	open_ladder("memory");
	assert_look_up(RUNG_COMMAND, "echo hunter2", "hunter2", -1, NULL);
	assert_look_up(RUNG_COMMAND, "sh: echo '{\"token\":\"t\"}'", "t", -1, NULL);
	assert_look_up(RUNG_COMMAND, "sh: echo no >&2; exit 1", NULL, ERR_SIGN_IN, "status 1: no");
	assert_store(RUNG_COMMAND, "x", ERR_USAGE, "where that program keeps it");
	assert_forget(RUNG_COMMAND, -1, NULL);
	/* One that takes its time holds up nobody else, and its asker may go. */
	began = g_get_monotonic_time();
	ladder_look_up(&e, RUNG_COMMAND, "tail -f /dev/null", &key, hear, &a);
	ladder_look_up(&e, RUNG_COMMAND, "echo quick", &key, hear, &b);
	assert_answer(&b, "quick", -1, NULL);
	ladder_cancel(&e, &a);
	set("keyring", "command-timeout", "1");
	ladder_look_up(&e, RUNG_COMMAND, "tail -f /dev/null", &key, hear, &b);
	assert_answer(&b, NULL, ERR_TIMEOUT, "tail");
	g_assert_false(a.is_there);
	g_assert_cmpint(g_get_monotonic_time() - began, <, 20 * G_TIME_SPAN_SECOND);
	ladder_look_up(&e, RUNG_COMMAND, "tail -f /dev/null", &key, hear, &a);
	close_ladder();		/* waits for nobody */
	g_assert_false(a.is_there);
}

static void the_file(void)
{
	open_ladder("file");
	assert_says(RUNG_FILE, "file (none yet)");
	assert_look_up(RUNG_FILE, NULL, NULL, -1, NULL);
	assert_forget(RUNG_FILE, -1, NULL);
	assert_store(RUNG_FILE, "one", ERR_SIGN_IN, "There is no file of secrets yet");
	g_assert_nonnull(strstr(ladder_why(&e), "no file of secrets yet"));
	g_assert_cmpint(ladder_locked(&e), ==, RUNG_FILE);
	assert_unlock(RUNG_FILE, MASTER, -1, NULL);
	assert_says(RUNG_FILE, "file");
	g_assert_null(ladder_why(&e));
	g_assert_cmpint(ladder_choose(&e), ==, RUNG_FILE);
	assert_store(RUNG_FILE, "one", -1, NULL);
	assert_look_up(RUNG_FILE, NULL, "one", -1, NULL);
	assert_unlock(RUNG_FILE, "wrong", ERR_PASSPHRASE, "does not open it");
	assert_look_up(RUNG_FILE, NULL, "one", -1, NULL);	/* the right one is still known */
	close_ladder();
	/* The next process. */
	open_ladder("file");
	assert_says(RUNG_FILE, "file (locked)");
	assert_look_up(RUNG_FILE, NULL, NULL, ERR_SIGN_IN, "The file of secrets is locked");
	assert_unlock(RUNG_FILE, "wrong", ERR_PASSPHRASE, "does not open it");
	assert_unlock(RUNG_FILE, MASTER, -1, NULL);
	assert_look_up(RUNG_FILE, NULL, "one", -1, NULL);
	assert_forget(RUNG_FILE, -1, NULL);
	assert_look_up(RUNG_FILE, NULL, NULL, -1, NULL);
	/* Somebody made another one meanwhile: what is known opens it no more. */
	g_assert_cmpint(g_unlink(path), ==, 0);
	{
		g_autoptr(secret) other = secret_new("other", 5);

		g_assert_true(keyring_file_make(path, other, NULL));
	}
	assert_look_up(RUNG_FILE, NULL, NULL, ERR_SIGN_IN, "the passphrase does not open it");
	assert_says(RUNG_FILE, "file (locked)");
	assert_look_up(RUNG_FILE, NULL, NULL, ERR_SIGN_IN, "is locked");
	close_ladder();
	g_assert_cmpint(g_unlink(path), ==, 0);
}

/* As at a start with 200 accounts: all are answered after one derivation, which is some half of
 * a second where nothing slows it down; 200 of them are minutes. */
static void many_at_once(void)
{
	struct answer all[200] = { 0 };
	gint64 began, once;

	open_ladder("file");
	began = g_get_monotonic_time();
	assert_unlock(RUNG_FILE, MASTER, -1, NULL);	/* two: made, and opened */
	once = g_get_monotonic_time() - began;
	assert_store(RUNG_FILE, "one", -1, NULL);
	began = g_get_monotonic_time();
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		ladder_look_up(&e, RUNG_FILE, NULL, &key, hear, &all[i]);
	ladder_cancel(&e, &all[7]);
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		if (i != 7)
			while (!all[i].is_there)
				turn();
	g_assert_cmpint(g_get_monotonic_time() - began, <, 10 * once);
	g_assert_false(all[7].is_there);
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		g_assert_cmpstr(all[i].secret ? all[i].secret->bytes : "one", ==, "one");
		answer_done(&all[i]);
	}
	ladder_look_up(&e, RUNG_FILE, NULL, &key, hear, &all[0]);
	close_ladder();
	g_assert_false(all[0].is_there);
	g_assert_cmpint(g_unlink(path), ==, 0);
}

/* Where nobody wrote down which rung it was. */
static void anywhere(void)
{
	struct answer a = { 0 };

	g_unsetenv("DBUS_SESSION_BUS_ADDRESS");
	open_ladder("auto");
	ladder_settle(&e, hear, &a);
	wait_for(&a);
	answer_done(&a);
	g_assert_cmpint(ladder_choose(&e), ==, RUNG_MEMORY);
	g_assert_nonnull(ladder_why(&e));
	g_assert_cmpint(ladder_locked(&e), ==, RUNG_KEYRING);
	assert_unlock(RUNG_FILE, MASTER, -1, NULL);
	g_assert_cmpint(ladder_choose(&e), ==, RUNG_FILE);
	g_assert_null(ladder_why(&e));
	assert_store(RUNG_FILE, "one", -1, NULL);
	ladder_find(&e, &key, hear, &a);
	assert_answer(&a, "one", -1, NULL);
	close_ladder();
	open_ladder("auto");
	ladder_find(&e, &key, hear, &a);	/* what can be done about it, not the missing bus */
	assert_answer(&a, NULL, ERR_SIGN_IN, "The file of secrets is locked");
	g_assert_cmpint(ladder_locked(&e), ==, RUNG_FILE);
	assert_unlock(ladder_locked(&e), MASTER, -1, NULL);
	ladder_forget_all(&e, &key, hear, &a);
	assert_answer(&a, NULL, -1, NULL);	/* the file had it: no matter that there is no bus */
	assert_look_up(RUNG_FILE, NULL, NULL, -1, NULL);
	close_ladder();
	g_assert_cmpint(g_unlink(path), ==, 0);
}

static void the_site(void)
{
	open_ladder("file");
	set("safety", "rungs", "keyring");
	assert_look_up(RUNG_FILE, NULL, NULL, ERR_REFUSED,
		       "file is not allowed: safety.rungs (command line) allows keyring");
	assert_unlock(RUNG_FILE, MASTER, ERR_REFUSED, "safety.rungs");
	assert_look_up(RUNG_COMMAND, "echo x", NULL, ERR_REFUSED, "command is not allowed");
	assert_look_up(RUNG_FOUND, NULL, NULL, ERR_REFUSED, "found is not allowed");
	assert_store(RUNG_MEMORY, "one", -1, NULL);	/* always allowed */
	g_assert_cmpint(ladder_choose(&e), ==, RUNG_MEMORY);
	g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	set("safety", "rungs", "file, command");
	assert_look_up(RUNG_COMMAND, "echo x", "x", -1, NULL);
	assert_look_up(RUNG_KEYRING, NULL, NULL, ERR_REFUSED, "allows file, command");
	close_ladder();
}

/* Another process of the login need not ask again, where that is wanted. */
static void of_the_login(void)
{
	g_autofree char *name = g_strconcat("certty:", path, NULL);
	g_autoptr(secret) probe = secret_new("x", 1);

	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 ||
	    !keyring_login_put("certty:probe", probe, 60)) {
		g_test_skip("the kernel gives no keyring here");
		return;
	}
	open_ladder("file");
	assert_unlock(RUNG_FILE, MASTER, -1, NULL);
	g_assert_null(keyring_login_get(name));		/* not unless asked for */
	set("keyring", "file-remember", "5");
	assert_unlock(RUNG_FILE, MASTER, -1, NULL);
	assert_store(RUNG_FILE, "one", -1, NULL);
	close_ladder();
	open_ladder("file");
	assert_look_up(RUNG_FILE, NULL, NULL, ERR_SIGN_IN, "is locked");
	set("keyring", "file-remember", "5");
	assert_look_up(RUNG_FILE, NULL, "one", -1, NULL);
	close_ladder();
	/* One that opens it no more is forgotten there too. */
	g_assert_true(keyring_login_put(name, probe, 60));
	open_ladder("file");
	set("keyring", "file-remember", "5");
	assert_look_up(RUNG_FILE, NULL, NULL, ERR_SIGN_IN, "does not open it");
	g_assert_null(keyring_login_get(name));
	close_ladder();
	keyring_login_drop("certty:probe");
	g_assert_cmpint(g_unlink(path), ==, 0);
}

static void *nothing(void *arg)
{
	return arg;
}

static guint count_threads(void)
{
	g_autoptr(GDir) tasks = g_dir_open("/proc/self/task", 0, NULL);
	guint n = 0;

	while (g_dir_read_name(tasks))
		n++;
	return n;
}

/* Nobody waits for the pool's threads, and the last may still derive a key.  What OpenSSL keeps for
 * a thread it frees when that ends, unless the process has begun to end before. */
static void wait_for_threads(guint most)
{
	int64_t end = clock_ticks() + 60 * INT64_C(1000000);

	while (count_threads() > most && clock_ticks() < end)
		poll(NULL, 0, 1);
	g_assert_cmpuint(count_threads(), <=, most);
}

int main(int argc, char **argv)
{
	pthread_t first;
	guint threads;
	int status;

	g_test_init(&argc, &argv, NULL);
	/* A sanitizer may have one of its own, from the first on. */
	g_assert_cmpint(pthread_create(&first, NULL, nothing, NULL), ==, 0);
	pthread_join(first, NULL);
	threads = count_threads();
	secret_heap_open();
	keyring_file_rounds = 1000;
	folder = g_dir_make_tmp("certty-ladder-XXXXXX", NULL);
	path = g_build_filename(folder, "secrets.pem", NULL);
	g_test_add_func("/ladder/memory", memory);
	g_test_add_func("/ladder/programs", programs);
	g_test_add_func("/ladder/file", the_file);
	g_test_add_func("/ladder/many-at-once", many_at_once);
	g_test_add_func("/ladder/anywhere", anywhere);
	g_test_add_func("/ladder/site", the_site);
	g_test_add_func("/ladder/login", of_the_login);
	status = g_test_run();
	wait_for_threads(threads);
	g_rmdir(folder);
	g_free(path);
	g_free(folder);
	return status;
}
