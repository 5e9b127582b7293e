/*
 * mark: what is notable about a certificate, one bit each.
 *
 * The table says each mark's bit, the word that the filter, the screen and JSON use, its tone,
 * and one sentence.  Plain facts; any thread.
 */
#ifndef CERTTY_MODEL_MARK_H
#define CERTTY_MODEL_MARK_H

#include <stdint.h>
#include <stdbool.h>
#include <certty/model/kind.h>

enum {
	MARK_CA			= 1u << 0,
	MARK_SELF_SIGNED	= 1u << 1,
	MARK_WEAK_KEY		= 1u << 2,	/* RSA or DSA under 2048, EC under 224 bits */
	MARK_SHA1		= 1u << 3,	/* signed with SHA-1 or MD5 (not on a self-signed root) */
	MARK_TOO_LONG		= 1u << 4,	/* valid for longer than the rule of its issue date */
	MARK_UNKNOWN_ISSUER	= 1u << 5,	/* no certificate of its issuer in any known store */
	MARK_MISMATCH		= 1u << 6,	/* the key beside it is not its key; or a wrong host */
	MARK_KEY		= 1u << 7,	/* its private key is here, and matches */
	MARK_KEY_LOCKED		= 1u << 8,	/* a key is beside it, encrypted: match not known */
	MARK_BAD		= 1u << 9,	/* the bytes are not a sound certificate */
	MARK_WILDCARD		= 1u << 10,
	MARK_NOT_YET		= 1u << 11,	/* filled in by those who know the time: never stored */
	MARK_NO_NAMES		= 1u << 12,	/* end entity with a common name only */
	MARK_REVOKED		= 1u << 13,
	MARK_LEAF		= 1u << 14,	/* an end entity's */
	MARK_TRUSTED		= 1u << 15,	/* lies in the system's trust store */
	MARK_DRIFT		= 1u << 16,	/* an older one than was deployed or is kept: filled in
						 * by the engine, never stored */
	/* what its service tells of it */
	MARK_IN_USE		= 1u << 17,
	MARK_IMPORTED		= 1u << 18,
	MARK_AMAZON_ISSUED	= 1u << 19,
	MARK_PRIVATE_CA		= 1u << 20,
	MARK_EXPORTABLE		= 1u << 21,	/* it may hand out its private key */
	MARK_DISABLED		= 1u << 22,
};

struct mark {
	uint32_t bit;
	const char *word;	/* "weak-key" */
	enum tone tone;
	const char *sentence;
};

extern const struct mark mark_table[];	/* ends with bit 0 */

/* The bit of that word, or 0. */
uint32_t mark_read(const char *word);

/* Those of the marks that a person should be told of: that a CA signed its own certificate is
 * what makes it a root, and nothing to worry about. */
uint32_t mark_notable(uint32_t bits);

#endif
