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

struct domains {
	GHashTable *names;	/* name → GArray of struct cover, by print */
	GHashTable *tables;	/* struct table (a reference) → is it an endpoint's: the counted */
	GHashTable *touched;	/* names whose row must be looked at */
};

typedef void cover_fn(struct domains *d, const char *name, const struct cover *c);

struct domains *domains_new(void)
{
	struct domains *d = g_new0(struct domains, 1);

	d->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					 (GDestroyNotify)g_array_unref);
	d->tables = g_hash_table_new_full(NULL, NULL, (GDestroyNotify)table_unref, NULL);
	d->touched = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return d;
}

void domains_free(struct domains *d)
{
	if (!d)
		return;
	g_hash_table_unref(d->names);
	g_hash_table_unref(d->tables);
	g_hash_table_unref(d->touched);
	g_free(d);
}

/* ---- one certificate and one name ---- */

static guint find_print(const GArray *covers, uint64_t print)
{
	guint low = 0, high = covers->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (g_array_index(covers, struct cover, middle).print < print)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_at(const GArray *covers, guint i, uint64_t print)
{
	return i < covers->len && g_array_index(covers, struct cover, i).print == print;
}

static void cover(struct domains *d, const char *name, const struct cover *c)
{
	GArray *covers = g_hash_table_lookup(d->names, name);
	guint i;

	if (!covers) {
		if (g_hash_table_size(d->names) >= DOMAINS_MAX)
			return;
		covers = g_array_new(FALSE, FALSE, sizeof(struct cover));
		g_hash_table_insert(d->names, g_strdup(name), covers);
	}
	i = find_print(covers, c->print);
	if (is_at(covers, i, c->print))
		g_array_index(covers, struct cover, i).places++;
	else
		g_array_insert_val(covers, i, *c);
	g_hash_table_add(d->touched, g_strdup(name));
}

static void uncover(struct domains *d, const char *name, const struct cover *c)
{
	GArray *covers = g_hash_table_lookup(d->names, name);
	guint i = covers ? find_print(covers, c->print) : 0;

	if (!covers || !is_at(covers, i, c->print))
		return;		/* was one too many */
	if (!--g_array_index(covers, struct cover, i).places)
		g_array_remove_index(covers, i);
	g_hash_table_add(d->touched, g_strdup(name));
}

/* ---- a table ---- */

/* Not an address, a mailbox or a person. */
static bool is_host_name(const char *name)
{
	return strchr(name, '.') && !strpbrk(name, " @:/,=") &&
	       !g_ascii_isdigit(name[strlen(name) - 1]);
}

static void each_name(struct domains *d, const struct table *t, uint32_t row, cover_fn *f)
{
	/* Without a digest it is itself only in this place. */
	uint64_t print = t->print[row] ? t->print[row] : (uintptr_t)t + row;
	const struct cover c = { print, (int64_t)t->not_after[row] * 60, 1 };
	g_auto(GStrv) names = g_strsplit(t->texts + t->text[row], "\n", -1);

	for (char **n = names; *n; n++)
		if (is_host_name(*n))
			f(d, *n, &c);
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

static void show_name(struct engine *e, const char *name, const GArray *covers)
{
	g_autofree char *id = g_strconcat("local/", name, NULL);
	const struct domain *known = shelf_get(e->known.shelf[KIND_DOMAINS], id);
	int64_t expires = 0;
	struct domain *n;

	for (guint i = 0; i < covers->len; i++)
		expires = MAX(expires, g_array_index(covers, struct cover, i).expires);
	if (known && known->certs == covers->len && known->expires == expires)
		return;
	n = domain_new(id);
	n->account = n->provider = "local";
	n->certs = covers->len;
	n->expires = expires;
	shelf_put(e->known.shelf[KIND_DOMAINS], n);
}

static void show_touched(struct engine *e)
{
	struct domains *d = e->domains;
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, d->touched);
	while (g_hash_table_iter_next(&iter, &name, NULL)) {
		GArray *covers = g_hash_table_lookup(d->names, name);
		g_autofree char *id = g_strconcat("local/", (char *)name, NULL);

		if (covers->len) {
			show_name(e, name, covers);
		} else {
			shelf_drop(e->known.shelf[KIND_DOMAINS], id);
			g_hash_table_remove(d->names, name);
		}
	}
	g_hash_table_remove_all(d->touched);
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
	for (guint i = 0; i < tables->len; i++) {
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
