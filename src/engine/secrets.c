/*
 * secrets: passphrases of stores: known for this session, and kept where the ladder keeps them.
 *
 * The ladder is asked when something is first wanted of it, never before the first frame.  Who
 * asks it waits as for a timer that never comes (NEXT_WAIT) and is woken by the answer, so a
 * step goes on after it as after anything else, and cancelling drops the question.
 *
 * A keyring that says no holds nothing up: an operation then starts without a passphrase, and
 * when that was what it lacked, its error says what has to be unlocked.
 */
#include "own.h"

#include <string.h>

#define FOR_EVER (INT64_MAX / 4000)	/* ms; the ladder ends every question itself */

struct secrets {
	GHashTable *known;		/* store id → struct secret */
	GHashTable *answered;		/* ids of stores that need not be looked up again */
};

/* ---- life ---- */

static void free_secret(void *secret)
{
	secret_free(secret);
}

struct secrets *secrets_new(void)
{
	struct secrets *s = g_new0(struct secrets, 1);

	s->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_secret);
	s->answered = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return s;
}

void secrets_free(struct secrets *s)
{
	if (!s)
		return;
	g_hash_table_unref(s->known);
	g_hash_table_unref(s->answered);
	g_free(s);
}

/* ---- in the engine's turn ---- */

/* The account's row says where secrets are. */
void secrets_turn(struct engine *e)
{
	g_autofree char *where = NULL;
	struct account *a;

	if (!ladder_turn(e))
		return;
	where = ladder_where(e);
	a = account_dup(e->here);
	store_set(&a->secret_from, where);
	shelf_put(e->known.shelf[KIND_ACCOUNTS], a);
	accounts_show_places(e);
	e->is_changed = true;
}

/* ---- asking ---- */

static struct keyring_key key_of(const struct store *s)
{
	return (struct keyring_key){ s->account, s->id, "passphrase" };
}

/* The operation goes on in this very turn. */
static void hear(struct secret *secret, const GError *error, void *who)
{
	struct operation *o = who;

	secret_free(o->found);
	g_clear_error(&o->keyring_error);
	o->found = secret;
	o->keyring_error = error ? g_error_copy(error) : NULL;
	o->wake = 0;
}

void secrets_drop(struct operation *o)
{
	ladder_cancel(o->engine, o);
	secret_free(o->found);
	g_clear_error(&o->keyring_error);
}

/* ---- before an operation ---- */

/* Whether a verb is about a private key of the store, so that the keyring is worth a question
 * though it is not known to hold anything. */
typedef bool needs_fn(const struct args *args);

static bool always(const struct args *args)
{
	(void)args;
	return true;
}

static bool keeps_key(const struct args *args)
{
	return !strcmp(args_text(args, "key", "encrypted"), "encrypted");
}

static bool takes_key(const struct args *args)
{
	return args_bool(args, "with-key");
}

static bool encrypts_key(const struct args *args)
{
	return !args_bool(args, "plain");
}

/* Under which name a verb gets the store's own passphrase.  Importing and exporting have a
 * file beside the store, with a passphrase of its own. */
static const struct use {
	enum verb_id verb;
	const char *as;
	needs_fn *needs;	/* NULL: only what the keyring is known to hold is asked for */
	const char *type;	/* of the store; NULL: any */
} uses[] = {
	{ VERB_REFRESH, "passphrase", NULL },
	{ VERB_IMPORT, "new-passphrase", keeps_key },
	{ VERB_REMOVE, "passphrase", NULL },
	{ VERB_EXPORT, "store-passphrase", takes_key },
	{ VERB_APPROVE, "passphrase", always },
	{ VERB_DEPLOY, "passphrase", always },
	{ VERB_REDEPLOY, "passphrase", always },
	{ VERB_ENROLL, "passphrase", encrypts_key, "repository" },
	{ VERB_SUPPLY, "passphrase", always },
	{ VERB_SYNC, "passphrase", always, "repository" },
	{ VERB_RENEW, "passphrase", always, "ca" },
	{ VERB_RENEW, "new-passphrase", NULL },
};

static const struct use *use_of(const struct operation *o)
{
	for (size_t i = 0; o->store && i < G_N_ELEMENTS(uses); i++)
		if (uses[i].verb == o->op.verb->id &&
		    (!uses[i].type || !strcmp(uses[i].type, o->store->type)))
			return args_secret(o->args, uses[i].as) ? NULL : &uses[i];
	return NULL;
}

