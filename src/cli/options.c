/*
 * options: the options of all subcommands, in one table, and reading the command line.
 *
 * An option is known only where it means something.  The questions of a verb are options of its
 * subcommand: --profile server.  A secret is never the value of an option: it is asked for, or
 * read from a descriptor (--passphrase-fd 3).
 */
#include "own.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_NUMBER };

struct option {
	const char *name;
	char letter;		/* 0: none */
	enum option_kind kind;
	size_t at;		/* where in struct cli */
	unsigned where;		/* OPTIONS_… bits of the subcommands that know it */
	const char *value;	/* what the value is called in the help */
	const char *sentence;
};

#define AT(member) offsetof(struct cli, member)

/* clang-format off */
static const struct option options[] = {
	{ "output",            'o', OPTION_TEXT,   AT(format),            OPTIONS_FORM,       "FORMAT", "The form: text, json, csv, tsv, pem, nagios or prom, as the command has it" },
	{ "filter",            'f', OPTION_TEXT,   AT(filter),            OPTIONS_ROWS,       "QUERY",  "Only rows that match, in the console's filter language" },
	{ "account",           0,   OPTION_TEXT,   AT(account),           OPTIONS_ROWS,       "NAME",   "Only what belongs to this account" },
	{ "sort",              's', OPTION_TEXT,   AT(sort),              OPTIONS_ORDER,      "COLUMN", "Order rows by this column" },
	{ "reverse",           'r', OPTION_FLAG,   AT(reverse),           OPTIONS_ORDER,      NULL,     "The other way round" },
	{ "all",               'a', OPTION_FLAG,   AT(all),               OPTIONS_ALL,        NULL,     "Also what is over" },
	{ "warning",           'w', OPTION_TEXT,   AT(warning),           OPTIONS_LIMITS,     "LIMIT",  "Warn below this much time left (30d) or from this share of life used on (66%)" },
	{ "critical",          'c', OPTION_TEXT,   AT(critical),          OPTIONS_LIMITS,     "LIMIT",  "The same for critical" },
	{ "yes",               'y', OPTION_FLAG,   AT(is_yes),            OPTIONS_YES,        NULL,     "Do not ask whether to go on; warnings are not accepted by it" },
	{ "passphrase-fd",     0,   OPTION_NUMBER, AT(passphrase_fd),     OPTIONS_PASSPHRASE, "FD",     "Read the passphrase from this descriptor" },
	{ "new-passphrase-fd", 0,   OPTION_NUMBER, AT(new_passphrase_fd), OPTIONS_NEW_PASSPHRASE, "FD", "Read the new passphrase from this descriptor" },
	{ "offline",           0,   OPTION_FLAG,   AT(is_offline),        OPTIONS_ANYWHERE,   NULL,     "Show the saved state and ask nobody" },
	{ "read-only",         0,   OPTION_FLAG,   AT(is_read_only),      OPTIONS_ANYWHERE,   NULL,     "Refuse whatever changes something" },
	{ "readonly",          0,   OPTION_FLAG,   AT(is_read_only),      OPTIONS_ANYWHERE,   NULL,     "The same" },
	{ "config",            0,   OPTION_TEXT,   AT(config),            OPTIONS_ANYWHERE,   "FILE",   "Read this configuration instead of your own" },
	{ "state",             0,   OPTION_TEXT,   AT(state_folder),      OPTIONS_ANYWHERE,   "FOLDER", "Keep the saved state there" },
	{ "refresh",           0,   OPTION_NUMBER, AT(refresh),           OPTIONS_ANYWHERE,   "MINUTES", "Read stores again that were last read so long ago; -1 for never" },
	{ "theme",             0,   OPTION_TEXT,   AT(theme),             OPTIONS_ANYWHERE,   "NAME",   "Show the console in this theme" },
	{ "no-color",          0,   OPTION_FLAG,   AT(no_color),          OPTIONS_ANYWHERE,   NULL,     "Use no colour" },
	{ "ascii",             0,   OPTION_FLAG,   AT(is_ascii),          OPTIONS_ANYWHERE,   NULL,     "Draw with ASCII characters alone" },
	{ "log-file",          0,   OPTION_TEXT,   AT(log_file),          OPTIONS_ANYWHERE,   "FILE",   "Append to this file what happens" },
	{ "log-level",         0,   OPTION_TEXT,   AT(log_level),         OPTIONS_ANYWHERE,   "LEVEL",  "How much: error, warning, info or debug; info unless said" },
	{ "version",           'V', OPTION_FLAG,   AT(asks_version),      OPTIONS_ANYWHERE,   NULL,     "Say which certty this is" },
};
/* clang-format on */

