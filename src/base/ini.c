/*
 * INI files of other tools.
 *
 * inih finds keys, values and what is wrong.  It gets its lines from here, one at a time, since
 * there is more to say about them than it can know: it would cut the names of sections to 49
 * bytes, take every indented line for a part of the value above it (Python's reader, which AWS
 * and Akamai use, only one that is indented deeper), and leave the last lines in its memory.
 */
#include "certty/base/ini.h"

#include <ini.h>
#include <pthread.h>
#include <string.h>

#include "certty/base/err.h"
#include "certty/base/secret.h"

/* A value that may grow line by line. */
struct value {
	char *text;
	size_t len, size;
};

struct section {
	GPtrArray *keys;	/* char *, as written; NULL-terminated once read */
	GHashTable *values;	/* key in lower case → struct value * */
};

struct ini {
	GPtrArray *names;	/* of the sections, char *; NULL-terminated once read */
	GHashTable *sections;	/* name, borrowed from `names` → struct section * */
};

/* What the reader knows while inih asks it for lines. */
struct source {
	const char *at, *end;
	unsigned line;		/* of the line that was given last */
	struct ini *ini;
	struct section *section;
	struct value *value;	/* of the key above; NULL at the start of a section */
	size_t indent;		/* of that key */
	unsigned things;	/* keys and sections */
	bool is_more;		/* that line belongs to the value above */
	enum err code;
	const char *wrong;	/* why nothing more is read */
};

static void value_free(void *data)
{
	struct value *v = data;

	secret_wipe(v->text, v->size);
	g_free(v);
}

static void value_add(struct value *v, const char *text, size_t len)
{
	if (v->len + len >= v->size) {
		size_t size = MAX(v->size * 2, v->len + len + 1);
		char *larger = g_malloc(size);

		if (v->len)
			memcpy(larger, v->text, v->len);
		secret_wipe(v->text, v->size);
		v->text = larger;
		v->size = size;
	}
	memcpy(v->text + v->len, text, len);
	v->len += len;
	v->text[v->len] = '\0';
}

static void section_free(void *data)
{
	struct section *s = data;

	g_ptr_array_unref(s->keys);
	g_hash_table_unref(s->values);
	g_free(s);
}

static struct section *section_of(struct ini *i, const char *name)
{
	struct section *s = g_hash_table_lookup(i->sections, name);
	char *kept;

	if (s)
		return s;
	s = g_new0(struct section, 1);
	s->keys = g_ptr_array_new_with_free_func(g_free);
	s->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, value_free);
	kept = g_strdup(name);
	g_ptr_array_add(i->names, kept);
	g_hash_table_insert(i->sections, kept, s);
	return s;
}

/* ---- lines for inih ---------------------------------------------------------------------- */

static void stop(struct source *s, enum err code, const char *why)
{
	s->code = code;
	s->wrong = why;
	s->at = s->end;
}

static void count_thing(struct source *s)
{
	if (++s->things > INI_KEYS)
		stop(s, ERR_LIMIT, "more keys and sections than are read");
}

