/*
 * keyfactor_place: one of Command's certificate stores: what is known of it, kept as JSON with the store
 * and told as lines.
 */
#include "keyfactor_places.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

#define MEMO_MAX    (64u << 20)
#define ENTRIES_MAX 1000000
#define PARAMETERS_MAX 200

/* clang-format off */
static const struct {
	const char *key;
	size_t at;
} texts[] = {
	{ "machine",     offsetof(struct keyfactor_place, machine) },
	{ "path",        offsetof(struct keyfactor_place, path) },
	{ "type",        offsetof(struct keyfactor_place, type) },
	{ "agent",       offsetof(struct keyfactor_place, agent) },
	{ "agent_id",    offsetof(struct keyfactor_place, agent_id) },
	{ "container",   offsetof(struct keyfactor_place, container) },
	{ "schedule",    offsetof(struct keyfactor_place, schedule) },
	{ "failure",     offsetof(struct keyfactor_place, failure) },
	{ "reenrolment", offsetof(struct keyfactor_place, reenrolment) },
}, entry_texts[] = {
	{ "alias",       offsetof(struct keyfactor_entry, alias) },
	{ "name",        offsetof(struct keyfactor_entry, name) },
	{ "thumbprint",  offsetof(struct keyfactor_entry, thumbprint) },
	{ "print",       offsetof(struct keyfactor_entry, print) },
	{ "parameters",  offsetof(struct keyfactor_entry, parameters) },
	{ "same",        offsetof(struct keyfactor_entry, same) },
}, parameter_texts[] = {
	{ "name",        offsetof(struct keyfactor_parameter, name) },
	{ "title",       offsetof(struct keyfactor_parameter, title) },
	{ "type",        offsetof(struct keyfactor_parameter, type) },
	{ "fallback",    offsetof(struct keyfactor_parameter, fallback) },
	{ "options",     offsetof(struct keyfactor_parameter, options) },
}, parameter_truths[] = {
	{ "add",         offsetof(struct keyfactor_parameter, on_add) },
	{ "remove",      offsetof(struct keyfactor_parameter, on_remove) },
	{ "enrol",       offsetof(struct keyfactor_parameter, on_enrol) },
}, numbers[] = {
	{ "type_id",     offsetof(struct keyfactor_place, type_id) },
	{ "inventoried", offsetof(struct keyfactor_place, inventoried) },
	{ "key",         offsetof(struct keyfactor_place, key) },
	{ "alias",       offsetof(struct keyfactor_place, alias) },
}, truths[] = {
	{ "type_known",  offsetof(struct keyfactor_place, has_type) },
	{ "adds",        offsetof(struct keyfactor_place, adds) },
	{ "removes",     offsetof(struct keyfactor_place, removes) },
	{ "enrols",      offsetof(struct keyfactor_place, enrols) },
	{ "passwords",   offsetof(struct keyfactor_place, has_passwords) },
	{ "blind",       offsetof(struct keyfactor_place, is_blind) },
};

static const char *const rules[KEYFACTOR_RULES] = { "Forbidden", "Optional", "Required" };
/* clang-format on */

#define AT(type, of, at) ((type *)(void *)((char *)(of) + (at)))

bool keyfactor_is_place(const struct store *s)
{
	return s && !strcmp(s->type, KEYFACTOR_PLACE);
}

const char *keyfactor_place_guid(const struct store *s)
{
	const char *slash = strrchr(s->address, '/');

	return slash ? slash + 1 : "";
}

/* ---- life ---- */

struct keyfactor_entry *keyfactor_entry_new(const char *alias, const char *name)
{
	struct keyfactor_entry *e = g_new0(struct keyfactor_entry, 1);

	for (size_t i = 0; i < G_N_ELEMENTS(entry_texts); i++)
		*AT(char *, e, entry_texts[i].at) = g_strdup("");
	store_set(&e->alias, alias);
	store_set(&e->name, name);
	return e;
}

