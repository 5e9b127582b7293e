/*
 * state: certty sectigo acme-domain and its like: a verb of the console under words of its own, for
 * automation that asks for the same again and again.
 *
 * The exit status is 0 when the state holds, whether it held before or was brought about; with --check
 * also when it would be.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>

#include <certty/base/json.h>
#include <certty/model/detail.h>
#include <certty/model/object.h>
#include <certty/model/store.h>

#define GROUP	 "sectigo"	/* the command, and the provider whose store is meant */
#define PAGE_MOST (16u << 20)

/* ---- of which store ---- */

bool cli_state_target(const struct cli *c, const struct snapshot *s, struct command *cmd, GError **error)
{
	const struct items *stores = s->kind[KIND_STORES];
	bool is_open = false;

	if (cmd->verb->id != VERB_OBJECT_STATE || cmd->targets->len || !strcmp(c->command, cmd->verb->name))
		return true;
	for (size_t i = 0; i < stores->n; i++) {
		const struct store *st = stores->item[i];

		if (strcmp(st->provider, GROUP) || (c->account && strcmp(st->account, c->account)))
			continue;
		is_open = cmd->targets->len > 0;
		g_ptr_array_add(cmd->targets, g_strdup(st->id));
	}
	if (is_open)
		g_set_error(error, ERR, ERR_USAGE, "there is more than one account of Sectigo: say which with "
			    "--account");
	else if (!cmd->targets->len && c->account)
		g_set_error(error, ERR, ERR_NOT_FOUND, "%s is no account of Sectigo whose store is known; "
			    "certty account-stores %s looks for it", c->account, c->account);
	else if (!cmd->targets->len)
		g_set_error(error, ERR, ERR_NOT_FOUND, "no account of Sectigo is known here; certty login "
			    "adds one");
	return !is_open && cmd->targets->len;
}

/* The words say what it is and how it is called, and so which questions there are. */
bool cli_state_asks(const struct cli_command *c, const struct field *f)
{
	g_autoptr(args) said = args_new();
	const char *what;

	if (c->run != run_state)
		return true;
	what = c->name + strlen(GROUP) + 1;
	if (!strcmp(f->key, "what") || !strcmp(f->key, "name"))
		return false;
	if (!strcmp(f->key, "only"))
		return !strcmp(what, "acme-user-domains");
	args_set(said, "what", what);
	return field_is_asked(f, NULL, said);
}

/* Whoever wishes for more takes nothing away. */
bool cli_state_is_asked(const struct command *cmd)
{
	bool is_absent = strcmp(args_text(cmd->args, "state", "present"), "present") != 0;

	if (cmd->verb->id != VERB_OBJECT_STATE)
		return true;
	return command_changes(cmd) && (is_absent || args_bool(cmd->args, "only"));
}

/* ---- what came of it ---- */

static const struct detail *page_of(const struct cli_outcome *o)
{
	gssize at = o->snap ? items_find(o->snap->details, OBJECT_STATE_ID) : -1;

	return at < 0 ? NULL : o->snap->details->item[at];
}

void cli_state_put(struct json_writer *w, const struct cli_outcome *o)
{
	const struct detail *d = page_of(o);
	g_autoptr(json) j = d ? json_parse(d->json, strlen(d->json), PAGE_MOST, NULL) : NULL;

	json_put_bool(w, "changed", json_bool(j, "changed", false));
	json_put_bool(w, "check", json_bool(j, "check", false));
	if (!j)
		return;
	json_put_copy(w, "changes", json_get(j, "changes"));
	json_put_copy(w, "facts", json_get(j, "facts"));
}

void cli_state_print(const struct cli_outcome *o)
{
	const struct detail *d = page_of(o);

	if (d)
		cli_print_lines(d, 0, "");
}

/* ---- the words ---- */

static void answer(struct cli *c, const char *key, const char *value)
{
	guint n = g_strv_length(c->verb_args);
	g_autofree char *start = g_strconcat(key, "=", NULL);

	for (char **a = c->verb_args; *a; a++)
		if (g_str_has_prefix(*a, start)) {
			g_free(*a);
			*a = g_strconcat(start, value, NULL);
			return;
		}
	c->verb_args = g_renew(char *, c->verb_args, n + 2);
	c->verb_args[n] = g_strconcat(start, value, NULL);
	c->verb_args[n + 1] = NULL;
}

int run_state(struct cli *c)
{
	const char *what = c->command + strlen(GROUP) + 1;

	if (!c->words[0] || c->words[1])
		return cli_usage("%s needs one name", c->command);
	answer(c, "what", what);
	answer(c, "name", c->words[0]);
	g_strfreev(c->words);
	c->words = g_new0(char *, 1);
	return cli_run_verb(c, &verb_table[VERB_OBJECT_STATE]);
}

int run_sectigo(struct cli *c)
{
	if (c->words[0])
		return cli_usage("%s does not know the word %s; certty %s --help lists what it knows", GROUP,
				 c->words[0], GROUP);
	return cli_usage("say what: certty %s --help lists it", GROUP);
}
