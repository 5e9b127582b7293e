/*
 * memo_variant: what the memos share that are a GVariant in the database: their form's version, and
 * reading and writing what none of them believes.
 */
#include "provider/memo_variant.h"

#include <string.h>

#include <certty/base/text.h>

GVariant *memo_variant_open(GBytes *memo, const char *type, uint32_t version)
{
	GVariant *v;
	guint32 found = 0;

	if (!memo || g_bytes_get_size(memo) > MEMO_VARIANT_MAX)
		return NULL;
	v = g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE(type), memo, FALSE));
	if (g_variant_is_normal_form(v))
		g_variant_get_child(v, 0, "u", &found);
	if (found == version)
		return v;
	g_variant_unref(v);
	return NULL;
}

GBytes *memo_variant_end(GVariant *whole)
{
	g_autoptr(GVariant) v = g_variant_ref_sink(whole);

	return g_variant_get_data_as_bytes(v);
}

/* ---- an entry's members ---- */

char *memo_variant_text(GVariant *entry, gsize at, size_t text_max)
{
	const char *text;

	g_variant_get_child(entry, at, "&s", &text);
	return text_harmless_dup(text, text_max);
}

char **memo_variant_texts(GVariant *entry, gsize at, gsize max, size_t text_max)
{
	g_autoptr(GVariant) list = g_variant_get_child_value(entry, at);
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();
	gsize n = MIN(g_variant_n_children(list), max);

	for (gsize i = 0; i < n; i++) {
		g_autofree char *text = memo_variant_text(list, i, text_max);

		g_strv_builder_add(b, text);
	}
	return g_strv_builder_end(b);
}

void memo_variant_take_text(char **to, GVariant *entry, gsize at, size_t text_max)
{
	g_free(*to);
	*to = memo_variant_text(entry, at, text_max);
}

void memo_variant_take_texts(char ***to, GVariant *entry, gsize at, gsize max, size_t text_max)
{
	g_strfreev(*to);
	*to = memo_variant_texts(entry, at, max, text_max);
}

bool memo_variant_take_digest(uint8_t to[MEMO_VARIANT_DIGEST], GVariant *entry, gsize at)
{
	g_autoptr(GVariant) digest = g_variant_get_child_value(entry, at);
	gsize n;
	const uint8_t *bytes = g_variant_get_fixed_array(digest, &n, 1);

	if (n != MEMO_VARIANT_DIGEST)
		return false;
	memcpy(to, bytes, MEMO_VARIANT_DIGEST);
	return true;
}

GVariant *memo_variant_of_digest(const uint8_t digest[MEMO_VARIANT_DIGEST])
{
	return g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, digest, MEMO_VARIANT_DIGEST, 1);
}

/* ---- members of a struct ---- */

bool memo_variant_take_members(void *thing, struct memo_variant_members texts, GVariant *entry, gsize at,
			       size_t text_max)
{
	g_autoptr(GVariant) list = g_variant_get_child_value(entry, at);

	if (g_variant_n_children(list) != texts.n)
		return false;
	for (size_t i = 0; i < texts.n; i++)
		memo_variant_take_text((char **)((char *)thing + texts.offset[i]), list, i, text_max);
	return true;
}

bool memo_variant_take_numbers(void *thing, struct memo_variant_members numbers, GVariant *entry, gsize at)
{
	g_autoptr(GVariant) list = g_variant_get_child_value(entry, at);
	gsize n;
	const int64_t *number = g_variant_get_fixed_array(list, &n, sizeof(int64_t));

	if (n != numbers.n)
		return false;
	for (size_t i = 0; i < n; i++)
		memcpy((char *)thing + numbers.offset[i], &number[i], sizeof(int64_t));
	return true;
}

GVariant *memo_variant_of_members(const void *thing, struct memo_variant_members texts)
{
	GVariantBuilder b;

	g_variant_builder_init(&b, G_VARIANT_TYPE("as"));
	for (size_t i = 0; i < texts.n; i++)
		g_variant_builder_add(&b, "s", *(char *const *)((const char *)thing + texts.offset[i]));
	return g_variant_builder_end(&b);
}

GVariant *memo_variant_of_numbers(const void *thing, struct memo_variant_members numbers)
{
	GVariantBuilder b;

	g_variant_builder_init(&b, G_VARIANT_TYPE("ax"));
	for (size_t i = 0; i < numbers.n; i++)
		g_variant_builder_add(&b, "x",
				      *(const int64_t *)((const char *)thing + numbers.offset[i]));
	return g_variant_builder_end(&b);
}
