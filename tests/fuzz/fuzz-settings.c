/* fuzz-settings: whatever a configuration file holds, it is read to its end with sentences for
 * what is wrong; as a policy it is at least as strict as none; and changing one value in it
 * changes that value. */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "base/settings_file.h"
#include "base/settings_own.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct settings *taken(const char *bytes, size_t len, bool is_policy)
{
	static const struct settings_places nowhere = { "/nonexistent/site", "/nonexistent/policy" };
	struct settings *s = settings_load_from(&nowhere, "/nonexistent/own");

	settings_take(s, "file", bytes, len, is_policy);
	return s;
}

static void check(const struct settings *s)
{
	for (const char *const *w = settings_warnings(s); *w; w++)
		for (const char *p = *w; *p; p++)
			g_assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
	for (const struct setting *row = settings_table; row->group; row++) {
		int64_t n = settings_int(s, row->group, row->key);

		g_assert_nonnull(settings_origin(s, row->group, row->key));
		g_assert_true(g_utf8_validate(settings_text(s, row->group, row->key), -1, NULL));
		if (row->kind == SETTING_INT)
			g_assert_true(n >= row->min && n <= row->max);
	}
	for (const char *const *g = settings_groups(s, "notice"); *g; g++)
		for (const char *const *k = settings_keys(s, *g); *k; k++)
			g_assert_nonnull(settings_raw(s, *g, *k));
}

static void check_edit(const char *bytes, size_t len)
{
	g_autoptr(GString) text = settings_file_edit(bytes, len, "safety", "hosts", "a; \\b");
	g_autoptr(settings) s = taken(text->str, text->len, false);

	g_assert_cmpstr(settings_text(s, "safety", "hosts"), ==, "a; \\b");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(settings) plain = taken((const char *)data, size, false);
	g_autoptr(settings) policy = taken((const char *)data, size, true);

	check(plain);
	check(policy);
	g_assert_true(settings_bool(policy, "safety", "typed-confirm"));
	check_edit((const char *)data, size);
	return 0;
}
