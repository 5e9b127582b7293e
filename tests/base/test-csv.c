/* csv: tables are read strictly, with what is wrong named by line and column, and what is written
 * is read as it was. */
#include <glib.h>
#include <string.h>
#include <certty/base/csv.h>
#include <certty/base/err.h>

static struct csv *read_text(const char *text, gssize len, GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, len < 0 ? strlen(text) : (gsize)len);

	return csv_read(bytes, error);
}

static void expect_cells(const char *text, size_t columns, size_t rows, const char *all)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(csv) c = read_text(text, -1, &error);
	g_autoptr(GString) out = g_string_new(NULL);

	g_assert_no_error(error);
	g_assert_cmpuint(csv_columns(c), ==, columns);
	g_assert_cmpuint(csv_rows(c), ==, rows);
	for (size_t i = 0; i < columns; i++)
		g_string_append_printf(out, "[%s]", csv_head(c, i));
	for (size_t r = 0; r < rows; r++) {
		g_string_append_printf(out, " %u", csv_line(c, r));
		for (size_t i = 0; i < columns; i++)
			g_string_append_printf(out, "[%s]", csv_cell(c, r, i));
	}
	g_assert_cmpstr(out->str, ==, all);
}

static void test_forms(void)
{
	expect_cells("a,b\n1,2\n", 2, 1, "[a][b] 2[1][2]");
	expect_cells("a,b\r\n1,2\r\n3,4", 2, 2, "[a][b] 2[1][2] 3[3][4]");
	expect_cells("\xEF\xBB\xBF" "a;b\n1,5;2\n", 2, 1, "[a][b] 2[1,5][2]");
	expect_cells("a\tb\n1\t2\n", 2, 1, "[a][b] 2[1][2]");
	expect_cells("\"a,1\";b\n1;2\n", 2, 1, "[a,1][b] 2[1][2]");
	expect_cells("name\nx\n", 1, 1, "[name] 2[x]");
	expect_cells("name", 1, 0, "[name]");
	expect_cells("\n\na,b\n,\n\n1,\n;x,2\n", 2, 2, "[a][b] 6[1][] 7[;x][2]");
	expect_cells("a,b,c\n1\n", 3, 1, "[a][b][c] 2[1][][]");
	expect_cells("a,b\n\"1\"\"2\",\"x\ny\"\n3,4\n", 2, 2, "[a][b] 2[1\"2][x\ny] 4[3][4]");
	expect_cells("a,b\n\"\",\" x \"\n", 2, 1, "[a][b] 2[][ x ]");
	expect_cells("a,b\n1,", 2, 1, "[a][b] 2[1][]");
}

static void test_find(void)
{
	g_autoptr(csv) c = read_text("Name,Properties.access_token\nx,y\n", -1, NULL);

	g_assert_cmpint(csv_find(c, "name"), ==, 0);
	g_assert_cmpint(csv_find(c, "properties.ACCESS_TOKEN"), ==, 1);
	g_assert_cmpint(csv_find(c, "token"), ==, -1);
}

static void expect_error(const char *text, gssize len, enum err code, const char *said)
{
	g_autoptr(GError) error = NULL;
	struct csv *c = read_text(text, len, &error);

	g_assert_null(c);
	g_assert_error(error, ERR, (gint)code);
	g_assert_cmpstr(error->message, ==, said);
}

static void test_mistakes(void)
{
	expect_error("", -1, ERR_FORMAT, "there is no head line with names of columns");
	expect_error("\n,,\n", -1, ERR_FORMAT, "there is no head line with names of columns");
	expect_error("a,b\n1,2,3\n", -1, ERR_FORMAT,
		     "line 2, column 3: the head has no such column");
	expect_error("a,b\n1,\"2\n3\n", -1, ERR_FORMAT,
		     "line 2, column 2: the quotation mark is never closed");
	expect_error("a,b\n1,\"2\"3\n", -1, ERR_FORMAT,
		     "line 2, column 2: something follows the closing quotation mark");
	expect_error("a,b\n\"1\n\n\",2\"\n", -1, ERR_FORMAT,
		     "line 4, column 2: a quotation mark in a cell that is not quoted");
	expect_error("a,b\n1\r,2\n", -1, ERR_FORMAT,
		     "line 2, column 1: a carriage return without a line feed");
	expect_error("a,,c\n", -1, ERR_FORMAT, "line 1, column 2: the column has no name");
	expect_error("a,b,A\n", -1, ERR_FORMAT,
		     "line 1, column 3: another column has this name already");
	expect_error("a,b\n1,\xff\n", -1, ERR_FORMAT, "line 2: not UTF-8 text");
	expect_error("a,b\n1,\0x\n", 9, ERR_FORMAT, "line 2: not UTF-8 text");
}

