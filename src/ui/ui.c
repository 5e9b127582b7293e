/*
 * ui: the loop of the console.
 *
 * The loop: one poll over the terminal, the engine and the signals; then everything that came
 * is taken; then the screen is drawn once.  With nothing going on it sleeps, but for a look at
 * the clock each hour.
 */
#include <certty/ui/ui.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "page.h"
#include "screen.h"
#include "term.h"

#define IDLE_MS (60 * 60 * 1000)	/* "in 6 d" does not stay true for ever */
#define KEEP_PAGE_MS 2000		/* of quiet, after a change */
#define ESCAPE_MS 35			/* where nothing is set */
#define INPUTS_MOST 100000		/* before it is drawn all the same */

enum { FROM_TERMINAL, FROM_ENGINE, FROM_SIGNALS, FROM_COUNT };

/* ---- opening ---- */

static const char *setting(const struct ui_config *config, const char *key)
{
	return config->settings ? settings_text(config->settings, "screen", key) : NULL;
}

static bool is_set(const struct ui_config *config, const char *key)
{
	return config->settings && settings_bool(config->settings, "screen", key);
}

static struct theme *load_theme(const struct ui_config *config, char **ret_trouble)
{
	const char *name = config->theme ? config->theme : setting(config, "theme");
	g_autoptr(GError) error = NULL;
	struct theme *theme;

	if (!name || !*name)
		return NULL;
	theme = theme_load(name, &error);
	if (!theme)
		*ret_trouble = g_strdup(error->message);
	return theme;
}

static bool open_terminal(const struct ui_config *config, const struct theme *theme,
			  GError **error)
{
	struct term_options options = {
		.theme = theme ? theme : theme_default(),
		.no_colour = config->no_colour ||
			     g_strcmp0(setting(config, "color"), "never") == 0,
		.mouse = is_set(config, "mouse"),
		.title = is_set(config, "title"),
		.escape_ms = ESCAPE_MS,
		.clipboard = is_set(config, "clipboard") ? TERM_CLIPBOARD_AUTO :
							  TERM_CLIPBOARD_OFF,
	};

	if (config->settings)
		options.escape_ms = (int)settings_int(config->settings, "screen",
						      "escape-delay");

	return term_open(&options, error);
}

static int open_signals(void)
{
	static const int wanted[] = { SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
		sigaddset(&set, wanted[i]);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* What a person should know from the start, the worst last. */
static void say_troubles(struct screen *s, const char *theme_trouble)
{
	const char *const *problems = keymap_problems(s->keymap);
	const char *const *warnings = s->settings ? settings_warnings(s->settings) : NULL;
	g_autofree char *notice = term_take_notice();

	if (notice)
		screen_say(s, ROLE_notice, "%s", notice);
	if (theme_trouble)
		screen_say_failure(s, "%s", theme_trouble);
	if (problems[0])
		screen_say_failure(s, "%s", problems[0]);
	if (warnings && warnings[0])
		screen_say_failure(s, "%s", warnings[0]);
}

/* ---- one turn ---- */

static unsigned suspend(unsigned done)
{
	if (done & UI_SUSPEND)
		term_suspend();
	if (done & UI_SPOILED)
		term_spoiled();
	return done;
}

static unsigned read_signals(int fd)
{
	struct signalfd_siginfo info;
	unsigned done = UI_NONE;

	while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		switch (info.ssi_signo) {
		case SIGWINCH:
		case SIGCONT:
			term_resized();
			done |= UI_REDRAW;
			break;
		case SIGTSTP:
			done |= UI_SUSPEND | UI_REDRAW;
			break;
		default:
			done |= UI_QUIT;
		}
	}
	return done;
}

static unsigned read_terminal(struct screen *s)
{
	struct input in;
	unsigned done = UI_NONE;

	for (int i = 0; i < INPUTS_MOST && !(done & (UI_QUIT | UI_SUSPEND)); i++) {
		term_read(&in);
		if (in.kind == INPUT_NONE)
			break;
		done |= screen_input(s, &in);
	}
	return done;
}

static unsigned read_engine(struct screen *s)
{
	struct snapshot *fresh = s->engine.take ? s->engine.take(s->engine.who) : NULL;

	if (!fresh)
		return UI_NONE;
	screen_take(s, fresh);
	return UI_REDRAW;
}

static unsigned turn(struct screen *s, struct pollfd *from)
{
	unsigned done = UI_NONE;
	int n = poll(from, FROM_COUNT, s->page_changed ? KEEP_PAGE_MS : IDLE_MS);

	if (n < 0)
		return errno == EINTR ? UI_NONE : UI_QUIT;
	if (n == 0 && s->page_changed) {
		page_keep(s);
		s->page_changed = false;
		return UI_NONE;
	}
	if (n == 0)
		return UI_REDRAW;
	if (from[FROM_SIGNALS].revents)
		done |= read_signals(from[FROM_SIGNALS].fd);
	if (from[FROM_ENGINE].revents)
		done |= read_engine(s);
	/* Also without news from the terminal: a resize comes by signal. */
	return done | suspend(read_terminal(s));
}

static void paint(struct screen *s)
{
	screen_settle(s);
	screen_draw(s);
}

static bool run(struct screen *s, int signals, GError **error)
{
	struct pollfd from[FROM_COUNT] = {
		[FROM_TERMINAL] = { .fd = term_fd(), .events = POLLIN },
		[FROM_ENGINE] = { .fd = s->engine.fd, .events = POLLIN },
		[FROM_SIGNALS] = { .fd = signals, .events = POLLIN },
	};
	unsigned done = UI_NONE;

	term_title("certty");
	paint(s);
	if (s->engine.start && !s->engine.start(s->engine.who, error))
		return false;
	while (!(done & UI_QUIT)) {
		done = turn(s, from);
		if (done & ~(unsigned)UI_QUIT)
			paint(s);
	}
	return true;
}

bool ui_run(const struct ui_config *config, GError **error)
{
	g_autofree char *trouble = NULL;
	struct theme *theme = load_theme(config, &trouble);
	struct screen *s;
	int signals;
	bool done;

	if (!open_terminal(config, theme, error)) {
		snapshot_unref(config->first_page);
		theme_free(theme);
		return false;
	}
	signals = open_signals();
	s = screen_new(config);
	say_troubles(s, trouble);
	done = run(s, signals, error);
	term_close();	/* first: a person waits for the shell, not for what is kept */
	if (done) {
		page_keep(s);
		screen_remember(s);
	}
	screen_free(s);
	close(signals);
	theme_free(theme);
	return done;
}
