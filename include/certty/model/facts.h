/*
 * facts: what a list needs to know about one certificate, and nothing more.
 *
 * x509.c makes facts from DER; a provider that knows a certificate only from its API fills
 * them in itself and leaves `has_digest` false.  Texts are harmless already.  Owned by
 * whoever made them; facts_done() frees the inside.  Any thread, one at a time.
 */
#ifndef CERTTY_MODEL_FACTS_H
#define CERTTY_MODEL_FACTS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define FACTS_NAMES 4096	/* SANs kept of one certificate; more are counted, not kept */
#define FACTS_TEXT 1024		/* bytes kept of one name */

struct facts {
	uint8_t sha256[32];	/* of the DER */
	bool has_digest;
	char *name;		/* what a person calls it: first DNS name, else CN, else subject */
	char **names;		/* every DNS, IP, e-mail and URI name, A-labels; without `name` twice */
	uint32_t n_names;	/* with those not kept */
	char *issuer;		/* issuer's CN, else O, else the whole */
	char *key;		/* "RSA 2048", "EC P-256", "Ed25519", an OID where unknown */
	char *signature;	/* "SHA-256", "SHA-1", "Ed25519" … */
	int64_t not_before, not_after;
	uint32_t marks;		/* what the certificate alone tells (mark.h) */
	uint32_t subject_hash, issuer_hash;	/* of the canonical names: links a chain */
	uint32_t key_hash;	/* of the public key (SPKI): same key, same hash */
	char *serial;		/* hex, lower case, even number of digits */
};

void facts_done(struct facts *f);
/* All names, each once, sorted; a new vector. */
char **facts_sorted_names(const struct facts *f);
bool facts_same_names(const struct facts *a, const struct facts *b);

#endif
