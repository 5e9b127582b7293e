/*
 * akamai_edgerc: the form of .edgerc, in which credentials come from Control Center, and the
 * variables with the same words.
 *
 * Lenient where Akamai's own readers are: the download has no section at all, hosts stand with
 * scheme, slash or quotes, words have dashes for underscores, and comments follow values.
 */
#include "own.h"

#include <string.h>

#include <certty/base/ini.h>
#include <certty/base/text.h>

#define WORD_MAX 1000		/* bytes of one value */

/* clang-format off */
static const struct word {
	const char *name, *key;
	bool is_secret, is_needed;
} words[] = {
	{ "host",            AKAMAI_HOST,   false, true },
	{ "client_token",    AKAMAI_CLIENT, false, true },
	{ "client_secret",   AKAMAI_SECRET, true,  true },
	{ "access_token",    AKAMAI_ACCESS, false, true },
	{ "account_key",     AKAMAI_SWITCH, false, false },
	{ "headers_to_sign", AKAMAI_SIGNED, false, false },
	{ "max_body",        NULL,          false, false },
};
/* clang-format on */

static const struct word *find_word(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (!strcmp(words[i].name, name))
			return &words[i];
	return NULL;
}

static bool is_empty(const char *value)
{
	return !value || !*value;
}

/* ---- values ---- */

/* Within one pair of quotes, or up to a comment behind a blank; start and length in `value`. */
static const char *plain(const char *value, size_t *ret_len)
{
	const char *end;

	if (*value == '"' || *value == '\'') {
		end = strchr(value + 1, *value);
		if (end) {
			*ret_len = (size_t)(end - value - 1);
			return value + 1;
		}
	}
	for (end = value; *end && *end != '\n'; end++)
		if (end > value && (end[-1] == ' ' || end[-1] == '\t') && (*end == ';' || *end == '#'))
			break;
	while (end > value && g_ascii_isspace(end[-1]))
		end--;
	*ret_len = (size_t)(end - value);
	return value;
}

/* Without the scheme that everybody means, and slashes at the end. */
static char *plain_host(const char *value, size_t len)
{
	static const char https[] = "https://";

	if (len >= strlen(https) && !g_ascii_strncasecmp(value, https, strlen(https))) {
		value += strlen(https);
		len -= strlen(https);
	}
	while (len && value[len - 1] == '/')
		len--;
	return g_strndup(value, len);
}

static bool broken(GError **error, const struct word *w, const char *why)
{
	g_set_error(error, ERR, ERR_FORMAT, "%s %s", w->name, why);
	return false;
}

/* Akamai's servers hash as much of a body as they always did, whatever old files say. */
static bool take_limit(const struct word *w, const char *value, struct args *ret, GError **error)
{
	g_autofree char *warning = NULL;
	guint64 n;

	if (!g_ascii_string_to_unsigned(value, 10, 0, G_MAXUINT32, &n, NULL))
		return broken(error, w, "is not a number");
	if (n != 131072) {
		warning = g_strdup_printf("max_body = %s is not heeded: Akamai's servers use 131072, and "
					  "other values have them refuse large requests", value);
		args_set(ret, AKAMAI_WARNING, warning);
	}
	return true;
}

static bool take_value(const struct word *w, const char *written, struct args *ret, GError **error)
{
	g_autofree char *text = NULL;
	size_t len;
	const char *value = plain(written, &len);
	struct secret *secret;

	if (len > WORD_MAX)
		return broken(error, w, "is too long");
	if (w->is_secret) {
		secret = secret_new(value, len);
		args_put_secret(ret, w->key, secret);
		if (secret)
			return true;
		g_set_error(error, ERR, ERR_LIMIT, "the memory for secrets is full");
		return false;
	}
	text = !strcmp(w->name, "host") ? plain_host(value, len) : g_strndup(value, len);
	if (!g_str_is_ascii(text) || strpbrk(text, "\r\n"))
		return broken(error, w, "holds what none can hold");
	if (!w->key)
		return take_limit(w, text, ret, error);
	if (*text)
		args_set(ret, w->key, text);
	return true;
}

static bool is_whole(const struct args *a, const char **ret_missing)
{
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		const struct secret *s = words[i].is_secret ? args_secret(a, words[i].key) : NULL;

		if (words[i].is_needed && (words[i].is_secret ? !s || !s->len
							      : is_empty(args_get(a, words[i].key)))) {
			*ret_missing = words[i].name;
			return false;
		}
	}
	return true;
}

/* ---- the file ---- */

/* Lines without the blanks before them, which mean nothing here. */
static struct ini *parse(GBytes *bytes, GError **error)
{
	gsize len, n = 0;
	const char *from = g_bytes_get_data(bytes, &len);
	char *text = g_malloc(len + 1);
	bool is_start = true;
	g_autoptr(GBytes) copy = NULL;
	struct ini *ini;

	for (gsize i = 0; i < len; i++) {
		if (is_start && (from[i] == ' ' || from[i] == '\t'))
			continue;
		is_start = from[i] == '\n';
		text[n++] = from[i];
	}
	copy = g_bytes_new_static(text, n);
	ini = ini_read(copy, error);
	secret_wipe(text, len);
	return ini;
}

