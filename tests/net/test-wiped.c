/*
 * Memory that is wiped when it goes: it still has to be memory.
 */
#include <stdint.h>
#include <string.h>

#include "net/wiped.h"

static void check_allocators(void)
{
	char *a = wiped_strdup("token"), *b;

	g_assert_cmpstr(a, ==, "token");
	a = wiped_realloc(a, 1000);
	g_assert_cmpstr(a, ==, "token");
	memset(a, 'x', 1000);
	a = wiped_realloc(a, 3);
	g_assert_cmpmem(a, 3, "xxx", 3);
	wiped_free(a);
	b = wiped_realloc(NULL, 8);
	g_assert_nonnull(b);
	wiped_free(b);
	wiped_free(NULL);
	b = wiped_calloc(4, 4);
	for (unsigned i = 0; i < 16; i++)
		g_assert_cmpint(b[i], ==, 0);
	wiped_free(b);
	b = wiped_calloc(0, 8);
	wiped_free(b);
}

/* What does not fit into a size is refused, not cut. */
static void check_overflow(void)
{
	volatile size_t huge = SIZE_MAX;

	g_assert_null(wiped_malloc(huge));
	g_assert_null(wiped_calloc(huge / 2, 3));
	g_assert_null(wiped_realloc(NULL, huge - 1));
}

static void check_buffer(void)
{
	struct wiped w = { 0 };
	g_autoptr(GBytes) all = NULL, none = NULL;
	const char *bytes;
	gsize len;

	for (unsigned i = 0; i < 10000; i++)
		wiped_append(&w, "abc", 3);
	all = wiped_put(&w);
	g_assert_null(w.bytes);
	bytes = g_bytes_get_data(all, &len);
	g_assert_cmpuint(len, ==, 30000);
	g_assert_cmpmem(bytes + 29997, 3, "abc", 3);
	none = wiped_put(&w);
	g_assert_cmpuint(g_bytes_get_size(none), ==, 0);
	wiped_append(&w, "d", 1);
	wiped_done(&w);
	wiped_done(&w);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/wiped/allocators", check_allocators);
	g_test_add_func("/wiped/overflow", check_overflow);
	g_test_add_func("/wiped/buffer", check_buffer);
	return g_test_run();
}
