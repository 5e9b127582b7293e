/*
 * slow-server: a TLS server that waits before each handshake.
 *
 *   slow-server DELAY_MS    prints its port; ends with its standard input
 */
#include "slow.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	signal(SIGPIPE, SIG_IGN);
	printf("%u\n", slow_start(atoi(argv[1])));
	fflush(stdout);
	getchar();
	_exit(0);	/* threads shake hands still */
}
