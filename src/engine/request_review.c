/*
 * request_review: what a reviewer sees of a request beside what its provider says of it: what the
 * rule of its account says, and what was found out about its validation when somebody last asked why
 * it is stuck.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/approval.h>
#include <certty/model/why.h>

#define EVIDENCE_LINES 12

static const struct detail *find_judgement(const struct engine *e, const struct request *r)
{
	g_autofree char *id = why_id(r->id);

	for (const GList *l = e->known.details.head; l; l = l->next)
		if (!strcmp(((const struct detail *)l->data)->id, id))
			return l->data;
	return NULL;
}

static void add_evidence(struct detail *d, const struct detail *judged)
{
	g_autoptr(GString) when = g_string_new(NULL);

	clock_say_as_of(when, clock_now(), judged->made);
	detail_add(d, TONE_DIM, "Evidence", "as certty why found, %s:", when->str);
	for (size_t i = 0; i < MIN(judged->n, EVIDENCE_LINES); i++)
		detail_add(d, judged->line[i].tone, "", "%s%s%s", judged->line[i].label,
			   *judged->line[i].label ? ": " : "  ", judged->line[i].text);
	if (judged->n > EVIDENCE_LINES)
		detail_add(d, TONE_DIM, "", "and %zu lines more", judged->n - EVIDENCE_LINES);
}

static void add_rule(const struct engine *e, struct detail *d, const struct request *r)
{
	g_autoptr(approval) rule = *r->rule ? approvals_rule(e, accounts_get(e, r->account)) : NULL;
	g_autofree char *text = rule ? approval_say(rule) : NULL;

	if (!text)
		return;
	detail_add(d, TONE_NOTICE, "Rule", "%s", r->rule);
	detail_add(d, TONE_PLAIN, "", "%s: %s", r->account, text);
}

void request_review(const struct engine *e, struct detail *d, const struct request *seen)
{
	const struct request *r = shelf_get(e->known.shelf[KIND_REQUESTS], seen->id);
	const struct detail *judged = r ? find_judgement(e, r) : NULL;

	d->digest = g_strdup(seen->digest);
	if (!r || !request_is_waiting(r))
		return;
	add_rule(e, d, r);
	if (judged)
		add_evidence(d, judged);
	else if (*r->records)
		detail_add(d, TONE_DIM, "Evidence", "none was looked for; certty why asks");
}
