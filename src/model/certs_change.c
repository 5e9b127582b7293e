/*
 * certs_change: certs from older ones, when a few tables changed.
 *
 * Certificates that have no place in a table that went or came keep everything but their
 * numbers, which shift; that is one pass over each array.  The others (their number is that of
 * the changed rows) are gathered as *groups* of new places and merged in: by first place into
 * the numbering, by name into the permutation.
 */
#include "certs_own.h"

#include <stdlib.h>
#include <string.h>

#define NONE CERTS_NONE
#define DROPPED (NONE - 1)	/* in renumber: one that is no more; + 1 it is CERTS_GONE */

struct joint {		/* a place of a group */
	uint32_t group, place;
};

struct group {		/* a certificate that changed, or is new */
	uint32_t first;		/* its first place; NONE: it has none any more */
	uint32_t old;		/* its old number, or NONE */
	uint32_t number;	/* the new one */
};

struct change {
	const struct certs *old;
	struct certs *new;
	uint32_t *kept;		/* old table → new table, or NONE */
	uint32_t *from;		/* new table → old table, or NONE */
	uint64_t *touched;	/* bit per old certificate: it is in a group */
	uint32_t *renumber;	/* old certificate → new one or DROPPED; before that, its group */
	GArray *groups, *joints;
	GHashTable *by_print;	/* groups of prints that are new */
	uint32_t *order;	/* the groups that are left, by first place */
	uint32_t n_left;
	uint32_t *fresh;	/* certificates of the rows of new tables, one after the other */
};

/* ---- what changed ---- */

static bool match_tables(struct change *ch, struct table *const *tables, uint32_t n)
{
	g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
	uint32_t last = 0;

	for (uint32_t t = 0; t < ch->old->n_tables; t++) {
		g_hash_table_insert(known, ch->old->table[t], GUINT_TO_POINTER(t + 1));
		ch->kept[t] = NONE;
	}
	for (uint32_t t = 0; t < n; t++) {
		uint32_t at = GPOINTER_TO_UINT(g_hash_table_lookup(known, tables[t]));

		ch->from[t] = at ? at - 1 : NONE;
		if (!at)
			continue;
		if (at <= last)
			return false;	/* another order: nothing can be merged */
		last = at;
		ch->kept[at - 1] = t;
	}
	return true;
}

/* How many rows went and came. */
static uint64_t changed_rows(const struct change *ch, struct table *const *tables, uint32_t n)
{
	uint64_t rows = 0;

	for (uint32_t t = 0; t < ch->old->n_tables; t++)
		rows += ch->kept[t] == NONE ? ch->old->table[t]->n : 0;
	for (uint32_t t = 0; t < n; t++)
		rows += ch->from[t] == NONE ? tables[t]->n : 0;
	return rows;
}

/* The new place of an old one in a kept table, or NONE. */
static uint32_t moved(const struct change *ch, uint32_t place)
{
	uint32_t t = certs_table_at(ch->old, place), to = ch->kept[t];

	return to == NONE ? NONE : place - ch->old->base[t] + ch->new->base[to];
}

/* ---- groups ---- */

static uint32_t add_group(struct change *ch, uint32_t old)
{
	struct group g = { NONE, old, NONE };

	g_array_append_val(ch->groups, g);
	return ch->groups->len - 1;
}

static void add_joint(struct change *ch, uint32_t group, uint32_t place)
{
	struct joint j = { group, place };

	g_array_append_val(ch->joints, j);
}

/* The group of an old certificate, with those places of it that stay. */
static uint32_t touch(struct change *ch, uint32_t old)
{
	if (bit_is_set(ch->touched, old))
		return ch->renumber[old];
	bit_set(ch->touched, old);
	ch->renumber[old] = add_group(ch, old);
	for (uint32_t p = ch->old->first[old]; p != NONE; p = ch->old->next[p])
		if (moved(ch, p) != NONE)
			add_joint(ch, ch->renumber[old], moved(ch, p));
	return ch->renumber[old];
}

static uint32_t group_of_print(struct change *ch, uint64_t *print)
{
	uint32_t old = certs_find(ch->old, *print), group;

	if (old != NONE)
		return touch(ch, old);
	if (!*print)
		return add_group(ch, NONE);
	group = GPOINTER_TO_UINT(g_hash_table_lookup(ch->by_print, print));
	if (group)
		return group - 1;
	group = add_group(ch, NONE);
	g_hash_table_insert(ch->by_print, print, GUINT_TO_POINTER(group + 1));
	return group;
}

static int by_place(const void *a, const void *b)
{
	const struct joint *x = a, *y = b;

	return (x->place > y->place) - (x->place < y->place);
}

