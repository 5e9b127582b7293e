/*
 * sign_aws: AWS Signature Version 4, in the Authorization header.
 *
 * Adds X-Amz-Date, X-Amz-Security-Token (with a session token) and Authorization; whatever was
 * there of these is replaced.  X-Amz-Content-Sha256 is set for S3, which wants it, and for a
 * request that has one.  Headers that are in the request are signed, but for those that proxies
 * and curl change.  The path is signed as AWS's services want it (encoded once more, dots and
 * double slashes taken out), for S3 as it stands.  Pure; any thread.
 * Source: AWS, "Signature Version 4 signing process", and its published test suite, which
 * tests/net has as data.
 */
#ifndef CERTTY_NET_SIGN_AWS_H
#define CERTTY_NET_SIGN_AWS_H

#include <certty/net/exchange.h>

struct aws_key {
	const char *id;			/* AKIA…, ASIA… */
	const struct secret *secret;
	const struct secret *session;	/* or NULL */
};

/* ERR_USAGE when the URL cannot be read. */
bool sign_aws(struct request_out *r, const struct aws_key *key, const char *region,
	      const char *service, int64_t now, GError **error);

#endif
