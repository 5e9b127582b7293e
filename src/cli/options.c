/*
 * options: the options of all subcommands, in one table, and reading the command line.
 *
 * An option is known only where it means something.  The questions of a verb are options of its
 * subcommand: --profile server.  A secret is never the value of an option: it is asked for, or
 * read from a descriptor (--passphrase-fd 3) or, with its name, from standard input.
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
	{ "account",           0,   OPTION_TEXT,   AT(account),           OPTIONS_ROWS | OPTIONS_ACCOUNT, "NAME", "Only what belongs to this account" },
	{ "sort",              's', OPTION_TEXT,   AT(sort),              OPTIONS_ORDER,      "COLUMN", "Order rows by this column" },
	{ "reverse",           'r', OPTION_FLAG,   AT(reverse),           OPTIONS_ORDER,      NULL,     "The other way round" },
	{ "all",               'a', OPTION_FLAG,   AT(all),               OPTIONS_ALL,        NULL,     "Also what is over" },
	{ "warning",           'w', OPTION_TEXT,   AT(warning),           OPTIONS_LIMITS,     "LIMIT",  "Warn below this much time left (30d) or from this share of life used on (66%)" },
	{ "critical",          'c', OPTION_TEXT,   AT(critical),          OPTIONS_LIMITS,     "LIMIT",  "The same for critical" },
	{ "yes",               'y', OPTION_FLAG,   AT(is_yes),            OPTIONS_YES,        NULL,     "Do not ask whether to go on; warnings are not accepted by it" },
	{ "dry-run",           'n', OPTION_FLAG,   AT(is_dry),            OPTIONS_DRY,        NULL,     "Print what it would do, and do nothing" },
	{ "secrets-stdin",     0,   OPTION_FLAG,   AT(secrets_stdin),     OPTIONS_SECRETS,    NULL,     "Read secrets from standard input, a line each: passphrase=…" },
	{ "paste",             0,   OPTION_FLAG,   AT(pastes),            OPTIONS_PASTE,      NULL,     "Read a block that a provider or its tools give out from standard input, to take answers and secrets from" },
	{ "provider",          0,   OPTION_TEXT,   AT(provider),          OPTIONS_PROVIDER,   "NAME",   "The provider, for lines that do not name one, and of what is written" },
	{ "keep",              0,   OPTION_TEXT,   AT(keep),              OPTIONS_PARTIAL,    "PLACE",  "Where secrets go of lines that do not say it: auto, keyring, file or memory" },
	{ "partial",           0,   OPTION_FLAG,   AT(is_partial),        OPTIONS_PARTIAL,    NULL,     "Take the good lines of a file that has bad ones" },
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

/* What a verb's questions were answered with: parallel to them. */
struct answers {
	GArray *questions;	/* struct question */
	char **text;
	gboolean *flag;
	gint *fd;
	char **words;		/* what is no option */
};

static const struct question *question_of(const struct answers *a, guint i)
{
	return &g_array_index(a->questions, struct question, i);
}

static void answers_init(struct answers *a, const struct cli_command *command)
{
	*a = (struct answers){ .questions = cli_questions_of(command) };
	a->text = g_new0(char *, a->questions->len + 1);
	a->flag = g_new0(gboolean, a->questions->len + 1);
	a->fd = g_new(gint, a->questions->len + 1);
	for (guint i = 0; i < a->questions->len; i++)
		a->fd[i] = -1;
}

static void answers_done(struct answers *a)
{
	for (guint i = 0; i < a->questions->len; i++)
		g_free(a->text[i]);
	g_free(a->text);
	g_free(a->flag);
	g_free(a->fd);
	g_strfreev(a->words);
	g_array_unref(a->questions);
}

/* Those of accounts stand by provider below the others (cli_account_help). */
static GOptionEntry entry_of_question(struct answers *a, guint i)
{
	const struct question *q = question_of(a, i);
	GOptionEntry e = { .long_name = q->option, .description = q->field->hint };

	if (q->is_account)
		e.flags = G_OPTION_FLAG_HIDDEN;
	if (q->kind == QUESTION_FLAG) {
		e.arg = G_OPTION_ARG_NONE;
		e.arg_data = &a->flag[i];
	} else if (q->kind == QUESTION_FD) {
		e.arg = G_OPTION_ARG_INT;
		e.arg_data = &a->fd[i];
		e.arg_description = "FD";
	} else {
		e.arg = G_OPTION_ARG_STRING;
		e.arg_data = &a->text[i];
		e.arg_description = "VALUE";
	}
	return e;
}

