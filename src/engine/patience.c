/*
 * patience: how long a server that turns everything away is asked on.
 *
 * That it wants less makes an operation slower and nothing else, for as long as some of what is
 * asked gets through: whoever reads a long list shall come to its end.  When nothing of a sort got
 * through for a while, the operation asks for no more of that sort, so that it ends with what it
 * has.
 */
#include "own.h"

#define SECOND INT64_C(1000000)	/* ticks */

struct patience {
	int64_t since;		/* ticks: nothing has got through since */
	bool is_over;
};

static struct patience *find(const struct operation *o, const struct bucket *b)
{
	return o->turned_away ? g_hash_table_lookup(o->turned_away, b) : NULL;
}

static struct patience *begin(struct operation *o, const struct bucket *b, int64_t ticks)
{
	struct patience *p = g_new0(struct patience, 1);

	if (!o->turned_away)
		o->turned_away = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	g_hash_table_insert(o->turned_away, (gpointer)b, p);
	p->since = ticks;
	return p;
}

void patience_hear(struct operation *o, const struct bucket *b, bool is_turned_away, int64_t ticks)
{
	int64_t most = settings_int(o->op.settings, "refresh", "patience") * SECOND;
	struct patience *p = find(o, b);

	if (is_turned_away) {
		p = p ? p : begin(o, b, ticks);
		p->is_over |= ticks - p->since >= most;
	} else if (p) {
		g_hash_table_remove(o->turned_away, b);
	}
}

bool patience_is_over(const struct operation *o, const struct bucket *b)
{
	const struct patience *p = find(o, b);

	return p && p->is_over;
}
