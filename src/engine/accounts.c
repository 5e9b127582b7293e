/*
 * accounts: accounts as rows: those of the configuration, those that other tools have set up, and
 * what was learnt of both.
 *
 * The configuration's files are the truth: whoever changes an account changes them, and then they
 * are read again, here as in every other certty that runs.  What another tool has set up is
 * looked for on the pool once the first screen stands, and never written down but for what the
 * user says about it (disabled, read-only, title, defaults).  What was learnt by asking is the
 * database's.
 */
#include "account_own.h"

#include <string.h>

#define FOUND_MAX 2000		/* accounts of other tools, together */

/* The scratch of looking for other tools' accounts. */
struct gathered {
	GHashTable *found;
};

struct accounts {
	struct settings *settings;	/* as read again, or NULL: the engine's */
	struct shelf *learnt;		/* as the database has it */
	GHashTable *found;		/* id → struct account, as other tools have it */
	GPtrArray *troubles;		/* sentences about what could not be read there */
	bool is_wanted, is_finding;	/* looking for them is due; is under way */
};

/* ---- life ---- */

static void unref(void *account)
{
	account_unref(account);
}

static GHashTable *new_found(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, NULL, unref);
}

struct accounts *accounts_new(void)
{
	struct accounts *a = g_new0(struct accounts, 1);

	a->learnt = shelf_new(&account_type);
	a->found = new_found();
	a->troubles = g_ptr_array_new_with_free_func(g_free);
	return a;
}

void accounts_free(struct accounts *a)
{
	settings_free(a->settings);
	shelf_free(a->learnt);
	g_hash_table_unref(a->found);
	g_ptr_array_unref(a->troubles);
	g_free(a);
}

const struct settings *accounts_settings(const struct engine *e)
{
	return e->accounts->settings ? e->accounts->settings : e->config.settings;
}

const struct account *accounts_get(const struct engine *e, const char *id)
{
	return shelf_get(e->known.shelf[KIND_ACCOUNTS], *id ? id : "local");
}

/* ---- rows ---- */

/* Where the secrets of an account lie, each place once. */
static char *say_places(struct engine *e, const struct account *a)
{
	const struct provider *p = provider_find(a->provider);
	g_autoptr(GPtrArray) places = g_ptr_array_new_with_free_func(g_free);
	const char *command;
	enum rung rung;

	for (const struct field *f = p ? p->info->account_fields : NULL; f && f->key; f++) {
		const char *place = f->kind == FIELD_SECRET ? args_get(a->answers, f->key) : NULL;
		g_autofree char *said = NULL;

		if (!place || !rung_read(place, &rung, &command, NULL) || rung == RUNG_FOUND)
			continue;
		said = ladder_say(e, rung);
		if (!g_ptr_array_find_with_equal_func(places, said, g_str_equal, NULL))
			g_ptr_array_add(places, g_steal_pointer(&said));
	}
	g_ptr_array_add(places, NULL);
	return g_strjoinv(", ", (char **)places->pdata);
}

/* Where no rights are told nothing is known of what may not be done. */
void accounts_set_rights(struct account *a, const char *rights, const char *may_not, int64_t told)
{
	store_set(&a->rights, rights ? rights : "");
	store_set(&a->may_not, rights && may_not ? may_not : "");
	a->told = rights ? told : 0;
}

static void take_learnt(const struct engine *e, struct account *a)
{
	const struct account *known = shelf_get(e->accounts->learnt, a->id);

	if (!known || strcmp(known->provider, a->provider))
		return;
	store_set(&a->who, known->who);
	store_set(&a->verdict, known->verdict);
	accounts_set_rights(a, *known->rights ? known->rights : NULL, known->may_not, known->told);
	a->secret_ends = known->secret_ends;
	a->tested = known->tested;
	a->has_worked = known->has_worked;
	a->looked = known->looked;
	if (!*a->secret_from)
		store_set(&a->secret_from, known->secret_from);
}

static bool is_same_args(const struct args *a, const struct args *b)
{
	g_auto(GStrv) keys = args_keys(a);
	g_auto(GStrv) others = args_keys(b);

	for (char **key = keys; *key; key++)
		if (strcmp(args_get(a, *key), args_text(b, *key, "")))
			return false;
	return g_strv_length(keys) == g_strv_length(others);
}

/* Whether what was opened by the one is still of use to the other. */
static bool opens_alike(const struct account *a, const struct account *b)
{
	return !strcmp(a->provider, b->provider) && !strcmp(a->defaults, b->defaults) &&
	       a->is_disabled == b->is_disabled && is_same_args(a->answers, b->answers);
}

