/*
 * One program, run and watched until it ends or must.  A single poll looks after its three
 * pipes, its end (a pidfd), the limit and the stop flag, so nothing that the program does or
 * leaves undone can hold us.  What it said is wiped when it is freed: credential commands say
 * secrets.
 */
#define _GNU_SOURCE
#include "certty/base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "certty/base/err.h"
#include "certty/base/secret.h"
#include "certty/base/text.h"

#define LOOK_MS	   50		/* how often the stop flag is looked at */
#define ASK_MS	   10		/* how often the program's end is asked for without a pidfd */
#define MERCY_MS   500		/* between the polite signal and the other one */
#define MOST_SHOWN 4096		/* of standard error */
#define PIECE	   4096
#define UNSEEN	   255		/* somebody else took the exit status */

struct buffer {
	char *bytes;
	size_t len, size, max;
	bool over;		/* there was more than max */
};

enum { TO, FROM, COMPLAINTS, PIPES };	/* named after descriptors 0, 1 and 2 of the program */

struct run {
	const struct spawn *what;
	pid_t pid;
	int pidfd;
	int ours[PIPES], theirs[PIPES];
	struct buffer out, err;
	size_t written;
	int64_t started;
	const char *name;	/* harmless */
};

/* Not clock_ticks(): a program does not stand still when a test's clock does. */
static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

/* ---- before ------------------------------------------------------------------------------ */

static bool holds_secret(const char *variable)
{
	static const char *const ends[] = { "PASSWORD", "SECRET", "TOKEN", "KEY", "PASSPHRASE" };
	size_t len = strcspn(variable, "=");

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		size_t n = strlen(ends[i]);

		if (len >= n && g_ascii_strncasecmp(variable + len - n, ends[i], n) == 0)
			return true;
	}
	return false;
}

/* A vector of borrowed strings. */
static GPtrArray *environment(void)
{
	GPtrArray *kept = g_ptr_array_new();

	for (char **e = environ; e && *e; e++)
		if (!holds_secret(*e))
			g_ptr_array_add(kept, *e);
	g_ptr_array_add(kept, NULL);
	return kept;
}

static bool open_pipes(struct run *r)
{
	for (int i = 0; i < PIPES; i++) {
		int fd[2];

		if (pipe2(fd, O_CLOEXEC) != 0)
			return false;
		r->theirs[i] = fd[i == TO ? 0 : 1];
		r->ours[i] = fd[i == TO ? 1 : 0];
		fcntl(r->ours[i], F_SETFL, O_NONBLOCK);
	}
	return true;
}

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int start(struct run *r)
{
	g_autoptr(GPtrArray) env = environment();
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int rc;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK |
						POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawn_file_actions_init(&files);
	for (int i = 0; i < PIPES; i++)
		posix_spawn_file_actions_adddup2(&files, r->theirs[i], i);
	posix_spawn_file_actions_addclosefrom_np(&files, PIPES);
	rc = posix_spawnp(&r->pid, r->what->argv[0], &files, &attr,
			  (char *const *)r->what->argv, (char *const *)env->pdata);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	for (int i = 0; i < PIPES; i++)
		shut(&r->theirs[i]);
	return rc;
}

/* ---- while it runs ----------------------------------------------------------------------- */

/* Makes room by hand, so that no copy is left behind where an old buffer was. */
static void grow(struct buffer *b)
{
	size_t size = MIN(MAX(b->size * 2, PIECE), b->max + 1);
	char *bytes;

	if (b->len < b->size)
		return;
	bytes = g_malloc(size);
	if (b->len)
		memcpy(bytes, b->bytes, b->len);
	secret_wipe(b->bytes, b->size);
	b->bytes = bytes;
	b->size = size;
}

/* Reads what is there; what is beyond the maximum is thrown away.  Closes at the end. */
static void hear(int *fd, struct buffer *b)
{
	char rest[PIECE];

	while (*fd >= 0) {
		ssize_t n;

		if (b->len < b->max)
			grow(b);
		if (b->len < b->max)
			n = read(*fd, b->bytes + b->len, MIN(b->size, b->max) - b->len);
		else
			n = read(*fd, rest, sizeof(rest));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0)
			shut(fd);
		else if (b->len < b->max)
			b->len += (size_t)n;
		else
			b->over = true;
		if (b->over)
			return;	/* a program that never stops talking must not keep us here */
	}
}

/* Writes what the pipe takes.  A program need not listen: then the rest is dropped. */
static void tell(struct run *r)
{
	while (r->ours[TO] >= 0) {
		const char *from = r->what->input;
		size_t left = r->what->input_len - r->written;
		ssize_t n = left ? write(r->ours[TO], from + r->written, left) : 0;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n > 0)
			r->written += (size_t)n;
		if (n < 0 || r->written == r->what->input_len)
			shut(&r->ours[TO]);
	}
}

/* Where there is no pidfd (an old kernel, a strict container, valgrind) one has to ask. */
static bool has_ended(const struct run *r)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)r->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
	       info.si_pid == r->pid;
}

/* Waits for any of the four at most ms; true when the program has ended. */
static bool look(struct run *r, int ms)
{
	struct pollfd polls[] = {
		{ .fd = r->ours[TO], .events = POLLOUT },
		{ .fd = r->ours[FROM], .events = POLLIN },
		{ .fd = r->ours[COMPLAINTS], .events = POLLIN },
		{ .fd = r->pidfd, .events = POLLIN },
	};

	if (poll(polls, G_N_ELEMENTS(polls), r->pidfd < 0 ? MIN(ms, ASK_MS) : ms) < 0)
		return false;
	if (polls[TO].revents)
		tell(r);
	if (polls[FROM].revents)
		hear(&r->ours[FROM], &r->out);
	if (polls[COMPLAINTS].revents)
		hear(&r->ours[COMPLAINTS], &r->err);
	return r->pidfd < 0 ? has_ended(r) : polls[PIPES].revents != 0;
}

