/*
 * own_verbs: verbs that need no provider: decisions and words that only certty itself keeps.
 *
 * They are steps like a provider's, so that tasks, journal and jobs treat them alike; each is
 * one step and done.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>

static step_fn label, accept_found, ignore_found, drop_store, cancel;

const struct provider provider_engine = {
	.verb = {
		[VERB_SHOW]	  = show_step,
		[VERB_LABEL]	  = label,
		[VERB_ACCEPT]	  = accept_found,
		[VERB_IGNORE]	  = ignore_found,
		[VERB_STORE_DROP] = drop_store,
		[VERB_PASSPHRASE] = secrets_passphrase_step,
		[VERB_UNLOCK]	  = secrets_unlock_step,
		[VERB_NOTIFY]	  = notice_step,
		[VERB_CANCEL]	  = cancel,
		[VERB_DOCTOR]	  = doctor_step,
		[VERB_FORGET]	  = hidden_forget_step,
	},
	.plan = {
		[VERB_LABEL]	  = dry_label,
		[VERB_ACCEPT]	  = dry_accept,
		[VERB_IGNORE]	  = dry_ignore,
		[VERB_STORE_DROP] = dry_store_drop,
		[VERB_PASSPHRASE] = dry_passphrase,
		[VERB_UNLOCK]	  = dry_unlock,
		[VERB_FORGET]	  = dry_forget,
	},
	.scratch = sizeof(struct notices),
	.scratch_done = notices_done,
	.at_once_store = 1,
};

const struct provider *engine_own_verb(const struct verb *verb)
{
	static const struct provider *const own[] = { &provider_engine, &provider_accounts,
						    &provider_requests, &provider_deploys,
						    &provider_enrolls, &provider_run, &provider_why,
						    &provider_served };

	for (size_t i = 0; i < G_N_ELEMENTS(own); i++)
		if (own[i]->verb[verb->id])
			return own[i];
	return NULL;
}

/* ---- label ---- */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The labels of a store with some added and some taken away, sorted, each once. */
static char **changed_labels(char **old, char **add, char **drop)
{
	GPtrArray *all = g_ptr_array_new();

	for (char **l = old; *l; l++)
		if (!drop || !g_strv_contains((const char *const *)drop, *l))
			g_ptr_array_add(all, g_strdup(*l));
	for (char **l = add; l && *l; l++) {
		g_autofree char *clean = text_harmless_dup(*l, 64);

		if (*clean && !g_ptr_array_find_with_equal_func(all, clean, g_str_equal, NULL))
			g_ptr_array_add(all, g_steal_pointer(&clean));
	}
	g_ptr_array_sort(all, by_text);
	g_ptr_array_add(all, NULL);
	return (char **)g_ptr_array_free(all, FALSE);
}

static struct next label(struct op *op, const struct reply *none)
{
	struct store *s = store_dup(op->store);
	g_auto(GStrv) add = args_list(op->args, "add");
	g_auto(GStrv) drop = args_list(op->args, "remove");
	const char *container = args_get(op->args, "container");
	char **old = s->labels;

	(void)none;
	s->labels = changed_labels(old, add, drop);
	g_strfreev(old);
	if (container) {
		g_autofree char *clean = text_harmless_dup(container, 64);

		store_set(&s->container, strcmp(clean, "-") ? clean : "");
	}
	op_put_store(op, s);
	op_say(op, "%s is labelled", s->title);
	return next_done();
}

/* ---- discovery ---- */

static struct discovery *decide(struct op *op, enum discovery_state state)
{
	struct operation *o = operation_of(op);
	const struct discovery *known =
		shelf_get(o->engine->known.shelf[KIND_DISCOVERY], o->target);
	struct discovery *d;

	if (!known)
		return NULL;
	d = discovery_dup(known);
	d->state = state;
	d->decided = op->now;
	store_set(&d->decided_by, g_get_user_name());
	shelf_put(o->engine->known.shelf[KIND_DISCOVERY], d);
	keep_item(o->engine, KIND_DISCOVERY, d->id);
	return d;
}

static struct next accept_found(struct op *op, const struct reply *none)
{
	struct discovery *d = decide(op, DISCOVERY_APPROVED);
	struct store *s;

	(void)none;
	if (!d)
		return next_fail(op, ERR_NOT_FOUND, "discovery has no such result");
	s = store_new(d->id);
	store_set(&s->account, d->account);
	store_set(&s->provider, d->provider);
	store_set(&s->type, d->type);
	store_set(&s->title, d->title);
	store_set(&s->address, d->address);
	store_set(&s->network, d->network);
	store_set(&s->container, d->container);
	s->is_writable = d->is_writable;
	s->origin = STORE_ADDED;
	op_put_store(op, s);
	op_touch(op, s->id);
	op_say(op, "%s is a store now", s->title);
	return next_done();
}

static struct next ignore_found(struct op *op, const struct reply *none)
{
	struct discovery *d = decide(op, DISCOVERY_IGNORED);

	(void)none;
	if (!d)
		return next_fail(op, ERR_NOT_FOUND, "discovery has no such result");
	op_say(op, "%s will not be proposed again", d->title);
	return next_done();
}

/* ---- stores ---- */

static void drop_requests(struct op *op, const char *store)
{
	for (size_t i = 0; i < op->requests->n; i++) {
		const struct request *r = op->requests->item[i];

		if (!strcmp(r->store, store))
			op_drop_request(op, r->id);
	}
}

/* The keyring may have taken its time: what is changed is the newest state again. */
static struct next dropped(struct op *op, const struct reply *none)
{
	struct engine *e = operation_of(op)->engine;
	GError *error = NULL;

	(void)none;
	if (!keep_begin(e, &error))
		return next_fail_error(op, error);
	secrets_tell_left(op);
	g_hash_table_remove(e->known.tables, op->store->id);
	keep_drop_store(e, op->store->id);
	drop_requests(op, op->store->id);
	shelf_drop(e->known.shelf[KIND_STORES], op->store->id);
	e->known.tables_changed = true;
	op_say(op, "%s is no longer looked at; nothing in it was changed", op->store->title);
	return next_done();
}

static struct next drop_store(struct op *op, const struct reply *none)
{
	(void)none;
	if (op->store->origin == STORE_FOUND)
		return next_fail(op, ERR_REFUSED,
				 "%s is found with its account %s: it goes when it is not there any "
				 "more, or with the account", op->store->title, op->store->account);
	if (op->store->origin != STORE_ADDED)
		return next_fail(op, ERR_REFUSED,
				 "%s comes from the configuration (local.folders, files or "
				 "endpoints): take it out there", op->store->title);
	return secrets_forget(op, dropped);
}

/* ---- jobs ---- */

static struct next cancel(struct op *op, const struct reply *none)
{
	struct operation *o = operation_of(op);

	(void)none;
	for (guint i = 0; i < o->tasks->len; i++)
		if (!strcmp(((struct task *)o->tasks->pdata[i])->job->id, o->target))
			return next_fail(op, ERR_USAGE, "a job cannot stop itself");
	if (!task_cancel(o->engine, o->target))
		return next_fail(op, ERR_NOT_FOUND, "job %s is over already", o->target);
	op_say(op, "job %s is cancelled", o->target);
	return next_done();
}
