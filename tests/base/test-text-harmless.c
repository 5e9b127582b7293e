/* Nothing that comes out of the gate can move, hide, reverse or join what stands on the
 * screen; and host names are shown only when showing them is as safe. */
#define _GNU_SOURCE
#include "certty/base/err.h"
#include "certty/base/text.h"

#include <locale.h>
#include <string.h>
#include <wchar.h>

static char *harmless(const char *s, gssize len, size_t max)
{
	GString *out = g_string_new("=");

	text_harmless(out, s, len < 0 ? strlen(s) : (size_t)len, max);
	g_assert_cmpint(out->str[0], ==, '=');
	g_string_erase(out, 0, 1);
	return g_string_free(out, FALSE);
}

static void examples(void)
{
	static const struct {
		const char *s;
		gssize len;
		const char *shown;
	} rows[] = {
		{ "", 0, "" },
		{ "www.example.com", -1, "www.example.com" },
		{ "K\xc3\xb6nig \xe4\xbe\x8b", -1, "K\xc3\xb6nig \xe4\xbe\x8b" },
		{ "\x1b[2Jx", -1, "\\x1b[2Jx" },
		{ "a\0b", 3, "a\\0b" },
		{ "a\tb\r\nc", -1, "a\\tb\\r\\nc" },
		{ "\x7f", -1, "\\x7f" },
		{ "\xc2\x9b" "31m", -1, "\\u009b31m" },
		{ "\xff\xfe", -1, "\\xff\\xfe" },
		{ "\xc0\x80", -1, "\\xc0\\x80" },		/* overlong */
		{ "\xed\xa0\x80", -1, "\\xed\\xa0\\x80" },	/* a surrogate */
		{ "\xf4\x90\x80\x80", -1, "\\xf4\\x90\\x80\\x80" },
		{ "\xe2\x82", -1, "\\xe2\\x82" },		/* cut short */
		{ "moc\xe2\x80\xae.com", -1, "moc\\u202e.com" },
		{ "pay\xe2\x80\x8bpal", -1, "pay\\u200bpal" },
		{ "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb", -1,
		  "\xf0\x9f\x91\xa9\\u200d\xf0\x9f\x92\xbb" },
		{ "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd", -1, "\xf0\x9f\x91\x8d\\U0001f3fd" },
		{ "\xf3\xa0\x81\x81", -1, "\\U000e0041" },
		{ "\xee\x80\x80", -1, "\\ue000" },		/* private */
		{ "e\xcc\x81", -1, "e\xcc\x81" },
		{ "\xcc\x81" "e", -1, "\\u0301e" },		/* nothing to sit on */
		{ "o\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81", -1,
		  "o\xcc\x81\xcc\x81\xcc\x81\xcc\x81\\u0301" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *shown = harmless(rows[i].s, rows[i].len, 1000);

		g_assert_cmpstr(shown, ==, rows[i].shown);
	}
}

static void every_trick_is_visible(void)
{
	static const struct {
		gunichar first, last;
	} tricks[] = {
		{ 0x00, 0x1f },	    { 0x7f, 0x9f },	{ 0xad, 0xad },	    { 0x34f, 0x34f },
		{ 0x61c, 0x61c },   { 0x115f, 0x1160 }, { 0x180b, 0x180f }, { 0x200b, 0x200f },
		{ 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff },
		{ 0xfff9, 0xfffb }, { 0xfdd0, 0xfdef }, { 0xe000, 0xf8ff }, { 0xe0000, 0xe01ef },
		{ 0x10fffe, 0x10ffff },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(tricks); i++)
		for (gunichar c = tricks[i].first; c <= tricks[i].last; c++) {
			char s[16] = "a";
			int len = 1 + g_unichar_to_utf8(c, s + 1);
			g_autofree char *shown = harmless(s, len, 100);

			g_assert_true(g_str_is_ascii(shown));
			g_assert_true(g_str_has_prefix(shown, "a\\"));
		}
}

/* Any character: either it is itself and has a width, or it is an escape. */
static void every_character(void)
{
	for (gunichar c = 0x20; c < 0x110000; c++) {
		char s[16] = "a";
		int len = 1 + g_unichar_to_utf8(c, s + 1);
		g_autofree char *shown = harmless(s, len, 100);

		s[len] = '\0';
		if (strcmp(shown, s) == 0)
			g_assert_cmpint(wcwidth((wchar_t)c), >=, 0);
		else
			g_assert_true(g_str_has_prefix(shown, "a\\"));
	}
}

static void cuts(void)
{
	static const struct {
		const char *s;
		size_t max;
		const char *shown;
	} rows[] = {
		{ "abcdef", 6, "abcdef" },
		{ "abcdef", 5, "abcde\xe2\x80\xa6" },
		{ "abcdef", 0, "\xe2\x80\xa6" },
		{ "", 0, "" },
		{ "ab\x1b" "c", 5, "ab\xe2\x80\xa6" },		/* no half escapes */
		{ "ab\x1b" "c", 6, "ab\\x1b\xe2\x80\xa6" },
		{ "ab\xe4\xbe\x8b", 4, "ab\xe2\x80\xa6" },		/* no half characters */
		{ "ab\xcc\x81", 3, "a\xe2\x80\xa6" },		/* no half clusters */
		{ "ab\xcc\x81", 4, "ab\xcc\x81" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *shown = harmless(rows[i].s, -1, rows[i].max);
		g_autofree char *dup = text_harmless_dup(rows[i].s, rows[i].max);

		g_assert_cmpstr(shown, ==, rows[i].shown);
		g_assert_cmpstr(dup, ==, rows[i].shown);
	}
	g_assert_null(text_harmless_dup(NULL, 10));
}

static void lines(void)
{
	static const struct {
		const char *s, *shown;
	} rows[] = {
		{ "a\nb\n", "a\nb\n" },
		{ "a\r\nb\rc", "a\nb\\rc" },
		{ "\tx\n12\ty", "        x\n12      y" },
		{ "12345678\ty", "12345678        y" },
		{ "\xe4\xbe\x8b\tx", "\xe4\xbe\x8b      x" },
		{ "a\n\xcc\x81", "a\n\\u0301" },
		{ "\x1b[0m\v\f", "\\x1b[0m\\x0b\\x0c" },
		{ "a\xe2\x80\xa8" "b", "a\\u2028b" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) out = g_string_new(NULL);

		text_harmless_lines(out, rows[i].s, strlen(rows[i].s), 1000);
		g_assert_cmpstr(out->str, ==, rows[i].shown);
	}
}

static void assert_plain(const char *s, bool of_lines)
{
	g_assert_true(g_utf8_validate(s, -1, NULL));
	for (; *s; s = g_utf8_next_char(s)) {
		gunichar c = g_utf8_get_char(s);

		if (of_lines && c == '\n')
			continue;
		g_assert_false(c < 0x20 || (c >= 0x7f && c < 0xa0));
		g_assert_cmpint(wcwidth((wchar_t)c), >=, 0);
		g_assert_cmpint(g_unichar_type(c), !=, G_UNICODE_FORMAT);
	}
}

/* Random bytes, biased to those that matter: plain, bounded, and the same when passed again. */
static void nothing_gets_through(void)
{
	static const char *const awkward[] = { "\x1b]52;", "\xe2\x80\xae", "\xcc\x81", "\xc2\x9b",
					       "\xef\xb8\x8f", "\xe1\x84\x80", "\xf0\x9f\x87\xb8" };

	for (int i = 0; i < 30000; i++) {
		g_autoptr(GString) s = g_string_new(NULL), out = g_string_new(NULL);
		g_autoptr(GString) many = g_string_new(NULL);
		g_autofree char *again = NULL;
		size_t max = (size_t)g_test_rand_int_range(0, 80);

		for (int n = g_test_rand_int_range(0, 30); n > 0; n--)
			if (g_test_rand_bit())
				g_string_append_c(s, (char)g_test_rand_int_range(0, 256));
			else
				g_string_append(s, awkward[g_test_rand_int_range(
							   0, G_N_ELEMENTS(awkward))]);
		text_harmless(out, s->str, s->len, max);
		g_assert_cmpuint(out->len, <=, max + 3);
		assert_plain(out->str, false);
		again = text_harmless_dup(out->str, 1000);
		g_assert_cmpstr(again, ==, out->str);
		text_harmless_lines(many, s->str, s->len, max);
		g_assert_cmpuint(many->len, <=, max + 3);
		assert_plain(many->str, true);
	}
}

static void idn_to_ascii(void)
{
	static const struct {
		const char *name, *ascii;	/* NULL: refused */
	} rows[] = {
		{ "www.Example.com", "www.example.com" },
		{ "_acme-challenge.example.com", "_acme-challenge.example.com" },
		{ "*.example.com", "*.example.com" },
		{ "example.com.", "example.com." },
		{ "b\xc3\xbc" "cher.example", "xn--bcher-kva.example" },
		{ "B\xc3\x9c" "CHER.example", "xn--bcher-kva.example" },
		{ "*.b\xc3\xbc" "cher.example", "*.xn--bcher-kva.example" },
		{ "fa\xc3\x9f.example", "xn--fa-hia.example" },
		{ "xn--bcher-kva.example", "xn--bcher-kva.example" },
		{ "", NULL },
		{ ".", NULL },
		{ "a..b", NULL },
		{ "a b", NULL },
		{ "a/b", NULL },
		{ "a\x1b", NULL },
		{ "b\xc3\xbc\xe2\x80\xae.example", NULL },
		{ "\xff.example", NULL },
		{ "0123456789012345678901234567890123456789012345678901234567890123.x", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *ascii = text_idn_ascii(rows[i].name, &error);

		g_assert_cmpstr(ascii, ==, rows[i].ascii);
		if (rows[i].ascii) {
			g_assert_no_error(error);
			continue;
		}
		g_assert_error(error, ERR, ERR_FORMAT);
		assert_plain(error->message, false);
	}
}

static void long_names_are_refused(void)
{
	g_autoptr(GString) name = g_string_new(NULL);

	while (name->len <= 253)
		g_string_append(name, "abc.");
	g_assert_null(text_idn_ascii(name->str, NULL));
	g_string_truncate(name, 251);
	g_string_append(name, "xy");
	g_assert_cmpuint(name->len, ==, 253);
	{
		g_autofree char *ascii = text_idn_ascii(name->str, NULL);

		g_assert_cmpstr(ascii, ==, name->str);
	}
}

static void idn_is_shown(void)
{
	static const struct {
		const char *name, *shown;
	} rows[] = {
		{ "www.example.com", "www.example.com" },
		{ "xn--bcher-kva.example", "b\xc3\xbc" "cher.example" },
		{ "*.xn--bcher-kva.example", "*.b\xc3\xbc" "cher.example" },
		{ "xn--r8jz45g.jp", "\xe4\xbe\x8b\xe3\x81\x88.jp" },
		/* Latin with a Cyrillic a: shown as it travels */
		{ "xn--pypal-4ve.com", "xn--pypal-4ve.com" },
		{ "xn--999999999.com", "xn--999999999.com" },
		{ "xn--", "xn--" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *shown = text_idn_show(rows[i].name);

		g_assert_cmpstr(shown, ==, rows[i].shown);
	}
}

int main(int argc, char **argv)
{
	g_assert_nonnull(setlocale(LC_ALL, "C.UTF-8"));
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/text-harmless/examples", examples);
	g_test_add_func("/base/text-harmless/every-trick-is-visible", every_trick_is_visible);
	g_test_add_func("/base/text-harmless/every-character", every_character);
	g_test_add_func("/base/text-harmless/cuts", cuts);
	g_test_add_func("/base/text-harmless/lines", lines);
	g_test_add_func("/base/text-harmless/nothing-gets-through", nothing_gets_through);
	g_test_add_func("/base/text-idn/to-ascii", idn_to_ascii);
	g_test_add_func("/base/text-idn/long-names-are-refused", long_names_are_refused);
	g_test_add_func("/base/text-idn/is-shown", idn_is_shown);
	return g_test_run();
}
