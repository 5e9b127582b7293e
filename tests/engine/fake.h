/*
 * fake: a provider with accounts, whose server is the test's.
 *
 * An account has an address, two secrets ("right" and "also" are taken) or a profile that
 * needs none, and may say how many seconds its access lasts.  Each signing in gives the next
 * token, 1, 2…; the server takes fake_valid, or the newest when that is 0.  An address "slow"
 * signs in by way of the server's gate, one "gone" must be signed in to elsewhere, and one
 * "once" takes the key "wrapped" once and gives "right" for "here" instead.  Its stores
 * are words of local.endpoints: "fake ACCOUNT NAME PATH", where the path "auth" asks for the
 * token that is valid, "more-A" first gets one more secret A for the account's access, and
 * "has-A" asks nobody and fails when the access has none, and "held…" is as held.h says.
 * An account has the stores ID/fake:found-0, 1… whose path is "ok", fake_stores of them; when that
 * is less than none, it does not tell.  One with the address "zone" has the zones of all records,
 * one with "half" of one of them, and "torn" fails to say.
 */
#ifndef TESTS_ENGINE_FAKE_H
#define TESTS_ENGINE_FAKE_H

#include <certty/provider/provider.h>

extern const struct provider provider_fake;
extern unsigned fake_port;
extern atomic_int fake_signed_in;	/* how often */
extern atomic_int fake_handed;		/* the token of the access that the last one replaced */
extern atomic_int fake_valid;
extern atomic_int fake_spent;		/* the key that is good once was used */
extern atomic_int fake_found;		/* accounts that "another tool" has set up: fake:0, fake:1… */
extern atomic_int fake_stores;
extern atomic_int fake_looked;		/* how often it was asked for its stores */
extern atomic_int fake_keeps;		/* it does not take records away */

void fake_reset(void);

#endif
