/*
 * vault_memo: what the last refresh of an engine knew beyond the rows, as bytes in the database.
 *
 * Its form is provider/memo_variant.h's.
 */
#include "vault_own.h"

#include <string.h>

#include "provider/memo_variant.h"

#define MEMO_VERSION 2
#define MEMO_TYPE    "(uxa(sx)a(ss)a(ss))"
#define ALIAS_MAX    256
#define TEXTS_MAX    1000

static void read_texts(GHashTable *to, GVariant *v, gsize at)
{
	g_autoptr(GVariant) texts = g_variant_get_child_value(v, at);

	for (gsize i = 0; i < MIN(g_variant_n_children(texts), TEXTS_MAX); i++) {
		const char *name, *sentence;

		g_variant_get_child(texts, i, "(&s&s)", &name, &sentence);
		g_hash_table_replace(to, vault_text(name), vault_text(sentence));
	}
}

void vault_memo_read(struct vault_memo *ret, GBytes *memo)
{
	g_autoptr(GVariant) v = memo_variant_open(memo, MEMO_TYPE, MEMO_VERSION), revoked = NULL;

	ret->no_detailed = 0;
	ret->revoked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	ret->roles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	ret->facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	if (!v)
		return;
	g_variant_get_child(v, 1, "x", &ret->no_detailed);
	read_texts(ret->roles, v, 3);
	read_texts(ret->facts, v, 4);
	revoked = g_variant_get_child_value(v, 2);
	for (gsize i = 0; i < g_variant_n_children(revoked); i++) {
		const char *alias;
		gint64 when;

		g_variant_get_child(revoked, i, "(&sx)", &alias, &when);
		if (strlen(alias) <= ALIAS_MAX)
			g_hash_table_replace(ret->revoked, vault_text(alias),
					     g_memdup2(&when, sizeof(when)));
	}
}

/* In one order, so that the same memo is the same bytes. */
static GVariant *texts_of(GHashTable *texts)
{
	g_auto(GVariantBuilder) b = G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE("a(ss)"));
	g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(texts), (GCompareFunc)strcmp);

	for (GList *at = names; at; at = at->next)
		g_variant_builder_add(&b, "(ss)", (const char *)at->data,
				      (const char *)g_hash_table_lookup(texts, at->data));
	return g_variant_builder_end(&b);
}

static GVariant *revoked_of(const struct vault_memo *m)
{
	g_auto(GVariantBuilder) b = G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE("a(sx)"));
	g_autoptr(GList) aliases = g_list_sort(g_hash_table_get_keys(m->revoked), (GCompareFunc)strcmp);

	for (GList *at = aliases; at; at = at->next)
		g_variant_builder_add(&b, "(sx)", (const char *)at->data,
				      (gint64)*(int64_t *)g_hash_table_lookup(m->revoked, at->data));
	return g_variant_builder_end(&b);
}

GBytes *vault_memo_write(const struct vault_memo *m)
{
	return memo_variant_end(g_variant_new("(ux@a(sx)@a(ss)@a(ss))", MEMO_VERSION,
					      (gint64)m->no_detailed, revoked_of(m), texts_of(m->roles),
					      texts_of(m->facts)));
}

void vault_memo_done(struct vault_memo *m)
{
	g_clear_pointer(&m->revoked, g_hash_table_unref);
	g_clear_pointer(&m->roles, g_hash_table_unref);
	g_clear_pointer(&m->facts, g_hash_table_unref);
}
