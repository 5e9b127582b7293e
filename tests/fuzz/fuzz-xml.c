/* fuzz-xml: any bytes are refused with a sentence or read; and what was read is harmless text, no
 * deeper than the bound, where the first child of a name is the one that is found by it. */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <certty/base/err.h>
#include <certty/net/xml.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const struct xml *x, unsigned depth)
{
	g_assert_cmpuint(depth, <=, XML_DEPTH_MAX);
	g_assert_true(g_utf8_validate(xml_text(x), -1, NULL));
	g_assert_true(g_utf8_validate(xml_name(x), -1, NULL));
	g_assert_null(strpbrk(xml_text(x), "\x01\x1b\r\x7f"));
	for (size_t i = 0; i < xml_count(x); i++) {
		const struct xml *child = xml_at(x, i), *found = xml_get(x, xml_name(child));

		g_assert_nonnull(found);
		g_assert_cmpstr(xml_name(found), ==, xml_name(child));
		walk(child, depth + 1);
	}
	g_assert_null(xml_at(x, xml_count(x)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(xml) x = xml_read(bytes, &error);

	g_assert_true(!x == !!error);
	if (error)
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
	else
		walk(x, 1);
	return 0;
}
