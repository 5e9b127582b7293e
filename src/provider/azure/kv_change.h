/*
 * kv_change: what the files share that change something in a vault.
 */
#ifndef CERTTY_AZURE_KV_CHANGE_H
#define CERTTY_AZURE_KV_CHANGE_H

#include "kv.h"

#include <certty/model/plan.h>

#define KV_NAME_TAG  "certty-name"	 /* the tag with what a certificate was to be called */
#define KV_TOKEN_TAG "certty-enrolment" /* the tag with the token of the enrolment that it is made for */
#define KV_NAME_MAX  127		 /* characters of a certificate's name */

/* A request to "/certificates/x" of the operation's vault, by another method than GET; with a body, or
 * NULL.  It is sent once. */
struct request_out *kv_change_ask(struct op *op, const char *method, const char *path, const char *body);
/* A certificate's name as a vault takes it, "www-example-org" for "www.example.org"; "" when nothing of
 * it is left.  New. */
char *kv_change_name(const char *wanted);

/* ---- kv_create.c: what the next version is made of ---- */

/* By the answers to kv_create_fields. */
bool kv_create_check(const struct args *args, char *const *names, GError **error);
char *kv_create_body(const struct args *args, char *const *names, const char *token /* or NULL */);

/* ---- kv_tagging.c: what a certificate is tagged with ---- */

/* Whether the answer `tags` can be, beside those that are there or NULL; nothing was sent yet. */
bool kv_tagging_check(const struct args *args, const struct json *there, GError **error);
/* "tags" of a body: those that are there, if they are kept, those of the answer, and one of our own. */
void kv_tagging_put(struct json_writer *w, const struct args *args, const struct json *there, const char *own,
		    const char *value /* or NULL */);

/* ---- kv_order.c: the next version is ordered ---- */

struct kv_order {
	char *name, *issuer, *body;
	char **names;		/* that the row has until the request tells */
	struct request *row;	/* once it is written down */
};
struct kv_order *kv_order(struct op *op);	/* the operation's; its name is set first */
bool kv_order_is_free(struct op *op, GError **error);	/* whether nothing waits under that name */
struct next kv_order_send(struct op *op);	/* and the operation ends with what the vault says */

/* ---- kv_merge.c ---- */

char *kv_merge_body(const struct bundle *b);	/* a certificate and its issuers as a merge takes them; new */

/* ---- kv_backup.c: a backup as a vault gives and takes it ---- */

GBytes *kv_backup_read(const struct json *j);	/* its bytes, new; NULL: it is none */
char *kv_backup_body(GBytes *backup);		/* new */

/* ---- for plans ---- */

/* "https://kv-demo-1.vault.azure.net"; NULL: why not.  New. */
char *kv_change_base(const struct op *op, GError **error);
void kv_change_call(struct plan *p, unsigned how, const char *method, const char *base, const char *path,
		    const char *what);
/* "az keyvault certificate VERB" with the vault and that certificate. */
void kv_change_run(const struct op *op, struct plan *p, const char *command, const char *name);

/* ---- what the table of the provider names ---- */

step_fn kv_import, kv_remove, kv_create, kv_merge, kv_withdraw, kv_drop, kv_recover, kv_purge, kv_enable,
	kv_disable, kv_renew, kv_make, kv_backup, kv_restore;
plan_fn kv_planned_import, kv_planned_remove, kv_planned_create, kv_planned_merge, kv_planned_withdraw,
	kv_planned_drop, kv_planned_recover, kv_planned_purge, kv_planned_enable, kv_planned_disable,
	kv_planned_renew, kv_planned_make, kv_planned_backup, kv_planned_restore;
find_renewable_fn kv_find_renewable;
extern const struct key_maker kv_key_maker;
extern const struct field kv_create_fields[];	/* what a vault asks for VERB_ORDER */
extern const struct field kv_import_fields[];	/* and for VERB_IMPORT */

#endif
