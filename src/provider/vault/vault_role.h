/*
 * vault_role: what the files about roles share.
 */
#ifndef CERTTY_PROVIDER_VAULT_ROLE_H
#define CERTTY_PROVIDER_VAULT_ROLE_H

#include "vault_own.h"

#define VAULT_ROLE_TYPE "role"	/* of objects */
#define VAULT_KF_ROLE_TYPE "kf-role"	/* of Keyfactor's engine, which heeds little of them */
#define VAULT_YES_NO	"no yes"	/* choices of what is true or false there */

/* ---- vault_role.c ---- */

/* "domains a b", as far as there are any and room is. */
void vault_role_add_domains(GString *s, const struct json *domains);

/* ---- vault_role_row.c ---- */

extern const struct field vault_role_fields[];		/* to make and to change one */
const char *vault_role_type(const struct store *s);
const struct field *vault_role_asks(const struct store *s);	/* the same of that engine's */
char *vault_role_key(const struct field *f);		/* what the engine calls that; new */
/* From its answer's data; or one that may not be read ("": none of them may be listed), and why. */
struct object *vault_role_row(const struct op *op, const char *name, const struct json *role);
struct object *vault_role_unread(const struct op *op, const char *name, const char *why);

/* ---- vault_kf_role.c: roles of Keyfactor's engine, which heeds little of them ---- */

extern const struct field vault_kf_role_fields[];
char *vault_kf_role_say(const struct json *role);	/* new */
/* Of what it says, the keys that the engine keeps and does not look at, with commas; new. */
char *vault_kf_role_idle(const struct json *role);
void vault_kf_role_warn(const struct op *op, struct plan *p);

/* ---- vault_role_change.c ---- */

bool vault_role_is_told_only(const char *key);
step_fn vault_role_add, vault_role_edit, vault_role_drop;

/* ---- vault_role_planned.c ---- */

plan_fn vault_role_planned_add, vault_role_planned_edit, vault_role_planned_drop;
/* Whether an engine takes a role of that name. */
bool vault_role_check_name(const char *name, GError **error);

#endif
