/*
 * test-actions: the screen and the command line compared: both come from one table of verbs, and
 * neither can do what the other cannot.
 */
#include <string.h>

#include <glib.h>

#include <certty/cli/cli.h>
#include <certty/engine/engine.h>
#include <certty/model/account.h>
#include <certty/ui/ui.h>

#include <certty/model/twin.h>

/* The names of one sort ("command", "option") that the command line has. */
static GHashTable *names_of(const char *sort)
{
	g_autoptr(GString) out = g_string_new(NULL);
	GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_auto(GStrv) lines = NULL;

	g_assert_true(cli_generate("names", out));
	lines = g_strsplit(out->str, "\n", -1);
	for (char **l = lines; *l; l++)
		if (g_str_has_prefix(*l, sort) && (*l)[strlen(sort)] == ' ')
			g_hash_table_add(names, g_strdup(*l + strlen(sort) + 1));
	g_assert_cmpuint(g_hash_table_size(names), >, 0);
	return names;
}

static void every_verb_has_a_subcommand(void)
{
	g_autoptr(GHashTable) commands = names_of("command");

	for (int v = 0; v < VERB_COUNT; v++)
		g_assert_true(g_hash_table_contains(commands, verb_table[v].name));
}

static bool has_action(const struct verb *v)
{
	for (size_t i = 0; i < ui_action_count(); i++)
		if (ui_action_at(i).verb == v)
			return true;
	return false;
}

static void every_effect_has_an_action(void)
{
	for (int v = 0; v < VERB_COUNT; v++)
		if (!has_action(&verb_table[v]) && v != VERB_SHOW)	/* opening a row shows it */
			g_error("nothing on the screen does %s", verb_table[v].name);
}

static void every_action_has_a_twin(void)
{
	g_autoptr(GHashTable) commands = names_of("command");
	g_autoptr(GHashTable) actions = g_hash_table_new(g_str_hash, g_str_equal);

	for (size_t i = 0; i < ui_action_count(); i++) {
		struct ui_action a = ui_action_at(i);

		g_assert_true(g_hash_table_add(actions, (char *)a.name));
		g_assert_true(a.sentence && *a.sentence);
		if (a.verb)
			g_assert_true(g_hash_table_contains(commands, a.verb->name));
	}
}

/* The command line reads what the screen calls the same as an order. */
static void assert_reads(const struct command *c, const char *key, const char *value)
{
	g_autofree char *answer = g_strdup_printf("%s=%s", key, value);
	g_autoptr(GString) said = g_string_new(NULL);
	g_auto(GStrv) argv = NULL;
	int argc;
	struct cli cli;

	twin_say(said, c);
	g_assert_true(g_shell_parse_argv(said->str, &argc, &argv, NULL));
	if (cli_read(&cli, argc, argv, "1") != -1)
		g_error("refused: %s", said->str);
	g_assert_cmpstr(cli.command, ==, c->verb->name);
	g_assert_false(cli.is_read_only);
	if (!g_strv_contains((const char *const *)cli.verb_args, answer))
		g_error("%s does not mean %s", said->str, answer);
	g_assert_cmpuint(g_strv_length(cli.words), ==, c->targets->len);
	cli_done(&cli);
}

static void check_twin(enum verb_id verb, const struct field *more, const struct field *f)
{
	g_autoptr(command) c = command_new(verb, verb_table[verb].no_target ? NULL : "prod");
	g_autofree char *key = f->kind == FIELD_SECRET ? field_command_key(f) : g_strdup(f->key);
	bool is_account = f == field_find(more, f->key) ||
			  f == field_find(account_common_fields, f->key);
	const char *value = f->kind != FIELD_BOOL ? "some thing" : is_account ? "no" : "yes";

	c->more = more;
	args_set(c->args, key, value);
	assert_reads(c, key, value);
}

static void every_twin_is_understood(void)
{
	for (const struct provider_info *const *p = engine_providers(); *p; p++)
		for (const struct field *f = (*p)->account_fields; f && f->key; f++)
			check_twin(VERB_ACCOUNT_EDIT, (*p)->account_fields, f);
	for (const struct field *f = account_common_fields; f->key; f++)
		check_twin(VERB_ACCOUNT_EDIT, NULL, f);
	for (int v = 0; v < VERB_COUNT; v++)
		for (const struct field *f = verb_table[v].fields; f && f->key; f++)
			if (f->kind != FIELD_SECRET && v != VERB_DEFAULTS)
				check_twin((enum verb_id)v, NULL, f);
}

/* The questions of a verb are its options, but for secrets, which no option holds. */
static void every_question_is_an_option(void)
{
	for (int v = 0; v < VERB_COUNT; v++) {
		g_auto(GStrv) options = cli_options_of(verb_table[v].name);
		/* certty defaults has its answers as words: set NAME KEY VALUE. */
		const struct field *f = v == VERB_DEFAULTS ? NULL : verb_table[v].fields;

		for (; f && f->key; f++) {
			g_autofree char *option = g_strdup_printf("--%s", f->key);
			g_autofree char *fd = g_strdup_printf("--%s-fd", f->key);
			bool is_secret = f->kind == FIELD_SECRET;

			g_assert_cmpint(g_strv_contains((const char *const *)options, option), ==,
					!is_secret);
			g_assert_cmpint(g_strv_contains((const char *const *)options, fd), ==,
					is_secret);
		}
	}
}

static void no_option_twice(void)
{
	g_autoptr(GHashTable) commands = names_of("command");
	GHashTableIter i;
	gpointer name;

	g_hash_table_iter_init(&i, commands);
	while (g_hash_table_iter_next(&i, &name, NULL)) {
		g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
		g_auto(GStrv) options = cli_options_of(name);

		for (char **o = options; *o; o++)
			if (!g_hash_table_add(seen, *o))
				g_error("certty %s has %s twice", (char *)name, *o);
		g_assert_true(g_hash_table_contains(seen, "--read-only"));
		g_assert_true(g_hash_table_contains(seen, "--help"));
	}
}

/* No key does two things in one place. */
static void keys_are_sound(void)
{
	struct settings *s = settings_load("/dev/null");
	g_auto(GStrv) problems = ui_check_keys(s);

	g_assert_cmpstr(problems[0], ==, NULL);
	settings_free(s);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/app/every-verb-has-a-subcommand", every_verb_has_a_subcommand);
	g_test_add_func("/app/every-effect-has-an-action", every_effect_has_an_action);
	g_test_add_func("/app/every-action-has-a-twin", every_action_has_a_twin);
	g_test_add_func("/app/every-twin-is-understood", every_twin_is_understood);
	g_test_add_func("/app/every-question-is-an-option", every_question_is_an_option);
	g_test_add_func("/app/no-option-twice", no_option_twice);
	g_test_add_func("/app/keys-are-sound", keys_are_sound);
	return g_test_run();
}
