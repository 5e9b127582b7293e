/*
 * sectigo_acme_change: ACME accounts are made, renamed and deleted, names are added to them and taken
 * away, and what a client is bound with goes into a file.
 *
 * Names are compared with those that are there, so that only what differs is sent; some may be refused by
 * an answer that says that all is well.
 */
#include "sectigo_acme.h"
#include "sectigo_domains.h"

#include <string.h>

#include <certty/base/file.h>
#include <certty/base/text.h>

#define MAKING	 "making the ACME account (POST /acme/v2/account)"
#define CHANGING "changing the ACME account (/acme/v2/account/ID)"

/* clang-format off */
const struct field sectigo_acme_questions[] = {
	{ "rename",       FIELD_TEXT,     "Name",        false, NULL, NULL,
	  "what it is called from now on", NULL, ".{1,128}" },
	{ "add-names",    FIELD_LIST,     "Add names",   false, NULL, NULL,
	  "names that it may have certificates for, too" },
	{ "remove-names", FIELD_LIST,     "Take names",  false, NULL, NULL,
	  "names that it may have no certificates for any more" },
	{ "eab-file",     FIELD_FILE_OUT, "Key file",    false, NULL, NULL,
	  "where what a client is bound with (EAB) is written, mode 0600; it must not be there yet" },
	{ NULL }
};
/* clang-format on */

enum stage { RENAME, ADD, REMOVE, KEY, STAGES };

struct changing {
	enum stage stage;
	GString *said;
	char *organization;
};

static step_fn make, made, stage_done, key_read, key_written, dropped;

static void changing_free(void *p)
{
	struct changing *c = p;

	if (c->said)
		g_string_free(c->said, TRUE);
	g_free(c->organization);
	g_free(c);
}

static struct changing *of(struct op *op)
{
	return sectigo_call_mine(op, sizeof(struct changing), changing_free);
}

static char *path_of(const struct op *op, const char *more)
{
	return g_strconcat("/acme/v2/account/", object_key(op->object), more, NULL);
}

/* ---- made ---- */

