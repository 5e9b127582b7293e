/*
 * login: an account, asked for at a terminal, question by question: what the wizard of the console
 * does, for one who has no console open.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <certty/base/file.h>
#include <certty/base/secret.h>
#include <certty/base/text.h>

#define LINE_MAX_BYTES 4096

/* ---- one question ---- */

/* "Cloud, one of public china (the cloud it lives in) [public]: " */
static char *prompt_of(const struct field *f, const char *fallback)
{
	GString *out = g_string_new(f->label);

	if (f->choices)
		g_string_append_printf(out, ", one of %s", f->choices);
	if (f->hint)
		g_string_append_printf(out, " (%s)", f->hint);
	if (fallback)
		g_string_append_printf(out, " [%s]", fallback);
	g_string_append(out, ": ");
	return g_string_free(out, FALSE);
}

/* A line as it was typed; NULL at the end of the input. */
static char *read_line(const char *prompt)
{
	char line[LINE_MAX_BYTES];

	fputs(prompt, stderr);
	fflush(stderr);
	if (!fgets(line, sizeof(line), stdin))
		return NULL;
	return g_strdup(g_strstrip(line));
}

static bool refuse_end(GError **error)
{
	g_set_error(error, ERR, ERR_CANCELLED, "nothing was done");
	return false;
}

static bool ask_plain(struct command *cmd, const struct field *f, const char *fallback,
		      GError **error)
{
	g_autofree char *prompt = prompt_of(f, fallback);

	for (;;) {
		g_autofree char *line = read_line(prompt);
		g_autoptr(GError) why = NULL;

		if (!line)
			return refuse_end(error);
		if (!*line && !fallback && !f->needed)
			return true;
		if (!*line && fallback)
			args_set(cmd->args, f->key, fallback);
		else if (!*line)
			g_set_error(&why, ERR, ERR_USAGE, "%s is needed", f->label);
		else if (field_check_one(f, line, &why))
			args_set(cmd->args, f->key, line);
		if (!why)
			return true;
		fprintf(stderr, "%s\n", why->message);
	}
}

/* Nothing typed: a program may print it. */
static bool ask_command(struct command *cmd, const struct field *f, GError **error)
{
	g_autofree char *prompt = g_strdup_printf("%s: a program that prints it, such as pass show "
						  "x%s: ", f->label, f->needed ? "" : " (or nothing)");
	g_autofree char *key = field_command_key(f);

	for (;;) {
		g_autofree char *line = read_line(prompt);

		if (!line)
			return refuse_end(error);
		if (*line)
			args_set(cmd->args, key, line);
		if (*line || !f->needed)
			return true;
	}
}

static bool ask_secret(struct command *cmd, const struct field *f, GError **error)
{
	g_autofree char *prompt = g_strdup_printf("%s%s%s (not shown; nothing: a program prints "
						  "it): ", f->label, f->hint ? ", " : "",
						  f->hint ? f->hint : "");

	if (!cli_ask_secret(cmd, f->key, prompt, error))
		return false;
	if (args_secret(cmd->args, f->key)->len)
		return true;
	args_put_secret(cmd->args, f->key, NULL);
	return ask_command(cmd, f, error);
}

/* ---- all of them ---- */

static bool is_answered(const struct command *cmd, const struct field *f)
{
	g_autofree char *by_command = field_command_key(f);

	if (f->kind == FIELD_SECRET && args_get(cmd->args, by_command))
		return true;
	return f->kind == FIELD_SECRET ? args_secret(cmd->args, f->key) != NULL :
					 args_get(cmd->args, f->key) != NULL;
}

static bool ask_one(struct command *cmd, const struct field *f, GError **error)
{
	return f->kind == FIELD_SECRET ? ask_secret(cmd, f, error) :
					 ask_plain(cmd, f, f->fallback, error);
}

static bool ask_of_provider(struct command *cmd, bool all, GError **error)
{
	for (const struct field *f = cmd->more; f && f->key; f++) {
		bool is_wanted = all || (f->needed && !f->fallback);

		if (is_wanted && !is_answered(cmd, f) && field_is_asked(f, cmd->more, cmd->args) &&
		    !ask_one(cmd, f, error))
			return false;
	}
	return true;
}

