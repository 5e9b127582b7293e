/*
 * term_curses: the terminal by ncursesw; the only file that knows curses.
 *
 * Curses computes what to send so that the screen becomes the frame.  Reading it does not do:
 * bytes are read here and decoded by decode.c, because a paste must never become keys, a
 * passphrase must not stay in somebody else's buffer, and Alt, Ctrl and Shift are wanted.
 * Its output goes into a file in memory, from which ink.c takes it, and a frame leaves in one
 * write.  What curses has no words for (paste, mouse, title, clipboard) is written around it,
 * between two frames; so are the terminal's modes, which curses could not set through a file.
 */
#define _GNU_SOURCE
#include "term.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include <certty/base/err.h>
#include <certty/base/secret.h>
#include <certty/base/text.h>
#include <certty/ui/hush.h>

#include "decode.h"
#include "ink.h"
#include "osc.h"
#include "panic.h"
#include "sign.h"
#include "tty.h"

/* After our own headers: curses defines common words as macros. */
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>
#undef ERR
#define ERR (err_quark())	/* ours again; so no mv… macro, which means the other */

#define IN  TTY_IN
#define OUT TTY_OUT

#define PASTE_ON  "\x1b[?2004h"
#define PASTE_OFF "\x1b[?2004l"
#define MOUSE_ON  "\x1b[?1000h\x1b[?1006h"
#define MOUSE_OFF "\x1b[?1006l\x1b[?1000l"
#define TITLE_KEEP    "\x1b[22;2t"
#define TITLE_RESTORE "\x1b[23;2t"

/* Taken when the terminal's own type is not known here; the first that is. */
static const char *const fallbacks[] = { "xterm-256color", "xterm", "linux", "vt100" };

/* Keys that the terminal's description may name otherwise than decode.c expects. */
static const struct {
	const char *capability;
	uint32_t key;
} described[] = {
	{ "kcuu1", K_UP },	{ "kcud1", K_DOWN },	{ "kcub1", K_LEFT },
	{ "kcuf1", K_RIGHT },	{ "khome", K_HOME },	{ "kend", K_END },
	{ "kpp", K_PGUP },	{ "knp", K_PGDN },	{ "kich1", K_INS },
	{ "kdch1", K_DEL },	{ "kcbt", K_TAB | K_SHIFT }, { "kent", K_ENTER },
	{ "kf1", K_F(1) },	{ "kf2", K_F(2) },	{ "kf3", K_F(3) },
	{ "kf4", K_F(4) },	{ "kf5", K_F(5) },	{ "kf6", K_F(6) },
	{ "kf7", K_F(7) },	{ "kf8", K_F(8) },	{ "kf9", K_F(9) },
	{ "kf10", K_F(10) },	{ "kf11", K_F(11) },	{ "kf12", K_F(12) },
};

static const struct {
	unsigned ours;
	attr_t theirs;
} attributes[] = {
	{ ATTR_BOLD, A_BOLD },
	{ ATTR_DIM, A_DIM },
	{ ATTR_UNDERLINE, A_UNDERLINE },
	{ ATTR_REVERSE, A_REVERSE },
};

static struct {
	SCREEN *screen;		/* NULL: closed */
	FILE *drawn;		/* what curses wrote and was not sent yet */
	struct ink ink;
	struct term_options options;
	struct termios modes;	/* as they were before */
	char *notice;
	int colours;
	bool has_title;		/* the terminal can keep, set and restore one */
	bool title_is_ours;
	bool mouse;
	bool resized, gone;
	int cursor_y, cursor_x;
	struct decode decode;
	struct {
		attr_t attrs;
		short pair;
	} look[ROLE_COUNT];
} term;

static bool can_open(const char **ret_type, GError **error);
static bool open_screen(const char *type, GError **error);
static const char *known_type(const char *type);
static bool can_place_cursor(const char *type);
static bool open_drawn(GError **error);
static bool has(const char *capability);
static int count_colours(void);
static void learn_keys(void);
static void fit_window(void);
static void set_margins(void);
static void take(void);
static void give_back(void);
static void prepare_for_panic(void);
static void add_capability(GString *out, const char *name);
static void send_drawn(void);
static void put_cluster(const char *bytes, size_t len);
static cchar_t cell_of(wchar_t c, enum role role);

bool term_open(const struct term_options *options, GError **error)
{
	const char *type;

	if (!can_open(&type, error) || !open_screen(type, error))
		return false;
	term.options = *options;
	term.mouse = options->mouse;
	term.gone = term.resized = false;
	nonl();
	idlok(stdscr, TRUE);
	typeahead(-1);
	term.has_title = options->title && tigetflag("XT") > 0;
	term.colours = count_colours();
	if (term.colours) {
		start_color();
		use_default_colors();
	}
	decode_init(&term.decode, TERM_PASTE_MAX);
	learn_keys();
	term_set_theme(options->theme);
	take();
	fit_window();
	set_margins();
	return true;
}

