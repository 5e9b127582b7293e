/*
 * certs: looking things up in all tables seen as one, and the parts from which both ways of
 * making it (certs_join.c afresh, certs_change.c from an older one) are put together.
 */
#include <certty/model/certs.h>

#include <string.h>

#include <certty/model/mark.h>

#include "certs_own.h"

#define DIGITS 16	/* of a print */

/* ---- making ---- */

struct certs *certs_frame(struct table *const *tables, uint32_t n)
{
	struct certs *c = g_new0(struct certs, 1);
	uint32_t places = 0, t = 0;

	ref_init(&c->ref);
	c->n_tables = n;
	c->table = g_new(struct table *, n);
	c->base = g_new(uint32_t, n + 1);
	c->cert_base = g_new0(uint32_t, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		g_assert(tables[i]->n < CERTS_GONE - places);
		c->table[i] = table_ref(tables[i]);
		c->base[i] = places;
		places += tables[i]->n;
	}
	c->base[n] = c->n_places = places;
	c->near = g_new(uint32_t, places / CERTS_NEAR + 1);
	for (uint32_t place = 0; place < places; place += CERTS_NEAR) {
		while (c->base[t + 1] <= place)
			t++;
		c->near[place / CERTS_NEAR] = t;
	}
	c->next = g_new(uint32_t, places);
	return c;
}

void certs_count_firsts(struct certs *c)
{
	for (uint32_t t = 0; t <= c->n_tables; t++) {
		uint32_t low = t ? c->cert_base[t - 1] : 0, high = c->n;

		while (low < high) {
			uint32_t middle = low + (high - low) / 2;

			if (c->first[middle] < c->base[t])
				low = middle + 1;
			else
				high = middle;
		}
		c->cert_base[t] = low;
	}
}

/* ---- the map of prints ---- */

uint32_t certs_slots_for(uint32_t n)
{
	return n + n / 3 * 2 + 8;
}

uint32_t *certs_slot_of(const struct certs *c, uint64_t print)
{
	uint64_t mixed = print * UINT64_C(0x9e3779b97f4a7c15) >> 32;

	return &c->slot[mixed * c->n_slots >> 32];
}

uint64_t certs_print(const struct certs *c, uint32_t cert)
{
	struct place p = certs_first(c, cert);

	return p.table->print[p.row];
}

void certs_map_add(struct certs *c, uint32_t cert)
{
	uint64_t print = certs_print(c, cert);
	uint32_t *slot = certs_slot_of(c, print);

	if (!print)
		return;
	while (*slot && *slot != CERTS_GONE)
		if (++slot == c->slot + c->n_slots)
			slot = c->slot;
	c->n_gone -= *slot == CERTS_GONE;
	*slot = cert + 1;
}

void certs_map(struct certs *c)
{
	g_free(c->slot);
	c->n_slots = certs_slots_for(c->n);
	c->n_gone = 0;
	c->slot = g_new0(uint32_t, c->n_slots);
	for (uint32_t cert = 0; cert < c->n; cert++)
		certs_map_add(c, cert);
}

/* ---- whose issuer is known ---- */

static GHashTable *all_subjects(const struct certs *c)
{
	GHashTable *known = g_hash_table_new(NULL, NULL);

	for (uint32_t t = 0; t < c->n_tables; t++)
		for (uint32_t i = 0; i < c->table[t]->n_subjects; i++)
			g_hash_table_add(known, GUINT_TO_POINTER(c->table[t]->subjects[i]));
	return known;
}

/* The issuers that one table speaks of and nobody is; ascending. */
static uint32_t missing_issuers(const struct table *t, GHashTable *known, uint32_t *ret)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->n_issuers; i++)
		if (!g_hash_table_contains(known, GUINT_TO_POINTER(t->issuers[i])))
			ret[n++] = t->issuers[i];
	return n;
}

