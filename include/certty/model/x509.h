/*
 * x509: PEM, DER, PKCS#7, PKCS#12 and CSRs, in and out.  x509*.c are the only files that speak
 * to OpenSSL's X.509.
 *
 * Bytes are hostile: sizes are bounded before parsing, and every failure is one sentence that
 * names the item and what is wrong with it.  Any thread; OpenSSL keeps per-thread errors,
 * which every function here leaves empty.
 */
#ifndef CERTTY_MODEL_X509_H
#define CERTTY_MODEL_X509_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <certty/base/auto.h>
#include <certty/base/err.h>
#include <certty/base/secret.h>
#include <certty/model/detail.h>
#include <certty/model/facts.h>

#define X509_CERT_MAX	(1u << 20)	/* bytes of one certificate's DER */
#define X509_FILE_MAX	(64u << 20)	/* bytes of one file */
#define X509_ITEMS_MAX	100000		/* things in one file */

/* ---- one certificate ---- */

bool x509_facts(const uint8_t *der, size_t len, struct facts *ret, GError **error);

/* 1, 2 or 3; 0 when it is no sound certificate. */
int x509_version(const uint8_t *der, size_t len);

/* Everything about it for a person.  chain and trust as for x509_chain, `now` judges dates. */
struct x509_trust;
struct detail *x509_describe(GBytes *der, GBytes *const *chain, size_t n_chain,
			     const struct x509_trust *trust, int64_t now, GError **error);

char *x509_pem(const uint8_t *der, size_t len);		/* one PEM block, new string */

/* Whether a client that asks for this host, a name in A-labels or an address, takes it: by its alternative
 * names alone, a wildcard for one whole label (RFC 9525). */
struct x509_cert;	/* read once, for many hosts */
struct x509_cert *x509_cert_new(const uint8_t *der, size_t len);	/* NULL: it is not sound */
void x509_cert_free(struct x509_cert *c);
bool x509_covers(const struct x509_cert *c, const char *host);

/* ---- chains ---- */

/* The system's trust store (a file or folder of PEM, where any certificate may end a chain;
 * NULL: OpenSSL's default places, where only roots do). */
struct x509_trust *x509_trust_new(const char *path);
void x509_trust_free(struct x509_trust *t);

/* How the chain stands: a sentence ("chain verifies to ISRG Root X1", "no issuer found for
 * Example CA 2"), and whether it verifies.  candidates may be in any order and too many. */
bool x509_chain(GBytes *der, GBytes *const *candidates, size_t n, const struct x509_trust *trust,
		int64_t now, char **ret_sentence);

/* ---- files ---- */

enum x509_item_kind { X509_ITEM_CERT, X509_ITEM_KEY, X509_ITEM_KEY_LOCKED, X509_ITEM_CSR,
		      X509_ITEM_BAD };

/* One thing found in a file, in the order of the file. */
struct x509_item {
	enum x509_item_kind kind;
	GBytes *der;		/* certificates and CSRs; never a key */
	uint32_t key_hash;	/* keys and CSRs: as in struct facts, 0 when locked or unreadable */
	char *alias;		/* PKCS#12 friendly name, or NULL */
	char *trouble;		/* X509_ITEM_BAD: the sentence */
};

/* Everything in the bytes of a file, whatever its format; passphrase may be NULL.  An encrypted
 * keystore without or with a wrong passphrase fails with ERR_SIGN_IN or ERR_PASSPHRASE.  Bytes
 * in which nothing of interest is found give an empty array, not an error; private keys are
 * wiped as soon as their hash is known. */
GPtrArray *x509_scan(const uint8_t *bytes, size_t len, const struct secret *passphrase,
		     GError **error);
/* The first sound certificate in a text of a service, and its facts, at a fraction of a scan's work;
 * NULL: there is none, and `ret` is untouched.  `pem` may be NULL. */
GBytes *x509_first(const char *pem, struct facts *ret);
/* A quick look whether a scan could find anything ("-----BEGIN", 0x30 0x82 …). */
bool x509_could_be(const uint8_t *bytes, size_t len);

/* ---- keys, CSRs, signing, writing ---- */

