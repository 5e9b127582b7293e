/*
 * keyfactor_container: containers, which group certificate stores of one type, for whoever may do what
 * with them, and for a schedule that they have in common.
 */
#include "keyfactor_things.h"

#include <string.h>

#define LOOKING	  "looking for the type (GET /CertificateStoreTypes/Name)"
#define MAKING	  "making the container (POST /CertificateStoreContainers)"
#define ASSIGNING "putting stores into the container (PUT /CertificateStores/AssignContainer)"

/* clang-format off */
const struct field keyfactor_container_questions[] = {
	{ "stores", FIELD_STORES, "Put into it", false, NULL, KEYFACTOR_PLACE,
	  "certificate stores that shall be in it; each leaves the container that it is in" },
	{ NULL }
};
/* clang-format on */

static step_fn type_heard, made, assigned;

/* ---- the row ---- */

static char *schedule_of(const struct json *j)
{
	g_autofree char *text = keyfactor_text(j, "Schedule", 100);

	return *text ? g_steal_pointer(&text) : keyfactor_place_schedule(keyfactor_get(j, "Schedule"));
}

struct object *keyfactor_container_row(const struct op *op, const struct json *j, const char *type)
{
	g_autofree char *name = keyfactor_text(j, "Name", 200), *schedule = schedule_of(j);
	g_autofree char *stores = keyfactor_text(j, "StoreCount", 20), *key = NULL, *summary = NULL;
	struct object *o;
	int64_t number;

	if (!keyfactor_int(j, "Id", &number) || number <= 0)
		return NULL;
	key = g_strdup_printf("%" G_GINT64_FORMAT, number);
	o = keyfactor_thing_new(op, KEYFACTOR_CONTAINER, key, *name ? name : key);
	summary = g_strdup_printf("%s%sstore%s of the type %s%s%s", stores, *stores ? " " : "",
				  strcmp(stores, "1") ? "s" : "", type, *schedule ? ", " : "", schedule);
	store_set(&o->summary, summary);
	store_set(&o->can, "object-edit");
	object_add_fact(o, "of stores of the type", type);
	keyfactor_thing_text(o, "stores", j, "StoreCount");
	object_add_fact(o, "their inventory", *schedule ? schedule : "each as it is scheduled itself");
	object_add_fact(o, "number", key);
	return o;
}

/* ---- made ---- */

static bool check(const struct op *op, GError **error)
{
	if (*args_text(op->args, "store-type", ""))
		return true;
	g_set_error(error, ERR, ERR_USAGE, "say of which type the stores in it are");
	return false;
}

struct next keyfactor_container_add(struct op *op, const struct reply *none)
{
	g_autofree char *name = g_uri_escape_string(args_text(op->args, "store-type", ""), NULL, FALSE);
	g_autofree char *path = g_strconcat("/CertificateStoreTypes/Name/", name, NULL);
	GError *error = NULL;

	(void)none;
	if (!check(op, &error))
		return next_fail_error(op, error);
	keyfactor_call_mine(op, 1, g_free);
	return next_send(keyfactor_call_get(op, path, NULL), type_heard);
}

