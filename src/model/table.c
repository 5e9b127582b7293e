/*
 * table: the builder of columns, and reading a row's name.
 *
 * While it is built, each column is an array that doubles and the texts are two strings (folded
 * ones, and shown ones where folding changed them); at the end all is copied into one piece of
 * memory of exactly the right size.
 */
#include <certty/model/table.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <certty/base/text.h>
#include <certty/model/mark.h>

#include "table_own.h"

#define COLUMN(name) { offsetof(struct table, name), sizeof(*((struct table *)0)->name) }

const struct table_column table_columns[TABLE_COLUMNS] = {
	COLUMN(print), COLUMN(not_before), COLUMN(not_after), COLUMN(issuer), COLUMN(marks),
	COLUMN(subject_hash), COLUMN(issuer_hash), COLUMN(key_hash), COLUMN(text),
	COLUMN(shown), COLUMN(alias), COLUMN(key), COLUMN(signature), COLUMN(names),
};

struct table_builder {
	struct table t;		/* columns with room for `room` rows */
	uint32_t room;
	struct intern *words;
	GHashTable *word;	/* intern number → index in t.words */
	GString *folded, *shown, *aliases;
};

/* ---- memory ---- */

void *table_column(const struct table *t, size_t column)
{
	void *bytes;

	memcpy(&bytes, (const char *)t + table_columns[column].at, sizeof(bytes));
	return bytes;
}

void table_column_set(struct table *t, size_t column, void *bytes)
{
	memcpy((char *)t + table_columns[column].at, &bytes, sizeof(bytes));
}

