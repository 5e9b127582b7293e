/*
 * The keyring's bodies: memory; the desktop's without a bus, with a dead one, and, when the
 * shell script beside this has started them, with a real bus and a real keyring daemon.
 */
#include "config.h"

#include <certty/keyring/keyring.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <certty/base/err.h>

struct answer {
	bool is_there;
	struct secret *secret;
	GError *error;
};

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
	memset(a, 0, sizeof(*a));
}

/* As the engine does: poll what is to be polled, then a turn. */
static void wait_for(struct keyring *k, struct answer *a)
{
	gint64 end = g_get_monotonic_time() + 10 * G_TIME_SPAN_SECOND;

	while (!a->is_there) {
		struct pollfd fds[KEYRING_FDS];
		int timeout;
		unsigned n = keyring_poll(k, fds, &timeout);

		g_assert_cmpuint(n, <=, KEYRING_FDS);
		g_assert_true(poll(fds, n, timeout < 0 ? 5000 : timeout) >= 0 || errno == EINTR);
		keyring_turn(k);
		g_assert_cmpint(g_get_monotonic_time(), <, end);
	}
}

static const struct keyring_key key = { "local", "local/ca:/srv/ca", "passphrase" };
static const struct keyring_key other = { "local", "local/ca:/srv/ca", "other" };

static void look_up(struct keyring *k, const struct keyring_key *what, struct answer *a)
{
	keyring_look_up(k, what, hear, a);
	g_assert_false(a->is_there);
	wait_for(k, a);
}

static void look_up_text(struct keyring *k, const struct keyring_key *what, const char *expected)
{
	struct answer a = { 0 };

	look_up(k, what, &a);
	g_assert_no_error(a.error);
	g_assert_cmpstr(a.secret ? a.secret->bytes : NULL, ==, expected);
	answer_done(&a);
}

static void store(struct keyring *k, const struct keyring_key *what, const char *text)
{
	g_autoptr(secret) s = secret_new(text, strlen(text));
	struct answer a = { 0 };

	keyring_store(k, what, "certty: a test", s, hear, &a);
	wait_for(k, &a);
	g_assert_no_error(a.error);
	g_assert_null(a.secret);
	answer_done(&a);
}

static void forget(struct keyring *k, const struct keyring_key *what)
{
	struct answer a = { 0 };

	keyring_forget(k, what, hear, &a);
	wait_for(k, &a);
	g_assert_no_error(a.error);
	answer_done(&a);
}

static void keep_and_find(struct keyring *k)
{
	look_up_text(k, &key, NULL);
	store(k, &key, "s3cret");
	store(k, &other, "another");
	look_up_text(k, &key, "s3cret");
	store(k, &key, "changed \xc3\xa4");
	look_up_text(k, &key, "changed \xc3\xa4");
	forget(k, &key);
	look_up_text(k, &key, NULL);
	look_up_text(k, &other, "another");
	forget(k, &key);
	forget(k, &other);
}

static void test_memory(void)
{
	g_autoptr(keyring) k = keyring_open(KEYRING_MEMORY);
	struct answer a = { 0 };

	g_assert_cmpint(keyring_state(k), ==, KEYRING_UNASKED);
	keep_and_find(k);
	g_assert_cmpint(keyring_state(k), ==, KEYRING_UNTIL_END);
	keyring_look_up(k, &key, hear, &a);
	keyring_cancel(k, &a);
	keyring_turn(k);
	g_assert_false(a.is_there);
}

static void test_words(void)
{
	for (int i = 0; i < KEYRING_STATE_COUNT; i++) {
		g_assert_true(*keyring_state_word((enum keyring_state)i));
		g_assert_true(*keyring_state_sentence((enum keyring_state)i));
		for (int j = 0; j < i; j++)
			g_assert_cmpstr(keyring_state_sentence((enum keyring_state)i), !=,
					keyring_state_sentence((enum keyring_state)j));
	}
}

#ifdef HAVE_LIBSECRET

/* Told at the limit at the latest: the keyring's, and as much again for a slow machine. */
static void assert_state(struct keyring *k, enum keyring_state state, enum err code)
{
	gint64 began = g_get_monotonic_time();
	struct answer a = { 0 };

	look_up(k, &key, &a);
	g_assert_cmpint(g_get_monotonic_time() - began, <, 2 * KEYRING_LIMIT_MS * 1000);
	g_assert_cmpstr(keyring_state_word(keyring_state(k)), ==, keyring_state_word(state));
	g_assert_error(a.error, ERR, (int)code);
	g_assert_null(a.secret);
	answer_done(&a);
}

