/*
 * test-view: what every view promises, tried on all views, all columns and all snapshots of the
 * fixture: columns fit, orders are orders, ids find their rows, programs read one truth.
 */
#include <string.h>

#include <glib.h>

#include <certty/base/clock.h>
#include <certty/view/view.h>

#include "fixture.h"

#define NOW 1795370400		/* 2026-11-22 18:00 UTC */

struct scene {
	struct intern *words;
	struct snapshot *snap;
	struct frame frame;
};

static void scene_init(struct scene *p, const char *name)
{
	p->words = intern_new();
	p->snap = fixture_snapshot(name, NOW, p->words);
	p->frame = (struct frame){ .snap = p->snap, .now = NOW };
}

static void scene_done(struct scene *p)
{
	snapshot_unref(p->snap);
	intern_free(p->words);
}

/* Tries something on every view of every snapshot. */
typedef void try_fn(const struct view *v, const struct frame *f);

static void everywhere(gconstpointer data)
{
	try_fn *const *try = data;

	for (const char *const *name = fixture_names; *name; name++) {
		struct scene p;

		scene_init(&p, *name);
		for (int k = 0; k < KIND_COUNT; k++)
			(*try)(view_table[k], &p.frame);
		scene_done(&p);
	}
}

static uint32_t *select_all(const struct view *v, const struct frame *f, size_t column,
			    bool descending, const char *filter, uint32_t *ret_n)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(query) q = query_parse(filter, &error);
	uint32_t *rows = g_new(uint32_t, view_count(v, f->snap) + 1);

	g_assert_no_error(error);
	*ret_n = view_select(v, f, q, column, descending, NULL, NULL, rows);
	g_assert_cmpuint(*ret_n, <=, view_count(v, f->snap));
	return rows;
}

/* ---- tables ---- */

static void tables(const struct view *v, const struct frame *f)
{
	g_autoptr(GHashTable) keys = g_hash_table_new(g_str_hash, g_str_equal);

	(void)f;
	g_assert_cmpuint(v->default_order, <, v->n_columns);
	for (size_t i = 0; i < v->n_columns; i++) {
		const struct column *c = &v->columns[i];

		g_assert_true(g_hash_table_add(keys, (char *)c->key));
		g_assert_nonnull(c->text);
		g_assert_nonnull(c->sentence);
		g_assert_true(c->width > 0 || c->width == COLUMN_FLEX || c->width == COLUMN_HIDDEN);
		/* A title is never cut, and never after a column that is only for programs. */
		if (c->width > 0)
			g_assert_cmpint(text_width(c->title, -1), <=, c->width);
		if (i && c->width != COLUMN_HIDDEN)
			g_assert_cmpint(v->columns[i - 1].width, !=, COLUMN_HIDDEN);
	}
}

/* ---- fit ---- */

static void fit(const struct view *v, const struct frame *f)
{
	g_autofree int *widths = g_new(int, v->n_columns);
	g_autofree int *needs = v->is_measured ? g_new(int, v->n_columns) : NULL;
	size_t before = 0;

	if (needs)
		view_measure(v, f, needs);
	for (int cells = 1; cells <= 300; cells++) {
		int used = view_fit(v, cells, needs, widths), sum = -VIEW_GAP;
		size_t n = 0;

		while (n < v->n_columns && widths[n] > 0)
			sum += VIEW_GAP + widths[n++];
		for (size_t i = n; i < v->n_columns; i++)
			g_assert_cmpint(widths[i], ==, 0);	/* from the right, none between */
		g_assert_cmpuint(n, >, 0);
		g_assert_cmpint(sum, ==, used);
		if (n > 2)
			g_assert_cmpint(used, <=, cells);
		for (size_t i = 0; i < n; i++)
			if (v->columns[i].width > 0)
				g_assert_cmpint(widths[i], ==, v->columns[i].width);
		g_assert_cmpuint(n, >=, before);		/* wider never shows less */
		before = n;
	}
	/* Nothing is cut where there is room, and nothing is given to who does not need it. */
	if (!needs)
		return;
	view_fit(v, view_fit(v, 10000, needs, widths), needs, widths);
	for (size_t i = 0; i < v->n_columns; i++)
		if (v->columns[i].width == COLUMN_FLEX)
			g_assert_cmpint(widths[i], ==, needs[i]);
}

/* ---- select and order ---- */

static void check_order(const struct view *v, const struct frame *f, size_t column,
			const uint32_t *rows, uint32_t n)
{
	const struct column *c = &v->columns[column];

	for (uint32_t i = 1; i < n && c->order; i++)
		g_assert_cmpint(c->order(f, rows[i - 1], rows[i]), <=, 0);
}

