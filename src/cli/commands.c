/*
 * commands: the table of subcommands; each verb is one more by itself.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
static const struct cli_command commands[] = {
	{ "ls",         "stores|certs|requests|discovery|domains|jobs|accounts",
	  "List rows of a kind",                                    run_ls,         NULL },
	{ "show",       "ID",
	  "Show everything about one thing",                        run_show,       NULL },
	{ "pending",    "",
	  "List what waits for somebody",                           run_pending,    NULL },
	{ "check",      "",
	  "Tell a monitoring system how the certificates are",      run_check,      NULL },
	{ "config",     "check|show|default",
	  "Check the configuration, show it, or print a commented one", run_config, NULL },
	{ "audit",      "list|verify",
	  "List the journal of changes, or verify that it is whole", run_audit,     NULL },
	{ "completion", "bash|zsh|fish",
	  "Print completions for a shell",                          run_completion, NULL },
};
/* clang-format on */

/* What follows a verb's subcommand. */
static const char *words_of(const struct verb *v)
{
	static const char *const one[KIND_COUNT] = {
		[KIND_STORES] = "STORE", [KIND_CERTS] = "CERTIFICATE", [KIND_REQUESTS] = "REQUEST",
		[KIND_DISCOVERY] = "RESULT", [KIND_DOMAINS] = "DOMAIN", [KIND_JOBS] = "JOB",
		[KIND_ACCOUNTS] = "ACCOUNT",
	};
	static const char *const many[KIND_COUNT] = {
		[KIND_STORES] = "STORE…", [KIND_CERTS] = "CERTIFICATE…",
		[KIND_REQUESTS] = "REQUEST…", [KIND_DISCOVERY] = "RESULT…",
		[KIND_DOMAINS] = "DOMAIN…", [KIND_JOBS] = "JOB…", [KIND_ACCOUNTS] = "ACCOUNT…",
	};

	if (v->id == VERB_REFRESH)
		return "[STORE…]";
	return v->no_target ? "" : v->many ? many[v->on] : one[v->on];
}

bool cli_command_at(size_t i, struct cli_command *ret)
{
	if (i < G_N_ELEMENTS(commands)) {
		*ret = commands[i];
		return true;
	}
	i -= G_N_ELEMENTS(commands);
	if (i >= VERB_SHOW)
		i++;	/* has a row of its own above */
	if (i >= VERB_COUNT)
		return false;
	*ret = (struct cli_command){ .name = verb_table[i].name, .words = words_of(&verb_table[i]),
				     .sentence = verb_table[i].sentence, .run = run_verb,
				     .verb = &verb_table[i] };
	return true;
}

bool cli_command_find(const char *name, struct cli_command *ret)
{
	static const struct cli_command generate = { "generate", "WHAT", "", run_generate, NULL };

	for (size_t i = 0; cli_command_at(i, ret); i++)
		if (!strcmp(ret->name, name))
			return true;
	*ret = generate;	/* for the manual's making; not in any list */
	return !strcmp(name, generate.name);
}

int cli_run(struct cli *c)
{
	struct cli_command command;

	if (!c->command)
		return cli_list_certs(c);
	for (const char *const *w = settings_warnings(c->settings); *w; w++)
		if (strcmp(c->command, "config"))
			fprintf(stderr, "certty: %s\n", *w);
	if (!cli_command_find(c->command, &command))
		return cli_usage("there is no command %s", c->command);
	return command.run(c);
}
