/*
 * kv: what the files about Azure Key Vault share.
 *
 * A store is one vault.  Its address is the vault's resource id, or "https://NAME.SUFFIX/" where only
 * that is known; requests go to "https://NAME.SUFFIX" of the account's cloud in either case, so that
 * nothing that a server says decides where a token is sent.  A certificate's alias is its name in the
 * vault.
 */
#ifndef CERTTY_AZURE_KV_H
#define CERTTY_AZURE_KV_H

#include "own.h"

#define KV_STORE    "keyvault"
#define KV_API	    "7.4"		/* of vaults: known to all clouds */
#define KV_ARM_API  "2026-02-01"	/* of vaults as resources */
#define KV_TEXT_MAX 1024		/* bytes of one text */
#define KV_LIST_MAX 200			/* tags, versions and the like of one thing */
#define KV_VAULTS   "vaults"		/* answers of an account */
#define KV_TENANTS  "tenants"
#define KV_VERSIONS "versions"
#define KV_DELETED  "deleted"

/* ---- kv_place.c: which vault is meant ---- */

struct kv_place {
	char *subscription, *group;	/* "" where they are not known */
	char *name;			/* in lower case */
};
/* A resource id, "subscription:group:vault", "subscription:vault", an address, or a name alone. */
bool kv_place_read(const char *text, const struct azure_cloud *cloud, struct kv_place *ret,
		   GError **error);
void kv_place_done(struct kv_place *p);
bool kv_place_is_name(const char *name);	/* whether a vault may be called that */
bool kv_place_is_known(const struct kv_place *p);	/* whether there is a resource id */
char *kv_place_id(const struct kv_place *p);		/* the resource id; new */
char *kv_place_base(const struct kv_place *p, const struct azure_cloud *cloud);	/* no slash at its end */

/* ---- kv_vault.c: a vault as the Resource Manager and Resource Graph tell of it ---- */

struct kv_vault {
	struct kv_place place;
	char *location, *sku, *tenant, *network, *state;
	int64_t retention;		/* days in which what was deleted comes back; 0: not told */
	char **tags;			/* "owner=web" */
	bool is_told;			/* more than that there is one */
	bool goes_by_roles, has_purge_protection;
};
struct kv_vault *kv_vault_read(const struct json *j);	/* NULL: it is none */
void kv_vault_free(struct kv_vault *v);
AUTO_FREE(kv_vault, kv_vault_free)
char *kv_vault_say(const struct kv_vault *v);		/* in one line; new */
char **kv_vault_facts(const struct kv_vault *v);	/* label, text, label, text…; new */

/* ---- kv_call.c: requests to a vault ---- */

struct kv_at {			/* of an operation: where its vault is, and what it is asked with */
	struct kv_place place;
	char *base;		/* "https://kv-demo-1.vault.azure.net" */
	char *scope;		/* of the token */
	bool was_challenged;
};
void kv_call_done(struct azure *a);
/* The operation's vault is looked up and its token got, then it goes on there. */
struct next kv_call_begin(struct op *op, step_fn *then);
struct next kv_call_begin_at(struct op *op, const struct kv_place *p, step_fn *then);	/* of no store yet */
const struct kv_at *kv_call_at(const struct op *op);
/* Memory of the operation's own, zeroed when it is new. */
void *kv_call_mine(struct op *op, size_t size, GDestroyNotify done);
/* A GET of "/certificates/x" with names and values of its query, up to NULL. */
struct request_out *kv_call_get(struct op *op, const char *path, ...) G_GNUC_NULL_TERMINATED;
/* A GET of a page's next link, whatever that has left out, as long as it is below `path`; NULL: why. */
struct request_out *kv_call_next(struct op *op, const char *link, const char *path, bool with_pending,
				 GError **error);
/* Whether the vault belongs to another tenant and wants one of its tokens: then *ret asks for it and
 * goes on at `again`. */
bool kv_call_challenged(struct op *op, const struct reply *r, step_fn *again, struct next *ret);
/* The tenant that a challenge names, if what it asks for is what the account's vaults want; pure. */
char *kv_call_tenant(const char *challenge, const char *resource, GError **error);
/* A good answer; NULL: why not, by what was tried (kv_refusal.c). */
struct json *kv_call_json(const struct op *op, const struct reply *r, const char *deed, const char *about,
			  GError **error);
