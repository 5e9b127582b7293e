/*
 * keyfactor_sign_in: what Command's requests are signed with.
 *
 * A password goes with each request, as does a token; only an OAuth client is a sign-in of its
 * own, at an identity provider somewhere else.  Kerberos is the transport's, which negotiates
 * with the ticket of the session.
 */
#include "keyfactor_own.h"

#include <string.h>

#include <certty/base/file.h>
#include <certty/base/text.h>
#include <certty/net/token.h>

static step_fn begin_basic, begin_oauth, begin_token, begin_kerberos, begin_elsewhere;
static step_fn told, read_elsewhere;

/* clang-format off */
static const struct {
	const char *name;
	step_fn *begin;
} methods[] = {
	{ "basic",       begin_basic },
	{ "oauth",       begin_oauth },
	{ "token",       begin_token },
	{ "kerberos",    begin_kerberos },
	{ "config-file", begin_elsewhere },
	{ "environment", begin_elsewhere },
};
/* clang-format on */

char *keyfactor_address(const struct args *answers)
{
	g_autofree char *host = g_strdup(args_text(answers, "host", ""));
	g_autofree char *path = g_strdup(args_text(answers, "api-path", KEYFACTOR_PATH));
	const char *start = path + strspn(path, "/");

	for (size_t len = strlen(host); len && host[len - 1] == '/'; len--)
		host[len - 1] = '\0';
	for (size_t len = strlen(start); len && start[len - 1] == '/'; len--)
		path[start - path + (gssize)len - 1] = '\0';
	return g_strconcat(strstr(host, "://") ? "" : "https://", host, "/", start, NULL);
}

static struct next begin(struct op *op, bool may_be_elsewhere)
{
	const struct keyfactor *k = op->scratch;
	const char *auth = args_text(k->login, "auth", "basic");

	for (size_t i = 0; i < G_N_ELEMENTS(methods); i++)
		if (!strcmp(methods[i].name, auth) &&
		    (may_be_elsewhere || methods[i].begin != begin_elsewhere))
			return methods[i].begin(op, NULL);
	return next_fail(op, ERR_USAGE, "'%s' is no way to sign in to Keyfactor Command", auth);
}

struct next keyfactor_sign_in(struct op *op, const struct reply *none)
{
	struct keyfactor *k = op->scratch;

	(void)none;
	k->login = args_dup(op->login);
	k->at = keyfactor_address(k->login);
	return begin(op, true);
}

static struct next missing(struct op *op, const char *key)
{
	const struct keyfactor *k = op->scratch;
	const struct field *f = field_find(keyfactor_fields, key);

	return next_fail(op, ERR_SIGN_IN, "Keyfactor Command at %s: signing in by %s needs an answer "
			 "to %s (%s)%s%s", k->at, args_text(k->login, "auth", "basic"), f->label,
			 f->key, k->from ? ", which is not in " : "", k->from ? k->from : "");
}

static const char *first_missing(const struct keyfactor *k, const char *const *keys)
{
	for (; *keys; keys++) {
		const struct secret *s = args_secret(k->login, *keys);

		if (!(s && s->len) && !*args_text(k->login, *keys, ""))
			return *keys;
	}
	return NULL;
}

/* ---- opened ---- */

static struct next open_with(struct op *op, const char *kind, const char *key, int64_t ends)
{
	struct keyfactor *k = op->scratch;
	struct access *a = access_new();

	args_set(a->with, "at", k->at);
	args_set(a->with, "auth", kind);
	args_set(a->with, "name", args_get(k->login, !strcmp(kind, "basic") ? "user" : "client-id"));
	if (key)
		args_put_secret(a->with, key, secret_dup(args_secret(k->login, key)));
	a->from = g_steal_pointer(&k->from);
	a->ends = ends;
	a->is_renewable = ends > 0;
	op_open(op, a);
	return next_done();
}

/* DOMAIN\user, unless the name already says where it is from. */
static struct next begin_basic(struct op *op, const struct reply *none)
{
	static const char *const keys[] = { "user", "password", NULL };
	struct keyfactor *k = op->scratch;
	const char *lacks = first_missing(k, keys);
	const char *user = args_get(k->login, "user");
	const char *domain = args_text(k->login, "domain", "");

	(void)none;
	if (lacks)
		return missing(op, lacks);
	if (*domain && !strpbrk(user, "\\@")) {
		g_autofree char *whole = g_strconcat(domain, "\\", user, NULL);

		args_set(k->login, "user", whole);
	}
	/* RFC 7617: the colon ends the name. */
	if (strchr(args_get(k->login, "user"), ':'))
		return next_fail(op, ERR_USAGE, "Keyfactor Command at %s: a user's name has no colon in "
				 "it when it is sent with a password", k->at);
	return open_with(op, "basic", "password", 0);
}

static bool is_fit(const struct secret *token)
{
	for (size_t i = 0; i < token->len; i++)
		if (!g_ascii_isgraph(token->bytes[i]))
			return false;
	return token->len > 0;
}

static struct next begin_token(struct op *op, const struct reply *none)
{
	static const char *const keys[] = { "token", NULL };
	struct keyfactor *k = op->scratch;

	(void)none;
	if (first_missing(k, keys))
		return missing(op, "token");
	if (!is_fit(args_secret(k->login, "token")))
		return next_fail(op, ERR_FORMAT, "what should be a token for Keyfactor Command at %s has "
				 "blanks in it", k->at);
	return open_with(op, "token", "token", 0);
}

