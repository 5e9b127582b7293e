/*
 * keyfactor_discovery: an agent looks for certificate stores that Command does not know yet.
 *
 *   their type ─► agent ─► the job is asked for ─► whether it waits
 *
 * Command gives the job no number: it is among those that wait until the agent takes it.  What it finds are
 * stores that nobody has approved; of them a refresh makes rows, and object-approve makes stores.
 */
#include "keyfactor_enrol.h"
#include "keyfactor_keystores.h"

#include <string.h>

#include <certty/base/clock.h>

#define ASKING	"asking for the discovery (PUT /CertificateStores/DiscoveryJob)"
#define WAITING "listing jobs that wait (GET /OrchestratorJobs/ScheduledJobs)"
#define ROOM	4096

struct discovering {
	struct keyfactor_kind *kind;
	char *agent;
};

static step_fn kind_heard, agent_heard, asked, waiting_heard;

static void discovering_done(void *discovering)
{
	struct discovering *d = discovering;

	keyfactor_kind_free(d->kind);
	g_free(d->agent);
	g_free(d);
}

static struct discovering *mine(const struct op *op)
{
	return ((struct keyfactor *)op->scratch)->mine;
}

static const char *text_of(const struct op *op, const char *key)
{
	return args_text(op->args, key, "");
}

/* ---- what is sent ---- */

/* "2030-01-31T03:30", in UTC, or now.  NULL: it is no such time, or over. */
static char *time_of(const struct op *op)
{
	g_autoptr(GString) now = g_string_new(NULL);
	g_autofree char *at = g_strconcat(text_of(op, "at"), ":00Z", NULL);
	int64_t when = 0;

	clock_say_iso(now, op->now);
	if (!*text_of(op, "at"))
		return g_string_free(g_steal_pointer(&now), FALSE);
	return strlen(at) == strlen("2030-01-31T03:30:00Z") && clock_read_date(at, &when) && when > op->now ?
		g_steal_pointer(&at) : NULL;
}

static bool check(const struct op *op, GError **error)
{
	static const char *const needed[][2] = { { "store-type", "which type of stores is looked for" },
						 { "agent", "which agent looks for them" },
						 { "dirs", "where it looks for them" } };
	g_autofree char *time = time_of(op);

	for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
		if (!*text_of(op, needed[i][0])) {
			g_set_error(error, ERR, ERR_USAGE, "say %s", needed[i][1]);
			return false;
		}
	if (!time)
		g_set_error(error, ERR, ERR_USAGE, "At: %s is over, or no time as in 2030-01-31T03:30",
			    text_of(op, "at"));
	return time != NULL;
}

static void put_secret(struct json_writer *w, const char *key, const struct secret *s)
{
	if (!s || !s->len)
		return;
	json_open(w, key, '{');
	json_put_str(w, "SecretValue", s->bytes);
	json_close(w, '}');
}

static void put_all(GString *out, const struct op *op)
{
	static const char *const texts[][2] = { { "Dirs", "dirs" }, { "IgnoredDirs", "ignored-dirs" },
						{ "Extensions", "extensions" },
						{ "NamePatterns", "patterns" } };
	g_autofree char *time = time_of(op);
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	json_put_str(&w, "ClientMachine", text_of(op, "name"));
	json_put_str(&w, "AgentId", mine(op)->agent);
	json_put_int(&w, "Type", mine(op)->kind->number);
	json_put_str(&w, "JobExecutionTimestamp", time);
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		json_put_str(&w, texts[i][0], text_of(op, texts[i][1]));
	json_put_bool(&w, "SymLinks", !strcmp(text_of(op, "symlinks"), "yes"));
	json_put_bool(&w, "Compatibility", false);
	put_secret(&w, "ServerUsername", args_secret(op->args, "server-username"));
	put_secret(&w, "ServerPassword", args_secret(op->args, "server-password"));
	json_put_bool(&w, "ServerUseSsl", true);
	json_close(&w, '}');
}

/* So much that it never grows, which would leave copies of secrets. */
static GString *body_of(const struct op *op)
{
	static const char *const keys[] = { "name", "dirs", "ignored-dirs", "extensions", "patterns" };
	static const char *const secrets[] = { "server-username", "server-password" };
	size_t room = ROOM;
	GString *out;

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		room += 6 * strlen(text_of(op, keys[i]));
	for (size_t i = 0; i < G_N_ELEMENTS(secrets); i++)
		if (args_secret(op->args, secrets[i]))
			room += 6 * args_secret(op->args, secrets[i])->len;
	out = g_string_sized_new(room);
	put_all(out, op);
	return out;
}

