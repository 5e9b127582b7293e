/*
 * options: the options of all subcommands, in one table, and reading the command line.
 *
 * The questions of a verb are options of its subcommand: --profile server.  A secret is never
 * the value of an option: it is asked for, or read from a descriptor (--passphrase-fd 3).
 */
#include "own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_NUMBER };

struct option {
	const char *name;
	char letter;		/* 0: none */
	enum option_kind kind;
	size_t at;		/* where in struct cli */
	const char *value;	/* what the value is called in the help */
	const char *sentence;
};

#define AT(member) offsetof(struct cli, member)

/* clang-format off */
static const struct option options[] = {
	{ "config",            0,   OPTION_TEXT,   AT(config),            "FILE",   "Read this configuration instead of your own" },
	{ "output",            'o', OPTION_TEXT,   AT(format),            "FORMAT", "text, json, csv or tsv; pem for show; nagios or prom for check" },
	{ "filter",            0,   OPTION_TEXT,   AT(filter),            "QUERY",  "Only rows that match, in the console's filter language" },
	{ "sort",              0,   OPTION_TEXT,   AT(sort),              "COLUMN", "Order rows by this column" },
	{ "reverse",           0,   OPTION_FLAG,   AT(reverse),           NULL,     "The other way round" },
	{ "account",           0,   OPTION_TEXT,   AT(account),           "NAME",   "Only what belongs to this account" },
	{ "offline",           0,   OPTION_FLAG,   AT(is_offline),        NULL,     "Show the saved state and ask nobody" },
	{ "read-only",         0,   OPTION_FLAG,   AT(is_read_only),      NULL,     "Refuse whatever changes something" },
	{ "readonly",          0,   OPTION_FLAG,   AT(is_read_only),      NULL,     "The same" },
	{ "yes",               'y', OPTION_FLAG,   AT(is_yes),            NULL,     "Do not ask whether to go on; warnings are not accepted by it" },
	{ "passphrase-fd",     0,   OPTION_NUMBER, AT(passphrase_fd),     "FD",     "Read the passphrase from this descriptor" },
	{ "new-passphrase-fd", 0,   OPTION_NUMBER, AT(new_passphrase_fd), "FD",     "Read the new passphrase from this descriptor" },
	{ "warning",           'w', OPTION_TEXT,   AT(warning),           "LIMIT",  "check: warn below this much time left (30d) or above this share of life (66%)" },
	{ "critical",          'c', OPTION_TEXT,   AT(critical),          "LIMIT",  "check: the same for critical" },
	{ "all",               0,   OPTION_FLAG,   AT(all),               NULL,     "pending: also what is over" },
	{ "state",             0,   OPTION_TEXT,   AT(state_folder),      "FOLDER", "Keep the saved state there" },
	{ "theme",             0,   OPTION_TEXT,   AT(theme),             "NAME",   "Show the console in this theme" },
	{ "no-color",          0,   OPTION_FLAG,   AT(no_color),          NULL,     "Use no colour" },
	{ "ascii",             0,   OPTION_FLAG,   AT(is_ascii),          NULL,     "Draw with ASCII characters alone" },
};
/* clang-format on */

/* ---- GOption from the tables ---- */

static GOptionEntry entry_of(struct cli *c, const struct option *o)
{
	static const GOptionArg args[] = {
		[OPTION_FLAG] = G_OPTION_ARG_NONE,
		[OPTION_TEXT] = G_OPTION_ARG_STRING,
		[OPTION_NUMBER] = G_OPTION_ARG_INT,
	};

	return (GOptionEntry){ .long_name = o->name, .short_name = o->letter,
			       .arg = args[o->kind], .arg_data = (char *)c + o->at,
			       .description = o->sentence, .arg_description = o->value };
}

/* What a verb's questions were answered with: parallel to its fields. */
struct answers {
	const struct field *fields;
	char **text;
	gboolean *flag;
};

static bool is_option(const struct field *f)
{
	return f->kind != FIELD_SECRET;
}

static void add_fields(GArray *entries, struct answers *a)
{
	for (size_t i = 0; a->fields && a->fields[i].key; i++) {
		const struct field *f = &a->fields[i];
		bool flag = f->kind == FIELD_BOOL;
		GOptionEntry e = { .long_name = f->key, .description = f->hint,
				   .arg = flag ? G_OPTION_ARG_NONE : G_OPTION_ARG_STRING,
				   .arg_data = flag ? (gpointer)&a->flag[i] :
						      (gpointer)&a->text[i],
				   .arg_description = flag ? NULL :
						      f->choices ? f->choices : "VALUE" };

		if (is_option(f))
			g_array_append_val(entries, e);
	}
}

static GOptionContext *context_new(struct cli *c, const struct cli_command *command,
				   struct answers *a)
{
	g_autofree char *words = command ? g_strdup_printf("%s %s", command->name, command->words) :
					   g_strdup("[COMMAND …]");
	GOptionContext *ctx = g_option_context_new(words);
	g_autoptr(GArray) entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
	g_autoptr(GString) list = g_string_new(NULL);
	struct cli_command one;

	add_fields(entries, a);
	for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
		GOptionEntry e = entry_of(c, &options[i]);
		bool hidden = false;

