/*
 * keyfactor_agent: Command's agents (orchestrators), which look after certificate stores on machines.
 *
 * One that is reset is new again: Command forgets its stores and its jobs.  So those that it has are in
 * its row, and what a person saw there must still be so when it is done.
 */
#include "keyfactor_things.h"

#include <string.h>

#include <certty/base/text.h>

#define READING	   "reading the agent (GET /Agents)"
#define STORES	   "asking which stores it looks after (GET /CertificateStores)"
#define RESETTING  "resetting the agent (POST /Agents/Reset)"
#define STORES_MAX "1000"
#define STORES_OF  "stores"		/* facts */
#define JOBS_OF	   "jobs"

static const char *const states[] = { NULL, "new", "approved", "disapproved" };
static const char *const platforms[] = { "unknown", ".NET", "Java", "Mac", "Android", "native", "Bash",
					 "Universal Orchestrator" };

/* clang-format off */
const struct field keyfactor_agent_questions[] = {
	{ "status", FIELD_CHOICE, "Status", false, NULL, "approved disapproved",
	  "an approved agent does its jobs; one that is disapproved gets none" },
	{ NULL }
};
/* clang-format on */

/* ---- the row ---- */

static void add_capabilities(struct object *o, const struct json *list)
{
	g_autoptr(GString) s = g_string_new(NULL);
	g_autofree char *all = NULL;

	for (size_t i = 0; i < MIN(json_count(list), KEYFACTOR_LIST_MAX); i++)
		if (json_text(json_at(list, i)))
			g_string_append_printf(s, "%s%s", s->len ? ", " : "", json_text(json_at(list, i)));
	all = text_harmless_dup(s->str, KEYFACTOR_TEXT_MAX);
	object_add_fact(o, "capabilities", all);
}

static void add_state(struct object *o, const struct json *j)
{
	static const enum tone tones[] = { TONE_UNKNOWN, TONE_NOTICE, TONE_PLAIN, TONE_WARN };
	int state = keyfactor_enum(j, "Status", states, G_N_ELEMENTS(states));
	bool is_known = state > 0 && state < (int)G_N_ELEMENTS(states);
	g_autofree char *word = keyfactor_text(j, "Status", 40);

	keyfactor_thing_state(o, is_known ? states[state] : word, is_known ? tones[state] : TONE_UNKNOWN);
	if (is_known && state > 1)
		object_add_answer(o, keyfactor_agent_questions->key, states[state]);
}

static void add_facts(struct object *o, const struct json *j)
{
	int64_t code;
	int platform = keyfactor_enum(j, "AgentPlatform", platforms, G_N_ELEMENTS(platforms));

	keyfactor_thing_text(o, "version", j, "Version");
	if (platform > 0 && platform < (int)G_N_ELEMENTS(platforms))
		object_add_fact(o, "platform", platforms[platform]);
	keyfactor_thing_text(o, "signs in as", j, "Username");
	keyfactor_thing_time(o, "last seen", j, "LastSeen");
	add_capabilities(o, keyfactor_get(j, "Capabilities"));
	keyfactor_thing_text(o, "blueprint", j, "Blueprint");
	keyfactor_thing_text(o, "its certificate", j, "Thumbprint");
	if (keyfactor_int(j, "LastErrorCode", &code) && code)
		keyfactor_thing_text(o, "error code", j, "LastErrorCode");
	keyfactor_thing_text(o, "its last error", j, "LastErrorMessage");
}

struct object *keyfactor_agent_row(const struct op *op, const struct json *j)
{
	g_autofree char *guid = keyfactor_text(j, "AgentId", 60), *low = g_ascii_strdown(guid, -1);
	g_autofree char *name = keyfactor_text(j, "ClientMachine", 300), *version = NULL, *failed = NULL;
	g_autofree char *summary = NULL;
	struct object *o;

	if (!g_uuid_string_is_valid(low))
		return NULL;
	o = keyfactor_thing_new(op, KEYFACTOR_AGENT, low, *name ? name : low);
	version = keyfactor_text(j, "Version", 60);
	failed = keyfactor_text(j, "LastErrorMessage", 300);
	summary = g_strdup_printf("%s%s%s%s", *version ? "version " : "", version, *failed ? "; " : "", failed);
	store_set(&o->summary, summary);
	store_set(&o->can, "object-edit object-reset");
	add_state(o, j);
	add_facts(o, j);
	return o;
}

/* ---- what it has ---- */

struct request_out *keyfactor_agent_ask(struct op *op, const struct object *o)
{
	g_autofree char *query = g_strdup_printf("AgentId -eq \"%s\"", object_key(o));

