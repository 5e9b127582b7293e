/*
 * tty: the terminal as a device: its modes, bytes out, bytes in.
 *
 * The part of term_curses.c that needs no curses.  One thread.
 */
#ifndef CERTTY_UI_TTY_H
#define CERTTY_UI_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>
#include <unistd.h>

#include "decode.h"

#define TTY_IN	STDIN_FILENO
#define TTY_OUT STDOUT_FILENO

/* Everything is a key, also C-c, C-z and C-s, and nothing is echoed. */
void tty_raw(const struct termios *before);

/* All of it; silently less when the terminal is gone, which reading will tell. */
void tty_send(const char *bytes, size_t len);

/* Feeds what came within that time; true when something did.  *ret_gone becomes true when
 * there is no terminal any more. */
bool tty_receive(struct decode *d, int wait_ms, bool *ret_gone);

/* Stops the process group as C-z does in a shell, which waits for all of it, and returns when
 * it is continued.  The caller's thread must be the only one that may take SIGTSTP.  Where no
 * shell could continue us (an orphaned group) the kernel does nothing. */
void tty_stop_group(void);

#endif