static void give(struct operation *o, const struct secret *secret)
{
	args_put_secret(o->args, use_of(o)->as, secret_dup(secret));
}

static void remember(struct engine *e, const char *store, struct secret *s)
{
	g_hash_table_replace(e->secrets->known, g_strdup(store), s);
}

void secrets_remember(struct operation *o, const char *id)
{
	const struct secret *given = args_secret(o->args, "passphrase");
	struct secret *copy = given ? secret_dup(given) : NULL;

	if (copy)
		remember(o->engine, id, copy);
}

void secrets_recall(struct operation *o, const char *id)
{
	const struct secret *known = g_hash_table_lookup(o->engine->secrets->known, id);
	struct secret *copy = known ? secret_dup(known) : NULL;

	if (copy)
		args_put_secret(o->args, "passphrase", copy);
}

static struct next begin(struct op *op, const struct reply *none)
{
	struct operation *o = operation_of(op);
	struct engine *e = o->engine;

	(void)none;
	if (!o->keyring_error || o->keyring_error->code == ERR_TIMEOUT)
		g_hash_table_add(e->secrets->answered, g_strdup(o->store->id));
	if (o->found) {
		give(o, o->found);
		remember(e, o->store->id, g_steal_pointer(&o->found));
	}
	return access_begin(op, o->first && !o->ended ? o->first : o->provider->verb[op->verb->id]);
}

/* False: nothing is asked, and what is known was given. */
static bool ask(struct operation *o)
{
	struct secrets *s = o->engine->secrets;
	const struct use *use = use_of(o);
	const struct secret *known = use ? g_hash_table_lookup(s->known, o->store->id) : NULL;
	bool asks = use && !known && !g_hash_table_contains(s->answered, o->store->id) &&
		    (o->store->has_secret || (use->needs && use->needs(o->args)));
	struct keyring_key key;

	if (known)
		give(o, known);
	if (!asks)
		return false;
	key = key_of(o->store);
	o->now = next_wait(FOR_EVER, begin);
	o->wake = INT64_MAX;
	ladder_find(o->engine, &key, hear, o);
	return true;
}

void secrets_start(struct operation *o)
{
	if (!ask(o))
		operation_start(o);
}

struct next secrets_go_on(struct op *op)
{
	return ask(operation_of(op)) ? next_wait(FOR_EVER, begin) : operation_begin(op);
}

struct next secrets_first_step(struct op *op, const struct reply *none)
{
	struct operation *o = operation_of(op);

	return ask(o) ? next_wait(FOR_EVER, begin) : o->provider->verb[op->verb->id](op, none);
}

void secrets_explain(struct operation *o)
{
	const char *why = ladder_why(o->engine);
	GError *error = o->op.error;
	g_autofree char *said = NULL;

	if (!error || error->code != ERR_SIGN_IN || !use_of(o))
		return;
	if (o->store->has_secret)
		o->op.wants = ladder_wants(o->engine, ladder_locked(o->engine), o->keyring_error);
	if (!why || g_str_has_suffix(error->message, why))
		return;		/* also when one that it started has told */
	said = g_strdup_printf("%s. %s", error->message, why);
	g_free(error->message);
	error->message = g_steal_pointer(&said);
}

/* ---- keeping ---- */

/* The store's row as it is now: it may have changed while the keyring was asked. */
static void show_kept(struct op *op, bool is_kept)
{
	struct engine *e = operation_of(op)->engine;
	struct shelf *stores = e->known.shelf[KIND_STORES];
	const struct store *now;
	struct store *s;

	keep_begin(e, NULL);	/* without it, the row as it is known here is written later */
	now = shelf_get(stores, op->store->id);
	if (!now || now->has_secret == is_kept)
		return;
	s = store_dup(now);
	s->has_secret = is_kept;
	shelf_put(stores, s);
	keep_item(e, KIND_STORES, s->id);
}

static struct next end_in_memory(struct op *op, const char *why)
{
	op_say(op, "the passphrase of %s is kept until certty ends%s%s", op->store->title,
	       why ? ". " : "", why ? why : "");
	if (why)
		op_trouble(op, "%s", op->said);
	return next_done();
}

/* The ladder has read it back. */
static struct next stored(struct op *op, const struct reply *none)
{
	struct operation *o = operation_of(op);
	enum rung rung = ladder_choose(o->engine);

