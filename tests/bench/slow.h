/*
 * slow: TLS servers of the loopback that wait before each handshake, with keys of both kinds.
 */
#ifndef CERTTY_TESTS_BENCH_SLOW_H
#define CERTTY_TESTS_BENCH_SLOW_H

#include <stdint.h>

/* One more, on threads of its own; its port. */
uint16_t slow_start(int delay_ms);

#endif
