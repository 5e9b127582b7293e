/* Programs that behave, and all the ways in which they do not: none of them keeps us, none
 * gets more of us than it should. */
#define _GNU_SOURCE
#include "certty/base/clock.h"
#include "certty/base/err.h"
#include "certty/base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SH(script) ((const char *const[]){ "sh", "-c", script, NULL })

static bool run(const char *const *argv, const char *input, struct spawn_result *ret,
		GError **error)
{
	struct spawn what = {
		.argv = argv,
		.input = input,
		.input_len = input ? strlen(input) : 0,
		.max_output = 100000,
		.limit_ms = 60000,
	};

	return spawn_run(&what, ret, error);
}

static void assert_output(const struct spawn_result *r, const char *text)
{
	gsize len;
	const char *bytes = g_bytes_get_data(r->output, &len);

	g_assert_cmpmem(bytes, len, text, strlen(text));
}

static void behaves(void)
{
	g_autoptr(GError) error = NULL;
	struct spawn_result r = { 0 };

	g_assert_true(run(SH("cat; printf '\\033[31mno\\n\\n' >&2; exit 7"), "in\n", &r, &error));
	g_assert_no_error(error);
	g_assert_cmpint(r.status, ==, 7);
	assert_output(&r, "in\n");
	g_assert_cmpstr(r.complaint, ==, "\\x1b[31mno");
	spawn_result_done(&r);
	spawn_result_done(&r);
}

static void says_nothing(void)
{
	struct spawn_result r = { 0 };

	g_assert_true(run(SH(":"), NULL, &r, NULL));
	g_assert_cmpint(r.status, ==, 0);
	g_assert_cmpuint(g_bytes_get_size(r.output), ==, 0);
	g_assert_cmpstr(r.complaint, ==, "");
	spawn_result_done(&r);
}

static void much_both_ways(void)
{
	g_autofree char *input = g_strnfill(99999, 'x');
	struct spawn_result r = { 0 };

	g_assert_true(run(SH("cat"), input, &r, NULL));
	assert_output(&r, input);
	spawn_result_done(&r);
}

/* More input than a pipe holds, for one that never reads it: no SIGPIPE, no waiting. */
static void does_not_listen(void)
{
	g_autofree char *input = g_strnfill(1000000, 'x');
	struct spawn_result r = { 0 };
	sigset_t pending;

	g_assert_true(run(SH("exec <&-; echo ok"), input, &r, NULL));
	assert_output(&r, "ok\n");
	spawn_result_done(&r);
	g_assert_true(run(SH("exit 3"), input, &r, NULL));
	g_assert_cmpint(r.status, ==, 3);
	spawn_result_done(&r);
	sigpending(&pending);
	g_assert_false(sigismember(&pending, SIGPIPE));
}

static void is_not_there(void)
{
	const char *const argv[] = { "no-such-program-\033[0m", NULL };
	g_autoptr(GError) error = NULL;
	struct spawn_result r = { .status = -7 };

	g_assert_false(run(argv, NULL, &r, &error));
	g_assert_error(error, ERR, ERR_NOT_FOUND);
	g_assert_nonnull(strstr(error->message, "no-such-program-\\x1b[0m"));
	g_assert_cmpint(r.status, ==, -7);
	g_assert_null(r.output);
}

static void dies_of_a_signal(void)
{
	struct spawn_result r = { 0 };

	g_assert_true(run(SH("kill -ABRT $$"), NULL, &r, NULL));
	g_assert_cmpint(r.status, ==, 128 + SIGABRT);
	spawn_result_done(&r);
}

static void says_too_much(void)
{
	struct spawn what = { .argv = SH("while :; do echo yyyyyyyyyyyyyyyy; done"),
			      .max_output = 10000, .limit_ms = 60000 };
	g_autoptr(GError) error = NULL;
	struct spawn_result r = { 0 };

	g_assert_false(spawn_run(&what, &r, &error));
	g_assert_error(error, ERR, ERR_LIMIT);
	g_clear_error(&error);
	what.argv = SH("printf 12345");
	what.max_output = 4;
	g_assert_false(spawn_run(&what, &r, &error));
	g_assert_error(error, ERR, ERR_LIMIT);
	g_clear_error(&error);
	what.max_output = 5;
	g_assert_true(spawn_run(&what, &r, &error));
	assert_output(&r, "12345");
	spawn_result_done(&r);
	/* complaints are cut, and hold nothing up */
	what.argv = SH("i=0; while [ $i -lt 9999 ]; do echo complaint >&2; i=$((i+1)); done");
	g_assert_true(spawn_run(&what, &r, &error));
	g_assert_cmpstr(r.complaint, ==, "compl");
	spawn_result_done(&r);
}

