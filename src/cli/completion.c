/*
 * completion: completions for bash, zsh and fish, from the tables of commands and options.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>

/* The fixed words after a subcommand: "check|show|default" as a vector; empty when the words
 * are ids and names. */
static char **fixed_words(const struct cli_command *c)
{
	return g_strsplit(strchr(c->words, '|') ? c->words : "", "|", -1);
}

/* All that can follow a subcommand, with blanks between. */
static void add_all(GString *out, const struct cli_command *c)
{
	g_auto(GStrv) words = fixed_words(c);
	g_auto(GStrv) options = cli_options_of(c->name);

	for (char **w = words; *w; w++)
		g_string_append_printf(out, "%s ", *w);
	for (char **o = options; *o; o++)
		g_string_append_printf(out, "%s%s", *o, o[1] ? " " : "");
}

static void all_commands(GString *out)
{
	struct cli_command c;

	for (size_t i = 0; cli_command_at(i, &c); i++)
		if (!strchr(c.name, ' '))
			g_string_append_printf(out, "%s ", c.name);
}

/* All subcommands, those of two words behind their first. */
static GArray *every_command(void)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct cli_command));
	struct cli_command c, of_two;

	for (size_t i = 0; cli_command_at(i, &c); i++) {
		g_auto(GStrv) words = fixed_words(&c);

		if (strchr(c.name, ' '))
			continue;
		g_array_append_val(all, c);
		for (char **w = words; *w; w++) {
			g_autofree char *both = g_strdup_printf("%s %s", c.name, *w);

			if (cli_command_find(both, &of_two))
				g_array_append_val(all, of_two);
		}
	}
	return all;
}

/* What an option's value can be, or NULL. */
static char *choices_of(const struct question *q)
{
	if (q->kind != QUESTION_VALUE)
		return NULL;
	if (!strcmp(q->field->key, "provider"))
		return cli_account_providers();
	if (q->field->kind == FIELD_BOOL)
		return g_strdup("yes no");
	return q->field->kind == FIELD_CHOICE ? g_strdup(q->field->choices) : NULL;
}

/* The choices of a verb's question are proposed after its option. */
static void bash_choices(GString *out, const GArray *commands)
{
	for (guint i = 0; i < commands->len; i++) {
		const struct cli_command *c = &g_array_index(commands, struct cli_command, i);
		g_autoptr(GArray) all = cli_questions_of(c);

		for (guint k = 0; k < all->len; k++) {
			const struct question *q = &g_array_index(all, struct question, k);
			g_autofree char *choices = choices_of(q);

			if (choices)
				g_string_append_printf(out, "\t'%s:--%s') words='%s' ;;\n", c->name,
						       q->option, choices);
		}
	}
}

static void say_bash(GString *out)
{
	g_autoptr(GArray) commands = every_command();

	g_string_append(out, "# bash completion for certty; made by: certty completion bash\n"
			     "_certty()\n{\n"
			     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
			     "\tlocal command= words= i\n"
			     "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
			     "\t\tcase ${COMP_WORDS[i]} in\n\t\t-*) continue ;;\n\t\tesac\n"
			     "\t\tcase \"$command ${COMP_WORDS[i]}\" in\n");
	for (guint i = 0; i < commands->len; i++) {
		const struct cli_command *c = &g_array_index(commands, struct cli_command, i);

		if (strchr(c->name, ' '))
			g_string_append_printf(out, "\t\t'%s') command='%s'; break ;;\n", c->name,
					       c->name);
	}
	g_string_append(out, "\t\t*) [ -z \"$command\" ] || break; command=${COMP_WORDS[i]} ;;\n"
			     "\t\tesac\n\tdone\n"
			     "\tcase $command in\n\t'') words='");
	all_commands(out);
	g_string_append(out, "--help --version' ;;\n");
	for (guint i = 0; i < commands->len; i++) {
		const struct cli_command *c = &g_array_index(commands, struct cli_command, i);

		g_string_append_printf(out, "\t'%s') words='", c->name);
		add_all(out, c);
		g_string_append(out, "' ;;\n");
	}
	g_string_append(out, "\tesac\n\tcase $command:$prev in\n"
			     "\tcheck:-o|check:--output) words='text nagios prom' ;;\n"
			     "\tdoctor:-o|doctor:--output) words='text json' ;;\n"
			     "\tshow:-o|show:--output) words='text json pem' ;;\n"
			     "\t*:-o|*:--output) words='text json csv tsv' ;;\n");
	bash_choices(out, commands);
	g_string_append(out, "\tesac\n"
			     "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
			     "\t[ ${#COMPREPLY[@]} -gt 0 ] || compopt -o default\n}\n"
			     "complete -F _certty certty\n");
}

