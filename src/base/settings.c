/*
 * Settings are read in layers, each over the one before: the defaults, the machine's file, the
 * user's file, the environment, the command line; the policy lies over all of them and stays
 * there.  A policy that cannot be understood is taken for the strictest one.
 */
#define _GNU_SOURCE
#include "certty/base/settings.h"

#include <string.h>
#include <unistd.h>

#include "certty/base/err.h"
#include "certty/base/file.h"
#include "certty/base/text.h"
#include "settings_file.h"
#include "settings_guess.h"
#include "settings_own.h"
#include "settings_value.h"

#ifndef CERTTY_SYSCONFDIR
#define CERTTY_SYSCONFDIR "/etc/certty"
#endif

#define MOST_FILE  (1 << 20)
#define MOST_SHOWN 80

/* Groups whose keys are free.  With a name: [notice ops]. */
static const struct {
	const char *word;
	bool named;
} free_words[] = {
	{ "keys", false }, { "theme", true }, { "notice", true }, { "store", true },
	{ "view", true }, { "account", true }, { "defaults", true }, { "install", true },
	{ "enrollment", true },
};

struct group {
	char *name;
	GPtrArray *keys, *values, *origins;	/* each with a NULL at its end */
	bool is_own;			/* nothing of it stands in another file */
};

/* A file that was read, or was not there. */
struct source {
	char *path, *name;		/* name: as people know it */
	struct file_id id;
	bool must_exist;
};
enum { SOURCE_SITE, SOURCE_OWN, SOURCE_POLICY, SOURCE_COUNT };

struct settings {
	struct settings_value *values;	/* one for each row of the table */
	GHashTable *groups;		/* name → struct group */
	GHashTable *forbids;		/* [account …] that the policy makes read-only → where */
	GPtrArray *names[G_N_ELEMENTS(free_words)];	/* of groups, a vector for each */
	GPtrArray *warnings;
	struct source source[SOURCE_COUNT];
};

/* What [policy] says in short; every other setting can be forced in its own group. */
static const struct {
	const char *key, *group, *setting;
} policies[] = {
	{ "read-only", "safety", "read-only" },	   { "typed-confirm", "safety", "typed-confirm" },
	{ "hosts", "safety", "hosts" },		   { "rungs", "safety", "rungs" },
	{ "skus", "safety", "skus" },		   { "regions", "safety", "regions" },
	{ "plain-http", "safety", "plain-http" },  { "four-eyes", "safety", "four-eyes" },
	{ "syslog", "journal", "syslog" },
	{ "clipboard", "screen", "clipboard" },	   { "networks", "discovery", "networks" },
};

static const char *const no_strings[] = { NULL };

/* ---- looking things up ------------------------------------------------------------------- */

static const struct setting *row_of(const char *group, const char *key)
{
	for (const struct setting *row = settings_table; row->group; row++)
		if (strcmp(row->key, key) == 0 && strcmp(row->group, group) == 0)
			return row;
	return NULL;
}

static struct settings_value *value_of(const struct settings *s, const struct setting *row)
{
	return &s->values[row - settings_table];
}

/* A question about a setting that the table does not have is a mistake in the program. */
static const struct settings_value *known(const struct settings *s, const char *group, const char *key)
{
	const struct setting *row = row_of(group, key);

	if (!row)
		g_error("there is no setting [%s] %s", group, key);
	return value_of(s, row);
}

/* Which of free_words the group's name starts with, or -1. */
static int free_word(const char *name)
{
	size_t len = strcspn(name, " ");
	bool named = name[len] && name[len + 1];

	for (size_t i = 0; i < G_N_ELEMENTS(free_words); i++)
		if (strlen(free_words[i].word) == len &&
		    strncmp(free_words[i].word, name, len) == 0 && named == free_words[i].named)
			return (int)i;
	return -1;
}

static struct group *group_of(const struct settings *s, const char *name)
{
	return g_hash_table_lookup(s->groups, name);
}

static guint index_of(const struct group *g, const char *key)
{
	guint i = 0;

	while (g && i + 1 < g->keys->len && strcmp(g->keys->pdata[i], key) != 0)
		i++;
	return i;		/* that of the NULL at the end when there is none */
}

