/*
 * sign_tsig: DNS messages signed with a shared key (TSIG, RFC 8945), and answers checked.
 *
 * Pure; any thread.  Published messages are in tests/net as data.
 */
#ifndef CERTTY_SRC_NET_SIGN_TSIG_H
#define CERTTY_SRC_NET_SIGN_TSIG_H

#include <certty/net/dns_update.h>

#define TSIG_MAC_MAX 64

/* Why a server does not take a signature; in its answer. */
enum { TSIG_BADSIG = 16, TSIG_BADKEY = 17, TSIG_BADTIME = 18, TSIG_BADTRUNC = 22 };

struct tsig_mac {
	uint8_t bytes[TSIG_MAC_MAX];
	unsigned len;
};

/* Appends a name as it stands in messages, in lower case; false for what is none. */
bool sign_tsig_name(GByteArray *message, const char *name);

/* Appends the signature to a whole message.  ERR_USAGE when this machine's OpenSSL does not have
 * the algorithm. */
bool sign_tsig(GByteArray *message, const struct dns_key *key, int64_t now, struct tsig_mac *ret,
	       GError **error);

struct tsig_says {
	bool is_signed;		/* by that key, as the answer to that message, about now */
	unsigned error;		/* what it says is wrong with ours; 0: nothing.  To be believed where
				 * is_signed, else a hint */
	int64_t clock;		/* TSIG_BADTIME: the server's, seconds since 1970; else 0 */
};
/* Looks at an answer, which may be anything. */
struct tsig_says sign_tsig_check(const uint8_t *answer, size_t len, const struct dns_key *key,
				 const struct tsig_mac *asked, int64_t now);

#endif
