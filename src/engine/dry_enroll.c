/*
 * dry_enroll: what enrolling would do, whoever makes the key and whoever signs it: the plans of both,
 * then those of the places that it goes to.
 */
#include "enroll_own.h"

#include <string.h>

#include <certty/base/file.h>

static bool plan_place(struct op *op, const struct store *s, struct plan *p, GError **error)
{
	struct engine *e = operation_of(op)->engine;
	const struct provider *provider = provider_find(s->provider);
	g_autoptr(args) args = args_new();
	struct op child = *op;
	bool ok;

	args_set(args, "replace", "same");
	args_set(args, "key", "encrypted");
	child.verb = &verb_table[VERB_IMPORT];
	child.args = args;
	child.store = s;
	child.account = accounts_get(e, s->account);
	child.memo = keep_memo(e, s->id);
	child.scratch = NULL;
	ok = provider->plan[VERB_IMPORT](&child, p, error);
	g_clear_pointer(&child.memo, g_bytes_unref);
	return ok;
}

static bool plan_places(struct op *op, struct plan *p, GError **error)
{
	g_auto(GStrv) to = args_ids(op->args, "to");
	g_auto(GStrv) verify = args_list(op->args, "verify");

	for (char **id = to; id && *id; id++)
		if (!plan_place(op, enroll_store(op, *id), p, error))
			return false;
	for (char **one = verify; one && *one; one++)
		plan_call(p, PLAN_ASKS, "probe", *one, "which certificate it serves");
	return true;
}

bool dry_enroll(struct op *op, struct plan *p, GError **error)
{
	g_auto(GStrv) names = args_list(op->args, "names");
	const struct enrol told = { .token = "", .names = (const char *const *)names, .about = "",
				    .place = "" };
	g_autofree char *path = keep_path(operation_of(op)->engine);
	struct op child = *op;
	const struct issuer *issuer;
	const struct store *s;
	bool is_planned;

	if (!enroll_check(op, error))
		return false;
	issuer = enroll_issuer(op, op->args, &s);
	child.enrol = &told;
	child.scratch = NULL;
	plan_call(p, PLAN_CHANGES, "write", path ? path : "memory", "the enrolment, before each of its steps");
	if (!provider_find(op->store->provider)->key_maker->plan(&child, p, error))
		return false;
	child.store = s;
	child.account = s ? accounts_get(operation_of(op)->engine, s->account) : op->account;
	child.memo = s ? keep_memo(operation_of(op)->engine, s->id) : NULL;
	is_planned = issuer->plan(&child, p, error);
	g_clear_pointer(&child.memo, g_bytes_unref);
	if (!is_planned || !plan_places(op, p, error))
		return false;
	plan_not(p, "no certificate of the same names is revoked");
	plan_not(p, "no server is reloaded: whoever reads a file has to be told");
	return true;
}

bool dry_enroll_supply(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *file = file_absolute(args_text(op->args, "file", ""));

	if (!op->request || !enroll_is_one(op->request)) {
		g_set_error(error, ERR, ERR_REFUSED, "it does not wait for a file");
		return false;
	}
	plan_call(p, PLAN_ASKS, "read", file, "the certificate and its issuers");
	plan_call(p, PLAN_CHANGES, "write", op->store->address, "both, beside their key");
	plan_not(p, "nothing is taken that is for another key, another name, expired, or not signed by its "
		 "issuers");
	return true;
}

bool dry_enroll_withdraw(struct op *op, struct plan *p, GError **error)
{
	const struct enrolling *e = enroll_of(op);
	const char *issuer = args_text(e->kept->asked, "issuer", "");

	(void)error;
	if (e->kept->stage == ENROLL_ISSUE && *issuer)
		plan_call(p, PLAN_CHANGES, "take back", issuer, e->kept->about);
	plan_call(p, PLAN_CHANGES, "remove", op->store->title, "the private key that was made for it");
	plan_not(p, "nothing that was issued is revoked");
	return true;
}