/* A request of the Resource Manager; path from its first slash, with its query. */
struct request_out *kv_call_arm(struct op *op, const char *path);
/* Such requests are of that tenant from now on; where it gives no token, azure_of(op)->refused says why. */
struct next kv_call_enter(struct op *op, const char *tenant, step_fn *then);

/* ---- kv_refusal.c: why a vault said no, and what to do ---- */

struct kv_deed {
	const char *name;		/* "list": what the functions here are told */
	const char *words;		/* "listing its certificates" */
	const char *permission;		/* of an access policy: "certificate permission list" */
	const char *role;		/* the least that allows it */
};
extern const struct kv_deed kv_deeds[];	/* ends with name NULL */
/* Of a reply that is no good answer; `about`: the certificate's name, or NULL. */
void kv_refusal_set(const struct kv_place *p, const struct reply *r, const char *deed, const char *about,
		    GError **error);
/* The innermost of the codes of an answer, "ForbiddenByRbac"; "" when it has none.  New. */
char *kv_refusal_code(const struct reply *r);
bool kv_refusal_is_denied(const struct reply *r);
bool kv_refusal_is_unknown_host(const struct reply *r);

/* ---- kv_cert.c: a certificate as a vault tells of it ---- */

struct kv_cert {
	char *name, *version, *print, *subject, *issuer, *product, *kty, *curve, *content, *recovery;
	char *pending;		/* how its newest operation stood when it was last read, or "" */
	int64_t created, updated, not_before, not_after, key_size, recoverable_days, months;
	int64_t renews;		/* when the vault renews it by itself; 0: it does not */
	int64_t deleted, purged;	/* of one that was deleted: when, and when it goes for good */
	char **tags;		/* "owner=web"; never NULL, as the next two */
	char **actions;		/* "at 80 % of its life: renewed" */
	char **versions;	/* "VERSION enabled, until 2027-01-01" */
	bool is_enabled, has_key, is_exportable, reuses_key;
	bool has_bundle;	/* all but the list's was read */
	bool has_pending;	/* there was an operation when that was read */
	bool has_digest;	/* sha256 is of its bytes, which were read */
	uint8_t sha256[32];
};
extern const size_t kv_cert_texts[], kv_cert_n_texts;
extern const size_t kv_cert_numbers[], kv_cert_n_numbers;
extern const size_t kv_cert_lists[], kv_cert_n_lists;
extern const size_t kv_cert_bits[], kv_cert_n_bits;

/* What a thing is tagged with, as "owner=web"; new. */
char **kv_tags(const struct json *tags);
struct kv_cert *kv_cert_new(void);
void kv_cert_free(struct kv_cert *c);
AUTO_FREE(kv_cert, kv_cert_free)
struct kv_cert *kv_cert_read(const struct json *item);	/* of a list; NULL: it has no name */
/* What its bundle adds; the bytes, new, or NULL where there are none. */
GBytes *kv_cert_add(struct kv_cert *c, const struct json *bundle);
/* What an older one of the same version has, and the list does not tell. */
void kv_cert_keep(struct kv_cert *c, const struct kv_cert *old);
bool kv_cert_is_name(const char *s);	/* whether something may be called that in a vault */
bool kv_cert_is_same(const struct kv_cert *c, const struct kv_cert *old);
char *kv_cert_version_line(const struct json *item);	/* of the list of its versions; new, or NULL */
uint32_t kv_cert_marks(const struct kv_cert *c);
void kv_cert_facts(const struct kv_cert *c, struct facts *ret);	/* until its bytes are read */
char *kv_cert_common_name(const char *subject);		/* or the whole; new */

/* ---- kv_memo.c: what the last refresh of a vault knew ---- */

struct kv_memo {
	char *tenant;		/* whose tokens it wants, when not the account's; else "" */
	char **facts;		/* of the vault: label, text… */
	int64_t looked;		/* when those were read */
	GHashTable *certs;	/* struct kv_cert by name; owns them */
};
void kv_memo_read(struct kv_memo *m, GBytes *memo);	/* of what is no memo: an empty one */
GBytes *kv_memo_write(const struct kv_memo *m, const GPtrArray *certs);
void kv_memo_done(struct kv_memo *m);

/* ---- kv_rows.c: rows of a vault while it is read ---- */

