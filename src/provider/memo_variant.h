/*
 * memo_variant: what the memos share that are a GVariant in the database: a tuple that begins with the
 * version of its form.
 *
 * Nothing of one is believed.  Whatever is no such variant is as good as none; texts are made harmless
 * once more, and all is bounded.
 */
#ifndef CERTTY_PROVIDER_MEMO_VARIANT_H
#define CERTTY_PROVIDER_MEMO_VARIANT_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#define MEMO_VARIANT_MAX    (256u << 20)	/* bytes of a memo */
#define MEMO_VARIANT_DIGEST 32

/* NULL: there is none of that type and version. */
GVariant *memo_variant_open(GBytes *memo /* or NULL */, const char *type, uint32_t version);
GBytes *memo_variant_end(GVariant *whole);	/* takes it */

/* ---- an entry's members, by their places in it ---- */

char *memo_variant_text(GVariant *entry, gsize at, size_t text_max);	/* new */
char **memo_variant_texts(GVariant *entry, gsize at, gsize max, size_t text_max);	/* new */
/* The same in place of what stood there. */
void memo_variant_take_text(char **to, GVariant *entry, gsize at, size_t text_max);
void memo_variant_take_texts(char ***to, GVariant *entry, gsize at, gsize max, size_t text_max);
/* False: it is no digest, and nothing was taken. */
bool memo_variant_take_digest(uint8_t to[MEMO_VARIANT_DIGEST], GVariant *entry, gsize at);
GVariant *memo_variant_of_digest(const uint8_t digest[MEMO_VARIANT_DIGEST]);	/* ay, floating */

/* ---- members of a struct, which a table names by their offsets ---- */

struct memo_variant_members {
	const size_t *offset;
	size_t n;
};

/* "as" of texts and "ax" of 64-bit numbers.  False: there are not as many, and nothing was taken. */
bool memo_variant_take_members(void *thing, struct memo_variant_members texts, GVariant *entry, gsize at,
			       size_t text_max);
bool memo_variant_take_numbers(void *thing, struct memo_variant_members numbers, GVariant *entry, gsize at);
GVariant *memo_variant_of_members(const void *thing, struct memo_variant_members texts);	/* floating */
GVariant *memo_variant_of_numbers(const void *thing, struct memo_variant_members numbers);

#endif
