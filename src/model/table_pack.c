/*
 * table_pack: a table as bytes for the database, and back.
 *
 * The columns stand one after the other just as in memory; interned numbers are replaced by
 * indexes into a dictionary of the blob's own.  Unpacking copies first and then looks at every
 * number, so that nothing in here can point outside, whatever the database held.
 */
#include <certty/model/table.h>

#include <string.h>

#include "blob.h"
#include "table_own.h"

#define VERSION 1
static const char magic[4] = "CtyT";

struct dictionary {
	GHashTable *index;	/* intern number → index + 1 */
	GByteArray *texts;
	uint32_t n;
};

static uint32_t look_up(struct dictionary *d, const struct intern *words, uint32_t number)
{
	void *known = g_hash_table_lookup(d->index, GUINT_TO_POINTER(number));
	const char *text;

	if (known)
		return GPOINTER_TO_UINT(known) - 1;
	text = intern_text(words, number);
	blob_put(d->texts, text, strlen(text) + 1);
	g_hash_table_insert(d->index, GUINT_TO_POINTER(number), GUINT_TO_POINTER(++d->n));
	return d->n - 1;
}

static uint32_t *translated(struct dictionary *d, const struct intern *words,
			    const uint32_t *numbers, uint32_t n)
{
	uint32_t *ret = g_new(uint32_t, n);

	for (uint32_t i = 0; i < n; i++)
		ret[i] = i && numbers[i] == numbers[i - 1] ? ret[i - 1] :
							    look_up(d, words, numbers[i]);
	return ret;
}

GBytes *table_pack(const struct table *t, const struct intern *words)
{
	struct dictionary d = { g_hash_table_new(NULL, NULL), g_byte_array_new(), 0 };
	g_autofree uint32_t *issuer = translated(&d, words, t->issuer, t->n);
	g_autofree uint32_t *word = translated(&d, words, t->words, t->n_words);
	GByteArray *b = blob_new(magic, VERSION);

	blob_put_u32(b, t->n);
	blob_put_u32(b, t->n_words);
	blob_put_u32(b, d.n);
	blob_put_u32(b, d.texts->len);
	blob_put_u32(b, (uint32_t)t->folded_len);
	blob_put_u32(b, (uint32_t)t->texts_len);
	blob_put_u32(b, (uint32_t)t->aliases_len);
	blob_put_u64(b, (uint64_t)t->seen);
	blob_put(b, d.texts->data, d.texts->len);
	blob_put(b, word, t->n_words * sizeof(word[0]));
	for (size_t c = 0; c < TABLE_COLUMNS; c++) {
		const void *column = table_column(t, c);

		blob_put(b, column == t->issuer ? issuer : column,
			 t->n * table_columns[c].width);
	}
	blob_put(b, t->texts, t->texts_len);
	blob_put(b, t->aliases, t->aliases_len);
	g_hash_table_unref(d.index);
	g_byte_array_unref(d.texts);
	return blob_end(b);
}

/* ---- back ---- */

static void copy(struct blob_reader *r, void *to, size_t len)
{
	const void *from = blob_take(r, len);

	if (from && len)
		memcpy(to, from, len);
}

/* The size that the head speaks of, and nothing is allocated before it is known to be there. */
static bool has_size(const struct blob_reader *r, const struct table *sizes,
		     uint32_t dictionary_len)
{
	size_t all = (size_t)dictionary_len + sizes->texts_len + sizes->aliases_len +
		     sizes->n_words * sizeof(uint32_t);

	for (size_t c = 0; c < TABLE_COLUMNS; c++)
		all += sizes->n * table_columns[c].width;
	return !r->bad && all == r->left && sizes->folded_len <= sizes->texts_len;
}

/* The interned numbers of the dictionary's texts; NULL when it does not hold n texts. */
static uint32_t *read_dictionary(struct blob_reader *r, uint32_t n, uint32_t len,
				 struct intern *words)
{
	const char *text = blob_take(r, len), *end = text + len;
	g_autofree uint32_t *numbers = g_new(uint32_t, MIN(n, len) + 1);
	uint32_t i = 0;

