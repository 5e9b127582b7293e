/*
 * keyfactor_keystore_body: one of Command's certificate stores as it is sent.
 *
 * What is not sent is cleared there, and secrets are never told: so one that is set must be given anew, or
 * the store stays as it is.
 */
#include "keyfactor_enrol.h"
#include "keyfactor_keystores.h"

#include <string.h>

#define ROOM 4096	/* bytes beside what is written */

struct sending {
	const struct keyfactor_wish *w;
	const struct keyfactor_kind *k;
	const struct json *now, *properties;	/* NULL: there is none yet */
	const struct keyfactor_whose *whose;
	GString *inside;			/* the properties as text */
	bool is_new;				/* what it has not, its type has */
};

static const char *in_any_case(GHashTable *table, const char *name)
{
	GHashTableIter iter;
	gpointer key, value;

	g_hash_table_iter_init(&iter, table);
	while (g_hash_table_iter_next(&iter, &key, &value))
		if (!g_ascii_strcasecmp(key, name))
			return value;
	return NULL;
}

/* As it stands there; NULL: it is not there. */
static char *value_now(const struct sending *s, const char *name)
{
	const struct json *j = keyfactor_get(s->properties, name);
	const char *text = json_text(keyfactor_keystore_value(s->properties, name));
	g_autofree char *plain = NULL;

	if (text)
		return g_strdup(text);
	plain = keyfactor_get(j, "value") ? keyfactor_text(j, "value", KEYFACTOR_TEXT_MAX) :
					    keyfactor_text(s->properties, name, KEYFACTOR_TEXT_MAX);
	return *plain ? g_steal_pointer(&plain) : NULL;
}

static char *value_of(const struct sending *s, const struct keyfactor_property *p)
{
	const char *said = in_any_case(s->w->said, p->name);
	char *now = said ? NULL : value_now(s, p->name);

	return said ? g_strdup(said) : now ? now : g_strdup(s->is_new ? p->fallback : "");
}

static bool is_wanted(const struct sending *s, const struct keyfactor_property *p)
{
	const struct keyfactor_property *by = *p->depends_on ? keyfactor_kind_find(s->k, p->depends_on) : NULL;
	g_autofree char *value = by && !by->is_secret ? value_of(s, by) : NULL;

	return p->is_needed && (!by || !value || !g_ascii_strcasecmp(value, "true"));
}

static bool G_GNUC_PRINTF(2, 3) refuse(GError **error, const char *why, ...)
{
	va_list more;

	va_start(more, why);
	g_propagate_error(error, g_error_new_valist(ERR, ERR_USAGE, why, more));
	va_end(more);
	return false;
}

static bool put_secret(const struct sending *s, struct json_writer *w, const struct keyfactor_property *p,
		       GError **error)
{
	const char *value = in_any_case(s->w->secrets.values, p->name);

	if (!value && keyfactor_keystore_has_secret(s->properties, p->name))
		return refuse(error, "Command hides %s, and would forget it: give it anew", p->name);
	if (!value)
		return !is_wanted(s, p) || refuse(error, "the secret %s is needed", p->name);
	json_open(w, p->name, '{');
	json_open(w, "value", '{');
	json_put_str(w, "SecretValue", value);
	json_close(w, '}');
	json_close(w, '}');
	return true;
}

static bool put_plain(const struct sending *s, struct json_writer *w, const struct keyfactor_property *p,
		      GError **error)
{
	g_autofree char *value = value_of(s, p);

	if (!*value)
		return !is_wanted(s, p) || refuse(error, "the property %s is needed", p->name);
	json_open(w, p->name, '{');
	json_put_str(w, "value", value);
	json_close(w, '}');
	return true;
}

/* What the type does not know stays; what is more than a text may be hidden. */
static bool put_others(const struct sending *s, struct json_writer *w, GError **error)
{
	for (size_t i = 0; i < json_members(s->properties); i++) {
		const char *name = json_key_at(s->properties, i);
		const struct json *value = keyfactor_keystore_value(s->properties, name);

		if (keyfactor_kind_find(s->k, name))
			continue;
		if (json_key_at(value, 0) && keyfactor_keystore_has_secret(s->properties, name))
			return refuse(error, "it has %s, which its type does not know, and which may be "
				      "hidden: change it in Command itself", name);
		json_put_copy(w, name, json_get(s->properties, name));
	}
	return true;
}

static bool put_properties(const struct sending *s, GError **error)
{
	struct json_writer w = { .out = s->inside };

	json_open(&w, NULL, '{');
	for (guint i = 0; i < s->k->properties->len; i++) {
		const struct keyfactor_property *p = s->k->properties->pdata[i];

		if (!(p->is_secret ? put_secret : put_plain)(s, &w, p, error))
			return false;
	}
	if (!put_others(s, &w, error))
		return false;
	json_close(&w, '}');
	return true;
}

/* ---- all of it ---- */

static void put_text(const struct sending *s, struct json_writer *w, const char *key, const char *said)
{
	const char *now = json_text(keyfactor_get(s->now, key));

	json_put_str(w, key, said ? said : now ? now : "");
}

