/*
 * vault_login: the ways to sign in, each a row and a few steps.
 *
 * All end with an "auth" block, which has the token and its life, or with a demand for a second
 * factor (mfa_requirement), which is met by a code when a person gave one and the server wants
 * one code, or by waiting when it asks the person's telephone itself.
 */
#include "vault_own.h"

#include <string.h>

#include <certty/base/text.h>

#define MFA_WAIT_MS 90000	/* for somebody to find their telephone */

static step_fn begin_token, begin_agent, begin_place, begin_approle, begin_password, begin_jwt,
	begin_cert;
static step_fn unwrapped, place_read, jwt_read, heard, factor_heard;

#define AGAIN "sign in with the tool that keeps it, or give a token"

/* clang-format off */
const struct vault_method vault_methods[] = {
	{ "token",        begin_token,    false, "the token is unknown, revoked or has ended; "
						 "give a new one" },
	{ "approle",      begin_approle,  true,  "check role ID and secret ID, which may have ended "
						 "or be used up" },
	{ "userpass",     begin_password, true,  "check user and password" },
	{ "ldap",         begin_password, true,  "check user and password" },
	{ "jwt",          begin_jwt,      true,  "check the role, and whether the JWT has ended and "
						 "is meant for this server" },
	{ "kubernetes",   begin_jwt,      true,  "check the role, and the service account's token" },
	{ "cert",         begin_cert,     true,  "check the role, and whether it trusts the "
						 "certificate that is shown (cert-file)" },
	{ "environment",  begin_place,    false, AGAIN },
	{ "token-file",   begin_place,    false, AGAIN },
	{ "token-helper", begin_place,    false, AGAIN },
	{ "agent",        begin_agent,    false, "the agent there has no token of its own, or does "
						 "not add it" },
	{ NULL }
};
/* clang-format on */

/* ---- tokens that are there ---- */

static struct next use(struct op *op, const struct secret *token)
{
	struct vault *v = op->scratch;

	if (!vault_token_is_fit(token->bytes, token->len))
		return next_fail(op, ERR_FORMAT, "what should be a token for Vault at %s is none: it "
				 "is empty, too long, or has blanks in it", v->at);
	v->token = secret_dup(token);
	return vault_look(op);
}

static struct next missing(struct op *op, const char *key)
{
	const struct vault *v = op->scratch;
	const struct field *f = field_find(vault_fields, key);

	return next_fail(op, ERR_SIGN_IN, "Vault at %s: signing in by %s needs an answer to "
			 "%s (%s)", v->at, v->method->name, f->label, f->key);
}

static struct next begin_token(struct op *op, const struct reply *none)
{
	const struct secret *token = args_secret(op->login, VAULT_TOKEN);

	(void)none;
	return token ? use(op, token) : missing(op, VAULT_TOKEN);
}

static struct next begin_agent(struct op *op, const struct reply *none)
{
	(void)none;
	return vault_look(op);
}

static struct next begin_place(struct op *op, const struct reply *none)
{
	const struct vault *v = op->scratch;
	bool is_bao = strcmp(args_text(op->login, "tool", "bao"), "vault") != 0;

	(void)none;
	return next_work(vault_read(v->method->name, args_get(op->login, "file"), is_bao),
			 place_read);
}

static struct next place_read(struct op *op, const struct reply *none)
{
	struct vault *v = op->scratch;
	struct vault_reading *in = op->work->in;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	v->from = g_strdup(in->from);
	return use(op, in->secret);
}

/* ---- logins ---- */

static char *mount_of(const struct op *op)
{
	const struct vault *v = op->scratch;
	g_autofree char *mount = g_strdup(args_text(op->login, "mount", ""));
	char *start = mount, *end;

	start += strspn(start, "/");
	if (g_str_has_prefix(start, "auth/"))
		start += strlen("auth/");
	for (end = start + strlen(start); end > start && end[-1] == '/';)
		*--end = '\0';
	return g_uri_escape_string(*start ? start : v->method->name, "/", FALSE);
}

static struct next log_in(struct op *op, const char *user, GString *body)
{
	g_autofree char *mount = mount_of(op);
	g_autofree char *path = g_strconcat("auth/", mount, "/login", user ? "/" : NULL, user, NULL);