/* "client-token", "AKAMAI_CCU_CLIENT_TOKEN" and "export AKAMAI_HOST" as the file's words. */
static const struct word *word_of(const char *key)
{
	g_autofree char *name = g_ascii_strdown(key, -1);
	const char *bare;

	g_strdelimit(name, "-", '_');
	bare = g_str_has_prefix(name, "export ") ? name + strlen("export ") : name;
	if (!g_str_has_prefix(bare, "akamai_"))
		return find_word(bare);
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		g_autofree char *end = g_strconcat("_", words[i].name, NULL);

		if (g_str_has_suffix(bare, end))
			return &words[i];
	}
	return NULL;
}

static bool take_section(const struct ini *ini, const char *section, struct args *ret, GError **error)
{
	for (const char *const *key = ini_keys(ini, section); key && *key; key++) {
		const struct word *w = word_of(*key);

		if (w && !take_value(w, ini_get(ini, section, *key), ret, error))
			return false;
	}
	return true;
}

static bool has_credential(const struct ini *ini, const char *section)
{
	for (const char *const *key = ini_keys(ini, section); key && *key; key++) {
		const struct word *w = word_of(*key);

		if (w && w->key && (!strcmp(w->key, AKAMAI_CLIENT) || w->is_secret))
			return true;
	}
	return false;
}

char **akamai_edgerc_sections(GBytes *bytes, GError **error)
{
	g_autoptr(ini) ini = parse(bytes, error);
	g_autoptr(GStrvBuilder) found = g_strv_builder_new();

	if (!ini)
		return NULL;
	for (const char *const *section = ini_sections(ini); *section; section++) {
		if (!has_credential(ini, *section))
			continue;
		if (**section)
			g_strv_builder_add(found, *section);
		else if (!ini_keys(ini, "default"))
			g_strv_builder_add(found, "default");
	}
	return g_strv_builder_end(found);
}

bool akamai_edgerc_read(GBytes *bytes, const char *section, struct args *ret, GError **error)
{
	g_autoptr(ini) ini = parse(bytes, error);
	g_autofree char *shown = text_harmless_dup(section, 100);
	const char *where = section, *missing;

	if (!ini)
		return false;
	if (!ini_keys(ini, where) && !strcmp(section, "default"))
		where = "";
	if (!ini_keys(ini, where)) {
		g_set_error(error, ERR, ERR_NOT_FOUND, "there is no section [%s]", shown);
		return false;
	}
	if (!take_section(ini, where, ret, error))
		return false;
	if (is_whole(ret, &missing))
		return true;
	g_set_error(error, ERR, ERR_FORMAT, "the section [%s] has no %s", shown, missing);
	return false;
}

/* ---- the environment ---- */

static char *variable_of(const char *section, const char *name)
{
	bool is_default = !strcmp(section, "default");
	g_autofree char *word = g_ascii_strup(name, -1), *part = g_ascii_strup(section, -1);

	return is_default ? g_strconcat("AKAMAI_", word, NULL)
			  : g_strconcat("AKAMAI_", part, "_", word, NULL);
}

bool akamai_edgerc_environment(const char *section, struct args *ret, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		g_autofree char *name = variable_of(section, words[i].name);
		const char *value = g_getenv(name);

		if (!is_empty(value) && !take_value(&words[i], value, ret, error)) {
			g_prefix_error(error, "%s: ", name);
			return false;
		}
		if (is_empty(value) && words[i].is_needed) {
			g_set_error(error, ERR, ERR_NOT_FOUND, "%s is not set", name);
			return false;
		}
	}
	return true;
}

/* ---- pasted ---- */

/* The section to take: the one that holds a credential, the first of several. */
static const char *pasted_section(const struct ini *ini)
{
	for (const char *const *section = ini_sections(ini); *section; section++)
		if (has_credential(ini, *section))
			return *section;
	return NULL;
}

/* A lone client_secret may be anybody's; the two tokens are Akamai's alone. */
static bool is_ours(const struct ini *ini, const char *section)
{
	bool has_client = false, has_access = false;

	for (const char *const *key = ini_keys(ini, section); *key; key++) {
		const struct word *w = word_of(*key);

		has_client = has_client || (w && w->key && !strcmp(w->key, AKAMAI_CLIENT));
		has_access = has_access || (w && w->key && !strcmp(w->key, AKAMAI_ACCESS));
	}
	return has_client || has_access;
}

/* Everything but the words of the file, which an account does not ask for. */
static void put_answers(struct args *from, struct args *ret)
{
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		const struct word *w = &words[i];

		if (!w->key || !strcmp(w->key, AKAMAI_SIGNED))
			continue;
		if (w->is_secret)
			args_put_secret(ret, w->key, secret_dup(args_secret(from, w->key)));
		else if (args_get(from, w->key))
			args_set(ret, w->key, args_get(from, w->key));
	}
	args_set(ret, AKAMAI_FROM, "keys");
}

bool akamai_edgerc_block(const struct secret *block, struct args *ret, GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(block->bytes, block->len);
	g_autoptr(ini) ini = block->len <= PASTE_MAX ? parse(bytes, NULL) : NULL;
	const char *section = ini ? pasted_section(ini) : NULL, *missing;
	g_autoptr(args) found = args_new();

	if (!section || !is_ours(ini, section) || !take_section(ini, section, found, error))
		return false;
	if (!is_whole(found, &missing)) {
		g_set_error(error, ERR, ERR_FORMAT, "the pasted section of .edgerc has no %s; paste all of "
			    "its lines", missing);
		return false;
	}
	put_answers(found, ret);
	return true;
}
