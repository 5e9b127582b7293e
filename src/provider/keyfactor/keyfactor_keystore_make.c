/*
 * keyfactor_keystore_make: certificate stores are made in Command: one that a form tells of, or all rows of
 * a file.
 *
 *   (file) ─► their type ─► agents ─► containers ─► stores of the type that are there ─► each is made
 *
 * What is there already is not made again, so that a file can be taken once more after some of its rows
 * failed; and what is wrong about a row is known before anything is sent of it.
 */
#include "keyfactor_keystores.h"

#include <string.h>

#include <certty/base/file.h>

#define STORES	"looking for the stores that are there (GET /CertificateStores)"
#define MAKING	"making the store (POST /CertificateStores)"
#define CONTAINER "making its container (POST /CertificateStoreContainers)"
#define READING "reading the store (GET /CertificateStores)"
#define TOLD_MAX  50	/* rows that are told of one by one */

enum outcome { WAITS, MADE, IS_THERE, FAILED };

struct row {
	enum outcome outcome;
	char *why, *guid;
	struct keyfactor_whose whose;
};

struct making {
	struct csv *csv;		/* that the wishes borrow from */
	GPtrArray *wishes;
	struct row *rows;		/* of each */
	struct keyfactor_kind *kind;
	GPtrArray *names;		/* of agents that are asked for */
	GHashTable *agents, *strange;	/* by name: GUID, or why there is none */
	GPtrArray *containers;		/* names of those that are made */
	GHashTable *there;
	uint64_t total;
	guint page;
};

static step_fn file_read_in, kind_heard, agents_heard, containers_heard, containers_made, stores_heard,
	all_made, seen;

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
	g_clear_pointer(&m->containers, g_ptr_array_unref);
	g_clear_pointer(&m->there, g_hash_table_unref);
	csv_free(m->csv);
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
	m->containers = g_ptr_array_new_with_free_func(g_free);
	m->agents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	m->strange = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	m->there = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return m;
}

static bool is_bulk(const struct op *op)
{
	const char *what = args_text(op->args, "what", "");

	return !strcmp(what, KEYFACTOR_CSV) || !strcmp(what, KEYFACTOR_ANEW);
}

/* The rows of a file are of one type, by whose name they are called. */
static const char *type_of(const struct op *op)
{
	return args_text(op->args, is_bulk(op) ? "name" : "store-type", "");
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

	for (size_t i = 0; !is_bulk(op) && i < G_N_ELEMENTS(needed); i++)
		if (!*args_text(op->args, needed[i][0], "")) {
			g_set_error(error, ERR, ERR_USAGE, "say %s", needed[i][1]);
			return false;
		}
	if (!is_bulk(op) || *args_text(op->args, "file", ""))
		return true;
	g_set_error(error, ERR, ERR_USAGE, "say which file the stores are in");
	return false;
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

/* ---- a file ---- */

struct reading {	/* the work's */
	struct csv *csv;
	GPtrArray *wishes;
};

static void reading_free(void *reading)
{
	struct reading *r = reading;

	g_clear_pointer(&r->wishes, g_ptr_array_unref);
	csv_free(r->csv);
	g_free(r);
}

static void read_file(struct work *w)
{
	GBytes *bytes = file_read(w->in, CSV_BYTES, NULL, &w->error);
	struct reading *r = w->out = g_new0(struct reading, 1);

	if (bytes) {
		r->csv = csv_read(bytes, &w->error);
		file_wipe(bytes);
	}
	r->wishes = r->csv ? keyfactor_csv_wishes(r->csv, &w->error) : NULL;
	if (bytes && w->error)
		g_prefix_error(&w->error, "%s: ", (const char *)w->in);
}

struct next keyfactor_keystore_bulk(struct op *op, const struct reply *none)
{
	GError *error = NULL;

	(void)none;
	if (!check(op, &error))
		return next_fail_error(op, error);
	making_new(op);
	return next_work(work_new(read_file, file_absolute(args_text(op->args, "file", "")), g_free,
				  reading_free), file_read_in);
}

static struct next file_read_in(struct op *op, const struct reply *none)
{
	struct making *m = mine(op);
	struct reading *r = op->work->out;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	m->csv = g_steal_pointer(&r->csv);
	g_ptr_array_unref(m->wishes);
	m->wishes = g_steal_pointer(&r->wishes);
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
		struct keyfactor_wish *w = wish_at(m, i);

		if (m->csv)
			keyfactor_wish_sort(w, m->kind);
		if (w->wrong)
			fail_row(m, i, g_error_new(ERR, ERR_FORMAT, "%s", w->wrong));
		else if (!keyfactor_wish_check(w, m->kind, &error))
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
		m->rows[i].whose.container = wish_at(m, i)->container_id;
		wants = wants || (wish_at(m, i)->container && *wish_at(m, i)->container);
	}
	return wants ? next_send(keyfactor_ask_containers(op), containers_heard) : ask_stores(op);
}

/* ---- containers, which went with a type that is made anew ---- */

static bool is_anew(const struct op *op)
{
	return !strcmp(args_text(op->args, "what", ""), KEYFACTOR_ANEW);
}

static gboolean is_same_name(gconstpointer a, gconstpointer b)
{
	return !g_ascii_strcasecmp(a, b);
}

static void want_container(struct making *m, const char *name)
{
	if (!g_ptr_array_find_with_equal_func(m->containers, name, is_same_name, NULL))
		g_ptr_array_add(m->containers, g_strdup(name));
}