static void entry_free(void *entry)
{
	struct keyfactor_entry *e = entry;

	for (size_t i = 0; i < G_N_ELEMENTS(entry_texts); i++)
		g_free(*AT(char *, e, entry_texts[i].at));
	keyfactor_cert_free(e->cert);
	g_free(e);
}

static void parameter_free(void *parameter)
{
	struct keyfactor_parameter *p = parameter;

	for (size_t i = 0; i < G_N_ELEMENTS(parameter_texts); i++)
		g_free(*AT(char *, p, parameter_texts[i].at));
	g_free(p);
}

struct keyfactor_place *keyfactor_place_new(void)
{
	struct keyfactor_place *p = g_new0(struct keyfactor_place, 1);

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		*AT(char *, p, texts[i].at) = g_strdup("");
	p->key = p->alias = KEYFACTOR_MAY;
	p->entries = g_ptr_array_new_with_free_func(entry_free);
	p->parameters = g_ptr_array_new_with_free_func(parameter_free);
	return p;
}

void keyfactor_place_free(struct keyfactor_place *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(*AT(char *, p, texts[i].at));
	g_ptr_array_unref(p->entries);
	g_ptr_array_unref(p->parameters);
	g_free(p);
}

const struct keyfactor_entry *keyfactor_place_find(const struct keyfactor_place *p, const char *alias)
{
	for (guint i = 0; i < p->entries->len; i++) {
		const struct keyfactor_entry *e = p->entries->pdata[i];

		if (!strcmp(e->alias, alias))
			return e;
	}
	return NULL;
}

/* ---- kept with the store ---- */

static void read_entries(struct keyfactor_place *p, const struct json *list)
{
	for (size_t i = 0; i < MIN(json_count(list), ENTRIES_MAX); i++) {
		const struct json *j = json_at(list, i);
		struct keyfactor_entry *e = keyfactor_entry_new("", "");

		for (size_t k = 0; k < G_N_ELEMENTS(entry_texts); k++) {
			g_free(*AT(char *, e, entry_texts[k].at));
			*AT(char *, e, entry_texts[k].at) =
				keyfactor_text(j, entry_texts[k].key, 4 * KEYFACTOR_TEXT_MAX);
		}
		json_int(j, "id", &e->id);
		g_ptr_array_add(p->entries, e);
	}
}

static void read_parameters(struct keyfactor_place *p, const struct json *list)
{
	for (size_t i = 0; i < MIN(json_count(list), PARAMETERS_MAX); i++) {
		const struct json *j = json_at(list, i);
		struct keyfactor_parameter *one = g_new0(struct keyfactor_parameter, 1);

		for (size_t k = 0; k < G_N_ELEMENTS(parameter_texts); k++)
			*AT(char *, one, parameter_texts[k].at) =
				keyfactor_text(j, parameter_texts[k].key, KEYFACTOR_TEXT_MAX);
		for (size_t k = 0; k < G_N_ELEMENTS(parameter_truths); k++)
			*AT(bool, one, parameter_truths[k].at) = json_bool(j, parameter_truths[k].key, false);
		g_ptr_array_add(p->parameters, one);
	}
}

struct keyfactor_place *keyfactor_place_read(GBytes *memo)
{
	struct keyfactor_place *p = keyfactor_place_new();
	gsize len = 0;
	const char *bytes = memo ? g_bytes_get_data(memo, &len) : NULL;
	g_autoptr(json) j = bytes ? json_parse(bytes, len, MEMO_MAX, NULL) : NULL;

	if (!j)
		return p;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_free(*AT(char *, p, texts[i].at));
		*AT(char *, p, texts[i].at) = keyfactor_text(j, texts[i].key, 4 * KEYFACTOR_TEXT_MAX);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
		json_int(j, numbers[i].key, AT(int64_t, p, numbers[i].at));
	for (size_t i = 0; i < G_N_ELEMENTS(truths); i++)
		*AT(bool, p, truths[i].at) = json_bool(j, truths[i].key, false);
	read_entries(p, json_get(j, "entries"));
	read_parameters(p, json_get(j, "parameters"));
	return p;
}