static char *body_of(const struct op *op, int64_t type)
{
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_put_str(&w, "Name", args_text(op->args, "name", ""));
	json_put_int(&w, "CertStoreType", type);
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

/* One alone, or in a list. */
static struct next type_heard(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = keyfactor_json(r);
	const struct json *type = j && json_count(j) && !json_key_at(j, 0) ? json_at(j, 0) : j;
	g_autofree char *body = NULL;
	int64_t number;

	if (!j && (r->error || r->status != 404))
		return keyfactor_fail(op, r, LOOKING);
	if (!keyfactor_int(type, "StoreType", &number))
		return next_fail(op, ERR_NOT_FOUND, "Command knows no type of stores called %s",
				 args_text(op->args, "store-type", ""));
	body = body_of(op, number);
	return next_send(keyfactor_thing_send(op, "POST", "/CertificateStoreContainers", body), made);
}

static struct next made(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = keyfactor_json(r);
	struct object *o = j ? keyfactor_container_row(op, j, args_text(op->args, "store-type", "")) : NULL;

	if (!o && (r->error || r->status < 200 || r->status > 204))
		return keyfactor_fail(op, r, MAKING);
	op_touch(op, op->store->id);
	op_say(op, "Command has a container %s", args_text(op->args, "name", ""));
	if (o)
		op_put_object(op, o);
	return next_done();
}

/* ---- stores are put into it ---- */

static const struct store *store_called(const struct op *op, const char *id)
{
	gssize i = op->stores ? items_find(op->stores, id) : -1;
	const struct store *s = i >= 0 ? op->stores->item[i] : NULL;

	return s && keyfactor_is_place(s) && !strcmp(s->account, op->object->account) ? s : NULL;
}

/* NULL: why not. */
static char *assignment(const struct op *op, GError **error)
{
	g_auto(GStrv) ids = args_list(op->args, "stores");
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_put_int(&w, "CertStoreContainerId", g_ascii_strtoll(object_key(op->object), NULL, 10));
	json_open(&w, "KeystoreIds", '[');
	for (char **id = ids; *id; id++) {
		const struct store *s = store_called(op, *id);

		if (!s) {
			g_string_free(w.out, TRUE);
			g_set_error(error, ERR, ERR_USAGE, "%s is no certificate store of this Command", *id);
			return NULL;
		}
		json_put_str(&w, NULL, keyfactor_place_guid(s));
	}
	json_close(&w, ']');
	json_close(&w, '}');
	if (*ids)
		return g_string_free(w.out, FALSE);
	g_string_free(w.out, TRUE);
	g_set_error(error, ERR, ERR_USAGE, "say which stores shall be in %s", op->object->name);
	return NULL;
}

struct next keyfactor_container_edit(struct op *op, const struct reply *none)
{
	GError *error = NULL;
	g_autofree char *body = assignment(op, &error);
	struct request_out *r;

	(void)none;
	if (!body)
		return next_fail_error(op, error);
	r = keyfactor_thing_send(op, "PUT", "/CertificateStores/AssignContainer", body);
	r->is_repeatable = true;	/* the same once more */
	return next_send(r, assigned);
}

static struct next assigned(struct op *op, const struct reply *r)
{
	g_auto(GStrv) ids = args_list(op->args, "stores");
	guint n = g_strv_length(ids);

	if (!keyfactor_thing_is_done(r))
		return keyfactor_fail(op, r, ASSIGNING);
	op_touch(op, op->store->id);
	for (char **id = ids; *id; id++)
		op_touch(op, *id);
	op_look_for_stores(op);
	op_say(op, "%u store%s in the container %s", n, n == 1 ? " is" : "s are", op->object->name);
	return next_done();
}

/* ---- plans ---- */

bool keyfactor_container_planned_add(struct op *op, struct plan *p, GError **error)
{
	if (!check(op, error))
		return false;
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /CertificateStoreTypes/Name", "the number of the type");
	keyfactor_planned_call(op, p, PLAN_CHANGES, "POST /CertificateStoreContainers",
			       args_text(op->args, "name", ""));
	plan_not(p, "it is empty, and has no schedule");
	plan_remark(p, "CONTAINER_FILE: JSON with Name, and CertStoreType, which is the number of the type");
	keyfactor_planned_run_file(op, p, "POST", "/CertificateStoreContainers", "CONTAINER_FILE",
				   "a file with the container as JSON");
	return true;
}

bool keyfactor_container_planned_edit(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *body = assignment(op, error);
	g_auto(GStrv) ids = args_list(op->args, "stores");

	if (!body)
		return false;
	keyfactor_planned_call(op, p, PLAN_CHANGES, "PUT /CertificateStores/AssignContainer",
			       op->object->name);
	for (char **id = ids; *id; id++) {
		const struct store *s = store_called(op, *id);

		plan_differ(p, "%s: in %s instead of %s", s->title, op->object->name,
			    *s->container ? s->container : "none");
	}
	plan_warn(p, "whoever may see or change the stores of a container may do so with these from then on");
	plan_not(p, "what lies in those stores stays as it is");
	keyfactor_planned_run(op, p, "PUT", "/CertificateStores/AssignContainer", body);
	return true;
}
