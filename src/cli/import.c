/*
 * import: accounts and stores out of a CSV file: first what would be done and what is wrong, then,
 * once somebody said yes, all of it or nothing.
 *
 * Accounts are tried before the first is kept, so that a wrong password in the last line leaves
 * nothing behind either; and what was added is dropped again when a later line fails.
 */
#include "sheet.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <certty/model/store.h>

struct import {
	struct cli *cli;
	struct engine *engine;
	struct sheet sheet;
	enum kind kind;
	guint done, failed;
};

/* ---- what would be done ---- */

static void tell_plan(const struct import *m)
{
	for (guint i = 0; i < m->sheet.plans->len; i++) {
		const struct plan *p = m->sheet.plans->pdata[i];

		if (p->wrong)
			fprintf(stderr, "certty: %s\n", p->wrong);
		else
			printf("%s\n", p->says);
	}
	if (m->sheet.left_out)
		fprintf(stderr, "left out, since nothing here asks for it: %s\n", m->sheet.left_out);
	fflush(stdout);
}

static bool refuse_bad(const struct import *m, GError **error)
{
	if (!m->sheet.bad || (m->cli->is_partial && m->sheet.good))
		return true;
	g_set_error(error, ERR, ERR_FORMAT, "%u of %u lines %s bad, so nothing was taken%s",
		    m->sheet.bad, m->sheet.plans->len, m->sheet.bad == 1 ? "is" : "are",
		    m->sheet.good ? "; --partial takes the others" : "");
	return false;
}

/* Nobody there to ask: what was told so far is all that was wanted. */
static bool may_go_on(const struct import *m, GError **error)
{
	char answer[16];

	if (m->cli->is_yes)
		return true;
	if (!isatty(STDIN_FILENO)) {
		fputs("Nothing was done; --yes does it.\n", stderr);
		return false;
	}
	fprintf(stderr, "Add %u %s? [y/N] ", m->sheet.good, kind_word(m->kind));
	if (fgets(answer, sizeof(answer), stdin) && !g_ascii_strcasecmp(g_strstrip(answer), "y"))
		return true;
	g_set_error(error, ERR, ERR_CANCELLED, "nothing was done");
	return false;
}

/* ---- doing it ---- */

static bool hear(struct import *m, const struct plan *p, struct command *cmd)
{
	struct cli_outcome o;
	bool ok;

	cli_do(m->engine, cmd, &o);
	ok = !o.failed;
	if (!ok)
		fprintf(stderr, "certty: line %u: %s: %s\n", p->line, p->name,
			o.said ? o.said : "it failed");
	cli_outcome_done(&o);
	return ok;
}

/* Whether it can sign in, with nothing kept. */
static bool try_one(struct import *m, struct plan *p)
{
	struct command *cmd;

	if (m->kind != KIND_ACCOUNTS || m->cli->is_offline)
		return true;
	cmd = command_dup(p->add);
	args_set(cmd->args, "only-test", "yes");
	return hear(m, p, cmd);
}

static bool try_all(struct import *m)
{
	bool ok = true;

	for (guint i = 0; i < m->sheet.plans->len; i++) {
		struct plan *p = m->sheet.plans->pdata[i];

		if (!p->add || try_one(m, p))
			continue;
		m->failed++;
		g_clear_pointer(&p->add, command_free);
		ok = false;
	}
	return ok || m->cli->is_partial;
}

/* What the id of a store ends with that has such an address; new. */
static char *end_of_id(const char *address)
{
	char *end = NULL;

	for (const struct provider_info *const *p = engine_providers(); *p && !end; p++)
		end = (*p)->read_place ? (*p)->read_place(address, false) : NULL;
	return end ? end : g_strdup(address);
}

/* The id of the store at that address, new; NULL: there is none. */
static char *find_store(struct engine *e, const char *address)
{
	g_autofree char *end = end_of_id(address);
	struct snapshot *s = engine_wait_loaded(e);
	const struct items *all = s->kind[KIND_STORES];
	char *id = NULL;

	for (size_t i = 0; !id && i < all->n; i++) {
		const struct store *st = all->item[i];

		if (st->origin == STORE_ADDED && g_str_has_suffix(st->id, end))
			id = g_strdup(st->id);
	}
	engine_give_back(e, s);
	return id;
}

