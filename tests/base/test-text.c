/* Widths, cutting, folding and wrapping: examples for what people see, properties for what
 * nobody thought of. */
#define _GNU_SOURCE
#include "certty/base/text.h"

#include <locale.h>
#include <string.h>
#include <wchar.h>

static char *fit(const char *s, int cells, enum align align)
{
	GString *out = g_string_new(NULL);

	text_fit(out, s, cells, align);
	return g_string_free(out, FALSE);
}

/* What the terminal library will count. */
static int measured(const char *s)
{
	int cells = 0;

	g_assert_true(g_utf8_validate(s, -1, NULL));
	for (; *s; s = g_utf8_next_char(s)) {
		int w = wcwidth((wchar_t)g_utf8_get_char(s));

		g_assert_cmpint(w, >=, 0);
		cells += w;
	}
	return cells;
}

static void widths(void)
{
	g_assert_cmpint(text_width("", -1), ==, 0);
	g_assert_cmpint(text_width("www.example.com", -1), ==, 15);
	g_assert_cmpint(text_width("www.example.com", 3), ==, 3);
	g_assert_cmpint(text_width("h\xc3\xb6gskola", -1), ==, 8);
	g_assert_cmpint(text_width("\xe4\xbe\x8b\xe3\x81\x88", -1), ==, 4);	/* two wide */
	g_assert_cmpint(text_width("e\xcc\x81", -1), ==, 1);			/* combining */
	g_assert_cmpint(text_width("\xff\x01", -1), ==, 2);			/* "??" */
	g_assert_cmpint(text_width("a\0b", 3), ==, 3);
}

static void fits(void)
{
	static const struct {
		const char *s;
		int cells;
		enum align align;
		const char *shown;
	} rows[] = {
		{ "abc", 5, ALIGN_LEFT, "abc  " },
		{ "abc", 5, ALIGN_RIGHT, "  abc" },
		{ "abc", 3, ALIGN_LEFT, "abc" },
		{ "abcd", 3, ALIGN_LEFT, "ab\xe2\x80\xa6" },
		{ "abcd", 3, ALIGN_RIGHT, "ab\xe2\x80\xa6" },
		{ "abcd", 1, ALIGN_LEFT, "\xe2\x80\xa6" },
		{ "abcd", 0, ALIGN_LEFT, "" },
		{ "abcd", -3, ALIGN_LEFT, "" },
		{ "", 2, ALIGN_LEFT, "  " },
		/* a wide character is not halved: a blank takes its place */
		{ "\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b", 4, ALIGN_LEFT,
		  "\xe4\xbe\x8b\xe2\x80\xa6 " },
		{ "\xe4\xbe\x8b\xe4\xbe\x8b", 4, ALIGN_LEFT, "\xe4\xbe\x8b\xe4\xbe\x8b" },
		/* a mark stays with its letter */
		{ "e\xcc\x81xyz", 2, ALIGN_LEFT, "e\xcc\x81\xe2\x80\xa6" },
		/* a mark without a letter is not put on the neighbour */
		{ "\xcc\x81x", 2, ALIGN_LEFT, "x " },
		{ "a\xffz", 4, ALIGN_LEFT, "a?z " },
		/* of a path both ends stay */
		{ "~/.tool/credentials [prod]", 17, ALIGN_ENDS, "~/\xe2\x80\xa6" "entials [prod]" },
		{ "~/.tool", 9, ALIGN_ENDS, "~/.tool  " },
		{ "~/.tool/credentials", 8, ALIGN_ENDS, "~/.tool\xe2\x80\xa6" },
		{ "/\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b", 9, ALIGN_ENDS,
		  "/\xe2\x80\xa6\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b " },
		/* two letters of a flag, and what a joiner joins */
		{ "\xf0\x9f\x87\xb8\xf0\x9f\x87\xaa!!", 2, ALIGN_LEFT, "\xe2\x80\xa6 " },
		{ "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbbxx", 3, ALIGN_LEFT,
		  "\xe2\x80\xa6  " },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *shown = fit(rows[i].s, rows[i].cells, rows[i].align);

		g_assert_cmpstr(shown, ==, rows[i].shown);
	}
}

