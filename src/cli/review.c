/*
 * review: what is approved on the command line is shown first, one request after the other, with what
 * would be done; and nobody but a person at the terminal accepts a warning.
 */
#include "own.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <certty/model/plan.h>
#include <certty/model/request.h>

#define DIGEST "digest"
#define ACCEPT "accept"

static const struct request *find_request(const struct snapshot *s, const char *id)
{
	gssize at = items_find(s->kind[KIND_REQUESTS], id);

	return at < 0 ? NULL : s->kind[KIND_REQUESTS]->item[at];
}

static void print_lines(const struct snapshot *s, const char *id)
{
	gssize at = items_find(s->details, id);
	const struct detail *d = at < 0 ? NULL : s->details->item[at];

	for (size_t i = 0; d && i < d->n; i++)
		fprintf(stderr, "  %-12s %s\n", d->line[i].label, d->line[i].text);
}

static void show(struct engine *e, const char *request)
{
	g_autofree char *id = g_strconcat("requests/", request, NULL);
	struct cli_outcome o;

	cli_do(e, command_new(VERB_SHOW, id), &o);
	print_lines(o.snap, id);
	cli_outcome_done(&o);
}

static char *warnings_of(const struct snapshot *s, const char *plan)
{
	gssize at = items_find(s->details, plan);

	return at < 0 ? g_strdup("") : plan_warnings(s->details->item[at]);
}

/* In what the new one differs from what is live, and what would be done. */
bool cli_show_plan(struct engine *e, const struct command *cmd, char **ret_warnings)
{
	struct command *dry = command_dup(cmd);
	g_autofree char *id = NULL;
	struct cli_outcome o;
	bool is_possible;

	dry->is_dry = true;
	cli_do(e, dry, &o);
	id = plan_id(o.number);
	print_lines(o.snap, id);
	is_possible = !o.failed;
	*ret_warnings = warnings_of(o.snap, id);
	if (o.failed && o.said)
		fprintf(stderr, "  it would be refused: %s\n", o.said);
	cli_outcome_done(&o);
	return is_possible;
}

static struct command *order_for(const struct command *cmd, const char *request)
{
	struct command *one = command_dup(cmd);

	g_ptr_array_set_size(one->targets, 0);
	g_ptr_array_add(one->targets, g_strdup(request));
	return one;
}

static bool show_plan_of(struct engine *e, const struct command *cmd, const char *request)
{
	g_autoptr(command) one = order_for(cmd, request);
	g_autofree char *warnings = NULL;

	return cli_show_plan(e, one, &warnings);
}

static void print_warnings(const struct request *r)
{
	g_auto(GStrv) lines = g_strsplit(r->oddities, "\n", -1);

	for (char **line = lines; *line; line++)
		if (**line)
			fprintf(stderr, "  WARNING: %s\n", *line);
}

/* Whether a person at the terminal says yes: what comes with warnings takes the verb's own word. */
static bool is_agreed(const struct command *cmd, const struct request *r)
{
	const char *wanted = *r->oddities ? cmd->verb->name : "y";
	char answer[64];

	if (*r->oddities)
		fprintf(stderr, "Type %s to accept what is warned of, word for word: ", wanted);
	else
		fputs("Go on? [y/N] ", stderr);
	return fgets(answer, sizeof(answer), stdin) &&
	       !g_ascii_strcasecmp(g_strstrip(answer), wanted);
}

/* Whoever says the warnings has read them, and whether they are those that there are is judged before
 * it is begun.  A ticket's digest is one of its warnings as well, which whoever names it has read; and
 * without a terminal the ticket asks for it itself. */
static bool is_settled(const struct cli *c, const struct command *cmd, const struct request *r)
{
	bool is_named = cmd->verb->id == VERB_COUNTERSIGN ?
		args_get(cmd->args, DIGEST) || !isatty(STDIN_FILENO) :
		args_get(cmd->args, ACCEPT) != NULL;

	return c->is_yes && (!*r->oddities || is_named);
}

static bool is_refused(const struct cli *c, const struct command *cmd, const struct request *r,
		       GError **error)
{
	g_autofree char *warnings = request_warnings(r);

	if (isatty(STDIN_FILENO) || is_settled(c, cmd, r))
		return false;
	if (*r->oddities)
		g_set_error(error, ERR, ERR_REFUSED, "%s comes with warnings, which a person at a terminal "
			    "accepts, or --accept word for word, and --yes never: %s", r->title, warnings);
	else
		g_set_error(error, ERR, ERR_REFUSED, "%s asks first; say --yes where nobody can "
			    "answer", cmd->verb->name);
	return true;
}

static bool review_one(const struct cli *c, struct engine *e, const struct command *cmd,
		       const struct request *r, guint i)
{
	if (is_settled(c, cmd, r))
		return true;
	fprintf(stderr, "%s %s", cmd->verb->name, r->title);
	if (cmd->targets->len > 1)
		fprintf(stderr, "   %u of %u", i + 1, cmd->targets->len);
	fputs("\n", stderr);
	show(e, r->id);
	if (!show_plan_of(e, cmd, r->id))
		return false;
	print_warnings(r);
	return is_agreed(cmd, r);
}

static bool review_all(const struct cli *c, struct engine *e, const struct command *cmd,
		       const struct snapshot *s, GPtrArray *seen, GError **error)
{
	for (guint i = 0; i < cmd->targets->len; i++) {
		const struct request *r = find_request(s, cmd->targets->pdata[i]);

		if (!r) {
			g_set_error(error, ERR, ERR_NOT_FOUND, "there is no request %s",
				    (char *)cmd->targets->pdata[i]);
			return false;
		}
		if (is_refused(c, cmd, r, error))
			return false;
		if (review_one(c, e, cmd, r, i))
			g_ptr_array_add(seen, request_ref((struct request *)r));
	}
	if (seen->len)
		return true;
	g_set_error(error, ERR, ERR_CANCELLED, "nothing was done");
	return false;
}

bool cli_review(const struct cli *c, struct engine *e, const struct command *cmd,
		GPtrArray **ret_seen, GError **error)
{
	GPtrArray *seen = g_ptr_array_new_with_free_func((GDestroyNotify)request_unref);
	struct snapshot *s = engine_wait_loaded(e);
	bool ok = review_all(c, e, cmd, s, seen, error);

	engine_give_back(e, s);
	if (!ok || (c->is_yes && !isatty(STDIN_FILENO)))	/* nobody has seen anything */
		g_clear_pointer(&seen, g_ptr_array_unref);
	*ret_seen = seen;
	return ok;
}

struct command *cli_order_seen(const struct command *cmd, const struct request *seen)
{
	struct command *one = order_for(cmd, seen->id);
	g_autofree char *warnings = request_warnings(seen);

	if (!args_get(one->args, DIGEST))
		args_set(one->args, DIGEST, seen->digest);
	if (field_find(cmd->verb->fields, ACCEPT) && !args_get(one->args, ACCEPT))
		args_set(one->args, ACCEPT, warnings);
	return one;
}
