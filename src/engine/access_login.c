/*
 * access_login: one signing in to an account: its secrets are looked up, then the provider's steps.
 *
 * When the clocks turn out to differ and that may be why it was refused, it is tried once more with
 * the server's time.
 */
#include "access_own.h"

/* A secret that is being looked up. */
struct asked {
	struct login *login;
	const struct field *field;
	enum rung rung;
};

void access_login_free(struct login *l)
{
	if (!l)
		return;
	for (guint i = 0; i < l->asked->len; i++)
		ladder_cancel(l->opening->engine, l->asked->pdata[i]);
	if (l->steps)
		operation_abandon(l->steps);
	g_ptr_array_unref(l->asked);
	account_unref(l->account);
	args_free(l->args);
	g_clear_error(&l->error);
	g_free(l);
}

/* Credentials that are refused are one thing; a network that is away, another. */
static GError *as_refusal(const struct login *l, const GError *error)
{
	static const enum err others[] = { ERR_NETWORK, ERR_TIMEOUT, ERR_BUSY, ERR_REFUSED,
					   ERR_CANCELLED, ERR_LIMIT, ERR_IO, ERR_REPLY,
					   ERR_FORMAT };
	int code = ERR_SIGN_IN;

	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		if (error->code == (int)others[i])
			code = error->code;
	return g_error_new(ERR, code, "%s: signing in failed: %s", l->account->id, error->message);
}

static void login_failed(struct opening *w, const GError *error, enum want wants)
{
	g_autoptr(login) l = g_steal_pointer(&w->login);
	g_autoptr(GError) why = as_refusal(l, error);

	g_clear_pointer(&w->doubted, access_unref);
	if (!w->account)
		accounts_trouble(w->engine, w->id, why->message);
	access_fail_all(w, why, wants);
}

static void login_done(struct opening *w, struct access *access)
{
	g_clear_pointer(&w->login, access_login_free);
	access_unref(w->access);
	w->access = access;
	g_clear_pointer(&w->doubted, access_unref);
	w->opened = access_server_now(w);
	w->used = clock_ticks();
	if (!w->account) {
		g_clear_pointer(&w->given, args_free);	/* a code is for once */
		accounts_opened(w->engine, w->id, access);
	}
	access_wake_all(w);
}

static void login_ended(struct operation *o, const GError *error)
{
	struct opening *w = o->opening;
	bool was_wrong_time = ABS(w->differs - w->login->differs) > ACCESS_SKEW_MAX;

	if (!error && o->op.opened) {
		login_done(w, g_steal_pointer(&o->op.opened));
	} else if (error && was_wrong_time && !w->login->is_second) {
		bool is_for_later = w->login->is_for_later;

		g_clear_pointer(&w->login, access_login_free);
		access_login_start(w, is_for_later, true);
	} else {
		g_autoptr(GError) nothing =
			g_error_new(ERR, ERR_SIGN_IN, "nothing came of it");

		login_failed(w, error ? error : nothing, o->op.wants);
	}
}

static void start_steps(struct login *l)
{
	struct opening *w = l->opening;
	g_autoptr(args) none = args_new();
	struct operation *o = operation_new(w->engine, l->provider,
					    &verb_table[VERB_ACCOUNT_TEST], none);

	account_unref(o->account);
	o->account = account_ref(l->account);
	o->op.account = o->account;
	o->op.login = l->args;
	o->op.now = access_server_now(w);
	o->first = l->provider->sign_in;
	o->opening = w;
	o->is_login = true;
	o->ended = login_ended;
	l->differs = w->differs;
	l->steps = o;
	o->weak = &l->steps;
	operation_start_own(o);
}

static void heard_all(struct login *l)
{
	g_autoptr(GError) error = g_steal_pointer(&l->error);

	if (error)
		login_failed(l->opening, error, l->wants);
	else
		start_steps(l);
}

static void hear_secret(struct secret *secret, const GError *error, void *who)
{
	struct asked *a = who;
	struct login *l = a->login;

	if (secret)
		args_put_secret(l->args, a->field->key, secret);
	else if (!l->error && error)
		l->error = g_error_copy(error);
	else if (!l->error)
		l->error = g_error_new(ERR, ERR_SIGN_IN,
				       "%s is not where it was kept; give it again with "
				       "account-rotate", a->field->label);
	if (l->error && !l->wants)
		l->wants = error ? ladder_wants(l->opening->engine, a->rung, error) : WANT_SECRET;
	if (!--l->unheard)
		heard_all(l);
}

/* Its place becomes the secret itself; one that another tool keeps is the provider's to read. */
static void ask_secret(struct login *l, const struct field *f)
{
	struct engine *e = l->opening->engine;
	const struct keyring_key key = { l->account->id, "", f->key };
	const char *place = args_get(l->args, f->key), *command;
	struct asked *a;
	enum rung rung;

	if (!place || args_secret(l->args, f->key) || !rung_read(place, &rung, &command, NULL) ||
	    rung == RUNG_FOUND || !field_is_asked(f, l->provider->info->account_fields, l->args))
		return;
	a = g_new0(struct asked, 1);
	a->login = l;
	a->field = f;
	a->rung = rung;
	g_ptr_array_add(l->asked, a);
	l->unheard++;
	ladder_look_up(e, rung, command, &key, hear_secret, a);
}

static struct args *login_args(const struct opening *w, const struct account *a)
{
	struct args *args = accounts_fill(accounts_settings(w->engine), a);
	g_auto(GStrv) given = w->given ? args_secret_keys(w->given) : NULL;

	for (char **key = given; key && *key; key++)
		args_put_secret(args, *key, secret_dup(args_secret(w->given, *key)));
	return args;
}

void access_login_start(struct opening *w, bool is_for_later, bool is_second)
{
	const struct account *a = w->account ? w->account : accounts_get(w->engine, w->id);
	struct login *l = g_new0(struct login, 1);

	l->opening = w;
	l->account = account_ref((struct account *)a);
	l->provider = provider_find(a->provider);
	l->args = login_args(w, a);
	l->asked = g_ptr_array_new_with_free_func(g_free);
	l->is_for_later = is_for_later;
	l->is_second = is_second;
	w->login = l;
	for (const struct field *f = l->provider->info->account_fields; f && f->key; f++)
		if (f->kind == FIELD_SECRET)
			ask_secret(l, f);
	if (!l->unheard)
		start_steps(l);
}
