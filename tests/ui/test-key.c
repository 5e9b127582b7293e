/* Names of keys: both ways, one form for each key, and errors that name the place. */
#include <string.h>

#include <certty/base/err.h>

#include "ui/key.h"

static void assert_key(const char *name, uint32_t key, const char *said)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	uint32_t read = 0, again = 0;

	g_assert_true(key_parse(name, -1, &read, &error));
	g_assert_no_error(error);
	g_assert_cmphex(read, ==, key);
	key_say(out, read);
	g_assert_cmpstr(out->str, ==, said);
	g_assert_true(key_parse(out->str, -1, &again, NULL));
	g_assert_cmphex(again, ==, key);
}

static void test_names(void)
{
	assert_key("j", 'j', "j");
	assert_key("A", 'A', "A");
	assert_key("é", 0xe9, "é");
	assert_key("-", '-', "-");
}

static void test_one_form(void)
{
	assert_key("S-a", 'A', "A");
	assert_key("C-X", 'x' | K_CTRL, "C-x");
	assert_key("C-i", K_TAB, "Tab");
	assert_key("C-m", K_ENTER, "Enter");
	assert_key("C-[", K_ESC, "Esc");
	assert_key("M-C-i", K_TAB | K_ALT, "M-Tab");
	assert_key("return", K_ENTER, "Enter");
	assert_key("PageDown", K_PGDN, "PgDn");
	assert_key("S-Tab", K_TAB | K_SHIFT, "S-Tab");
	assert_key("S-C-Left", K_LEFT | K_SHIFT | K_CTRL, "C-S-Left");
	assert_key("F5", K_F(5), "F5");
	assert_key("F24", K_F(24), "F24");
	assert_key("space", ' ', "Space");
	assert_key("C-Space", ' ' | K_CTRL, "C-Space");
	assert_key("M-x", 'x' | K_ALT, "M-x");
	assert_key("U+200B", 0x200b, "U+200B");
}

/* Every key that has a code has a name that is read as that key again. */
static void test_round_trip(void)
{
	static const uint32_t mods[] = { 0, K_CTRL, K_ALT, K_SHIFT, K_CTRL | K_ALT | K_SHIFT };

	for (uint32_t code = K_UP; code <= K_F24; code++)
		for (size_t m = 0; m < G_N_ELEMENTS(mods); m++) {
			g_autoptr(GString) name = g_string_new(NULL);
			uint32_t read = 0;

			key_say(name, code | mods[m]);
			g_assert_true(key_parse(name->str, (gssize)name->len, &read, NULL));
			g_assert_cmphex(read, ==, code | mods[m]);
		}
	for (uint32_t c = ' '; c < 0x3000; c++) {
		g_autoptr(GString) name = g_string_new(NULL);
		uint32_t read = 0;

		if (g_unichar_iscntrl(c))
			continue;
		key_say(name, c);
		g_assert_true(key_parse(name->str, -1, &read, NULL));
		g_assert_cmphex(read, ==, c);
	}
}

static void test_errors(void)
{
	static const struct {
		const char *name, *message;
	} wrong[] = {
		{ "", "a key is missing (at character 1)" },
		{ "C-", "C-: there is no key of this name (at character 1)" },
		{ "C-Foo", "C-Foo: there is no key of this name (at character 3)" },
		{ "F25", "there is no key of this name" },
		{ "F0", "there is no key of this name" },
		{ "C-é", "terminals cannot send Ctrl with this character (at character 3)" },
		{ "C-5", "terminals cannot send Ctrl" },
		{ "S-5", "Shift makes another character" },
		{ "\t", "a character that can be seen" },
		{ "\x1b[A", "\\x1b[A: there is no key of this name" },
		{ "C-C-x", "there is no key of this name (at character 3)" },
		{ "U+0000", "there is no key of this name" },
		{ "\xff", "not UTF-8" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autoptr(GError) error = NULL;
		uint32_t key = 42;

		g_assert_false(key_parse(wrong[i].name, -1, &key, &error));
		g_assert_error(error, ERR, ERR_FORMAT);
		g_assert_nonnull(strstr(error->message, wrong[i].message));
		g_assert_cmpuint(key, ==, 42);
	}
}

static void test_lists(void)
{
	g_autoptr(GError) error = NULL;
	uint32_t keys[3] = { 0 };
	size_t n = 7;

	g_assert_true(key_parse_list(" ? F1  C-h ", keys, 3, &n, &error));
	g_assert_cmpuint(n, ==, 3);
	g_assert_cmphex(keys[0], ==, '?');
	g_assert_cmphex(keys[1], ==, K_F(1));
	g_assert_cmphex(keys[2], ==, K_BACKSPACE);
	g_assert_true(key_parse_list("", keys, 3, &n, &error));
	g_assert_cmpuint(n, ==, 0);
	g_assert_false(key_parse_list("a b c d", keys, 3, &n, &error));
	g_assert_nonnull(strstr(error->message, "more than 3 keys (at character 7)"));
	g_clear_error(&error);
	g_assert_false(key_parse_list("a Nope", keys, 3, &n, &error));
	g_assert_nonnull(strstr(error->message, "(at character 3)"));
	g_assert_cmpuint(n, ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/key/names", test_names);
	g_test_add_func("/key/one-form", test_one_form);
	g_test_add_func("/key/round-trip", test_round_trip);
	g_test_add_func("/key/errors", test_errors);
	g_test_add_func("/key/lists", test_lists);
	return g_test_run();
}