/* Inside single quotes of zsh and fish. */
static void quoted(GString *out, const char *s)
{
	for (; *s; s++)
		if (*s == '\'')
			g_string_append(out, "'\\''");
		else
			g_string_append_c(out, *s);
}

static void say_zsh(GString *out)
{
	g_autoptr(GArray) commands = every_command();

	g_string_append(out, "#compdef certty\n# made by: certty completion zsh\n_certty() {\n"
			     "\tlocal -a commands\n\tcommands=(\n");
	for (guint i = 0; i < commands->len; i++) {
		const struct cli_command *c = &g_array_index(commands, struct cli_command, i);

		if (strchr(c->name, ' '))
			continue;
		g_string_append_printf(out, "\t\t'%s:", c->name);
		quoted(out, c->sentence);
		g_string_append(out, "'\n");
	}
	g_string_append(out, "\t)\n\tif (( CURRENT == 2 )); then\n"
			     "\t\t_describe command commands\n\t\treturn\n\tfi\n"
			     "\tcase \"$words[2] $words[3]\" in\n");
	/* Those of two words before the first word alone with anything. */
	for (int n = 2; n >= 1; n--)
		for (guint i = 0; i < commands->len; i++) {
			const struct cli_command *c = &g_array_index(commands, struct cli_command, i);

			if ((strchr(c->name, ' ') != NULL) != (n == 2))
				continue;
			g_string_append_printf(out, "\t'%s'%s) compadd -- ", c->name,
					       n == 2 ? "" : "' '*");
			add_all(out, c);
			g_string_append(out, " ;;\n");
		}
	g_string_append(out, "\tesac\n\t_files\n}\ncompdef _certty certty\n");
}

/* When a subcommand of fish's is begun: its words are there, in any order. */
static char *fish_seen(const char *name)
{
	g_auto(GStrv) words = g_strsplit(name, " ", -1);
	g_autofree char *more = words[1] ? g_strdup_printf("; and __fish_seen_subcommand_from %s",
							   words[1]) : g_strdup("");

	return g_strdup_printf("__fish_seen_subcommand_from %s%s", words[0], more);
}

static void say_fish(GString *out)
{
	g_autoptr(GArray) commands = every_command();

	g_string_append(out, "# fish completion for certty; made by: certty completion fish\n");
	for (guint i = 0; i < commands->len; i++) {
		const struct cli_command *c = &g_array_index(commands, struct cli_command, i);
		g_auto(GStrv) words = fixed_words(c);
		g_auto(GStrv) options = cli_options_of(c->name);
		g_autofree char *seen = fish_seen(c->name);

		if (!strchr(c->name, ' ')) {
			g_string_append_printf(out, "complete -c certty -n __fish_use_subcommand -f "
					       "-a %s -d '", c->name);
			quoted(out, c->sentence);
			g_string_append(out, "'\n");
		}
		for (char **w = words; *w; w++)
			g_string_append_printf(out, "complete -c certty -n '%s' -f -a %s\n", seen, *w);
		for (char **o = options; *o; o++)
			g_string_append_printf(out, "complete -c certty -n '%s' -l %s\n", seen, *o + 2);
	}
}

int run_completion(struct cli *c)
{
	static const struct {
		const char *shell;
		void (*say)(GString *out);
	} shells[] = { { "bash", say_bash }, { "zsh", say_zsh }, { "fish", say_fish } };
	g_autoptr(GString) out = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(shells); i++) {
		if (g_strcmp0(c->words[0], shells[i].shell))
			continue;
		shells[i].say(out);
		cli_print(out);
		return 0;
	}
	return cli_usage("completion takes bash, zsh or fish");
}
