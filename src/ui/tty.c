/*
 * tty: the terminal as a device: its modes, bytes out, bytes in.
 */
#define _GNU_SOURCE
#include "tty.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <certty/base/secret.h>

void tty_raw(const struct termios *before)
{
	struct termios raw = *before;

	cfmakeraw(&raw);
	tcsetattr(TTY_IN, TCSADRAIN, &raw);
}

void tty_send(const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(TTY_OUT, bytes, len);

		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return;		/* the terminal is gone; reading will say so */
		bytes += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
}

bool tty_receive(struct decode *d, int wait_ms, bool *ret_gone)
{
	struct pollfd p = { .fd = TTY_IN, .events = POLLIN };
	char bytes[DECODE_PENDING_MAX];
	ssize_t n;

	if (poll(&p, 1, wait_ms) <= 0)
		return false;
	n = read(TTY_IN, bytes, decode_room(d));
	if (n > 0) {
		decode_feed(d, bytes, (size_t)n);
		secret_clear(bytes, (size_t)n);
	}
	if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
		*ret_gone = true;
	return n > 0;
}

void tty_stop_group(void)
{
	struct sigaction usual = { .sa_handler = SIG_DFL }, before;
	sigset_t stop, mask;

	sigaction(SIGTSTP, &usual, &before);
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	kill(0, SIGTSTP);
	pthread_sigmask(SIG_UNBLOCK, &stop, &mask);
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	sigaction(SIGTSTP, &before, NULL);
}
