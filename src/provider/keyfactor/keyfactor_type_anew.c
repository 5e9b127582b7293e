/*
 * keyfactor_type_anew: a type of certificate stores is made anew from a manifest, with its stores out of the
 * file that objects save wrote of them.
 *
 *   manifest and file ─► agents ─► the type as it is ─► its stores ─► agents are disapproved ─► each store
 *   is deleted ─► the type is deleted ─► the type is made ─► agents are approved ─► containers and stores
 *   are made (keyfactor_keystore_make.c)
 *
 * The file is what keeps the stores meanwhile: nothing is deleted unless each of them is in it, fits the new
 * type, and has the secrets that Command hides.  Whenever it was cut off, the same order goes on: what is
 * deleted is not deleted again, and a type that is as the manifest has it already stays, with its stores.
 */
#include "keyfactor_enrol.h"
#include "keyfactor_keystores.h"

#include <string.h>

#include <certty/base/file.h>
#include <certty/base/text.h>

#define TYPE	 "reading the type (GET /CertificateStoreTypes/Name)"
#define STORES	 "listing its stores (GET /CertificateStores)"
#define DROPPING "deleting a store (DELETE /CertificateStores)"
#define DELETING "deleting the type (DELETE /CertificateStoreTypes)"
#define AGENT	 "reading an agent (GET /Agents)"
#define HOLDING	 "disapproving the agents (POST /Agents/Disapprove)"
#define LETTING	 "approving the agents (POST /Agents/Approve)"
#define MAKING	 "making the type (POST /CertificateStoreTypes)"
#define OWN_FIRST 102		/* the numbers below are of the types that Command comes with */
#define TYPE_MAX  (4u << 20)

struct renewing {
	struct csv *csv;		/* that the wishes borrow from */
	GPtrArray *wishes;
	char *body;			/* the type of the manifest */
	struct keyfactor_kind *kind;	/* likewise */
	int64_t number;			/* of the type as it is */
	char **held;			/* agents, as they are named in the order */
	GPtrArray *agents;		/* struct object, of those */
	GHashTable *seen;		/* GUIDs */
	GPtrArray *guids;
	guint page, failed;
	uint64_t total;
	char *why;			/* of the first that failed */
	bool is_holding;		/* they are disapproved, and not approved again yet */
	bool is_let_go;			/* they are approved again */
};

static step_fn files_read, agents_heard, type_heard, stores_heard, held, stores_dropped, type_dropped,
	type_made, let_go;

static void renewing_done(void *renewing)
{
	struct renewing *m = renewing;

	g_clear_pointer(&m->wishes, g_ptr_array_unref);
	csv_free(m->csv);
	g_free(m->body);
	keyfactor_kind_free(m->kind);
	g_strfreev(m->held);
	g_clear_pointer(&m->agents, g_ptr_array_unref);
	g_clear_pointer(&m->seen, g_hash_table_unref);
	g_clear_pointer(&m->guids, g_ptr_array_unref);
	g_free(m->why);
	g_free(m);
}

static void free_agent(void *agent)
{
	object_unref(agent);
}

static struct renewing *mine(const struct op *op)
{
	return ((struct keyfactor *)op->scratch)->mine;
}

static const char *name_of(const struct op *op)
{
	return args_text(op->args, "name", "");
}

static bool check(const struct op *op, GError **error)
{
	static const char *const needed[][2] = { { "manifest", "which manifest the type is in" },
						 { "file", "which file its stores are in, as objects save "
							   "writes it" } };

	for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
		if (!*args_text(op->args, needed[i][0], "")) {
			g_set_error(error, ERR, ERR_USAGE, "say %s", needed[i][1]);
			return false;
		}
	if (args_bool(op->args, "deletes"))
		return true;
	g_set_error(error, ERR, ERR_USAGE, "Deletes: the type and all its stores are deleted before they are "
		    "made anew; say yes to that");
	return false;
}

/* ---- the two files ---- */

