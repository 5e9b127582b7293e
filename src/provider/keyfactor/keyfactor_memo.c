/*
 * keyfactor_memo: what the last refresh knew of each certificate in Command, so that its bytes are
 * read once and its details can be shown without asking, and what this user may enrol with.
 *
 * A GVariant in the database, of which nothing is believed.
 */
#include "keyfactor_enrol.h"

#include <string.h>

#include <certty/base/text.h>

/* texts, numbers, bits, names, metadata, places, digest */
#define CERT_TYPE "(asaxuasasasay)"
/* whether it is a CA, name, title, why it is not offered, CAs, what may be done with it */
#define RIGHT_TYPE "(bsssasu)"
#define MEMO_TYPE "(ua" CERT_TYPE "a" RIGHT_TYPE ")"
#define MEMO_VERSION 2
#define MEMO_MAX (256u << 20)
#define DIGEST 32

enum { HAS_KEY, HAS_DIGEST };	/* the order of the bits */

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
	return text_harmless_dup(text, 2 * KEYFACTOR_TEXT_MAX);
}

static char **texts_in(GVariant *entry, gsize i)
{
	g_autoptr(GVariant) list = g_variant_get_child_value(entry, i);
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();
	gsize n = MIN(g_variant_n_children(list), 2 * KEYFACTOR_LIST_MAX);

	for (gsize k = 0; k < n; k++) {
		g_autofree char *text = text_in(list, k);

		g_strv_builder_add(b, text);
	}
	return g_strv_builder_end(b);
}

static bool read_numbers(struct keyfactor_cert *c, GVariant *entry)
{
	g_autoptr(GVariant) list = g_variant_get_child_value(entry, 1);
	g_autoptr(GVariant) digest = g_variant_get_child_value(entry, 6);
	gsize n, n_bytes;
	const int64_t *number = g_variant_get_fixed_array(list, &n, sizeof(int64_t));
	const uint8_t *bytes = g_variant_get_fixed_array(digest, &n_bytes, 1);
	guint32 bits;

	if (n != keyfactor_cert_n_numbers || n_bytes != DIGEST)
		return false;
	for (gsize i = 0; i < n; i++)
		memcpy((char *)c + keyfactor_cert_numbers[i], &number[i], sizeof(int64_t));
	memcpy(c->sha256, bytes, DIGEST);
	g_variant_get_child(entry, 2, "u", &bits);
	c->has_key = bits & 1u << HAS_KEY;
	c->has_digest = bits & 1u << HAS_DIGEST;
	return true;
}

static struct keyfactor_cert *read_cert(GVariant *entry)
{
	g_autoptr(GVariant) texts = g_variant_get_child_value(entry, 0);
	g_autoptr(keyfactor_cert) c = keyfactor_cert_new();
	char ***const lists[] = { &c->names, &c->metadata, &c->places };

	if (g_variant_n_children(texts) != keyfactor_cert_n_texts || !read_numbers(c, entry))
		return NULL;
	for (gsize i = 0; i < keyfactor_cert_n_texts; i++) {
		char **to = (char **)((char *)c + keyfactor_cert_texts[i]);

		g_free(*to);
		*to = text_in(texts, i);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
		g_strfreev(*lists[i]);
		*lists[i] = texts_in(entry, 3 + i);
	}
	return g_steal_pointer(&c);
}

GHashTable *keyfactor_memo_read(GBytes *memo)
{
	GHashTable *certs = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
						  (GDestroyNotify)keyfactor_cert_free);
	g_autoptr(GVariant) v = open_memo(memo), list = NULL;

	if (!v)
		return certs;
	list = g_variant_get_child_value(v, 1);
	for (gsize i = 0; i < g_variant_n_children(list); i++) {
		g_autoptr(GVariant) entry = g_variant_get_child_value(list, i);
		struct keyfactor_cert *c = read_cert(entry);

		if (c)
			g_hash_table_replace(certs, c->alias, c);
	}
	return certs;
}

static struct keyfactor_right *read_right(GVariant *entry)
{
	g_autofree char *name = text_in(entry, 1);
	gboolean is_ca;
	struct keyfactor_right *r;

	g_variant_get_child(entry, 0, "b", &is_ca);
	r = keyfactor_right_new(name, is_ca);
	g_free(r->title);
	r->title = text_in(entry, 2);
	g_free(r->why);
	r->why = text_in(entry, 3);
	g_strfreev(r->cas);
	r->cas = texts_in(entry, 4);
	g_variant_get_child(entry, 5, "u", &r->may);
	return r;
}

GPtrArray *keyfactor_memo_rights(GBytes *memo)
{
	GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)keyfactor_right_free);
	g_autoptr(GVariant) v = open_memo(memo), list = NULL;

	if (!v)
		return all;
	list = g_variant_get_child_value(v, 2);
	for (gsize i = 0; i < g_variant_n_children(list); i++) {
		g_autoptr(GVariant) entry = g_variant_get_child_value(list, i);

		g_ptr_array_add(all, read_right(entry));
	}
	return all;
}

/* ---- writing ---- */

static GVariant *write_cert(const struct keyfactor_cert *c)
{
	GVariantBuilder texts, numbers;
	guint32 bits = (guint32)c->has_key << HAS_KEY | (guint32)c->has_digest << HAS_DIGEST;

	g_variant_builder_init(&texts, G_VARIANT_TYPE("as"));
	for (gsize i = 0; i < keyfactor_cert_n_texts; i++)
		g_variant_builder_add(&texts, "s",
				      *(char *const *)((const char *)c + keyfactor_cert_texts[i]));
	g_variant_builder_init(&numbers, G_VARIANT_TYPE("ax"));
	for (gsize i = 0; i < keyfactor_cert_n_numbers; i++)
		g_variant_builder_add(&numbers, "x", *(const int64_t *)((const char *)c +
									keyfactor_cert_numbers[i]));
	return g_variant_new("(@as@axu^as^as^as@ay)", g_variant_builder_end(&texts),
			     g_variant_builder_end(&numbers), bits, c->names, c->metadata, c->places,
			     g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, c->sha256, DIGEST, 1));
}

static GVariant *write_right(const struct keyfactor_right *r)
{
	return g_variant_new("(bsss^asu)", r->is_ca, r->name, r->title, r->why, r->cas, r->may);
}

GBytes *keyfactor_memo_write(const GPtrArray *certs, const GPtrArray *rights)
{
	g_autoptr(GVariant) whole = NULL;
	GVariantBuilder list, may;

	g_variant_builder_init(&list, G_VARIANT_TYPE("a" CERT_TYPE));
	for (guint i = 0; i < certs->len; i++)
		g_variant_builder_add_value(&list, write_cert(certs->pdata[i]));
	g_variant_builder_init(&may, G_VARIANT_TYPE("a" RIGHT_TYPE));
	for (guint i = 0; i < rights->len; i++)
		g_variant_builder_add_value(&may, write_right(rights->pdata[i]));
	whole = g_variant_ref_sink(g_variant_new("(u@a" CERT_TYPE "@a" RIGHT_TYPE ")", MEMO_VERSION,
						 g_variant_builder_end(&list), g_variant_builder_end(&may)));
	return g_variant_get_data_as_bytes(whole);
}
