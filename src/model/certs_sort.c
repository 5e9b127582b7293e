/*
 * certs_sort: any order of the certificates, made when somebody asks.
 *
 * The names are sorted already.  Every other order is one number for each certificate
 * (computed column by column, table by table), laid out in the order of the names and then
 * sorted by a radix sort, which is stable: equal ones stay in the order of their names.
 * Columns of words use the rank of each distinct word.
 */
#include <certty/model/certs.h>

#include <stdlib.h>
#include <string.h>

#include <certty/model/mark.h>
#include <certty/model/store.h>

#include "certs_own.h"
#include "query_own.h"

#define DIGIT_BITS 11
#define DIGITS (1u << DIGIT_BITS)

struct sorting {
	const struct certs *c;
	const struct items *stores;
	int64_t now;
	uint32_t *rank;		/* of what the order's `prepare` ranks */
};

struct pair {
	uint32_t key, cert;
};

/* ---- ranks of words ---- */

struct folded {
	char *text;
	uint32_t number;
};

static int by_text(const void *a, const void *b)
{
	const struct folded *x = a, *y = b;

	return strcmp(x->text, y->text);
}

/* Equal texts get equal ranks.  Frees the texts. */
static uint32_t *ranks(struct folded *list, uint32_t n)
{
	uint32_t *rank = g_new(uint32_t, n), last = 0;

	qsort(list, n, sizeof(list[0]), by_text);
	for (uint32_t i = 0; i < n; i++) {
		if (i && strcmp(list[i].text, list[i - 1].text) != 0)
			last = i;
		rank[list[i].number] = last;
	}
	for (uint32_t i = 0; i < n; i++)
		g_free(list[i].text);
	return rank;
}

static uint32_t *rank_words(const struct sorting *s)
{
	g_autofree struct folded *list = g_new(struct folded, s->c->n_words);

	for (uint32_t i = 0; i < s->c->n_words; i++)
		list[i] = (struct folded){ query_fold(intern_text(s->c->words, i)), i };
	return ranks(list, s->c->n_words);
}

static uint32_t *rank_stores(const struct sorting *s)
{
	g_autofree struct folded *list = g_new(struct folded, s->c->n_tables + 1);

	for (uint32_t t = 0; t < s->c->n_tables; t++) {
		gssize at = items_find(s->stores, s->c->table[t]->store);
		const struct store *store = at < 0 ? NULL : s->stores->item[at];

		list[t] = (struct folded){ query_fold(store ? store->title : ""), t };
	}
	return ranks(list, s->c->n_tables);
}

/* ---- keys: one for each certificate that begins in a table ---- */

typedef void keys_fn(const struct sorting *s, uint32_t table, uint32_t *ret);

#define EACH_CERT(s, t, cert)                                                          \
	for (uint32_t cert = (s)->c->cert_base[t]; cert < (s)->c->cert_base[(t) + 1]; cert++)

static uint32_t row_of(const struct sorting *s, uint32_t t, uint32_t cert)
{
	return s->c->first[cert] - s->c->base[t];
}

static void key_where(const struct sorting *s, uint32_t t, uint32_t *ret)
{
	EACH_CERT(s, t, cert)
		ret[cert] = s->rank[t];
}

static void key_issuer(const struct sorting *s, uint32_t t, uint32_t *ret)
{
	EACH_CERT(s, t, cert)
		ret[cert] = s->rank[s->c->table[t]->issuer[row_of(s, t, cert)]];
}

static void key_words(const struct sorting *s, uint32_t t, const uint16_t *column, uint32_t *ret)
{
	const uint32_t *words = s->c->table[t]->words;

	EACH_CERT(s, t, cert)
		ret[cert] = s->rank[words[column[row_of(s, t, cert)]]];
}

static void key_key(const struct sorting *s, uint32_t t, uint32_t *ret)
{
	key_words(s, t, s->c->table[t]->key, ret);
}

static void key_signature(const struct sorting *s, uint32_t t, uint32_t *ret)
{
	key_words(s, t, s->c->table[t]->signature, ret);
}

static void key_expires(const struct sorting *s, uint32_t t, uint32_t *ret)
{
	EACH_CERT(s, t, cert)
		ret[cert] = s->c->table[t]->not_after[row_of(s, t, cert)];
}

static void key_issued(const struct sorting *s, uint32_t t, uint32_t *ret)
{
	EACH_CERT(s, t, cert)
		ret[cert] = s->c->table[t]->not_before[row_of(s, t, cert)];
}

static void key_life(const struct sorting *s, uint32_t t, uint32_t *ret)
{
	const struct table *table = s->c->table[t];

	EACH_CERT(s, t, cert) {
		uint32_t row = row_of(s, t, cert);

		ret[cert] = (uint32_t)table_life(table, row, s->now);
	}
}

