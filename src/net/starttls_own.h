/*
 * starttls_own: the talk before TLS, without a socket; for the files of net alone.
 *
 * The caller says what stands in `out`, gives every byte that it hears to starttls_hear(), and
 * begins the handshake once `ready` is true and `out` is empty.  Nothing may have been heard
 * beyond the server's last word: those bytes would be read as if TLS protected them.
 */
#ifndef CERTTY_NET_STARTTLS_OWN_H
#define CERTTY_NET_STARTTLS_OWN_H

#include <certty/net/exchange.h>

#define STARTTLS_HEAR_MAX (64u << 10)	/* bytes of a whole talk that we listen to */

struct starttls_talk {
	const struct starttls *protocol;
	GByteArray *out;	/* to be said */
	GByteArray *in;		/* heard and not yet understood */
	size_t heard;		/* all bytes so far */
	unsigned turn;		/* row of the script */
	bool ready;
};

void starttls_init(struct starttls_talk *t, const struct starttls *protocol);
void starttls_done(struct starttls_talk *t);

/* False when the server will not, or says what the protocol does not know: the error then
 * holds "said …" without the server's name, which the caller puts before it. */
bool starttls_hear(struct starttls_talk *t, const void *bytes, size_t len, GError **error);

#endif
