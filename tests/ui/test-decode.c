/* Bytes from a terminal: keys, pastes that stay pastes, mouse, and noise that stays silent. */
#define _GNU_SOURCE
#include <string.h>

#include "ui/decode.h"

/* What came out, as words: "j Up paste(3) press(2,4)". */
static char *decode_all(struct decode *d, bool final)
{
	GString *out = g_string_new(NULL);
	struct input in;

	for (decode_next(d, final, &in); in.kind != INPUT_NONE; decode_next(d, final, &in)) {
		if (out->len)
			g_string_append_c(out, ' ');
		if (in.kind == INPUT_KEY)
			key_say(out, in.key);
		else if (in.kind == INPUT_PASTE)
			g_string_append_printf(out, "paste(%zu%s)", in.paste.len,
					       in.paste.cut ? " cut" : "");
		else
			g_string_append_printf(out, "mouse%d(%d,%d)", (int)in.mouse.what, in.mouse.y,
					       in.mouse.x);
	}
	return g_string_free(out, FALSE);
}

static void assert_decoded(const char *bytes, size_t len, const char *expected)
{
	/* Whole, and torn at every byte: the same must come out. */
	for (size_t step = len; step > 0; step = step == len && len > 1 ? 1 : 0) {
		g_autoptr(GString) all = g_string_new(NULL);
		g_autofree char *rest = NULL;
		struct decode d;

		decode_init(&d, 1000);
		for (size_t i = 0; i < len; i += step) {
			g_autofree char *part = NULL;

			decode_feed(&d, bytes + i, MIN(step, len - i));
			part = decode_all(&d, false);
			g_string_append_printf(all, "%s%s", all->len && *part ? " " : "", part);
		}
		rest = decode_all(&d, true);
		g_string_append_printf(all, "%s%s", all->len && *rest ? " " : "", rest);
		g_assert_cmpstr(all->str, ==, expected);
		decode_done(&d);
	}
}

