/*
 * aws_sso: keys of IAM Identity Center, for a token that `aws sso login` has left on this
 * machine.  No browser is opened here: a token that has ended is renewed where that command left
 * what it takes (aws_sso_token.c), and else made anew by that command.
 */
#include "aws_own.h"

#include <string.h>

#define WHAT "asking the SSO portal for keys"

static step_fn ask_portal;

static struct next read_keys(struct op *op, const struct reply *r)
{
	struct aws_op *mine = op->scratch;
	struct aws_keys keys = { 0 };
	GError *error = NULL;
	g_autoptr(json) j = NULL;
	struct aws_error e;

	if (!r->error && r->status == 401) {
		aws_sso_fail(mine->plan, "the SSO session is no longer taken", &error);
		return next_fail_error(op, error);
	}
	if (aws_error_read(r, &e)) {
		error = aws_error_say(&e, WHAT);
		if (aws_error_is(&e, "Forbidden"))
			g_prefix_error(&error, "role '%s' of account %s is not yours: ",
				       mine->plan->sso_role, mine->plan->sso_account);
		aws_error_done(&e);
		return next_fail_error(op, error);
	}
	j = aws_call_read_json(r, WHAT, &error);
	if (!j || !aws_keys_read(j, AWS_KEYS_PORTAL, WHAT, &keys, &error))
		return next_fail_error(op, error);
	keys.account = g_strdup(mine->plan->sso_account);
	return aws_sign_in_with(op, &keys);
}

static struct next ask_portal(struct op *op, const struct reply *none)
{
	const struct aws_plan *p = ((struct aws_op *)op->scratch)->plan;
	g_autofree char *role = g_uri_escape_string(p->sso_role, NULL, FALSE), *url = NULL;
	struct aws_place place = { 0 };
	GError *error = NULL;
	struct request_out *r;

	(void)none;
	if (!aws_place_find(p->with, AWS_SSO, p->sso_region, &place, &error))
		return next_fail_error(op, error);
	url = g_strdup_printf("%s/federation/credentials?role_name=%s&account_id=%s", place.url,
			      role, p->sso_account);
	aws_place_done(&place);
	r = exchange_get(url);
	r->is_unsigned = true;
	r->is_repeatable = true;
	exchange_header(r, "x-amz-sso_bearer_token", p->token->bytes);
	return next_send(r, read_keys);
}

struct next aws_sso_ask(struct op *op, const struct reply *none)
{
	const struct aws_plan *p = ((struct aws_op *)op->scratch)->plan;

	return p->token ? ask_portal(op, none) : aws_sso_renew(op, ask_portal);
}
