/*
 * enroll: a certificate whose key is made here and which an issuer elsewhere signs: from a command to
 * its operation, and what is checked before anything is done.
 *
 * An enrolment is a request row that outlives the program.  What it asks for, and the word by which
 * its key and its order are known, are written down before anybody is asked; from then on it goes on
 * from where the row says that it stands, in whichever process, one at a time.
 */
#include "enroll_own.h"

#include <string.h>

#include <certty/base/clock.h>

static step_fn enroll;
static void enrolling_done(void *scratch);

const struct provider provider_enrolls = {
	.verb = {
		[VERB_ENROLL] = enroll,
		[VERB_SUPPLY] = enroll_file_supply_step,
	},
	.plan = {
		[VERB_ENROLL]	= dry_enroll,
		[VERB_SUPPLY]	= dry_enroll_supply,
		[VERB_WITHDRAW] = dry_enroll_withdraw,
	},
	.scratch = sizeof(struct enrolling),
	.scratch_done = enrolling_done,
	.at_once_store = 16,
};

/* ---- life ---- */

static void enrolling_done(void *scratch)
{
	struct enrolling *e = scratch;

	if (e->child)
		operation_abandon(e->child);
	request_unref(e->row);
	enroll_kept_free(e->kept);
	g_clear_error(&e->error);
	bundle_free(e->bundle);
	g_clear_pointer(&e->endpoints, g_ptr_array_unref);
}

struct enrolling *enroll_of(struct op *op)
{
	struct enrolling *e = op->scratch;

	e->operation = operation_of(op);
	if (!e->row && op->request) {
		e->row = request_dup(op->request);
		e->kept = enroll_kept_read(e->row->kept);
	}
	return e;
}

const struct store *enroll_store(const struct op *op, const char *id)
{
	gssize i = items_find(op->stores, id);

	return i < 0 ? NULL : op->stores->item[i];
}

char *enroll_lock(const char *request)
{
	return g_strconcat("request/", request, NULL);
}

/* ---- from a command to its operation ---- */

/* The store that the key is made in, whose passphrase comes with the operation. */
static char *key_store(struct engine *e, const struct args *args)
{
	const char *named = args_text(args, "key-in", "");
	g_autoptr(items) stores = shelf_freeze(e->known.shelf[KIND_STORES]);

	for (size_t i = 0; !*named && i < stores->n; i++) {
		const struct store *s = stores->item[i];

		if (!strcmp(s->type, "repository"))
			return g_strdup(s->id);
	}
	return g_strdup(named);
}

/* Akamai's people write names as "a&b", which none has in it. */
static void part_names(struct args *args)
{
	g_auto(GStrv) parts = g_strsplit(args_text(args, "names", ""), "&", -1);
	g_autofree char *names = parts[0] && parts[1] ? g_strjoinv(",", parts) : NULL;

	if (names)
		args_set(args, "names", names);
}

struct operation *enroll_start(struct task *t, GError **error)
{
	g_autofree char *store = key_store(t->engine, t->command->args);

	part_names(t->command->args);
	return start_by(t, store, &provider_enrolls, error);
}

bool enroll_is_one(const struct request *r)
{
	return !strcmp(r->type, ENROLL_REQUEST);
}

void enroll_rename_store(struct engine *e, const char *from, const char *to)
{
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_REQUESTS]);

	for (size_t i = 0; i < all->n; i++) {
		const struct request *r = all->item[i];
		g_autoptr(enroll_kept) k = enroll_is_one(r) ? enroll_kept_read(r->kept) : NULL;
		char *text = k && enroll_kept_rename(k, from, to) ? enroll_kept_write(k, NULL) : NULL;
		struct request *now = text ? request_dup(r) : NULL;

		if (!now)
			continue;
		g_free(now->kept);
		now->kept = text;
		shelf_put(e->known.shelf[KIND_REQUESTS], now);
		keep_item(e, KIND_REQUESTS, now->id);
	}
}

