/*
 * domains_describe: everything about one domain: who tells what of its validation, what has to stand
 * in DNS for it, and each dated rule that is still to come, with what it does to this name.
 */
#include "domains_own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/json.h>
#include <certty/model/why.h>

static char *date(int64_t when)
{
	g_autoptr(GString) text = g_string_new(NULL);

	clock_say_date(text, when);
	return g_strdup(text->str);
}

static void add_text(struct detail *d, enum tone tone, const char *label, const char *text)
{
	if (text && *text)
		detail_add(d, tone, label, "%s", text);
}

/* ---- how it stands ---- */

static void add_state(struct detail *d, const struct domain *n, int64_t now)
{
	enum domain_state state = domain_state_at(n, now);

	detail_add(d, domain_state_tone(state), "state", "%s%s%s", domain_state_word(state),
		   *n->validation ? ": " : "", n->validation);
	detail_add(d, TONE_PLAIN, "how", "%s",
		   *n->method ? domain_method_word(n->method) : "not known");
}

static void add_until(struct detail *d, const struct domain *n)
{
	bool is_bound;
	int64_t until = domain_until(n, &is_bound);
	g_autofree char *end = date(until), *shown = date(n->validated);

	if (n->validated)
		detail_add(d, TONE_PLAIN, "validated", "%s at the latest", shown);
	if (!until)
		detail_add(d, TONE_DIM, "until", "not known: nobody tells when it was validated");
	else if (!is_bound)
		detail_add(d, TONE_PLAIN, "until", "%s, as its provider says", end);
	else
		detail_add(d, TONE_PLAIN, "until", "%s at most, by the rules of public CAs; no provider "
			   "tells the day", end);
}

static void add_certs(struct detail *d, const struct domains *all, const struct domain *row)
{
	const struct name *n = g_hash_table_lookup(all->names, row->name);
	g_autofree char *ends = date(row->expires), *public = date(row->public_until);
	guint unsure = 0;

	for (guint i = 0; n && i < n->n; i++)
		unsure += !domains_is_public(all, &n->cover[i]) &&
			  (!i || n->cover[i - 1].print != n->cover[i].print);
	if (row->certs)
		detail_add(d, TONE_PLAIN, "covered", "by %u certificate%s, until %s", row->certs,
			   row->certs == 1 ? "" : "s", ends);
	else
		detail_add(d, TONE_PLAIN, "covered", "by no certificate that is known here");
	if (row->public_until)
		detail_add(d, TONE_PLAIN, "", "the last one of a public CA ends on %s, after %d days", public,
			   (int)((row->public_until - row->public_from + CLOCK_DAY - 1) / CLOCK_DAY));
	if (unsure)
		detail_add(d, TONE_DIM, "", "%u of no CA that is known to be public: the rules of "
			   "those need not concern %s", unsure, unsure == 1 ? "it" : "them");
	detail_add(d, TONE_PLAIN, "accounts", "%s", row->account);
}

static void add_use(struct detail *d, const struct domain *n)
{
	detail_add(d, *n->registration ? TONE_PLAIN : TONE_DIM, "at the CA", "%s",
		   *n->registration ? n->registration : "not known whether it must be registered there");
	detail_add(d, *n->users ? TONE_PLAIN : TONE_DIM, "who may use", "%s",
		   *n->users ? n->users : "not known");
}

/* ---- what looking into it found ---- */

/* The page about that name, if it was made lately. */
static const struct detail *find_why(const struct engine *e, const char *about)
{
	g_autofree char *id = why_id(about);

	for (GList *l = e->known.details.head; l; l = l->next)
		if (!strcmp(((const struct detail *)l->data)->id, id))
			return l->data;
	return NULL;
}

/* Who may issue by CAA, and what stands in the way. */
static void add_why(struct detail *d, const struct detail *page)
{
	size_t len = page->json ? strlen(page->json) : 0;
	g_autoptr(json) j = len ? json_parse(page->json, len, len, NULL) : NULL;
	const struct json *findings = json_get(j, "findings");

	add_text(d, TONE_PLAIN, "looked at", json_str(j, "said"));
	for (size_t i = 0; i < json_count(findings); i++)
		if (!g_strcmp0(json_str(json_at(findings, i), "check"), "caa"))
			add_text(d, TONE_PLAIN, "CAA", json_str(json_at(findings, i), "said"));
}

static void add_looked(const struct engine *e, struct detail *d, const char *name)
{
	const struct detail *page = find_why(e, name);

	if (page)
		add_why(d, page);
	else
		detail_add(d, TONE_DIM, "looked at", "not yet: w looks into DNS and CAA");
}

/* ---- who tells what ---- */

/* What certty put there itself, for a request that this name or another one had. */
static bool say_placed(struct engine *e, struct detail *d, const struct domain *told)
{
	g_autoptr(items) requests = shelf_freeze(e->known.shelf[KIND_REQUESTS]);

	for (size_t i = 0; i < requests->n; i++) {
		g_autoptr(GPtrArray) placed = placed_read(e, ((struct request *)requests->item[i])->id);

		for (guint k = 0; k < placed->len; k++) {
			const struct placed *p = placed->pdata[k];
			g_autofree char *since = date(p->since);

			if (strcmp(p->line, told->record) != 0)
				continue;
			detail_add(d, TONE_PLAIN, "", "put into %s by %s on %s", p->zone, p->account, since);
			return true;
		}
	}
	return false;
}

