/*
 * godaddy: what the files of the GoDaddy provider share.
 */
#ifndef CERTTY_PROVIDER_GODADDY_H
#define CERTTY_PROVIDER_GODADDY_H

#include <certty/base/json.h>

#include "provider/dns_api.h"
#include "provider/dns_service.h"
#include "provider/dns_tools.h"

#define GODADDY_URL "https://api.godaddy.com"
#define GODADDY_TTL_MIN 600	/* seconds */

/* ---- godaddy_call.c ---- */

char *godaddy_url(const struct args *answers, const char *path);	/* below that address; new */
/* A request to a path below the account's address; with a body, or NULL.  PATCH adds to a set; PUT,
 * the other way that there is, takes the place of it. */
struct request_out *godaddy_ask(const struct op *op, const char *method, const char *path,
				const char *body);
enum godaddy_said { GODADDY_GOOD, GODADDY_NOT_FOUND, GODADDY_DUPLICATE, GODADDY_BAD };
/* *ret_json, which may be NULL, only where it is good and not empty; errors have their sentence. */
enum godaddy_said godaddy_read(const struct reply *r, const char *what, struct json **ret_json,
			       GError **error);
sign_fn godaddy_sign;
enum verdict godaddy_judge(const struct reply *r);

/* ---- godaddy_publish.c, godaddy_test.c ---- */

step_fn godaddy_publish, godaddy_unpublish, godaddy_test;
/* What a record is added with; new. */
char *godaddy_body(const char *type, const char *name, const char *plain, unsigned ttl);

/* ---- godaddy_planned.c ---- */

plan_fn godaddy_planned_publish, godaddy_planned_unpublish;

#endif
