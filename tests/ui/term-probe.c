/*
 * A small program on the real terminal, for test-term.py: a list of 120 columns as the screen
 * draws it, and a key for each way to end.  What came in last stands in the last line.
 */
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <certty/base/text.h>

#include "ui/sign.h"
#include "ui/term.h"

static unsigned at, top;
static GString *last;

static void draw_row(int y, unsigned row, int cols)
{
	static const enum role states[] = { ROLE_good, ROLE_warn, ROLE_bad, ROLE_notice };
	static const char *const words[] = { "in 300 d", "in 6 d", "expired 3 d", "in 31 d" };
	enum role role = row == at ? ROLE_row_cursor : ROLE_row;
	char text[200];

	term_text(y, 0, 2, role, row == at ? sign_text(SIGN_cursor) : "");
	g_snprintf(text, sizeof text, "www-%u.host%u.example.com", row * 7919, row % 97);
	term_text(y, 2, 46, role, text);
	g_snprintf(text, sizeof text, "acm eu-north-%u", row * 31 % 100);
	term_text(y, 49, 20, ROLE_row, text);
	g_snprintf(text, sizeof text, "Example CA %u", row * 17 % 1000);
	term_text(y, 70, 16, ROLE_row, text);
	term_text(y, 87, 9, ROLE_dim, row % 3 ? "RSA 2048" : "EC 256");
	term_text(y, 97, 12, states[row % 4], words[row % 4]);
	g_snprintf(text, sizeof text, "%u%%", row * 13 % 100);
	term_text(y, MIN(110, cols), -1, ROLE_row, text);
}

static void draw(void)
{
	int rows, cols;
	char text[40];

	term_size(&rows, &cols);
	top = at < top ? at : at >= top + (unsigned)rows - 3 ? at - (unsigned)rows + 4 : top;
	term_begin();
	term_text(0, 0, -1, ROLE_title, "certty");
	term_rule(1, 0, cols);
	for (int y = 2; y < rows - 1; y++)
		draw_row(y, top + (unsigned)y - 2, cols);
	term_text(rows - 1, 0, cols - 12, ROLE_status, last->str);
	g_snprintf(text, sizeof text, "%12u", at);
	term_text(rows - 1, cols - 12, 12, ROLE_status, text);
	term_cursor((int)(at - top) + 2, 0);
	term_end();
}

static void say(const struct input *in)
{
	int rows, cols;

	g_string_truncate(last, 0);
	if (in->kind == INPUT_KEY) {
		key_say(last, in->key);
	} else if (in->kind == INPUT_PASTE) {
		g_string_printf(last, "paste %zu", in->paste.len);
	} else if (in->kind == INPUT_MOUSE) {
		g_string_printf(last, "mouse %d %d", in->mouse.y, in->mouse.x);
	} else if (in->kind == INPUT_RESIZE) {
		term_size(&rows, &cols);
		g_string_printf(last, "size %dx%d", cols, rows);
	}
}

static void copy_much(void)
{
	static char much[TERM_COPY_MAX + 1];
	size_t sent = 0;
	g_autoptr(GError) error = NULL;

	g_assert_true(term_copy("hello", 5, &sent, &error) && sent == 5);
	g_assert_false(term_copy(much, sizeof much, &sent, &error));
	g_string_printf(last, "copied %zu, then: %s", sent, error->message);
}

/* False: leave. */
static bool obey(const struct input *in)
{
	say(in);
	if (in->kind == INPUT_GONE)
		return false;
	if (in->kind != INPUT_KEY)
		return true;
	switch (in->key) {
	case 'j': at++; break;
	case 'k': at -= at > 0; break;
	case K_PGDN: at += 37; top += 37; break;
	case 'S': raise(SIGSEGV); break;
	case 'A': abort();
	case 'E': g_error("fatal on purpose"); break;
	case 'W': g_warning("kept back"); break;
	case 'm': term_set_mouse(!term_has_mouse()); break;
	case 'y': copy_much(); break;
	case 'b': term_bell(); break;
	case 'z' | K_CTRL: term_suspend(); break;
	case 'q': return false;
	}
	return true;
}

static int watch_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static bool heed_signal(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof info) != sizeof info || info.ssi_signo == SIGTERM)
		return false;
	term_resized();
	return true;
}

int main(int argc, char **argv)
{
	const struct rlimit no_core = { 0, 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(theme) theme = theme_load(argc > 1 ? argv[1] : "default", &error);
	const struct term_options options = { .theme = theme, .title = true, .escape_ms = 25,
					      .no_colour = g_getenv("NO_COLOR") != NULL };
	g_autofree char *notice = NULL;
	struct pollfd p[2] = { { .fd = STDIN_FILENO, .events = POLLIN },
			       { .fd = watch_signals(), .events = POLLIN } };
	bool stay = true;

	setrlimit(RLIMIT_CORE, &no_core);
	setlocale(LC_ALL, "C.UTF-8");
	if (!theme || !term_open(&options, &error)) {
		fprintf(stderr, "%s\n", error->message);
		return 2;
	}
	last = g_string_new("ready");
	notice = term_take_notice();
	if (notice)
		g_string_assign(last, notice);
	term_title("a title");
	while (stay) {
		struct input in;

		draw();
		if (poll(p, 2, -1) < 0)
			continue;
		if (p[1].revents && !heed_signal(p[1].fd))
			break;
		for (term_read(&in); stay && in.kind != INPUT_NONE; term_read(&in))
			stay = obey(&in);
	}
	term_close();
	g_string_free(last, TRUE);
	return 0;
}
