/*
 * deploys: how deployments stand, seen anew whenever a table changed.
 *
 * What lies in a place is compared with what was put there by its fingerprint; what is kept of the
 * same names, with its key, tells whether a newer one is due.  Rows that still have the older one
 * get MARK_DRIFT, in copies of their tables: the mark is about other stores too, so that it is never
 * saved with the rows of one.
 */
#include "deploy_own.h"

#include <stdlib.h>
#include <string.h>

#include <certty/base/clock.h>

/* ---- names and rows ---- */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Takes the vector. */
static char **sorted(char **all)
{
	guint n = g_strv_length(all), kept = 0;

	qsort(all, n, sizeof(all[0]), by_text);
	for (guint i = 0; i < n; i++) {
		if (kept && !strcmp(all[kept - 1], all[i]))
			g_free(all[i]);
		else
			all[kept++] = all[i];
	}
	all[kept] = NULL;
	return all;
}

char **deploys_names(const struct table *t, uint32_t row)
{
	return sorted(g_strsplit(t->texts + t->text[row], "\n", -1));
}

char **deploys_names_of(const struct facts *f)
{
	g_autoptr(GString) all = g_string_new(NULL);

	text_fold(all, f->name, -1);
	for (char **name = f->names; name && *name; name++) {
		g_string_append_c(all, '\n');
		text_fold(all, *name, -1);
	}
	return sorted(g_strsplit(all->str, "\n", -1));
}

const char *deploys_key_word(const struct engine *e, const struct table *t, uint32_t row)
{
	return intern_text(e->known.words, t->words[t->key[row]]);
}

/* The first name tells most rows apart. */
bool deploys_has_names(const struct table *t, uint32_t row, char *const *wanted)
{
	const char *text = t->texts + t->text[row];
	size_t len = strcspn(text, "\n");
	g_auto(GStrv) names = NULL;
	bool is_one = false;

	for (char *const *name = wanted; *name && !is_one; name++)
		is_one = strlen(*name) == len && !memcmp(*name, text, len);
	if (!is_one)
		return false;
	names = deploys_names(t, row);
	return g_strv_equal((const char *const *)names, (const char *const *)wanted);
}

static uint64_t print_of(const char *hex)
{
	char first[17];

	g_strlcpy(first, hex, sizeof(first));
	return g_ascii_strtoull(first, NULL, 16);
}

static struct table *table_of(const struct engine *e, const char *store)
{
	return g_hash_table_lookup(e->known.tables, store);
}

const char *deploys_repository(const struct engine *e)
{
	GHashTableIter iter;
	gpointer id;

	g_hash_table_iter_init(&iter, e->known.tables);
	while (g_hash_table_iter_next(&iter, &id, NULL)) {
		const struct store *s = shelf_get(e->known.shelf[KIND_STORES], id);

		if (s && !strcmp(s->type, "repository"))
			return s->id;
	}
	return "";
}

static bool find_row(struct table *t, uint64_t print, struct place *ret)
{
	for (uint32_t row = 0; t && print && row < t->n; row++) {
		if (t->print[row] != print)
			continue;
		*ret = (struct place){ .table = t, .row = row };
		return true;
	}
	return false;
}

static bool find_alias(struct table *t, const char *alias, uint32_t *ret)
{
	for (uint32_t row = 0; row < t->n; row++) {
		if (strcmp(t->aliases + t->alias[row], alias) != 0)
			continue;
		*ret = row;
		return true;
	}
	return false;
}

static bool has_key(struct place at)
{
	return at.table->marks[at.row] & (MARK_KEY | MARK_KEY_LOCKED);
}

bool deploys_find_print(struct engine *e, const char *hex, const char *store, struct place *ret)
{
	const char *const first[] = { store, deploys_repository(e) };
	GHashTableIter iter;
	gpointer t;

	for (size_t i = 0; i < G_N_ELEMENTS(first); i++)
		if (find_row(table_of(e, first[i]), print_of(hex), ret) && has_key(*ret))
			return true;
	g_hash_table_iter_init(&iter, e->known.tables);
	while (g_hash_table_iter_next(&iter, NULL, &t))
		if (find_row(t, print_of(hex), ret) && has_key(*ret))
			return true;
	return false;
}

