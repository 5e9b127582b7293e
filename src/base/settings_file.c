/*
 * Configuration files line by line.  GKeyFile reads the values but knows no line numbers and
 * gives up on a whole file for one bad line; so the lines are looked at here first, bad ones
 * are reported and left out, and the rest goes to GKeyFile.  Changing a value edits the text
 * itself, so that comments, order and blank lines stay as people wrote them.
 */
#define _GNU_SOURCE
#include "settings_file.h"

#include <stdbool.h>
#include <string.h>

#include "certty/base/text.h"

#define MOST_SHOWN 60

enum line_kind { LINE_OTHER, LINE_GROUP, LINE_ENTRY, LINE_BAD };

struct line {
	const char *start;
	size_t len;		/* without its break */
	size_t whole;		/* with it */
	enum line_kind kind;
	bool opens;		/* starts with a [, well or badly */
	char *name;		/* of the group or the key */
	const char *why;	/* LINE_BAD */
};

struct entry {
	char *group, *key;
	unsigned line;
};

static void line_done(struct line *l)
{
	g_free(l->name);
}

static void free_entry(gpointer data)
{
	struct entry *e = data;

	g_free(e->group);
	g_free(e->key);
	g_free(e);
}

static void bad(struct line *l, const char *why)
{
	l->kind = LINE_BAD;
	l->why = why;
}

/* The name between from and to without blanks around it; NULL when it cannot be one. */
static char *name_of(const char *from, const char *to)
{
	g_autofree char *name = g_strstrip(g_strndup(from, (gsize)(to - from)));

	if (!*name || strpbrk(name, "[]\t"))
		return NULL;
	return g_steal_pointer(&name);
}

static void read_group(struct line *l, const char *p, const char *end)
{
	l->name = end[-1] == ']' && end - p > 2 ? name_of(p + 1, end - 1) : NULL;
	l->kind = LINE_GROUP;
	if (!l->name)
		bad(l, "this is no [group]");
}

static void read_entry(struct line *l, const char *p, const char *end)
{
	const char *equals = memchr(p, '=', (size_t)(end - p));

	if (!equals) {
		bad(l, "this is neither key=value nor [group] nor # comment");
		return;
	}
	l->name = name_of(p, equals);
	l->kind = LINE_ENTRY;
	if (!l->name)
		bad(l, "the name before = is none");
}

static bool is_harmless(const char *s, size_t len)
{
	g_autoptr(GString) out = g_string_sized_new(len + 1);

	text_harmless(out, s, len, len);
	return out->len == len && memcmp(out->str, s, len) == 0;
}

/* Tabs are welcome as blanks. */
static bool is_plain_line(const char *s, size_t len)
{
	g_autofree char *copy = g_strndup(s, len);

	return is_harmless(g_strdelimit(copy, "\t", ' '), len);
}

static struct line line_at(const char *start, const char *end)
{
	const char *stop = memchr(start, '\n', (size_t)(end - start));
	struct line l = { .start = start };
	const char *p;

	l.whole = (size_t)((stop ? stop + 1 : end) - start);
	l.len = (size_t)((stop ? stop : end) - start);
	while (l.len && g_ascii_isspace(start[l.len - 1]))
		l.len--;
	end = start + l.len;
	for (p = start; p < end && g_ascii_isspace(*p); p++)
		;
	if (p == end || *p == '#')
		return l;
	l.opens = *p == '[';
	if (!is_plain_line(p, (size_t)(end - p)))
		bad(&l, "this has bytes that are not plain text");
	else if (l.opens)
		read_group(&l, p, end);
	else
		read_entry(&l, p, end);
	return l;
}

/* ---- reading ------------------------------------------------------------------------------ */

static void report(const struct settings_reader *to, unsigned line, const char *why,
		   const char *what, size_t len)
{
	g_autoptr(GString) s = g_string_new(why);

	g_string_append(s, ": ");
	text_harmless(s, what, len, MOST_SHOWN);
	to->problem(to->data, line, s->str);
}

