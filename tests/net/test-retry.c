/*
 * Every branch of "again, and after how long?".
 */
#include <certty/net/retry.h>

#include <string.h>

#include "net/exchange_own.h"

#define NOW 784111777	/* Sun, 06 Nov 1994 08:49:37 GMT */

struct asked {
	int status;
	int error;		/* -1: none */
	const char *retry_after;
	unsigned attempts;
	bool repeatable;
	double random;
	int64_t expected;
};

/* clang-format off */
static const struct asked table[] = {
	/* what is worth a second try */
	{ 200, -1, NULL, 1, true,  0.5, -1 },
	{ 400, -1, NULL, 1, true,  0.5, -1 },
	{ 500, -1, NULL, 1, true,  0.5, -1 },
	{ 429, -1, NULL, 1, true,  0.5, 250 },
	{ 429, -1, NULL, 1, false, 0.5, 250 },
	{ 503, -1, NULL, 1, false, 0.5, 250 },
	{ 502, -1, NULL, 1, true,  0.5, 250 },
	{ 502, -1, NULL, 1, false, 0.5, -1 },
	{ 504, -1, NULL, 1, true,  0.5, 250 },
	{ 504, -1, NULL, 1, false, 0.5, -1 },
	{ 0, ERR_NETWORK, NULL, 1, true,  0.5, 250 },
	{ 0, ERR_NETWORK, NULL, 1, false, 0.5, -1 },
	{ 0, ERR_TIMEOUT, NULL, 1, true,  0.5, 250 },
	{ 0, ERR_TIMEOUT, NULL, 1, false, 0.5, -1 },
	{ 0, ERR_LIMIT,   NULL, 1, true,  0.5, -1 },
	{ 0, ERR_REFUSED, NULL, 1, true,  0.5, -1 },
	/* how long: twice as long each time, up to the ceiling, six attempts in all */
	{ 429, -1, NULL, 0, true, 0.5, 250 },
	{ 429, -1, NULL, 2, true, 0.5, 500 },
	{ 429, -1, NULL, 3, true, 0.5, 1000 },
	{ 429, -1, NULL, 5, true, 0.5, 4000 },
	{ 429, -1, NULL, 5, true, 0.0, 0 },
	{ 429, -1, NULL, 6, true, 0.5, -1 },
	{ 429, -1, NULL, G_MAXUINT, true, 0.5, -1 },
	/* Retry-After */
	{ 429, -1, "7",    1, true, 0.0, 7000 },
	{ 429, -1, "7",    1, true, 0.5, 7250 },
	{ 200, -1, "7",    1, true, 0.5, -1 },
	{ 429, -1, "0",    4, true, 0.0, 0 },
	{ 429, -1, "300",  1, true, 0.0, 300000 },
	{ 429, -1, "301",  1, true, 0.0, -1 },
	{ 429, -1, "99999999999999999999", 1, true, 0.5, 250 },
	{ 429, -1, "-5",   1, true, 0.5, 250 },
	{ 429, -1, "soon", 1, true, 0.5, 250 },
	{ 503, -1, "Sun, 06 Nov 1994 08:50:37 GMT", 1, true, 0.0, 60000 },
	{ 503, -1, "Sun, 06 Nov 1994 08:48:37 GMT", 1, true, 0.0, 0 },
	{ 503, -1, "Sun, 06 Nov 1994 09:49:37 GMT", 1, true, 0.0, -1 },
	{ 503, -1, "Sun, 06 Nov 9999 09:49:37 GMT", 1, true, 0.0, -1 },
	{ 503, -1, "Sun, 06 Nvo 1994 08:50:37 GMT", 1, true, 0.5, 250 },
	{ 503, -1, "Sun, 06 anF 1994 08:50:37 GMT", 1, true, 0.5, 250 },
	{ 503, -1, "Sun, 66 Nov 1994 08:50:37 GMT", 1, true, 0.5, 250 },
	{ 503, -1, "Sun, 06 Nov 1994 08:50:37 UTC", 1, true, 0.5, 250 },
	{ 503, -1, "Sun,  6 Nov 1994 08:50:37 GMT", 1, true, 0.5, 250 },
};
/* clang-format on */

static void check(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		const struct asked *a = &table[i];
		g_autoptr(reply) r = reply_new();
		struct header h = { g_strdup("retry-after"), g_strdup(a->retry_after) };

		r->status = a->status;
		if (a->error >= 0)
			r->error = g_error_new_literal(ERR, a->error, "no");
		if (a->retry_after)
			g_array_append_val(r->headers, h);
		else
			g_free(h.name);
		g_test_message("row %zu", i);
		g_assert_cmpint(retry_after(r, VERDICT_BY_STATUS, a->attempts, a->repeatable, NOW,
					    a->random), ==, a->expected);
	}
}

