/*
 * keyring_file: certty's encrypted file, for machines without a keyring of the desktop.
 *
 * A CMS message (RFC 5652) for a password recipient, in PEM: AES-256-GCM content
 * (AuthEnvelopedData, RFC 5083), AES-256-CBC key wrap, PBKDF2 with KEYRING_FILE_ROUNDS of
 * HMAC-SHA1 (what OpenSSL's CMS derives with; it takes no other).  Inside is JSON: an array of
 * {account, store, field, secret}, where bytes that are no text stand as secret-base64.  Mode
 * 0600, written by a new file and rename under a lock; refused when it is a link, not ours, or
 * others can read or write it.  `openssl cms -decrypt` opens it without certty.
 *
 * Blocks (one key derivation is half a second): for works of a pool and the command line.
 */
#ifndef CERTTY_KEYRING_KEYRING_FILE_H
#define CERTTY_KEYRING_KEYRING_FILE_H

#include <certty/keyring/keyring.h>

#define KEYRING_FILE_ROUNDS 1300000	/* OWASP, password storage, for PBKDF2-HMAC-SHA1 */
#define KEYRING_FILE_ROUNDS_MAX 10000000	/* of a file that somebody else made: seconds */
#define KEYRING_FILE_MAX (512u << 10)	/* bytes of the file */
#define KEYRING_FILE_INSIDE (256u << 10)	/* bytes inside, which go through the secure heap */

/* $XDG_DATA_HOME/certty/secrets.pem; a new string. */
char *keyring_file_path(void);
bool keyring_file_is_there(const char *path);	/* something has that name */

/* One secret, or ERR_NOT_FOUND; ERR_PASSPHRASE: that does not open it. */
struct secret *keyring_file_look_up(const char *path, const struct secret *passphrase,
				    const struct keyring_key *key, GError **error);
/* Adds or replaces one, or with secret NULL takes it out; makes the file where there is none. */
bool keyring_file_change(const char *path, const struct secret *passphrase,
			 const struct keyring_key *key, const struct secret *secret,
			 GError **error);
/* Whether it opens: ERR_PASSPHRASE, ERR_NOT_FOUND, ERR_FORMAT… */
bool keyring_file_try(const char *path, const struct secret *passphrase, GError **error);
/* Makes an empty one; ERR_EXISTS when something has that name. */
bool keyring_file_make(const char *path, const struct secret *passphrase, GError **error);

/* What is inside, opened once for many questions: one derivation for all accounts. */
struct keyring_file;

struct keyring_file *keyring_file_open(const char *path, const struct secret *passphrase,
				       GError **error);
void keyring_file_close(struct keyring_file *f);
AUTO_FREE(keyring_file, keyring_file_close)
/* Whether what lies at the path is still what was opened. */
bool keyring_file_is_current(const struct keyring_file *f);
const struct secret *keyring_file_get(const struct keyring_file *f,
				      const struct keyring_key *key);	/* borrowed, or NULL */

#endif
