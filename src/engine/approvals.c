/*
 * approvals: what accounts approve by themselves, each by its own rule (model/approval.h).
 *
 * Every request that waits for a person is judged whenever requests or accounts have changed, and its
 * row says at which text the rule stops.  What the rule covers is approved like a renewal is started:
 * while a console is open or in a pass, one at a time, each once as it stands.  Between that and the
 * first step it is judged again, and what the rule says, what it was about and every warning that was
 * accepted are written into the journal.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/approval.h>
#include <certty/model/deploy.h>

#include "deploy_own.h"

#define FRESH INT64_C(600)	/* nothing is approved of rows that are older: they may be answered */
#define RULE "approved by the rule"

struct approval *approvals_rule(const struct engine *e, const struct account *a)
{
	if (!settings_bool(e->config.settings, "safety", "automatic-approvals"))
		return NULL;
	return a && !a->is_disabled ? approval_read(a->answers, NULL) : NULL;
}

/* ---- judging ---- */

/* Certty's own proposals have rules of their own, and tickets are for a second person. */
static bool is_to_approve(const struct request *r)
{
	static const char *const own[] = { DEPLOY_REQUEST, RENEWAL_REQUEST, TICKETS_REQUEST, NULL };
	const struct provider *p = provider_find(r->provider);
	g_auto(GStrv) can = g_strsplit(r->can, " ", -1);

	if (r->state != REQUEST_WAITS_PERSON || g_strv_contains(own, r->type) || !p ||
	    !p->verb[VERB_APPROVE])
		return false;
	return !*can || g_strv_contains((const char *const *)can, verb_table[VERB_APPROVE].name);
}

/* Whoever else has to agree; new, or NULL. */
static char *find_barrier(const struct engine *e, const struct account *a, const struct request *r)
{
	if (e->config.is_read_only)
		return g_strdup("certty is read-only");
	if (a->is_read_only)
		return g_strdup_printf("%s is read-only", a->id);
	return four_eyes_holds_approval(e, r) ? g_strdup("a second person must countersign") : NULL;
}

/* *ret_stop: why not, new; NULL: the rule covers it, or is about others (false). */
static bool judge(const struct engine *e, const struct request *r, char **ret_stop)
{
	const struct account *a = accounts_get(e, r->account);
	g_autoptr(approval) rule = is_to_approve(r) ? approvals_rule(e, a) : NULL;

	*ret_stop = NULL;
	if (!rule || approval_judge(rule, r, ret_stop) == APPROVAL_IS_OTHERS)
		return false;
	if (!*ret_stop)
		*ret_stop = find_barrier(e, a, r);
	return true;
}

/* What would be approved, as it stands: a request that failed once is a person's. */
static char *mark_of(const struct request *r)
{
	return g_strdup_printf("%s\n%s\n%s", r->id, r->digest, r->oddities);
}

static bool has_failed(const struct engine *e, const struct request *r)
{
	g_autofree char *mark = mark_of(r);

	return g_hash_table_contains(e->approved_alone, mark) && !run_has_begun(e, VERB_APPROVE);
}

static char *say(const struct engine *e, const struct request *r, bool is_ruled, const char *stop)
{
	if (!is_ruled)
		return g_strdup("");
	if (stop)
		return g_strdup_printf("the rule stops at %s", stop);
	return g_strdup(has_failed(e, r) ? "the rule covers it, but approving it failed" :
					   "the rule approves it by itself");
}

/* ---- starting ---- */

static bool may_start(const struct engine *e, const struct request *r)
{
	const struct table *t = g_hash_table_lookup(e->known.tables, r->store);
	g_autofree char *mark = mark_of(r);

	return t && t->seen + FRESH > clock_now() && !g_hash_table_contains(e->approved_alone, mark);
}

static void start(struct engine *e, const struct request *r)
{
	g_autoptr(approval) rule = approvals_rule(e, accounts_get(e, r->account));
	struct command *c = command_new(VERB_APPROVE, r->id);
	g_autofree char *warnings = request_warnings(r);

	g_hash_table_add(e->approved_alone, mark_of(r));
	args_set(c->args, "profile", rule->profile);
	args_set(c->args, "validity", rule->validity);
	args_set(c->args, "digest", r->digest);
	args_set(c->args, "accept", warnings);
	run_start_alone(e, c);
}

/* The row says what the rule says of it; the first that it covers, or NULL. */
static const struct request *look(struct engine *e, const struct items *all)
{
	const struct request *first = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const struct request *r = all->item[i];
		g_autofree char *stop = NULL, *said = NULL;
		bool is_ruled = judge(e, r, &stop);
		struct request *now;

		said = say(e, r, is_ruled, stop);
		if (!first && is_ruled && !stop && may_start(e, r))
			first = r;
		if (!strcmp(said, r->rule))
			continue;
		now = request_dup(r);
		store_set(&now->rule, said);
		shelf_put(e->known.shelf[KIND_REQUESTS], now);
		e->is_changed = true;
	}
	return first;
}

