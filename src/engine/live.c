/*
 * live: what stands where something new is to be put, and in what the new one differs from it.
 *
 * By what the last refresh saw; the newest where several are there.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>

#include "deploy_own.h"

/* ---- which one ---- */

static bool has_name(const struct table *t, uint32_t row, const char *name)
{
	const char *text = t->texts + t->text[row];
	g_autoptr(GString) folded = g_string_new(NULL);

	text_fold(folded, name, -1);
	return strlen(folded->str) == strcspn(text, "\n") &&
	       !memcmp(folded->str, text, folded->len);
}

static bool is_meant(const struct table *t, uint32_t row, const char *alias, const char *name)
{
	return alias ? !strcmp(t->aliases + t->alias[row], alias) : has_name(t, row, name);
}

static bool find_in(struct table *t, const char *alias, const char *name, struct place *ret)
{
	bool found = ret->table != NULL;

	for (uint32_t row = 0; row < t->n; row++) {
		if (!is_meant(t, row, alias, name) ||
		    (found && ret->table->not_after[ret->row] >= t->not_after[row]))
			continue;
		*ret = (struct place){ .table = t, .row = row };
		found = true;
	}
	return found;
}

static bool find(struct engine *e, const char *store, const char *alias, const char *name,
		 struct place *ret)
{
	GHashTableIter iter;
	gpointer id, t;
	bool found = false;

	*ret = (struct place){ 0 };
	g_hash_table_iter_init(&iter, e->known.tables);
	while (g_hash_table_iter_next(&iter, &id, &t))
		if (!store || !strcmp(id, store))
			found |= find_in(t, alias, name, ret);
	return found;
}

/* ---- in what it differs ---- */

static char *missing_from(char *const *all, char *const *have)
{
	GString *s = g_string_new(NULL);

	for (; *all; all++)
		if (!g_strv_contains((const char *const *)have, *all))
			g_string_append_printf(s, "%s%s", s->len ? ", " : "", *all);
	return g_string_free(s, FALSE);
}

static void compare_names(struct plan *p, char *const *there, const struct facts *fresh)
{
	g_auto(GStrv) new = deploys_names_of(fresh);
	g_autofree char *added = missing_from(new, there), *lost = missing_from(there, new);

	if (*added)
		plan_differ(p, "names added: %s", added);
	if (*lost)
		plan_differ(p, "names lost: %s", lost);
	if (!*added && !*lost)
		plan_differ(p, "the same names");
}

static void compare_word(struct plan *p, const char *label, const char *there, const char *fresh)
{
	if (fresh && *there && strcmp(there, fresh))
		plan_differ(p, "%s: %s now, then %s", label, there, fresh);
}

static void compare_end(struct plan *p, int64_t there, int64_t fresh)
{
	g_autoptr(GString) now = g_string_new(NULL), then = g_string_new(NULL);

	if (!fresh || there / CLOCK_MINUTE == fresh / CLOCK_MINUTE)
		return;
	clock_say_date(now, there);
	clock_say_date(then, fresh);
	plan_differ(p, "valid until %s now, then %s%s", now->str, then->str,
		    fresh < there ? ", which is EARLIER" : "");
}

static void name_live(struct engine *e, struct plan *p, struct place at)
{
	const struct table *t = at.table;
	const struct store *s = shelf_get(e->known.shelf[KIND_STORES], t->store);
	const char *text = t->texts + t->text[at.row];
	g_autoptr(GString) until = g_string_new(NULL);

	clock_say_date(until, t->not_after[at.row] * (int64_t)CLOCK_MINUTE);
	plan_differ(p, "%.*s until %s, %s in %s", (int)strcspn(text, "\n"), text, until->str,
		    t->aliases + t->alias[at.row], s ? s->title : t->store);
}

void live_compare(struct engine *e, const char *store, const char *alias, const struct facts *fresh,
		  struct plan *p)
{
	g_auto(GStrv) names = NULL;
	struct place at;

	if (!find(e, store, alias, fresh->name, &at)) {
		plan_differ(p, "nothing of the name %s is known %s", fresh->name,
			    store ? "there" : "anywhere");
		return;
	}
	names = deploys_names(at.table, at.row);
	name_live(e, p, at);
	compare_names(p, names, fresh);
	compare_word(p, "issuer", intern_text(e->known.words, at.table->issuer[at.row]),
		     fresh->issuer);
	compare_word(p, "key", deploys_key_word(e, at.table, at.row), fresh->key);
	compare_end(p, at.table->not_after[at.row] * (int64_t)CLOCK_MINUTE, fresh->not_after);
}