static void ascii_mode(void)
{
	g_autofree char *cut = NULL, *one = NULL, *other = NULL, *dash = NULL;
	g_autoptr(GString) count = g_string_new(NULL);

	text_set_ascii(true);
	g_assert_true(text_is_ascii());
	cut = fit("abcdef", 4, ALIGN_LEFT);
	one = fit("abcdef", 1, ALIGN_LEFT);
	other = fit("h\xc3\xb6g\xe4\xbe\x8b" "e\xcc\x81", 6, ALIGN_LEFT);
	dash = fit("a \xe2\x80\x93 b\xe2\x80\xa6", 8, ALIGN_LEFT);
	text_count(count, 12408);
	g_assert_cmpint(text_width("h\xc3\xb6g\xe4\xbe\x8b", -1), ==, 4);
	text_set_ascii(false);
	g_assert_cmpstr(cut, ==, "ab..");
	g_assert_cmpstr(one, ==, ".");
	g_assert_cmpstr(other, ==, "h?g?e ");
	g_assert_cmpstr(dash, ==, "a - b.. ");
	g_assert_cmpstr(count->str, ==, "12 408");
}

/* Random texts: plain, foreign, broken, and pieces that are known to be awkward. */
static void put_random(GString *s)
{
	static const char *const awkward[] = {
		"\xe2\x80\x8d", "\xcc\x81", "\xf0\x9f\x87\xb8", "\xf0\x9f\x91\xa9", "\xe2\x80\xae",
		"\xef\xb8\x8f", "\xe4\xbe\x8b", "\x1b[31m", "\xff", "\xc3", "\xed\xa0\x80", " ",
		"\xe1\x84\x80\xe1\x85\xa1", "\xcd\x8f", "\xef\xbb\xbf", "\t",
	};

	for (int i = g_test_rand_int_range(0, 24); i > 0; i--)
		switch (g_test_rand_int_range(0, 4)) {
		case 0:
			g_string_append_c(s, (char)g_test_rand_int_range(1, 256));
			break;
		case 1:
			g_string_append_unichar(s, (gunichar)g_test_rand_int_range(1, 0xd800));
			break;
		case 2:
			g_string_append(s, awkward[g_test_rand_int_range(
						   0, G_N_ELEMENTS(awkward))]);
			break;
		default:
			g_string_append_c(s, (char)g_test_rand_int_range(' ', 127));
		}
}

static void fit_is_exact(void)
{
	for (int i = 0; i < 30000; i++) {
		g_autoptr(GString) s = g_string_new(NULL);
		int cells = g_test_rand_int_range(0, 30);
		enum align align = (enum align)(i % (ALIGN_ENDS + 1));
		g_autofree char *shown = NULL, *again = NULL;

		put_random(s);
		text_set_ascii(i % 4 == 0);
		shown = fit(s->str, cells, align);
		again = fit(shown, cells, align);
		g_assert_cmpint(text_width(shown, -1), ==, cells);
		text_set_ascii(false);
		g_assert_cmpint(measured(shown), ==, cells);
		g_assert_cmpstr(again, ==, shown);
		if (i % 4 == 0)
			g_assert_true(g_str_is_ascii(shown));
	}
}

static void prefix_is_longest(void)
{
	for (int i = 0; i < 20000; i++) {
		g_autoptr(GString) s = g_string_new(NULL);
		int cells = g_test_rand_int_range(0, 20), used = -1, more = -1;
		size_t n, m;

		put_random(s);
		n = text_prefix(s->str, cells, &used);
		g_assert_cmpint(used, <=, cells);
		g_assert_cmpuint(n, <=, strlen(s->str));
		g_assert_cmpint(text_width(s->str, (gssize)n), ==, used);
		m = text_prefix(s->str, cells + 1, &more);
		g_assert_cmpuint(m, >=, n);
		g_assert_cmpint(more, >=, used);
		if (text_width(s->str, -1) <= cells)
			g_assert_cmpuint(n, ==, strlen(s->str));
	}
}

