/* Themes: every one that is shipped is complete and can be read, with any number of colours. */
#include <math.h>
#include <string.h>

#include <certty/base/err.h>
#include <certty/base/file.h>

#include <glib/gstdio.h>

#include "ui/theme.h"

static const char *const shipped[] = { "dark",	"default", "deuteranopia", "high-contrast",
				       "light", "mono",	   "tritanopia" };

/* Lines and bars are no text. */
static const enum role not_text[] = { ROLE_rule, ROLE_life_full, ROLE_life_empty };

static char *path_of(const char *name)
{
	g_autofree char *file = g_strconcat(name, ".theme", NULL);

	return g_build_filename(g_getenv("top_srcdir"), "themes", file, NULL);
}

static struct theme *load(const char *name)
{
	g_autofree char *path = path_of(name);
	g_autoptr(GError) error = NULL;
	struct theme *t = theme_load(path, &error);

	g_assert_no_error(error);
	g_assert_cmpstr(t->name, ==, name);
	return t;
}

static void test_complete(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(shipped); i++) {
		g_autofree char *path = path_of(shipped[i]);
		g_autoptr(GKeyFile) keys = g_key_file_new();
		g_autoptr(theme) t = load(shipped[i]);

		g_assert_true(g_key_file_load_from_file(keys, path, G_KEY_FILE_NONE, NULL));
		for (int role = 0; role < ROLE_COUNT; role++)
			g_assert_true(g_key_file_has_key(keys, "roles",
							 theme_role((enum role)role)->name, NULL));
		g_assert_cmpuint(strlen(t->title), >, 0);
	}
}

static bool is_text(enum role role)
{
	for (size_t i = 0; i < G_N_ELEMENTS(not_text); i++)
		if (role == not_text[i])
			return false;
	return true;
}

static uint32_t mix(uint32_t a, uint32_t b)	/* two thirds of a: how terminals dim */
{
	uint32_t rgb = 0;

	for (int i = 0; i < 24; i += 8)
		rgb |= ((2 * (a >> i & 255) + (b >> i & 255)) / 3) << i;
	return rgb;
}

static uint32_t rgb_of(int32_t shown, int colours, uint32_t own)
{
	return shown < 0			       ? own
	       : colours == THEME_DIRECT && shown >= 8 ? (uint32_t)shown
						       : theme_slot_rgb((unsigned)shown);
}

/* On a terminal whose own colours are these. */
static double contrast(const struct theme *t, enum role role, int colours, uint32_t own_fg,
		       uint32_t own_bg)
{
	struct theme_look look = theme_look(t, role, colours);
	uint32_t fg = rgb_of(look.fg, colours, own_fg), bg = rgb_of(look.bg, colours, own_bg);

	if (look.attrs & ATTR_DIM)
		fg = mix(fg, bg);
	return theme_contrast(fg, bg);
}

static void test_readable(void)
{
	static const int depths[] = { THEME_DIRECT, 256, 16, 8 };

	for (size_t i = 0; i < G_N_ELEMENTS(shipped) * G_N_ELEMENTS(depths); i++) {
		g_autoptr(theme) t = load(shipped[i / G_N_ELEMENTS(depths)]);
		int colours = depths[i % G_N_ELEMENTS(depths)];
		double least = strcmp(t->name, "high-contrast") == 0 && colours >= 256 ? 7 : 4.5;

		for (int role = 0; role < ROLE_COUNT; role++) {
			if (!is_text((enum role)role))
				continue;
			g_test_message("%s %s with %d", t->name,
				       theme_role((enum role)role)->name, colours);
			if (t->ground & GROUND_DARK)
				g_assert_cmpfloat(contrast(t, (enum role)role, colours, 0xe5e5e5,
							   0x000000), >=, least);
			if (t->ground & GROUND_LIGHT)
				g_assert_cmpfloat(contrast(t, (enum role)role, colours, 0x000000,
							   0xffffff), >=, least);
		}
	}
}

/* Without colour every state still differs from plain text or has a word of its own. */
static void test_without_colour(void)
{
	const struct theme *t = theme_default();
	unsigned bad = theme_look(t, ROLE_bad, 0).attrs, warn = theme_look(t, ROLE_warn, 0).attrs;

	for (int role = 0; role < ROLE_COUNT; role++) {
		g_assert_cmpint(theme_look(t, (enum role)role, 0).fg, ==, -1);
		g_assert_cmpint(theme_look(t, (enum role)role, 0).bg, ==, -1);
	}
	g_assert_cmpuint(bad, !=, warn);
	g_assert_cmpuint(bad, !=, 0);
	g_assert_cmpuint(warn, !=, 0);
	g_assert_true(theme_look(t, ROLE_row_cursor, 0).attrs & ATTR_REVERSE);
	g_assert_true(theme_look(t, ROLE_selection, 0).attrs & ATTR_REVERSE);
}

