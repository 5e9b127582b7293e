/*
 * certs_join: all tables joined afresh.
 *
 * One pass over the prints in the order of the places; the first place of a print makes the
 * certificate, later ones are hung behind.  The map is larger than the caches, so the slots of
 * the prints ahead are asked for early.
 */
#include "certs_own.h"

#include <string.h>

#define AHEAD 12

struct join {
	struct certs *c;
	uint64_t *print;	/* of each certificate so far */
	uint32_t *last;		/* its last place so far */
	uint32_t n_again;
};

/* The certificate of that print, or the slot where it would stand. */
static uint32_t *find(const struct join *j, uint64_t print)
{
	struct certs *c = j->c;
	uint32_t *slot = certs_slot_of(c, print);

	while (*slot && j->print[*slot - 1] != print)
		if (++slot == c->slot + c->n_slots)
			slot = c->slot;
	return slot;
}

static void add(struct join *j, uint64_t print, uint32_t place)
{
	struct certs *c = j->c;
	uint32_t *slot = print ? find(j, print) : NULL, cert;

	c->next[place] = CERTS_NONE;
	if (slot && *slot) {
		cert = *slot - 1;
		c->next[j->last[cert]] = place;
		c->again[j->n_again++] = cert;
	} else {
		cert = c->n++;
		c->first[cert] = place;
		j->print[cert] = print;
		if (slot)
			*slot = cert + 1;
	}
	j->last[cert] = place;
}

struct certs *certs_join(struct table *const *tables, uint32_t n)
{
	struct certs *c = certs_frame(tables, n);
	struct join j = { c, g_new(uint64_t, c->n_places), g_new(uint32_t, c->n_places), 0 };

	c->first = g_new(uint32_t, c->n_places);
	c->again = g_new(uint32_t, c->n_places);
	c->n_slots = certs_slots_for(c->n_places);
	c->slot = g_new0(uint32_t, c->n_slots);
	for (uint32_t t = 0; t < n; t++)
		for (uint32_t row = 0; row < tables[t]->n; row++) {
			if (row + AHEAD < tables[t]->n)
				__builtin_prefetch(
					certs_slot_of(c, tables[t]->print[row + AHEAD]));
			add(&j, tables[t]->print[row], c->base[t] + row);
		}
	g_free(j.print);
	g_free(j.last);
	c->first = g_renew(uint32_t, c->first, c->n);
	c->again = g_renew(uint32_t, c->again, j.n_again);
	certs_count_firsts(c);
	if (c->n < c->n_places / 4 * 3)
		certs_map(c);	/* far fewer than there was room for */
	c->by_name = g_new(uint32_t, c->n);
	certs_sort_names(c, NULL, c->n, c->by_name);
	return c;
}
