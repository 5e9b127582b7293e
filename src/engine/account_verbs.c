/*
 * account_verbs: what is done to accounts beside adding and editing: another name, a pause, an
 * end; and the named sets of defaults.
 */
#include "account_own.h"

#include <string.h>

#include <certty/model/approval.h>

static step_fn rename_account, disable, enable, drop_account, rule, defaults;

const struct provider provider_accounts = {
	.verb = {
		[VERB_ACCOUNT_ADD]     = account_add_step,
		[VERB_ACCOUNT_EDIT]    = account_edit_step,
		[VERB_ACCOUNT_ROTATE]  = account_rotate_step,
		[VERB_ACCOUNT_RENAME]  = rename_account,
		[VERB_ACCOUNT_DISABLE] = disable,
		[VERB_ACCOUNT_ENABLE]  = enable,
		[VERB_ACCOUNT_DROP]    = drop_account,
		[VERB_ACCOUNT_RULE]    = rule,
		[VERB_DEFAULTS]	       = defaults,
	},
	.plan = {
		[VERB_ACCOUNT_ADD]     = dry_account_add,
		[VERB_ACCOUNT_EDIT]    = dry_account_edit,
		[VERB_ACCOUNT_ROTATE]  = dry_account_rotate,
		[VERB_ACCOUNT_RENAME]  = dry_account_rename,
		[VERB_ACCOUNT_DISABLE] = dry_account_switch,
		[VERB_ACCOUNT_ENABLE]  = dry_account_switch,
		[VERB_ACCOUNT_DROP]    = dry_account_drop,
		[VERB_ACCOUNT_RULE]    = dry_account_rule,
		[VERB_DEFAULTS]	       = dry_defaults,
	},
	.scratch = sizeof(struct keeping),
	.scratch_done = keeping_done,
	.at_once_store = 1,
};

static bool find(struct keeping *k, GError **error)
{
	const struct account *a = accounts_get(k->engine, k->operation->target);

	if (!a)
		g_set_error(error, ERR, ERR_NOT_FOUND, "there is no account %s",
			    k->operation->target);
	else if (a->origin == ACCOUNT_BUILT_IN)
		g_set_error(error, ERR, ERR_REFUSED, "%s is always here", a->title);
	else
		k->old = account_dup(a);
	return k->old != NULL;
}

#define WAIT_MS	   100
#define WAITS_MOST 100

/* Certty itself asks for an account's stores as soon as it works: what ends soon is waited for. */
static bool is_to_wait(struct keeping *k)
{
	return access_is_used(k->engine, k->operation->target) && k->waits++ < WAITS_MOST;
}

/* Its group can go or get another name only where it is the user's. */
static bool is_ours(struct keeping *k, GError **error)
{
	g_autofree char *group = accounts_group(k->old->id);
	const struct settings *s = accounts_settings(k->engine);
	const char *where = settings_raw_origin(s, group, "provider");

	if (k->old->origin == ACCOUNT_FOUND)
		g_set_error(error, ERR, ERR_REFUSED, "%s is found in %s, which is never changed; it "
			    "can be disabled", k->old->id, k->old->found_in);
	else if (!settings_is_own(s, group))
		g_set_error(error, ERR, ERR_REFUSED, "%s is the site's (%s); it can be disabled",
			    k->old->id, where ? where : "certty.conf");
	else if (access_is_used(k->engine, k->old->id))
		g_set_error(error, ERR, ERR_BUSY, "%s is being used: wait for its jobs or cancel "
			    "them", k->old->id);
	else
		return true;
	return false;
}

/* All secrets that are kept for it. */
static void move_all(struct keeping *k, bool is_for_good)
{
	const struct provider *p = provider_find(k->old->provider);

	for (const struct field *f = p ? p->info->account_fields : NULL; f && f->key; f++) {
		enum rung rung = f->kind == FIELD_SECRET ? keeping_rung(k->old, f) : RUNG_COUNT;

		if (rung != RUNG_COUNT)
			keeping_move(k, f->key, f->label, rung, is_for_good ? RUNG_COUNT : rung);
	}
}

/* ---- what follows an account: stores, requests, discovery ---- */

/* "old/…" with the new name in front; others stay as they are. */
static char *new_id(const struct keeping *k, const char *id)
{
	size_t len = strlen(k->old->id);

	if (strncmp(id, k->old->id, len) || id[len] != '/')
		return g_strdup(id);
	return g_strconcat(k->account->id, id + len, NULL);
}

static void rename_store(struct keeping *k, const struct store *s)
{
	struct engine *e = k->engine;
	g_autofree char *id = new_id(k, s->id), *from = g_strdup(s->id);
	struct store *now = store_dup(s);
	GError *error = NULL;
	struct table *t;

	store_set(&now->id, id);
	store_set(&now->account, k->account->id);
	shelf_put(e->known.shelf[KIND_STORES], now);
	keep_item(e, KIND_STORES, id);
	domains_move(e, from, id, k->account->id);
	objects_move(e, from, id, k->account->id);
	if (!strcmp(from, id))
		return;
	hidden_move(e, from, id);
	deploys_rename_store(e, k->account->id, from, id);
	enroll_rename_store(e, from, id);
	db_store_move(e->db, from, id, &error);
	keep_say(e, "a store cannot be renamed", error);
	t = db_rows_get(e->db, id, e->known.words, NULL, NULL);
	if (t)
		g_hash_table_replace(e->known.tables, g_strdup(id), t);
	g_hash_table_remove(e->known.tables, from);
	keep_drop_store(e, from);
	shelf_drop(e->known.shelf[KIND_STORES], from);
	e->known.tables_changed = true;
}