/* Why it must end now; NULL when it may go on. */
static const char *fault_of(const struct run *r, enum err *ret_code)
{
	if (r->out.over) {
		*ret_code = ERR_LIMIT;
		return "says more than it may";
	}
	if (r->what->stop && atomic_load(r->what->stop)) {
		*ret_code = ERR_CANCELLED;
		return "was stopped";
	}
	if (now_ms() - r->started >= r->what->limit_ms) {
		*ret_code = ERR_TIMEOUT;
		return "took too long and was ended";
	}
	return NULL;
}

/* Ends the whole group: politely, then surely.  Before the program is reaped, so that its
 * number cannot belong to somebody else. */
static void end_group(struct run *r)
{
	int64_t until = now_ms() + MERCY_MS, left;

	kill(-r->pid, SIGTERM);
	while ((left = until - now_ms()) > 0)
		if (look(r, (int)left))
			break;
	kill(-r->pid, SIGKILL);
}

static const char *watch(struct run *r, enum err *ret_code)
{
	const char *why;

	for (;;) {
		int64_t left = r->started + r->what->limit_ms - now_ms();

		if (r->what->stop)
			left = MIN(left, LOOK_MS);
		if (look(r, (int)MAX(left, 0)))
			break;
		why = fault_of(r, ret_code);
		if (why) {
			end_group(r);
			return why;
		}
	}
	/* What it said before it ended is in the pipes; what others of its group still may say
	 * is not waited for. */
	hear(&r->ours[FROM], &r->out);
	hear(&r->ours[COMPLAINTS], &r->err);
	if (!r->out.over)
		return NULL;
	return fault_of(r, ret_code);
}

static int reap(struct run *r)
{
	int status = 0;
	pid_t pid;

	do
		pid = waitpid(r->pid, &status, 0);
	while (pid < 0 && errno == EINTR);
	if (pid < 0)
		return UNSEEN;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* ---- after ------------------------------------------------------------------------------- */

static void free_buffer(gpointer data)
{
	struct buffer *b = data;

	secret_wipe(b->bytes, b->size);
	g_free(b);
}

static GBytes *take_bytes(struct buffer *from)
{
	struct buffer *b = g_memdup2(from, sizeof(*from));

	memset(from, 0, sizeof(*from));
	return g_bytes_new_with_free_func(b->bytes ? b->bytes : "", b->len, free_buffer, b);
}

static char *complaint_of(const struct buffer *b)
{
	GString *s = g_string_new(NULL);
	size_t len = b->len;

	while (len && g_ascii_isspace(b->bytes[len - 1]))
		len--;
	text_harmless_lines(s, b->bytes, len, MOST_SHOWN);
	return g_string_free(s, FALSE);
}

/* Writing to a program that does not listen raises SIGPIPE in this thread.  It is held back
 * here and thrown away, unless it was already pending. */
static void hold_sigpipe(sigset_t *ret_old, bool *ret_pending)
{
	sigset_t set, pending;

	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigpending(&pending);
	*ret_pending = sigismember(&pending, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &set, ret_old);
}

static void release_sigpipe(const sigset_t *old, bool was_pending)
{
	struct timespec at_once = { 0, 0 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	while (!was_pending && sigtimedwait(&set, NULL, &at_once) < 0 && errno == EINTR)
		;
	pthread_sigmask(SIG_SETMASK, old, NULL);
}

static void run_done(struct run *r)
{
	for (int i = 0; i < PIPES; i++) {
		shut(&r->ours[i]);
		shut(&r->theirs[i]);
	}
	shut(&r->pidfd);
	secret_wipe(r->out.bytes, r->out.size);
	secret_wipe(r->err.bytes, r->err.size);
}

static bool run(struct run *r, struct spawn_result *ret, GError **error)
{
	enum err code = ERR_FAILED;
	const char *why;
	int rc, status;

	rc = open_pipes(r) ? start(r) : errno;
	if (rc) {
		g_set_error(error, ERR, rc == ENOENT ? ERR_NOT_FOUND : ERR_FAILED,
			    "%s cannot be started: %s", r->name,
			    rc == ENOENT ? "there is no such program" : g_strerror(rc));
		return false;
	}
	r->started = now_ms();
	r->pidfd = pidfd_open(r->pid, 0);
	why = watch(r, &code);
	status = reap(r);
	if (why) {
		g_set_error(error, ERR, (int)code, "%s %s", r->name, why);
		return false;
	}
	ret->status = status;
	ret->complaint = complaint_of(&r->err);
	ret->output = take_bytes(&r->out);
	return true;
}

bool spawn_run(const struct spawn *what, struct spawn_result *ret, GError **error)
{
	g_autofree char *name = text_harmless_dup(what->argv[0], 200);
	struct run r = {
		.what = what,
		.name = name,
		.pidfd = -1,
		.ours = { -1, -1, -1 },
		.theirs = { -1, -1, -1 },
		.out.max = what->max_output,
		.err.max = what->max_output,
	};
	bool ok, pending;
	sigset_t old;

	hold_sigpipe(&old, &pending);
	ok = run(&r, ret, error);
	release_sigpipe(&old, pending);
	run_done(&r);
	return ok;
}

void spawn_result_done(struct spawn_result *r)
{
	g_clear_pointer(&r->output, g_bytes_unref);
	g_clear_pointer(&r->complaint, g_free);
}
