/* fuzz-query: whatever is typed into the filter is understood or refused in a sentence, and
 * what is said to narrow really does. */
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

static void text_of(const void *row, enum query_field field, GString *out)
{
	g_string_append(out, field == QUERY_STATE ? "valid" : row);
}

static bool time_of(const void *row, enum query_field field, int64_t *ret)
{
	if (field != QUERY_EXPIRES)
		return false;
	*ret = COLUMNS_NOW;
	return true;
}

/* What the filter without its last character finds holds all that the whole one finds. */
static void check_narrower(const struct query *q, const struct query *wide,
			   const struct snapshot *s)
{
	uint64_t found[WORDS] = { 0 }, wider[WORDS] = { 0 };

	g_assert_cmpuint(s->certs->n, <=, WORDS * 64);
	query_certs(q, s, COLUMNS_NOW, NULL, found);
	if (!wide || !query_narrows(q, wide))
		return;
	query_certs(wide, s, COLUMNS_NOW, NULL, wider);
	for (int i = 0; i < WORDS; i++)
		g_assert_cmphex(found[i] & ~wider[i], ==, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *typed = g_strndup((const char *)data, size);
	g_autofree char *shorter = g_strndup(typed, strlen(typed) ? strlen(typed) - 1 : 0);
	g_autoptr(GError) error = NULL;
	g_autoptr(query) q = query_parse(typed, &error), wide = query_parse(shorter, NULL);
	g_auto(GStrv) offered = NULL;

	if (!q) {
		g_assert_error(error, ERR, ERR_USAGE);
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
		return 0;
	}
	g_assert_true(query_narrows(q, q));
	check_narrower(q, wide, estate());
	query_row(q, "www.example.org", text_of, time_of, COLUMNS_NOW);
	offered = query_complete(typed, estate());
	g_assert_nonnull(offered);
	return 0;
}
