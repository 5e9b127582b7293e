/* install_config: the groups [install NAME] of the configuration. */
#include "install.h"

#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include <certty/base/text.h>

#define GROUP	  "install "
#define ROOM_MAX  (1u << 20)	/* bytes for an entry of the user database */
#define KEY_MODE  0600
#define OPEN_MODE 0644		/* of what is no secret */

/* Whether the value says something for i; else with the sentence why not. */
typedef bool take_fn(struct install *i, const char *value, GError **error);
static take_fn take_owner, take_group, take_mode, take_reload, take_verify;

static const struct {
	const char *key;
	take_fn *take;
} keys[] = {
	{ "owner", take_owner },   { "group", take_group },   { "mode", take_mode },
	{ "reload", take_reload }, { "verify", take_verify },
};

static const struct {
	const char *key, *usual;
} parts[INSTALL_PARTS] = {
	[INSTALL_KEY] = { "key", "privkey.pem" },
	[INSTALL_CHAIN] = { "chain", "chain.pem" },
	[INSTALL_FULL] = { "fullchain", "fullchain.pem" },
	[INSTALL_CERT] = { "certificate", "cert.pem" },
};

static bool wrong(GError **error, const char *value, const char *why)
{
	g_autofree char *shown = text_harmless_dup(value, 80);

	g_set_error(error, ERR, ERR_USAGE, "%s %s", shown, why);
	return false;
}

/* ---- values ---- */

static bool take_owner(struct install *i, const char *value, GError **error)
{
	g_autofree char *room = g_malloc(ROOM_MAX);
	struct passwd p, *found = NULL;

	i->has_owner = getpwnam_r(value, &p, room, ROOM_MAX, &found) == 0 && found;
	i->owner = i->has_owner ? p.pw_uid : 0;
	return i->has_owner || wrong(error, value, "is no user of this machine");
}

static bool take_group(struct install *i, const char *value, GError **error)
{
	g_autofree char *room = g_malloc(ROOM_MAX);
	struct group g, *found = NULL;

	i->has_group = getgrnam_r(value, &g, room, ROOM_MAX, &found) == 0 && found;
	i->group = i->has_group ? g.gr_gid : 0;
	return i->has_group || wrong(error, value, "is no group of this machine");
}

/* What everybody could read would be no key any more. */
static bool take_mode(struct install *i, const char *value, GError **error)
{
	guint64 mode;

	if (strspn(value, "01234567") != strlen(value) ||
	    !g_ascii_string_to_unsigned(value, 8, 0400, 0770, &mode, NULL) || !(mode & 0400) ||
	    (mode & 0007))
		return wrong(error, value, "is no mode for a key: 0600, or 0640 for a group");
	i->mode = (mode_t)mode;
	return true;
}

static bool take_reload(struct install *i, const char *value, GError **error)
{
	g_autoptr(GError) why = NULL;

	if (g_shell_parse_argv(value, NULL, &i->reload, &why))
		return true;
	g_set_error(error, ERR, ERR_USAGE, "it is no command: %s", why->message);
	return false;
}

static bool take_verify(struct install *i, const char *value, GError **error)
{
	g_auto(GStrv) words = g_strsplit_set(value, ", \t", -1);
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();

	for (char **w = words; *w; w++) {
		const struct starttls *starttls;
		g_autofree char *host = NULL;
		uint16_t port;

		if (!**w)
			continue;
		if (!exchange_read_endpoint(*w, &host, &port, &starttls, error))
			return false;
		g_strv_builder_add(b, *w);
	}
	i->verify = g_strv_builder_end(b);
	return true;
}

/* A name in the folder, and nothing that leads out of it; empty: none of this. */
static bool take_file(struct install *i, enum install_part part, const char *value, GError **error)
{
	if (*value && (strchr(value, '/') || *value == '.' || strlen(value) > 200))
		return wrong(error, value, "is no name for a file in its folder");
	i->file[part] = *value ? g_strdup(value) : NULL;
	return true;
}

/* ---- a group ---- */

static bool has_doubles(const struct install *i)
{
	for (int a = 0; a < INSTALL_PARTS; a++)
		for (int b = a + 1; b < INSTALL_PARTS; b++)
			if (i->file[a] && !g_strcmp0(i->file[a], i->file[b]))
				return true;
	return false;
}

static bool take_all(struct install *i, const struct settings *settings, const char *group, GError **error)
{
	for (size_t k = 0; k < G_N_ELEMENTS(keys); k++) {
		const char *value = settings_raw(settings, group, keys[k].key);

		if (value && *value && !keys[k].take(i, value, error)) {
			g_prefix_error(error, "%s, %s: ", settings_raw_origin(settings, group, keys[k].key),
				       keys[k].key);
			return false;
		}
	}
	for (int p = 0; p < INSTALL_PARTS; p++) {
		const char *value = settings_raw(settings, group, parts[p].key);

		if (!take_file(i, (enum install_part)p, value ? value : parts[p].usual, error)) {
			g_prefix_error(error, "%s, %s: ", settings_raw_origin(settings, group, parts[p].key),
				       parts[p].key);
			return false;
		}
	}
	if (!has_doubles(i) && (i->file[INSTALL_CERT] || i->file[INSTALL_FULL]))
		return true;
	g_set_error(error, ERR, ERR_USAGE, "[%s]: certificate or fullchain needs a file, and no two of them "
		    "the same", group);
	return false;
}

static char *folder_of(const struct settings *settings, const char *group)
{
	const char *folder = settings_raw(settings, group, "folder");

	return folder && *folder ? file_absolute(folder) : NULL;
}

struct install *install_read(const struct settings *settings, const struct store *s, GError **error)
{
	for (const char *const *g = settings_groups(settings, GROUP); g && *g; g++) {
		g_autofree char *folder = folder_of(settings, *g);
		g_autoptr(install) i = NULL;

		if (g_strcmp0(folder, s->address) != 0)
			continue;
		i = g_new0(struct install, 1);
		i->name = g_strdup(*g + strlen(GROUP));
		i->folder = g_steal_pointer(&folder);
		i->mode = KEY_MODE;
		return take_all(i, settings, *g, error) ? g_steal_pointer(&i) : NULL;
	}
	g_set_error(error, ERR, ERR_NOT_FOUND, "no [install NAME] in the configuration is for %s any more",
		    s->title);
	return NULL;
}

void install_free(struct install *i)
{
	if (!i)
		return;
	for (int p = 0; p < INSTALL_PARTS; p++)
		g_free(i->file[p]);
	g_strfreev(i->reload);
	g_strfreev(i->verify);
	g_free(i->name);
	g_free(i->folder);
	g_free(i);
}

mode_t install_mode(const struct install *i, enum install_part part)
{
	return part == INSTALL_KEY ? i->mode : OPEN_MODE;
}

void install_stores(const struct settings *settings, GPtrArray *stores)
{
	for (const char *const *g = settings_groups(settings, GROUP); g && *g; g++) {
		g_autofree char *folder = folder_of(settings, *g);
		g_autofree char *title = text_harmless_dup(*g + strlen(GROUP), 200);
		struct store *s = folder ? local_store(LOCAL_INSTALL, folder, STORE_CONFIGURED) : NULL;

		if (!s)
			continue;
		store_set(&s->title, title);
		g_ptr_array_add(stores, s);
	}
}
