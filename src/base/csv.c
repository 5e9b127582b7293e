/*
 * csv: tables as spreadsheets and other tools write them: a strict reader of our own.
 *
 * Debian's libcsv calls back once a cell and knows neither lines nor columns, takes quotes in the
 * middle of a cell for text unless told otherwise, and grows buffers that it does not wipe; GLib
 * has no reader.  This one works on a single copy of the bytes, in which every cell ends with a
 * NUL where its separator was, so that wiping the copy wipes everything.
 */
#include <certty/base/csv.h>

#include <string.h>

#include <certty/base/err.h>
#include <certty/base/secret.h>
#include <certty/base/text.h>

#define FORMULA "=+-@"	/* what spreadsheets calculate */

struct row {
	unsigned line;
	guint32 first, n;	/* of its cells */
};

struct csv {
	char *text;		/* the copy, cut into cells */
	gsize len;
	GArray *cells;		/* guint32, where in `text` */
	GArray *rows;		/* struct row; the first is the head */
};

struct reader {
	struct csv *csv;
	const char *in, *end;
	char *out;		/* never past `in` */
	char separator;
	unsigned line;
	guint32 column;		/* of the cell being read, from 1 */
};

static bool refuse(const struct reader *r, GError **error, const char *what)
{
	g_set_error(error, ERR, ERR_FORMAT, "line %u, column %u: %s", r->line, r->column, what);
	return false;
}

/* ---- cells ---- */

static bool is_line_end(const struct reader *r)
{
	return r->in == r->end || *r->in == '\n' ||
	       (*r->in == '\r' && r->end - r->in > 1 && r->in[1] == '\n');
}

static bool read_quoted(struct reader *r, GError **error)
{
	unsigned began = r->line;

	for (r->in++;; *r->out++ = *r->in++) {
		if (r->in == r->end) {
			r->line = began;
			return refuse(r, error, "the quotation mark is never closed");
		}
		if (*r->in == '"' && (++r->in == r->end || *r->in != '"'))
			break;
		r->line += *r->in == '\n';
	}
	if (is_line_end(r) || *r->in == r->separator)
		return true;
	return refuse(r, error, "something follows the closing quotation mark");
}

static bool read_plain(struct reader *r, GError **error)
{
	while (!is_line_end(r) && *r->in != r->separator) {
		if (*r->in == '"')
			return refuse(r, error, "a quotation mark in a cell that is not quoted");
		if (*r->in == '\r')
			return refuse(r, error, "a carriage return without a line feed");
		*r->out++ = *r->in++;
	}
	return true;
}

static bool read_cell(struct reader *r, GError **error)
{
	guint32 at = (guint32)(r->out - r->csv->text);

	g_array_append_val(r->csv->cells, at);
	if (r->in < r->end && *r->in == '"')
		return read_quoted(r, error);
	return read_plain(r, error);
}

/* ---- rows ---- */

static void end_line(struct reader *r)
{
	r->in += r->in < r->end && *r->in == '\r';
	r->in += r->in < r->end;
	r->line++;
}

static const char *cell(const struct csv *c, const struct row *row, size_t column)
{
	return c->text + g_array_index(c->cells, guint32, row->first + column);
}

/* Spreadsheets leave rows of separators behind what was deleted. */
static bool is_empty(const struct csv *c, const struct row *row)
{
	for (guint32 i = 0; i < row->n; i++)
		if (*cell(c, row, i))
			return false;
	return true;
}

static bool has_room(const struct reader *r, GError **error)
{
	const struct csv *c = r->csv;
	guint32 most = c->rows->len ? g_array_index(c->rows, struct row, 0).n : CSV_COLUMNS;

	if (r->column <= most)
		return true;
	if (c->rows->len)
		return refuse(r, error, "the head has no such column");
	g_set_error(error, ERR, ERR_LIMIT, "line %u: more than %u columns", r->line, CSV_COLUMNS);
	return false;
}

static bool read_row(struct reader *r, GError **error)
{
	struct csv *c = r->csv;
	struct row row = { r->line, c->cells->len, 0 };

	for (r->column = 1;; r->column++) {
		bool more;

		if (!has_room(r, error) || !read_cell(r, error))
			return false;
		/* What ends the cell has been looked at when its NUL takes its place. */
		more = r->in < r->end && *r->in == r->separator;
		if (!more)
			end_line(r);
		else
			r->in++;
		*r->out++ = '\0';
		row.n++;
		if (!more)
			break;
	}
	if (is_empty(c, &row))
		g_array_set_size(c->cells, row.first);
	else
		g_array_append_val(c->rows, row);
	if (c->rows->len <= CSV_ROWS + 1)
		return true;
	g_set_error(error, ERR, ERR_LIMIT, "more than %u rows", CSV_ROWS);
	return false;
}