/* ---- layers ------------------------------------------------------------------------------ */

/* Takes v.  The policy adds to no list of others, and leaves a limit of others beside its own;
 * what is said after the policy goes there too. */
static void put_over(const struct setting *row, struct settings_value *old, struct settings_value *v)
{
	bool is_limit = settings_value_is_limit(row), is_set = old->origin &&
			strcmp(old->origin, "default") != 0;

	if (is_limit && old->forced && !v->forced) {
		settings_value_extend(v, &(struct settings_value){ .list = old->own_list });
		settings_value_take_own(old, v);
		settings_value_done(v);
		return;
	}
	settings_value_extend(v, v->forced ? NULL : old);
	if (is_limit && v->forced && old->forced) {
		v->own_list = g_steal_pointer(&old->own_list);
		v->own_text = g_steal_pointer(&old->own_text);
		v->own_origin = g_steal_pointer(&old->own_origin);
	} else if (is_limit && v->forced && is_set) {
		settings_value_take_own(v, old);
	}
	settings_value_done(old);
	*old = *v;
}

static bool set(struct settings *s, const struct setting *row, const char *text,
		const char *origin, bool forced, GError **error)
{
	struct settings_value *old = value_of(s, row);
	struct settings_value v = { .text = g_strdup(text), .origin = g_strdup(origin), .forced = forced };

	if (!settings_value_read(&v, row)) {
		settings_value_done(&v);
		return settings_value_refuse(row, text, error);
	}
	put_over(row, old, &v);
	return true;
}

/* ---- files ------------------------------------------------------------------------------- */

struct taking {
	struct settings *s;
	const char *name;	/* of the file, as people know it */
	bool is_policy, is_own, faulty;
	char *last_unknown;	/* group that has been complained about */
};

static void G_GNUC_PRINTF(2, 3) warn(struct settings *s, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_ptr_array_insert(s->warnings, (int)s->warnings->len - 1,
			   g_strdup_vprintf(format, args));
	va_end(args);
}

static void take_problem(void *data, unsigned line, const char *message)
{
	struct taking *t = data;

	t->faulty = true;
	warn(t->s, "%s:%u: %s", t->name, line, message);
}

static void put_string(GPtrArray *vector, char *string)
{
	g_ptr_array_insert(vector, (int)vector->len - 1, string);
}

static GPtrArray *new_vector(GDestroyNotify destroy)
{
	GPtrArray *vector = g_ptr_array_new_with_free_func(destroy);

	g_ptr_array_add(vector, NULL);
	return vector;
}

static struct group *make_group(struct settings *s, const char *name)
{
	struct group *g = g_new0(struct group, 1);

	g->name = g_strdup(name);
	g->keys = new_vector(g_free);
	g->values = new_vector(g_free);
	g->origins = new_vector(g_free);
	g->is_own = true;
	g_hash_table_insert(s->groups, g->name, g);
	put_string(s->names[free_word(name)], g->name);
	return g;
}

static void replace_string(GPtrArray *vector, guint i, const char *string)
{
	g_free(vector->pdata[i]);
	vector->pdata[i] = g_strdup(string);
}

static void take_free(struct taking *t, const char *name, const char *key, const char *value,
		      const char *origin)
{
	struct group *g = group_of(t->s, name);
	guint i;

	if (!g)
		g = make_group(t->s, name);
	g->is_own &= t->is_own;
	i = index_of(g, key);
	if (i + 1 < g->keys->len) {
		replace_string(g->values, i, value);
		replace_string(g->origins, i, origin);
		return;
	}
	put_string(g->keys, g_strdup(key));
	put_string(g->values, g_strdup(value));
	put_string(g->origins, g_strdup(origin));
}

