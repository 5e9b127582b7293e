/* test-rule: the dated rules change on their day, and touch what they should and nothing else. */
#include <stdbool.h>
#include <string.h>
#include <glib.h>
#include <certty/model/rule.h>

#define DAY INT64_C(86400)

static int64_t day(int y, int m, int d)
{
	g_autoptr(GDateTime) t = g_date_time_new_utc(y, m, d, 0, 0, 0);

	return g_date_time_to_unix(t);
}

static void table(void)
{
	for (size_t i = 0; i < rule_count; i++) {
		const struct rule *r = &rule_table[i];
		bool has_days = r->sort <= RULE_IDENTITY;

		g_assert_cmpint(r->since % DAY, ==, 0);
		g_assert_cmpint(r->days > 0, ==, has_days);
		g_assert_cmpint(r->method != NULL, ==, r->sort == RULE_METHOD);
		g_assert_false(g_str_has_suffix(r->sentence, "."));
		if (i)
			g_assert_cmpint(rule_table[i - 1].since, <=, r->since);
		for (size_t k = 0; k < i; k++)
			g_assert_cmpstr(rule_table[k].word, !=, r->word);
	}
}

static void validity(void)
{
	static const struct {
		int y, m, d, before, since;
	} dated[] = {
		{ 2012, 7, 1, RULE_NO_LIMIT, 1827 }, { 2015, 4, 1, 1827, 1188 },
		{ 2018, 3, 1, 1188, 825 },	     { 2020, 9, 1, 825, 398 },
		{ 2026, 3, 15, 398, 200 },	     { 2027, 3, 15, 200, 100 },
		{ 2029, 3, 15, 100, 47 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(dated); i++) {
		int64_t at = day(dated[i].y, dated[i].m, dated[i].d);

		g_assert_cmpint(rule_longest_validity(at - 1), ==, dated[i].before);
		g_assert_cmpint(rule_longest_validity(at), ==, dated[i].since);
	}
	g_assert_cmpint(rule_longest_validity(INT64_MIN), ==, RULE_NO_LIMIT);
	g_assert_cmpint(rule_longest_validity(INT64_MAX), ==, 47);
}

static void in_order(void)
{
	int64_t turn = day(2027, 3, 15);

	g_assert_cmpstr(rule_at(RULE_REUSE, turn - 1)->word, ==, "reuse-200");
	g_assert_cmpstr(rule_at(RULE_REUSE, turn)->word, ==, "reuse-100");
	g_assert_cmpstr(rule_after(RULE_REUSE, turn - 1)->word, ==, "reuse-100");
	g_assert_cmpstr(rule_after(RULE_REUSE, turn)->word, ==, "reuse-10");
	g_assert_null(rule_after(RULE_REUSE, day(2029, 3, 15)));
	g_assert_null(rule_at(RULE_REUSE, 0));
	g_assert_cmpint(rule_at(RULE_IDENTITY, day(2026, 3, 15) - 1)->days, ==, 825);
	g_assert_cmpint(rule_at(RULE_IDENTITY, day(2026, 3, 15))->days, ==, 398);
	g_assert_cmpint(rule_method_end("email")->since, ==, day(2028, 3, 15));
	g_assert_cmpint(rule_method_end("phone")->since, ==, day(2027, 3, 15));
	g_assert_null(rule_method_end("dns"));
	g_assert_null(rule_method_end(""));
}

/* A validation of that day by that method, until when it may be used again, and what ends it. */
static void reuse(void)
{
	static const struct {
		int y, m, d;
		const char *method;
		int to_y, to_m, to_d;
		const char *early;
	} cases[] = {
		/* within one period */
		{ 2026, 4, 1, "dns", 2026, 10, 18, NULL },
		{ 2029, 3, 15, "dns", 2029, 3, 25, NULL },
		/* 200 days reach the turn exactly: the new figure has nothing to end */
		{ 2026, 8, 27, "dns", 2027, 3, 15, NULL },
		/* one day more: still in use when 100 days become the most, and older than that */
		{ 2026, 8, 28, "dns", 2027, 3, 15, "reuse-100" },
		/* 100 days old on the turn itself, and one day younger */
		{ 2026, 12, 5, "dns", 2027, 3, 15, "reuse-100" },
		{ 2026, 12, 6, "dns", 2027, 3, 16, "reuse-100" },
		{ 2027, 3, 14, "dns", 2027, 6, 22, "reuse-100" },
		{ 2027, 3, 15, "dns", 2027, 6, 23, NULL },
		/* 398 days, cut by 200 */
		{ 2025, 10, 1, "dns", 2026, 4, 19, "reuse-200" },
		{ 2025, 3, 1, "dns", 2026, 3, 15, "reuse-200" },
		/* 100 days, cut by 10 */
		{ 2029, 1, 1, "dns", 2029, 3, 15, "reuse-10" },
		{ 2029, 3, 10, "dns", 2029, 3, 20, "reuse-10" },
		/* a method that ends */
		{ 2028, 2, 1, "email", 2028, 3, 15, "no-email" },
		{ 2028, 3, 14, "email", 2028, 3, 15, "no-email" },
		{ 2027, 11, 1, "email", 2028, 2, 9, NULL },
		{ 2027, 3, 1, "phone", 2027, 3, 15, "no-phone" },
		{ 2030, 1, 1, "email", 2030, 1, 1, "no-email" },
		/* a persistent record is looked at again soon, whatever the year */
		{ 2026, 4, 1, "dns-persist", 2026, 4, 11, NULL },
		{ 2029, 3, 10, "dns-persist", 2029, 3, 20, NULL },
		/* nobody said how */
		{ 2026, 4, 1, "", 2026, 10, 18, NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct rule *early = rule_table;
		int64_t at = day(cases[i].y, cases[i].m, cases[i].d);
		int64_t end = rule_reuse_end(at, cases[i].method, &early);

		g_test_message("%zu: %s of %d-%02d-%02d", i, cases[i].method, cases[i].y, cases[i].m,
			       cases[i].d);
		g_assert_cmpint(end, ==, day(cases[i].to_y, cases[i].to_m, cases[i].to_d));
		g_assert_cmpstr(early ? early->word : NULL, ==, cases[i].early);
		g_assert_cmpint(rule_reuse_end(at, cases[i].method, NULL), ==, end);
	}
	g_assert_cmpint(rule_reuse_end(0, "dns", NULL), ==, 0);
}

/* However the rules are read, what was validated later may be used for longer. */
static void reuse_grows(void)
{
	int64_t last = 0;

	for (int64_t at = day(2024, 1, 1); at < day(2030, 1, 1); at += DAY) {
		int64_t end = rule_reuse_end(at, "dns", NULL);

		g_assert_cmpint(end, >=, last);
		g_assert_cmpint(end, >, at);
		last = end;
	}
}

static const char *word(const struct rule *r)
{
	return r ? r->word : NULL;
}

/* `length` days that end on that day. */
static const char *bites(int length, int64_t end, int64_t now)
{
	return word(rule_bites_cert(end - length * DAY + 1, end, now));
}

static void certs(void)
{
	int64_t now = day(2026, 11, 23), turn = day(2027, 3, 15);

	/* valid as long as is allowed now: its successor is issued before the turn, or after it */
	g_assert_cmpstr(bites(200, turn - 1, now), ==, NULL);
	g_assert_cmpstr(bites(200, turn, now), ==, "life-100");
	g_assert_cmpstr(bites(100, turn, now), ==, NULL);
	g_assert_cmpstr(bites(101, turn, now), ==, "life-100");
	g_assert_cmpstr(bites(90, turn, now), ==, NULL);
	/* one of last year, whose successor is issued by a rule that is in force */
	g_assert_cmpstr(bites(398, day(2026, 12, 24), now), ==, "life-200");
	g_assert_cmpstr(bites(48, day(2029, 3, 15), now), ==, "life-47");
	g_assert_cmpstr(bites(47, day(2029, 3, 15), now), ==, NULL);
	/* it has ended */
	g_assert_cmpstr(bites(398, now - 1, now), ==, NULL);
	g_assert_cmpstr(bites(398, now, now), ==, "life-200");
}

static void validations(void)
{
	int64_t now = day(2026, 11, 23);

	g_assert_cmpstr(word(rule_bites_validation(day(2026, 11, 1), "dns", now)), ==, "reuse-100");
	g_assert_cmpstr(word(rule_bites_validation(day(2026, 8, 27), "dns", now)), ==, NULL);
	g_assert_cmpstr(word(rule_bites_validation(day(2026, 11, 1), "email", now)), ==, "reuse-100");
	g_assert_cmpstr(word(rule_bites_validation(day(2026, 8, 27), "email", now)), ==, "no-email");
	g_assert_cmpstr(word(rule_bites_validation(0, "email", now)), ==, "no-email");
	g_assert_cmpstr(word(rule_bites_validation(0, "", now)), ==, NULL);
	/* on the day itself it does not come any more */
	g_assert_cmpstr(word(rule_bites_validation(0, "email", day(2028, 3, 15) - 1)), ==, "no-email");
	g_assert_cmpstr(word(rule_bites_validation(0, "email", day(2028, 3, 15))), ==, NULL);
	/* over before it was cut */
	g_assert_cmpstr(word(rule_bites_validation(day(2025, 10, 1), "dns", now)), ==, NULL);
	g_assert_cmpstr(word(rule_first(NULL, rule_method_end("email"))), ==, "no-email");
	g_assert_cmpstr(word(rule_first(rule_method_end("email"), rule_method_end("phone"))), ==,
			"no-phone");
	g_assert_null(rule_first(NULL, NULL));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/rule/table", table);
	g_test_add_func("/rule/validity", validity);
	g_test_add_func("/rule/in-order", in_order);
	g_test_add_func("/rule/reuse", reuse);
	g_test_add_func("/rule/reuse-grows", reuse_grows);
	g_test_add_func("/rule/certs", certs);
	g_test_add_func("/rule/validations", validations);
	return g_test_run();
}
