/*
 * panic: the terminal is given back even when the program crashes.
 */
#include "panic.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP };

/* What the handler needs.  `armed` is stored last and read first. */
static struct {
	int fd;
	struct termios modes;
	char bytes[PANIC_BYTES_MAX];
	size_t len;
	atomic_bool armed;
} ready;

/* A stack overflow leaves no room on the ordinary one. */
static char stack[64 * 1024];

static void give_back(int signal);

void panic_arm(int fd, const struct termios *modes, const char *bytes, size_t len)
{
	static bool installed;
	const stack_t alternate = { .ss_sp = stack, .ss_size = sizeof stack };
	struct sigaction act = { .sa_handler = give_back,
				 /* Once each: raising it again then ends the process. */
				 .sa_flags = SA_ONSTACK | SA_RESETHAND | SA_NODEFER };

	g_assert(len <= PANIC_BYTES_MAX);
	panic_disarm();
	ready.fd = fd;
	ready.modes = *modes;
	memcpy(ready.bytes, bytes, len);
	ready.len = len;
	atomic_store(&ready.armed, true);
	if (installed)
		return;
	installed = true;
	sigaltstack(&alternate, NULL);
	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
		sigaction(signals[i], &act, NULL);
}

void panic_disarm(void)
{
	atomic_store(&ready.armed, false);
}

static void give_back(int signal)
{
	panic_give_back();
	raise(signal);
}

/* Async-signal-safe calls only. */
void panic_give_back(void)
{
	if (atomic_exchange(&ready.armed, false)) {
		size_t done = 0;

		while (done < ready.len) {
			ssize_t n = write(ready.fd, ready.bytes + done, ready.len - done);

			if (n < 0 && errno != EINTR)
				break;
			done += n > 0 ? (size_t)n : 0;
		}
		tcsetattr(ready.fd, TCSANOW, &ready.modes);
	}
}
