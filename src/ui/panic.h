/*
 * panic: the terminal is given back even when the program crashes.
 *
 * Everything that takes thought is done before: panic_arm() is handed the bytes to write and
 * the terminal's modes to restore.  On SEGV, BUS, FPE, ILL, ABRT and TRAP (GLib's g_error) a
 * handler on a stack of its own writes and restores them with async-signal-safe calls only,
 * and raises the signal again, so that the process ends as it would have.
 *
 * arm and disarm are called by the thread that opened the terminal.
 */
#ifndef CERTTY_UI_PANIC_H
#define CERTTY_UI_PANIC_H

#include <stddef.h>
#include <termios.h>

#define PANIC_BYTES_MAX 512

/* Copies both.  `len` is at most PANIC_BYTES_MAX. */
void panic_arm(int fd, const struct termios *modes, const char *bytes, size_t len);
void panic_disarm(void);

/* What the handler does, but for the signal: for a last message before the program aborts.
 * Nothing when it is not armed; disarms. */
void panic_give_back(void);

#endif