static void put_container(const struct sending *s, struct json_writer *w)
{
	int64_t number = s->whose->container;

	if (!number && !s->whose->leaves_container && !keyfactor_int(s->now, "ContainerId", &number))
		number = 0;
	if (number > 0)
		json_put_int(w, "ContainerId", number);
	else
		json_put_null(w, "ContainerId");
}

static bool is_yes(const char *text)
{
	return !g_ascii_strcasecmp(text, "yes") || !g_ascii_strcasecmp(text, "true");
}

static void put_schedule(const struct sending *s, struct json_writer *w)
{
	const char *text = s->w->schedule;
	g_autoptr(json) j = text ? json_parse(text, strlen(text), ROOM, NULL) : NULL;

	keyfactor_keystore_put_schedule(w, "InventorySchedule",
					j ? j : keyfactor_get(s->now, "InventorySchedule"));
}

static void put_password(struct json_writer *w, const char *key, const char *password)
{
	json_open(w, key, '{');
	json_put_str(w, "SecretValue", password);
	json_close(w, '}');
}

static void put_all(const struct sending *s, GString *out)
{
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	if (s->now)
		put_text(s, &w, "Id", NULL);
	put_container(s, &w);
	put_text(s, &w, "ClientMachine", s->w->machine);
	put_text(s, &w, "Storepath", s->w->path);
	json_put_int(&w, "CertStoreType", s->k->number);
	json_put_bool(&w, "Approved", true);
	json_put_bool(&w, "CreateIfMissing", s->w->creates ? is_yes(s->w->creates) :
							 keyfactor_bool(s->now, "CreateIfMissing"));
	json_put_str(&w, "Properties", s->inside->str);
	put_text(s, &w, "AgentId", s->whose->agent);
	put_schedule(s, &w);
	if (s->w->password)
		put_password(&w, "Password", s->w->password);
	json_close(&w, '}');
}

static void put_approval(const struct sending *s, GString *out)
{
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '[');
	json_open(&w, NULL, '{');
	put_text(s, &w, "Id", NULL);
	put_container(s, &w);
	json_put_int(&w, "CertStoreType", s->k->number);
	json_put_str(&w, "Properties", s->inside->str);
	if (s->w->password)
		put_password(&w, "Password", s->w->password);
	json_close(&w, '}');
	json_close(&w, ']');
}

static bool check_password(const struct sending *s, GError **error)
{
	if (s->w->password)
		return true;
	if (keyfactor_keystore_has_password(s->now))
		return refuse(error, "Command hides the password of the store, and would forget it: give it "
			      "anew");
	return !s->is_new || !s->k->needs_password || refuse(error, "the password of the store is needed");
}

/* So much that it never grows, which would leave copies: each byte of a secret becomes twelve at most. */
static size_t room_for(const struct keyfactor_wish *w)
{
	size_t room = ROOM + 12 * (w->password ? strlen(w->password) : 0);
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, w->secrets.values);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		room += 12 * strlen(value);
	g_hash_table_iter_init(&iter, w->said);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		room += 12 * strlen(value);
	return room;
}

static size_t length_of(const struct json *store)
{
	const char *text = json_text(keyfactor_get(store, "Properties"));

	return text ? 12 * strlen(text) : 0;
}

typedef void put_fn(const struct sending *s, GString *out);

static GString *write_body(struct sending s, put_fn *put, GError **error)
{
	g_autoptr(json) properties = keyfactor_keystore_properties(s.now);
	size_t room = room_for(s.w) + length_of(s.now);
	GString *out = NULL;

	s.properties = properties;
	if (!properties && json_text(keyfactor_get(s.now, "Properties"))) {
		refuse(error, "its properties cannot be read");
		return NULL;
	}
	s.inside = g_string_sized_new(room);
	if (check_password(&s, error) && put_properties(&s, error)) {
		out = g_string_sized_new(room + 2 * s.inside->len + 4 * ROOM);
		put(&s, out);
	}
	keyfactor_body_free(s.inside);
	return out;
}

GString *keyfactor_keystore_body(const struct keyfactor_wish *w, const struct keyfactor_kind *k,
				 const struct json *now, const struct keyfactor_whose *whose, GError **error)
{
	const struct sending s = { .w = w, .k = k, .now = now, .whose = whose, .is_new = !now };

	return write_body(s, put_all, error);
}

GString *keyfactor_keystore_approval(const struct keyfactor_wish *w, const struct keyfactor_kind *k,
				     const struct json *now, const struct keyfactor_whose *whose,
				     GError **error)
{
	const struct sending s = { .w = w, .k = k, .now = now, .whose = whose, .is_new = true };

	return write_body(s, put_approval, error);
}

GString *keyfactor_keystore_password(const char *guid, const char *password)
{
	GString *out = g_string_sized_new(ROOM + 12 * strlen(password));
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	json_put_str(&w, "CertStoreId", guid);
	put_password(&w, "NewPassword", password);
	json_close(&w, '}');
	return out;
}

struct request_out *keyfactor_keystore_send(struct op *op, const char *method, const char *path, GString *body)
{
	struct request_out *r = keyfactor_thing_send(op, method, path, body->str);

	keyfactor_body_free(body);
	return r;
}
