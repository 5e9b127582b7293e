/*
 * run_verb: any verb of the table as a subcommand: targets, answers, one question before what
 * is dangerous, a passphrase when one turns out to be needed.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <certty/base/secret.h>
#include <certty/base/text.h>
#include <certty/model/detail.h>
#include <certty/model/job.h>

#define PASSPHRASE_MAX 4096

static bool has_question(const struct verb *v, const char *key)
{
	for (const struct field *f = v->fields; f && f->key; f++)
		if (!strcmp(f->key, key))
			return true;
	return false;
}

/* ---- secrets ---- */

static bool put_secret(struct command *cmd, const char *key, int fd, const char *prompt,
		       GError **error)
{
	struct secret *s = secret_read(fd, prompt, PASSPHRASE_MAX, error);

	if (s)
		args_put_secret(cmd->args, key, s);
	return s != NULL;
}

static bool given_secrets(const struct cli *c, struct command *cmd, GError **error)
{
	if (c->passphrase_fd >= 0 && has_question(cmd->verb, "passphrase") &&
	    !put_secret(cmd, "passphrase", c->passphrase_fd, NULL, error))
		return false;
	return c->new_passphrase_fd < 0 || !has_question(cmd->verb, "new-passphrase") ||
	       put_secret(cmd, "new-passphrase", c->new_passphrase_fd, NULL, error);
}

/* Asks twice, since what is encrypted with a slip of the finger is lost. */
static bool ask_new(struct command *cmd, const char *key, GError **error)
{
	g_autoptr(secret) again = NULL;

	if (!put_secret(cmd, key, STDIN_FILENO, "New passphrase: ", error))
		return false;
	again = secret_read(STDIN_FILENO, "Once more: ", PASSPHRASE_MAX, error);
	if (!again)
		return false;
	if (secret_equal(again, args_secret(cmd->args, key)))
		return true;
	g_set_error(error, ERR, ERR_PASSPHRASE, "the two passphrases differ");
	return false;
}

/* Verbs that cannot begin without one ask at once.  Those about nothing else read it from
 * standard input also where there is no person to ask. */
static bool asked_secrets(struct command *cmd, GError **error)
{
	enum verb_id id = cmd->verb->id;
	bool makes = (id == VERB_KEY && !args_bool(cmd->args, "plain")) ||
		     (id == VERB_EXPORT && args_bool(cmd->args, "with-key"));

	if (args_secret(cmd->args, "passphrase"))
		return true;
	if (makes && isatty(STDIN_FILENO))
		return ask_new(cmd, "passphrase", error);
	if (id == VERB_UNLOCK || (id == VERB_PASSPHRASE && !args_bool(cmd->args, "forget")))
		return put_secret(cmd, "passphrase", STDIN_FILENO, "Passphrase: ", error);
	return true;
}

/* ---- the question ---- */

static bool may_go_on(const struct cli *c, const struct command *cmd)
{
	char answer[16];

	if (!cmd->verb->dangerous || c->is_yes)
		return true;
	if (!isatty(STDIN_FILENO)) {
		fprintf(stderr, "certty: %s asks first; say --yes where nobody can answer\n",
			cmd->verb->name);
		return false;
	}
	fprintf(stderr, "%s:\n", cmd->verb->sentence);
	for (guint i = 0; i < cmd->targets->len; i++)
		fprintf(stderr, "  %s\n", (char *)cmd->targets->pdata[i]);
	fputs("Go on? [y/N] ", stderr);
	return fgets(answer, sizeof(answer), stdin) && (*answer == 'y' || *answer == 'Y');
}

/* ---- running ---- */

static struct command *make_command(const struct cli *c, const struct verb *verb, GError **error)
{
	g_autoptr(command) cmd = command_new(verb->id, NULL);

	for (char **w = c->words; *w; w++)
		g_ptr_array_add(cmd->targets, g_strdup(*w));
	for (char **a = c->verb_args; *a; a++) {
		const char *eq = strchr(*a, '=');
		g_autofree char *key = g_strndup(*a, (gsize)(eq - *a));

		args_set(cmd->args, key, eq + 1);
	}
	cmd->is_yes = c->is_yes;
	if (!given_secrets(c, cmd, error) || !asked_secrets(cmd, error))
		return NULL;
	return g_steal_pointer(&cmd);
}

