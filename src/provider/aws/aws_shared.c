/*
 * aws_shared: ~/.aws/config and ~/.aws/credentials, which all of AWS's tools read, as one set of
 * profiles.
 *
 * In the configuration a profile is [profile NAME], but for [default]; in the other file it is
 * [NAME].  Of a key that stands in both, the credentials file's counts.  Keys are compared
 * without case, as AWS's own tools do.
 */
#include "aws_own.h"

#include <string.h>

#include <certty/base/file.h>
#include <certty/base/text.h>

#define FILE_MAX      INI_BYTES
#define PROFILES_MAX  2000

enum { CONFIG, CREDENTIALS, FILES };

struct value {
	const char *text;	/* the ini's */
	int file;
};

struct aws_shared {
	struct ini *ini[FILES];
	char *path[FILES];
	GHashTable *profiles;	/* name → (key → struct value) */
	GHashTable *sessions;	/* of SSO, likewise */
	GHashTable *services;	/* likewise */
	GPtrArray *names;	/* of the profiles, sorted, borrowed; ends with NULL */
};

/* ---- sections ---- */

static GHashTable *new_section(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static GHashTable *new_sections(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
				     (GDestroyNotify)g_hash_table_unref);
}

static void add_keys(const struct ini *i, int file, const char *section, GHashTable *to)
{
	for (const char *const *key = ini_keys(i, section); key && *key; key++) {
		struct value *v = g_new0(struct value, 1);

		v->text = ini_get(i, section, *key);
		v->file = file;
		g_hash_table_insert(to, g_ascii_strdown(*key, -1), v);
	}
}

/* The table of a name, a new one in its place when `anew`. */
static GHashTable *section_of(GHashTable *sections, const char *name, bool anew)
{
	GHashTable *found = anew ? NULL : g_hash_table_lookup(sections, name);

	if (!found) {
		found = new_section();
		g_hash_table_insert(sections, g_strdup(name), found);
	}
	return found;
}