static void rename_request(struct keeping *k, const struct request *r)
{
	struct shelf *shelf = k->engine->known.shelf[KIND_REQUESTS];
	g_autofree char *id = new_id(k, r->id), *store = new_id(k, r->store);
	g_autofree char *from = g_strdup(r->id);
	struct request *now = request_dup(r);

	store_set(&now->id, id);
	store_set(&now->store, store);
	store_set(&now->account, k->account->id);
	shelf_put(shelf, now);
	keep_item(k->engine, KIND_REQUESTS, id);
	if (!strcmp(from, id))
		return;
	shelf_drop(shelf, from);
	keep_item(k->engine, KIND_REQUESTS, from);
}

static void drop_store(struct keeping *k, const struct store *s)
{
	g_autofree char *id = g_strdup(s->id);

	g_hash_table_remove(k->engine->known.tables, id);
	keep_drop_store(k->engine, id);
	shelf_drop(k->engine->known.shelf[KIND_STORES], id);
	k->engine->known.tables_changed = true;
}

static void drop_item(struct keeping *k, enum kind kind, const char *id)
{
	g_autofree char *copy = g_strdup(id);

	shelf_drop(k->engine->known.shelf[kind], copy);
	keep_item(k->engine, kind, copy);
}

/* What was found through it and is not yet a store is found again under the new name. */
static void drop_discovery(struct keeping *k)
{
	g_autoptr(items) all = shelf_freeze(k->engine->known.shelf[KIND_DISCOVERY]);

	for (size_t i = 0; i < all->n; i++) {
		const struct discovery *d = all->item[i];

		if (!strcmp(d->account, k->old->id))
			drop_item(k, KIND_DISCOVERY, d->id);
	}
}

static guint each_store(struct keeping *k, void (*each)(struct keeping *, const struct store *))
{
	g_autoptr(items) all = shelf_freeze(k->engine->known.shelf[KIND_STORES]);
	guint n = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct store *s = all->item[i];

		if (strcmp(s->account, k->old->id))
			continue;
		each(k, s);
		n++;
	}
	return n;
}

static void drop_request(struct keeping *k, const struct request *r)
{
	drop_item(k, KIND_REQUESTS, r->id);
}

static void each_request(struct keeping *k,
			 void (*each)(struct keeping *, const struct request *))
{
	g_autoptr(items) all = shelf_freeze(k->engine->known.shelf[KIND_REQUESTS]);

	for (size_t i = 0; i < all->n; i++) {
		const struct request *r = all->item[i];

		if (!strcmp(r->account, k->old->id))
			each(k, r);
	}
}

/* ---- another name ---- */

static struct next renamed(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);

	(void)none;
	op_say(op, "%s is called %s now", k->old->id, k->account->id);
	return next_done();
}

/* What was learnt of it goes along. */
static struct next rename_kept(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);
	const struct account *row = accounts_get(k->engine, k->account->id);
	struct account *a = account_dup(row ? row : k->account);
	GError *error = NULL;

	(void)none;
	if (!keep_begin(k->engine, &error)) {
		account_unref(a);
		return next_fail_error(op, error);
	}
	store_set(&a->who, k->old->who);
	store_set(&a->verdict, k->old->verdict);
	accounts_set_rights(a, *k->old->rights ? k->old->rights : NULL, k->old->may_not, k->old->told);
	a->tested = k->old->tested;
	a->has_worked = k->old->has_worked;
	a->looked = k->old->looked;
	a->secret_ends = k->old->secret_ends;
	accounts_learn(k->engine, a);
	account_unref(a);
	domains_move(k->engine, k->old->id, k->account->id, k->account->id);
	objects_move(k->engine, k->old->id, k->account->id, k->account->id);
	accounts_forget(k->engine, k->old->id);
	each_store(k, rename_store);
	each_request(k, rename_request);
	drop_discovery(k);
	return keeping_forget(op, renamed);
}

static struct next rename_gathered(struct op *op, const struct reply *none)
{
	(void)none;
	return keeping_store(op, rename_kept);
}

static struct next rename_account(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);
	const char *name = args_text(op->args, "name", "");
	g_autofree char *from = NULL, *to = accounts_group(name);
	GError *error = NULL;

	(void)none;
	if (!account_id_is_fit(name))
		return next_fail(op, ERR_USAGE, "'%s' is no name for an account", name);
	if (accounts_get(k->engine, name))
		return next_fail(op, ERR_EXISTS, "there is an account %s already", name);
	if (is_to_wait(k))
		return next_wait(WAIT_MS, rename_account);
	if (!find(k, &error) || !is_ours(k, &error))
		return next_fail_error(op, error);
	k->account = account_dup(k->old);
	store_set(&k->account->id, name);
	from = accounts_group(k->old->id);
	keeping_edit_group(k, SETTINGS_RENAME_GROUP, from, NULL, to);
	move_all(k, false);
	return keeping_gather(op, rename_gathered);
}

