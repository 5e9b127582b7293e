/*
 * keyfactor_keystore: one of Command's certificate stores as it stands there, as a row and for whoever
 * changes it.
 */
#include "keyfactor_keystores.h"

#include <string.h>

#define PROPERTIES_MAX (64u << 10)	/* bytes of the text that they are in */
#define VALUE_BYTES 600

/* clang-format off */
const struct field keyfactor_keystore_questions[] = {
	{ "machine",           FIELD_TEXT,   "Client machine",    false, NULL, NULL,
	  "the machine that the store is on, as its type has it" },
	{ "path",              FIELD_TEXT,   "Store path",        false, NULL, NULL,
	  "where the store lies there" },
	{ "agent",             FIELD_TEXT,   "Agent",             false, NULL, NULL,
	  "the approved agent that looks after it, by its name or its GUID" },
	{ "container",         FIELD_TEXT,   "Container",         false, NULL, NULL,
	  "the container that it is in" },
	{ "create-if-missing", FIELD_CHOICE, "Create if missing", false, NULL, "yes no",
	  "whether the agent makes the store where there is none" },
	{ "properties",        FIELD_TEXT,   "Properties",        false, NULL, NULL,
	  "what its type wants to be told, as in MountPoint=kv, Port=443; the type's details say which there "
	  "are", .parts = KEYFACTOR_TYPE },
	{ "server-username",   FIELD_SECRET, "Server user",       false, NULL, NULL,
	  "with whom the agent signs in at the machine", .parts = KEYFACTOR_TYPE },
	{ "server-password",   FIELD_SECRET, "Server password",   false, NULL, NULL,
	  "of that user", .parts = KEYFACTOR_TYPE },
	{ "store-password",    FIELD_SECRET, "Store password",    false, NULL, NULL,
	  "of the store itself" },
	{ "other-secrets",     FIELD_SECRET, "Other secrets",     false, NULL, NULL,
	  "NAME=VALUE of a property that is a secret, or a JSON object of several", .takes_lines = true,
	  .parts = KEYFACTOR_TYPE },
	{ NULL }
};

/* Beginning with what the agent found, and with what the type has where it found nothing. */
const struct field keyfactor_found_questions[] = {
	{ "container",       FIELD_TEXT,   "Container",       false, NULL, NULL,
	  "the container that it goes into; none when nothing is said" },
	{ "properties",      FIELD_TEXT,   "Properties",      false, NULL, NULL,
	  "what its type wants to be told, as in MountPoint=kv, Port=443; the type's details say which there "
	  "are", .parts = KEYFACTOR_TYPE },
	{ "server-username", FIELD_SECRET, "Server user",     false, NULL, NULL,
	  "with whom the agent signs in at the machine", .parts = KEYFACTOR_TYPE },
	{ "server-password", FIELD_SECRET, "Server password", false, NULL, NULL,
	  "of that user", .parts = KEYFACTOR_TYPE },
	{ "store-password",  FIELD_SECRET, "Store password",  false, NULL, NULL,
	  "of the store itself" },
	{ "other-secrets",   FIELD_SECRET, "Other secrets",   false, NULL, NULL,
	  "NAME=VALUE of a property that is a secret, or a JSON object of several", .takes_lines = true,
	  .parts = KEYFACTOR_TYPE },
	{ NULL }
};
/* clang-format on */

/* ---- what it is made of ---- */

struct json *keyfactor_keystore_properties(const struct json *store)
{
	const char *text = json_text(keyfactor_get(store, "Properties"));

	return text ? json_parse(text, strlen(text), PROPERTIES_MAX, NULL) : NULL;
}

/* "x", {"value":"x"}, {"Value":{"SecretValue":…}}: versions have all of them. */
const struct json *keyfactor_keystore_value(const struct json *properties, const char *name)
{
	const struct json *j = keyfactor_get(properties, name);
	const struct json *inside = keyfactor_get(j, "value");

	return inside ? inside : j;
}

static bool is_something(const struct json *j)
{
	return j && !json_is_null(j) && !(json_text(j) && !*json_text(j));
}