/* Collects the entries and copies what GKeyFile may see. */
static GPtrArray *collect(const char *bytes, size_t len, GString *clean,
			  const struct settings_reader *to)
{
	GPtrArray *entries = g_ptr_array_new_with_free_func(free_entry);
	const char *end = bytes + len;
	g_autofree char *group = NULL;
	bool lost = false;	/* below a [group] that could not be read: nobody's entries */
	unsigned number = 1;

	for (const char *p = bytes; p < end; number++) {
		struct line l = line_at(p, end);

		if (l.opens)
			lost = l.kind == LINE_BAD;
		if (l.kind == LINE_ENTRY && !group && !lost)
			bad(&l, "this stands before the first [group]");
		if (l.kind == LINE_BAD) {
			report(to, number, l.why, l.start, l.len);
		} else if (l.kind == LINE_GROUP) {
			g_free(group);
			group = g_strdup(l.name);
			g_string_append_printf(clean, "[%s]\n", group);
		} else if (l.kind == LINE_ENTRY && !lost) {
			struct entry *e = g_new0(struct entry, 1);

			*e = (struct entry){ g_strdup(group), g_strdup(l.name), number };
			g_ptr_array_add(entries, e);
			g_string_append_len(clean, l.start, (gssize)l.len);
			g_string_append_c(clean, '\n');
		}
		p += l.whole;
		line_done(&l);
	}
	return entries;
}

/* The line that counts for each group and key: the last. */
static GHashTable *last_lines(const GPtrArray *entries)
{
	GHashTable *last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < entries->len; i++) {
		const struct entry *e = g_ptr_array_index(entries, i);

		g_hash_table_insert(last, g_strdup_printf("%s\n%s", e->group, e->key),
				    GUINT_TO_POINTER(e->line));
	}
	return last;
}

/* GLib complains aloud when it meets a second one, so it is never shown any. */
static bool has_wrong_escape(const char *raw)
{
	for (const char *p = strchr(raw, '\\'); p; p = strchr(p + 2, '\\'))
		if (!p[1] || !strchr("sntr\\", p[1]))
			return true;
	return false;
}

static void tell(const struct entry *e, GKeyFile *file, GHashTable *last,
		 const struct settings_reader *to)
{
	g_autofree char *id = g_strdup_printf("%s\n%s", e->group, e->key);
	unsigned line = GPOINTER_TO_UINT(g_hash_table_lookup(last, id));
	g_autofree char *raw = NULL, *value = NULL, *why = NULL;

	if (line != e->line) {
		why = g_strdup_printf("line %u says it again and wins", line);
		report(to, e->line, why, e->key, strlen(e->key));
		return;
	}
	raw = g_key_file_get_value(file, e->group, e->key, NULL);
	if (raw && !has_wrong_escape(raw))
		value = g_key_file_get_string(file, e->group, e->key, NULL);
	if (!value || !is_harmless(value, strlen(value)))
		report(to, e->line, "the value cannot be read", e->key, strlen(e->key));
	else
		to->entry(to->data, e->group, e->key, g_strstrip(value), e->line);
}

void settings_file_read(const char *bytes, size_t len, const struct settings_reader *to)
{
	g_autoptr(GString) clean = g_string_sized_new(len + 1);
	g_autoptr(GPtrArray) entries = collect(bytes, len, clean, to);
	g_autoptr(GHashTable) last = last_lines(entries);
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(GError) why = NULL;

	if (clean->len &&
	    !g_key_file_load_from_data(file, clean->str, clean->len, G_KEY_FILE_NONE, &why)) {
		report(to, 1, "the file cannot be read", why->message, strlen(why->message));
		return;
	}
	for (guint i = 0; i < entries->len; i++)
		tell(g_ptr_array_index(entries, i), file, last, to);
}

/* ---- changing ----------------------------------------------------------------------------- */

