/*
 * show_account: everything about an account but its secrets: of those only the places.
 *
 * Each answer with where it comes from: said for this account, from its set of defaults, or the
 * provider's own fallback.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>

#define VALUE_MAX 400	/* bytes of an answer that are shown */

static void add_time(struct detail *d, enum tone tone, const char *label, int64_t when)
{
	g_autoptr(GString) said = g_string_new(NULL);

	clock_say_utc(said, when);
	g_string_append(said, ", ");
	clock_say_until(said, clock_now(), when);
	detail_add(d, tone, label, "%s", said->str);
}

/* ---- how it stands ---- */

static void add_mode(const struct engine *e, struct detail *d, const struct account *a)
{
	g_autofree char *who = a->is_read_only ? accounts_who_forbids(e, a) : NULL;
	const char *label = a->is_disabled ? "" : "mode";

	if (a->is_disabled)
		detail_add(d, TONE_NOTICE, "mode", "disabled: nothing is asked of it");
	if (who)
		detail_add(d, TONE_PLAIN, label, "read-only, as %s says", who);
	else if (!a->is_disabled)
		detail_add(d, TONE_PLAIN, "mode", "may change things there");
	detail_add(d, TONE_PLAIN, "renewals", "%s%s", renewal_mode_word(renewals_mode(e, a)),
		   *args_text(a->answers, "renew", "") ? "" : ", as the rule says");
	approvals_show_account(e, d, a, "approvals");
}

static void add_test(struct detail *d, const struct account *a)
{
	if (!a->tested) {
		if (a->origin != ACCOUNT_BUILT_IN)
			detail_add(d, TONE_UNKNOWN, "tested", "never");
		return;
	}
	add_time(d, TONE_PLAIN, "tested", a->tested);
	if (*a->verdict && g_strcmp0(a->verdict, a->trouble))	/* it stands above already */
		detail_add(d, a->has_worked ? TONE_GOOD : TONE_BAD, "", "%s", a->verdict);
}

static void add_rights(struct detail *d, const struct account *a)
{
	if (!a->told)
		return;
	add_time(d, TONE_PLAIN, "rights told", a->told);
	if (!strstr(a->verdict, a->rights))	/* it stands above already */
		detail_add(d, TONE_PLAIN, "", "%s", a->rights);
}

static void add_looked(struct detail *d, const struct account *a)
{
	const struct provider *p = provider_find(a->provider);

	if (!p || !p->verb[VERB_ACCOUNT_STORES])
		return;
	if (a->looked)
		add_time(d, TONE_PLAIN, "stores", a->looked);
	else
		detail_add(d, TONE_UNKNOWN, "stores", "never looked for");
}

static void add_origin(struct detail *d, const struct account *a)
{
	static const char *const words[] = {
		[ACCOUNT_BUILT_IN] = "always there",
		[ACCOUNT_CONFIGURED] = "stands in the configuration",
		[ACCOUNT_FOUND] = "found in",
	};

	detail_add(d, TONE_PLAIN, "why here", "%s%s%s", words[a->origin],
		   *a->found_in ? " " : "", a->found_in);
}

/* ---- answers ---- */

struct said {
	const char *value;
	char *origin;	/* new */
};

static struct said said_of(const struct engine *e, const struct account *a, const struct field *f)
{
	const char *own = args_get(a->answers, f->key);
	g_autofree char *group = *a->defaults ? g_strconcat("defaults ", a->defaults, NULL) : NULL;
	const char *set = group ? settings_raw(e->config.settings, group, f->key) : NULL;

	if (own && *own)
		return (struct said){ own, g_strdup(a->origin == ACCOUNT_FOUND ? "found" :
										 "its own") };
	if (set && *set)
		return (struct said){ set, g_strdup_printf("from the set %s", a->defaults) };
	return (struct said){ f->fallback, g_strdup("by default") };
}

static void add_place(struct detail *d, const struct account *a, const struct field *f)
{
	const char *place = args_get(a->answers, f->key), *command;
	g_autofree char *shown = NULL;
	enum rung rung;

	if (!place || !*place || !rung_read(place, &rung, &command, NULL))
		return;
	shown = text_harmless_dup(command ? command : *a->found_in ? a->found_in : "", VALUE_MAX);
	if (rung == RUNG_COMMAND)
		detail_add(d, TONE_PLAIN, f->label, "printed by %s", shown);
	else if (rung == RUNG_FOUND)
		detail_add(d, TONE_PLAIN, f->label, "read in %s each time",
			   *shown ? shown : "its own place");
	else
		detail_add(d, TONE_PLAIN, f->label, "%s: %s", rung_word(rung), rung_sentence(rung));
}

static void add_answer(const struct engine *e, struct detail *d, const struct account *a,
		       const struct field *f)
{
	struct said said = said_of(e, a, f);
	g_autofree char *shown = said.value ? text_harmless_dup(said.value, VALUE_MAX) : NULL;

	if (shown && *shown)
		detail_add(d, TONE_PLAIN, f->label, "%s  (%s)", shown, said.origin);
	g_free(said.origin);
}

static void add_answers(const struct engine *e, struct detail *d, const struct account *a,
			const struct field *fields)
{
	for (const struct field *f = fields; f && f->key; f++) {
		if (!field_is_asked(f, fields, a->answers))
			continue;
		if (f->kind == FIELD_SECRET)
			add_place(d, a, f);
		else
			add_answer(e, d, a, f);
	}
}

/* Of what every account may be asked, what was answered. */
static void add_common(const struct engine *e, struct detail *d, const struct account *a)
{
	for (const struct field *f = account_common_fields; f->key; f++) {
		const char *own = args_get(a->answers, f->key);

		if (own && *own && strcmp(f->key, "read-only"))
			add_answer(e, d, a, f);
	}
}

/* What belongs to it alone, and to none of its stores. */
static void add_objects(const struct engine *e, struct detail *d, const struct account *a)
{
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_OBJECTS]);
	const char *before = "";

	for (size_t i = 0; i < all->n; i++) {
		const struct object *o = all->item[all->by_id[i]];

		if (*o->store || strcmp(o->account, a->id))
			continue;
		detail_add(d, TONE_PLAIN, strcmp(before, o->type) ? o->type : "", "%s%s%s%s", o->name,
			   *o->summary ? "  (" : "", o->summary, *o->summary ? ")" : "");
		before = o->type;
	}
}

void show_account(struct engine *e, struct detail *d, const struct account *a)
{
	const struct provider *p = provider_find(a->provider);

	if (a->trouble)
		detail_add(d, TONE_WARN, "trouble", "%s", a->trouble);
	if (*a->who)
		detail_add(d, TONE_PLAIN, "who", "%s", a->who);
	detail_add(d, TONE_PLAIN, "provider", "%s", p ? p->info->title : a->provider);
	add_test(d, a);
	add_rights(d, a);
	add_looked(d, a);
	add_mode(e, d, a);
	detail_add(d, TONE_PLAIN, "secrets", "%s", a->secret_from);
	if (a->secret_ends)
		add_time(d, a->secret_ends < clock_now() ? TONE_BAD : TONE_PLAIN, "end",
			 a->secret_ends);
	add_origin(d, a);
	add_objects(e, d, a);
	if (p && p->info->account_fields) {
		detail_add(d, TONE_PLAIN, "Answers", "%s", "");
		add_answers(e, d, a, p->info->account_fields);
		add_common(e, d, a);
	}
	if (*a->defaults)
		detail_add(d, TONE_PLAIN, "Defaults", "the set %s", a->defaults);
	detail_add(d, TONE_DIM, "id", "%s", a->id);
}
