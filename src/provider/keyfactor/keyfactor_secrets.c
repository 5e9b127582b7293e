/*
 * keyfactor_secrets: several secrets in one answer: NAME=VALUE, or a JSON object of names and texts.
 */
#include "keyfactor_places.h"

#include <string.h>

#define PASTED_MAX 65536

static void add(struct keyfactor_secrets *s, const char *name, const char *value)
{
	if (*value)
		g_hash_table_replace(s->values, g_strdup(name), (char *)value);
}

static bool take_object(struct keyfactor_secrets *s, const struct secret *all)
{
	s->pasted = json_parse(all->bytes, all->len, PASTED_MAX, NULL);
	for (size_t i = 0; i < json_members(s->pasted); i++) {
		const char *name = json_key_at(s->pasted, i), *value = name ? json_str(s->pasted, name) : NULL;

		if (!value)
			return false;
		add(s, name, value);
	}
	return s->pasted && json_count(s->pasted) > 0;
}

static bool take_one(struct keyfactor_secrets *s, const struct secret *all)
{
	const char *equals = memchr(all->bytes, '=', all->len);
	g_autofree char *name = equals ? g_strstrip(g_strndup(all->bytes, (gsize)(equals - all->bytes))) : NULL;

	if (!name || !*name)
		return false;
	add(s, name, equals + 1);
	return true;
}

void keyfactor_secrets_init(struct keyfactor_secrets *s)
{
	s->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	s->pasted = NULL;
}

bool keyfactor_secrets_take(struct keyfactor_secrets *s, const struct secret *all, const char *asked,
			    GError **error)
{
	if (!all || !all->len || (*all->bytes == '{' ? take_object(s, all) : take_one(s, all)))
		return true;
	g_set_error(error, ERR, ERR_USAGE, "%s: it is neither NAME=VALUE nor a JSON object of names and texts",
		    asked);
	return false;
}

void keyfactor_secrets_done(struct keyfactor_secrets *s)
{
	g_clear_pointer(&s->values, g_hash_table_unref);
	g_clear_pointer(&s->pasted, json_free);
}
