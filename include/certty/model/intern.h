/*
 * intern: texts that many certificates share (issuers, key types), each kept once, by number.
 *
 * Grows only.  One thread adds (the engine's); numbers reach other threads inside a snapshot,
 * whose hand-over orders the memory, and may be looked up there without a lock because
 * entries never move or change.  Number 0 is "".  At most INTERN_MAX texts; more give the
 * number of INTERN_OTHER.
 */
#ifndef CERTTY_MODEL_INTERN_H
#define CERTTY_MODEL_INTERN_H

#include <stdint.h>

#define INTERN_MAX (1u << 20)
#define INTERN_OTHER "(other)"

struct intern;

struct intern *intern_new(void);
void intern_free(struct intern *i);
uint32_t intern_add(struct intern *i, const char *text);
const char *intern_text(const struct intern *i, uint32_t number);
/* How many there were when asked; readers use the count that their snapshot carries. */
uint32_t intern_count(const struct intern *i);

#endif