static void gather(struct change *ch)
{
	for (uint32_t t = 0; t < ch->old->n_tables; t++) {
		struct certs_walk w = certs_walk(ch->old, t);

		for (uint32_t row = 0; ch->kept[t] == NONE && row < ch->old->table[t]->n; row++)
			touch(ch, certs_walk_next(&w));
	}
	for (uint32_t t = 0; t < ch->new->n_tables; t++) {
		struct table *table = ch->new->table[t];

		for (uint32_t row = 0; ch->from[t] == NONE && row < table->n; row++)
			add_joint(ch, group_of_print(ch, &table->print[row]),
				  ch->new->base[t] + row);
	}
	g_array_sort(ch->joints, by_place);
}

/* Each group's first place, and the groups in that order. */
static void order_groups(struct change *ch)
{
	ch->order = g_new(uint32_t, ch->groups->len);
	for (guint i = 0; i < ch->joints->len; i++) {
		struct joint *j = &g_array_index(ch->joints, struct joint, i);
		struct group *g = &g_array_index(ch->groups, struct group, j->group);

		if (g->first != NONE)
			continue;
		g->first = j->place;
		ch->order[ch->n_left++] = j->group;
	}
}

/* ---- numbers ---- */

static void number_group(struct change *ch, uint32_t at)
{
	struct group *g = &g_array_index(ch->groups, struct group, ch->order[at]);

	g->number = ch->new->n++;
	ch->new->first[g->number] = g->first;
	if (g->old != NONE)
		ch->renumber[g->old] = g->number;
}

static uint32_t first_of_group(const struct change *ch, uint32_t at)
{
	return at < ch->n_left ?
		       g_array_index(ch->groups, struct group, ch->order[at]).first :
		       NONE;
}

static void number_all(struct change *ch)
{
	const struct certs *old = ch->old;
	struct certs *new = ch->new;
	uint32_t at = 0, next = first_of_group(ch, 0);

	new->first = g_new(uint32_t, old->n + ch->n_left);
	for (guint i = 0; i < ch->groups->len; i++) {
		struct group *g = &g_array_index(ch->groups, struct group, i);

		if (g->old != NONE)
			ch->renumber[g->old] = DROPPED;
	}
	for (uint32_t t = 0; t < old->n_tables; t++) {
		uint32_t to = ch->kept[t];
		uint32_t shift = to == NONE ? 0 : new->base[to] - old->base[t];

		for (uint32_t c = old->cert_base[t]; c < old->cert_base[t + 1]; c++) {
			uint32_t first = old->first[c] + shift;

			if (bit_is_set(ch->touched, c))
				continue;
			for (; next < first; next = first_of_group(ch, ++at))
				number_group(ch, at);
			ch->renumber[c] = new->n;
			new->first[new->n++] = first;
		}
	}
	while (at < ch->n_left)
		number_group(ch, at++);
	new->first = g_renew(uint32_t, new->first, new->n);
	certs_count_firsts(new);
}

/* ---- places ---- */

static void link_kept(struct change *ch, uint32_t t)
{
	const struct certs *old = ch->old;
	uint32_t from = old->base[ch->from[t]], to = ch->new->base[t];

	for (uint32_t row = 0; row < ch->new->table[t]->n; row++) {
		uint32_t next = old->next[from + row];

		ch->new->next[to + row] = next == NONE ? NONE : moved(ch, next);
	}
}

static void link_places(struct change *ch)
{
	struct certs *new = ch->new;
	g_autofree uint32_t *last = g_new(uint32_t, ch->groups->len + 1);

	for (uint32_t t = 0; t < new->n_tables; t++)
		if (ch->from[t] != NONE)
			link_kept(ch, t);
	memset(last, 0xff, ch->groups->len * sizeof(last[0]));
	for (guint i = 0; i < ch->joints->len; i++) {
		struct joint *j = &g_array_index(ch->joints, struct joint, i);

		if (last[j->group] != NONE)
			new->next[last[j->group]] = j->place;
		new->next[j->place] = NONE;
		last[j->group] = j->place;
	}
}

/* The certificates of the rows of new tables: joints are in the order of the places. */
static void number_fresh(struct change *ch)
{
	uint32_t n = 0;

	ch->fresh = g_new(uint32_t, ch->joints->len);
	for (guint i = 0; i < ch->joints->len; i++) {
		struct joint *j = &g_array_index(ch->joints, struct joint, i);

		if (ch->from[certs_table_at(ch->new, j->place)] == NONE)
			ch->fresh[n++] =
				g_array_index(ch->groups, struct group, j->group).number;
	}
}

static void list_again(struct change *ch)
{
	struct certs *new = ch->new;
	uint32_t n = 0, fresh = 0;

	new->again = g_new(uint32_t, new->n_places - new->n);
	if (new->n == new->n_places)
		return;
	number_fresh(ch);
	for (uint32_t t = 0; t < new->n_tables; t++) {
		bool is_kept = ch->from[t] != NONE;
		struct certs_walk w = { 0 };

		if (is_kept)
			w = certs_walk(ch->old, ch->from[t]);
		for (uint32_t place = new->base[t]; place < new->base[t + 1]; place++) {
			uint32_t c = is_kept ? ch->renumber[certs_walk_next(&w)] :
					       ch->fresh[fresh++];

			if (new->first[c] != place)
				new->again[n++] = c;
		}
	}
}

