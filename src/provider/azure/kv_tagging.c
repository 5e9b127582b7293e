/*
 * kv_tagging: what a certificate in a vault is tagged with, by a person's words ("owner=web"), beside what
 * it is tagged with there.
 */
#include "kv_change.h"

#include <string.h>

#define TAGS_MAX 15
#define TEXT_MAX 256

/* Of "owner=web", whether it is that name. */
static bool is_of(const char *tag, const char *name)
{
	size_t len = strlen(name);

	return !strncmp(tag, name, len) && tag[len] == '=';
}

static bool is_said(char *const *tags, const char *name)
{
	for (; *tags; tags++)
		if (is_of(*tags, name))
			return true;
	return false;
}

static bool is_sound(const char *tag)
{
	size_t name = strcspn(tag, "=");

	return tag[name] && name > 0 && name <= TEXT_MAX && strlen(tag + name + 1) <= TEXT_MAX &&
	       g_utf8_validate(tag, -1, NULL);
}

static bool is_kept(const struct args *args)
{
	return !args_bool(args, "drop-tags");
}

/* The last of several of one name counts. */
static bool is_last(char *const *tag)
{
	g_autofree char *name = g_strndup(*tag, strcspn(*tag, "="));

	return !is_said(tag + 1, name);
}

static guint count(const struct args *args, const struct json *there)
{
	g_auto(GStrv) tags = args_list(args, "tags");
	guint n = 0;

	for (char **tag = tags; *tag; tag++)
		n += is_last(tag);
	for (size_t i = 0; is_kept(args) && i < json_members(there); i++)
		n += !is_said(tags, json_key_at(there, i));
	return n;
}

bool kv_tagging_check(const struct args *args, const struct json *there, GError **error)
{
	g_auto(GStrv) tags = args_list(args, "tags");

	for (char **tag = tags; *tag; tag++)
		if (!is_sound(*tag)) {
			g_set_error(error, ERR, ERR_USAGE, "%s is no tag: a tag is a name and a value of at "
				    "most %d bytes each, as in owner=web; nothing was sent", *tag, TEXT_MAX);
			return false;
		}
	if (*tags && count(args, there) > TAGS_MAX) {
		g_set_error(error, ERR, ERR_USAGE, "a certificate in a vault has at most %d tags, and with "
			    "those that it has there it would be %u: say fewer (tags), or drop those "
			    "(drop-tags); nothing was sent", TAGS_MAX, count(args, there));
		return false;
	}
	return true;
}

void kv_tagging_put(struct json_writer *w, const struct args *args, const struct json *there, const char *own,
		    const char *value)
{
	g_auto(GStrv) tags = args_list(args, "tags");
	bool has_room = count(args, there) < TAGS_MAX;

	json_open(w, "tags", '{');
	for (size_t i = 0; is_kept(args) && i < json_members(there); i++) {
		const char *name = json_key_at(there, i);

		if (!is_said(tags, name) && (!value || strcmp(name, own) != 0))
			json_put_str(w, name, json_str(there, name));
	}
	for (char **tag = tags; *tag; tag++) {
		g_autofree char *name = g_strndup(*tag, strcspn(*tag, "="));

		if (is_last(tag) && (!value || strcmp(name, own) != 0))
			json_put_str(w, name, *tag + strlen(name) + 1);
	}
	if (value && has_room)
		json_put_str(w, own, value);
	json_close(w, '}');
}
