/*
 * access: accounts as they are open: signed in once for all who need it, kept until shortly before
 * the end, and signed in again when the server no longer knows us.
 *
 * An operation whose provider needs an account joins its opening and sleeps until somebody's
 * signing in has succeeded for all or failed for all.  Secrets are looked up for the time of
 * signing in alone; what is kept is what the provider made of them, and that not for longer than
 * it is used.
 */
#include "access_own.h"

#include <string.h>

#define MARGIN	 (5 * CLOCK_MINUTE)	/* before its end it is not used any more */
#define IDLE_MS	 (15 * 60 * 1000)	/* without use it goes */

/* ---- life ---- */

static struct opening *opening_new(struct engine *e, const char *id)
{
	struct opening *w = g_new0(struct opening, 1);

	w->engine = e;
	w->id = g_strdup(id);
	w->waiting = g_ptr_array_new();
	return w;
}

/* What it knows of secrets goes; who waits for it is told why. */
static void shut(struct opening *w)
{
	g_clear_pointer(&w->login, access_login_free);
	g_clear_pointer(&w->access, access_unref);
	g_clear_pointer(&w->doubted, access_unref);
	g_clear_pointer(&w->route, route_unref);
	w->has_route = false;
	g_clear_pointer(&w->given, args_free);
}

void access_free(struct opening *w)
{
	if (!w)
		return;
	shut(w);
	account_unref(w->account);
	g_ptr_array_unref(w->waiting);
	g_free(w->heard.host);
	g_free(w->id);
	g_free(w);
}

static void free_opening(void *opening)
{
	access_free(opening);
}

GHashTable *access_all_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_opening);
}

static struct opening *opening_of(struct engine *e, const char *id)
{
	struct opening *w = g_hash_table_lookup(e->openings, id);

	if (!w) {
		w = opening_new(e, id);
		g_hash_table_insert(e->openings, w->id, w);
	}
	return w;
}

/* ---- whether it is open ---- */

int64_t access_server_now(const struct opening *w)
{
	return clock_now() + w->differs;
}

/* A token that lives for minutes is used for most of them. */
static int64_t margin(const struct opening *w)
{
	return MIN(MARGIN, MAX(w->access->ends - w->opened, 0) / 5);
}

bool access_is_good(const struct opening *w)
{
	return w->access &&
	       (!w->access->ends || access_server_now(w) < w->access->ends - margin(w));
}

static bool is_soon_over(const struct opening *w)
{
	return w->access->is_renewable && w->access->ends &&
	       access_server_now(w) >= w->access->ends - 2 * margin(w);
}

/* The newest, for the operation's next step or request. */
void access_use(struct operation *o)
{
	struct opening *w = o->opening;
	struct access *newest = w ? w->access : NULL;

	if (w && !newest && o->is_login)
		newest = w->doubted;
	if (!newest || o->op.access == newest)
		return;
	access_unref(o->access);
	o->access = access_ref(newest);
	o->op.access = o->access;
}

/* Two operations may have got one more token each at the same time: both stay. */
static struct access *join_both(const struct access *more, const struct access *known, int64_t now)
{
	struct access *a = access_new();
	g_auto(GStrv) plain = args_keys(known->with);
	g_auto(GStrv) secret = args_secret_keys(known->with);

	args_free(a->with);
	a->with = args_dup(more->with);
	for (char **key = plain; *key; key++)
		if (!args_get(a->with, *key))
			args_set(a->with, *key, args_get(known->with, *key));
	for (char **key = secret; *key; key++)
		if (!args_secret(a->with, *key))
			args_put_secret(a->with, *key, secret_dup(args_secret(known->with, *key)));
	a->from = g_strdup(more->from ? more->from : known->from);
	a->is_renewable = more->is_renewable;
	a->ends = more->ends;
	if (known->ends > now && (!a->ends || known->ends < a->ends))
		a->ends = known->ends;
	return a;
}

