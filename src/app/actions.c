/*
 * actions: the screen's keys for the manual, and all names that must occur in it: the command
 * line's and the screen's together, which only this module can see.
 */
#include "actions.h"

#include <stdio.h>
#include <string.h>

#include <certty/cli/cli.h>
#include <certty/ui/ui.h>

/* mdoc takes a backslash for an escape, and some words alone for punctuation. */
static void say_keys(GString *out, const char *keys)
{
	g_auto(GStrv) all = g_strsplit(keys, " ", -1);

	for (char **k = all; *k; k++)
		g_string_append_printf(out, "%s\\&%s", k == all ? "" : " ",
				       strcmp(*k, "\\") ? *k : "\\e");
}

static void say_actions(GString *out)
{
	for (size_t i = 0; i < ui_action_count(); i++) {
		struct ui_action a = ui_action_at(i);

		g_string_append_printf(out, ".It Ic %s\n", a.name);
		if (*a.keys) {
			g_string_append(out, ".Sy ");
			say_keys(out, a.keys);
			g_string_append(out, " ;\n");
		}
		g_string_append_printf(out, "%s.\n%s.\n", a.where, a.sentence);
	}
}

static void say_names(GString *out)
{
	cli_generate("names", out);
	for (size_t i = 0; i < ui_action_count(); i++)
		g_string_append_printf(out, "action %s\n", ui_action_at(i).name);
}

bool actions_generate(char *const *words)
{
	static const struct {
		const char *what;
		void (*say)(GString *out);
	} parts[] = { { "actions", say_actions }, { "names", say_names } };
	g_autoptr(GString) out = g_string_new(NULL);

	for (size_t i = 0; words[0] && i < G_N_ELEMENTS(parts); i++) {
		if (strcmp(parts[i].what, words[0]))
			continue;
		parts[i].say(out);
		fputs(out->str, stdout);
		return true;
	}
	return false;
}
