/*
 * keyfactor_thing_read: reading what Command keeps beside certificates, list by list.
 *
 *   types of stores ─► containers ─► agents ─► stores ─► jobs that wait ─► stores of each agent ─►
 *   what agents did
 *
 * Who may not see a list has a row that says so instead of its; that is no trouble, since many may not.
 */
#include "keyfactor_keystores.h"

#include <string.h>

#define PAGE	   "1000"
#define PAGES_MAX  50
#define RUNS	   "500"	/* the newest of all jobs */
#define AGENTS_MAX 200		/* that are asked about one by one */

struct keyfactor_things {
	step_fn *then;
	const struct list *list;
	guint page;
	uint64_t total;			/* as Command counts; 0: it does not say */
	GHashTable *seen;		/* keys of the list under way */
	GHashTable *types;		/* number of a type of store -> struct keyfactor_kind */
	GPtrArray *agents;		/* struct object that are not put yet */
	GPtrArray *waiting;		/* struct keyfactor_waiting */
	GHashTable *runs;		/* keyfactor_run_job() -> struct object, of its newest run */
};

/* False: it is none, or came before. */
typedef bool take_fn(struct op *op, const struct json *j);
static take_fn take_type, take_container, take_agent, take_store, take_waiting, take_run;

/* ---- the lists ---- */

/* clang-format off */
static const struct list {
	const char *path, *prefix, *sort, *type, *tried;
	take_fn *take;
	bool is_newest;		/* the newest alone, of what there is without end */
} lists[] = {
	{ "/CertificateStoreTypes", "cstquery.", NULL, KEYFACTOR_TYPE,
	  "listing types of stores (GET /CertificateStoreTypes)", take_type },
	{ "/CertificateStoreContainers", "pq.", NULL, KEYFACTOR_CONTAINER,
	  "listing containers (GET /CertificateStoreContainers)", take_container },
	{ "/Agents", "pq.", NULL, KEYFACTOR_AGENT,
	  "listing agents (GET /Agents)", take_agent },
	{ "/CertificateStores", "certificateStoreQuery.", "ClientMachine", KEYFACTOR_KEYSTORE,
	  "listing certificate stores (GET /CertificateStores)", take_store },
	{ "/OrchestratorJobs/ScheduledJobs", "pq.", NULL, NULL,
	  "listing jobs that wait (GET /OrchestratorJobs/ScheduledJobs)", take_waiting },
	{ "/OrchestratorJobs/JobHistory", "pq.", "OperationStart", KEYFACTOR_RUN,
	  "reading the job history (GET /OrchestratorJobs/JobHistory)", take_run, .is_newest = true },
};
/* clang-format on */

static struct keyfactor_things *of(const struct op *op)
{
	return ((struct keyfactor *)op->scratch)->things;
}

static void free_waiting(void *waiting)
{
	struct keyfactor_waiting *w = waiting;

	g_free(w->machine);
	g_free(w->words);
	g_free(w);
}

void keyfactor_thing_done(struct keyfactor *k)
{
	struct keyfactor_things *t = k->things;

	if (!t)
		return;
	g_hash_table_unref(t->seen);
	g_hash_table_unref(t->types);
	g_ptr_array_unref(t->agents);
	g_ptr_array_unref(t->waiting);
	g_hash_table_unref(t->runs);
	g_free(t);
}

static step_fn heard, stores_heard;

static struct next ask_page(struct op *op)
{
	struct keyfactor_things *t = of(op);
	const struct list *l = t->list;
	g_autofree char *page = g_strdup_printf("%u", ++t->page);
	g_autofree char *number = g_strconcat(l->prefix, "pageReturned", NULL);
	g_autofree char *limit = g_strconcat(l->prefix, "returnLimit", NULL);
	g_autofree char *sort = g_strconcat(l->prefix, "sortField", NULL);
	g_autofree char *way = g_strconcat(l->prefix, "sortAscending", NULL);