/* ---- what is newer ---- */

/* When a certificate begins to be valid. */
struct start {
	uint32_t minute;
	uint64_t print;		/* of the certificate; 0: not known */
};

static struct start start_of(struct place at)
{
	return (struct start){ at.table->not_before[at.row], at.table->print[at.row] };
}

/* Of what was put there; where nobody has it any more, when it was put. */
static struct start begins(const struct engine *e, const struct deploy *d)
{
	const char *const stores[] = { d->from, d->store, deploys_repository(e) };
	struct place at;

	for (size_t i = 0; i < G_N_ELEMENTS(stores); i++)
		if (find_row(table_of(e, stores[i]), print_of(d->print), &at))
			return start_of(at);
	return (struct start){ (uint32_t)(d->since / 60), print_of(d->print) };
}

/* 0 where its bytes are not kept. */
static int64_t second_of(struct engine *e, uint64_t print)
{
	g_autofree char *id = g_strdup_printf("%016" G_GINT64_MODIFIER "x", print);
	g_autoptr(GBytes) der = keep_der(e, id, NULL);
	struct facts f = { 0 };
	int64_t second = 0;
	gsize len;
	const uint8_t *bytes = der ? g_bytes_get_data(der, &len) : NULL;

	if (bytes && x509_facts(bytes, len, &f, NULL))
		second = f.not_before;
	facts_done(&f);
	return second;
}

/* Rows keep minutes: where those are the same, the bytes tell. */
static bool is_later(struct engine *e, struct start a, struct start b)
{
	if (a.minute != b.minute)
		return a.minute > b.minute;
	return a.print && b.print && a.print != b.print &&
	       second_of(e, a.print) > second_of(e, b.print);
}

bool deploys_find_newest(struct engine *e, const struct deploy *d, struct place *ret)
{
	const char *const stores[] = { d->from, deploys_repository(e) };
	struct start newest = begins(e, d);
	bool is_found = false;

	for (size_t i = 0; i < G_N_ELEMENTS(stores); i++) {
		struct table *t = table_of(e, stores[i]);

		for (uint32_t row = 0; t && row < t->n; row++) {
			struct place at = { .table = t, .row = row };

			if (t->not_before[row] < newest.minute || !t->print[row] || !has_key(at) ||
			    !deploys_has_names(t, row, d->names) || !is_later(e, start_of(at), newest))
				continue;
			newest = start_of(at);
			is_found = true;
			*ret = at;
		}
	}
	return is_found;
}

char *deploys_why_not(const struct engine *e, const struct deploy *d, struct place newest)
{
	const char *key = deploys_key_word(e, newest.table, newest.row);

	if (!strcmp(key, d->key))
		return NULL;
	return g_strdup_printf("the newer one has another kind of key (%s, not %s): the same place "
			       "cannot take it", key, d->key);
}

/* Rows keep but the beginning. */
char *deploys_whole_print(struct engine *e, struct place at)
{
	g_autofree char *id = g_strdup_printf("%016" G_GINT64_MODIFIER "x",
					      at.table->print[at.row]);
	g_autoptr(GBytes) der = keep_der(e, id, NULL);

	return der ? g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, der) : g_steal_pointer(&id);
}

/* ---- what an agent does ---- */

/* The newest request that an agent puts there what was put there last; or NULL. */
static const struct request *find_job(const struct engine *e, const struct deploy *d)
{
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_REQUESTS]);
	const struct request *newest = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const struct request *r = all->item[i];

		if (!strcmp(r->store, d->store) && !strcmp(r->type, REQUEST_PLACE) &&
		    !strcmp(r->digest, d->print) && (!newest || r->since >= newest->since))
			newest = r;
	}
	return newest;	/* the shelf has it */
}

bool deploys_waits(const struct engine *e, const struct deploy *d)
{
	const struct request *r = find_job(e, d);

	return r && request_is_waiting(r);
}

/* What an agent could not do stands as the last attempt's trouble. */
static void note_job(const struct engine *e, struct deploy *d, enum deploy_state before)
{
	const struct request *r = before == DEPLOY_WAITS && d->state != DEPLOY_WAITS ? find_job(e, d) : NULL;

	if (!r || r->state != REQUEST_FAILED || d->state == DEPLOY_CURRENT || d->state == DEPLOY_DUE)
		return;
	g_free(d->trouble);
	d->trouble = g_strdup(*r->reason ? r->reason : r->theirs);
}

