/*
 * keyfactor_keystore_make: certificate stores are made in Command.
 *
 *   their type ─► agents ─► containers ─► stores of the type that are there ─► each is made
 *
 * What is there already is not made again; and what is wrong is known before anything is sent.
 */
#include "keyfactor_keystores.h"

#include <string.h>

#define STORES	"looking for the stores that are there (GET /CertificateStores)"
#define MAKING	"making the store (POST /CertificateStores)"
#define READING "reading the store (GET /CertificateStores)"
#define PAGE	"1000"
#define PAGES_MAX 50

enum outcome { WAITS, MADE, IS_THERE, FAILED };

struct row {
	enum outcome outcome;
	char *why, *guid;
	struct keyfactor_whose whose;
};

struct making {
	GPtrArray *wishes;
	struct row *rows;		/* of each */
	struct keyfactor_kind *kind;
	GPtrArray *names;		/* of agents that are asked for */
	GHashTable *agents, *strange;	/* by name: GUID, or why there is none */
	GHashTable *there;
	uint64_t total;
	guint page;
};

static step_fn kind_heard, agents_heard, containers_heard, stores_heard, all_made, seen;

static void making_done(void *making)
{
	struct making *m = making;

	for (guint i = 0; m->rows && i < m->wishes->len; i++) {
		g_free(m->rows[i].why);
		g_free(m->rows[i].guid);
		g_free(m->rows[i].whose.agent);
	}
	g_free(m->rows);
	g_clear_pointer(&m->wishes, g_ptr_array_unref);
	keyfactor_kind_free(m->kind);
	g_clear_pointer(&m->names, g_ptr_array_unref);
	g_clear_pointer(&m->agents, g_hash_table_unref);
	g_clear_pointer(&m->strange, g_hash_table_unref);
	g_clear_pointer(&m->there, g_hash_table_unref);
	g_free(m);
}

static struct making *mine(const struct op *op)
{
	return ((struct keyfactor *)op->scratch)->mine;
}

static struct keyfactor_wish *wish_at(const struct making *m, size_t i)
{
	return m->wishes->pdata[i];
}

static struct making *making_new(struct op *op)
{
	struct making *m = keyfactor_call_mine(op, sizeof(*m), making_done);

	m->wishes = g_ptr_array_new_with_free_func((GDestroyNotify)keyfactor_wish_free);
	m->names = g_ptr_array_new_with_free_func(g_free);
	m->agents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	m->strange = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	m->there = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return m;
}

static const char *type_of(const struct op *op)
{
	return args_text(op->args, "store-type", "");
}

static void fail_row(struct making *m, size_t i, GError *error /* taken */)
{
	struct row *r = &m->rows[i];

	if (r->outcome == WAITS) {
		r->outcome = FAILED;
		r->why = g_strdup(error->message);
	}
	g_error_free(error);
}

/* ---- what is asked for ---- */

static bool check(const struct op *op, GError **error)
{
	static const char *const needed[][2] = { { "store-type", "of which type the store is" },
						 { "machine", "on which machine the store is" },
						 { "agent", "which agent looks after it" } };

	for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
		if (!*args_text(op->args, needed[i][0], "")) {
			g_set_error(error, ERR, ERR_USAGE, "say %s", needed[i][1]);
			return false;
		}
	return true;
}

static struct next begin(struct op *op)
{
	struct making *m = mine(op);

	m->rows = g_new0(struct row, MAX(m->wishes->len, 1));
	return next_send(keyfactor_ask_kind(op, type_of(op)), kind_heard);
}

struct next keyfactor_keystore_add(struct op *op, const struct reply *none)
{
	GError *error = NULL;
	struct keyfactor_wish *w;

	(void)none;
	w = check(op, &error) ? keyfactor_wish_of(op, &error) : NULL;
	if (!w)
		return next_fail_error(op, error);
	g_ptr_array_add(making_new(op)->wishes, w);
	return begin(op);
}

/* ---- whose they are ---- */

static bool is_named(const GPtrArray *names, const char *name)
{
	return g_ptr_array_find_with_equal_func((GPtrArray *)names, name, g_str_equal, NULL);
}

static struct ask ask_agent(struct op *op, size_t i)
{
	return (struct ask){ .send = keyfactor_ask_agent(op, mine(op)->names->pdata[i]) };
}

static void hear_agent(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct making *m = mine(op);
	const char *name = m->names->pdata[i];
	g_autoptr(GError) error = NULL;
	char *guid = keyfactor_hear_agent(op, r, name, &error);

	(void)none;
	if (guid)
		g_hash_table_replace(m->agents, g_strdup(name), guid);
	else
		g_hash_table_replace(m->strange, g_strdup(name), g_strdup(error->message));
}

static struct next kind_heard(struct op *op, const struct reply *r)
{
	struct making *m = mine(op);
	GError *error = NULL;

