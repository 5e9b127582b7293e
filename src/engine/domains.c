/*
 * domains: every name that a certificate or a request of any store has, or that an account tells of,
 * with what covers it and how its control validation stands.
 *
 * A million certificates must not be looked at again because one store changed: what each
 * table adds is counted once, taken back when the table goes, and only names that it touched
 * are shown anew.  There is a bound, and whatever is beyond it is counted.
 */
#include "domains_own.h"

#include <string.h>

#include <certty/base/clock.h>

#define ROOM_AGAIN (DOMAINS_MAX / 100)	/* of rows that became free: those left out are looked at again */
#define CHAIN_MAX  8			/* CAs between a root and a certificate */

typedef void cover_fn(struct domains *d, const struct cover *c);

static void drop_all(GPtrArray *p)
{
	if (p)
		g_ptr_array_unref(p);
}

static void name_free(void *p)
{
	struct name *n = p;

	g_free(n->text);
	g_free(n->cover);
	drop_all(n->told);
	drop_all(n->asked);
	g_free(n);
}

struct domains *domains_new(void)
{
	struct domains *d = g_new0(struct domains, 1);

	d->names = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, name_free);
	d->tables = g_hash_table_new_full(NULL, NULL, (GDestroyNotify)table_unref, NULL);
	d->accounts = g_ptr_array_new();
	d->public = g_hash_table_new(NULL, NULL);
	d->touched = g_ptr_array_new();
	d->text = g_string_new(NULL);
	d->told = shelf_new(&domain_type);
	return d;
}

void domains_free(struct domains *d)
{
	if (!d)
		return;
	g_hash_table_unref(d->names);
	g_hash_table_unref(d->tables);
	g_ptr_array_unref(d->accounts);
	g_hash_table_unref(d->public);
	g_ptr_array_unref(d->touched);
	g_string_free(d->text, TRUE);
	shelf_free(d->told);
	items_unref(d->requests);
	g_free(d);
}

const struct name *domains_find(const struct engine *e, const char *name)
{
	return g_hash_table_lookup(e->domains->names, name);
}

struct shelf *domains_told(const struct engine *e)
{
	return e->domains->told;
}

uint64_t domains_left_out(const struct engine *e)
{
	return e->domains->left_out;
}

/* ---- names ---- */

static void touch(struct domains *d, struct name *n)
{
	if (!n->is_touched)
		g_ptr_array_add(d->touched, n);
	n->is_touched = true;
}

/* NULL: there is no room for it. */
static struct name *make_name(struct domains *d, const char *text)
{
	struct name *n = g_hash_table_lookup(d->names, text);

	if (n)
		return n;
	if (g_hash_table_size(d->names) >= DOMAINS_MAX) {
		d->left_out++;
		return NULL;
	}
	n = g_new0(struct name, 1);
	n->text = g_strdup(text);
	g_hash_table_insert(d->names, n->text, n);
	return n;
}

/* What is taken back and is not there was one too many. */
static void find_no_more(struct domains *d)
{
	d->left_out -= d->left_out > 0;
}

static void add_to(GPtrArray **list, void *item, GDestroyNotify free_item)
{
	if (!*list)
		*list = g_ptr_array_new_with_free_func(free_item);
	g_ptr_array_add(*list, item);
}

/* Not an address, a mailbox or a person. */
static bool is_host_name(const char *name)
{
	size_t len = strcspn(name, " @:/,=");

	return !name[len] && strchr(name, '.') && !g_ascii_isdigit(name[len - 1]);
}

/* ---- one certificate and one name ---- */

static int by_print(const void *a, const void *b)
{
	const struct cover *x = a, *y = b;

	if (x->print != y->print)
		return x->print < y->print ? -1 : 1;
	return (int)x->account - (int)y->account;
}

static struct cover *find_cover(const struct name *n, const struct cover *c)
{
	return n->n > n->n_new ? bsearch(c, n->cover, n->n - n->n_new, sizeof(*c), by_print) : NULL;
}

