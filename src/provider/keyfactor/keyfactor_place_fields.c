/*
 * keyfactor_place_fields: what a type of store wants to be told of each entry (a crypto provider, names
 * for a request): by the person's words, else as it stands there already, else as the type has it.
 *
 * Secrets among them come by an answer of their own, since what is said here stands in plans and in the
 * journal, and are put in only where all of it is sent.
 */
#include "keyfactor_places.h"

#include <string.h>

#include <certty/model/parts.h>

#define ASKED	   "parameter-secrets"
#define FIELDS_MAX (1u << 20)
#define AROUND	   100

/* clang-format off */
const struct field keyfactor_place_questions[] = {
	{ "parameters", FIELD_TEXT, "Entry parameters", false, NULL, NULL,
	  "what the store's type wants to be told of each entry, as in ProviderName=x, SAN=y; its details say "
	  "which there are", .parts = "store-type" },
	{ "parameter-secrets", FIELD_SECRET, "Secret parameters", false, NULL, NULL,
	  "NAME=VALUE of an entry parameter that is a secret, or a JSON object of several", .takes_lines = true,
	  .parts = "store-type" },
	{ NULL }
};
/* clang-format on */

struct saying {
	const struct keyfactor_place *p;
	const struct keyfactor_entry *there;	/* or NULL */
	GHashTable *said;			/* name: value */
	GHashTable *secrets;			/* likewise */
	enum keyfactor_when when;
};

static const char *const doing[] = { "to add", "to remove", "to reenroll" };

static const struct keyfactor_parameter *find(const struct keyfactor_place *p, const char *name)
{
	for (guint i = 0; i < p->parameters->len; i++) {
		const struct keyfactor_parameter *one = p->parameters->pdata[i];

		if (!g_ascii_strcasecmp(one->name, name))
			return one;
	}
	return NULL;
}

static bool is_secret(const struct keyfactor_parameter *one)
{
	return !g_ascii_strcasecmp(one->type, "Secret");
}

/* ---- what is said ---- */

static char *names_of(const struct keyfactor_place *p)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < p->parameters->len; i++) {
		const struct keyfactor_parameter *one = p->parameters->pdata[i];

		if (!is_secret(one))
			g_string_append_printf(out, "%s%s", out->len ? ", " : "", one->name);
	}
	return g_string_free(out, FALSE);
}

static bool check_option(const struct keyfactor_parameter *one, const char *value, GError **error)
{
	g_auto(GStrv) options = g_strsplit(one->options, ",", -1);
	bool is_one = !*one->options;

	for (char **o = options; *o; o++)
		is_one = is_one || !strcmp(g_strstrip(*o), value);
	if (!g_ascii_strcasecmp(one->type, "Bool"))
		is_one = !g_ascii_strcasecmp(value, "true") || !g_ascii_strcasecmp(value, "false");
	if (!is_one)
		g_set_error(error, ERR, ERR_USAGE, "%s is one of %s, and not %s", one->name,
			    *one->options ? one->options : "true, false", value);
	return is_one;
}

static bool check_words(const struct saying *s, GError **error)
{
	g_autofree char *names = names_of(s->p);
	GHashTableIter iter;
	gpointer name, value;

	g_hash_table_iter_init(&iter, s->said);
	while (g_hash_table_iter_next(&iter, &name, &value)) {
		const struct keyfactor_parameter *one = find(s->p, name);

		if (!one)
			g_set_error(error, ERR, ERR_USAGE, "stores of the type %s have no entry parameter "
				    "%s%s%s", s->p->type, (char *)name, *names ? "; there are " : "", names);
		else if (is_secret(one))
			g_set_error(error, ERR, ERR_REFUSED, "%s is a secret, which would stand in the "
				    "journal: give it where secret parameters are asked for", one->name);
		if (!one || is_secret(one) || !check_option(one, value, error))
			return false;
	}
	return true;
}

static const char *in_any_case(GHashTable *said, const char *name)
{
	GHashTableIter iter;
	gpointer key, value;

	g_hash_table_iter_init(&iter, said);
	while (g_hash_table_iter_next(&iter, &key, &value))
		if (!g_ascii_strcasecmp(key, name))
			return value;
	return NULL;
}

static bool check_secrets(const struct saying *s, GError **error)
{
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, s->secrets);
	while (g_hash_table_iter_next(&iter, &name, NULL)) {
		const struct keyfactor_parameter *one = find(s->p, name);

		if (one && is_secret(one))
			continue;
		g_set_error(error, ERR, ERR_USAGE, "stores of the type %s have no secret entry parameter %s",
			    s->p->type, (char *)name);
		return false;
	}
	return true;
}

/* ---- what stands there, and what the type has ---- */

