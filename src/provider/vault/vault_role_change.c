/*
 * vault_role_change: roles made, changed and deleted.
 *
 * The engine takes a role as a whole: what is not said becomes what it is by default.  So to change one
 * it is read first, and all that was not asked for goes back as it came.  One that is there already is
 * not made anew.
 */
#include "vault_role.h"

#include <string.h>

#include <certty/base/clock.h>

#include "vault_order.h"

#define READING  "reading the role"
#define WRITING  "writing the role"
#define DROPPING "deleting the role"

static step_fn add_looked, edit_read, written, dropped, read_back;

struct change {
	char *name, *path;
};

static void change_done(void *change)
{
	struct change *c = change;

	g_free(c->name);
	g_free(c->path);
}

static struct change *begin(struct op *op, const char *name)
{
	struct change *c = vault_begin(op, sizeof(*c), change_done);
	g_autofree char *escaped = g_uri_escape_string(name, NULL, FALSE);
	g_autofree char *rest = g_strconcat("roles/", escaped, NULL);

	if (!c)
		return NULL;
	c->name = g_strdup(name);
	c->path = vault_below(op, rest);
	return c;
}

static struct next not_open(struct op *op)
{
	return next_fail(op, ERR_SIGN_IN, "the account is not open");
}

static struct next ask(struct op *op, step_fn *then)
{
	const struct change *c = vault_mine(op);

	return next_send(vault_ask(op, c->path, NULL), then);
}

/* ---- what is written ---- */

static void put_list(struct json_writer *w, const char *key, const char *answer)
{
	g_auto(GStrv) words = g_strsplit(answer, ",", -1);

	json_open(w, key, '[');
	for (char **word = words; *word; word++)
		if (*g_strstrip(*word))
			json_put_str(w, NULL, *word);
	json_close(w, ']');
}

/* Nothing is an empty list, and a span of which the mount decides. */
static void put_answer(struct json_writer *w, const char *key, const struct field *f, const char *answer)
{
	const char *value = strcmp(answer, VERB_NONE_WORD) ? answer : "";
	gint64 n = 0;

	if (f->kind == FIELD_LIST) {
		put_list(w, key, value);
	} else if (!g_strcmp0(f->choices, VAULT_YES_NO)) {
		json_put_bool(w, key, !strcmp(value, "yes"));
	} else if (f->kind == FIELD_SPAN) {
		clock_read_span(value, &n);
		json_put_int(w, key, n);
	} else if (!strcmp(f->key, "key-bits")) {
		g_ascii_string_to_signed(*value ? value : "0", 10, 0, G_MAXINT, &n, NULL);
		json_put_int(w, key, n);
	} else {
		json_put_str(w, key, value);
	}
}

static void put_answers(struct json_writer *w, const struct op *op)
{
	for (const struct field *f = vault_role_asks(op->store); f->key; f++) {
		const char *answer = args_text(op->args, f->key, "");
		g_autofree char *key = vault_role_key(f);

		if (*answer)
			put_answer(w, key, f, answer);
	}
}

/* What the engine tells of a role and takes of none. */
bool vault_role_is_told_only(const char *key)
{
	return !strcmp(key, "allow_token_displayname");
}

static bool is_answered(const struct op *op, const char *key)
{
	g_autofree char *question = g_strdelimit(g_strdup(key), "_", '-');

	return field_find(vault_role_asks(op->store), question) && *args_text(op->args, question, "");
}

/* `before`: how it stands; NULL: there is none yet. */
static struct next put_role(struct op *op, const struct json *before)
{
	const struct change *c = vault_mine(op);
	struct json_writer w = { .out = vault_body_new(0) };
	struct request_out *r;

	json_open(&w, NULL, '{');
	for (size_t i = 0; i < json_members(before); i++) {
		const char *key = json_key_at(before, i);

		if (!is_answered(op, key) && !vault_role_is_told_only(key))
			json_put_copy(&w, key, json_at(before, i));
	}
	put_answers(&w, op);
	json_close(&w, '}');
	r = vault_ask(op, c->path, w.out);
	r->is_repeatable = true;	/* the same role once more */
	return next_send(r, written);
}

static struct next written(struct op *op, const struct reply *r)
{
	const struct change *c = vault_mine(op);
	g_autoptr(json) j = vault_json(r);
	g_autofree char *warnings = vault_issued_warnings(j);

	if (!j && (r->error || r->status != 204))
		return vault_refuse(op, r, WRITING, "update", c->path);
	if (*warnings)
		op_trouble(op, "the engine warns: %s", warnings);
	op_touch(op, op->store->id);
	return ask(op, read_back);
}

/* What stands there now, as the engine has taken it. */
static struct next read_back(struct op *op, const struct reply *r)
{
	const struct change *c = vault_mine(op);
	g_autoptr(json) j = vault_json(r);
	const struct json *role = json_get(j, "data");
	g_autofree char *limits = role ? vault_role_say(op->store, role) : NULL;

	if (!role) {
		op_trouble(op, "it was written, and could not be read again");
		op_say(op, "the role %s is written", c->name);
		return next_done();
	}
	op_put_object(op, vault_role_row(op, c->name, role));
	op_say(op, "the role %s allows: %s", c->name, limits);
	return next_done();
}

/* ---- made ---- */

struct next vault_role_add(struct op *op, const struct reply *none)
{
	const char *name = args_text(op->args, "name", "");
	GError *error = NULL;

	(void)none;
	if (!vault_role_check_name(name, &error))
		return next_fail_error(op, error);
	return begin(op, name) ? ask(op, add_looked) : not_open(op);
}

static struct next add_looked(struct op *op, const struct reply *r)
{
	const struct change *c = vault_mine(op);

	if (vault_is_empty(r))
		return put_role(op, NULL);
	if (r->error || r->status != 200)
		return vault_refuse(op, r, "looking whether there is such a role", "read", c->path);
	return next_fail(op, ERR_REFUSED, "%s has a role %s already; object-edit changes it",
			 op->store->title, c->name);
}

/* ---- changed ---- */

struct next vault_role_edit(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, object_key(op->object)) ? ask(op, edit_read) : not_open(op);
}

static struct next edit_read(struct op *op, const struct reply *r)
{
	const struct change *c = vault_mine(op);
	g_autoptr(json) j = vault_json(r);
	const struct json *role = json_get(j, "data");

	if (vault_is_empty(r)) {
		op_drop_object(op, op->object->id);
		return next_fail(op, ERR_NOT_FOUND, "%s has no role %s any more", op->store->title, c->name);
	}
	return role ? put_role(op, role) : vault_refuse(op, r, READING, "read", c->path);
}

/* ---- deleted ---- */

struct next vault_role_drop(struct op *op, const struct reply *none)
{
	const struct change *c = begin(op, object_key(op->object));
	struct request_out *r;

	(void)none;
	if (!c)
		return not_open(op);
	r = vault_ask(op, c->path, NULL);
	g_free(r->method);
	r->method = g_strdup("DELETE");
	return next_send(r, dropped);
}

static struct next dropped(struct op *op, const struct reply *r)
{
	const struct change *c = vault_mine(op);

	if (r->error || (r->status != 204 && r->status != 200))
		return vault_refuse(op, r, DROPPING, "delete", c->path);
	op_drop_object(op, op->object->id);
	op_touch(op, op->store->id);
	op_say(op, "%s has no role %s any more", op->store->title, c->name);
	return next_done();
}
