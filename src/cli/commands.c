/*
 * commands: the table of subcommands; each verb is one more by itself.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>

#define OF_STATE (OPTIONS_FORM | OPTIONS_YES | OPTIONS_DRY | OPTIONS_ACCOUNT)
#define OF_IMPORT (OPTIONS_PROVIDER | OPTIONS_YES | OPTIONS_PARTIAL)

/* clang-format off */
static const struct cli_command commands[] = {
	{ "ls",         "stores|certs|requests|discovery|domains|objects|jobs|accounts",
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
	{ "login",      "[NAME]",
	  "Add an account: asks at the terminal for what it needs", run_login,
	  OPTIONS_FORM | OPTIONS_SECRETS | OPTIONS_PASTE | OPTIONS_DRY, &verb_table[VERB_ACCOUNT_ADD] },
	{ "accounts",   "ls|add|edit|test|rotate|rename|disable|enable|drop|template|import|export",
	  "List accounts, or do something with them",               run_accounts,   OPTIONS_OF_LISTS, NULL },
	{ "accounts template", "",
	  "Print the head line of a CSV file of accounts",          run_template,   OPTIONS_PROVIDER, NULL },
	{ "accounts import",   "FILE",
	  "Add the accounts of a CSV file",                         run_import,     OF_IMPORT, NULL },
	{ "accounts export",   "",
	  "Print accounts as CSV, with the places of secrets and no secret", run_export, OPTIONS_PROVIDER, NULL },
	{ "stores",     "ls|add|drop|label|refresh|passphrase|template|import|export",
	  "List stores, or do something with them",                 run_stores,     OPTIONS_OF_LISTS, NULL },
	{ "stores template",   "",
	  "Print the head line of a CSV file of stores",            run_template,   OPTIONS_PROVIDER, NULL },
	{ "stores import",     "FILE",
	  "Add the stores of a CSV file",                           run_import,     OF_IMPORT, NULL },
	{ "stores export",     "",
	  "Print stores as CSV",                                    run_export,     OPTIONS_PROVIDER, NULL },
	{ "objects",    "ls|add|edit|drop|reset|save|approve|history",
	  "List roles and the like, or do something with them",     run_objects,    OPTIONS_OF_LISTS, NULL },
	{ "enrollments", "template|import",
	  "Begin many enrolments at once, out of a CSV file",       run_enrollments, 0, NULL },
	{ "enrollments template", "",
	  "Print the head line and a sample line of a CSV file of enrolments", run_enrollments, OPTIONS_PROVIDER, NULL },
	{ "enrollments import", "FILE",
	  "Begin the enrolments of a CSV file, once all of its lines are good", run_enrollments,
	  OPTIONS_YES | OPTIONS_PARTIAL | OPTIONS_DRY, NULL },
	{ "sectigo",    "acme-domain|acme-user|acme-user-domains",
	  "Bring domains and ACME accounts at Sectigo to a state, for automation", run_sectigo, 0, NULL },
	{ "sectigo acme-domain", "NAME",
	  "See to it that a domain is at Sectigo, or is not",       run_state,      OF_STATE, &verb_table[VERB_OBJECT_STATE] },
	{ "sectigo acme-user", "NAME",
	  "See to it that there is an ACME account, or is none",    run_state,      OF_STATE, &verb_table[VERB_OBJECT_STATE] },
	{ "sectigo acme-user-domains", "NAME",
	  "See to it that an ACME account has names, or has them not", run_state,   OF_STATE, &verb_table[VERB_OBJECT_STATE] },
	{ "defaults",   "ls|show|set|drop",
	  "List sets of default values, show one, set a value in one or forget one", run_defaults, OPTIONS_YES | OPTIONS_DRY | OPTIONS_FORM, NULL },
	{ "doctor",     "",
	  "Say what works here, and what is wrong and what to do",  run_doctor,     OPTIONS_FORM, NULL },
	{ "why",        "NAME",
	  "Say what stands in the way of a request's or a host's validation", run_why, OPTIONS_FORM,
	  &verb_table[VERB_WHY] },
	{ "served",     "[SITE…]",
	  "Say what sites really serve, and whether it is what it should be", run_served, OPTIONS_FORM,
	  &verb_table[VERB_SERVED] },
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
		[KIND_OBJECTS] = "OBJECT",
		[KIND_ACCOUNTS] = "ACCOUNT", [KIND_DEPLOYS] = "DEPLOYMENT",
	};
	const struct field *f = cli_first_question(v);
	g_autoptr(GString) out = g_string_new(NULL);

	if (v->no_target && v->many)
		g_string_append_printf(out, "[%s…]", what[v->on]);
	else if (!v->no_target)
		g_string_append_printf(out, "%s%s", what[v->on], v->many ? "…" : "");
	if (f) {
		bool is_list = f->kind == FIELD_LIST || f->kind == FIELD_STORES;
		bool is_store = f->kind == FIELD_STORE || f->kind == FIELD_STORES;
		g_autofree char *word = is_store ? g_strdup(what[KIND_STORES]) :
			g_ascii_strup(f->key, is_list && g_str_has_suffix(f->key, "s") ?
						      (gssize)strlen(f->key) - 1 : -1);

		g_string_append_printf(out, "%s%s%s%s%s", out->len ? " " : "", f->needed ? "" : "[",
				       word, is_list ? "…" : "", f->needed ? "" : "]");
	}
	return g_intern_string(out->str);
}