/* What came lately takes its place among the others. */
static void settle(struct name *n)
{
	guint kept = 0;

	if (!n->n_new)
		return;
	qsort(n->cover, n->n, sizeof(*n->cover), by_print);
	for (guint i = 0; i < n->n; i++) {
		if (kept && !by_print(&n->cover[kept - 1], &n->cover[i]))
			n->cover[kept - 1].places += n->cover[i].places;
		else
			n->cover[kept++] = n->cover[i];
	}
	n->n = kept;
	n->n_new = 0;
}

static void cover(struct domains *d, const struct cover *c)
{
	struct name *n = make_name(d, d->text->str);
	struct cover *known = n ? find_cover(n, c) : NULL;

	if (!n)
		return;
	touch(d, n);
	if (known) {
		known->places++;
		return;
	}
	if (n->n == n->room) {
		n->room = MAX(1, 2 * n->room);
		n->cover = g_renew(struct cover, n->cover, n->room);
	}
	n->cover[n->n++] = *c;
	n->n_new++;
}

static void uncover(struct domains *d, const struct cover *c)
{
	struct name *n = g_hash_table_lookup(d->names, d->text->str);
	struct cover *known = n ? find_cover(n, c) : NULL;

	if (!known || !known->places) {
		find_no_more(d);
		return;
	}
	known->places--;
	touch(d, n);
}

static void drop_uncovered(struct name *n)
{
	guint kept = 0;

	for (guint i = 0; i < n->n; i++)
		if (n->cover[i].places)
			n->cover[kept++] = n->cover[i];
	n->n = kept;
}

/* ---- a table ---- */

static void each_name(struct domains *d, const struct table *t, uint32_t row, guint account, cover_fn *f)
{
	/* Without a digest it is itself only in this place. */
	const struct cover c = {
		.print = t->print[row] ? t->print[row] : (uintptr_t)t + row,
		.ends = t->not_after[row], .life = t->not_after[row] - t->not_before[row],
		.issuer = t->issuer_hash[row], .places = 1, .account = (uint16_t)account,
		.is_public = t->marks[row] & MARK_AMAZON_ISSUED,
	};
	const char *text = t->texts + t->text[row];

	while (*text) {
		size_t len = strcspn(text, "\n");

		g_string_truncate(d->text, 0);
		g_string_append_len(d->text, text, (gssize)len);
		if (is_host_name(d->text->str))
			f(d, &c);
		text += len + (text[len] == '\n');
	}
}

/* Of what is not read yet nobody knows whether it is a CA's, and services keep none of those. */
static void each_row(struct domains *d, const struct table *t, guint account, cover_fn *f)
{
	for (uint32_t row = 0; row < t->n; row++)
		if (!(t->marks[row] & MARK_CA) && (t->marks[row] & MARK_LEAF || !t->print[row]))
			each_name(d, t, row, account, f);
}

static guint number_of(struct domains *d, const char *account)
{
	const char *id = g_intern_string(account);
	guint i;

	if (!g_ptr_array_find(d->accounts, id, &i)) {
		i = d->accounts->len;
		g_ptr_array_add(d->accounts, (void *)(uintptr_t)id);
	}
	return MIN(i, UINT16_MAX);
}

static void add_table(struct domains *d, struct table *t, const char *account)
{
	guint number = number_of(d, account);

	if (g_hash_table_contains(d->tables, t))
		return;
	each_row(d, t, number, cover);
	g_hash_table_insert(d->tables, table_ref(t), GUINT_TO_POINTER(number));
}

static void settle_touched(struct domains *d)
{
	for (guint i = 0; i < d->touched->len; i++)
		settle(d->touched->pdata[i]);
}

