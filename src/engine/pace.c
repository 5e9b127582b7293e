/*
 * pace: as many requests of one sort as a server lets through.
 *
 * A bucket of tokens per account and sort fills at the rate that the provider knows of, and each
 * attempt takes one.  When the server turns one away all the same, others use up what it allows:
 * then the rate is half of what it was, for a minute, and comes back little by little.  What it says
 * of when to come again holds for all of the sort, not only for the one that it said it to.
 */
#include "own.h"

#define SECOND	   INT64_C(1000000)	/* ticks */
#define SLOW_FOR   (60 * SECOND)	/* after the last time it was turned away */
#define BACK_STEP  (6 * SECOND)		/* then one step after each of these */
#define BACK_STEPS 20			/* from nothing to all of the rate */
#define SLOWEST	   20.0			/* the rate is never less than a part in so many */
#define MOST_MAX   1000			/* that are counted within a span */

struct bucket {
	double full, rate;	/* tokens a second: as the provider says, as it is now */
	double burst, tokens;	/* most that it holds; what it held at `filled` */
	int64_t filled;		/* ticks */
	int64_t slowed;		/* ticks: when it last got slower; 0: it is as fast as it may be */
	int64_t next_step;	/* ticks: when it gets faster again */
	GArray *sent;		/* ticks, +1, of the last so many, in a ring; 0: not so many yet */
	guint at;		/* of the oldest of them */
	int64_t per;		/* ticks that pass from one to the one that takes its place */
	int64_t closed;		/* ticks: none is sent before */
	char *who, *what;	/* for people */
};

static void bucket_free(void *p)
{
	struct bucket *b = p;

	g_array_unref(b->sent);
	g_free(b->who);
	g_free(b->what);
	g_free(b);
}

GHashTable *pace_all_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, bucket_free);
}

/* "acm eu-north-1 ListCertificates" is ACM in eu-north-1, and ListCertificates. */
static void name(struct bucket *b, const char *sort)
{
	g_auto(GStrv) words = g_strsplit(sort, " ", -1);
	guint n = g_strv_length(words);
	g_autofree char *service = n > 1 ? g_ascii_strup(words[0], -1) : g_strdup("the server");
	g_autoptr(GString) who = g_string_new(service);

	for (guint i = 1; i + 1 < n; i++)
		g_string_append_printf(who, "%s%s", i == 1 ? " in " : " ", words[i]);
	b->who = g_string_free(g_steal_pointer(&who), FALSE);
	b->what = g_strdup(n ? words[n - 1] : "");
}

struct bucket *pace_find(GHashTable *all, const char *account, const struct pace *p, int64_t ticks)
{
	g_autofree char *key = NULL;
	struct bucket *b;

	if (!p->sort || p->rate <= 0)
		return NULL;
	key = g_strdup_printf("%s %s", account, p->sort);
	b = g_hash_table_lookup(all, key);
	if (!b) {
		b = g_new0(struct bucket, 1);
		b->tokens = MAX(p->burst, 1);
		b->filled = ticks;
		b->sent = g_array_new(FALSE, TRUE, sizeof(int64_t));
		g_array_set_size(b->sent, MIN(p->most, MOST_MAX));
		name(b, p->sort);
		g_hash_table_insert(all, g_steal_pointer(&key), b);
	}
	b->full = p->rate;
	b->burst = MAX(p->burst, 1);
	b->per = p->per * SECOND;
	if (!b->slowed || b->rate > b->full)
		b->rate = b->full;
	return b;
}

static void fill(struct bucket *b, int64_t until)
{
	if (until <= b->filled)
		return;
	b->tokens += b->rate * (double)(until - b->filled) / (double)SECOND;
	b->tokens = MIN(b->tokens, b->burst);
	b->filled = until;
}

/* As it is at that time: each part of the way at the rate that it had then. */
static void catch_up(struct bucket *b, int64_t ticks)
{
	while (b->slowed && b->next_step <= ticks) {
		fill(b, b->next_step);
		b->rate += b->full / BACK_STEPS;
		b->next_step += BACK_STEP;
		if (b->rate < b->full)
			continue;
		b->rate = b->full;
		b->slowed = 0;
	}
	fill(b, ticks);
}

/* When the span has room again. */
static int64_t has_room_at(const struct bucket *b)
{
	int64_t oldest = b->sent->len ? g_array_index(b->sent, int64_t, b->at) : 0;

	return MAX(b->closed, oldest ? oldest - 1 + b->per : 0);
}

int64_t pace_due(struct bucket *b, int64_t ticks)
{
	/* Adding up parts of tokens makes a whole one but for what a double leaves out. */
	const double one = 1 - 1e-6;
	int64_t due = ticks;

	catch_up(b, ticks);
	if (b->tokens < one)
		due += 1 + (int64_t)((1 - b->tokens) / b->rate * (double)SECOND);
	return MAX(due, has_room_at(b));
}

void pace_take(struct bucket *b, int64_t ticks)
{
	catch_up(b, ticks);
	b->tokens -= 1;
	if (!b->sent->len)
		return;
	g_array_index(b->sent, int64_t, b->at) = ticks + 1;
	b->at = (b->at + 1) % b->sent->len;
}

/* Several may have been under way together: what was sent before it got slower says nothing new. */
void pace_slow_down(struct bucket *b, int64_t sent, int64_t ticks)
{
	catch_up(b, ticks);
	b->tokens = MIN(b->tokens, 0);
	if (b->slowed && sent <= b->slowed)
		return;
	b->rate = MAX(b->rate / 2, b->full / SLOWEST);
	b->slowed = ticks;
	b->next_step = ticks + SLOW_FOR;
}

void pace_close(struct bucket *b, int64_t until)
{
	b->closed = MAX(b->closed, until);
}

/* With the span, what is left of it counts, and then it is as fast as the span has room. */
int64_t pace_takes(const struct bucket *b, guint64 n)
{
	double rate = b->sent->len && b->per ? MIN(b->rate, b->sent->len * (double)SECOND / (double)b->per) :
					       b->rate;
	double more = (double)n - MAX(b->tokens, 0);

	return more > 0 ? (int64_t)(more / rate) : 0;
}

char *pace_say(struct bucket *b, int64_t ticks)
{
	catch_up(b, ticks);
	if (b->closed > ticks)
		return g_strdup_printf("%s is asked too often, perhaps by others as well; nothing is sent for "
				       "%" G_GINT64_FORMAT " s", b->who,
				       (b->closed - ticks + SECOND - 1) / SECOND);
	if (!b->slowed)
		return NULL;
	if (b->rate < 1)
		return g_strdup_printf("%s lets through %.2g a minute of %s", b->who, b->rate * 60, b->what);
	return g_strdup_printf("%s lets through %.2g a second of %s", b->who, b->rate, b->what);
}

GError *pace_give_up(const struct bucket *b)
{
	if (!b)
		return g_error_new(ERR, ERR_BUSY, "the server turns everything away, since too much is "
				   "asked of it; try again later");
	return g_error_new(ERR, ERR_BUSY, "%s lets nothing through of %s, since too much is asked of it; "
			   "try again later", b->who, b->what);
}