	(void)none;
	if (o->keyring_error)
		return end_in_memory(op, o->keyring_error->message);
	show_kept(op, true);
	op_say(op, "the passphrase of %s is kept in the %s", op->store->title, rung_word(rung));
	return next_done();
}

static struct next settled(struct op *op, const struct reply *none)
{
	struct operation *o = operation_of(op);
	struct keyring_key key = key_of(op->store);
	g_autofree char *label = g_strconcat("certty: ", op->store->title, NULL);
	enum rung rung = ladder_choose(o->engine);

	(void)none;
	op_touch(op, op->store->id);
	if (rung == RUNG_MEMORY)
		return end_in_memory(op, ladder_why(o->engine));
	ladder_store(o->engine, rung, &key, label, args_secret(op->args, "passphrase"), hear, o);
	return next_wait(FOR_EVER, stored);
}

static struct next keep(struct op *op, const struct secret *given)
{
	struct operation *o = operation_of(op);
	struct secret *copy = given && given->len ? secret_dup(given) : NULL;

	if (!copy)
		return next_fail(op, given && given->len ? ERR_LIMIT : ERR_SIGN_IN, "%s",
				 given && given->len ? "the memory for secrets is full" :
						       "a passphrase is needed");
	remember(o->engine, op->store->id, copy);
	ladder_settle(o->engine, hear, o);
	return next_wait(FOR_EVER, settled);
}

/* ---- forgetting ---- */

/* Who says so in words is sure; otherwise only what is known to be there is worth a question. */
struct next secrets_forget(struct op *op, step_fn *then)
{
	struct operation *o = operation_of(op);
	struct keyring_key key = key_of(op->store);

	g_hash_table_remove(o->engine->secrets->known, op->store->id);
	if (op->verb->id != VERB_PASSPHRASE && !op->store->has_secret)
		return then(op, NULL);
	ladder_forget_all(o->engine, &key, hear, o);
	return next_wait(FOR_EVER, then);
}

void secrets_tell_left(struct op *op)
{
	const struct operation *o = operation_of(op);

	if (o->keyring_error && op->store->has_secret)
		op_trouble(op, "the passphrase of %s is still kept. %s",
			   op->store->title, o->keyring_error->message);
}

static struct next forgotten(struct op *op, const struct reply *none)
{
	const struct operation *o = operation_of(op);

	(void)none;
	if (!o->keyring_error)
		show_kept(op, false);
	secrets_tell_left(op);
	if (!op->troubles->len)
		op_say(op, "the passphrase of %s is forgotten", op->store->title);
	return next_done();
}

struct next secrets_passphrase_step(struct op *op, const struct reply *none)
{
	(void)none;
	return args_bool(op->args, "forget") ? secrets_forget(op, forgotten) :
					       keep(op, args_secret(op->args, "passphrase"));
}

/* ---- unlocking ---- */

static struct next unlocked(struct op *op, const struct reply *none)
{
	struct operation *o = operation_of(op);
	g_autofree char *where = ladder_where(o->engine);

	(void)none;
	if (o->keyring_error)
		return next_fail_error(op, g_steal_pointer(&o->keyring_error));
	g_hash_table_remove_all(o->engine->secrets->answered);
	op_say(op, "secrets are kept in %s%s",
	       g_str_has_prefix(where, rung_word(RUNG_MEMORY)) ? "" : "the ", where);
	return next_done();
}

static struct next unlock(struct op *op, const struct reply *none)
{
	static const struct {
		const char *word;
		enum rung rung;
	} words[] = { { "keyring", RUNG_KEYRING }, { "file", RUNG_FILE } };
	struct operation *o = operation_of(op);
	const char *what = args_text(op->args, "what", "auto");
	enum rung rung = ladder_locked(o->engine);

	(void)none;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (!strcmp(words[i].word, what))
			rung = words[i].rung;
	ladder_unlock(o->engine, rung, args_secret(op->args, "passphrase"), hear, o);
	return next_wait(FOR_EVER, unlocked);
}

struct next secrets_unlock_step(struct op *op, const struct reply *none)
{
	struct operation *o = operation_of(op);
	const struct secret *given = args_secret(op->args, "passphrase");

	(void)none;
	if (!given || !given->len)
		return next_fail(op, ERR_SIGN_IN,
				 "the passphrase of the keyring or of the file is needed");
	ladder_settle(o->engine, hear, o);
	return next_wait(FOR_EVER, unlock);
}
