/*
 * object: making and freeing objects, and the lines that they hold.
 */
#include <certty/model/object.h>

#include <string.h>

#include "item_own.h"

#define BETWEEN ": "		/* label and value of a fact */

static const struct own own[] = {
	{ OWN_TEXT, offsetof(struct object, account) }, { OWN_TEXT, offsetof(struct object, provider) },
	{ OWN_TEXT, offsetof(struct object, store) },   { OWN_TEXT, offsetof(struct object, type) },
	{ OWN_TEXT, offsetof(struct object, name) },    { OWN_TEXT, offsetof(struct object, summary) },
	{ OWN_TEXT, offsetof(struct object, state) },   { OWN_TEXT, offsetof(struct object, can) },
	{ OWN_TEXT, offsetof(struct object, facts) },   { OWN_TEXT, offsetof(struct object, answers) },
	{ OWN_TEXT, offsetof(struct object, parts) },   { OWN_TEXT, offsetof(struct object, of) },
	{ OWN_TEXT, offsetof(struct object, place) },
	{ OWN_END },
};

struct object *object_new(const char *id)
{
	return item_new(sizeof(struct object), own, id);
}

struct object *object_dup(const struct object *o)
{
	return item_dup(o, sizeof(*o), own);
}

struct object *object_ref(struct object *o)
{
	return item_ref(o);
}

void object_unref(struct object *o)
{
	item_drop(o, own);
}

static void unref(void *item)
{
	object_unref(item);
}

static int compare(const void *a, const void *b)
{
	const struct object *x = a, *y = b;
	int order = strcmp(x->account, y->account);

	order = order ? order : strcmp(x->store, y->store);
	order = order ? order : strcmp(x->type, y->type);
	order = order ? order : strcmp(x->name, y->name);
	return order ? order : strcmp(x->id, y->id);
}

const struct item_type object_type = { KIND_OBJECTS, item_id, item_ref, unref, compare };

char *object_id(const char *where, const char *type, const char *key)
{
	return g_strconcat(where, "/", type, "/", key, NULL);
}

const char *object_key(const struct object *o)
{
	size_t before = strlen(*o->store ? o->store : o->account) + strlen(o->type) + 2;

	return strlen(o->id) > before ? o->id + before : "";
}

bool object_is_same(const struct object *a, const struct object *b)
{
	bool is_same = a->tone == b->tone && !strcmp(a->id, b->id);

	for (const struct own *o = own; o->kind != OWN_END && is_same; o++)
		is_same = !strcmp(*(char *const *)(const void *)((const char *)a + o->at),
				  *(char *const *)(const void *)((const char *)b + o->at));
	return is_same;
}

bool object_can(const struct object *o, const char *verb)
{
	g_auto(GStrv) verbs = g_strsplit(o->can, " ", -1);

	return g_strv_contains((const char *const *)verbs, verb);
}

/* ---- lines ---- */

/* A value that is several lines stays one fact, and one answer. */
static void add_line(char **lines, const char *before, const char *between, const char *value)
{
	g_autofree char *one = g_strdelimit(g_strdup(value), "\n\r", ' ');
	char *all = g_strconcat(*lines, **lines ? "\n" : "", before, between, one, NULL);

	g_free(*lines);
	*lines = all;
}

void object_add_fact(struct object *o, const char *label, const char *value)
{
	if (value && *value)
		add_line(&o->facts, label, BETWEEN, value);
}

void object_add_answer(struct object *o, const char *key, const char *value)
{
	if (value && *value)
		add_line(&o->answers, key, "=", value);
}

void object_each_fact(const struct object *o, object_fact_fn *each, void *who)
{
	g_auto(GStrv) lines = g_strsplit(o->facts, "\n", -1);

	for (char **line = lines; *line; line++) {
		char *at = strstr(*line, BETWEEN);

		if (!at)
			continue;
		*at = '\0';
		each(who, *line, at + strlen(BETWEEN));
	}
}

void object_read_answers(const struct object *o, struct args *ret)
{
	g_auto(GStrv) lines = g_strsplit(o->answers, "\n", -1);

	for (char **line = lines; *line; line++) {
		char *equals = strchr(*line, '=');

		if (!equals)
			continue;
		*equals = '\0';
		args_set(ret, *line, equals + 1);
	}
}
