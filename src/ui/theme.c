/*
 * theme: roles, and theme files.
 *
 * A theme file is INI as GLib reads it.  GLib does not say in which line something stood, so
 * the lines are counted here once more when there is something to complain about.
 */
#include "theme.h"

#include <stdlib.h>
#include <string.h>

#include <certty/base/err.h>
#include <certty/base/file.h>
#include <certty/base/text.h>

#define FILE_MAX   (64 * 1024)	/* bytes of a theme file */
#define TITLE_MAX  60		/* bytes of a theme's title */
#define SHOWN_MAX  200		/* bytes of a file's name or a value that an error repeats */
#define NAMES_MAX  1000		/* themes in all folders */
#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
#define SUFFIX	   ".theme"

static const struct theme_role roles[ROLE_COUNT] = {
#define THEME_ROLE_ROW(symbol, name, letter, colours, without, what) \
	[ROLE_##symbol] = { name, letter, colours, without, what },
	THEME_ROLES(THEME_ROLE_ROW)
#undef THEME_ROLE_ROW
};

static const char *const colour_names[] = {
	"black",	"red",		"green",	"yellow",
	"blue",		"magenta",	"cyan",		"white",
	"bright-black",	"bright-red",	"bright-green",	"bright-yellow",
	"bright-blue",	"bright-magenta", "bright-cyan", "bright-white",
};

static const struct {
	const char *name;
	unsigned bit;
} attr_names[] = {
	{ "bold", ATTR_BOLD },
	{ "dim", ATTR_DIM },
	{ "underline", ATTR_UNDERLINE },
	{ "reverse", ATTR_REVERSE },
};

static const struct {
	const char *name;
	enum theme_ground ground;
} ground_names[] = {
	{ "dark", GROUND_DARK },
	{ "light", GROUND_LIGHT },
	{ "both", GROUND_BOTH },
};

/* A file that is being read. */
struct reading {
	const char *from;	/* what errors call it */
	const char *text;
	size_t len;
	GKeyFile *keys;
};

static struct theme *copy_of(const struct theme *t);
static char *name_of(const char *path);
static char *find_file(const char *name);
static char **folders(void);
static void add_name(GPtrArray *names, char *name);
static gint by_name(gconstpointer a, gconstpointer b);

static bool check_names(const struct reading *r, GError **error);
static bool is_known(const char *group, const char *key);
static bool read_head(const struct reading *r, struct theme *t, GError **error);
static bool read_roles(const struct reading *r, struct theme *t, GError **error);
static bool read_role(const struct reading *r, enum role role, struct theme *t, GError **error);
static char *read_style(const char *value, const struct theme_style *text,
			struct theme_style *ret);
static bool read_colour(const char *word, struct theme_colour *ret);
static bool read_attr(const char *word, unsigned *attrs);

static bool fail(const struct reading *r, unsigned line, GError **error, const char *format, ...)
	G_GNUC_PRINTF(4, 5);
static unsigned line_of(const struct reading *r, const char *group, const char *key);
static unsigned broken_line(const struct reading *r);

const struct theme_role *theme_role(enum role role)
{
	return &roles[role];
}

enum role theme_role_named(const char *name)
{
	int role = 0;

	while (role < ROLE_COUNT && strcmp(roles[role].name, name) != 0)
		role++;
	return (enum role)role;
}

enum role theme_role_of(enum tone tone)
{
	static const enum role of[TONE_COUNT] = {
		[TONE_PLAIN] = ROLE_row,     [TONE_DIM] = ROLE_dim,   [TONE_GOOD] = ROLE_good,
		[TONE_NOTICE] = ROLE_notice, [TONE_WARN] = ROLE_warn, [TONE_BAD] = ROLE_bad,
		[TONE_UNKNOWN] = ROLE_unknown,
	};

	return of[tone];
}

const struct theme *theme_default(void)
{
	static char name[] = "default", title[] = "The terminal's own colours";
	static struct theme theme;

	if (!theme.name) {
		const struct theme_style plain = { 0 };

		for (int i = 0; i < ROLE_COUNT; i++)
			read_style(roles[i].colours, &plain, &theme.style[i]);
		theme.name = name;
		theme.title = title;
		theme.ground = GROUND_BOTH;
	}
	return &theme;
}

struct theme *theme_load(const char *name, GError **error)
{
	g_autofree char *path = strchr(name, '/') ? g_strdup(name) : find_file(name);
	g_autoptr(GBytes) bytes = NULL;
	struct theme *t;
	const char *text;
	size_t len;

	if (!path && strcmp(name, "default") == 0)
		return copy_of(theme_default());
	if (!path) {
		g_autofree char *shown = text_harmless_dup(name, TITLE_MAX);
		g_auto(GStrv) there = theme_names();
		g_autofree char *list = g_strjoinv(", ", there);

		g_set_error(error, ERR, ERR_NOT_FOUND,
			    "there is no theme called %s; known are: %s", shown, list);
		return NULL;
	}
	bytes = file_read(path, FILE_MAX, NULL, error);
	if (!bytes)
		return NULL;
	text = g_bytes_get_data(bytes, &len);
	t = theme_parse(path, text, len, error);
	if (t) {
		g_free(t->name);
		t->name = name_of(path);
	}
	return t;
}

static struct theme *copy_of(const struct theme *t)
{
	struct theme *copy = g_memdup2(t, sizeof *t);

	copy->name = g_strdup(t->name);
	copy->title = g_strdup(t->title);
	return copy;
}

static char *name_of(const char *path)
{
	char *name = g_path_get_basename(path);

	if (g_str_has_suffix(name, SUFFIX))
		name[strlen(name) - strlen(SUFFIX)] = '\0';
	return name;
}

static char *find_file(const char *name)
{
	g_auto(GStrv) all = folders();
	g_autofree char *file = g_strconcat(name, SUFFIX, NULL);

	for (char **folder = all; *folder; folder++) {
		g_autofree char *path = g_build_filename(*folder, file, NULL);

		if (g_file_test(path, G_FILE_TEST_EXISTS))
			return g_steal_pointer(&path);
	}
	return NULL;
}

/* Where themes are looked for, the person's own first. */
static char **folders(void)
{
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();
	g_autofree char *config = file_config_folder();
	g_autofree char *own = g_build_filename(config, "themes", NULL);

	g_strv_builder_add(b, own);
	for (const char *const *dir = g_get_system_data_dirs(); *dir; dir++) {
		g_autofree char *path = g_build_filename(*dir, "certty", "themes", NULL);

		g_strv_builder_add(b, path);
	}
	g_strv_builder_add(b, CERTTY_DATADIR "/themes");
	return g_strv_builder_end(b);
}

char **theme_names(void)
{
	g_auto(GStrv) all = folders();
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	add_name(names, g_strdup("default"));
	for (char **folder = all; *folder; folder++) {
		g_autoptr(GDir) dir = g_dir_open(*folder, 0, NULL);
		const char *file;

		while (dir && (file = g_dir_read_name(dir)))
			if (g_str_has_suffix(file, SUFFIX))
				add_name(names, name_of(file));
	}
	g_ptr_array_sort(names, by_name);
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

/* Takes the name, unless it is there already or could not be written on a command line. */
static void add_name(GPtrArray *names, char *name)
{
	if (names->len == NAMES_MAX || !*name || name[strspn(name, NAME_CHARS)] ||
	    g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
		g_free(name);
	else
		g_ptr_array_add(names, name);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct theme *theme_parse(const char *from, const char *text, size_t len, GError **error)
{
	g_autofree char *shown = text_harmless_dup(from, SHOWN_MAX);
	g_autoptr(GKeyFile) keys = g_key_file_new();
	const struct reading r = { .from = shown, .text = text, .len = len, .keys = keys };
	g_autoptr(GError) why = NULL;
	struct theme *t;

	if (!g_utf8_validate(text, (gssize)len, NULL))
		return fail(&r, 0, error, "this is not UTF-8 text"), NULL;
	if (!g_key_file_load_from_data(keys, text, len, G_KEY_FILE_NONE, &why))
		return fail(&r, broken_line(&r), error,
			    "this is no group, no key with a value and no comment"), NULL;
	t = copy_of(theme_default());
	if (check_names(&r, error) && read_head(&r, t, error) && read_roles(&r, t, error))
		return t;
	theme_free(t);
	return NULL;
}

void theme_free(struct theme *t)
{
	if (!t)
		return;
	g_free(t->name);
	g_free(t->title);
	g_free(t);
}

static bool check_names(const struct reading *r, GError **error)
{
	g_auto(GStrv) groups = g_key_file_get_groups(r->keys, NULL);

	for (char **group = groups; *group; group++) {
		g_auto(GStrv) keys = g_key_file_get_keys(r->keys, *group, NULL, NULL);

		if (!is_known(*group, NULL))
			return fail(r, line_of(r, *group, NULL), error,
				    "groups are [theme] and [roles]");
		for (char **key = keys; key && *key; key++)
			if (!is_known(*group, *key))
				return fail(r, line_of(r, *group, *key), error,
					    "there is no such %s",
					    strcmp(*group, "roles") == 0 ? "role" : "key");
	}
	return true;
}

static bool is_known(const char *group, const char *key)
{
	if (strcmp(group, "theme") == 0)
		return !key || strcmp(key, "title") == 0 || strcmp(key, "ground") == 0;
	if (strcmp(group, "roles") == 0)
		return !key || theme_role_named(key) != ROLE_COUNT;
	return false;
}

static bool read_head(const struct reading *r, struct theme *t, GError **error)
{
	g_autofree char *title = g_key_file_get_string(r->keys, "theme", "title", NULL);
	g_autofree char *ground = g_key_file_get_string(r->keys, "theme", "ground", NULL);

	g_free(t->name);
	g_free(t->title);
	t->name = g_strdup(r->from);
	t->title = text_harmless_dup(title ? title : r->from, TITLE_MAX);
	if (!ground)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(ground_names); i++)
		if (strcmp(ground_names[i].name, ground) == 0) {
			t->ground = ground_names[i].ground;
			return true;
		}
	return fail(r, line_of(r, "theme", "ground"), error, "ground is dark, light or both");
}

static bool read_roles(const struct reading *r, struct theme *t, GError **error)
{
	t->style[ROLE_text] = (struct theme_style){ 0 };
	for (int role = 0; role < ROLE_COUNT; role++)	/* ROLE_text is the first */
		if (!read_role(r, (enum role)role, t, error))
			return false;
	return true;
}

/* A role that is not named looks like text, told apart as it would be without colour. */
static bool read_role(const struct reading *r, enum role role, struct theme *t, GError **error)
{
	const char *name = roles[role].name;
	g_autofree char *value = g_key_file_get_string(r->keys, "roles", name, NULL);
	g_autofree char *wrong = read_style(value ? value : roles[role].without_colour,
					    &t->style[ROLE_text], &t->style[role]);
	g_autofree char *shown = NULL;

	if (!wrong)
		return true;
	shown = text_harmless_dup(wrong, SHOWN_MAX);
	return fail(r, line_of(r, "roles", name), error,
		    "%s: '%s' is not understood; write COLOUR on COLOUR and attributes, such "
		    "as 'black on cyan bold'", name, shown);
}

/* NULL, or the word that is wrong, as a new string.  What is not said is as in `text`. */
static char *read_style(const char *value, const struct theme_style *text,
			struct theme_style *ret)
{
	g_auto(GStrv) words = g_strsplit_set(value, " \t", -1);
	struct theme_style style = { .fg = text->fg, .bg = text->bg };
	struct theme_colour *next = &style.fg;	/* the colour that may come now */

	for (char **word = words; *word; word++) {
		if (!**word || read_attr(*word, &style.attrs))
			continue;
		if (strcmp(*word, "on") == 0 && next != &style.bg) {
			next = &style.bg;
			continue;
		}
		if (!next || !read_colour(*word, next))
			return g_strdup(*word);
		next = NULL;
	}
	if (next == &style.bg)
		return g_strdup("on");
	*ret = style;
	return NULL;
}

/* "default", a name of the sixteen, a number up to 255, or #rrggbb. */
static bool read_colour(const char *word, struct theme_colour *ret)
{
	size_t len = strlen(word);
	uint32_t rgb = 0;
	guint64 slot;

	if (strcmp(word, "default") == 0) {
		*ret = (struct theme_colour){ .kind = COLOUR_DEFAULT };
		return true;
	}
	for (uint32_t i = 0; i < G_N_ELEMENTS(colour_names); i++)
		if (strcmp(colour_names[i], word) == 0) {
			*ret = (struct theme_colour){ COLOUR_SLOT, i };
			return true;
		}
	if (word[0] == '#' && len == 7 && strspn(word + 1, "0123456789abcdefABCDEF") == 6) {
		for (size_t i = 1; i < len; i++)
			rgb = rgb * 16 + (uint32_t)g_ascii_xdigit_value(word[i]);
		*ret = (struct theme_colour){ COLOUR_RGB, rgb };
		return true;
	}
	if (!g_ascii_string_to_unsigned(word, 10, 0, 255, &slot, NULL))
		return false;
	*ret = (struct theme_colour){ COLOUR_SLOT, (uint32_t)slot };
	return true;
}

bool theme_read_attrs(const char *words, unsigned *ret_attrs)
{
	const struct theme_style plain = { 0 };
	struct theme_style style = { 0 };
	g_autofree char *wrong = read_style(words, &plain, &style);

	if (wrong)
		return false;
	*ret_attrs = style.attrs;
	return true;
}

static bool read_attr(const char *word, unsigned *attrs)
{
	for (size_t i = 0; i < G_N_ELEMENTS(attr_names); i++)
		if (strcmp(attr_names[i].name, word) == 0) {
			*attrs |= attr_names[i].bit;
			return true;
		}
	return false;
}

static bool fail(const struct reading *r, unsigned line, GError **error, const char *format, ...)
{
	g_autofree char *why = NULL;
	va_list args;

	va_start(args, format);
	why = g_strdup_vprintf(format, args);
	va_end(args);
	if (line)
		g_set_error(error, ERR, ERR_FORMAT, "theme file %s:%u: %s", r->from, line, why);
	else
		g_set_error(error, ERR, ERR_FORMAT, "theme file %s: %s", r->from, why);
	return false;
}

/* Walks the lines as GLib does: "[group]", "key = value", '#'. */
struct walk {
	const char *at, *end;
	unsigned line;
	char *text;		/* the line, without blanks at its ends */
	char *group;		/* the group that it is in */
};

static bool walk_on(struct walk *w)
{
	const char *stop;
	char *close;

	g_clear_pointer(&w->text, g_free);
	if (w->at >= w->end)
		return false;
	stop = memchr(w->at, '\n', (size_t)(w->end - w->at));
	stop = stop ? stop : w->end;
	w->text = g_strstrip(g_strndup(w->at, (size_t)(stop - w->at)));
	w->at = stop + 1;
	w->line++;
	if (w->text[0] == '[' && (close = strchr(w->text, ']')) && !close[1]) {
		g_free(w->group);
		w->group = g_strndup(w->text + 1, (size_t)(close - w->text - 1));
	}
	return true;
}

static void walk_done(struct walk *w)
{
	g_free(w->text);
	g_free(w->group);
}

/* The last line that says this key, which is the one that counts, or (key NULL) this group;
 * 0 when nothing does. */
static unsigned line_of(const struct reading *r, const char *group, const char *key)
{
	struct walk w = { .at = r->text, .end = r->text + r->len };
	size_t n = key ? strlen(key) : 0;
	unsigned found = 0;

	while (walk_on(&w)) {
		if (!w.group || strcmp(w.group, group) != 0)
			continue;
		if (!key && w.text[0] == '[')
			found = w.line;
		if (key && strncmp(w.text, key, n) == 0 &&
		    w.text[n + strspn(w.text + n, " \t")] == '=')
			found = w.line;
	}
	walk_done(&w);
	return found;
}

/* The first line that GLib cannot have understood; 0 when all look well. */
static unsigned broken_line(const struct reading *r)
{
	struct walk w = { .at = r->text, .end = r->text + r->len };
	unsigned broken = 0;

	while (!broken && walk_on(&w)) {
		const char *equals = strchr(w.text, '=');

		if (!w.text[0] || w.text[0] == '#')
			continue;
		if (w.text[0] == '[' ? !g_str_has_suffix(w.text, "]")
				     : !w.group || !equals || equals == w.text)
			broken = w.line;
	}
	walk_done(&w);
	return broken;
}
