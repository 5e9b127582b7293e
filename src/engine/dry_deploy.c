/*
 * dry_deploy: what deploying would do: the source hands certificate and key out, each place takes
 * them as its provider says, and what lies there now is compared with what comes.
 */
#include "deploy_own.h"

#include <string.h>

/* One place: what its provider would do with the certificate. */
static bool plan_aim(struct op *op, const struct aim *a, const struct facts *f, struct plan *p,
		     GError **error)
{
	struct engine *e = operation_of(op)->engine;
	g_autoptr(args) args = deploy_import_args(op, a);
	g_autofree char *alias = a->before && *a->before->place ? g_strdup(a->before->place) : NULL;
	struct op child = *op;
	bool ok;

	child.verb = &verb_table[VERB_IMPORT];
	child.args = args;
	child.store = a->store;
	child.account = accounts_get(e, a->store->account);
	child.memo = keep_memo(e, a->store->id);
	child.cert.alias = alias;
	child.scratch = NULL;
	live_compare(e, a->store->id, alias, f, p);
	if (!strcmp(args_text(args, "replace", "same"), "new"))
		plan_not(p, "what lies in %s stays beside the new one", a->store->title);
	ok = a->provider->plan[VERB_IMPORT](&child, p, error);
	g_clear_pointer(&child.memo, g_bytes_unref);
	return ok;
}

static bool plan_aims(struct op *op, struct plan *p, GError **error)
{
	const struct deploying *d = op->scratch;
	struct facts f = { 0 };
	gsize len;
	const uint8_t *der;
	bool ok;

	if (!op->cert.der) {
		g_set_error(error, ERR, ERR_NOT_FOUND,
			    "the certificate's bytes are not kept here: refresh its store");
		return false;
	}
	der = g_bytes_get_data(op->cert.der, &len);
	ok = x509_facts(der, len, &f, error);
	for (guint i = 0; ok && i < d->aims->len; i++)
		ok = plan_aim(op, d->aims->pdata[i], &f, p, error);
	facts_done(&f);
	return ok;
}

/* Who serves what is in use elsewhere, and what is not touched by all this. */
static void say_what_stays(struct plan *p)
{
	plan_not(p, "the certificate that was there is not revoked");
	plan_not(p, "nothing is put into other places that have the old one");
	plan_not(p, "no server is reloaded: whoever reads a file has to be told");
}

static bool plan_all(struct op *op, struct plan *p, GError **error)
{
	const struct provider *from = provider_find(op->store->provider);
	g_autofree char *path = keep_path(operation_of(op)->engine);

	if (!from || !from->plan[VERB_DEPLOY]) {
		g_set_error(error, ERR, ERR_REFUSED, "%s hands out no private keys", op->store->title);
		return false;
	}
	if (!deploy_is_moved_there(op) && !from->plan[VERB_DEPLOY](op, p, error))
		return false;
	if (!plan_aims(op, p, error))
		return false;
	plan_call(p, PLAN_CHANGES, "write", path ? path : "memory", "what was deployed where");
	say_what_stays(p);
	return true;
}

bool dry_deploy(struct op *op, struct plan *p, GError **error)
{
	const char *mode = args_text(op->args, "redeploy", "off");

	if (!deploy_add_aims(op, error) || !plan_all(op, p, error))
		return false;
	if (!strcmp(mode, deploy_mode_word(DEPLOY_AUTOMATIC)))
		plan_warn(p, "a newer one of the same names is deployed by itself later, until the first "
			  "mismatch");
	else
		plan_not(p, "a newer one is not deployed by itself later");
	return true;
}

bool dry_redeploy(struct op *op, struct plan *p, GError **error)
{
	struct operation *o = operation_of(op);
	const char *id = op->request ? deploy_ask_about(op->request->id) : o->target;
	const struct deploy *d = shelf_get(o->engine->known.shelf[KIND_DEPLOYS], id);

	if (!d) {
		g_set_error(error, ERR, ERR_NOT_FOUND, "there is no deployment %s any more", id);
		return false;
	}
	if (!op->store) {
		plan_not(p, "%s is what it should be already", d->title);
		return true;
	}
	return deploy_add_aim(op, d->store, d, error) && plan_all(op, p, error);
}

/* ---- what is kept of it ---- */

static bool writes_row(struct op *op, struct plan *p, const char *what)
{
	g_autofree char *path = keep_path(operation_of(op)->engine);

	plan_call(p, PLAN_CHANGES, "write", path ? path : "memory", what);
	return true;
}

bool dry_deploy_mode(struct op *op, struct plan *p, GError **error)
{
	(void)error;
	plan_not(p, "nothing is deployed now");
	return writes_row(op, p, args_get(op->args, "redeploy"));
}

bool dry_deploy_drop(struct op *op, struct plan *p, GError **error)
{
	(void)error;
	plan_not(p, "what lies there stays, and is not looked after any more");
	return writes_row(op, p, operation_of(op)->target);
}