static void write_parameters(struct json_writer *w, const GPtrArray *all)
{
	json_open(w, "parameters", '[');
	for (guint i = 0; i < all->len; i++) {
		const struct keyfactor_parameter *one = all->pdata[i];

		json_open(w, NULL, '{');
		for (size_t k = 0; k < G_N_ELEMENTS(parameter_texts); k++)
			json_put_str(w, parameter_texts[k].key,
				     *AT(char *const, one, parameter_texts[k].at));
		for (size_t k = 0; k < G_N_ELEMENTS(parameter_truths); k++)
			json_put_bool(w, parameter_truths[k].key,
				      *AT(const bool, one, parameter_truths[k].at));
		json_close(w, '}');
	}
	json_close(w, ']');
}

GBytes *keyfactor_place_write(const struct keyfactor_place *p)
{
	GString *out = g_string_new(NULL);
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		json_put_str(&w, texts[i].key, *AT(char *const, p, texts[i].at));
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
		json_put_int(&w, numbers[i].key, *AT(const int64_t, p, numbers[i].at));
	for (size_t i = 0; i < G_N_ELEMENTS(truths); i++)
		json_put_bool(&w, truths[i].key, *AT(const bool, p, truths[i].at));
	write_parameters(&w, p->parameters);
	json_open(&w, "entries", '[');
	for (guint i = 0; i < p->entries->len; i++) {
		const struct keyfactor_entry *e = p->entries->pdata[i];

		json_open(&w, NULL, '{');
		for (size_t k = 0; k < G_N_ELEMENTS(entry_texts); k++)
			json_put_str(&w, entry_texts[k].key, *AT(char *const, e, entry_texts[k].at));
		json_put_int(&w, "id", e->id);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	return g_string_free_to_bytes(out);
}

/* ---- what answers tell ---- */

static char *time_of_day(const struct json *j)
{
	g_autofree char *time = keyfactor_text(j, "Time", 60);
	const char *t = strchr(time, 'T');

	return g_strndup(t ? t + 1 : time, 5);
}

char *keyfactor_place_schedule(const struct json *schedule)
{
	const struct json *interval = keyfactor_get(schedule, "Interval");
	const struct json *once = keyfactor_get(schedule, "ExactlyOnce");
	static const char *const days[][2] = {
		{ "Daily", "every day at" }, { "Weekly", "every week at" }, { "Monthly", "every month at" } };
	int64_t minutes = 0;

	if (keyfactor_bool(schedule, "Immediate"))
		return g_strdup("now, once");
	if (keyfactor_int(interval, "Minutes", &minutes))
		return g_strdup_printf("every %" G_GINT64_FORMAT " minutes", minutes);
	for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
		const struct json *j = keyfactor_get(schedule, days[i][0]);
		g_autofree char *time = json_count(j) ? time_of_day(j) : NULL;

		if (time)
			return g_strdup_printf("%s %s UTC", days[i][1], time);
	}
	if (json_count(once)) {
		g_autofree char *time = keyfactor_text(once, "Time", 60);

		return g_strdup_printf("once, at %s", time);
	}
	return g_strdup("");
}

static void take(char **to, char *text /* taken */)
{
	g_free(*to);
	*to = text;
}