/* The first of the three that stands in the head outside quotation marks. */
static char find_separator(const struct reader *r)
{
	bool is_quoted = false;

	for (const char *c = r->in; c < r->end && (is_quoted || *c != '\n'); c++) {
		is_quoted ^= *c == '"';
		if (!is_quoted && (*c == ',' || *c == ';' || *c == '\t'))
			return *c;
	}
	return ',';
}

static bool check_head(struct reader *r, GError **error)
{
	const struct csv *c = r->csv;

	if (!c->rows->len) {
		g_set_error(error, ERR, ERR_FORMAT, "there is no head line with names of columns");
		return false;
	}
	r->line = g_array_index(c->rows, struct row, 0).line;
	for (r->column = 1; r->column <= csv_columns(c); r->column++) {
		const char *name = csv_head(c, r->column - 1);

		if (!*name)
			return refuse(r, error, "the column has no name");
		if (csv_find(c, name) != (gssize)r->column - 1)
			return refuse(r, error, "another column has this name already");
	}
	return true;
}

static bool read_all(struct reader *r, GError **error)
{
	r->separator = find_separator(r);
	while (r->in < r->end)
		if (!read_row(r, error))
			return false;
	return check_head(r, error);
}

static bool check_bytes(const char *bytes, gsize len, GError **error)
{
	const char *bad = NULL;
	unsigned line = 1;

	if (len > CSV_BYTES) {
		g_set_error(error, ERR, ERR_LIMIT, "more than %u bytes", CSV_BYTES);
		return false;
	}
	if (g_utf8_validate_len(bytes, len, &bad))
		return true;
	for (const char *c = bytes; c < bad; c++)
		line += *c == '\n';
	g_set_error(error, ERR, ERR_FORMAT, "line %u: not UTF-8 text", line);
	return false;
}

struct csv *csv_read(GBytes *bytes, GError **error)
{
	static const char mark[] = "\xEF\xBB\xBF";
	gsize len;
	const char *all = g_bytes_get_data(bytes, &len);
	struct reader r = { .line = 1 };
	g_autoptr(csv) c = NULL;

	if (!check_bytes(all ? all : "", len, error))
		return NULL;
	c = g_new0(struct csv, 1);
	c->len = len + 1;
	c->text = g_malloc0(c->len);
	if (len)
		memcpy(c->text, all, len);
	c->cells = g_array_new(FALSE, FALSE, sizeof(guint32));
	c->rows = g_array_new(FALSE, FALSE, sizeof(struct row));
	r.csv = c;
	r.in = r.out = c->text;
	r.end = c->text + len;
	if (g_str_has_prefix(c->text, mark))
		r.in += strlen(mark);
	return read_all(&r, error) ? g_steal_pointer(&c) : NULL;
}

void csv_free(struct csv *c)
{
	if (!c)
		return;
	secret_wipe(c->text, c->len);
	g_array_unref(c->cells);
	g_array_unref(c->rows);
	g_free(c);
}

/* ---- what is in it ---- */

size_t csv_columns(const struct csv *c)
{
	return g_array_index(c->rows, struct row, 0).n;
}

const char *csv_head(const struct csv *c, size_t column)
{
	return cell(c, &g_array_index(c->rows, struct row, 0), column);
}

gssize csv_find(const struct csv *c, const char *head)
{
	for (size_t i = 0; i < csv_columns(c); i++)
		if (!g_ascii_strcasecmp(csv_head(c, i), head))
			return (gssize)i;
	return -1;
}

size_t csv_rows(const struct csv *c)
{
	return c->rows->len - 1;
}

unsigned csv_line(const struct csv *c, size_t row)
{
	return g_array_index(c->rows, struct row, row + 1).line;
}

const char *csv_cell(const struct csv *c, size_t row, size_t column)
{
	const struct row *r = &g_array_index(c->rows, struct row, row + 1);

	return column < r->n ? cell(c, r, column) : "";
}

/* ---- writing ---- */

/* Apostrophes and then what a spreadsheet would calculate. */
static bool is_formula(const char *cell)
{
	const char *c = cell + strspn(cell, "'");

	return *c && strchr(FORMULA, *c);
}

const char *csv_unguarded(const char *cell)
{
	return *cell == '\'' && is_formula(cell) ? cell + 1 : cell;
}

void csv_put(GString *out, const char *cell, bool first)
{
	bool is_quoted = cell[strcspn(cell, ",;\t\r\n\"")];

	if (!first)
		g_string_append_c(out, ',');
	if (is_quoted)
		g_string_append_c(out, '"');
	if (is_formula(cell))
		g_string_append_c(out, '\'');
	for (; *cell; cell++) {
		if (*cell == '"')
			g_string_append_c(out, '"');
		g_string_append_c(out, *cell);
	}
	if (is_quoted)
		g_string_append_c(out, '"');
}
