/*
 * spawn: run another program, bounded.
 *
 * The only way in which certty starts programs (mail, hooks, credential commands): by
 * posix_spawn, in a session of its own, default signals, descriptors closed from 3 on, input
 * and output on pipes, ended as a group when the limit has passed or *stop becomes true.
 * Never through a shell.  The environment is ours without any variable that holds a secret
 * (names that end in PASSWORD, SECRET, TOKEN, KEY or PASSPHRASE are left out).
 *
 * Blocks; for threads of the job pool and for the command line.
 */
#ifndef CERTTY_BASE_SPAWN_H
#define CERTTY_BASE_SPAWN_H

#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>

struct spawn {
	const char *const *argv;	/* argv[0] is looked up in PATH */
	const void *input;		/* written to its standard input */
	size_t input_len;
	size_t max_output;		/* of standard output and of standard error, each */
	int limit_ms;			/* ends the group after that long */
	const atomic_bool *stop;	/* may be NULL */
};

struct spawn_result {
	int status;			/* exit status; 128 + signal when one ended it */
	GBytes *output;
	char *complaint;		/* harmless text of standard error, cut */
};

bool spawn_run(const struct spawn *what, struct spawn_result *ret, GError **error);
void spawn_result_done(struct spawn_result *r);

#endif
