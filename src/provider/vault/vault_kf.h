/*
 * vault_kf: what the files about Keyfactor's engine share.
 *
 * It looks like a pki and hands everything on to Keyfactor Command.  Which version it is no path tells
 * before 1.5, so that is found out by what it answers; what it was seen to be is kept with its store.
 */
#ifndef CERTTY_PROVIDER_VAULT_KF_H
#define CERTTY_PROVIDER_VAULT_KF_H

#include "vault_order.h"

#define VAULT_KF_HIDDEN	"(hidden)"	/* instead of a secret, in what it tells of its configuration */
#define VAULT_KF_CONFIG "config"
#define VAULT_KF_CONFIG_TYPE "kf-config"	/* of the object that it is, too */

/* The second number of its version, as far as it can be told. */
enum {
	VAULT_KF_UNKNOWN = 0,
	VAULT_KF_FILE = 1,	/* configured by a file on the server */
	VAULT_KF_BASIC = 2,	/* 1.2 and 1.3 */
	VAULT_KF_OAUTH = 4,
	VAULT_KF_TIDY = 5,
};

bool vault_kf_is(const struct store *s);

/* ---- vault_kf_fault.c: what its refusals mean ---- */

enum vault_kf_verdict {
	VAULT_KF_REFUSED,	/* nothing was done */
	VAULT_KF_WAITS,		/* Command has the order, and has issued nothing yet */
	VAULT_KF_ELSEWHERE,	/* Command may have issued, and the engine does not know it */
};

struct vault_kf_fault {
	const char *part;	/* of the engine's words */
	enum vault_kf_verdict verdict;
	enum err code;
	const char *advice;
};

const struct vault_kf_fault *vault_kf_fault_find(const char *words);	/* or NULL */

/* ---- vault_kf_config.c: its configuration ---- */

enum vault_kf_kind { VAULT_KF_TEXT, VAULT_KF_SECRET, VAULT_KF_BOOL, VAULT_KF_LIST, VAULT_KF_SPAN };

struct vault_kf_field {
	const char *key;	/* there */
	const char *ask;	/* the question here */
	enum vault_kf_kind kind;
	int since;
	const char *auth;	/* of which way to sign in to Command it is; or NULL */
};

extern const struct vault_kf_field vault_kf_fields[];	/* ends with key NULL */
extern const struct field vault_kf_config_questions[];

/* Of an answer's data: as text, of a secret at most that there is one; new. */
char *vault_kf_config_text(const struct vault_kf_field *f, const struct json *data);
int vault_kf_config_version(const struct json *data);
/* What is remembered of it: "config/KEY" each. */
void vault_kf_config_keep(GHashTable *facts, const struct json *data);
const char *vault_kf_config_kept(GHashTable *facts, const char *key);	/* "" when it is not known */
/* The configuration that is remembered as an object. */
struct object *vault_kf_config_row(const struct op *op, GHashTable *facts);
/* Whether the answers can be right at all, asking nobody. */
bool vault_kf_config_check(const struct args *args, GError **error);
/* What the answers make of the configuration `facts` that is there: adds struct vault_kf_change; `version`
 * as far as it is known.  False when it knows no such thing. */
struct vault_kf_change {
	const struct vault_kf_field *field;
	char *before, *after;	/* text; of a secret VAULT_KF_HIDDEN or "" */
	const struct secret *secret;	/* borrowed of the answers; or NULL */
};
void vault_kf_change_free(void *change);
bool vault_kf_config_changes(GHashTable *facts, const struct args *args, int version, GPtrArray *ret,
			     GError **error);

/* ---- vault_kf_set.c: changing it ---- */

step_fn vault_kf_set, vault_kf_unset;		/* unset: deleted */
plan_fn vault_kf_planned_set, vault_kf_planned_unset;

/* ---- vault_object.c ---- */

step_fn vault_object_edit, vault_object_drop;
plan_fn vault_object_planned_edit, vault_object_planned_drop;

/* ---- vault_kf_look.c: what is beside the certificates: version, configuration, CAs ---- */

/* Reads it into what the store remembers, then goes on; `seen`: the version, as far as certificates told. */
struct next vault_kf_look(struct op *op, struct vault_memo *m, int seen, step_fn *then);
void vault_kf_show(struct detail *d, GHashTable *facts);
/* Which version the store was seen to be. */
int vault_kf_version(GHashTable *facts);
/* The CA is one of those that are read from now on. */
void vault_kf_add_ca(GHashTable *facts, const char *ca);

/* ---- vault_kf_order.c: its own ways with orders ---- */

extern const struct field vault_kf_order_questions[];
bool vault_kf_order_check(const struct op *op, GError **error);
/* Reads its configuration first, which an engine that has just started needs before it can issue. */
struct next vault_kf_order_begin(struct op *op, step_fn *then);
void vault_kf_order_put(const struct op *op, struct json_writer *w);
char *vault_kf_metadata(const char *typed);	/* JSON; "" for none; new */
void vault_kf_order_plan(const struct op *op, struct plan *p);
/* The order as words of the bao command. */
void vault_kf_order_say(const struct op *op, struct plan *p, char *const *names, bool has_csr);

#endif
