/* checkup: a doctor's page as lines and as JSON, and read from that again. */
#include <glib.h>
#include <string.h>
#include <certty/base/err.h>
#include <certty/model/checkup.h>

static struct checkup *sample(void)
{
	struct checkup *c = checkup_new();

	checkup_add(c, CHECKUP_FINE, "dns", "a.example", NULL, "%s", "the name is known");
	checkup_add(c, CHECKUP_SIGN_IN, "keyring", NULL, "certty unlock opens it", "locked");
	checkup_add(c, CHECKUP_NOTE, "secret-memory", NULL, NULL, "hostile \033[31m\n text");
	return c;
}

static void test_lines(void)
{
	g_autoptr(checkup) c = sample();
	g_autoptr(detail) d = checkup_detail(c);

	g_assert_cmpstr(d->id, ==, CHECKUP_ID);
	g_assert_cmpuint(d->n, ==, 3);
	g_assert_cmpstr(d->line[0].label, ==, "DNS a.example");
	g_assert_cmpstr(d->line[0].text, ==, "fine: the name is known");
	g_assert_cmpint(d->line[0].tone, ==, TONE_GOOD);
	g_assert_cmpstr(d->line[1].label, ==, "Keyring");
	g_assert_cmpstr(d->line[1].text, ==, "sign-in needed: locked; certty unlock opens it");
	g_assert_cmpstr(d->line[2].label, ==, "Memory for secrets");
	g_assert_null(strchr(d->line[2].text, '\033'));
	g_assert_null(strchr(d->line[2].text, '\n'));
}

static void test_worst(void)
{
	g_autoptr(checkup) none = checkup_new(), c = sample();

	g_assert_cmpint(checkup_worst(none), ==, CHECKUP_FINE);
	g_assert_cmpint(checkup_worst(c), ==, CHECKUP_SIGN_IN);
	checkup_add(none, CHECKUP_WRONG, "state", NULL, NULL, "gone");
	checkup_append(c, none);
	g_assert_cmpint(checkup_worst(c), ==, CHECKUP_WRONG);
	g_assert_cmpuint(checkup_count(c), ==, 4);
}

static void test_read(void)
{
	g_autoptr(checkup) c = sample(), again = NULL;
	g_autoptr(detail) d = checkup_detail(c), d_again = NULL;

	again = checkup_read(d->json, NULL);
	g_assert_nonnull(again);
	d_again = checkup_detail(again);
	g_assert_cmpstr(d_again->json, ==, d->json);
	for (size_t i = 0; i < checkup_count(c); i++) {
		const struct checkup_row *a = checkup_at(c, i), *b = checkup_at(again, i);

		g_assert_cmpint(a->state, ==, b->state);
		g_assert_cmpstr(a->title, ==, b->title);
		g_assert_cmpstr(a->about, ==, b->about);
		g_assert_cmpstr(a->what_to_do, ==, b->what_to_do);
	}
}

static void test_not_one(void)
{
	static const char *const bad[] = {
		"", "{\"checks\":[1]}", "{\"checks\":[{\"name\":\"x\",\"said\":\"y\"}]}",
		"{\"checks\":[{\"name\":\"x\",\"said\":\"y\",\"state\":\"good\"}]}",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(checkup_read(bad[i], &error));
		g_assert_error(error, ERR, ERR_FORMAT);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/checkup/lines", test_lines);
	g_test_add_func("/checkup/worst", test_worst);
	g_test_add_func("/checkup/read", test_read);
	g_test_add_func("/checkup/not-one", test_not_one);
	return g_test_run();
}
