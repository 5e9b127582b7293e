/*
 * keyring_login: one passphrase that the kernel keeps for all processes of a login, for a while.
 *
 * In the session keyring of the kernel (keyrings(7)), which a login brings by pam_keyinit; where
 * there is none it is one for all sessions of the user.  Every process of the same login can read
 * it there until it times out, so it is used only where a person asked for it.  Spoken to by
 * system calls: there are five, and a library for them would be larger.  Does not block; any
 * thread.
 */
#ifndef CERTTY_KEYRING_KEYRING_LOGIN_H
#define CERTTY_KEYRING_KEYRING_LOGIN_H

#include <certty/base/secret.h>

struct secret *keyring_login_get(const char *name);	/* NULL: none, or none any more */
/* False where the kernel has no keyrings, or no more room. */
bool keyring_login_put(const char *name, const struct secret *secret, unsigned seconds);
void keyring_login_drop(const char *name);

#endif
