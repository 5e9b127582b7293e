/*
 * clock: what time it is, and how times are said.
 *
 * Everything that depends on time asks here, so that tests can set it.  Wall-clock times are
 * seconds since 1970-01-01 UTC in an int64_t; spans for measuring are monotonic microseconds.
 *
 * Any thread.
 */
#ifndef CERTTY_BASE_CLOCK_H
#define CERTTY_BASE_CLOCK_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define CLOCK_MINUTE 60
#define CLOCK_HOUR   (60 * 60)
#define CLOCK_DAY    (24 * 60 * 60)

int64_t clock_now(void);	/* seconds since 1970, or what clock_set said */
int64_t clock_ticks(void);	/* monotonic microseconds; follows clock_set as well */
void clock_set(int64_t now);	/* for tests: time stands still there; 0 lets it run again */

/* "in 6 d", "in 19 h", "in 4 min", "expired 3 d"-less: past times are "6 d ago". Appends. */
void clock_say_until(GString *out, int64_t now, int64_t then);
/* The span alone: "6 d", "19 h", "4 min", "now" below a minute, "3 y" from 1,000 days on. */
void clock_say_span(GString *out, int64_t seconds);
/* "2026-11-22 17:21:09Z"; "2026-11-22"; and ISO 8601 "2026-11-22T17:21:09Z" for machines. */
void clock_say_utc(GString *out, int64_t when);
void clock_say_date(GString *out, int64_t when);
void clock_say_iso(GString *out, int64_t when);
/* "17:21" when it is today (local time), "11-21 17:21" this year, else the date.  Never lies
 * while it stands on the screen, as "2 min ago" would. */
void clock_say_as_of(GString *out, int64_t now, int64_t when);

/* Reads "30d", "12h", "90min" or "90m", "45s", "2w", "1y" (365 days), or a bare number of days. */
bool clock_read_span(const char *s, int64_t *ret_seconds);
/* Reads ISO dates and date-times ("2026-11-22", "2026-11-22T17:21:09Z"). */
bool clock_read_date(const char *s, int64_t *ret_when);

#endif
