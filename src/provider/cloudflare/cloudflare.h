/*
 * cloudflare: what the files of the Cloudflare provider share.
 */
#ifndef CERTTY_PROVIDER_CLOUDFLARE_H
#define CERTTY_PROVIDER_CLOUDFLARE_H

#include <certty/base/json.h>

#include "provider/dns_api.h"
#include "provider/dns_service.h"
#include "provider/dns_tools.h"

#define CLOUDFLARE_URL "https://api.cloudflare.com/client/v4"

extern const struct dns_tools cloudflare_tools;	/* cloudflare.c */

/* ---- cloudflare_call.c ---- */

char *cloudflare_url(const struct args *answers, const char *path);	/* below that address; new */
/* A request to a path below the account's address; with a body, or NULL. */
struct request_out *cloudflare_ask(const struct op *op, const char *method, const char *path,
				   const char *body);
/* The envelope of a reply that says success, or NULL with a sentence.  *ret_code, which may be NULL:
 * the number of the first error, 0 where there is none. */
struct json *cloudflare_read(const struct reply *r, const char *what, int64_t *ret_code, GError **error);
sign_fn cloudflare_sign;
enum verdict cloudflare_judge(const struct reply *r);

/* ---- cloudflare_publish.c, cloudflare_test.c ---- */

step_fn cloudflare_publish, cloudflare_unpublish, cloudflare_test;
/* What a record is added with; new. */
char *cloudflare_body(const char *type, const char *name, const char *plain, unsigned ttl);

/* ---- cloudflare_planned.c ---- */

plan_fn cloudflare_planned_publish, cloudflare_planned_unpublish;

#endif
