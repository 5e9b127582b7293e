/*
 * own: what the files of the Sectigo provider share.
 *
 * Sectigo Certificate Manager has one set of calls behind two doors: with an administrator's login
 * in three headers of every request, or, newer, with an API key (OAuth).  Paths are the same; where
 * they begin, sectigo_base() knows.
 */
#ifndef CERTTY_SECTIGO_OWN_H
#define CERTTY_SECTIGO_OWN_H

#include <certty/base/json.h>
#include <certty/net/token.h>
#include <certty/provider/provider.h>

#include "provider/block.h"

#define SECTIGO_TOKEN_URL "https://auth.sso.sectigo.com/auth/realms/apiclients/protocol/" \
			  "openid-connect/token"

/* Where the calls begin, for these answers: "https://cert-manager.com/api".  A new string. */
char *sectigo_base(const struct args *answers);
/* A GET of a path below that. */
struct request_out *sectigo_get(const struct args *answers, const char *path);

/* A reply that should be JSON: its body, or NULL with a sentence.  *ret_code, which may be NULL: the
 * refusal's number, 0 where there is none. */
struct json *sectigo_refusal_or_json(const struct reply *r, const char *what, int64_t *ret_code,
				     GError **error);
/* The server that a refusal says gives the tokens; a new string, or NULL. */
char *sectigo_refusal_authority(const struct reply *r);

read_block_fn sectigo_block;	/* sectigo_block.c */
step_fn sectigo_test;		/* sectigo_test.c */

/* The bytes of an operation. */
struct sectigo {
	guint organizations, departments;
};

static inline struct sectigo *sectigo_of(struct op *op)
{
	return op->scratch;
}

#endif
