/* fuzz-theme: any bytes give a theme whose every role looks like something, or one sentence. */
#include <glib.h>
#include <stdint.h>
#include "ui/theme.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int colours[] = { 0, 8, 16, 256, THEME_DIRECT };
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(theme) t = theme_parse("fuzz", text, size, &error);

	if (!t) {
		g_assert_nonnull(error);
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
		return 0;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(colours); i++)
		for (enum role r = 0; r < ROLE_COUNT; r++) {
			struct theme_look look = theme_look(t, r, colours[i]);

			g_assert_cmpint(look.fg, <, MAX(colours[i], 1));
			g_assert_cmpint(look.bg, <, MAX(colours[i], 1));
		}
	return 0;
}
