/*
 * server: a small HTTP server of the tests, on a thread of its own, loopback only.
 *
 * The path says what it answers:  /ok 200 · /gate 200, but only once the gate is open ·
 * /never nothing · /break closes · /500 · /later 429 with Retry-After: 0 the first time, then
 * 200 · /auth/N 200 for who shows the token N, else 401 · /skew 200 for who signs with the time
 * of an hour ahead, else 403, and says that it is that late · /busy 429 with a Retry-After of an
 * hour · /torn closes the first time, then 200 · /much/N 429 so many times, then 200 ·
 * /full 429 always.
 */
#ifndef TESTS_ENGINE_SERVER_H
#define TESTS_ENGINE_SERVER_H

#include <stdbool.h>

struct server;

struct server *server_new(void);
void server_free(struct server *s);
unsigned server_port(const struct server *s);
void server_open_gate(struct server *s);
/* Blocks until so many requests are held (by /gate and /never), which must happen soon. */
void server_wait_held(struct server *s, int n);
int server_held(const struct server *s);
int server_most_held(const struct server *s);	/* at the same time, ever */
int server_asked(const struct server *s);	/* requests in all */
/* Blocks until what was sent to it before is answered, as far as it is answered at all. */
void server_catch_up(struct server *s);

#endif