/* ---- the map ---- */

static void change_map(struct change *ch)
{
	const struct certs *old = ch->old;
	struct certs *new = ch->new;
	uint32_t wanted = certs_slots_for(new->n);
	const uint32_t *renumber = ch->renumber - 1;	/* by slot; that of 0 is NONE */

	if (wanted > old->n_slots / 16 * 17 || old->n_slots / 2 > wanted) {
		certs_map(new);
		return;
	}
	new->n_slots = old->n_slots;
	new->slot = g_new(uint32_t, new->n_slots);
	for (uint32_t i = 0; i < old->n_slots; i++) {
		uint32_t was = old->slot[i];
		uint32_t is = was == CERTS_GONE ? was : renumber[was] + 1;

		new->slot[i] = is;
		new->n_gone += is == CERTS_GONE;
	}
	if (new->n_gone > new->n_slots / 8) {	/* searches pass over each of them */
		certs_map(new);
		return;
	}
	for (uint32_t at = 0; at < ch->n_left; at++) {
		struct group *g = &g_array_index(ch->groups, struct group, ch->order[at]);

		if (g->old == NONE)
			certs_map_add(new, g->number);
	}
}

/* ---- names ---- */

/* Where a certificate belongs among n sorted ones, from `low` on, probably a step away. */
static uint32_t position(const struct certs *c, const uint32_t *sorted, uint32_t low,
			 uint32_t n, uint32_t step, uint32_t cert)
{
	uint32_t high = n - low > step ? low + step : n;

	while (high < n && certs_compare_names(c, sorted[high], cert) < 0) {
		low = high + 1;
		high = n - high > step ? high + step : n;
		step *= 2;
	}
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (certs_compare_names(c, sorted[middle], cert) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Those that nothing touched stand in the old order already; the groups go between them. */
static void merge_names(struct change *ch)
{
	const struct certs *old = ch->old;
	struct certs *new = ch->new;
	g_autofree uint32_t *names = g_new(uint32_t, ch->n_left);
	g_autofree uint32_t *at = g_new(uint32_t, ch->n_left);
	uint32_t n = 0, end, room = new->n;

	for (uint32_t i = 0; i < ch->n_left; i++)
		names[i] = g_array_index(ch->groups, struct group, ch->order[i]).number;
	certs_sort_names(new, names, ch->n_left, names);
	new->by_name = g_new(uint32_t, MAX(old->n, new->n) + 1);
	for (guint i = 0; i < ch->groups->len; i++) {
		struct group *g = &g_array_index(ch->groups, struct group, i);

		if (g->old != NONE)
			ch->renumber[g->old] = DROPPED;
	}
	for (uint32_t i = 0; i < old->n; i++) {
		uint32_t number = ch->renumber[old->by_name[i]];

		new->by_name[n] = number;
		n += number != DROPPED;
	}
	for (uint32_t i = 0; i < ch->n_left; i++)
		at[i] = position(new, new->by_name, i ? at[i - 1] : 0, n, n / ch->n_left + 1,
				 names[i]);
	end = n;
	for (uint32_t i = ch->n_left; i-- > 0; end = at[i]) {
		uint32_t len = end - at[i];

		memmove(new->by_name + room - len, new->by_name + at[i], len * sizeof(uint32_t));
		room -= len + 1;
		new->by_name[room] = names[i];
	}
	new->by_name = g_renew(uint32_t, new->by_name, new->n);
}

struct certs *certs_change(const struct certs *old, struct table *const *tables, uint32_t n)
{
	struct change ch = { .old = old };
	g_autofree uint32_t *renumber = NULL;

	ch.kept = g_new(uint32_t, old->n_tables);
	ch.from = g_new(uint32_t, n);
	if (match_tables(&ch, tables, n) &&
	    changed_rows(&ch, tables, n) <= old->n_places / 4) {
		ch.new = certs_frame(tables, n);
		ch.touched = g_new0(uint64_t, bit_words(old->n));
		renumber = g_new(uint32_t, (size_t)old->n + 1);
		renumber[0] = NONE;
		ch.renumber = renumber + 1;
		ch.groups = g_array_new(FALSE, FALSE, sizeof(struct group));
		ch.joints = g_array_new(FALSE, FALSE, sizeof(struct joint));
		ch.by_print = g_hash_table_new(g_int64_hash, g_int64_equal);
		gather(&ch);
		order_groups(&ch);
		number_all(&ch);
		link_places(&ch);
		list_again(&ch);
		change_map(&ch);
		merge_names(&ch);
		g_array_unref(ch.groups);
		g_array_unref(ch.joints);
		g_hash_table_unref(ch.by_print);
	}
	g_free(ch.kept);
	g_free(ch.from);
	g_free(ch.touched);
	g_free(ch.order);
	g_free(ch.fresh);
	return ch.new;
}
