/*
 * own: what the subcommands share.
 */
#ifndef CERTTY_CLI_OWN_H
#define CERTTY_CLI_OWN_H

#include <certty/base/err.h>
#include <certty/cli/cli.h>
#include <certty/engine/engine.h>
#include <certty/model/verb.h>
#include <certty/view/view.h>

/* Groups of options that a subcommand knows; the others are mistakes there. */
enum {
	OPTIONS_FORM = 1 << 0,		/* --output */
	OPTIONS_ROWS = 1 << 1,		/* --filter --account */
	OPTIONS_ORDER = 1 << 2,		/* --sort --reverse */
	OPTIONS_ALL = 1 << 3,
	OPTIONS_LIMITS = 1 << 4,	/* --warning --critical */
	OPTIONS_YES = 1 << 5,
	OPTIONS_PASSPHRASE = 1 << 6,
	OPTIONS_NEW_PASSPHRASE = 1 << 7,
	OPTIONS_ANYWHERE = 1 << 8,	/* of options: every subcommand knows it */
	OPTIONS_OF_LISTS = OPTIONS_FORM | OPTIONS_ROWS | OPTIONS_ORDER,
};

/* A subcommand: runs, and gives the exit status. */
typedef int run_fn(struct cli *c);

struct cli_command {
	const char *name;
	const char *words;	/* "check|show|default", "[STORE…]": what follows it */
	const char *sentence;
	run_fn *run;
	unsigned options;	/* OPTIONS_… bits */
	const struct verb *verb;	/* whose questions are its options, or NULL */
};

/* All subcommands: those of commands.c's table and then one for each verb.  i from 0; false
 * when there are no more. */
bool cli_command_at(size_t i, struct cli_command *ret);
bool cli_command_find(const char *name, struct cli_command *ret);

/* The question that words answer which are no targets, as in "store-add ADDRESS"; or NULL. */
const struct field *cli_first_question(const struct verb *v);

/* generate.c: in lines of mdoc, with a full stop. */
void cli_sentence_say(GString *out, const char *sentence);

run_fn run_ls, run_show, run_verb, run_pending, run_check, run_config, run_completion, run_audit,
	run_generate;

/* options.c */
void cli_options_say(GString *out);	/* for the manual, in mdoc */
char **cli_option_names(void);		/* of all of the table: "filter" */

/* ---- engine.c: an engine for one command ---- */

struct engine *cli_open(struct cli *c, GError **error);	/* started, and its state loaded */

/* Reads stores that were never read, or not since the interval, unless offline; what rows of
 * that kind are wanted for.  NULL when it was broken off.  Give it back to the engine. */
struct snapshot *cli_fresh(struct cli *c, struct engine *e, enum kind kind);

/* Submits (takes the command), waits, tells progress on a terminal; the job's end.  SIGINT
 * cancels the job. */
struct cli_outcome {
	struct snapshot *snap;	/* a reference */
	enum err code;
	bool failed, partly, cancelled;
	char *said;
	char **troubles;
};
void cli_do(struct engine *e, struct command *command, struct cli_outcome *ret);
void cli_outcome_done(struct cli_outcome *o);
struct frame cli_frame(struct engine *e, const struct snapshot *s);

/* The id of a thing that a person called by its id, the beginning of it, or the text in the
 * column that names its kind; NULL: none, or more than one. */
char *cli_find_id(const struct snapshot *s, enum kind kind, const char *typed);

/* --filter and --account as one filter; new. */
char *cli_filter(const struct cli *c);
/* What could not be read, a line each, on standard error. */
void cli_tell_failed(const struct snapshot *s);

/* ---- saying ---- */

int cli_usage(const char *format, ...) G_GNUC_PRINTF(1, 2);
int cli_check_unknown(const char *what);	/* Nagios' line and status */
void cli_print(const GString *text);

#endif
