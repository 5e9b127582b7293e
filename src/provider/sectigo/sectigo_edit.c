/*
 * sectigo_edit: what an order asks for is changed there, as long as nobody has approved it, or after it was
 * declined or refused, which sends it to whoever approves once more.
 *
 * It is read again just before, and must be what was looked at; only what differs is sent.
 */
#include "sectigo_orders.h"
#include "sectigo_profile.h"

#include <string.h>

#include <certty/base/text.h>

#define PROFILES "listing profiles (GET /ssl/types)"
#define CHANGING "changing the order (PUT /ssl)"

/* clang-format off */
static const char *const open_states[] = { "REQUESTED", "DECLINED", "REJECTED", "INVALID", NULL };
static const char *const keys[] = {
	"names", "profile", "term", "requester", "comments", "fields", NULL
};
/* clang-format on */

struct editing {
	struct json *order;		/* as it stands */
	char *body;
};

static step_fn read_again, profiles_read, changed;

static void editing_free(void *p)
{
	struct editing *e = p;

	json_free(e->order);
	g_free(e->body);
	g_free(e);
}

static struct editing *of(struct op *op)
{
	return sectigo_call_mine(op, sizeof(struct editing), editing_free);
}

static bool check(const struct op *op, char **ret_number, GError **error)
{
	g_autoptr(sectigo_kept) k = sectigo_kept_read(op->request->kept);
	bool says = false;

	for (const char *const *key = keys; *key; key++)
		says |= *args_text(op->args, *key, "") != '\0';
	if (!op->store || strcmp(op->request->type, SECTIGO_ORDER) || !*k->number || *k->replaces)
		g_set_error(error, ERR, ERR_REFUSED, "%s is no order that Sectigo lets anybody change",
			    op->request->title);
	else if (!says)
		g_set_error(error, ERR, ERR_USAGE, "say what shall be different: names, profile, term, "
			    "requester, comments or fields");
	else
		*ret_number = g_strdup(k->number);
	return *ret_number != NULL;
}

struct next sectigo_request_edit(struct op *op, const struct reply *none)
{
	GError *error = NULL;
	g_autofree char *number = NULL;

	(void)none;
	if (!check(op, &number, &error))
		return next_fail_error(op, error);
	return next_send(sectigo_call_cert(op, number), read_again);
}

/* ---- what is sent ---- */

