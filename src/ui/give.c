/* give: the stops of an order: form, review or question, engine. */
#include "give.h"

#include <certty/view/view.h>

#include "form.h"
#include "question.h"
#include "review.h"
#include "screen.h"

static const char *const noun[KIND_COUNT] = {
	[KIND_STORES] = "stores",     [KIND_CERTS] = "certificates", [KIND_REQUESTS] = "requests",
	[KIND_DISCOVERY] = "findings", [KIND_DOMAINS] = "domains",   [KIND_JOBS] = "jobs",
	[KIND_ACCOUNTS] = "accounts",
};

const char *give_noun(enum kind kind)
{
	return noun[kind];
}

static bool is_quiet(const struct verb *v)
{
	return v->id == VERB_SHOW;
}

void give_begin(struct screen *s, struct command *c)
{
	/* A new order: whatever waited for a passphrase was given up. */
	g_clear_pointer(&s->follow.again, command_free);
	if (c->verb->fields)
		form_open(s, c);
	else
		give_answered(s, c);
}

void give_answered(struct screen *s, struct command *c)
{
	if (c->verb->id == VERB_APPROVE)
		review_open(s, c);
	else if (c->verb->dangerous)
		question_open(s, c);
	else
		give_agreed(s, c);
}

void give_agreed(struct screen *s, struct command *c)
{
	bool unlocks = c->verb->id == VERB_PASSPHRASE && s->follow.again;
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