static void unlock(struct keyring *k, const char *passphrase, enum keyring_state state)
{
	g_autoptr(secret) s = secret_new(passphrase, strlen(passphrase));
	struct answer a = { 0 };

	keyring_unlock(k, s, hear, &a);
	wait_for(k, &a);
	g_assert_cmpstr(keyring_state_word(keyring_state(k)), ==, keyring_state_word(state));
	if (state == KEYRING_READY)
		g_assert_no_error(a.error);
	else
		g_assert_nonnull(a.error);
	answer_done(&a);
}

static void test_no_bus(void)
{
	static const char *const addresses[] = { NULL, "", "autolaunch:",
						 "unix:path=/nowhere;autolaunch:" };

	g_setenv("DISPLAY", ":99", TRUE);
	for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++) {
		g_autoptr(keyring) k = keyring_open(KEYRING_DESKTOP);

		if (addresses[i])
			g_setenv("DBUS_SESSION_BUS_ADDRESS", addresses[i], TRUE);
		else
			g_unsetenv("DBUS_SESSION_BUS_ADDRESS");
		assert_state(k, KEYRING_NO_BUS, ERR_FAILED);
	}
	g_unsetenv("DISPLAY");
}

/* GLib keeps one connection to the session bus in a process, and a while longer than anybody
 * needs it: each bus gets a process of its own.  True in the one that shall test. */
static bool in_own_process(void)
{
	if (g_test_subprocess())
		return true;
	g_test_trap_subprocess(NULL, 0, 0);
	g_test_trap_assert_passed();
	return false;
}

static void test_stale_bus(void)
{
	g_autoptr(keyring) k = NULL;

	if (!in_own_process())
		return;
	k = keyring_open(KEYRING_DESKTOP);
	g_setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all", TRUE);
	assert_state(k, KEYRING_STALE_BUS, ERR_FAILED);
}

/* A bus that takes the connection and says nothing. */
static void test_hangs(void)
{
	g_autofree char *folder = NULL, *path = NULL, *address = NULL;
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	gint64 start = g_get_monotonic_time();
	struct answer never = { 0 };
	struct keyring *k;
	int fd;

	if (!in_own_process())
		return;
	folder = g_dir_make_tmp("certty-bus-XXXXXX", NULL);
	path = g_build_filename(folder, "bus", NULL);
	address = g_strconcat("unix:path=", path, NULL);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	k = keyring_open(KEYRING_DESKTOP);
	g_strlcpy(name.sun_path, path, sizeof(name.sun_path));
	g_assert_cmpint(bind(fd, (struct sockaddr *)&name, sizeof(name)), ==, 0);
	g_assert_cmpint(listen(fd, 5), ==, 0);
	g_setenv("DBUS_SESSION_BUS_ADDRESS", address, TRUE);
	assert_state(k, KEYRING_HANGS, ERR_TIMEOUT);
	g_assert_cmpint(g_get_monotonic_time() - start, >=, KEYRING_LIMIT_MS * 900);

	/* Leaving waits for nothing. */
	keyring_look_up(k, &key, hear, &never);
	start = g_get_monotonic_time();
	keyring_close(k);
	g_assert_cmpint(g_get_monotonic_time() - start, <, 50 * 1000);
	g_assert_false(never.is_there);
	close(fd);
}

/* Under dbus-run-session, no daemon yet: with an empty service folder none can start. */
static void test_no_daemon(void)
{
	g_autoptr(keyring) k = keyring_open(KEYRING_DESKTOP);

	assert_state(k, KEYRING_NO_DAEMON, ERR_FAILED);
}

/* With a daemon that has nothing: make a keyring, use it, lock it, open it. */
static void test_daemon(void)
{
	g_autoptr(keyring) k = keyring_open(KEYRING_DESKTOP);

	assert_state(k, KEYRING_NO_COLLECTION, ERR_SIGN_IN);
	unlock(k, "master", KEYRING_READY);
	keep_and_find(k);
	store(k, &key, "kept");
	g_assert_cmpint(keyring_state(k), ==, KEYRING_READY);
}

/* The same keyring after its daemon was started again: locked. */
static void test_locked(void)
{
	g_autoptr(keyring) k = keyring_open(KEYRING_DESKTOP);

	assert_state(k, KEYRING_LOCKED, ERR_SIGN_IN);
	unlock(k, "wrong", KEYRING_WRONG_PASSPHRASE);
	assert_state(k, KEYRING_LOCKED, ERR_SIGN_IN);
	unlock(k, "master", KEYRING_READY);
	look_up_text(k, &key, "kept");
	unlock(k, "anything: it is open", KEYRING_READY);
}

/* The daemon is stopped (not ended) by the script: it takes questions and answers none. */
static void test_stopped(void)
{
	g_autoptr(keyring) k = keyring_open(KEYRING_DESKTOP);

	assert_state(k, KEYRING_HANGS, ERR_TIMEOUT);
}

