/*
 * make: certificates for tests, made with OpenSSL itself, as sound or as strange as wanted.
 */
#ifndef CERTTY_TESTS_MODEL_MAKE_H
#define CERTTY_TESTS_MODEL_MAKE_H

#include <glib.h>
#include <stdint.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <certty/base/secret.h>

#define MAKE_NOW INT64_C(1790000000)	/* 2026-09-21 */
#define MAKE_DAY 86400

struct make {
	const char *subject;		/* common name; NULL: an empty subject */
	const char *sans;		/* as in openssl.cnf: "DNS:a,IP:10.0.0.1"; or NULL */
	const char *constraints;	/* "critical,CA:TRUE" */
	const char *purposes;		/* "serverAuth" */
	int64_t not_before, not_after;	/* 0: 30 days ago; 60 days from MAKE_NOW */
	EVP_PKEY *key;			/* NULL: one made for the run (EC P-256) */
	X509 *issuer;			/* NULL: self-signed */
	EVP_PKEY *issuer_key;		/* NULL: make_key() */
	const EVP_MD *digest;		/* NULL: SHA-256 */
	void (*change)(X509 *cert);	/* before it is signed */
	bool no_key_ids;
};

EVP_PKEY *make_key(void);		/* the run's own; borrowed */
EVP_PKEY *make_key_of(const char *kind);	/* "RSA:1024", "EC:P-521", "ED25519"; new */
X509 *make_cert(const struct make *m);	/* new */
GBytes *make_der(X509 *cert);		/* new; cert stays */
GBytes *make_cert_der(const struct make *m);
char *make_pem(GBytes *der);
/* What that issuer (or make_key(), which is its key unless said) revoked, as PEM: one entry. */
char *make_crl(GBytes *issuer, long number, int64_t made, int64_t next);
struct secret *make_secret(const char *text);

/* Runs a command line of /bin/sh in a folder for the test, fails the test when it fails, and
 * returns what it wrote; new. */
char *make_run(const char *folder, const char *command);
void make_expect(const char *folder, const char *command, const char *part);	/* it wrote that */
char *make_folder(void);
void make_folder_gone(char *folder);	/* removes and frees it */
void make_file(const char *folder, const char *name, const void *bytes, size_t len);
GBytes *make_read(const char *folder, const char *name);

#endif
