/*
 * kv_change: what the files share that change something in a vault.
 */
#ifndef CERTTY_AZURE_KV_CHANGE_H
#define CERTTY_AZURE_KV_CHANGE_H

#include "kv.h"

#include <certty/model/plan.h>

#define KV_NAME_TAG "certty-name"	/* the tag with what a certificate was to be called */

/* A request to "/certificates/x" of the operation's vault, by another method than GET; with a body, or
 * NULL.  It is sent once. */
struct request_out *kv_change_ask(struct op *op, const char *method, const char *path, const char *body);
/* A certificate's name as a vault takes it, "www-example-org" for "www.example.org"; "" when nothing of
 * it is left.  New. */
char *kv_change_name(const char *wanted);

/* ---- for plans ---- */

/* "https://kv-demo-1.vault.azure.net"; NULL: why not.  New. */
char *kv_change_base(const struct op *op, GError **error);
void kv_change_call(struct plan *p, unsigned how, const char *method, const char *base, const char *path,
		    const char *what);
/* "az keyvault certificate VERB" with the vault and that certificate. */
void kv_change_run(const struct op *op, struct plan *p, const char *command, const char *name);

/* ---- what the table of the provider names ---- */

step_fn kv_import, kv_remove, kv_create, kv_merge, kv_withdraw, kv_drop, kv_recover, kv_purge, kv_enable,
	kv_disable;
plan_fn kv_planned_import, kv_planned_remove, kv_planned_create, kv_planned_merge, kv_planned_withdraw,
	kv_planned_drop, kv_planned_recover, kv_planned_purge, kv_planned_enable, kv_planned_disable;
extern const struct field kv_create_fields[];	/* what a vault asks for VERB_ORDER */

#endif