	m->kind = keyfactor_hear_kind(op, r, type_of(op), &error);
	if (!m->kind)
		return next_fail_error(op, error);
	for (guint i = 0; i < m->wishes->len; i++) {
		const struct keyfactor_wish *w = wish_at(m, i);

		if (!keyfactor_wish_check(w, m->kind, &error))
			fail_row(m, i, g_steal_pointer(&error));
		else if (w->agent && *w->agent && !keyfactor_is_guid(w->agent) && !is_named(m->names, w->agent))
			g_ptr_array_add(m->names, g_strdup(w->agent));
	}
	return next_each(m->names->len, ask_agent, hear_agent, agents_heard);
}

static void find_agent(struct making *m, size_t i)
{
	const char *name = wish_at(m, i)->agent;
	const char *guid = name && keyfactor_is_guid(name) ? name : NULL;
	const char *why;

	if (!name || !*name) {
		fail_row(m, i, g_error_new(ERR, ERR_USAGE, "it does not say which agent looks after it"));
		return;
	}
	guid = guid ? guid : g_hash_table_lookup(m->agents, name);
	why = guid ? NULL : g_hash_table_lookup(m->strange, name);
	if (guid)
		m->rows[i].whose.agent = g_strdup(guid);
	else if (m->rows[i].outcome == WAITS)
		fail_row(m, i, g_error_new(ERR, ERR_NOT_FOUND, "%s", why ? why : "its agent is not known"));
}

static struct next ask_stores(struct op *op);

static struct next agents_heard(struct op *op, const struct reply *none)
{
	struct making *m = mine(op);
	bool wants = false;

	(void)none;
	for (guint i = 0; i < m->wishes->len; i++) {
		find_agent(m, i);
		wants = wants || (wish_at(m, i)->container && *wish_at(m, i)->container);
	}
	return wants ? next_send(keyfactor_ask_containers(op), containers_heard) : ask_stores(op);
}

static struct next containers_heard(struct op *op, const struct reply *r)
{
	struct making *m = mine(op);
	GError *error = NULL;
	g_autoptr(json) list = keyfactor_hear_containers(op, r, &error);

	if (!list)
		return next_fail_error(op, error);
	for (guint i = 0; i < m->wishes->len; i++) {
		const char *name = wish_at(m, i)->container;

		if (name && *name && !keyfactor_find_container(list, name, m->kind->number,
							       &m->rows[i].whose.container, &error))
			fail_row(m, i, g_steal_pointer(&error));
	}
	return ask_stores(op);
}

/* ---- those that are there ---- */

static char *place_of(const char *machine, const char *path)
{
	g_autofree char *low = g_utf8_strdown(machine, -1);

	return g_strdup_printf("%s\n%s", low, path);
}

/* Of one store the machine's alone, as far as that can be asked for. */
static struct next ask_stores(struct op *op)
{
	struct making *m = mine(op);
	const char *machine = m->wishes->len == 1 ? wish_at(m, 0)->machine : NULL;
	g_autofree char *page = g_strdup_printf("%u", ++m->page);
	g_autofree char *there = machine && !strchr(machine, '"') ?
		g_strdup_printf(" AND ClientMachine -eq \"%s\"", machine) : g_strdup("");
	g_autofree char *query = g_strdup_printf("CertStoreType -eq \"%" G_GINT64_FORMAT "\"%s",
						 m->kind->number, there);

	return next_send(keyfactor_call_get(op, "/CertificateStores", "certificateStoreQuery.queryString", query,
					    "certificateStoreQuery.pageReturned", page,
					    "certificateStoreQuery.returnLimit", PAGE,
					    "certificateStoreQuery.sortField", "ClientMachine",
					    "certificateStoreQuery.sortAscending", "0", NULL), stores_heard);
}

static guint take_stores(struct making *m, const struct json *list)
{
	guint news = 0;

	for (size_t i = 0; i < json_count(list); i++) {
		const char *machine = json_text(keyfactor_get(json_at(list, i), "ClientMachine"));
		const char *path = json_text(keyfactor_get(json_at(list, i), "Storepath"));

		if (machine && path)
			news += g_hash_table_add(m->there, place_of(machine, path));
	}
	return news;
}

static void look_for(struct making *m, size_t i)
{
	const struct keyfactor_wish *w = wish_at(m, i);
	struct row *r = &m->rows[i];
	g_autofree char *place = NULL;

	if (r->outcome != WAITS)
		return;
	place = place_of(w->machine ? w->machine : "", w->path ? w->path : "");
	if (g_hash_table_contains(m->there, place))
		r->outcome = IS_THERE;
	else
		g_hash_table_add(m->there, g_steal_pointer(&place));
}

/* ---- each is made ---- */

static struct ask ask_one(struct op *op, size_t i)
{
	struct making *m = mine(op);
	GError *error = NULL;
	GString *body;