static bool ask_provider(struct command *cmd, GError **error)
{
	g_autofree char *names = cli_account_providers();
	const struct field f = { .key = "provider", .kind = FIELD_CHOICE, .label = "Provider",
				 .needed = true, .choices = names };
	const struct provider_info *p;

	if (!*names) {
		g_set_error(error, ERR, ERR_NOT_FOUND, "nothing here needs an account");
		return false;
	}
	if (!args_get(cmd->args, "provider") && !ask_plain(cmd, &f, NULL, error))
		return false;
	p = cli_provider(args_get(cmd->args, "provider"));
	cmd->more = p ? p->account_fields : NULL;
	return true;
}

static bool ask_name(struct command *cmd, const struct snapshot *s, GError **error)
{
	const struct field *f = field_find(cmd->verb->fields, "name");
	const char *provider = args_get(cmd->args, "provider"), *name;

	for (;;) {
		if (!args_get(cmd->args, "name") && !ask_plain(cmd, f, provider, error))
			return false;
		name = args_get(cmd->args, "name");
		if (account_id_is_fit(name) && items_find(s->kind[KIND_ACCOUNTS], name) < 0)
			return true;
		if (!account_id_is_fit(name))
			fprintf(stderr, "That cannot be a name: %s\n", f->hint);
		else
			fprintf(stderr, "There is an account %s already: certty accounts edit, "
				"rotate or test do something with it\n", name);
		provider = NULL;
		args_set(cmd->args, "name", NULL);
	}
}

/* ---- from a file of another tool's ---- */

static bool read_file(struct command *cmd, GError **error)
{
	const char *typed = args_get(cmd->args, "read");
	const struct provider_info *p = cli_provider(args_get(cmd->args, "provider"));
	g_autofree char *path = typed ? file_absolute(typed) : NULL;
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(secret) block = NULL;
	g_autoptr(args) read = args_new();
	GError *why = NULL;

	if (!path || !p || !p->read_block)
		return true;
	bytes = file_read(path, PASTE_MAX, NULL, error);
	if (!bytes)
		return false;
	block = secret_new(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	secret_clear((void *)(uintptr_t)g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	if (block && p->read_block(block, read, &why)) {
		cli_take_answers(cmd, read);
		return true;
	}
	if (why)
		g_propagate_prefixed_error(error, why, "%s: ", path);
	else
		g_set_error(error, ERR, ERR_FORMAT, "%s: nothing of %s's", path, p->title);
	return false;
}

/* ---- what an account that is there lacks ---- */

static const struct account *target_of(const struct command *cmd, const struct snapshot *s)
{
	const char *id = cmd->targets->len ? cmd->targets->pdata[0] : NULL;
	gssize at = id ? items_find(s->kind[KIND_ACCOUNTS], id) : -1;

	return at < 0 ? NULL : s->kind[KIND_ACCOUNTS]->item[at];
}

/* The secrets that it has now, unless others were given in some way. */
static bool ask_new_secrets(struct command *cmd, const struct account *a, GError **error)
{
	g_auto(GStrv) given = args_secret_keys(cmd->args);

	for (char **k = given; *k; k++)
		if (field_find(cmd->more, *k))
			return true;
	for (const struct field *f = cmd->more; f && f->key; f++) {
		const char *place = f->kind == FIELD_SECRET ? args_get(a->answers, f->key) : NULL;

		if (place && !g_str_has_prefix(place, rung_word(RUNG_COMMAND)) &&
		    !is_answered(cmd, f) && !ask_secret(cmd, f, error))
			return false;
	}
	return true;
}

bool cli_ask_account(const struct snapshot *s, struct command *cmd, bool all, GError **error)
{
	const struct account *a = target_of(cmd, s);

	if (cmd->verb->id == VERB_ACCOUNT_ROTATE && a)
		return ask_new_secrets(cmd, a, error);
	if (cmd->verb->id != VERB_ACCOUNT_ADD)
		return true;
	return ask_provider(cmd, error) && ask_name(cmd, s, error) && read_file(cmd, error) &&
	       ask_of_provider(cmd, all, error);
}

int run_login(struct cli *c)
{
	guint n = g_strv_length(c->verb_args);

	if (c->words[0] && c->words[1])
		return cli_usage("login takes one name");
	if (c->words[0]) {
		c->verb_args = g_renew(char *, c->verb_args, n + 2);
		c->verb_args[n] = g_strconcat("name=", c->words[0], NULL);
		c->verb_args[n + 1] = NULL;
		g_clear_pointer(&c->words[0], g_free);
	}
	c->asks_all = true;
	return run_verb(c);
}
