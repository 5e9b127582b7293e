/*
 * keyfactor_thing_change: which of the things beside certificates a verb is about, and how they are sent.
 */
#include "keyfactor_keystores.h"

#include <string.h>

/* clang-format off */
#define OF_STORE "what=" KEYFACTOR_KEYSTORE
#define OF_BOTH	 "what=" KEYFACTOR_KEYSTORE " " KEYFACTOR_DISCOVERY
#define OF_SEARCH "what=" KEYFACTOR_DISCOVERY

const struct field keyfactor_thing_questions[] = {
	{ "what",       FIELD_CHOICE,  "What",       false, KEYFACTOR_TYPE,
	  KEYFACTOR_TYPE " " KEYFACTOR_CONTAINER " " KEYFACTOR_KEYSTORE " " KEYFACTOR_CSV " "
	  KEYFACTOR_DISCOVERY " " KEYFACTOR_ANEW,
	  "a type of certificate stores, which one of Keyfactor's integrations describes, a container, a "
	  "certificate store, whose name is its path, all stores of a file, by the name of their type, a "
	  "discovery, by the name of the machine, or a type anew, with its stores" },
	{ "manifest",   FIELD_FILE_IN, "Manifest",   false, NULL, NULL,
	  "the integration-manifest.json that has a type of that short name",
	  "what=" KEYFACTOR_TYPE " " KEYFACTOR_ANEW },
	{ "store-type", FIELD_TEXT,    "Store type", false, NULL, NULL,
	  "the short name of its type, as in RFPEM; of a container, of the stores in it",
	  "what=" KEYFACTOR_CONTAINER " " KEYFACTOR_KEYSTORE " " KEYFACTOR_DISCOVERY },
	{ "file",       FIELD_FILE_IN, "File",       false, NULL, NULL,
	  "the CSV file with a store in each row, as objects save writes it",
	  "what=" KEYFACTOR_CSV " " KEYFACTOR_ANEW },
	{ "hold-agents", FIELD_LIST,   "Hold agents", false, NULL, NULL,
	  "agents that get no jobs meanwhile, by name or GUID, separated by commas: disapproved before anything "
	  "is deleted, and approved before the stores are made",
	  "what=" KEYFACTOR_ANEW },
	{ "deletes",    FIELD_CHOICE,  "Deletes",    false, "no", "no yes",
	  "whether the type, and all stores of it, may be deleted before they are made anew",
	  "what=" KEYFACTOR_ANEW },
	{ "machine",           FIELD_TEXT,   "Client machine",    false, NULL, NULL,
	  "the machine that the store is on, as its type has it", OF_STORE },
	{ "agent",             FIELD_TEXT,   "Agent",             false, NULL, NULL,
	  "the approved agent that looks after it, or for it, by its name or its GUID", OF_BOTH },
	{ "container",         FIELD_TEXT,   "Container",         false, NULL, NULL,
	  "the container that it is in; none when nothing is said", OF_STORE },
	{ "create-if-missing", FIELD_CHOICE, "Create if missing", false, "no", "no yes",
	  "whether the agent makes the store where there is none", OF_STORE },
	{ "properties",        FIELD_TEXT,   "Properties",        false, NULL, NULL,
	  "what its type wants to be told, as in MountPoint=kv, Port=443; the type's details say which there "
	  "are", OF_STORE, .parts = KEYFACTOR_TYPE },
	{ "server-username",   FIELD_SECRET, "Server user",       false, NULL, NULL,
	  "with whom the agent signs in at the machine", OF_BOTH, .parts = KEYFACTOR_TYPE,
	  .parts_when = OF_STORE },
	{ "server-password",   FIELD_SECRET, "Server password",   false, NULL, NULL,
	  "of that user", OF_BOTH, .parts = KEYFACTOR_TYPE, .parts_when = OF_STORE },
	{ "store-password",    FIELD_SECRET, "Store password",    false, NULL, NULL,
	  "of the store itself", OF_STORE },
	{ "other-secrets",     FIELD_SECRET, "Other secrets",     false, NULL, NULL,
	  "NAME=VALUE of a property that is a secret, or a JSON object of several", OF_STORE,
	  .takes_lines = true, .parts = KEYFACTOR_TYPE },
	{ "dirs",         FIELD_TEXT,   "Look in",        false, NULL, NULL,
	  "folders, or what the type has instead, separated by commas", OF_SEARCH },
	{ "ignored-dirs", FIELD_TEXT,   "But not in",     false, NULL, NULL,
	  "folders among them, separated by commas", OF_SEARCH },
	{ "extensions",   FIELD_TEXT,   "Extensions",     false, NULL, NULL,
	  "how the names of files end, separated by commas; noext for none", OF_SEARCH },
	{ "patterns",     FIELD_TEXT,   "Name patterns",  false, NULL, NULL,
	  "what the names have in them, separated by commas", OF_SEARCH },
	{ "symlinks",     FIELD_CHOICE, "Follow links",   false, "no", "no yes",
	  "whether symbolic links are followed", OF_SEARCH },
	{ "at",           FIELD_TEXT,   "At",             false, NULL, NULL,
	  "when, in UTC, as in 2030-01-31T03:30; at once when nothing is said", OF_SEARCH },
	{ NULL }
};