/* Reads the numbers of processes that a script wrote, and waits until they are gone. */
static void assert_gone(const char *path, size_t n)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) pids = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	pids = g_strsplit(g_strstrip(text), "\n", -1);
	g_assert_cmpuint(g_strv_length(pids), ==, n);
	for (char **p = pids; *p; p++) {
		pid_t pid = atoi(*p);
		g_autofree char *stat = g_strdup_printf("/proc/%d/stat", pid), *line = NULL;

		g_assert_cmpint(pid, >, 1);
		while (kill(pid, 0) == 0) {	/* a zombie is gone too: init is slow to look */
			g_clear_pointer(&line, g_free);
			if (!g_file_get_contents(stat, &line, NULL, NULL) ||
			    strstr(line, ") Z "))
				break;
		}
	}
}

/* A group that ignores the polite signal: the limit ends all of it. */
static void takes_too_long(void)
{
	g_autofree char *folder = g_dir_make_tmp("certty-spawn-XXXXXX", NULL);
	g_autofree char *pids = g_build_filename(folder, "pids", NULL);
	const char *const argv[] = {
		"sh", "-c",
		"trap '' TERM; echo $$ >\"$0\"; sleep 1000 & echo $! >>\"$0\"; "
		"while :; do sleep 1000; done", pids, NULL
	};
	struct spawn what = { .argv = argv, .max_output = 100, .limit_ms = 400 };
	g_autoptr(GError) error = NULL;
	struct spawn_result r = { 0 };
	int64_t before = g_get_monotonic_time();

	clock_set(1000000000);		/* a stopped clock stops no limit */
	g_assert_false(spawn_run(&what, &r, &error));
	clock_set(0);
	g_assert_error(error, ERR, ERR_TIMEOUT);
	g_assert_cmpint(g_get_monotonic_time() - before, >=, 400 * 1000);
	g_assert_cmpint(g_get_monotonic_time() - before, <, 30 * 1000000);
	assert_gone(pids, 2);
	unlink(pids);
	rmdir(folder);
}

struct stopper {
	const char *path;
	atomic_bool stop;
};

static void *stop_when_it_runs(void *data)
{
	struct stopper *s = data;

	while (access(s->path, F_OK) != 0)
		sched_yield();
	atomic_store(&s->stop, true);
	return NULL;
}

static void is_stopped(void)
{
	g_autofree char *folder = g_dir_make_tmp("certty-spawn-XXXXXX", NULL);
	g_autofree char *pids = g_build_filename(folder, "pids", NULL);
	const char *const argv[] = { "sh", "-c", "echo $$ >\"$0.new\"; mv \"$0.new\" \"$0\"; "
				     "exec sleep 1000", pids, NULL };
	struct stopper s = { .path = pids };
	struct spawn what = { .argv = argv, .max_output = 100, .limit_ms = 60000,
			      .stop = &s.stop };
	g_autoptr(GError) error = NULL;
	struct spawn_result r = { 0 };
	pthread_t thread;

	pthread_create(&thread, NULL, stop_when_it_runs, &s);
	g_assert_false(spawn_run(&what, &r, &error));
	pthread_join(thread, NULL);
	g_assert_error(error, ERR, ERR_CANCELLED);
	assert_gone(pids, 1);
	unlink(pids);
	rmdir(folder);
}

/* A child that stays and holds the pipes open does not keep us once the program has ended. */
static void leaves_somebody_behind(void)
{
	struct spawn_result r = { 0 };
	g_autofree char *pid = NULL;

	g_assert_true(run(SH("sleep 1000 & echo $!"), NULL, &r, NULL));
	g_assert_cmpint(r.status, ==, 0);
	pid = g_strndup(g_bytes_get_data(r.output, NULL), g_bytes_get_size(r.output));
	g_assert_cmpint(atoi(pid), >, 1);
	kill(atoi(pid), SIGKILL);
	spawn_result_done(&r);
}

static void inherits_no_descriptor(void)
{
	struct spawn_result r = { 0 };
	int leak = open("/dev/null", O_RDONLY);	/* on purpose without O_CLOEXEC */
	int far = fcntl(leak, F_DUPFD, 200);

	g_assert_cmpint(far, >=, 200);
	g_assert_true(run(SH("for f in /proc/$$/fd/*; do n=${f##*/}; "
			     "case $n in [012]) ;; *) readlink $f;; esac; done"),
			  NULL, &r, NULL));
	/* the shell may have the folder that it lists open, but nothing of ours */
	g_assert_null(g_strstr_len(g_bytes_get_data(r.output, NULL),
				   (gssize)g_bytes_get_size(r.output), "/dev/null"));
	g_assert_null(g_strstr_len(g_bytes_get_data(r.output, NULL),
				   (gssize)g_bytes_get_size(r.output), "pipe:"));
	close(leak);
	close(far);
	spawn_result_done(&r);
}

static unsigned descriptors(void)
{
	GDir *dir = g_dir_open("/proc/self/fd", 0, NULL);
	unsigned n = 0;

	while (g_dir_read_name(dir))
		n++;
	g_dir_close(dir);
	return n;
}

