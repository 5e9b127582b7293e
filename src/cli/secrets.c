/*
 * secrets: what a command must know and nobody may see: from a descriptor, from standard input
 * with its name before it, out of a pasted block, or typed without echo.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <certty/base/secret.h>
#include <certty/base/text.h>

#define STDIN_MAX PASTE_MAX	/* bytes of all secrets together */

/* ---- which there are ---- */

/* What any provider asks for the verb: which one it is about is known only when stores are. */
static const struct field *question(const struct command *cmd, const char *key)
{
	for (const struct provider_info *const *p = engine_providers(); *p; p++) {
		for (const struct verb_questions *q = (*p)->questions; q && q->fields; q++) {
			const struct field *f = q->verb == cmd->verb->id ? field_find(q->fields, key) : NULL;

			if (f)
				return f;
		}
	}
	return NULL;
}

const struct field *cli_field(const struct command *cmd, const char *key)
{
	const struct field *f = field_find(cmd->verb->fields, key);

	if (!f && cmd->verb->asks_provider)
		f = cmd->more ? field_find(cmd->more, key) : question(cmd, key);
	if (!f && cmd->verb->asks_account)
		f = field_find(cmd->more, key);
	if (!f && cmd->verb->asks_account)
		f = field_find(account_common_fields, key);
	return f;
}

static bool put(struct command *cmd, const char *key, struct secret *s, GError **error)
{
	const struct field *f = cli_field(cmd, key);
	g_autofree char *shown = text_harmless_dup(key, 80);

	if (!s)
		return false;
	if (f && f->kind == FIELD_SECRET) {
		args_put_secret(cmd->args, key, s);
		return true;
	}
	secret_free(s);
	g_set_error(error, ERR, ERR_USAGE, "'%s' is no secret that is asked for here", shown);
	return false;
}

bool cli_ask_secret(struct command *cmd, const char *key, const char *prompt, GError **error)
{
	return put(cmd, key, secret_read(STDIN_FILENO, prompt, CLI_SECRET_MAX, error), error);
}

/* Twice, since what is encrypted with a slip of the finger is lost. */
bool cli_ask_new_secret(struct command *cmd, const char *key, GError **error)
{
	g_autoptr(secret) again = NULL;

	if (!cli_ask_secret(cmd, key, "New passphrase: ", error))
		return false;
	again = secret_read(STDIN_FILENO, "Once more: ", CLI_SECRET_MAX, error);
	if (!again)
		return false;
	if (secret_equal(again, args_secret(cmd->args, key)))
		return true;
	g_set_error(error, ERR, ERR_PASSPHRASE, "the two passphrases differ");
	return false;
}

/* ---- from elsewhere than a keyboard ---- */

static bool read_fd(struct command *cmd, const char *given, GError **error)
{
	const char *equals = strchr(given, '=');
	g_autofree char *key = g_strndup(given, (gsize)(equals - given));
	g_autofree char *prompt = g_strdup_printf("%s: ", key);
	int fd = (int)g_ascii_strtoll(equals + 1, NULL, 10);

	return put(cmd, key, secret_read(fd, prompt, STDIN_MAX, error), error);
}

/* "passphrase=…", a line each. */
static bool read_lines(struct command *cmd, GError **error)
{
	g_autoptr(secret) all = secret_read(STDIN_FILENO, "name=secret: ", STDIN_MAX, error);
	const char *line = all ? all->bytes : NULL;

	while (line && *line) {
		size_t len = strcspn(line, "\r\n"), name = strcspn(line, "=");
		g_autofree char *key = g_strndup(line, MIN(name, len));

		if (name >= len) {	/* the line may be a secret by itself */
			g_set_error(error, ERR, ERR_USAGE, "standard input: each line is the name "
				    "of a secret, an equals sign and the secret");
			return false;
		}
		if (!put(cmd, key, secret_new(line + name + 1, len - name - 1), error))
			return false;
		line += len;
		line += strspn(line, "\r\n");
	}
	return all != NULL;
}

/* Whose block it is, when nobody said; NULL: of none, or of several. */
static const struct provider_info *find_owner(const struct secret *block)
{
	const struct provider_info *owner = NULL;

	for (const struct provider_info *const *p = engine_providers(); *p; p++) {
		g_autoptr(args) args = args_new();

		if (!(*p)->read_block || !(*p)->read_block(block, args, NULL))
			continue;
		if (owner)
			return NULL;
		owner = *p;
	}
	return owner;
}

bool cli_paste(struct command *cmd, GError **error)
{
	const struct provider_info *p = cli_provider(args_get(cmd->args, "provider"));
	const char *hint = p && p->block_hint ? p->block_hint : "what the provider gave you";
	g_autofree char *prompt = g_strdup_printf("Paste %s, then an empty line (not shown):\n", hint);
	g_autoptr(secret) block = secret_read_block(STDIN_FILENO, prompt, STDIN_MAX, error);
	g_autoptr(args) read = args_new();
	GError *why = NULL;

	if (!block)
		return false;
	if (!p)
		p = find_owner(block);
	if (p && p->read_block && p->read_block(block, read, &why)) {
		args_set(cmd->args, "provider", p->name);
		cmd->more = p->account_fields;
		cli_take_answers(cmd, read);
		return true;
	}
	if (why)
		g_propagate_error(error, why);
	else
		g_set_error(error, ERR, ERR_FORMAT, "what was pasted is nothing that %s gives out%s",
			    p ? p->title : "one provider alone", p ? "" : "; say --provider");
	return false;
}

void cli_take_answers(struct command *cmd, const struct args *from)
{
	g_auto(GStrv) plain = args_keys(from);
	g_auto(GStrv) secret = args_secret_keys(from);

	/* What was said on the command line wins. */
	for (char **k = plain; *k; k++)
		if (!args_get(cmd->args, *k))
			args_set(cmd->args, *k, args_get(from, *k));
	for (char **k = secret; *k; k++)
		if (!args_secret(cmd->args, *k))
			args_put_secret(cmd->args, *k, secret_dup(args_secret(from, *k)));
}

bool cli_given_secrets(const struct cli *c, struct command *cmd, GError **error)
{
	for (char **given = c->secret_fds; *given; given++)
		if (!read_fd(cmd, *given, error))
			return false;
	return !c->secrets_stdin || read_lines(cmd, error);
}
