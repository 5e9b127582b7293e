/* fuzz-csv: any bytes are refused with a sentence or read; what was read is UTF-8, lies in order
 * of lines, and survives being written and read once more. */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <certty/base/csv.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_row(GString *out, const struct csv *c, size_t row)
{
	for (size_t i = 0; i < csv_columns(c); i++) {
		g_assert_true(g_utf8_validate(csv_cell(c, row, i), -1, NULL));
		csv_put(out, csv_cell(c, row, i), i == 0);
	}
	g_string_append_c(out, '\n');
}

static void check_again(const struct csv *c)
{
	g_autoptr(GString) out = g_string_new("");
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(csv) again = NULL;

	for (size_t i = 0; i < csv_columns(c); i++)
		g_string_append_printf(out, "%sh%zu", i ? "," : "", i);
	g_string_append_c(out, '\n');
	for (size_t r = 0; r < csv_rows(c); r++)
		write_row(out, c, r);
	bytes = g_bytes_new(out->str, out->len);
	again = csv_read(bytes, NULL);
	g_assert_nonnull(again);
	g_assert_cmpuint(csv_rows(again), ==, csv_rows(c));
	for (size_t r = 0; r < csv_rows(c); r++)
		for (size_t i = 0; i < csv_columns(c); i++)
			g_assert_cmpstr(csv_unguarded(csv_cell(again, r, i)), ==, csv_cell(c, r, i));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(csv) c = csv_read(bytes, &error);

	g_assert_true(!c == !!error);
	if (!c) {
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
		return 0;
	}
	for (size_t i = 0; i < csv_columns(c); i++)
		g_assert_cmpint(csv_find(c, csv_head(c, i)), ==, (gssize)i);
	for (size_t r = 1; r < csv_rows(c); r++)
		g_assert_cmpuint(csv_line(c, r), >, csv_line(c, r - 1));
	check_again(c);
	return 0;
}
