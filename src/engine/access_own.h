/*
 * access_own: what the files of open accounts share.
 */
#ifndef CERTTY_ENGINE_ACCESS_OWN_H
#define CERTTY_ENGINE_ACCESS_OWN_H

#include "account_own.h"

#include <certty/base/clock.h>

#define ACCESS_SKEW_MAX 30	/* seconds that clocks may differ and nobody minds */

/* One signing in. */
struct login {
	struct opening *opening;
	struct account *account;
	const struct provider *provider;
	struct args *args;		/* answers and secrets */
	GPtrArray *asked;		/* struct asked */
	guint unheard;
	GError *error;			/* the first secret that could not be had */
	enum want wants;		/* with that */
	struct operation *steps;	/* once all secrets are there */
	int64_t differs;		/* what the clocks were thought to differ by */
	bool is_for_later;		/* nobody waits for it */
	bool is_second;			/* with the clock put right */
};

struct opening {
	struct engine *engine;
	char *id;
	struct account *account;	/* a candidate that is no row yet, or NULL */
	struct args *given;		/* its secrets; or a one-time code, used once; or NULL */
	struct access *access;		/* or NULL */
	struct access *doubted;		/* the server did not take it: for who signs in again */
	struct route *route;		/* or NULL: as the system says */
	bool has_route;			/* it was made, be it NULL */
	struct login *login;		/* under way */
	GPtrArray *waiting;		/* struct operation */
	guint users;			/* operations under way */
	int64_t opened;			/* by the server's clock */
	int64_t differs;		/* seconds, the server's clock to ours */
	int64_t used;			/* ticks */
	struct access_heard heard;
};

/* access.c */
int64_t access_server_now(const struct opening *w);
bool access_is_good(const struct opening *w);	/* open, and not about to end */
void access_await(struct opening *w, struct operation *o);	/* o sends nothing until it is open */
void access_wake_all(struct opening *w);	/* who waits for it goes on */
void access_fail_all(struct opening *w, const GError *error, enum want wants);	/* or ends */

/* access_login.c */
void access_login_start(struct opening *w, bool is_for_later, bool is_second);
void access_login_free(struct login *l);
AUTO_FREE(login, access_login_free)

#endif