	if (!l->sort)
		return next_send(keyfactor_call_get(op, l->path, number, page, limit, PAGE, NULL), heard);
	return next_send(keyfactor_call_get(op, l->path, number, page, limit, l->is_newest ? RUNS : PAGE, sort,
					    l->sort, way, l->is_newest ? "1" : "0", NULL), heard);
}

static struct next begin(struct op *op, const struct list *l)
{
	struct keyfactor_things *t = of(op);

	t->list = l;
	t->page = 0;
	t->total = 0;
	g_hash_table_remove_all(t->seen);
	return ask_page(op);
}

struct next keyfactor_thing_read(struct op *op, step_fn *then)
{
	struct keyfactor *k = op->scratch;
	struct keyfactor_things *t = g_new0(struct keyfactor_things, 1);

	k->things = t;
	t->then = then;
	t->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	t->types = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					 (GDestroyNotify)keyfactor_kind_free);
	t->agents = g_ptr_array_new_with_free_func((GDestroyNotify)object_unref);
	t->waiting = g_ptr_array_new_with_free_func(free_waiting);
	t->runs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)object_unref);
	return begin(op, lists);
}

static bool is_new(struct op *op, char *key /* taken */)
{
	return g_hash_table_add(of(op)->seen, key);
}

/* ---- what is in them ---- */

static bool put(struct op *op, struct object *o /* taken, or NULL */)
{
	bool is_first = o && is_new(op, g_strdup(o->id));

	if (is_first)
		op_put_object(op, o);
	else if (o)
		object_unref(o);
	return is_first;
}

static bool take_type(struct op *op, const struct json *j)
{
	struct object *o = keyfactor_type_row(op, j);
	struct keyfactor_kind *kind = o ? keyfactor_kind_read(j) : NULL;

	if (kind)
		g_hash_table_replace(of(op)->types, g_strdup(object_key(o)), kind);
	return put(op, o);
}

static bool take_container(struct op *op, const struct json *j)
{
	g_autofree char *number = keyfactor_text(j, "CertStoreType", 20);
	const struct keyfactor_kind *type = g_hash_table_lookup(of(op)->types, number);

	return put(op, keyfactor_container_row(op, j, type && *type->name ? type->name : number));
}

static bool take_agent(struct op *op, const struct json *j)
{
	g_autoptr(object) o = keyfactor_agent_row(op, j);

	if (!o || !is_new(op, g_strdup(o->id)))
		return false;
	g_ptr_array_add(of(op)->agents, g_steal_pointer(&o));
	return true;
}

static const char *agent_called(struct op *op, const struct json *j)
{
	const GPtrArray *agents = of(op)->agents;
	const char *guid = json_text(keyfactor_get(j, "AgentId"));

	for (guint i = 0; guid && i < agents->len; i++)
		if (!g_ascii_strcasecmp(object_key(agents->pdata[i]), guid))
			return ((const struct object *)agents->pdata[i])->name;
	return NULL;
}

static bool take_store(struct op *op, const struct json *j)
{
	g_autofree char *type = keyfactor_text(j, "CertStoreType", 20);

	return put(op, keyfactor_keystore_row(op, j, g_hash_table_lookup(of(op)->types, type),
					      agent_called(op, j)));
}

static char *schedule_of(const struct json *j)
{
	g_autofree char *text = keyfactor_text(j, "Schedule", 60);

	return *text ? g_steal_pointer(&text) : keyfactor_place_schedule(keyfactor_get(j, "Schedule"));
}

static bool take_waiting(struct op *op, const struct json *j)
{
	g_autofree char *id = keyfactor_text(j, "Id", 60), *type = keyfactor_text(j, "JobType", 100);
	g_autofree char *target = keyfactor_text(j, "Target", 300), *schedule = schedule_of(j);
	struct keyfactor_waiting *w;

	if (!*id || !is_new(op, g_strdup(id)))
		return false;
	w = g_new0(struct keyfactor_waiting, 1);
	w->machine = keyfactor_text(j, "ClientMachine", 300);
	w->words = g_strdup_printf("%s on %s%s%s%s%s%s", type, w->machine, *target ? ": " : "", target,
				   *schedule ? " (" : "", schedule, *schedule ? ")" : "");
	g_ptr_array_add(of(op)->waiting, w);
	return true;
}

