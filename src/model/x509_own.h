/*
 * x509_own: what the x509*.c files share: the shape of a certificate, words for what is in
 * it, and the rules by which they read foreign bytes.
 *
 * A *shape* is a certificate taken apart by OpenSSL's own template reader, with its public key
 * left as bytes.  d2i_X509() decodes the key at once, which costs several times the rest; a
 * list never needs it.  Any thread.
 */
#ifndef CERTTY_MODEL_X509_OWN_H
#define CERTTY_MODEL_X509_OWN_H

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <certty/model/x509.h>

#define X509_LINE 2048	/* bytes kept of one shown text */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_REQ, X509_REQ_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)

/* ---- shapes (x509_shape.c) ---- */

struct x509_spki {
	X509_ALGOR *algorithm;
	ASN1_BIT_STRING *key;
};

/* A distinguished name as it was written: a stack of stacks of X509_NAME_ENTRY. */
struct x509_body {
	ASN1_INTEGER *version;
	ASN1_INTEGER *serial;
	X509_ALGOR *signature;
	OPENSSL_STACK *issuer;
	X509_VAL *validity;
	OPENSSL_STACK *subject;
	struct x509_spki *spki;
	ASN1_BIT_STRING *issuer_uid, *subject_uid;
	STACK_OF(X509_EXTENSION) *extensions;
};

struct x509_shape {
	struct x509_body *body;
	X509_ALGOR *signature_algorithm;
	ASN1_BIT_STRING *signature;
};

/* NULL when the bytes are no certificate; *ret_used (may be NULL) how many it takes. */
struct x509_shape *x509_shape_new(const uint8_t *der, size_t len, size_t *ret_used);
void x509_shape_free(struct x509_shape *s);

/* The same name, written differently, has the same hash; *ret_sound is cleared when a text in
 * it is not what its type says. */
uint64_t x509_shape_hash_name(const OPENSSL_STACK *name, bool *ret_sound);
/* New: the text of the last entry of that kind (NID_commonName…), or NULL; all on one line. */
char *x509_shape_entry(const OPENSSL_STACK *name, int nid);
char *x509_shape_name(const OPENSSL_STACK *name);

/* NULL when it cannot be read, or its algorithm is unknown here. */
struct x509_spki *x509_spki_new(const uint8_t *der, size_t len);
void x509_spki_free(struct x509_spki *spki);
EVP_PKEY *x509_spki_decode(const struct x509_spki *spki);
uint32_t x509_spki_hash(const struct x509_spki *spki);
uint32_t x509_pkey_hash(const EVP_PKEY *key);	/* equal to that of its certificate; never 0 */

/* ---- words (x509_words.c) ---- */

/* "RSA 2048", "EC P-256", "Ed25519", or the OID; new. */
char *x509_key_words(const struct x509_spki *spki, bool *ret_weak);
/* "SHA-256", "Ed25519", or the OID; new. */
char *x509_signature_words(const X509_ALGOR *algorithm, bool *ret_weak);

/* ---- texts (x509_text.c) ---- */

/* Harmless text of foreign bytes; new. */
char *x509_harmless(const void *bytes, size_t len, size_t max);
char *x509_string(const ASN1_STRING *s, size_t max);
bool x509_string_is_sound(const ASN1_STRING *s);	/* encoded as its type says, no NUL */
char *x509_oid(const ASN1_OBJECT *oid);			/* its short name, or the numbers */
void x509_add_entry(GString *out, const X509_NAME_ENTRY *entry);	/* "CN=x", after ", " */
char *x509_name_line(const X509_NAME *name);
char *x509_name_entry(const X509_NAME *name, int nid);
/* One subject alternative name as a list shows it; *ret_odd set when it holds what it should
 * not. */
char *x509_general_name(const GENERAL_NAME *name, bool *ret_odd);
bool x509_time(const ASN1_TIME *t, int64_t *ret_seconds);
char *x509_hex(const uint8_t *bytes, size_t len);
char *x509_serial(const ASN1_INTEGER *serial);
void x509_digest(const EVP_MD *md, const uint8_t *bytes, size_t len, GString *out);
const EVP_MD *x509_sha256(void);		/* fetched once */

/* ---- parts (x509_parts.c): what is in an extension, in words; new arrays of texts ---- */

GPtrArray *x509_words_new(void);
GPtrArray *x509_usage_words(const ASN1_BIT_STRING *usage);
GPtrArray *x509_purpose_words(const EXTENDED_KEY_USAGE *purposes);
GPtrArray *x509_name_words(const GENERAL_NAMES *names, size_t max, bool *ret_odd);
GPtrArray *x509_policy_words(const CERTIFICATEPOLICIES *policies);
GPtrArray *x509_crl_words(const CRL_DIST_POINTS *points);
GPtrArray *x509_access_words(const AUTHORITY_INFO_ACCESS *access, int nid);
/* Critical extensions that are not understood here. */
GPtrArray *x509_unknown_words(const STACK_OF(X509_EXTENSION) *extensions);
/* "xn--mnchen-3ya.de (münchen.de)"; names without A-labels as they are.  New. */
char *x509_shown(const char *name);
/* What X509_print and the like wrote, as bounded harmless lines; new. */
char *x509_lines(BIO *printed);

/* ---- chains (x509_chain.c) ---- */

bool x509_chain_of(X509 *cert, GBytes *const *candidates, size_t n,
		   const struct x509_trust *trust, int64_t now, char **ret_sentence);

/* ---- keys (x509_key.c) and the work a passphrase may cost (x509_rounds.c) ---- */

#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
#define X509_ROUNDS_MAX	  10000u	/* a fuzzer finds the dear ones first */
#else
#define X509_ROUNDS_MAX	  10000000u	/* of one key derivation */
#endif
#define X509_ROUNDS_TOTAL (2 * X509_ROUNDS_MAX)	/* of all in one file */

struct x509_key {
	EVP_PKEY *pkey;
};

/* What such a key signs with: NULL for those that bring their own digest. */
const EVP_MD *x509_digest_for(const EVP_PKEY *key);
/* How many rounds that derivation would take; UINT64_MAX when it cannot be read. */
uint64_t x509_rounds(const X509_ALGOR *algorithm);
/* Adds them to *spent, or fails with a sentence when that would be too much. */
bool x509_rounds_spend(uint64_t rounds, uint64_t *spent, GError **error);

/* The first private key in the bytes of a file, whatever its format, or the one whose hash is
 * wanted; NULL with an error. */
EVP_PKEY *x509_scan_key(const uint8_t *bytes, size_t len, const uint32_t *wanted,
			const struct secret *passphrase, GError **error);

/* ---- errors ---- */

/* Sets the error and leaves OpenSSL's queue empty; always false. */
bool x509_fail(GError **error, enum err code, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* What OpenSSL said last, as a few harmless words; empties its queue; new. */
char *x509_reason(void);

#endif
