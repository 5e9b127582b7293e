/* complete: paths, as shells complete them. */
#include "complete.h"

#include <string.h>

#include <glib.h>

/* What of `name` the completion may become when `so_far` was found already. */
static char *common(char *so_far, const char *name)
{
	size_t n = 0;

	if (!so_far)
		return g_strdup(name);
	while (so_far[n] && so_far[n] == name[n])
		n++;
	while (n && (so_far[n] & 0xc0) == 0x80)
		n--;
	so_far[n] = '\0';
	return so_far;
}

static char *expand(const char *folder)
{
	if (g_str_has_prefix(folder, "~/"))
		return g_build_filename(g_get_home_dir(), folder + 2, NULL);
	return g_strdup(*folder ? folder : ".");
}

char *complete_path(const char *typed)
{
	const char *slash = strrchr(typed, '/');
	const char *begun = slash ? slash + 1 : typed;
	g_autofree char *folder = g_strndup(typed, (gsize)(begun - typed));
	g_autofree char *place = expand(folder);
	g_autoptr(GDir) dir = g_dir_open(place, 0, NULL);
	g_autofree char *found = NULL, *full = NULL;
	const char *name;
	unsigned matches = 0;

	for (unsigned n = 0; dir && n < COMPLETE_MOST && (name = g_dir_read_name(dir)); n++) {
		if (!g_str_has_prefix(name, begun) || (*name == '.' && *begun != '.') ||
		    !g_utf8_validate(name, -1, NULL))
			continue;
		found = common(found, name);
		matches++;
	}
	if (!found)
		return NULL;
	full = g_build_filename(place, found, NULL);
	if (matches == 1 && g_file_test(full, G_FILE_TEST_IS_DIR))
		return g_strconcat(folder, found, "/", NULL);
	return strlen(found) > strlen(begun) ? g_strconcat(folder, found, NULL) : NULL;
}
