/* Times as people read them, at every border between two units, and as they type them. */
#include "certty/base/clock.h"

#include <stdlib.h>
#include <time.h>

#define NOW 1795368069	/* 2026-11-22 17:21:09Z */

typedef void say_fn(GString *, int64_t);

static char *said(say_fn *say, int64_t when)
{
	GString *out = g_string_new("<");

	say(out, when);
	return g_string_free(out, FALSE);
}

static void stands_and_runs(void)
{
	int64_t before = time(NULL);

	g_assert_cmpint(clock_now(), >=, before);
	clock_set(NOW);
	g_assert_cmpint(clock_now(), ==, NOW);
	g_assert_cmpint(clock_ticks(), ==, (int64_t)NOW * 1000000);
	clock_set(NOW + 5);
	g_assert_cmpint(clock_ticks(), ==, (int64_t)(NOW + 5) * 1000000);
	clock_set(0);
	g_assert_cmpint(clock_now(), >=, before);
	g_assert_cmpint(clock_ticks(), <=, g_get_monotonic_time());
}

static void spans(void)
{
	static const struct {
		int64_t seconds;
		const char *words;
	} rows[] = {
		{ 0, "<now" },
		{ 59, "<now" },
		{ 60, "<1 min" },
		{ 3599, "<59 min" },
		{ 3600, "<1 h" },
		{ 51 * CLOCK_HOUR, "<51 h" },
		{ 72 * CLOCK_HOUR - 1, "<71 h" },
		{ 72 * CLOCK_HOUR, "<3 d" },
		{ 6 * CLOCK_DAY + 5, "<6 d" },
		{ 999 * CLOCK_DAY, "<999 d" },
		{ (int64_t)1000 * CLOCK_DAY, "<3 y" },
		{ (int64_t)3650 * CLOCK_DAY, "<10 y" },
		{ -6 * CLOCK_DAY, "<6 d" },
		{ INT64_MAX, "<292471208678 y" },
		{ INT64_MIN, "<292471208678 y" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *s = said(clock_say_span, rows[i].seconds);

		g_assert_cmpstr(s, ==, rows[i].words);
	}
}

static void until(void)
{
	static const struct {
		int64_t then;
		const char *words;
	} rows[] = {
		{ NOW, "now" },
		{ NOW + 59, "now" },
		{ NOW - 59, "now" },
		{ NOW + 4 * CLOCK_MINUTE, "in 4 min" },
		{ NOW + 19 * CLOCK_HOUR, "in 19 h" },
		{ NOW + 6 * CLOCK_DAY, "in 6 d" },
		{ NOW - 6 * CLOCK_DAY, "6 d ago" },
		{ NOW - 3 * CLOCK_HOUR, "3 h ago" },
		{ INT64_MAX, "in 292471208621 y" },
		{ INT64_MIN, "292471208678 y ago" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) out = g_string_new(NULL);

		clock_say_until(out, NOW, rows[i].then);
		g_assert_cmpstr(out->str, ==, rows[i].words);
	}
}

static void dates(void)
{
	static const struct {
		int64_t when;
		const char *date, *utc, *iso;
	} rows[] = {
		{ NOW, "<2026-11-22", "<2026-11-22 17:21:09Z", "<2026-11-22T17:21:09Z" },
		{ 0, "<1970-01-01", "<1970-01-01 00:00:00Z", "<1970-01-01T00:00:00Z" },
		{ -1, "<1969-12-31", "<1969-12-31 23:59:59Z", "<1969-12-31T23:59:59Z" },
		{ 951782400, "<2000-02-29", "<2000-02-29 00:00:00Z",
		  "<2000-02-29T00:00:00Z" },
		{ 253402300799, "<9999-12-31", "<9999-12-31 23:59:59Z",
		  "<9999-12-31T23:59:59Z" },
		{ -62167219200, "<0000-01-01", "<0000-01-01 00:00:00Z",
		  "<0000-01-01T00:00:00Z" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *date = said(clock_say_date, rows[i].when);
		g_autofree char *utc = said(clock_say_utc, rows[i].when);
		g_autofree char *iso = said(clock_say_iso, rows[i].when);

		g_assert_cmpstr(date, ==, rows[i].date);
		g_assert_cmpstr(utc, ==, rows[i].utc);
		g_assert_cmpstr(iso, ==, rows[i].iso);
	}
}

/* What is said can be read again, and agrees with the C library, for any time. */
static void dates_come_back(void)
{
	for (int i = 0; i < 20000; i++) {
		int64_t when = g_random_int_range(-2000000000, 2000000000) * (int64_t)30 +
			       g_random_int_range(0, 60);
		g_autofree char *iso = said(clock_say_iso, when);
		g_autofree char *utc = said(clock_say_utc, when);
		time_t t = (time_t)when;
		char theirs[64];
		struct tm tm;
		int64_t back;

		g_assert_nonnull(gmtime_r(&t, &tm));
		strftime(theirs, sizeof(theirs), "%H:%M:%SZ", &tm);
		g_assert_true(g_str_has_suffix(iso, theirs));
		if (tm.tm_year + 1900 < 0 || tm.tm_year + 1900 > 9999)
			continue;
		g_assert_true(clock_read_date(iso + 1, &back));
		g_assert_cmpint(back, ==, when);
		g_assert_true(clock_read_date(utc + 1, &back));
		g_assert_cmpint(back, ==, when);
	}
}

static void as_of(void)
{
	static const struct {
		int64_t when;
		const char *words;
	} rows[] = {
		{ NOW, "17:21" },
		{ NOW - CLOCK_HOUR, "16:21" },
		{ NOW - CLOCK_DAY, "11-21 17:21" },
		{ NOW - 365 * CLOCK_DAY, "2025-11-22" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) out = g_string_new(NULL);

		clock_say_as_of(out, NOW, rows[i].when);
		g_assert_cmpstr(out->str, ==, rows[i].words);
	}
}

static void reads_spans(void)
{
	static const struct {
		const char *s;
		int64_t seconds;
	} good[] = {
		{ "30d", 30 * CLOCK_DAY },  { "12h", 12 * CLOCK_HOUR }, { "90min", 90 * 60 },
		{ "2w", 14 * CLOCK_DAY },   { "1y", 365 * CLOCK_DAY },	{ "7", 7 * CLOCK_DAY },
		{ "6 d", 6 * CLOCK_DAY },   { "0", 0 },
		{ "10m", 10 * 60 },	    { "45s", 45 },
	};
	static const char *const bad[] = { "",	  "d",	"-1d", "+1d", "1x", "1dd", "d1", " 1d",
					   "1.5d", "99999999999999999999", "106751991167301d" };
	int64_t n = -7;

	for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
		g_assert_true(clock_read_span(good[i].s, &n));
		g_assert_cmpint(n, ==, good[i].seconds);
	}
	n = -7;
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(clock_read_span(bad[i], &n));
	g_assert_false(clock_read_span(NULL, &n));
	g_assert_cmpint(n, ==, -7);
}

static void reads_dates(void)
{
	static const struct {
		const char *s;
		int64_t when;
	} good[] = {
		{ "2026-11-22", 1795305600 },
		{ "2026-11-22T17:21:09Z", NOW },
		{ "2026-11-22T17:21:09", NOW },
		{ "2026-11-22 17:21", NOW - 9 },
		{ "2026-11-22T19:21:09+02:00", NOW },
		{ "2026-11-22T12:51:09-04:30", NOW },
		{ "2024-02-29", 1709164800 },
	};
	static const char *const bad[] = {
		"", "2026", "2026-13-01", "2026-00-01", "2026-02-29", "2100-02-29", "2026-11-31",
		"2026-11-00", "2026-11-22T", "2026-11-22T24:00", "2026-11-22T17:60",
		"2026-11-22T17:21:60Z", "2026-11-22Z", "2026-11-22T17:21:09ZZ", "26-11-22",
		"2026-11-22T17:21:09+2", " 2026-11-22", "2026-1-2",
	};
	int64_t when = -7;

	for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
		g_assert_true(clock_read_date(good[i].s, &when));
		g_assert_cmpint(when, ==, good[i].when);
	}
	when = -7;
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(clock_read_date(bad[i], &when));
	g_assert_cmpint(when, ==, -7);
}

int main(int argc, char **argv)
{
	g_setenv("TZ", "UTC", TRUE);
	tzset();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/clock/stands-and-runs", stands_and_runs);
	g_test_add_func("/base/clock/spans", spans);
	g_test_add_func("/base/clock/until", until);
	g_test_add_func("/base/clock/dates", dates);
	g_test_add_func("/base/clock/dates-come-back", dates_come_back);
	g_test_add_func("/base/clock/as-of", as_of);
	g_test_add_func("/base/clock/reads-spans", reads_spans);
	g_test_add_func("/base/clock/reads-dates", reads_dates);
	return g_test_run();
}
