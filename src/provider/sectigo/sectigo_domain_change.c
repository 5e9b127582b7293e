/*
 * sectigo_domain_change: domains are added, delegated to organizations, approved, suspended, activated
 * and deleted.
 *
 * What is asked for becomes calls, one after the other; the first that is refused ends it, and what was
 * done before is said.
 */
#include "sectigo_domains.h"

#include <string.h>

#define ADDING "adding the domain (POST /domain/v1)"

/* clang-format off */
const struct field sectigo_domain_questions[] = {
	{ "status",     FIELD_CHOICE, "State",         false, NULL, "active suspended",
	  "nothing is issued for names of a domain that is suspended" },
	{ "delegate",   FIELD_TEXT,   "Delegate to",   false, NULL, NULL,
	  "an organization or department that may use it, too, by its number or its name" },
	{ "undelegate", FIELD_TEXT,   "Take back from", false, NULL, NULL,
	  "an organization or department that may not use it any more" },
	{ "cert-types", FIELD_LIST,   "For",           false, NULL, NULL,
	  "what is delegated or taken back: SSL, SMIME, CodeSign, BrandIndicator; SSL when nothing is said" },
	{ "approve",    FIELD_TEXT,   "Approve for",   false, NULL, NULL,
	  "an organization or department whose delegation waits for it" },
	{ "reject",     FIELD_TEXT,   "Reject for",    false, NULL, NULL,
	  "an organization or department whose delegation waits, and shall not be" },
	{ NULL }
};

/* What an answer becomes.  TYPES: with what it is delegated for. */
enum body { NONE, ORGANIZATION, TYPES };
static const struct change {
	const char *key, *answer;	/* answer NULL: it names an organization */
	const char *method, *path;	/* behind /domain/v1/ID */
	enum body body;
	const char *words;
} changes[] = {
	{ "status",     "active",    "PUT",    "/activate",            NONE,         "activated" },
	{ "delegate",   NULL,        "POST",   "/delegation",          TYPES,        "delegated to" },
	{ "approve",    NULL,        "POST",   "/delegation/approve",  ORGANIZATION, "approved for" },
	{ "reject",     NULL,        "POST",   "/delegation/reject",   ORGANIZATION, "rejected for" },
	{ "undelegate", NULL,        "DELETE", "/delegation",          TYPES,        "taken back from" },
	{ "status",     "suspended", "PUT",    "/suspend",             NONE,         "suspended" },
};
/* clang-format on */

struct call {
	const struct change *change;
	char *path, *body, *what;
};

struct calls {
	GPtrArray *all;		/* struct call */
	guint at;
	GString *said;
};

static step_fn begin, changed, add, added, dropped;

static void call_free(void *p)
{
	struct call *c = p;

	g_free(c->path);
	g_free(c->body);
	g_free(c->what);
	g_free(c);
}

static void calls_free(void *p)
{
	struct calls *c = p;

	g_ptr_array_unref(c->all);
	g_string_free(c->said, TRUE);
	g_free(c);
}

/* ---- bodies ---- */

bool sectigo_domain_check_types(const struct op *op, GError **error)
{
	static const char *const known[] = { "SSL", "SMIME", "CodeSign", "BrandIndicator", NULL };
	g_auto(GStrv) types = args_list(op->args, "cert-types");

	for (char **type = types; *type; type++)
		if (!g_strv_contains(known, *type)) {
			g_set_error(error, ERR, ERR_USAGE, "%s is none of SSL, SMIME, CodeSign and "
				    "BrandIndicator", *type);
			return false;
		}
	return true;
}

/* A number goes as one; what is no number yet stands there for a person to see. */
static void put_organization(struct json_writer *w, const char *organization)
{
	gint64 number = g_ascii_strtoll(organization, NULL, 10);

	if (number > 0)
		json_put_int(w, "orgId", number);
	else
		json_put_str(w, "orgId", organization);
}

static void put_privileges(struct json_writer *w)
{
	json_open(w, "domainCertificateRequestPrivileges", '[');
	json_put_str(w, NULL, "DOMAIN");
	json_put_str(w, NULL, "SUBDOMAIN");
	json_close(w, ']');
}

static void put_delegation(struct json_writer *w, const struct op *op, const char *organization,
			   bool with_types)
{
	g_auto(GStrv) types = args_list(op->args, "cert-types");

	put_organization(w, organization);
	if (!with_types)
		return;
	json_open(w, "certTypes", '[');
	for (char **type = types; *type; type++)
		json_put_str(w, NULL, *type);
	if (!*types)
		json_put_str(w, NULL, "SSL");
	json_close(w, ']');
	put_privileges(w);
}