static gint64 number_of(const struct object *o)
{
	return g_ascii_strtoll(object_key(o), NULL, 10);
}

/* A job is told by its last run, which has the largest number. */
static bool take_run(struct op *op, const struct json *j)
{
	GHashTable *runs = of(op)->runs;
	g_autofree char *job = keyfactor_run_job(j);
	const struct object *known = g_hash_table_lookup(runs, job);
	g_autoptr(object) o = keyfactor_run_row(op, j);

	if (!o || (known && number_of(known) >= number_of(o)))
		return false;
	g_hash_table_replace(runs, g_steal_pointer(&job), g_steal_pointer(&o));
	return true;
}

static void put_runs(struct op *op)
{
	GHashTableIter iter;
	gpointer run;

	g_hash_table_iter_init(&iter, of(op)->runs);
	while (g_hash_table_iter_next(&iter, NULL, &run))
		op_put_object(op, object_ref(run));
}

/* ---- stores of agents ---- */

static struct ask ask_stores(struct op *op, size_t i)
{
	return (struct ask){ .send = keyfactor_agent_ask(op, of(op)->agents->pdata[i]) };
}

static void hear_stores(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	const struct keyfactor_things *t = of(op);
	g_autoptr(json) j = keyfactor_json(r);

	(void)none;
	keyfactor_agent_holds(t->agents->pdata[i], r, j, t->waiting);
}

static struct next stores_heard(struct op *op, const struct reply *none)
{
	const struct keyfactor_things *t = of(op);

	(void)none;
	for (guint i = 0; i < t->agents->len; i++)
		op_put_object(op, object_ref(t->agents->pdata[i]));
	return begin(op, t->list + 1);
}

/* ---- on ---- */

static struct next next_list(struct op *op)
{
	const struct keyfactor_things *t = of(op);

	if (t->list->take == take_waiting)
		return next_each(MIN(t->agents->len, AGENTS_MAX), ask_stores, hear_stores, stores_heard);
	if (t->list + 1 < lists + G_N_ELEMENTS(lists))
		return begin(op, t->list + 1);
	put_runs(op);
	return t->then(op, NULL);
}

/* Versions without such a list have none. */
static void say_unread(struct op *op, const struct reply *r, const GError *error)
{
	const struct list *l = of(op)->list;
	g_autofree char *words = keyfactor_words(r);
	struct object *o;

	if (!l->type || (!r->error && r->status == 404))
		return;
	if (!keyfactor_call_is_denied(r)) {
		op_keep_objects(op, l->type);
		op_trouble(op, "%s", error->message);
		return;
	}
	o = keyfactor_thing_new(op, l->type, "", "(all)");
	keyfactor_thing_state(o, "not seen", TONE_WARN);
	store_set(&o->summary, *words ? words : "this user may not list them");
	op_put_object(op, o);
}

static struct next heard(struct op *op, const struct reply *r)
{
	struct keyfactor_things *t = of(op);
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '[', t->list->tried, &error);
	const char *total = r->error ? NULL : reply_header(r, "x-total-count");
	guint news = 0;

	if (!j) {
		say_unread(op, r, error);
		return next_list(op);
	}
	if (total && *total && strspn(total, "0123456789") == strlen(total))
		t->total = g_ascii_strtoull(total, NULL, 10);
	for (size_t i = 0; i < json_count(j); i++)
		news += t->list->take(op, json_at(j, i));
	if (!news || t->list->is_newest || (t->total && g_hash_table_size(t->seen) >= t->total) ||
	    t->page >= PAGES_MAX)
		return next_list(op);
	return ask_page(op);
}
