/*
 * keyfactor_kind: a type of Command's certificate stores, as far as it says what a store is made from.
 */
#include "keyfactor_keystores.h"

#include <string.h>

#include <certty/model/parts.h>

#define PROPERTIES_MAX 100
#define NAME_MAX_BYTES 200

static void property_free(void *property)
{
	struct keyfactor_property *p = property;

	g_free(p->name);
	g_free(p->title);
	g_free(p->type);
	g_free(p->fallback);
	g_free(p->depends_on);
	g_strfreev(p->options);
	g_free(p);
}

/* The default of a choice is the list of what can be chosen, the first of which is meant. */
static void read_options(struct keyfactor_property *p)
{
	if (g_ascii_strcasecmp(p->type, "MultipleChoice"))
		return;
	p->options = g_strsplit(p->fallback, ",", -1);
	for (char **o = p->options; *o; o++)
		g_strstrip(*o);
	g_free(p->fallback);
	p->fallback = g_strdup(*p->options ? *p->options : "");
}

static struct keyfactor_property *property_read(const struct json *j)
{
	struct keyfactor_property *p = g_new0(struct keyfactor_property, 1);

	p->name = keyfactor_text(j, "Name", NAME_MAX_BYTES);
	p->title = keyfactor_text(j, "DisplayName", NAME_MAX_BYTES);
	p->type = keyfactor_text(j, "Type", NAME_MAX_BYTES);
	p->depends_on = keyfactor_text(j, "DependsOn", NAME_MAX_BYTES);
	p->is_needed = keyfactor_bool(j, "Required");
	p->is_secret = !g_ascii_strcasecmp(p->type, "Secret");
	p->fallback = p->is_secret ? g_strdup("") : keyfactor_text(j, "DefaultValue", KEYFACTOR_TEXT_MAX);
	read_options(p);
	return p;
}

static void add_known(struct keyfactor_kind *k, const char *name, const char *type)
{
	struct keyfactor_property *p;

	if (keyfactor_kind_find(k, name))
		return;
	p = g_new0(struct keyfactor_property, 1);
	p->name = g_strdup(name);
	p->title = g_strdup(name);
	p->type = g_strdup(type);
	p->is_secret = !strcmp(type, "Secret");
	p->fallback = g_strdup(p->is_secret ? "" : "true");
	p->depends_on = g_strdup("");
	g_ptr_array_add(k->properties, p);
}

struct keyfactor_kind *keyfactor_kind_of_manifest(const struct json *type)
{
	const struct json *list = keyfactor_get(type, "Properties");
	g_autoptr(keyfactor_kind) k = g_new0(struct keyfactor_kind, 1);

	k->properties = g_ptr_array_new_with_free_func(property_free);
	k->name = keyfactor_text(type, "ShortName", 100);
	k->needs_password = keyfactor_bool(keyfactor_get(type, "PasswordOptions"), "StoreRequired");
	k->discovers = keyfactor_bool(keyfactor_get(type, "SupportedOperations"), "Discovery");
	for (size_t i = 0; i < MIN(json_count(list), PROPERTIES_MAX); i++) {
		struct keyfactor_property *p = property_read(json_at(list, i));

		if (*p->name && !keyfactor_kind_find(k, p->name))
			g_ptr_array_add(k->properties, p);
		else
			property_free(p);
	}
	if (keyfactor_bool(type, "ServerRequired")) {	/* versions differ in whether they list these */
		add_known(k, "ServerUsername", "Secret");
		add_known(k, "ServerPassword", "Secret");
		add_known(k, "ServerUseSsl", "Bool");
	}
	return g_steal_pointer(&k);
}

struct keyfactor_kind *keyfactor_kind_read(const struct json *type)
{
	g_autoptr(keyfactor_kind) k = keyfactor_kind_of_manifest(type);

	return keyfactor_int(type, "StoreType", &k->number) && k->number >= 0 ? g_steal_pointer(&k) : NULL;
}

void keyfactor_kind_free(struct keyfactor_kind *k)
{
	if (!k)
		return;
	g_free(k->name);
	g_ptr_array_unref(k->properties);
	g_free(k);
}

const struct keyfactor_property *keyfactor_kind_find(const struct keyfactor_kind *k, const char *name)
{
	for (guint i = 0; i < k->properties->len; i++) {
		const struct keyfactor_property *p = k->properties->pdata[i];

		if (!g_ascii_strcasecmp(p->name, name))
			return p;
	}
	return NULL;
}

/* ---- what may be said ---- */

static char *names_of(const struct keyfactor_kind *k)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < k->properties->len; i++) {
		const struct keyfactor_property *p = k->properties->pdata[i];

		if (!p->is_secret)
			g_string_append_printf(out, "%s%s", out->len ? ", " : "; there are ", p->name);
	}
	return g_string_free(out, FALSE);
}