/* What a store is given beside its address. */
static bool furnish(struct import *m, struct plan *p)
{
	struct command *cmd;

	if (p->container || p->labels) {
		cmd = command_new(VERB_LABEL, p->id);
		args_set(cmd->args, "container", p->container);
		args_set(cmd->args, "add", p->labels);
		if (!hear(m, p, cmd))
			return false;
	}
	if (!p->passphrase)
		return true;
	cmd = command_new(VERB_PASSPHRASE, p->id);
	args_put_secret(cmd->args, "passphrase", secret_dup(p->passphrase));
	return hear(m, p, cmd);
}

static bool add_one(struct import *m, struct plan *p)
{
	struct command *cmd = command_dup(p->add);

	if (m->kind == KIND_ACCOUNTS)
		args_set(cmd->args, "untested", "yes");	/* it was tried a moment ago */
	if (!hear(m, p, cmd))
		return false;
	p->id = m->kind == KIND_ACCOUNTS ? g_strdup(p->name) : find_store(m->engine, p->name);
	return m->kind == KIND_ACCOUNTS || (p->id && furnish(m, p));
}

/* All that was added goes again. */
static void undo(struct import *m)
{
	enum verb_id drop = m->kind == KIND_ACCOUNTS ? VERB_ACCOUNT_DROP : VERB_STORE_DROP;

	for (guint i = 0; i < m->sheet.plans->len; i++) {
		struct plan *p = m->sheet.plans->pdata[i];
		struct command *cmd = p->id ? command_new(drop, p->id) : NULL;

		if (!cmd)
			continue;
		cmd->is_yes = true;
		if (hear(m, p, cmd) && m->done)
			m->done--;
	}
}

static bool add_all(struct import *m)
{
	for (guint i = 0; i < m->sheet.plans->len; i++) {
		struct plan *p = m->sheet.plans->pdata[i];

		if (!p->add)
			continue;
		if (add_one(m, p)) {
			m->done++;
			continue;
		}
		m->failed++;
		if (m->cli->is_partial)
			continue;
		undo(m);
		return false;
	}
	return true;
}

static bool do_all(struct import *m, GError **error)
{
	if (!try_all(m) || !add_all(m)) {
		g_set_error(error, ERR, ERR_FAILED, "nothing was taken%s", m->cli->is_partial ? "" :
			    ", since not all can be; --partial takes the others");
		return false;
	}
	m->failed += m->sheet.bad;
	printf("%u line%s taken\n", m->done, m->done == 1 ? " was" : "s were");
	fflush(stdout);
	if (m->sheet.has_secrets)
		fputs("The file holds secrets in plain text: remove it, and every copy of it.\n",
		      stderr);
	if (m->failed)
		g_set_error(error, ERR, m->done ? ERR_PARTLY : ERR_FAILED, "%u line%s not taken",
			    m->failed, m->failed == 1 ? " was" : "s were");
	return !m->failed;
}

static bool import(struct import *m, const char *path, GError **error)
{
	struct snapshot *s = engine_wait_loaded(m->engine);
	bool ok = sheet_read(path, m->kind, m->cli->provider, m->cli->keep, s, &m->sheet, error);

	engine_give_back(m->engine, s);
	if (!ok)
		return false;
	tell_plan(m);
	if (!refuse_bad(m, error))
		return false;
	if (!m->sheet.good) {
		puts("There is nothing to add.");
		return true;
	}
	return may_go_on(m, error) ? do_all(m, error) : !*error;
}

int run_import(struct cli *c)
{
	struct import m = { .cli = c };
	GError *error = NULL;
	bool ok = false;

	m.kind = g_str_has_prefix(c->command, "stores") ? KIND_STORES : KIND_ACCOUNTS;
	if (!c->words[0] || c->words[1])
		return cli_usage("%s takes one file", c->command);
	if (c->is_read_only)
		return cli_fail(g_error_new(ERR, ERR_REFUSED, "read-only: %s is refused", c->command));
	if (c->keep && !field_check_one(field_find(verb_table[VERB_ACCOUNT_ADD].fields, "keep"), c->keep,
					&error))
		return cli_fail(error);
	m.engine = cli_open(c, &error);
	if (m.engine) {
		ok = import(&m, c->words[0], &error);
		sheet_done(&m.sheet);
		engine_stop(m.engine);
	}
	return ok ? 0 : cli_fail(error);
}