struct reading {	/* the work's */
	char *manifest, *name, *file;
	struct csv *csv;
	GPtrArray *wishes;
	char *body;
};

static void reading_free(void *reading)
{
	struct reading *r = reading;

	g_free(r->manifest);
	g_free(r->name);
	g_free(r->file);
	g_clear_pointer(&r->wishes, g_ptr_array_unref);
	csv_free(r->csv);
	g_free(r->body);
	g_free(r);
}

static void read_files(struct work *w)
{
	struct reading *r = w->in;
	GBytes *bytes;

	r->body = keyfactor_type_read(r->manifest, r->name, &w->error);
	bytes = r->body ? file_read(r->file, CSV_BYTES, NULL, &w->error) : NULL;
	if (!bytes)
		return;
	r->csv = csv_read(bytes, &w->error);
	file_wipe(bytes);
	r->wishes = r->csv ? keyfactor_csv_wishes(r->csv, &w->error) : NULL;
	if (w->error)
		g_prefix_error(&w->error, "%s: ", r->file);
}

struct next keyfactor_type_anew(struct op *op, const struct reply *none)
{
	GError *error = NULL;
	struct renewing *m;
	struct reading *r;

	(void)none;
	if (!check(op, &error))
		return next_fail_error(op, error);
	m = keyfactor_call_mine(op, sizeof(*m), renewing_done);
	m->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	m->guids = g_ptr_array_new_with_free_func(g_free);
	m->agents = g_ptr_array_new_with_free_func(free_agent);
	m->held = args_list(op->args, "hold-agents");
	r = g_new0(struct reading, 1);
	r->manifest = file_absolute(args_text(op->args, "manifest", ""));
	r->file = file_absolute(args_text(op->args, "file", ""));
	r->name = g_strdup(name_of(op));
	return next_work(work_new(read_files, r, reading_free, NULL), files_read);
}

/* Whether all that the file has can be made of the new type. */
static bool check_wishes(struct renewing *m, GError **error)
{
	const struct keyfactor_whose whose = { .agent = (char *)"" };

	for (guint i = 0; i < m->wishes->len; i++) {
		struct keyfactor_wish *w = m->wishes->pdata[i];
		GString *body = NULL;

		keyfactor_wish_sort(w, m->kind);
		if (w->wrong)
			g_set_error(error, ERR, ERR_FORMAT, "%s", w->wrong);
		else if (!w->agent)
			g_set_error(error, ERR, ERR_FORMAT, "it does not say which agent looks after it");
		else if (keyfactor_wish_check(w, m->kind, error))
			body = keyfactor_keystore_body(w, m->kind, NULL, &whose, error);
		if (!body) {
			g_prefix_error(error, "nothing is deleted, since line %u of the file cannot be made "
				       "a store of the new type: ", w->line);
			return false;
		}
		keyfactor_body_free(body);
	}
	return true;
}

/* ---- agents that get no jobs meanwhile ---- */

static struct ask ask_agent(struct op *op, size_t i)
{
	const char *name = mine(op)->held[i];
	g_autofree char *path = g_strconcat("/Agents/", name, NULL);

	return (struct ask){ .send = keyfactor_is_guid(name) ? keyfactor_call_get(op, path, NULL) :
							       keyfactor_ask_agent(op, name) };
}

static void take_agent(struct op *op, const char *name, const char *guid, const struct json *j)
{
	struct renewing *m = mine(op);
	struct object *o = keyfactor_agent_row(op, j);

	if (!o || g_ascii_strcasecmp(object_key(o), guid)) {
		object_unref(o);
	} else if (!strcmp(o->state, "approved") || !strcmp(o->state, "disapproved")) {
		g_ptr_array_add(m->agents, o);
	} else {
		if (!m->why)
			m->why = g_strdup_printf("the agent %s is %s, and was not approved before", name,
						 *o->state ? o->state : "in no state that is known");
		object_unref(o);
	}
}

