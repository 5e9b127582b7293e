/*
 * query_certs: which certificates a query matches.
 *
 * Each term makes a bit for each certificate, column by column and table by table; the terms
 * are combined by whole words of bits.  Columns of words are asked once for each distinct
 * word, what concerns stores once for each table.  The terms that read names come last, and
 * then read only what is left, row by row where little is left and else straight through.
 */
#include <certty/model/query.h>

#include <string.h>

#include <certty/model/mark.h>
#include <certty/model/store.h>

#include "certs_own.h"
#include "query_own.h"
#include "scan.h"

struct search {
	const struct snapshot *s;
	const struct certs *c;
	const struct query_term *term;
	int64_t now;
	const uint64_t *in;	/* only these matter */
	uint64_t *out;
	uint8_t *said;		/* of each interned word: 0 not asked yet, 1 no, 2 yes */
};

typedef void table_fn(struct search *q, uint32_t table);

/* ---- bits ---- */

static inline void bit_put(uint64_t *bits, uint32_t i, bool on)
{
	bits[i / 64] |= (uint64_t)on << i % 64;
}

static void set_range(uint64_t *bits, uint32_t from, uint32_t to)
{
	for (; from < to && from % 64; from++)
		bit_set(bits, from);
	for (; from + 64 <= to; from += 64)
		bits[from / 64] = UINT64_MAX;
	for (; from < to; from++)
		bit_set(bits, from);
}

static uint32_t count_range(const uint64_t *bits, uint32_t from, uint32_t to)
{
	uint32_t n = 0;

	for (; from < to && from % 64; from++)
		n += bit_is_set(bits, from);
	for (; from + 64 <= to; from += 64)
		n += (uint32_t)__builtin_popcountll(bits[from / 64]);
	for (; from < to; from++)
		n += bit_is_set(bits, from);
	return n;
}

#define EACH_CERT(q, t, cert)                                                          \
	for (uint32_t cert = (q)->c->cert_base[t]; cert < (q)->c->cert_base[(t) + 1]; cert++)

static inline uint32_t row_of(const struct search *q, uint32_t t, uint32_t cert)
{
	return q->c->first[cert] - q->c->base[t];
}

/* ---- names ---- */

static void scan_rows(struct search *q, uint32_t t, const struct scan *scan)
{
	const struct table *table = q->c->table[t];

	EACH_CERT(q, t, cert) {
		uint32_t row = row_of(q, t, cert);
		size_t end = row + 1 < table->n ? table->text[row + 1] : table->folded_len;

		if (bit_is_set(q->in, cert) &&
		    scan_find(scan, table->texts + table->text[row], table->texts + end))
			bit_set(q->out, cert);
	}
}

static void scan_through(struct search *q, uint32_t t, const struct scan *scan)
{
	const struct table *table = q->c->table[t];
	const uint32_t *first = q->c->first;
	const char *at = table->texts, *end = at + table->folded_len;
	uint32_t row = 0, cert = q->c->cert_base[t], cert_end = q->c->cert_base[t + 1];

	while ((at = scan_find(scan, at, end))) {
		uint32_t place;

		while (row + 1 < table->n && table->text[row + 1] <= (size_t)(at - table->texts))
			row++;
		place = q->c->base[t] + row;
		while (cert < cert_end && first[cert] < place)
			cert++;
		if (cert < cert_end && first[cert] == place)
			bit_set(q->out, cert);
		if (++row == table->n)
			break;
		at = table->texts + table->text[row];
	}
}

static void scan_table(struct search *q, uint32_t t, const char *text)
{
	uint32_t from = q->c->cert_base[t], to = q->c->cert_base[t + 1];
	uint32_t wanted = count_range(q->in, from, to);
	struct scan scan = scan_new(text);

	if (wanted > (to - from) / 4)
		scan_through(q, t, &scan);
	else if (wanted)
		scan_rows(q, t, &scan);
}

static void in_names(struct search *q, uint32_t t)
{
	scan_table(q, t, q->term->text);
	if (q->term->ascii)
		scan_table(q, t, q->term->ascii);
}

/* ---- words ---- */

static bool is_word(struct search *q, uint32_t number)
{
	uint8_t *said = &q->said[number];

	if (!*said) {
		g_autofree char *folded = query_fold(intern_text(q->c->words, number));

		*said = query_is_in(q->term, folded) ? 2 : 1;
	}
	return *said == 2;
}

static void in_issuer(struct search *q, uint32_t t)
{
	const uint32_t *issuer = q->c->table[t]->issuer;

	EACH_CERT(q, t, cert)
		bit_put(q->out, cert, is_word(q, issuer[row_of(q, t, cert)]));
}

static void in_key(struct search *q, uint32_t t)
{
	const struct table *table = q->c->table[t];

	EACH_CERT(q, t, cert)
		bit_put(q->out, cert, is_word(q, table->words[table->key[row_of(q, t, cert)]]));
}

/* ---- stores ---- */

static bool is_text(const struct search *q, const char *text)
{
	g_autofree char *folded = query_fold(text);

	return query_is_in(q->term, folded);
}

static bool is_label(const struct search *q, char *const *labels)
{
	for (; *labels; labels++)
		if (is_text(q, *labels))
			return true;
	return false;
}

static bool is_store(const struct search *q, const struct store *s)
{
	switch (q->term->field) {
	case QUERY_STORE:
		return is_text(q, s->title) || is_text(q, s->id) || is_text(q, s->address);
	case QUERY_PROVIDER:
		return is_text(q, s->provider);
	case QUERY_ACCOUNT:
		return is_text(q, s->account);
	case QUERY_NETWORK:
		return is_text(q, s->network);
	case QUERY_CONTAINER:
		return is_text(q, s->container);
	case QUERY_TYPE:
		return is_text(q, s->type);
	default:
		return is_label(q, s->labels);
	}
}

