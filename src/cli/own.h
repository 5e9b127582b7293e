/*
 * own: what the subcommands share.
 */
#ifndef CERTTY_CLI_OWN_H
#define CERTTY_CLI_OWN_H

#include <certty/base/err.h>
#include <certty/cli/cli.h>
#include <certty/engine/engine.h>
#include <certty/model/account.h>
#include <certty/model/job.h>
#include <certty/model/request.h>
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
	OPTIONS_SECRETS = 1 << 6,	/* --secrets-stdin */
	OPTIONS_PASTE = 1 << 7,
	OPTIONS_PROVIDER = 1 << 8,	/* where it is no question of the verb's */
	OPTIONS_PARTIAL = 1 << 9,
	OPTIONS_DRY = 1 << 10,		/* --dry-run */
	OPTIONS_ACCOUNT = 1 << 11,	/* --account alone */
	OPTIONS_ANYWHERE = 1 << 12,	/* of options: every subcommand knows it */
	OPTIONS_OF_LISTS = OPTIONS_FORM | OPTIONS_ROWS | OPTIONS_ORDER,
};

/* A subcommand: runs, and gives the exit status. */
typedef int run_fn(struct cli *c);

struct cli_command {
	const char *name;	/* "ls", "accounts test" */
	const char *words;	/* "check|show|default", "[STORE…]": what follows it */
	const char *sentence;
	run_fn *run;
	unsigned options;	/* OPTIONS_… bits */
	const struct verb *verb;	/* whose questions are its options, or NULL */
};

/* All subcommands: those of commands.c's table and then one for each verb.  i from 0; false
 * when there are no more. */
bool cli_command_at(size_t i, struct cli_command *ret);
/* Also by two words: "accounts test" is account-test, "stores label" is label. */
bool cli_command_find(const char *name, struct cli_command *ret);

/* The question that words answer which are no targets, as in "store-add ADDRESS"; or NULL. */
const struct field *cli_first_question(const struct verb *v);

/* generate.c: in lines of mdoc, with a full stop. */
void cli_sentence_say(GString *out, const char *sentence);

run_fn run_ls, run_show, run_verb, run_pending, run_check, run_config, run_completion, run_audit,
	run_generate, run_accounts, run_stores, run_objects, run_template, run_import, run_export, run_login,
	run_defaults, run_doctor, run_why, run_served, run_enrollments,
	run_sectigo, run_state;

/* Prints what it would do; false: it would be refused, as was said.  *ret_warns: something is warned
 * of. */
bool cli_show_plan(struct engine *e, const struct command *cmd, char **ret_warnings);
/* review.c: what is approved is shown first, each by itself.  *ret_seen: those that were agreed to
 * (struct request, references), as they were shown; NULL: nobody has to be asked.  ERR_REFUSED: there
 * is nobody who could accept their warnings. */
bool cli_review(const struct cli *c, struct engine *e, const struct command *cmd,
		GPtrArray **ret_seen, GError **error);
/* The order for one of them, and for nothing else than what was seen of it; new. */
struct command *cli_order_seen(const struct command *cmd, const struct request *seen);

/* options.c */
void cli_options_say(GString *out);	/* for the manual, in mdoc */
char **cli_option_names(void);		/* of all of the table: "filter" */

/* ---- questions.c: a verb's questions as options ---- */

enum question_kind {
	QUESTION_VALUE,		/* --KEY VALUE */
	QUESTION_FLAG,		/* --KEY */
	QUESTION_FD,		/* --KEY-fd FD: a secret */
	QUESTION_COMMAND,	/* --KEY-command COMMAND: an account's secret */
};

struct question {
	const struct field *field;
	enum question_kind kind;
	bool is_account;	/* a provider's, of its accounts or stores, or one of all accounts */
	const char *option;	/* "profile"; interned */
};

GArray *cli_questions(const struct verb *v);		/* struct question; new */
GArray *cli_questions_of(const struct cli_command *c);	/* those of its verb that it asks; likewise */
bool cli_is_secret(const char *key);			/* of any verb or provider */
char *cli_asked_on(const struct provider_info *p, const struct verb_questions *q);	/* a heading; new */
char *cli_more_help(const struct cli_command *c);	/* its options by provider; new */
const struct provider_info *cli_provider(const char *name);	/* or NULL */
char *cli_account_providers(void);	/* names of those that have accounts, with blanks; new */

/* ---- secrets.c ---- */

#define CLI_SECRET_MAX PASTE_MAX	/* bytes of one that is typed */

/* The question of that key: the verb's, the provider's, or of all accounts; or NULL. */
const struct field *cli_field(const struct command *cmd, const char *key);
bool cli_ask_secret(struct command *cmd, const char *key, const char *prompt, GError **error);
bool cli_ask_new_secret(struct command *cmd, const char *key, GError **error);
/* --KEY-fd and --secrets-stdin. */
bool cli_given_secrets(const struct cli *c, struct command *cmd, GError **error);
/* --paste: sets the provider, when it was not said. */
bool cli_paste(struct command *cmd, GError **error);
/* Answers that the command does not have yet. */
void cli_take_answers(struct command *cmd, const struct args *from);

/* ---- login.c ---- */

/* Asks a person for what is missing of an account: what is needed or, with `all`, anything that
 * its provider asks. */
bool cli_ask_account(const struct snapshot *s, struct command *cmd, bool all, GError **error);

/* ---- run_verb.c ---- */

int cli_run_verb(struct cli *c, const struct verb *verb);
/* What an order says that is not typed by a person is checked as if it were: what its provider asks is
 * found, answers fit, stores are named by their ids. */
bool cli_fit(struct command *cmd, const struct snapshot *s, GError **error);

/* The options that were given, as the order's answers. */
void cli_put_options(struct command *cmd, const struct cli *c);

/* ---- state.c ---- */

struct cli_outcome;
struct json_writer;

/* Which store is meant, where the command has no target; a sentence where that is none, or open. */
bool cli_state_target(const struct cli *c, const struct snapshot *s, struct command *cmd, GError **error);
/* Whether it is an option there. */
bool cli_state_asks(const struct cli_command *c, const struct field *f);
bool cli_state_is_asked(const struct command *cmd);	/* whether a person is asked before */
void cli_state_put(struct json_writer *w, const struct cli_outcome *o);	/* what was changed, as JSON */
void cli_state_print(const struct cli_outcome *o);

/* ---- page.c ---- */

/* Takes the command; the page that it leaves, a reference, or NULL: why is said, and with which status. */
struct detail *cli_ask_page(struct engine *e, struct command *command, const char *id, int *ret_status);
/* Its lines from that one on, labels in a column. */
void cli_print_lines(const struct detail *d, size_t from, const char *indent);

/* ---- engine.c: an engine for one command ---- */

struct engine *cli_open(struct cli *c, GError **error);	/* started, and its state loaded */

/* Reads stores that were never read, or not since the interval, unless offline; what rows of
 * that kind are wanted for.  NULL when it was broken off.  Give it back to the engine. */
struct snapshot *cli_fresh(struct cli *c, struct engine *e, enum kind kind, bool is_all);

/* Submits (takes the command), waits, tells progress on a terminal; the job's end.  SIGINT
 * cancels the job. */
struct cli_outcome {
	struct snapshot *snap;	/* a reference */
	uint64_t number;	/* of the command */
	enum err code;
	enum want wants;
	bool failed, partly, cancelled;
	char *said;
	char *account;		/* whose sign-in it is; or NULL */
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