	return keyfactor_call_get(op, "/CertificateStores", "certificateStoreQuery.queryString", query,
				  "certificateStoreQuery.returnLimit", STORES_MAX,
				  "certificateStoreQuery.sortField", "ClientMachine",
				  "certificateStoreQuery.sortAscending", "0", NULL);
}

struct naming {
	GString *text;
	uint64_t n;
};

static void name(struct naming *of, const char *words)
{
	if (of->n++ < KEYFACTOR_NAMED)
		g_string_append_printf(of->text, "%s%s", of->text->len ? ", " : "", words);
}

/* "2: web1: My, web2: My"; what is not told stays out of the row. */
static void add_named(struct object *o, const char *label, struct naming *of, uint64_t total)
{
	uint64_t n = MAX(of->n, total);
	g_autofree char *more = n > MIN(of->n, KEYFACTOR_NAMED) ?
		g_strdup_printf(" and %" G_GUINT64_FORMAT " more", n - MIN(of->n, KEYFACTOR_NAMED)) : NULL;
	g_autofree char *all = n ? g_strdup_printf("%" G_GUINT64_FORMAT ": %s%s", n, of->text->str,
						   more ? more : "") : g_strdup("none");

	object_add_fact(o, label, all);
	g_string_free(of->text, TRUE);
}

static uint64_t total_of(const struct reply *r)
{
	const char *total = reply_header(r, "x-total-count");

	return total ? g_ascii_strtoull(total, NULL, 10) : 0;
}

/* Command tells of a job on which machine it is done, which is the agent's own or that of a store. */
static void add_waiting(struct object *o, GHashTable *machines, const GPtrArray *waiting)
{
	struct naming jobs = { g_string_new(NULL), 0 };

	for (guint i = 0; i < waiting->len; i++) {
		const struct keyfactor_waiting *w = waiting->pdata[i];

		if (g_hash_table_contains(machines, w->machine))
			name(&jobs, w->words);
	}
	add_named(o, JOBS_OF, &jobs, 0);
}

void keyfactor_agent_holds(struct object *o, const struct reply *r, const struct json *list,
			   const GPtrArray *waiting)
{
	g_autoptr(GHashTable) machines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct naming stores = { g_string_new(NULL), 0 };

	g_hash_table_add(machines, g_strdup(o->name));
	for (size_t i = 0; i < json_count(list); i++) {
		char *machine = keyfactor_text(json_at(list, i), "ClientMachine", 300);
		g_autofree char *path = keyfactor_text(json_at(list, i), "StorePath", 300);
		g_autofree char *words = g_strdup_printf("%s: %s", machine, path);

		name(&stores, words);
		g_hash_table_add(machines, machine);
	}
	if (list)
		add_named(o, STORES_OF, &stores, total_of(r));
	else
		g_string_free(stores.text, TRUE);
	if (waiting)
		add_waiting(o, machines, waiting);
}

/* ---- changed ---- */

static step_fn changed, seen, stores_seen, was_reset;

static struct next ask_again(struct op *op)
{
	g_autofree char *path = g_strconcat("/Agents/", object_key(op->object), NULL);

	return next_send(keyfactor_call_get(op, path, NULL), seen);
}

static const char *path_of(const struct op *op)
{
	return !strcmp(args_text(op->args, "status", ""), "approved") ? "/Agents/Approve" :
									"/Agents/Disapprove";
}

static bool check(const struct op *op, GError **error)
{
	const char *status = args_text(op->args, "status", "");

	if (*status && strcmp(status, VERB_NONE_WORD))
		return true;
	g_set_error(error, ERR, ERR_USAGE, "say which status %s shall have", op->object->name);
	return false;
}

struct next keyfactor_agent_edit(struct op *op, const struct reply *none)
{
	g_autofree char *ids = keyfactor_thing_ids(NULL, object_key(op->object), true);
	GError *error = NULL;
	struct request_out *r;

	(void)none;
	if (!check(op, &error))
		return next_fail_error(op, error);
	r = keyfactor_thing_send(op, "POST", path_of(op), ids);
	r->is_repeatable = true;	/* the same once more */
	return next_send(r, changed);
}

static struct next changed(struct op *op, const struct reply *r)
{
	g_autofree char *tried = g_strdup_printf("changing the agent (POST %s)", path_of(op));

	return keyfactor_thing_is_done(r) ? ask_again(op) : keyfactor_fail(op, r, tried);
}