static void key_places(const struct sorting *s, uint32_t t, uint32_t *ret)
{
	const struct certs *c = s->c;

	EACH_CERT(s, t, cert)
		ret[cert] = !c->told && c->next[c->first[cert]] == CERTS_NONE ?
				    1 :
				    certs_count_places(c, cert);
}

/* The bad ones first of all, then those to warn of, then those worth a look. */
static void key_marks(const struct sorting *s, uint32_t t, uint32_t *ret)
{
	static const enum tone tones[] = { TONE_BAD, TONE_WARN, TONE_NOTICE };
	uint32_t mask[G_N_ELEMENTS(tones)] = { 0 };

	for (const struct mark *m = mark_table; m->bit; m++)
		for (size_t i = 0; i < G_N_ELEMENTS(tones); i++)
			mask[i] |= m->tone == tones[i] ? m->bit : 0;
	EACH_CERT(s, t, cert) {
		uint32_t marks = mark_notable(certs_marks(s->c, cert));

		if (s->c->table[t]->not_before[row_of(s, t, cert)] > s->now / 60)
			marks |= MARK_NOT_YET;
		ret[cert] = 0;
		for (size_t i = 0; i < G_N_ELEMENTS(tones); i++)
			ret[cert] = ret[cert] << 5 |
				    (uint32_t)__builtin_popcount(marks & mask[i]);
	}
}

/* clang-format off */
static const struct {
	uint32_t *(*prepare)(const struct sorting *s);
	keys_fn *keys;		/* NULL: by name */
} orders[CERTS_ORDER_COUNT] = {
	[CERTS_BY_NAME]      = { NULL,        NULL },
	[CERTS_BY_WHERE]     = { rank_stores, key_where },
	[CERTS_BY_ISSUER]    = { rank_words,  key_issuer },
	[CERTS_BY_KEY]       = { rank_words,  key_key },
	[CERTS_BY_EXPIRES]   = { NULL,        key_expires },
	[CERTS_BY_LIFE]      = { NULL,        key_life },
	[CERTS_BY_PLACES]    = { NULL,        key_places },
	[CERTS_BY_MARKS]     = { NULL,        key_marks },
	[CERTS_BY_SIGNATURE] = { rank_words,  key_signature },
	[CERTS_BY_ISSUED]    = { NULL,        key_issued },
};
/* clang-format on */

/* ---- sorting ---- */

static uint32_t selected(const struct certs *c, bool descending, const uint64_t *bits,
			 uint32_t *ret)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->n; i++) {
		uint32_t cert = c->by_name[descending ? c->n - 1 - i : i];

		ret[n] = cert;
		n += !bits || bit_is_set(bits, cert);
		if (n == c->n)
			break;
	}
	return n;
}

static void one_digit(const struct pair *from, struct pair *to, uint32_t n, unsigned shift)
{
	uint32_t at[DIGITS] = { 0 }, sum = 0;

	for (uint32_t i = 0; i < n; i++)
		at[from[i].key >> shift & (DIGITS - 1)]++;
	for (uint32_t d = 0; d < DIGITS; d++) {
		uint32_t count = at[d];

		at[d] = sum;
		sum += count;
	}
	for (uint32_t i = 0; i < n; i++)
		to[at[from[i].key >> shift & (DIGITS - 1)]++] = from[i];
}

/* Sorts the certificates in ret, which stand by name, by their keys. */
static void by_key(const uint32_t *keys, bool descending, uint32_t n, uint32_t *ret)
{
	g_autofree struct pair *a = g_new(struct pair, n), *b = g_new(struct pair, n);
	uint32_t least = UINT32_MAX, most = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t key = keys[ret[i]];

		a[i] = (struct pair){ key, ret[i] };
		least = MIN(least, key);
		most = MAX(most, key);
	}
	for (uint32_t i = 0; i < n; i++)
		a[i].key = descending ? most - a[i].key : a[i].key - least;
	for (unsigned shift = 0; shift < 32 && n && (most - least) >> shift;
	     shift += DIGIT_BITS) {
		struct pair *swap = a;

		one_digit(a, b, n, shift);
		a = b;
		b = swap;
	}
	for (uint32_t i = 0; i < n; i++)
		ret[i] = a[i].cert;
}

uint32_t certs_sort(const struct certs *c, const struct items *stores, enum certs_order order,
		    bool descending, int64_t now, const uint64_t *bits, uint32_t *ret)
{
	struct sorting s = { c, stores, now, NULL };
	g_autofree uint32_t *keys = NULL;
	uint32_t n = selected(c, descending && !orders[order].keys, bits, ret);

	if (!orders[order].keys || !n)
		return n;
	if (orders[order].prepare)
		s.rank = orders[order].prepare(&s);
	keys = g_new(uint32_t, c->n);
	for (uint32_t t = 0; t < c->n_tables; t++)
		orders[order].keys(&s, t, keys);
	by_key(keys, descending, n, ret);
	g_free(s.rank);
	return n;
}