static struct ask ask_container(struct op *op, size_t i)
{
	const struct making *m = mine(op);
	struct json_writer w = { .out = g_string_new(NULL) };
	g_autofree char *body = NULL;

	json_open(&w, NULL, '{');
	json_put_str(&w, "Name", m->containers->pdata[i]);
	json_put_int(&w, "CertStoreType", m->kind->number);
	json_close(&w, '}');
	body = g_string_free(w.out, FALSE);
	return (struct ask){ .send = keyfactor_thing_send(op, "POST", "/CertificateStoreContainers", body) };
}

static void hear_container(struct op *op, size_t n, const struct reply *r, struct work *none)
{
	struct making *m = mine(op);
	g_autoptr(json) j = keyfactor_json(r);
	g_autoptr(GError) error = NULL;
	int64_t number = 0;

	(void)none;
	if (!j || !keyfactor_int(j, "Id", &number) || number <= 0)
		error = keyfactor_error(op, r, CONTAINER);
	for (guint i = 0; i < m->wishes->len; i++) {
		const char *name = wish_at(m, i)->container;

		if (!name || !is_same_name(name, m->containers->pdata[n]))
			continue;
		m->rows[i].whose.container = number;
		if (error && m->rows[i].outcome == WAITS)
			fail_row(m, i, g_error_copy(error));
	}
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

		if (!name || !*name || keyfactor_find_container(list, name, m->kind->number,
								&m->rows[i].whose.container, &error))
			continue;
		if (is_anew(op) && error->code == ERR_NOT_FOUND)
			want_container(m, name);
		else
			fail_row(m, i, g_error_copy(error));
		g_clear_error(&error);
	}
	return next_each(m->containers->len, ask_container, hear_container, containers_made);
}

static struct next containers_made(struct op *op, const struct reply *none)
{
	(void)none;
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
	g_autofree char *there = machine && !strchr(machine, '"') ?
		g_strdup_printf(" AND ClientMachine -eq \"%s\"", machine) : g_strdup("");
	g_autofree char *query = g_strdup_printf("CertStoreType -eq \"%" G_GINT64_FORMAT "\"%s",
						 m->kind->number, there);

	return next_send(keyfactor_ask_keystores(op, query, ++m->page), stores_heard);
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
	if (news && m->page < KEYFACTOR_PAGES_MAX && (!m->total || g_hash_table_size(m->there) < m->total))
		return ask_stores(op);
	for (guint i = 0; i < m->wishes->len; i++)
		look_for(m, i);
	return next_each(m->wishes->len, ask_one, hear_one, all_made);
}

/* ---- what came of it ---- */

static void tell(const struct making *m, GString *out, enum outcome outcome, const char *words)
{
	guint n = 0;

	for (guint i = 0; i < m->wishes->len; i++)
		n += m->rows[i].outcome == outcome;
	if (!n)
		return;
	g_string_append_printf(out, "%s%u %s: line%s", out->len ? "; " : "", n, words, n == 1 ? "" : "s");
	n = 0;
	for (guint i = 0; i < m->wishes->len && n <= TOLD_MAX; i++)
		if (m->rows[i].outcome == outcome && n++ < TOLD_MAX)
			g_string_append_printf(out, "%s %u", n > 1 ? "," : "", wish_at(m, i)->line);
	if (n > TOLD_MAX)
		g_string_append(out, " and more");
}

static void tell_failures(struct op *op)
{
	const struct making *m = mine(op);
	guint n = 0;

	for (guint i = 0; i < m->wishes->len; i++) {
		const struct keyfactor_wish *w = wish_at(m, i);

		if (m->rows[i].outcome == FAILED && n++ < TOLD_MAX)
			op_trouble(op, "line %u, %s: %s: %s", w->line, w->machine ? w->machine : "no machine",
				   w->path ? w->path : "no path", m->rows[i].why);
	}
	if (n > TOLD_MAX)
		op_trouble(op, "%u more lines failed", n - TOLD_MAX);
}

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
	const struct making *m = mine(op);
	g_autoptr(GString) all = g_string_new(NULL);

	(void)none;
	op_touch(op, op->store->id);
	op_look_for_stores(op);
	if (!m->csv)
		return tell_one(op);
	tell(m, all, MADE, "made");
	tell(m, all, IS_THERE, "there already");
	tell(m, all, FAILED, "failed");
	tell_failures(op);
	op_say(op, "%s", all->len ? all->str : "the file has no rows");
	return next_done();
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

bool keyfactor_keystore_planned_bulk(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *file = file_absolute(args_text(op->args, "file", ""));

	if (!check(op, error))
		return false;
	plan_call(p, PLAN_ASKS, "read", file, "a store in each row");
	plan_asking(op, p);
	keyfactor_planned_call(op, p, PLAN_CHANGES, "POST /CertificateStores", "once for each row");
	plan_not(p, "a store that is there already is not touched, so that the file can be taken once more");
	plan_not(p, "a row that is wrong is said with its line, and keeps no other from being made");
	plan_remark(p, "STORE_FILE: JSON with ClientMachine, Storepath, CertStoreType, AgentId and Properties "
		    "of one row");
	keyfactor_planned_run_file(op, p, "POST", "/CertificateStores", "STORE_FILE",
				   "a file with the store as JSON");
	return true;
}
