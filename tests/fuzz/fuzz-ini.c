/* fuzz-ini: any bytes are refused with a sentence or read; and every key that was listed is found
 * again by its name, in any case. */
#include <glib.h>
#include <stdint.h>
#include <certty/base/err.h>
#include <certty/base/ini.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct ini *i, const char *section)
{
	for (const char *const *key = ini_keys(i, section); *key; key++) {
		g_autofree char *upper = g_ascii_strup(*key, -1);
		const char *value = ini_get(i, section, *key);

		g_assert_true(g_utf8_validate(*key, -1, NULL));
		g_assert_true(g_utf8_validate(value, -1, NULL));
		g_assert_true(ini_get(i, section, upper) == value);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(ini) i = ini_read(bytes, &error);

	g_assert_true(!i == !!error);
	if (error)
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
	for (const char *const *section = i ? ini_sections(i) : NULL; section && *section; section++)
		look(i, *section);
	return 0;
}
