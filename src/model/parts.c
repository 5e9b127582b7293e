/*
 * parts: of what the answer to one question is made, where a service says that by the type of a thing.
 */
#include <certty/model/parts.h>

#include <string.h>

#include <certty/base/json.h>
#include <certty/base/text.h>

#define LINE_MAX_BYTES	 8192
#define ANSWER_MAX_BYTES 65536
#define TEXT_MAX_BYTES	 300

/* ---- as lines ---- */

/* clang-format off */
static const struct {
	enum field_kind kind;
	const char *word;
} kinds[] = {
	{ FIELD_TEXT, "text" }, { FIELD_SECRET, "secret" },
};
/* clang-format on */

static const char *word_of(enum field_kind kind)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (kinds[i].kind == kind)
			return kinds[i].word;
	return kinds[0].word;
}

/* Neither a choice nor a form can tell words apart that have blanks in them. */
static bool are_words(char **choices)
{
	for (char **c = choices; c && *c; c++)
		if (!**c || strchr(*c, ' '))
			return false;
	return choices && *choices;
}

void parts_add(char **lines, const struct part *p)
{
	g_autofree char *choices = p->choices ? g_strjoinv(" ", p->choices) : NULL;
	g_autofree char *listed = p->choices ? g_strjoinv(", ", p->choices) : NULL;
	bool is_choice = p->kind == FIELD_CHOICE && are_words(p->choices);
	struct json_writer w = { .out = g_string_new(*lines) };

	if (w.out->len)
		g_string_append_c(w.out, '\n');
	json_open(&w, NULL, '{');
	json_put_str(&w, "question", p->question);
	json_put_str(&w, "name", p->name);
	json_put_str(&w, "title", p->title);
	json_put_str(&w, "kind", word_of(p->kind));
	json_put_str(&w, "choices", is_choice ? choices : NULL);
	json_put_str(&w, "listed", is_choice ? NULL : listed);
	json_put_str(&w, "fallback", p->fallback);
	json_put_str(&w, "needs", p->needs);
	json_put_bool(&w, "needed", p->needed);
	json_close(&w, '}');
	g_free(*lines);
	*lines = g_string_free(w.out, FALSE);
}

/* ---- as questions ---- */

static const char *keep(struct parts *p, const char *text)
{
	return text && *text ? g_string_chunk_insert(p->texts, text) : NULL;
}

static char *harmless(const struct json *j, const char *key, size_t max)
{
	return json_str(j, key) ? text_harmless_dup(json_str(j, key), max) : NULL;
}

static const char *keep_harmless(struct parts *p, const struct json *j, const char *key)
{
	g_autofree char *text = harmless(j, key, TEXT_MAX_BYTES);

	return keep(p, text);
}

static enum field_kind kind_of(const struct json *j)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (!g_strcmp0(json_str(j, "kind"), kinds[i].word))
			return kinds[i].kind;
	return FIELD_TEXT;
}

/* What a label does not say. */
static const char *hint_of(struct parts *p, const struct field *f, const struct json *j, const char *needs)
{
	g_autoptr(GString) hint = g_string_new(f->key);
	g_autofree char *listed = harmless(j, "listed", TEXT_MAX_BYTES);

	if (listed)
		g_string_append_printf(hint, ", one of %s", listed);
	if (f->fallback)
		g_string_append_printf(hint, "; %s when nothing is said", f->fallback);
	if (needs)
		g_string_append_printf(hint, "; asked for where %s is true", needs);
	return keep(p, hint->str);
}

static bool is_known(const struct parts *p, const char *name, const char *question)
{
	for (size_t i = 0; i < p->n; i++)
		if (!strcmp(p->fields[i].key, name) && !strcmp(p->question[i], question))
			return true;
	return false;
}

static bool read_line(struct parts *p, const char *line, bool edits)
{
	g_autoptr(json) j = json_parse(line, strlen(line), LINE_MAX_BYTES, NULL);
	struct field *f = &p->fields[p->n];
	const char *needs = keep_harmless(p, j, "needs"), *title = keep_harmless(p, j, "title");
	const char *name = keep_harmless(p, j, "name"), *question = keep_harmless(p, j, "question");
	g_autofree char *when = needs ? g_strconcat(needs, "=true True", NULL) : NULL;
	g_autofree char *choices = harmless(j, "choices", LINE_MAX_BYTES);

	if (!name || !question || is_known(p, name, question))
		return false;
	p->question[p->n] = question;
	f->key = name;
	f->label = title ? title : name;
	f->kind = choices ? FIELD_CHOICE : kind_of(j);
	f->choices = keep(p, choices);
	f->fallback = f->kind == FIELD_SECRET ? NULL : keep_harmless(p, j, "fallback");
	f->hint = hint_of(p, f, j, needs);
	f->when = keep(p, when);
	f->needed = json_bool(j, "needed", false) && !(edits && f->kind == FIELD_SECRET);
	if (edits)
		f->fallback = NULL;
	return true;
}

