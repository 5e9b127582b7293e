/*
 * write: rows for programs and for a terminal without a screen.
 *
 * JSON is the stable form: keys are only ever added, and the schema number grows when one
 * changes its meaning.
 */
#include "own.h"

#include <string.h>

#include <certty/model/store.h>

/* ---- JSON ---- */

static void put_cell(struct json_writer *w, const struct column *c, const struct frame *f,
		     uint32_t row)
{
	g_autoptr(GString) text = NULL;

	if (c->value) {
		c->value(w, c->key, f, row);
		return;
	}
	text = g_string_new(NULL);
	(c->raw ? c->raw : c->text)(text, f, row);
	json_put_str(w, c->key, text->str);
}

/* Cells that only make sense on a screen are left out of what programs read. */
static bool is_for_people(const struct column *c)
{
	return !*c->title && c->width != COLUMN_HIDDEN;
}

/* Rows for which there was no room. */
static void put_left_out(struct json_writer *w, const struct view *v, const struct snapshot *s)
{
	if (v->kind == KIND_DOMAINS)
		json_put_int(w, "left_out", (int64_t)s->domains_left_out);
}

static void put_failed(struct json_writer *w, const struct snapshot *s)
{
	const struct items *stores = s->kind[KIND_STORES];

	json_open(w, "failed_stores", '[');
	for (size_t i = 0; i < stores->n; i++) {
		const struct store *st = stores->item[i];

		if (st->state != STORE_FAILED)
			continue;
		json_open(w, NULL, '{');
		json_put_str(w, "id", st->id);
		json_put_str(w, "trouble", st->trouble);
		json_close(w, '}');
	}
	json_close(w, ']');
}

void view_write_json(GString *out, const struct view *v, const struct frame *f,
		     const uint32_t *rows, uint32_t n)
{
	struct json_writer w = { .out = out, .pretty = true };

	json_open(&w, NULL, '{');
	json_put_int(&w, "schema", VIEW_SCHEMA);
	json_put_str(&w, "kind", kind_word(v->kind));
	value_iso(&w, "as_of", f->snap->oldest);
	put_left_out(&w, v, f->snap);
	put_failed(&w, f->snap);
	json_open(&w, "rows", '[');
	for (uint32_t i = 0; i < n; i++) {
		g_autoptr(GString) id = g_string_new(NULL);

		v->id(id, f, rows[i]);
		json_open(&w, NULL, '{');
		json_put_str(&w, "id", id->str);
		for (size_t c = 0; c < v->n_columns; c++)
			if (!is_for_people(&v->columns[c]) && strcmp(v->columns[c].key, "id"))
				put_cell(&w, &v->columns[c], f, rows[i]);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	g_string_append_c(out, '\n');
}

/* ---- CSV and TSV ---- */

/* RFC 4180: quotes around whatever holds the separator, a quote or a line break.  A value that
 * a spreadsheet would take for a formula gets an apostrophe in front. */
void view_write_cell(GString *out, const char *text, char separator)
{
	bool formula = *text && strchr("=+-@", *text) && separator == ',' &&
		       !g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, NULL, NULL);

	if (separator == '\t') {
		for (; *text; text++)
			g_string_append_c(out, strchr("\t\r\n", *text) ? ' ' : *text);
		return;
	}
	if (!formula && !strpbrk(text, ",\"\r\n")) {
		g_string_append(out, text);
		return;
	}
	g_string_append_c(out, '"');
	if (formula)
		g_string_append_c(out, '\'');
	for (; *text; text++) {
		if (*text == '"')
			g_string_append_c(out, '"');
		g_string_append_c(out, *text);
	}
	g_string_append_c(out, '"');
}

void view_write_separated(GString *out, const struct view *v, const struct frame *f,
			  const uint32_t *rows, uint32_t n, char separator)
{
	g_string_append(out, "id");
	for (size_t c = 0; c < v->n_columns; c++)
		if (!is_for_people(&v->columns[c]) && strcmp(v->columns[c].key, "id"))
			g_string_append_printf(out, "%c%s", separator, v->columns[c].key);
	g_string_append_c(out, '\n');
	for (uint32_t i = 0; i < n; i++) {
		g_autoptr(GString) cell = g_string_new(NULL);

		v->id(cell, f, rows[i]);
		view_write_cell(out, cell->str, separator);
		for (size_t c = 0; c < v->n_columns; c++) {
			const struct column *col = &v->columns[c];

			if (is_for_people(col) || !strcmp(col->key, "id"))
				continue;
			g_string_truncate(cell, 0);
			(col->raw ? col->raw : col->text)(cell, f, rows[i]);
			g_string_append_c(out, separator);
			view_write_cell(out, cell->str, separator);
		}
		g_string_append_c(out, '\n');
	}
}

/* ---- text ---- */

/* Blanks at the end of a line are of no use to anybody. */
static void end_line(GString *out)
{
	while (out->len && out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	g_string_append_c(out, '\n');
}

static void put_cells(GString *out, const struct view *v, const int *widths,
		      const struct frame *f, const uint32_t *row)
{
	g_autoptr(GString) cell = g_string_new(NULL);

	for (size_t c = 0; c < v->n_columns; c++) {
		const struct column *col = &v->columns[c];

		if (!widths[c])
			continue;
		g_string_assign(cell, row ? "" : col->title);
		if (row)
			col->text(cell, f, *row);
		text_fit(out, cell->str, widths[c], col->align);
		g_string_append_printf(out, "%*s", VIEW_GAP, "");
	}
	end_line(out);
}

/* Every column that is shown, as wide as the widest of its texts. */
static void fit_whole(const struct view *v, const struct frame *f, const uint32_t *rows,
		      uint32_t n, int *widths)
{
	g_autoptr(GString) cell = g_string_new(NULL);

	for (size_t c = 0; c < v->n_columns; c++) {
		const struct column *col = &v->columns[c];

		widths[c] = col->width == COLUMN_HIDDEN ? 0 : MAX(text_width(col->title, -1), 1);
		for (uint32_t i = 0; widths[c] && i < n; i++) {
			g_string_truncate(cell, 0);
			col->text(cell, f, rows[i]);
			widths[c] = MAX(widths[c], text_width(cell->str, (gssize)cell->len));
		}
	}
}

void view_write_text(GString *out, const struct view *v, const struct frame *f,
		     const uint32_t *rows, uint32_t n, int cells)
{
	g_autofree int *widths = g_new(int, v->n_columns);
	g_autofree int *needs = v->is_measured ? g_new(int, v->n_columns) : NULL;

	if (needs)
		view_measure(v, f, needs);
	if (cells > 0)
		view_fit(v, cells, needs, widths);
	else
		fit_whole(v, f, rows, n, widths);
	put_cells(out, v, widths, f, NULL);
	for (uint32_t i = 0; i < n; i++)
		put_cells(out, v, widths, f, &rows[i]);
}
