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

struct engine;

/* What every subcommand gets: the options that hold everywhere, and the words after it. */
struct cli {
	struct settings *settings;	/* read, with the options' overrides */
	const char *version;
	const char *command;		/* NULL: none was named, open the console */
	char **words;			/* after the subcommand; NULL-terminated */
	char *config;
	char *format;			/* -o, or NULL */
	char *filter;
	char *theme;
	char *account;
	gboolean is_offline, is_read_only, is_yes, no_color, is_ascii, all, reverse;
	char *sort;
	char *state_folder;
	int passphrase_fd, new_passphrase_fd;	/* -1: ask */
	char *warning, *critical;	/* certty check */
	char **verb_args;		/* "key=value" of the verb's own questions */
};

/* Reads the command line; answers --help and --version itself.  Returns -1 to go on, else the
 * exit status. */
int cli_read(struct cli *c, int argc, char **argv, const char *version);
void cli_done(struct cli *c);

/* Runs the subcommand; the exit status of base/err.h (certty check: its own). */
int cli_run(struct cli *c);

/* The certificate list, as without a terminal and without a subcommand. */
int cli_list_certs(struct cli *c);

/* Texts for the manual and its checks: "commands", "options", "settings", "names". */
bool cli_generate(const char *what, GString *out);

#endif
