/*
 * terminal: how the terminal stands, for the doctor's page.
 */
#include <certty/ui/ui.h>

#include <langinfo.h>
#include <locale.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "term.h"

#define LEAST_WIDTH 40
#define LEAST_HEIGHT 12

static void check_type(struct checkup *c)
{
	const char *type = g_getenv("TERM"), *known;
	int colours = 0;

	known = type && *type ? term_known_type(type, &colours) : NULL;
	if (!known || !strcmp(type, "dumb") || !strcmp(type, "unknown"))
		checkup_add(c, CHECKUP_WRONG, "terminal", NULL,
			    "set TERM, mostly to xterm-256color; certty ls needs none",
			    "TERM %s%s, so the console cannot be drawn", type && *type ? "is " :
			    "is not set", type && *type ? type : "");
	else if (strcmp(known, type))
		checkup_add(c, CHECKUP_NOTE, "terminal", NULL, "install the package ncurses-term",
			    "TERM %s is not known on this machine: taken for %s", type, known);
	else if (g_getenv("NO_COLOR") && *g_getenv("NO_COLOR"))
		checkup_add(c, CHECKUP_NOTE, "terminal", NULL, NULL, "%s; NO_COLOR is set", type);
	else
		checkup_add(c, CHECKUP_FINE, "terminal", NULL, NULL, "%s, %d colours", type, colours);
}

static void check_size(struct checkup *c)
{
	struct winsize w;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0 || !w.ws_col || !w.ws_row)
		checkup_add(c, CHECKUP_NOTE, "terminal-size", NULL, "stty rows 24 cols 80 sets it",
			    "not known");
	else if (w.ws_col < LEAST_WIDTH || w.ws_row < LEAST_HEIGHT)
		checkup_add(c, CHECKUP_WRONG, "terminal-size", NULL, "make the window larger",
			    "%u by %u, and %d by %d are needed", w.ws_col, w.ws_row, LEAST_WIDTH,
			    LEAST_HEIGHT);
	else
		checkup_add(c, CHECKUP_FINE, "terminal-size", NULL, NULL, "%u by %u", w.ws_col, w.ws_row);
}

/* The program itself falls to UTF-8 where the person's locale is another. */
static void check_locale(struct checkup *c)
{
	const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *set = NULL;
	g_autofree char *folded = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(names) && (!set || !*set); i++)
		set = g_getenv(names[i]);
	folded = set ? g_ascii_strdown(set, -1) : g_strdup("");
	if (strstr(folded, "utf-8") || strstr(folded, "utf8"))
		checkup_add(c, CHECKUP_FINE, "locale", NULL, NULL, "%s", set);
	else
		checkup_add(c, CHECKUP_NOTE, "locale", NULL, "set LANG, as in LANG=C.UTF-8",
			    "%s is not UTF-8; certty writes UTF-8 all the same",
			    set && *set ? set : "no locale");
}

void ui_check_terminal(struct checkup *c)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		checkup_add(c, CHECKUP_FINE, "terminal", NULL, NULL,
			    "none here: input or output is no terminal");
		return;
	}
	check_type(c);
	check_size(c);
	check_locale(c);
}