		/* A question of the verb comes before an option of the same name. */
		for (size_t f = 0; a->fields && a->fields[f].key; f++)
			hidden |= !strcmp(a->fields[f].key, e.long_name);
		if (!hidden)
			g_array_append_val(entries, e);
	}
	g_option_context_add_main_entries(ctx, (GOptionEntry *)(void *)entries->data, NULL);
	if (command) {
		g_option_context_set_summary(ctx, command->sentence);
		return ctx;
	}
	g_string_append(list, "Without a command the console opens; without a terminal the "
			      "certificates are listed.\n\nCommands:\n");
	for (size_t i = 0; cli_command_at(i, &one); i++)
		g_string_append_printf(list, "  %-12s %s\n", one.name, one.sentence);
	g_option_context_set_summary(ctx, list->str);
	return ctx;
}

static void keep_answers(struct cli *c, struct answers *a)
{
	GPtrArray *out = g_ptr_array_new();

	for (size_t i = 0; a->fields && a->fields[i].key; i++) {
		if (a->flag[i])
			g_ptr_array_add(out, g_strdup_printf("%s=yes", a->fields[i].key));
		else if (a->text[i])
			g_ptr_array_add(out, g_strdup_printf("%s=%s", a->fields[i].key, a->text[i]));
	}
	g_ptr_array_add(out, NULL);
	c->verb_args = (char **)g_ptr_array_free(out, FALSE);
}

/* ---- reading ---- */

/* The subcommand: the first word that is neither an option nor an option's value. */
static char *find_command(char *const *argv, int argc)
{
	for (int i = 1; i < argc; i++) {
		const char *a = argv[i];
		bool takes_value = false;

		if (!strcmp(a, "--"))
			return i + 1 < argc ? argv[i + 1] : NULL;
		if (*a != '-')
			return argv[i];
		for (size_t o = 0; o < G_N_ELEMENTS(options); o++) {
			bool is_long = g_str_has_prefix(a, "--") && !strcmp(a + 2, options[o].name);
			bool is_short = options[o].letter && a[1] == options[o].letter && !a[2];

			takes_value |= (is_long || is_short) && options[o].kind != OPTION_FLAG;
		}
		i += takes_value;
	}
	return NULL;
}

static bool apply(struct cli *c, GError **error)
{
	c->settings = settings_load(c->config);
	if (c->theme && !settings_override(c->settings, "screen", "theme", c->theme, error))
		return false;
	if (c->is_ascii && !settings_override(c->settings, "screen", "ascii", "true", error))
		return false;
	c->is_read_only = c->is_read_only || settings_bool(c->settings, "safety", "read-only");
	if (!c->state_folder && *settings_text(c->settings, "state", "folder"))
		c->state_folder = g_strdup(settings_text(c->settings, "state", "folder"));
	return true;
}

static bool parse(struct cli *c, int argc, char **argv, const struct cli_command *command,
		  GError **error)
{
	struct answers a = { .fields = command && command->verb ? command->verb->fields : NULL };
	g_auto(GStrv) copy = g_new0(char *, (gsize)argc + 1);
	GOptionContext *ctx;
	size_t n = 0;
	bool ok;

	while (a.fields && a.fields[n].key)
		n++;
	a.text = g_new0(char *, n + 1);
	a.flag = g_new0(gboolean, n + 1);
	for (int i = 0; i < argc; i++)
		copy[i] = g_strdup(argv[i]);
	ctx = context_new(c, command, &a);
	ok = g_option_context_parse_strv(ctx, &copy, error);
	g_option_context_free(ctx);
	if (ok) {
		keep_answers(c, &a);
		c->words = g_strdupv(copy + (copy[0] && copy[1] && command ? 2 : 1));
	}
	for (size_t i = 0; i < n; i++)
		g_free(a.text[i]);
	g_free(a.text);
	g_free(a.flag);
	return ok;
}

int cli_read(struct cli *c, int argc, char **argv, const char *version)
{
	char *word = find_command(argv, argc);
	struct cli_command command;
	bool known = word && cli_command_find(word, &command);
	GError *error = NULL;

	*c = (struct cli){ .version = version, .passphrase_fd = -1, .new_passphrase_fd = -1 };
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "--version") || !strcmp(argv[i], "-V")) {
			printf("certty %s\n", version);
			return 0;
		}
	if (word && !known)
		return cli_usage("there is no command %s; certty --help lists them", word);
	if (!parse(c, argc, argv, known ? &command : NULL, &error) || !apply(c, &error)) {
		int status = cli_usage("%s", error->message);

		g_error_free(error);
		return status;
	}
	c->command = known ? command.name : NULL;
	return -1;
}

void cli_done(struct cli *c)
{
	settings_free(c->settings);
	g_strfreev(c->words);
	g_strfreev(c->verb_args);
	for (size_t i = 0; i < G_N_ELEMENTS(options); i++)
		if (options[i].kind == OPTION_TEXT)
			g_clear_pointer((char **)(void *)((char *)c + options[i].at), g_free);
}

/* ---- for the manual ---- */

void cli_option_names(GPtrArray *ret)
{
	for (size_t i = 0; i < G_N_ELEMENTS(options); i++)
		g_ptr_array_add(ret, (gpointer)options[i].name);
}

void cli_options_say(GString *out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
		const struct option *o = &options[i];

		g_string_append(out, ".It ");
		if (o->letter)
			g_string_append_printf(out, "Fl %c%s%s , ", o->letter,
					       o->value ? " Ar " : "", o->value ? o->value : "");
		g_string_append_printf(out, "Fl -%s%s%s\n%s.\n", o->name, o->value ? " Ar " : "",
				       o->value ? o->value : "", o->sentence);
	}
}