/* When the server has just refused the account's, what was made of that is no better. */
void access_take(struct operation *o)
{
	struct opening *w = o->opening;
	g_autoptr(access) more = o->is_login ? NULL : g_steal_pointer(&o->op.opened);
	struct access *known = w ? w->access : NULL;

	if (!more || !known)
		return;
	w->access = join_both(more, known, access_server_now(w));
	access_unref(known);
	access_use(o);
}

/* ---- what would help ---- */

/* Whether a person can give us its secrets anew; others are made new where they are kept. */
static bool is_given(const struct account *a)
{
	const struct provider *p = provider_find(a->provider);
	const char *command;
	enum rung rung;

	for (const struct field *f = p->info->account_fields; f && f->key; f++)
		if (f->kind == FIELD_SECRET &&
		    rung_read(args_text(a->answers, f->key, ""), &rung, &command, NULL) &&
		    rung != RUNG_FOUND)
			return true;
	return false;
}

void access_want(struct operation *o)
{
	const GError *error = o->op.error;

	if (!o->op.wants && error && error->code == ERR_SIGN_IN && o->opening)
		o->op.wants = is_given(o->op.account) ? WANT_SECRET : WANT_SIGN_IN;
}

void access_wake_all(struct opening *w)
{
	for (guint i = 0; i < w->waiting->len; i++) {
		struct operation *o = w->waiting->pdata[i];

		o->is_held = false;
		if (o->is_asleep)
			operation_wake(o);
	}
	g_ptr_array_set_size(w->waiting, 0);
}

void access_fail_all(struct opening *w, const GError *error, enum want wants)
{
	g_autoptr(GPtrArray) waiting = w->waiting;

	w->waiting = g_ptr_array_new();
	for (guint i = 0; i < waiting->len; i++) {
		struct operation *o = waiting->pdata[i];

		o->is_held = false;
		o->op.wants = wants;
		operation_fail(o, g_error_copy(error));
	}
}

/* ---- joining ---- */

void access_await(struct opening *w, struct operation *o)
{
	o->is_held = true;
	if (!g_ptr_array_find(w->waiting, o, NULL))
		g_ptr_array_add(w->waiting, o);
	if (w->login)
		w->login->is_for_later = false;
	else
		access_login_start(w, false, false);
}

static struct next opened(struct op *op, const struct reply *none)
{
	struct operation *o = operation_of(op);

	o->is_asleep = false;
	access_use(o);
	return o->first(op, none);
}

static struct next join(struct operation *o, struct opening *w, step_fn *then)
{
	o->first = then;
	if (!o->opening) {
		o->opening = w;
		w->users++;
	}
	if (!access_is_good(w)) {
		struct next sleep = operation_sleep(o, opened);

		access_await(w, o);
		return sleep;
	}
	if (is_soon_over(w) && !w->login)
		access_login_start(w, true, false);
	access_use(o);
	return then(&o->op, NULL);
}

/* Its requests go the way of the account's, and nobody signs in. */
static struct next begin_unsigned(struct operation *o, struct opening *w, const struct account *a,
				  step_fn *then)
{
	o->opening = w;
	w->users++;
	o->answers = accounts_fill(accounts_settings(o->engine), a);
	o->op.login = o->answers;
	return then(&o->op, NULL);
}

struct next access_begin(struct op *op, step_fn *then)
{
	struct operation *o = operation_of(op);
	struct engine *e = o->engine;
	const struct account *a;
	g_autofree char *why = NULL;
	struct opening *w;

