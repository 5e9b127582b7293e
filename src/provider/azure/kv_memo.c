/*
 * kv_memo: what the last refresh of a vault knew of each certificate, so that a version's bytes and
 * policy are read once and its details can be shown without asking, and what it knew of the vault.
 *
 * Its form is provider/memo_variant.h's.
 */
#include "kv.h"

#include "provider/memo_variant.h"

/* texts, numbers, bits, lists, digest */
#define CERT_TYPE "(asaxuaasay)"
/* version, tenant, when the vault was looked at, what was told of it, certificates */
#define MEMO_TYPE "(usxasa" CERT_TYPE ")"
#define MEMO_VERSION 1
#define TEXTS ((struct memo_variant_members){ kv_cert_texts, kv_cert_n_texts })
#define NUMBERS ((struct memo_variant_members){ kv_cert_numbers, kv_cert_n_numbers })

/* ---- reading ---- */

static struct kv_cert *read_cert(GVariant *entry)
{
	g_autoptr(GVariant) lists = g_variant_get_child_value(entry, 3);
	g_autoptr(kv_cert) c = kv_cert_new();
	guint32 bits;

	if (g_variant_n_children(lists) != kv_cert_n_lists ||
	    !memo_variant_take_members(c, TEXTS, entry, 0, KV_TEXT_MAX) ||
	    !memo_variant_take_numbers(c, NUMBERS, entry, 1) ||
	    !memo_variant_take_digest(c->sha256, entry, 4))
		return NULL;
	g_variant_get_child(entry, 2, "u", &bits);
	for (gsize i = 0; i < kv_cert_n_bits; i++)
		*(bool *)((char *)c + kv_cert_bits[i]) = bits & 1u << i;
	for (gsize i = 0; i < kv_cert_n_lists; i++)
		memo_variant_take_texts((char ***)((char *)c + kv_cert_lists[i]), lists, i,
					2 * KV_LIST_MAX, KV_TEXT_MAX);
	return g_steal_pointer(&c);
}

static void read_vault(struct kv_memo *m, GVariant *v)
{
	memo_variant_take_text(&m->tenant, v, 1, KV_TEXT_MAX);
	g_variant_get_child(v, 2, "x", &m->looked);
	memo_variant_take_texts(&m->facts, v, 3, 2 * KV_LIST_MAX, KV_TEXT_MAX);
}

void kv_memo_read(struct kv_memo *m, GBytes *memo)
{
	g_autoptr(GVariant) v = memo_variant_open(memo, MEMO_TYPE, MEMO_VERSION), list = NULL;

	*m = (struct kv_memo){ .tenant = g_strdup(""), .facts = g_new0(char *, 1) };
	m->certs = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)kv_cert_free);
	if (!v)
		return;
	read_vault(m, v);
	list = g_variant_get_child_value(v, 4);
	for (gsize i = 0; i < g_variant_n_children(list); i++) {
		g_autoptr(GVariant) entry = g_variant_get_child_value(list, i);
		struct kv_cert *c = read_cert(entry);

		if (c)
			g_hash_table_replace(m->certs, c->name, c);
	}
}

void kv_memo_done(struct kv_memo *m)
{
	g_clear_pointer(&m->tenant, g_free);
	g_clear_pointer(&m->facts, g_strfreev);
	g_clear_pointer(&m->certs, g_hash_table_unref);
}

/* ---- writing ---- */

static GVariant *write_cert(const struct kv_cert *c)
{
	GVariantBuilder lists;
	guint32 bits = 0;

	g_variant_builder_init(&lists, G_VARIANT_TYPE("aas"));
	for (gsize i = 0; i < kv_cert_n_lists; i++)
		g_variant_builder_add(&lists, "^as", *(char **const *)((const char *)c + kv_cert_lists[i]));
	for (gsize i = 0; i < kv_cert_n_bits; i++)
		bits |= (guint32)*(const bool *)((const char *)c + kv_cert_bits[i]) << i;
	return g_variant_new("(@as@axu@aas@ay)", memo_variant_of_members(c, TEXTS),
			     memo_variant_of_numbers(c, NUMBERS), bits, g_variant_builder_end(&lists),
			     memo_variant_of_digest(c->sha256));
}

GBytes *kv_memo_write(const struct kv_memo *m, const GPtrArray *certs)
{
	GVariantBuilder list;

	g_variant_builder_init(&list, G_VARIANT_TYPE("a" CERT_TYPE));
	for (guint i = 0; i < certs->len; i++)
		g_variant_builder_add_value(&list, write_cert(certs->pdata[i]));
	return memo_variant_end(g_variant_new("(usx^as@a" CERT_TYPE ")", MEMO_VERSION, m->tenant, m->looked,
					      m->facts, g_variant_builder_end(&list)));
}