/* The files that say again what the table of roles says. */
static void test_files_of_the_table(void)
{
	g_autoptr(theme) file = load("default");
	g_autoptr(theme) mono = load("mono");

	for (int role = 0; role < ROLE_COUNT; role++) {
		const struct theme_style *a = &file->style[role];
		const struct theme_style *b = &theme_default()->style[role];

		g_test_message("%s", theme_role((enum role)role)->name);
		g_assert_cmpuint(a->attrs, ==, b->attrs);
		g_assert_cmpuint(a->fg.kind, ==, b->fg.kind);
		g_assert_cmpuint(a->fg.value, ==, b->fg.value);
		g_assert_cmpuint(a->bg.kind, ==, b->bg.kind);
		g_assert_cmpuint(a->bg.value, ==, b->bg.value);
		g_assert_cmpuint(mono->style[role].attrs, ==,
				 theme_look(mono, (enum role)role, 0).attrs);
		g_assert_cmpint(theme_look(mono, (enum role)role, 256).fg, ==, -1);
		g_assert_cmpint(theme_look(mono, (enum role)role, 256).bg, ==, -1);
	}
}

/* Machado, Oliveira and Fernandes (2009): what the eyes see, in linear light. */
static const double deuteranopia[3][3] = { { 0.367322, 0.860646, -0.227968 },
					   { 0.280085, 0.672501, 0.047413 },
					   { -0.011820, 0.042940, 0.968881 } };
static const double tritanopia[3][3] = { { 1.255528, -0.076749, -0.178779 },
					 { -0.078411, 0.930809, 0.147602 },
					 { 0.004733, 0.691367, 0.303900 } };

static void see(const double eyes[3][3], uint32_t rgb, double ret[3])
{
	double linear[3];

	for (int i = 0; i < 3; i++)
		linear[i] = pow((rgb >> (16 - 8 * i) & 255) / 255.0, 2.2);
	for (int i = 0; i < 3; i++) {
		double sum = 0;

		for (int j = 0; j < 3; j++)
			sum += eyes[i][j] * linear[j];
		ret[i] = pow(CLAMP(sum, 0, 1), 1 / 2.2);
	}
}

static void assert_told_apart(const char *name, const double eyes[3][3])
{
	static const enum role pairs[][2] = { { ROLE_warn, ROLE_bad },
					      { ROLE_diff_added, ROLE_diff_removed },
					      { ROLE_row_cursor, ROLE_warn },
					      { ROLE_row_cursor, ROLE_bad } };
	g_autoptr(theme) t = load(name);

	for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
		double a[3], b[3], distance = 0;

		for (int c = 0; c < 2; c++)
			see(eyes, rgb_of(theme_look(t, pairs[i][c], THEME_DIRECT).bg,
					 THEME_DIRECT, 0), c ? b : a);
		for (int c = 0; c < 3; c++)
			distance += (a[c] - b[c]) * (a[c] - b[c]);
		g_test_message("%s: %s and %s: %.2f", name, theme_role(pairs[i][0])->name,
			       theme_role(pairs[i][1])->name, sqrt(distance));
		g_assert_cmpfloat(sqrt(distance), >=, 0.3);
	}
}

static void test_colour_blind(void)
{
	assert_told_apart("deuteranopia", deuteranopia);
	assert_told_apart("tritanopia", tritanopia);
}

static void test_computed_down(void)
{
	static const char text[] = "[theme]\n[roles]\ntext = #eeeeee on #101010\n"
				   "bad = #ff0000\ntitle = bold\nrule = bright-black on default\n";
	g_autoptr(theme) t = theme_parse("test", text, strlen(text), NULL);

	g_assert_nonnull(t);
	g_assert_cmpint(theme_look(t, ROLE_text, THEME_DIRECT).fg, ==, 0xeeeeee);
	g_assert_cmpint(theme_look(t, ROLE_text, 256).fg, ==, 255);
	g_assert_cmpint(theme_look(t, ROLE_text, 256).bg, ==, 233);
	g_assert_cmpint(theme_look(t, ROLE_text, 16).fg, ==, 7);
	g_assert_cmpint(theme_look(t, ROLE_text, 16).bg, ==, 0);
	g_assert_cmpint(theme_look(t, ROLE_bad, 256).bg, ==, 233);	/* that of text */
	g_assert_cmpint(theme_look(t, ROLE_bad, 16).fg, ==, 9);
	g_assert_cmpint(theme_look(t, ROLE_title, 256).fg, ==, 255);
	g_assert_cmpuint(theme_look(t, ROLE_title, 256).attrs, ==, ATTR_BOLD);
	g_assert_cmpint(theme_look(t, ROLE_rule, 8).fg, ==, -1);
	g_assert_cmpuint(theme_look(t, ROLE_rule, 8).attrs, ==, ATTR_DIM);
	/* Not named: as text, told apart as without colour. */
	g_assert_cmpint(theme_look(t, ROLE_row_cursor, 256).fg, ==, 255);
	g_assert_cmpuint(theme_look(t, ROLE_row_cursor, 256).attrs, ==, ATTR_REVERSE);
}

