/*
 * JSON for others, written in the order in which it is said.  Control characters leave as
 * escapes, C1 and DEL too, so that a terminal that shows the text is not moved by it.
 */
#include "certty/base/json.h"

#include <string.h>

#define DEEPEST 64

static void new_line(struct json_writer *w)
{
	if (!w->pretty)
		return;
	g_string_append_c(w->out, '\n');
	for (unsigned i = 0; i < w->depth; i++)
		g_string_append(w->out, "  ");
}

static void put_text(GString *out, const char *s)
{
	static const char named[] = { ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r',
				      ['\t'] = 't', ['"'] = '"', ['\\'] = '\\' };
	const char *end = s + strlen(s);

	g_string_append_c(out, '"');
	while (s < end) {
		gunichar c = g_utf8_get_char_validated(s, end - s);

		if (c >= (gunichar)-2) {
			g_string_append(out, "\xef\xbf\xbd");
			s++;
			continue;
		}
		if (c < sizeof(named) && named[c])
			g_string_append_printf(out, "\\%c", named[c]);
		else if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			g_string_append_printf(out, "\\u%04x", c);
		else
			g_string_append_len(out, s, g_utf8_next_char(s) - s);
		s = g_utf8_next_char(s);
	}
	g_string_append_c(out, '"');
}

/* What stands before every value: the comma, the line, the key. */
static void begin(struct json_writer *w, const char *key)
{
	uint64_t bit = UINT64_C(1) << (w->depth ? w->depth - 1 : 0);

	if (w->depth) {
		if (w->has_items & bit)
			g_string_append_c(w->out, ',');
		w->has_items |= bit;
		new_line(w);
	}
	if (!key)
		return;
	put_text(w->out, key);
	g_string_append(w->out, w->pretty ? ": " : ":");
}

void json_open(struct json_writer *w, const char *key, char bracket)
{
	g_assert(w->depth < DEEPEST);
	begin(w, key);
	g_string_append_c(w->out, bracket);
	w->has_items &= ~(UINT64_C(1) << w->depth);
	w->depth++;
}

void json_close(struct json_writer *w, char bracket)
{
	g_assert(w->depth > 0);
	w->depth--;
	if (w->has_items & (UINT64_C(1) << w->depth))
		new_line(w);
	g_string_append_c(w->out, bracket);
}

void json_put_str(struct json_writer *w, const char *key, const char *value)
{
	begin(w, key);
	if (value)
		put_text(w->out, value);
	else
		g_string_append(w->out, "null");
}

void json_put_int(struct json_writer *w, const char *key, int64_t value)
{
	begin(w, key);
	g_string_append_printf(w->out, "%" G_GINT64_FORMAT, (gint64)value);
}

void json_put_bool(struct json_writer *w, const char *key, bool value)
{
	begin(w, key);
	g_string_append(w->out, value ? "true" : "false");
}

void json_put_null(struct json_writer *w, const char *key)
{
	begin(w, key);
	g_string_append(w->out, "null");
}

void json_put_real(struct json_writer *w, const char *key, double value)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	begin(w, key);
	g_string_append(w->out, g_ascii_dtostr(text, sizeof(text), value));
}
