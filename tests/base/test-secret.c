/* Secrets are bytes that stay where they belong; asking for one leaves the terminal as it was,
 * however it ends. */
#define _GNU_SOURCE
#include "certty/base/err.h"
#include "certty/base/secret.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void bytes(void)
{
	g_autoptr(secret) a = secret_new("a\0b", 3), b = secret_dup(a), c = secret_new("a\0c", 3);
	g_autoptr(secret) d = secret_new("a", 1), none = secret_new(NULL, 0);

	g_assert_cmpmem(b->bytes, b->len, "a\0b", 3);
	g_assert_cmpint(b->bytes[3], ==, '\0');
	g_assert_true(secret_equal(a, b));
	g_assert_false(secret_equal(a, c));
	g_assert_false(secret_equal(a, d));
	g_assert_true(secret_equal(NULL, NULL));
	g_assert_false(secret_equal(a, NULL));
	g_assert_cmpuint(none->len, ==, 0);
	g_assert_null(secret_dup(NULL));
	secret_free(NULL);
	secret_wipe(g_strdup("on its way"), 10);
	secret_wipe(NULL, 0);
}

static void lives_in_the_secure_heap(void)
{
	g_autoptr(secret) s = secret_new("x", 1);

	g_assert_cmpint(secret_heap_state(), !=, SECRET_HEAP_NONE);
	g_assert_true(CRYPTO_secure_allocated(s));
}

static void a_full_heap_gives_nothing(void)
{
	GPtrArray *all = g_ptr_array_new();
	struct secret *s;

	while ((s = secret_new(NULL, 60000))) {
		g_ptr_array_add(all, s);
		g_assert_cmpuint(all->len, <, 20);
	}
	g_assert_cmpuint(all->len, >, 8);
	while (all->len)
		secret_free(g_ptr_array_steal_index(all, all->len - 1));
	g_ptr_array_free(all, TRUE);
	g_assert_null(secret_new(NULL, 1 << 21));
	g_assert_null(secret_new(NULL, SIZE_MAX));
	s = secret_new(NULL, 60000);
	g_assert_nonnull(s);
	secret_free(s);
}

/* 200 accounts with four secrets each, held twice (kept, and given to who signs in), and what a
 * file of them needs to be read beside them. */
static void many_accounts_fit(void)
{
	size_t before = secret_heap_used();
	struct secret *all[200 * 4 * 2], *file, *room;

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		all[i] = secret_new(NULL, i % 4 ? 60 : 200);
		g_assert_nonnull(all[i]);
	}
	file = secret_new(NULL, 120 * 1024);
	room = secret_new(NULL, 250 * 1024);
	g_assert_nonnull(file);
	g_assert_nonnull(room);
	g_assert_cmpuint(secret_heap_used(), <=, SECRET_HEAP_SIZE);
	secret_free(file);
	secret_free(room);
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		secret_free(all[i]);
	g_assert_cmpuint(secret_heap_used(), ==, before);
}

/* What is given next lies where the last one was, and finds nothing of it. */
static void freed_is_wiped(void)
{
	struct secret *s = secret_new("correct horse battery staple", 28);
	const char *bytes = s->bytes;

	secret_free(s);
	s = secret_new(NULL, 28);
	g_assert_true(s->bytes == bytes);
	for (size_t i = 0; i <= s->len; i++)
		g_assert_cmpint(s->bytes[i], ==, 0);
	secret_free(s);
}

static struct secret *from_pipe(const void *input, size_t len, size_t max, GError **error)
{
	struct secret *s;
	int fd[2];

	g_assert_cmpint(pipe2(fd, O_CLOEXEC), ==, 0);
	g_assert_cmpint(write(fd[1], input, len), ==, (gssize)len);
	close(fd[1]);
	s = secret_read(fd[0], "never shown: ", max, error);
	close(fd[0]);
	return s;
}

static void from_pipes(void)
{
	static const struct {
		const char *input;
		size_t len, max;
		const char *secret;	/* NULL: refused */
	} rows[] = {
		{ "hunter2", 7, 7, "hunter2" },	   { "hunter2\n", 8, 7, "hunter2" },
		{ "hunter2\r\n", 9, 7, "hunter2" }, { "hunter2\n\n", 9, 8, "hunter2\n" },
		{ "", 0, 7, "" },		   { "\n", 1, 7, "" },
		{ "\r\n", 2, 0, "" },		   { "hunter2x", 8, 7, NULL },
		{ "hunter2\n\n", 9, 7, NULL },	   { "hunter2xyzuvw", 13, 7, NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(secret) s = from_pipe(rows[i].input, rows[i].len, rows[i].max, &error);

		if (!rows[i].secret) {
			g_assert_null(s);
			g_assert_error(error, ERR, ERR_LIMIT);
			g_assert_null(strstr(error->message, "hunter"));
			continue;
		}
		g_assert_no_error(error);
		g_assert_cmpstr(s->bytes, ==, rows[i].secret);
	}
}

static int open_terminal(int *ret_master)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), slave;

	g_assert_cmpint(grantpt(master), ==, 0);
	g_assert_cmpint(unlockpt(master), ==, 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	g_assert_cmpint(slave, >=, 0);
	*ret_master = master;
	return slave;
}

