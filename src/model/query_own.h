/*
 * query_own: a parsed query, as parser, matcher and completion share it.  Private to the module.
 */
#ifndef CERTTY_MODEL_QUERY_OWN_H
#define CERTTY_MODEL_QUERY_OWN_H

#include <certty/base/text.h>
#include <certty/model/query.h>

#define QUERY_LONGEST 4096	/* bytes */
#define QUERY_TERMS 64

enum query_op { QUERY_HAS, QUERY_LESS, QUERY_AT_MOST, QUERY_MORE, QUERY_AT_LEAST };

enum {
	QUERY_EXPIRED	= 1u << 0,
	QUERY_SOON	= 1u << 1,	/* within QUERY_SOON_SPAN */
	QUERY_VALID	= 1u << 2,	/* begun and not ended */
};
#define QUERY_SOON_SPAN (30 * 24 * 60 * 60)

/* Words of state: that are no marks. */
struct query_state {
	const char *word;
	unsigned bit;
};
extern const struct query_state query_states[];	/* ends with word NULL */

struct query_term {
	enum query_field field;
	enum query_op op;
	bool is_negated;
	bool is_date;		/* number is a time; else a span from now, or per mille */
	char *text;		/* folded */
	char *ascii;		/* the same name in A-labels, or NULL */
	uint32_t marks;		/* QUERY_MARK, QUERY_STATE: any of them … */
	unsigned states;	/* … or of these */
	int64_t number;
};

struct query {
	struct query_term *term;
	size_t n;
};

/* value <op> number, with a span counted from now. */
bool query_compares(const struct query_term *term, int64_t value, int64_t now);
/* The folded text contains the term's. */
bool query_is_in(const struct query_term *term, const char *folded);

static inline char *query_fold(const char *text)
{
	GString *s = g_string_new(NULL);

	text_fold(s, text, -1);
	return g_string_free(s, FALSE);
}

#endif