static void take_unknown(struct taking *t, const char *group, const char *key, unsigned line)
{
	g_autofree char *hint = NULL;
	g_autofree char *message = NULL;

	if (!settings_is_group(group)) {
		if (g_strcmp0(t->last_unknown, group) == 0)
			return;		/* one complaint a group is enough */
		g_free(t->last_unknown);
		t->last_unknown = g_strdup(group);
		hint = settings_guess(group, "");
		message = g_strdup_printf("unknown group [%s]%s", group, hint);
	} else {
		hint = settings_guess(group, key);
		message = g_strdup_printf("unknown key %s in [%s]%s", key, group, hint);
	}
	take_problem(t, line, message);
}

/* The setting that an entry of the policy file means. */
static const struct setting *policy_row(const char *group, const char *key)
{
	if (strcmp(group, "policy") != 0)
		return row_of(group, key);
	for (size_t i = 0; i < G_N_ELEMENTS(policies); i++)
		if (strcmp(policies[i].key, key) == 0)
			return row_of(policies[i].group, policies[i].setting);
	return NULL;
}

/* A policy asks for care and forbids none: "false" leaves it to everybody. */
static bool asks_nothing(const struct setting *row, const char *text)
{
	struct settings_value v = { .text = g_strdup(text) };
	bool nothing = row->kind == SETTING_BOOL && strcmp(row->group, "safety") == 0 &&
		       settings_value_read(&v, row) && !v.number;

	settings_value_done(&v);
	return nothing;
}

/* Of one account the policy may ask for the same care as of all: read-only. */
static void take_forbid(struct taking *t, const char *group, const char *key, const char *value,
			unsigned line)
{
	const struct setting *row = row_of("safety", "read-only");
	struct settings_value v = { .text = g_strdup(value) };
	g_autoptr(GError) why = NULL;
	g_autofree char *hint = NULL;

	if (strcmp(key, row->key) != 0) {
		hint = g_strdup_printf("unknown key %s in [%s]: of an account the policy says "
				       "read-only, and nothing else", key, group);
		take_problem(t, line, hint);
	} else if (!settings_value_read(&v, row)) {
		settings_value_refuse(row, value, &why);
		take_problem(t, line, why->message);
	} else if (v.number) {
		g_hash_table_replace(t->s->forbids, g_strdup(group),
				     g_strdup_printf("%s:%u", t->name, line));
	}
	settings_value_done(&v);
}

static void take_entry(void *data, const char *group, const char *key, const char *value,
		       unsigned line)
{
	struct taking *t = data;
	const struct setting *row = t->is_policy ? policy_row(group, key) : row_of(group, key);
	g_autofree char *origin = g_strdup_printf("%s:%u", t->name, line);
	g_autoptr(GError) why = NULL;

	if (row) {
		if (!(t->is_policy && asks_nothing(row, value)) &&
		    !set(t->s, row, value, origin, t->is_policy, &why))
			take_problem(t, line, why->message);
	} else if (!t->is_policy && free_word(group) >= 0) {
		take_free(t, group, key, value, origin);
	} else if (t->is_policy && g_str_has_prefix(group, "account ")) {
		take_forbid(t, group, key, value, line);
	} else {
		take_unknown(t, group, key, line);
	}
}

static void force_read_only(struct settings *s, const char *name)
{
	const struct setting *row = row_of("safety", "read-only");

	set(s, row, "true", name, true, NULL);
	warn(s, "%s: the policy cannot be understood as a whole, so nothing may be changed until "
		"it is mended", name);
}

static void take_bytes(struct taking *t, const char *bytes, size_t len)
{
	struct settings_reader to = { .entry = take_entry, .problem = take_problem, .data = t };

	settings_file_read(bytes, len, &to);
	if (t->is_policy && t->faulty)
		force_read_only(t->s, t->name);
	g_free(t->last_unknown);
}

void settings_take(struct settings *s, const char *name, const char *bytes, size_t len,
		   bool is_policy)
{
	struct taking t = { .s = s, .name = name, .is_policy = is_policy };

	take_bytes(&t, bytes, len);
}

