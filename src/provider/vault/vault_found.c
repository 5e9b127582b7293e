/*
 * vault_found: tokens where the bao and vault commands keep theirs.
 *
 * They look in the environment, then ask the program that their configuration names as token
 * helper, or read the token file when it names none.  OpenBao's commands take BAO_ names first
 * and VAULT_ names after them.  Runs as works: files and programs take their time.
 */
#include "vault_own.h"

#include <string.h>

#include <certty/base/err.h>
#include <certty/base/file.h>
#include <certty/base/spawn.h>
#include <certty/base/text.h>

#define CONFIG_MAX  (64u << 10)	/* bytes of ~/.vault */
#define HELPER_MS   30000	/* a helper may ask its owner something */

/* ---- where ---- */

const char *vault_variable(bool is_bao, const char *name)
{
	g_autofree char *bao = g_strconcat("BAO_", name, NULL);
	g_autofree char *vault = g_strconcat("VAULT_", name, NULL);
	const char *value = is_bao ? g_getenv(bao) : NULL;

	if (!value || !*value)
		value = g_getenv(vault);
	return value && *value ? value : NULL;
}

static char *at_home(const char *name)
{
	return g_build_filename(g_get_home_dir(), name, NULL);
}

/* OpenBao's commands have a file of their own; without it they have no helper. */
char *vault_helper_config(bool is_bao)
{
	const char *given = g_getenv(is_bao ? "BAO_CONFIG_PATH" : "VAULT_CONFIG_PATH");
	g_autofree char *own = given && *given ? file_absolute(given) :
						 at_home(is_bao ? ".bao" : ".vault");

	if (is_bao && !(given && *given) && !g_file_test(own, G_FILE_TEST_IS_REGULAR))
		return vault_helper_config(false);
	return g_steal_pointer(&own);
}

char *vault_token_file(bool is_bao)
{
	const char *given = is_bao ? g_getenv("BAO_TOKEN_PATH") : NULL;

	return given && *given ? file_absolute(given) : at_home(".vault-token");
}

/* ---- which program: a line of HCL, or JSON, which HCL may be as well ---- */

/* To the end of a comment, if one begins here; NULL when it does not end. */
static const char *skip_comment(const char *p, const char *end)
{
	if (*p == '#' || (end - p >= 2 && p[0] == '/' && p[1] == '/')) {
		const char *line = memchr(p, '\n', (size_t)(end - p));

		return line ? line : end;
	}
	if (end - p >= 2 && p[0] == '/' && p[1] == '*') {
		const char *close = g_strstr_len(p + 2, end - p - 2, "*/");

		return close ? close + 2 : NULL;
	}
	return p;
}

static bool is_word(char c)
{
	return g_ascii_isalnum(c) || c == '_' || c == '-' || c == '.';
}

/* One word or quoted text from *p on, which is moved behind it; NULL: something else is there.  Only
 * what a quoted path may need is taken out of its escape: anything else stays as it is written. */
static char *take_word(const char **p, const char *end)
{
	g_autoptr(GString) word = g_string_new(NULL);
	const char *c = *p;

	if (c < end && *c == '"') {
		for (c++; c < end && *c != '"' && *c != '\n'; c++) {
			if (*c == '\\' && end - c > 1 && strchr("\"\\/", c[1]))
				c++;
			g_string_append_c(word, *c);
		}
		if (c == end || *c != '"')
			return NULL;
		*p = c + 1;
		return g_strdup(word->str);
	}
	while (c < end && is_word(*c))
		g_string_append_c(word, *c++);
	if (c == *p)
		return NULL;
	*p = c;
	return g_strdup(word->str);
}

struct config {
	const char *p, *end;
	bool is_broken;
};

/* To the next thing that is neither blank nor comment; false at the end. */
static bool skip(struct config *c)
{
	while (c->p < c->end) {
		const char *after = skip_comment(c->p, c->end);

		if (!after) {
			c->is_broken = true;
			return false;
		}
		if (after == c->p && !g_ascii_isspace(*c->p))
			return true;
		c->p = after == c->p ? after + 1 : after;
	}
	return false;
}

