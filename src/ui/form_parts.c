/*
 * form_parts: questions of a form whose answers are made of parts, each of which has a row.
 *
 * Which parts there are an object says: the type that another answer names, or that of what the form is
 * about.  While that is not known the question stands there itself.
 */
#include "form_own.h"

#include <string.h>

#include <certty/model/object.h>

#include "screen.h"

/* ---- who says which parts there are ---- */

static const struct object *find(const struct screen *s, const char *id)
{
	gssize at = items_find(s->snap->kind[KIND_OBJECTS], id);

	return at >= 0 ? s->snap->kind[KIND_OBJECTS]->item[at] : NULL;
}

static const struct object *type_of(const struct screen *s, const struct object *o)
{
	g_autofree char *id = o && *o->of ? g_strconcat(o->store, "/", o->of, NULL) : NULL;

	return id ? find(s, id) : NULL;
}

static const struct object *named(const struct screen *s, const char *store, const char *type, const char *name)
{
	const struct items *all = s->snap->kind[KIND_OBJECTS];

	for (size_t i = 0; i < all->n; i++) {
		const struct object *o = all->item[i];

		if (!strcmp(o->type, type) && !g_ascii_strcasecmp(o->name, name) && !strcmp(o->store, store))
			return o;
	}
	return NULL;
}

/* What the store is besides, as its account tells of it. */
static const struct object *of_store(const struct screen *s, const char *store)
{
	const struct items *all = s->snap->kind[KIND_OBJECTS];

	for (size_t i = 0; i < all->n; i++) {
		const struct object *o = all->item[i];
		size_t before = strlen(o->account);

		if (*o->place && !strncmp(o->account, store, before) && store[before] == '/' &&
		    !strcmp(store + before + 1, o->place))
			return o;
	}
	return NULL;
}

static const struct object *teller(const struct form *f, const struct screen *s, const struct args *now)
{
	const struct command *c = f->command;
	const struct form_group *g = f->groups;
	const char *type = f->answers[g->question].field->parts;
	const char *target = c->targets->len == 1 ? c->targets->pdata[0] : NULL;

	if (!target)
		return NULL;
	if (field_find(f->tables[g->question], type))
		return named(s, target, type, args_text(now, type, ""));
	return type_of(s, c->verb->on == KIND_OBJECTS ? find(s, target) : of_store(s, target));
}

static bool is_teller(const struct form *f, const struct answer *a)
{
	for (size_t k = 0; k < f->n_groups; k++)
		if (!strcmp(f->answers[f->groups[k].question].field->parts, a->field->key))
			return true;
	return false;
}

bool form_parts_complete(struct form *f, struct screen *s)
{
	struct answer *a = &f->answers[f->at];
	const struct items *all = s->snap->kind[KIND_OBJECTS];
	size_t typed = strlen(answer_value(a));
	g_autofree char *whole = NULL;

	if (!typed || a->choices || !is_teller(f, a) || f->command->targets->len != 1)
		return false;
	for (size_t i = 0; i < all->n; i++) {
		const struct object *o = all->item[i];
		size_t same = 0;

		if (strcmp(o->type, a->field->key) || strcmp(o->store, f->command->targets->pdata[0]) ||
		    g_ascii_strncasecmp(o->name, answer_value(a), typed))
			continue;
		while (whole && whole[same] && whole[same] == o->name[same])
			same++;
		if (whole)
			whole[same] = '\0';
		else
			whole = g_strdup(o->name);
	}
	if (!whole || strlen(whole) < typed || !g_utf8_validate(whole, -1, NULL) ||
	    !strcmp(whole, answer_value(a)))
		return false;
	answer_set(a, whole);
	answer_check(a, false);
	return true;
}

/* ---- rows ---- */

void form_parts_reserve(struct form *f)
{
	size_t question = f->n - 1;

	if (!f->answers[question].field->parts || f->n_groups == FORM_GROUPS)
		return;
	f->groups[f->n_groups++].question = question;
	f->n += PARTS_MAX;
}

static struct answer *part_at(const struct form *f, const struct form_group *g, size_t i)
{
	return &f->answers[g->question + 1 + i];
}

static void forget(struct form *f)
{
	for (size_t k = 0; k < f->n_groups; k++) {
		struct form_group *g = &f->groups[k];

		for (; g->n; g->n--)
			answer_done(part_at(f, g, g->n - 1));
	}
	g_clear_pointer(&f->parts, parts_free);
	g_clear_pointer(&f->told, g_free);
}

void form_parts_done(struct form *f)
{
	forget(f);
}

static const char *in_any_case(GHashTable *said, const char *name)
{
	GHashTableIter iter;
	gpointer key, value;

	g_hash_table_iter_init(&iter, said);
	while (g_hash_table_iter_next(&iter, &key, &value))
		if (!g_ascii_strcasecmp(key, name))
			return value;
	return NULL;
}