/* A private key: its own type, so that it is not passed around as bytes. */
struct x509_key;
void x509_key_free(struct x509_key *k);
AUTO_FREE(x509_key, x509_key_free)
struct x509_key *x509_key_dup(const struct x509_key *k);	/* shares what is inside, for any thread */

/* kind: "rsa-2048" "rsa-3072" "rsa-4096" "ec-p256" "ec-p384" "ed25519" (x509_key_kinds). */
extern const char *const x509_key_kinds[];	/* ends with NULL */
struct x509_key *x509_key_make(const char *kind, GError **error);
struct x509_key *x509_key_read(const uint8_t *bytes, size_t len,
			       const struct secret *passphrase, GError **error);
/* The one of that hash among several. */
struct x509_key *x509_key_find(const uint8_t *bytes, size_t len, uint32_t hash,
			       const struct secret *passphrase, GError **error);
uint32_t x509_key_hash(const struct x509_key *k);
bool x509_key_fits(const struct x509_key *k, const uint8_t *cert_der, size_t len);
/* PKCS#8 PEM; encrypted (AES-256-CBC, PBKDF2 with 600,000 rounds of HMAC-SHA-256) unless
 * passphrase is NULL. */
struct secret *x509_key_pem(const struct x509_key *k, const struct secret *passphrase,
			    GError **error);

/* A CSR over names ("www.example.org", "10.0.0.1", "a@b.c"); subject "" or "CN=x,O=y". */
GBytes *x509_csr_make(const struct x509_key *k, const char *subject, const char *const *names,
		      GError **error);
bool x509_csr_fits(GBytes *csr, GBytes *cert);	/* whether they are of the same key */
char *x509_csr_key(GBytes *csr);			/* as facts.key, new; NULL: it is no request */
char *x509_csr_pem(GBytes *csr);			/* one PEM block, new; NULL: it is no request */
/* What a reviewer must see, and what is odd about it, one sentence a line; both new. */
struct detail *x509_csr_describe(GBytes *csr, char ***ret_names, char **ret_oddities,
				 GError **error);

struct x509_profile {
	const char *name;	/* "server", "client", "server+client", "sub-ca" */
	const char *sentence;
	const char *key_usage;	/* as OpenSSL's configuration writes them */
	const char *extended_key_usage;
	bool is_ca;
};
extern const struct x509_profile x509_profiles[];	/* ends with name NULL */

/* Signs: the CSR's subject, key and names; extensions come from the profile, never from the
 * CSR.  Serial: 159 random bits.  Never longer than the CA itself: later dates are cut to its
 * own.  ca_cert NULL: a root, signed by the CSR's own key. */
GBytes *x509_sign(GBytes *csr, GBytes *ca_cert, const struct x509_key *ca_key,
		  const struct x509_profile *profile, int64_t not_before, int64_t not_after,
		  GError **error);

/* ---- lists of revoked certificates (x509_crl.c) ---- */

struct x509_crl {
	GBytes *der;
	char *issuer;		/* its common name, or all of the name */
	char *number;		/* "" where it has none */
	int64_t this_update, next_update;	/* 0: it does not say */
	size_t entries;
	bool is_signed;		/* by the certificate that was given */
};
/* The first one in a PEM text.  issuer: its DER, or NULL. */
bool x509_crl_read(const char *pem, GBytes *issuer, struct x509_crl *ret, GError **error);
void x509_crl_done(struct x509_crl *crl);

/* ---- successors (x509_renew.c) ---- */

bool x509_is_signed_by(GBytes *cert, GBytes *ca);
/* The kind to make, of a key in the words of facts ("EC P-256"); NULL: none that is made here. */
const char *x509_renew_kind(const char *key);
/* The profile that allows what the certificate does, no more and no less; NULL: none. */
const struct x509_profile *x509_renew_profile(GBytes *cert);
/* A request for the same subject and names. */
GBytes *x509_renew_csr(const struct x509_key *k, GBytes *cert, GError **error);

/* PKCS#12 of a certificate, its chain and (unless NULL) its key; PKCS#7 of certificates. */
GBytes *x509_pkcs12(const char *alias, GBytes *cert, GBytes *const *chain, size_t n,
		    const struct x509_key *key, const struct secret *passphrase, GError **error);
GBytes *x509_pkcs7(GBytes *const *certs, size_t n, GError **error);

#endif
