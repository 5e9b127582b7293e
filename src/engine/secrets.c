/*
 * secrets: passphrases of stores: known for this session, and kept in the keyring.
 *
 * The keyring is opened when something is first wanted of it, never before the first frame.
 * Who asks it waits as for a timer that never comes (NEXT_WAIT) and is woken by the answer, so
 * a step goes on after it as after anything else, and cancelling drops the question.
 *
 * A keyring that says no holds nothing up: an operation then starts without a passphrase, and
 * when that was what it lacked, its error says how the keyring stands and what to do.
 */
#include "own.h"

#include <string.h>

#define FOR_EVER (INT64_MAX / 4000)	/* ms; the keyring ends every question itself */

struct secrets {
	struct keyring *keyring;	/* NULL: nothing was wanted of it yet */
	enum keyring_state shown;	/* in the account's row */
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

void secrets_leave(struct secrets *s)
{
	keyring_close(g_steal_pointer(&s->keyring));
}

void secrets_free(struct secrets *s)
{
	g_hash_table_unref(s->known);
	g_hash_table_unref(s->answered);
	g_free(s);
}

static bool is_off(const struct engine *e)
{
	return !strcmp(settings_text(e->config.settings, "keyring", "use"), "off");
}

static struct keyring *keyring_of(struct engine *e)
{
	if (!e->secrets->keyring)
		e->secrets->keyring = keyring_open(is_off(e) ? KEYRING_MEMORY : KEYRING_DESKTOP);
	return e->secrets->keyring;
}

static enum keyring_state state_of(const struct engine *e)
{
	if (e->secrets->keyring)
		return keyring_state(e->secrets->keyring);
	return is_off(e) ? KEYRING_UNTIL_END : KEYRING_UNASKED;
}

/* ---- in the engine's turn ---- */

unsigned secrets_poll(struct engine *e, struct pollfd *ret_fds, int *ret_timeout_ms)
{
	*ret_timeout_ms = -1;
	return e->secrets->keyring ? keyring_poll(e->secrets->keyring, ret_fds, ret_timeout_ms) : 0;
}

char *secrets_where(const struct engine *e)
{
	static const bool is_there[KEYRING_STATE_COUNT] = {
		[KEYRING_LOCKED] = true,      [KEYRING_WRONG_PASSPHRASE] = true,
		[KEYRING_NO_PROMPTER] = true, [KEYRING_HANGS] = true,
		[KEYRING_BROKEN] = true,      [KEYRING_NO_COLLECTION] = true,
	};
	enum keyring_state state = state_of(e);

	if (state == KEYRING_READY || state == KEYRING_UNASKED)
		return g_strdup("keyring");
	if (state == KEYRING_UNTIL_END)
		return g_strdup("memory, until certty ends");
	return g_strdup_printf("%s (%s)", is_there[state] ? "keyring" :
			       "memory, until certty ends", keyring_state_word(state));
}

/* The account's row says where secrets are. */
static void show_where(struct engine *e)
{
	struct account *a = account_dup(e->here);
	g_autofree char *where = secrets_where(e);

	store_set(&a->secret_from, where);
	shelf_put(e->known.shelf[KIND_ACCOUNTS], a);
	e->secrets->shown = state_of(e);
	e->is_changed = true;
}

void secrets_turn(struct engine *e)
{
	struct secrets *s = e->secrets;

	if (!s->keyring)
		return;
	keyring_turn(s->keyring);
	if (keyring_state(s->keyring) != s->shown)
		show_where(e);
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
	if (o->engine->secrets->keyring)
		keyring_cancel(o->engine->secrets->keyring, o);
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

/* Under which name a verb gets the store's own passphrase.  Importing and exporting have a
 * file beside the store, with a passphrase of its own. */
static const struct use {
	enum verb_id verb;
	const char *as;
	needs_fn *needs;	/* NULL: only what the keyring is known to hold is asked for */
} uses[] = {
	{ VERB_REFRESH, "passphrase", NULL },
	{ VERB_IMPORT, "new-passphrase", keeps_key },
	{ VERB_REMOVE, "passphrase", NULL },
	{ VERB_EXPORT, "store-passphrase", takes_key },
	{ VERB_APPROVE, "passphrase", always },
};

static const struct use *use_of(const struct operation *o)
{
	for (size_t i = 0; o->store && i < G_N_ELEMENTS(uses); i++)
		if (uses[i].verb == o->op.verb->id && !args_secret(o->args, uses[i].as))
			return &uses[i];
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

static struct next begin(struct op *op, const struct reply *none)
{
	struct operation *o = operation_of(op);
	struct engine *e = o->engine;

	if (!o->keyring_error || o->keyring_error->code == ERR_TIMEOUT)
		g_hash_table_add(e->secrets->answered, g_strdup(o->store->id));
	if (o->found) {
		give(o, o->found);
		remember(e, o->store->id, g_steal_pointer(&o->found));
	}
	return o->provider->verb[op->verb->id](op, none);
}

void secrets_start(struct operation *o)
{
	struct secrets *s = o->engine->secrets;
	const struct use *use = use_of(o);
	const struct secret *known = use ? g_hash_table_lookup(s->known, o->store->id) : NULL;
	bool asks = use && !known && !g_hash_table_contains(s->answered, o->store->id) &&
		    (o->store->has_secret || (use->needs && use->needs(o->args)));
	struct keyring_key key;

	if (known)
		give(o, known);
	if (!asks) {
		operation_start(o);
		return;
	}
	key = key_of(o->store);
	o->now = next_wait(FOR_EVER, begin);
	o->wake = INT64_MAX;
	keyring_look_up(keyring_of(o->engine), &key, hear, o);
}

void secrets_explain(struct operation *o)
{
	enum keyring_state state = state_of(o->engine);
	GError *error = o->op.error;
	g_autofree char *said = NULL;

	if (!error || error->code != ERR_SIGN_IN || !use_of(o) || state == KEYRING_UNASKED ||
	    state == KEYRING_READY || state == KEYRING_UNTIL_END)
		return;
	said = g_strdup_printf("%s. %s", error->message, keyring_state_sentence(state));
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

/* Read back: it is what was given. */
static struct next proved(struct op *op, const struct reply *none)
{
	struct operation *o = operation_of(op);
	const struct secret *given = args_secret(op->args, "passphrase");
	bool is_kept = !o->keyring_error && o->found && secret_equal(o->found, given);

	(void)none;
	op_touch(op, op->store->id);
	if (is_kept && state_of(o->engine) == KEYRING_READY) {
		show_kept(op, true);
		op_say(op, "the passphrase of %s is kept in the keyring", op->store->title);
		return next_done();
	}
	op_say(op, "the passphrase of %s is kept until certty ends%s%s", op->store->title,
	       is_kept ? "" : ". ",
	       is_kept ? "" : o->keyring_error ? o->keyring_error->message :
			 "The keyring took it and does not have it");
	if (!is_kept)
		op_trouble(op, "%s", op->said);
	return next_done();
}

static struct next stored(struct op *op, const struct reply *none)
{
	struct operation *o = operation_of(op);
	struct keyring_key key = key_of(op->store);

	if (o->keyring_error)
		return proved(op, none);
	keyring_look_up(keyring_of(o->engine), &key, hear, o);
	return next_wait(FOR_EVER, proved);
}

static struct next keep(struct op *op, const struct secret *given)
{
	struct operation *o = operation_of(op);
	struct keyring_key key = key_of(op->store);
	g_autofree char *label = g_strconcat("certty: ", op->store->title, NULL);
	struct secret *copy = given && given->len ? secret_dup(given) : NULL;

	if (!copy)
		return next_fail(op, given && given->len ? ERR_LIMIT : ERR_SIGN_IN, "%s",
				 given && given->len ? "the memory for secrets is full" :
						       "a passphrase is needed");
	remember(o->engine, op->store->id, copy);
	keyring_store(keyring_of(o->engine), &key, label, given, hear, o);
	return next_wait(FOR_EVER, stored);
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
	keyring_forget(keyring_of(o->engine), &key, hear, o);
	return next_wait(FOR_EVER, then);
}

void secrets_tell_left(struct op *op)
{
	const struct operation *o = operation_of(op);

	if (o->keyring_error && op->store->has_secret)
		op_trouble(op, "the keyring still holds the passphrase of %s. %s",
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

	(void)none;
	if (o->keyring_error)
		return next_fail_error(op, g_steal_pointer(&o->keyring_error));
	g_hash_table_remove_all(o->engine->secrets->answered);
	op_say(op, "%s", keyring_state_sentence(state_of(o->engine)));
	return next_done();
}

struct next secrets_unlock_step(struct op *op, const struct reply *none)
{
	struct operation *o = operation_of(op);
	const struct secret *given = args_secret(op->args, "passphrase");

	(void)none;
	if (!given || !given->len)
		return next_fail(op, ERR_SIGN_IN, "the passphrase of the keyring is needed");
	keyring_unlock(keyring_of(o->engine), given, hear, o);
	return next_wait(FOR_EVER, unlocked);
}
