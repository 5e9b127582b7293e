/*
 * Plays every file in tests/ui/screens.  `test-screens --update [FILE…]` writes the screens as
 * they are now into the files instead; look at the difference before you keep it.
 */
#include <locale.h>
#include <string.h>

#include <glib.h>

#include "play.h"

static char *folder;

static char *read_file(const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	char *text = NULL;
	g_autoptr(GError) error = NULL;

	if (!g_file_get_contents(path, &text, NULL, &error))
		g_error("%s", error->message);
	return text;
}

static void test_file(const void *data)
{
	const char *name = data;
	g_autofree char *text = read_file(name);
	g_autofree char *shown = play_run(name, text, false);

	g_assert_nonnull(shown);
}

static void update(const char *name)
{
	g_autofree char *text = read_file(name), *shown = play_run(name, text, true);
	g_autofree char *path = g_build_filename(folder, name, NULL);

	if (strcmp(text, shown) && g_file_set_contents(path, shown, -1, NULL))
		g_print("%s\n", path);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *find_files(void)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	g_assert_nonnull(dir);
	while ((name = g_dir_read_name(dir)))
		if (g_str_has_suffix(name, ".play"))
			g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, by_name);
	return names;
}

int main(int argc, char **argv)
{
	bool is_update = argc > 1 && !strcmp(argv[1], "--update");
	g_autoptr(GPtrArray) names = NULL;
	int result = 0;

	setlocale(LC_CTYPE, "C.UTF-8");
	g_setenv("TZ", "UTC", TRUE);
	if (!is_update)
		g_test_init(&argc, &argv, NULL);
	folder = g_build_filename(g_getenv("G_TEST_SRCDIR") ?: "tests", "ui", "screens", NULL);
	names = find_files();
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *path = g_strconcat("/ui/screens/", names->pdata[i], NULL);

		if (is_update)
			update(names->pdata[i]);
		else
			g_test_add_data_func(path, names->pdata[i], test_file);
	}
	if (!is_update)
		result = g_test_run();
	g_free(folder);
	return result;
}
