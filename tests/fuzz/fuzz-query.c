<<<<<<< HEAD
/* fuzz-query: a filter is refused with a sentence or answers; what narrows really does. */
#include <string.h>

#include <certty/base/err.h>
#include <certty/model/query.h>

#include "../model/columns.h"

#define STORES 3
#define WORDS 4		/* of 64 bits: room for all certificates */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct snapshot *estate(void)
{
	static const struct columns_shape shape = { STORES, 40, 60, 20 };
	static struct snapshot *s;
	static struct table *tables[STORES];

	if (!s)
		s = columns_snapshot(intern_new(), 3, &shape, tables);
	return s;
}

static void row_text(const void *row, enum query_field field, GString *out)
{
	g_string_append(out, row);
=======
/* fuzz-query: whatever is typed into the filter is understood or refused in a sentence, and a
 * question and its opposite never both hold for a row. */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <certty/model/query.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void text_of(const void *row, enum query_field field, GString *out)
{
	g_string_append(out, field == QUERY_STATE ? "valid" : row);
}

static bool time_of(const void *row, enum query_field field, int64_t *ret)
{
	if (field != QUERY_EXPIRES)
		return false;
	*ret = 1800000000;
	return true;
>>>>>>> main
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
<<<<<<< HEAD
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autofree char *shorter = g_strndup(text, strlen(text) ? strlen(text) - 1 : 0);
	g_autoptr(GError) error = NULL;
	g_autoptr(query) q = query_parse(text, &error), wide = query_parse(shorter, NULL);
	const struct snapshot *s = estate();
	uint64_t found[WORDS] = { 0 }, wider[WORDS] = { 0 };
	g_auto(GStrv) offered = NULL;

	if (!q) {
		g_assert_error(error, ERR, ERR_USAGE);
		return 0;
	}
	g_assert_cmpuint(s->certs->n, <=, WORDS * 64);
	query_certs(q, s, COLUMNS_NOW, NULL, found);
	query_row(q, "some row", row_text, NULL, COLUMNS_NOW);
	offered = query_complete(text, s);
	g_assert_nonnull(offered);
	if (wide && query_narrows(q, wide)) {
		query_certs(wide, s, COLUMNS_NOW, NULL, wider);
		for (int i = 0; i < WORDS; i++)
			g_assert_cmphex(found[i] & ~wider[i], ==, 0);
	}
=======
	g_autofree char *typed = g_utf8_make_valid((const char *)data, (gssize)size);
	g_autoptr(GError) error = NULL;
	struct query *q = query_parse(typed, &error);

	if (!q) {
		g_assert_nonnull(error);
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
		return 0;
	}
	query_row(q, "www.example.org", text_of, time_of, 1790000000);
	g_assert_true(query_narrows(q, q));
	query_free(q);
>>>>>>> main
	return 0;
}