/* Takes a. */
static void put_row(struct engine *e, struct account *a)
{
	const struct account *old = accounts_get(e, a->id);
	const struct settings *s = accounts_settings(e);
	g_autofree char *group = accounts_group(a->id);
	g_autofree char *places = say_places(e, a);

	a->is_read_only_by_site = settings_forbids(s, group) != NULL;
	a->is_read_only |= a->is_read_only_by_site || e->config.is_read_only;
	if (*places)
		store_set(&a->secret_from, places);
	else if (a->origin == ACCOUNT_FOUND && !*a->secret_from)
		store_set(&a->secret_from, a->found_in);
	take_learnt(e, a);
	if (!old || !opens_alike(old, a) || (a->trouble && !old->trouble))
		access_forget(e, a->id);
	else if (!a->trouble)
		a->trouble = g_strdup(old->trouble);
	shelf_put(e->known.shelf[KIND_ACCOUNTS], a);
	e->is_changed = true;
}

static void put_here(struct engine *e)
{
	struct account *a = account_dup(e->here);
	g_autofree char *group = accounts_group(a->id);
	g_autofree char *where = ladder_where(e);

	store_set(&a->secret_from, where);
	a->is_read_only = false;
	store_set(&a->title, "This machine");
	store_set(&a->defaults, "");
	accounts_config_override(accounts_settings(e), a, NULL);
	a->is_disabled = false;		/* it is always here */
	a->is_read_only_by_site = settings_forbids(accounts_settings(e), group) != NULL;
	a->is_read_only |= a->is_read_only_by_site || e->config.is_read_only;
	account_unref(e->here);
	e->here = account_ref(a);
	shelf_put(e->known.shelf[KIND_ACCOUNTS], a);
}

static bool is_looking(const struct accounts *a)
{
	return a->is_wanted || a->is_finding;
}

static void put_configured(struct engine *e, GHashTable *wanted)
{
	const struct settings *s = accounts_settings(e);

	for (const char *const *group = settings_groups(s, ACCOUNT_GROUP); *group; group++) {
		const char *id = *group + strlen(ACCOUNT_GROUP);
		bool is_about = !settings_raw(s, *group, "provider");

		if (!strcmp(id, "local"))
			continue;
		if (is_about && (g_hash_table_contains(e->accounts->found, id) ||
				 (is_looking(e->accounts) && accounts_config_is_override(s, *group))))
			continue;
		g_hash_table_add(wanted, (char *)id);
		put_row(e, accounts_config_read(s, *group, NULL));
	}
}

static void put_found(struct engine *e, GHashTable *wanted)
{
	GHashTableIter each;
	gpointer found;

	g_hash_table_iter_init(&each, e->accounts->found);
	while (g_hash_table_iter_next(&each, NULL, &found)) {
		struct account *a;

		if (g_hash_table_contains(wanted, ((struct account *)found)->id))
			continue;	/* the user's own of that name comes first */
		a = account_dup(found);
		accounts_config_override(accounts_settings(e), a, NULL);
		g_hash_table_add(wanted, ((struct account *)found)->id);
		put_row(e, a);
	}
}

/* While other tools' accounts are looked for again, those of the last time stay. */
static void drop_unwanted(struct engine *e, GHashTable *wanted)
{
	g_autoptr(items) rows = shelf_freeze(e->known.shelf[KIND_ACCOUNTS]);

	for (size_t i = 0; i < rows->n; i++) {
		const struct account *a = rows->item[i];

		if (a->origin == ACCOUNT_BUILT_IN || g_hash_table_contains(wanted, a->id))
			continue;
		access_forget(e, a->id);
		shelf_drop(e->known.shelf[KIND_ACCOUNTS], a->id);
		e->is_changed = true;
	}
}

static void put_all(struct engine *e)
{
	g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);

	put_here(e);
	put_configured(e, wanted);
	put_found(e, wanted);
	drop_unwanted(e, wanted);
	e->approvals_due = true;
}

/* ---- taking in ---- */

static void load_learnt(struct engine *e, GError **error)
{
	shelf_free(e->accounts->learnt);
	e->accounts->learnt = shelf_new(&account_type);
	db_item_load(e->db, &account_type, e->accounts->learnt, error);
}

static bool somebody_finds(void)
{
	for (const struct provider *const *p = provider_table; *p; p++)
		if ((*p)->find_accounts)
			return true;
	return false;
}

