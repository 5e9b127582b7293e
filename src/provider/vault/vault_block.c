/*
 * vault_block: answers out of what people copy: a token, an AppRole as JSON (also as the commands
 * print it with -format=json, wrapped or not), or lines that set VAULT_ and BAO_ variables.
 */
#include "vault_own.h"

#include <string.h>

#include <certty/base/err.h>
#include <certty/base/text.h>

static bool put_secret(struct args *ret, const char *key, const char *value, GError **error)
{
	struct secret *s = secret_new(value, strlen(value));

	if (!s) {
		g_set_error(error, ERR, ERR_LIMIT, "there is no more room for secrets; close something");
		return false;
	}
	args_put_secret(ret, key, s);
	return true;
}

static bool refuse(GError **error, const char *what)
{
	g_set_error(error, ERR, ERR_FORMAT, "%s", what);
	return false;
}

/* ---- a token ---- */

static bool looks_like_token(const char *text, size_t len)
{
	static const char *const starts[] = { "hvs.", "hvb.", "hvr.", "s.", "b.", "r." };

	for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
		size_t n = strlen(starts[i]);

		if (len < n + 16 || strncmp(text, starts[i], n))
			continue;
		for (; n < len; n++)
			if (!g_ascii_isalnum(text[n]) && !strchr("-_.", text[n]))
				return false;
		return len <= VAULT_TOKEN_MAX;
	}
	return false;
}

static bool take_token(const char *token, struct args *ret, GError **error)
{
	if (!vault_token_is_fit(token, strlen(token)))
		return refuse(error, "its token is none: it is empty, too long, or has blanks in it");
	if (!put_secret(ret, VAULT_TOKEN, token, error))
		return false;
	args_set(ret, "auth", "token");
	return true;
}

/* ---- JSON ---- */

/* "auth/MOUNT/role/NAME/secret-id", where a wrapped secret ID came from. */
static char *mount_of(const char *creation_path)
{
	const char *start = creation_path + strlen("auth/");
	const char *end;

	if (!g_str_has_prefix(creation_path, "auth/") ||
	    !g_str_has_suffix(creation_path, "/secret-id"))
		return NULL;
	end = strstr(start, "/role/");
	return end && end > start ? g_strndup(start, (gsize)(end - start)) : NULL;
}

static bool take_wrapped(const struct json *wrap, struct args *ret, GError **error)
{
	const char *token = json_str(wrap, "token");
	const char *path = json_str(wrap, "creation_path");
	g_autofree char *mount = path ? mount_of(path) : NULL;

	if (!mount || !g_utf8_validate(mount, -1, NULL) || strpbrk(mount, " \t\r\n?#"))
		return refuse(error, "what is wrapped there is no secret ID of an AppRole");
	if (!vault_token_is_fit(token ? token : "", token ? strlen(token) : 0))
		return refuse(error, "its wrapping token is none");
	if (!put_secret(ret, "secret-id", token, error))
		return false;
	args_set(ret, "auth", "approle");
	args_set(ret, "wrapped", "yes");
	if (strcmp(mount, "approle"))
		args_set(ret, "mount", mount);
	return true;
}

static bool take_approle(const struct json *j, struct args *ret, GError **error)
{
	const char *role = json_str(j, "role_id"), *secret = json_str(j, "secret_id");

	if ((role && !vault_token_is_fit(role, strlen(role))) ||
	    (secret && !vault_token_is_fit(secret, strlen(secret))))
		return refuse(error, "its role_id or secret_id is none: it is empty or has blanks");
	if (secret && !put_secret(ret, "secret-id", secret, error))
		return false;
	args_set(ret, "auth", "approle");
	if (role)
		args_set(ret, "role-id", role);
	return true;
}

static bool take_json(const struct json *j, struct args *ret, GError **error)
{
	const struct json *data = json_get(j, "data"), *wrap = json_get(j, "wrap_info");
	const char *token = json_str(json_get(j, "auth"), "client_token");

	if (json_count(wrap))
		return take_wrapped(wrap, ret, error);
	if (token)
		return take_token(token, ret, error);
	if (!json_str(j, "role_id") && !json_str(j, "secret_id"))
		j = data;
	if (json_str(j, "role_id") || json_str(j, "secret_id"))
		return take_approle(j, ret, error);
	return false;
}

/* ---- lines that set variables ---- */

struct variable {
	const char *name, *key;
	bool is_secret;
	const char *auth;	/* what it means for the way to sign in; or NULL */
};

