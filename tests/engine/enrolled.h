/*
 * enrolled: keys that the fake's stores make, and issuers that sign requests, in memory, so that they
 * outlive an engine as a server does.
 *
 * A store of the fake is an issuer as the rest of its path says: "held-signs" at once, "held-waits" not
 * before enrolled_open(), "held-denies" never, "held-lost" takes an order and never answers until
 * enrolled_open(), "held-wrong" signs for another key.  Any makes keys.
 */
#ifndef TESTS_ENGINE_ENROLLED_H
#define TESTS_ENGINE_ENROLLED_H

#include <certty/provider/provider.h>

extern const struct key_maker enrolled_key_maker;
extern const struct issuer enrolled_issuer;

void enrolled_reset(void);
void enrolled_open(void);
unsigned enrolled_orders(void);		/* certificates that were issued, all together */
unsigned enrolled_asked(void);		/* how often somebody asked */
unsigned enrolled_keys(void);		/* that are there and belong to no certificate yet */

#endif
