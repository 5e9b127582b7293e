/*
 * One clock for the whole program, which tests can stop, and the few forms in which times are
 * said.  Dates are worked out here and not by GDateTime, because certificates carry years
 * that it refuses and lists say a great many of them.
 */
#include "certty/base/clock.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

struct civil {
	int64_t year;
	int month, day, hour, minute, second;
};

static _Atomic int64_t stands_at;	/* 0: the clock runs */

int64_t clock_now(void)
{
	int64_t now = atomic_load_explicit(&stands_at, memory_order_relaxed);

	return now ? now : (int64_t)time(NULL);
}

int64_t clock_ticks(void)
{
	int64_t now = atomic_load_explicit(&stands_at, memory_order_relaxed);

	return now ? now * G_USEC_PER_SEC : g_get_monotonic_time();
}

void clock_set(int64_t now)
{
	atomic_store_explicit(&stands_at, now, memory_order_relaxed);
}

/* Times out of hostile certificates lie anywhere; the difference must not overflow. */
static int64_t difference(int64_t a, int64_t b)
{
	int64_t d;

	if (!__builtin_sub_overflow(a, b, &d) && d != INT64_MIN)
		return d;
	return a > b ? INT64_MAX : -INT64_MAX;
}

void clock_say_span(GString *out, int64_t seconds)
{
	static const struct {
		int64_t from, unit, add;	/* add: half a unit where it is rounded */
		const char *word;
	} forms[] = {
		{ (int64_t)1000 * CLOCK_DAY, (int64_t)365 * CLOCK_DAY, 182 * CLOCK_DAY, "y" },
		{ 72 * CLOCK_HOUR,           CLOCK_DAY,                0,               "d" },
		{ CLOCK_HOUR,                CLOCK_HOUR,               0,               "h" },
		{ CLOCK_MINUTE,              CLOCK_MINUTE,             0,               "min" },
	};

	if (seconds < 0)
		seconds = difference(0, seconds);
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		if (seconds < forms[i].from)
			continue;
		seconds = seconds / forms[i].unit + (seconds % forms[i].unit + forms[i].add) /
							    forms[i].unit;
		g_string_append_printf(out, "%" PRId64 " %s", seconds, forms[i].word);
		return;
	}
	g_string_append(out, "now");
}

void clock_say_until(GString *out, int64_t now, int64_t then)
{
	int64_t left = difference(then, now);
	bool soon = left < CLOCK_MINUTE && left > -CLOCK_MINUTE;

	if (!soon && left > 0)
		g_string_append(out, "in ");
	clock_say_span(out, left);
	if (!soon && left < 0)
		g_string_append(out, " ago");
}

/* Days since 1970 to a date of the proleptic Gregorian calendar; years begin in March here, so
 * that the leap day comes last. */
static struct civil civil_of(int64_t when)
{
	int64_t days = when / CLOCK_DAY, rest = when % CLOCK_DAY;
	int64_t era, year;
	int day_of_era, year_of_era, day_of_year, month;

	if (rest < 0) {
		rest += CLOCK_DAY;
		days--;
	}
	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	day_of_era = (int)(days - era * 146097);
	year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
		       day_of_era / 146096) / 365;
	year = year_of_era + era * 400;
	day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	month = (5 * day_of_year + 2) / 153;
	return (struct civil){
		.year = year + (month >= 10),
		.month = month < 10 ? month + 3 : month - 9,
		.day = day_of_year - (153 * month + 2) / 5 + 1,
		.hour = (int)(rest / CLOCK_HOUR),
		.minute = (int)(rest % CLOCK_HOUR / CLOCK_MINUTE),
		.second = (int)(rest % CLOCK_MINUTE),
	};
}

static int64_t seconds_of(const struct civil *c)
{
	int64_t year = c->year - (c->month <= 2);
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (c->month > 2 ? c->month - 3 : c->month + 9) + 2) / 5 +
			      c->day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
			     day_of_year;

	return (era * 146097 + day_of_era - 719468) * CLOCK_DAY + c->hour * CLOCK_HOUR +
	       c->minute * CLOCK_MINUTE + c->second;
}

void clock_say_date(GString *out, int64_t when)
{
	struct civil c = civil_of(when);

	g_string_append_printf(out, "%04" PRId64 "-%02d-%02d", c.year, c.month, c.day);
}