/* ---- steps ---- */

struct next keyfactor_discovery_add(struct op *op, const struct reply *none)
{
	GError *error = NULL;

	(void)none;
	if (!check(op, &error))
		return next_fail_error(op, error);
	keyfactor_call_mine(op, sizeof(struct discovering), discovering_done);
	return next_send(keyfactor_ask_kind(op, text_of(op, "store-type")), kind_heard);
}

static struct next ask(struct op *op)
{
	return next_send(keyfactor_keystore_send(op, "PUT", "/CertificateStores/DiscoveryJob", body_of(op)),
			 asked);
}

static struct next kind_heard(struct op *op, const struct reply *r)
{
	struct discovering *d = mine(op);
	const char *agent = text_of(op, "agent");
	GError *error = NULL;

	d->kind = keyfactor_hear_kind(op, r, text_of(op, "store-type"), &error);
	if (!d->kind)
		return next_fail_error(op, error);
	if (!d->kind->discovers)
		return next_fail(op, ERR_REFUSED, "agents do not look for stores of the type %s",
				 d->kind->name);
	if (!keyfactor_is_guid(agent))
		return next_send(keyfactor_ask_agent(op, agent), agent_heard);
	d->agent = g_strdup(agent);
	return ask(op);
}

static struct next agent_heard(struct op *op, const struct reply *r)
{
	GError *error = NULL;

	mine(op)->agent = keyfactor_hear_agent(op, r, text_of(op, "agent"), &error);
	return mine(op)->agent ? ask(op) : next_fail_error(op, error);
}

static struct next asked(struct op *op, const struct reply *r)
{
	if (!keyfactor_thing_is_done(r))
		return keyfactor_fail(op, r, ASKING);
	op_touch(op, op->store->id);
	return next_send(keyfactor_call_get(op, "/OrchestratorJobs/ScheduledJobs", "pq.queryString",
					    "JobType -contains \"Discovery\"", "pq.returnLimit", "1000", NULL),
			 waiting_heard);
}

static bool is_it(const struct op *op, const struct json *j)
{
	g_autofree char *machine = keyfactor_text(j, "ClientMachine", 300);
	g_autofree char *type = keyfactor_text(j, "JobType", 100);

	return !g_ascii_strcasecmp(machine, text_of(op, "name")) && strstr(type, mine(op)->kind->name);
}

/* The list may not be seen by everybody, and the agent may have the job by now. */
static struct next waiting_heard(struct op *op, const struct reply *r)
{
	g_autoptr(json) list = keyfactor_call_json(op, r, '[', WAITING, NULL);
	bool waits = false;

	for (size_t i = 0; i < json_count(list); i++)
		waits = waits || is_it(op, json_at(list, i));
	op_say(op, "Command took the discovery on %s%s; what it finds are stores to approve, once the store is "
	       "refreshed", text_of(op, "name"), waits ? ", which waits for the agent" : "");
	return next_done();
}

/* ---- plan ---- */

bool keyfactor_discovery_planned_add(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *what = NULL;

	if (!check(op, error))
		return false;
	what = g_strdup_printf("%s: stores of the type %s in %s", text_of(op, "name"),
			       text_of(op, "store-type"), text_of(op, "dirs"));
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /CertificateStoreTypes/Name",
			       "whether agents look for such stores");
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /Agents", "the GUID of the agent");
	keyfactor_planned_call(op, p, PLAN_CHANGES, "PUT /CertificateStores/DiscoveryJob", what);
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /OrchestratorJobs/ScheduledJobs", "whether it waits");
	plan_not(p, "the agent looks, and changes nothing; what it finds is in use once somebody approves it");
	plan_remark(p, "DISCOVERY_FILE: JSON with ClientMachine, AgentId, Type, JobExecutionTimestamp and "
		    "Dirs");
	keyfactor_planned_run_file(op, p, "PUT", "/CertificateStores/DiscoveryJob", "DISCOVERY_FILE",
				   "a file with the discovery as JSON");
	return true;
}
