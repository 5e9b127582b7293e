/*
 * own: what the files of the Akamai provider share.
 *
 * A credential is four words: the host that it works at, two tokens that name it, and the client
 * secret, which never leaves this machine.
 */
#ifndef CERTTY_SRC_PROVIDER_AKAMAI_OWN_H
#define CERTTY_SRC_PROVIDER_AKAMAI_OWN_H

#include <certty/provider/provider.h>

#include "provider/dns_service.h"

/* Answers, and what an open account holds. */
#define AKAMAI_FROM	"from"
#define AKAMAI_FILE	"file"
#define AKAMAI_SECTION	"section"
#define AKAMAI_HOST	"host"
#define AKAMAI_CLIENT	"client-token"
#define AKAMAI_SECRET	"client-secret"
#define AKAMAI_ACCESS	"access-token"
#define AKAMAI_SWITCH	"account-switch-key"
#define AKAMAI_CONTRACT "contract"
#define AKAMAI_SIGNED	"signed-headers"	/* of an open account alone: from headers_to_sign */
#define AKAMAI_WARNING	"warning"		/* the same: a sentence about where it came from */

extern const struct field akamai_fields[];

struct cps_looking;

struct akamai {			/* scratch of an operation */
	struct dns_run dns;	/* first, where dns_service looks for it */
	void *mine;		/* cps_call_mine() */
	GDestroyNotify free_mine;
	struct cps_looking *looking;	/* cps_look.c */
	GHashTable *known;	/* of a store's memo: struct cps_deployed by id */
};

/* ---- akamai_edgerc.c: the file, the environment, and what is pasted ---- */

/* Sections that hold a credential, NULL-terminated; keys above the first section are "default". */
char **akamai_edgerc_sections(GBytes *bytes, GError **error);
/* Answers from one section, its secret among them.  ERR_NOT_FOUND without the section, ERR_FORMAT
 * naming what is missing or broken. */
bool akamai_edgerc_read(GBytes *bytes, const char *section, struct args *ret, GError **error);
/* The same from AKAMAI_* and, for a section other than default, AKAMAI_SECTION_*. */
bool akamai_edgerc_environment(const char *section, struct args *ret, GError **error);
read_block_fn akamai_edgerc_block;

/* ---- akamai_find.c ---- */

find_accounts_fn akamai_find_accounts;
/* The file that is meant: `answer`, or what EDGERC names, or ~/.edgerc; absolute; a new string. */
char *akamai_find_file(const char *answer);
/* Why others could read it as well, a new sentence, or NULL. */
char *akamai_find_open_to(const char *path);

/* ---- akamai_sign_in.c ---- */

step_fn akamai_sign_in;
sign_fn akamai_sign;

/* ---- akamai_ask.c: requests, and what the gateway says of them ---- */

/* A GET of a path below the account's host, with its account switch key; `accept` may be NULL for
 * JSON. */
struct request_out *akamai_ask(const struct access *a, const char *path, const char *accept);
char *akamai_ask_base(const char *host);	/* "https://akab-…"; a new string */
/* Whether it is an answer of status 200 to 299; else a sentence of what was tried and what came. */
bool akamai_ask_is_good(const struct reply *r, const char *what, int64_t now, GError **error);
/* The API client lacks a grant, and nothing else is wrong. */
bool akamai_ask_is_no_grant(const struct reply *r);
/* It was turned away since the same came before, and that may have been done. */
bool akamai_ask_is_repeat(const struct reply *r);
/* Nobody knows whether it was done. */
bool akamai_ask_is_lost(const struct reply *r);
is_signed_out_fn akamai_ask_is_signed_out;

/* ---- akamai_rights.c: what the API client may do ---- */

struct request_out *akamai_rights_ask(const struct access *a);
/* A sentence that the answer tells, whatever it is; new, harmless. */
char *akamai_rights_say(const struct reply *r);

/* ---- akamai_dns.c: records into the zones of Edge DNS ---- */

step_fn akamai_dns_publish, akamai_dns_unpublish;
plan_fn akamai_dns_planned_publish, akamai_dns_planned_unpublish;	/* akamai_dns_planned.c */
/* Where a set is asked for, below the host; type NULL: the names of all types.  New. */
char *akamai_dns_path(const char *zone, const char *name, const char *type);
/* A set with that value and no other, as it is sent; new. */
char *akamai_dns_body(const char *name, const char *type, const char *plain, unsigned ttl);
enum dns_heard akamai_dns_read_set(const struct reply *r, struct dns_task *t, GError **error);
/* It was turned away since another change of its zone is under way. */
bool akamai_dns_is_busy(const struct reply *r);

/* ---- akamai_test.c ---- */

step_fn akamai_test;

#endif
