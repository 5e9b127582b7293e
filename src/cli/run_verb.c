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
#define PASSPHRASE_TRIES 3

/* ---- secrets ---- */

static bool has_question(const struct verb *v, const char *key)
{
	for (const struct field *f = v->fields; f && f->key; f++)
		if (!strcmp(f->key, key))
			return true;
	return false;
}

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
	if (c->passphrase_fd >= 0 &&
	    !put_secret(cmd, "passphrase", c->passphrase_fd, NULL, error))
		return false;
	return c->new_passphrase_fd < 0 ||
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

/* ---- the command ---- */

static void put_option(struct command *cmd, const char *given)
{
	const char *eq = strchr(given, '=');
	g_autofree char *key = g_strndup(given, (gsize)(eq - given));

	args_set(cmd->args, key, eq + 1);
}

/* Words that are no targets answer the first question: store-add ADDRESS, add STORE FILE. */
static bool put_words(struct command *cmd, char **words, GError **error)
{
	const struct verb *v = cmd->verb;
	const struct field *f = cli_first_question(v);
	guint n = g_strv_length(words), targets = v->many ? n : v->no_target ? 0 : MIN(n, 1);
	g_autofree char *rest = g_strjoinv(",", words + targets);

	for (guint i = 0; i < targets; i++)
		g_ptr_array_add(cmd->targets, g_strdup(words[i]));
	if (!words[targets])
		return true;
	if (f && !args_get(cmd->args, f->key) && (f->kind == FIELD_LIST || n == targets + 1)) {
		args_set(cmd->args, f->key, rest);
		return true;
	}
	g_set_error(error, ERR, ERR_USAGE, "%s does not know what to do with the word %s", v->name,
		    words[targets + (f && !args_get(cmd->args, f->key))]);
	return false;
}

static struct command *make_command(const struct cli *c, const struct verb *verb, GError **error)
{
	g_autoptr(command) cmd = command_new(verb->id, NULL);

	cmd->is_yes = c->is_yes;
	for (char **a = c->verb_args; *a; a++)
		put_option(cmd, *a);
	if (!put_words(cmd, c->words, error))
		return NULL;
	return g_steal_pointer(&cmd);
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

/* ---- targets ---- */

/* A store that an answer names (remove --store), as its id. */
static void name_store(struct command *cmd, const struct snapshot *s)
{
	const char *typed = args_get(cmd->args, "store");
	g_autofree char *id = typed ? cli_find_id(s, KIND_STORES, typed) : NULL;

	if (id)
		args_set(cmd->args, "store", id);
}

/* What a person typed, as ids. */
static bool name_targets(struct command *cmd, const struct snapshot *s, GError **error)
{
	for (guint i = 0; i < cmd->targets->len; i++) {
		char *typed = cmd->targets->pdata[i];
		char *id = cli_find_id(s, cmd->verb->on, typed);

		if (!id) {
			g_set_error(error, ERR, ERR_NOT_FOUND, "none of the %s, or more than one, "
				    "is called %s", kind_word(cmd->verb->on), typed);
			return false;
		}
		g_free(typed);
		cmd->targets->pdata[i] = id;
	}
	name_store(cmd, s);
	return true;
}

/* Targets that a filter chooses, for verbs that take many. */
static bool add_filtered(const struct cli *c, struct engine *e, const struct snapshot *s,
			 struct command *cmd, GError **error)
{
	const struct view *v = view_table[cmd->verb->on];
	g_autofree char *filter = cli_filter(c);
	g_autoptr(query) q = query_parse(filter, error);
	g_autofree uint32_t *rows = g_new(uint32_t, view_count(v, s) + 1);
	struct frame f = cli_frame(e, s);
	uint32_t n;

