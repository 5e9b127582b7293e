/*
 * domains: the names that this machine answers for, with how many certificates cover each and
 * until when: those of leaf certificates whose key lies here, or that an endpoint presents.
 *
 * A million certificates must not be looked at again because one store changed: what each
 * table adds is counted once, taken back when the table goes, and only names that it touched
 * are shown anew.
 */
#include "own.h"

#include <string.h>

#define DOMAINS_MAX 50000	/* names; further ones are left out */

/* One certificate that covers a name, in so many places. */
struct cover {
	uint64_t print;
	int64_t expires;
	uint32_t places;
};

struct name {
	char *text;
	struct cover *cover;	/* by print */
	guint n, room;
	bool is_touched;
};

struct domains {
	GHashTable *names;	/* text → struct name */
	GHashTable *tables;	/* struct table (a reference) → is it an endpoint's: the counted */
	GPtrArray *touched;	/* names whose row must be looked at */
	GString *text;		/* the name that is looked at */
};

typedef void cover_fn(struct domains *d, const struct cover *c);

static void name_free(void *p)
{
	struct name *n = p;

	g_free(n->text);
	g_free(n->cover);
	g_free(n);
}

struct domains *domains_new(void)
{
	struct domains *d = g_new0(struct domains, 1);

	d->names = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, name_free);
	d->tables = g_hash_table_new_full(NULL, NULL, (GDestroyNotify)table_unref, NULL);
	d->touched = g_ptr_array_new();
	d->text = g_string_new(NULL);
	return d;
}

void domains_free(struct domains *d)
{
	if (!d)
		return;
	g_hash_table_unref(d->names);
	g_hash_table_unref(d->tables);
	g_ptr_array_unref(d->touched);
	g_string_free(d->text, TRUE);
	g_free(d);
}

/* ---- one certificate and one name ---- */

/* Where a print is, or would be. */
static guint find_print(const struct name *n, uint64_t print)
{
	guint low = 0, high = n->n;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (n->cover[middle].print < print)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void touch(struct domains *d, struct name *n)
{
	if (!n->is_touched)
		g_ptr_array_add(d->touched, n);
	n->is_touched = true;
}

static void insert(struct name *n, guint i, const struct cover *c)
{
	if (n->n == n->room) {
		n->room = MAX(1, 2 * n->room);
		n->cover = g_renew(struct cover, n->cover, n->room);
	}
	memmove(n->cover + i + 1, n->cover + i, (n->n - i) * sizeof(*c));
	n->cover[i] = *c;
	n->n++;
}

static void cover(struct domains *d, const struct cover *c)
{
	struct name *n = g_hash_table_lookup(d->names, d->text->str);
	guint i;

	if (!n) {
		if (g_hash_table_size(d->names) >= DOMAINS_MAX)
			return;
		n = g_new0(struct name, 1);
		n->text = g_strndup(d->text->str, d->text->len);
		g_hash_table_insert(d->names, n->text, n);
	}
	i = find_print(n, c->print);
	if (i < n->n && n->cover[i].print == c->print)
		n->cover[i].places++;
	else
		insert(n, i, c);
	touch(d, n);
}

static void uncover(struct domains *d, const struct cover *c)
{
	struct name *n = g_hash_table_lookup(d->names, d->text->str);
	guint i = n ? find_print(n, c->print) : 0;

	if (!n || i == n->n || n->cover[i].print != c->print)
		return;		/* was one too many */
	if (!--n->cover[i].places) {
		n->n--;
		memmove(n->cover + i, n->cover + i + 1, (n->n - i) * sizeof(*c));
	}
	touch(d, n);
}

/* ---- a table ---- */

/* Not an address, a mailbox or a person. */
static bool is_host_name(const char *name)
{
	size_t len = strcspn(name, " @:/,=");

	return !name[len] && strchr(name, '.') && !g_ascii_isdigit(name[len - 1]);
}

static void each_name(struct domains *d, const struct table *t, uint32_t row, cover_fn *f)
{
	/* Without a digest it is itself only in this place. */
	uint64_t print = t->print[row] ? t->print[row] : (uintptr_t)t + row;
	const struct cover c = { print, (int64_t)t->not_after[row] * 60, 1 };
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

static void each_row(struct domains *d, const struct table *t, bool is_endpoint, cover_fn *f)
{
	for (uint32_t row = 0; row < t->n; row++) {
		uint32_t marks = t->marks[row];

		if ((marks & MARK_LEAF) && !(marks & MARK_CA) &&
		    (is_endpoint || (marks & (MARK_KEY | MARK_KEY_LOCKED))))
			each_name(d, t, row, f);
	}
}

/* ---- rows for people ---- */

static void show_name(struct engine *e, const struct name *n, const char *id)
{
	const struct domain *known = shelf_get(e->known.shelf[KIND_DOMAINS], id);
	int64_t expires = 0;
	struct domain *row;

	for (guint i = 0; i < n->n; i++)
		expires = MAX(expires, n->cover[i].expires);
	if (known && known->certs == n->n && known->expires == expires)
		return;
	row = domain_new(id);
	row->account = row->provider = "local";
	row->certs = n->n;
	row->expires = expires;
	shelf_put(e->known.shelf[KIND_DOMAINS], row);
}

static void show_touched(struct engine *e)
{
	struct domains *d = e->domains;

	for (guint i = 0; i < d->touched->len && !atomic_load(&e->leaving); i++) {
		struct name *n = d->touched->pdata[i];
		g_autofree char *id = g_strconcat("local/", n->text, NULL);

		n->is_touched = false;
		if (n->n) {
			show_name(e, n, id);
			continue;
		}
		shelf_drop(e->known.shelf[KIND_DOMAINS], id);
		g_hash_table_remove(d->names, n->text);		/* frees it */
	}
	g_ptr_array_unref(d->touched);		/* after loading it is large, and never again */
	d->touched = g_ptr_array_new();
}

void domains_refresh(struct engine *e, GPtrArray *tables)
{
	struct domains *d = e->domains;
	g_autoptr(GHashTable) now = g_hash_table_new(NULL, NULL);
	GHashTableIter iter;
	gpointer table, is_endpoint;

	for (guint i = 0; i < tables->len; i++)
		g_hash_table_add(now, tables->pdata[i]);
	g_hash_table_iter_init(&iter, d->tables);
	while (g_hash_table_iter_next(&iter, &table, &is_endpoint)) {
		if (g_hash_table_contains(now, table))
			continue;
		each_row(d, table, GPOINTER_TO_INT(is_endpoint), uncover);
		g_hash_table_iter_remove(&iter);
	}
	for (guint i = 0; i < tables->len && !atomic_load(&e->leaving); i++) {
		struct table *t = tables->pdata[i];
		const struct store *s = shelf_get(e->known.shelf[KIND_STORES], t->store);
		bool presents = s && !strcmp(s->type, "endpoint");

		if (g_hash_table_contains(d->tables, t))
			continue;
		each_row(d, t, presents, cover);
		g_hash_table_insert(d->tables, table_ref(t), GINT_TO_POINTER(presents));
	}
	show_touched(e);
}
