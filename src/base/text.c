/*
 * Texts on a grid of cells.  Everything here goes through one pair of functions: glyph_at says
 * what is shown for the next character and how wide it is, cluster_at which characters stay
 * together, so that measuring, cutting and drawing cannot disagree.  Almost all text is ASCII,
 * where bytes are cells; each function takes that short way first.
 */
#define _GNU_SOURCE
#include "certty/base/text.h"

#include <locale.h>
#include <pthread.h>
#include <string.h>
#include <wchar.h>

#include "text_cells.h"

struct glyph {
	size_t bytes;		/* of the text */
	const char *shown;
	size_t shown_len;
	int cells;
	gunichar c;		/* 0 when it is no character */
};

/* Cells from which on two ends of a text say more than its beginning. */
#define ENDS_LEAST 9

static bool ascii;
static locale_t utf8;
static pthread_once_t utf8_once = PTHREAD_ONCE_INIT;

void text_set_ascii(bool on)
{
	ascii = on;
}

bool text_is_ascii(void)
{
	return ascii;
}

static void make_locale(void)
{
	utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

int text_cells(gunichar c)
{
	locale_t old;
	int cells;

	if (c >= 0xa0 && c < 0x300)
		return 1;
	pthread_once(&utf8_once, make_locale);
	if (!utf8)
		return wcwidth((wchar_t)c);
	old = uselocale(utf8);
	cells = wcwidth((wchar_t)c);
	uselocale(old);
	return cells;
}

/* What ASCII mode shows instead of the typography that we write ourselves. */
static const char *plain_form(gunichar c)
{
	static const struct {
		gunichar c;
		const char *shown;
	} forms[] = {
		{ 0x00a0, " " },  { 0x00b7, "-" }, { 0x2010, "-" }, { 0x2013, "-" },
		{ 0x2014, "-" },  { 0x2018, "'" }, { 0x2019, "'" }, { 0x201c, "\"" },
		{ 0x201d, "\"" }, { 0x202f, " " }, { 0x2026, ".." }, { 0x203a, ">" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
		if (forms[i].c == c)
			return forms[i].shown;
	return "?";
}

static struct glyph glyph_at(const char *s, const char *end)
{
	struct glyph g = { .bytes = 1, .shown = "?", .shown_len = 1, .cells = 1 };
	unsigned char first = (unsigned char)*s;
	int cells;

	if (first < 0x80) {
		if (first >= 0x20 && first < 0x7f) {
			g.shown = s;
			g.c = first;
		}
		return g;
	}
	g.c = g_utf8_get_char_validated(s, end - s);
	if (g.c >= (gunichar)-2) {
		g.c = 0;
		return g;
	}
	g.bytes = (size_t)(g_utf8_next_char(s) - s);
	cells = text_cells(g.c);
	if (cells < 0)
		return g;
	if (!ascii || cells == 0) {
		g.cells = cells;
		g.shown = s;
		g.shown_len = ascii ? 0 : g.bytes;
		return g;
	}
	g.shown = plain_form(g.c);
	g.shown_len = strlen(g.shown);
	g.cells = (int)g.shown_len;
	return g;
}

static bool is_flag_half(gunichar c)
{
	return c >= 0x1f1e6 && c <= 0x1f1ff;
}

/* The bytes at s that must not be torn apart: a character and the marks on it, what a joiner
 * joins, the two letters of a flag. */
static size_t cluster_at(const char *s, const char *end, int *ret_cells)
{
	const char *p = s;
	struct glyph g = glyph_at(p, end), next;
	bool flag = is_flag_half(g.c);
	int cells = g.cells;

	for (p += g.bytes; p < end; p += next.bytes, g = next) {
		next = glyph_at(p, end);
		if (next.cells > 0 && g.c != 0x200d && !(flag && is_flag_half(next.c)))
			break;
		flag = false;
		cells += next.cells;
	}
	*ret_cells = cells;
	return (size_t)(p - s);
}

int text_width(const char *s, gssize len)
{
	size_t n = len < 0 ? strlen(s) : (size_t)len;
	size_t run = text_ascii_run(s, n);
	const char *end = s + n;
	int cells = (int)run;
	struct glyph g;

	for (s += run; s < end; s += g.bytes) {
		g = glyph_at(s, end);
		cells += g.cells;
	}
	return cells;
}

static size_t prefix(const char *s, size_t len, int cells, int *ret_cells)
{
	const char *p = s, *end = s + len;
	int used = 0, more = 0;

	while (p < end) {
		size_t n = cluster_at(p, end, &more);

		if (used + more > cells)
			break;
		used += more;
		p += n;
	}
	*ret_cells = used;
	return (size_t)(p - s);
}

size_t text_prefix(const char *s, int cells, int *ret_cells)
{
	int used = 0;
	size_t n = prefix(s, strlen(s), cells, &used);

	if (ret_cells)
		*ret_cells = used;
	return n;
}

static void blanks(GString *out, int n)
{
	static const char some[] = "                                ";

	for (; n > 0; n -= (int)sizeof(some) - 1)
		g_string_append_len(out, some, MIN(n, (int)sizeof(some) - 1));
}

static void put_shown(GString *out, const char *s, size_t len)
{
	const char *end = s + len;
	bool has_base = false;
	struct glyph g;

	while (s < end) {
		size_t run = text_ascii_run(s, (size_t)(end - s));

		g_string_append_len(out, s, (gssize)run);
		has_base |= run > 0;
		s += run;
		if (s == end)
			break;
		g = glyph_at(s, end);
		has_base |= g.cells > 0;
		if (has_base)	/* or a mark would sit on whatever stands to the left */
			g_string_append_len(out, g.shown, (gssize)g.shown_len);
		s += g.bytes;
	}
}

/* A little of the beginning, so that one sees where it starts, and of the end all that has room. */
static void fit_ends(GString *out, const char *s, int cells, int width)
{
	const char *dots = ascii ? ".." : "\xe2\x80\xa6";
	int dot_cells = ascii ? 2 : 1, head = (cells - dot_cells) / 6, used, skipped;
	int tail = cells - dot_cells - head;
	size_t len = strlen(s), n = prefix(s, len, head, &used);
	size_t from = prefix(s, len, width - tail, &skipped);

	/* The middle of a wide one is no place to begin. */
	for (int more = 1; skipped < width - tail; more++)
		from = prefix(s, len, width - tail + more, &skipped);
	put_shown(out, s, n);
	g_string_append(out, dots);
	put_shown(out, s + from, len - from);
	blanks(out, cells - used - dot_cells - (width - skipped));
}

void text_fit(GString *out, const char *s, int cells, enum align align)
{
	const char *dots = ascii ? ".." : "\xe2\x80\xa6";
	size_t len = strlen(s), n = len;
	int used, dot_cells = ascii ? 2 : 1;
	bool cut;

	if (cells <= 0)
		return;
	if (align == ALIGN_ENDS && cells >= ENDS_LEAST && text_width(s, (gssize)len) > cells) {
		fit_ends(out, s, cells, text_width(s, (gssize)len));
		return;
	}
	if (text_ascii_run(s, len) == len) {
		cut = len > (size_t)cells;
		used = cut ? MAX(cells - dot_cells, 0) : (int)len;
		n = (size_t)used;
	} else {
		n = prefix(s, len, cells, &used);
		cut = n < len;
		if (cut)
			n = prefix(s, len, MAX(cells - dot_cells, 0), &used);
	}
	if (cut && dot_cells > cells)
		dot_cells = cells;
	if (align == ALIGN_RIGHT)
		blanks(out, cells - used - (cut ? dot_cells : 0));
	put_shown(out, s, n);
	if (cut)
		g_string_append_len(out, dots, ascii ? dot_cells : 3);
	if (align != ALIGN_RIGHT)
		blanks(out, cells - used - (cut ? dot_cells : 0));
}

static void fold_other(GString *out, const char *s, const char *end)
{
	while (s < end) {
		gunichar c = g_utf8_get_char_validated(s, end - s);

		if (c >= (gunichar)-2) {
			g_string_append_c(out, *s++);
			continue;
		}
		g_string_append_unichar(out, g_unichar_tolower(c));
		s = g_utf8_next_char(s);
	}
}

void text_fold(GString *out, const char *s, gssize len)
{
	size_t n = len < 0 ? strlen(s) : (size_t)len, at = out->len;

	g_string_append_len(out, s, (gssize)n);
	for (size_t i = 0; i < n; i++) {
		char c = s[i];

		if (c & 0x80) {
			g_string_truncate(out, at + i);
			fold_other(out, s + i, s + n);
			return;
		}
		out->str[at + i] = (char)(c + ((c >= 'A' && c <= 'Z') ? 'a' - 'A' : 0));
	}
}

/* Bytes of the next line, and where the one after it starts. */
static size_t one_line(const char *s, size_t len, int cells, size_t *ret_next)
{
	int used;
	size_t n = prefix(s, len, cells, &used);

	if (n == len) {
		*ret_next = n;
		return n;
	}
	for (size_t i = n + 1; i-- > 0;) {
		if (s[i] != ' ')
			continue;
		*ret_next = i + 1;
		while (i > 0 && s[i - 1] == ' ')
			i--;
		if (i == 0)
			break;
		return i;
	}
	if (n == 0)	/* a cluster wider than the line */
		n = glyph_at(s, s + len).bytes;
	*ret_next = n;
	return n;
}

char **text_wrap(const char *s, int cells)
{
	GPtrArray *lines = g_ptr_array_new();

	cells = MAX(cells, 2);	/* so that every character fits somewhere */
	do {
		const char *end = strchrnul(s, '\n');

		do {
			size_t next, n = one_line(s, (size_t)(end - s), cells, &next);

			g_ptr_array_add(lines, g_strndup(s, n));
			s += next;
		} while (s < end);
		s = end;
	} while (*s++);
	g_ptr_array_add(lines, NULL);
	return (char **)g_ptr_array_free(lines, FALSE);
}

void text_count(GString *out, guint64 n)
{
	char digits[32];
	int len = g_snprintf(digits, sizeof(digits), "%" G_GUINT64_FORMAT, n);

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			g_string_append(out, ascii ? " " : "\xc2\xa0");
		g_string_append_c(out, digits[i]);
	}
}