/* Of a question, or of that of one verb alone. */
static bool is_part(const struct form *f, const char *question, const char *key)
{
	const char *colon = strchr(question, ':');
	size_t n = colon ? (size_t)(colon - question) : 0;
	const char *verb = f->command->verb->name;

	if (!colon)
		return !strcmp(question, key);
	return strlen(verb) == n && !strncmp(verb, question, n) && !strcmp(colon + 1, key);
}

/* Each begins with what the question's own answer says of it. */
static void fill(struct form *f, struct form_group *g)
{
	const struct answer *whole = &f->answers[g->question];
	g_autoptr(GHashTable) said = parts_words(answer_value(whole));

	for (size_t i = 0; i < f->parts->n; i++) {
		const struct field *part = &f->parts->fields[i];
		const char *value = in_any_case(said, part->key);

		if (is_part(f, f->parts->question[i], whole->field->key))
			answer_init(part_at(f, g, g->n++), part, value ? value : part->fallback);
	}
}

static void ask_parts(struct form *f, struct form_group *g, const struct args *values)
{
	for (size_t i = 0; i < PARTS_MAX; i++)
		f->is_asked[g->question + 1 + i] = g->is_shown && i < g->n &&
			field_is_asked(part_at(f, g, i)->field, f->parts->fields, values);
	if (g->is_shown)
		f->is_asked[g->question] = false;
}

void form_parts_settle(struct form *f, struct screen *s, const struct args *now)
{
	const struct object *o = f->n_groups ? teller(f, s, now) : NULL;
	const char *lines = o && *o->parts ? o->parts : NULL;
	g_autoptr(args) values = args_new();

	if (g_strcmp0(lines, f->told)) {
		forget(f);
		f->told = g_strdup(lines);
		f->parts = lines ? parts_read(lines, f->command->verb->edits) : NULL;
		for (size_t k = 0; lines && k < f->n_groups; k++)
			fill(f, &f->groups[k]);
	}
	for (size_t k = 0; k < f->n_groups; k++) {
		struct form_group *g = &f->groups[k];
		const struct field *field = f->answers[g->question].field;

		g->is_shown = f->parts && f->is_asked[g->question] &&
			      field_has_parts(field, f->tables[g->question], now);
		for (size_t i = 0; i < g->n; i++)
			if (part_at(f, g, i)->choices)
				args_set(values, part_at(f, g, i)->field->key, answer_value(part_at(f, g, i)));
	}
	for (size_t k = 0; k < f->n_groups; k++)
		ask_parts(f, &f->groups[k], values);
}

/* ---- what was said ---- */

/* What stands there as it would without being said is not said. */
static bool is_said(const struct form *f, const struct form_group *g, size_t i)
{
	const struct answer *a = part_at(f, g, i);
	const char *fallback = a->field->fallback ? a->field->fallback : "";

	return f->is_asked[g->question + 1 + i] &&
	       (answer_is_changed(a) || (!f->command->verb->edits && strcmp(answer_value(a), fallback)));
}

static void put_texts(const struct form *f, const struct form_group *g, const char *key)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new(), values = g_ptr_array_new();
	g_autofree char *all = NULL;

	for (size_t i = 0; i < g->n; i++)
		if (is_said(f, g, i)) {
			g_ptr_array_add(names, (void *)(uintptr_t)part_at(f, g, i)->field->key);
			g_ptr_array_add(values, (void *)(uintptr_t)answer_value(part_at(f, g, i)));
		}
	all = parts_join(names, values);
	args_set(f->command->args, key, all);
}

static bool put_secrets(const struct form *f, const struct form_group *g, const struct field *field)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new(), values = g_ptr_array_new();
	g_autoptr(args) said = args_new();
	struct secret *all;

	for (size_t i = 0; i < g->n; i++) {
		const char *name = part_at(f, g, i)->field->key;

		if (!f->is_asked[g->question + 1 + i] || !answer_is_changed(part_at(f, g, i)))
			continue;
		if (!answer_put(part_at(f, g, i), said))
			return false;
		g_ptr_array_add(names, (void *)(uintptr_t)name);
		g_ptr_array_add(values, (void *)(uintptr_t)args_secret(said, name));
	}
	if (!names->len)
		return true;
	all = field->takes_lines ? parts_join_secrets(names, values) : secret_dup(values->pdata[0]);
	if (all)
		args_put_secret(f->command->args, field->key, all);
	return all;
}

bool form_parts_put(struct form *f)
{
	for (size_t k = 0; k < f->n_groups; k++) {
		const struct form_group *g = &f->groups[k];
		const struct field *field = f->answers[g->question].field;

		if (g->is_shown && field->kind != FIELD_SECRET)
			put_texts(f, g, field->key);
		else if (g->is_shown && !put_secrets(f, g, field))
			return false;
	}
	return true;
}
