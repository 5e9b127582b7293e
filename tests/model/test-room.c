/* room: memory that many tables share. */
#include <certty/model/room.h>

#include "columns.h"

static void test_pieces(void)
{
	struct room *r = room_new(1 << 20);
	char *a = room_take(r, 100000), *b = room_take(r, 1), *c = room_take(r, 300000);

	g_assert_true(a && b && c);
	g_assert_cmpuint((uintptr_t)b % 64, ==, 0);
	g_assert_true(b >= a + 100000 && c > b);
	memset(a, 1, 100000);
	*b = 2;
	memset(c, 3, 300000);
	room_unref(r);			/* those who took hold it */
	room_give(r, a, 100000);	/* nor do its pages take others' with them */
	g_assert_cmpint(*b, ==, 2);
	for (size_t i = 0; i < 300000; i++)
		g_assert_cmpint(c[i], ==, 3);
	room_give(r, b, 1);
	room_give(r, c, 300000);
}

static void test_full(void)
{
	g_autoptr(room) r = room_new(1000);
	size_t n = 0;
	void *taken[100];

	g_assert_null(room_take(NULL, 1));
	g_assert_null(room_take(r, (size_t)1 << 40));
	while (n < G_N_ELEMENTS(taken) && (taken[n] = room_take(r, 1 << 20)))
		n++;
	g_assert_cmpuint(n, >, 0);
	g_assert_cmpuint(n, <, G_N_ELEMENTS(taken));
	while (n > 0)
		room_give(r, taken[--n], 1 << 20);
}

/* Tables outlive the loading; one that finds no room any more has memory of its own. */
static void test_tables(void)
{
	struct columns_shape shape = { 1, 20000, 1u << 30, 1 };
	struct dice d = { 1 };
	struct intern *words = intern_new();
	g_autoptr(table) made = columns_table(words, "local/a", &d, &shape, shape.rows);
	g_autoptr(GBytes) bytes = table_pack(made, words);
	struct room *r = room_new(g_bytes_get_size(bytes));
	struct table *t[8];
	size_t in_room = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(t); i++) {
		t[i] = table_unpack("local/a", bytes, words, r, NULL);
		g_assert_nonnull(t[i]);
		in_room += t[i]->room == r;
	}
	room_unref(r);
	g_assert_cmpuint(in_room, >, 0);
	g_assert_cmpuint(in_room, <, G_N_ELEMENTS(t));
	for (size_t i = 0; i < G_N_ELEMENTS(t); i++) {
		g_assert_cmpmem(t[i]->texts, t[i]->texts_len, made->texts, made->texts_len);
		g_assert_cmpmem(t[i]->print, t[i]->n * 8, made->print, made->n * 8);
		table_unref(t[i]);
	}
	intern_free(words);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/room/pieces", test_pieces);
	g_test_add_func("/room/full", test_full);
	g_test_add_func("/room/tables", test_tables);
	return g_test_run();
}
