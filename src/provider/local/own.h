/*
 * own: what the files of the local provider share.
 */
#ifndef CERTTY_PROVIDER_LOCAL_OWN_H
#define CERTTY_PROVIDER_LOCAL_OWN_H

#include <certty/base/file.h>
#include <certty/model/bundle.h>
#include <certty/model/mark.h>
#include <certty/model/x509.h>
#include <certty/provider/provider.h>
#include <certty/provider/tickets.h>

/* The sorts of store on this machine; struct store's `type`. */
#define LOCAL_FOLDER	 "folder"
#define LOCAL_KEYSTORE	 "keystore"
#define LOCAL_ENDPOINT	 "endpoint"
#define LOCAL_REPOSITORY "repository"
#define LOCAL_CA	 "ca"
#define LOCAL_INSTALL	 "install"

/* What this machine trusts: Debian's ca-certificates keeps it there. */
#define LOCAL_TRUST_STORE "/etc/ssl/certs"

#define LOCAL_FILES_MAX 200000	/* files of one folder store */

struct store *local_store(const char *type, const char *address, enum store_origin origin);
char *local_store_id(const char *type, const char *address);	/* "local/folder:/etc/ssl" */
char *local_repository(void);					/* its folder */
void local_touch_repository(struct op *op);

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
	bool only_likely;	/* odd files are told of only when their names promise something */
	/* the answer */
	GArray *files;		/* struct walk_file, sorted by path */
	GPtrArray *troubles;	/* sentences */
	bool is_cut;		/* more than LOCAL_FILES_MAX */
};

struct walk *walk_new(const char *root, int depth, size_t limit, char **skip /* taken */);
void walk_free(struct walk *w);
/* Blocks; looks at *stop between files.  False when the root itself cannot be read. */
bool walk_run(struct walk *w, const atomic_bool *stop, GError **error);
/* Whether a file's name promises certificates or keys. */
bool walk_is_likely(const char *path);

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
	bool is_keystore;	/* one thing with several in it, or locked: PKCS#12, PKCS#7 */
};

struct scanned *scan_file(const char *path, size_t limit, const struct secret *passphrase);
void scanned_free(struct scanned *s);
/* A work that scans these files: `out` is a GPtrArray of struct scanned in their order, with
 * fewer of them when it was stopped.  Takes the paths. */
struct work *scan_work(GPtrArray *paths, size_t limit, const struct secret *passphrase);

/* ---- folder.c: writing where others look as well ---- */

#define FOLDER_OURS ".certty-"	/* begins the names of what is being written: never looked at */
#define FOLDER_REMOVED "removed"	/* in the repository: what was removed from it */

char *folder_shown(const char *path);	/* harmless, for a sentence */
bool folder_fail(GError **error, enum err code, const char *path, const char *what);
char *folder_file_name(const char *name);	/* of a certificate, as the name of a file */
/* One program of ours at a time: the descriptor to close, or -1 with ERR_BUSY. */
int folder_lock(const char *path, GError **error);
bool folder_sync(const char *path);
void folder_drop(const char *path);		/* with the files that are in it */
/* Whether a file is there that others than its owner may read or write. */
bool folder_is_open_file(const char *path);

/* ---- repository.c: the own repository ---- */

char *repository_folder(const char *root, const char *name);	/* of all versions of a name; new */

struct keeping {
	const char *root, *name;	/* name: the certificate's first */
	GBytes *cert;
	GBytes *const *chain;
	size_t n_chain;
	const struct secret *key;	/* PEM, or NULL */
	bool is_plain_key;
	const char *from;		/* where it came from, harmless */
	int64_t now;
};

/* Keeps one more version; one that is there already is left as it is.  *ret_folder: which. */
bool repository_put(const struct keeping *k, char **ret_folder, bool *ret_was_there,
		    GError **error);
/* The folder of a version of it that has a key; new, or NULL. */
char *repository_find_key(const char *root, const char *name, GBytes *cert);
/* Moves a version ("name/version") among the removed ones; *ret_where: its new folder. */
bool repository_remove(const char *root, const char *version, char **ret_where, GError **error);

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
/* Those of files with an encrypted key that belong to a file by their names; borrowed. */
GPtrArray *memo_find_locked(const struct memo *m, const char *path);

struct memo_writer;
struct memo_writer *memo_writer_new(void);
void memo_writer_add(struct memo_writer *w, const char *path, const struct memo_file *f);
GBytes *memo_writer_end(struct memo_writer *w);

/* ---- seek.c: where the key of a certificate lies ---- */

struct seek;
/* For op->cert of op->store; args: "passphrase", "store-passphrase". */
struct seek *seek_new(const struct op *op, uint32_t key_hash);
void seek_free(struct seek *s);
struct x509_key *seek_key(const struct seek *s, uint32_t hash, GError **error);	/* blocks */
/* The path, relative to the store, of the file that a place is in; a new string. */
char *seek_file_of(const struct memo *memo, const char *alias);

/* ---- steps ---- */

/* The scratch of provider_local: what the operation under way needs between its steps. */
struct local {
	void *mine;
	GDestroyNotify free_mine;
};

step_fn files_refresh;		/* folder, keystore, repository */
step_fn endpoint_refresh;
step_fn ca_refresh;		/* as a folder, and its pending requests */
step_fn ca_show, ca_approve, ca_deny;
step_fn ca_renew;		/* op->store is the CA; args "at": the store in which op->cert lies */
step_fn tickets_store_refresh, tickets_store_show, tickets_store_countersign, tickets_store_deny,
	tickets_store_withdraw;
step_fn discover, import_file, remove_cert, export_cert, hand_cert, key_pair;

/* key.c: the subject of a request, the one that was typed or the first name's; a new string. */
char *key_subject(const char *typed, const char *name);

extern const struct key_maker enrol_key_maker;	/* enrol_key.c */
extern const struct issuer ca_enrol_issuer;	/* ca_enrol.c */

/* planned*.c: what they would do. */
plan_fn planned_store_add, planned_import, planned_remove, planned_export, planned_hand, planned_key,
	planned_approve, planned_deny, planned_renew, planned_withdraw, planned_countersign;
bool local_is_no_verb(const struct op *op, GError **error);	/* of requests of that sort; false */
/* The same by openssl: a key and a request for those names, into two files. */
void planned_run_key(const struct op *op, struct plan *p, char *const *names, const char *key,
		     const char *csr);

/* install.c: of a store of that type, what import and its plan are. */
struct next install_cert(struct op *op);
bool install_planned(struct op *op, struct plan *p, GError **error);

/* A folder's refresh goes on there when its rows are made, instead of being done. */
struct next files_refresh_then(struct op *op, step_fn *then);
/* What the names of a certificate's file and its key's have in common. */
char *files_stem(const char *path);

#endif