void keyfactor_place_take(struct keyfactor_place *p, const struct json *store)
{
	const struct json *reenrolment = keyfactor_get(store, "ReenrollmentStatus");
	int64_t type_id = 0;
	g_autofree char *agent = keyfactor_text(store, "AgentId", 60);

	take(&p->machine, keyfactor_text(store, "ClientMachine", 300));
	take(&p->path, keyfactor_text(store, "StorePath", KEYFACTOR_TEXT_MAX));
	take(&p->container, keyfactor_text(store, "ContainerName", 200));
	take(&p->schedule, keyfactor_place_schedule(keyfactor_get(store, "InventorySchedule")));
	take(&p->reenrolment, keyfactor_text(reenrolment, "Message", KEYFACTOR_TEXT_MAX));
	keyfactor_int(store, "CertStoreType", &type_id);
	if (type_id != p->type_id)
		p->has_type = false;
	p->type_id = type_id;
	if (strcmp(agent, p->agent_id))
		store_set(&p->agent, "");
	store_set(&p->agent_id, g_uuid_string_is_valid(agent) ? agent : "");
}

static int64_t rule_of(const struct json *type, const char *key)
{
	int rule = keyfactor_enum(type, key, rules, KEYFACTOR_RULES);

	return rule >= 0 && rule < KEYFACTOR_RULES ? rule : KEYFACTOR_MAY;
}

static void take_parameters(struct keyfactor_place *p, const struct json *list)
{
	static const char *const keys[] = { "Name", "DisplayName", "Type", "DefaultValue", "Options" };
	static const char *const when[] = { "OnAdd", "OnRemove", "OnReenrollment" };

	g_ptr_array_set_size(p->parameters, 0);
	for (size_t i = 0; i < MIN(json_count(list), PARAMETERS_MAX); i++) {
		const struct json *j = json_at(list, i), *needed = keyfactor_get(j, "RequiredWhen");
		struct keyfactor_parameter *one = g_new0(struct keyfactor_parameter, 1);

		for (size_t k = 0; k < G_N_ELEMENTS(keys); k++)
			*AT(char *, one, parameter_texts[k].at) = keyfactor_text(j, keys[k], 300);
		for (size_t k = 0; k < G_N_ELEMENTS(when); k++)
			*AT(bool, one, parameter_truths[k].at) = keyfactor_bool(needed, when[k]);
		if (*one->name)
			g_ptr_array_add(p->parameters, one);
		else
			parameter_free(one);
	}
}

void keyfactor_place_take_type(struct keyfactor_place *p, const struct json *type)
{
	const struct json *can = keyfactor_get(type, "SupportedOperations");

	take(&p->type, keyfactor_text(type, "ShortName", 100));
	p->adds = keyfactor_bool(can, "Add");
	p->removes = keyfactor_bool(can, "Remove");
	p->enrols = keyfactor_bool(can, "Enrollment");
	p->key = rule_of(type, "PrivateKeyAllowed");
	p->alias = rule_of(type, "CustomAliasAllowed");
	p->has_passwords = keyfactor_bool(keyfactor_get(type, "PasswordOptions"), "EntrySupported");
	take_parameters(p, keyfactor_get(type, "EntryParameters"));
	p->has_type = true;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char *keyfactor_place_same(const struct facts *f)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new();

	g_ptr_array_add(all, f->name);
	for (char **name = f->names; name && *name; name++)
		g_ptr_array_add(all, *name);
	g_ptr_array_sort(all, by_text);
	g_ptr_array_insert(all, 0, f->key);
	g_ptr_array_add(all, NULL);
	return g_strjoinv(" ", (char **)all->pdata);
}

/* ---- as lines ---- */

static void add(struct detail *d, enum tone tone, const char *label, const char *text)
{
	if (*text)
		detail_add(d, tone, label, "%s", text);
}

static void add_inventory(struct detail *d, const struct keyfactor_place *p, int64_t now)
{
	g_autoptr(GString) age = g_string_new(NULL);

	detail_add(d, *p->schedule ? TONE_PLAIN : TONE_WARN, "inventory", "%s",
		   *p->schedule ? p->schedule : "is not scheduled: what is shown grows old");
	if (p->inventoried)
		clock_say_iso(age, p->inventoried);
	detail_add(d, p->inventoried && now - p->inventoried < 7 * 86400 ? TONE_PLAIN : TONE_WARN,
		   "last inventory", "%s", p->inventoried ? age->str : p->is_blind ?
		   "not known: this user may not read the job history" :
		   "not known: the job history has none that went well");
}