void accounts_load(struct engine *e)
{
	GError *error = NULL;

	load_learnt(e, &error);
	keep_say(e, "what is known of accounts cannot be read", error);
	e->accounts->is_wanted = somebody_finds();
	if (settings_is_stale(e->config.settings))
		e->accounts->settings = settings_load_again(e->config.settings);
	put_all(e);
	keeping_mend(e);
}

void accounts_look(struct engine *e)
{
	const struct settings *known = accounts_settings(e);
	struct settings *now;

	if (!settings_is_stale(known))
		return;
	now = settings_load_again(known);
	settings_free(e->accounts->settings);
	e->accounts->settings = now;
	put_all(e);
}

void accounts_take_theirs(struct engine *e)
{
	g_autoptr(items) rows = NULL;

	load_learnt(e, NULL);
	accounts_look(e);
	rows = shelf_freeze(e->known.shelf[KIND_ACCOUNTS]);
	for (size_t i = 0; i < rows->n; i++) {
		const struct account *old = rows->item[i];
		struct account *a;

		if (!shelf_get(e->accounts->learnt, old->id) ||
		    g_hash_table_contains(e->changes->items[KIND_ACCOUNTS], old->id))
			continue;
		a = account_dup(old);
		take_learnt(e, a);
		shelf_put(e->known.shelf[KIND_ACCOUNTS], a);
	}
}

void accounts_show_places(struct engine *e)
{
	g_autoptr(items) rows = shelf_freeze(e->known.shelf[KIND_ACCOUNTS]);

	for (size_t i = 0; i < rows->n; i++) {
		const struct account *old = rows->item[i];
		g_autofree char *places = say_places(e, old);
		struct account *a;

		if (old->origin == ACCOUNT_BUILT_IN || !*places ||
		    !strcmp(places, old->secret_from))
			continue;
		a = account_dup(old);
		store_set(&a->secret_from, places);
		shelf_put(e->known.shelf[KIND_ACCOUNTS], a);
		e->is_changed = true;
	}
}

/* ---- what is learnt ---- */

void accounts_learn(struct engine *e, const struct account *a)
{
	shelf_put(e->known.shelf[KIND_ACCOUNTS], account_ref((struct account *)a));
	shelf_put(e->accounts->learnt, account_ref((struct account *)a));
	keep_item(e, KIND_ACCOUNTS, a->id);
}

void accounts_forget(struct engine *e, const char *id)
{
	shelf_drop(e->accounts->learnt, id);
	shelf_drop(e->known.shelf[KIND_ACCOUNTS], id);
	domains_forget(e, id);
	objects_forget(e, id);
	keep_item(e, KIND_ACCOUNTS, id);
}

void accounts_trouble(struct engine *e, const char *id, const char *trouble)
{
	const struct account *old = accounts_get(e, id);
	struct account *a;

	if (!old || !g_strcmp0(old->trouble, trouble))
		return;
	a = account_dup(old);
	g_free(a->trouble);
	a->trouble = g_strdup(trouble);
	shelf_put(e->known.shelf[KIND_ACCOUNTS], a);
	e->is_changed = true;
}

/* When the server was asked who we are, and what came of it. */
void accounts_tested(struct operation *o)
{
	const struct account *old = accounts_get(o->engine, o->op.account->id);
	const struct op *op = &o->op;
	struct account *a;

	if (!old)
		return;
	a = account_dup(old);
	a->tested = o->began;
	a->has_worked = !op->error;
	store_set(&a->verdict, op->error ? op->error->message : op->said ? op->said : "works");
	if (!op->error)
		accounts_set_rights(a, op->rights, op->may_not ? op->may_not->str : NULL, o->began);
	if (op->who)
		store_set(&a->who, op->who);
	g_free(a->trouble);
	a->trouble = op->error ? g_strdup(op->error->message) : NULL;
	accounts_learn(o->engine, a);
	account_unref(a);
}

/* The end of what is renewed by itself is nobody's concern. */
void accounts_opened(struct engine *e, const char *id, const struct access *access)
{
	const struct account *old = accounts_get(e, id);
	int64_t ends = access->is_renewable ? 0 : access->ends;
	const char *from = access->from ? access->from : old ? old->secret_from : "";
	struct account *a;

	if (!old || (!old->trouble && old->secret_ends == ends && !strcmp(old->secret_from, from)))
		return;
	a = account_dup(old);
	g_clear_pointer(&a->trouble, g_free);
	a->secret_ends = ends;
	store_set(&a->secret_from, from);
	accounts_learn(e, a);
	account_unref(a);
}