static bool skip_sign(struct config *c)
{
	if (!skip(c) || (*c->p != '=' && *c->p != ':'))
		return false;
	c->p++;
	return skip(c);
}

/* The value of token_helper, wherever it stands as a name: the tools have no other of it. */
static char *find_helper(struct config *c)
{
	bool is_value = false;

	while (skip(c)) {
		g_autofree char *word = take_word(&c->p, c->end);

		if (!word && *c->p == '"')
			c->is_broken = true;
		if (c->is_broken)
			return NULL;
		if (!word) {
			is_value = *c->p == '=' || *c->p == ':';
			c->p++;
			continue;
		}
		if (is_value || strcmp(word, "token_helper")) {
			is_value = false;
			continue;
		}
		if (skip_sign(c) && *c->p == '"')
			return take_word(&c->p, c->end);
		c->is_broken = true;
	}
	return NULL;
}

char **vault_helper_read(const char *text, size_t len, GError **error)
{
	struct config c = { text, text + len, false };
	g_autofree char *helper = NULL;
	char **words = NULL;

	if (!memchr(text, '\0', len) && g_utf8_validate(text, (gssize)len, NULL))
		helper = find_helper(&c);
	else
		c.is_broken = true;
	if (helper && !*helper)
		return NULL;
	if (helper && g_shell_parse_argv(helper, NULL, &words, NULL) && g_path_is_absolute(words[0]))
		return words;
	g_strfreev(words);
	if (c.is_broken || helper)
		g_set_error(error, ERR, ERR_FORMAT, "its token_helper cannot be read: it is one quoted "
			    "text with the absolute path of a program");
	return NULL;
}

/* ---- reading ---- */

static void reading_free(void *p)
{
	struct vault_reading *in = p;

	g_free(in->auth);
	g_free(in->path);
	secret_free(in->secret);
	g_free(in->from);
	g_free(in);
}

static bool keep(struct vault_reading *in, const void *bytes, size_t len, GError **error)
{
	const char *text = bytes;

	while (len && g_ascii_isspace(text[len - 1]))
		len--;
	while (len && g_ascii_isspace(*text))
		text++, len--;
	if (!vault_token_is_fit(text, len)) {
		g_set_error(error, ERR, ERR_FORMAT, "%s has no token: it is empty, too long, or several "
			    "words", in->from);
		return false;
	}
	in->secret = secret_new(text, len);
	if (in->secret)
		return true;
	g_set_error(error, ERR, ERR_LIMIT, "there is no more room for secrets; close something");
	return false;
}

static void wipe_bytes(GBytes *bytes)
{
	gsize len;
	void *data = g_bytes_unref_to_data(bytes, &len);

	secret_wipe(data, len);
}

static bool read_file(struct vault_reading *in, const char *path, GError **error)
{
	GBytes *bytes = file_read(path, VAULT_TOKEN_MAX + 16, NULL, error);
	gsize len;
	const void *data;
	bool ok;

	g_free(in->from);
	in->from = file_shown(path);
	if (!bytes)
		return false;
	data = g_bytes_get_data(bytes, &len);
	ok = keep(in, data, len, error);
	wipe_bytes(bytes);
	return ok;
}

