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
		g_string_append_printf(out, "%s ", c.name);
}

/* The choices of a verb's question are proposed after its option. */
static void bash_choices(GString *out)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	struct cli_command c;

	for (size_t i = 0; cli_command_at(i, &c); i++) {
		const struct field *f = c.verb ? c.verb->fields : NULL;

		for (; f && f->key; f++) {
			g_autofree char *both = g_strdup_printf("%s:--%s", c.name, f->key);

			if (f->choices && g_hash_table_add(seen, (char *)g_intern_string(both)))
				g_string_append_printf(out, "\t%s) words='%s' ;;\n", both, f->choices);
		}
	}
}

static void say_bash(GString *out)
{
	struct cli_command c;

	g_string_append(out, "# bash completion for certty; made by: certty completion bash\n"
			     "_certty()\n{\n"
			     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
			     "\tlocal command= words= i\n"
			     "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
			     "\t\tcase ${COMP_WORDS[i]} in\n\t\t-*) ;;\n"
			     "\t\t*) command=${COMP_WORDS[i]}; break ;;\n\t\tesac\n\tdone\n"
			     "\tcase $command in\n\t'') words='");
	all_commands(out);
	g_string_append(out, "--help --version' ;;\n");
	for (size_t i = 0; cli_command_at(i, &c); i++) {
		g_string_append_printf(out, "\t%s) words='", c.name);
		add_all(out, &c);
		g_string_append(out, "' ;;\n");
	}
	g_string_append(out, "\tesac\n\tcase $command:$prev in\n"
			     "\tcheck:-o|check:--output) words='text nagios prom' ;;\n"
			     "\tshow:-o|show:--output) words='text json pem' ;;\n"
			     "\t*:-o|*:--output) words='text json csv tsv' ;;\n");
	bash_choices(out);
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
	struct cli_command c;

	g_string_append(out, "#compdef certty\n# made by: certty completion zsh\n_certty() {\n"
			     "\tlocal -a commands\n\tcommands=(\n");
	for (size_t i = 0; cli_command_at(i, &c); i++) {
		g_string_append_printf(out, "\t\t'%s:", c.name);
		quoted(out, c.sentence);
		g_string_append(out, "'\n");
	}
	g_string_append(out, "\t)\n\tif (( CURRENT == 2 )); then\n"
			     "\t\t_describe command commands\n\t\treturn\n\tfi\n"
			     "\tcase $words[2] in\n");
	for (size_t i = 0; cli_command_at(i, &c); i++) {
		g_string_append_printf(out, "\t%s) compadd -- ", c.name);
		add_all(out, &c);
		g_string_append(out, " ;;\n");
	}
	g_string_append(out, "\tesac\n\t_files\n}\ncompdef _certty certty\n");
}

static void say_fish(GString *out)
{
	struct cli_command c;

	g_string_append(out, "# fish completion for certty; made by: certty completion fish\n");
	for (size_t i = 0; cli_command_at(i, &c); i++) {
		g_auto(GStrv) words = fixed_words(&c);
		g_auto(GStrv) options = cli_options_of(c.name);

		g_string_append_printf(out, "complete -c certty -n __fish_use_subcommand -f -a %s "
				       "-d '", c.name);
		quoted(out, c.sentence);
		g_string_append(out, "'\n");
		for (char **w = words; *w; w++)
			g_string_append_printf(out, "complete -c certty -n "
					       "'__fish_seen_subcommand_from %s' -f -a %s\n", c.name,
					       *w);
		for (char **o = options; *o; o++)
			g_string_append_printf(out, "complete -c certty -n "
					       "'__fish_seen_subcommand_from %s' -l %s\n", c.name,
					       *o + 2);
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