static void leaks_none_of_ours(void)
{
	unsigned before = descriptors();

	for (int i = 0; i < 5; i++) {
		const char *const missing[] = { "no-such-program", NULL };
		struct spawn_result r = { 0 };

		g_assert_true(run(SH("echo"), "x", &r, NULL));
		spawn_result_done(&r);
		g_assert_false(run(missing, NULL, &r, NULL));
	}
	g_assert_cmpuint(descriptors(), ==, before);
}

static void hides_secrets(void)
{
	struct spawn_result r = { 0 };
	g_autofree char *out = NULL;

	g_setenv("TEST_VAULT_TOKEN", "canary", TRUE);
	g_setenv("TEST_PASSWORD", "canary", TRUE);
	g_setenv("TEST_SECRET_ACCESS_KEY", "canary", TRUE);
	g_setenv("test_client_secret", "canary", TRUE);
	g_setenv("TEST_PASSPHRASE", "canary", TRUE);
	g_setenv("TEST_TOKENS_SEEN", "plain", TRUE);
	g_assert_true(run((const char *const[]){ "env", NULL }, NULL, &r, NULL));
	out = g_strndup(g_bytes_get_data(r.output, NULL), g_bytes_get_size(r.output));
	g_assert_null(strstr(out, "canary"));
	g_assert_nonnull(strstr(out, "TEST_TOKENS_SEEN=plain\n"));
	g_assert_nonnull(strstr(out, "PATH="));
	spawn_result_done(&r);
}

/* A session of its own, and signals as if nobody had ever touched them.  By exec: a shell that
 * waits for a child blocks some. */
static void starts_clean(void)
{
	struct spawn_result r = { 0 };
	g_autofree char *out = NULL;
	sigset_t set, old;
	unsigned long long ignored;
	const char *line;
	int pid, session;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &set, &old);
	signal(SIGINT, SIG_IGN);
	g_assert_true(run(SH("cut -d' ' -f1,6 /proc/$$/stat; exec grep -E 'Sig(Blk|Ign)' /proc/self/status"),
			  NULL, &r, NULL));
	signal(SIGINT, SIG_DFL);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	out = g_strndup(g_bytes_get_data(r.output, NULL), g_bytes_get_size(r.output));
	g_assert_cmpint(sscanf(out, "%d %d", &pid, &session), ==, 2);
	g_assert_cmpint(pid, ==, session);
	g_assert_nonnull(strstr(out, "SigBlk:\t0000000000000000"));
	line = strstr(out, "SigIgn:");
	g_assert_nonnull(line);
	g_assert_cmpint(sscanf(line, "SigIgn: %llx", &ignored), ==, 1);
	/* but for the two that the C library keeps to itself */
	g_assert_cmphex(ignored & ~(3ULL << 31), ==, 0);
	spawn_result_done(&r);
}

/* As in a container that forbids it: from here on there is no pidfd in this process. */
static bool forbid_pidfd(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pidfd_open, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { G_N_ELEMENTS(filter), filter };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 &&
	       pidfd_open(getpid(), 0) < 0;
}

static void does_without_pidfd(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		struct spawn long_one = { .argv = SH("sleep 1000"), .limit_ms = 50 };
		struct spawn_result r = { 0 };
		GError *error = NULL;

		if (!forbid_pidfd())
			_exit(77);
		if (!run(SH("cat; exit 7"), "in", &r, NULL) || r.status != 7 ||
		    g_bytes_get_size(r.output) != 2)
			_exit(1);
		spawn_result_done(&r);
		if (spawn_run(&long_one, &r, &error) ||
		    !g_error_matches(error, ERR, ERR_TIMEOUT))
			_exit(2);
		g_clear_error(&error);
		_exit(42);
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		g_test_skip("no seccomp here");
	else
		g_assert_cmpint(WEXITSTATUS(status), ==, 42);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/spawn/behaves", behaves);
	g_test_add_func("/base/spawn/says-nothing", says_nothing);
	g_test_add_func("/base/spawn/much-both-ways", much_both_ways);
	g_test_add_func("/base/spawn/does-not-listen", does_not_listen);
	g_test_add_func("/base/spawn/is-not-there", is_not_there);
	g_test_add_func("/base/spawn/dies-of-a-signal", dies_of_a_signal);
	g_test_add_func("/base/spawn/says-too-much", says_too_much);
	g_test_add_func("/base/spawn/takes-too-long", takes_too_long);
	g_test_add_func("/base/spawn/is-stopped", is_stopped);
	g_test_add_func("/base/spawn/leaves-somebody-behind", leaves_somebody_behind);
	g_test_add_func("/base/spawn/inherits-no-descriptor", inherits_no_descriptor);
	g_test_add_func("/base/spawn/leaks-none-of-ours", leaks_none_of_ours);
	g_test_add_func("/base/spawn/hides-secrets", hides_secrets);
	g_test_add_func("/base/spawn/starts-clean", starts_clean);
	g_test_add_func("/base/spawn/does-without-pidfd", does_without_pidfd);
	return g_test_run();
}
