/*
 * kv_make: what the files share that make a vault and open it to whoever made it.
 */
#ifndef CERTTY_AZURE_KV_MAKE_H
#define CERTTY_AZURE_KV_MAKE_H

#include "kv_change.h"

#define KV_GROUPS_API "2021-04-01"
#define KV_LOOK_MS    5000

struct kv_making {
	struct kv_place place;
	char *id, *tenant;
	char *who, *who_type;		/* object id of whoever is signed in; "ServicePrincipal" "User" or "" */
	char *location, *sku;		/* of the vault as it came to be */
	int64_t retention;
	bool was_there, goes_by_roles, is_protected, is_registering;
	char *refused;			/* why access could not be given, or NULL */
	unsigned looks;
};
struct kv_making *kv_making(struct op *op);

/* A request of the Resource Manager that changes something, or asks with a body. */
struct request_out *kv_make_ask(struct op *op, const char *method, const char *path, const char *body);

/* ---- kv_open.c ---- */

/* The vault is there: gives whoever made it access, makes it a store, and ends when a list of it came. */
struct next kv_open(struct op *op);
void kv_open_plan(struct plan *p, const char *id, const char *base, bool goes_by_roles);

#endif
