/*
 * Memory that is wiped when it goes: it still has to be memory.  That nothing is left behind is
 * shown by searching a whole process (tests/e2e).
 */
#include <certty/base/wiping.h>

#include <glib.h>
#include <stdint.h>
#include <string.h>

static void check_allocators(void)
{
	char *a = wiping_strdup("token"), *b;

	g_assert_cmpstr(a, ==, "token");
	a = wiping_realloc(a, 1000);
	g_assert_cmpstr(a, ==, "token");
	memset(a, 'x', 1000);
	a = wiping_realloc(a, 3);
	g_assert_cmpmem(a, 3, "xxx", 3);
	wiping_free(a);
	b = wiping_realloc(NULL, 8);
	g_assert_nonnull(b);
	wiping_free(b);
	wiping_free(NULL);
	b = wiping_calloc(4, 4);
	for (unsigned i = 0; i < 16; i++)
		g_assert_cmpint(b[i], ==, 0);
	wiping_free(b);
	b = wiping_calloc(0, 8);
	wiping_free(b);
}

/* What does not fit into a size is refused, not cut. */
static void check_overflow(void)
{
	volatile size_t huge = PTRDIFF_MAX;

	g_assert_null(wiping_malloc(huge));
	g_assert_null(wiping_calloc(huge, 3));
	g_assert_null(wiping_realloc(NULL, huge - 1));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/wiping/allocators", check_allocators);
	g_test_add_func("/wiping/overflow", check_overflow);
	return g_test_run();
}
