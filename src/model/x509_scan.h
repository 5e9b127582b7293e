/*
 * x509_scan: what x509_scan.c and x509_keystore.c share while they look through one file.
 */
#ifndef CERTTY_MODEL_X509_SCAN_H
#define CERTTY_MODEL_X509_SCAN_H

#include "x509_own.h"

struct scan {
	const struct secret *passphrase;	/* borrowed; NULL: there is none */
	GPtrArray *items;
	EVP_PKEY *first_key;			/* of the hash that is wanted, or at all */
	const uint32_t *wanted;
	uint64_t rounds;			/* spent on passphrases so far */
	char where[80];				/* "block 3 (CERTIFICATE): " */
};

struct x509_item *scan_add(struct scan *s, enum x509_item_kind kind);
struct x509_item *scan_add_cert(struct scan *s, const uint8_t *der, size_t len);
struct x509_item *scan_add_key(struct scan *s, EVP_PKEY *key);	/* takes it */
void scan_bad(struct scan *s, const char *trouble);
bool scan_is_full(const struct scan *s);

/* Looks whether it is PKCS#12, and if so opens it; false when it is and does not open. */
bool scan_keystore(struct scan *s, const uint8_t *der, size_t len, bool *ret_is_keystore,
		   GError **error);

#endif
