/* The input line: typing, moving, cutting, history, pastes, passphrases, and how it is drawn. */
#include <string.h>

#include "ui/edit.h"
#include "ui/term.h"
#include "ui/term_grid.h"

static enum edit_result type(struct edit *e, const char *keys)
{
	enum edit_result last = EDIT_IGNORED;
	struct input in;

	term_grid_feed_keys(keys);
	for (term_read(&in); in.kind != INPUT_NONE; term_read(&in))
		last = edit_input(e, &in);
	return last;
}

static enum edit_result paste(struct edit *e, const char *text)
{
	struct input in;

	term_grid_feed_paste(text, strlen(text));
	term_read(&in);
	return edit_input(e, &in);
}

/* "ab|c": the text with the cursor in it. */
static void assert_edit(const struct edit *e, const char *expected)
{
	g_autofree char *left = g_strndup(edit_text(e), edit_at(e));
	g_autofree char *all = g_strdup_printf("%s|%s", left, edit_text(e) + edit_at(e));

	g_assert_cmpstr(all, ==, expected);
}

static void test_keys(void)
{
	static const struct {
		const char *text, *keys, *expected;
	} cases[] = {
		{ "", "a b C-a c", "c|ab" },
		{ "one two", "C-Left x", "one x|two" },
		{ "one, two", "M-b M-b M-d", "|, two" },
		{ "one two", "C-w", "one |" },
		{ "one two", "C-w C-w C-y", "one |" },
		{ "one two", "Home C-k C-y C-y", "one twoone two|" },
		{ "one two", "Left Left C-u", "|wo" },
		{ "abc", "Left Backspace", "a|c" },
		{ "abc", "Home Del C-d", "|c" },
		{ "abc", "C-t", "acb|" },
		{ "abc", "Left Left C-t", "ba|c" },
		{ "aé日", "Left Left Backspace", "|é日" },
		{ "ae\xcc\x81z", "Left Left", "a|e\xcc\x81z" },
		{ "ae\xcc\x81z", "Left Backspace", "a|z" },
		{ "abc", "Left Left Left Left Backspace", "|abc" },
		{ "abc", "Right Del M-d", "abc|" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct edit e;

		edit_init(&e, 100, NULL);
		g_assert_true(edit_set(&e, cases[i].text));
		type(&e, cases[i].keys);
		assert_edit(&e, cases[i].expected);
		edit_done(&e);
	}
}

static void test_results(void)
{
	struct edit e;

	edit_init(&e, 3, NULL);
	g_assert_cmpint(type(&e, "Enter"), ==, EDIT_IGNORED);
	g_assert_cmpint(type(&e, "Tab"), ==, EDIT_IGNORED);
	g_assert_cmpint(type(&e, "Up"), ==, EDIT_IGNORED);
	g_assert_cmpint(type(&e, "a"), ==, EDIT_CHANGED);
	g_assert_cmpint(type(&e, "Left"), ==, EDIT_MOVED);
	g_assert_cmpint(type(&e, "b"), ==, EDIT_CHANGED);
	g_assert_cmpint(type(&e, "é"), ==, EDIT_REFUSED);	/* two bytes, room for one */
	g_assert_cmpint(type(&e, "U+202E"), ==, EDIT_REFUSED);	/* reverses what follows */
	g_assert_cmpint(type(&e, "c"), ==, EDIT_CHANGED);
	g_assert_cmpint(type(&e, "d"), ==, EDIT_REFUSED);
	assert_edit(&e, "bc|a");
	g_assert_false(edit_set(&e, "xyé"));
	assert_edit(&e, "xy|");
	edit_done(&e);
	edit_done(&e);
}

static void test_replace(void)
{
	struct edit e;

	edit_init(&e, 100, NULL);
	edit_set(&e, "store:ac rest");
	type(&e, "C-Left Left");
	assert_edit(&e, "store:ac| rest");
	g_assert_true(edit_replace(&e, 6, "acm-eu"));
	assert_edit(&e, "store:acm-eu| rest");
	edit_done(&e);
}

static void test_paste(void)
{
	struct edit e;

	edit_init(&e, 20, NULL);
	g_assert_cmpint(paste(&e, "one\ttwo\nthree\n"), ==, EDIT_CHANGED);
	assert_edit(&e, "one two three|");
	g_assert_cmpint(paste(&e, "much too long"), ==, EDIT_REFUSED);
	assert_edit(&e, "one two three|");
	edit_set(&e, "");
	g_assert_cmpint(paste(&e, "a\x1b[0m\xff"), ==, EDIT_CHANGED);
	assert_edit(&e, "a\\x1b[0m\\xff|");
	edit_done(&e);
}

static void test_history(void)
{
	struct edit_history h = { 0 };
	struct edit e;

	edit_history_add(&h, "");
	edit_history_add(&h, "first");
	edit_history_add(&h, "second");
	edit_history_add(&h, "first");
	edit_init(&e, 100, &h);
	type(&e, "n e w Up");
	assert_edit(&e, "first|");
	type(&e, "Up");
	assert_edit(&e, "second|");
	type(&e, "Up");
	assert_edit(&e, "second|");
	type(&e, "Down Down Down");
	assert_edit(&e, "new|");
	for (int i = 0; i < 2 * EDIT_HISTORY_MAX; i++) {
		g_autofree char *line = g_strdup_printf("%d", i);

		edit_history_add(&h, line);
	}
	g_assert_cmpuint(h.lines->len, ==, EDIT_HISTORY_MAX);
	edit_done(&e);
	edit_history_done(&h);
}

/* Several secrets, one a line, stand in one line. */
static void test_masked_lines(void)
{
	g_autoptr(secret) s = NULL;
	struct edit e;

	g_assert_true(edit_init_masked(&e, 16, NULL));
	e.takes_lines = true;
	g_assert_cmpint(paste(&e, "one\r\ntwo\tx\n"), ==, EDIT_CHANGED);
	g_assert_cmpint(paste(&e, "\x1b"), ==, EDIT_REFUSED);
	g_assert_cmpint(paste(&e, "much\ntoo\nlong"), ==, EDIT_REFUSED);
	s = edit_take_secret(&e);
	g_assert_cmpmem(s->bytes, s->len, "one  two x", 10);
	edit_done(&e);
}

static void test_masked(void)
{
	g_autoptr(secret) s = NULL;
	g_autofree char *line = NULL;
	struct edit e;

	g_assert_true(edit_init_masked(&e, 16, NULL));
	type(&e, "h u n t e r 2");
	g_assert_cmpstr(edit_text(&e), ==, "");
	g_assert_cmpint(type(&e, "C-Left X"), ==, EDIT_CHANGED);
	g_assert_cmpint(paste(&e, "two\nlines"), ==, EDIT_REFUSED);
	g_assert_cmpint(paste(&e, "yz\n"), ==, EDIT_CHANGED);
	term_begin();
	edit_draw(&e, 0, 0, 20, ROLE_text, true);
	term_end();
	line = term_grid_text_line(0);
	g_assert_cmpstr(line, ==, "••••••••••");
	g_assert_cmpint(type(&e, "C-k C-y"), ==, EDIT_MOVED);	/* nothing is kept */
	s = edit_take_secret(&e);
	g_assert_cmpmem(s->bytes, s->len, "Xyz", 3);
	g_assert_true(edit_is_empty(&e));
	for (size_t i = 0; i < e.max; i++)
		g_assert_cmpint(e.bytes[i], ==, 0);
	edit_done(&e);
}

static void assert_drawn(struct edit *e, int cells, const char *text, int cursor)
{
	g_autofree char *line = NULL;
	int y = -1, x = -1;

	term_begin();
	edit_draw(e, 1, 2, cells, ROLE_text, true);
	term_end();
	line = term_grid_text_line(1);
	term_grid_cursor(&y, &x);
	g_assert_cmpstr(line, ==, text);
	g_assert_cmpint(y, ==, 1);
	g_assert_cmpint(x, ==, 2 + cursor);
}

static void test_drawing(void)
{
	struct edit e;

	edit_init(&e, 100, NULL);
	assert_drawn(&e, 8, "", 0);
	edit_set(&e, "abcdefgh");
	assert_drawn(&e, 10, "  abcdefgh", 8);
	assert_drawn(&e, 8, "  …cdefgh", 7);
	type(&e, "Home");
	assert_drawn(&e, 8, "  abcdefgh", 0);
	edit_set(&e, "abcdefghijkl");
	assert_drawn(&e, 8, "  …ghijkl", 7);
	type(&e, "Left Left Left Left Left Left");
	assert_drawn(&e, 8, "  …ghijkl", 1);
	type(&e, "Left");
	assert_drawn(&e, 8, "  …fghijkl", 1);
	type(&e, "Left");
	assert_drawn(&e, 8, "  …efghij…", 1);
	type(&e, "Home");
	assert_drawn(&e, 8, "  abcdefg…", 0);
	edit_set(&e, "日本語日本語");
	assert_drawn(&e, 8, "  … 本語", 6);
	edit_done(&e);
}

/* Wherever the cursor is and however narrow it gets, it is inside and the text too. */
static void test_drawing_always_inside(void)
{
	struct edit e;

	edit_init(&e, 200, NULL);
	edit_set(&e, "aé日e\xcc\x81 some longer 語 text");
	for (int cells = 1; cells < 30; cells++)
		for (int step = 0; step < 60; step++) {
			int y, x;

			type(&e, step < 30 ? "Left" : "Right");
			term_begin();
			edit_draw(&e, 0, 0, cells, ROLE_text, true);
			term_end();
			term_grid_cursor(&y, &x);
			g_assert_cmpint(x, <, cells);
		}
	edit_done(&e);
}

int main(int argc, char **argv)
{
	const struct term_options options = { .theme = theme_default() };

	g_test_init(&argc, &argv, NULL);
	secret_heap_open();
	term_grid_resize(4, 40);
	term_open(&options, NULL);
	g_test_add_func("/edit/keys", test_keys);
	g_test_add_func("/edit/results", test_results);
	g_test_add_func("/edit/replace", test_replace);
	g_test_add_func("/edit/paste", test_paste);
	g_test_add_func("/edit/history", test_history);
	g_test_add_func("/edit/masked", test_masked);
	g_test_add_func("/edit/masked-lines", test_masked_lines);
	g_test_add_func("/edit/drawing", test_drawing);
	g_test_add_func("/edit/always-inside", test_drawing_always_inside);
	return g_test_run();
}
