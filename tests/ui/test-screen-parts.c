/* Rectangles, signs, bytes for the terminal, and the grid that other tests look at. */
#include <string.h>

#include <certty/base/text.h>

#include "ui/ink.h"
#include "ui/osc.h"
#include "ui/rect.h"
#include "ui/sign.h"
#include "ui/term.h"
#include "ui/term_grid.h"

static void assert_rect(struct rect r, int y, int x, int rows, int cols)
{
	g_assert_cmpint(r.y, ==, y);
	g_assert_cmpint(r.x, ==, x);
	g_assert_cmpint(r.rows, ==, rows);
	g_assert_cmpint(r.cols, ==, cols);
}

static void test_rect(void)
{
	struct rect rest = { 0, 0, 24, 80 }, small = { 0, 0, 2, 3 };

	assert_rect(rect_cut_top(&rest, 1), 0, 0, 1, 80);
	assert_rect(rect_cut_bottom(&rest, 2), 22, 0, 2, 80);
	assert_rect(rect_cut_left(&rest, 10), 1, 0, 21, 10);
	assert_rect(rect_cut_right(&rest, 20), 1, 60, 21, 20);
	assert_rect(rest, 1, 10, 21, 50);
	assert_rect(rect_centre(&rest, 5, 20), 9, 25, 5, 20);
	assert_rect(rect_centre(&rest, 99, 99), 1, 10, 21, 50);
	g_assert_true(rect_has(&rest, 1, 10));
	g_assert_false(rect_has(&rest, 22, 10));
	assert_rect(rect_cut_top(&small, 5), 0, 0, 2, 3);
	g_assert_true(rect_is_empty(&small));
	assert_rect(rect_cut_bottom(&small, 1), 2, 0, 0, 3);
}

static void test_signs(void)
{
	for (int plain = 0; plain < 2; plain++) {
		text_set_ascii(plain);
		for (int sign = 0; sign < SIGN_COUNT; sign++) {
			const char *s = sign_text((enum sign)sign);

			g_assert_cmpint(text_width(s, -1), ==, 1);
			g_assert_true(!plain || g_str_is_ascii(s));
		}
	}
	text_set_ascii(false);
}

static void assert_bar(int permille, const char *expected)
{
	g_autoptr(GString) s = g_string_new(NULL);
	int full = sign_bar(s, 4, permille);

	g_assert_cmpint(text_width(s->str, -1), ==, full);
	sign_bar_rest(s, 4 - full);
	g_assert_cmpstr(s->str, ==, expected);
}

static void test_bars(void)
{
	assert_bar(0, "····");
	assert_bar(-5, "····");
	assert_bar(360, "█▍··");
	assert_bar(970, "███▉");
	assert_bar(1000, "████");
	assert_bar(5000, "████");
	text_set_ascii(true);
	assert_bar(360, "#---");
	assert_bar(1000, "####");
	text_set_ascii(false);
}

static void test_osc(void)
{
	g_autoptr(GString) plain = g_string_new(NULL), tmux = g_string_new(NULL);
	g_autoptr(GString) title = g_string_new(NULL);

	osc_copy(plain, "hi\0x", 4, false);
	g_assert_cmpstr(plain->str, ==, "\x1b]52;c;aGkAeA==\x1b\\");
	osc_copy(tmux, "hi", 2, true);
	g_assert_cmpstr(tmux->str, ==,
			"\x1b]52;c;aGk=\x1b\\"
			"\x1bPtmux;\x1b\x1b]52;c;aGk=\x1b\x1b\\\x1b\\");
	osc_title(title, "certty");
	g_assert_cmpstr(title->str, ==, "\x1b]2;certty\x1b\\");
}

static void assert_ink(const char *bytes, const char *expected)
{
	struct ink ink = { .known = true };
	g_autoptr(GString) out = g_string_new(NULL);

	ink_shorten(&ink, out, bytes, strlen(bytes));
	g_assert_cmpstr(out->str, ==, expected);
}