/* A part that needs one which is no choice is asked for always. */
static void settle_needs(struct parts *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct field *f = &p->fields[i];
		g_autofree char *name = f->when ? g_strndup(f->when, strcspn(f->when, "=")) : NULL;
		const struct field *by = name ? field_find(p->fields, name) : NULL;

		if (f->when && (!by || by == f || by->kind != FIELD_CHOICE || by->when)) {
			f->needed &= !by || by == f;
			f->when = NULL;
		}
	}
}

struct parts *parts_read(const char *lines, bool edits)
{
	g_auto(GStrv) all = g_strsplit(lines, "\n", PARTS_MAX + 1);
	struct parts *p = g_new0(struct parts, 1);

	p->texts = g_string_chunk_new(1024);
	p->fields = g_new0(struct field, PARTS_MAX + 1);
	p->question = g_new0(const char *, PARTS_MAX + 1);
	for (size_t i = 0; all[i] && i < PARTS_MAX; i++)
		p->n += read_line(p, all[i], edits);
	settle_needs(p);
	return p;
}

void parts_free(struct parts *p)
{
	if (!p)
		return;
	g_free(p->fields);
	g_free(p->question);
	g_string_chunk_free(p->texts);
	g_free(p);
}

/* ---- as one answer ---- */

static GHashTable *words_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

/* NULL: it is no object of texts. */
static GHashTable *read_object(const char *answer)
{
	g_autoptr(json) j = *answer == '{' ? json_parse(answer, strlen(answer), ANSWER_MAX_BYTES, NULL) : NULL;
	g_autoptr(GHashTable) said = j ? words_new() : NULL;

	for (size_t i = 0; i < json_members(j); i++) {
		const char *name = json_key_at(j, i), *value = json_str(j, name);

		if (!value)
			return NULL;
		g_hash_table_replace(said, g_strdup(name), g_strdup(value));
	}
	return g_steal_pointer(&said);
}

GHashTable *parts_words(const char *answer)
{
	GHashTable *said = read_object(answer);
	g_auto(GStrv) pieces = g_strsplit(answer, ",", -1);
	g_autofree char *last = NULL;

	if (said)
		return said;
	said = words_new();
	for (char **piece = pieces; *piece; piece++) {
		char *equals = strchr(*piece, '='), *old;

		if (equals) {
			g_free(last);
			last = g_strstrip(g_strndup(*piece, (gsize)(equals - *piece)));
			g_hash_table_replace(said, g_strdup(last), g_strstrip(g_strdup(equals + 1)));
		} else if (last) {
			old = g_hash_table_lookup(said, last);
			g_hash_table_replace(said, g_strdup(last), g_strconcat(old, ",", *piece, NULL));
		} else if (*g_strstrip(*piece)) {
			last = g_strdup(*piece);
			g_hash_table_replace(said, g_strdup(last), g_strdup(""));
		}
	}
	return said;
}

/* Whether what was written means just that. */
static bool means(const char *answer, GPtrArray *names, GPtrArray *values)
{
	g_autoptr(GHashTable) said = parts_words(answer);

	for (guint i = 0; i < names->len; i++)
		if (g_strcmp0(g_hash_table_lookup(said, names->pdata[i]), values->pdata[i]))
			return false;
	return g_hash_table_size(said) == names->len;
}

char *parts_join(GPtrArray *names, GPtrArray *values)
{
	g_autoptr(GString) words = g_string_new(NULL);
	struct json_writer w = { .out = words };

	for (guint i = 0; i < names->len; i++)
		g_string_append_printf(words, "%s%s=%s", i ? ", " : "", (char *)names->pdata[i],
				       (char *)values->pdata[i]);
	if (!names->len || means(words->str, names, values))
		return names->len ? g_strdup(words->str) : NULL;
	g_string_truncate(words, 0);
	json_open(&w, NULL, '{');
	for (guint i = 0; i < names->len; i++)
		json_put_str(&w, names->pdata[i], values->pdata[i]);
	json_close(&w, '}');
	return g_strdup(words->str);
}

/* So much that the text never grows, which would leave copies: each byte becomes six at most. */
static size_t room_for(GPtrArray *names, GPtrArray *values)
{
	size_t room = 16;

	for (guint i = 0; i < names->len; i++)
		room += 6 * (strlen(names->pdata[i]) + ((const struct secret *)values->pdata[i])->len) + 16;
	return room;
}

struct secret *parts_join_secrets(GPtrArray *names, GPtrArray *values)
{
	struct json_writer w = { .out = g_string_sized_new(room_for(names, values)) };
	struct secret *all;
	gsize room;

	json_open(&w, NULL, '{');
	for (guint i = 0; i < names->len; i++)
		json_put_str(&w, names->pdata[i], ((const struct secret *)values->pdata[i])->bytes);
	json_close(&w, '}');
	all = secret_new(w.out->str, w.out->len);
	room = w.out->allocated_len;
	secret_wipe(g_string_free(w.out, FALSE), room);
	return all;
}