static bool is_among(const uint32_t *sorted, uint32_t n, uint32_t value)
{
	uint32_t low = 0, high = n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (sorted[middle] == value)
			return true;
		if (sorted[middle] < value)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static void know_issuers(struct certs *c)
{
	g_autoptr(GHashTable) known = all_subjects(c);

	c->known_issuer = g_new(uint64_t, bit_words(c->n) + 1);
	memset(c->known_issuer, 0xff, bit_words(c->n) * sizeof(uint64_t));
	for (uint32_t t = 0; t < c->n_tables; t++) {
		const struct table *table = c->table[t];
		g_autofree uint32_t *missing = g_new(uint32_t, table->n_issuers);
		uint32_t n = missing_issuers(table, known, missing);
		uint32_t last = 0;	/* rows of one issuer often follow each other */

		for (uint32_t cert = c->cert_base[t]; n && cert < c->cert_base[t + 1]; cert++) {
			uint32_t issuer = table->issuer_hash[c->first[cert] - c->base[t]];

			if (issuer != last && !is_among(missing, n, issuer))
				continue;
			last = issuer;
			if (issuer)
				c->known_issuer[cert / 64] &= ~(UINT64_C(1) << cert % 64);
		}
	}
}

struct certs *certs_new(const struct certs *old, struct table *const *tables, uint32_t n,
			const struct intern *words)
{
	struct certs *c = old ? certs_change(old, tables, n) : NULL;

	if (!c)
		c = certs_join(tables, n);
	c->words = words;
	c->n_words = intern_count(words);
	know_issuers(c);
	return c;
}

struct certs *certs_ref(struct certs *c)
{
	ref_hold(&c->ref);
	return c;
}

void certs_unref(struct certs *c)
{
	if (!c || !ref_drop(&c->ref))
		return;
	for (uint32_t t = 0; t < c->n_tables; t++)
		table_unref(c->table[t]);
	g_free(c->table);
	g_free(c->base);
	g_free(c->first);
	g_free(c->next);
	g_free(c->cert_base);
	g_free(c->again);
	g_free(c->near);
	g_free(c->by_name);
	g_free(c->slot);
	g_free(c->known_issuer);
	g_free(c->told);
	g_free(c);
}

/* ---- one certificate ---- */

struct place certs_place(const struct certs *c, uint32_t place)
{
	uint32_t t = certs_table_at(c, place);

	return (struct place){ c->table[t], t, place - c->base[t] };
}

struct place certs_first(const struct certs *c, uint32_t cert)
{
	return certs_place(c, c->first[cert]);
}

uint32_t certs_count_places(const struct certs *c, uint32_t cert)
{
	uint32_t n = 0;

	if (c->told)
		return c->told[cert];
	for (uint32_t p = c->first[cert]; p != CERTS_NONE; p = c->next[p])
		n++;
	return n;
}

uint32_t certs_marks(const struct certs *c, uint32_t cert)
{
	uint32_t marks = 0;

	for (uint32_t p = c->first[cert]; p != CERTS_NONE; p = c->next[p]) {
		struct place at = certs_place(c, p);

		marks |= at.table->marks[at.row];
	}
	marks &= ~(uint32_t)MARK_UNKNOWN_ISSUER;
	return bit_is_set(c->known_issuer, cert) ? marks : marks | MARK_UNKNOWN_ISSUER;
}

int64_t certs_not_before(const struct certs *c, uint32_t cert)
{
	struct place p = certs_first(c, cert);

	return (int64_t)p.table->not_before[p.row] * 60;
}

int64_t certs_not_after(const struct certs *c, uint32_t cert)
{
	struct place p = certs_first(c, cert);

	return (int64_t)p.table->not_after[p.row] * 60;
}

int certs_life(const struct certs *c, uint32_t cert, int64_t now)
{
	struct place p = certs_first(c, cert);

	return table_life(p.table, p.row, now);
}

const char *certs_issuer(const struct certs *c, uint32_t cert)
{
	struct place p = certs_first(c, cert);

	return intern_text(c->words, p.table->issuer[p.row]);
}

const char *certs_key(const struct certs *c, uint32_t cert)
{
	struct place p = certs_first(c, cert);

	return intern_text(c->words, p.table->words[p.table->key[p.row]]);
}

const char *certs_signature(const struct certs *c, uint32_t cert)
{
	struct place p = certs_first(c, cert);

	return intern_text(c->words, p.table->words[p.table->signature[p.row]]);
}

/* ---- ids ---- */

uint32_t certs_find(const struct certs *c, uint64_t print)
{
	uint32_t *slot;

	if (!print)
		return CERTS_NONE;
	for (slot = certs_slot_of(c, print); *slot;) {
		if (*slot != CERTS_GONE && certs_print(c, *slot - 1) == print)
			return *slot - 1;
		if (++slot == c->slot + c->n_slots)
			slot = c->slot;
	}
	return CERTS_NONE;
}

void certs_id(const struct certs *c, uint32_t cert, GString *out)
{
	struct place p = certs_first(c, cert);

	if (p.table->print[p.row])
		g_string_append_printf(out, "%016" G_GINT64_MODIFIER "x",
				       p.table->print[p.row]);
	else
		g_string_append_printf(out, "%s/%s", p.table->store,
				       p.table->aliases + p.table->alias[p.row]);
}

/* The range of prints that begin with these digits; more than 16 are a whole SHA-256. */
static bool read_digits(const char *id, uint64_t *ret_low, uint64_t *ret_high)
{
	size_t n = strspn(id, "0123456789abcdefABCDEF");
	uint64_t low = 0;

	if (id[n] || n < 4 || (n > DIGITS && n != 64))
		return false;
	for (size_t i = 0; i < MIN(n, DIGITS); i++)
		low = low << 4 | (uint64_t)g_ascii_xdigit_value(id[i]);
	n = DIGITS - MIN(n, DIGITS);
	*ret_low = low << 4 * n;
	*ret_high = *ret_low | ((UINT64_C(1) << 4 * n) - 1);
	return true;
}

static uint32_t find_prefix(const struct certs *c, uint64_t low, uint64_t high)
{
	uint32_t found = CERTS_NONE;

	if (low == high)
		return certs_find(c, low);
	for (uint32_t t = 0; t < c->n_tables; t++)
		for (uint32_t cert = c->cert_base[t]; cert < c->cert_base[t + 1]; cert++) {
			uint64_t print = c->table[t]->print[c->first[cert] - c->base[t]];

			if (!print || print < low || print > high)
				continue;
			if (found != CERTS_NONE)
				return CERTS_NONE;
			found = cert;
		}
	return found;
}

static uint32_t find_alias(const struct certs *c, uint32_t table, const char *alias)
{
	const struct table *t = c->table[table];
	struct certs_walk w = certs_walk(c, table);

	for (uint32_t row = 0; row < t->n; row++) {
		uint32_t cert = certs_walk_next(&w);

		if (strcmp(t->aliases + t->alias[row], alias) == 0)
			return cert;
	}
	return CERTS_NONE;
}

uint32_t certs_find_subject(const struct certs *c, uint32_t subject_hash)
{
	for (uint32_t i = 0; i < c->n; i++) {
		struct place at = certs_first(c, i);

		if (at.table->subject_hash[at.row] == subject_hash &&
		    (at.table->marks[at.row] & MARK_CA))
			return i;
	}
	return CERTS_NONE;
}

uint32_t certs_find_id(const struct certs *c, const char *id)
{
	uint32_t found = CERTS_NONE;
	uint64_t low, high;

	if (read_digits(id, &low, &high))
		return find_prefix(c, low, high);
	for (uint32_t t = 0; t < c->n_tables && found == CERTS_NONE; t++) {
		size_t len = strlen(c->table[t]->store);

		if (strncmp(id, c->table[t]->store, len) == 0 && id[len] == '/')
			found = find_alias(c, t, id + len + 1);
	}
	return found;
}
