/*
 * main: puts the pieces together: what must be set up before anything else, then the console or
 * one command.
 */
#include "config.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <certty/base/secret.h>
#include <certty/base/text.h>
#include <certty/cli/cli.h>

#include "console.h"

/* Characters and their order as the person has them, numbers always as programs write them.  A
 * locale that is not UTF-8 falls to C.UTF-8. */
static void choose_locale(void)
{
	if (!setlocale(LC_CTYPE, "") || !g_get_charset(NULL))
		setlocale(LC_CTYPE, "C.UTF-8");
	setlocale(LC_COLLATE, "");
}

int main(int argc, char **argv)
{
	struct cli c;
	int status;

	choose_locale();
	secret_heap_open();
	secret_forbid_dumps();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);	/* a file that may not grow is an error, not the end */
	status = cli_read(&c, argc, argv, PACKAGE_VERSION);
	if (status < 0) {
		text_set_ascii(settings_bool(c.settings, "screen", "ascii"));
		if (c.command || !isatty(STDOUT_FILENO))
			status = cli_run(&c);
		else
			status = console_run(&c);
	}
	cli_done(&c);
	return status;
}
