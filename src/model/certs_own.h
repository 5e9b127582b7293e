/*
 * certs_own: what the files that make, sort and search certs share.  Private to the module.
 */
#ifndef CERTTY_MODEL_CERTS_OWN_H
#define CERTTY_MODEL_CERTS_OWN_H

#include <stdbool.h>
#include <certty/model/certs.h>

#define CERTS_GONE UINT32_MAX	/* in c->slot */

static inline bool bit_is_set(const uint64_t *bits, uint32_t i)
{
	return bits[i / 64] >> i % 64 & 1;
}

static inline void bit_set(uint64_t *bits, uint32_t i)
{
	bits[i / 64] |= UINT64_C(1) << i % 64;
}

static inline size_t bit_words(uint32_t n)
{
	return ((size_t)n + 63) / 64;
}

/* Goes through the places of one table and says which certificate lies there. */
struct certs_walk {
	const struct certs *c;
	uint32_t place, cert, cert_end, again;
};

static inline struct certs_walk certs_walk(const struct certs *c, uint32_t table)
{
	return (struct certs_walk){ c, c->base[table], c->cert_base[table],
				    c->cert_base[table + 1],
				    c->base[table] - c->cert_base[table] };
}

static inline uint32_t certs_walk_next(struct certs_walk *w)
{
	uint32_t place = w->place++;

	if (w->cert < w->cert_end && w->c->first[w->cert] == place)
		return w->cert++;
	return w->c->again[w->again++];
}

/* Every place of the table is the first one of its certificate, so they count alike. */
static inline bool certs_is_plain(const struct certs *c, uint32_t table)
{
	return c->cert_base[table + 1] - c->cert_base[table] == c->table[table]->n;
}

static inline uint32_t certs_table_at(const struct certs *c, uint32_t place)
{
	uint32_t t = c->near[place / CERTS_NEAR];

	while (c->base[t + 1] <= place)
		t++;
	return t;
}

static inline const char *certs_text(const struct certs *c, uint32_t cert)
{
	uint32_t place = c->first[cert], t = certs_table_at(c, place);
	const struct table *table = c->table[t];

	return table->texts + table->text[place - c->base[t]];
}

/* certs.c: the frame with tables and places; the map; what follows from first and next. */
struct certs *certs_frame(struct table *const *tables, uint32_t n);
uint64_t certs_print(const struct certs *c, uint32_t cert);
uint32_t certs_slots_for(uint32_t n);
uint32_t *certs_slot_of(const struct certs *c, uint64_t print);	/* where to look first */
void certs_map(struct certs *c);				/* makes the map afresh */
void certs_map_add(struct certs *c, uint32_t cert);
void certs_count_firsts(struct certs *c);			/* cert_base, from first */

/* certs_join.c and certs_change.c: two ways to make them; the latter NULL: not worth it. */
struct certs *certs_join(struct table *const *tables, uint32_t n);
struct certs *certs_change(const struct certs *old, struct table *const *tables, uint32_t n);

/* certs_names.c: sorts n numbers (of `certs`, or 0…n-1 when NULL) by name into ret. */
void certs_sort_names(const struct certs *c, const uint32_t *certs, uint32_t n, uint32_t *ret);
int certs_compare_names(const struct certs *c, uint32_t a, uint32_t b);

#endif
