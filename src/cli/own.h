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

/* A subcommand: runs, and gives the exit status. */
typedef int run_fn(struct cli *c);

struct cli_command {
	const char *name;
	const char *words;	/* "KIND", "[STORE…]": what follows it */
	const char *sentence;
	run_fn *run;
	const struct verb *verb;	/* whose questions are its options, or NULL */
};

/* All subcommands: those of commands.c's table and then one for each verb.  i from 0; false
 * when there are no more. */
bool cli_command_at(size_t i, struct cli_command *ret);
bool cli_command_find(const char *name, struct cli_command *ret);

run_fn run_ls, run_show, run_verb, run_pending, run_check, run_config, run_completion, run_audit,
	run_generate, run_help;

/* options.c */
void cli_options_say(GString *out);		/* for the manual, in mdoc */
void cli_option_names(GPtrArray *ret);		/* "--filter"; static strings */

/* engine.c: an engine for one command */
struct engine *cli_open(struct cli *c, GError **error);	/* started, and its state loaded */
/* Reads stores that were never read, or not since the interval, unless offline; tells of it. */
struct snapshot *cli_fresh(struct cli *c, struct engine *e);
/* Submits (takes the command), waits, tells progress on a terminal; the job's end. */
struct cli_outcome {
	struct snapshot *snap;
	enum err code;
	bool failed, partly;
	char *said;
	char **troubles;
};
void cli_do(struct engine *e, struct command *command, struct cli_outcome *ret);
void cli_outcome_done(struct cli_outcome *o);
struct frame cli_frame(struct engine *e, const struct snapshot *s);

int cli_fail(GError *error);		/* says it on standard error; takes the error */
int cli_usage(const char *format, ...) G_GNUC_PRINTF(1, 2);
int cli_width(void);			/* of standard output's terminal, or 200 */
void cli_print(const GString *text);

#endif
