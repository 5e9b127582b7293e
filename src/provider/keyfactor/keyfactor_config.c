/*
 * keyfactor_config: what Keyfactor's own tools know: ~/.keyfactor/command_config.json with its
 * servers, and KEYFACTOR_ variables.
 *
 * Both say the same things under names of their own; one table has them.  How to sign in follows
 * from what is there, as it does for the tools: a token, else an OAuth client, else a password.
 */
#include "keyfactor_own.h"

#include <string.h>

#include <certty/base/err.h>
#include <certty/base/file.h>
#include <certty/base/text.h>

struct name {
	const char *key;
	const char *in_file;
	const char *variable;	/* after KEYFACTOR_ */
	bool is_secret;
};

/* clang-format off */
static const struct name names[] = {
	{ "host",          "host",          "HOSTNAME",           false },
	{ "api-path",      "api_path",      "API_PATH",           false },
	{ "user",          "username",      "USERNAME",           false },
	{ "domain",        "domain",        "DOMAIN",             false },
	{ "password",      "password",      "PASSWORD",           true },
	{ "client-id",     "client_id",     "AUTH_CLIENT_ID",     false },
	{ "client-secret", "client_secret", "AUTH_CLIENT_SECRET", true },
	{ "token-url",     "token_url",     "AUTH_TOKEN_URL",     false },
	{ "audience",      "audience",      "AUTH_AUDIENCE",      false },
	{ "scopes",        "scopes",        "AUTH_SCOPES",        false },
	{ "token",         "access_token",  "AUTH_ACCESS_TOKEN",  true },
	{ "ca-file",       "ca_cert_path",  "CA_CERT",            false },
};
/* clang-format on */

/* ---- one value ---- */

static const struct field *field_of(const char *key)
{
	const struct field *f = field_find(keyfactor_fields, key);

	return f ? f : field_find(account_common_fields, key);
}

static bool is_text(const char *value)
{
	for (const char *c = value; *c; c++)
		if (g_ascii_iscntrl(*c))
			return false;
	return g_utf8_validate(value, -1, NULL) && strlen(value) <= KEYFACTOR_VALUE_MAX;
}

static bool put(struct args *ret, const struct name *n, const char *value, GError **error)
{
	struct secret *s;

	if (!is_text(value)) {
		g_set_error(error, ERR, ERR_FORMAT, "its %s is too long, or no text", n->in_file);
		return false;
	}
	if (!n->is_secret) {
		args_set(ret, n->key, value);
		return field_check_one(field_of(n->key), value, error);
	}
	s = secret_new(value, strlen(value));
	if (s) {
		args_put_secret(ret, n->key, s);
		return true;
	}
	g_set_error(error, ERR, ERR_LIMIT, "there is no more room for secrets; close something");
	return false;
}

/* As the tools choose; what is not there is missed when signing in. */
static void choose_auth(struct args *ret)
{
	if (args_secret(ret, "token"))
		args_set(ret, "auth", "token");
	else if (args_get(ret, "client-id"))
		args_set(ret, "auth", "oauth");
	else if (args_get(ret, "user") || args_secret(ret, "password"))
		args_set(ret, "auth", "basic");
	else
		args_set(ret, "auth", "kerberos");
}

/* ---- a server of the file ---- */

static bool put_scopes(const struct json *list, struct args *ret, GError **error)
{
	static const struct name scopes = { "scopes", "scopes", NULL, false };
	g_autoptr(GString) all = g_string_new(NULL);

	for (size_t i = 0; i < json_count(list); i++)
		if (json_text(json_at(list, i)))
			g_string_append_printf(all, "%s%s", all->len ? " " : "",
					       json_text(json_at(list, i)));
	return !all->len || put(ret, &scopes, all->str, error);
}

bool keyfactor_read_server(const struct json *server, struct args *ret, GError **error)
{
	const char *host = json_text(keyfactor_get(server, "host"));

	if (!host || !*host)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const struct json *value = keyfactor_get(server, names[i].in_file);
		const char *text = json_text(value);

		if (text && *text && !put(ret, &names[i], text, error))
			return false;
		if (!text && !strcmp(names[i].key, "scopes") && !put_scopes(value, ret, error))
			return false;
	}
	choose_auth(ret);
	return true;
}

bool keyfactor_skips_checks(const struct json *server)
{
	const struct json *skip = keyfactor_get(server, "skip_tls_verify");
	const char *text = json_text(skip);

	if (text)
		return !g_ascii_strcasecmp(text, "true") || !strcmp(text, "1");
	return json_bool(server, "skip_tls_verify", false);
}