static void hear_agent(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct renewing *m = mine(op);
	const char *name = m->held[i];
	bool is_guid = keyfactor_is_guid(name);
	g_autoptr(GError) error = NULL;
	g_autofree char *guid = is_guid ? g_strdup(name) : keyfactor_hear_agent(op, r, name, &error);
	g_autoptr(json) j = guid ? keyfactor_call_json(op, r, is_guid ? '{' : '[', AGENT, &error) : NULL;
	guint before = m->agents->len;

	(void)none;
	if (j && is_guid)
		take_agent(op, name, guid, j);
	for (size_t k = 0; !is_guid && k < json_count(j) && m->agents->len == before; k++)
		take_agent(op, name, guid, json_at(j, k));
	if (m->agents->len == before && !m->why)
		m->why = g_strdup(error ? error->message : "what Command tells of an agent is none");
}

/* The GUIDs of those that are not so, each once; new, NULL: all are. */
static char *others(const struct renewing *m, const char *state)
{
	g_autoptr(GHashTable) named = g_hash_table_new(g_str_hash, g_str_equal);
	struct json_writer w = { .out = g_string_new(NULL) };
	guint n = 0;

	json_open(&w, NULL, '[');
	for (guint i = 0; i < m->agents->len; i++) {
		const struct object *o = m->agents->pdata[i];

		if (strcmp(o->state, state) && g_hash_table_add(named, o->id)) {
			json_put_str(&w, NULL, object_key(o));
			n++;
		}
	}
	json_close(&w, ']');
	return g_string_free(w.out, !n);
}

/* What ends while they wait says so. */
static struct next leave(struct op *op, struct next end)
{
	g_autofree char *names = g_strjoinv(", ", mine(op)->held);

	if (mine(op)->is_holding)
		op_trouble(op, "these agents are disapproved, and get no jobs, until the same order has gone "
			   "on or they are approved: %s", names);
	return end;
}

static struct next files_read(struct op *op, const struct reply *none)
{
	struct renewing *m = mine(op);
	struct reading *r = op->work->in;
	g_autoptr(json) type = NULL;
	GError *error = NULL;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	m->csv = g_steal_pointer(&r->csv);
	m->wishes = g_steal_pointer(&r->wishes);
	m->body = g_steal_pointer(&r->body);
	type = json_parse(m->body, strlen(m->body), TYPE_MAX, NULL);
	m->kind = keyfactor_kind_of_manifest(type);
	if (!check_wishes(m, &error))
		return next_fail_error(op, error);
	return next_each(g_strv_length(m->held), ask_agent, hear_agent, agents_heard);
}

/* Nothing is begun unless all of them can be approved again, which one that was never approved is not. */
static struct next agents_heard(struct op *op, const struct reply *none)
{
	const struct renewing *m = mine(op);

	(void)none;
	if (m->why)
		return next_fail(op, ERR_REFUSED, "nothing is deleted: %s", m->why);
	return next_send(keyfactor_ask_kind(op, name_of(op)), type_heard);
}

/* ---- the type as it is ---- */

static bool has_all(const struct json *wanted, const struct json *there);

/* Rules come by number or by name; what is empty may come as null. */
static bool has_member(const struct json *wanted, const struct json *there, const char *key)
{
	static const char *const rules[] = { "Forbidden", "Optional", "Required" };
	const struct json *one = json_get(wanted, key), *other = keyfactor_get(there, key);
	const char *text = json_text(one);
	int64_t a, b;

	if (!g_ascii_strcasecmp(key, "PrivateKeyAllowed") || !g_ascii_strcasecmp(key, "CustomAliasAllowed"))
		return keyfactor_enum(wanted, key, rules, G_N_ELEMENTS(rules)) ==
		       keyfactor_enum(there, key, rules, G_N_ELEMENTS(rules));
	if (json_count(one))
		return has_all(one, other);
	if (text)
		return !strcmp(text, json_text(other) ? json_text(other) : "");
	if (json_int(wanted, key, &a))
		return keyfactor_int(there, key, &b) && a == b;
	return json_bool(wanted, key, false) == keyfactor_bool(there, key);
}

