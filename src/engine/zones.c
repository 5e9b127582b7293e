/*
 * zones: which accounts have which zones of DNS, as they last told, so that nobody is offered what
 * no account can do.
 *
 * They are told when records are put into them, and are believed for a day; an account that is
 * tested may have others.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>

#define KEY	 "zones/"
#define TEXT_MAX (64u << 10)	/* of what is kept of an account; with more, nothing is */
#define BELIEVED CLOCK_DAY

/* ---- what accounts have told ---- */

void zones_learn(struct engine *e, const char *account, const GPtrArray *names)
{
	g_autofree char *key = g_strconcat(KEY, account, NULL);
	g_autoptr(GString) text = g_string_new(NULL);

	g_string_printf(text, "%" G_GINT64_FORMAT, clock_now());
	for (guint i = 0; i < names->len; i++)
		g_string_append_printf(text, " %s", (char *)names->pdata[i]);
	keep_setting(e, key, text->len <= TEXT_MAX ? text->str : NULL);
}

void zones_forget(struct engine *e, const char *account)
{
	g_autofree char *key = g_strconcat(KEY, account, NULL);

	keep_forget(e, key);
}

/* New; NULL: not known, or not any more. */
static char **told(const struct engine *e, const char *account)
{
	g_autofree char *key = g_strconcat(KEY, account, NULL), *text = keep_recall(e, key);
	g_auto(GStrv) words = text ? g_strsplit(text, " ", -1) : NULL;
	int64_t when = words && *words ? g_ascii_strtoll(*words, NULL, 10) : 0;

	if (!when || when > clock_now() || when < clock_now() - BELIEVED)
		return NULL;
	return g_strdupv(words + 1);
}

bool zones_may_ask(const struct engine *e, const struct account *a)
{
	const struct provider *p = provider_find(a->provider);
	g_autofree char *why = NULL;

	if (!p || !p->publish || (a->origin == ACCOUNT_FOUND && !a->has_worked))
		return false;
	why = accounts_why_not(e, a);
	return !why;
}

static const char *closest(char *const *zones, const char *absolute)
{
	const char *best = NULL;

	for (; zones && *zones; zones++)
		if (dns_record_is_in(absolute, *zones) && (!best || strlen(*zones) > strlen(best)))
			best = *zones;
	return best;
}

GPtrArray *zones_of(const struct engine *e, const char *name)
{
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_ACCOUNTS]);
	g_autofree char *absolute = g_strconcat(name, ".", NULL);
	GPtrArray *ret = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; i < all->n; i++) {
		const struct account *a = all->item[i];
		g_auto(GStrv) zones = told(e, a->id);
		const char *zone = closest(zones, absolute);

		if (zone)
			g_ptr_array_add(ret, g_strdup_printf("%.*s in %s", (int)strlen(zone) - 1, zone,
							     a->id));
	}
	return ret;
}

/* ---- what that means for a request ---- */

static bool has_one(char *const *zones, char *const *records)
{
	for (; *records; records++) {
		g_autofree char *name = g_strndup(*records, strcspn(*records, " "));

		for (char *const *z = zones; *z; z++)
			if (dns_record_is_in(name, *z))
				return true;
	}
	return false;
}

static void free_zones(void *zones)
{
	g_strfreev(zones);
}

/* Of each account that could be asked its zones (char **), or NULL: it has not told. */
static GPtrArray *gather(const struct engine *e)
{
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_ACCOUNTS]);
	GPtrArray *zones = g_ptr_array_new_with_free_func(free_zones);

	for (size_t i = 0; i < all->n; i++) {
		const struct account *a = all->item[i];

		if (!a->is_read_only && zones_may_ask(e, a))
			g_ptr_array_add(zones, told(e, a->id));
	}
	return zones;
}

/* Whether every account that could be asked has told, and none has any of the zones. */
static bool has_nobody(const GPtrArray *zones, const struct request *r)
{
	g_auto(GStrv) records = g_strsplit(r->records, "\n", -1);

	for (guint i = 0; i < zones->len; i++)
		if (!zones->pdata[i] || has_one(zones->pdata[i], records))
			return false;
	return true;
}

static char *without(const char *words, const char *word)
{
	g_auto(GStrv) all = g_strsplit(words, " ", -1);
	g_autoptr(GString) left = g_string_new(NULL);

	for (char **w = all; *w; w++)
		if (strcmp(*w, word) != 0)
			g_string_append_printf(left, "%s%s", left->len ? " " : "", *w);
	return g_string_free(g_steal_pointer(&left), FALSE);
}

static bool takes(const char *can, enum verb_id verb)
{
	g_auto(GStrv) verbs = g_strsplit(can, " ", -1);

	return g_strv_contains((const char *const *)verbs, verb_table[verb].name);
}

struct request *zones_judge(const struct engine *e, struct request *r, GPtrArray **zones)
{
	static const char why[] = "no account that may be asked here has the zone: copy the records "
				  "into it by hand, then sync";
	g_autofree char *can = without(r->can, verb_table[VERB_PUBLISH].name);
	struct request *judged;

	if (!takes(r->can, VERB_PUBLISH) || !*r->records)
		return request_ref(r);
	if (!*zones)
		*zones = gather(e);
	if (!has_nobody(*zones, r))
		return request_ref(r);
	judged = request_dup(r);
	store_set(&judged->can, can);
	/* Of one that is approved, oddities are what its reviewer accepts. */
	if (!takes(r->can, VERB_APPROVE) && !strstr(r->oddities, why)) {
		g_free(judged->oddities);
		judged->oddities = g_strconcat(r->oddities, *r->oddities ? "\n" : "", why, NULL);
	}
	return judged;
}