static void test_limits(void)
{
	g_autoptr(GString) wide = g_string_new("c0"), tall = g_string_new("a\n");
	g_autofree char *large = g_strnfill(CSV_BYTES + 1, 'x');
	g_autoptr(csv) c = NULL;

	for (unsigned i = 1; i < CSV_COLUMNS; i++)
		g_string_append_printf(wide, ",c%u", i);
	c = read_text(wide->str, -1, NULL);
	g_assert_cmpuint(csv_columns(c), ==, CSV_COLUMNS);
	g_string_append(wide, ",more");
	expect_error(wide->str, -1, ERR_LIMIT, "line 1: more than 256 columns");
	expect_error(large, -1, ERR_LIMIT, "more than 16777216 bytes");
	for (unsigned i = 0; i < CSV_ROWS; i++)
		g_string_append(tall, "1\n");
	csv_free(g_steal_pointer(&c));
	c = read_text(tall->str, -1, NULL);
	g_assert_cmpuint(csv_rows(c), ==, CSV_ROWS);
	g_string_append(tall, "1\n");
	expect_error(tall->str, -1, ERR_LIMIT, "more than 100000 rows");
}

static void expect_put(const char *cell, const char *written)
{
	g_autoptr(GString) out = g_string_new(NULL);

	csv_put(out, cell, true);
	g_assert_cmpstr(out->str, ==, written);
	g_string_append_c(out, 'x');
	csv_put(out, "y", false);
	g_assert_true(g_str_has_suffix(out->str, "x,y"));
}

static void test_put(void)
{
	expect_put("plain", "plain");
	expect_put("", "");
	expect_put("a,b", "\"a,b\"");
	expect_put("say \"hi\"", "\"say \"\"hi\"\"\"");
	expect_put("=1+2", "'=1+2");
	expect_put("@x,y", "\"'@x,y\"");
	expect_put("'=1", "''=1");
	expect_put("'quoted'", "'quoted'");
	g_assert_cmpstr(csv_unguarded("'=1+2"), ==, "=1+2");
	g_assert_cmpstr(csv_unguarded("''=1"), ==, "'=1");
	g_assert_cmpstr(csv_unguarded("'quoted'"), ==, "'quoted'");
	g_assert_cmpstr(csv_unguarded(""), ==, "");
}

/* A cell of what makes trouble. */
static char *draw_cell(GRand *rand)
{
	static const char *const parts[] = { ",", ";", "\t", "\"", "\n", "\r", "\r\n", "'", "=", "+",
					     "-", "@", " ", "a", "Zürich", "7", "\xEF\xBB\xBF" };
	GString *s = g_string_new(NULL);

	for (int n = g_rand_int_range(rand, 0, 6); n > 0; n--)
		g_string_append(s, parts[g_rand_int_range(rand, 0, G_N_ELEMENTS(parts))]);
	return g_string_free(s, FALSE);
}

#define COLUMNS 5
#define ROWS 40

static void test_write_and_read(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(7);

	for (int round = 0; round < 200; round++) {
		g_autoptr(GString) out = g_string_new("n,b,c,d,e\n");
		g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(csv) c = NULL;

		for (guint i = 0; i < ROWS * COLUMNS; i++) {
			/* the first of a row is never empty, as rows of nothing are left out */
			char *cell = i % COLUMNS ? draw_cell(rand) : g_strdup_printf("%u", i);

			g_ptr_array_add(cells, cell);
			csv_put(out, cell, i % COLUMNS == 0);
			if (i % COLUMNS == COLUMNS - 1)
				g_string_append(out, round % 2 ? "\n" : "\r\n");
		}
		c = read_text(out->str, (gssize)out->len, NULL);
		g_assert_nonnull(c);
		g_assert_cmpuint(csv_rows(c), ==, ROWS);
		for (guint i = 0; i < ROWS * COLUMNS; i++)
			g_assert_cmpstr(csv_unguarded(csv_cell(c, i / COLUMNS, i % COLUMNS)), ==,
					cells->pdata[i]);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/csv/forms", test_forms);
	g_test_add_func("/csv/find", test_find);
	g_test_add_func("/csv/mistakes", test_mistakes);
	g_test_add_func("/csv/limits", test_limits);
	g_test_add_func("/csv/put", test_put);
	g_test_add_func("/csv/write-and-read", test_write_and_read);
	return g_test_run();
}
