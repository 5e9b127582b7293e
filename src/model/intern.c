/*
 * intern: entries lie in chunks that are never moved, found through a directory that is never
 * moved either, so a reader follows two pointers that were written before its snapshot was
 * handed over and nobody touches since.
 */
#include <certty/model/intern.h>

#include <string.h>

#include <glib.h>

#define CHUNK 1024
#define INTERN_BYTES (64u << 20)	/* ceiling of all texts together */

struct intern {
	uint32_t n;
	size_t bytes;
	GStringChunk *texts;
	GHashTable *number;	/* text → number; the adding thread's alone */
	const char **chunk[INTERN_MAX / CHUNK];
};

static uint32_t append(struct intern *i, const char *text)
{
	const char **chunk = i->chunk[i->n / CHUNK];
	char *copy = g_string_chunk_insert(i->texts, text);

	if (!chunk)
		chunk = i->chunk[i->n / CHUNK] = g_new0(const char *, CHUNK);
	chunk[i->n % CHUNK] = copy;
	g_hash_table_insert(i->number, copy, GUINT_TO_POINTER(i->n));
	i->bytes += strlen(text) + 1;
	return i->n++;
}

struct intern *intern_new(void)
{
	struct intern *i = g_new0(struct intern, 1);

	i->texts = g_string_chunk_new(4096);
	i->number = g_hash_table_new(g_str_hash, g_str_equal);
	append(i, "");
	return i;
}

void intern_free(struct intern *i)
{
	if (!i)
		return;
	for (size_t c = 0; c < G_N_ELEMENTS(i->chunk); c++)
		g_free(i->chunk[c]);
	g_hash_table_unref(i->number);
	g_string_chunk_free(i->texts);
	g_free(i);
}

uint32_t intern_add(struct intern *i, const char *text)
{
	void *number;

	if (g_hash_table_lookup_extended(i->number, text, NULL, &number))
		return GPOINTER_TO_UINT(number);
	if (i->n < INTERN_MAX - 1 && i->bytes + strlen(text) < INTERN_BYTES)
		return append(i, text);
	if (g_hash_table_lookup_extended(i->number, INTERN_OTHER, NULL, &number))
		return GPOINTER_TO_UINT(number);
	return append(i, INTERN_OTHER);
}

const char *intern_text(const struct intern *i, uint32_t number)
{
	return i->chunk[number / CHUNK][number % CHUNK];
}

uint32_t intern_count(const struct intern *i)
{
	return i->n;
}
