/*
 * keyfactor_type: the types of certificate stores that Command knows: read whole, made from the manifest
 * that each of Keyfactor's integrations comes with (integration-manifest.json), and deleted.
 *
 * A manifest's type goes to Command as it stands there: what it means is the integration's to know.
 */
#include "keyfactor_keystores.h"

#include <string.h>

#include <certty/base/file.h>

#define MANIFEST_MAX (4u << 20)
#define LOOKING	  "looking whether there is such a type (GET /CertificateStoreTypes/Name)"
#define MAKING	  "making the type (POST /CertificateStoreTypes)"
#define COUNTING  "asking for stores of that type (GET /CertificateStores)"
#define DELETING  "deleting the type (DELETE /CertificateStoreTypes)"
#define OWN_FIRST 102		/* the numbers below are of the types that Command comes with */

static step_fn manifest_read, looked, made, counted, deleted;

/* ---- the row ---- */

/* clang-format off */
static const struct {
	const char *key, *word;
} operations[] = {
	{ "Add", "adds" }, { "Remove", "removes" }, { "Create", "creates" }, { "Discovery", "discovers" },
	{ "Enrollment", "reenrols" },
};
/* clang-format on */

static char *summary_of(const struct json *j)
{
	static const char *const rules[] = { "keys never", "keys if need be", "always keys" };
	const struct json *can = keyfactor_get(j, "SupportedOperations");
	int rule = keyfactor_enum(j, "PrivateKeyAllowed", (const char *const[]){ "Forbidden", "Optional",
				  "Required" }, 3);
	g_autofree char *title = keyfactor_text(j, "Name", 200);
	GString *s = g_string_new(title);

	for (size_t i = 0; i < G_N_ELEMENTS(operations); i++)
		if (keyfactor_bool(can, operations[i].key))
			g_string_append_printf(s, "%s%s", s->len ? ", " : "", operations[i].word);
	if (rule >= 0 && rule < (int)G_N_ELEMENTS(rules))
		g_string_append_printf(s, "%s%s", s->len ? ", " : "", rules[rule]);
	return g_string_free(s, FALSE);
}

struct object *keyfactor_type_row(const struct op *op, const struct json *j)
{
	g_autofree char *name = keyfactor_text(j, "ShortName", 100), *summary = summary_of(j), *key = NULL;
	struct object *o;
	int64_t number;

	if (!keyfactor_int(j, "StoreType", &number) || number < 0)
		return NULL;
	key = g_strdup_printf("%" G_GINT64_FORMAT, number);
	o = keyfactor_thing_new(op, KEYFACTOR_TYPE, key, *name ? name : key);
	store_set(&o->summary, summary);
	store_set(&o->can, number >= OWN_FIRST ? "object-drop object-save" : "object-save");
	keyfactor_thing_whole(o, j);
	keyfactor_kind_tell(o, j);
	return o;
}

/* ---- a manifest ---- */

static bool is_named(const struct json *type, const char *name)
{
	g_autofree char *is = keyfactor_text(type, "ShortName", 100);

	return *is && !g_ascii_strcasecmp(is, name);
}

/* The types of a list, of an object that has them by any names, or the one that it is itself. */
static const struct json *find_in(const struct json *types, const char *name, GString *others)
{
	const struct json *found = is_named(types, name) ? types : NULL;

	for (size_t i = 0; !found && i < json_count(types); i++) {
		const struct json *one = json_at(types, i);
		g_autofree char *is = keyfactor_text(one, "ShortName", 100);

		if (is_named(one, name))
			found = one;
		else if (*is && others->len < KEYFACTOR_SAID_MAX)
			g_string_append_printf(others, "%s%s", others->len ? ", " : "", is);
	}
	return found;
}

const struct json *keyfactor_type_find(const struct json *manifest, const char *name, GError **error)
{
	const struct json *about = keyfactor_get(manifest, "about");
	const struct json *types = keyfactor_get(keyfactor_get(about, "orchestrator"), "store_types");
	g_autoptr(GString) others = g_string_new(NULL);
	const struct json *found = find_in(types ? types : manifest, name, others);

	if (!found && others->len)
		g_set_error(error, ERR, ERR_NOT_FOUND, "it has no type of stores called %s, but: %s", name,
			    others->str);
	else if (!found)
		g_set_error(error, ERR, ERR_FORMAT, "there is no type of stores in it, at "
			    "about.orchestrator.store_types or alone");
	return found;
}

struct reading {	/* of the work */
	char *path, *name;
};

static void reading_free(void *reading)
{
	struct reading *r = reading;

	g_free(r->path);
	g_free(r->name);
	g_free(r);
}

char *keyfactor_type_read(const char *path, const char *name, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, MANIFEST_MAX, NULL, error);
	g_autoptr(json) j = NULL;
	const struct json *type;
	struct json_writer out = { 0 };
	gsize len = 0;
	const char *text = bytes ? g_bytes_get_data(bytes, &len) : NULL;

	if (!text)
		return NULL;
	if (len > 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {	/* as editors of Windows write it */
		text += 3;
		len -= 3;
	}
	j = json_parse(text, len, MANIFEST_MAX, error);
	type = j ? keyfactor_type_find(j, name, error) : NULL;
	if (!type) {
		g_prefix_error(error, "%s: ", path);
		return NULL;
	}
	out.out = g_string_new(NULL);
	json_put_copy(&out, NULL, type);
	return g_string_free(out.out, FALSE);
}

