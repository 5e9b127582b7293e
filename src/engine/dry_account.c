/*
 * dry_account: what the verbs on accounts would do: which file is written, where secrets go, whom a
 * test would ask.
 */
#include "own.h"

#include <string.h>

#include <certty/model/approval.h>

#define GROUP_OF "[account %s]"

static const struct account *target(struct op *op, GError **error)
{
	const struct operation *o = operation_of(op);
	const struct account *a = accounts_get(o->engine, o->target);

	if (!a)
		g_set_error(error, ERR, ERR_NOT_FOUND, "there is no account %s", o->target);
	return a;
}

static void writes_config(struct op *op, struct plan *p, const char *group)
{
	const char *file = settings_own_file(accounts_settings(operation_of(op)->engine));

	plan_call(p, PLAN_CHANGES, "write", file ? file : "the configuration", group);
}

static void writes_account(struct op *op, struct plan *p, const char *id)
{
	g_autofree char *group = g_strdup_printf(GROUP_OF, id);

	writes_config(op, p, group);
}

/* A test asks who we are, as its provider says, unless it was told not to. */
static void asks_who(struct op *op, struct plan *p, const struct provider *provider)
{
	if (!provider || args_bool(op->args, "untested"))
		return;
	plan_call(p, PLAN_ASKS, "test", provider->info->title, provider->info->test_sentence);
	plan_not(p, "nothing is kept when the test fails");
}

static void keeps_secrets(struct op *op, struct plan *p, const struct provider *provider)
{
	const char *keep = args_text(op->args, "keep", "auto");
	g_autofree char *where = !strcmp(keep, "auto") || !strcmp(keep, "as-is") ?
		ladder_where(operation_of(op)->engine) : g_strdup(keep);

	for (const struct field *f = provider ? provider->info->account_fields : NULL; f && f->key; f++)
		if (f->kind == FIELD_SECRET && args_secret(op->args, f->key))
			plan_call(p, PLAN_CHANGES, "keep", where, f->label);
}

bool dry_account_add(struct op *op, struct plan *p, GError **error)
{
	const struct provider *provider = provider_find(args_text(op->args, "provider", ""));
	const char *id = args_text(op->args, "name", "");

	if (accounts_get(operation_of(op)->engine, id)) {
		g_set_error(error, ERR, ERR_EXISTS, "there is an account %s already", id);
		return false;
	}
	asks_who(op, p, provider);
	keeps_secrets(op, p, provider);
	writes_account(op, p, id);
	if (args_bool(op->args, "remove-file"))
		plan_call(p, PLAN_CHANGES, "remove", args_text(op->args, "read", ""), NULL);
	else if (args_get(op->args, "read"))
		plan_not(p, "%s stays, with its secrets", args_get(op->args, "read"));
	plan_not(p, "nothing is changed at the provider");
	return true;
}

bool dry_account_edit(struct op *op, struct plan *p, GError **error)
{
	const struct account *a = target(op, error);
	const struct provider *provider = a ? provider_find(a->provider) : NULL;

	if (!a)
		return false;
	asks_who(op, p, provider);
	keeps_secrets(op, p, provider);
	if (strcmp(args_text(op->args, "keep", "as-is"), "as-is"))
		plan_call(p, PLAN_CHANGES, "move", args_get(op->args, "keep"), "its secrets");
	writes_account(op, p, a->id);
	plan_not(p, "nothing is changed at the provider");
	return true;
}

bool dry_account_rotate(struct op *op, struct plan *p, GError **error)
{
	const struct account *a = target(op, error);
	const struct provider *provider = a ? provider_find(a->provider) : NULL;

	if (!a)
		return false;
	asks_who(op, p, provider);
	plan_call(p, PLAN_CHANGES, "keep", a->secret_from, "the new secrets in place of the old ones");
	plan_not(p, "the old secrets are not taken back at the provider: do that there");
	return true;
}

bool dry_account_rename(struct op *op, struct plan *p, GError **error)
{
	const struct account *a = target(op, error);
	const char *name = args_text(op->args, "name", "");

	if (!a)
		return false;
	if (accounts_get(operation_of(op)->engine, name)) {
		g_set_error(error, ERR, ERR_EXISTS, "there is an account %s already", name);
		return false;
	}
	plan_call(p, PLAN_CHANGES, "move", a->secret_from, "its secrets, under the new name");
	writes_account(op, p, name);
	plan_not(p, "nothing is changed at the provider");
	return true;
}

bool dry_account_switch(struct op *op, struct plan *p, GError **error)
{
	const struct account *a = target(op, error);

	if (!a)
		return false;
	writes_account(op, p, a->id);
	plan_not(p, "its secrets stay where they are, and nothing is changed at the provider");
	return true;
}

static guint count_of(const struct items *all, const char *(*account_of)(const void *item),
		      const char *id)
{
	guint n = 0;

	for (size_t i = 0; i < all->n; i++)
		n += !strcmp(account_of(all->item[i]), id);
	return n;
}

static const char *of_store(const void *item)
{
	return ((const struct store *)item)->account;
}

static const char *of_request(const void *item)
{
	return ((const struct request *)item)->account;
}

bool dry_account_drop(struct op *op, struct plan *p, GError **error)
{
	const struct account *a = target(op, error);
	g_autofree char *secrets = NULL, *path = keep_path(operation_of(op)->engine);
	g_autofree char *rows = NULL;

	if (!a)
		return false;
	secrets = g_strdup_printf("the secrets of %s", a->id);
	rows = g_strdup_printf("%u stores and %u requests, with all that is known of them",
			       count_of(op->stores, of_store, a->id),
			       count_of(op->requests, of_request, a->id));
	writes_account(op, p, a->id);
	plan_call(p, PLAN_CHANGES, "forget", a->secret_from, secrets);
	plan_call(p, PLAN_CHANGES, "write", path ? path : "memory", rows);
	plan_not(p, "nothing is changed at the provider: its keys and certificates stay");
	return true;
}

bool dry_account_rule(struct op *op, struct plan *p, GError **error)
{
	const struct account *a = target(op, error);
	GError *wrong = NULL;
	g_autoptr(approval) rule = approval_read(op->args, &wrong);
	g_autofree char *said = rule ? approval_say(rule) : NULL;

	if (a && wrong)
		g_propagate_error(error, g_steal_pointer(&wrong));
	g_clear_error(&wrong);
	if (!a || *error)
		return false;
	writes_account(op, p, a->id);
	if (rule)
		plan_warn(p, "from now on certty approves by itself, without a person: %s", said);
	for (char **w = rule ? rule->warnings : NULL; w && *w; w++)
		plan_warn(p, "this warning is accepted, word for word: %s", *w);
	plan_not(p, rule ? "a request with any other name or warning is not approved" :
			   "nothing is approved by itself any more");
	return true;
}

bool dry_defaults(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *group = g_strdup_printf("[defaults %s]", args_text(op->args, "name", ""));

	(void)error;
	writes_config(op, p, group);
	plan_not(p, "what was ordered before is not changed");
	return true;
}
