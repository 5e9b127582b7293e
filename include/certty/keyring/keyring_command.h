/*
 * keyring_command: a secret that a program of the user's prints (pass, op, gopass, any).
 *
 * The command is split as a POSIX shell would (quotes, no expansion) and run without a shell,
 * unless it begins with "sh:", by base/spawn.h, with a time limit.  What it prints is a line, of
 * which the first counts (pass keeps notes below it); or something in PEM, which counts as a
 * whole; or one JSON object whose member `field` (or "password", "secret", "token", "value") has
 * it.  What it says on standard error is shown, harmless, when it fails.  Blocks.
 */
#ifndef CERTTY_KEYRING_KEYRING_COMMAND_H
#define CERTTY_KEYRING_KEYRING_COMMAND_H

#include <stdatomic.h>
#include <certty/base/secret.h>

#define KEYRING_COMMAND_MAX (64u << 10)	/* bytes that it may print */

struct secret *keyring_command(const char *command, const char *field, int limit_ms,
			       const atomic_bool *stop, GError **error);
/* What `printed` means: the part of it that has no program. */
struct secret *keyring_command_read(const char *printed, size_t len, const char *field,
				    GError **error);

#endif
