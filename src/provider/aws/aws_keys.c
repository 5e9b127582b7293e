/*
 * aws_keys: access keys, and the five JSON documents in which they come.
 *
 * They all say the same with other names, so the names are a table.  What is read goes into
 * headers later and is checked here for what must not be in one.
 */
#include "aws_own.h"

#include <string.h>

#include <certty/base/clock.h>

#define SECRET_MAX  1024
#define SESSION_MAX (32u << 10)

/* clang-format off */
static const struct form {
	const char *inside;	/* the member that has the others, or NULL */
	const char *id, *secret, *session, *ends, *account;
	bool lasts;		/* keys without a session token are possible */
} forms[AWS_KEYS_FORMS] = {
	[AWS_KEYS_PROCESS]  = { NULL,              "AccessKeyId", "SecretAccessKey", "SessionToken",
				"Expiration", "AccountId", true },
	[AWS_KEYS_METADATA] = { NULL,              "AccessKeyId", "SecretAccessKey", "Token",
				"Expiration", "AccountId", false },
	[AWS_KEYS_PORTAL]   = { "roleCredentials", "accessKeyId", "secretAccessKey", "sessionToken",
				"expiration", NULL,        false },
	[AWS_KEYS_ASSUMED]  = { "Credentials",     "AccessKeyId", "SecretAccessKey", "SessionToken",
				"Expiration", NULL,        false },
	[AWS_KEYS_CREATED]  = { "AccessKey",       "AccessKeyId", "SecretAccessKey", NULL,
				NULL,         NULL,        true },
};
/* clang-format on */

void aws_keys_done(struct aws_keys *k)
{
	g_clear_pointer(&k->id, g_free);
	g_clear_pointer(&k->secret, secret_free);
	g_clear_pointer(&k->session, secret_free);
	g_clear_pointer(&k->account, g_free);
	k->ends = 0;
}

/* ---- checking ---- */

bool aws_keys_read_id(const char *id)
{
	size_t len = strlen(id);

	if (len < 16 || len > 128)
		return false;
	for (const char *c = id; *c; c++)
		if (!g_ascii_isalnum(*c) && *c != '_')
			return false;
	return true;
}

static bool is_fit(const struct secret *s, size_t max)
{
	if (!s->len || s->len > max)
		return false;
	for (size_t i = 0; i < s->len; i++)
		if (!g_ascii_isgraph(s->bytes[i]))
			return false;
	return true;
}

static bool refuse(const char *what, const char *wrong, GError **error)
{
	g_set_error(error, ERR, ERR_FORMAT, "%s: %s", what, wrong);
	return false;
}

bool aws_keys_check(const struct aws_keys *k, const char *what, GError **error)
{
	if (!k->id || !*k->id)
		return refuse(what, "there is no access key id", error);
	if (!aws_keys_read_id(k->id))
		return refuse(what, "the access key id is none: it has 16 letters and digits or "
			      "more, as in AKIA…", error);
	if (!k->secret)
		return refuse(what, "there is no secret access key beside the access key id", error);
	if (!is_fit(k->secret, SECRET_MAX))
		return refuse(what, "the secret access key is none", error);
	if (k->session && !is_fit(k->session, SESSION_MAX))
		return refuse(what, "the session token is none", error);
	return true;
}

/* ---- times ---- */

/* ISO 8601, with UTC or Z or an offset behind it, perhaps with a fraction. */
int64_t aws_keys_time(const char *text)
{
	g_autoptr(GString) plain = g_string_new(text);
	size_t dot = strcspn(plain->str, ".");
	int64_t when;

	if (g_str_has_suffix(plain->str, "UTC")) {
		g_string_truncate(plain, plain->len - strlen("UTC"));
		g_string_append_c(plain, 'Z');
	}
	if (dot < plain->len)
		g_string_erase(plain, (gssize)dot,
			       (gssize)(1 + strspn(plain->str + dot + 1, "0123456789")));
	return clock_read_date(plain->str, &when) && when > 0 ? when : 0;
}

/* As a text, or as milliseconds since 1970, which is how the portal says it. */
static int64_t time_of(const struct json *j, const char *name)
{
	const char *text = json_str(j, name);
	int64_t ms;

	if (text)
		return aws_keys_time(text);
	return json_int(j, name, &ms) && ms > 0 ? ms / 1000 : 0;
}

/* ---- reading ---- */

static const struct json *members(const struct json *j, const struct form *f)
{
	return f->inside ? json_get(j, f->inside) : j;
}

bool aws_keys_is_form(const struct json *j, enum aws_keys_form form)
{
	const struct form *f = &forms[form];
	const struct json *in = members(j, f);

	return json_str(in, f->id) && json_str(in, f->secret);
}

static struct secret *secret_of(const struct json *j, const char *name)
{
	const char *text = name ? json_str(j, name) : NULL;

	return text && *text ? secret_new(text, strlen(text)) : NULL;
}

static bool is_account(const char *text)
{
	return strlen(text) == 12 && strspn(text, "0123456789") == 12;
}

bool aws_keys_read(const struct json *j, enum aws_keys_form form, const char *what,
		   struct aws_keys *ret, GError **error)
{
	const struct form *f = &forms[form];
	const struct json *in = members(j, f);
	const char *account = f->account ? json_str(in, f->account) : NULL;
	struct aws_keys k = {
		.id = g_strdup(json_str(in, f->id)),
		.secret = secret_of(in, f->secret),
		.session = secret_of(in, f->session),
		.ends = f->ends ? time_of(in, f->ends) : 0,
		.account = account && is_account(account) ? g_strdup(account) : NULL,
	};
	bool fine = aws_keys_check(&k, what, error);

	if (fine && !k.session && !f->lasts)
		fine = refuse(what, "there is no session token", error);
	if (fine && f->ends && json_get(in, f->ends) && !json_is_null(json_get(in, f->ends)) &&
	    !k.ends)
		fine = refuse(what, "when the keys end is not understood", error);
	if (!fine) {
		aws_keys_done(&k);
		return false;
	}
	*ret = k;
	return true;
}

void aws_keys_give(struct aws_keys *k, struct args *to)
{
	args_set(to, "access-key", k->id);
	args_put_secret(to, "secret-key", g_steal_pointer(&k->secret));
	args_put_secret(to, "session-token", g_steal_pointer(&k->session));
}
