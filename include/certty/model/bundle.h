/*
 * bundle: a certificate, its issuers in order, and its private key: what is handed from one store
 * to another.
 *
 * One owner at a time; any thread.
 */
#ifndef CERTTY_MODEL_BUNDLE_H
#define CERTTY_MODEL_BUNDLE_H

#include <glib.h>
#include <certty/base/auto.h>
#include <certty/base/file.h>
#include <certty/model/args.h>
#include <certty/model/facts.h>
#include <certty/model/x509.h>

struct bundle {
	GBytes *cert;		/* DER */
	GPtrArray *chain;	/* GBytes: its issuers, nearest first */
	struct facts facts;	/* of cert */
	struct x509_key *key;	/* that fits, or NULL */
	guint left_out;		/* other certificates where it was taken from */
};

/* From DER; takes a reference of each, and the key.  NULL when it is no sound certificate. */
struct bundle *bundle_new(GBytes *cert, GBytes *const *chain, size_t n, struct x509_key *key,
			  GError **error);
struct bundle *bundle_dup(const struct bundle *b);
void bundle_free(struct bundle *b);
/* Its issuers, found by their names among certificates in any order, follow those it has. */
void bundle_link(struct bundle *b, GBytes *const *ders, size_t n);
AUTO_FREE(bundle, bundle_free)

#define BUNDLE_CERTS_MAX 500	/* a file with more is a trust store, not something to add */

/* The one of a file whose key is there, else the first that is no CA's, else the first; its
 * issuers are found by their names.  Where a key is wanted, several of certificates of their own
 * are refused.  Blocks: for the job pool. */
struct bundle *bundle_read(const char *path, size_t limit, bool wants_key,
			   const struct secret *passphrase, GError **error);
/* PEM of all, and behind it the key's as given: one file, so that one rename puts both in place. */
bool bundle_write(const char *path, const char *pem, const struct secret *key /* or NULL */,
		  enum file_replace replace, GError **error);
char *bundle_pem(GBytes *cert /* or NULL */, GBytes *const *chain, size_t n);	/* new string */
/* Its issuers as a server wants them, whatever order they were given in: nearest first, each
 * once, without the certificate itself and what issued nothing of it.  New, of GBytes. */
GPtrArray *bundle_chain(const struct bundle *b);

/* ---- bundle_file.c: a certificate as a file ---- */

struct bundle_form {
	const char *name, *title;
	bool takes_key, takes_chain;
};

struct bundle_file {		/* borrows everything */
	const struct bundle_form *form;
	const char *path, *name;
	GBytes *cert;
	GBytes *const *chain;
	size_t n_chain;
	const struct x509_key *key;	/* or NULL */
	const struct secret *passphrase;	/* for the key */
	enum file_replace replace;
};

const struct bundle_form *bundle_form_find(const char *name);	/* or NULL */
/* The form that the answers of VERB_EXPORT ask for, if they fit each other. */
const struct bundle_form *bundle_file_form(const struct args *args, GError **error);
/* Says what was written, in a new string; NULL: nothing was.  Blocks: for the job pool. */
char *bundle_file_write(const struct bundle_file *f, GError **error);

#endif