static void take_file(struct settings *s, int which)
{
	struct source *from = &s->source[which];
	struct taking t = { .s = s, .name = from->name, .is_policy = which == SOURCE_POLICY,
			    .is_own = which == SOURCE_OWN };
	g_autoptr(GError) why = NULL;
	g_autoptr(GBytes) bytes = file_read(from->path, MOST_FILE, &from->id, &why);
	gsize len;

	if (bytes) {
		const char *text = g_bytes_get_data(bytes, &len);

		take_bytes(&t, text ? text : "", len);
		return;
	}
	if (g_error_matches(why, ERR, ERR_NOT_FOUND) && !from->must_exist &&
	    !g_file_test(from->path, G_FILE_TEST_IS_SYMLINK))
		return;
	warn(s, "%s", why->message);
	if (t.is_policy)
		force_read_only(s, from->name);
}

/* ---- the environment --------------------------------------------------------------------- */

static char *variable_of(const char *group, const char *key)
{
	g_autofree char *name = g_strdup_printf("CERTTY_%s_%s", group, key ? key : "");

	return g_strdelimit(g_ascii_strup(name, -1), "-", '_');
}

static bool is_variable(const char *name)
{
	for (const struct setting *row = settings_table; row->group; row++) {
		g_autofree char *variable = variable_of(row->group, row->key);

		if (strcmp(variable, name) == 0)
			return true;
	}
	return false;
}

/* A name that is misspelt must not be silently without effect. */
static void warn_of_variables(struct settings *s)
{
	for (char **e = environ; e && *e; e++) {
		g_autofree char *name = g_strndup(*e, strcspn(*e, "="));
		g_autofree char *shown = text_harmless_dup(name, MOST_SHOWN);

		if (!g_str_has_prefix(name, "CERTTY_") || is_variable(name))
			continue;
		for (const struct setting *row = settings_table; row->group; row++) {
			g_autofree char *start = variable_of(row->group, NULL);

			if (g_str_has_prefix(name, start)) {
				warn(s, "%s: there is no such setting in [%s]", shown,
				     row->group);
				break;
			}
		}
	}
}

static void take_environment(struct settings *s)
{
	for (const struct setting *row = settings_table; row->group; row++) {
		g_autofree char *name = variable_of(row->group, row->key);
		const char *text = g_getenv(name);
		g_autoptr(GError) why = NULL;

		if (text && !set(s, row, text, name, false, &why))
			warn(s, "%s: %s", name, why->message);
	}
	warn_of_variables(s);
}

/* ---- life -------------------------------------------------------------------------------- */

static void free_group(gpointer data)
{
	struct group *g = data;

	g_free(g->name);
	g_ptr_array_unref(g->keys);
	g_ptr_array_unref(g->values);
	g_ptr_array_unref(g->origins);
	g_free(g);
}

static struct settings *with_defaults(void)
{
	struct settings *s = g_new0(struct settings, 1);
	size_t n = 0;

	while (settings_table[n].group)
		n++;
	s->values = g_new0(struct settings_value, n);
	s->groups = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_group);
	s->forbids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	s->warnings = new_vector(g_free);
	for (size_t i = 0; i < G_N_ELEMENTS(free_words); i++)
		s->names[i] = new_vector(NULL);
	for (const struct setting *row = settings_table; row->group; row++)
		if (!set(s, row, row->fallback, "default", false, NULL))
			g_error("the default of [%s] %s does not fit", row->group, row->key);
	return s;
}

static void set_source(struct settings *s, int which, const char *path, const char *name,
		       bool must_exist)
{
	s->source[which].path = g_strdup(path);
	s->source[which].name = g_strdup(name);
	s->source[which].must_exist = must_exist;
}

static struct settings *take_all(struct settings *s)
{
	take_file(s, SOURCE_SITE);
	take_file(s, SOURCE_OWN);
	take_environment(s);
	take_file(s, SOURCE_POLICY);
	return s;
}

struct settings *settings_load_from(const struct settings_places *places, const char *config)
{
	struct settings *s = with_defaults();
	g_autofree char *folder = file_config_folder();
	g_autofree char *usual = g_build_filename(folder, "certty.conf", NULL);

	set_source(s, SOURCE_SITE, places->site, places->site, false);
	set_source(s, SOURCE_OWN, config ? config : usual, config ? config : "certty.conf",
		   config != NULL);
	set_source(s, SOURCE_POLICY, places->policy, places->policy, false);
	return take_all(s);
}

