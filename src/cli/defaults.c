/*
 * defaults: named sets of values that stand in for answers which an account does not give.
 *
 * They stand as [defaults NAME] in the configuration, where they are read; changed they are by the
 * engine's verb, which has the journal.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>

#define GROUP "defaults "

typedef int words_fn(struct cli *c, char **words);

static int list(struct cli *c, char **words)
{
	const char *const *groups = settings_groups(c->settings, GROUP);

	if (words[0])
		return cli_usage("defaults ls takes no words");
	for (const char *const *g = groups; *g; g++)
		printf("%s\t%u\n", *g + strlen(GROUP),
		       g_strv_length((char **)settings_keys(c->settings, *g)));
	if (!*groups)
		fputs("There is no set of default values; certty defaults set NAME KEY VALUE begins "
		      "one.\n", stderr);
	return 0;
}

static int show(struct cli *c, char **words)
{
	g_autofree char *group = words[0] ? g_strconcat(GROUP, words[0], NULL) : NULL;

	if (!group || words[1])
		return cli_usage("defaults show takes the name of a set");
	if (!g_strv_contains(settings_groups(c->settings, GROUP), group))
		return cli_fail(g_error_new(ERR, ERR_NOT_FOUND,
					    "there is no set of defaults %s", words[0]));
	for (const char *const *k = settings_keys(c->settings, group); *k; k++)
		printf("%s=%s\t# %s\n", *k, settings_raw(c->settings, group, *k),
		       settings_raw_origin(c->settings, group, *k));
	return 0;
}

static int change(struct cli *c, const char *name, const char *key, const char *value)
{
	GPtrArray *args = g_ptr_array_new();

	g_ptr_array_add(args, g_strconcat("name=", name, NULL));
	if (key)
		g_ptr_array_add(args, g_strconcat("key=", key, NULL));
	g_ptr_array_add(args, key ? g_strconcat("value=", value, NULL) : g_strdup("drop=yes"));
	g_ptr_array_add(args, NULL);
	g_strfreev(c->verb_args);
	c->verb_args = (char **)g_ptr_array_free(args, FALSE);
	g_strfreev(c->words);
	c->words = g_new0(char *, 1);
	return cli_run_verb(c, &verb_table[VERB_DEFAULTS]);
}

/* Without a value the key is taken out. */
static int set(struct cli *c, char **words)
{
	guint n = g_strv_length(words);

	if (n < 2 || n > 3)
		return cli_usage("defaults set takes the name of a set, a key and a value");
	return change(c, words[0], words[1], n == 3 ? words[2] : "");
}

static int drop(struct cli *c, char **words)
{
	if (!words[0] || words[1])
		return cli_usage("defaults drop takes the name of a set");
	return change(c, words[0], NULL, NULL);
}

int run_defaults(struct cli *c)
{
	static const struct {
		const char *word;
		words_fn *run;
	} what[] = { { "ls", list }, { "show", show }, { "set", set }, { "drop", drop } };
	g_auto(GStrv) words = g_strdupv(c->words);
	const char *word = words[0] ? words[0] : "ls";

	for (size_t i = 0; i < G_N_ELEMENTS(what); i++)
		if (!strcmp(what[i].word, word))
			return what[i].run(c, words + (words[0] != NULL));
	return cli_usage("defaults takes ls, show, set or drop, not %s", word);
}
