/*
 * keyfactor_memo: what the last refresh knew of each certificate in Command, so that its bytes are
 * read once and its details can be shown without asking, and what this user may enrol with.
 *
 * Its form is provider/memo_variant.h's.
 */
#include "keyfactor_enrol.h"

#include "provider/memo_variant.h"

/* texts, numbers, bits, names, metadata, places, digest */
#define CERT_TYPE "(asaxuasasasay)"
/* whether it is a CA, name, title, why it is not offered, CAs, what may be done with it */
#define RIGHT_TYPE "(bsssasu)"
#define MEMO_TYPE "(ua" CERT_TYPE "a" RIGHT_TYPE ")"
#define MEMO_VERSION 2
#define TEXTS ((struct memo_variant_members){ keyfactor_cert_texts, keyfactor_cert_n_texts })
#define NUMBERS ((struct memo_variant_members){ keyfactor_cert_numbers, keyfactor_cert_n_numbers })

enum { HAS_KEY, HAS_DIGEST };	/* the order of the bits */

/* ---- reading ---- */

static void take_text(char **to, GVariant *entry, gsize i)
{
	memo_variant_take_text(to, entry, i, 2 * KEYFACTOR_TEXT_MAX);
}

static void take_texts(char ***to, GVariant *entry, gsize i)
{
	memo_variant_take_texts(to, entry, i, 2 * KEYFACTOR_LIST_MAX, 2 * KEYFACTOR_TEXT_MAX);
}

static struct keyfactor_cert *read_cert(GVariant *entry)
{
	g_autoptr(keyfactor_cert) c = keyfactor_cert_new();
	guint32 bits;

	if (!memo_variant_take_members(c, TEXTS, entry, 0, 2 * KEYFACTOR_TEXT_MAX) ||
	    !memo_variant_take_numbers(c, NUMBERS, entry, 1) ||
	    !memo_variant_take_digest(c->sha256, entry, 6))
		return NULL;
	g_variant_get_child(entry, 2, "u", &bits);
	c->has_key = bits & 1u << HAS_KEY;
	c->has_digest = bits & 1u << HAS_DIGEST;
	take_texts(&c->names, entry, 3);
	take_texts(&c->metadata, entry, 4);
	take_texts(&c->places, entry, 5);
	return g_steal_pointer(&c);
}

GHashTable *keyfactor_memo_read(GBytes *memo)
{
	GHashTable *certs = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
						  (GDestroyNotify)keyfactor_cert_free);
	g_autoptr(GVariant) v = memo_variant_open(memo, MEMO_TYPE, MEMO_VERSION), list = NULL;

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
	g_autofree char *name = memo_variant_text(entry, 1, 2 * KEYFACTOR_TEXT_MAX);
	gboolean is_ca;
	struct keyfactor_right *r;

	g_variant_get_child(entry, 0, "b", &is_ca);
	r = keyfactor_right_new(name, is_ca);
	take_text(&r->title, entry, 2);
	take_text(&r->why, entry, 3);
	take_texts(&r->cas, entry, 4);
	g_variant_get_child(entry, 5, "u", &r->may);
	return r;
}

GPtrArray *keyfactor_memo_rights(GBytes *memo)
{
	GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)keyfactor_right_free);
	g_autoptr(GVariant) v = memo_variant_open(memo, MEMO_TYPE, MEMO_VERSION), list = NULL;

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
	guint32 bits = (guint32)c->has_key << HAS_KEY | (guint32)c->has_digest << HAS_DIGEST;

	return g_variant_new("(@as@axu^as^as^as@ay)", memo_variant_of_members(c, TEXTS),
			     memo_variant_of_numbers(c, NUMBERS), bits, c->names, c->metadata, c->places,
			     memo_variant_of_digest(c->sha256));
}

static GVariant *write_right(const struct keyfactor_right *r)
{
	return g_variant_new("(bsss^asu)", r->is_ca, r->name, r->title, r->why, r->cas, r->may);
}

GBytes *keyfactor_memo_write(const GPtrArray *certs, const GPtrArray *rights)
{
	GVariantBuilder list, may;

	g_variant_builder_init(&list, G_VARIANT_TYPE("a" CERT_TYPE));
	for (guint i = 0; i < certs->len; i++)
		g_variant_builder_add_value(&list, write_cert(certs->pdata[i]));
	g_variant_builder_init(&may, G_VARIANT_TYPE("a" RIGHT_TYPE));
	for (guint i = 0; i < rights->len; i++)
		g_variant_builder_add_value(&may, write_right(rights->pdata[i]));
	return memo_variant_end(g_variant_new("(u@a" CERT_TYPE "@a" RIGHT_TYPE ")", MEMO_VERSION,
					      g_variant_builder_end(&list), g_variant_builder_end(&may)));
}
