/*
 * own: what the files of the local provider share.
 */
#ifndef CERTTY_PROVIDER_LOCAL_OWN_H
#define CERTTY_PROVIDER_LOCAL_OWN_H

#include <certty/base/file.h>
#include <certty/model/mark.h>
#include <certty/model/x509.h>
#include <certty/provider/provider.h>

/* The sorts of store on this machine; struct store's `type`. */
#define LOCAL_FOLDER	 "folder"
#define LOCAL_KEYSTORE	 "keystore"
#define LOCAL_ENDPOINT	 "endpoint"
#define LOCAL_REPOSITORY "repository"
#define LOCAL_CA	 "ca"

#define LOCAL_FILES_MAX 200000	/* files of one folder store */

struct store *local_store(const char *type, const char *address, enum store_origin origin);
char *local_store_id(const char *type, const char *address);	/* "local/folder:/etc/ssl" */
char *local_repository(void);					/* its folder */

/* ---- walk.c: what files there are ---- */

struct walk_file {
	char *path;		/* relative to the root; "" when the root is a file itself */
	struct file_id id;
};

struct walk {
	/* the question */
	char *root;
	int depth;		/* folders below the root; 0: its own files alone */
	size_t limit;		/* bytes of a file; larger ones are not looked at */
	char **skip;		/* folders that are not entered: stores of their own */
	/* the answer */
	GArray *files;		/* struct walk_file, sorted by path */
	GPtrArray *troubles;	/* sentences */
	bool is_cut;		/* more than LOCAL_FILES_MAX */
};

struct walk *walk_new(const char *root, int depth, size_t limit, char **skip /* taken */);
void walk_free(struct walk *w);
/* Blocks; looks at *stop between files.  False when the root itself cannot be read. */
bool walk_run(struct walk *w, const atomic_bool *stop, GError **error);

/* ---- scan.c: what is in a file ---- */

struct scanned_cert {
	struct facts facts;
	GBytes *der;
	char *alias;		/* within the file: a friendly name, or NULL */
};

struct scanned {
	GArray *certs;		/* struct scanned_cert */
	GArray *keys;		/* uint32_t: hashes of the private keys that could be read */
	GPtrArray *troubles;	/* sentences without the file's name */
	bool has_locked_key, needs_passphrase;
};

struct scanned *scan_file(const char *path, size_t limit, const struct secret *passphrase);
void scanned_free(struct scanned *s);

/* ---- memo.c: what the last refresh knew of each file ---- */

struct memo_file {
	struct file_id id;
	uint32_t first, n;	/* rows in the table */
	const uint32_t *keys;	/* borrowed from the memo */
	gsize n_keys;
	bool has_locked_key, has_trouble;
};

struct memo;
struct memo *memo_read(GBytes *bytes);	/* NULL, or what makes no sense: an empty one */
void memo_free(struct memo *m);
bool memo_find(const struct memo *m, const char *path, struct memo_file *ret);
/* The path of a file that holds the key of that hash; borrowed, or NULL. */
const char *memo_find_key(const struct memo *m, uint32_t key_hash);

struct memo_writer;
struct memo_writer *memo_writer_new(void);
void memo_writer_add(struct memo_writer *w, const char *path, const struct memo_file *f);
GBytes *memo_writer_end(struct memo_writer *w);

/* ---- steps ---- */

/* The scratch of provider_local: what the operation under way needs between its steps. */
struct local {
	void *mine;
	GDestroyNotify free_mine;
};

step_fn files_refresh;		/* folder, keystore, repository */
step_fn endpoint_refresh;
step_fn ca_refresh;		/* ca.c: as a folder, and its pending requests */

/* A folder's refresh goes on there when its rows are made, instead of being done. */
struct next files_refresh_then(struct op *op, step_fn *then);

#endif
