/*
 * held: certificates with keys that the fake's stores hold, in memory, so that they outlive an
 * engine as a server's do.
 *
 * A store of the fake whose path begins with "held" reads from here, hands out from here, and is
 * written to: as the rest of its path says.  "held-refuses" takes nothing, "held-lies" puts the
 * certificate elsewhere, "held-other" says that another one is there, "held-dies" takes it and
 * never answers.  "held-endpoint" presents what it has and is no more than an endpoint.
 *
 * What it holds is renewed at once, but by "held-refuses"; what lies at "itself" it says to renew by
 * itself, and what lies at "charged" has a warning.
 */
#ifndef TESTS_ENGINE_HELD_H
#define TESTS_ENGINE_HELD_H

#include <certty/provider/provider.h>

extern atomic_int held_imports;		/* that were sent, whatever came of them */
extern atomic_int held_renewals;	/* likewise */

/* A certificate with its key, for these names (separated by blanks), that begins then. */
struct bundle *held_make(const char *names, const char *kind, int64_t not_before);
/* The store of that title has it at that place, instead of what it had there; a copy. */
void held_put(const char *store, const char *alias, const struct bundle *b);
/* What is there, borrowed until the next put; or NULL. */
const struct bundle *held_get(const char *store, const char *alias);
void held_reset(void);

bool held_is(const struct store *s);
step_fn held_refresh, held_hand, held_import, held_renew;
find_renewable_fn held_find_renewable;

#endif