static void add_parameter(struct detail *d, const struct keyfactor_parameter *one, const char *label)
{
	g_autoptr(GString) all = g_string_new(one->name);

	if (*one->title && strcmp(one->title, one->name))
		g_string_append_printf(all, " (%s)", one->title);
	if (*one->options)
		g_string_append_printf(all, ", one of %s", one->options);
	if (*one->fallback)
		g_string_append_printf(all, ", %s when nothing is said", one->fallback);
	if (one->on_add || one->on_enrol)
		g_string_append_printf(all, ", needed to %s", !one->on_enrol ? "add" :
				       one->on_add ? "add and reenroll" : "reenroll");
	detail_add(d, TONE_PLAIN, label, "%s", all->str);
}

static void add_type(struct detail *d, const struct keyfactor_place *p)
{
	static const char *const keys[KEYFACTOR_RULES] = {
		"never here", "may be here, and Command does not tell of which", "are here" };

	if (!p->has_type) {
		detail_add(d, TONE_DIM, "store type", "number %" G_GINT64_FORMAT, p->type_id);
		return;
	}
	detail_add(d, TONE_PLAIN, "store type", "%s: %s, %s, %s", p->type,
		   p->adds ? "adds" : "does not add", p->removes ? "removes" : "does not remove",
		   p->enrols ? "makes keys of its own" : "makes no keys of its own");
	detail_add(d, TONE_PLAIN, "private keys", "%s", keys[p->key]);
	for (guint i = 0; i < p->parameters->len; i++)
		add_parameter(d, p->parameters->pdata[i], i ? "" : "of each entry");
}

void keyfactor_place_describe(struct detail *d, const struct store *s, GBytes *memo, int64_t now)
{
	g_autoptr(keyfactor_place) p = keyfactor_place_read(memo);

	if (!keyfactor_is_place(s) || !memo)
		return;
	add(d, TONE_PLAIN, "client machine", p->machine);
	add(d, TONE_PLAIN, "store path", p->path);
	add_type(d, p);
	add(d, TONE_PLAIN, "agent", *p->agent ? p->agent : *p->agent_id ? p->agent_id : "none");
	add(d, TONE_PLAIN, "in Command's container", p->container);
	add_inventory(d, p, now);
	add(d, TONE_BAD, "failed", p->failure);
	add(d, TONE_NOTICE, "reenrollment", p->reenrolment);
}

void keyfactor_place_describe_cert(struct detail *d, const char *alias, GBytes *memo)
{
	static const char *const keys[KEYFACTOR_RULES] = {
		"none: this sort of store has none", "not known: Command does not tell",
		"beside it, as this sort of store demands" };
	g_autoptr(keyfactor_place) p = keyfactor_place_read(memo);
	const struct keyfactor_entry *e = keyfactor_place_find(p, alias);
	bool is_issuer = e && strcmp(e->alias, e->name);

	if (!e)
		return;
	add(d, TONE_PLAIN, "Alias", e->name);
	if (e->id)
		detail_add(d, TONE_PLAIN, "Command's ID", "%" G_GINT64_FORMAT, e->id);
	add(d, TONE_PLAIN, "Thumbprint", e->thumbprint);
	if (is_issuer)
		detail_add(d, TONE_PLAIN, "Private key", "none: it lies there as an issuer");
	else
		detail_add(d, TONE_PLAIN, "Private key", "%s", p->has_type ? keys[p->key] :
			   keys[KEYFACTOR_MAY]);
	add(d, TONE_PLAIN, "Entry", e->parameters);
	detail_add_time(d, "As of", p->inventoried);
	if (!p->inventoried)
		detail_add(d, TONE_WARN, "As of", "an inventory whose time is not known");
}
