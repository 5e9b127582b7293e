/*
 * sectigo_organization: organizations and departments, which have numbers of one sort.
 */
#include "own.h"

#include <string.h>

#include <certty/base/text.h>

#define LISTING "listing organizations (GET /organization/v1)"

static step_fn heard;

static void take(GHashTable *names, const struct json *j)
{
	g_autofree char *number = sectigo_call_text(j, "id", 30), *name = sectigo_call_text(j, "name", 200);

	if (*number && *name)
		g_hash_table_replace(names, g_steal_pointer(&number), g_steal_pointer(&name));
}

/* What it belongs to; not of what has no number. */
static void put_below(struct sectigo *s, const struct json *top, const struct json *j)
{
	g_autofree char *number = sectigo_call_text(j, "id", 30);

	if (*number)
		g_hash_table_replace(s->tops, g_steal_pointer(&number), sectigo_call_text(top, "id", 30));
}

/* Where it goes on is the list's, which is not under way. */
struct next sectigo_organization_read(struct op *op, step_fn *then)
{
	struct sectigo *s = sectigo_of(op);

	s->then = then;
	return next_send(sectigo_call(op, "GET", "/organization/v1", NULL), heard);
}

static struct next heard(struct op *op, const struct reply *r)
{
	struct sectigo *s = sectigo_of(op);
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = sectigo_refusal_or_json(r, LISTING, NULL, &error);

	if (g_error_matches(error, ERR, ERR_SIGN_IN))	/* a few more would lock the administrator out */
		return next_fail_error(op, g_steal_pointer(&error));
	if (!s->names)
		s->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	if (!s->tops)
		s->tops = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (size_t i = 0; i < json_count(j); i++) {
		const struct json *departments = json_get(json_at(j, i), "departments");

		put_below(s, json_at(j, i), json_at(j, i));
		take(s->names, json_at(j, i));
		s->organizations++;
		for (size_t k = 0; k < json_count(departments); k++) {
			take(s->names, json_at(departments, k));
			put_below(s, json_at(j, i), json_at(departments, k));
		}
		s->departments += (guint)json_count(departments);
	}
	if (!j)
		op_trouble(op, "%s", error->message);
	return s->then(op, NULL);
}

const char *sectigo_organization_name(struct op *op, const char *number)
{
	const struct sectigo *s = sectigo_of(op);
	const char *name = s->names ? g_hash_table_lookup(s->names, number) : NULL;

	return name ? name : number;
}

const char *sectigo_organization_top(struct op *op, const char *number)
{
	const struct sectigo *s = sectigo_of(op);
	const char *top = s->tops ? g_hash_table_lookup(s->tops, number) : NULL;

	return top && *top ? top : number;
}

GPtrArray *sectigo_organization_tops(struct op *op)
{
	const struct sectigo *s = sectigo_of(op);
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
	GHashTableIter iter;
	gpointer number, top;

	if (s->tops)
		g_hash_table_iter_init(&iter, s->tops);
	while (s->tops && g_hash_table_iter_next(&iter, &number, &top))
		if (!strcmp(number, top) && strspn(number, "0123456789") == strlen(number))
			g_ptr_array_add(all, g_strdup(number));
	return all;
}

static bool is_number(const char *text)
{
	return *text && strlen(text) < 10 && strspn(text, "0123456789") == strlen(text);
}

char *sectigo_organization_find(struct op *op, const char *typed, GError **error)
{
	const struct sectigo *s = sectigo_of(op);
	const char *found = NULL;
	GHashTableIter iter;
	gpointer number, name;
	guint n = 0;

	if (is_number(typed))
		return g_strdup(typed);
	if (s->names)
		g_hash_table_iter_init(&iter, s->names);
	while (s->names && g_hash_table_iter_next(&iter, &number, &name))
		if (!g_ascii_strcasecmp(name, typed)) {
			found = number;
			n++;
		}
	if (n == 1)
		return g_strdup(found);
	g_set_error(error, ERR, n ? ERR_USAGE : ERR_NOT_FOUND, "%s organization or department is called %s%s",
		    n ? "more than one" : "no", typed, n ? ": say its number" : "");
	return NULL;
}