static void test_errors(void)
{
	static const struct {
		const char *text, *message;
	} wrong[] = {
		{ "[theme]\ntitle = x\n[roles]\n\ntext = pink\n", "theme file f:5: text: 'pink' is" },
		{ "[roles]\ntext = red on\n", "f:2: text: 'on' is not" },
		{ "[roles]\ntext = red blue\n", "f:2: text: 'blue' is not" },
		{ "[roles]\ntext = #12345\n", "f:2" },
		{ "[roles]\ntext = 256\n", "f:2" },
		{ "[roles]\n# text = pink\ntxet = red\n", "f:3: there is no such role" },
		{ "[theme]\nname = x\n", "f:2: there is no such key" },
		{ "\n[colours]\n", "f:2: groups are [theme] and [roles]" },
		{ "[theme]\nground = blue\n", "f:2: ground is dark, light or both" },
		{ "[theme]\nrubbish\n", "f:2: this is no group" },
		{ "title = x\n", "f:1: this is no group" },
		{ "[roles]\ntext = \xff\n", "f: this is not UTF-8 text" },
		{ "[roles]\ntext = \x1b[31m\n", "'\\x1b[31m'" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autoptr(GError) error = NULL;

		g_test_message("%s", wrong[i].message);
		g_assert_null(theme_parse("f", wrong[i].text, strlen(wrong[i].text), &error));
		g_assert_error(error, ERR, ERR_FORMAT);
		g_assert_nonnull(strstr(error->message, wrong[i].message));
	}
}

static void test_folders(void)
{
	g_autofree char *config = file_config_folder();
	g_autofree char *own = g_build_filename(config, "themes", NULL);
	g_autofree char *file = g_build_filename(own, "mine.theme", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(theme) mine = NULL;
	g_autoptr(theme) fallback = NULL;
	g_auto(GStrv) names = NULL;

	g_assert_cmpint(g_mkdir_with_parents(own, 0700), ==, 0);
	g_assert_true(g_file_set_contents(file, "[theme]\ntitle=Mine\n", -1, NULL));
	mine = theme_load("mine", &error);
	g_assert_no_error(error);
	g_assert_cmpstr(mine->name, ==, "mine");
	g_assert_cmpstr(mine->title, ==, "Mine");
	names = theme_names();
	g_assert_true(g_strv_contains((const char *const *)names, "mine"));
	g_assert_true(g_strv_contains((const char *const *)names, "default"));
	fallback = theme_load("default", &error);
	g_assert_no_error(error);
	g_assert_null(theme_load("no-such", &error));
	g_assert_error(error, ERR, ERR_NOT_FOUND);
	g_assert_nonnull(strstr(error->message, "known are: "));
	g_assert_nonnull(strstr(error->message, "mine"));
	g_assert_cmpint(g_remove(file), ==, 0);
	g_assert_cmpint(g_rmdir(own), ==, 0);
	g_assert_cmpint(g_rmdir(config), ==, 0);
	g_assert_cmpint(g_rmdir(g_getenv("XDG_CONFIG_HOME")), ==, 0);
}

/* certty-theme(5) lists the roles in the order of the table, with its sentences. */
static void test_manual(void)
{
	g_autofree char *path = g_build_filename(g_getenv("top_srcdir"), "doc",
						 "certty-theme.5", NULL);
	g_autoptr(GString) list = g_string_new(".Bl -tag -width header-sorted\n");
	g_autofree char *manual = NULL;

	for (int i = 0; i < ROLE_COUNT; i++) {
		const struct theme_role *r = theme_role((enum role)i);

		g_string_append_printf(list, ".It Cm %s\n%s\n(%s)\n", r->name, r->what,
				       *r->without_colour ? r->without_colour : "plain");
	}
	g_string_append(list, ".El\n");
	g_assert_true(g_file_get_contents(path, &manual, NULL, NULL));
	if (!strstr(manual, list->str))
		g_test_message("the list in doc/certty-theme.5 should be:\n%s", list->str);
	g_assert_nonnull(strstr(manual, list->str));
}

int main(int argc, char **argv)
{
	g_autofree char *home = g_dir_make_tmp("test-theme-XXXXXX", NULL);

	g_setenv("XDG_CONFIG_HOME", home, TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/theme/complete", test_complete);
	g_test_add_func("/theme/readable", test_readable);
	g_test_add_func("/theme/without-colour", test_without_colour);
	g_test_add_func("/theme/files-of-the-table", test_files_of_the_table);
	g_test_add_func("/theme/colour-blind", test_colour_blind);
	g_test_add_func("/theme/computed-down", test_computed_down);
	g_test_add_func("/theme/errors", test_errors);
	g_test_add_func("/theme/folders", test_folders);
	g_test_add_func("/theme/manual", test_manual);
	return g_test_run();
}
