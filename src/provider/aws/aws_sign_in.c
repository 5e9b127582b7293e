/*
 * aws_sign_in: from an account's answers to an open account.
 *
 *   plan ──► the first keys ──► one AssumeRole after the other ──► access
 *
 * The plan and what of it blocks are one work; who gives the first keys is a table of steps.
 */
#include "aws_own.h"

#include <string.h>

#include <certty/base/text.h>

void aws_op_done(void *scratch)
{
	struct aws_op *mine = scratch;

	g_clear_pointer(&mine->plan, aws_plan_free);
	g_clear_pointer(&mine->ticket, secret_free);
	if (mine->free_mine)
		mine->free_mine(mine->mine);
	g_free(mine->mine);
}

static struct next assume(struct op *op);

/* ---- the plan ---- */

struct planned {
	struct args *answers;
	int64_t now;
};

static void free_planned(void *p)
{
	struct planned *in = p;

	args_free(in->answers);
	g_free(in);
}

static void free_plan(void *p)
{
	aws_plan_free(p);
}

static void plan(struct work *w)
{
	const struct planned *in = w->in;
	g_autoptr(aws_shared) shared = NULL;
	struct aws_plan *p;

	/* The files say the region of keys that come from elsewhere; only a profile needs them. */
	if (strcmp(args_text(in->answers, "from", "keys"), "keys")) {
		shared = aws_shared_load(in->answers, &w->error);
		if (!shared)
			return;
	}
	p = aws_plan_make(in->answers, shared, &w->error);
	if (p && !aws_gather(p, in->now, &w->stop, &w->error))
		g_clear_pointer(&p, aws_plan_free);
	w->out = p;
}

static struct next with_keys(struct op *op, const struct reply *none)
{
	(void)none;
	return assume(op);
}

static struct next planned(struct op *op, const struct reply *none)
{
	static step_fn *const first[] = {
		[AWS_BASE_KEYS] = with_keys,	      [AWS_BASE_PROCESS] = with_keys,
		[AWS_BASE_SSO] = aws_sso_ask,	      [AWS_BASE_WEB] = aws_sts_ask_web,
		[AWS_BASE_CONTAINER] = aws_container_ask,
		[AWS_BASE_INSTANCE] = aws_imds_ask,
	};
	struct aws_op *mine = op->scratch;

	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	mine->plan = g_steal_pointer(&op->work->out);
	return first[mine->plan->base](op, none);
}

struct next aws_sign_in(struct op *op, const struct reply *none)
{
	struct planned *in = g_new0(struct planned, 1);

	(void)none;
	in->answers = args_dup(op->login);
	in->now = op->now;
	return next_work(work_new(plan, in, free_planned, free_plan), planned);
}

/* ---- roles ---- */

struct next aws_sign_in_with(struct op *op, struct aws_keys *keys)
{
	struct aws_plan *p = ((struct aws_op *)op->scratch)->plan;

	aws_keys_done(&p->keys);
	p->keys = *keys;
	return assume(op);
}

static const struct aws_role *role_now(const struct op *op)
{
	const struct aws_op *mine = op->scratch;

	return mine->roles_done < mine->plan->roles->len ?
		mine->plan->roles->pdata[mine->roles_done] : NULL;
}

static struct next hear_role(struct op *op, const struct reply *r)
{
	struct aws_op *mine = op->scratch;
	const struct aws_role *role = role_now(op);
	g_autofree char *shown = text_harmless_dup(role->arn, 200);
	g_autofree char *what = g_strdup_printf("assuming the role %s", shown);
	struct aws_keys keys = { 0 };
	GError *error = NULL;

	if (aws_sts_read_keys(r, "AssumeRoleResult", what, &keys, &error)) {
		mine->roles_done++;
		return aws_sign_in_with(op, &keys);
	}
	if (error->code == ERR_REFUSED && role->mfa_serial) {
		g_prefix_error(&error, "the one-time code may be wrong or used already: ");
		error->code = ERR_SIGN_IN;
		op->wants = WANT_CODE;
	}
	return next_fail_error(op, error);
}

/* A code is good for one use. */
static const struct secret *code_of(struct op *op, const struct aws_role *role, GError **error)
{
	struct aws_op *mine = op->scratch;
	const struct secret *code = args_secret(op->login, "code");
	g_autofree char *device = text_harmless_dup(role->mfa_serial, 200);
	bool is_fit = code && code->len == 6;

	for (size_t i = 0; is_fit && i < code->len; i++)
		is_fit = g_ascii_isdigit(code->bytes[i]);
	if (!is_fit)
		op->wants = WANT_CODE;
	if (!code)
		g_set_error(error, ERR, ERR_SIGN_IN, "a one-time code of %s is needed: test the "
			    "account, and give the six digits that the device shows", device);
	else if (!is_fit)
		g_set_error(error, ERR, ERR_SIGN_IN, "a one-time code of %s has six digits", device);
	else if (mine->code_is_used)
		g_set_error(error, ERR, ERR_SIGN_IN, "two roles of this chain want a one-time code, "
			    "and one code cannot be used twice");
	mine->code_is_used = true;
	return error && *error ? NULL : code;
}

/* ---- the end ---- */

/* Who made the keys can make others, unless it was a person. */
static bool is_renewable(const struct aws_op *mine)
{
	const struct aws_plan *p = mine->plan;

	if (mine->code_is_used || (p->is_kept && !p->roles->len))
		return false;
	return true;
}

/* The account's own keys are what they are, and a code is for once; all else is read or asked for
 * anew. */
static bool may_give_others(const struct aws_op *mine)
{
	return !mine->code_is_used && mine->plan->from;
}

static struct next open_account(struct op *op)
{
	struct aws_op *mine = op->scratch;
	struct aws_plan *p = mine->plan;
	struct access *a = access_new();
	const struct aws_role *last = p->roles->len ? p->roles->pdata[p->roles->len - 1] : NULL;
	g_autofree char *role = last ? text_harmless_dup(last->arn, 200) : NULL;

	if (p->keys.ends && p->keys.ends <= op->now) {
		access_unref(a);
		return next_fail(op, ERR_SIGN_IN, "%s: these keys have ended",
				 p->from ? p->from : "the account's own keys");
	}
	args_free(a->with);
	a->with = g_steal_pointer(&p->with);
	args_set(a->with, "account", p->keys.account);
	args_set(a->with, "others", may_give_others(mine) ? "yes" : "no");
	a->ends = p->keys.ends;
	a->is_renewable = is_renewable(mine);
	a->from = role ? g_strdup_printf("%s, as %s", p->from ? p->from : "own keys", role) :
			 g_strdup(p->from);
	aws_keys_give(&p->keys, a->with);
	op_open(op, a);
	return next_done();
}

static struct next assume(struct op *op)
{
	struct aws_op *mine = op->scratch;
	const struct aws_role *role = role_now(op);
	const struct secret *code = NULL;
	struct request_out *r;
	GError *error = NULL;

	if (!role)
		return open_account(op);
	if (role->mfa_serial && !(code = code_of(op, role, &error)))
		return next_fail_error(op, error);
	r = aws_sts_assume(mine->plan, role, code, &error);
	if (r && !aws_call_sign_with(r, &mine->plan->keys, op->now, &error))
		g_clear_pointer(&r, exchange_free);
	if (!r)
		return next_fail_error(op, error);
	r->is_repeatable = !code;
	return next_send(r, hear_role);
}
