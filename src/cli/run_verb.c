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
#include <certty/model/object.h>
#include <certty/model/plan.h>
#include <certty/model/renewal.h>
#include <certty/model/request.h>
#include <certty/model/store.h>

#define TRIES 3		/* of a passphrase or a code */

/* ---- secrets ---- */

static bool ask_account(struct engine *e, struct command *cmd, GError **error)
{
	struct snapshot *s = engine_wait_loaded(e);
	bool ok = cli_ask_account(s, cmd, false, error);

	engine_give_back(e, s);
	return ok;
}

/* Verbs that cannot begin without one ask at once.  Those about nothing else read it from
 * standard input also where there is no person to ask. */
static bool asked_secrets(struct engine *e, struct command *cmd, GError **error)
{
	enum verb_id id = cmd->verb->id;
	bool makes = (id == VERB_KEY && !args_bool(cmd->args, "plain")) ||
		     (id == VERB_EXPORT && args_bool(cmd->args, "with-key"));

	if (args_secret(cmd->args, "passphrase"))
		return true;
	if (makes && isatty(STDIN_FILENO))
		return cli_ask_new_secret(cmd, "passphrase", error);
	if (id == VERB_UNLOCK || (id == VERB_PASSPHRASE && !args_bool(cmd->args, "forget")))
		return cli_ask_secret(cmd, "passphrase", "Passphrase: ", error);
	if (id == VERB_UNSEAL && !args_bool(cmd->args, "reset") && !args_secret(cmd->args, "keys"))
		return cli_ask_secret(cmd, "keys", "Unseal key: ", error);
	return !cmd->verb->asks_account || !isatty(STDIN_FILENO) || ask_account(e, cmd, error);
}

/* ---- the command ---- */

