/* fuzz-settings: a configuration file of any bytes gives settings and warnings, never an end. */
#include <errno.h>
#include <glib.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>
#include <certty/base/settings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_all(const struct settings *s)
{
	for (const struct setting *t = settings_table; t->group; t++) {
		g_assert_nonnull(settings_origin(s, t->group, t->key));
		switch (t->kind) {
		case SETTING_BOOL:
			settings_bool(s, t->group, t->key);
			break;
		case SETTING_INT:
			g_assert_cmpint(settings_int(s, t->group, t->key), >=, t->min);
			g_assert_cmpint(settings_int(s, t->group, t->key), <=, t->max);
			break;
		case SETTING_LIST:
			g_assert_nonnull(settings_list(s, t->group, t->key));
			break;
		default:
			g_assert_nonnull(settings_text(s, t->group, t->key));
		}
	}
	for (const char *const *w = settings_warnings(s); *w; w++)
		g_assert_true(g_utf8_validate(*w, -1, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("settings", MFD_CLOEXEC);
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
	struct settings *s;

	g_assert_cmpint(fd, >=, 0);
	g_assert_cmpint(write(fd, data, size), ==, (ssize_t)size);
	s = settings_load(path);
	check_all(s);
	for (const char *const *g = settings_groups(s, ""); g && *g; g++)
		for (const char *const *k = settings_keys(s, *g); k && *k; k++)
			settings_raw(s, *g, *k);
	settings_free(s);
	close(fd);
	return 0;
}
