/*
 * main: puts the pieces together: what must be set up before anything else, then the console or
 * one command.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <certty/base/secret.h>
#include <certty/base/text.h>
#include <certty/cli/cli.h>
#include <certty/ui/ui.h>

#include "actions.h"
#include "console.h"
#include "log.h"

/* Whoever started us without standard descriptors must not find our files in their place. */
static void fill_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* Characters and their order as the person has them, numbers always as programs write them.  A
 * locale that is not UTF-8 falls to C.UTF-8. */
static void choose_locale(void)
{
	if (!setlocale(LC_CTYPE, "") || !g_get_charset(NULL))
		setlocale(LC_CTYPE, "C.UTF-8");
	setlocale(LC_COLLATE, "");
}

/* The console, where somebody can see it; else one command. */
static int run(struct cli *c)
{
	GError *error = NULL;

	if (!log_to(c->log_file, c->log_level, &error))
		return cli_fail(error);
	text_set_ascii(settings_bool(c->settings, "screen", "ascii"));
	g_info("certty %s: %s", c->version, c->command ? c->command : "no command");
	if (!c->command && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		return console_run(c);
	if (c->command && !strcmp(c->command, "generate") && actions_generate(c->words))
		return 0;
	return cli_run(c);
}

/* What could not be written was not done, unless nobody wanted to read it any more. */
static int flush(int status)
{
	if (fflush(stdout) == 0 || errno == EPIPE)
		return status;
	fprintf(stderr, "certty: the output could not be written: %s\n", g_strerror(errno));
	return status ? status : 1;
}

int main(int argc, char **argv)
{
	struct cli c;
	int status;

	fill_descriptors();
	log_open();
	choose_locale();
	secret_heap_open();
	secret_forbid_dumps();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);	/* a file that may not grow is an error, not the end */
	status = cli_read(&c, argc, argv, PACKAGE_VERSION);
	c.check_screen = ui_check_keys;
	c.check_terminal = ui_check_terminal;
	if (status < 0)
		status = run(&c);
	cli_done(&c);
	/* Without exit(): jobs of the engine's pool may still be at work in libraries that it would
	 * take down under them. */
	status = flush(status);
	fflush(stderr);
	_exit(status);
}