/* ---- a service of ours that does as the script beside this tells it ---- */

static void scripted_normal(void)
{
	g_autoptr(keyring) k = keyring_open(KEYRING_DESKTOP);

	keep_and_find(k);
	unlock(k, "anything: it is open", KEYRING_READY);
	g_assert_cmpint(keyring_state(k), ==, KEYRING_READY);
}

/* Without an interface that takes a passphrase it could only prompt. */
static void scripted_locked(void)
{
	g_autoptr(keyring) k = keyring_open(KEYRING_DESKTOP);

	assert_state(k, KEYRING_LOCKED, ERR_SIGN_IN);
	unlock(k, "master", KEYRING_NO_PROMPTER);
}

static void scripted_no_collection(void)
{
	g_autoptr(keyring) k = keyring_open(KEYRING_DESKTOP);

	assert_state(k, KEYRING_NO_COLLECTION, ERR_SIGN_IN);
	unlock(k, "master", KEYRING_NO_PROMPTER);
}

static void assert_store_state(enum keyring_state state)
{
	g_autoptr(keyring) k = keyring_open(KEYRING_DESKTOP);
	g_autoptr(secret) s = secret_new("s3cret", 6);
	struct answer a = { 0 };

	keyring_store(k, &key, "certty: a test", s, hear, &a);
	wait_for(k, &a);
	g_assert_cmpstr(keyring_state_word(keyring_state(k)), ==, keyring_state_word(state));
	g_assert_error(a.error, ERR, ERR_SIGN_IN);
	answer_done(&a);
}

/* Also when it locks between the question whether it is locked and the one for the secret: libsecret
 * would have it unlocked by a prompt then. */
static void scripted_prompts(void)
{
	assert_store_state(KEYRING_NO_PROMPTER);
}


static void scripted_hangs(void)
{
	g_autoptr(keyring) k = keyring_open(KEYRING_DESKTOP);

	assert_state(k, KEYRING_HANGS, ERR_TIMEOUT);
}

static void scripted_dies(void)
{
	g_autoptr(keyring) k = keyring_open(KEYRING_DESKTOP);

	assert_state(k, KEYRING_DIED, ERR_FAILED);
	assert_state(k, KEYRING_NO_DAEMON, ERR_FAILED);
}

static void scripted_odd(void)
{
	g_autoptr(keyring) k = keyring_open(KEYRING_DESKTOP);
	struct answer a = { 0 };

	look_up(k, &key, &a);
	g_assert_cmpint(keyring_state(k), ==, KEYRING_BROKEN);
	g_assert_error(a.error, ERR, ERR_FAILED);
	g_assert_nonnull(strstr(a.error->message, "\\x1b[2Jidea"));
	answer_done(&a);
}

#endif

int main(int argc, char **argv)
{
	const char *stage = g_getenv("CERTTY_TEST_KEYRING");

	g_test_init(&argc, &argv, NULL);
	secret_heap_open();
#ifdef HAVE_LIBSECRET
	static const struct {
		const char *stage, *name;
		GTestFunc function;
	} stages[] = {
		{ "no-daemon", "/keyring/no-daemon", test_no_daemon },
		{ "daemon", "/keyring/daemon", test_daemon },
		{ "restarted", "/keyring/restarted", test_locked },
		{ "stopped", "/keyring/stopped", test_stopped },
		{ "normal", "/keyring/scripted/normal", scripted_normal },
		{ "locked", "/keyring/scripted/locked", scripted_locked },
		{ "no-collection", "/keyring/scripted/no-collection", scripted_no_collection },
		{ "prompts", "/keyring/scripted/prompts", scripted_prompts },
		{ "locks-later", "/keyring/scripted/locks-later", scripted_prompts },
		{ "hangs", "/keyring/scripted/hangs", scripted_hangs },
		{ "hangs-late", "/keyring/scripted/hangs-late", scripted_hangs },
		{ "dies", "/keyring/scripted/dies", scripted_dies },
		{ "dies-late", "/keyring/scripted/dies-late", scripted_dies },
		{ "odd", "/keyring/scripted/odd", scripted_odd },
	};

	for (size_t i = 0; stage && i < G_N_ELEMENTS(stages); i++)
		if (!strcmp(stage, stages[i].stage))
			g_test_add_func(stages[i].name, stages[i].function);
	if (!stage) {
		g_test_add_func("/keyring/no-bus", test_no_bus);
		g_test_add_func("/keyring/stale-bus", test_stale_bus);
		g_test_add_func("/keyring/hangs", test_hangs);
	}
#endif
	if (!stage) {
		g_test_add_func("/keyring/memory", test_memory);
		g_test_add_func("/keyring/words", test_words);
	}
	return g_test_run();
}
