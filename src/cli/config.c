/*
 * config: what is configured, where each value comes from, and what is wrong with it.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>

#include <certty/model/account.h>

/* Says each and counts them. */
static guint tell(const char *const *sentences)
{
	guint n = 0;

	for (; sentences && sentences[n]; n++)
		fprintf(stderr, "%s\n", sentences[n]);
	return n;
}

static int check(struct cli *c)
{
	g_auto(GStrv) of_screen = c->check_screen ? c->check_screen(c->settings) : NULL;
	g_auto(GStrv) of_accounts = engine_check_accounts(c->settings);

	if (tell(settings_warnings(c->settings)) + tell((const char *const *)of_screen) +
	    tell((const char *const *)of_accounts))
		return 1;
	puts("The configuration is sound.");
	return 0;
}

static char *value_of(const struct settings *s, const struct setting *row)
{
	if (row->kind == SETTING_LIST)
		return g_strjoinv("; ", (char **)settings_list(s, row->group, row->key));
	if (row->kind == SETTING_INT)
		return g_strdup_printf("%" G_GINT64_FORMAT,
				       settings_int(s, row->group, row->key));
	if (row->kind == SETTING_BOOL)
		return g_strdup(settings_bool(s, row->group, row->key) ? "true" : "false");
	return g_strdup(settings_text(s, row->group, row->key));
}

/* Where a secret's place should stand, the secret itself may, and that is not said. */
static bool is_misplaced(const struct settings *s, const char *group, const char *key)
{
	const struct provider_info *p = cli_provider(settings_raw(s, group, "provider"));
	const struct field *f = p ? field_find(p->account_fields, key) : NULL;
	const char *command;
	enum rung rung;

	return f && f->kind == FIELD_SECRET &&
	       !rung_read(settings_raw(s, group, key), &rung, &command, NULL);
}

static void show_groups(const struct settings *s, const char *prefix)
{
	for (const char *const *group = settings_groups(s, prefix); *group; group++) {
		printf("\n[%s]\n", *group);
		for (const char *const *key = settings_keys(s, *group); *key; key++)
			printf("%s=%s\t# %s\n", *key, is_misplaced(s, *group, *key) ?
			       "(not shown)" : settings_raw(s, *group, *key),
			       settings_raw_origin(s, *group, *key));
	}
}

static int show(struct cli *c)
{
	const char *group = "";

	for (const struct setting *row = settings_table; row->group; row++) {
		g_autofree char *value = value_of(c->settings, row);

		if (strcmp(group, row->group))
			printf("%s[%s]\n", *group ? "\n" : "", row->group);
		group = row->group;
		printf("%s=%s\t# %s\n", row->key, value,
		       settings_origin(c->settings, row->group, row->key));
	}
	show_groups(c->settings, "account ");
	show_groups(c->settings, "defaults ");
	return 0;
}

static int print_default(struct cli *c)
{
	const char *group = "";

	(void)c;
	puts("# certty.conf: every setting with its default; certty.conf(5) says more.");
	for (const struct setting *row = settings_table; row->group; row++) {
		if (strcmp(group, row->group))
			printf("\n[%s]\n", row->group);
		group = row->group;
		printf("# %s\n", row->sentence);
		if (row->choices)
			printf("# One of: %s\n", row->choices);
		printf("#%s=%s\n", row->key, row->fallback);
	}
	return 0;
}

int run_config(struct cli *c)
{
	static const struct {
		const char *word;
		run_fn *run;
	} what[] = { { "check", check }, { "show", show }, { "default", print_default } };
	const char *word = c->words[0] ? c->words[0] : "check";

	for (size_t i = 0; i < G_N_ELEMENTS(what); i++)
		if (!strcmp(what[i].word, word))
			return what[i].run(c);
	return cli_usage("config takes check, show or default, not %s", word);
}