/* ---- how one stands ---- */

/* Times are whole seconds: what was read in the very second in which it was put there is from before
 * for as long as the store has still to be read again. */
static bool is_read_since(const struct engine *e, const struct table *t, const struct store *s,
			  const struct deploy *d)
{
	if (t->seen != d->since)
		return t->seen > d->since;
	return s->tried && !g_hash_table_contains(e->refreshing, s->id);
}

static enum deploy_state state_of(struct engine *e, const struct deploy *d,
				  const struct place *newest)
{
	const struct store *s = shelf_get(e->known.shelf[KIND_STORES], d->store);
	struct table *t = table_of(e, d->store);
	enum deploy_state fine = newest ? DEPLOY_DUE : DEPLOY_CURRENT;
	struct start known, there;
	uint32_t row;

	if (!t || !s)
		return DEPLOY_UNKNOWN;
	if ((!find_alias(t, d->place, &row) || t->print[row] != print_of(d->print)) && deploys_waits(e, d))
		return DEPLOY_WAITS;
	if (!is_read_since(e, t, s, d))
		return fine;	/* its import has looked */
	if (!find_alias(t, d->place, &row))
		return DEPLOY_GONE;
	if (!t->print[row])
		return DEPLOY_UNKNOWN;
	if (t->print[row] == print_of(d->print))
		return fine;
	known = newest ? start_of(*newest) : begins(e, d);
	there = start_of((struct place){ .table = t, .row = row });
	return deploys_has_names(t, row, d->names) && is_later(e, known, there) ? DEPLOY_OLDER :
									  DEPLOY_OTHER;
}

/* Somebody has put the newer one there already: this program before it was cut short, or another. */
static bool is_adopted(const struct engine *e, const struct deploy *d, struct place newest)
{
	struct table *t = table_of(e, d->store);
	uint32_t row;

	return t && find_alias(t, d->place, &row) &&
	       t->print[row] == newest.table->print[newest.row];
}

static void set_newer(struct engine *e, struct deploy *d, struct place newest)
{
	if (print_of(d->newer) == newest.table->print[newest.row])
		return;
	g_free(d->newer);
	d->newer = deploys_whole_print(e, newest);
}

/* As it stands now: a changed copy, or NULL when nothing changed. */
static struct deploy *judge(struct engine *e, const struct deploy *old)
{
	g_autoptr(deploy) d = deploy_dup(old);
	struct place newest;
	bool is_newer = deploys_find_newest(e, d, &newest);

	if (is_newer && is_adopted(e, d, newest)) {
		set_newer(e, d, newest);
		store_set(&d->print, d->newer);
		g_clear_pointer(&d->trouble, g_free);
		is_newer = false;
	}
	if (is_newer)
		set_newer(e, d, newest);
	else
		store_set(&d->newer, "");
	d->state = state_of(e, d, is_newer ? &newest : NULL);
	note_job(e, d, old->state);
	if (d->state == old->state && !strcmp(d->newer, old->newer) &&
	    !strcmp(d->print, old->print) && !g_strcmp0(d->trouble, old->trouble))
		return NULL;
	return g_steal_pointer(&d);
}

static bool is_any_changed(struct engine *e, const struct items *all)
{
	bool is_so = false;

	for (size_t i = 0; i < all->n && !is_so; i++) {
		g_autoptr(deploy) d = judge(e, all->item[i]);

		is_so = d != NULL;
	}
	return is_so;
}

void deploys_put(struct engine *e, struct deploy *d)
{
	keep_item(e, KIND_DEPLOYS, d->id);
	shelf_put(e->known.shelf[KIND_DEPLOYS], d);
	e->known.tables_changed = true;
}

static void rename_store(char **id, const char *from, const char *to)
{
	if (!strcmp(*id, from))
		store_set(id, to);
}

