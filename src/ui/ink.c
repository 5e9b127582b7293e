/*
 * ink: curses' output with the same effect and fewer bytes.
 */
#include "ink.h"

#include <stdlib.h>
#include <string.h>

#define ESC '\x1b'
#define ATTR(n) (1u << (n))
/* Seen on a blank as well: underlined, reversed, struck through. */
#define ON_BLANKS (ATTR(4) | ATTR(7) | ATTR(9))

/* Sequences that only move, and so show no look. */
static const char moves[] = "ABCDGHdf";

static size_t sequence_length(const char *s, size_t len);
static bool read_sgr(const char *s, size_t len, struct ink_look *look);
static size_t colour_length(const char *s);
static void show(struct ink *ink, GString *out, bool blank);
static bool is_enough(const struct ink *ink, bool blank);
static void say(GString *out, const struct ink_look *from, const struct ink_look *to);

void ink_shorten(struct ink *ink, GString *out, const char *bytes, size_t len)
{
	const char *end = bytes + len;

	for (const char *s = bytes; s < end;) {
		size_t n = sequence_length(s, (size_t)(end - s));
		char last = s[n - 1];

		if (n > 2 && s[1] == '[' && last == 'm') {
			if (!read_sgr(s + 2, n - 3, &ink->wanted)) {
				show(ink, out, false);
				g_string_append_len(out, s, (gssize)n);
				ink->known = false;
			}
		} else if (n == 3 && memcmp(s, "\x1b(B", 3) == 0 && ink->known) {
			/* Back to letters from line drawing, which is never used. */
		} else {
			bool csi = n > 2 && s[1] == '[';

			if (!(csi && strchr(moves, last)) && *s != '\r' && *s != '\b')
				show(ink, out, *s == ' ' || (csi && strchr("XKJ", last)));
			g_string_append_len(out, s, (gssize)n);
		}
		s += n;
	}
}

void ink_plain(struct ink *ink, GString *out)
{
	ink->wanted = (struct ink_look){ 0 };
	show(ink, out, false);
}

/* One byte, or a whole escape sequence. */
static size_t sequence_length(const char *s, size_t len)
{
	size_t n = 2;

	if (*s != ESC || len < 2)
		return 1;
	if (s[1] == '[') {
		while (n < len && s[n] >= 0x20 && s[n] < 0x40)
			n++;
	} else if (s[1] != '(' && s[1] != ')') {
		return 2;
	}
	return MIN(n + 1, len);
}

/* The parameters of one SGR.  False when one is not understood; `look` is then as before. */
static bool read_sgr(const char *s, size_t len, struct ink_look *look)
{
	g_autofree char *all = g_strndup(s, len);
	struct ink_look l = *look;

	if (!*all)
		l = (struct ink_look){ 0 };
	for (char *p = all; *p; p += *p == ';') {
		size_t n = colour_length(p);
		unsigned long number = strtoul(p, NULL, 10);

		if (n >= INK_COLOUR_MAX)
			return false;
		if (number == 0)
			l = (struct ink_look){ 0 };
		else if (number < 10)
			l.attrs |= ATTR((unsigned)number);
		else if (number == 39)
			l.fg[0] = '\0';
		else if (number == 49)
			l.bg[0] = '\0';
		else if ((number >= 30 && number < 39) || (number >= 90 && number < 98))
			g_strlcpy(l.fg, p, n + 1);
		else if ((number >= 40 && number < 49) || (number >= 100 && number < 108))
			g_strlcpy(l.bg, p, n + 1);
		else
			return false;
		p += n;
	}
	*look = l;
	return true;
}

/* One parameter; of 38 and 48 with what belongs to it, "38;5;n", "38;2;r;g;b". */
static size_t colour_length(const char *s)
{
	size_t n = strcspn(s, ";");
	int more;

	if (n != 2 || (strncmp(s, "38", 2) != 0 && strncmp(s, "48", 2) != 0))
		return n;
	more = s[2] != ';' ? 0 : s[3] == '5' ? 2 : s[3] == '2' ? 4 : 0;
	for (; more > 0 && s[n]; more--)
		n += 1 + strcspn(s + n + 1, ";");
	return n;
}

static void show(struct ink *ink, GString *out, bool blank)
{
	static const struct ink_look plain;

	if (is_enough(ink, blank))
		return;
	if (!ink->known) {
		g_string_append(out, "\x1b(B\x1b[m");
		ink->shown = plain;
		ink->known = true;
	}
	say(out, &ink->shown, &ink->wanted);
	ink->shown = ink->wanted;
}

static bool is_enough(const struct ink *ink, bool blank)
{
	const struct ink_look *a = &ink->wanted, *b = &ink->shown;

	if (!ink->known || strcmp(a->bg, b->bg) != 0)
		return false;
	if (blank)
		return !(a->attrs & ON_BLANKS) && !(b->attrs & ON_BLANKS);
	return a->attrs == b->attrs && strcmp(a->fg, b->fg) == 0;
}

/* Off is said by starting afresh: every terminal knows that. */
static void say(GString *out, const struct ink_look *from, const struct ink_look *to)
{
	static const struct ink_look plain;
	g_autoptr(GString) s = g_string_new(NULL);
	bool afresh = (from->attrs & ~to->attrs) || (*from->fg && !*to->fg) ||
		      (*from->bg && !*to->bg);

	if (afresh)
		from = &plain;
	for (int n = 1; n < 10; n++)
		if (to->attrs & ~from->attrs & ATTR(n))
			g_string_append_printf(s, ";%d", n);
	if (strcmp(to->fg, from->fg) != 0)
		g_string_append_printf(s, ";%s", to->fg);
	if (strcmp(to->bg, from->bg) != 0)
		g_string_append_printf(s, ";%s", to->bg);
	if (afresh || s->len)
		/* "[;1m" is "[0;1m" with a byte less. */
		g_string_append_printf(out, "\x1b[%sm", afresh ? s->str : s->str + 1);
}
