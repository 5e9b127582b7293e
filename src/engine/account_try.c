/*
 * account_try: an account that is no row yet signs in, and asks the server who we are.
 */
#include "account_own.h"

#include <certty/base/clock.h>

static void test_ended(struct operation *test, const GError *error)
{
	struct keeping *k = test->who;

	g_clear_error(&k->refusal);
	k->refusal = error ? g_error_copy(error) : NULL;
	k->operation->op.wants = test->op.wants;
	k->who = g_steal_pointer(&test->op.who);
	k->said = g_strdup(test->op.said);
	k->rights = g_steal_pointer(&test->op.rights);
	k->may_not = test->op.may_not ? g_strdup(test->op.may_not->str) : NULL;
	operation_wake(k->operation);
}

static struct next tested(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);

	if (k->refusal)
		return next_fail_error(op, g_steal_pointer(&k->refusal));
	k->is_tested = true;
	return k->then(op, none);
}

/* ---- whether the places are open ---- */

static step_fn reach_next;

static bool is_shut(struct engine *e, enum rung rung)
{
	const char *said;

	return rung != RUNG_COUNT && ladder_stand(e, rung, &said) != RUNG_OPEN;
}

static struct next reached_one(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);
	const struct move *m = k->moves->pdata[k->at++];
	g_autofree char *place = NULL;

	g_clear_pointer(&k->heard, secret_free);
	if (!k->trouble && !is_shut(k->engine, m->to))
		return reach_next(op, none);
	if (!k->trouble) {
		place = ladder_say(k->engine, m->to);
		g_set_error_literal(&k->trouble, ERR, ERR_SIGN_IN, place);
	}
	op->wants = ladder_wants(k->engine, m->to, k->trouble);
	g_prefix_error(&k->trouble, "%s cannot be kept: ", m->label);
	return next_fail_error(op, g_steal_pointer(&k->trouble));
}

static struct next reach_next(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);

	for (; k->at < k->moves->len; k->at++) {
		const struct move *m = k->moves->pdata[k->at];

		if (m->to != RUNG_COUNT)
			return keeping_look_up(k, m, m->to, reached_one);
	}
	return k->then(op, none);
}

/* Before a secret is used up: whether its place is open.  What is there is not asked for. */
static struct next reach(struct op *op, step_fn *then)
{
	struct keeping *k = keeping_of(op);

	k->then = then;
	k->at = 0;
	return reach_next(op, NULL);
}

/* ---- trying ---- */

/* What signing in used up is not kept, but what is to be kept instead. */
static void take_instead(struct keeping *k, const struct args *instead)
{
	g_auto(GStrv) secret = args_secret_keys(instead);
	g_auto(GStrv) plain = args_keys(instead);

	for (char **key = secret; *key; key++)
		if (!keeping_replace(k, *key, args_secret(instead, *key)))
			return;
	for (char **key = plain; *key; key++) {
		args_set(k->account->answers, *key, args_get(instead, *key));
		keeping_edit(k, SETTINGS_SET, *key, args_get(instead, *key));
	}
}

static struct next signed_in(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);
	const struct verb *verb = &verb_table[VERB_ACCOUNT_TEST];
	g_autoptr(args) no_answers = args_new();
	struct operation *o;

	if (op->access->instead)
		take_instead(k, op->access->instead);
	if (!k->provider->verb[verb->id])
		return k->then(op, none);
	o = operation_new(k->engine, k->provider, verb, no_answers);
	account_unref(o->account);
	o->account = account_ref(k->account);
	o->op.account = o->account;
	o->ended = test_ended;
	o->who = k;
	o->weak = &k->test;
	k->test = o;
	access_give(k->opening, o);
	operation_start_own(o);
	return operation_sleep(k->operation, tested);
}

static struct next sign_in(struct op *op, const struct reply *none)
{
	struct keeping *k = keeping_of(op);

	(void)none;
	k->then = k->tried;
	k->opening = access_try(k->engine, k->account, k->secrets);
	return access_join(op, k->opening, signed_in);
}

static bool spends(const struct keeping *k)
{
	const struct provider_info *info = k->provider->info;
	const struct field when = { .when = info->spends };
	g_autoptr(args) all = accounts_fill(accounts_settings(k->engine), k->account);

	return info->spends && field_is_asked(&when, info->account_fields, all);
}

/* A secret that is good once is used only where it is kept. */
struct next keeping_try(struct op *op, step_fn *then)
{
	struct keeping *k = keeping_of(op);
	const struct secret *code = args_secret(op->args, "code");
	bool is_dry = args_bool(op->args, "only-test");

	k->tried = then;
	if (args_bool(op->args, "untested") && !is_dry)
		return then(op, NULL);
	if (k->engine->config.is_offline)
		return next_fail(op, ERR_REFUSED, "offline: nobody is asked; untested keeps it "
				 "without a test");
	if (code)
		args_put_secret(k->secrets, "code", secret_dup(code));
	if (!spends(k))
		return sign_in(op, NULL);
	if (!is_dry)
		return reach(op, sign_in);
	op_say(op, "not tested, since a test would use up a secret that is good once: adding the "
	       "account uses it, tests what it gives and keeps that");
	op_trouble(op, "%s", op->said);
	return next_done();
}

void keeping_learn(struct keeping *k)
{
	const struct account *row = accounts_get(k->engine, k->account->id);
	struct account *a = row && (k->is_tested || row->told) ? account_dup(row) : NULL;

	if (k->opening) {
		access_leave(k->operation);
		access_adopt(g_steal_pointer(&k->opening));
	}
	if (!a)
		return;
	accounts_set_rights(a, k->rights, k->may_not, clock_now());	/* it may be somebody else now */
	a->looked = 0;		/* other answers may have other stores */
	if (k->is_tested) {
		a->tested = clock_now();
		a->has_worked = true;
		store_set(&a->verdict, k->said ? k->said : "works");
		store_set(&a->who, k->who ? k->who : "");
		g_clear_pointer(&a->trouble, g_free);
	}
	accounts_learn(k->engine, a);
	account_unref(a);
}