static bool can_open(const char **ret_type, GError **error)
{
	const char *type = g_getenv("TERM");

	if (!isatty(IN) || !isatty(OUT)) {
		g_set_error(error, ERR, ERR_USAGE,
			    "the console needs a terminal as input and output, and one of them "
			    "is none; 'certty ls' prints the same rows as text");
		return false;
	}
	if (!type || !*type || strcmp(type, "dumb") == 0 || strcmp(type, "unknown") == 0) {
		g_set_error(error, ERR, ERR_USAGE,
			    "the console cannot be drawn: TERM %s%s, so nothing is known of what "
			    "this terminal can do; set it (mostly to xterm-256color), or use "
			    "'certty ls'",
			    type && *type ? "is " : "is not set", type && *type ? type : "");
		return false;
	}
	*ret_type = type;
	return true;
}

static bool open_screen(const char *type, GError **error)
{
	g_autofree char *shown = text_harmless_dup(type, 60);
	const char *known = known_type(type);

	if (!known) {
		g_set_error(error, ERR, ERR_FAILED,
			    "the console cannot be drawn: this machine has no description of the "
			    "terminal type %s, nor of any usual one; install the package "
			    "ncurses-base", shown);
		return false;
	}
	if (!open_drawn(error))
		return false;
	tcgetattr(IN, &term.modes);
	term.screen = newterm(known, term.drawn, stdin);
	if (!term.screen) {
		g_clear_pointer(&term.drawn, fclose);
		g_set_error(error, ERR, ERR_FAILED,
			    "the console cannot be drawn on a terminal of type %s", shown);
		return false;
	}
	if (known != type)
		term.notice = g_strdup_printf("TERM %s is not known on this machine: taken for "
					      "%s.", shown, known);
	return true;
}

/* The type itself, or the first that this machine knows; NULL: none. */
static const char *known_type(const char *type)
{
	if (can_place_cursor(type))
		return type;
	for (size_t i = 0; i < G_N_ELEMENTS(fallbacks); i++)
		if (can_place_cursor(fallbacks[i]))
			return fallbacks[i];
	return NULL;
}

const char *term_known_type(const char *type, int *ret_colours)
{
	const char *known = known_type(type);
	int why;

	if (!known || setupterm(known, OUT, &why) != OK)
		return NULL;
	*ret_colours = MAX(tigetnum("colors"), 0);
	del_curterm(cur_term);
	return known;
}

static bool can_place_cursor(const char *type)
{
	int why;
	bool can = setupterm(type, OUT, &why) == OK && has("cup");

	if (cur_term)
		del_curterm(cur_term);
	return can;
}

static bool open_drawn(GError **error)
{
	int fd = memfd_create("drawn", MFD_CLOEXEC);

	term.drawn = fd < 0 ? NULL : fdopen(fd, "w");
	if (!term.drawn)
		g_set_error(error, ERR, ERR_IO, "the console cannot be drawn: %s",
			    g_strerror(errno));
	return term.drawn;
}

static bool has(const char *capability)
{
	const char *s = tigetstr(capability);

	return s && s != (char *)-1 && *s;
}

static int count_colours(void)
{
	int n = has_colors() ? tigetnum("colors") : 0;

	if (term.options.no_colour || n < 8)
		return 0;
	if (tigetflag("RGB") > 0 || n >= THEME_DIRECT)
		return THEME_DIRECT;
	return n < 16 ? 8 : n < 256 ? 16 : 256;
}

static void learn_keys(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(described); i++)
		if (has(described[i].capability))
			decode_learn(&term.decode, tigetstr(described[i].capability),
				     described[i].key);
}

/* From here on the terminal is ours: after opening and after a suspension. */
static void take(void)
{
	g_autoptr(GString) out = g_string_new(PASTE_ON);

	hush_begin();
	prepare_for_panic();
	tty_raw(&term.modes);
	keypad(stdscr, TRUE);	/* curses itself would, if its output were a terminal */
	if (term.has_title)
		g_string_append(out, TITLE_KEEP);
	if (term.mouse)
		g_string_append(out, MOUSE_ON);
	tty_send(out->str, out->len);
}

static void give_back(void)
{
	g_autoptr(GString) out = g_string_new(term.mouse ? MOUSE_OFF : NULL);

	g_string_append(out, PASTE_OFF);
	if (term.has_title)
		g_string_append(out, TITLE_RESTORE);
	tty_send(out->str, out->len);
	endwin();
	send_drawn();
	tcsetattr(IN, TCSADRAIN, &term.modes);
	panic_disarm();
	hush_end();
}