bool keyfactor_keystore_has_secret(const struct json *properties, const char *name)
{
	const struct json *j = keyfactor_keystore_value(properties, name);

	if (!j || !json_key_at(j, 0))
		return is_something(j) && !(json_count(j) == 0 && !json_text(j));
	for (size_t i = 0; i < json_count(j); i++)
		if (is_something(json_get(j, json_key_at(j, i))))
			return true;
	return false;
}

bool keyfactor_keystore_has_password(const struct json *store)
{
	const struct json *j = keyfactor_get(store, "Password");

	return keyfactor_bool(j, "HasValue") || is_something(keyfactor_get(j, "SecretValue")) ||
	       is_something(keyfactor_get(j, "Value")) || json_text(j) != NULL;
}

/* ---- schedules ---- */

static void put_days(struct json_writer *w, const struct json *days)
{
	static const char *const names[] = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
					     "Saturday" };
	int64_t number;

	json_open(w, "Days", '[');
	for (size_t i = 0; i < MIN(json_count(days), 7); i++) {
		const char *name = json_text(json_at(days, i));

		if (json_int_at(days, i, &number))
			json_put_int(w, NULL, number);
		for (size_t k = 0; name && k < G_N_ELEMENTS(names); k++)
			if (!g_ascii_strcasecmp(names[k], name))
				json_put_int(w, NULL, (int64_t)k);
	}
	json_close(w, ']');
}

static void put_sort(struct json_writer *w, const char *sort, const struct json *j)
{
	if (!json_key_at(j, 0)) {
		json_put_copy(w, sort, j);
		return;
	}
	json_open(w, sort, '{');
	for (size_t i = 0; i < json_members(j); i++) {
		const char *key = json_key_at(j, i);

		if (!g_ascii_strcasecmp(key, "Days"))
			put_days(w, json_get(j, key));
		else
			json_put_copy(w, key, json_get(j, key));
	}
	json_close(w, '}');
}

void keyfactor_keystore_put_schedule(struct json_writer *w, const char *key, const struct json *schedule)
{
	static const char *const sorts[] = { "Immediate", "Interval", "Daily", "Weekly", "Monthly",
					     "ExactlyOnce" };

	for (size_t i = 0; i < G_N_ELEMENTS(sorts); i++) {
		const struct json *j = keyfactor_get(schedule, sorts[i]);

		if (!j || json_is_null(j) || (!json_key_at(j, 0) && !keyfactor_bool(schedule, sorts[i])))
			continue;
		json_open(w, key, '{');
		put_sort(w, sorts[i], j);
		json_close(w, '}');
		return;
	}
	json_put_null(w, key);
}

/* ---- the row ---- */

char *keyfactor_keystore_name(const char *machine, const char *path)
{
	return g_strdup_printf("%s: %s", machine, path);
}

static char *value_text(const struct json *properties, const char *name)
{
	const struct json *j = keyfactor_get(properties, name);

	return keyfactor_get(j, "value") ? keyfactor_text(j, "value", VALUE_BYTES) :
					   keyfactor_text(properties, name, VALUE_BYTES);
}

/* What its type does not know may be a secret, so it is not told. */
static void add_properties(struct object *o, const struct json *properties, const struct keyfactor_kind *kind,
			   bool is_found)
{
	g_autoptr(GString) all = g_string_new(NULL);
	guint known = 0;

	for (guint i = 0; kind && i < kind->properties->len; i++) {
		const struct keyfactor_property *p = kind->properties->pdata[i];
		g_autofree char *value = p->is_secret ? NULL : value_text(properties, p->name);

		known += keyfactor_get(properties, p->name) != NULL;
		if (p->is_secret) {
			object_add_fact(o, p->name, keyfactor_keystore_has_secret(properties, p->name) ?
					"a secret, which is not shown" : "a secret, which is not set");
			continue;
		}
		object_add_fact(o, p->name, value);
		if (*value || (is_found && *p->fallback))
			g_string_append_printf(all, "%s%s=%s", all->len ? ", " : "", p->name,
					       *value ? value : p->fallback);
	}
	object_add_answer(o, "properties", all->str);
	if (json_count(properties) > known) {
		g_autofree char *more = g_strdup_printf("%zu that its type does not know",
							json_count(properties) - known);

		object_add_fact(o, "other properties", more);
	}
}

