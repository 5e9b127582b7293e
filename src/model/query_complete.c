/*
 * query_complete: what could follow at the end of a filter that is being typed.
 *
 * The last word is completed: to a key, to a mark, or after a key to a value that occurs in
 * what is known, the most frequent first.
 */
#include <certty/model/query.h>

#include <stdlib.h>
#include <string.h>

#include <certty/model/mark.h>
#include <certty/model/store.h>

#include "certs_own.h"
#include "query_own.h"

#define MOST 50

struct found {
	const char *text;	/* borrowed from the snapshot or a static table */
	uint32_t count;
	bool begins;		/* with what was typed; otherwise contains it */
};

struct completion {
	const struct snapshot *s;
	char *typed;		/* folded: what there is of the value or word */
	GArray *found;
};

static void offer(struct completion *c, const char *text, uint32_t count)
{
	g_autofree char *folded = query_fold(text);
	struct found f = { text, count, g_str_has_prefix(folded, c->typed) };

	if (*text && !strchr(text, '"') && strstr(folded, c->typed))
		g_array_append_val(c->found, f);
}

static int best_first(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->begins != y->begins)
		return x->begins ? -1 : 1;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->text, y->text);
}

/* ---- where values come from ---- */

static void count_up(GHashTable *counts, const char *text)
{
	uint32_t n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, text));

	g_hash_table_replace(counts, (char *)text, GUINT_TO_POINTER(n + 1));
}

static void from_store(GHashTable *counts, const struct store *s, enum query_field field)
{
	switch (field) {
	case QUERY_STORE:
		count_up(counts, s->title);
		break;
	case QUERY_PROVIDER:
		count_up(counts, s->provider);
		break;
	case QUERY_ACCOUNT:
		count_up(counts, s->account);
		break;
	case QUERY_NETWORK:
		count_up(counts, s->network);
		break;
	case QUERY_CONTAINER:
		count_up(counts, s->container);
		break;
	case QUERY_TYPE:
		count_up(counts, s->type);
		break;
	default:
		for (char **label = s->labels; *label; label++)
			count_up(counts, *label);
	}
}

static void offer_stores(struct completion *c, enum query_field field)
{
	g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
	const struct items *stores = c->s->kind[KIND_STORES];
	GHashTableIter each;
	void *text, *count;

	for (size_t i = 0; i < stores->n; i++)
		from_store(counts, stores->item[i], field);
	g_hash_table_iter_init(&each, counts);
	while (g_hash_table_iter_next(&each, &text, &count))
		offer(c, text, GPOINTER_TO_UINT(count));
}

static void offer_words(struct completion *c, enum query_field field)
{
	const struct certs *certs = c->s->certs;
	g_autofree uint32_t *count = g_new0(uint32_t, certs->n_words + 1);

	for (uint32_t t = 0; t < certs->n_tables; t++) {
		const struct table *table = certs->table[t];

		for (uint32_t row = 0; row < table->n; row++)
			count[field == QUERY_ISSUER ? table->issuer[row] :
						      table->words[table->key[row]]]++;
	}
	for (uint32_t i = 0; i < certs->n_words; i++)
		if (count[i])
			offer(c, intern_text(certs->words, i), count[i]);
}

static void offer_states(struct completion *c, enum query_field field)
{
	for (const struct query_state *s = query_states; field == QUERY_STATE && s->word; s++)
		offer(c, s->word, 1);
	for (const struct mark *m = mark_table; m->bit; m++)
		offer(c, m->word, 0);
}

static void offer_numbers(struct completion *c, enum query_field field)
{
	static const char *const spans[] = { "7d", "30d", "60d", "90d", "1y" };
	static const char *const shares[] = { "50%", "66%", "80%", "90%", "100%" };

	for (size_t i = 0; i < G_N_ELEMENTS(spans); i++)
		offer(c, field == QUERY_LIFE ? shares[i] : spans[i], (uint32_t)(9 - i));
}

static void offer_values(struct completion *c, enum query_field field)
{
	switch (field) {
	case QUERY_ISSUER:
	case QUERY_KEY:
		offer_words(c, field);
		break;
	case QUERY_STATE:
		offer_states(c, field);
		break;
	case QUERY_EXPIRES:
	case QUERY_LIFE:
		offer_numbers(c, field);
		break;
	case QUERY_SAN:		/* too many to be of help */
		break;
	default:
		offer_stores(c, field);
	}
}

/* ---- the last word ---- */

/* Where the last word begins: blanks within quotes do not end one. */
static const char *last_word(const char *text)
{
	const char *word = text;
	bool is_quoted = false;

	for (; *text; text++) {
		if (*text == '"')
			is_quoted = !is_quoted;
		else if (*text == ' ' && !is_quoted)
			word = text + 1;
	}
	return word;
}

/* The key of a word and where its value begins; NULL when there is none (yet). */
static const struct query_key *key_of(const char *word, const char **ret_value)
{
	size_t n = strcspn(word, ":<>");

	for (const struct query_key *k = query_keys; word[n] && k->word; k++) {
		if (strlen(k->word) != n || strncmp(k->word, word, n) != 0 ||
		    k->compares != (word[n] != ':'))
			continue;
		*ret_value = word + n + 1 + (k->compares && word[n + 1] == '=');
		return k;
	}
	return NULL;
}

static char **whole_texts(struct completion *c, const char *text, const char *value,
			  bool is_value)
{
	g_autoptr(GStrvBuilder) all = g_strv_builder_new();

	g_array_sort(c->found, best_first);
	for (guint i = 0; i < MIN(c->found->len, MOST); i++) {
		const char *found = g_array_index(c->found, struct found, i).text;
		const char *quote = is_value && strchr(found, ' ') ? "\"" : "";
		g_autofree char *whole = g_strdup_printf("%.*s%s%s%s", (int)(value - text),
							 text, quote, found, quote);

		if (strcmp(whole, text) != 0)
			g_strv_builder_add(all, whole);
	}
	return g_strv_builder_end(all);
}

char **query_complete(const char *text, const struct snapshot *s)
{
	const char *value = last_word(text);
	const struct query_key *key;
	struct completion c = { s, NULL, g_array_new(FALSE, FALSE, sizeof(struct found)) };
	g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
	char **ret;

	value += strspn(value, "!");
	key = key_of(value, &value);
	c.typed = query_fold(*value == '"' ? value + 1 : value);
	if (key) {
		offer_values(&c, key->field);
	} else if (*value != '"') {
		for (key = query_keys; key->word; key++) {
			g_ptr_array_add(keys, g_strconcat(key->word, key->compares ? "<" : ":",
							  NULL));
			offer(&c, keys->pdata[keys->len - 1], 1);
		}
		offer_states(&c, QUERY_MARK);
		key = NULL;
	}
	ret = whole_texts(&c, text, value, key != NULL);
	g_array_unref(c.found);
	g_free(c.typed);
	return ret;
}