static void read_manifest(struct work *w)
{
	const struct reading *r = w->in;

	w->out = keyfactor_type_read(r->path, r->name, &w->error);
}

/* ---- made ---- */

struct making {
	char *body;
};

static void making_done(void *making)
{
	struct making *m = making;

	g_free(m->body);
	g_free(m);
}

static struct making *mine(const struct op *op)
{
	return ((struct keyfactor *)op->scratch)->mine;
}

static const char *name_of(const struct op *op)
{
	return args_text(op->args, "name", "");
}

static bool check(const struct op *op, GError **error)
{
	if (*args_text(op->args, "manifest", ""))
		return true;
	g_set_error(error, ERR, ERR_USAGE, "say which manifest the type is in");
	return false;
}

struct next keyfactor_type_add(struct op *op, const struct reply *none)
{
	struct reading *r;
	GError *error = NULL;

	(void)none;
	if (!check(op, &error))
		return next_fail_error(op, error);
	keyfactor_call_mine(op, sizeof(struct making), making_done);
	r = g_new0(struct reading, 1);
	r->path = file_absolute(args_text(op->args, "manifest", ""));
	r->name = g_strdup(name_of(op));
	return next_work(work_new(read_manifest, r, reading_free, g_free), manifest_read);
}

static struct next manifest_read(struct op *op, const struct reply *none)
{
	g_autofree char *name = g_uri_escape_string(name_of(op), NULL, FALSE);
	g_autofree char *path = g_strconcat("/CertificateStoreTypes/Name/", name, NULL);

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	mine(op)->body = g_steal_pointer((char **)&op->work->out);
	return next_send(keyfactor_call_get(op, path, NULL), looked);
}

/* One alone, or in a list. */
static struct next looked(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = keyfactor_json(r);

	if (j && json_count(j))
		return next_fail(op, ERR_REFUSED, "Command has a type %s already", name_of(op));
	if (!j && (r->error || r->status != 404))
		return keyfactor_fail(op, r, LOOKING);
	return next_send(keyfactor_thing_send(op, "POST", "/CertificateStoreTypes", mine(op)->body), made);
}

static struct next made(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = keyfactor_json(r);
	struct object *o = j ? keyfactor_type_row(op, j) : NULL;

	if (!o && (r->error || r->status < 200 || r->status > 204))
		return keyfactor_fail(op, r, MAKING);
	op_touch(op, op->store->id);
	op_say(op, "Command knows stores of the type %s%s%s", name_of(op), o ? ", by the number " : "",
	       o ? object_key(o) : "");
	if (o)
		op_put_object(op, o);
	return next_done();
}

/* ---- deleted ---- */

struct next keyfactor_type_drop(struct op *op, const struct reply *none)
{
	g_autofree char *query = g_strdup_printf("CertStoreType -eq \"%s\"", object_key(op->object));

	(void)none;
	keyfactor_call_mine(op, 1, g_free);
	return next_send(keyfactor_call_get(op, "/CertificateStores", "certificateStoreQuery.queryString",
					    query, "certificateStoreQuery.returnLimit", "1", NULL), counted);
}

static struct next counted(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '[', COUNTING, &error);
	g_autofree char *path = g_strconcat("/CertificateStoreTypes/", object_key(op->object), NULL);

	if (!j)
		return next_fail_error(op, error);
	if (json_count(j))
		return next_fail(op, ERR_REFUSED, "Command has certificate stores of the type %s still, among "
				 "them one on %s: they have to go first", op->object->name,
				 json_text(keyfactor_get(json_at(j, 0), "ClientMachine")) ?
				 json_text(keyfactor_get(json_at(j, 0), "ClientMachine")) : "a machine");
	return next_send(keyfactor_thing_send(op, "DELETE", path, NULL), deleted);
}

static struct next deleted(struct op *op, const struct reply *r)
{
	if (!keyfactor_thing_is_done(r))
		return keyfactor_fail(op, r, DELETING);
	op_drop_object(op, op->object->id);
	op_touch(op, op->store->id);
	op_say(op, "Command has no type %s any more", op->object->name);
	return next_done();
}

/* ---- plans ---- */

bool keyfactor_type_planned_add(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *file = file_absolute(args_text(op->args, "manifest", ""));

	if (!check(op, error))
		return false;
	plan_call(p, PLAN_ASKS, "read", file, "the type as the integration describes it");
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /CertificateStoreTypes/Name", "whether there is one of "
			       "that name");
	keyfactor_planned_call(op, p, PLAN_CHANGES, "POST /CertificateStoreTypes", name_of(op));
	plan_not(p, "a type of that name that is there already is not touched");
	plan_not(p, "agents can look after such stores only where the integration is installed");
	plan_remark(p, "STORE_TYPE_FILE: the type of the manifest alone, as JSON");
	keyfactor_planned_run_file(op, p, "POST", "/CertificateStoreTypes", "STORE_TYPE_FILE",
				   "a file with the type as JSON");
	return true;
}

bool keyfactor_type_planned_drop(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *path = g_strconcat("/CertificateStoreTypes/", object_key(op->object), NULL);

	(void)error;
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /CertificateStores", "whether there are such stores");
	keyfactor_planned_call(op, p, PLAN_CHANGES, "DELETE /CertificateStoreTypes/ID", op->object->name);
	plan_warn(p, "no store of the type %s can be made any more", op->object->name);
	plan_not(p, "a type of which there are stores is not deleted");
	keyfactor_planned_run(op, p, "DELETE", path, NULL);
	return true;
}