static void order(const struct view *v, const struct frame *f)
{
	uint32_t all = view_count(v, f->snap);
	g_autofree bool *seen = g_new0(bool, all + 1);

	for (size_t c = 0; c < v->n_columns; c++) {
		uint32_t n, m;
		g_autofree uint32_t *up = select_all(v, f, c, false, "", &n);
		g_autofree uint32_t *down = select_all(v, f, c, true, "", &m);

		g_assert_cmpuint(n, ==, all);
		g_assert_cmpuint(m, ==, all);
		check_order(v, f, c, up, n);
		memset(seen, 0, all * sizeof(*seen));
		for (uint32_t i = 0; i < n; i++) {
			g_assert_false(seen[up[i]]);
			seen[up[i]] = true;
		}
		for (uint32_t i = 0; i < m; i++) {
			g_assert_true(seen[down[i]]);
			seen[down[i]] = false;
		}
	}
}

/* A filter and its negation share the rows among them. */
static void filters(const struct view *v, const struct frame *f)
{
	static const char *const some[][2] = {
		{ "example", "!example" }, { "state:read", "!state:read" },
		{ "provider:local", "!provider:local" }, { "zzzzzz", "!zzzzzz" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(some); i++) {
		uint32_t n, m;

		g_free(select_all(v, f, v->default_order, false, some[i][0], &n));
		g_free(select_all(v, f, v->default_order, false, some[i][1], &m));
		g_assert_cmpuint(n + m, ==, view_count(v, f->snap));
	}
}

static void find(const struct view *v, const struct frame *f)
{
	for (uint32_t i = 0; i < view_count(v, f->snap); i++) {
		g_autoptr(GString) id = g_string_new(NULL);

		v->id(id, f, i);
		g_assert_cmpuint(view_find(v, f->snap, id->str), ==, i);
	}
	g_assert_cmpuint(view_find(v, f->snap, "no such thing"), ==, CERTS_NONE);
}

/* ---- for programs ---- */

static char *raw_text(const struct column *c, const struct frame *f, uint32_t row)
{
	GString *out = g_string_new(NULL);

	(c->raw ? c->raw : c->text)(out, f, row);
	return g_string_free(out, FALSE);
}

/* A value of JSON as CSV writes it; NULL for lists. */
static char *as_text(const struct json *row, const char *key)
{
	const struct json *value = json_get(row, key);
	int64_t number;

	g_assert_nonnull(value);
	if (json_is_null(value))
		return g_strdup("");
	if (json_str(row, key))
		return g_strdup(json_str(row, key));
	if (json_int(row, key, &number))
		return g_strdup_printf("%" G_GINT64_FORMAT, number);
	if (json_bool(row, key, true) == json_bool(row, key, false))
		return g_strdup(json_bool(row, key, false) ? "true" : "false");
	return NULL;
}

static void check_list(const struct json *list, const char *raw)
{
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *one = json_at(list, i);
		const char *text = json_text(one) ? json_text(one) : json_str(one, "store");

		g_assert_nonnull(text);
		g_assert_nonnull(strstr(raw, text));
	}
}

