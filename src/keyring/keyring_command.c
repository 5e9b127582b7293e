/*
 * keyring_command: a secret that a program prints.
 *
 * Of the command only the program's name is ever said to anybody: its arguments may be telling.
 */
#include <certty/keyring/keyring_command.h>

#include <string.h>

#include <certty/base/err.h>
#include <certty/base/json.h>
#include <certty/base/spawn.h>
#include <certty/base/text.h>

#define SHELL	   "sh:"
#define PEM	   "-----BEGIN "
#define NAME_SHOWN 100

/* ---- what it printed ---- */

static struct secret *refuse(GError **error, enum err code, const char *why)
{
	g_set_error_literal(error, ERR, (int)code, why);
	return NULL;
}

static struct secret *keep(const char *text, size_t len, GError **error)
{
	struct secret *s;

	if (!len)
		return refuse(error, ERR_NOT_FOUND, "it printed nothing");
	s = secret_new(text, len);
	return s ? s : refuse(error, ERR_LIMIT, "the memory for secrets is full");
}

static struct secret *from_json(const char *printed, size_t len, const char *field, GError **error)
{
	const char *const names[] = { field, "password", "secret", "token", "value" };
	g_autoptr(json) j = json_parse(printed, len, KEYRING_COMMAND_MAX, NULL);

	if (!j)
		return refuse(error, ERR_FORMAT, "it printed something that begins as JSON and is "
						 "none");
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *text = json_str(j, names[i]);

		if (text)
			return keep(text, strlen(text), error);
	}
	g_set_error(error, ERR, ERR_FORMAT, "it printed JSON without a text that is called %s, "
		    "password, secret, token or value", field);
	return NULL;
}

struct secret *keyring_command_read(const char *printed, size_t len, const char *field,
				    GError **error)
{
	size_t line = 0;

	if (memchr(printed, '\0', len))
		return refuse(error, ERR_FORMAT, "it printed bytes that are no text");
	while (len && g_ascii_isspace(*printed)) {
		printed++;
		len--;
	}
	if (len && *printed == '{')
		return from_json(printed, len, field, error);
	if (len >= strlen(PEM) && !memcmp(printed, PEM, strlen(PEM)))
		return keep(printed, len, error);
	while (line < len && printed[line] != '\n' && printed[line] != '\r')
		line++;
	return keep(printed, line, error);
}

/* ---- running it ---- */

static char **argv_of(const char *command, GError **error)
{
	g_autoptr(GError) why = NULL;
	char **argv = NULL;

	if (g_str_has_prefix(command, SHELL)) {
		const char *const shell[] = { "/bin/sh", "-c", command + strlen(SHELL), NULL };

		return g_strdupv((char **)shell);
	}
	if (!g_shell_parse_argv(command, NULL, &argv, &why))
		g_set_error_literal(error, ERR, ERR_USAGE, why->code == G_SHELL_ERROR_BAD_QUOTING ?
				    "The command for a secret has a quote that does not end" :
				    "The command for a secret is empty");
	return argv;
}

static struct secret *read_result(const char *name, const struct spawn_result *r,
				  const char *field, GError **error)
{
	struct secret *s = NULL;
	gsize len;
	const char *printed = g_bytes_get_data(r->output, &len);

	if (r->status == 0)
		s = keyring_command_read(printed ? printed : "", len, field, error);
	else
		g_set_error(error, ERR, ERR_SIGN_IN, "it ended with status %d%s%s", r->status,
			    *r->complaint ? ": " : "", r->complaint);
	if (!s)
		g_prefix_error(error, "%s was to print a secret: ", name);
	return s;
}

struct secret *keyring_command(const char *command, const char *field, int limit_ms,
			       const atomic_bool *stop, GError **error)
{
	g_auto(GStrv) argv = argv_of(command, error);
	struct spawn_result result;
	struct secret *s;
	g_autofree char *name = NULL;

	if (!argv)
		return NULL;
	name = text_harmless_dup(g_str_has_prefix(command, SHELL) ? "A shell" : argv[0], NAME_SHOWN);
	if (!spawn_run(&(struct spawn){ .argv = (const char *const *)argv,
					.max_output = KEYRING_COMMAND_MAX, .limit_ms = limit_ms,
					.stop = stop }, &result, error)) {
		g_prefix_error(error, "%s was to print a secret: ", name);
		return NULL;
	}
	s = read_result(name, &result, field, error);
	spawn_result_done(&result);
	return s;
}
