/*
 * account_add: adding an account, editing one, and replacing its secrets.
 *
 * All three are the same way with other beginnings: what was said becomes the account as it shall
 * be, that is tried, and only what works is kept.
 */
#include "account_own.h"

#include <string.h>

/* ---- adding ---- */

static struct next add_done(struct op *op, const struct reply *none)
{
	(void)op;
	(void)none;
	return next_done();
}

static char *say_who(const struct keeping *k)
{
	if (!k->is_tested)
		return g_strdup("");
	return k->who ? g_strdup_printf("; there we are %s", k->who) : g_strdup("; it works");
}

/* Nobody asked for that: there was no better place. */
static bool is_in_memory_only(const struct keeping *k)
{
	const struct op *op = &k->operation->op;
	bool any = false;

	for (guint i = 0; i < k->moves->len; i++) {
		const struct move *m = k->moves->pdata[i];

		any |= m->to == RUNG_MEMORY && m->from != RUNG_MEMORY;
	}
	return any && strcmp(args_text(op->args, "keep", ""), rung_word(RUNG_MEMORY)) != 0;
}

/* Says how it went, and what is to be done where secrets are gone with the end of certty. */
static void say_kept(struct keeping *k, const char *how)
{
	struct op *op = &k->operation->op;
	const char *why = is_in_memory_only(k) ? ladder_why(k->engine) : NULL;
	g_autofree char *who = say_who(k);

	op_say(op, "%s is %s%s%s%s", k->account->id, how, who,
	       why ? "; but its secrets are kept only until certty ends, then they have to be "
		     "given again. " : "", why ? why : "");
	if (why)
		op_trouble(op, "%s", op->said);
}

static struct next added(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);

	keeping_learn(k);
	account_stores_look(k->engine, k->account->id);
	say_kept(k, "an account now");
	if (!is_in_memory_only(k) || !k->path || !args_bool(op->args, "remove-file"))
		return keeping_remove_file(op, add_done);
	op_trouble(op, "%s stays: nothing else would have its secrets once certty ends", k->path);
	return add_done(op, none);
}

static struct next add_tried(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);

	(void)none;
	if (!args_bool(op->args, "only-test"))
		return keeping_store(op, added);
	if (k->is_tested && k->who)
		op_say(op, "it works: there we are %s; nothing is kept yet", k->who);
	else
		op_say(op, "%snothing is kept yet", k->is_tested ? "it works; " : "");
	return next_done();
}

static bool is_new_name(struct keeping *k, const char *id, GError **error)
{
	g_autofree char *group = accounts_group(id);

	if (!account_id_is_fit(id))
		g_set_error(error, ERR, ERR_USAGE, "'%s' is no name for an account: letters, "
			    "digits and any of . _ : @ -, and at most %d of them", id,
			    ACCOUNT_ID_MAX);
	else if (accounts_get(k->engine, id) ||
		 *settings_keys(accounts_settings(k->engine), group))
		g_set_error(error, ERR, ERR_EXISTS, "there is an account %s already", id);
	else
		return true;
	return false;
}

static bool make_new(struct keeping *k, const struct args *said, GError **error)
{
	const char *id = args_text(said, "name", "");

	if (!k->provider || !k->provider->sign_in) {
		g_set_error(error, ERR, ERR_USAGE, "there are no accounts of '%s'",
			    args_text(said, "provider", ""));
		return false;
	}
	if (!is_new_name(k, id, error))
		return false;
	k->account = account_new(id);
	k->account->origin = ACCOUNT_CONFIGURED;
	store_set(&k->account->provider, k->provider->info->name);
	store_set(&k->account->title, id);
	return keeping_merge(k, said, error) && keeping_check(k, error);
}

static struct next add_settled(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);
	GError *error = NULL;

	(void)none;
	if (!make_new(k, op->args, &error))
		return next_fail_error(op, error);
	keeping_edit_all(k);
	return keeping_try(op, add_tried);
}

static struct next add_read(struct op *op, const struct reply *none)
{
	(void)none;
	return keeping_settle(op, add_settled);
}

struct next account_add_step(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);

	(void)none;
	k->provider = provider_find(args_text(op->args, "provider", ""));
	return keeping_read_file(op, add_read);
}

