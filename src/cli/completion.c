/*
 * completion: completions for bash, zsh and fish, from the tables of commands and options.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>

/* The words after a subcommand that are fixed: "check|show|default", and --options. */
static void add_words(GString *out, const struct cli_command *c)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	if (strchr(c->words, '|')) {
		g_auto(GStrv) words = g_strsplit(c->words, "|", -1);

		for (char **w = words; *w; w++)
			g_string_append_printf(out, "%s ", *w);
	}
	for (const struct field *f = c->verb ? c->verb->fields : NULL; f && f->key; f++)
		if (f->kind != FIELD_SECRET)
			g_string_append_printf(out, "--%s ", f->key);
	cli_option_names(names);
	for (guint i = 0; i < names->len; i++)
		g_string_append_printf(out, "--%s ", (char *)names->pdata[i]);
	g_string_truncate(out, out->len - 1);
}

static void all_commands(GString *out)
{
	struct cli_command c;

	for (size_t i = 0; cli_command_at(i, &c); i++)
		g_string_append_printf(out, "%s%s", i ? " " : "", c.name);
}

static void say_bash(GString *out)
{
	struct cli_command c;

	g_string_append(out, "# bash completion for certty; made by: certty completion bash\n"
			     "_certty()\n{\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} word= i\n"
			     "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
			     "\t\tcase ${COMP_WORDS[i]} in\n\t\t-*) ;;\n"
			     "\t\t*) word=${COMP_WORDS[i]}; break ;;\n\t\tesac\n\tdone\n"
			     "\tlocal words\n\tcase $word in\n\t'') words='");
	all_commands(out);
	g_string_append(out, " --help --version' ;;\n");
	for (size_t i = 0; cli_command_at(i, &c); i++) {
		g_string_append_printf(out, "\t%s) words='", c.name);
		add_words(out, &c);
		g_string_append(out, "' ;;\n");
	}
	g_string_append(out, "\tesac\n"
			     "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
			     "\t[ ${#COMPREPLY[@]} -gt 0 ] || compopt -o default\n}\n"
			     "complete -F _certty certty\n");
}

/* Inside single quotes of zsh and fish; sentences hold no quotes but apostrophes. */
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
		add_words(out, &c);
		g_string_append(out, " ;;\n");
	}
	g_string_append(out, "\tesac\n\t_files\n}\n_certty \"$@\"\n");
}

static void say_fish(GString *out)
{
	struct cli_command c;

	g_string_append(out, "# fish completion for certty; made by: certty completion fish\n");
	for (size_t i = 0; cli_command_at(i, &c); i++) {
		g_auto(GStrv) words = NULL;
		g_autoptr(GString) all = g_string_new(NULL);

		g_string_append_printf(out, "complete -c certty -n __fish_use_subcommand -f -a %s "
				       "-d '", c.name);
		quoted(out, c.sentence);
		g_string_append(out, "'\n");
		add_words(all, &c);
		words = g_strsplit(all->str, " ", -1);
		for (char **w = words; *w; w++)
			g_string_append_printf(out, "complete -c certty -n "
					       "'__fish_seen_subcommand_from %s' -%s %s\n", c.name,
					       g_str_has_prefix(*w, "--") ? "l" : "a",
					       g_str_has_prefix(*w, "--") ? *w + 2 : *w);
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