/* [profile NAME], [sso-session NAME], [services NAME]; NAME may be quoted as in a shell. */
static void take_config(struct aws_shared *s, const char *section)
{
	const struct {
		const char *word;
		GHashTable *to;
	} kinds[] = { { "profile", s->profiles }, { "sso-session", s->sessions },
		      { "services", s->services } };
	g_auto(GStrv) parts = NULL;

	if (!strcmp(section, "default")) {
		add_keys(s->ini[CONFIG], CONFIG, section, section_of(s->profiles, section, true));
		return;
	}
	if (!g_shell_parse_argv(section, NULL, &parts, NULL) || g_strv_length(parts) != 2)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (!strcmp(parts[0], kinds[i].word))
			add_keys(s->ini[CONFIG], CONFIG, section,
				 section_of(kinds[i].to, parts[1], true));
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool take_all(struct aws_shared *s, GError **error)
{
	const char *const *section;
	GHashTableIter each;
	void *name;

	for (section = s->ini[CONFIG] ? ini_sections(s->ini[CONFIG]) : NULL; section && *section;
	     section++)
		take_config(s, *section);
	for (section = s->ini[CREDENTIALS] ? ini_sections(s->ini[CREDENTIALS]) : NULL;
	     section && *section; section++)
		add_keys(s->ini[CREDENTIALS], CREDENTIALS, *section,
			 section_of(s->profiles, *section, false));
	g_hash_table_iter_init(&each, s->profiles);
	while (g_hash_table_iter_next(&each, &name, NULL))
		g_ptr_array_add(s->names, name);
	if (s->names->len > PROFILES_MAX) {
		g_set_error(error, ERR, ERR_LIMIT, "more than %d profiles", PROFILES_MAX);
		return false;
	}
	g_ptr_array_sort(s->names, by_name);
	g_ptr_array_add(s->names, NULL);
	return true;
}

/* ---- reading ---- */

void aws_shared_wipe(GBytes *bytes)
{
	gsize len;
	void *data;

	if (!bytes)
		return;
	data = g_bytes_unref_to_data(bytes, &len);
	secret_wipe(data, len);
}

static struct aws_shared *shared_new(void)
{
	struct aws_shared *s = g_new0(struct aws_shared, 1);

	s->profiles = new_sections();
	s->sessions = new_sections();
	s->services = new_sections();
	s->names = g_ptr_array_new();
	return s;
}

void aws_shared_free(struct aws_shared *s)
{
	if (!s)
		return;
	g_ptr_array_unref(s->names);
	g_hash_table_unref(s->profiles);
	g_hash_table_unref(s->sessions);
	g_hash_table_unref(s->services);
	for (int file = 0; file < FILES; file++) {
		ini_free(s->ini[file]);
		g_free(s->path[file]);
	}
	g_free(s);
}

/* A name as people write it in a variable: with ~, and with other variables in it. */
static char *place_of(const char *answer, const char *variable, const char *usual)
{
	const char *said = answer && *answer ? answer : aws_world_env(variable);

	return said ? file_absolute(said) :
		      g_build_filename(g_get_home_dir(), ".aws", usual, NULL);
}

/* A missing file is none; one that somebody named has to be there. */
static bool load(struct aws_shared *s, int file, bool is_named, GError **error)
{
	GError *why = NULL;
	GBytes *bytes = file_read(s->path[file], FILE_MAX, NULL, &why);
	g_autofree char *shown = NULL;

	if (!bytes && why->code == ERR_NOT_FOUND && !is_named) {
		g_error_free(why);
		return true;
	}
	if (!bytes) {
		g_propagate_error(error, why);
		return false;
	}
	s->ini[file] = ini_read(bytes, error);
	aws_shared_wipe(bytes);
	shown = file_shown(s->path[file]);
	if (!s->ini[file])
		g_prefix_error(error, "%s: ", shown);
	return s->ini[file];
}

struct aws_shared *aws_shared_load(const struct args *answers, GError **error)
{
	g_autoptr(aws_shared) s = shared_new();
	const char *config = args_get(answers, "config-file");
	const char *credentials = args_get(answers, "credentials-file");

	s->path[CONFIG] = place_of(config, "AWS_CONFIG_FILE", "config");
	s->path[CREDENTIALS] = place_of(credentials, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
	if (!load(s, CONFIG, config && *config, error) ||
	    !load(s, CREDENTIALS, credentials && *credentials, error) || !take_all(s, error))
		return NULL;
	return g_steal_pointer(&s);
}

struct aws_shared *aws_shared_read(GBytes *config, GBytes *credentials, GError **error)
{
	g_autoptr(aws_shared) s = shared_new();

	s->path[CONFIG] = g_strdup("config");
	s->path[CREDENTIALS] = g_strdup("credentials");
	if (config && !(s->ini[CONFIG] = ini_read(config, error)))
		return NULL;
	if (credentials && !(s->ini[CREDENTIALS] = ini_read(credentials, error)))
		return NULL;
	return take_all(s, error) ? g_steal_pointer(&s) : NULL;
}

/* ---- asking ---- */

static const struct value *value_of(GHashTable *sections, const char *name, const char *key)
{
	GHashTable *section = g_hash_table_lookup(sections, name);

	return section ? g_hash_table_lookup(section, key) : NULL;
}

static const char *text_of(GHashTable *sections, const char *name, const char *key)
{
	const struct value *v = value_of(sections, name, key);

	return v && *v->text ? v->text : NULL;
}

const char *const *aws_shared_profiles(const struct aws_shared *s)
{
	return (const char *const *)s->names->pdata;
}

bool aws_shared_has(const struct aws_shared *s, const char *profile)
{
	return g_hash_table_contains(s->profiles, profile);
}

const char *aws_shared_get(const struct aws_shared *s, const char *profile, const char *key)
{
	return text_of(s->profiles, profile, key);
}

bool aws_shared_has_sso(const struct aws_shared *s, const char *session)
{
	return g_hash_table_contains(s->sessions, session);
}

const char *aws_shared_sso(const struct aws_shared *s, const char *session, const char *key)
{
	return text_of(s->sessions, session, key);
}

bool aws_shared_is_credential(const struct aws_shared *s, const char *profile, const char *key)
{
	const struct value *v = value_of(s->profiles, profile, key);

	return v && v->file == CREDENTIALS;
}

/* A service's entry is a block of its own below the service's name. */
char *aws_shared_endpoint(const struct aws_shared *s, const char *services, const char *service)
{
	const char *block = text_of(s->services, services, service);
	g_auto(GStrv) lines = g_strsplit(block ? block : "", "\n", 100);

	for (char **line = lines; *line; line++) {
		char *equals = strchr(*line, '=');

		if (!equals)
			continue;
		*equals = '\0';
		if (!strcmp(g_strstrip(*line), "endpoint_url"))
			return g_strdup(g_strstrip(equals + 1));
	}
	return NULL;
}

char *aws_shared_where(const struct aws_shared *s, const char *profile, const char *key)
{
	const struct value *v = value_of(s->profiles, profile, key);
	int file = v ? v->file : CONFIG;
	g_autofree char *path = file_shown(s->path[file]);
	g_autofree char *name = text_harmless_dup(profile, 100);
	bool is_bare = file == CREDENTIALS || !strcmp(profile, "default");

	return g_strdup_printf("%s [%s%s]", path, is_bare ? "" : "profile ", name);
}