static bool check_value(const struct keyfactor_property *p, const char *value, GError **error)
{
	g_autofree char *options = p->options ? g_strjoinv(", ", p->options) : g_strdup("true, false");
	bool is_one = true;

	if (p->options)
		is_one = g_strv_contains((const char *const *)p->options, value);
	else if (!g_ascii_strcasecmp(p->type, "Bool"))
		is_one = !g_ascii_strcasecmp(value, "true") || !g_ascii_strcasecmp(value, "false");
	if (!is_one)
		g_set_error(error, ERR, ERR_USAGE, "%s is one of %s, and not %s", p->name, options, value);
	return is_one;
}

bool keyfactor_kind_check(const struct keyfactor_kind *k, const char *name, const char *value, GError **error)
{
	const struct keyfactor_property *p = keyfactor_kind_find(k, name);
	g_autofree char *names = names_of(k);

	if (!p)
		g_set_error(error, ERR, ERR_USAGE, "stores of the type %s have no property %s%s", k->name, name,
			    names);
	else if (p->is_secret)
		g_set_error(error, ERR, ERR_REFUSED, "%s is a secret, which would stand in the journal: give "
			    "it where secrets are asked for", p->name);
	else if (!*value)
		return true;
	return p && !p->is_secret && check_value(p, value, error);
}

/* ---- for forms ---- */

/* Secrets that nearly all types have are questions of their own, which other verbs ask as well. */
static const char *question_of(const struct keyfactor_property *p)
{
	static const char *const own[][2] = {
		{ "ServerUsername", "server-username" }, { "ServerPassword", "server-password" } };

	for (size_t i = 0; p->is_secret && i < G_N_ELEMENTS(own); i++)
		if (!g_ascii_strcasecmp(p->name, own[i][0]))
			return own[i][1];
	return p->is_secret ? "other-secrets" : "properties";
}

static bool is_flag(const char *type)
{
	return !g_ascii_strcasecmp(type, "Bool");
}

static void tell_property(struct object *o, const struct keyfactor_kind *k, const struct keyfactor_property *p)
{
	static char *truths[] = { (char *)"false", (char *)"true", NULL };
	const struct keyfactor_property *by = *p->depends_on ? keyfactor_kind_find(k, p->depends_on) : NULL;
	g_autofree char *low = is_flag(p->type) ? g_ascii_strdown(p->fallback, -1) : g_strdup(p->fallback);
	const struct part part = {
		.question = question_of(p), .name = p->name, .title = p->title, .fallback = low,
		.kind = p->is_secret ? FIELD_SECRET :
			p->options || is_flag(p->type) ? FIELD_CHOICE : FIELD_TEXT,
		.choices = is_flag(p->type) ? truths : p->options, .needs = by ? by->name : NULL,
		.needed = p->is_needed,
	};

	parts_add(&o->parts, &part);
}

/* Of an entry, which another verb may want or not; secrets have no default that anybody is shown. */
static void tell_parameter(struct object *o, const struct keyfactor_parameter *p)
{
	static const char truths[] = "false,true";
	bool is_secret = !g_ascii_strcasecmp(p->type, "Secret");
	bool is_choice = !is_secret && (*p->options || is_flag(p->type));
	g_auto(GStrv) options = g_strsplit(*p->options ? p->options : truths, ",", -1);
	const struct {
		enum verb_id verb;
		bool needed;
	} verbs[] = { { VERB_REENROLL, p->on_enrol }, { VERB_IMPORT, p->on_add } };

	for (char **option = options; *option; option++)
		g_strstrip(*option);
	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
		g_autofree char *question = g_strconcat(verb_table[verbs[i].verb].name, ":",
							is_secret ? "parameter-secrets" : "parameters", NULL);
		const struct part part = {
			.question = question, .name = p->name, .title = p->title, .needed = verbs[i].needed,
			.kind = is_secret ? FIELD_SECRET : is_choice ? FIELD_CHOICE : FIELD_TEXT,
			.fallback = is_secret ? NULL : p->fallback, .choices = is_choice ? options : NULL,
		};

		parts_add(&o->parts, &part);
	}
}

void keyfactor_kind_tell(struct object *o, const struct json *type)
{
	g_autoptr(keyfactor_kind) k = keyfactor_kind_read(type);
	g_autoptr(keyfactor_place) p = keyfactor_place_new();

	for (guint i = 0; k && i < k->properties->len; i++)
		tell_property(o, k, k->properties->pdata[i]);
	keyfactor_place_take_type(p, type);
	for (guint i = 0; i < p->parameters->len; i++)
		tell_parameter(o, p->parameters->pdata[i]);
}