static void test_ink(void)
{
	struct ink fresh = { 0 };
	g_autoptr(GString) out = g_string_new(NULL);

	assert_ink("\x1b[38;5;253m\x1b[48;5;234mx", "\x1b[38;5;253;48;5;234mx");
	assert_ink("\x1b[31mx\x1b[32m \x1b[31my", "\x1b[31mx y");
	assert_ink("\x1b[4mx\x1b(B\x1b[m y", "\x1b[4mx\x1b[m y");
	assert_ink("\x1b[1mx\x1b(B\x1b[0;1m\x1b[5;9H\x1b[1my", "\x1b[1mx\x1b[5;9Hy");
	assert_ink("\x1b[1mx\x1b[m\x1b[4;31my", "\x1b[1mx\x1b[;4;31my");
	assert_ink("\x1b[41mx\x1b[49m\x1b[2J", "\x1b[41mx\x1b[m\x1b[2J");
	assert_ink("\x1b[97;103mx\x1b[39;49my", "\x1b[97;103mx\x1b[my");
	assert_ink("\x1b[38;2;1;2;3;1mx", "\x1b[1;38;2;1;2;3mx");
	assert_ink("\x1b[38:2::1:2:3mx", "\x1b[38:2::1:2:3mx");
	assert_ink("\x1b[31m", "");
	/* Not understood: passes, and what comes after starts afresh. */
	assert_ink("\x1b[10mx", "\x1b[10m\x1b(B\x1b[mx");
	assert_ink("\x1b[?25h\x1b=", "\x1b[?25h\x1b=");
	ink_shorten(&fresh, out, "x", 1);
	g_assert_cmpstr(out->str, ==, "\x1b(B\x1b[mx");
	ink_shorten(&fresh, out, "\x1b[31my", 6);
	g_string_truncate(out, 0);
	ink_plain(&fresh, out);
	g_assert_cmpstr(out->str, ==, "\x1b[m");
}

static void assert_screen(const char *text, const char *roles)
{
	g_autofree char *t = term_grid_text(), *r = term_grid_roles();

	g_assert_cmpstr(t, ==, text);
	g_assert_cmpstr(r, ==, roles);
}

static void test_grid(void)
{
	int y, x;

	term_grid_resize(3, 8);
	term_begin();
	term_text(0, 0, 4, ROLE_title, "certty");
	term_text(0, 6, -1, ROLE_bad, "日本");
	term_text(1, 0, 8, ROLE_row, "a");
	term_rule(2, 0, 8);
	term_text(5, 0, -1, ROLE_bad, "outside");
	term_text(1, -1, -1, ROLE_bad, "x");
	term_cursor(1, 3);
	term_end();
	assert_screen("cert  日\na\n────────\n", "TTTT..bb\nrrrrrrrr\n--------\n");
	term_grid_cursor(&y, &x);
	g_assert_cmpint(y, ==, 1);
	g_assert_cmpint(x, ==, 3);
	/* Over half of a wide character: the other half goes. */
	term_begin();
	term_text(0, 0, -1, ROLE_row, "日本語");
	term_text(0, 3, 1, ROLE_row, "x");
	term_end();
	assert_screen("日 x語\n\n\n", "rrrrrr..\n........\n........\n");
}

static void test_grid_frames(void)
{
	unsigned frames = term_grid_frames(), changed = term_grid_changed_frames();

	for (int i = 0; i < 3; i++) {
		term_begin();
		term_text(0, 0, -1, ROLE_row, "the same");
		term_cursor(0, 0);
		term_end();
	}
	g_assert_cmpuint(term_grid_frames(), ==, frames + 3);
	g_assert_cmpuint(term_grid_changed_frames(), ==, changed + 1);
}

static void test_grid_input(void)
{
	struct input in;
	size_t sent = 0;

	do	/* what the tests before left */
		term_read(&in);
	while (in.kind != INPUT_NONE);
	term_grid_feed_keys("j C-x");
	term_grid_feed_paste("ab", 2);
	term_grid_feed_click(1, 2);
	term_grid_feed_wheel(1, 2, true);
	term_grid_resize(5, 9);
	term_read(&in);
	g_assert_cmphex(in.key, ==, 'j');
	term_read(&in);
	g_assert_cmphex(in.key, ==, 'x' | K_CTRL);
	term_read(&in);
	g_assert_cmpmem(in.paste.bytes, in.paste.len, "ab", 2);
	term_read(&in);
	g_assert_cmpint(in.mouse.what, ==, MOUSE_PRESS);
	term_read(&in);
	g_assert_cmpint(in.mouse.what, ==, MOUSE_WHEEL_UP);
	term_read(&in);
	g_assert_cmpint(in.kind, ==, INPUT_RESIZE);
	term_read(&in);
	g_assert_cmpint(in.kind, ==, INPUT_NONE);
	g_assert_true(term_copy("pem", 3, &sent, NULL));
	g_assert_cmpuint(sent, ==, 3);
	g_assert_cmpstr(term_grid_copied(), ==, "pem");
	g_assert_false(term_copy("x", TERM_COPY_MAX + 1, &sent, NULL));
}

int main(int argc, char **argv)
{
	const struct term_options options = { .theme = theme_default() };

	g_test_init(&argc, &argv, NULL);
	term_open(&options, NULL);
	g_test_add_func("/rect/cuts", test_rect);
	g_test_add_func("/sign/one-cell", test_signs);
	g_test_add_func("/sign/bars", test_bars);
	g_test_add_func("/osc/bytes", test_osc);
	g_test_add_func("/ink/shorter", test_ink);
	g_test_add_func("/grid/drawing", test_grid);
	g_test_add_func("/grid/frames", test_grid_frames);
	g_test_add_func("/grid/input", test_grid_input);
	return g_test_run();
}