/* This machine's names come first, should there be too many. */
static void add_tables(struct engine *e, GPtrArray *tables)
{
	for (int round = 0; round < 2; round++)
		for (guint i = 0; i < tables->len && !atomic_load(&e->leaving); i++) {
			struct table *t = tables->pdata[i];
			const struct store *s = shelf_get(e->known.shelf[KIND_STORES], t->store);

			if (s && !strcmp(s->provider, "local") == !round)
				add_table(e->domains, t, s->account);
		}
	settle_touched(e->domains);
}

static void take_back(struct domains *d, GPtrArray *tables)
{
	g_autoptr(GHashTable) now = g_hash_table_new(NULL, NULL);
	GHashTableIter iter;
	gpointer table, account;

	for (guint i = 0; i < tables->len; i++)
		g_hash_table_add(now, tables->pdata[i]);
	g_hash_table_iter_init(&iter, d->tables);
	while (g_hash_table_iter_next(&iter, &table, &account)) {
		if (g_hash_table_contains(now, table))
			continue;
		each_row(d, table, GPOINTER_TO_UINT(account), uncover);
		g_hash_table_iter_remove(&iter);
	}
}

/* ---- which CAs are public ---- */

/* From the roots of the trust store downwards; true when it took one more. */
static bool follow(GHashTable *public, GPtrArray *tables)
{
	guint before = g_hash_table_size(public);

	for (guint i = 0; i < tables->len; i++) {
		const struct table *t = tables->pdata[i];

		for (uint32_t row = 0; row < t->n; row++)
			if (t->marks[row] & MARK_TRUSTED ||
			    (t->marks[row] & MARK_CA &&
			     g_hash_table_contains(public, GUINT_TO_POINTER(t->issuer_hash[row]))))
				g_hash_table_add(public, GUINT_TO_POINTER(t->subject_hash[row]));
	}
	g_hash_table_remove(public, NULL);	/* a hash that is not known */
	return g_hash_table_size(public) > before;
}

static bool has_all(GHashTable *a, GHashTable *b)
{
	GHashTableIter iter;
	gpointer key;

	g_hash_table_iter_init(&iter, a);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		if (!g_hash_table_contains(b, key))
			return false;
	return g_hash_table_size(a) == g_hash_table_size(b);
}

static void touch_all(struct domains *d)
{
	GHashTableIter iter;
	gpointer n;

	g_hash_table_iter_init(&iter, d->names);
	while (g_hash_table_iter_next(&iter, NULL, &n))
		touch(d, n);
}

static void find_public(struct domains *d, GPtrArray *tables)
{
	GHashTable *public = g_hash_table_new(NULL, NULL);

	for (int i = 0; i < CHAIN_MAX && follow(public, tables); i++)
		;
	if (!has_all(public, d->public))
		touch_all(d);
	g_hash_table_unref(d->public);
	d->public = public;
}

bool domains_is_public(const struct domains *d, const struct cover *c)
{
	return c->is_public || g_hash_table_contains(d->public, GUINT_TO_POINTER(c->issuer));
}

/* ---- what accounts tell ---- */

static void tell(struct domains *d, struct domain *told)
{
	struct name *n = make_name(d, told->name);

	if (!n)
		return;
	add_to(&n->told, domain_ref(told), (GDestroyNotify)domain_unref);
	touch(d, n);
}

static void untell(struct domains *d, const struct domain *told)
{
	struct name *n = g_hash_table_lookup(d->names, told->name);
	guint i = 0;

	if (!n || !n->told || !g_ptr_array_find(n->told, told, &i)) {
		find_no_more(d);
		return;
	}
	g_ptr_array_remove_index(n->told, i);
	touch(d, n);
}

/* Takes it; false: there is no room. */
static bool put_told(struct engine *e, struct domain *told)
{
	struct domains *d = e->domains;
	const struct domain *known = shelf_get(d->told, told->id);

	if (known && domain_is_same(known, told)) {
		domain_unref(told);
		return true;
	}
	if (!known && shelf_count(d->told) >= DOMAINS_MAX) {
		domain_unref(told);
		return false;
	}
	if (known)
		untell(d, known);
	tell(d, told);
	keep_item(e, KIND_DOMAINS, told->id);
	shelf_put(d->told, told);
	return true;
}