static bool is_known_at(const struct option *o, unsigned where)
{
	return o->where == OPTIONS_ANYWHERE || (o->where & where);
}

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
	size_t n;
	char **text;
	gboolean *flag;
	char **words;		/* what is no option */
};

static void answers_init(struct answers *a, const struct field *fields)
{
	*a = (struct answers){ .fields = fields };
	while (fields && fields[a->n].key)
		a->n++;
	a->text = g_new0(char *, a->n + 1);
	a->flag = g_new0(gboolean, a->n + 1);
}

static void answers_done(struct answers *a)
{
	for (size_t i = 0; i < a->n; i++)
		g_free(a->text[i]);
	g_free(a->text);
	g_free(a->flag);
	g_strfreev(a->words);
}

static void add_fields(GArray *entries, struct answers *a)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct field *f = &a->fields[i];
		bool flag = f->kind == FIELD_BOOL;
		GOptionEntry e = { .long_name = f->key, .description = f->hint,
				   .arg = flag ? G_OPTION_ARG_NONE : G_OPTION_ARG_STRING,
				   .arg_data = flag ? (gpointer)&a->flag[i] :
						      (gpointer)&a->text[i],
				   .arg_description = flag ? NULL : "VALUE" };

		if (f->kind != FIELD_SECRET)
			g_array_append_val(entries, e);
	}
}

static char *summary_of_all(void)
{
	GString *out = g_string_new("Without a command the console opens; when the output is no "
				    "terminal the\ncertificates are listed.\n\nCommands:\n");
	struct cli_command c;

	for (size_t i = 0; cli_command_at(i, &c); i++)
		g_string_append_printf(out, "  %-12s %s\n", c.name, c.sentence);
	g_string_append(out, "\ncertty COMMAND --help says more of one; certty(1) of all.");
	return g_string_free(out, FALSE);
}

/* The choices of a verb's questions, which one line of the help has no room for. */
static char *summary_of(const struct cli_command *command)
{
	GString *out = g_string_new(command->sentence);
	const struct field *f = command->verb ? command->verb->fields : NULL;

	g_string_append_c(out, '.');
	for (bool first = true; f && f->key; f++) {
		if (!f->choices)
			continue;
		g_string_append_printf(out, "%s  --%s %s%s%s", first ? "\n\nChoices:\n" : "\n",
				       f->key, f->choices, f->fallback ? "; as a rule " : "",
				       f->fallback ? f->fallback : "");
		first = false;
	}
	return g_string_free(out, FALSE);
}

static GOptionContext *context_new(struct cli *c, const struct cli_command *command,
				   struct answers *a)
{
	g_autofree char *words = command ? g_strdup_printf("%s %s", command->name, command->words) :
					   g_strdup("[COMMAND …]");
	g_autofree char *summary = command ? summary_of(command) : summary_of_all();
	GOptionContext *ctx = g_option_context_new(words);
	g_autoptr(GArray) entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
	GOptionEntry rest = { .long_name = G_OPTION_REMAINING, .arg = G_OPTION_ARG_STRING_ARRAY,
			      .arg_data = &a->words };

	add_fields(entries, a);
	for (size_t i = 0; i < G_N_ELEMENTS(options); i++)
		if (is_known_at(&options[i], command ? command->options : OPTIONS_OF_LISTS)) {
			GOptionEntry e = entry_of(c, &options[i]);

			g_array_append_val(entries, e);
		}
	g_array_append_val(entries, rest);
	g_option_context_add_main_entries(ctx, (GOptionEntry *)(void *)entries->data, NULL);
	g_option_context_set_summary(ctx, summary);
	return ctx;
}