	return next_send(vault_ask_as(op, path, body, NULL), heard);
}

static void put(struct json_writer *w, const char *key, const char *value)
{
	if (value && *value)
		json_put_str(w, key, value);
}

static struct next log_in_by_role_and(struct op *op, const char *role, const char *secret_key,
				      const struct secret *secret)
{
	struct json_writer w = { .out = vault_body_new(secret ? secret->len : 0) };

	json_open(&w, NULL, '{');
	put(&w, role, args_get(op->login, !strcmp(role, "role_id") ? "role-id" : "role"));
	if (secret)
		json_put_str(&w, secret_key, secret->bytes);
	json_close(&w, '}');
	return log_in(op, NULL, w.out);
}

static struct next begin_approle(struct op *op, const struct reply *none)
{
	const struct secret *secret = args_secret(op->login, "secret-id");
	const struct secret *kept =
		op->access ? args_secret(op->access->with, "unwrapped") : NULL;
	GString *body;

	(void)none;
	if (!*args_text(op->login, "role-id", ""))
		return missing(op, "role-id");
	if (!args_bool(op->login, "wrapped"))
		return log_in_by_role_and(op, "role_id", "secret_id", secret);
	if (kept)
		return log_in_by_role_and(op, "role_id", "secret_id", kept);
	if (!secret || !vault_token_is_fit(secret->bytes, secret->len))
		return missing(op, "secret-id");
	body = vault_body_new(0);
	g_string_append(body, "{}");
	return next_send(vault_ask_as(op, "sys/wrapping/unwrap", body, secret), unwrapped);
}

/* Whoever unwraps gets it, and nobody after that. */
static struct next unwrapped(struct op *op, const struct reply *r)
{
	struct vault *v = op->scratch;
	g_autoptr(json) j = vault_json(r);
	const char *id = json_str(json_get(j, "data"), "secret_id");

	if (!j)
		return vault_fail(op, r, "unwrapping the secret ID",
				  "the wrapping token has ended or was used: if it was not by you, "
				  "somebody else has the secret ID; get a new one");
	if (!id)
		return next_fail(op, ERR_FORMAT, "Vault at %s: what was wrapped is no secret ID; wrap "
				 "the answer of auth/approle/role/NAME/secret-id", v->at);
	v->given = secret_new(id, strlen(id));
	if (!v->given)
		return next_fail(op, ERR_LIMIT, "there is no more room for secrets; close something");
	return log_in_by_role_and(op, "role_id", "secret_id", v->given);
}

static struct next begin_password(struct op *op, const struct reply *none)
{
	const struct secret *password = args_secret(op->login, "password");
	const char *user = args_text(op->login, "user", "");
	g_autofree char *escaped = g_uri_escape_string(user, NULL, FALSE);
	struct json_writer w = { 0 };

	(void)none;
	if (!*user)
		return missing(op, "user");
	if (!password || !password->len)
		return missing(op, "password");
	w.out = vault_body_new(password->len);
	json_open(&w, NULL, '{');
	json_put_str(&w, "password", password->bytes);
	json_close(&w, '}');
	return log_in(op, escaped, w.out);
}

static struct next begin_cert(struct op *op, const struct reply *none)
{
	struct json_writer w = { .out = vault_body_new(0) };

	(void)none;
	json_open(&w, NULL, '{');
	put(&w, "name", args_get(op->login, "role"));
	json_close(&w, '}');
	return log_in(op, NULL, w.out);
}

static struct next begin_jwt(struct op *op, const struct reply *none)
{
	const struct vault *v = op->scratch;
	const struct secret *jwt = args_secret(op->login, "jwt");
	const char *file = args_text(op->login, "jwt-file", "");

	(void)none;
	if (!*file && jwt)
		return log_in_by_role_and(op, "role", "jwt", jwt);
	if (!*file && !strcmp(v->method->name, "kubernetes"))
		file = "/var/run/secrets/kubernetes.io/serviceaccount/token";
	if (!*file)
		return missing(op, "jwt");
	return next_work(vault_read("jwt", file, true), jwt_read);
}

static struct next jwt_read(struct op *op, const struct reply *none)
{
	struct vault *v = op->scratch;
	struct vault_reading *in = op->work->in;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	v->from = g_strdup(in->from);
	return log_in_by_role_and(op, "role", "jwt", in->secret);
}

