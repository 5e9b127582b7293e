/*
 * faster: a program's clocks and waits run so many times as fast, and it knows nothing of it.
 *
 *   LD_PRELOAD=faster.so FASTER=60 FASTER_SINCE=SECONDS PROGRAM
 *
 * What takes an hour at the pace that a service allows takes a minute, with every part of the program as it
 * is.  Programs that are told the same second of 1970 to begin with see the same time.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#define NS INT64_C(1000000000)
#define MS INT64_C(1000000)

static int (*clock_of_machine)(clockid_t, struct timespec *);
static int64_t times = 1, real, monotonic;	/* ns: from which on it runs faster */

static int64_t read_ns(clockid_t clock)
{
	struct timespec t;

	if (!clock_of_machine)		/* other libraries begin before this one */
		*(void **)&clock_of_machine = dlsym(RTLD_NEXT, "clock_gettime");
	clock_of_machine(clock, &t);
	return t.tv_sec * NS + t.tv_nsec;
}

__attribute__((constructor)) static void begin(void)
{
	const char *fast = getenv("FASTER"), *since = getenv("FASTER_SINCE");

	times = fast && atoi(fast) > 1 ? atoi(fast) : 1;
	real = since ? atoll(since) * NS : read_ns(CLOCK_REALTIME);
	monotonic = read_ns(CLOCK_MONOTONIC);
}

static int64_t faster(clockid_t clock)
{
	int64_t from = clock == CLOCK_REALTIME ? real : monotonic;

	if (!from) {
		begin();
		from = clock == CLOCK_REALTIME ? real : monotonic;
	}
	return from + (read_ns(clock) - from) * times;
}

int clock_gettime(clockid_t clock, struct timespec *ret)
{
	int64_t ns;

	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		ns = read_ns(clock);
	else
		ns = faster(clock);
	*ret = (struct timespec){ ns / NS, ns % NS };
	return 0;
}

int gettimeofday(struct timeval *restrict ret, void *restrict zone)
{
	int64_t ns = faster(CLOCK_REALTIME);

	(void)zone;
	*ret = (struct timeval){ ns / NS, ns % NS / 1000 };
	return 0;
}

time_t time(time_t *ret)
{
	time_t now = faster(CLOCK_REALTIME) / NS;

	if (ret)
		*ret = now;
	return now;
}

int poll(struct pollfd *fds, nfds_t n, int ms)
{
	int64_t ns = ms * MS / times;

	return ppoll(fds, n, ms < 0 ? NULL : &(struct timespec){ ns / NS, ns % NS }, NULL);
}