static void keep_answers(struct cli *c, struct answers *a)
{
	GPtrArray *out = g_ptr_array_new();

	for (size_t i = 0; i < a->n; i++) {
		if (a->flag[i])
			g_ptr_array_add(out, g_strdup_printf("%s=yes", a->fields[i].key));
		else if (a->text[i])
			g_ptr_array_add(out, g_strdup_printf("%s=%s", a->fields[i].key, a->text[i]));
	}
	g_ptr_array_add(out, NULL);
	c->verb_args = (char **)g_ptr_array_free(out, FALSE);
	c->words = g_strdupv(a->words && a->words[0] ? a->words + 1 : (char *[]){ NULL });
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

static bool parse(struct cli *c, int argc, char **argv, const struct cli_command *command,
		  GError **error)
{
	g_auto(GStrv) copy = g_new0(char *, (gsize)argc + 1);
	struct answers a;
	GOptionContext *ctx;
	bool ok;

	for (int i = 0; i < argc; i++)
		copy[i] = g_strdup(argv[i]);
	answers_init(&a, command && command->verb ? command->verb->fields : NULL);
	ctx = context_new(c, command, &a);
	ok = g_option_context_parse_strv(ctx, &copy, error);
	g_option_context_free(ctx);
	if (ok)
		keep_answers(c, &a);
	answers_done(&a);
	return ok;
}

/* Options that are settings by another name. */
static bool override(struct cli *c, GError **error)
{
	g_autofree char *minutes = g_strdup_printf("%d", c->refresh);
	const struct {
		bool is_given;
		const char *group, *key, *value;
	} given[] = {
		{ c->theme != NULL, "screen", "theme", c->theme },
		{ c->is_ascii, "screen", "ascii", "true" },
		{ c->refresh != INT_MIN, "refresh", "interval", minutes },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(given); i++)
		if (given[i].is_given &&
		    !settings_override(c->settings, given[i].group, given[i].key, given[i].value,
				       error))
			return false;
	return true;
}

static bool apply(struct cli *c, GError **error)
{
	c->settings = settings_load(c->config);
	if (!override(c, error))
		return false;
	c->is_read_only = c->is_read_only || settings_bool(c->settings, "safety", "read-only");
	if (!c->state_folder && *settings_text(c->settings, "state", "folder"))
		c->state_folder = g_strdup(settings_text(c->settings, "state", "folder"));
	/* Whoever says how a list should look wants a list. */
	if (!c->command && (c->format || c->filter || c->account || c->sort || c->reverse))
		c->command = "ls";
	return true;
}

/* A monitoring system reads standard output and wants its own status, also for mistakes. */
static int refuse(const struct cli_command *command, GError *error)
{
	g_autofree char *tail = g_strdup_printf("; certty %s%s--help says what there is",
						command ? command->name : "", command ? " " : "");
	/* GLib's sentences begin with a capital; ours go on after "certty: ". */
	*error->message = g_ascii_tolower(*error->message);
	if (command && command->run == run_check)
		return cli_check_unknown(error->message);
	return cli_usage("%s%s", error->message, error->domain == G_OPTION_ERROR ? tail : "");
}

int cli_read(struct cli *c, int argc, char **argv, const char *version)
{
	char *word = find_command(argv, argc);
	struct cli_command command;
	const struct cli_command *known = word && cli_command_find(word, &command) ? &command : NULL;
	g_autoptr(GError) error = NULL;

	*c = (struct cli){ .version = version, .passphrase_fd = -1, .new_passphrase_fd = -1,
			   .refresh = INT_MIN };
	if (word && !known)
		return cli_usage("there is no command %s; certty --help lists them", word);
	c->command = known ? known->name : NULL;
	if (!parse(c, argc, argv, known, &error))
		return refuse(known, error);
	if (c->asks_version) {
		printf("certty %s\n", version);
		return 0;
	}
	return apply(c, &error) ? -1 : refuse(known, error);
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

/* ---- for completions and the manual ---- */

char **cli_options_of(const char *name)
{
	GPtrArray *all = g_ptr_array_new();
	struct cli_command c = { .options = OPTIONS_OF_LISTS };
	const struct field *f;

	if (name)
		cli_command_find(name, &c);
	f = c.verb ? c.verb->fields : NULL;
	for (; f && f->key; f++)
		if (f->kind != FIELD_SECRET)
			g_ptr_array_add(all, g_strdup_printf("--%s", f->key));
	for (size_t i = 0; i < G_N_ELEMENTS(options); i++)
		if (is_known_at(&options[i], c.options))
			g_ptr_array_add(all, g_strdup_printf("--%s", options[i].name));
	g_ptr_array_add(all, g_strdup("--help"));
	g_ptr_array_add(all, NULL);
	return (char **)g_ptr_array_free(all, FALSE);
}

char **cli_option_names(void)
{
	char **names = g_new0(char *, G_N_ELEMENTS(options) + 1);

	for (size_t i = 0; i < G_N_ELEMENTS(options); i++)
		names[i] = g_strdup(options[i].name);
	return names;
}

void cli_options_say(GString *out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
		const struct option *o = &options[i];

		g_string_append(out, ".It ");
		if (o->letter)
			g_string_append_printf(out, "Fl %c%s%s , ", o->letter,
					       o->value ? " Ar " : "", o->value ? o->value : "");
		g_string_append_printf(out, "Fl -%s%s%s\n", o->name, o->value ? " Ar " : "",
				       o->value ? o->value : "");
		cli_sentence_say(out, o->sentence);
	}
}