static void prepare_for_panic(void)
{
	g_autoptr(GString) out = g_string_new(MOUSE_OFF PASTE_OFF);

	if (term.has_title)
		g_string_append(out, TITLE_RESTORE);
	add_capability(out, "sgr0");
	add_capability(out, "op");
	add_capability(out, "rmkx");
	add_capability(out, "cnorm");
	add_capability(out, "rmcup");
	panic_arm(OUT, &term.modes, out->str, MIN(out->len, PANIC_BYTES_MAX));
}

/* Without the delays that a description may hold for terminals of the last century. */
static void add_capability(GString *out, const char *name)
{
	const char *delay;

	if (!has(name))
		return;
	for (const char *s = tigetstr(name); *s; s = strchr(delay, '>') + 1) {
		delay = strstr(s, "$<");
		if (!delay || !strchr(delay, '>')) {
			g_string_append(out, s);
			return;
		}
		g_string_append_len(out, s, delay - s);
	}
}

/* At its start curses set those of a window of the described size. */
static void set_margins(void)
{
	g_autofree char *csr = has("csr") ?
		g_strdup(tparm(tigetstr("csr"), 0L, (long)LINES - 1, 0L, 0L, 0L, 0L, 0L, 0L, 0L)) :
		NULL;

	if (csr && write(fileno(term.drawn), csr, strlen(csr)) < 0)
		return;
}

/* One write for a frame, or none. */
static void send_drawn(void)
{
	int fd = fileno(term.drawn);
	off_t len = lseek(fd, 0, SEEK_CUR);
	g_autofree char *bytes = NULL;
	g_autoptr(GString) out = NULL;

	if (len <= 0)
		return;
	bytes = g_malloc((size_t)len);
	if (pread(fd, bytes, (size_t)len, 0) != len || ftruncate(fd, 0) < 0)
		return;
	lseek(fd, 0, SEEK_SET);
	out = g_string_sized_new((size_t)len);
	ink_shorten(&term.ink, out, bytes, (size_t)len);
	if (isendwin())
		ink_plain(&term.ink, out);
	tty_send(out->str, out->len);
}

void term_close(void)
{
	if (!term.screen)
		return;
	give_back();
	delscreen(term.screen);
	fclose(term.drawn);
	decode_done(&term.decode);
	g_clear_pointer(&term.notice, g_free);
	memset(&term, 0, sizeof term);
}

char *term_take_notice(void)
{
	return g_steal_pointer(&term.notice);
}

void term_size(int *ret_rows, int *ret_cols)
{
	*ret_rows = MAX(LINES, 1);
	*ret_cols = MAX(COLS, 1);
}