static char *body_of(const struct op *op, const struct change *c, const char *organization)
{
	struct json_writer w = { .out = NULL };

	if (c->body == NONE)
		return NULL;
	w.out = g_string_new(NULL);
	json_open(&w, NULL, '{');
	put_delegation(&w, op, organization, c->body == TYPES);
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

/* All of them, those that are there among them. */
static char *body_of_types(const char *organization, char **types, const struct json *there)
{
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	put_organization(&w, organization);
	json_open(&w, "certTypes", '[');
	for (char **type = types; type && *type; type++)
		json_put_str(&w, NULL, *type);
	for (size_t i = 0; i < json_count(there); i++) {
		const char *type = json_text(json_at(there, i));

		if (type && !(types && g_strv_contains((const char *const *)types, type)))
			json_put_str(&w, NULL, type);
	}
	json_close(&w, ']');
	put_privileges(&w);
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

char *sectigo_domain_body_delegated(const struct op *op, const char *organization, const struct json *there)
{
	g_auto(GStrv) types = args_list(op->args, "cert-types");

	return body_of_types(organization, types, there);
}

char *sectigo_domain_body_taken(const char *organization, const struct json *there)
{
	return body_of_types(organization, NULL, there);
}

char *sectigo_domain_body_added(const struct op *op, const char *name, const char *organization)
{
	struct json_writer w = { .out = g_string_new(NULL) };
	const char *description = args_text(op->args, "description", "");

	json_open(&w, NULL, '{');
	json_put_str(&w, "name", name);
	if (*description)
		json_put_str(&w, "description", description);
	json_put_bool(&w, "active", true);
	json_open(&w, "delegations", '[');
	json_open(&w, NULL, '{');
	put_delegation(&w, op, organization, true);
	json_close(&w, '}');
	json_close(&w, ']');
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

/* ---- which calls ---- */

static bool is_wanted(const struct op *op, const struct change *c)
{
	const char *answer = args_text(op->args, c->key, "");

	return c->answer ? !strcmp(answer, c->answer) : *answer && strcmp(answer, VERB_NONE_WORD) != 0;
}

static bool names_organization(const struct op *op)
{
	for (size_t i = 0; i < G_N_ELEMENTS(changes); i++)
		if (!changes[i].answer && is_wanted(op, &changes[i]))
			return true;
	return false;
}

/* is_sure: organizations are looked up, and must be there.  NULL: why not. */
static GPtrArray *calls_of(struct op *op, bool is_sure, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(call_free);

	if (!sectigo_domain_check_types(op, error))
		return NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
		const struct change *c = &changes[i];
		const char *typed = args_text(op->args, c->key, "");
		g_autofree char *number = NULL;
		struct call *call;

		if (!is_wanted(op, c))
			continue;
		number = c->answer || !is_sure ? g_strdup(typed) :
						 sectigo_organization_find(op, typed, error);
		if (!number)
			return NULL;
		call = g_new0(struct call, 1);
		call->change = c;
		call->path = g_strconcat("/domain/v1/", object_key(op->object), c->path, NULL);
		call->body = body_of(op, c, number);
		call->what = g_strdup_printf("%s%s%s", c->words, c->answer ? "" : " ",
					     c->answer ? "" : sectigo_organization_name(op, number));
		g_ptr_array_add(all, call);
	}
	if (all->len)
		return g_steal_pointer(&all);
	g_set_error(error, ERR, ERR_USAGE, "say what shall be changed about %s", op->object->name);
	return NULL;
}

/* ---- changing one ---- */

struct next sectigo_domain_edit(struct op *op, const struct reply *none)
{
	(void)none;
	return names_organization(op) ? sectigo_organization_read(op, begin) : begin(op, NULL);
}

static struct next send(struct op *op)
{
	struct calls *c = sectigo_of(op)->mine;
	const struct call *call = c->all->pdata[c->at];

	return next_send(sectigo_call(op, call->change->method, call->path, call->body), changed);
}

static struct next begin(struct op *op, const struct reply *none)
{
	GError *error = NULL;
	GPtrArray *all = calls_of(op, true, &error);
	struct calls *c;

	(void)none;
	if (!all)
		return next_fail_error(op, error);
	c = sectigo_call_mine(op, sizeof(*c), calls_free);
	c->all = all;
	c->said = g_string_new(NULL);
	return send(op);
}

static struct next changed(struct op *op, const struct reply *r)
{
	struct calls *c = sectigo_of(op)->mine;
	const struct call *call = c->all->pdata[c->at];
	g_autofree char *what = g_strdup_printf("%s (%s %s)", op->object->name, call->change->method,
						call->path);
	GError *error = NULL;

	op_touch(op, op->store->id);
	if (!sectigo_refusal_or_done(r, what, NULL, &error)) {
		if (c->at)
			g_prefix_error(&error, "%s was %s, but then: ", op->object->name, c->said->str);
		return next_fail_error(op, error);
	}
	g_string_append_printf(c->said, "%s%s", c->at ? ", " : "", call->what);
	if (++c->at < c->all->len)
		return send(op);
	op_say(op, "%s is %s", op->object->name, c->said->str);
	return next_done();
}

/* ---- adding one ---- */

struct next sectigo_domain_add(struct op *op, const struct reply *none)
{
	(void)none;
	return sectigo_organization_read(op, add);
}

static struct next add(struct op *op, const struct reply *none)
{
	GError *error = NULL;
	g_autofree char *name = sectigo_domain_ascii(args_text(op->args, "name", ""), &error);
	g_autofree char *number = name && sectigo_domain_check_types(op, &error) ?
		sectigo_organization_find(op, args_text(op->args, "organization", ""), &error) : NULL;
	g_autofree char *body = NULL;

	(void)none;
	if (!number)
		return next_fail_error(op, error);
	body = sectigo_domain_body_added(op, name, number);
	return next_send(sectigo_call(op, "POST", "/domain/v1", body), added);
}

static struct next added(struct op *op, const struct reply *r)
{
	GError *error = NULL;

	op_touch(op, op->store->id);
	if (!sectigo_refusal_or_done(r, ADDING, NULL, &error))
		return next_fail_error(op, error);
	op_say(op, "%s is at Sectigo; where an MRAO has to approve its delegation, it waits for that",
	       args_text(op->args, "name", ""));
	return next_done();
}

/* ---- deleting one ---- */

static char *path_of(const struct op *op)
{
	return g_strconcat("/domain/v1/", object_key(op->object), NULL);
}

struct next sectigo_domain_drop(struct op *op, const struct reply *none)
{
	g_autofree char *path = path_of(op);

	(void)none;
	return next_send(sectigo_call(op, "DELETE", path, NULL), dropped);
}

static struct next dropped(struct op *op, const struct reply *r)
{
	g_autofree char *what = g_strdup_printf("deleting the domain %s", op->object->name);
	GError *error = NULL;

	if (!sectigo_refusal_or_done(r, what, NULL, &error))
		return next_fail_error(op, error);
	op_drop_object(op, op->object->id);
	op_touch(op, op->store->id);
	op_say(op, "%s is not at Sectigo any more", op->object->name);
	return next_done();
}

/* ---- plans ---- */

bool sectigo_domain_planned_add(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *name = sectigo_domain_ascii(args_text(op->args, "name", ""), error);
	const char *organization = args_text(op->args, "organization", "");
	g_autofree char *body = name && sectigo_domain_check_types(op, error) ?
		sectigo_domain_body_added(op, name, organization) : NULL;

	if (!body)
		return false;
	sectigo_planned_call(op, p, PLAN_ASKS, "GET", "/organization/v1", organization);
	sectigo_planned_call(op, p, PLAN_CHANGES, "POST", "/domain/v1", name);
	plan_not(p, "it is not validated by this");
	plan_warn(p, "where this administrator is no MRAO, the delegation waits until one approves it");
	sectigo_planned_run(op, p, "POST", "/domain/v1", body);
	return true;
}

bool sectigo_domain_planned_edit(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(GPtrArray) all = calls_of(op, false, error);

	if (!all)
		return false;
	if (names_organization(op))
		sectigo_planned_call(op, p, PLAN_ASKS, "GET", "/organization/v1", "its number");
	for (guint i = 0; i < all->len; i++) {
		const struct call *c = all->pdata[i];

		sectigo_planned_call(op, p, PLAN_CHANGES, c->change->method, c->path, op->object->name);
		plan_differ(p, "%s: %s", op->object->name, c->what);
		sectigo_planned_run(op, p, c->change->method, c->path, c->body);
	}
	if (!strcmp(args_text(op->args, "status", ""), "suspended"))
		plan_warn(p, "nothing is issued for its names until it is activated");
	plan_not(p, "certificates that were issued stay valid");
	return true;
}

bool sectigo_domain_planned_drop(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *path = path_of(op);

	(void)error;
	sectigo_planned_call(op, p, PLAN_CHANGES, "DELETE", path, op->object->name);
	plan_warn(p, "its delegations and its validation go with it");
	plan_not(p, "one that certificates exist for is not deleted");
	sectigo_planned_run(op, p, "DELETE", path, NULL);
	return true;
}