static void keep(struct object *o, const struct object *before, const char *label)
{
	g_autofree char *value = keyfactor_thing_fact(before, label);

	object_add_fact(o, label, value);
}

static struct next seen(struct op *op, const struct reply *r)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '{', READING, &error);
	struct object *o = j ? keyfactor_agent_row(op, j) : NULL;
	bool is_reset = op->verb->id == VERB_OBJECT_RESET;

	op_touch(op, op->store->id);
	if (!o) {
		op_trouble(op, "it is done, and how the agent stands could not be read: %s",
			   error ? error->message : "the answer is none");
		return next_done();
	}
	if (is_reset) {
		object_add_fact(o, STORES_OF, "none");
		object_add_fact(o, JOBS_OF, "none");
	} else {
		keep(o, op->object, STORES_OF);
		keep(o, op->object, JOBS_OF);
	}
	op_say(op, "the agent %s is %s", o->name, *o->state ? o->state : "in a state that has no name");
	op_put_object(op, o);
	return next_done();
}

/* ---- reset ---- */

struct next keyfactor_agent_reset(struct op *op, const struct reply *none)
{
	(void)none;
	keyfactor_call_mine(op, 1, g_free);
	return next_send(keyfactor_agent_ask(op, op->object), stores_seen);
}

/* What a person said yes to are the stores that were shown. */
static struct next stores_seen(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '[', STORES, &error);
	g_autofree char *ids = keyfactor_thing_ids(NULL, object_key(op->object), true);
	g_autofree char *before = keyfactor_thing_fact(op->object, STORES_OF), *now = NULL;
	struct object *o;

	if (!j)
		return next_fail_error(op, error);
	o = keyfactor_thing_new(op, KEYFACTOR_AGENT, object_key(op->object), op->object->name);
	keyfactor_agent_holds(o, r, j, NULL);
	now = keyfactor_thing_fact(o, STORES_OF);
	object_unref(o);
	if (strcmp(now, before)) {
		op_touch(op, op->store->id);
		return next_fail(op, ERR_REFUSED, "%s looks after other stores than those that were shown, "
				 "now %s: look again", op->object->name, now);
	}
	return next_send(keyfactor_thing_send(op, "POST", "/Agents/Reset", ids), was_reset);
}

static struct next was_reset(struct op *op, const struct reply *r)
{
	if (!keyfactor_thing_is_done(r))
		return keyfactor_fail(op, r, RESETTING);
	op_look_for_stores(op);
	return ask_again(op);
}

/* ---- plans ---- */

bool keyfactor_agent_planned_edit(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *ids = keyfactor_thing_ids(NULL, object_key(op->object), true);
	g_autofree char *post = g_strconcat("POST ", path_of(op), NULL);
	g_autofree char *jobs = keyfactor_thing_fact(op->object, JOBS_OF);

	if (!check(op, error))
		return false;
	keyfactor_planned_call(op, p, PLAN_CHANGES, post, op->object->name);
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /Agents/ID", "what came of it");
	plan_differ(p, "status: %s instead of %s", args_text(op->args, "status", ""), op->object->state);
	if (!strcmp(path_of(op), "/Agents/Disapprove"))
		plan_warn(p, "it gets no jobs any more; those that wait: %s", *jobs ? jobs : "not known");
	else
		plan_warn(p, "from then on it may look into the stores that it is given, and change them");
	plan_not(p, "its certificate stores stay in Command");
	keyfactor_planned_run(op, p, "POST", path_of(op), ids);
	return true;
}

bool keyfactor_agent_planned_reset(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *ids = keyfactor_thing_ids(NULL, object_key(op->object), true);
	g_autofree char *stores = keyfactor_thing_fact(op->object, STORES_OF);
	g_autofree char *jobs = keyfactor_thing_fact(op->object, JOBS_OF);

	(void)error;
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /CertificateStores", "whether it has those stores still");
	keyfactor_planned_call(op, p, PLAN_CHANGES, "POST /Agents/Reset", op->object->name);
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /Agents/ID", "what came of it");
	plan_warn(p, "its certificate stores go from Command, with their schedules and passwords: %s",
		  *stores ? stores : "which is not known");
	plan_warn(p, "its jobs go: %s", *jobs ? jobs : "which is not known");
	plan_warn(p, "it is new then, and does nothing until it is approved and given stores again; the "
		  "certificate that it signs in with is forgotten");
	plan_not(p, "what lies in those stores, on their machines, stays as it is");
	keyfactor_planned_run(op, p, "POST", "/Agents/Reset", ids);
	return true;
}