	if (!text || !blob_is_harmless(text, len, false))
		return NULL;
	for (; text < end && i < n; i++) {
		numbers[i] = intern_add(words, text);
		text += strlen(text) + 1;
	}
	return i == n && text == end ? g_steal_pointer(&numbers) : NULL;
}

static bool translate(uint32_t *numbers, uint32_t n, const uint32_t *dictionary, uint32_t size)
{
	for (uint32_t i = 0; i < n; i++) {
		if (numbers[i] >= size)
			return false;
		numbers[i] = dictionary[numbers[i]];
	}
	return true;
}

/* Rows follow each other in the folded texts without a gap; everything else points into the
 * texts, which end with NUL. */
static bool has_sound_offsets(const struct table *t)
{
	size_t at = 0;

	if ((t->folded_len && t->texts[t->folded_len - 1]) ||
	    !blob_is_harmless(t->texts, t->texts_len, true) ||
	    !blob_is_harmless(t->aliases, t->aliases_len, false))
		return false;
	for (uint32_t row = 0; row < t->n; row++) {
		if (at >= t->folded_len || t->text[row] != at ||
		    t->alias[row] >= t->aliases_len || t->key[row] >= t->n_words ||
		    t->signature[row] >= t->n_words)
			return false;
		if (t->shown[row] != t->text[row] &&
		    (t->shown[row] < t->folded_len || t->shown[row] >= t->texts_len))
			return false;
		at += strlen(t->texts + at) + 1;
	}
	return at == t->folded_len;
}

/* Everything but the head. */
static struct table *read_body(struct blob_reader *r, const char *store,
			       const struct table *sizes, const uint32_t *dictionary,
			       uint32_t n_dictionary)
{
	g_autoptr(table) t = table_alloc(store, sizes);

	copy(r, t->words, t->n_words * sizeof(t->words[0]));
	for (size_t c = 0; c < TABLE_COLUMNS; c++)
		copy(r, table_column(t, c), t->n * table_columns[c].width);
	copy(r, t->texts, t->texts_len);
	copy(r, t->aliases, t->aliases_len);
	if (r->bad || !has_sound_offsets(t) ||
	    !translate(t->words, t->n_words, dictionary, n_dictionary) ||
	    !translate(t->issuer, t->n, dictionary, n_dictionary))
		return NULL;
	table_finish(t);
	return g_steal_pointer(&t);
}

struct table *table_unpack(const char *store, GBytes *bytes, struct intern *words,
			   struct room *room, GError **error)
{
	struct table sizes = { .room = room };
	struct blob_reader r;
	struct table *t = NULL;
	uint32_t n_dictionary, dictionary_len;

	if (!blob_open(&r, bytes, magic, VERSION, error))
		return NULL;
	sizes.n = blob_take_u32(&r, TABLE_ROWS);
	sizes.n_words = blob_take_u32(&r, TABLE_WORDS);
	n_dictionary = blob_take_u32(&r, INTERN_MAX);
	dictionary_len = blob_take_u32(&r, INT32_MAX);
	sizes.folded_len = blob_take_u32(&r, TABLE_TEXTS);
	sizes.texts_len = blob_take_u32(&r, TABLE_TEXTS);
	sizes.aliases_len = blob_take_u32(&r, TABLE_TEXTS);
	sizes.seen = (int64_t)blob_take_u64(&r);
	r.bad |= !has_size(&r, &sizes, dictionary_len);
	if (!r.bad) {
		g_autofree uint32_t *dictionary =
			read_dictionary(&r, n_dictionary, dictionary_len, words);

		if (dictionary)
			t = read_body(&r, store, &sizes, dictionary, n_dictionary);
	}
	r.bad |= !t;
	if (blob_close(&r, error))
		return t;
	table_unref(t);
	return NULL;
}
