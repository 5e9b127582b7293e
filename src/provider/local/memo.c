/*
 * memo: what the last refresh of a store knew of each file, so that the next one reads only
 * files that changed.
 *
 * Its form is provider/memo_variant.h's: path, what identifies the file, which rows of the table it
 * gave, and the hashes of the private keys in it.
 */
#include "own.h"

#include <string.h>

#include "provider/memo_variant.h"

#define MEMO_TYPE "a(ay(tttxx)uuaubb)"	/* … first row, rows, keys, locked key, trouble */
#define MEMO_VERSION 1
#define MEMO_WHOLE "(u" MEMO_TYPE ")"

struct memo {
	GVariant *whole, *list;
	GHashTable *by_path;	/* path (borrowed from the variant) → index + 1 */
};

struct memo_writer {
	GVariantBuilder list;
};

struct memo *memo_read(GBytes *bytes)
{
	struct memo *m = g_new0(struct memo, 1);

	m->by_path = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	m->whole = memo_variant_open(bytes, MEMO_WHOLE, MEMO_VERSION);
	if (!m->whole)
		return m;
	m->list = g_variant_get_child_value(m->whole, 1);
	for (gsize i = 0; i < g_variant_n_children(m->list); i++) {
		g_autoptr(GVariant) entry = g_variant_get_child_value(m->list, i);
		char *path;

		g_variant_get_child(entry, 0, "^ay", &path);
		g_hash_table_insert(m->by_path, path, GSIZE_TO_POINTER(i + 1));
	}
	return m;
}

void memo_free(struct memo *m)
{
	if (!m)
		return;
	g_hash_table_unref(m->by_path);
	g_clear_pointer(&m->list, g_variant_unref);
	g_clear_pointer(&m->whole, g_variant_unref);
	g_free(m);
}

static void entry_get(const struct memo *m, gsize i, struct memo_file *ret)
{
	g_autoptr(GVariant) entry = g_variant_get_child_value(m->list, i), keys = NULL;
	gboolean locked, trouble;

	memset(ret, 0, sizeof(*ret));
	g_variant_get_child(entry, 1, "(tttxx)", &ret->id.dev, &ret->id.ino, &ret->id.size,
			    &ret->id.mtime_ns, &ret->id.ctime_ns);
	g_variant_get_child(entry, 2, "u", &ret->first);
	g_variant_get_child(entry, 3, "u", &ret->n);
	keys = g_variant_get_child_value(entry, 4);
	/* The bytes belong to the whole variant, which the memo keeps. */
	ret->keys = g_variant_get_fixed_array(keys, &ret->n_keys, sizeof(uint32_t));
	g_variant_get_child(entry, 5, "b", &locked);
	g_variant_get_child(entry, 6, "b", &trouble);
	ret->has_locked_key = locked;
	ret->has_trouble = trouble;
}

bool memo_find(const struct memo *m, const char *path, struct memo_file *ret)
{
	gsize i = GPOINTER_TO_SIZE(g_hash_table_lookup(m->by_path, path));

	if (!i)
		return false;
	entry_get(m, i - 1, ret);
	return true;
}

const char *memo_find_key(const struct memo *m, uint32_t key_hash)
{
	GHashTableIter iter;
	gpointer path, index;

	g_hash_table_iter_init(&iter, m->by_path);
	while (g_hash_table_iter_next(&iter, &path, &index)) {
		struct memo_file f;

		entry_get(m, GPOINTER_TO_SIZE(index) - 1, &f);
		for (gsize i = 0; i < f.n_keys; i++)
			if (f.keys[i] == key_hash)
				return path;
	}
	return NULL;
}

GPtrArray *memo_find_locked(const struct memo *m, const char *path)
{
	GPtrArray *found = g_ptr_array_new();
	g_autofree char *stem = files_stem(path);
	GHashTableIter iter;
	gpointer its_path, index;

	g_hash_table_iter_init(&iter, m->by_path);
	while (g_hash_table_iter_next(&iter, &its_path, &index)) {
		g_autofree char *its_stem = files_stem(its_path);
		struct memo_file f;

		entry_get(m, GPOINTER_TO_SIZE(index) - 1, &f);
		if (f.has_locked_key && !strcmp(stem, its_stem))
			g_ptr_array_add(found, its_path);
	}
	return found;
}

struct memo_writer *memo_writer_new(void)
{
	struct memo_writer *w = g_new0(struct memo_writer, 1);

	g_variant_builder_init(&w->list, G_VARIANT_TYPE(MEMO_TYPE));
	return w;
}

void memo_writer_add(struct memo_writer *w, const char *path, const struct memo_file *f)
{
	GVariant *keys = g_variant_new_fixed_array(G_VARIANT_TYPE_UINT32, f->keys, f->n_keys,
						   sizeof(uint32_t));

	g_variant_builder_add(&w->list, "(^ay(tttxx)uu@aubb)", path, f->id.dev, f->id.ino,
			      f->id.size, f->id.mtime_ns, f->id.ctime_ns, f->first, f->n, keys,
			      f->has_locked_key, f->has_trouble);
}

GBytes *memo_writer_end(struct memo_writer *w)
{
	GVariant *list = g_variant_builder_end(&w->list);

	g_free(w);
	return memo_variant_end(g_variant_new("(u@" MEMO_TYPE ")", MEMO_VERSION, list));
}
