/*
 * why: what stands in the way of a validation, of a request or of any name.
 *
 * The exit status says it too: 0 nothing does, 1 a culprit was found, 3 it could not be looked at.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>

#include <certty/base/json.h>
#include <certty/model/detail.h>
#include <certty/model/why.h>

#define PAGE_MOST (4u << 20)

static int status_of(const struct detail *d)
{
	static const int statuses[WHY_STATE_COUNT] = {
		[WHY_FINE] = 0, [WHY_NOTE] = 0, [WHY_DOUBT] = 1, [WHY_UNKNOWN] = 3, [WHY_WRONG] = 1,
	};
	g_autoptr(json) j = json_parse(d->json, strlen(d->json), PAGE_MOST, NULL);
	enum why_state state;

	return why_state_read(j ? json_str(j, "state") : NULL, &state) ? statuses[state] : 1;
}

static int print_page(const struct cli *c, const struct detail *d)
{
	if (!g_strcmp0(c->format, "json")) {
		puts(d->json);
		return status_of(d);
	}
	printf("%s\n", d->line[0].text);
	cli_print_lines(d, 1, "  ");
	return status_of(d);
}

/* A request when the word is one, else a name; NULL with an error. */
static struct command *make(const struct cli *c, const struct snapshot *s, GError **error)
{
	g_autoptr(command) cmd = command_new(VERB_WHY, NULL);
	g_autofree char *id = c->words[0] ? cli_find_id(s, KIND_REQUESTS, c->words[0]) : NULL;

	cli_put_options(cmd, c);
	if (id)
		g_ptr_array_add(cmd->targets, g_steal_pointer(&id));
	else if (c->words[0])
		args_set(cmd->args, "name", c->words[0]);
	if (cmd->targets->len || args_get(cmd->args, "name") || args_get(cmd->args, "record"))
		return g_steal_pointer(&cmd);
	g_set_error(error, ERR, ERR_USAGE, "why takes a request, as certty pending gives them, a name "
		    "or a record");
	return NULL;
}

static int ask(const struct cli *c, struct engine *e, struct command *cmd)
{
	g_autofree char *about = why_about(cmd->targets->len ? cmd->targets->pdata[0] : NULL,
					   cmd->args);
	g_autofree char *id = why_id(about);
	int status = 0;
	g_autoptr(detail) page = cli_ask_page(e, cmd, id, &status);

	return page ? print_page(c, page) : status;
}

int run_why(struct cli *c)
{
	GError *error = NULL;
	struct engine *e;
	struct snapshot *s;
	struct command *cmd;
	int status;

	if (c->words[0] && c->words[1])
		return cli_usage("why takes one request or name");
	if (c->format && strcmp(c->format, "text") && strcmp(c->format, "json"))
		return cli_usage("-o takes text or json here, not %s", c->format);
	e = cli_open(c, &error);
	if (!e)
		return cli_fail(error);
	s = engine_wait_loaded(e);
	cmd = s ? make(c, s, &error) : NULL;
	engine_give_back(e, s);
	if (cmd)
		status = ask(c, e, cmd);
	else
		status = error ? cli_fail(error) : 130;
	engine_stop(e);
	return status;
}
