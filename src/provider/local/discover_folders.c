/*
 * discover_folders: which folders to propose for certificate files that lie about.
 *
 * A folder in which at least half of the folders with files hold certificates is proposed as
 * one, so that /srv/tls with a folder for each host is one store and not a hundred; /etc with
 * three such folders among two hundred is three stores.
 */
#include "discover.h"

#include <string.h>

struct node {
	char *root;
	guint certs, keys;	/* in the folder itself */
	bool has_files, has_certs;
	guint with_files, with_certs;	/* folders: itself and all below */
};

struct tree {
	GHashTable *nodes;	/* path → struct node */
};

static void node_free(void *p)
{
	struct node *n = p;

	g_free(n->root);
	g_free(n);
}

struct tree *tree_new(void)
{
	struct tree *t = g_new0(struct tree, 1);

	t->nodes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, node_free);
	return t;
}

void tree_free(struct tree *t)
{
	if (!t)
		return;
	g_hash_table_unref(t->nodes);
	g_free(t);
}

static struct node *node_at(struct tree *t, const char *root, const char *folder)
{
	struct node *n = g_hash_table_lookup(t->nodes, folder);

	if (n)
		return n;
	n = g_new0(struct node, 1);
	n->root = g_strdup(root);
	g_hash_table_insert(t->nodes, g_strdup(folder), n);
	return n;
}

/* The folder above, as long as that is in the root; new, or NULL. */
static char *above(const char *root, const char *folder)
{
	return strcmp(root, folder) && strlen(folder) > 1 ? g_path_get_dirname(folder) : NULL;
}

/* Counts a folder in all that it lies in. */
static void count(struct tree *t, const char *root, const char *folder, bool certs)
{
	g_autofree char *at = g_strdup(folder);

	while (at) {
		struct node *n = node_at(t, root, at);
		char *up = above(root, at);

		if (certs)
			n->with_certs++;
		else
			n->with_files++;
		g_free(at);
		at = up;
	}
}

void tree_add(struct tree *t, const char *root, const char *folder, guint certs, guint keys)
{
	struct node *n = node_at(t, root, folder);

	n->certs += certs;
	n->keys += keys;
	if (!n->has_files)
		count(t, root, folder, false);
	n->has_files = true;
	if (certs && !n->has_certs) {
		count(t, root, folder, true);
		n->has_certs = true;
	}
}

static bool is_dense(const struct node *n)
{
	return n->with_certs >= 2 && n->with_certs * 2 >= n->with_files;
}

/* The topmost dense folder above one that has certificates, or itself. */
static char *top_of(const struct tree *t, const char *folder)
{
	const struct node *own = g_hash_table_lookup(t->nodes, folder);
	g_autofree char *at = g_strdup(folder);
	char *top = g_strdup(folder);

	while (at) {
		const struct node *n = g_hash_table_lookup(t->nodes, at);
		char *up = above(own->root, at);

		if (is_dense(n)) {
			g_free(top);
			top = g_strdup(at);
		}
		g_free(at);
		at = up;
	}
	return top;
}

struct sums {
	guint certs, keys;
};

void tree_each(const struct tree *t, tree_fn *each, void *who)
{
	g_autoptr(GHashTable) tops = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GList) names = NULL;
	GHashTableIter iter;
	gpointer folder, node;

	g_hash_table_iter_init(&iter, t->nodes);
	while (g_hash_table_iter_next(&iter, &folder, &node)) {
		const struct node *n = node;
		g_autofree char *top = n->has_certs ? top_of(t, folder) : NULL;
		struct sums *sums = top ? g_hash_table_lookup(tops, top) : NULL;

		if (!top)
			continue;
		if (!sums) {
			sums = g_new0(struct sums, 1);
			g_hash_table_insert(tops, g_steal_pointer(&top), sums);
		}
		sums->certs += n->certs;
		sums->keys += n->keys;
	}
	names = g_list_sort(g_hash_table_get_keys(tops), (GCompareFunc)(void (*)(void))strcmp);
	for (GList *l = names; l; l = l->next) {
		const struct sums *sums = g_hash_table_lookup(tops, l->data);

		each(l->data, sums->certs, sums->keys, who);
	}
}