/* ---- editing ---- */

static struct next edited_all(struct op *op, const struct reply *none)
{
	(void)none;
	say_kept(keeping_of(op), "changed");
	return next_done();
}

static struct next edit_kept(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);

	(void)none;
	keeping_learn(k);
	if (k->provider)
		account_stores_look(k->engine, k->account->id);
	return keeping_forget(op, edited_all);
}

static struct next edit_tried(struct op *op, const struct reply *none)
{
	(void)none;
	return keeping_store(op, edit_kept);
}

static struct next edit_gathered(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);

	(void)none;
	if (!k->provider)
		return keeping_store(op, edit_kept);
	return keeping_try(op, edit_tried);
}

/* Only what one may say about an account that is somebody else's. */
static bool is_said(const struct field *fields, const struct args *args)
{
	for (const struct field *f = fields; f && f->key; f++) {
		g_autofree char *command = field_command_key(f);

		if (args_get(args, f->key) || args_secret(args, f->key) ||
		    args_get(args, command))
			return true;
	}
	return false;
}

static bool begin(struct keeping *k, const struct args *said, GError **error)
{
	const struct account *a = accounts_get(k->engine, k->operation->target);
	const struct provider *p = a ? provider_find(a->provider) : NULL;

	if (!a) {
		g_set_error(error, ERR, ERR_NOT_FOUND, "there is no account %s",
			    k->operation->target);
		return false;
	}
	k->old = account_dup(a);
	k->account = account_dup(a);
	if (a->origin == ACCOUNT_CONFIGURED) {
		k->provider = p;
		return true;
	}
	if (!p || !is_said(p->info->account_fields, said))
		return true;
	g_set_error(error, ERR, ERR_REFUSED, "%s is kept in %s, which is never changed: change it "
		    "there, or add an account of your own", a->id, a->found_in);
	return false;
}

static struct next edit_settled(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);
	GError *error = NULL;

	(void)none;
	if (!begin(k, op->args, &error) || !keeping_merge(k, op->args, &error) ||
	    (k->provider && !keeping_check(k, &error)))
		return next_fail_error(op, error);
	keeping_edit_all(k);
	if (!k->edits->len && !k->moves->len)
		return next_fail(op, ERR_USAGE, "nothing was said to change");
	return keeping_gather(op, edit_gathered);
}

struct next account_edit_step(struct op *op, const struct reply *none)
{
	(void)none;
	return keeping_settle(op, edit_settled);
}

/* ---- replacing secrets ---- */

static bool is_secret_of(const struct keeping *k, const char *key)
{
	const struct field *f = field_find(k->provider->info->account_fields, key);
	g_autofree char *secret = g_str_has_suffix(key, "-command") ?
		g_strndup(key, strlen(key) - strlen("-command")) : NULL;

	if (!f && secret)
		f = field_find(k->provider->info->account_fields, secret);
	return f && f->kind == FIELD_SECRET;
}

/* Whoever changes more edits; a new secret must not come with a new address by mistake. */
static bool is_only_secrets(struct keeping *k, const struct args *said, GError **error)
{
	g_auto(GStrv) keys = args_keys(said);

	for (char **key = keys; *key; key++) {
		if (field_find(k->operation->op.verb->fields, *key) || is_secret_of(k, *key))
			continue;
		g_set_error(error, ERR, ERR_USAGE, "%s is no secret; account-edit changes it", *key);
		return false;
	}
	return true;
}

static struct next rotate_settled(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);
	GError *error = NULL;

	(void)none;
	if (!begin(k, op->args, &error))
		return next_fail_error(op, error);
	if (!k->provider)
		return next_fail(op, ERR_REFUSED, "%s is kept in %s, which is never changed: "
				 "replace it there", k->account->id, k->account->found_in);
	if (!is_only_secrets(k, op->args, &error) || !keeping_merge(k, op->args, &error))
		return next_fail_error(op, error);
	keeping_edit_all(k);
	if (!k->edits->len && !k->moves->len)
		return next_fail(op, ERR_USAGE, "no new secret was given");
	return keeping_gather(op, edit_gathered);
}

struct next account_rotate_step(struct op *op, const struct reply *none)
{
	(void)none;
	return keeping_settle(op, rotate_settled);
}