static struct next begin_kerberos(struct op *op, const struct reply *none)
{
	(void)none;
	return open_with(op, "kerberos", NULL, 0);
}

/* ---- an OAuth client ---- */

static const char *answer(const struct keyfactor *k, const char *key)
{
	const char *value = args_text(k->login, key, "");

	return *value ? value : NULL;
}

/* RFC 6749 2.3.1: the secret of a client is encoded as in a form before it goes into Basic. */
static struct secret *escaped(const struct secret *s)
{
	char *text = g_uri_escape_string(s->bytes, NULL, FALSE);
	struct secret *ret = secret_new(text, strlen(text));

	secret_wipe(text, strlen(text));
	return ret;
}

static bool add_header_auth(const struct keyfactor *k, struct request_out *r)
{
	g_autofree char *id = g_uri_escape_string(answer(k, "client-id"), NULL, FALSE);
	g_autoptr(secret) secret = escaped(args_secret(k->login, "client-secret"));

	if (secret)
		token_basic(r, id, secret);
	return secret != NULL;
}

static struct next begin_oauth(struct op *op, const struct reply *none)
{
	static const char *const keys[] = { "client-id", "client-secret", "token-url", NULL };
	struct keyfactor *k = op->scratch;
	const char *lacks = first_missing(k, keys);
	bool in_header = !strcmp(args_text(k->login, "client-auth", "body"), "header");
	g_autoptr(request_out) r = NULL;

	(void)none;
	if (lacks)
		return missing(op, lacks);
	r = token_request(args_get(k->login, "token-url"), "grant_type", "client_credentials",
			  "client_id", in_header ? NULL : answer(k, "client-id"), "scope",
			  answer(k, "scopes"), "audience", answer(k, "audience"), NULL);
	if (!in_header)
		token_add_secret(r, "client_secret", args_secret(k->login, "client-secret"));
	else if (!add_header_auth(k, r))
		return next_fail(op, ERR_LIMIT, "there is no more room for secrets; close something");
	return next_send(g_steal_pointer(&r), told);
}

static struct next told(struct op *op, const struct reply *r)
{
	struct keyfactor *k = op->scratch;
	g_autoptr(GError) error = NULL;
	struct token t = { 0 };

	if (!token_read(r, op->now, &t, &error)) {
		g_autofree char *at = text_harmless_dup(args_get(k->login, "token-url"), 200);

		return next_fail(op, (enum err)error->code, "signing in at %s: %s", at,
				 error->message);
	}
	args_put_secret(k->login, "token", g_steal_pointer(&t.access));
	return open_with(op, "token", "token", t.ends);
}

/* ---- as the tools of Keyfactor do ---- */

static struct next begin_elsewhere(struct op *op, const struct reply *none)
{
	struct keyfactor *k = op->scratch;
	const char *auth = args_get(k->login, "auth"), *path = args_get(k->login, "config");

	(void)none;
	if (!strcmp(auth, "environment")) {
		k->from = g_strdup("KEYFACTOR_ variables");
	} else {
		g_autofree char *file = path && *path ? g_strdup(path) : keyfactor_config_file();

		k->from = file_shown(file);
	}
	return next_work(keyfactor_read(auth, path, args_text(k->login, "server", "default")),
			 read_elsewhere);
}

/* The secrets that lie there are for the server that was named there: whoever changed one of the
 * two must not get the other's. */
static struct next read_elsewhere(struct op *op, const struct reply *none)
{
	struct keyfactor *k = op->scratch;
	g_autofree char *theirs = NULL;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	theirs = keyfactor_address(op->work->out);
	if (strcmp(theirs, k->at))
		return next_fail(op, ERR_SIGN_IN, "Keyfactor Command at %s: %s now names %s; look for "
				 "accounts again", k->at, k->from, theirs);
	args_free(k->login);
	k->login = g_steal_pointer((struct args **)&op->work->out);
	return begin(op, false);
}

/* ---- what is done with it ---- */

static bool has_header(const struct request_out *r, const char *name)
{
	for (guint i = 0; i < r->headers->len; i++)
		if (!g_ascii_strcasecmp(g_array_index(r->headers, struct header, i).name, name))
			return true;
	return false;
}

static void add_header(struct request_out *r, const char *name, const char *value)
{
	if (!has_header(r, name))
		exchange_header(r, name, value);
}

/* A route is shared by the account's requests, so it is another that negotiates. */
static void negotiate(struct request_out *r)
{
	struct route *own;

	if (r->route && r->route->negotiates)
		return;
	own = r->route ? route_dup(r->route) : route_new();
	own->negotiates = true;
	route_unref(r->route);
	r->route = own;
}

bool keyfactor_sign(struct request_out *r, const struct access *a, int64_t now, GError **error)
{
	const char *auth = args_text(a->with, "auth", "");

	(void)now;
	(void)error;
	add_header(r, "x-keyfactor-requested-with", "APIClient");
	add_header(r, "x-keyfactor-api-version", "1");
	add_header(r, "Accept", "application/json");
	if (!strcmp(auth, "basic"))
		token_basic(r, args_get(a->with, "name"), args_secret(a->with, "password"));
	else if (!strcmp(auth, "token"))
		token_bearer(r, args_secret(a->with, "token"));
	else
		negotiate(r);
	return true;
}

bool keyfactor_is_signed_out(const struct reply *r, const struct access *a)
{
	(void)a;
	return r->status == 401;
}