/* ---- the environment ---- */

static const char *variable(const char *name)
{
	g_autofree char *whole = g_strconcat("KEYFACTOR_", name, NULL);
	const char *value = g_getenv(whole);

	return value && *value ? value : NULL;
}

/* Names the variable where put() names the file's word. */
static bool put_variable(struct args *ret, const struct name *n, const char *value, GError **error)
{
	g_autofree char *whole = g_strconcat("KEYFACTOR_", n->variable, NULL);
	struct name named = { n->key, whole, n->variable, n->is_secret };

	return put(ret, &named, value, error);
}

bool keyfactor_read_environment(struct args *ret, GError **error)
{
	static const struct name auth_ca = { "ca-file", NULL, "AUTH_CA_CERT", false };
	static const struct name host = { "host", NULL, "HOSTNAME", false };
	const char *port = variable("PORT"), *ca = variable("AUTH_CA_CERT");

	if (!variable("HOSTNAME"))
		return false;
	if (ca && !put_variable(ret, &auth_ca, ca, error))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *value = variable(names[i].variable);

		if (value && !put_variable(ret, &names[i], value, error))
			return false;
	}
	if (port && !strchr(args_get(ret, "host"), ':')) {
		g_autofree char *both = g_strconcat(args_get(ret, "host"), ":", port, NULL);

		if (!put_variable(ret, &host, both, error))
			return false;
	}
	choose_auth(ret);
	return true;
}

/* ---- the file ---- */

char *keyfactor_config_file(void)
{
	const char *given = g_getenv("KEYFACTOR_AUTH_CONFIG_FILE");

	return given && *given ? file_absolute(given) :
				 g_build_filename(g_get_home_dir(), ".keyfactor",
						  "command_config.json", NULL);
}

static void wipe_bytes(GBytes *bytes)
{
	gsize len;
	void *data = g_bytes_unref_to_data(bytes, &len);

	secret_wipe(data, len);
}

struct json *keyfactor_read_config(const char *path, GError **error)
{
	GBytes *bytes = file_read(path, KEYFACTOR_CONFIG_MAX, NULL, error);
	g_autofree char *shown = file_shown(path);
	struct json *j;
	gsize len;
	const void *data;

	if (!bytes)
		return NULL;
	data = g_bytes_get_data(bytes, &len);
	j = json_parse(data, len, KEYFACTOR_CONFIG_MAX, error);
	if (!j)
		g_prefix_error(error, "%s: ", shown);
	wipe_bytes(bytes);
	return j;
}

/* ---- as a work ---- */

struct reading {
	char *auth, *path, *server;
};

static void reading_free(void *p)
{
	struct reading *in = p;

	g_free(in->auth);
	g_free(in->path);
	g_free(in->server);
	g_free(in);
}

static void free_args(void *args)
{
	args_free(args);
}

static bool read_file(const struct reading *in, struct args *ret, GError **error)
{
	g_autofree char *path = in->path ? file_absolute(in->path) : keyfactor_config_file();
	g_autofree char *shown = file_shown(path);
	g_autoptr(json) j = keyfactor_read_config(path, error);
	g_autoptr(GError) why = NULL;

	if (!j)
		return false;
	if (keyfactor_read_server(json_get(keyfactor_get(j, "servers"), in->server), ret, &why))
		return true;
	if (why)
		g_set_error(error, ERR, why->code, "%s: %s", shown, why->message);
	else
		g_set_error(error, ERR, ERR_NOT_FOUND, "%s has no server '%s' with a host", shown,
			    in->server);
	return false;
}

static void run(struct work *w)
{
	const struct reading *in = w->in;
	g_autoptr(args) ret = args_new();
	bool ok = !strcmp(in->auth, "environment") ?
		keyfactor_read_environment(ret, &w->error) : read_file(in, ret, &w->error);

	if (ok)
		w->out = g_steal_pointer(&ret);
	else if (!w->error)
		w->error = g_error_new(ERR, ERR_SIGN_IN, "KEYFACTOR_HOSTNAME is not set any more");
}

struct work *keyfactor_read(const char *auth, const char *path, const char *server)
{
	struct reading *in = g_new0(struct reading, 1);

	in->auth = g_strdup(auth);
	in->path = path && *path ? g_strdup(path) : NULL;
	in->server = g_strdup(server);
	return work_new(run, in, reading_free, free_args);
}
