/*
 * query: the filter language.
 *
 * Words separated by blanks, all of which must hold: a plain word occurs in a name (folded);
 * "quoted words" keep their blanks; `key:value` asks one field; `exp<30d`, `exp>2027-01-01`,
 * `life>66%` compare; `!` before anything negates it; `key:` finds what contains the value,
 * `state:` what begins with it; names may be typed with their own letters; a mark's word alone (weak-key, sha1,
 * too-long, self-signed, unknown-issuer, mismatch …) asks for that mark.  `key:` without a
 * value is not yet a question and matches everything, so that typing never empties the list.
 *
 * The table query_keys says every key, what it means and for which kinds it works; from it
 * come the parser, the completion, the help and the manual.  A parsed query is read-only;
 * any thread.
 */
#ifndef CERTTY_MODEL_QUERY_H
#define CERTTY_MODEL_QUERY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <certty/base/auto.h>
#include <certty/model/snapshot.h>

enum query_field {
	QUERY_ANY,		/* plain words: all that a row shows */
	QUERY_STORE, QUERY_ISSUER, QUERY_SAN, QUERY_KEY, QUERY_STATE, QUERY_PROVIDER,
	QUERY_ACCOUNT, QUERY_NETWORK, QUERY_LABEL, QUERY_CONTAINER, QUERY_TYPE,
	QUERY_EXPIRES, QUERY_LIFE, QUERY_MARK, QUERY_HOW, QUERY_RULE,
	QUERY_FIELD_COUNT
};

struct query_key {
	const char *word;	/* "in" */
	enum query_field field;
	bool compares;		/* takes < > <= >= and not ':' */
	unsigned kinds;		/* 1u << KIND_… of each kind that has it */
	const char *sentence, *example;
};
extern const struct query_key query_keys[];	/* ends with word NULL */

struct query;

/* Errors (ERR_USAGE) name the character: "column 7: exp< needs a span as in 30d". */
struct query *query_parse(const char *text, GError **error);
void query_free(struct query *q);
AUTO_FREE(query, query_free)
bool query_is_empty(const struct query *q);
/* True when every row that `narrow` matches is matched by `wide` too: then only rows of the
 * wide result need to be looked at again. */
bool query_narrows(const struct query *narrow, const struct query *wide);

/* Sets a bit for each matching certificate of s->certs; `ret` has (n + 63) / 64 words.  Only
 * certificates whose bit is set in `within` are looked at (NULL: all). Returns how many. */
uint32_t query_certs(const struct query *q, const struct snapshot *s, int64_t now,
		     const uint64_t *within, uint64_t *ret);

/* For rows of the other kinds: `text` appends the row's text for a field (nothing when the
 * field means nothing there; several texts as lines), `number` gives a time for
 * QUERY_EXPIRES, per mille for QUERY_LIFE, or false.  A mark's bare word is a plain word
 * there. */
typedef void query_text_fn(const void *row, enum query_field field, GString *out);
typedef bool query_time_fn(const void *row, enum query_field field, int64_t *ret);
bool query_row(const struct query *q, const void *row, query_text_fn *text,
	       query_time_fn *number, int64_t now);

/* What could follow at the end of `text`: new vector of whole texts, best first. */
char **query_complete(const char *text, const struct snapshot *s);

#endif
