/*
 * console: the screen and the engine, joined.
 */
#ifndef CERTTY_APP_CONSOLE_H
#define CERTTY_APP_CONSOLE_H

#include <certty/cli/cli.h>

/* Opens the console; the process's exit status. */
int console_run(const struct cli *c);

#endif
