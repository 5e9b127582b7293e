/*
 * Again, and after how long?
 *
 * Waiting a random part of a growing span keeps many clients that failed together from coming
 * back together.
 */
#include <certty/net/retry.h>

#include <string.h>

#include <certty/base/clock.h>

#include "net/exchange_own.h"

#define ATTEMPTS_MAX	6
#define FIRST_MS	500
#define LONGEST_MS	30000
#define OBEYED_MS	(5 * 60 * 1000)
#define LENGTHENED_MS	5000

/* What a status says about sending the same thing again. */
struct worth {
	int status;
	bool untouched;		/* the request was turned away, not begun */
};

/* clang-format off */
static const struct worth worths[] = {
	{ 429, true  },		/* too many requests */
	{ 502, false },		/* bad gateway */
	{ 503, true  },		/* unavailable */
	{ 504, false },		/* the gateway waited in vain; the server may have acted */
};
/* clang-format on */

static bool may_send_again(const struct reply *r, enum verdict verdict, bool repeatable)
{
	if (verdict != VERDICT_BY_STATUS)
		return verdict == VERDICT_THROTTLED || (verdict == VERDICT_BROKEN && repeatable);
	if (r->error)
		return repeatable && (g_error_matches(r->error, ERR, ERR_NETWORK) ||
				      g_error_matches(r->error, ERR, ERR_TIMEOUT));
	for (size_t i = 0; i < G_N_ELEMENTS(worths); i++) {
		if (worths[i].status == r->status)
			return repeatable || worths[i].untouched;
	}
	return false;
}

/* X-RateLimit-Next is a time with a fraction of a second, "2026-01-02T03:04:05.678Z", from which on the next
 * request is let through. */
static int64_t next_allowed(const struct reply *r, int64_t now)
{
	const char *text = reply_header(r, "X-RateLimit-Next");
	bool is_utc = text && strlen(text) >= 20 && g_ascii_tolower(text[strlen(text) - 1]) == 'z';
	g_autofree char *plain = is_utc ? g_strdup_printf("%.19sZ", text) : NULL;
	int64_t when;

	if (!plain || !clock_read_date(plain, &when))
		return -1;
	return when > now ? MIN(when - now + 1, G_MAXINT32) * 1000 : 0;
}

#define IN_WORDS "Retry after: "	/* and the seconds, in the body of a 429 without any such header */

static int64_t asked_in_words(const struct reply *r)
{
	gsize len = 0;
	const char *body = r->body ? g_bytes_get_data(r->body, &len) : NULL;
	const char *at = body ? g_strstr_len(body, (gssize)MIN(len, 4096), IN_WORDS) : NULL;
	int64_t seconds = 0;

	if (!at)
		return -1;
	for (at += strlen(IN_WORDS); at < body + len && g_ascii_isdigit(*at) && seconds < OBEYED_MS; at++)
		seconds = seconds * 10 + (*at - '0');
	return seconds ? seconds * 1000 : -1;
}

/* What Retry-After asks for in milliseconds; -1 when it asks for nothing we can read. */
static int64_t asked_by_header(const struct reply *r, int64_t now)
{
	const char *text = reply_header(r, "Retry-After");
	int64_t when;
	guint64 seconds;

	if (!text)
		return -1;
	if (g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT32, &seconds, NULL))
		return (int64_t)seconds * 1000;
	if (reply_read_date(text, &when))
		return when > now ? MIN(when - now, G_MAXINT32) * 1000 : 0;
	return -1;
}

/* AWS has a header of its own, in milliseconds, with which a wait of ours is made longer by a little
 * at most. */
static int64_t lengthened(const struct reply *r, int64_t ms)
{
	const char *text = reply_header(r, "x-amz-retry-after");
	guint64 asked;

	if (!text || !g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT32, &asked, NULL))
		return ms;
	return CLAMP((int64_t)asked, ms, ms + LENGTHENED_MS);
}

int64_t retry_asked(const struct reply *r, int64_t now)
{
	int64_t asked = asked_by_header(r, now);

	if (asked < 0 && r->status == 429)
		asked = next_allowed(r, now);
	return asked < 0 && r->status == 429 ? asked_in_words(r) : asked;
}

bool retry_is_throttled(const struct reply *r, enum verdict verdict)
{
	return verdict == VERDICT_THROTTLED || (verdict == VERDICT_BY_STATUS && r->status == 429);
}

int64_t retry_after(const struct reply *r, enum verdict verdict, unsigned attempts, bool repeatable,
		    int64_t now, double random)
{
	int64_t ceiling, asked;

	if (attempts >= ATTEMPTS_MAX || !may_send_again(r, verdict, repeatable))
		return -1;
	ceiling = MIN(FIRST_MS << (MAX(attempts, 1) - 1), LONGEST_MS);
	asked = retry_asked(r, now);
	if (asked > OBEYED_MS)
		return -1;
	if (asked >= 0)
		return asked + (int64_t)(random * FIRST_MS);
	return lengthened(r, (int64_t)(random * (double)ceiling));
}