/* clang-format off */
static const struct variable variables[] = {
	{ "ADDR",            VAULT_AT,    false, NULL },
	{ "NAMESPACE",       VAULT_SPACE, false, NULL },
	{ "TOKEN",           VAULT_TOKEN, true,  "token" },
	{ "ROLE_ID",         "role-id",   false, "approle" },
	{ "SECRET_ID",       "secret-id", true,  "approle" },
	{ "CACERT",          "ca-file",   false, NULL },
	{ "CLIENT_CERT",     "cert-file", false, NULL },
	{ "CLIENT_KEY",      "key-file",  false, NULL },
	{ "TLS_SERVER_NAME", "tls-name",  false, NULL },
	{ "HTTP_PROXY",      "proxy",     false, NULL },
	{ "PROXY_ADDR",      "proxy",     false, NULL },
};
/* clang-format on */

static const struct variable *variable_of(const char *name)
{
	const char *rest = g_str_has_prefix(name, "BAO_") ? name + strlen("BAO_") :
		g_str_has_prefix(name, "VAULT_") ? name + strlen("VAULT_") : NULL;

	for (size_t i = 0; rest && i < G_N_ELEMENTS(variables); i++)
		if (!strcmp(variables[i].name, rest))
			return &variables[i];
	return NULL;
}

/* One pair of quotes is taken off; a shell's other ways of writing are not for values. */
static void unquote(char *value)
{
	size_t len = strlen(value);

	if (len < 2 || (*value != '"' && *value != '\'') || value[len - 1] != *value)
		return;
	memmove(value, value + 1, len - 2);
	value[len - 2] = '\0';
}

/* What BAO_ names say stands, whatever VAULT_ names say after it or said before. */
static bool take_variable(const struct variable *v, const char *value, bool is_bao,
			  struct args *bao, struct args *ret, GError **error)
{
	if (!is_bao && args_get(bao, v->key))
		return true;
	if (is_bao)
		args_set(bao, v->key, "");
	if (strlen(value) > VAULT_TOKEN_MAX || !g_utf8_validate(value, -1, NULL))
		return refuse(error, "one of its values is too long, or no text");
	if (v->is_secret && !vault_token_is_fit(value, strlen(value)))
		return refuse(error, "its token or secret ID is none: it is empty, too long, or has "
			      "blanks in it");
	if (v->auth)
		args_set(ret, "auth", v->auth);
	if (v->is_secret)
		return put_secret(ret, v->key, value, error);
	args_set(ret, v->key, value);
	return true;
}

static bool take_line(char *line, struct args *bao, struct args *ret, GError **error)
{
	char *text = g_strstrip(line), *equals;
	const struct variable *v;

	if (g_str_has_prefix(text, "export "))
		text = g_strchug(text + strlen("export "));
	equals = strchr(text, '=');
	if (!equals || equals == text)
		return true;
	*equals = '\0';
	v = variable_of(g_strchomp(text));
	unquote(g_strstrip(equals + 1));
	return !v || take_variable(v, equals + 1, *text == 'B', bao, ret, error);
}

static bool take_lines(const struct secret *block, struct args *ret, GError **error)
{
	g_autoptr(args) bao = args_new();
	struct secret *copy = secret_dup(block);
	char *line = copy ? copy->bytes : NULL;
	bool ok = copy != NULL;

	while (ok && line) {
		char *next = strchr(line, '\n');

		if (next)
			*next++ = '\0';
		ok = take_line(line, bao, ret, error);
		line = next;
	}
	if (!copy)
		refuse(error, "there is no more room for secrets; close something");
	secret_free(copy);
	return ok;
}

/* ---- which of them ---- */

/* Taken whole or not at all. */
static bool take(const struct secret *block, const char *text, size_t len, struct args *ret,
		 GError **error)
{
	g_autoptr(json) j = NULL;
	g_autofree char *token = NULL;
	bool ok;

	if (*text == '{') {
		j = json_parse(text, len, PASTE_MAX, NULL);
		return take_json(j, ret, error);
	}
	if (!looks_like_token(text, len))
		return take_lines(block, ret, error);
	token = g_strndup(text, len);
	ok = take_token(token, ret, error);
	secret_clear(token, len);
	return ok;
}

static bool is_something(const struct args *a)
{
	g_auto(GStrv) plain = args_keys(a), secrets = args_secret_keys(a);

	return *plain || *secrets;
}

bool vault_block(const struct secret *block, struct args *ret, GError **error)
{
	g_autoptr(args) found = args_new();
	const char *text = block->bytes;
	size_t len = block->len;

	if (len > PASTE_MAX || memchr(text, '\0', len))
		return false;
	while (len && g_ascii_isspace(text[len - 1]))
		len--;
	while (len && g_ascii_isspace(*text))
		text++, len--;
	if (!len || !take(block, text, len, found, error) || !is_something(found))
		return false;
	args_add(ret, found);
	return true;
}
