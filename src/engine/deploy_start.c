/*
 * deploy_start: which of a certificate's places it is taken from, and the operation that deploys it.
 *
 * Of all processes one at a time does a deployment again; whoever comes second sees what the first
 * has put there.
 */
#include "deploy_own.h"

#include <string.h>

static bool can_hand(const struct engine *e, struct place at)
{
	const struct store *s = shelf_get(e->known.shelf[KIND_STORES], at.table->store);
	const struct provider *p = s ? provider_find(s->provider) : NULL;

	return p && p->hand;
}

static bool is_aimed_at(const struct task *t, const char *store)
{
	g_auto(GStrv) ids = args_ids(t->command->args, "to");

	return g_strv_contains((const char *const *)ids, store) ||
	       !strcmp(args_text(t->command->args, "to", ""), store);
}

/* What is not written to goes first, then an open key before one that needs a passphrase; last a
 * service, which may hand out the key of what lies there without it. */
static int worth(const struct task *t, struct place at)
{
	uint32_t marks = at.table->marks[at.row];
	bool is_aimed = is_aimed_at(t, at.table->store);

	if (!can_hand(t->engine, at))
		return 0;
	if (!(marks & (MARK_KEY | MARK_KEY_LOCKED)))
		return marks & MARK_EXPORTABLE && !is_aimed;
	return (is_aimed ? 2 : 4) + (marks & MARK_KEY ? 1 : 0);
}

bool deploy_choose_place(struct task *t, uint32_t cert, uint32_t *ret, GError **error)
{
	const struct certs *c = t->engine->known.certs;
	const char *wanted = args_text(t->command->args, "from", "");
	int best = 0;

	for (uint32_t p = c->first[cert]; p != CERTS_NONE; p = c->next[p]) {
		struct place at = certs_place(c, p);

		if (*wanted && strcmp(at.table->store, wanted) != 0)
			continue;
		if (*wanted || worth(t, at) > best) {
			*ret = p;
			best = *wanted ? 1 : worth(t, at);
		}
	}
	if (best)
		return true;
	if (*wanted)
		g_set_error(error, ERR, ERR_NOT_FOUND, "it is not in the store %s", wanted);
	else
		g_set_error(error, ERR, ERR_REFUSED, "its private key is in none of the places where "
			    "it lies, and a certificate is deployed with its key alone");
	return false;
}

/* ---- once more ---- */

/* The newest; what was put there once more when it is not there; nothing when all is well. */
static bool choose(struct engine *e, const struct deploy *d, struct place *ret, bool *ret_is_fine,
		   GError **error)
{
	g_autofree char *why = NULL;

	*ret_is_fine = false;
	if (deploys_find_newest(e, d, ret)) {
		why = deploys_why_not(e, d, *ret);
		if (!why)
			return true;
		g_set_error(error, ERR, ERR_REFUSED, "%s: %s", d->title, why);
		return false;
	}
	*ret_is_fine = d->state == DEPLOY_CURRENT;
	if (*ret_is_fine || deploys_find_print(e, d->print, d->from, ret))
		return true;
	g_set_error(error, ERR, ERR_NOT_FOUND, "%s: no certificate of these names is kept with its "
		    "key", d->title);
	return false;
}

static struct operation *start(struct task *t, const char *id, GError **error)
{
	struct engine *e = t->engine;
	const struct deploy *d = shelf_get(e->known.shelf[KIND_DEPLOYS], id);
	struct place at;
	bool is_fine;

	if (!d) {
		g_set_error(error, ERR, ERR_NOT_FOUND, "there is no deployment %s", id);
		return NULL;
	}
	if (!choose(e, d, &at, &is_fine, error))
		return NULL;
	if (is_fine)
		return operation_new(e, &provider_deploys, t->command->verb, t->command->args);
	return start_at_place(t, &provider_deploys, at, error);
}

static struct operation *start_locked(struct task *t, const char *id, GError **error)
{
	g_autofree char *name = g_strconcat("deploy/", id, NULL);
	struct operation *o;

	if (t->command->is_dry)
		return start(t, id, error);
	if (!start_lock(t->engine, name, error))
		return NULL;
	o = start(t, id, error);
	if (!o)
		db_lock_release(t->engine->db, name);
	else
		o->lock = g_steal_pointer(&name);
	return o;
}

struct operation *deploy_start(struct task *t, const char *id, GError **error)
{
	const struct verb *verb = t->command->verb;

	if (verb->id == VERB_REDEPLOY)
		return start_locked(t, id, error);
	return operation_new(t->engine, &provider_deploys, verb, t->command->args);
}

struct operation *deploy_start_ask(struct task *t, const struct request *r, GError **error)
{
	static const struct {
		enum verb_id verb;
		step_fn *step;
	} steps[] = {
		{ VERB_SHOW, deploy_show_step },
		{ VERB_DISMISS, deploy_dismiss_step },
		{ VERB_APPROVE, deploy_again_step },
	};
	const struct verb *verb = t->command->verb;
	g_autoptr(request) held = request_ref((struct request *)r);
	step_fn *first = NULL;
	struct operation *o;

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
		if (steps[i].verb == verb->id)
			first = steps[i].step;
	if (!first || (verb->changes && !request_is_waiting(r))) {
		g_set_error(error, ERR, ERR_REFUSED, first ? "it is decided already" :
			    "a proposal is approved or dismissed: %s is not for it", verb->name);
		return NULL;
	}
	o = verb->id == VERB_APPROVE ?
		start_locked(t, deploy_ask_about(r->id), error) :
		operation_new(t->engine, &provider_deploys, verb, t->command->args);
	if (!o)
		return NULL;
	o->first = first;
	o->request = g_steal_pointer(&held);
	o->op.request = o->request;
	return o;
}
