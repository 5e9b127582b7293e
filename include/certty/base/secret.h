/*
 * secret: memory for passphrases, tokens and private keys.
 *
 * A secret is bytes in OpenSSL's secure heap (SECRET_HEAP_SIZE, locked where the system lets us, left
 * out of core dumps), wiped when freed and compared in constant time.  It is always followed
 * by a NUL that is not counted.  It is never formatted with %s, logged, or put into an error.
 *
 * secret_heap_open() is called once in main, before any thread and before OpenSSL is used: its
 * ordinary memory is wiped from then on as well (wiping.h).  One owner at a time; any
 * thread may own it.  A full heap gives NULL, which callers report as ERR_LIMIT.
 */
#ifndef CERTTY_BASE_SECRET_H
#define CERTTY_BASE_SECRET_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <certty/base/auto.h>

struct secret {
	size_t len;
	char bytes[];
};

#define SECRET_HEAP_SIZE (1u << 20)

enum secret_heap { SECRET_HEAP_NONE, SECRET_HEAP_UNLOCKED, SECRET_HEAP_LOCKED };

void secret_heap_open(void);
enum secret_heap secret_heap_state(void);
size_t secret_heap_used(void);		/* bytes of SECRET_HEAP_SIZE */

/* No core dumps, not even through a pipe, and no ptrace by others of the same user. */
void secret_forbid_dumps(void);

struct secret *secret_new(const void *bytes, size_t len);
struct secret *secret_dup(const struct secret *s);
void secret_free(struct secret *s);
/* `len` random letters and digits. */
struct secret *secret_random(size_t len);
bool secret_equal(const struct secret *a, const struct secret *b);
AUTO_FREE(secret, secret_free)

/* Reads one line from fd without echo when it is a terminal, or all of it up to `max` bytes
 * when it is not; a final line break is dropped. */
struct secret *secret_read(int fd, const char *prompt, size_t max, GError **error);
/* The same of several lines: at a terminal an empty line ends them. */
struct secret *secret_read_block(int fd, const char *prompt, size_t max, GError **error);

/* Wipes memory that is used again. */
void secret_clear(void *bytes, size_t len);
/* Wipes and frees an ordinary string or buffer that held a secret on its way here. */
void secret_wipe(void *bytes, size_t len);
/* Wipes what functions that have returned left on this thread's stack: OpenSSL copies the inside
 * of messages there and does not wipe it. */
void secret_wipe_stack(void);

#endif
