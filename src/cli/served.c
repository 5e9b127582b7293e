/*
 * served: what sites really serve, and whether it is what it should be.
 *
 * The exit status says the worst of it: 0 all is fine, 1 something is wrong or outdated, 3 a site was not
 * reached.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>

#include <certty/base/json.h>
#include <certty/model/served.h>

#define PAGE_MOST (64u << 20)

static int status_of(const struct detail *d)
{
	static const int statuses[SERVED_STATE_COUNT] = {
		[SERVED_FINE] = 0, [SERVED_NOTE] = 0, [SERVED_OUTDATED] = 1, [SERVED_UNKNOWN] = 3,
		[SERVED_WRONG] = 1,
	};
	g_autoptr(json) j = json_parse(d->json, strlen(d->json), PAGE_MOST, NULL);
	enum served_state state;

	return served_state_read(j ? json_str(j, "state") : NULL, &state) ? statuses[state] : 1;
}

static int ask(const struct cli *c, struct engine *e)
{
	struct command *cmd = command_new(VERB_SERVED, NULL);
	g_autofree char *sites = g_strjoinv(",", c->words);
	g_autoptr(detail) page = NULL;
	int status = 0;

	cli_put_options(cmd, c);
	if (*sites)
		args_set(cmd->args, "sites", sites);
	page = cli_ask_page(e, cmd, SERVED_ID, &status);
	if (!page)
		return status;
	if (!g_strcmp0(c->format, "json"))
		puts(page->json);
	else
		cli_print_lines(page, 0, "");
	return status_of(page);
}

int run_served(struct cli *c)
{
	GError *error = NULL;
	struct engine *e;
	struct snapshot *s;
	int status;

	if (c->format && strcmp(c->format, "text") && strcmp(c->format, "json"))
		return cli_usage("-o takes text or json here, not %s", c->format);
	e = cli_open(c, &error);
	if (!e)
		return cli_fail(error);
	s = engine_wait_loaded(e);	/* what is compared */
	status = s ? ask(c, e) : 130;
	engine_give_back(e, s);
	engine_stop(e);
	return status;
}