struct typist {
	int master;
	const char *keys;
	GString *seen;
};

/* Types when the prompt is there, and not before; then reads on to the end of the line. */
static void *type(void *data)
{
	struct typist *t = data;
	bool typed = false;
	char c;

	while (read(t->master, &c, 1) == 1 && c != '\n') {
		g_string_append_c(t->seen, c);
		if (c != '?' || typed)
			continue;
		typed = true;
		g_assert_cmpint(write(t->master, t->keys, strlen(t->keys)), ==,
				(gssize)strlen(t->keys));
	}
	return NULL;
}

static void from_terminals(void)
{
	static const struct {
		const char *keys, *secret;	/* NULL: broken off */
	} rows[] = {
		{ "open sesame\r", "open sesame" },
		{ "opem\177n\n", "open" },
		{ "x\303\266\177y\r", "xy" },		/* a whole character goes */
		{ "wrong\025right\r", "right" },
		{ "\177\177a\r", "a" },
		{ "ab\004", "ab" },
		{ "\r", "" },
		{ "\004", NULL },
		{ "half\003", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		struct typist t = { .keys = rows[i].keys, .seen = g_string_new(NULL) };
		int slave = open_terminal(&t.master);
		struct termios before, after;
		g_autoptr(secret) s = NULL;
		pthread_t thread;

		g_assert_cmpint(tcgetattr(slave, &before), ==, 0);
		pthread_create(&thread, NULL, type, &t);
		s = secret_read(slave, "passphrase?", 64, &error);
		pthread_join(thread, NULL);
		g_assert_cmpint(tcgetattr(slave, &after), ==, 0);
		g_assert_cmpuint(before.c_lflag, ==, after.c_lflag);
		g_assert_cmpstr(t.seen->str, ==, "passphrase?\r");	/* and no echo */
		if (rows[i].secret) {
			g_assert_no_error(error);
			g_assert_cmpstr(s->bytes, ==, rows[i].secret);
		} else {
			g_assert_error(error, ERR, ERR_CANCELLED);
		}
		close(slave);
		close(t.master);
		g_string_free(t.seen, TRUE);
	}
}

/* A signal in the middle of typing: it does what it does, after the terminal is itself. */
static void a_signal_gives_the_terminal_back(void)
{
	struct termios before, after;
	int master, slave = open_terminal(&master), status;
	char prompt[11];
	pid_t pid;

	g_assert_cmpint(tcgetattr(slave, &before), ==, 0);
	pid = fork();
	if (pid == 0) {
		signal(SIGTERM, SIG_DFL);
		secret_free(secret_read(slave, "passphrase?", 64, NULL));
		_exit(0);
	}
	for (size_t have = 0; have < sizeof(prompt);) {
		ssize_t n = read(master, prompt + have, sizeof(prompt) - have);

		g_assert_cmpint(n, >, 0);
		have += (size_t)n;
	}
	g_assert_cmpint(tcgetattr(slave, &after), ==, 0);
	g_assert_false(after.c_lflag & ECHO);
	kill(pid, SIGTERM);
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	g_assert_cmpint(tcgetattr(slave, &after), ==, 0);
	g_assert_cmpuint(before.c_lflag, ==, after.c_lflag);
	close(slave);
	close(master);
}

static void forbids_dumps(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		struct rlimit limit;

		secret_forbid_dumps();
		_exit(prctl(PR_GET_DUMPABLE) == 0 && getrlimit(RLIMIT_CORE, &limit) == 0 &&
				      limit.rlim_max == 0
			      ? 42
			      : 1);
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_true(WIFEXITED(status));
	g_assert_cmpint(WEXITSTATUS(status), ==, 42);
}

static void random_ones_differ(void)
{
	g_autoptr(secret) a = secret_random(32), b = secret_random(32);

	g_assert_cmpuint(a->len, ==, 32);
	g_assert_false(secret_equal(a, b));
	for (size_t i = 0; i < a->len; i++)
		g_assert_true(g_ascii_isalnum(a->bytes[i]));
	g_assert_cmpint(a->bytes[32], ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	secret_heap_open();
	g_test_add_func("/base/secret/bytes", bytes);
	g_test_add_func("/base/secret/lives-in-the-secure-heap", lives_in_the_secure_heap);
	g_test_add_func("/base/secret/a-full-heap-gives-nothing", a_full_heap_gives_nothing);
	g_test_add_func("/base/secret/many-accounts-fit", many_accounts_fit);
	g_test_add_func("/base/secret/freed-is-wiped", freed_is_wiped);
	g_test_add_func("/base/secret/from-pipes", from_pipes);
	g_test_add_func("/base/secret/from-terminals", from_terminals);
	g_test_add_func("/base/secret/a-signal-gives-the-terminal-back",
			a_signal_gives_the_terminal_back);
	g_test_add_func("/base/secret/random-ones-differ", random_ones_differ);
	g_test_add_func("/base/secret/forbids-dumps", forbids_dumps);
	return g_test_run();
}
