/*
 * kv_memo: what the last refresh of a vault knew of each certificate, so that a version's bytes and
 * policy are read once and its details can be shown without asking, and what it knew of the vault.
 *
 * A GVariant in the database, of which nothing is believed.
 */
#include "kv.h"

#include <string.h>

#include <certty/base/text.h>

/* texts, numbers, bits, lists, digest */
#define CERT_TYPE "(asaxuaasay)"
/* version, tenant, when the vault was looked at, what was told of it, certificates */
#define MEMO_TYPE "(usxasa" CERT_TYPE ")"
#define MEMO_VERSION 1
#define MEMO_MAX (256u << 20)
#define DIGEST	 32

/* ---- reading ---- */

static GVariant *open_memo(GBytes *bytes)
{
	GVariant *v;
	guint32 version = 0;

	if (!bytes || g_bytes_get_size(bytes) > MEMO_MAX)
		return NULL;
	v = g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE(MEMO_TYPE), bytes, FALSE));
	if (g_variant_is_normal_form(v))
		g_variant_get_child(v, 0, "u", &version);
	if (version == MEMO_VERSION)
		return v;
	g_variant_unref(v);
	return NULL;
}

static char *text_in(GVariant *list, gsize i)
{
	const char *text;

	g_variant_get_child(list, i, "&s", &text);
	return text_harmless_dup(text, KV_TEXT_MAX);
}

static char **texts_in(GVariant *list)
{
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();
	gsize n = MIN(g_variant_n_children(list), 2 * KV_LIST_MAX);

	for (gsize i = 0; i < n; i++) {
		g_autofree char *text = text_in(list, i);

		g_strv_builder_add(b, text);
	}
	return g_strv_builder_end(b);
}

static bool read_numbers(struct kv_cert *c, GVariant *entry)
{
	g_autoptr(GVariant) list = g_variant_get_child_value(entry, 1);
	g_autoptr(GVariant) digest = g_variant_get_child_value(entry, 4);
	gsize n, n_bytes;
	const int64_t *number = g_variant_get_fixed_array(list, &n, sizeof(int64_t));
	const uint8_t *bytes = g_variant_get_fixed_array(digest, &n_bytes, 1);
	guint32 bits;

	if (n != kv_cert_n_numbers || n_bytes != DIGEST)
		return false;
	for (gsize i = 0; i < n; i++)
		memcpy((char *)c + kv_cert_numbers[i], &number[i], sizeof(int64_t));
	memcpy(c->sha256, bytes, DIGEST);
	g_variant_get_child(entry, 2, "u", &bits);
	for (gsize i = 0; i < kv_cert_n_bits; i++)
		*(bool *)((char *)c + kv_cert_bits[i]) = bits & 1u << i;
	return true;
}

static struct kv_cert *read_cert(GVariant *entry)
{
	g_autoptr(GVariant) texts = g_variant_get_child_value(entry, 0);
	g_autoptr(GVariant) lists = g_variant_get_child_value(entry, 3);
	g_autoptr(kv_cert) c = kv_cert_new();

	if (g_variant_n_children(texts) != kv_cert_n_texts || g_variant_n_children(lists) != kv_cert_n_lists ||
	    !read_numbers(c, entry))
		return NULL;
	for (gsize i = 0; i < kv_cert_n_texts; i++) {
		char **to = (char **)((char *)c + kv_cert_texts[i]);

		g_free(*to);
		*to = text_in(texts, i);
	}
	for (gsize i = 0; i < kv_cert_n_lists; i++) {
		char ***to = (char ***)((char *)c + kv_cert_lists[i]);
		g_autoptr(GVariant) list = g_variant_get_child_value(lists, i);

		g_strfreev(*to);
		*to = texts_in(list);
	}
	return g_steal_pointer(&c);
}

static void read_vault(struct kv_memo *m, GVariant *v)
{
	g_autoptr(GVariant) facts = g_variant_get_child_value(v, 3);

	g_free(m->tenant);
	m->tenant = text_in(v, 1);
	g_variant_get_child(v, 2, "x", &m->looked);
	g_strfreev(m->facts);
	m->facts = texts_in(facts);
}

void kv_memo_read(struct kv_memo *m, GBytes *memo)
{
	g_autoptr(GVariant) v = open_memo(memo), list = NULL;

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
	GVariantBuilder texts, numbers, lists;
	guint32 bits = 0;

	g_variant_builder_init(&texts, G_VARIANT_TYPE("as"));
	for (gsize i = 0; i < kv_cert_n_texts; i++)
		g_variant_builder_add(&texts, "s", *(char *const *)((const char *)c + kv_cert_texts[i]));
	g_variant_builder_init(&numbers, G_VARIANT_TYPE("ax"));
	for (gsize i = 0; i < kv_cert_n_numbers; i++)
		g_variant_builder_add(&numbers, "x", *(const int64_t *)((const char *)c + kv_cert_numbers[i]));
	g_variant_builder_init(&lists, G_VARIANT_TYPE("aas"));
	for (gsize i = 0; i < kv_cert_n_lists; i++)
		g_variant_builder_add(&lists, "^as", *(char **const *)((const char *)c + kv_cert_lists[i]));
	for (gsize i = 0; i < kv_cert_n_bits; i++)
		bits |= (guint32)*(const bool *)((const char *)c + kv_cert_bits[i]) << i;
	return g_variant_new("(@as@axu@aas@ay)", g_variant_builder_end(&texts), g_variant_builder_end(&numbers),
			     bits, g_variant_builder_end(&lists),
			     g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, c->sha256, DIGEST, 1));
}

GBytes *kv_memo_write(const struct kv_memo *m, const GPtrArray *certs)
{
	g_autoptr(GVariant) whole = NULL;
	GVariantBuilder list;

	g_variant_builder_init(&list, G_VARIANT_TYPE("a" CERT_TYPE));
	for (guint i = 0; i < certs->len; i++)
		g_variant_builder_add_value(&list, write_cert(certs->pdata[i]));
	whole = g_variant_ref_sink(g_variant_new("(usx^as@a" CERT_TYPE ")", MEMO_VERSION, m->tenant, m->looked,
						 m->facts, g_variant_builder_end(&list)));
	return g_variant_get_data_as_bytes(whole);
}
