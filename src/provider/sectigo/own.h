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
enum verdict sectigo_refusal_judge(const struct reply *r);
/* The server that a refusal says gives the tokens; a new string, or NULL. */
char *sectigo_refusal_authority(const struct reply *r);

/* One whose answer has nothing in it: whether it is done. */
bool sectigo_refusal_or_done(const struct reply *r, const char *what, int64_t *ret_code, GError **error);
bool sectigo_refusal_is_denied(int64_t code);	/* the administrator may not */

read_block_fn sectigo_block;	/* sectigo_block.c */
step_fn sectigo_test;		/* sectigo_test.c */

#define SECTIGO_STORE "scm"	/* the type of store: all that an account sees */

struct sectigo_list;

/* The bytes of an operation. */
struct sectigo {
	guint organizations, departments;
	GHashTable *names;	/* of organizations and departments, by their number as text; or NULL */
	step_fn *then;		/* sectigo_organization_read's */
	struct sectigo_list *list;	/* sectigo_call.c's */
	void *mine;		/* the verb's own */
	GDestroyNotify free_mine;
	void *certs;		/* sectigo_cert_read.c's */
	GDestroyNotify free_certs;
	void *acme;		/* sectigo_acme.c's */
	GDestroyNotify free_acme;
	void *anchors;		/* sectigo_anchor.c's */
	GDestroyNotify free_anchors;
	GHashTable *tops;	/* number of the organization, by that of a department or its own; or NULL */
	char *may, *password;	/* in words: what the administrator may do, how long the password lasts */
	struct request *about;	/* of an order that has got its number, or an enrolment's; or NULL */
};

static inline struct sectigo *sectigo_of(struct op *op)
{
	return op->scratch;
}

/* ---- sectigo_call.c ---- */

/* Of calls that have another version at the newer door: "v1" there, "v2" here. */
const char *sectigo_call_version(const struct op *op);
struct request_out *sectigo_call(const struct op *op, const char *method, const char *path,
				 const char *body /* JSON; or NULL */);
int sectigo_call_seconds(const char *method, const char *path);	/* that it may take */
/* One certificate or order whole, by its number, its times with their hours. */
struct request_out *sectigo_call_cert(const struct op *op, const char *number);
/* All of a list, page by page: each thing in it is taken, then `then` finds *ret_code of a refusal (0:
 * none) and its sentence.  `path` has its query or none yet. */
typedef void sectigo_take_fn(struct op *op, const struct json *j);
struct next sectigo_call_list(struct op *op, const char *path, const char *what, sectigo_take_fn *take,
			      step_fn *then);
/* Of several lists (char *, taken) together; an error is of the first that is not just hidden. */
struct next sectigo_call_lists(struct op *op, GPtrArray *paths, const char *what, sectigo_take_fn *take,
			       step_fn *then);
const GError *sectigo_call_list_error(struct op *op, int64_t *ret_code);
void sectigo_call_done(struct sectigo *s);
/* A member as harmless text, also of a number; "" where there is none.  New. */
char *sectigo_call_text(const struct json *j, const char *key, size_t max);
/* A state in the one spelling of many: "NOT_VALIDATED".  New. */
char *sectigo_call_word(const struct json *j, const char *key);
int64_t sectigo_call_date(const struct json *j, const char *key);	/* 0: none that is understood */
void *sectigo_call_mine(struct op *op, size_t size, GDestroyNotify done);

/* ---- sectigo_organization.c ---- */

/* All of them, then goes on there, also when they cannot be had. */
struct next sectigo_organization_read(struct op *op, step_fn *then);
const char *sectigo_organization_name(struct op *op, const char *number);	/* the number, unknown */
/* The organization that it is a department of, or itself; and the numbers (char *) of all that have no such
 * thing above them, new. */
const char *sectigo_organization_top(struct op *op, const char *number);
GPtrArray *sectigo_organization_tops(struct op *op);
/* The number of what a person calls so: a number, or a name.  NULL: why not.  New. */
char *sectigo_organization_find(struct op *op, const char *typed, GError **error);

/* ---- sectigo_rights.c ---- */

/* What the administrator may do, in words, as s->may, then goes on there. */
struct next sectigo_rights(struct op *op, step_fn *then);

/* ---- sectigo_stores.c, sectigo_refresh.c ---- */

step_fn sectigo_stores, sectigo_refresh;
step_fn sectigo_request_show;	/* sectigo_request.c */

/* ---- sectigo_object.c ---- */

extern const struct field sectigo_object_questions[];
step_fn sectigo_object_add, sectigo_object_edit, sectigo_object_drop;
plan_fn sectigo_object_planned_add, sectigo_object_planned_edit, sectigo_object_planned_drop;

/* ---- sectigo_planned.c ---- */

void sectigo_planned_call(const struct op *op, struct plan *p, unsigned how, const char *method,
			  const char *path, const char *what);
/* The same by curl. */
void sectigo_planned_run(const struct op *op, struct plan *p, const char *method, const char *path,
			 const char *body /* or NULL */);

#endif