static void drop_told(struct engine *e, const struct domain *known)
{
	g_autofree char *id = g_strdup(known->id);

	untell(e->domains, known);
	shelf_drop(e->domains->told, id);
	keep_item(e, KIND_DOMAINS, id);
}

/* Whether it is told by that account or store. */
static bool is_of(const struct domain *told, const char *where)
{
	size_t len = strlen(where);

	return told->name == told->id + len + 1 && g_str_has_prefix(told->id, where);
}

/* All that is told by it, but for those ids. */
static void drop_others(struct engine *e, const char *where, GHashTable *kept)
{
	g_autoptr(items) all = shelf_freeze(e->domains->told);

	for (size_t i = 0; i < all->n; i++) {
		const struct domain *known = all->item[i];

		if (is_of(known, where) && !(kept && g_hash_table_contains(kept, known->id)))
			drop_told(e, known);
	}
}

void domains_take(struct operation *o)
{
	GPtrArray *put = o->op.put_domains;
	bool is_whole = o->is_over && o->op.verb->id == VERB_REFRESH && o->store && !o->op.error;
	g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
	guint left = o->op.domains_left;

	for (guint i = 0; i < put->len; i++)
		g_hash_table_add(ids, ((struct domain *)put->pdata[i])->id);
	if (is_whole && !o->op.keeps_domains)
		drop_others(o->engine, o->store->id, ids);
	for (guint i = 0; i < put->len; i++)
		left += !put_told(o->engine, domain_ref(put->pdata[i]));
	if (left && o->is_over)
		op_trouble(&o->op, "what it tells of %u domains is left out: %d is the most that is kept",
			   left, DOMAINS_MAX);
}

void domains_forget(struct engine *e, const char *where)
{
	drop_others(e, where, NULL);
}

void domains_move(struct engine *e, const char *from, const char *to, const char *account)
{
	g_autoptr(items) all = shelf_freeze(e->domains->told);

	for (size_t i = 0; i < all->n; i++) {
		const struct domain *known = all->item[i];
		g_autofree char *id = g_strconcat(to, "/", known->name, NULL);
		struct domain *moved;

		if (!is_of(known, from))
			continue;
		moved = domain_dup(known);
		domain_set_id(moved, id);
		moved->account = g_intern_string(account);
		drop_told(e, known);
		put_told(e, moved);
	}
}

/* The shelf has other items than those that were told. */
void domains_reload(struct engine *e)
{
	struct domains *d = e->domains;
	g_autoptr(items) all = shelf_freeze(d->told);
	GHashTableIter iter;
	gpointer n;

	g_hash_table_iter_init(&iter, d->names);
	while (g_hash_table_iter_next(&iter, NULL, &n)) {
		struct name *name = n;

		if (name->told && name->told->len) {
			g_ptr_array_set_size(name->told, 0);
			touch(d, name);
		}
	}
	for (size_t i = 0; i < all->n; i++)
		tell(d, all->item[i]);
}

GPtrArray *domains_records(const struct engine *e, const char *name)
{
	const struct name *n = domains_find(e, name);
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; n && n->told && i < n->told->len; i++) {
		const char *line = ((const struct domain *)n->told->pdata[i])->record;

		if (line && !g_ptr_array_find_with_equal_func(lines, line, g_str_equal, NULL))
			g_ptr_array_add(lines, g_strdup(line));
	}
	return lines;
}

const char *domains_ca(const struct engine *e, const char *name)
{
	const struct name *n = domains_find(e, name);
	const char *ca = NULL;

	for (guint i = 0; n && n->told && i < n->told->len; i++) {
		const struct provider *p = provider_find(((const struct domain *)n->told->pdata[i])->provider);
		const char *its = p && p->info->ca ? p->info->ca : "";

		if (ca && strcmp(ca, its) != 0)
			return "";
		ca = its;
	}
	return ca ? ca : "";
}