/* Targets that a filter chooses, for verbs that take many. */
static bool add_filtered(struct cli *c, struct engine *e, struct command *cmd, GError **error)
{
	const struct view *v = view_table[cmd->verb->on];
	g_autoptr(query) q = c->filter ? query_parse(c->filter, error) : NULL;
	g_autofree uint32_t *rows = NULL;
	struct snapshot *s;
	struct frame f;
	uint32_t n;

	if (!c->filter)
		return true;
	if (!q)
		return false;
	s = engine_wait_loaded(e);
	f = cli_frame(e, s);
	rows = g_new(uint32_t, view_count(v, s) + 1);
	n = view_select(v, &f, q, v->default_order, false, NULL, NULL, rows);
	for (uint32_t i = 0; i < n; i++) {
		GString *id = g_string_new(NULL);

		v->id(id, &f, rows[i]);
		g_ptr_array_add(cmd->targets, g_string_free(id, FALSE));
	}
	engine_give_back(e, s);
	if (!n)
		g_set_error(error, ERR, ERR_NOT_FOUND, "nothing matches %s", c->filter);
	return n > 0;
}

/* A command is used up when it is submitted; trying again needs another. */
static struct command *command_again(const struct command *old)
{
	struct command *cmd = command_new(old->verb->id, NULL);

	for (guint i = 0; i < old->targets->len; i++)
		g_ptr_array_add(cmd->targets, g_strdup(old->targets->pdata[i]));
	args_free(cmd->args);
	cmd->args = args_dup(old->args);
	cmd->is_yes = old->is_yes;
	return cmd;
}

/* Does it, and once more with a passphrase when that is what was missing. */
static void do_with_secrets(struct engine *e, const struct command *cmd, struct cli_outcome *o)
{
	bool asks = has_question(cmd->verb, "passphrase") && isatty(STDIN_FILENO);
	struct command *again;

	cli_do(e, command_again(cmd), o);
	if (!o->failed || (o->code != ERR_SIGN_IN && o->code != ERR_PASSPHRASE) || !asks)
		return;
	fprintf(stderr, "%s\n", o->said);
	again = command_again(cmd);
	if (!put_secret(again, "passphrase", STDIN_FILENO, "Passphrase: ", NULL)) {
		command_free(again);
		return;
	}
	cli_outcome_done(o);
	cli_do(e, again, o);
}

/* A dry run of notices is told by a detail. */
static void print_detail(const struct cli_outcome *o, const char *id)
{
	gssize i = items_find(o->snap->details, id);
	const struct detail *d = i < 0 ? NULL : o->snap->details->item[i];

	for (size_t n = 0; d && n < d->n; n++)
		printf("%-12s %s\n", d->line[n].label, d->line[n].text);
}

static int tell(const struct command *cmd, const struct cli_outcome *o)
{
	int status = 0;

	if (o->failed) {
		g_autoptr(GError) error = g_error_new_literal(ERR, o->code, "");

		status = err_exit_status(error);
	} else if (o->partly) {
		status = 3;
	}
	if (cmd->verb->id == VERB_NOTIFY && args_bool(cmd->args, "dry-run"))
		print_detail(o, "jobs/notices");
	if (o->said)
		fprintf(o->failed ? stderr : stdout, "%s%s\n", o->failed ? "certty: " : "", o->said);
	for (char **t = o->troubles; *t; t++)
		if (g_strcmp0(*t, o->said))
			fprintf(stderr, "  %s\n", *t);
	return status;
}

int run_verb(struct cli *c)
{
	struct cli_command command;
	g_autoptr(command) cmd = NULL;
	GError *error = NULL;
	struct cli_outcome o;
	struct engine *e;
	int status;

	cli_command_find(c->command, &command);
	cmd = make_command(c, command.verb, &error);
	if (!cmd)
		return cli_fail(error);
	e = cli_open(c, &error);
	if (!e)
		return cli_fail(error);
	if (!add_filtered(c, e, cmd, &error)) {
		engine_stop(e);
		return cli_fail(error);
	}
	if (!may_go_on(c, cmd)) {
		engine_stop(e);
		return 5;
	}
	do_with_secrets(e, cmd, &o);
	status = tell(cmd, &o);
	cli_outcome_done(&o);
	engine_stop(e);
	return status;
}