static bool has_secret(const struct field *f)
{
	while (f && f->key && f->kind != FIELD_SECRET)
		f++;
	return f && f->key;
}

static bool asks_secret(const struct verb *v)
{
	for (const struct provider_info *const *p = engine_providers(); v->asks_provider && *p; p++)
		for (const struct verb_questions *q = (*p)->questions; q && q->fields; q++)
			if (q->verb == v->id && has_secret(q->fields))
				return true;
	return has_secret(v->fields) || v->asks_account;
}

static unsigned options_of(const struct verb *v)
{
	return OPTIONS_FORM | (v->many ? OPTIONS_ROWS : 0) | (v->changes ? OPTIONS_YES : 0) |
	       (verb_has_plan(v) ? OPTIONS_DRY : 0) |
	       (asks_secret(v) ? OPTIONS_SECRETS : 0) |
	       (v->asks_account && v->no_target ? OPTIONS_PASTE : 0);
}

static struct cli_command of_verb(const struct verb *v, const char *name)
{
	bool is_of_all = v->id == VERB_ACCOUNT_TEST;	/* when none is named */

	return (struct cli_command){ .name = name,
				     .words = is_of_all ? "[ACCOUNT…]" : words_of(v),
				     .sentence = v->sentence, .run = run_verb,
				     .options = options_of(v), .verb = v };
}

/* ---- all ---- */

static const struct cli_command *find_row(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

bool cli_command_at(size_t i, struct cli_command *ret)
{
	if (i < G_N_ELEMENTS(commands)) {
		*ret = commands[i];
		return true;
	}
	i -= G_N_ELEMENTS(commands);
	for (size_t v = 0; v < VERB_COUNT; v++)
		if (!find_row(verb_table[v].name) && i-- == 0) {
			*ret = of_verb(&verb_table[v], verb_table[v].name);
			return true;
		}
	return false;
}

/* "accounts test": the verb account-test; "stores label": label. */
static const struct verb *verb_of_words(const char *both)
{
	g_auto(GStrv) word = g_strsplit(both, " ", 2);
	const struct cli_command *group = word[0] && word[1] ? find_row(word[0]) : NULL;
	g_auto(GStrv) words = group ? g_strsplit(group->words, "|", -1) : NULL;
	g_autofree char *name = NULL;
	const struct verb *v;

	if (!group || !g_strv_contains((const char *const *)words, word[1]))
		return NULL;
	name = g_strdup_printf("%.*s-%s", (int)strlen(word[0]) - 1, word[0], word[1]);
	v = verb_find(name);
	return v || strcmp(word[0], "stores") ? v : verb_find(word[1]);
}

bool cli_command_find(const char *name, struct cli_command *ret)
{
	static const struct cli_command generate = { "generate", "WHAT",
		"Print a part of the manual", run_generate, 0, NULL };
	const struct cli_command *row = find_row(name);
	const struct verb *v = row ? NULL : strchr(name, ' ') ? verb_of_words(name) : verb_find(name);

	if (v)
		*ret = of_verb(v, g_intern_string(name));
	else	/* generate: for the manual's making; not in any list */
		*ret = row ? *row : generate;
	return v || row || !strcmp(name, generate.name);
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
