/*
 * doctor: one page on what works here; the engine's findings, and how the terminal is.
 *
 * The exit status says the worst of them: 0 all is fine, 4 something must be unlocked or signed in
 * to, 1 something is wrong.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>

#include <certty/model/checkup.h>

static int tell(const struct cli *c, const struct checkup *page)
{
	static const int statuses[CHECKUP_STATE_COUNT] = {
		[CHECKUP_FINE] = 0, [CHECKUP_NOTE] = 0, [CHECKUP_SIGN_IN] = 4, [CHECKUP_WRONG] = 1,
	};
	g_autoptr(detail) d = checkup_detail(page);

	if (!g_strcmp0(c->format, "json"))
		puts(d->json);
	else
		cli_print_lines(d, 0, "");
	return statuses[checkup_worst(page)];
}

/* The page as the engine left it; NULL with an error. */
static struct checkup *look(struct engine *e, GError **error)
{
	struct cli_outcome o;
	struct checkup *page = NULL;
	gssize at;

	cli_do(e, command_new(VERB_DOCTOR, NULL), &o);
	at = items_find(o.snap->details, CHECKUP_ID);
	if (o.failed || at < 0)
		g_set_error(error, ERR, (gint)(o.failed ? o.code : ERR_FAILED), "%s",
			    o.said ? o.said : "the engine cannot be asked");
	else
		page = checkup_read(((const struct detail *)o.snap->details->item[at])->json, error);
	cli_outcome_done(&o);
	return page;
}

int run_doctor(struct cli *c)
{
	g_autoptr(checkup) page = NULL;
	GError *error = NULL;
	struct engine *e;

	if (c->words[0])
		return cli_usage("doctor takes no words");
	if (c->format && strcmp(c->format, "text") && strcmp(c->format, "json"))
		return cli_usage("-o takes text or json here, not %s", c->format);
	e = cli_open(c, &error);
	if (!e)
		return cli_fail(error);
	page = look(e, &error);
	engine_stop(e);
	if (!page)
		return cli_fail(error);
	if (c->check_terminal)
		c->check_terminal(page);
	return tell(c, page);
}