/* All that `wanted` has is there, and equal. */
static bool has_all(const struct json *wanted, const struct json *there)
{
	bool is_object = json_key_at(wanted, 0) != NULL;
	bool is_so = is_object || json_count(wanted) == json_count(there);

	for (size_t i = 0; is_so && is_object && i < json_members(wanted); i++)
		is_so = has_member(wanted, there, json_key_at(wanted, i));
	for (size_t i = 0; is_so && !is_object && i < json_count(wanted); i++)
		is_so = has_all(json_at(wanted, i), json_at(there, i));
	return is_so && !g_strcmp0(json_text(wanted), json_text(there));
}

static struct next ask_stores(struct op *op)
{
	g_autofree char *query = g_strdup_printf("CertStoreType -eq \"%" G_GINT64_FORMAT "\"",
						 mine(op)->number);

	return next_send(keyfactor_ask_keystores(op, query, ++mine(op)->page), stores_heard);
}

static struct next make_type(struct op *op)
{
	return next_send(keyfactor_thing_send(op, "POST", "/CertificateStoreTypes", mine(op)->body), type_made);
}

/* From here on it is the same as for any file of stores. */
static struct next make_stores(struct op *op)
{
	struct keyfactor *k = op->scratch;
	struct renewing *m = mine(op);
	g_autofree char *ids = m->is_holding ? others(m, "") : others(m, "approved");

	if (ids && !m->is_let_go)
		return next_send(keyfactor_thing_send(op, "POST", "/Agents/Approve", ids), let_go);

	g_clear_pointer(&k->mine, k->free_mine);
	return keyfactor_keystore_bulk(op, NULL);
}

static struct next type_heard(struct op *op, const struct reply *r)
{
	struct renewing *m = mine(op);
	g_autoptr(json) j = keyfactor_json(r), wanted = NULL;
	const struct json *type = j && json_count(j) && !json_key_at(j, 0) ? json_at(j, 0) : j;

	if (r->error || (r->status != 404 && (r->status != 200 || !j)))
		return keyfactor_fail(op, r, TYPE);
	if (r->status == 404 || !json_count(j))
		return make_type(op);
	if (!keyfactor_int(type, "StoreType", &m->number))
		return next_fail(op, ERR_REPLY, TYPE ": its number is not told");
	wanted = json_parse(m->body, strlen(m->body), TYPE_MAX, NULL);
	if (has_all(wanted, type))
		return make_stores(op);
	if (m->number < OWN_FIRST)
		return next_fail(op, ERR_REFUSED, "the type %s comes with Command, and is not deleted",
				 name_of(op));
	return ask_stores(op);
}

/* ---- its stores ---- */

static const struct keyfactor_wish *wish_for(const struct renewing *m, const char *machine, const char *path)
{
	for (guint i = 0; i < m->wishes->len; i++) {
		const struct keyfactor_wish *w = m->wishes->pdata[i];

		if (!g_ascii_strcasecmp(w->machine, machine) && !strcmp(w->path, path))
			return w;
	}
	return NULL;
}

/* The first secret that Command has and the file has not; new; NULL: there is none. */
static char *missing_secret(const struct keyfactor_wish *w, const struct json *store)
{
	g_autoptr(json) properties = keyfactor_keystore_properties(store);

	if (!w->password && keyfactor_keystore_has_password(store))
		return g_strdup("Password");
	for (size_t i = 0; i < json_members(properties); i++) {
		const char *name = json_key_at(properties, i);
		GHashTableIter iter;
		gpointer key;
		bool is_given = !json_key_at(keyfactor_keystore_value(properties, name), 0) ||
				!keyfactor_keystore_has_secret(properties, name);

		g_hash_table_iter_init(&iter, w->secrets.values);
		while (!is_given && g_hash_table_iter_next(&iter, &key, NULL))
			is_given = !g_ascii_strcasecmp(key, name);
		if (!is_given)
			return text_harmless_dup(name, KEYFACTOR_SAID_MAX);
	}
	return NULL;
}