static void say_both(GString *out, int64_t when, char between)
{
	struct civil c = civil_of(when);

	clock_say_date(out, when);
	g_string_append_printf(out, "%c%02d:%02d:%02dZ", between, c.hour, c.minute, c.second);
}

void clock_say_utc(GString *out, int64_t when)
{
	say_both(out, when, ' ');
}

void clock_say_iso(GString *out, int64_t when)
{
	say_both(out, when, 'T');
}

void clock_say_as_of(GString *out, int64_t now, int64_t when)
{
	time_t t_now = (time_t)now, t_when = (time_t)when;
	struct tm a, b;

	if (!localtime_r(&t_now, &a) || !localtime_r(&t_when, &b)) {
		clock_say_date(out, when);
		return;
	}
	if (a.tm_year != b.tm_year) {
		g_string_append_printf(out, "%04" PRId64 "-%02d-%02d",
				       (int64_t)b.tm_year + 1900, b.tm_mon + 1, b.tm_mday);
		return;
	}
	if (a.tm_yday != b.tm_yday)
		g_string_append_printf(out, "%02d-%02d ", b.tm_mon + 1, b.tm_mday);
	g_string_append_printf(out, "%02d:%02d", b.tm_hour, b.tm_min);
}

bool clock_read_span(const char *s, int64_t *ret_seconds)
{
	static const struct {
		const char *word;
		int64_t seconds;
	} units[] = {
		{ "", CLOCK_DAY },	  { "min", CLOCK_MINUTE },
		{ "m", CLOCK_MINUTE },	  { "s", 1 },
		{ "h", CLOCK_HOUR },	  { "d", CLOCK_DAY },
		{ "w", 7 * CLOCK_DAY },	  { "y", 365 * CLOCK_DAY },
	};
	char *end;
	guint64 n;

	if (!s || !g_ascii_isdigit(*s))
		return false;
	n = g_ascii_strtoull(s, &end, 10);
	while (*end == ' ')
		end++;
	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		if (strcmp(end, units[i].word) != 0)
			continue;
		if (n > (guint64)(INT64_MAX / units[i].seconds))
			return false;
		*ret_seconds = (int64_t)n * units[i].seconds;
		return true;
	}
	return false;
}

/* Reads exactly `digits` digits and, before them, the character `before` unless it is 0. */
static bool number(const char **s, char before, int digits, int max, int *ret)
{
	const char *p = *s;
	int n = 0;

	if (before && *p++ != before)
		return false;
	for (int i = 0; i < digits; i++, p++) {
		if (!g_ascii_isdigit(*p))
			return false;
		n = n * 10 + (*p - '0');
	}
	if (n > max)
		return false;
	*s = p;
	*ret = n;
	return true;
}

static int days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* "", "Z", "+02:00": how many seconds local time is ahead of UTC. */
static bool read_zone(const char **s, int64_t *ret_ahead)
{
	int sign = **s == '-' ? -1 : 1;
	int hour, minute;

	*ret_ahead = 0;
	if (**s == 'Z') {
		(*s)++;
		return true;
	}
	if (**s != '+' && **s != '-')
		return true;
	if (!number(s, **s, 2, 14, &hour) || !number(s, ':', 2, 59, &minute))
		return false;
	*ret_ahead = sign * (hour * CLOCK_HOUR + minute * CLOCK_MINUTE);
	return true;
}

bool clock_read_date(const char *s, int64_t *ret_when)
{
	struct civil c = { 0 };
	int64_t ahead = 0;
	int year;

	if (!s || !number(&s, 0, 4, 9999, &year) || !number(&s, '-', 2, 12, &c.month) ||
	    c.month < 1 || !number(&s, '-', 2, days_in(year, c.month), &c.day) || c.day < 1)
		return false;
	c.year = year;
	if (*s == 'T' || *s == ' ') {
		if (!number(&s, *s, 2, 23, &c.hour) || !number(&s, ':', 2, 59, &c.minute))
			return false;
		if (*s == ':' && !number(&s, ':', 2, 59, &c.second))
			return false;
		if (!read_zone(&s, &ahead))
			return false;
	}
	if (*s)
		return false;
	*ret_when = seconds_of(&c) - ahead;
	return true;
}