static char *summary_of_all(void)
{
	GString *out = g_string_new("Without a command the console opens; when the output is no "
				    "terminal the\ncertificates are listed.\n\nCommands:\n");
	struct cli_command c;

	for (size_t i = 0; cli_command_at(i, &c); i++)
		g_string_append_printf(out, "  %-17s %s\n", c.name, c.sentence);
	g_string_append(out, "\ncertty COMMAND --help says more of one; certty(1) of all.");
	return g_string_free(out, FALSE);
}

/* What can follow "accounts", each with its own --help. */
static void say_words(GString *out, const struct cli_command *group)
{
	g_auto(GStrv) words = g_strsplit(group->words, "|", -1);
	struct cli_command c;
	guint n = 0;

	for (char **w = words; *w; w++) {
		g_autofree char *both = g_strdup_printf("%s %s", group->name, *w);

		if (cli_command_find(both, &c))
			g_string_append_printf(out, "%s  %-12s %s", n++ ? "\n" : "\n\nWords:\n",
					       *w, c.sentence);
	}
}

/* The choices of a verb's questions, which one line of the help has no room for. */
static char *summary_of(const struct cli_command *command)
{
	GString *out = g_string_new(command->sentence);
	const struct field *f = command->verb ? command->verb->fields : NULL;

	g_string_append_c(out, '.');
	for (bool first = true; f && f->key; f++) {
		if (f->kind != FIELD_CHOICE)
			continue;
		g_string_append_printf(out, "%s  --%s %s%s%s", first ? "\n\nChoices:\n" : "\n",
				       f->key, f->choices, f->fallback ? "; as a rule " : "",
				       f->fallback ? f->fallback : "");
		first = false;
	}
	if (!command->verb)
		say_words(out, command);
	return g_string_free(out, FALSE);
}

static bool is_question(const GArray *all, const char *name)
{
	for (guint i = 0; i < all->len; i++)
		if (!strcmp(g_array_index(all, struct question, i).option, name))
			return true;
	return false;
}

/* An option gives way to a question of the subcommand that is called the same. */
static bool is_option_of(const struct option *o, unsigned where, const GArray *questions)
{
	return is_known_at(o, where) && !is_question(questions, o->name);
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

	for (guint i = 0; i < a->questions->len; i++) {
		GOptionEntry e = entry_of_question(a, i);

		g_array_append_val(entries, e);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(options); i++)
		if (is_option_of(&options[i], command ? command->options : OPTIONS_OF_LISTS, a->questions)) {
			GOptionEntry e = entry_of(c, &options[i]);

			g_array_append_val(entries, e);
		}
	g_array_append_val(entries, rest);
	g_option_context_add_main_entries(ctx, (GOptionEntry *)(void *)entries->data, NULL);
	g_option_context_set_summary(ctx, summary);
	if (command && command->verb &&
	    (command->verb->asks_account || command->verb->asks_provider)) {
		g_autofree char *more = cli_more_help(command);

		g_option_context_set_description(ctx, more);
	}
	return ctx;
}

/* A credential command answers a plain question of its own. */
static char *answer_of(const struct answers *a, guint i)
{
	const struct question *q = question_of(a, i);
	g_autofree char *key = q->kind == QUESTION_COMMAND ? field_command_key(q->field) :
							     g_strdup(q->field->key);

	if (a->text[i])
		return g_strdup_printf("%s=%s", key, a->text[i]);
	if (a->flag[i])
		return g_strdup_printf("%s=yes", key);
	return NULL;
}

static void keep_answers(struct cli *c, struct answers *a, guint words)
{
	GPtrArray *out = g_ptr_array_new(), *fds = g_ptr_array_new();
	guint given = a->words ? g_strv_length(a->words) : 0;

	for (guint i = 0; i < a->questions->len; i++) {
		char *answer = answer_of(a, i);

		if (answer)
			g_ptr_array_add(out, answer);
		if (a->fd[i] >= 0)
			g_ptr_array_add(fds, g_strdup_printf("%s=%d", question_of(a, i)->field->key,
							     a->fd[i]));
	}
	g_ptr_array_add(out, NULL);
	g_ptr_array_add(fds, NULL);
	c->verb_args = (char **)g_ptr_array_free(out, FALSE);
	c->secret_fds = (char **)g_ptr_array_free(fds, FALSE);
	c->words = g_strdupv(given > words ? a->words + words : (char *[]){ NULL });
}

/* ---- reading ---- */

static const struct option *find_option(const char *a)
{
	for (size_t o = 0; o < G_N_ELEMENTS(options); o++) {
		bool is_long = g_str_has_prefix(a, "--") && !strcmp(a + 2, options[o].name);
		bool is_short = options[o].letter && a[1] == options[o].letter && !a[2];

		if (is_long || is_short)
			return &options[o];
	}
	return NULL;
}