static bool run_helper(struct vault_reading *in, char **words, const atomic_bool *stop,
		       GError **error)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	struct spawn_result result = { 0 };
	struct spawn what = { .max_output = VAULT_TOKEN_MAX + 16, .limit_ms = HELPER_MS,
			      .stop = stop };
	g_autofree char *program = file_shown(words[0]);
	bool ok = false;

	for (char **word = words; *word; word++)
		g_ptr_array_add(argv, *word);
	g_ptr_array_add(argv, (char *)"get");
	g_ptr_array_add(argv, NULL);
	what.argv = (const char *const *)argv->pdata;
	g_free(in->from);
	in->from = g_strdup_printf("token helper %s", program);
	if (!spawn_run(&what, &result, error))
		return false;
	if (result.status != 0)
		g_set_error(error, ERR, ERR_SIGN_IN, "%s ended with status %d: %.200s", in->from,
			    result.status, result.complaint);
	else if (!g_bytes_get_size(result.output))
		g_set_error(error, ERR, ERR_SIGN_IN, "%s has no token; sign in with the bao or vault "
			    "command", in->from);
	else
		ok = keep(in, g_bytes_get_data(result.output, NULL),
			  g_bytes_get_size(result.output), error);
	spawn_result_done(&result);
	return ok;
}

/* The program that is configured; NULL without an error: none is. */
static char **configured(const char *path, GError **error)
{
	g_autofree char *shown = file_shown(path);
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(GError) why = NULL;
	char **words = NULL;

	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return NULL;
	bytes = file_read(path, CONFIG_MAX, NULL, &why);
	if (bytes)
		words = vault_helper_read(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
					  &why);
	if (why)
		g_set_error(error, ERR, why->code, "%s: %s", shown, why->message);
	return words;
}

static bool ask_helper(struct vault_reading *in, const atomic_bool *stop, bool is_needed,
		       bool *ret_is_there, GError **error)
{
	g_autofree char *path = in->path ? g_strdup(in->path) : vault_helper_config(in->is_bao);
	g_autoptr(GError) why = NULL;
	g_auto(GStrv) words = configured(path, &why);

	*ret_is_there = words || why;
	if (why) {
		g_propagate_error(error, g_steal_pointer(&why));
		return false;
	}
	if (words)
		return run_helper(in, words, stop, error);
	if (is_needed) {
		g_autofree char *shown = file_shown(path);

		g_set_error(error, ERR, ERR_NOT_FOUND, "no token helper is configured in %s", shown);
	}
	return false;
}

static bool read_environment(struct vault_reading *in, const atomic_bool *stop, GError **error)
{
	const char *token = vault_variable(in->is_bao, "TOKEN");
	g_autofree char *path = NULL;
	bool is_there, ok;

	if (token) {
		bool is_bao = in->is_bao && g_getenv("BAO_TOKEN") && *g_getenv("BAO_TOKEN");

		in->from = g_strdup(is_bao ? "BAO_TOKEN" : "VAULT_TOKEN");
		return keep(in, token, strlen(token), error);
	}
	ok = ask_helper(in, stop, false, &is_there, error);
	if (is_there)
		return ok;
	path = vault_token_file(in->is_bao);
	if (g_file_test(path, G_FILE_TEST_EXISTS))
		return read_file(in, path, error);
	g_set_error(error, ERR, ERR_SIGN_IN, "there is no token: neither %sVAULT_TOKEN nor a token "
		    "helper nor ~/.vault-token has one; sign in with the %s command",
		    in->is_bao ? "BAO_TOKEN nor " : "", in->is_bao ? "bao" : "vault");
	return false;
}

static void run(struct work *w)
{
	struct vault_reading *in = w->in;
	bool is_there;

	if (!strcmp(in->auth, "environment")) {
		read_environment(in, &w->stop, &w->error);
	} else if (!strcmp(in->auth, "token-helper")) {
		ask_helper(in, &w->stop, true, &is_there, &w->error);
	} else {
		g_autofree char *path = in->path ? file_absolute(in->path) :
						   vault_token_file(in->is_bao);

		read_file(in, path, &w->error);
	}
}

struct work *vault_read(const char *auth, const char *path, bool is_bao)
{
	struct vault_reading *in = g_new0(struct vault_reading, 1);

	in->auth = g_strdup(auth);
	in->path = path && *path ? g_strdup(path) : NULL;
	in->is_bao = is_bao;
	return work_new(run, in, reading_free, NULL);
}