static const struct sort {
	const char *type;
	step_fn *add, *edit, *drop, *reset, *save, *approve;
	plan_fn *planned_add, *planned_edit, *planned_drop, *planned_reset, *planned_save,
		*planned_approve;
} sorts[] = {
	{ .type = KEYFACTOR_AGENT,
	  .edit = keyfactor_agent_edit,   .planned_edit = keyfactor_agent_planned_edit,
	  .reset = keyfactor_agent_reset, .planned_reset = keyfactor_agent_planned_reset },
	{ .type = KEYFACTOR_TYPE,
	  .add = keyfactor_type_add,      .planned_add = keyfactor_type_planned_add,
	  .drop = keyfactor_type_drop,    .planned_drop = keyfactor_type_planned_drop,
	  .save = keyfactor_keystore_save, .planned_save = keyfactor_keystore_planned_save },
	{ .type = KEYFACTOR_CONTAINER,
	  .add = keyfactor_container_add,   .planned_add = keyfactor_container_planned_add,
	  .edit = keyfactor_container_edit, .planned_edit = keyfactor_container_planned_edit },
	{ .type = KEYFACTOR_KEYSTORE,
	  .add = keyfactor_keystore_add,   .planned_add = keyfactor_keystore_planned_add,
	  .edit = keyfactor_keystore_edit, .planned_edit = keyfactor_keystore_planned_edit,
	  .drop = keyfactor_keystore_drop, .planned_drop = keyfactor_keystore_planned_drop,
	  .save = keyfactor_keystore_save, .planned_save = keyfactor_keystore_planned_save,
	  .approve = keyfactor_keystore_edit, .planned_approve = keyfactor_keystore_planned_approve },
	{ .type = KEYFACTOR_DISCOVERY,
	  .add = keyfactor_discovery_add,  .planned_add = keyfactor_discovery_planned_add },
	{ .type = KEYFACTOR_ANEW,
	  .add = keyfactor_type_anew,      .planned_add = keyfactor_type_planned_anew },
	{ .type = KEYFACTOR_CSV,
	  .add = keyfactor_keystore_bulk,  .planned_add = keyfactor_keystore_planned_bulk },
	{ .type = KEYFACTOR_RUN,
	  .edit = keyfactor_run_edit,     .planned_edit = keyfactor_run_planned_edit },
};
/* clang-format on */

/* ---- sending ---- */

struct request_out *keyfactor_thing_send(struct op *op, const char *method, const char *path,
					 const char *body)
{
	struct request_out *r;

	keyfactor_call_mine(op, 1, g_free);
	r = body ? keyfactor_call_post(op, path, body) : keyfactor_call_get(op, path, NULL);
	g_free(r->method);
	r->method = g_strdup(method);
	r->is_repeatable = false;
	return r;
}

bool keyfactor_thing_is_done(const struct reply *r)
{
	return !r->error && (r->status == 200 || r->status == 204);
}

char *keyfactor_thing_ids(const char *member, const char *id, bool is_text)
{
	struct json_writer w = { .out = g_string_new(NULL) };

	if (member)
		json_open(&w, NULL, '{');
	json_open(&w, member, '[');
	if (is_text)
		json_put_str(&w, NULL, id);
	else
		json_put_int(&w, NULL, g_ascii_strtoll(id, NULL, 10));
	json_close(&w, ']');
	if (member)
		json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

/* ---- which ---- */

static const struct sort *sort_of(const char *type)
{
	static const struct sort none = { 0 };

	for (size_t i = 0; i < G_N_ELEMENTS(sorts); i++)
		if (!strcmp(type, sorts[i].type))
			return &sorts[i];
	return &none;
}

static const struct sort *sort_made(const struct op *op)
{
	return sort_of(args_text(op->args, "what", KEYFACTOR_TYPE));
}

static const char *name_of(const struct op *op)
{
	return op->object ? op->object->name : op->store->title;
}

static struct next begin(struct op *op, step_fn *step)
{
	return step ? step(op, NULL) : next_fail(op, ERR_REFUSED, "Command has nothing like that for %s",
						 name_of(op));
}

static bool plan(struct op *op, struct plan *p, plan_fn *say, GError **error)
{
	if (say)
		return say(op, p, error);
	g_set_error(error, ERR, ERR_REFUSED, "Command has nothing like that for %s", name_of(op));
	return false;
}

struct next keyfactor_thing_add(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, sort_made(op)->add);
}

struct next keyfactor_thing_edit(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, sort_of(op->object->type)->edit);
}

struct next keyfactor_thing_drop(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, sort_of(op->object->type)->drop);
}

struct next keyfactor_thing_reset(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, sort_of(op->object->type)->reset);
}

struct next keyfactor_thing_approve(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, sort_of(op->object->type)->approve);
}

struct next keyfactor_thing_save(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, sort_of(op->object->type)->save);
}

bool keyfactor_thing_planned_add(struct op *op, struct plan *p, GError **error)
{
	return plan(op, p, sort_made(op)->planned_add, error);
}

bool keyfactor_thing_planned_edit(struct op *op, struct plan *p, GError **error)
{
	return plan(op, p, sort_of(op->object->type)->planned_edit, error);
}

bool keyfactor_thing_planned_drop(struct op *op, struct plan *p, GError **error)
{
	return plan(op, p, sort_of(op->object->type)->planned_drop, error);
}

bool keyfactor_thing_planned_reset(struct op *op, struct plan *p, GError **error)
{
	return plan(op, p, sort_of(op->object->type)->planned_reset, error);
}

bool keyfactor_thing_planned_save(struct op *op, struct plan *p, GError **error)
{
	return plan(op, p, sort_of(op->object->type)->planned_save, error);
}

bool keyfactor_thing_planned_approve(struct op *op, struct plan *p, GError **error)
{
	return plan(op, p, sort_of(op->object->type)->planned_approve, error);
}