/* The first word from argv[*at] on that is neither an option nor an option's value; *at goes
 * behind it. */
static const char *next_word(char *const *argv, int argc, int *at)
{
	for (int i = *at; i < argc; i++) {
		const struct option *o = find_option(argv[i]);

		if (!strcmp(argv[i], "--") && ++i == argc)
			break;
		if (*argv[i] != '-' || !strcmp(argv[i - 1], "--")) {
			*at = i + 1;
			return argv[i];
		}
		i += o && o->kind != OPTION_FLAG;
	}
	return NULL;
}

/* Which subcommand it is, by one word or two; NULL in ret->name: no such one. */
static guint find_command(char *const *argv, int argc, struct cli_command *ret, const char **ret_word)
{
	int at = 1;
	const char *first = next_word(argv, argc, &at);
	const char *second = first ? next_word(argv, argc, &at) : NULL;
	g_autofree char *both = second ? g_strdup_printf("%s %s", first, second) : NULL;

	*ret_word = first;
	if (both && cli_command_find(both, ret))
		return 2;
	return first && cli_command_find(first, ret) ? 1 : 0;
}

static bool is_plain_here(const struct cli_command *command, const char *name)
{
	g_autoptr(GArray) all = cli_questions_of(command);

	return is_question(all, name);
}

/* Whoever types a secret as an option's value has shown it to everybody on this machine; it is
 * refused unread, before anything repeats it. */
static bool refuse_secrets(char *const *argv, int argc, const struct cli_command *command,
			   GError **error)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		g_autofree char *name = g_str_has_prefix(argv[i], "--") ?
			g_strndup(argv[i] + 2, strcspn(argv[i] + 2, "=")) : NULL;

		if (!name || is_plain_here(command, name) || !cli_is_secret(name))
			continue;
		g_set_error(error, ERR, ERR_USAGE, "--%s is a secret and is never the value of an "
			    "option, where others can see it: it is asked for at a terminal, or read "
			    "by --%s-fd or --secrets-stdin; if it was a real one, change it", name, name);
		return false;
	}
	return true;
}

static bool parse(struct cli *c, int argc, char **argv, const struct cli_command *command,
		  guint words, GError **error)
{
	g_auto(GStrv) copy = g_new0(char *, (gsize)argc + 1);
	struct answers a;
	GOptionContext *ctx;
	bool ok;

	for (int i = 0; i < argc; i++)
		copy[i] = g_strdup(argv[i]);
	answers_init(&a, command);
	ctx = context_new(c, command, &a);
	ok = g_option_context_parse_strv(ctx, &copy, error);
	g_option_context_free(ctx);
	if (ok)
		keep_answers(c, &a, MAX(words, 1));
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
	/* GLib's sentences begin with a capital; ours go on after "certty: ".  What stands behind
	 * an option's name may be a secret with its name misspelt. */
	*error->message = g_ascii_tolower(*error->message);
	if (g_error_matches(error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION))
		error->message[strcspn(error->message, "=")] = '\0';
	if (command && command->run == run_check)
		return cli_check_unknown(error->message);
	return cli_usage("%s%s", error->message, error->domain == G_OPTION_ERROR ? tail : "");
}

int cli_read(struct cli *c, int argc, char **argv, const char *version)
{
	struct cli_command command;
	const char *word;
	guint words = find_command(argv, argc, &command, &word);
	const struct cli_command *known = words ? &command : NULL;
	g_autoptr(GError) error = NULL;

	*c = (struct cli){ .version = version, .refresh = INT_MIN };
	if (!refuse_secrets(argv, argc, known, &error))
		return refuse(known, error);
	if (word && !known)
		return cli_usage("there is no command %s; certty --help lists them", word);
	c->command = known ? known->name : NULL;
	if (!parse(c, argc, argv, known, words, &error))
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
	g_strfreev(c->secret_fds);
	for (size_t i = 0; i < G_N_ELEMENTS(options); i++)
		if (options[i].kind == OPTION_TEXT)
			g_clear_pointer((char **)(void *)((char *)c + options[i].at), g_free);
}

/* ---- for completions and the manual ---- */

char **cli_options_of(const char *name)
{
	GPtrArray *all = g_ptr_array_new();
	struct cli_command c = { .options = OPTIONS_OF_LISTS };
	g_autoptr(GArray) questions = NULL;

	if (name)
		cli_command_find(name, &c);
	questions = cli_questions_of(&c);
	for (guint i = 0; i < questions->len; i++)
		g_ptr_array_add(all, g_strdup_printf("--%s", g_array_index(questions,
						     struct question, i).option));
	for (size_t i = 0; i < G_N_ELEMENTS(options); i++)
		if (is_option_of(&options[i], c.options, questions))
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
