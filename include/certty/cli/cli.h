/*
 * cli: certty without a screen: the same rows and the same verbs, for people and for scripts.
 *
 * A table of subcommands (cli_commands) and one of options (cli_options); the verbs of
 * model/verb.c are subcommands by themselves, with their questions as options.  From these
 * come the parser, --help, the completions and the manual.
 *
 * Called from main before any other thread exists; blocks until the answer is there.
 */
#ifndef CERTTY_CLI_CLI_H
#define CERTTY_CLI_CLI_H

#include <stdbool.h>
#include <certty/base/settings.h>
#include <certty/model/checkup.h>

/* What every subcommand gets: the options that hold everywhere, and the words after it. */
struct cli {
	struct settings *settings;	/* read, with the options' overrides */
	const char *version;
	const char *command;		/* NULL: none was named, open the console */
	char **words;			/* after the subcommand; NULL-terminated */
	char **verb_args;		/* "key=value" of the verb's questions */
	char **secret_fds;		/* "key=3": where its secrets are read from */
	char *config, *state_folder;
	char *format;			/* -o, or NULL */
	char *filter, *account, *sort;
	char *warning, *critical;	/* certty check */
	char *theme;
	char *log_file, *log_level;
	int refresh;			/* minutes; INT_MIN: as set */
	char *provider, *keep;		/* of what is imported or exported, or NULL */
	gboolean is_offline, is_read_only, is_yes, no_color, is_ascii, all, reverse;
	gboolean secrets_stdin, pastes, is_partial, is_dry;
	gboolean asks_version;
	bool asks_all;		/* certty login: also what need not be answered */
	/* What is wrong with what the screen reads from the settings: new sentences. */
	char **(*check_screen)(const struct settings *settings);
	/* How the terminal is, for the doctor's page; may be NULL. */
	void (*check_terminal)(struct checkup *page);
};

/* Reads the command line; answers --help and --version itself.  Returns -1 to go on, else the
 * exit status. */
int cli_read(struct cli *c, int argc, char **argv, const char *version);
void cli_done(struct cli *c);

/* Runs the subcommand, or lists the certificates when none was named; the exit status of
 * base/err.h (certty check: its own). */
int cli_run(struct cli *c);

/* Says an error on standard error and takes it; the exit status that it means. */
int cli_fail(GError *error);

/* The options of a subcommand (NULL: of none) and then those that hold everywhere, as they
 * are typed, "--filter"; new strings.  For the tests that compare. */
char **cli_options_of(const char *command);

/* Texts for the manual and its checks: "commands", "options", "settings", "names". */
bool cli_generate(const char *what, GString *out);

#endif