struct kv_rows {
	GHashTable *rows;	/* row in op->old, and one, by name */
	GHashTable *facts;	/* struct facts by name, of bytes that came now */
};
void kv_rows_init(struct kv_rows *r);
void kv_rows_done(struct kv_rows *r);
void kv_rows_find(struct kv_rows *r, const struct op *op);	/* op->old is another one */
bool kv_rows_is_read(const struct kv_rows *r, const struct op *op, const struct kv_cert *c);
void kv_rows_put(const struct kv_rows *r, struct op *op, const struct kv_cert *c);
/* Its bytes, which must be those that the list told of. */
bool kv_rows_take(struct kv_rows *r, struct op *op, struct kv_cert *c, GBytes *der);

/* ---- kv_look.c: what a vault is, whom it knows, and what was deleted in it ---- */

/* Reads resource, contacts and issuers into m->facts when that is a day ago, then goes on. */
struct next kv_look(struct op *op, struct kv_memo *m, step_fn *then);
/* Puts what was deleted and can come back as objects, where the account wants to see it. */
struct next kv_look_deleted(struct op *op, step_fn *then);
void kv_look_free(struct kv_looking *l);

/* ---- kv_known.c: whom a vault knows, as objects ---- */

void kv_known_contacts(struct op *op, const struct json *list);
void kv_known_issuers(struct op *op, const struct json *list);	/* which are read later */
struct next kv_known_read(struct op *op, step_fn *then);
void kv_known_keep(struct op *op);	/* they stay as they are */
void kv_known_free(struct kv_knowing *k);

/* ---- kv_pending.c, kv_operation.c: what waits in a vault ---- */

/* Of those certificates: how their operations stand, as rows. */
struct next kv_pending(struct op *op, const GPtrArray *certs, bool is_cut, step_fn *then);
char *kv_pending_said(const struct op *op);	/* for the sentence of a refresh; new */
void kv_pending_free(struct kv_waiting *w);

struct kv_operation {		/* as a vault tells of it, and as a row keeps it */
	char *name;		/* the certificate's */
	char *status;		/* "inProgress" "completed" "failed" "cancelled" */
	char *details, *issuer, *error, *id;
	GBytes *csr;		/* DER, or NULL */
	bool is_cancelling;
};
struct kv_operation *kv_operation_read(const char *name, const struct json *j);	/* NULL: it is none */
struct kv_operation *kv_operation_kept(const char *kept);	/* of a row; never NULL */
char *kv_operation_keep(const struct kv_operation *o);
void kv_operation_free(struct kv_operation *o);
AUTO_FREE(kv_operation, kv_operation_free)
bool kv_operation_is_under_way(const struct kv_operation *o);
/* Whether it waits for what a CA elsewhere signs. */
bool kv_operation_takes_file(const struct kv_operation *o);
const char *kv_operation_waits_for(const struct kv_operation *o);	/* in words */
char *kv_operation_row_id(const struct store *s, const char *name);
bool kv_operation_is_of(const struct request *r);	/* whether a row is one */
/* The row of it; before: what the row was, or NULL. */
struct request *kv_operation_row(const struct op *op, const struct kv_operation *o,
				 const struct request *before);
/* The vault has no operation of that certificate any more. */
struct request *kv_operation_gone(const struct op *op, const struct request *before, const char *reason);

/* ---- kv_secret.c: a certificate's key and issuers, which a vault hands out as a secret ---- */

/* Whether the vault may hand out the key of op->cert, as far as the last refresh knew. */
bool kv_secret_check(const struct op *op, GError **error);
char *kv_secret_path(const struct op *op);	/* "/secrets/NAME/VERSION"; new */
/* Reads it, then goes on there with op->work, whose `out` is a struct bundle, or `error`. */
struct next kv_secret(struct op *op, step_fn *then);
/* The same of the secret at a path, in an operation that talks to its vault already: the certificate is
 * op->cert or op->bundle. */
struct next kv_secret_get(struct op *op, const char *path, step_fn *then);

/* ---- kv_stores.c ---- */

/* The row of a vault as a store; new. */
struct store *kv_stores_row(const struct op *op, const struct kv_place *p, const char *location,
			    enum store_origin origin);

/* ---- kv_add.c: vaults that are typed in ---- */

char *kv_add_id(const char *address, bool is_said);
step_fn kv_add;
plan_fn kv_planned_add;

/* ---- what the table of the provider names ---- */

step_fn kv_stores, kv_refresh, kv_export, kv_hand, kv_request_show, kv_request_sync;
plan_fn kv_planned_export, kv_planned_hand;
void kv_describe(struct detail *d, const struct store *s, const char *alias, GBytes *memo, int64_t now);
void kv_describe_store(struct detail *d, const struct store *s, GBytes *memo, int64_t now);

#endif
