/*
 * kv_export: a certificate of a vault is written to a file, with its issuers as far as they are known, or
 * with its key, where the vault hands that out; in the same way it is handed to whoever puts it into
 * another store.
 *
 * Its bytes were read with the store, so without the key nothing is asked of the vault.
 */
#include "kv.h"

#include <string.h>

#include <certty/base/file.h>

#include "provider/bundle_out.h"

static step_fn taken;

static bool check(const struct op *op, const struct bundle_form **ret_form, GError **error)
{
	*ret_form = bundle_file_form(op->args, error);
	if (!*ret_form)
		return false;
	if (args_bool(op->args, "with-key"))
		return kv_secret_check(op, error);
	if (!op->cert.der)
		g_set_error(error, ERR, ERR_NOT_FOUND, "the certificate's bytes are not kept here: refresh its "
			    "store");
	return op->cert.der != NULL;
}

struct next kv_export(struct op *op, const struct reply *none)
{
	const struct bundle_form *form;
	GError *error = NULL;
	struct bundle *b;

	(void)none;
	if (!check(op, &form, &error))
		return next_fail_error(op, error);
	if (args_bool(op->args, "with-key"))
		return kv_secret(op, taken);
	b = bundle_new(op->cert.der, op->cert.chain, op->cert.n_chain, NULL, &error);
	return b ? bundle_out(op, form, b) : next_fail_error(op, error);
}

struct next kv_hand(struct op *op, const struct reply *none)
{
	(void)none;
	return kv_secret(op, taken);
}

static struct next taken(struct op *op, const struct reply *none)
{
	struct bundle *b = g_steal_pointer(&op->work->out);

	(void)none;
	if (b)
		return bundle_out(op, op->verb->id == VERB_EXPORT ? bundle_file_form(op->args, NULL) : NULL, b);
	return next_fail(op, ERR_REPLY, "what the vault hands out for %s has no key of it: %s", op->cert.alias,
			 op->work->error ? op->work->error->message : "it was stopped");
}

/* ---- what that would do ---- */

static const char *vault_of(const struct op *op)
{
	const char *name = strrchr(op->store->id, ':');

	return name ? name + 1 : op->store->title;
}

static void plan_secret(const struct op *op, struct plan *p)
{
	g_autofree char *path = kv_secret_path(op), *call = g_strconcat("GET ", path, NULL);

	plan_call(p, PLAN_ASKS, call, vault_of(op), "it, its issuers and its key");
}

bool kv_planned_export(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *to = file_absolute(args_text(op->args, "file", ""));
	bool with_key = args_bool(op->args, "with-key");
	const struct bundle_form *form;

	if (!check(op, &form, error))
		return false;
	if (with_key)
		plan_secret(op, p);
	else
		plan_not(p, "nothing is asked of the vault");
	plan_call(p, PLAN_CHANGES, "write", to, with_key ? "with its key, encrypted, mode 0600" :
							   "without its key");
	if (!args_bool(op->args, "replace"))
		plan_not(p, "a file that is there already is not replaced");
	plan_not(p, "nothing is taken away in the vault");
	plan_run(p, with_key ? "az keyvault secret download" : "az keyvault certificate download");
	plan_option(p, "--vault-name", vault_of(op));
	plan_option(p, "--name", op->cert.alias);
	plan_option(p, "--file", to);
	return true;
}

bool kv_planned_hand(struct op *op, struct plan *p, GError **error)
{
	if (!kv_secret_check(op, error))
		return false;
	plan_secret(op, p);
	plan_not(p, "it stays in the vault, with its key");
	return true;
}
