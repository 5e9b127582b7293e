/*
 * dry_own: what the verbs would do that only change what certty itself keeps.
 */
#include "own.h"

#include <string.h>

/* ---- what is written ---- */

static void writes_state(struct op *op, struct plan *p, const char *what)
{
	g_autofree char *path = keep_path(operation_of(op)->engine);

	plan_call(p, PLAN_CHANGES, "write", path ? path : "memory", what);
}

static void says_only_here(struct plan *p)
{
	plan_not(p, "nothing is touched where it is, and nobody is asked");
}

bool dry_label(struct op *op, struct plan *p, GError **error)
{
	(void)error;
	writes_state(op, p, op->store->id);
	says_only_here(p);
	return true;
}

/* ---- discovery ---- */

static const struct discovery *found(struct op *op, GError **error)
{
	const struct operation *o = operation_of(op);
	const struct discovery *d = shelf_get(o->engine->known.shelf[KIND_DISCOVERY], o->target);

	if (!d)
		g_set_error(error, ERR, ERR_NOT_FOUND, "discovery has no such result");
	return d;
}

bool dry_accept(struct op *op, struct plan *p, GError **error)
{
	const struct discovery *d = found(op, error);

	if (!d)
		return false;
	writes_state(op, p, d->id);
	plan_call(p, PLAN_ASKS, "read", d->address, d->type);
	plan_not(p, "nothing in it is changed");
	return true;
}

bool dry_ignore(struct op *op, struct plan *p, GError **error)
{
	const struct discovery *d = found(op, error);

	if (!d)
		return false;
	writes_state(op, p, d->id);
	says_only_here(p);
	return true;
}

/* ---- stores and what is left out of them ---- */

bool dry_store_drop(struct op *op, struct plan *p, GError **error)
{
	if (op->store->origin != STORE_ADDED) {
		g_set_error(error, ERR, ERR_REFUSED, "%s was not added by hand: it stays as long as its "
			    "account or the configuration has it", op->store->title);
		return false;
	}
	writes_state(op, p, op->store->id);
	if (op->store->has_secret)
		plan_call(p, PLAN_CHANGES, "forget", "where secrets are kept", "its passphrase");
	plan_not(p, "nothing in %s is changed", op->store->title);
	return true;
}

bool dry_forget(struct op *op, struct plan *p, GError **error)
{
	const char *only = args_get(op->args, "store");

	(void)error;
	writes_state(op, p, args_bool(op->args, "back") ? "what is left out is shown again" :
			    only ? only : "every place where it lies");
	plan_not(p, "nothing is deleted: remove does that, and revoke tells everybody else");
	says_only_here(p);
	return true;
}

/* ---- secrets ---- */

bool dry_passphrase(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *where = ladder_where(operation_of(op)->engine);

	(void)error;
	plan_call(p, PLAN_CHANGES, args_bool(op->args, "forget") ? "forget" : "keep", where,
		  op->store->id);
	writes_state(op, p, op->store->id);
	plan_not(p, "the passphrase of the store itself stays what it is");
	return true;
}

bool dry_unlock(struct op *op, struct plan *p, GError **error)
{
	const char *what = args_text(op->args, "what", "auto");

	(void)error;
	if (!strcmp(what, "auto"))
		what = rung_word(ladder_locked(operation_of(op)->engine));
	plan_call(p, PLAN_CHANGES, "unlock", what, NULL);
	plan_not(p, "nothing in it is changed, unless there is none yet: then it is made");
	return true;
}

/* ---- requests ---- */

bool dry_dismiss(struct op *op, struct plan *p, GError **error)
{
	(void)error;
	writes_state(op, p, op->request->id);
	plan_not(p, "it is not withdrawn: whoever has it goes on with it");
	says_only_here(p);
	return true;
}
