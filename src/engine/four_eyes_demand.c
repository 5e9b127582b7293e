/*
 * four_eyes_demand: for which verbs a second person is needed, as the settings say.
 *
 * A verb that does another one's work counts as that one too, so that no policy is gone around by
 * another name; and a place counts by its account, whichever way leads there.
 */
#include "own.h"

#include <string.h>

/* What somebody is about to do, as far as the settings can mean it. */
struct deed {
	enum verb_id verbs[8];
	guint n_verbs;
	GPtrArray *accounts;	/* ids, borrowed */
};

/* ---- what a verb is, beside itself ---- */

static void add_verb(struct deed *d, enum verb_id verb)
{
	static const struct {
		enum verb_id verb, also;
	} also[] = {
		{ VERB_REDEPLOY, VERB_DEPLOY },
		{ VERB_DEPLOY, VERB_IMPORT },
		{ VERB_ENROLL, VERB_KEY },
		{ VERB_ENROLL, VERB_ORDER },
		{ VERB_ENROLL, VERB_DEPLOY },
		{ VERB_OBJECT_STATE, VERB_OBJECT_ADD },
		{ VERB_OBJECT_STATE, VERB_OBJECT_EDIT },
		{ VERB_OBJECT_STATE, VERB_OBJECT_DROP },
		{ VERB_RENEW, VERB_APPROVE },	/* the authority on this machine signs */
	};

	d->verbs[d->n_verbs++] = verb;
	for (size_t i = 0; i < G_N_ELEMENTS(also); i++)
		if (also[i].verb == verb)
			add_verb(d, also[i].also);
}

/* ---- through which accounts ---- */

static void add_store(struct deed *d, const struct items *stores, const char *id)
{
	gssize i = items_find(stores, id);

	if (i >= 0)
		g_ptr_array_add(d->accounts, ((struct store *)stores->item[i])->account);
}

/* An id may hold commas, so what is a store's as a whole is that store. */
static void add_stores(struct deed *d, const struct items *stores, const char *ids)
{
	g_auto(GStrv) all = g_strsplit(ids, ",", items_find(stores, ids) >= 0 ? 1 : -1);

	for (char **id = all; *id; id++)
		add_store(d, stores, g_strstrip(*id));
}

const struct field *four_eyes_more(const struct operation *o)
{
	return o->tasks->len ? ((struct task *)o->tasks->pdata[0])->command->more : NULL;
}

static void add_answers(struct deed *d, const struct op *op, const struct field *fields)
{
	for (const struct field *f = fields; f && f->key; f++)
		if (f->kind == FIELD_STORE || f->kind == FIELD_STORES)
			add_stores(d, op->stores, args_text(op->args, f->key, ""));
}

/* Records go into a zone through whichever account has it, which is not known yet. */
static void add_publishers(struct deed *d, const struct engine *e, const struct items *accounts)
{
	for (size_t i = 0; i < accounts->n; i++) {
		const struct account *a = accounts->item[i];
		const struct provider *p = provider_find(a->provider);

		if (p && p->publish && accounts_get(e, a->id))
			g_ptr_array_add(d->accounts, accounts_get(e, a->id)->id);
	}
}

static void add_deployment(struct deed *d, const struct operation *o)
{
	const struct deploy *it = o->op.verb->on == KIND_DEPLOYS && o->target ?
		shelf_get(o->engine->known.shelf[KIND_DEPLOYS], o->target) : NULL;

	if (it)
		g_ptr_array_add(d->accounts, it->account);
}

/* ---- the settings ---- */

/* "verb", "account:verb", "account:*", "*"; an account's name may hold colons itself. */
static bool is_meant(const char *word, const struct deed *d)
{
	const char *colon = strrchr(word, ':'), *verb = colon ? colon + 1 : word;
	g_autofree char *account = colon ? g_strndup(word, (gsize)(colon - word)) : NULL;
	bool fits = !strcmp(verb, "*");

	for (guint i = 0; i < d->n_verbs; i++)
		fits |= !strcmp(verb, verb_table[d->verbs[i]].name);
	return fits && (!account || g_ptr_array_find_with_equal_func(d->accounts, account,
								      g_str_equal, NULL));
}

/* One that is misspelt must not be silently without effect. */
static bool is_known(const char *word, const char *origin, GError **error)
{
	const char *colon = strrchr(word, ':'), *name = colon ? colon + 1 : word;
	const struct verb *verb = verb_find(name);

	if (!strcmp(name, "*") || (verb && verb->changes))
		return true;
	g_set_error(error, ERR, ERR_REFUSED, "nothing is changed until safety.four-eyes (%s) is "
		    "mended: %s is no verb that changes something", origin, name);
	return false;
}