static void test_keys(void)
{
	static const struct {
		const char *bytes, *keys;
	} known[] = {
		{ "j\xc3\xa9\xe6\x97\xa5", "j é 日" },
		{ "\x03\x1a\x1c\x1f", "C-c C-z C-\\ C-_" },
		{ "\r\n\t\x7f\b ", "Enter Enter Tab Backspace Backspace Space" },
		{ "\x1b", "Esc" },
		{ "\x1bx", "M-x" },
		{ "\x1b[A\x1bOB\x1b[1;5C\x1b[1;2D", "Up Down C-Right S-Left" },
		{ "\x1b[H\x1bOF\x1b[1~\x1b[4~", "Home End Home End" },
		{ "\x1b[5~\x1b[6;3~\x1b[2~\x1b[3~", "PgUp M-PgDn Ins Del" },
		{ "\x1bOP\x1b[15~\x1b[24;2~\x1b[[A\x1b[[E", "F1 F5 S-F12 F1 F5" },
		{ "\x1b[Z", "S-Tab" },
		{ "\x1b\x1b[A", "M-Up" },
		{ "\x1bOM\x1bOq\x1bOn", "Enter 1 ." },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		assert_decoded(known[i].bytes, strlen(known[i].bytes), known[i].keys);
	assert_decoded("\0", 1, "C-Space");
	assert_decoded("\x1b\x1b", 2, "Esc Esc");
}

static void test_noise(void)
{
	static const char *const noise[] = {
		"\x1b[?62;1;2c",       "\x1b[5;10R",	  "\x1b[99~",	   "\x1b]11;rgb:0/0/0\a",
		"\x1bP1$r0m\x1b\\",    "\x1b[200;1;1;1;1u", "\x1b[<35;1;1M", "\x1b[<0;1;1m",
		"\xff\xfe",	       "\xc2\x85",	  "\x1b[1:2A",	   "\x1b[12345678901234A",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(noise); i++) {
		g_autofree char *bytes = g_strconcat(noise[i], "j", NULL);

		assert_decoded(bytes, strlen(bytes), "j");
	}
}

static void test_mouse(void)
{
	assert_decoded("\x1b[<0;5;3M", 9, "mouse0(2,4)");
	assert_decoded("\x1b[<64;1;1M\x1b[<65;300;99M", 23, "mouse1(0,0) mouse2(98,299)");
}

static void test_paste(void)
{
	struct decode d;
	struct input in;

	assert_decoded("\x1b[200~rm\n\x1b[201~j", 16, "paste(3) j");
	assert_decoded("\x1b[200~\x1b[201~", 12, "paste(0)");
	assert_decoded("\x1b[200~\x1b[A\x1b[201\x1b[201~q", 21, "paste(8) q");
	decode_init(&d, 1000);
	decode_feed(&d, "\x1b[200~a\0\xff\x1b[201~", 15);
	decode_next(&d, false, &in);
	g_assert_cmpint(in.kind, ==, INPUT_PASTE);
	g_assert_cmpmem(in.paste.bytes, in.paste.len, "a\0\xff", 3);
	decode_done(&d);
}

/* Never keys, whatever is torn where and however long it takes. */
static void test_paste_slowly(void)
{
	static const char bytes[] = "\x1b[200~ql\x1b[201~";
	struct decode d;
	g_autoptr(GString) all = g_string_new(NULL);

	decode_init(&d, 1000);
	decode_feed(&d, bytes, 2);
	for (size_t i = 2; i < strlen(bytes); i++) {
		g_autofree char *part = NULL;

		decode_feed(&d, bytes + i, 1);
		part = decode_all(&d, true);
		g_string_append(all, part);
	}
	g_assert_cmpstr(all->str, ==, "paste(2)");
	decode_done(&d);
}

static void test_paste_bound(void)
{
	g_autoptr(GString) bytes = g_string_new("\x1b[200~");
	struct decode d;
	g_autoptr(GString) all = g_string_new(NULL);

	for (int i = 0; i < 3000; i++)
		g_string_append_c(bytes, 'x');
	g_string_append(bytes, "\x1b[201~j");
	decode_init(&d, 1000);
	for (size_t i = 0; i < bytes->len; i += 100) {
		g_autofree char *part = NULL;

		decode_feed(&d, bytes->str + i, MIN(100, bytes->len - i));
		part = decode_all(&d, false);
		g_string_append(all, part);
	}
	g_assert_cmpstr(all->str, ==, "paste(1000 cut) j");
	decode_done(&d);
}

static void test_learnt(void)
{
	struct decode d;
	g_autofree char *keys = NULL;

	decode_init(&d, 10);
	decode_learn(&d, "\x1b[7^", K_HOME | K_CTRL);
	decode_learn(&d, "x", K_END);	/* a letter stays a letter */
	decode_feed(&d, "\x1b[7^x", 5);
	keys = decode_all(&d, false);
	g_assert_cmpstr(keys, ==, "C-Home x");
	decode_done(&d);
}

static void test_wiped(void)
{
	struct decode d;
	g_autofree char *keys = NULL;

	decode_init(&d, 10);
	decode_feed(&d, "hunter2", 7);
	keys = decode_all(&d, false);
	g_assert_null(memmem(&d, sizeof d, "hunt", 4));
	g_assert_null(memmem(&d, sizeof d, "er2", 3));
	decode_done(&d);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/decode/keys", test_keys);
	g_test_add_func("/decode/noise", test_noise);
	g_test_add_func("/decode/mouse", test_mouse);
	g_test_add_func("/decode/paste", test_paste);
	g_test_add_func("/decode/paste-slowly", test_paste_slowly);
	g_test_add_func("/decode/paste-bound", test_paste_bound);
	g_test_add_func("/decode/learnt", test_learnt);
	g_test_add_func("/decode/wiped", test_wiped);
	return g_test_run();
}
