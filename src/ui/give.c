/* give: the stops of an order: form, review or question, engine. */
#include "give.h"

#include <string.h>

#include <certty/model/deploy.h>
#include <certty/model/object.h>
#include <certty/model/request.h>
#include <certty/view/view.h>

#include "form.h"
#include "places.h"
#include "question.h"
#include "review.h"
#include "screen.h"

static const char *const noun[KIND_COUNT] = {
	[KIND_STORES] = "stores",     [KIND_CERTS] = "certificates", [KIND_REQUESTS] = "requests",
	[KIND_DISCOVERY] = "findings", [KIND_DOMAINS] = "domains",   [KIND_JOBS] = "jobs",
	[KIND_OBJECTS] = "objects",   [KIND_ACCOUNTS] = "accounts", [KIND_DEPLOYS] = "deployments",
};

const char *give_noun(enum kind kind)
{
	return noun[kind];
}

static bool is_quiet(const struct verb *v)
{
	return v->id == VERB_SHOW;
}

static bool is_signed_elsewhere(const struct request *r)
{
	return !strcmp(r->type, DEPLOY_REQUEST) || (*r->provider && strcmp(r->provider, "local"));
}

/* What is asked before the authority on this machine signs is nothing to one elsewhere, nor to a
 * certificate that is there already. */
static bool needs_no_form(const struct screen *s, const struct command *c)
{
	const struct items *all = s->snap->kind[KIND_REQUESTS];
	bool is_so = c->verb->id == VERB_APPROVE;

	for (guint i = 0; i < c->targets->len && is_so; i++) {
		gssize at = items_find(all, c->targets->pdata[i]);

		is_so = at >= 0 && is_signed_elsewhere(all->item[at]);
	}
	return is_so;
}

void give_begin(struct screen *s, struct command *c)
{
	/* A new order: whatever waited for a passphrase was given up. */
	follow_give_up(s);
	if (c->verb->asks_provider && !c->more)
		c->more = places_questions(s, c->verb, command_asked_of(c));
	if (c->verb->id == VERB_WHY && c->targets->len)
		give_answered(s, c);	/* a request says all that is asked for a name */
	else if ((c->verb->fields || c->more) && !needs_no_form(s, c) &&
		 c->verb->id != VERB_ACCOUNT_TEST)	/* a code, when one is wanted */
		form_open(s, c);
	else
		give_answered(s, c);
}

void give_answered(struct screen *s, struct command *c)
{
	if (c->verb->id == VERB_APPROVE || c->verb->id == VERB_COUNTERSIGN)
		review_open(s, c);
	else if (verb_has_plan(c->verb) && !follow_is_remedy(c->verb))
		question_open(s, c);
	else
		give_agreed(s, c);
}

void give_agreed(struct screen *s, struct command *c)
{
	bool unlocks = follow_is_remedy(c->verb) && s->follow.again;
	const struct verb *v = c->verb;
	g_autoptr(GString) said = g_string_new(NULL);
	uint64_t number;

	give_say(s, c, said);
	c->is_yes = true;
	number = follow_submit(s, c);
	if (!number)
		return;
	if (unlocks)
		s->follow.unlocking = number;
	if (!is_quiet(v))
		screen_say(s, ROLE_status, "Asked: %s.", said->str);
	if (v->many && v->on == s->tab[s->current].view->kind)
		list_unmark(&s->tab[s->current].list);
}

void give_say_target(const struct screen *s, const struct verb *v, const char *id, GString *out)
{
	const struct view *view = view_table[v->on];
	struct frame f = screen_frame(s);
	uint32_t row = view_find(view, s->snap, id);
	gsize before = out->len;

	if (row != CERTS_NONE)
		view->columns[list_name_column(view)].text(out, &f, row);
	if (out->len == before)
		g_string_append(out, id);
}

void give_say(const struct screen *s, const struct command *c, GString *out)
{
	g_string_append(out, c->verb->name);
	if (c->targets->len == 1) {
		g_string_append_c(out, ' ');
		give_say_target(s, c->verb, c->targets->pdata[0], out);
	} else if (c->targets->len) {
		g_string_append_printf(out, " %u %s", c->targets->len, noun[c->verb->on]);
	}
}