static void rename_one(struct engine *e, const struct deploy *known, const char *account,
		       const char *from, const char *to)
{
	g_autofree char *old = g_strdup(known->id);
	struct deploy *d = deploy_dup(known);

	rename_store(&d->from, from, to);
	if (!strcmp(d->store, from)) {
		store_set(&d->store, to);
		store_set(&d->account, account);
		g_free(d->id);
		d->id = deploy_id(d->store, d->place);
		shelf_drop(e->known.shelf[KIND_DEPLOYS], old);
		keep_item(e, KIND_DEPLOYS, old);
	}
	deploys_put(e, d);
	if (strcmp(old, d->id) != 0)
		deploy_ask_move(e, old, d);
}

void deploys_rename_store(struct engine *e, const char *account, const char *from, const char *to)
{
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_DEPLOYS]);

	for (size_t i = 0; i < all->n; i++) {
		const struct deploy *d = all->item[i];

		if (!strcmp(d->store, from) || !strcmp(d->from, from))
			rename_one(e, d, account, from, to);
	}
}

/* What others decided meanwhile is taken in first. */
static void judge_all(struct engine *e)
{
	g_autoptr(items) all = NULL;

	keep_begin(e, NULL);
	all = shelf_freeze(e->known.shelf[KIND_DEPLOYS]);
	for (size_t i = 0; i < all->n; i++) {
		struct deploy *d = judge(e, all->item[i]);

		if (d)
			deploys_put(e, d);
	}
}

/* ---- drift ---- */

static void drift_in_place(struct table *t, const struct deploy *d, bool *drifts)
{
	uint32_t row;

	if (!strcmp(d->store, t->store) && (d->state == DEPLOY_DUE || d->state == DEPLOY_OLDER) &&
	    find_alias(t, d->place, &row))
		drifts[row] = true;
}

/* What an endpoint presents is an older one of the same names. */
static void drift_at_endpoint(struct engine *e, struct table *t, const struct deploy *d,
			      bool *drifts)
{
	struct start newest = begins(e, d);
	struct place at;

	if (deploys_find_newest(e, d, &at))
		newest = start_of(at);
	for (uint32_t row = 0; row < t->n; row++) {
		at = (struct place){ .table = t, .row = row };
		if ((t->marks[row] & MARK_LEAF) && t->not_before[row] <= newest.minute &&
		    deploys_has_names(t, row, d->names) && is_later(e, newest, start_of(at)))
			drifts[row] = true;
	}
}

static struct table *with_marks(const struct table *t, const bool *drifts)
{
	struct table_builder *b = table_builder_new(t->store, NULL);

	for (uint32_t row = 0; row < t->n; row++)
		table_builder_copy(b, t, row, (t->marks[row] & ~(uint32_t)MARK_DRIFT) |
				   (drifts[row] ? MARK_DRIFT : 0));
	return table_builder_end(b, t->seen);
}

static bool differs(const struct table *t, const bool *drifts)
{
	for (uint32_t row = 0; row < t->n; row++)
		if (!(t->marks[row] & MARK_DRIFT) == drifts[row])
			return true;
	return false;
}

static void mark_store(struct engine *e, const struct store *s, const struct items *all)
{
	struct table *t = table_of(e, s->id);
	bool is_endpoint = !strcmp(s->type, "endpoint");
	g_autofree bool *drifts = t ? g_new0(bool, (gsize)t->n + 1) : NULL;

	for (size_t i = 0; t && i < all->n; i++) {
		drift_in_place(t, all->item[i], drifts);
		if (is_endpoint)
			drift_at_endpoint(e, t, all->item[i], drifts);
	}
	if (!t || !differs(t, drifts))
		return;
	g_hash_table_replace(e->known.tables, g_strdup(s->id), with_marks(t, drifts));
	e->known.tables_changed = true;
}

void deploys_look(struct engine *e)
{
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_DEPLOYS]), stores = NULL;

	if (!all->n && !e->had_deploys)
		return;
	if (is_any_changed(e, all)) {
		judge_all(e);
		items_unref(all);
		all = shelf_freeze(e->known.shelf[KIND_DEPLOYS]);
	}
	for (size_t i = 0; i < all->n; i++)
		deploy_ask_update(e, all->item[i]);
	stores = shelf_freeze(e->known.shelf[KIND_STORES]);
	for (size_t i = 0; i < stores->n; i++)
		mark_store(e, stores->item[i], all);
	e->had_deploys = all->n > 0;
	e->deploys_due = true;
	keep_write(e);
}
