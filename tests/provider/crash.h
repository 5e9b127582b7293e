/*
 * crash: ends a program by SIGKILL just before its n-th step that reaches the disk, so that a
 * test can look at what is left at each such moment.
 */
#ifndef CERTTY_TESTS_PROVIDER_CRASH_H
#define CERTTY_TESTS_PROVIDER_CRASH_H

#include <stdbool.h>

typedef void crash_fn(void *who);

/* Runs it in a child that dies before step n; false when it came to its end before that. */
bool crash_at(int n, crash_fn *run, void *who);

#endif