static size_t aligned(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

struct table *table_alloc(const char *store, const struct table *sizes)
{
	size_t store_len = strlen(store) + 1, all = aligned(sizeof(struct table));
	struct table *t, *in_room;
	char *at;

	for (size_t c = 0; c < TABLE_COLUMNS; c++)
		all += aligned(sizes->n * table_columns[c].width);
	all += aligned(sizes->n_words * sizeof(uint32_t));
	all += sizes->texts_len + 8;	/* names are compared eight bytes at a time */
	all += sizes->aliases_len + store_len;
	in_room = room_take(sizes->room, all);
	t = in_room ? in_room : g_malloc(all);
	*t = *sizes;
	t->room = in_room ? sizes->room : NULL;
	t->room_len = all;
	ref_init(&t->ref);
	at = (char *)t + aligned(sizeof(struct table));
	for (size_t c = 0; c < TABLE_COLUMNS; c++) {
		table_column_set(t, c, at);
		at += aligned(sizes->n * table_columns[c].width);
	}
	t->words = (uint32_t *)(void *)at;
	at += aligned(sizes->n_words * sizeof(uint32_t));
	t->texts = at;
	at += sizes->texts_len + 8;
	memset(at - 8, 0, 8);
	t->aliases = at;
	t->store = memcpy(at + sizes->aliases_len, store, store_len);
	t->issuers = t->subjects = NULL;
	t->n_issuers = t->n_subjects = 0;
	return t;
}

struct table *table_ref(struct table *t)
{
	ref_hold(&t->ref);
	return t;
}

void table_unref(struct table *t)
{
	if (!t || !ref_drop(&t->ref))
		return;
	g_free(t->issuers);
	g_free(t->subjects);
	if (t->room)
		room_give(t->room, t, t->room_len);
	else
		g_free(t);
}

static int by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The distinct values but 0 of a column, of the rows that have one of the marks (0: all).
 * There are few, far fewer than rows; what was met lately is not written down again. */
static uint32_t *distinct(const struct table *t, const uint32_t *column, uint32_t marks,
			  uint32_t *ret_n)
{
	g_autofree uint32_t *all = g_new(uint32_t, (size_t)t->n + 1);
	uint32_t met[256] = { 0 }, n = 0, m = 0;

	for (uint32_t row = 0; row < t->n; row++) {
		uint32_t value = column[row], *at = &met[value % G_N_ELEMENTS(met)];

		if (value == *at || (marks && !(t->marks[row] & marks)))
			continue;
		*at = value;
		if (value)
			all[n++] = value;
	}
	qsort(all, n, sizeof(all[0]), by_number);
	for (uint32_t i = 0; i < n; i++)
		if (i == 0 || all[i] != all[i - 1])
			all[m++] = all[i];
	*ret_n = m;
	return g_memdup2(all, m * sizeof(all[0]));
}

void table_finish(struct table *t)
{
	t->issuers = distinct(t, t->issuer_hash, 0, &t->n_issuers);
	t->subjects = distinct(t, t->subject_hash, MARK_CA | MARK_SELF_SIGNED, &t->n_subjects);
}

const char *table_name(const struct table *t, uint32_t row, size_t *ret_len)
{
	const char *name = t->texts + t->shown[row];

	*ret_len = strcspn(name, "\n");
	return name;
}

int table_life(const struct table *t, uint32_t row, int64_t now)
{
	int64_t begin = (int64_t)t->not_before[row] * 60, life;
	int64_t end = (int64_t)t->not_after[row] * 60;

	if (now <= begin)
		return 0;
	if (end <= begin)
		return 1001;
	life = (now - begin) * 1000 / (end - begin);
	return (int)CLAMP(life, now > end ? 1001 : 0, INT_MAX);
}

/* ---- building ---- */

struct table_builder *table_builder_new(const char *store, struct intern *words)
{
	struct table_builder *b = g_new0(struct table_builder, 1);

	b->t.store = g_strdup(store);
	b->words = words;
	b->word = g_hash_table_new(NULL, NULL);
	b->folded = g_string_new(NULL);
	b->shown = g_string_new(NULL);
	b->aliases = g_string_new(NULL);
	return b;
}

void table_builder_free(struct table_builder *b)
{
	if (!b)
		return;
	for (size_t c = 0; c < TABLE_COLUMNS; c++)
		g_free(table_column(&b->t, c));
	g_free(b->t.words);
	g_free(b->t.store);
	g_hash_table_unref(b->word);
	g_string_free(b->folded, TRUE);
	g_string_free(b->shown, TRUE);
	g_string_free(b->aliases, TRUE);
	g_free(b);
}

static bool grow(struct table_builder *b)
{
	if (b->t.n < b->room)
		return true;
	if (b->t.n == TABLE_ROWS)
		return false;
	b->room = b->room ? b->room * 2 : 64;
	for (size_t c = 0; c < TABLE_COLUMNS; c++)
		table_column_set(&b->t, c, g_realloc_n(table_column(&b->t, c), b->room,
						       table_columns[c].width));
	return true;
}

/* The table's own short number of an interned text. */
static uint16_t word(struct table_builder *b, uint32_t number)
{
	void *known;

	if (g_hash_table_lookup_extended(b->word, GUINT_TO_POINTER(number), NULL, &known))
		return (uint16_t)GPOINTER_TO_UINT(known);
	if (b->t.n_words == TABLE_WORDS)
		return 0;	/* nobody has that many key types: whichever came first */
	b->t.words = g_renew(uint32_t, b->t.words, b->t.n_words + 1);
	b->t.words[b->t.n_words] = number;
	g_hash_table_insert(b->word, GUINT_TO_POINTER(number),
			    GUINT_TO_POINTER(b->t.n_words));
	return (uint16_t)b->t.n_words++;
}

static uint32_t minutes(int64_t seconds)
{
	return (uint32_t)CLAMP(seconds / 60, 0, (int64_t)UINT32_MAX);
}

/* Both texts of a name; the shown one is the folded one wherever folding changed nothing. */
static void add_name(struct table_builder *b, uint32_t row, const char *name, size_t len)
{
	size_t at = b->folded->len;

	b->t.text[row] = b->t.shown[row] = (uint32_t)at;
	text_fold(b->folded, name, (gssize)len);
	if (b->folded->len - at == len && memcmp(b->folded->str + at, name, len) == 0)
		return;
	/* from its end, until the length of the folded ones is known */
	b->t.shown[row] = UINT32_MAX - (uint32_t)b->shown->len;
	g_string_append_len(b->shown, name, (gssize)len);
	g_string_append_c(b->shown, '\0');
}

static bool has_room(const struct table_builder *b, size_t len)
{
	return b->folded->len + b->shown->len + 4 * (len + 2) < TABLE_TEXTS;
}

static void add_names(struct table_builder *b, uint32_t row, const struct facts *f)
{
	const char *name = f->name && has_room(b, strlen(f->name)) ? f->name : "";
	uint32_t more = f->n_names;

	add_name(b, row, name, strlen(name));
	for (char **san = f->names; san && *san; san++) {
		if (strcmp(*san, name) == 0) {
			more -= more > 0;
		} else if (has_room(b, strlen(*san))) {
			g_string_append_c(b->folded, '\n');
			text_fold(b->folded, *san, -1);
		}
	}
	g_string_append_c(b->folded, '\0');
	b->t.names[row] = (uint16_t)MIN(more, UINT16_MAX);
}

static void add_alias(struct table_builder *b, uint32_t row, const char *alias)
{
	if (b->aliases->len + strlen(alias) + 1 > TABLE_TEXTS)
		alias = "";
	b->t.alias[row] = (uint32_t)b->aliases->len;
	g_string_append_len(b->aliases, alias, (gssize)strlen(alias) + 1);
}

static uint64_t first_bytes(const struct facts *f)
{
	uint64_t print = 0;

	if (!f->has_digest)
		return 0;
	for (size_t i = 0; i < 8; i++)
		print = print << 8 | f->sha256[i];
	return print;
}

bool table_builder_add(struct table_builder *b, const struct facts *f, const char *alias,
		       uint32_t marks)
{
	struct table *t = &b->t;
	uint32_t row = t->n;

	if (!grow(b))
		return false;
	t->print[row] = first_bytes(f);
	t->not_before[row] = minutes(f->not_before);
	t->not_after[row] = minutes(f->not_after);
	t->issuer[row] = intern_add(b->words, f->issuer ? f->issuer : "");
	t->key[row] = word(b, intern_add(b->words, f->key ? f->key : ""));
	t->signature[row] = word(b, intern_add(b->words, f->signature ? f->signature : ""));
	t->marks[row] = marks;
	t->subject_hash[row] = f->subject_hash;
	t->issuer_hash[row] = f->issuer_hash;
	t->key_hash[row] = f->key_hash;
	add_names(b, row, f);
	add_alias(b, row, alias ? alias : "");
	t->n++;
	return true;
}

bool table_builder_copy(struct table_builder *b, const struct table *old, uint32_t from,
			uint32_t marks)
{
	struct table *t = &b->t;
	uint32_t row = t->n;
	const char *text = old->texts + old->text[from], *name;
	size_t len;

	if (!grow(b) || !has_room(b, strlen(text)))
		return false;
	for (size_t c = 0; c < TABLE_COLUMNS; c++) {
		size_t width = table_columns[c].width;

		memcpy((char *)table_column(t, c) + row * width,
		       (char *)table_column(old, c) + from * width, width);
	}
	t->key[row] = word(b, old->words[old->key[from]]);
	t->signature[row] = word(b, old->words[old->signature[from]]);
	t->marks[row] = marks;
	name = table_name(old, from, &len);
	add_name(b, row, name, len);
	g_string_append(b->folded, text + strcspn(text, "\n"));
	g_string_append_c(b->folded, '\0');
	add_alias(b, row, old->aliases + old->alias[from]);
	t->n++;
	return true;
}

struct table *table_builder_end(struct table_builder *b, int64_t seen)
{
	struct table *t;

	b->t.seen = seen;
	b->t.folded_len = b->folded->len;
	b->t.texts_len = b->folded->len + b->shown->len;
	b->t.aliases_len = b->aliases->len;
	t = table_alloc(b->t.store, &b->t);
	for (size_t c = 0; c < TABLE_COLUMNS && t->n; c++)
		memcpy(table_column(t, c), table_column(&b->t, c),
		       t->n * table_columns[c].width);
	for (uint32_t row = 0; row < t->n; row++)
		if (t->shown[row] != t->text[row])
			t->shown[row] = (uint32_t)t->folded_len +
					(UINT32_MAX - t->shown[row]);
	if (t->n_words)
		memcpy(t->words, b->t.words, t->n_words * sizeof(t->words[0]));
	memcpy(t->texts, b->folded->str, b->folded->len);
	memcpy(t->texts + b->folded->len, b->shown->str, b->shown->len);
	memcpy(t->aliases, b->aliases->str, b->aliases->len);
	table_finish(t);
	table_builder_free(b);
	return t;
}
