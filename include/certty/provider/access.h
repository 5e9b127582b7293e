/*
 * access: an account that is open: what its requests are signed with.
 *
 * Made by a provider's sign_in, held by the engine until shortly before it ends or the server no
 * longer takes it, and handed to the provider's sign for every request.  Counted, because the
 * operations that use one may outlast it; frozen once made; the worker's thread only.
 */
#ifndef CERTTY_PROVIDER_ACCESS_H
#define CERTTY_PROVIDER_ACCESS_H

#include <certty/base/auto.h>
#include <certty/base/ref.h>
#include <certty/model/args.h>
#include <certty/net/exchange.h>

struct access {
	struct ref ref;
	struct args *with;	/* tokens and keys as secrets; plain: what the signer must know */
	struct args *instead;	/* of what signing in used up: what is to be kept in its place, by
				 * the keys of the account's questions; or NULL */
	char *from;		/* where that came from: "~/.aws/credentials [prod]"; NULL: where the
				 * account's row says its secret is */
	int64_t ends;		/* 0: does not, or not known */
	bool is_renewable;	/* a new one can be had without a person, so it is, before the end */
};

struct access *access_new(void);
struct access *access_ref(struct access *a);
void access_unref(struct access *a);
AUTO_FREE(access, access_unref)

/* Signs a request that is about to be sent (each attempt anew): adds headers.  `now` in seconds,
 * corrected by what the server's clock is known to differ.  Pure.  Fails when what it needs is
 * not in the access. */
typedef bool sign_fn(struct request_out *r, const struct access *a, int64_t now, GError **error);

#endif