struct settings *settings_load_again(const struct settings *s)
{
	struct settings *again = with_defaults();

	for (int i = 0; i < SOURCE_COUNT; i++)
		set_source(again, i, s->source[i].path, s->source[i].name,
			   s->source[i].must_exist);
	return take_all(again);
}

bool settings_is_stale(const struct settings *s)
{
	for (int i = 0; i < SOURCE_COUNT; i++) {
		struct file_id now = file_id_now(s->source[i].path);

		if (!file_id_equal(&now, &s->source[i].id))
			return true;
	}
	return false;
}

struct settings *settings_load(const char *config)
{
	static const struct settings_places installed = {
		.site = CERTTY_SYSCONFDIR "/certty.conf",
		.policy = CERTTY_SYSCONFDIR "/policy.conf",
	};

	return settings_load_from(&installed, config);
}

void settings_free(struct settings *s)
{
	if (!s)
		return;
	for (size_t i = 0; settings_table[i].group; i++)
		settings_value_done(&s->values[i]);
	g_free(s->values);
	for (size_t i = 0; i < G_N_ELEMENTS(free_words); i++)
		g_ptr_array_unref(s->names[i]);
	g_hash_table_unref(s->groups);
	g_hash_table_unref(s->forbids);
	g_ptr_array_unref(s->warnings);
	for (int i = 0; i < SOURCE_COUNT; i++) {
		g_free(s->source[i].path);
		g_free(s->source[i].name);
	}
	g_free(s);
}

/* ---- what others ask --------------------------------------------------------------------- */

static bool unknown(const char *group, const char *key, GError **error)
{
	g_autofree char *hint = settings_guess(group, key);
	g_autofree char *name = g_strdup_printf("[%s] %s", group, key);
	g_autofree char *shown = text_harmless_dup(name, MOST_SHOWN);

	g_set_error(error, ERR, ERR_USAGE, "there is no setting %s%s", shown, hint);
	return false;
}

static bool refuse_forced(const struct setting *row, const struct settings_value *v, GError **error)
{
	g_set_error(error, ERR, ERR_REFUSED, "[%s] %s is set by the policy (%s) to \"%s\"",
		    row->group, row->key, v->origin, v->text);
	return false;
}

bool settings_override(struct settings *s, const char *group, const char *key,
		       const char *value, GError **error)
{
	const struct setting *row = row_of(group, key);
	struct settings_value wanted = { 0 };
	bool same;

	if (!row)
		return unknown(group, key, error);
	if (!value_of(s, row)->forced || settings_value_is_limit(row))
		return set(s, row, value, "command line", false, error);
	wanted.text = g_strdup(value);
	same = settings_value_read(&wanted, row) && wanted.number == value_of(s, row)->number &&
	       (row->kind == SETTING_BOOL || strcmp(value, value_of(s, row)->text) == 0);
	settings_value_done(&wanted);
	return same || refuse_forced(row, value_of(s, row), error);
}

bool settings_bool(const struct settings *s, const char *group, const char *key)
{
	return known(s, group, key)->number != 0;
}

int64_t settings_int(const struct settings *s, const char *group, const char *key)
{
	return known(s, group, key)->number;
}

const char *settings_text(const struct settings *s, const char *group, const char *key)
{
	return known(s, group, key)->text;
}

const char *const *settings_list(const struct settings *s, const char *group, const char *key)
{
	const struct settings_value *v = known(s, group, key);

	return v->list ? (const char *const *)v->list : no_strings;
}

const char *settings_origin(const struct settings *s, const char *group, const char *key)
{
	return known(s, group, key)->origin;
}

unsigned settings_limits(const struct settings *s, const char *key,
			 struct settings_limit ret[SETTINGS_LIMITS])
{
	const struct settings_value *v = known(s, "safety", key);
	unsigned n = 0;

	ret[n++] = (struct settings_limit){ settings_list(s, "safety", key), v->origin };
	if (v->own_list)
		ret[n++] = (struct settings_limit){ (const char *const *)v->own_list,
						    v->own_origin };
	return n;
}