void cli_put_options(struct command *cmd, const struct cli *c)
{
	for (char **a = c->verb_args; *a; a++) {
		const char *eq = strchr(*a, '=');
		g_autofree char *key = g_strndup(*a, (gsize)(eq - *a));

		args_set(cmd->args, key, eq + 1);
	}
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
	if (f && !args_get(cmd->args, f->key) &&
	    (f->kind == FIELD_LIST || f->kind == FIELD_STORES || n == targets + 1)) {
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
	cmd->is_dry = c->is_dry;
	cli_put_options(cmd, c);
	if (!put_words(cmd, c->words, error))
		return NULL;
	return g_steal_pointer(&cmd);
}

/* ---- targets ---- */

/* The stores that an answer names, as ids. */
static bool name_stores(struct command *cmd, const struct snapshot *s, const struct field *f,
			GError **error)
{
	bool is_many = f->kind == FIELD_STORES;
	const char *typed = args_get(cmd->args, f->key);
	g_auto(GStrv) words = g_strsplit(typed ? typed : "", is_many ? "," : "\n", -1);
	g_autoptr(GString) ids = g_string_new(NULL);

	for (char **w = words; *w; w++) {
		g_autofree char *id = cli_find_id(s, KIND_STORES, g_strstrip(*w));

		if (!id) {
			g_set_error(error, ERR, ERR_NOT_FOUND, "none of the stores, or more than "
				    "one, is called %s (--%s)", *w, f->key);
			return false;
		}
		g_string_append_printf(ids, "%s%s", ids->len ? "," : "", id);
	}
	if (ids->len)
		args_set(cmd->args, f->key, ids->str);
	return true;
}

static bool name_all_stores(struct command *cmd, const struct snapshot *s,
			    const struct field *fields, GError **error)
{
	for (const struct field *f = fields; f && f->key; f++)
		if ((f->kind == FIELD_STORE || f->kind == FIELD_STORES) &&
		    !name_stores(cmd, s, f, error))
			return false;
	return true;
}

/* What a person typed, as ids. */
static bool name_targets(struct command *cmd, const struct snapshot *s, GError **error)
{
	for (guint i = 0; i < cmd->targets->len; i++) {
		char *typed = cmd->targets->pdata[i];
		bool is_renewal = cmd->verb->id == VERB_RENEW;
		char *id = cli_find_id(s, cmd->verb->on, is_renewal ? renewal_cert(typed) : typed);

		if (!id) {
			g_set_error(error, ERR, ERR_NOT_FOUND, "none of the %s, or more than one, "
				    "is called %s", kind_word(cmd->verb->on), typed);
			return false;
		}
		g_free(typed);
		cmd->targets->pdata[i] = id;
	}
	return name_all_stores(cmd, s, cmd->verb->fields, error) &&
	       name_all_stores(cmd, s, cmd->more, error);
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

/* All accounts that can be tested, where none is named. */
static bool add_accounts(struct command *cmd, const struct snapshot *s, GError **error)
{
	const struct items *all = s->kind[KIND_ACCOUNTS];

	if (cmd->verb->id != VERB_ACCOUNT_TEST || cmd->targets->len)
		return true;
	for (size_t i = 0; i < all->n; i++) {
		const struct account *a = all->item[i];

		if (a->origin != ACCOUNT_BUILT_IN && !a->is_disabled)
			g_ptr_array_add(cmd->targets, g_strdup(a->id));
	}
	if (!cmd->targets->len)
		g_set_error(error, ERR, ERR_NOT_FOUND,
			    "there is no account to test; certty login adds one");
	return cmd->targets->len > 0;
}

/* The questions of the provider that the command is about. */
static bool find_more(struct command *cmd, const struct snapshot *s, GError **error)
{
	const char *typed = cmd->targets->len ? cmd->targets->pdata[0] : NULL;
	g_autofree char *id = typed ? cli_find_id(s, KIND_ACCOUNTS, typed) : NULL;
	gssize at = id ? items_find(s->kind[KIND_ACCOUNTS], id) : -1;
	const struct account *a = at >= 0 ? s->kind[KIND_ACCOUNTS]->item[at] : NULL;
	const char *name = a ? a->provider : args_get(cmd->args, "provider");
	const struct provider_info *p = cli_provider(name);

	cmd->more = p ? p->account_fields : NULL;
	if (cmd->more || (!typed && !name))
		return true;	/* what is missing is asked for, or said, as ever */
	if (typed && !a)
		g_set_error(error, ERR, ERR_NOT_FOUND,
			    "none of the accounts, or more than one, is called %s", typed);
	else {
		g_autofree char *known = cli_account_providers();

		g_set_error(error, ERR, ERR_USAGE, "%s needs no account, or is not known; those "
			    "that do are %s", name, *known ? known : "none");
	}
	return false;
}

/* What the provider of the store or the object asks that the command is about. */
static bool find_store_more(struct command *cmd, const struct snapshot *s, GError **error)
{
	const char *typed = command_asked_of(cmd);
	enum kind kind = cmd->verb->asks_by ? KIND_STORES : cmd->verb->on;
	g_autofree char *id = typed ? cli_find_id(s, kind, typed) : NULL;
	gssize at = id ? items_find(s->kind[kind], id) : -1;
	const struct store *store = at >= 0 && kind == KIND_STORES ? s->kind[kind]->item[at] : NULL;
	const struct object *object = at >= 0 && kind == KIND_OBJECTS ? s->kind[kind]->item[at] : NULL;
	const struct provider_info *p = store ? cli_provider(store->provider) :
					object ? cli_provider(object->provider) : NULL;

	if (p)
		cmd->more = provider_info_questions(p, cmd->verb->id, store ? store->type : object->type);
	if (typed && at < 0)
		g_set_error(error, ERR, ERR_NOT_FOUND, "none of the %s, or more than one, is called %s",
			    kind_word(kind), typed);
	return !typed || at >= 0;
}

static bool complete(const struct cli *c, struct engine *e, const struct snapshot *s,
		     struct command *cmd, GError **error)
{
	bool is_refused = command_changes(cmd) && c->is_read_only;

	return add_filtered(c, e, s, cmd, error) && add_accounts(cmd, s, error) &&
	       cli_state_target(c, s, cmd, error) &&
	       (is_refused || !cmd->verb->asks_provider || find_store_more(cmd, s, error)) &&
	       (is_refused || !cmd->verb->asks_account ||
		(find_more(cmd, s, error) && (!c->pastes || cli_paste(cmd, error)) &&
		 (!c->asks_all || !isatty(STDIN_FILENO) || cli_ask_account(s, cmd, true, error)))) &&
	       command_check(cmd, c->is_read_only, error) && name_targets(cmd, s, error);
}

bool cli_fit(struct command *cmd, const struct snapshot *s, GError **error)
{
	return (!cmd->verb->asks_provider || find_store_more(cmd, s, error)) &&
	       command_check(cmd, false, error) && name_targets(cmd, s, error);
}

/* What lies in stores is looked for in fresh rows, unless nothing is to be read and kept; the rest
 * is the engine's own. */
static bool gather(struct cli *c, struct engine *e, struct command *cmd, GError **error)
{
	bool in_stores = cmd->verb->on == KIND_CERTS || cmd->verb->on == KIND_REQUESTS ||
			 cmd->verb->on == KIND_OBJECTS;
	bool on_accounts = cmd->verb->on == KIND_ACCOUNTS;
	bool is_refused = cmd->verb->changes && c->is_read_only;
	struct snapshot *s = in_stores && !is_refused && !c->is_dry ?
				     cli_fresh(c, e, cmd->verb->on, !cmd->targets->len) :
			     on_accounts ? engine_wait_found(e) : engine_wait_loaded(e);
	bool ok;

	if (!s) {
		g_set_error(error, ERR, ERR_CANCELLED, "nothing was done");
		return false;
	}
	ok = complete(c, e, s, cmd, error);
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

/* What the proposal to renew the one certificate warns of is shown, and is accepted by whoever then goes
 * on.  True: there is something. */
static bool accept_warnings(struct command *cmd, const struct snapshot *s)
{
	bool is_one = cmd->verb->id == VERB_RENEW && cmd->targets->len == 1;
	g_autofree char *id = is_one ? renewal_request_id(cmd->targets->pdata[0]) : NULL;
	gssize at = id ? items_find(s->kind[KIND_REQUESTS], id) : -1;
	const struct request *r = at < 0 ? NULL : s->kind[KIND_REQUESTS]->item[at];
	g_autofree char *warnings = r && request_is_waiting(r) ? request_warnings(r) : NULL;

	if (!warnings || !*warnings || args_get(cmd->args, "accept"))
		return false;
	args_set(cmd->args, "accept", warnings);
	fprintf(stderr, "It comes with warnings, which are accepted by going on:\n%s\n", r->oddities);
	return true;
}

/* One y for one thing; for several, for what cannot be taken back, and for warnings that are accepted by
 * it, the verb's own word. */
static bool is_confirmed(const struct cli *c, const struct command *cmd, bool warns, bool accepts)
{
	bool for_all = settings_bool(c->settings, "safety", "typed-confirm");
	bool is_word = command_wants_word(cmd, for_all) || warns;
	bool typed = accepts || (is_word && (for_all || command_wants_person(cmd)));
	const char *wanted = typed ? cmd->verb->name : "y";
	char answer[64];

	if (typed)
		fprintf(stderr, "Type %s to go on: ", wanted);
	else
		fputs("Go on? [y/N] ", stderr);
	return fgets(answer, sizeof(answer), stdin) &&
	       !g_ascii_strcasecmp(g_strstrip(answer), wanted);
}

/* *ret_seen: as cli_review() has it. */
static bool may_go_on(const struct cli *c, struct engine *e, struct command *cmd,
		      GPtrArray **ret_seen, GError **error)
{
	bool wants_person = command_wants_person(cmd), accepts;
	g_autofree char *warnings = NULL;
	struct snapshot *s;

	if (!cmd->verb->dangerous || c->is_dry || !cli_state_is_asked(cmd))
		return true;
	if (cmd->verb->id == VERB_APPROVE || cmd->verb->id == VERB_COUNTERSIGN)
		return cli_review(c, e, cmd, ret_seen, error);
	if (c->is_yes && !wants_person)
		return true;
	if (!isatty(STDIN_FILENO)) {
		g_set_error(error, ERR, ERR_REFUSED, wants_person ?
			    "%s: only a person at a terminal says yes to that, and --yes never" :
			    "%s asks first; say --yes where nobody can answer", cmd->verb->name);
		return false;
	}
	fprintf(stderr, "%s:\n", cmd->verb->sentence);
	s = engine_wait_loaded(e);
	name_all(cmd, s);
	accepts = accept_warnings(cmd, s);
	engine_give_back(e, s);
	if (cli_show_plan(e, cmd, &warnings) && is_confirmed(c, cmd, *warnings, accepts)) {
		if (*warnings && command_accepts(cmd) && !args_get(cmd->args, "accept"))
			args_set(cmd->args, "accept", warnings);
		return true;
	}
	g_set_error(error, ERR, ERR_CANCELLED, "nothing was done");
	return false;
}

/* ---- the answer ---- */

/* The detail that tells what came of it, of verbs that have one; new, or NULL. */
static char *report_of(const struct command *cmd)
{
	if ((cmd->verb->id == VERB_OBJECT_HISTORY || cmd->verb->id == VERB_HISTORY) && cmd->targets->len)
		return g_strconcat(OBJECT_HISTORY, cmd->targets->pdata[0], NULL);
	if (cmd->verb->id == VERB_RUN)
		return g_strdup("jobs/run");
	return cmd->verb->id == VERB_NOTIFY && args_bool(cmd->args, "dry-run") ? g_strdup("jobs/notices") :
										 NULL;
}

static const struct detail *find_detail(const struct cli_outcome *o, const char *id)
{
	gssize i = items_find(o->snap->details, id);

	return i < 0 ? NULL : o->snap->details->item[i];
}

static void put_detail(struct json_writer *w, const struct detail *d)
{
	json_open(w, "report", '[');
	for (size_t n = 0; d && n < d->n; n++) {
		json_open(w, NULL, '{');
		json_put_str(w, "what", d->line[n].label);
		json_put_str(w, "text", d->line[n].text);
		json_close(w, '}');
	}
	json_close(w, ']');
}

/* A dry run of notices is told by a detail, and so is a plan. */
static void print_detail(const struct detail *d)
{
	for (size_t n = 0; d && n < d->n; n++)
		printf("%-12s %s\n", d->line[n].label, d->line[n].text);
}

static const struct detail *plan_of(const struct cli_outcome *o)
{
	g_autofree char *id = plan_id(o->number);

	return find_detail(o, id);
}

/* The commands go last, as they can be pasted. */
static void print_plan(const struct cli_outcome *o)
{
	const struct detail *d = plan_of(o);

	print_detail(d);
	if (d)
		printf("\nThe same by hand:\n\n%s\n", d->text);
}

typedef void account_fn(struct json_writer *w, const struct account *a);

/* What a test of accounts is about. */
static void each_account(const struct command *cmd, const struct cli_outcome *o,
			 struct json_writer *w, account_fn *tell)
{
	const struct items *all = o->snap->kind[KIND_ACCOUNTS];

	for (guint i = 0; cmd->verb->id == VERB_ACCOUNT_TEST && i < cmd->targets->len; i++) {
		gssize at = items_find(all, cmd->targets->pdata[i]);

		if (at >= 0)
			tell(w, all->item[at]);
	}
}

static void print_account(struct json_writer *none, const struct account *a)
{
	(void)none;
	printf("%s: %s\n", a->id, a->trouble ? a->trouble : *a->verdict ? a->verdict : "not asked");
}

static void put_account(struct json_writer *w, const struct account *a)
{
	json_open(w, NULL, '{');
	json_put_str(w, "id", a->id);
	json_put_str(w, "provider", a->provider);
	json_put_str(w, "who", *a->who ? a->who : NULL);
	json_put_str(w, "verdict", *a->verdict ? a->verdict : NULL);
	json_put_str(w, "trouble", a->trouble);
	json_close(w, '}');
}

static void print_text(const struct command *cmd, const struct cli_outcome *o)
{
	g_autofree char *report = report_of(cmd);

	if (report)
		print_detail(find_detail(o, report));
	if (cmd->is_dry)
		print_plan(o);
	else if (cmd->verb->id == VERB_OBJECT_STATE)
		cli_state_print(o);
	if (cmd->targets->len > 1)
		each_account(cmd, o, NULL, print_account);
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
	g_autofree char *report = report_of(cmd);
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
	if (report)
		put_detail(&w, find_detail(o, report));
	if (cmd->verb->id == VERB_OBJECT_STATE)
		cli_state_put(&w, o);
	if (cmd->verb->id == VERB_ACCOUNT_TEST) {
		json_open(&w, "accounts", '[');
		each_account(cmd, o, &w, put_account);
		json_close(&w, ']');
	}
	json_close(&w, '}');
	puts(w.out->str);
	g_string_free(w.out, TRUE);
}

static int tell(const struct cli *c, const struct command *cmd, const struct cli_outcome *o)
{
	g_autoptr(GError) error = o->failed ? g_error_new_literal(ERR, o->code, "") :
				  o->partly ? g_error_new_literal(ERR, ERR_PARTLY, "") : NULL;

	if (cmd->is_dry && !o->failed && !g_strcmp0(c->format, "json"))
		puts(plan_of(o) ? plan_of(o)->json : "null");
	else if (!g_strcmp0(c->format, "json"))
		print_json(cmd, o);
	else
		print_text(cmd, o);
	return err_exit_status(error);
}

/* ---- running ---- */

static bool was_given(const struct cli *c, const char *key)
{
	g_autofree char *start = g_strconcat(key, "=", NULL);

	for (char **given = c->secret_fds; *given; given++)
		if (g_str_has_prefix(*given, start))
			return true;
	return c->secrets_stdin;
}

/* Whether it failed for the want of a passphrase that is a question of the verb itself. */
static bool wants_passphrase(const struct cli *c, const struct command *cmd,
			     const struct cli_outcome *o)
{
	return (o->code == ERR_SIGN_IN || o->code == ERR_PASSPHRASE) &&
	       field_find(cmd->verb->fields, "passphrase") && !was_given(c, "passphrase");
}

/* Another command, so that this one may be given once more; says why it came to nothing. */
static bool do_beside(struct engine *e, struct command *cmd)
{
	struct cli_outcome o;
	bool ok;

	cli_do(e, cmd, &o);
	ok = !o.failed;
	if (!ok && o.said)
		fprintf(stderr, "%s\n", o.said);
	cli_outcome_done(&o);
	return ok;
}

/* Opens a place where secrets are kept. */
static bool unlock(struct engine *e, const struct cli_outcome *o)
{
	enum rung rung = o->wants == WANT_FILE ? RUNG_FILE : RUNG_KEYRING;
	g_autoptr(command) cmd = command_new(VERB_UNLOCK, NULL);
	bool ok;

	args_set(cmd->args, "what", rung_word(rung));
	ok = o->snap->rung[rung].stand == RUNG_ABSENT ?
		cli_ask_new_secret(cmd, "passphrase", NULL) :
		cli_ask_secret(cmd, "passphrase", "Passphrase: ", NULL);
	return ok && do_beside(e, g_steal_pointer(&cmd));
}

static bool was_typed(const struct cli *c, const struct command *cmd, const struct field *f)
{
	return f->kind == FIELD_SECRET && args_secret(cmd->args, f->key) && !c->pastes &&
	       !was_given(c, f->key);
}

/* The secrets of the account once more, since they were refused. */
static bool ask_again(const struct cli *c, struct command *cmd)
{
	for (const struct field *f = cmd->more; f && f->key; f++) {
		g_autofree char *prompt = g_strconcat(f->label, ": ", NULL);

		if (was_typed(c, cmd, f) && !cli_ask_secret(cmd, f->key, prompt, NULL))
			return false;
	}
	return true;
}

/* An account whose secrets were refused, or are gone. */
static bool wants_secret(const struct cli *c, const struct command *cmd,
			 const struct cli_outcome *o)
{
	bool wants = o->wants == WANT_SECRET ||
		     (o->wants == WANT_NOTHING && o->code == ERR_SIGN_IN);

	for (const struct field *f = cmd->more; wants && f && f->key; f++)
		if (was_typed(c, cmd, f))
			return true;
	return false;
}

/* An account that wants a one-time code, whatever is done with it.  What was done in part is not
 * done once more, unless it only looks. */
static bool wants_code(const struct command *cmd, const struct cli_outcome *o)
{
	return o->wants == WANT_CODE && *o->account && cmd->verb->on != KIND_ACCOUNTS &&
	       (o->failed || cmd->verb->id == VERB_REFRESH);
}

static bool can_add(const struct cli *c, const struct command *cmd, const struct cli_outcome *o)
{
	if (o->cancelled || !isatty(STDIN_FILENO))
		return false;
	if (wants_code(cmd, o))
		return true;
	if (!o->failed)
		return false;
	return wants_passphrase(c, cmd, o) || o->wants == WANT_KEYRING || o->wants == WANT_FILE ||
	       (o->wants == WANT_CODE && cli_field(cmd, "code")) ||
	       wants_secret(c, cmd, o);
}

/* Opens an account with a one-time code, for what comes after; a wrong one is asked for again. */
static bool give_code(struct engine *e, const struct cli_outcome *o)
{
	g_autoptr(command) cmd = command_new(VERB_ACCOUNT_TEST, o->account);

	if (!cli_ask_secret(cmd, "code", "One-time code: ", NULL))
		return false;
	do_beside(e, g_steal_pointer(&cmd));
	return true;
}

/* Whether a person at this terminal has added what was missing. */
static bool add_missing(const struct cli *c, struct engine *e, struct command *cmd,
			const struct cli_outcome *o)
{
	if (!can_add(c, cmd, o))
		return false;
	fprintf(stderr, "%s\n", o->said ? o->said : "something is missing");
	if (wants_passphrase(c, cmd, o))
		return cli_ask_secret(cmd, "passphrase", "Passphrase: ", NULL);
	if (o->wants == WANT_KEYRING || o->wants == WANT_FILE)
		return unlock(e, o);
	if (o->wants == WANT_CODE && cli_field(cmd, "code"))
		return cli_ask_secret(cmd, "code", "One-time code: ", NULL);
	if (o->wants == WANT_CODE)
		return give_code(e, o);
	return ask_again(c, cmd);
}

static int do_one(const struct cli *c, struct engine *e, struct command *cmd)
{
	struct cli_outcome o;
	int status;

	cli_do(e, command_dup(cmd), &o);
	for (int i = 0; i < TRIES && !cmd->is_dry && add_missing(c, e, cmd, &o); i++) {
		cli_outcome_done(&o);
		cli_do(e, command_dup(cmd), &o);
	}
	status = tell(c, cmd, &o);
	cli_outcome_done(&o);
	return status;
}

/* What was typed for one of them is not asked for again. */
static void keep_secrets(struct command *cmd, const struct command *one)
{
	for (const struct field *f = cmd->verb->fields; f && f->key; f++) {
		const struct secret *typed = args_secret(one->args, f->key);

		if (f->kind == FIELD_SECRET && typed)
			args_put_secret(cmd->args, f->key, secret_dup(typed));
	}
}

/* Each by itself: an order says what was seen of its one request. */
static int do_seen(const struct cli *c, struct engine *e, struct command *cmd,
		   const GPtrArray *seen)
{
	int status = 0;

	for (guint i = 0; i < seen->len; i++) {
		g_autoptr(command) one = cli_order_seen(cmd, seen->pdata[i]);
		int its = do_one(c, e, one);

		status = status ? status : its;
		keep_secrets(cmd, one);
	}
	return status;
}

static int do_it(const struct cli *c, struct engine *e, struct command *cmd, GError **error)
{
	g_autoptr(GPtrArray) seen = NULL;

	if (!may_go_on(c, e, cmd, &seen, error) || !cli_given_secrets(c, cmd, error) ||
	    (!cmd->is_dry && !asked_secrets(e, cmd, error)))
		return -1;
	return seen ? do_seen(c, e, cmd, seen) : do_one(c, e, cmd);
}

int cli_run_verb(struct cli *c, const struct verb *verb)
{
	g_autoptr(command) cmd = NULL;
	GError *error = NULL;
	struct engine *e;
	int status = -1;

	if (c->format && strcmp(c->format, "text") && strcmp(c->format, "json"))
		return cli_usage("-o takes text or json here, not %s", c->format);
	if (c->pastes && c->secrets_stdin)
		return cli_usage("only one of --paste and --secrets-stdin can have standard input");
	cmd = make_command(c, verb, &error);
	e = cmd ? cli_open(c, &error) : NULL;
	if (!e)
		return cli_fail(error);
	if (gather(c, e, cmd, &error))
		status = do_it(c, e, cmd, &error);
	engine_stop(e);
	return status < 0 ? cli_fail(error) : status;
}

int run_verb(struct cli *c)
{
	struct cli_command command;

	cli_command_find(c->command, &command);
	return cli_run_verb(c, command.verb);
}