/* ---- a second factor ---- */

struct factor {
	const char *request, *id, *type;
	bool wants_code;
};

/* The first way of each constraint; false when there is more than one constraint, which one
 * code cannot meet. */
static bool read_factor(const struct json *demand, struct factor *ret)
{
	const struct json *constraints = json_get(demand, "mfa_constraints");
	const struct json *way = json_at(json_get(json_at(constraints, 0), "any"), 0);

	ret->request = json_str(demand, "mfa_request_id");
	ret->id = json_str(way, "id");
	ret->type = json_str(way, "type");
	ret->wants_code = json_bool(way, "uses_passcode", false);
	return json_count(constraints) == 1 && ret->request && ret->id;
}

static struct next send_factor(struct op *op, const struct factor *f, const struct secret *code)
{
	struct json_writer w = { .out = vault_body_new(code ? code->len : 0) };
	struct request_out *r;

	json_open(&w, NULL, '{');
	json_put_str(&w, "mfa_request_id", f->request);
	json_open(&w, "mfa_payload", '{');
	json_open(&w, f->id, '[');
	if (code)
		json_put_str(&w, NULL, code->bytes);
	json_close(&w, ']');
	json_close(&w, '}');
	json_close(&w, '}');
	r = vault_ask_as(op, "sys/mfa/validate", w.out, NULL);
	r->timeout_ms = MFA_WAIT_MS;
	return next_send(r, factor_heard);
}

static struct next meet(struct op *op, const struct json *demand)
{
	const struct vault *v = op->scratch;
	const struct secret *code = args_secret(op->login, "code");
	struct factor f;
	g_autofree char *type = NULL;

	if (!read_factor(demand, &f))
		return next_fail(op, ERR_SIGN_IN, "Vault at %s wants several more factors for this "
				 "sign-in, which certty cannot give; sign in with the bao or vault "
				 "command and use its token", v->at);
	type = text_harmless_dup(f.type ? f.type : "second factor", 40);
	if (f.wants_code && !code) {
		op->wants = WANT_CODE;
		return next_fail(op, ERR_SIGN_IN, "Vault at %s wants a one-time code as well (%s); "
				 "test the account and give one", v->at, type);
	}
	return send_factor(op, &f, f.wants_code ? code : NULL);
}

/* ---- the end of every login ---- */

static struct next take(struct op *op, const struct json *auth)
{
	struct vault *v = op->scratch;
	const char *token = json_str(auth, "client_token");

	if (!token || !vault_token_is_fit(token, strlen(token)))
		return next_fail(op, ERR_REPLY, "Vault at %s let us in without a token; if it wraps "
				 "its answers, it must not do so here", v->at);
	v->token = secret_new(token, strlen(token));
	if (!v->token)
		return next_fail(op, ERR_LIMIT, "there is no more room for secrets; close something");
	memset(&v->life, 0, sizeof(v->life));
	json_int(auth, "lease_duration", &v->life.ttl);
	v->life.ttl = v->life.span = CLAMP(v->life.ttl, 0, G_MAXINT32);
	v->life.is_renewable = json_bool(auth, "renewable", false);
	return vault_open(op);
}

static struct next heard(struct op *op, const struct reply *r)
{
	const struct vault *v = op->scratch;
	const char *advice = v->given ? "check the role ID; the wrapping token was opened for this and "
					"is used up, so a new one is needed" : v->method->advice;
	g_autoptr(json) j = vault_json(r);
	const struct json *auth = json_get(j, "auth");
	const struct json *demand = json_get(auth, "mfa_requirement");
	g_autofree char *mount = NULL, *tried = NULL;

	if (!json_is_null(demand) && json_count(demand))
		return meet(op, demand);
	if (j)
		return take(op, auth);
	mount = mount_of(op);
	tried = g_strdup_printf("signing in by %s at auth/%s", v->method->name, mount);
	return vault_fail(op, r, tried, advice);
}

static struct next factor_heard(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = vault_json(r);

	if (j)
		return take(op, json_get(j, "auth"));
	return vault_fail(op, r, "giving the second factor", "check the code, which is good once and "
			  "for half a minute, or confirm on the telephone");
}