/* ---- what waits ---- */

static void each_asked(struct domains *d, struct items *requests, bool is_there)
{
	for (size_t i = 0; requests && i < requests->n; i++) {
		struct request *r = requests->item[i];

		for (char **text = r->names; request_is_waiting(r) && *text; text++) {
			g_autofree char *name = g_ascii_strdown(*text, -1);
			struct name *n;

			if (!is_host_name(name))
				continue;
			n = is_there ? make_name(d, name) : g_hash_table_lookup(d->names, name);
			if (n)
				touch(d, n);
			if (n && is_there)
				add_to(&n->asked, request_ref(r), (GDestroyNotify)request_unref);
			else if (!is_there && !(n && n->asked && g_ptr_array_remove(n->asked, r)))
				find_no_more(d);
		}
	}
}

static void look_at_requests(struct engine *e)
{
	struct domains *d = e->domains;
	struct items *now = shelf_freeze(e->known.shelf[KIND_REQUESTS]);

	if (now != d->requests) {
		each_asked(d, now, true);	/* first, so that no name is lost and made again */
		each_asked(d, d->requests, false);
	}
	items_unref(d->requests);
	d->requests = now;
}

/* ---- rows for people ---- */

static bool is_known_of(const struct name *n)
{
	return n->n || (n->told && n->told->len) || (n->asked && n->asked->len);
}

static void show_touched(struct engine *e)
{
	struct domains *d = e->domains;
	int64_t now = clock_now();

	for (guint i = 0; i < d->touched->len && !atomic_load(&e->leaving); i++) {
		struct name *n = d->touched->pdata[i];

		n->is_touched = false;
		settle(n);
		drop_uncovered(n);
		if (is_known_of(n)) {
			domains_rows_show(e, n, now);
			continue;
		}
		shelf_drop(e->known.shelf[KIND_DOMAINS], n->text);
		g_hash_table_remove(d->names, n->text);		/* frees it */
	}
	g_ptr_array_unref(d->touched);		/* after loading it is large, and never again */
	d->touched = g_ptr_array_new();
}

/* Of this machine, whose names come first. */
static bool is_here(const struct domains *d, guint account)
{
	return !strcmp(d->accounts->pdata[account], "local");
}

/* There is room again: all is counted anew, so that nothing stays out for no reason. */
static void count_again(struct engine *e)
{
	struct domains *d = e->domains;
	g_autoptr(items) told = shelf_freeze(d->told);
	GHashTableIter iter;
	gpointer key, value;

	touch_all(d);
	g_hash_table_iter_init(&iter, d->names);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct name *n = value;

		n->n = n->n_new = 0;
		g_clear_pointer(&n->told, g_ptr_array_unref);
		g_clear_pointer(&n->asked, g_ptr_array_unref);
	}
	d->left_out = 0;
	for (size_t i = 0; i < told->n; i++)
		tell(d, told->item[i]);
	each_asked(d, d->requests, true);
	for (int round = 0; round < 2; round++) {
		g_hash_table_iter_init(&iter, d->tables);
		while (g_hash_table_iter_next(&iter, &key, &value))
			if (is_here(d, GPOINTER_TO_UINT(value)) == !round)
				each_row(d, key, GPOINTER_TO_UINT(value), cover);
	}
}

void domains_refresh(struct engine *e, GPtrArray *tables)
{
	take_back(e->domains, tables);
	add_tables(e, tables);
	find_public(e->domains, tables);
}

void domains_show(struct engine *e)
{
	struct domains *d = e->domains;

	look_at_requests(e);
	if (!d->touched->len)
		return;
	show_touched(e);
	if (!d->left_out || g_hash_table_size(d->names) + ROOM_AGAIN > DOMAINS_MAX)
		return;
	count_again(e);
	show_touched(e);
}