char *sectigo_acme_body_made(const struct op *op, const char *organization)
{
	struct json_writer w = { .out = g_string_new(NULL) };
	gint64 number = g_ascii_strtoll(organization, NULL, 10);

	json_open(&w, NULL, '{');
	json_put_str(&w, "name", args_text(op->args, "name", ""));
	json_put_str(&w, "acmeServer", args_text(op->args, "server", ""));
	if (number > 0)
		json_put_int(&w, "organizationId", number);
	else
		json_put_str(&w, "organizationId", organization);
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

static bool check_server(const struct op *op, GError **error)
{
	if (*args_text(op->args, "server", ""))
		return true;
	g_set_error(error, ERR, ERR_USAGE, "say which ACME server the account is of, as in OV ACME Server");
	return false;
}

struct next sectigo_acme_add(struct op *op, const struct reply *none)
{
	GError *error = NULL;

	(void)none;
	return check_server(op, &error) ? sectigo_organization_read(op, make) : next_fail_error(op, error);
}

static struct next make(struct op *op, const struct reply *none)
{
	GError *error = NULL;
	g_autofree char *number = sectigo_organization_find(op, args_text(op->args, "organization", ""),
							    &error);
	g_autofree char *body = number ? sectigo_acme_body_made(op, number) : NULL;

	(void)none;
	if (!body)
		return next_fail_error(op, error);
	return next_send(sectigo_call(op, "POST", "/acme/v2/account", body), made);
}

static struct next made(struct op *op, const struct reply *r)
{
	GError *error = NULL;

	op_touch(op, op->store->id);
	if (!sectigo_refusal_or_done(r, MAKING, NULL, &error))
		return next_fail_error(op, error);
	op_say(op, "there is an ACME account %s; it has no names yet", args_text(op->args, "name", ""));
	return next_done();
}

/* ---- changed ---- */

static char *body_of(const struct op *op, enum stage stage)
{
	g_auto(GStrv) names = args_list(op->args, stage == ADD ? "add-names" : "remove-names");
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	if (stage == RENAME)
		json_put_str(&w, "name", args_text(op->args, "rename", ""));
	else
		json_open(&w, "domains", '[');
	for (char **name = names; stage != RENAME && *name; name++) {
		g_autofree char *ascii = text_idn_ascii(*name, NULL);

		json_open(&w, NULL, '{');
		json_put_str(&w, "name", ascii ? ascii : *name);
		json_close(&w, '}');
	}
	if (stage != RENAME)
		json_close(&w, ']');
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

/* clang-format off */
static const struct stage_row {
	const char *key, *method, *path, *left;		/* `left`: those that were not done */
} stages[STAGES] = {
	[RENAME] = { "rename",       "PUT",    "",        NULL },
	[ADD]    = { "add-names",    "POST",   "/domain", "notAddedDomains" },
	[REMOVE] = { "remove-names", "DELETE", "/domain", "notRemovedDomains" },
	[KEY]    = { "eab-file",     "GET",    "",        NULL },
};
/* clang-format on */

static bool is_wanted(const struct op *op, enum stage stage)
{
	const char *answer = args_text(op->args, stages[stage].key, "");

	return *answer && strcmp(answer, VERB_NONE_WORD) != 0;
}

static struct next go_on(struct op *op)
{
	struct changing *c = of(op);

	for (; c->stage < STAGES; c->stage++) {
		const struct stage_row *s = &stages[c->stage];
		g_autofree char *path = path_of(op, s->path);
		g_autofree char *body = c->stage == KEY ? NULL : body_of(op, c->stage);

		if (is_wanted(op, c->stage))
			return next_send(sectigo_call(op, s->method, path, body),
					 c->stage == KEY ? key_read : stage_done);
	}
	op_touch(op, op->store->id);
	op_say(op, "%s: %s", op->object->name, c->said->str);
	return next_done();
}

static bool check_wanted(const struct op *op, GError **error)
{
	for (int i = 0; i < STAGES; i++)
		if (is_wanted(op, i))
			return true;
	g_set_error(error, ERR, ERR_USAGE, "say what shall be changed about %s", op->object->name);
	return false;
}

struct next sectigo_acme_edit(struct op *op, const struct reply *none)
{
	GError *error = NULL;

	(void)none;
	if (!check_wanted(op, &error))
		return next_fail_error(op, error);
	of(op)->said = g_string_new(NULL);
	return go_on(op);
}

static void tell_left(struct op *op, const struct json *left, bool adds)
{
	for (size_t i = 0; i < json_count(left); i++) {
		const char *name = json_text(json_at(left, i));
		g_autofree char *shown = sectigo_domain_show(name ? name : "one");

		op_trouble(op, "%s: %s was not %s", op->object->name, shown, adds ?
			   "added; its domain has to be at Sectigo, delegated and validated" : "taken away");
	}
}

static struct next stage_done(struct op *op, const struct reply *r)
{
	struct changing *c = of(op);
	const struct stage_row *s = &stages[c->stage];
	GError *error = NULL;
	g_autoptr(json) j = NULL;
	const struct json *left;

	op_touch(op, op->store->id);
	if (!sectigo_refusal_or_done(r, CHANGING, NULL, &error)) {
		if (c->said->len)
			g_prefix_error(&error, "%s: %s, but then: ", op->object->name, c->said->str);
		return next_fail_error(op, error);
	}
	j = s->left ? sectigo_refusal_or_json(r, CHANGING, NULL, NULL) : NULL;
	left = s->left ? json_get(j, s->left) : NULL;
	tell_left(op, left, c->stage == ADD);
	g_string_append_printf(c->said, "%s%s", c->said->len ? ", " : "", c->stage == RENAME ? "renamed" :
			       c->stage == ADD ? "names added" : "names taken away");
	c->stage++;
	return go_on(op);
}

/* ---- the key ---- */

static struct next key_read(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	struct work *w = sectigo_acme_key_work(r, args_text(op->args, "eab-file", ""), SECTIGO_KEY_NEW, &error);

	return w ? next_work(w, key_written) : next_fail_error(op, error);
}

static struct next key_written(struct op *op, const struct reply *none)
{
	struct changing *c = of(op);

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	g_string_append_printf(c->said, "%skey written", c->said->len ? ", " : "");
	c->stage++;
	return go_on(op);
}

/* ---- deleted ---- */

struct next sectigo_acme_drop(struct op *op, const struct reply *none)
{
	g_autofree char *path = path_of(op, "");

	(void)none;
	return next_send(sectigo_call(op, "DELETE", path, NULL), dropped);
}

static struct next dropped(struct op *op, const struct reply *r)
{
	GError *error = NULL;

	if (!sectigo_refusal_or_done(r, CHANGING, NULL, &error))
		return next_fail_error(op, error);
	op_drop_object(op, op->object->id);
	op_touch(op, op->store->id);
	op_say(op, "there is no ACME account %s any more", op->object->name);
	return next_done();
}

/* ---- plans ---- */

bool sectigo_acme_planned_add(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *body = check_server(op, error) ?
		sectigo_acme_body_made(op, args_text(op->args, "organization", "")) : NULL;

	if (!body)
		return false;
	sectigo_planned_call(op, p, PLAN_CHANGES, "POST", "/acme/v2/account", args_text(op->args, "name", ""));
	plan_not(p, "it has no names, so nothing can be issued for it yet");
	sectigo_planned_run(op, p, "POST", "/acme/v2/account", body);
	return true;
}

bool sectigo_acme_planned_edit(struct op *op, struct plan *p, GError **error)
{
	if (!check_wanted(op, error))
		return false;
	for (int i = 0; i < KEY; i++) {
		g_autofree char *path = path_of(op, stages[i].path), *body = body_of(op, i);

		if (!is_wanted(op, i))
			continue;
		sectigo_planned_call(op, p, PLAN_CHANGES, stages[i].method, path, op->object->name);
		plan_differ(p, "%s: %s", stages[i].key, args_text(op->args, stages[i].key, ""));
		sectigo_planned_run(op, p, stages[i].method, path, body);
	}
	if (is_wanted(op, KEY)) {
		g_autofree char *to = file_absolute(args_text(op->args, "eab-file", ""));
		g_autofree char *path = path_of(op, "");

		sectigo_planned_call(op, p, PLAN_ASKS, "GET", path, "its key");
		plan_call(p, PLAN_CHANGES, "write", to, "key ID and HMAC key, mode 0600");
		plan_warn(p, "whoever has that file can have certificates issued for its names");
	}
	return true;
}

bool sectigo_acme_planned_drop(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *path = path_of(op, "");

	(void)error;
	sectigo_planned_call(op, p, PLAN_CHANGES, "DELETE", path, op->object->name);
	plan_warn(p, "clients that are bound to it get no certificates any more");
	sectigo_planned_run(op, p, "DELETE", path, NULL);
	return true;
}
