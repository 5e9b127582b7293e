/*
 * vault_object: which of the things beside certificates a verb is about: a role, or the configuration of
 * Keyfactor's engine.
 */
#include "vault_kf.h"
#include "vault_role.h"

#include <string.h>

static bool is_config(const struct op *op)
{
	return !strcmp(op->object->type, VAULT_KF_CONFIG_TYPE);
}

struct next vault_object_edit(struct op *op, const struct reply *none)
{
	return is_config(op) ? vault_kf_set(op, none) : vault_role_edit(op, none);
}

struct next vault_object_drop(struct op *op, const struct reply *none)
{
	return is_config(op) ? vault_kf_unset(op, none) : vault_role_drop(op, none);
}

bool vault_object_planned_edit(struct op *op, struct plan *p, GError **error)
{
	return is_config(op) ? vault_kf_planned_set(op, p, error) : vault_role_planned_edit(op, p, error);
}

bool vault_object_planned_drop(struct op *op, struct plan *p, GError **error)
{
	return is_config(op) ? vault_kf_planned_unset(op, p, error) : vault_role_planned_drop(op, p, error);
}
