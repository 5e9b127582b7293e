/*
 * planned_tickets: what answering a ticket, or taking one back, would do in the shared folder.
 */
#include "planned.h"

#include <string.h>

#define SHELL_SIGNED "ssh-keygen -Y verify -n " TICKET_ASKS

static char *path_of(const struct tickets_place *at, const struct op *op, const char *end)
{
	g_autofree char *base = g_strconcat(op->request->digest, end, NULL);

	return g_build_filename(at->folder, base, NULL);
}

static bool refuse(GError **error, const char *why)
{
	g_set_error(error, ERR, ERR_REFUSED, "%s", why);
	return false;
}

static bool is_open(const struct op *op, GError **error)
{
	const struct request *r = op->request;

	if (!request_is_waiting(r))
		g_set_error(error, ERR, ERR_REFUSED, "%s does not wait: it is %s", r->title,
			    request_state_word(r->state));
	return request_is_waiting(r);
}

/* By hand at least what its signature proves can be seen. */
static void run_verify(const struct op *op, struct plan *p, const struct tickets_place *at,
		       const char *ticket)
{
	g_autofree char *signature = g_strconcat(ticket, ".sig", NULL);

	plan_remark(p, "who has signed the ticket:");
	plan_run(p, SHELL_SIGNED);
	plan_option(p, "-f", at->signers);
	plan_option(p, "-I", op->request->asked_by);
	plan_option(p, "-s", signature);
	g_string_append(p->line, " <");
	plan_word(p, ticket);
}

/* ---- countersign, deny ---- */

static bool may_answer(const struct op *op, const struct tickets_place *at, GError **error)
{
	bool is_yes = op->verb->id == VERB_COUNTERSIGN;

	if (!is_open(op, error))
		return false;
	if (!g_ascii_strcasecmp(op->request->asked_by, at->identity))
		return refuse(error, is_yes ? "you asked for it yourself: a second person must countersign" :
					      "you asked for it yourself: withdraw it");
	if (is_yes && *op->request->oddities && !args_get(op->args, "digest"))
		return refuse(error, "it comes with warnings: look at them, and say which ticket you mean by "
			      "its digest");
	return true;
}

static void say_answer(const struct op *op, struct plan *p, const struct tickets_place *at)
{
	g_autofree char *ticket = path_of(at, op, ".ticket"), *answer = path_of(at, op, ".answer");
	g_autofree char *signature = path_of(at, op, ".answer.sig");
	g_auto(GStrv) warnings = g_strsplit(op->request->oddities, "\n", -1);
	bool is_yes = op->verb->id == VERB_COUNTERSIGN;

	plan_call(p, PLAN_ASKS, "read", ticket, "and whether whoever asked has signed it");
	plan_call(p, PLAN_ASKS, "run", "ssh-keygen -Y sign", at->key);
	plan_call(p, PLAN_CHANGES, "write", signature, "your signature");
	plan_call(p, PLAN_CHANGES, "write", answer, is_yes ? "yes" : args_text(op->args, "reason", "no"));
	for (char **line = warnings; *line; line++)
		if (**line)
			plan_warn(p, "%s", *line);
	plan_not(p, is_yes ? "what is asked for is not done by this: whoever asked for it does it then" :
			     "nothing else is done: whoever asked for it is told the reason by the answer");
	run_verify(op, p, at, ticket);
}

bool planned_ticket_answer(struct op *op, struct plan *p, GError **error)
{
	struct tickets_place at = { 0 };
	bool ok = tickets_place_read(op->settings, &at, error) && may_answer(op, &at, error);

	if (ok)
		say_answer(op, p, &at);
	tickets_place_done(&at);
	return ok;
}

/* ---- withdraw ---- */

static void say_withdrawal(const struct op *op, struct plan *p, const struct tickets_place *at)
{
	g_autofree char *ticket = path_of(at, op, ".ticket"), *over = path_of(at, op, ".withdrawn");

	plan_call(p, PLAN_ASKS, "read", ticket, "and whether it is yours");
	plan_call(p, PLAN_CHANGES, "move", ticket, over);
	plan_not(p, "nothing of what it asks for is done, and an answer to it counts no more");
	plan_run(p, "mv -n --");
	plan_word(p, ticket);
	plan_word(p, over);
}

bool planned_ticket_withdraw(struct op *op, struct plan *p, GError **error)
{
	struct tickets_place at = { 0 };
	bool ok = tickets_place_read(op->settings, &at, error) && is_open(op, error);

	if (ok && g_ascii_strcasecmp(op->request->asked_by, at.identity))
		ok = refuse(error, "another person asked for it: deny it");
	if (ok)
		say_withdrawal(op, p, &at);
	tickets_place_done(&at);
	return ok;
}