void approvals_turn(struct engine *e)
{
	g_autoptr(items) all = NULL;
	const struct request *first;

	if (!e->approvals_due || !e->is_loaded)
		return;
	e->approvals_due = false;
	all = shelf_freeze(e->known.shelf[KIND_REQUESTS]);
	first = look(e, all);
	if (first && run_acts_alone(e) && !run_has_begun(e, VERB_APPROVE))
		start(e, first);
}

/* ---- before the first step ---- */

static bool note(struct task *t, const struct request *r, const char *text, GError **error)
{
	g_auto(GStrv) warnings = *r->oddities ? g_strsplit(r->oddities, "\n", -1) : g_new0(char *, 1);
	g_autofree char *said = g_strdup_printf(RULE " of the account %s, not by a person: %s",
						r->account, text);

	return journal_note(t, r->digest, (const char *const *)warnings, said, error);
}

bool approvals_may(struct task *t, struct operation *o, GError **error)
{
	const struct request *r = o->op.request;
	g_autofree char *stop = NULL, *text = NULL;
	bool is_ruled = r && judge(t->engine, r, &stop);
	g_autoptr(approval) rule = is_ruled ?
		approvals_rule(t->engine, accounts_get(t->engine, r->account)) : NULL;

	if (!stop && rule && (strcmp(args_text(o->args, "profile", ""), rule->profile) ||
			      strcmp(args_text(o->args, "validity", ""), rule->validity)))
		stop = g_strdup("another profile or validity than it had");
	if (!rule || stop) {
		g_set_error(error, ERR, ERR_REFUSED, "%s: the rule stops at %s", r ? r->title : o->target,
			    stop ? stop : "what it is not about");
		return false;
	}
	text = approval_say(rule);
	if (!note(t, r, text, error))
		return false;
	o->op.by_rule = o->by_rule = g_strdup_printf("the rule of the account %s", r->account);
	return true;
}

/* Where its provider has no word of its own for that. */
void approvals_sign(const struct operation *o, struct request *r)
{
	if (o->by_rule && !*r->theirs && r->state == REQUEST_ISSUED)
		store_set(&r->theirs, RULE);
}

/* ---- showing ---- */

void approvals_show_account(const struct engine *e, struct detail *d, const struct account *a,
			    const char *label)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(approval) rule = approval_read(a->answers, &error);
	g_autofree char *text = rule ? approval_say(rule) : NULL;

	if (error)
		detail_add(d, TONE_BAD, label, "off, since it cannot be obeyed: %s", error->message);
	else if (rule && !approvals_rule(e, a))
		detail_add(d, TONE_NOTICE, label, "off here (safety.automatic-approvals): %s", text);
	else if (rule)
		detail_add(d, TONE_WARN, label, "%s approves by itself: %s", a->id, text);
}

void approvals_show_all(struct engine *e, struct detail *d)
{
	g_autoptr(items) accounts = shelf_freeze(e->known.shelf[KIND_ACCOUNTS]);
	g_autoptr(items) all = NULL;

	for (size_t i = 0; i < accounts->n; i++)
		approvals_show_account(e, d, accounts->item[i], "Rule");
	all = shelf_freeze(e->known.shelf[KIND_REQUESTS]);
	for (size_t i = 0; i < all->n; i++) {
		const struct request *r = all->item[i];
		g_autofree char *stop = NULL;

		if (judge(e, r, &stop) && stop)
			detail_add(d, TONE_NOTICE, "Not by rule", "%s: it stops at %s", r->title, stop);
	}
}

void approvals_plan(struct engine *e, struct plan *p)
{
	g_autoptr(items) accounts = shelf_freeze(e->known.shelf[KIND_ACCOUNTS]);
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_REQUESTS]);

	for (size_t i = 0; i < accounts->n; i++) {
		const struct account *a = accounts->item[i];
		g_autoptr(approval) rule = approvals_rule(e, a);
		g_autofree char *text = rule ? approval_say(rule) : NULL;

		if (rule)
			plan_warn(p, "%s approves by itself: %s", a->id, text);
	}
	for (size_t i = 0; i < all->n; i++) {
		const struct request *r = all->item[i];
		g_autofree char *stop = NULL;

		if (judge(e, r, &stop) && !stop)
			plan_call(p, PLAN_CHANGES | PLAN_MAYBE, "approve", r->store, r->title);
	}
}
