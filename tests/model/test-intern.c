/*
 * Interned texts have one number each, keep their place, and may be read while more are added.
 */
#include <pthread.h>

#include <glib.h>

#include <certty/base/slot.h>
#include <certty/model/intern.h>

#define MANY 20000

static void test_once(void)
{
	struct intern *i = intern_new();
	uint32_t a = intern_add(i, "one"), b = intern_add(i, "two");
	const char *text = intern_text(i, a);

	g_assert_cmpuint(intern_add(i, ""), ==, 0);
	g_assert_cmpstr(intern_text(i, 0), ==, "");
	g_assert_cmpuint(a, !=, b);
	g_assert_cmpuint(intern_add(i, "one"), ==, a);
	for (uint32_t n = 0; n < MANY; n++) {
		g_autofree char *more = g_strdup_printf("text %u", n);

		g_assert_cmpuint(intern_add(i, more), ==, n + 3);
	}
	g_assert_cmpuint(intern_count(i), ==, MANY + 3);
	g_assert_true(intern_text(i, a) == text);
	g_assert_cmpstr(text, ==, "one");
	intern_free(i);
}

static void test_ceiling(void)
{
	struct intern *i = intern_new();
	g_autofree char *long_text = g_strnfill(1 << 20, 'x');
	uint32_t last = 0;

	for (int n = 0; n < 100; n++) {
		long_text[0] = (char)('a' + n % 26);
		long_text[1] = (char)('a' + n / 26);
		last = intern_add(i, long_text);
	}
	g_assert_cmpstr(intern_text(i, last), ==, INTERN_OTHER);
	g_assert_cmpuint(intern_count(i), <, 70);
	g_assert_cmpuint(intern_add(i, long_text), ==, last);
	intern_free(i);
}

static void test_most(void)
{
	struct intern *i = intern_new();
	char text[16];

	for (uint32_t n = 0; n < INTERN_MAX + 10; n++) {
		g_snprintf(text, sizeof(text), "%x", n);
		intern_add(i, text);
	}
	g_assert_cmpuint(intern_count(i), ==, INTERN_MAX);
	g_assert_cmpstr(intern_text(i, intern_add(i, "another")), ==, INTERN_OTHER);
	g_assert_cmpstr(intern_text(i, intern_add(i, "ff")), ==, "ff");
	intern_free(i);
}

/* What a snapshot is to intern: a number that was handed over. */
struct handed {
	uint32_t count;
};

struct reader {
	const struct intern *words;
	struct slot slot;
	uint32_t seen;
};

static void *read_on(void *data)
{
	struct reader *r = data;

	while (r->seen < MANY) {
		struct handed *h = slot_take(&r->slot);

		for (uint32_t n = 1; h && n < h->count; n++)
			g_assert_cmpuint(g_ascii_strtoull(intern_text(r->words, n), NULL, 10),
					 ==, n);
		r->seen = h ? h->count : r->seen;
		g_free(h);
	}
	return NULL;
}

static void test_read_while_adding(void)
{
	struct intern *words = intern_new();
	struct reader r = { .words = words };
	pthread_t thread;
	char text[16];

	g_assert_cmpint(pthread_create(&thread, NULL, read_on, &r), ==, 0);
	for (uint32_t n = 1; n <= MANY; n++) {
		g_snprintf(text, sizeof(text), "%u", n);
		intern_add(words, text);
		if (n % 500 == 0) {
			struct handed *h = g_new(struct handed, 1);

			h->count = intern_count(words);
			g_free(slot_put(&r.slot, h));
		}
	}
	pthread_join(thread, NULL);
	g_assert_cmpuint(r.seen, ==, MANY + 1);
	intern_free(words);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/intern/once", test_once);
	g_test_add_func("/intern/ceiling", test_ceiling);
	g_test_add_func("/intern/most", test_most);
	g_test_add_func("/intern/read-while-adding", test_read_while_adding);
	return g_test_run();
}