/* Where a value ends, as the text of an entry has several of them. */
static const char *end_of(const struct keyfactor_place *p, const char *value)
{
	const char *at = value;

	while ((at = strstr(at, ", ")) != NULL) {
		g_autofree char *name = g_strndup(at + 2, strcspn(at + 2, "=,"));

		if (find(p, name) && at[2 + strlen(name)] == '=')
			return at;
		at += 2;
	}
	return value + strlen(value);
}

static char *value_there(const struct saying *s, const struct keyfactor_parameter *one)
{
	g_autofree char *key = g_strconcat(one->name, "=", NULL);
	const char *text = s->there ? s->there->parameters : "";
	const char *at = g_str_has_prefix(text, key) ? text : NULL;
	g_autofree char *inside = g_strconcat(", ", key, NULL);

	if (!at) {
		at = strstr(text, inside);
		at = at ? at + 2 : NULL;
	}
	if (!at)
		return NULL;
	at += strlen(key);
	return g_strndup(at, (gsize)(end_of(s->p, at) - at));
}

static char *value_of(const struct saying *s, const struct keyfactor_parameter *one)
{
	const char *said = in_any_case(s->said, one->name);
	char *there = said ? NULL : value_there(s, one);

	return said ? g_strdup(said) : there ? there : g_strdup(one->fallback);
}

static bool is_needed(const struct keyfactor_parameter *one, enum keyfactor_when when)
{
	const bool needed[] = { one->on_add, one->on_remove, one->on_enrol };

	return needed[when];
}

/* How to give what is needed. */
static const char *way(const struct keyfactor_parameter *one, enum keyfactor_when when)
{
	if (!is_secret(one))
		return ": give it as an entry parameter";
	return when == KEYFACTOR_REMOVE ? ", a secret: do it in Command itself" :
					  ", a secret: give it as a secret parameter; no deployment has it";
}

static bool put_all(const struct saying *s, struct json_writer *w, GError **error)
{
	for (guint i = 0; i < s->p->parameters->len; i++) {
		const struct keyfactor_parameter *one = s->p->parameters->pdata[i];
		g_autofree char *value = is_secret(one) ? g_strdup("") : value_of(s, one);

		if (*value)
			json_put_str(w, one->name, value);
		else if (is_needed(one, s->when) && !(is_secret(one) && in_any_case(s->secrets, one->name))) {
			g_set_error(error, ERR, ERR_USAGE, "stores of the type %s want %s %s%s", s->p->type,
				    one->name, doing[s->when], way(one, s->when));
			return false;
		}
	}
	return true;
}

char *keyfactor_place_fields(const struct keyfactor_place *p, const struct args *args,
			     const struct keyfactor_entry *there, enum keyfactor_when when, GError **error)
{
	g_autoptr(GHashTable) said = parts_words(args_text(args, "parameters", ""));
	struct keyfactor_secrets secrets;
	const struct saying s = { .p = p, .there = there, .said = said, .when = when,
				  .secrets = (keyfactor_secrets_init(&secrets), secrets.values) };
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer w = { .out = out };
	bool ok = keyfactor_secrets_take(&secrets, args_secret(args, ASKED), "Secret parameters", error) &&
		  (!p->has_type || (check_words(&s, error) && check_secrets(&s, error)));

	json_open(&w, NULL, '{');
	ok = ok && put_all(&s, &w, error);
	json_close(&w, '}');
	keyfactor_secrets_done(&secrets);
	return ok ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}

/* ---- what is sent ---- */

static void put_secret(struct json_writer *w, const char *name, const char *value)
{
	json_open(w, name, '{');
	json_put_str(w, "SecretValue", value);
	json_close(w, '}');
}

bool keyfactor_place_put_fields(struct json_writer *w, const char *member, const char *fields,
				const struct args *args)
{
	g_autoptr(json) plain = json_parse(fields, strlen(fields), FIELDS_MAX, NULL);
	struct keyfactor_secrets secrets;
	GHashTableIter iter;
	gpointer name, value;
	bool has_any;

	keyfactor_secrets_init(&secrets);
	keyfactor_secrets_take(&secrets, args ? args_secret(args, ASKED) : NULL, "", NULL);
	has_any = json_count(plain) || g_hash_table_size(secrets.values);
	if (has_any) {
		json_open(w, member, '{');
		for (size_t i = 0; i < json_members(plain); i++)
			json_put_copy(w, json_key_at(plain, i), json_at(plain, i));
		g_hash_table_iter_init(&iter, secrets.values);
		while (g_hash_table_iter_next(&iter, &name, &value))
			put_secret(w, name, value);
		json_close(w, '}');
	}
	keyfactor_secrets_done(&secrets);
	return has_any;
}

/* Of each secret at the least seven bytes are in the answer itself, and each byte takes at most six. */
size_t keyfactor_place_room(const struct args *args)
{
	const struct secret *all = args_secret(args, ASKED);

	return all ? AROUND + 12 * all->len : 0;
}
