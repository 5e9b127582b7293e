/*
 * commands: the table of subcommands; each verb is one more by itself.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
static const struct cli_command commands[] = {
	{ "ls",         "stores|certs|requests|discovery|domains|jobs|accounts",
	  "List rows of a kind",                                    run_ls,         OPTIONS_OF_LISTS, NULL },
	{ "show",       "ID",
	  "Show everything about one thing",                        run_show,       OPTIONS_FORM, NULL },
	{ "pending",    "",
	  "List what waits for somebody",                           run_pending,    OPTIONS_OF_LISTS | OPTIONS_ALL, NULL },
	{ "check",      "",
	  "Tell a monitoring system how the certificates are",      run_check,      OPTIONS_ROWS | OPTIONS_FORM | OPTIONS_LIMITS, NULL },
	{ "config",     "check|show|default",
	  "Check the configuration, show it, or print a commented one", run_config, 0, NULL },
	{ "audit",      "list|export|verify",
	  "List or export the journal of changes, or verify that it is whole", run_audit, OPTIONS_FORM, NULL },
	{ "completion", "bash|zsh|fish",
	  "Print completions for a shell",                          run_completion, 0, NULL },
};
/* clang-format on */

/* ---- verbs ---- */

const struct field *cli_first_question(const struct verb *v)
{
	const struct field *f = v->fields;
	bool may = v->no_target ? !v->many : !v->many && f && f->needed;

	if (!may || !f || f->kind == FIELD_SECRET || f->kind == FIELD_BOOL)
		return NULL;
	return f;
}

/* What follows a verb's subcommand: its targets, and what its first question is about. */
static const char *words_of(const struct verb *v)
{
	static const char *const what[KIND_COUNT] = {
		[KIND_STORES] = "STORE", [KIND_CERTS] = "CERTIFICATE", [KIND_REQUESTS] = "REQUEST",
		[KIND_DISCOVERY] = "RESULT", [KIND_DOMAINS] = "DOMAIN", [KIND_JOBS] = "JOB",
		[KIND_ACCOUNTS] = "ACCOUNT",
	};
	const struct field *f = cli_first_question(v);
	g_autoptr(GString) out = g_string_new(NULL);

	if (v->no_target && v->many)
		g_string_append_printf(out, "[%s…]", what[v->on]);
	else if (!v->no_target)
		g_string_append_printf(out, "%s%s", what[v->on], v->many ? "…" : "");
	if (f) {
		bool is_list = f->kind == FIELD_LIST;
		g_autofree char *word = g_ascii_strup(f->key, is_list && g_str_has_suffix(f->key, "s") ?
						      (gssize)strlen(f->key) - 1 : -1);

		g_string_append_printf(out, "%s%s%s%s%s", out->len ? " " : "", f->needed ? "" : "[",
				       word, is_list ? "…" : "", f->needed ? "" : "]");
	}
	return g_intern_string(out->str);
}

static bool asks_for(const struct verb *v, const char *key)
{
	for (const struct field *f = v->fields; f && f->key; f++)
		if (!strcmp(f->key, key))
			return true;
	return false;
}

static unsigned options_of(const struct verb *v)
{
	return OPTIONS_FORM | (v->many ? OPTIONS_ROWS : 0) | (v->changes ? OPTIONS_YES : 0) |
	       (asks_for(v, "passphrase") ? OPTIONS_PASSPHRASE : 0) |
	       (asks_for(v, "new-passphrase") ? OPTIONS_NEW_PASSPHRASE : 0);
}

/* ---- all ---- */

bool cli_command_at(size_t i, struct cli_command *ret)
{
	const struct verb *v;

	if (i < G_N_ELEMENTS(commands)) {
		*ret = commands[i];
		return true;
	}
	i -= G_N_ELEMENTS(commands);
	if (i >= VERB_SHOW)
		i++;	/* has a row of its own above */
	if (i >= VERB_COUNT)
		return false;
	v = &verb_table[i];
	*ret = (struct cli_command){ .name = v->name, .words = words_of(v),
				     .sentence = v->sentence, .run = run_verb,
				     .options = options_of(v), .verb = v };
	return true;
}

bool cli_command_find(const char *name, struct cli_command *ret)
{
	static const struct cli_command generate = { "generate", "WHAT",
		"Print a part of the manual", run_generate, 0, NULL };

	for (size_t i = 0; cli_command_at(i, ret); i++)
		if (!strcmp(ret->name, name))
			return true;
	*ret = generate;	/* for the manual's making; not in any list */
	return !strcmp(name, generate.name);
}

int cli_run(struct cli *c)
{
	struct cli_command command;

	cli_command_find(c->command ? c->command : "ls", &command);
	for (const char *const *w = settings_warnings(c->settings); *w; w++)
		if (command.run != run_config)
			fprintf(stderr, "certty: %s\n", *w);
	return command.run(c);
}
