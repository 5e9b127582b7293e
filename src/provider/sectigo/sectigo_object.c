/*
 * sectigo_object: which of the things that Sectigo keeps a verb is about.
 */
#include "sectigo_acme.h"
#include "sectigo_anchor.h"
#include "sectigo_domains.h"

#include <string.h>

/* clang-format off */
const struct field sectigo_object_questions[] = {
	{ "what",         FIELD_CHOICE, "What",         false, SECTIGO_DOMAIN,
	  SECTIGO_DOMAIN " " SECTIGO_ACME_ACCOUNT,
	  "a domain, or an account that ACME clients are bound to" },
	{ "organization", FIELD_TEXT,   "Organization", true,  NULL, NULL,
	  "the organization or department that it is for, by its number or its name" },
	{ "cert-types",   FIELD_LIST,   "For",          false, "SSL", NULL,
	  "what it may be used for there: SSL, SMIME, CodeSign, BrandIndicator", "what=" SECTIGO_DOMAIN },
	{ "description",  FIELD_TEXT,   "Description",  false, NULL, NULL,
	  "a few words", "what=" SECTIGO_DOMAIN, ".{0,255}" },
	{ "server",       FIELD_TEXT,   "ACME server",  true,  NULL, NULL,
	  "by its name, as in OV ACME Server", "what=" SECTIGO_ACME_ACCOUNT },
	{ NULL }
};

static const struct sort {
	const char *type;
	step_fn *add, *edit, *drop;
	plan_fn *planned_add, *planned_edit, *planned_drop;
} sorts[] = {
	{ SECTIGO_DOMAIN,       sectigo_domain_add, sectigo_domain_edit, sectigo_domain_drop,
	  sectigo_domain_planned_add, sectigo_domain_planned_edit, sectigo_domain_planned_drop },
	{ SECTIGO_ACME_ACCOUNT, sectigo_acme_add,   sectigo_acme_edit,   sectigo_acme_drop,
	  sectigo_acme_planned_add,   sectigo_acme_planned_edit,   sectigo_acme_planned_drop },
	{ SECTIGO_ANCHOR,       NULL,               sectigo_anchor_edit, NULL,
	  NULL,                       sectigo_anchor_planned_edit, NULL },
};
/* clang-format on */

/* What can be changed is one of these: its row says so (object.can), and an anchor's only that it is edited. */
static const struct sort *sort_of(const char *type)
{
	size_t i = G_N_ELEMENTS(sorts) - 1;

	while (i && strcmp(sorts[i].type, type))
		i--;
	return &sorts[i];
}

static const struct sort *sort_made(const struct op *op)
{
	return sort_of(args_text(op->args, "what", SECTIGO_DOMAIN));
}

struct next sectigo_object_add(struct op *op, const struct reply *none)
{
	return sort_made(op)->add(op, none);
}

struct next sectigo_object_edit(struct op *op, const struct reply *none)
{
	return sort_of(op->object->type)->edit(op, none);
}

struct next sectigo_object_drop(struct op *op, const struct reply *none)
{
	return sort_of(op->object->type)->drop(op, none);
}

bool sectigo_object_planned_add(struct op *op, struct plan *p, GError **error)
{
	return sort_made(op)->planned_add(op, p, error);
}

bool sectigo_object_planned_edit(struct op *op, struct plan *p, GError **error)
{
	return sort_of(op->object->type)->planned_edit(op, p, error);
}

bool sectigo_object_planned_drop(struct op *op, struct plan *p, GError **error)
{
	return sort_of(op->object->type)->planned_drop(op, p, error);
}