/* What discovery found and nobody approved is nothing that the file could have. */
static bool is_kept(const struct renewing *m, const struct json *store, GError **error)
{
	g_autofree char *machine = keyfactor_text(store, "ClientMachine", 300), *missing = NULL;
	const char *path = json_text(keyfactor_get(store, "Storepath"));
	const struct keyfactor_wish *w = wish_for(m, machine, path ? path : "");

	if (!keyfactor_bool(store, "Approved"))
		return true;
	missing = w ? missing_secret(w, store) : NULL;
	if (!w)
		g_set_error(error, ERR, ERR_REFUSED, "nothing is deleted, since the file has no row for the "
			    "store on %s: write it anew with objects save", machine);
	else if (missing)
		g_set_error(error, ERR, ERR_REFUSED, "nothing is deleted, since Command hides %s of the store "
			    "on %s, and line %u of the file is without it: fill it in", missing, machine,
			    w->line);
	return w && !missing;
}

static struct ask ask_drop(struct op *op, size_t i)
{
	g_autofree char *path = g_strconcat("/CertificateStores/", mine(op)->guids->pdata[i], NULL);

	return (struct ask){ .send = keyfactor_thing_send(op, "DELETE", path, NULL) };
}

static void hear_drop(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct renewing *m = mine(op);
	g_autoptr(GError) error = NULL;

	(void)i;
	(void)none;
	op_progress(op, op->done + 1, m->guids->len);
	if (keyfactor_thing_is_done(r) || (!r->error && r->status == 404))
		return;
	error = keyfactor_error(op, r, DROPPING);
	m->why = m->failed++ ? m->why : g_strdup(error->message);
}

static struct next hold(struct op *op)
{
	struct renewing *m = mine(op);
	g_autofree char *ids = others(m, "disapproved");

	m->is_holding = m->agents->len > 0;
	return ids ? next_send(keyfactor_thing_send(op, "POST", "/Agents/Disapprove", ids), held) :
		     next_each(m->guids->len, ask_drop, hear_drop, stores_dropped);
}

static struct next held(struct op *op, const struct reply *r)
{
	op_touch(op, op->store->id);
	if (!keyfactor_thing_is_done(r))
		return leave(op, keyfactor_fail(op, r, HOLDING));
	return next_each(mine(op)->guids->len, ask_drop, hear_drop, stores_dropped);
}

static struct next let_go(struct op *op, const struct reply *r)
{
	op_touch(op, op->store->id);
	if (!keyfactor_thing_is_done(r))
		return leave(op, keyfactor_fail(op, r, LETTING));
	mine(op)->is_let_go = true;
	return make_stores(op);
}

static struct next stores_heard(struct op *op, const struct reply *r)
{
	struct renewing *m = mine(op);
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '[', STORES, &error);
	const char *total = r->error ? NULL : reply_header(r, "x-total-count");
	guint before = m->guids->len;

	if (!j)
		return next_fail_error(op, error);
	m->total = total ? g_ascii_strtoull(total, NULL, 10) : m->total;
	for (size_t i = 0; i < json_count(j); i++) {
		g_autofree char *guid = keyfactor_text(json_at(j, i), "Id", 60);

		if (!is_kept(m, json_at(j, i), &error))
			return next_fail_error(op, error);
		if (keyfactor_is_guid(guid) && g_hash_table_add(m->seen, g_strdup(guid)))
			g_ptr_array_add(m->guids, g_strdup(guid));
	}
	if (m->guids->len > before && m->page < KEYFACTOR_PAGES_MAX && (!m->total || m->guids->len < m->total))
		return ask_stores(op);
	if (m->total > m->guids->len)
		return next_fail(op, ERR_LIMIT, "Command has %" G_GUINT64_FORMAT " such stores and told of %u: "
				 "nothing is deleted", m->total, m->guids->len);
	return hold(op);
}