/* ---- a pause ---- */

static struct next enabled(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);

	(void)none;
	account_stores_look(k->engine, k->old->id);
	op_say(op, "%s is used again", k->old->id);
	return next_done();
}

/* It is left alone, and its secret is in no memory, when what was under way with it has ended. */
static struct next disabled(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);

	(void)none;
	if (is_to_wait(k))
		return next_wait(WAIT_MS, disabled);
	if (!access_is_used(k->engine, k->old->id))
		access_forget(k->engine, k->old->id);	/* what was under way may have opened it again */
	op_say(op, "%s is left alone from now on%s", k->old->id, access_is_used(k->engine, k->old->id) ?
	       "; what is under way with it goes on to its end" : "");
	return next_done();
}

static struct next set_paused(struct op *op, const char *value, step_fn *then)
{
	struct keeping *k = keeping_of(op);
	g_autofree char *group = NULL;
	GError *error = NULL;

	if (!find(k, &error))
		return next_fail_error(op, error);
	k->account = account_dup(k->old);
	group = accounts_group(k->old->id);
	/* What the site's file says is answered, what the user's own says is taken out. */
	if (!value && !settings_is_own(accounts_settings(k->engine), group))
		value = "no";
	keeping_edit(k, SETTINGS_SET, "disabled", value);
	return keeping_store(op, then);
}

static struct next disable(struct op *op, const struct reply *none)
{
	(void)none;
	return set_paused(op, "yes", disabled);
}

static struct next enable(struct op *op, const struct reply *none)
{
	(void)none;
	return set_paused(op, NULL, enabled);
}

/* ---- an end ---- */

static struct next dropped(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);
	GError *error = NULL;
	guint n;

	(void)none;
	if (!keep_begin(k->engine, &error))
		return next_fail_error(op, error);
	n = each_store(k, drop_store);
	each_request(k, drop_request);
	drop_discovery(k);
	access_forget(k->engine, k->old->id);
	accounts_forget(k->engine, k->old->id);
	op_say(op, "%s is forgotten, with its secrets and %u stores; nothing in them was changed",
	       k->old->id, n);
	return next_done();
}

static struct next drop_written(struct op *op, const struct reply *none)
{
	(void)none;
	return keeping_forget(op, dropped);
}

static struct next drop_account(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);
	GError *error = NULL;

	(void)none;
	if (is_to_wait(k))
		return next_wait(WAIT_MS, drop_account);
	if (!find(k, &error) || !is_ours(k, &error))
		return next_fail_error(op, error);
	k->account = account_dup(k->old);
	keeping_edit(k, SETTINGS_DROP_GROUP, NULL, NULL);
	move_all(k, true);
	return keeping_store(op, drop_written);
}

/* ---- what it approves by itself ---- */

static struct next rule_kept(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);
	const struct account *a;

	(void)none;
	accounts_look(k->engine);
	a = accounts_get(k->engine, k->operation->target);
	op_say(op, a && approvals_rule(k->engine, a) ? "%s approves by itself what its rule covers" :
						       "%s approves nothing by itself", k->operation->target);
	return next_done();
}

/* Off takes all of it out, so that nothing comes back by one word. */
static struct next rule(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);
	g_autofree char *group = accounts_group(k->operation->target);
	GError *error = NULL;
	g_autoptr(approval) it = approval_read(op->args, &error);

	(void)none;
	if (error)
		return next_fail_error(op, error);
	for (const struct field *f = approval_fields; f->key; f++) {
		const char *value = it ? args_text(op->args, f->key, "") : "";

		keeping_edit_group(k, SETTINGS_SET, group, f->key, *value ? value : NULL);
	}
	return keeping_store(op, rule_kept);
}

/* ---- sets of defaults ---- */

static struct next defaults_kept(struct op *op, const struct reply *none)
{
	(void)none;
	op_say(op, "the defaults %s are changed", args_text(op->args, "name", ""));
	return next_done();
}

static struct next defaults(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);
	const char *name = args_text(op->args, "name", ""), *key = args_get(op->args, "key");
	const char *value = args_text(op->args, "value", "");
	g_autofree char *group = g_strconcat("defaults ", name, NULL);
	bool is_drop = args_bool(op->args, "drop");

	(void)none;
	if (!account_id_is_fit(name))
		return next_fail(op, ERR_USAGE, "'%s' is no name for a set of defaults", name);
	if (is_drop == (key && *key))
		return next_fail(op, ERR_USAGE, "say which key gets which value, or drop");
	if (is_drop)
		keeping_edit_group(k, SETTINGS_DROP_GROUP, group, NULL, NULL);
	else
		keeping_edit_group(k, SETTINGS_SET, group, key, *value ? value : NULL);
	return keeping_store(op, defaults_kept);
}