static void in_store(struct search *q, uint32_t t)
{
	const struct store *store = snapshot_store(q->s, t);
	struct certs_walk w = certs_walk(q->c, t);

	if (!store || !is_store(q, store))
		return;
	set_range(q->out, q->c->cert_base[t], q->c->cert_base[t + 1]);
	for (uint32_t row = 0; !certs_is_plain(q->c, t) && row < q->c->table[t]->n; row++)
		bit_set(q->out, certs_walk_next(&w));
}

/* ---- marks and states ---- */

/* Marks that some place has; each place counts. */
static void in_marks(struct search *q, uint32_t t)
{
	const struct table *table = q->c->table[t];
	uint32_t wanted = q->term->marks & ~(uint32_t)(MARK_UNKNOWN_ISSUER | MARK_NOT_YET);
	struct certs_walk w = certs_walk(q->c, t);

	if (certs_is_plain(q->c, t)) {
		for (uint32_t row = 0; row < table->n; row++)
			bit_put(q->out, w.cert + row, table->marks[row] & wanted);
		return;
	}
	for (uint32_t row = 0; row < table->n; row++)
		bit_put(q->out, certs_walk_next(&w), table->marks[row] & wanted);
}

static void in_unknown_issuer(struct search *q, uint32_t t)
{
	EACH_CERT(q, t, cert)
		bit_put(q->out, cert, !bit_is_set(q->c->known_issuer, cert));
}

static void in_times(struct search *q, uint32_t t)
{
	const struct table *table = q->c->table[t];
	unsigned states = q->term->states;
	bool not_yet = q->term->marks & MARK_NOT_YET;

	EACH_CERT(q, t, cert) {
		uint32_t row = row_of(q, t, cert);
		int64_t begin = (int64_t)table->not_before[row] * 60;
		int64_t left = (int64_t)table->not_after[row] * 60 - q->now;

		bit_put(q->out, cert,
			((states & QUERY_EXPIRED) && left < 0) ||
				((states & QUERY_SOON) && left >= 0 &&
				 left < QUERY_SOON_SPAN) ||
				((states & QUERY_VALID) && left >= 0 && begin <= q->now) ||
				(not_yet && begin > q->now));
	}
}

static void in_states(struct search *q, uint32_t t)
{
	in_marks(q, t);
	if (q->term->marks & MARK_UNKNOWN_ISSUER)
		in_unknown_issuer(q, t);
	if (q->term->states || (q->term->marks & MARK_NOT_YET))
		in_times(q, t);
}

/* ---- comparisons ---- */

static void in_expires(struct search *q, uint32_t t)
{
	const uint32_t *not_after = q->c->table[t]->not_after;

	EACH_CERT(q, t, cert)
		bit_put(q->out, cert,
			query_compares(q->term, (int64_t)not_after[row_of(q, t, cert)] * 60,
				       q->now));
}

static void in_life(struct search *q, uint32_t t)
{
	const struct table *table = q->c->table[t];

	EACH_CERT(q, t, cert)
		bit_put(q->out, cert,
			query_compares(q->term, table_life(table, row_of(q, t, cert), q->now),
				       q->now));
}

/* A field without a function is not known of certificates and matches none. */
static table_fn *const fields[QUERY_FIELD_COUNT] = {
	[QUERY_ANY] = in_names,	      [QUERY_SAN] = in_names,	  [QUERY_ISSUER] = in_issuer,
	[QUERY_KEY] = in_key,	      [QUERY_STORE] = in_store,	  [QUERY_PROVIDER] = in_store,
	[QUERY_ACCOUNT] = in_store,   [QUERY_NETWORK] = in_store, [QUERY_LABEL] = in_store,
	[QUERY_CONTAINER] = in_store, [QUERY_TYPE] = in_store,	  [QUERY_STATE] = in_states,
	[QUERY_MARK] = in_states,     [QUERY_EXPIRES] = in_expires, [QUERY_LIFE] = in_life,
};

/* ---- the whole ---- */

static void apply(struct search *q, uint64_t *ret)
{
	table_fn *field = fields[q->term->field];
	size_t n = bit_words(q->c->n);

	memset(q->out, 0, n * sizeof(uint64_t));
	memset(q->said, 0, q->c->n_words);
	for (uint32_t t = 0; field && t < q->c->n_tables; t++)
		field(q, t);
	for (size_t i = 0; i < n; i++)
		ret[i] &= q->term->is_negated ? ~q->out[i] : q->out[i];
}

uint32_t query_certs(const struct query *query, const struct snapshot *s, int64_t now,
		     const uint64_t *within, uint64_t *ret)
{
	const struct certs *c = s->certs;
	g_autofree uint64_t *out = g_new(uint64_t, bit_words(c->n) + 1);
	g_autofree uint8_t *said = g_new(uint8_t, c->n_words + 1);
	struct search q = { s, c, NULL, now, ret, out, said };

	if (within) {
		memmove(ret, within, bit_words(c->n) * sizeof(uint64_t));
	} else {
		memset(ret, 0, bit_words(c->n) * sizeof(uint64_t));
		set_range(ret, 0, c->n);
	}
	for (int names = 0; names < 2; names++)
		for (size_t i = 0; i < query->n; i++) {
			q.term = &query->term[i];
			if ((fields[q.term->field] == in_names) == names)
				apply(&q, ret);
		}
	return count_range(ret, 0, c->n);
}
