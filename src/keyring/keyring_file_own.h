/*
 * keyring_file_own: what the files of the encrypted file share: what is inside, and its bytes.
 */
#ifndef CERTTY_SRC_KEYRING_KEYRING_FILE_OWN_H
#define CERTTY_SRC_KEYRING_KEYRING_FILE_OWN_H

#include <certty/base/file.h>
#include <certty/keyring/keyring_file.h>

struct keyring_file {
	GPtrArray *entries;	/* struct entry */
	char *path;		/* NULL: of no file */
	struct file_id id;	/* of what was opened */
};

/* ---- keyring_file_inside.c: the secrets, and their JSON ---- */

struct keyring_file *keyring_file_new(void);
/* Adds or replaces; secret NULL takes it out.  False when the secure heap is full. */
bool keyring_file_put(struct keyring_file *f, const struct keyring_key *key,
		      const struct secret *secret);
struct keyring_file *keyring_file_from_json(const char *bytes, size_t len, GError **error);
/* In ordinary memory, to be wiped by secret_wipe(s, *ret_len). */
char *keyring_file_to_json(const struct keyring_file *f, size_t *ret_len);

/* ---- keyring_file.c: the message around them ---- */

/* Of a file that is written; tests, where the derivation is not what is tested, set it lower before
 * there are threads. */
extern int keyring_file_rounds;

/* What `bytes` say when they are opened; at most so many rounds of key derivation are done. */
struct keyring_file *keyring_file_parse(const void *bytes, size_t len,
					const struct secret *passphrase, uint64_t rounds_max,
					GError **error);
/* The file's bytes, with fresh salt and keys. */
GBytes *keyring_file_seal(const struct keyring_file *f, const struct secret *passphrase,
			  int rounds, GError **error);
/* The lock of the file's folder, for whoever changes the file; closed it is free again.  -1:
 * somebody has kept it for that long. */
int keyring_file_lock(const char *path, int wait_ms, GError **error);

#endif