static void fit_window(void)
{
	struct winsize size;

	if (ioctl(OUT, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
		resizeterm(size.ws_row, size.ws_col);
}

void term_resized(void)
{
	fit_window();
	term.resized = true;
	term_spoiled();
}

void term_spoiled(void)
{
	clearok(curscr, TRUE);
}

int term_colours(void)
{
	return term.colours;
}

void term_set_theme(const struct theme *theme)
{
	cchar_t blank;

	term.options.theme = theme;
	for (int role = 0; role < ROLE_COUNT; role++) {
		struct theme_look look = theme_look(theme, (enum role)role, term.colours);

		term.look[role].attrs = A_NORMAL;
		for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++)
			if (look.attrs & attributes[i].ours)
				term.look[role].attrs |= attributes[i].theirs;
		term.look[role].pair = look.fg < 0 && look.bg < 0 ? 0 : (short)(role + 1);
		if (term.look[role].pair)
			init_extended_pair(role + 1, look.fg, look.bg);
	}
	blank = cell_of(L' ', ROLE_text);
	bkgrndset(&blank);
}

static cchar_t cell_of(wchar_t c, enum role role)
{
	const wchar_t text[] = { c, 0 };
	cchar_t cell;

	setcchar(&cell, text, term.look[role].attrs, term.look[role].pair, NULL);
	return cell;
}

void term_begin(void)
{
	erase();
}

void term_text(int y, int x, int cells, enum role role, const char *text)
{
	int end = cells < 0 ? COLS : MIN(x + cells, COLS);

	if (y < 0 || y >= LINES || x < 0 || x >= end)
		return;
	move(y, x);
	attr_set(term.look[role].attrs, term.look[role].pair, NULL);
	while (*text && x < end) {
		const char *next = text + 1;
		int width = 1;

		if ((unsigned char)*text >= 0x80) {
			next = g_utf8_next_char(text);
			while (*next && g_unichar_iszerowidth(g_utf8_get_char(next)))
				next = g_utf8_next_char(next);
			width = MAX(text_width(text, next - text), 1);
		}
		if (x + width > end)
			break;
		put_cluster(text, (size_t)(next - text));
		x += width;
		text = next;
	}
	attr_set(A_NORMAL, 0, NULL);
	if (cells >= 0)
		term_fill(y, x, 1, end - x, role);
}

/* A character with its combining marks, of which curses keeps a few. */
static void put_cluster(const char *bytes, size_t len)
{
	wchar_t wide[CCHARW_MAX + 1];
	size_t n = 0;
	attr_t attrs;
	short pair;
	cchar_t cell;

	if (len == 1) {
		addch((unsigned char)*bytes < 0x20 ? '?' : (chtype)(unsigned char)*bytes);
		return;
	}
	for (const char *c = bytes; c < bytes + len && n < CCHARW_MAX; c = g_utf8_next_char(c))
		wide[n++] = text_is_ascii() ? L'?' : (wchar_t)g_utf8_get_char(c);
	wide[text_is_ascii() ? 1 : n] = 0;
	attr_get(&attrs, &pair, NULL);
	setcchar(&cell, wide, attrs, pair, NULL);
	add_wch(&cell);
}

void term_fill(int y, int x, int rows, int cols, enum role role)
{
	const cchar_t blank = cell_of(L' ', role);
	int end_y = MIN(y + rows, LINES), end_x = MIN(x + cols, COLS);

	x = MAX(x, 0);
	for (y = MAX(y, 0); y < end_y && x < end_x; y++) {
		move(y, x);
		hline_set(&blank, end_x - x);
	}
}

void term_rule(int y, int x, int cells)
{
	const cchar_t dash = cell_of((wchar_t)g_utf8_get_char(sign_text(SIGN_rule)), ROLE_rule);

	if (y >= 0 && y < LINES && x >= 0 && x < COLS && cells > 0) {
		move(y, x);
		hline_set(&dash, MIN(cells, COLS - x));
	}
}

void term_cursor(int y, int x)
{
	term.cursor_y = CLAMP(y, 0, LINES - 1);
	term.cursor_x = CLAMP(x, 0, COLS - 1);
}

void term_end(void)
{
	move(term.cursor_y, term.cursor_x);
	refresh();
	send_drawn();
}

int term_fd(void)
{
	return IN;
}

void term_read(struct input *ret)
{
	bool final = false;

	if (term.resized) {
		term.resized = false;
		*ret = (struct input){ .kind = INPUT_RESIZE };
		return;
	}
	for (;;) {
		decode_next(&term.decode, final, ret);
		if (ret->kind != INPUT_NONE)
			return;
		if (term.gone) {
			ret->kind = INPUT_GONE;
			return;
		}
		if (tty_receive(&term.decode, 0, &term.gone))
			continue;
		if (term.gone || final || !decode_is_waiting(&term.decode)) {
			ret->kind = term.gone ? INPUT_GONE : INPUT_NONE;
			return;
		}
		final = !tty_receive(&term.decode, term.options.escape_ms, &term.gone);
	}
}

void term_bell(void)
{
	tty_send("\a", 1);
}

void term_set_mouse(bool on)
{
	if (on == term.mouse)
		return;
	term.mouse = on;
	tty_send(on ? MOUSE_ON : MOUSE_OFF, strlen(on ? MOUSE_ON : MOUSE_OFF));
}

bool term_has_mouse(void)
{
	return term.mouse;
}

void term_title(const char *title)
{
	g_autoptr(GString) out = g_string_new(NULL);

	if (!term.has_title)
		return;
	if (title)
		osc_title(out, title);
	else
		g_string_append(out, TITLE_RESTORE TITLE_KEEP);
	tty_send(out->str, out->len);
}

bool term_copy(const void *bytes, size_t len, size_t *ret_sent, GError **error)
{
	g_autoptr(GString) out = NULL;

	if (term.options.clipboard == TERM_CLIPBOARD_OFF) {
		g_set_error(error, ERR, ERR_REFUSED,
			    "copying is switched off; set clipboard in the group [screen] of "
			    "certty.conf, or write to a file instead");
		return false;
	}
	if (len > TERM_COPY_MAX) {
		g_set_error(error, ERR, ERR_LIMIT,
			    "%zu bytes are too many to copy: terminals take %d; write them to a "
			    "file instead", len, TERM_COPY_MAX);
		return false;
	}
	out = g_string_new(NULL);
	osc_copy(out, bytes, len,
		 term.options.clipboard == TERM_CLIPBOARD_AUTO && g_getenv("TMUX"));
	tty_send(out->str, out->len);
	secret_clear(out->str, out->len);
	*ret_sent = len;
	return true;
}

void term_suspend(void)
{
	give_back();
	tty_stop_group();
	take();
	term_resized();
}