/* The section whose head this is; what stands behind the bracket counts for nothing. */
static void enter(struct source *s, const char *from, const char *end)
{
	const char *bracket = memchr(from, ']', (size_t)(end - from));
	g_autofree char *name = NULL;

	if (!bracket) {
		stop(s, ERR_FORMAT, "a section without its closing bracket");
		return;
	}
	name = g_strstrip(g_strndup(from, (size_t)(bracket - from)));
	count_thing(s);
	s->section = section_of(s->ini, name);
	s->value = NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/* Cuts the next line out, without blanks around it; the blanks before it are its indent. */
static size_t cut_line(struct source *s, const char **ret_from, const char **ret_end)
{
	const char *start = s->at, *from = start;
	const char *end = memchr(start, '\n', (size_t)(s->end - start));

	if (!end)
		end = s->end;
	s->at = end < s->end ? end + 1 : end;
	s->line++;
	while (from < end && is_blank(*from))
		from++;
	while (end > from && is_blank(end[-1]))
		end--;
	*ret_from = from;
	*ret_end = end;
	return (size_t)(from - start);
}

/* inih's fgets: one line, or NULL at the end, when its room is wiped. */
static char *give_line(char *room, int size, void *data)
{
	struct source *s = data;
	const char *from = NULL, *end = NULL;
	size_t indent;

	if (s->at == s->end) {
		secret_clear(room, (size_t)size);
		return NULL;
	}
	indent = cut_line(s, &from, &end);
	g_strlcpy(room, "\n", (gsize)size);
	if (from == end || *from == '#' || *from == ';')
		return room;
	s->is_more = s->value && indent > s->indent;
	if (end - from > (ptrdiff_t)INI_LINE || end - from > size - 3)
		stop(s, ERR_LIMIT, "a line longer than is read");
	else if (memchr(from, '\0', (size_t)(end - from)))
		stop(s, ERR_FORMAT, "a NUL");
	else if (!g_utf8_validate(from, end - from, NULL))
		stop(s, ERR_FORMAT, "bytes that are not UTF-8");
	else if (*from == '[' && !s->is_more)
		enter(s, from + 1, end);
	else
		g_snprintf(room, (gulong)size, "%s%.*s\n", s->is_more ? " " : "",
			   (int)(end - from), from);
	if (!s->is_more)
		s->indent = indent;
	return room;
}

/* ---- what inih found --------------------------------------------------------------------- */

static void set_value(struct source *s, const char *name, const char *text)
{
	g_autofree char *lower = g_ascii_strdown(name, -1);
	struct value *v;

	if (!s->section)
		s->section = section_of(s->ini, "");
	count_thing(s);
	if (!g_hash_table_contains(s->section->values, lower))
		g_ptr_array_add(s->section->keys, g_strdup(name));
	v = g_new0(struct value, 1);
	value_add(v, text, strlen(text));
	g_hash_table_insert(s->section->values, g_steal_pointer(&lower), v);
	s->value = v;
}

static int hear(void *data, const char *section, const char *name, const char *text)
{
	struct source *s = data;

	if (s->wrong)
		return 1;
	if (s->is_more) {
		value_add(s->value, "\n", 1);
		value_add(s->value, text, strlen(text));
	} else if (!*name) {
		stop(s, ERR_FORMAT, "a value without a name");
	} else {
		set_value(s, name, text);
	}
	return 1;
}

/* The room for a line is as large as it ever gets from the start, so that it never moves. */
static void set_up(void)
{
	ini_use_stack = false;
	ini_allow_realloc = false;
	ini_max_line = (int)INI_LINE + 8;
	ini_initial_alloc = (int)INI_LINE + 8;
	ini_allow_inline_comments = false;
	ini_allow_multiline = true;
}

static void end_lists(struct ini *i)
{
	GHashTableIter each;
	void *section;

	g_hash_table_iter_init(&each, i->sections);
	while (g_hash_table_iter_next(&each, NULL, &section))
		g_ptr_array_add(((struct section *)section)->keys, NULL);
	g_ptr_array_add(i->names, NULL);
}

struct ini *ini_read(GBytes *bytes, GError **error)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	g_autoptr(ini) i = g_new0(struct ini, 1);
	struct source s = { .ini = i };
	gsize len;
	int line;

	pthread_once(&once, set_up);
	i->names = g_ptr_array_new_with_free_func(g_free);
	i->sections = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, section_free);
	s.at = g_bytes_get_data(bytes, &len);
	if (len > INI_BYTES) {
		g_set_error(error, ERR, ERR_LIMIT,
			    "the file has %zu bytes, more than the %u that are read", len,
			    INI_BYTES);
		return NULL;
	}
	s.at = s.at ? s.at : "";
	s.end = s.at + len;
	if (len >= 3 && memcmp(s.at, "\xef\xbb\xbf", 3) == 0)
		s.at += 3;
	line = ini_parse_stream(give_line, &s, hear, &s);
	if (line && !s.wrong) {
		s.code = line < 0 ? ERR_LIMIT : ERR_FORMAT;
		s.line = (unsigned)MAX(line, 0);
		s.wrong = line < 0 ? "no memory" : "neither [section] nor key=value";
	}
	if (s.wrong) {
		g_set_error(error, ERR, (int)s.code, "this is no INI file: %s at line %u", s.wrong,
			    s.line);
		return NULL;
	}
	end_lists(i);
	return g_steal_pointer(&i);
}

void ini_free(struct ini *i)
{
	if (!i)
		return;
	g_hash_table_unref(i->sections);
	g_ptr_array_unref(i->names);
	g_free(i);
}

const char *const *ini_sections(const struct ini *i)
{
	return (const char *const *)i->names->pdata;
}

const char *const *ini_keys(const struct ini *i, const char *section)
{
	const struct section *s = g_hash_table_lookup(i->sections, section);

	return s ? (const char *const *)s->keys->pdata : NULL;
}

const char *ini_get(const struct ini *i, const char *section, const char *key)
{
	const struct section *s = g_hash_table_lookup(i->sections, section);
	g_autofree char *lower = g_ascii_strdown(key, -1);
	const struct value *v = s ? g_hash_table_lookup(s->values, lower) : NULL;

	return v ? v->text : NULL;
}