	if (m->rows[i].outcome != WAITS)
		return (struct ask){ 0 };
	body = keyfactor_keystore_body(wish_at(m, i), m->kind, NULL, &m->rows[i].whose, &error);
	if (body)
		return (struct ask){ .send = keyfactor_keystore_send(op, "POST", "/CertificateStores", body) };
	fail_row(m, i, error);
	return (struct ask){ 0 };
}

static void hear_one(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct making *m = mine(op);
	g_autoptr(json) j = NULL;

	(void)none;
	if (m->rows[i].outcome != WAITS)
		return;
	if (!keyfactor_thing_is_done(r)) {
		GError *error = keyfactor_error(op, r, MAKING);

		if (r->error || r->status >= 500)
			g_prefix_error(&error, "whether it was made is not known, look before it is tried "
				       "again: ");
		fail_row(m, i, error);
		return;
	}
	j = keyfactor_json(r);	/* of which only the number is looked at: secrets may be in it */
	m->rows[i].outcome = MADE;
	m->rows[i].guid = keyfactor_text(j, "Id", 60);
	op_progress(op, op->done + 1, m->wishes->len);
}

static struct next stores_heard(struct op *op, const struct reply *r)
{
	struct making *m = mine(op);
	GError *error = NULL;
	g_autoptr(json) list = keyfactor_call_json(op, r, '[', STORES, &error);
	const char *total = r->error ? NULL : reply_header(r, "x-total-count");
	guint news;

	if (!list)
		return next_fail_error(op, error);
	m->total = total ? g_ascii_strtoull(total, NULL, 10) : m->total;
	news = take_stores(m, list);
	if (news && m->page < PAGES_MAX && (!m->total || g_hash_table_size(m->there) < m->total))
		return ask_stores(op);
	for (guint i = 0; i < m->wishes->len; i++)
		look_for(m, i);
	return next_each(m->wishes->len, ask_one, hear_one, all_made);
}

/* ---- what came of it ---- */

static struct next tell_one(struct op *op)
{
	const struct making *m = mine(op);
	const struct row *r = m->rows;
	g_autofree char *path = NULL;

	if (r->outcome == FAILED)
		return next_fail(op, ERR_REFUSED, "%s", r->why);
	if (r->outcome == IS_THERE)
		return next_fail(op, ERR_EXISTS, "Command has a store %s on %s already", wish_at(m, 0)->path,
				 wish_at(m, 0)->machine);
	op_say(op, "Command has the store %s on %s", wish_at(m, 0)->path, wish_at(m, 0)->machine);
	if (!r->guid || !keyfactor_is_guid(r->guid))
		return next_done();
	path = g_strconcat("/CertificateStores/", r->guid, NULL);
	return next_send(keyfactor_call_get(op, path, NULL), seen);
}

static struct next all_made(struct op *op, const struct reply *none)
{
	(void)none;
	op_touch(op, op->store->id);
	op_look_for_stores(op);
	return tell_one(op);
}

/* The row as it stands there; that it cannot be read takes nothing away. */
static struct next seen(struct op *op, const struct reply *r)
{
	const struct making *m = mine(op);
	const char *agent = wish_at(m, 0)->agent;
	g_autoptr(json) j = keyfactor_call_json(op, r, '{', READING, NULL);
	struct object *o = j ? keyfactor_keystore_row(op, j, m->kind, keyfactor_is_guid(agent) ? NULL : agent) :
			       NULL;

	if (o)
		op_put_object(op, o);
	return next_done();
}

/* ---- plans ---- */

static void plan_asking(struct op *op, struct plan *p)
{
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /CertificateStoreTypes/Name", "what the type wants to be "
			       "told");
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /Agents", "the GUID of the agent");
	if (*args_text(op->args, "container", ""))
		keyfactor_planned_call(op, p, PLAN_ASKS, "GET /CertificateStoreContainers", "its number");
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /CertificateStores", "whether it is there already");
}

bool keyfactor_keystore_planned_add(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(keyfactor_wish) w = check(op, error) ? keyfactor_wish_of(op, error) : NULL;
	g_autofree char *name = NULL;

	if (!w)
		return false;
	name = keyfactor_keystore_name(w->machine, w->path);
	plan_asking(op, p);
	keyfactor_planned_call(op, p, PLAN_CHANGES, "POST /CertificateStores", name);
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /CertificateStores/ID", "what stands there then");
	if (w->creates && !strcmp(w->creates, "yes"))
		plan_warn(p, "its agent makes the store on the machine where there is none");
	plan_not(p, "its inventory is not scheduled");
	plan_not(p, "a store that is there already is not touched");
	plan_remark(p, "STORE_FILE: JSON with ClientMachine, Storepath, CertStoreType, AgentId and Properties");
	keyfactor_planned_run_file(op, p, "POST", "/CertificateStores", "STORE_FILE",
				   "a file with the store as JSON");
	return true;
}
