/*
 * bench-probe: how long many probes take, some at a time, of a server that is slow to begin.
 *
 *	bench-probe [PROBES [AT-A-TIME [DELAY-MS]]]		(500 64 200)
 *
 * Prints what was measured beside the two bounds: the delays that follow each other, and the
 * CPU time that the handshakes alone take on this machine.  Fails when the time is above 1.2
 * times the larger one.
 */
#include "slow.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <certty/base/clock.h>
#include <certty/net/client.h>

struct bench {
	struct client *client;
	uint16_t port;
	unsigned left, heard, good;
};

/* --- the probes ---------------------------------------------------------------------------- */

static void send_one(struct bench *b);

static void hear(void *who, struct reply *reply)
{
	struct bench *b = who;

	b->heard++;
	if (reply->error)
		g_printerr("%s\n", reply->error->message);
	else
		b->good++;
	reply_free(reply);
	if (b->left > 0)
		send_one(b);
}

static void send_one(struct bench *b)
{
	b->left--;
	client_send(b->client, exchange_probe("127.0.0.1", b->port, NULL), hear, b);
}

/* Seconds for all, and how many went well. */
static double run(uint16_t port, unsigned probes, unsigned at_a_time, unsigned *ret_good)
{
	struct bench b = { client_new(NULL), port, probes, 0, 0 };
	int64_t started = clock_ticks();

	while (b.left > 0 && client_in_flight(b.client) < at_a_time)
		send_one(&b);
	while (b.heard < probes) {
		client_wait(b.client, NULL, 0, -1);
		client_advance(b.client, UINT_MAX);
	}
	client_free(b.client);
	*ret_good = b.good;
	return (double)(clock_ticks() - started) / 1e6;
}

static unsigned number(int argc, char **argv, int i, unsigned fallback)
{
	return i < argc ? (unsigned)strtoul(argv[i], NULL, 10) : fallback;
}

int main(int argc, char **argv)
{
	unsigned probes = number(argc, argv, 1, 500), at_a_time = number(argc, argv, 2, 64), good;
	unsigned delay_ms = number(argc, argv, 3, 200);
	double waits = ((probes + at_a_time - 1) / at_a_time) * delay_ms / 1e3;
	double taken, work, bound;
	unsigned good_too;
	clock_t before;

	taken = run(slow_start((int)delay_ms), probes, at_a_time, &good);
	before = clock();
	run(slow_start(0), probes, 1, &good_too);
	work = (double)(clock() - before) / CLOCKS_PER_SEC;
	bound = 1.2 * MAX(waits, work);
	printf("%u probes, %u at a time, %u ms each: %.3f s\n", probes, at_a_time, delay_ms,
	       taken);
	printf("delays one after the other %.3f s, CPU time of the handshakes %.3f s, bound %.3f s\n",
	       waits, work, bound);
	fflush(stdout);
	_exit(taken <= bound && good == probes && good_too == probes ? 0 : 1);	/* servers shake hands still */
}
