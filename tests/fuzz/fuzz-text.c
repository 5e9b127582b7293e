/* fuzz-text: whatever bytes come in, what comes out is harmless, fits, and is no longer than
 * was said. */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <certty/base/text.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_harmless(const char *s)
{
	g_assert_true(g_utf8_validate(s, -1, NULL));
	for (const char *p = s; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		g_assert_true(c >= 0x20 && !(c >= 0x7f && c < 0xa0));
		g_assert_true(!(c >= 0x202a && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t max = size ? data[0] * 4u : 16;
	int cells = size > 1 ? data[1] % 100 : 10;
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GString) fitted = g_string_new(NULL);
	g_autoptr(GString) folded = g_string_new(NULL);
	g_auto(GStrv) lines = NULL;
	int width;

	text_harmless(out, data, size, max);
	check_harmless(out->str);
	g_assert_cmpuint(out->len, <=, max + 4);
	text_fit(fitted, out->str, cells, ALIGN_LEFT);
	g_assert_cmpint(text_width(fitted->str, -1), ==, cells);
	g_assert_cmpuint(text_prefix(out->str, cells, &width), <=, out->len);
	g_assert_cmpint(width, <=, cells);
	text_fold(folded, out->str, -1);
	lines = text_wrap(out->str, cells ? cells : 1);
	g_assert_nonnull(lines);
	return 0;
}
