/*
 * keyfactor_thing: rows of what Command keeps beside certificates, and the facts in them.
 */
#include "keyfactor_things.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

#define DEEP	  6		/* objects within each other */
#define VALUE_MAX 600		/* bytes of one fact */
#define FACTS_MAX 300

struct object *keyfactor_thing_new(const struct op *op, const char *type, const char *key, const char *name)
{
	g_autofree char *id = object_id(op->store->id, type, key);
	struct object *o = object_new(id);

	store_set(&o->account, op->store->account);
	store_set(&o->provider, op->store->provider);
	store_set(&o->store, op->store->id);
	store_set(&o->type, type);
	store_set(&o->name, name);
	return o;
}

void keyfactor_thing_state(struct object *o, const char *word, enum tone tone)
{
	store_set(&o->state, word);
	o->tone = tone;
}

void keyfactor_thing_text(struct object *o, const char *label, const struct json *j, const char *key)
{
	g_autofree char *text = keyfactor_text(j, key, VALUE_MAX);

	object_add_fact(o, label, text);
}

void keyfactor_thing_time(struct object *o, const char *label, const struct json *j, const char *key)
{
	g_autoptr(GString) at = g_string_new(NULL);
	int64_t when = keyfactor_time(j, key);

	if (when)
		clock_say_iso(at, when);
	object_add_fact(o, label, at->str);
}

/* ---- all of it ---- */

struct whole {
	struct object *object;
	guint facts;
};

static void add(struct whole *w, const char *path, const char *value)
{
	g_autofree char *label = text_harmless_dup(path, VALUE_MAX);

	if (*value && w->facts < FACTS_MAX) {
		object_add_fact(w->object, label, value);
		w->facts++;
	}
}

static bool has_parts(const struct json *j)
{
	return json_count(j) > 0;
}

/* "Name=x, Required=yes": what is in an object that itself has no parts worth a line each. */
static char *members_of(const struct json *j)
{
	g_autoptr(GString) s = g_string_new(NULL);

	for (size_t i = 0; i < json_members(j) && s->len < VALUE_MAX; i++) {
		const char *key = json_key_at(j, i);
		g_autofree char *text = keyfactor_text(j, key, VALUE_MAX);

		if (*text)
			g_string_append_printf(s, "%s%s=%s", s->len ? ", " : "", key, text);
	}
	return text_harmless_dup(s->str, VALUE_MAX);
}

static void walk(struct whole *w, const char *path, const struct json *j, guint deep);

/* Texts are one line together; objects have one each, by their name or their place. */
static void walk_array(struct whole *w, const char *path, const struct json *j)
{
	g_autoptr(GString) texts = g_string_new(NULL);

	for (size_t i = 0; i < json_count(j) && texts->len < VALUE_MAX; i++) {
		const struct json *one = json_at(j, i);
		g_autofree char *name = keyfactor_text(one, "Name", 100), *members = NULL, *label = NULL;

		if (json_text(one)) {
			g_string_append_printf(texts, "%s%s", texts->len ? ", " : "", json_text(one));
			continue;
		}
		members = members_of(one);
		label = *name ? g_strdup_printf("%s.%s", path, name) : g_strdup_printf("%s.%zu", path, i + 1);
		add(w, label, members);
	}
	if (texts->len) {
		g_autofree char *all = text_harmless_dup(texts->str, VALUE_MAX);

		add(w, path, all);
	}
}

static void walk_member(struct whole *w, const char *path, const struct json *of, size_t i, guint deep)
{
	const char *key = json_key_at(of, i);
	const struct json *j = json_get(of, key);
	g_autofree char *below = *path ? g_strdup_printf("%s.%s", path, key) : g_strdup(key);
	g_autofree char *text = NULL;

	if (has_parts(j) && json_key_at(j, 0)) {
		walk(w, below, j, deep + 1);
	} else if (has_parts(j)) {
		walk_array(w, below, j);
	} else {
		text = keyfactor_text(of, key, VALUE_MAX);
		add(w, below, text);
	}
}

static void walk(struct whole *w, const char *path, const struct json *j, guint deep)
{
	for (size_t i = 0; deep < DEEP && i < json_count(j); i++)
		walk_member(w, path, j, i, deep);
}

void keyfactor_thing_whole(struct object *o, const struct json *j)
{
	struct whole w = { .object = o };

	walk(&w, "", j, 0);
}

/* ---- one of the facts ---- */

struct looking {
	const char *label;
	char *value;
};

static void look(void *who, const char *label, const char *value)
{
	struct looking *l = who;

	if (!l->value && !strcmp(label, l->label))
		l->value = g_strdup(value);
}

char *keyfactor_thing_fact(const struct object *o, const char *label)
{
	struct looking l = { .label = label };

	object_each_fact(o, look, &l);
	return l.value ? l.value : g_strdup("");
}