static void add_record(struct engine *e, struct detail *d, const struct domain *told)
{
	if (!told->record)
		return;
	detail_add(d, TONE_PLAIN, "", "needs %s", told->record);
	if (!say_placed(e, d, told) && !find_why(e, told->name))
		detail_add(d, TONE_DIM, "", "whether it stands in DNS was not looked at: w asks");
}

static void add_told(struct engine *e, struct detail *d, const struct name *n, int64_t now)
{
	for (guint i = 0; n && n->told && i < n->told->len; i++) {
		const struct domain *told = n->told->pdata[i];
		g_autofree char *where = g_strndup(told->id, (gsize)(told->name - told->id) - 1);
		const struct store *s = shelf_get(e->known.shelf[KIND_STORES], where);
		enum domain_state state = domain_state_at(told, now);
		g_autofree char *shown = told->validated ? date(told->validated) : NULL;

		detail_add(d, domain_state_tone(state), i ? "" : "told", "%s: %s%s%s%s%s%s%s",
			   s ? s->title : where, domain_state_word(state),
			   *told->validation ? ", " : "", told->validation,
			   *told->method ? ", by " : "",
			   *told->method ? domain_method_word(told->method) : "",
			   shown ? ", at the latest on " : "", shown ? shown : "");
		add_record(e, d, told);
	}
	if (!n || !n->told || !n->told->len)
		detail_add(d, TONE_DIM, "told", "no provider tells how its validation stands");
}

/* Requests whose records are its own, and how they were seen in DNS last, stand in Requests. */
static void add_asked(struct detail *d, const struct name *n)
{
	for (guint i = 0; n && n->asked && i < n->asked->len; i++) {
		const struct request *r = n->asked->pdata[i];

		detail_add(d, request_state_tone(r->state), i ? "" : "waits", "%s of %s: %s%s%s", r->type,
			   r->title, request_state_word(r->state), *r->theirs ? ", " : "", r->theirs);
	}
}

/* ---- DNS ---- */

static void add_zones(struct engine *e, struct detail *d, const char *name)
{
	g_autoptr(GPtrArray) zones = zones_of(e, name);

	for (guint i = 0; i < zones->len; i++)
		detail_add(d, TONE_PLAIN, i ? "" : "zone", "%s", (char *)zones->pdata[i]);
	if (!zones->len)
		detail_add(d, TONE_DIM, "zone", "not known to be in any account here");
}

/* ---- the rules, one by one ---- */

/* What it does to this name; "": nothing that is known. */
static char *effect(const struct domain *n, const struct rule *r, int64_t now, bool *ret_bites)
{
	const struct rule *early = NULL;
	int64_t until = n->validated ? rule_reuse_end(n->validated, n->method, &early) : 0;
	g_autofree char *end = date(until), *public = date(n->public_until);

	*ret_bites = r == rule_bites_cert(n->public_from, n->public_until, now) ||
		     (r == early && until > now) ||
		     (r->method && r->since > now && !strcmp(r->method, n->method));
	if (r == early && until > now)
		return g_strdup_printf("; what was shown here may be used until %s", end);
	if (*ret_bites && r->sort == RULE_VALIDITY)
		return g_strdup_printf("; so does what follows the certificate that ends on %s", public);
	if (*ret_bites)
		return g_strdup("; that is how control of this name is shown");
	if (r->method && !*n->method)
		return g_strdup("; whether this name is validated so is not known");
	return g_strdup("");
}

static void add_rules(struct detail *d, const struct domain *n, int64_t now)
{
	const struct rule *next = domain_next_rule(n, now);
	bool is_first = true;

	for (size_t i = 0; i < rule_count; i++) {
		const struct rule *r = &rule_table[i];
		bool bites;
		g_autofree char *what = effect(n, r, now, &bites), *since = date(r->since);

		if (r->since <= now && !bites)
			continue;
		detail_add(d, r == next ? TONE_WARN : bites ? TONE_NOTICE : TONE_DIM,
			   is_first ? "rules" : "", "%s  %s%s", since, r->sentence, what);
		is_first = false;
	}
}

static void add_next(struct detail *d, const struct domain *n, int64_t now)
{
	const struct rule *next = domain_next_rule(n, now);
	g_autofree char *since = next ? date(next->since) : NULL;

	if (next)
		detail_add(d, TONE_WARN, "next rule", "%s: %s", since, next->sentence);
	else
		detail_add(d, TONE_DIM, "next rule", "none that is known to touch it before its next renewal");
}

void domains_describe(struct engine *e, struct detail *d, const struct domain *row)
{
	const struct name *n = domains_find(e, row->name);
	g_autofree char *shown = text_idn_show(row->name);
	int64_t now = clock_now();

	if (strcmp(shown, row->name))
		detail_add(d, TONE_PLAIN, "reads", "%s", shown);
	add_state(d, row, now);
	add_until(d, row);
	add_next(d, row, now);
	add_certs(d, e->domains, row);
	add_use(d, row);
	add_told(e, d, n, now);
	add_asked(d, n);
	add_zones(e, d, row->name);
	add_looked(e, d, row->name);
	add_rules(d, row, now);
}