/* Those that are not named keep their values: the list is sent as a whole. */
static void put_fields(struct json_writer *w, const struct op *op, const struct json *order)
{
	g_auto(GStrv) fields = g_strsplit(args_text(op->args, "fields", ""), ",", -1);
	g_autoptr(GHashTable) said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	const struct json *there = json_get(order, "customFields");

	json_open(w, "customFields", '[');
	for (char **field = fields; *field; field++) {
		char *equals = strchr(g_strstrip(*field), '=');

		if (!equals)
			continue;
		*equals = '\0';
		g_hash_table_add(said, g_strdup(*field));
		json_open(w, NULL, '{');
		json_put_str(w, "name", *field);
		json_put_str(w, "value", equals + 1);
		json_close(w, '}');
	}
	for (size_t i = 0; i < json_count(there); i++) {
		const char *name = json_str(json_at(there, i), "name");
		const char *value = json_str(json_at(there, i), "value");

		if (!name || !value || g_hash_table_contains(said, name))
			continue;
		json_open(w, NULL, '{');
		json_put_str(w, "name", name);
		json_put_str(w, "value", value);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void put_names(struct json_writer *w, const struct op *op, const struct json *order)
{
	g_auto(GStrv) names = args_list(op->args, "names");
	const char *main_name = json_str(order, "commonName");

	if (!names || !*names)
		return;
	if (!main_name || g_ascii_strcasecmp(main_name, names[0]))
		json_put_str(w, "commonName", names[0]);
	json_open(w, "subjectAlternativeNames", '[');
	for (char **name = names; *name; name++)
		json_put_str(w, NULL, *name);
	json_close(w, ']');
}

/* Of the profile that it shall have, or has. */
static char *body_of(struct op *op, const struct json *profile, GError **error)
{
	const struct json *order = of(op)->order;
	g_auto(GStrv) tell = args_list(op->args, "requester");
	g_autofree char *emails = tell ? g_strjoinv(", ", tell) : NULL;
	const char *comments = args_text(op->args, "comments", "");
	struct json_writer w = { .out = NULL };
	int64_t term = 0, its = 0, id = 0, number = 0;
	bool says_term = args_int(op->args, "term", &term);

	json_int(order, "term", &its);
	term = says_term ? term : its;
	json_int(order, "sslId", &id);
	json_int(profile, "id", &number);
	if ((says_term || *args_text(op->args, "profile", "")) &&
	    !sectigo_profile_takes_term(profile, &term, error))
		return NULL;
	w.out = g_string_new(NULL);
	json_open(&w, NULL, '{');
	json_put_int(&w, "sslId", id);
	if (*args_text(op->args, "profile", ""))
		json_put_int(&w, "certTypeId", number);
	if (term != its)
		json_put_int(&w, "term", term);
	put_names(&w, op, order);
	if (*comments)
		json_put_str(&w, "comments", comments);
	if (emails && *emails)
		json_put_str(&w, "externalRequester", emails);
	if (*args_text(op->args, "fields", ""))
		put_fields(&w, op, order);
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

static struct next send(struct op *op, const struct json *profile)
{
	GError *error = NULL;
	g_autofree char *path = g_strdup_printf("/ssl/%s", sectigo_call_version(op));

	of(op)->body = body_of(op, profile, &error);
	if (!of(op)->body)
		return next_fail_error(op, error);
	return next_send(sectigo_call(op, "PUT", path, of(op)->body), changed);
}

static struct next refuse(struct op *op, struct request *now, const char *status)
{
	const char *title = op->request->title;

	if (now)
		op_put_request(op, request_ref(now));
	if (!g_strv_contains(open_states, status))
		return next_fail(op, ERR_REFUSED, "%s cannot be changed any more: Sectigo says that it is %s",
				 title, status);
	return next_fail(op, ERR_REFUSED, "%s changed since it was looked at (%s); nothing was done: look "
			 "again", title, status);
}

static struct next read_again(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(sectigo_cert) c = sectigo_answer_read(op, r, &error);
	g_autoptr(request) old = request_dup(op->request), now = NULL;
	g_autofree char *organization = NULL, *path = NULL;

	if (!c)
		return next_fail_error(op, error);
	old->state = REQUEST_WAITS_PERSON;	/* what was declined is told of no more */
	now = sectigo_order_row(op, c, old);
	if (!now || strcmp(now->digest, op->request->digest) || !g_strv_contains(open_states, c->status))
		return refuse(op, now, c->status);
	of(op)->order = sectigo_refusal_or_json(r, CHANGING, NULL, NULL);
	if (!*args_text(op->args, "profile", ""))
		return send(op, json_get(of(op)->order, "certType"));
	organization = sectigo_call_text(of(op)->order, "orgId", 20);
	path = g_strdup_printf("/ssl/%s/types?organizationId=%s", sectigo_call_version(op), organization);
	return next_send(sectigo_call(op, "GET", path, NULL), profiles_read);
}

static struct next profiles_read(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = sectigo_refusal_or_json(r, PROFILES, NULL, &error);
	const struct json *profile = j ? sectigo_profile_find(j, args_text(op->args, "profile", ""), &error) :
					 NULL;

	return profile ? send(op, profile) : next_fail_error(op, error);
}

/* ---- what came back ---- */

static struct next changed(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = sectigo_refusal_or_json(r, CHANGING, NULL, &error);
	g_autoptr(sectigo_cert) c = j ? sectigo_cert_read(op, j) : NULL;
	struct request *row;

	op_touch(op, op->store->id);
	if (!j) {
		if (r->error || r->status >= 500 || r->status < 300)
			g_prefix_error(&error, "whether %s is changed is not known; sync tells: ",
				       op->request->title);
		return next_fail_error(op, error);
	}
	if (!c)		/* what it is now, its answer does not tell */
		return sectigo_order_sync(op, NULL);
	row = sectigo_order_row(op, c, op->request);
	if (row)
		sectigo_order_put(op, row);
	op_say(op, "the order of %s is changed: it is %s", op->request->title, row ? row->theirs : c->status);
	return next_done();
}

bool sectigo_planned_request_edit(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *number = NULL, *where = NULL, *path = NULL;

	if (!check(op, &number, error))
		return false;
	where = g_strdup_printf("/ssl/%s/%s", sectigo_call_version(op), number);
	path = g_strdup_printf("/ssl/%s", sectigo_call_version(op));
	sectigo_planned_call(op, p, PLAN_ASKS, "GET", where, "whether it is what was looked at");
	sectigo_planned_call(op, p, PLAN_CHANGES, "PUT", path, op->request->title);
	plan_not(p, "what is not named stays as it is");
	plan_not(p, "it is not approved by this");
	return true;
}