	if (!q || query_is_empty(q))
		return q != NULL;
	n = view_select(v, &f, q, v->default_order, false, NULL, NULL, rows);
	for (uint32_t i = 0; i < n; i++) {
		GString *id = g_string_new(NULL);

		v->id(id, &f, rows[i]);
		g_ptr_array_add(cmd->targets, g_string_free(id, FALSE));
	}
	if (!n)
		g_set_error(error, ERR, ERR_NOT_FOUND, "nothing matches %s", filter);
	return n > 0;
}

/* What lies in stores is looked for in fresh rows; the rest is the engine's own. */
static bool gather(struct cli *c, struct engine *e, struct command *cmd, GError **error)
{
	bool in_stores = cmd->verb->on == KIND_CERTS || cmd->verb->on == KIND_REQUESTS;
	bool is_refused = cmd->verb->changes && c->is_read_only;
	struct snapshot *s = in_stores && !is_refused ? cli_fresh(c, e, cmd->verb->on) : engine_wait_loaded(e);
	bool ok;

	if (!s) {
		g_set_error(error, ERR, ERR_CANCELLED, "nothing was done");
		return false;
	}
	ok = add_filtered(c, e, s, cmd, error) && command_check(cmd, c->is_read_only, error) &&
	     name_targets(cmd, s, error);
	engine_give_back(e, s);
	return ok;
}

/* ---- the question ---- */

static void name_all(const struct command *cmd, const struct snapshot *s)
{
	const struct view *v = view_table[cmd->verb->on];
	struct frame f = { .snap = s };

	for (guint i = 0; i < cmd->targets->len; i++) {
		const char *id = cmd->targets->pdata[i];
		uint32_t row = view_find(v, s, id);
		g_autoptr(GString) name = g_string_new(NULL);

		for (size_t c = 0; row != CERTS_NONE && c < v->n_columns && !name->len; c++)
			if (v->columns[c].width == COLUMN_FLEX)
				v->columns[c].text(name, &f, row);
		fprintf(stderr, "  %s  %s\n", id, name->str);
	}
}

/* One y for one thing; for several, or where it is set so, the verb's own word. */
static bool is_confirmed(const struct cli *c, const struct command *cmd)
{
	bool typed = cmd->targets->len > 1 && settings_bool(c->settings, "safety", "typed-confirm");
	const char *wanted = typed ? cmd->verb->name : "y";
	char answer[64];

	if (typed)
		fprintf(stderr, "Type %s to go on: ", wanted);
	else
		fputs("Go on? [y/N] ", stderr);
	return fgets(answer, sizeof(answer), stdin) &&
	       !g_ascii_strcasecmp(g_strstrip(answer), wanted);
}

static bool may_go_on(const struct cli *c, struct engine *e, const struct command *cmd,
		      GError **error)
{
	struct snapshot *s;

	if (!cmd->verb->dangerous || c->is_yes)
		return true;
	if (!isatty(STDIN_FILENO)) {
		g_set_error(error, ERR, ERR_REFUSED,
			    "%s asks first; say --yes where nobody can answer", cmd->verb->name);
		return false;
	}
	fprintf(stderr, "%s:\n", cmd->verb->sentence);
	s = engine_wait_loaded(e);
	name_all(cmd, s);
	engine_give_back(e, s);
	if (is_confirmed(c, cmd))
		return true;
	g_set_error(error, ERR, ERR_CANCELLED, "nothing was done");
	return false;
}

/* ---- the answer ---- */

/* A dry run of notices is told by a detail. */
static void print_detail(const struct cli_outcome *o, const char *id)
{
	gssize i = items_find(o->snap->details, id);
	const struct detail *d = i < 0 ? NULL : o->snap->details->item[i];

	for (size_t n = 0; d && n < d->n; n++)
		printf("%-12s %s\n", d->line[n].label, d->line[n].text);
}

static void print_text(const struct command *cmd, const struct cli_outcome *o)
{
	if (cmd->verb->id == VERB_NOTIFY && args_bool(cmd->args, "dry-run"))
		print_detail(o, "jobs/notices");
	if (o->said)
		fprintf(o->failed ? stderr : stdout, "%s%s\n", o->failed ? "certty: " : "", o->said);
	else if (!o->failed)
		printf("%s: %s\n", cmd->verb->name, o->partly ? "done in part" : "done");
	fflush(stdout);
	for (char **t = o->troubles; *t; t++)
		if (g_strcmp0(*t, o->said))
			fprintf(stderr, "  %s\n", *t);
}

static void print_json(const struct command *cmd, const struct cli_outcome *o)
{
	struct json_writer w = { .out = g_string_new(NULL), .pretty = true };
	enum job_state state = o->cancelled ? JOB_CANCELLED : o->failed ? JOB_FAILED :
			       o->partly ? JOB_PARTLY : JOB_DONE;

	json_open(&w, NULL, '{');
	json_put_int(&w, "schema", VIEW_SCHEMA);
	json_put_str(&w, "verb", cmd->verb->name);
	json_put_str(&w, "state", job_state_word(state));
	json_put_str(&w, "error", o->failed || o->partly ? err_word(o->code) : NULL);
	json_put_str(&w, "said", o->said);
	json_open(&w, "troubles", '[');
	for (char **t = o->troubles; *t; t++)
		json_put_str(&w, NULL, *t);
	json_close(&w, ']');
	json_close(&w, '}');
	puts(w.out->str);
	g_string_free(w.out, TRUE);
}

static int tell(const struct cli *c, const struct command *cmd, const struct cli_outcome *o)
{
	g_autoptr(GError) error = o->failed ? g_error_new_literal(ERR, o->code, "") :
				  o->partly ? g_error_new_literal(ERR, ERR_PARTLY, "") : NULL;

	if (!g_strcmp0(c->format, "json"))
		print_json(cmd, o);
	else
		print_text(cmd, o);
	return err_exit_status(error);
}

/* ---- running ---- */

static bool wants_passphrase(const struct cli *c, const struct command *cmd,
			     const struct cli_outcome *o)
{
	return o->failed && (o->code == ERR_SIGN_IN || o->code == ERR_PASSPHRASE) &&
	       c->passphrase_fd < 0 && has_question(cmd->verb, "passphrase") &&
	       isatty(STDIN_FILENO);
}

/* Does it, and again with a passphrase when that is what was missing. */
static int do_it(const struct cli *c, struct engine *e, struct command *cmd, GError **error)
{
	struct cli_outcome o;
	int status;

	if (!may_go_on(c, e, cmd, error) || !given_secrets(c, cmd, error) ||
	    !asked_secrets(cmd, error))
		return -1;
	cli_do(e, command_again(cmd), &o);
	for (int i = 0; i < PASSPHRASE_TRIES && wants_passphrase(c, cmd, &o); i++) {
		fprintf(stderr, "%s\n", o.said);
		if (!put_secret(cmd, "passphrase", STDIN_FILENO, "Passphrase: ", NULL))
			break;
		cli_outcome_done(&o);
		cli_do(e, command_again(cmd), &o);
	}
	status = tell(c, cmd, &o);
	cli_outcome_done(&o);
	return status;
}

int run_verb(struct cli *c)
{
	struct cli_command command;
	g_autoptr(command) cmd = NULL;
	GError *error = NULL;
	struct engine *e;
	int status = -1;

	cli_command_find(c->command, &command);
	if (c->format && strcmp(c->format, "text") && strcmp(c->format, "json"))
		return cli_usage("-o takes text or json here, not %s", c->format);
	cmd = make_command(c, command.verb, &error);
	e = cmd ? cli_open(c, &error) : NULL;
	if (!e)
		return cli_fail(error);
	if (gather(c, e, cmd, &error))
		status = do_it(c, e, cmd, &error);
	engine_stop(e);
	return status < 0 ? cli_fail(error) : status;
}