static bool is_demanded(const struct settings *s, const struct deed *d, bool *ret_by_policy,
			GError **error)
{
	struct settings_limit limits[SETTINGS_LIMITS];
	unsigned n = settings_limits(s, "four-eyes", limits);
	bool found = false;

	for (unsigned i = 0; i < n; i++)
		for (const char *const *word = limits[i].list; *word; word++) {
			if (!is_known(*word, limits[i].origin, error))
				return false;
			if (!is_meant(*word, d))
				continue;
			found = true;
			*ret_by_policy |= i == 0 && settings_is_forced(s, "safety", "four-eyes");
		}
	return found;
}

/* ---- questions ---- */

/* A ticket itself is answered by one person each time. */
static bool is_about_ticket(const struct operation *o)
{
	return o->op.verb->id == VERB_COUNTERSIGN ||
	       (o->op.request && !strcmp(o->op.request->type, TICKETS_REQUEST));
}

enum four_eyes four_eyes_demand(const struct operation *o, GError **error)
{
	g_autoptr(GPtrArray) accounts = g_ptr_array_new();
	g_autoptr(items) all = NULL;
	struct deed d = { .accounts = accounts };
	const struct settings *s = o->op.settings;
	GError *wrong = NULL;
	bool by_policy = false, found;

	if (!verb_changes(o->op.verb, o->op.args) || is_about_ticket(o))
		return FOUR_EYES_NO;
	add_verb(&d, o->op.verb->id);
	if (o->op.request && !strcmp(o->op.request->type, DEPLOY_REQUEST) &&
	    o->op.verb->id == VERB_APPROVE)
		add_verb(&d, VERB_REDEPLOY);
	g_ptr_array_add(accounts, o->op.account->id);
	if (o->op.store)
		g_ptr_array_add(accounts, o->op.store->account);
	if (o->op.request)
		g_ptr_array_add(accounts, o->op.request->account);
	add_answers(&d, &o->op, o->op.verb->fields);
	add_answers(&d, &o->op, four_eyes_more(o));
	add_deployment(&d, o);
	all = shelf_freeze(o->engine->known.shelf[KIND_ACCOUNTS]);
	if (o->op.verb->id == VERB_PUBLISH)
		add_publishers(&d, o->engine, all);
	found = is_demanded(s, &d, &by_policy, &wrong);
	if (found && by_policy && !settings_is_forced(s, "countersign", "signers"))
		g_set_error(&wrong, ERR, ERR_REFUSED, "the site's policy wants a second person, and "
			    "does not say whose signatures count: it has to set countersign.signers");
	if (!wrong)
		return found ? FOUR_EYES_YES : FOUR_EYES_NO;
	g_propagate_error(error, wrong);
	return FOUR_EYES_REFUSED;
}

bool four_eyes_wants(const struct operation *o, enum verb_id verb, const struct args *answers)
{
	g_autoptr(GPtrArray) accounts = g_ptr_array_new();
	struct deed d = { .accounts = accounts };
	struct op op = o->op;
	g_autoptr(GError) wrong = NULL;
	bool by_policy = false;

	op.args = answers;
	add_verb(&d, verb);
	g_ptr_array_add(accounts, o->op.account->id);
	add_answers(&d, &op, verb_table[verb].fields);
	return is_demanded(o->op.settings, &d, &by_policy, &wrong) || wrong;
}

bool four_eyes_holds(const struct engine *e, const struct deploy *it)
{
	g_autoptr(GPtrArray) accounts = g_ptr_array_new();
	struct deed d = { .accounts = accounts };
	g_autoptr(GError) wrong = NULL;
	bool by_policy = false;

	add_verb(&d, VERB_REDEPLOY);
	g_ptr_array_add(accounts, it->account);
	return is_demanded(e->config.settings, &d, &by_policy, &wrong) || wrong;
}

bool four_eyes_holds_approval(const struct engine *e, const struct request *r)
{
	const struct store *s = shelf_get(e->known.shelf[KIND_STORES], r->store);
	g_autoptr(GPtrArray) accounts = g_ptr_array_new();
	struct deed d = { .accounts = accounts };
	g_autoptr(GError) wrong = NULL;
	bool by_policy = false;

	add_verb(&d, VERB_APPROVE);
	g_ptr_array_add(accounts, r->account);
	if (s)
		g_ptr_array_add(accounts, s->account);
	return is_demanded(e->config.settings, &d, &by_policy, &wrong) || wrong;
}