static void add_facts(struct object *o, const struct json *j, const struct keyfactor_kind *kind,
		      const char *agent)
{
	g_autofree char *id = keyfactor_text(j, "AgentId", 60), *type = keyfactor_text(j, "CertStoreType", 20);
	g_autofree char *schedule = keyfactor_place_schedule(keyfactor_get(j, "InventorySchedule"));
	bool creates = keyfactor_bool(j, "CreateIfMissing");

	keyfactor_thing_text(o, "client machine", j, "ClientMachine");
	keyfactor_thing_text(o, "store path", j, "Storepath");
	object_add_fact(o, "store type", kind ? kind->name : type);
	object_add_fact(o, "agent", agent ? agent : id);
	keyfactor_thing_text(o, "container", j, "ContainerName");
	object_add_fact(o, "inventory", *schedule ? schedule : "is not scheduled");
	object_add_fact(o, "made where missing", creates ? "yes" : "no");
	object_add_fact(o, "store password", keyfactor_keystore_has_password(j) ? "set, and not shown" :
									      "not set");
}

static void add_answers(struct object *o, const struct json *j, const char *agent, bool is_found)
{
	static const char *const keys[][2] = { { "container", "ContainerName" }, { "machine", "ClientMachine" },
					       { "path", "Storepath" } };
	g_autofree char *id = keyfactor_text(j, "AgentId", 60);

	for (size_t i = 0; i < (is_found ? 1 : G_N_ELEMENTS(keys)); i++) {
		g_autofree char *value = keyfactor_text(j, keys[i][1], VALUE_BYTES);

		object_add_answer(o, keys[i][0], value);
	}
	if (is_found)
		return;
	object_add_answer(o, "agent", agent ? agent : id);
	object_add_answer(o, "create-if-missing", keyfactor_bool(j, "CreateIfMissing") ? "yes" : "no");
}

static void add_state(struct object *o, const struct json *j, const struct keyfactor_kind *kind,
		      const char *agent)
{
	bool is_approved = keyfactor_bool(j, "Approved");
	g_autofree char *summary = g_strdup_printf("%s%s%s%s", kind ? kind->name : "a store",
						   agent ? ", by the agent " : "", agent ? agent : "",
						   is_approved ? "" : ", found and not approved yet");

	keyfactor_thing_state(o, is_approved ? "approved" : "found", is_approved ? TONE_PLAIN : TONE_NOTICE);
	store_set(&o->summary, summary);
	store_set(&o->can, is_approved ? "object-edit object-drop object-save" :
					   "object-approve object-drop");
}

/* Its type, which knows what it is made of, and the store that it is as well. */
static void add_kin(struct object *o, const struct json *j, const char *guid, bool is_found)
{
	g_autofree char *number = keyfactor_text(j, "CertStoreType", 20);
	g_autofree char *type = g_strconcat(KEYFACTOR_TYPE "/", number, NULL);
	g_autofree char *place = g_strconcat("store:", guid, NULL);

	store_set(&o->of, type);
	store_set(&o->place, is_found ? "" : place);
}

struct object *keyfactor_keystore_row(const struct op *op, const struct json *j,
				      const struct keyfactor_kind *kind, const char *agent)
{
	g_autofree char *guid = keyfactor_text(j, "Id", 60), *low = g_ascii_strdown(guid, -1);
	g_autofree char *machine = keyfactor_text(j, "ClientMachine", 300);
	g_autofree char *path = keyfactor_text(j, "Storepath", KEYFACTOR_TEXT_MAX);
	g_autofree char *name = keyfactor_keystore_name(machine, path);
	g_autoptr(json) properties = keyfactor_keystore_properties(j);
	bool is_found = !keyfactor_bool(j, "Approved");
	struct object *o;

	if (!g_uuid_string_is_valid(low))
		return NULL;
	o = keyfactor_thing_new(op, KEYFACTOR_KEYSTORE, low, name);
	add_kin(o, j, low, is_found);
	add_state(o, j, kind, agent);
	add_facts(o, j, kind, agent);
	add_answers(o, j, agent, is_found);
	add_properties(o, properties, kind, is_found);
	return o;
}