static void folds(void)
{
	static const struct {
		const char *s, *folded;
	} rows[] = {
		{ "", "" },
		{ "WWW.Example.COM", "www.example.com" },
		{ "[@`{Zz", "[@`{zz" },
		{ "K\xc3\x96NIG \xce\xa3", "k\xc3\xb6nig \xcf\x83" },
		{ "A\xff" "B\xc3", "a\xff" "b\xc3" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) out = g_string_new("<");

		text_fold(out, rows[i].s, -1);
		g_assert_cmpstr(out->str + 1, ==, rows[i].folded);
	}
}

static void wraps(void)
{
	static const struct {
		const char *s;
		int cells;
		const char *lines;	/* joined by | */
	} rows[] = {
		{ "", 10, "" },
		{ "one", 10, "one" },
		{ "one two three", 8, "one two|three" },
		{ "one two three", 7, "one two|three" },
		{ "one  two", 4, "one|two" },
		{ "abcdefgh", 3, "abc|def|gh" },
		{ "a\n\nb", 10, "a||b" },
		{ "\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b", 5,
		  "\xe4\xbe\x8b\xe4\xbe\x8b|\xe4\xbe\x8b" },
		{ "\xe4\xbe\x8b", 1, "\xe4\xbe\x8b" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(GStrv) lines = text_wrap(rows[i].s, rows[i].cells);
		g_autofree char *joined = g_strjoinv("|", lines);

		g_assert_cmpstr(joined, ==, rows[i].lines);
	}
}

/* Every line fits, and nothing but blanks gets lost. */
static void wrap_keeps_all(void)
{
	for (int i = 0; i < 5000; i++) {
		g_autoptr(GString) raw = g_string_new(NULL), s = g_string_new(NULL);
		g_autoptr(GString) kept = g_string_new(NULL), want = g_string_new(NULL);
		int cells = g_test_rand_int_range(2, 20);
		g_auto(GStrv) lines = NULL;

		put_random(raw);
		text_harmless(s, raw->str, raw->len, 4096);
		lines = text_wrap(s->str, cells);
		for (char **line = lines; *line; line++) {
			g_assert_cmpint(text_width(*line, -1), <=, cells);
			g_string_append(kept, *line);
		}
		g_string_append(want, s->str);
		g_string_replace(kept, " ", "", 0);
		g_string_replace(want, " ", "", 0);
		g_assert_cmpstr(kept->str, ==, want->str);
	}
}

static void counts(void)
{
	static const struct {
		guint64 n;
		const char *s;
	} rows[] = {
		{ 0, "0" },
		{ 999, "999" },
		{ 1000, "1\xc2\xa0" "000" },
		{ 12408, "12\xc2\xa0" "408" },
		{ 1000000, "1\xc2\xa0" "000\xc2\xa0" "000" },
		{ G_MAXUINT64, "18\xc2\xa0" "446\xc2\xa0" "744\xc2\xa0" "073\xc2\xa0"
			       "709\xc2\xa0" "551\xc2\xa0" "615" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) out = g_string_new(NULL);

		text_count(out, rows[i].n);
		g_assert_cmpstr(out->str, ==, rows[i].s);
		g_assert_null(strchr(out->str, ' '));
	}
}

/* Widths do not hang on the locale: the engine may run before or without one. */
static void any_locale(void)
{
	const char *s = "h\xc3\xb6g\xe4\xbe\x8b\xf0\x9f\x98\x80";

	g_assert_cmpint(text_width(s, -1), ==, 7);
	g_assert_nonnull(setlocale(LC_ALL, "C"));
	g_assert_cmpint(text_width(s, -1), ==, 7);
	g_assert_nonnull(setlocale(LC_ALL, "C.UTF-8"));
}

int main(int argc, char **argv)
{
	g_assert_nonnull(setlocale(LC_ALL, "C.UTF-8"));
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/text/widths", widths);
	g_test_add_func("/base/text/fits", fits);
	g_test_add_func("/base/text/ascii-mode", ascii_mode);
	g_test_add_func("/base/text/fit-is-exact", fit_is_exact);
	g_test_add_func("/base/text/prefix-is-longest", prefix_is_longest);
	g_test_add_func("/base/text/folds", folds);
	g_test_add_func("/base/text/wraps", wraps);
	g_test_add_func("/base/text/wrap-keeps-all", wrap_keeps_all);
	g_test_add_func("/base/text/counts", counts);
	g_test_add_func("/base/text/any-locale", any_locale);
	return g_test_run();
}
