/*
 * keyring_login: a passphrase in the kernel's session keyring.
 */
#include <certty/keyring/keyring_login.h>

#include <sys/syscall.h>
#include <unistd.h>

#include <linux/keyctl.h>

#define TYPE	"user"
/* Whoever possesses it (has it in a keyring of his) may view, read, write, search, link and set
 * its attributes; nobody else anything. */
#define POSSESSOR_ALONE 0x3f000000UL

static long find(const char *name)
{
	return syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, TYPE, name, 0);
}

struct secret *keyring_login_get(const char *name)
{
	long id = find(name), len = id < 0 ? -1 : syscall(SYS_keyctl, KEYCTL_READ, id, NULL, 0);
	struct secret *s = len > 0 ? secret_new(NULL, (size_t)len) : NULL;

	if (s && syscall(SYS_keyctl, KEYCTL_READ, id, s->bytes, s->len) == len)
		return s;
	secret_free(s);
	return NULL;
}

bool keyring_login_put(const char *name, const struct secret *secret, unsigned seconds)
{
	long id = syscall(SYS_add_key, TYPE, name, secret->bytes, secret->len,
			  KEY_SPEC_SESSION_KEYRING);

	if (id < 0)
		return false;
	if (syscall(SYS_keyctl, KEYCTL_SETPERM, id, POSSESSOR_ALONE) == 0 &&
	    syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, id, seconds) == 0)
		return true;
	keyring_login_drop(name);	/* one that stays for ever was not asked for */
	return false;
}

void keyring_login_drop(const char *name)
{
	long id = find(name);

	if (id >= 0)
		syscall(SYS_keyctl, KEYCTL_UNLINK, id, KEY_SPEC_SESSION_KEYRING);
}