	if (o->is_login || o->is_dry || !o->provider->sign_in || op->verb->id == VERB_SHOW)
		return then(op, NULL);
	if (o->opening)
		return join(o, o->opening, then);	/* a candidate's */
	a = accounts_get(e, op->account->id);
	if (a && strcmp(a->provider, o->provider->info->name))
		return next_fail(op, ERR_NOT_FOUND, "the account that it is asked of is not there any more");
	why = a ? accounts_why_not(e, a) : g_strdup("it is not there any more");
	if (why)
		return next_fail(op, ERR_REFUSED, "%s: %s", op->account->id, why);
	w = opening_of(e, a->id);
	if (op->verb->no_sign_in)
		return begin_unsigned(o, w, a, then);
	if (op->verb->id == VERB_ACCOUNT_TEST && !w->login) {
		shut(w);	/* what is tested is what the account says now */
		w->given = args_secret(op->args, "code") ? args_dup(op->args) : NULL;
	}
	return join(o, w, then);
}

/* ---- candidates ---- */

struct opening *access_try(struct engine *e, const struct account *a, const struct args *secrets)
{
	struct opening *w = opening_new(e, a->id);

	w->account = account_dup(a);
	w->given = args_dup(secrets);
	return w;
}

struct next access_join(struct op *op, struct opening *w, step_fn *then)
{
	return join(operation_of(op), w, then);
}

void access_give(struct opening *w, struct operation *o)
{
	o->opening = w;
	w->users++;
}

/* Kept as the account's own: it is one now.  Takes w. */
void access_adopt(struct opening *w)
{
	struct opening *own = opening_of(w->engine, w->id);

	if (!own->login && w->access) {
		access_unref(own->access);
		own->access = g_steal_pointer(&w->access);
		own->opened = w->opened;
		own->differs = w->differs;
		own->used = clock_ticks();
		own->has_route = false;
		g_clear_pointer(&own->route, route_unref);
	}
	access_free(w);
}

/* ---- leaving ---- */

void access_leave(struct operation *o)
{
	struct opening *w = o->opening;

	if (w && !o->is_login) {
		w->users--;
		w->used = clock_ticks();
		g_ptr_array_remove(w->waiting, o);
		if (!w->waiting->len && w->login && !w->login->is_for_later)
			g_clear_pointer(&w->login, access_login_free);
	}
	o->opening = NULL;
	o->op.access = NULL;
	g_clear_pointer(&o->access, access_unref);
}

void access_forget(struct engine *e, const char *id)
{
	struct opening *w = g_hash_table_lookup(e->openings, id);
	g_autoptr(GError) error = NULL;

	if (!w)
		return;
	error = g_error_new(ERR, ERR_BUSY, "%s was changed while it was opened; try again", id);
	shut(w);
	access_fail_all(w, error, WANT_NOTHING);
}

void access_leave_all(struct engine *e)
{
	GHashTableIter each;
	gpointer w;

	g_hash_table_iter_init(&each, e->openings);
	while (g_hash_table_iter_next(&each, NULL, &w))
		shut(w);
}

bool access_is_used(const struct engine *e, const char *id)
{
	const struct opening *w = g_hash_table_lookup(e->openings, id);

	return w && w->users;
}

static int64_t due_of(const struct opening *w)
{
	if (!w->access || w->users || w->login || (w->access->ends && !w->access->is_renewable))
		return INT64_MAX;
	return w->used + IDLE_MS * INT64_C(1000);
}

int64_t access_due(const struct engine *e)
{
	int64_t due = INT64_MAX;
	GHashTableIter each;
	gpointer w;

	g_hash_table_iter_init(&each, e->openings);
	while (g_hash_table_iter_next(&each, NULL, &w))
		due = MIN(due, due_of(w));
	return due;
}

/* Of an account that was disabled nothing is kept for later. */
static bool is_worth_keeping(const struct engine *e, const struct opening *w)
{
	const struct account *a = accounts_get(e, w->id);

	return access_is_good(w) && (!a || !a->is_disabled);
}

void access_turn(struct engine *e, int64_t ticks)
{
	GHashTableIter each;
	gpointer p;

	g_hash_table_iter_init(&each, e->openings);
	while (g_hash_table_iter_next(&each, NULL, &p)) {
		struct opening *w = p;

		if (due_of(w) <= ticks ||
		    (w->access && !w->login && !w->users && !is_worth_keeping(e, w)))
			shut(w);
	}
}