/* ---- the type ---- */

static struct next stores_dropped(struct op *op, const struct reply *none)
{
	const struct renewing *m = mine(op);
	g_autofree char *path = g_strdup_printf("/CertificateStoreTypes/%" G_GINT64_FORMAT, m->number);

	(void)none;
	op_touch(op, op->store->id);
	op_look_for_stores(op);
	if (m->failed)
		return leave(op, next_fail(op, ERR_PARTLY, "%u of %u stores are not deleted, so that the type "
					   "stays; the same order goes on with them: %s", m->failed,
					   m->guids->len, m->why));
	return next_send(keyfactor_thing_send(op, "DELETE", path, NULL), type_dropped);
}

static struct next type_dropped(struct op *op, const struct reply *r)
{
	return keyfactor_thing_is_done(r) ? make_type(op) : leave(op, keyfactor_fail(op, r, DELETING));
}

static struct next type_made(struct op *op, const struct reply *r)
{
	op_touch(op, op->store->id);
	if (r->error || r->status < 200 || r->status > 204)
		return leave(op, keyfactor_fail(op, r, MAKING));
	return make_stores(op);
}

/* ---- the plan ---- */

static void plan_held(struct op *op, struct plan *p, unsigned how, const char *call)
{
	const char *names = args_text(op->args, "hold-agents", "");

	if (*names)
		keyfactor_planned_call(op, p, how, call, names);
}

bool keyfactor_type_planned_anew(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *manifest = file_absolute(args_text(op->args, "manifest", ""));
	g_autofree char *file = file_absolute(args_text(op->args, "file", ""));

	if (!check(op, error))
		return false;
	plan_call(p, PLAN_ASKS, "read", manifest, "the type as the integration describes it now");
	plan_call(p, PLAN_ASKS, "read", file, "a store in each row");
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /CertificateStoreTypes/Name", "the type as it is");
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /CertificateStores", "its stores, each of which must be "
			       "in the file");
	plan_held(op, p, PLAN_CHANGES, "POST /Agents/Disapprove");
	keyfactor_planned_call(op, p, PLAN_CHANGES, "DELETE /CertificateStores/ID", "once for each of them");
	keyfactor_planned_call(op, p, PLAN_CHANGES, "DELETE /CertificateStoreTypes/ID", name_of(op));
	keyfactor_planned_call(op, p, PLAN_CHANGES, "POST /CertificateStoreTypes", name_of(op));
	plan_held(op, p, PLAN_CHANGES, "POST /Agents/Approve");
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /Agents", "the GUID of each agent");
	keyfactor_planned_call(op, p, PLAN_CHANGES | PLAN_MAYBE, "POST /CertificateStoreContainers",
			       "each that a row names and Command has no more");
	keyfactor_planned_call(op, p, PLAN_CHANGES, "POST /CertificateStores", "once for each row");
	plan_warn(p, "Command forgets what it knows of these stores, what discovery found among them, and "
		  "the schedules and permissions of the containers of the type");
	if (*args_text(op->args, "hold-agents", ""))
		plan_warn(p, "the agents that are held get no jobs meanwhile, for whichever store, and are "
			  "approved at the end, even one that was disapproved before");
	plan_warn(p, "cut off in between, stores are missing until the same order was given once more: keep "
		  "the file until then");
	plan_not(p, "nothing is deleted where the file has no row for a store, or no secret that Command "
		 "hides");
	plan_not(p, "a type that is as the manifest has it already stays, with its stores");
	plan_not(p, "what lies in the stores, on their machines, stays as it is");
	plan_remark(p, "STORE_TYPE_FILE: the type of the manifest alone, as JSON");
	keyfactor_planned_run_file(op, p, "POST", "/CertificateStoreTypes", "STORE_TYPE_FILE",
				   "a file with the type as JSON");
	return true;
}