bool settings_is_forced(const struct settings *s, const char *group, const char *key)
{
	return known(s, group, key)->forced;
}

static bool has_word(const char *const *list, const char *word)
{
	for (; *list; list++)
		if (g_ascii_strcasecmp(*list, word) == 0 || strcmp(*list, "*") == 0)
			return true;
	return false;
}

bool settings_allows(const struct settings *s, const char *key, const char *word, GError **error)
{
	struct settings_limit limits[SETTINGS_LIMITS];
	unsigned n = settings_limits(s, key, limits);

	for (unsigned i = 0; i < n; i++) {
		g_autofree char *all = NULL, *shown = NULL;

		if (!limits[i].list[0] || has_word(limits[i].list, word))
			continue;
		all = g_strjoinv(", ", (char **)limits[i].list);
		shown = text_harmless_dup(word, MOST_SHOWN);
		g_set_error(error, ERR, ERR_REFUSED, "%s is not allowed: safety.%s (%s) allows %s",
			    shown, key, limits[i].origin, all);
		return false;
	}
	return true;
}

const char *const *settings_groups(const struct settings *s, const char *prefix)
{
	size_t len = strcspn(prefix, " ");

	for (size_t i = 0; i < G_N_ELEMENTS(free_words); i++)
		if (strlen(free_words[i].word) == len &&
		    strncmp(free_words[i].word, prefix, len) == 0)
			return (const char *const *)s->names[i]->pdata;
	return no_strings;
}

const char *const *settings_keys(const struct settings *s, const char *group)
{
	const struct group *g = group_of(s, group);

	return g ? (const char *const *)g->keys->pdata : no_strings;
}

const char *settings_raw(const struct settings *s, const char *group, const char *key)
{
	const struct group *g = group_of(s, group);

	return g ? g->values->pdata[index_of(g, key)] : NULL;
}

const char *settings_raw_origin(const struct settings *s, const char *group, const char *key)
{
	const struct group *g = group_of(s, group);

	return g ? g->origins->pdata[index_of(g, key)] : NULL;
}

bool settings_is_own(const struct settings *s, const char *group)
{
	const struct group *g = group_of(s, group);

	return g && g->is_own;
}

const char *settings_forbids(const struct settings *s, const char *group)
{
	return g_hash_table_lookup(s->forbids, group);
}

const char *settings_own_file(const struct settings *s)
{
	return s->source[SOURCE_OWN].path;
}

const char *const *settings_warnings(const struct settings *s)
{
	return (const char *const *)s->warnings->pdata;
}

/* ---- changing the user's file ------------------------------------------------------------ */

static bool may_save(const struct settings *s, const struct settings_edit *edit, GError **error)
{
	const struct setting *row = edit->key ? row_of(edit->group, edit->key) : NULL;
	struct settings_value v = { .text = g_strdup(edit->value) };
	bool fits;

	if (row && value_of(s, row)->forced && !settings_value_is_limit(row)) {
		settings_value_done(&v);
		return refuse_forced(row, value_of(s, row), error);
	}
	if (!row && free_word(edit->group) < 0) {
		settings_value_done(&v);
		return unknown(edit->group, edit->key ? edit->key : "", error);
	}
	fits = !edit->value || (row ? settings_value_read(&v, row) : settings_value_is_plain(&v));
	settings_value_done(&v);
	if (fits)
		return true;
	if (row)
		return settings_value_refuse(row, edit->value, error);
	g_set_error(error, ERR, ERR_USAGE, "the value for %s has characters that cannot be shown",
		    edit->key ? edit->key : edit->group);
	return false;
}

bool settings_may_edit(const struct settings *s, const struct settings_edit *edits, size_t n,
		       GError **error)
{
	for (size_t i = 0; i < n; i++)
		if (!may_save(s, &edits[i], error))
			return false;
	return true;
}

bool settings_save(struct settings *s, const char *group, const char *key, const char *value,
		   GError **error)
{
	const struct settings_edit edit = { SETTINGS_SET, group, key, value };

	return settings_may_edit(s, &edit, 1, error) &&
	       settings_edit_file(settings_own_file(s), &edit, 1, error);
}
