/*
 * aws_sts: keys for a role, from other keys or from a token that somebody else has signed.
 */
#include "aws_own.h"

#include <string.h>

#include <certty/base/text.h>

#define WEB "assuming the role of a web identity"

static char *text_of(const struct xml *x, const char *result, const char *path)
{
	g_autofree char *whole = g_strconcat(result, "/", path, NULL);

	return g_strdup(xml_str(x, whole));
}

static struct secret *secret_of(const struct xml *x, const char *result, const char *path)
{
	g_autofree char *whole = g_strconcat(result, "/", path, NULL);
	const char *text = xml_str(x, whole);

	return text && *text ? secret_new(text, strlen(text)) : NULL;
}

/* arn:aws:sts::111122223333:assumed-role/… */
static char *account_of(const char *arn)
{
	g_auto(GStrv) parts = g_strsplit(arn ? arn : "", ":", 6);

	return g_strv_length(parts) == 6 && strlen(parts[4]) == 12 &&
	       strspn(parts[4], "0123456789") == 12 ? g_strdup(parts[4]) : NULL;
}

bool aws_sts_read_keys(const struct reply *r, const char *result, const char *what,
		       struct aws_keys *ret, GError **error)
{
	g_autoptr(xml) x = aws_call_xml(r, what, error);
	g_autofree char *arn = NULL, *ends = NULL;
	struct aws_keys k = { 0 };

	if (!x)
		return false;
	arn = text_of(x, result, "AssumedRoleUser/Arn");
	ends = text_of(x, result, "Credentials/Expiration");
	k.id = text_of(x, result, "Credentials/AccessKeyId");
	k.secret = secret_of(x, result, "Credentials/SecretAccessKey");
	k.session = secret_of(x, result, "Credentials/SessionToken");
	k.ends = ends ? aws_keys_time(ends) : 0;
	k.account = account_of(arn);
	if (aws_keys_check(&k, what, error) && k.session && k.ends) {
		*ret = k;
		return true;
	}
	if (error && !*error)
		g_set_error(error, ERR, ERR_REPLY, "%s: the answer has no session token, or no time "
			    "when it ends", what);
	aws_keys_done(&k);
	return false;
}

struct request_out *aws_sts_assume(const struct aws_plan *p, const struct aws_role *role,
				   const struct secret *code, GError **error)
{
	struct aws_form *f = aws_form_new();

	aws_form_add(f, "RoleArn", role->arn);
	aws_form_add(f, "RoleSessionName", role->session_name);
	aws_form_add(f, "ExternalId", role->external_id);
	aws_form_add(f, "DurationSeconds", role->duration);
	if (role->mfa_serial) {
		aws_form_add(f, "SerialNumber", role->mfa_serial);
		aws_form_add_secret(f, "TokenCode", code);
	}
	return aws_call_query(p->with, AWS_STS, NULL, "AssumeRole", f, error);
}

static struct next read_web(struct op *op, const struct reply *r)
{
	struct aws_keys keys = { 0 };
	GError *error = NULL;

	if (!aws_sts_read_keys(r, "AssumeRoleWithWebIdentityResult", WEB, &keys, &error))
		return next_fail_error(op, error);
	return aws_sign_in_with(op, &keys);
}

struct next aws_sts_ask_web(struct op *op, const struct reply *none)
{
	const struct aws_plan *p = ((struct aws_op *)op->scratch)->plan;
	struct aws_form *f = aws_form_new();
	struct request_out *r;
	GError *error = NULL;

	(void)none;
	aws_form_add(f, "RoleArn", p->web->arn);
	aws_form_add(f, "RoleSessionName", p->web->session_name);
	aws_form_add(f, "DurationSeconds", p->web->duration);
	aws_form_add_secret(f, "WebIdentityToken", p->token);
	r = aws_call_query(p->with, AWS_STS, NULL, "AssumeRoleWithWebIdentity", f, &error);
	if (!r)
		return next_fail_error(op, error);
	r->is_unsigned = true;
	r->is_repeatable = true;
	return next_send(r, read_web);
}