/* What is wrong with it where it is configured, as against what a server thought of it. */
static char *broken(const struct engine *e, const struct account *a)
{
	g_autofree char *group = accounts_group(a->id);
	g_autoptr(account) again = NULL;

	if (a->origin != ACCOUNT_CONFIGURED)
		return NULL;
	again = accounts_config_read(accounts_settings(e), group, NULL);
	return g_strdup(again->trouble);
}

char *accounts_why_not(const struct engine *e, const struct account *a)
{
	if (!a->is_disabled)
		return broken(e, a);
	return g_strdup("the account is disabled; account-enable takes it into use again");
}

char *accounts_who_forbids(const struct engine *e, const struct account *a)
{
	const struct settings *s = accounts_settings(e);
	g_autofree char *group = accounts_group(a->id);
	const char *policy = settings_forbids(s, group);
	const char *own = settings_raw_origin(s, group, "read-only");

	if (policy)
		return g_strdup_printf("the site's policy (%s)", policy);
	return g_strdup_printf("the configuration (%s)",
			       own ? own : settings_origin(s, "safety", "read-only"));
}

/* ---- other tools' ---- */

struct finding {
	const struct provider *provider;
	GPtrArray *found, *troubles;
};

static void finding_free(void *p)
{
	struct finding *f = p;

	g_ptr_array_unref(f->found);
	g_ptr_array_unref(f->troubles);
	g_free(f);
}

static void find(struct work *w)
{
	struct finding *f = w->in;

	f->provider->find_accounts(f->found, f->troubles);
}

static struct ask ask_provider(struct op *op, size_t i)
{
	struct finding *f;

	(void)op;
	if (!provider_table[i]->find_accounts)
		return (struct ask){ 0 };
	f = g_new0(struct finding, 1);
	f->provider = provider_table[i];
	f->found = g_ptr_array_new_with_free_func(unref);
	f->troubles = g_ptr_array_new_with_free_func(g_free);
	return (struct ask){ .work = work_new(find, f, finding_free, NULL) };
}

/* The same id twice: the first of the table stays. */
static void hear_provider(struct op *op, size_t i, const struct reply *none, struct work *w)
{
	const struct finding *f = w->in;
	GHashTable *found = ((struct gathered *)op->scratch)->found;

	(void)i;
	(void)none;
	for (guint n = 0; n < f->found->len && g_hash_table_size(found) < FOUND_MAX; n++) {
		struct account *a = f->found->pdata[n];

		if (account_id_is_fit(a->id) && !g_hash_table_contains(found, a->id))
			g_hash_table_insert(found, a->id, account_ref(a));
	}
	for (guint n = 0; n < f->troubles->len; n++)
		op_trouble(op, "%s", (char *)f->troubles->pdata[n]);
}

static struct next all_found(struct op *op, const struct reply *none)
{
	struct engine *e = operation_of(op)->engine;
	struct gathered *g = op->scratch;

	(void)none;
	g_hash_table_unref(e->accounts->found);
	e->accounts->found = g_steal_pointer(&g->found);
	g_ptr_array_set_size(e->accounts->troubles, 0);
	for (guint i = 0; i < op->troubles->len; i++)
		g_ptr_array_add(e->accounts->troubles, g_strdup(op->troubles->pdata[i]));
	e->accounts->is_finding = false;
	put_all(e);
	e->is_changed = true;
	return next_done();
}

static struct next ask_providers(struct op *op, const struct reply *none)
{
	size_t n = 0;

	(void)none;
	while (provider_table[n])
		n++;
	((struct gathered *)op->scratch)->found = new_found();
	return next_each(n, ask_provider, hear_provider, all_found);
}

static void gathered_done(void *scratch)
{
	g_clear_pointer(&((struct gathered *)scratch)->found, g_hash_table_unref);
}

static const struct provider provider_finding = {
	.verb = { [VERB_DISCOVER] = ask_providers },
	.scratch = sizeof(struct gathered),
	.scratch_done = gathered_done,
};

void accounts_find(struct engine *e)
{
	e->accounts->is_wanted |= somebody_finds();
}

int64_t accounts_due(const struct engine *e)
{
	return e->accounts->is_wanted && !e->accounts->is_finding ? 0 : INT64_MAX;
}

void accounts_find_due(struct engine *e)
{
	struct accounts *a = e->accounts;

	if (!a->is_wanted || a->is_finding)
		return;
	a->is_wanted = false;
	a->is_finding = true;
	operation_start_own(operation_new(e, &provider_finding, &verb_table[VERB_DISCOVER],
					  e->here->answers));
}

bool accounts_are_looked_for(const struct engine *e)
{
	return is_looking(e->accounts);
}

const GPtrArray *accounts_troubles(const struct engine *e)
{
	return e->accounts->troubles;
}
