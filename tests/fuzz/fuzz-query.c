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
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
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
	return 0;
}
