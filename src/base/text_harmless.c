/*
 * The gate through which every foreign byte enters.  What could move the cursor, hide, reverse
 * or join text, and what terminals and we might measure differently, is written out as an
 * escape that a person can see; plain text passes through untouched.  What comes out passes
 * through again unchanged.
 */
#include "certty/base/text.h"

#include <string.h>

#include "text_cells.h"

#define TAB		8
#define MOST_MARKS	4	/* on one character; curses keeps no more in a cell */

struct gate {
	GString *out;
	size_t from, max;	/* out->len at the start, and how much may be added */
	size_t cluster;		/* where the last character with a width begins in out */
	int marks;		/* on it; -1: there is none to put a mark on */
	int column;		/* of lines */
	bool lines;
};

static const char dots[] = "\xe2\x80\xa6";

/* Invisible, or drawn in different widths by different terminals, though they have a width
 * and a category that sound innocent. */
static const struct {
	gunichar first, last;
} doubtful[] = {
	{ 0x034f, 0x034f },	/* combining grapheme joiner */
	{ 0x115f, 0x1160 },	/* hangul fillers */
	{ 0x17b4, 0x17b5 },	/* khmer inherent vowels */
	{ 0x180b, 0x180f },	/* mongolian variation selectors */
	{ 0x3164, 0x3164 },	/* hangul filler */
	{ 0xfe00, 0xfe0f },	/* variation selectors */
	{ 0xffa0, 0xffa0 },	/* halfwidth hangul filler */
	{ 0x1f3fb, 0x1f3ff },	/* skin tones, which melt into the character before */
	{ 0xe0000, 0xe0fff },	/* tags, more variation selectors */
};

static bool is_harmful(gunichar c)
{
	for (size_t i = 0; i < G_N_ELEMENTS(doubtful); i++)
		if (c >= doubtful[i].first && c <= doubtful[i].last)
			return true;
	switch (g_unichar_type(c)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_FORMAT:
	case G_UNICODE_UNASSIGNED:
	case G_UNICODE_PRIVATE_USE:
	case G_UNICODE_SURROGATE:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
		return true;
	default:
		return text_cells(c) < 0;
	}
}

/* Appends n bytes, or takes the unfinished cluster back, ends with the dots and says false. */
static bool add(struct gate *g, const char *s, size_t n, bool begins)
{
	size_t room = g->from + g->max - g->out->len;

	if (begins)
		g->cluster = g->out->len;
	if (n <= room) {
		g_string_append_len(g->out, s, (gssize)n);
		return true;
	}
	g_string_truncate(g->out, g->cluster);
	g_string_append(g->out, dots);
	return false;
}

static bool add_plain(struct gate *g, const char *s, size_t n)
{
	size_t room = g->from + g->max - g->out->len;

	g->marks = 0;
	g->column += (int)n;
	if (n > room) {
		g_string_append_len(g->out, s, (gssize)room);
		return add(g, s, n, true);
	}
	g_string_append_len(g->out, s, (gssize)n);
	g->cluster = g->out->len - 1;
	return true;
}

static bool add_escape(struct gate *g, const char *escape)
{
	size_t n = strlen(escape);

	g->marks = 0;
	g->column += (int)n;
	return add(g, escape, n, true);
}

static bool add_byte(struct gate *g, unsigned char byte)
{
	static const char *const named[] = { [0] = "\\0", ['\t'] = "\\t", ['\n'] = "\\n",
					     ['\r'] = "\\r" };
	char escape[8];

	if (byte < G_N_ELEMENTS(named) && named[byte])
		return add_escape(g, named[byte]);
	g_snprintf(escape, sizeof(escape), "\\x%02x", byte);
	return add_escape(g, escape);
}

static bool add_char(struct gate *g, const char *s, size_t n, gunichar c)
{
	char escape[16];
	int cells = is_harmful(c) ? -1 : text_cells(c);

	if (cells > 0) {
		g->marks = 0;
		g->column += cells;
		return add(g, s, n, true);
	}
	if (cells == 0 && g->marks >= 0 && g->marks < MOST_MARKS) {
		g->marks++;
		return add(g, s, n, false);
	}
	g_snprintf(escape, sizeof(escape), c > 0xffff ? "\\U%08x" : "\\u%04x", c);
	return add_escape(g, escape);
}

/* A line break or a tab of a text of many lines: true when it was one. */
static bool is_layout(const char *s, const char *end, const struct gate *g)
{
	return g->lines && (*s == '\n' || *s == '\t' ||
			    (*s == '\r' && s + 1 < end && s[1] == '\n'));
}

static bool add_layout(struct gate *g, char c)
{
	static const char blanks[TAB + 1] = "        ";

	if (c == '\t')
		return add_plain(g, blanks, (size_t)(TAB - g->column % TAB));
	if (c == '\r')
		return true;
	g->column = 0;
	g->marks = -1;
	return add(g, "\n", 1, true);
}

static void pass(struct gate *g, const char *s, size_t len)
{
	const char *end = s + len;
	bool room = true;

	while (room && s < end) {
		size_t n = text_ascii_run(s, (size_t)(end - s));
		gunichar c;

		if (n) {
			room = add_plain(g, s, n);
			s += n;
			continue;
		}
		if (is_layout(s, end, g)) {
			room = add_layout(g, *s++);
			continue;
		}
		c = *s & 0x80 ? g_utf8_get_char_validated(s, end - s) : (gunichar)-1;
		if (c >= (gunichar)-2) {
			room = add_byte(g, (unsigned char)*s++);
			continue;
		}
		n = (size_t)(g_utf8_next_char(s) - s);
		room = add_char(g, s, n, c);
		s += n;
	}
}

void text_harmless(GString *out, const void *bytes, size_t len, size_t max)
{
	struct gate g = { .out = out, .from = out->len, .max = max, .cluster = out->len,
			  .marks = -1 };

	pass(&g, bytes, len);
}

char *text_harmless_dup(const char *s, size_t max)
{
	GString *out;
	size_t len;

	if (!s)
		return NULL;
	len = strlen(s);
	if (len <= max && text_ascii_run(s, len) == len)
		return g_strndup(s, len);
	out = g_string_sized_new(MIN(len, max) + sizeof(dots));
	text_harmless(out, s, len, max);
	return g_string_free(out, FALSE);
}

void text_harmless_lines(GString *out, const void *bytes, size_t len, size_t max)
{
	struct gate g = { .out = out, .from = out->len, .max = max, .cluster = out->len,
			  .marks = -1, .lines = true };

	pass(&g, bytes, len);
}