/* As GKeyFile reads it back: backslashes doubled, a leading blank as \s. */
static void put_entry(GString *out, const char *key, const char *value)
{
	g_string_append_printf(out, "%s = ", key);
	if (*value == ' ') {
		g_string_append(out, "\\s");
		value++;
	}
	for (; *value; value++) {
		if (*value == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *value);
	}
	g_string_append_c(out, '\n');
}

static void end_line(GString *out)
{
	if (out->len && out->str[out->len - 1] != '\n')
		g_string_append_c(out, '\n');
}

GString *settings_file_edit(const char *bytes, size_t len, const char *group, const char *key,
			    const char *value)
{
	GString *out = g_string_sized_new(len + 64);
	const char *end = bytes + len;
	bool inside = false, found = false;
	gssize after = -1;	/* where a new entry goes: behind the last one of the group */

	for (const char *p = bytes; p < end;) {
		struct line l = line_at(p, end);

		if (l.opens)
			inside = l.kind == LINE_GROUP && strcmp(l.name, group) == 0;
		if (inside && l.kind == LINE_ENTRY && strcmp(l.name, key) == 0) {
			if (value && !found)
				put_entry(out, key, value);
			found = true;	/* a second one would win over ours, so it goes */
		} else {
			g_string_append_len(out, p, (gssize)l.whole);
		}
		if (inside && l.kind != LINE_OTHER) {
			end_line(out);
			after = (gssize)out->len;
		}
		p += l.whole;
		line_done(&l);
	}
	if (found || !value)
		return out;
	if (after < 0) {
		end_line(out);
		g_string_append_printf(out, "%s[%s]\n", out->len ? "\n" : "", group);
		after = (gssize)out->len;
	}
	{
		g_autoptr(GString) entry = g_string_new(NULL);

		put_entry(entry, key, value);
		g_string_insert_len(out, after, entry->str, (gssize)entry->len);
	}
	return out;
}

bool settings_file_has(const char *bytes, size_t len, const char *group)
{
	const char *end = bytes + len;
	bool found = false;

	for (const char *p = bytes; p < end && !found;) {
		struct line l = line_at(p, end);

		found = l.kind == LINE_GROUP && strcmp(l.name, group) == 0;
		p += l.whole;
		line_done(&l);
	}
	return found;
}

/* What stands behind the last entry is about what comes next, so it is held back and kept. */
GString *settings_file_drop(const char *bytes, size_t len, const char *group)
{
	GString *out = g_string_sized_new(len + 1);
	g_autoptr(GString) held = g_string_new(NULL);
	const char *end = bytes + len;
	bool inside = false;

	for (const char *p = bytes; p < end;) {
		struct line l = line_at(p, end);

		if (l.opens)
			inside = l.kind == LINE_GROUP && strcmp(l.name, group) == 0;
		if (!inside || (l.opens && held->len)) {
			g_string_append_len(out, held->str, (gssize)held->len);
			g_string_truncate(held, 0);
		}
		if (!inside)
			g_string_append_len(out, p, (gssize)l.whole);
		else if (l.kind == LINE_OTHER)
			g_string_append_len(held, p, (gssize)l.whole);
		else
			g_string_truncate(held, 0);
		p += l.whole;
		line_done(&l);
	}
	g_string_append_len(out, held->str, (gssize)held->len);
	return out;
}

GString *settings_file_rename(const char *bytes, size_t len, const char *group,
			      const char *name)
{
	GString *out = g_string_sized_new(len + 64);
	const char *end = bytes + len;

	for (const char *p = bytes; p < end;) {
		struct line l = line_at(p, end);

		if (l.kind == LINE_GROUP && strcmp(l.name, group) == 0)
			g_string_append_printf(out, "[%s]\n", name);
		else
			g_string_append_len(out, p, (gssize)l.whole);
		p += l.whole;
		line_done(&l);
	}
	return out;
}
