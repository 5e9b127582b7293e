/*
 * token: bearer tokens as OAuth 2 has them (RFC 6749), and what is said to get one.
 *
 * Bodies with secrets in them are built in memory that is wiped.  Pure, but for the random
 * identifier of an assertion; any thread.
 */
#ifndef CERTTY_NET_TOKEN_H
#define CERTTY_NET_TOKEN_H

#include <certty/net/exchange.h>

/* A POST of application/x-www-form-urlencoded: name, value, name, value…, NULL; a pair whose
 * value is NULL is left out.  It is sent as it is, unsigned.  The second adds a secret as one
 * more pair. */
struct request_out *token_request(const char *url, ...) G_GNUC_NULL_TERMINATED;
void token_add_secret(struct request_out *r, const char *name, const struct secret *value);

/* Basic (RFC 7617) and Bearer (RFC 6750) as Authorization headers, replacing one that is there. */
void token_basic(struct request_out *r, const char *user, const struct secret *password);
void token_bearer(struct request_out *r, const struct secret *token);

struct token {
	struct secret *access;
	int64_t ends;		/* now + expires_in, or expires_on; 0: not said */
};
/* Reads a token endpoint's answer; its refusal (error, error_description) becomes a sentence,
 * with ERR_SIGN_IN; what is no refusal of who asks, with ERR_REPLY. */
bool token_read(const struct reply *r, int64_t now, struct token *ret, GError **error);
void token_done(struct token *t);

/* A client assertion (RFC 7523): a JWT signed by the key that belongs to a certificate, with the
 * certificate's SHA-256 (x5t#S256) and its SHA-1 (x5t) in the head; lasts ten minutes.  PS256 for
 * an RSA key, ES256 for one on P-256.  `pem` holds both, and perhaps issuers.  The passphrase may
 * be NULL.  ERR_PASSPHRASE when the key cannot be opened. */
struct secret *token_assertion(const struct secret *pem, const struct secret *passphrase,
			       const char *issuer, const char *audience, int64_t now,
			       GError **error);

/* The claims of a JWT, not verified, for showing who somebody is: the payload as JSON bytes. */
GBytes *token_claims(const struct secret *jwt, GError **error);

#endif
