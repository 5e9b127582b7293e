/*
 * console: the screen and the engine, joined.
 */
#ifndef CERTTY_APP_CONSOLE_H
#define CERTTY_APP_CONSOLE_H

#include <certty/cli/cli.h>

/* Opens the console; the process's exit status.  The engine is left, not freed: see
 * engine_leave(). */
int console_run(const struct cli *c);

#endif
