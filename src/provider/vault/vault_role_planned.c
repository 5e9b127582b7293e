/*
 * vault_role_planned: what making, changing and deleting a role would do.
 */
#include "vault_role.h"

#include <string.h>

#include <certty/base/clock.h>

#include "vault_kf.h"
#include "vault_planned.h"

#define NAME_PATTERN "\\A\\w([\\w.-]*\\w)?\\z"

struct saying {
	const struct op *op;
	struct plan *plan;
};

bool vault_role_check_name(const char *name, GError **error)
{
	if (g_regex_match_simple(NAME_PATTERN, name, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
		return true;
	g_set_error(error, ERR, ERR_USAGE, "%s is no name of a role: letters, digits, and any of . _ - between "
		    "them", name);
	return false;
}

/* What the command takes it as. */
static void say_value(struct plan *p, const struct field *f, const char *answer)
{
	g_autofree char *key = vault_role_key(f);
	const char *value = strcmp(answer, VERB_NONE_WORD) ? answer : f->kind == FIELD_SPAN ? "0" : "";
	g_autofree char *seconds = NULL;
	int64_t n;

	if (f->kind == FIELD_SPAN && clock_read_span(value, &n))
		value = seconds = g_strdup_printf("%" G_GINT64_FORMAT "s", (gint64)n);
	else if (!g_strcmp0(f->choices, VAULT_YES_NO))
		value = !strcmp(value, "yes") ? "true" : "false";
	vault_planned_word(p, key, value);
}

/* What stands there as it was read last is told beside what it becomes. */
static void say_answers(const struct op *op, struct plan *p)
{
	g_autoptr(args) before = args_new();

	if (op->object)
		object_read_answers(op->object, before);
	for (const struct field *f = vault_role_asks(op->store); f->key; f++) {
		const char *answer = args_text(op->args, f->key, "");
		const char *now = args_text(before, f->key, "");

		if (!*answer)
			continue;
		if (op->object)
			plan_differ(p, "%s: %s instead of %s", f->label,
				    strcmp(answer, VERB_NONE_WORD) ? answer : "nothing",
				    *now ? now : "nothing");
		say_value(p, f, answer);
	}
}

/* What gives away more than somebody may have meant. */
static void warn(const struct op *op, struct plan *p)
{
	if (vault_kf_is(op->store))
		vault_kf_role_warn(op, p);
	if (args_bool(op->args, "allow-any-name"))
		plan_warn(p, "whoever may use it gets certificates for any name");
	if (args_bool(op->args, "allow-glob-domains"))
		plan_warn(p, "a star among its domains may stand for more than one part of a name");
	if (args_bool(op->args, "no-store"))
		plan_warn(p, "what it issues is in no list here, and cannot be revoked by its serial number");
}

/* Keyfactor's engine has no patch, so that a write says again all that stands there, as far as a row has
 * it. */
static void say_rest(void *who, const char *key, const char *value)
{
	const struct saying *s = who;
	g_autofree char *question = g_strdelimit(g_strdup(key), "_", '-');
	bool is_flag = !strcmp(value, "yes") || !strcmp(value, "no");

	if (strchr(key, ' ') || *args_text(s->op->args, question, "") || vault_role_is_told_only(key))
		return;
	vault_planned_word(s->plan, key, !is_flag ? value : *value == 'y' ? "true" : "false");
}

static void run_edit(const struct op *op, struct plan *p, const char *rest)
{
	struct saying s = { op, p };

	vault_planned_run(op, p, vault_kf_is(op->store) ? "bao write" : "bao patch", rest);
	if (vault_kf_is(op->store))
		object_each_fact(op->object, say_rest, &s);
	say_answers(op, p);
}

static char *path_of(const char *name)
{
	return g_strconcat("roles/", name, NULL);
}

bool vault_role_planned_add(struct op *op, struct plan *p, GError **error)
{
	const char *name = args_text(op->args, "name", "");
	g_autofree char *rest = path_of(name);

	if (!vault_role_check_name(name, error))
		return false;
	warn(op, p);
	vault_planned_call(op, p, PLAN_ASKS, rest, "whether there is one of that name");
	vault_planned_call(op, p, PLAN_CHANGES, rest, name);
	plan_not(p, "a role of that name that is there already is not touched");
	plan_not(p, "nothing is issued");
	vault_planned_run(op, p, "bao write", rest);
	say_answers(op, p);
	return true;
}

/* `bao patch` changes what it is told and nothing else, as this does by reading first. */
bool vault_role_planned_edit(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *rest = path_of(object_key(op->object));
	g_auto(GStrv) keys = args_keys(op->args);

	if (!*keys) {
		g_set_error(error, ERR, ERR_USAGE, "what shall be changed of the role %s was not said",
			    op->object->name);
		return false;
	}
	warn(op, p);
	vault_planned_call(op, p, PLAN_ASKS, rest, "all of it as it stands");
	vault_planned_call(op, p, PLAN_CHANGES, rest, op->object->name);
	plan_not(p, "certificates that it has issued stay as they are");
	plan_not(p, "what is not named here goes back as it was read");
	run_edit(op, p, rest);
	return true;
}

bool vault_role_planned_drop(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *rest = path_of(object_key(op->object));

	(void)error;
	vault_planned_call(op, p, PLAN_CHANGES | VAULT_PLANNED_DELETES, rest, op->object->name);
	plan_warn(p, "from then on nobody gets a certificate by the role %s", op->object->name);
	plan_not(p, "certificates that it has issued stay as they are, and stay valid");
	vault_planned_run(op, p, "bao delete", rest);
	return true;
}
