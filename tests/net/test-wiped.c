/*
 * A buffer that is wiped when it goes: it still has to hold what was put into it.
 */
#include "net/wiped.h"

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
	g_test_add_func("/wiped/buffer", check_buffer);
	return g_test_run();
}