static step_fn *step_of(enum verb_id verb)
{
	static const struct {
		enum verb_id verb;
		step_fn *step;
	} steps[] = {
		{ VERB_SHOW, enroll_show_step },	 { VERB_SYNC, enroll_sync_step },
		{ VERB_WITHDRAW, enroll_withdraw_step }, { VERB_SUPPLY, enroll_file_supply_step },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
		if (steps[i].verb == verb)
			return steps[i].step;
	return NULL;
}

struct operation *enroll_start_ask(struct task *t, const char *id, GError **error)
{
	const struct verb *verb = t->command->verb;
	struct engine *e = t->engine;
	step_fn *first = step_of(verb->id);
	g_autofree char *lock = enroll_lock(id);
	struct request *r;
	struct operation *o;

	if (!first) {
		g_set_error(error, ERR, ERR_REFUSED, "an enrolment goes on by sync: %s is not for it",
			    verb->name);
		return NULL;
	}
	if (verb->id != VERB_SHOW && !t->command->is_dry && !start_lock(e, lock, error))
		return NULL;
	r = shelf_get(e->known.shelf[KIND_REQUESTS], id);
	o = r ? start_by(t, r->store, &provider_enrolls, error) : NULL;
	if (!r)
		g_set_error(error, ERR, ERR_NOT_FOUND, "there is no request %s any more", id);
	if (!o) {
		db_lock_release(e->db, lock);
		return NULL;
	}
	if (verb->id != VERB_SHOW && !t->command->is_dry)
		o->lock = g_steal_pointer(&lock);
	o->first = first;
	o->request = request_ref(r);
	o->op.request = o->request;
	return o;
}

/* ---- before anything is done ---- */

const struct issuer *enroll_issuer(const struct op *op, const struct args *asked,
				   const struct store **ret_store)
{
	const struct store *s = enroll_store(op, args_text(asked, "issuer", ""));
	const struct provider *p = s ? provider_find(s->provider) : NULL;

	*ret_store = s;
	if (!*args_text(asked, "issuer", ""))
		return &enroll_file_issuer;
	return p ? p->issuer : NULL;
}

static bool may_change(struct op *op, const struct store *s, GError **error)
{
	struct engine *e = operation_of(op)->engine;
	const struct account *a = accounts_get(e, s->account);
	g_autofree char *why = a ? accounts_why_not(e, a) : g_strdup("there is no such account any more");
	g_autofree char *who = a && a->is_read_only ? accounts_who_forbids(e, a) : NULL;

	if (why)
		g_set_error(error, ERR, ERR_REFUSED, "%s: %s", s->account, why);
	else if (who)
		g_set_error(error, ERR, ERR_REFUSED, "%s is read-only, as %s says", s->account, who);
	return !why && !who;
}

static bool check_issuer(struct op *op, GError **error)
{
	const char *id = args_text(op->args, "issuer", ""), *file = args_text(op->args, "csr-file", "");
	const struct store *s;
	const struct issuer *issuer = enroll_issuer(op, op->args, &s);

	if (*id && *file)
		g_set_error(error, ERR, ERR_USAGE, "either an issuer signs it or its request is written to "
			    "a file for somebody else: say one of the two");
	else if (!*id && !*file)
		g_set_error(error, ERR, ERR_USAGE, "say who signs it (issuer), or the file that its "
			    "request is written to (csr-file)");
	else if (*id && !s)
		g_set_error(error, ERR, ERR_NOT_FOUND, "there is no store %s", id);
	else if (!issuer)
		g_set_error(error, ERR, ERR_REFUSED, "%s issues no certificates for requests", s->title);
	else
		return !s || may_change(op, s, error);
	return false;
}

static bool check_places(struct op *op, GError **error)
{
	const struct provider *p = provider_find(op->store->provider);
	g_auto(GStrv) to = args_ids(op->args, "to");

	if (!p || !p->key_maker) {
		g_set_error(error, ERR, ERR_REFUSED, "%s makes no keys", op->store->title);
		return false;
	}
	if (p->info->keeps_keys && to && *to) {
		g_set_error(error, ERR, ERR_USAGE, "the key stays at %s, so that its certificate can be put "
			    "nowhere else", op->store->title);
		return false;
	}
	for (char **id = to; id && *id; id++) {
		const struct store *s = enroll_store(op, *id);
		g_autofree char *why = s ? deploy_why_not(op, s) : g_strdup_printf("there is no store %s",
										   *id);

		if (!why)
			continue;
		g_set_error(error, ERR, s ? ERR_REFUSED : ERR_NOT_FOUND, "nothing was begun: %s", why);
		return false;
	}
	return may_change(op, op->store, error);
}

static bool check_endpoints(struct op *op, GError **error)
{
	g_auto(GStrv) all = args_list(op->args, "verify");

	for (char **one = all; one && *one; one++) {
		const struct starttls *starttls;
		g_autofree char *host = NULL;
		uint16_t port;

		if (!exchange_read_endpoint(*one, &host, &port, &starttls, error))
			return false;
	}
	return true;
}

static bool needs_passphrase(const struct op *op)
{
	return !provider_find(op->store->provider)->key_maker->needs_no_passphrase;
}

bool enroll_check(struct op *op, GError **error)
{
	g_auto(GStrv) names = args_list(op->args, "names");
	const struct secret *passphrase = args_secret(op->args, "passphrase");
	bool is_locked = passphrase && passphrase->len;

	if (!names || !names[0])
		g_set_error(error, ERR, ERR_USAGE, "at least one name is needed");
	else if (!check_issuer(op, error) || !check_places(op, error) || !check_endpoints(op, error))
		return false;
	else if (needs_passphrase(op) && !args_bool(op->args, "plain") && !is_locked &&
		 !operation_of(op)->is_dry)
		g_set_error(error, ERR, ERR_SIGN_IN, "a passphrase is needed to encrypt the private key (or "
			    "plain, to leave it unencrypted)");
	else
		return true;
	return false;
}

/* ---- the row ---- */

static char *make_token(void)
{
	g_autofree char *id = g_uuid_string_random();
	g_auto(GStrv) parts = g_strsplit(id, "-", -1);

	return g_strjoinv("", parts);
}

static struct args *plain_answers(const struct op *op)
{
	g_auto(GStrv) keys = args_keys(op->args);
	struct args *asked = args_new();

	for (char **key = keys; *key; key++)
		args_set(asked, *key, args_get(op->args, *key));
	if (args_get(asked, "csr-file")) {
		g_autofree char *path = file_absolute(args_get(asked, "csr-file"));

		args_set(asked, "csr-file", path);
	}
	return asked;
}

struct request *enroll_row(struct op *op)
{
	struct enrolling *e = enroll_of(op);
	g_autofree char *token = make_token(), *id = g_strconcat(ENROLL_REQUEST "/", token, NULL);
	struct request *r = request_new(id);

	e->kept = enroll_kept_read("");
	store_set(&e->kept->token, token);
	args_free(e->kept->asked);
	e->kept->asked = plain_answers(op);
	e->kept->is_countersigned = four_eyes_demand(e->operation, NULL) == FOUR_EYES_YES;
	store_set(&r->account, op->store->account);
	store_set(&r->provider, op->store->provider);
	store_set(&r->store, op->store->id);
	store_set(&r->type, ENROLL_REQUEST);
	store_set(&r->asked_by, g_get_user_name());
	g_strfreev(r->names);
	r->names = args_list(op->args, "names");
	store_set(&r->title, r->names[0]);
	r->since = op->now;
	return r;
}

/* Whoever comes after this process can open its key as long as the store's passphrase is kept. */
static struct next enroll(struct op *op, const struct reply *none)
{
	struct enrolling *e = enroll_of(op);
	struct operation *o = e->operation;
	g_autofree char *lock = NULL;
	GError *error = NULL;

	if (o->engine->config.is_offline)
		return next_fail(op, ERR_REFUSED, "offline: nothing is ordered");
	if (!enroll_check(op, &error))
		return next_fail_error(op, error);
	e->row = enroll_row(op);
	lock = enroll_lock(e->row->id);
	if (!start_lock(o->engine, lock, &error))
		return next_fail_error(op, error);
	o->lock = g_steal_pointer(&lock);
	secrets_remember(o, e->row->id);
	return enroll_steps_go_on(op, none);
}
