/* forecast: the plan of an order that is about to be given, as the engine made it. */
#include "forecast.h"

#include <string.h>

#include <certty/model/job.h>
#include <certty/model/plan.h>

#include "screen.h"

void forecast_done(struct forecast *f)
{
	g_clear_pointer(&f->plan, detail_unref);
	g_clear_pointer(&f->refusal, g_free);
	f->number = 0;
	f->is_copied = false;
}

void forecast_ask(struct forecast *f, struct screen *s, const struct command *c)
{
	struct command *dry;

	forecast_done(f);
	if (!verb_has_plan(c->verb))
		return;
	dry = command_dup(c);
	dry->is_dry = true;
	f->number = follow_submit(s, dry);
}

bool forecast_look(struct forecast *f, const struct screen *s)
{
	g_autofree char *id = plan_id(f->number);
	const struct job *job;
	gssize i;

	if (!forecast_is_due(f))
		return false;
	job = follow_find(s, f->number);
	i = s->snap->details ? items_find(s->snap->details, id) : -1;
	if (i >= 0)
		f->plan = detail_ref(s->snap->details->item[i]);
	else if (job && job_is_over(job))
		f->refusal = g_strdup(job->said ? job->said : "the engine made no plan of it");
	return f->plan || f->refusal;
}

bool forecast_is_due(const struct forecast *f)
{
	return f->number && !f->plan && !f->refusal;
}

bool forecast_warns(const struct forecast *f)
{
	for (size_t i = 0; f->plan && i < f->plan->n; i++)
		if (!strcmp(f->plan->line[i].label, PLAN_WARNING))
			return true;
	return false;
}

void forecast_add(const struct forecast *f, struct pager *p)
{
	if (f->is_copied)
		pager_add_plain(p, ROLE_notice, "The commands that do the same are copied.");
	if (f->plan)
		pane_add_detail(p, f->plan, NULL);
	else if (f->refusal)
		pager_add(p, "refused", ROLE_bad, f->refusal);
	else if (f->number)
		pager_add_plain(p, ROLE_dim, "What it would do is being looked at.");
}

void forecast_copy(struct forecast *f, struct screen *s)
{
	if (!f->plan)
		return;
	screen_copy(s, "commands", f->plan->text);
	f->is_copied = true;
}