/* JSON and CSV say the same, and JSON can be read back whatever the names are. */
static void one_truth(const struct view *v, const struct frame *f)
{
	uint32_t n;
	g_autofree uint32_t *rows = select_all(v, f, v->default_order, false, "", &n);
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = NULL;

	n = MIN(n, 200);
	view_write_json(out, v, f, rows, n);
	j = json_parse(out->str, out->len, out->len, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(json_count(json_get(j, "rows")), ==, n);
	g_assert_cmpstr(json_str(j, "kind"), ==, kind_word(v->kind));
	for (uint32_t i = 0; i < n; i++) {
		const struct json *row = json_at(json_get(j, "rows"), i);

		for (size_t c = 0; c < v->n_columns; c++) {
			const struct column *col = &v->columns[c];
			g_autofree char *raw = raw_text(col, f, rows[i]), *value = NULL;

			if (!*col->title && col->width != COLUMN_HIDDEN)
				continue;	/* for people alone */
			value = as_text(row, col->key);
			if (value)
				g_assert_cmpstr(value, ==, raw);
			else
				check_list(json_get(row, col->key), raw);
		}
	}
}

static guint count(const char *text, char what)
{
	guint n = 0;

	for (; *text; text++)
		n += *text == what;
	return n;
}

/* One line a row, and as many fields in each, whatever the names are. */
static void separated(const struct view *v, const struct frame *f)
{
	uint32_t n;
	g_autofree uint32_t *rows = select_all(v, f, v->default_order, false, "", &n);
	g_autoptr(GString) csv = g_string_new(NULL), tsv = g_string_new(NULL);
	g_auto(GStrv) lines = NULL;

	view_write_separated(csv, v, f, rows, n, ',');
	view_write_separated(tsv, v, f, rows, n, '\t');
	g_assert_cmpuint(count(csv->str, '\n'), ==, n + 1);
	g_assert_cmpuint(count(csv->str, '"') % 2, ==, 0);
	lines = g_strsplit(tsv->str, "\n", -1);
	g_assert_cmpuint(g_strv_length(lines), ==, n + 2);
	for (uint32_t i = 1; i <= n; i++)
		g_assert_cmpuint(count(lines[i], '\t'), ==, count(lines[0], '\t'));
}

static void cells(void)
{
	static const struct {
		const char *text;
		char separator;
		const char *wanted;
	} table[] = {
		{ "plain", ',', "plain" },	   { "", ',', "" },
		{ "a,b", ',', "\"a,b\"" },	   { "a\"b", ',', "\"a\"\"b\"" },
		{ "a\nb", ',', "\"a\nb\"" },	   { "=1+1", ',', "\"'=1+1\"" },
		{ "@x", ',', "\"'@x\"" },	   { "-3", ',', "-3" },
		{ "-3+x", ',', "\"'-3+x\"" },	   { "+1", ',', "+1" },
		{ "a\tb\nc\rd", '\t', "a b c d" }, { "=1,\"", '\t', "=1,\"" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(GString) out = g_string_new(NULL);

		view_write_cell(out, table[i].text, table[i].separator);
		g_assert_cmpstr(out->str, ==, table[i].wanted);
	}
}

/* ---- for people ---- */

static int widest(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	int most = 0;

	for (char **l = lines; *l; l++) {
		g_assert_false(g_str_has_suffix(*l, " "));
		most = MAX(most, text_width(*l, -1));
	}
	return most;
}

static void texts(const struct view *v, const struct frame *f)
{
	uint32_t n;
	g_autofree uint32_t *rows = select_all(v, f, v->default_order, false, "", &n);
	g_autoptr(GString) whole = g_string_new(NULL);

	n = MIN(n, 50);
	for (int wide = 40; wide <= 200; wide += 40) {
		g_autoptr(GString) out = g_string_new(NULL);

		view_write_text(out, v, f, rows, n, wide);
		g_assert_cmpint(widest(out->str), <=, wide);
		g_assert_cmpuint(count(out->str, '\n'), ==, n + 1);
	}
	view_write_text(whole, v, f, rows, n, 0);
	widest(whole->str);
	for (uint32_t i = 0; i < n; i++)
		for (size_t c = 0; c < v->n_columns; c++) {
			g_autoptr(GString) cell = g_string_new(NULL);

			if (v->columns[c].width == COLUMN_HIDDEN)
				continue;
			v->columns[c].text(cell, f, rows[i]);
			g_strchomp(cell->str);
			g_assert_nonnull(strstr(whole->str, cell->str));	/* never cut */
		}
}

/* No byte of a cell can move a cursor. */
static void harmless(const struct view *v, const struct frame *f)
{
	for (uint32_t i = 0; i < MIN(view_count(v, f->snap), 200); i++)
		for (size_t c = 0; c < v->n_columns; c++) {
			g_autoptr(GString) cell = g_string_new(NULL);

			v->columns[c].text(cell, f, i);
			g_assert_true(g_utf8_validate(cell->str, (gssize)cell->len, NULL));
			for (const char *p = cell->str; *p; p++)
				g_assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
		}
}

int main(int argc, char **argv)
{
	static const struct {
		const char *path;
		try_fn *try;
	} tries[] = {
		{ "/view/tables", tables },	  { "/view/fit", fit },
		{ "/view/order", order },	  { "/view/filters", filters },
		{ "/view/find", find },		  { "/view/one-truth", one_truth },
		{ "/view/separated", separated }, { "/view/texts", texts },
		{ "/view/harmless", harmless },
	};

	g_test_init(&argc, &argv, NULL);
	clock_set(NOW);
	for (size_t i = 0; i < G_N_ELEMENTS(tries); i++)
		g_test_add_data_func(tries[i].path, &tries[i].try, everywhere);
	g_test_add_func("/view/cells", cells);
	return g_test_run();
}
