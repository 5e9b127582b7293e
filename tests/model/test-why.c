/* why: findings become a page whose first line is the culprit, and the same as JSON. */
#include <glib.h>
#include <string.h>
#include <certty/base/json.h>
#include <certty/model/why.h>

static struct why *sample(void)
{
	struct why *w = why_new("www.example.org", "www.example.org");
	struct why_finding *f;

	why_add(w, WHY_FINE, "servers", "www.example.org", "all answer");
	f = why_add(w, WHY_DOUBT, "cache", "www.example.org", "old");
	why_evidence(f, "it remembers x");
	f = why_add(w, WHY_WRONG, "record", "www.example.org", "not there");
	why_evidence(f, "ns1 does not have it");
	why_evidence(f, "hostile \033[31m\n text");
	why_way_out(f, "put it there");
	why_record(f, "_a1.www.example.org", "CNAME", "b2.example.net.");
	why_add(w, WHY_WRONG, "caa", "www.example.org", "forbidden");
	return w;
}

static void test_lines(void)
{
	static const char *const wanted[][2] = {
		{ "Culprit", "not there" },
		{ "Evidence", "ns1 does not have it" },
		{ "", NULL },
		{ "What to do", "put it there" },
		{ "Record", "_a1.www.example.org. 300 IN CNAME b2.example.net." },
		{ "Wrong, too", "forbidden" },
		{ "Doubtful", "old" },
		{ "", "it remembers x" },
		{ "Fine", "all answer" },
	};
	g_autoptr(why) w = sample();
	g_autoptr(detail) d = why_detail(w);
	g_autofree char *id = why_id("www.example.org");

	g_assert_cmpstr(d->id, ==, id);
	g_assert_cmpuint(d->n, ==, G_N_ELEMENTS(wanted));
	for (size_t i = 0; i < d->n; i++) {
		g_assert_cmpstr(d->line[i].label, ==, wanted[i][0]);
		if (wanted[i][1])
			g_assert_cmpstr(d->line[i].text, ==, wanted[i][1]);
	}
	g_assert_null(strpbrk(d->line[2].text, "\033\n"));
	g_assert_cmpint(d->line[0].tone, ==, TONE_BAD);
}

static void test_culprit(void)
{
	g_autoptr(why) w = why_new("a", "a");
	g_autoptr(detail) none = NULL;

	why_add(w, WHY_NOTE, "caa", "a", "limited");
	g_assert_null(why_culprit(w));
	none = why_detail(w);
	g_assert_cmpstr(none->line[0].text, ==, "nothing stands in the way of validating a");
	g_assert_cmpint(none->line[0].tone, !=, TONE_BAD);
	why_add(w, WHY_DOUBT, "names", "a", "differ");
	g_assert_cmpstr(why_culprit(w)->check, ==, "names");
	why_add(w, WHY_UNKNOWN, "servers", "a", "not asked");
	g_assert_cmpstr(why_culprit(w)->check, ==, "servers");
	why_add(w, WHY_WRONG, "record", "a", "gone");
	why_add(w, WHY_WRONG, "caa", "a", "forbidden");
	g_assert_cmpstr(why_culprit(w)->check, ==, "record");
	g_assert_cmpint(why_worst(w), ==, WHY_WRONG);
}

static void test_once(void)
{
	g_autoptr(why) w = why_new("a", "a");
	struct why_finding *one = why_add(w, WHY_WRONG, "servers", "a", "ns%d is silent", 1);

	g_assert_true(why_add(w, WHY_WRONG, "servers", "b", "ns1 is silent") == one);
	g_assert_true(why_add(w, WHY_DOUBT, "servers", "b", "ns1 is silent") != one);
	g_assert_cmpuint(why_count(w), ==, 2);
	for (int i = 0; i < 2000; i++)
		why_add(w, WHY_NOTE, "servers", "a", "number %d", i);
	g_assert_cmpuint(why_count(w), <, 600);
	for (int i = 0; i < 2000; i++)
		why_evidence(one, "number %d", i);
	g_assert_cmpuint(one->evidence->len, <, 100);
}

static void test_json(void)
{
	g_autoptr(why) w = sample();
	g_autoptr(detail) d = why_detail(w);
	g_autoptr(json) j = json_parse(d->json, strlen(d->json), 1 << 20, NULL);
	const struct json *third;
	enum why_state state;

	g_assert_nonnull(j);
	g_assert_cmpstr(json_str(j, "culprit"), ==, "record");
	g_assert_cmpstr(json_str(j, "said"), ==, "not there");
	g_assert_true(why_state_read(json_str(j, "state"), &state));
	g_assert_cmpint(state, ==, WHY_WRONG);
	g_assert_cmpuint(json_count(json_get(j, "findings")), ==, 4);
	third = json_at(json_get(j, "findings"), 2);
	g_assert_cmpstr(json_str(third, "do"), ==, "put it there");
	g_assert_cmpuint(json_count(json_get(third, "evidence")), ==, 2);
	for (int s = 0; s < WHY_STATE_COUNT; s++) {
		g_assert_true(why_state_read(why_state_word((enum why_state)s), &state));
		g_assert_cmpint(state, ==, s);
	}
	g_assert_false(why_state_read("splendid", &state));
	g_assert_false(why_state_read(NULL, &state));
}

static void test_about(void)
{
	g_autoptr(args) a = args_new();
	g_autofree char *request = why_about("aws/x", a), *name = NULL, *record = NULL;

	g_assert_cmpstr(request, ==, "aws/x");
	args_set(a, "name", "www.example.org");
	name = why_about(NULL, a);
	g_assert_cmpstr(name, ==, "www.example.org");
	args_set(a, "record", "_a1.example.org.\tCNAME b2");
	record = why_about(NULL, a);
	g_assert_cmpstr(record, ==, "_a1.example.org");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/why/lines", test_lines);
	g_test_add_func("/why/culprit", test_culprit);
	g_test_add_func("/why/once", test_once);
	g_test_add_func("/why/json", test_json);
	g_test_add_func("/why/about", test_about);
	return g_test_run();
}