static void check_bounds(void)
{
	g_autoptr(reply) r = reply_new();

	r->status = 429;
	for (unsigned attempts = 1; attempts < 6; attempts++) {
		for (double random = 0; random < 1; random += 1.0 / 64) {
			int64_t ms = retry_after(r, VERDICT_BY_STATUS, attempts, false, NOW, random);

			g_assert_cmpint(ms, >=, 0);
			g_assert_cmpint(ms, <, 30000);
			g_assert_cmpint(ms, <, 500 << (attempts - 1));
		}
	}
}

/* AWS's own header makes a wait longer, never shorter, and not by much. */
static void check_lengthened(void)
{
	static const struct {
		const char *said;
		int64_t expected;
	} rows[] = {
		{ "100", 250 }, { "250", 250 }, { "1000", 1000 }, { "5250", 5250 }, { "5251", 5250 },
		{ "99999999999999999999", 250 }, { "-1", 250 }, { "soon", 250 }, { "", 250 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(reply) r = reply_new();
		struct header h = { g_strdup("x-amz-retry-after"), g_strdup(rows[i].said) };

		r->status = 503;
		g_array_append_val(r->headers, h);
		g_assert_cmpint(retry_after(r, VERDICT_BY_STATUS, 1, true, NOW, 0.5), ==,
				rows[i].expected);
	}
}

/* Of what turned it away alone: the next time that something is let through, or the words of the body. */
static void check_next(void)
{
	static const struct {
		int status;
		const char *next, *body;
		int64_t expected;
	} rows[] = {
		{ 429, "1994-11-06T08:49:47.250Z", NULL, 11000 },
		{ 429, "1994-11-06T08:49:47Z", "Retry after: 3 seconds.", 11000 },
		{ 429, "1994-11-06T08:49:27.000Z", NULL, 0 },
		{ 429, "1994-11-06T09:49:37.000Z", NULL, -1 },
		{ 429, "soon", "Retry after: 21 seconds.", 21000 },
		{ 429, "1994-11-06T08:49:47+02:00", NULL, 250 },
		{ 429, NULL, "{\"detail\":\"Limit reached. Retry after: 21 seconds.\"}", 21000 },
		{ 429, NULL, "Retry after: 99999999999999999999 seconds", -1 },
		{ 429, NULL, "Retry after: soon", 250 },
		{ 429, NULL, "Retry after: ", 250 },
		{ 503, "1994-11-06T08:49:47.250Z", "Retry after: 21 seconds.", 250 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(reply) r = reply_new();
		struct header h = { g_strdup("x-ratelimit-next"),
				    g_strdup(rows[i].next ? rows[i].next : "") };

		r->status = rows[i].status;
		g_array_append_val(r->headers, h);
		if (rows[i].body)
			r->body = g_bytes_new_static(rows[i].body, strlen(rows[i].body));
		g_test_message("row %zu", i);
		g_assert_cmpint(retry_after(r, VERDICT_BY_STATUS, 1, true, NOW,
					    rows[i].expected % 1000 ? 0.5 : 0), ==, rows[i].expected);
	}
}

/* A provider that knows better than the status. */
static void check_verdicts(void)
{
	g_autoptr(reply) r = reply_new();

	r->status = 400;
	g_assert_cmpint(retry_after(r, VERDICT_BY_STATUS, 1, true, NOW, 0.5), ==, -1);
	g_assert_cmpint(retry_after(r, VERDICT_THROTTLED, 1, false, NOW, 0.5), ==, 250);
	g_assert_cmpint(retry_after(r, VERDICT_THROTTLED, 6, false, NOW, 0.5), ==, -1);
	g_assert_cmpint(retry_after(r, VERDICT_BROKEN, 1, true, NOW, 0.5), ==, 250);
	g_assert_cmpint(retry_after(r, VERDICT_BROKEN, 1, false, NOW, 0.5), ==, -1);
	g_assert_true(retry_is_throttled(r, VERDICT_THROTTLED));
	g_assert_false(retry_is_throttled(r, VERDICT_BROKEN));
	r->status = 503;
	g_assert_cmpint(retry_after(r, VERDICT_FINAL, 1, true, NOW, 0.5), ==, -1);
	r->status = 429;
	g_assert_true(retry_is_throttled(r, VERDICT_BY_STATUS));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/retry/table", check);
	g_test_add_func("/retry/bounds", check_bounds);
	g_test_add_func("/retry/lengthened", check_lengthened);
	g_test_add_func("/retry/next", check_next);
	g_test_add_func("/retry/verdicts", check_verdicts);
	return g_test_run();
}
