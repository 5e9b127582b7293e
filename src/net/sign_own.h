/*
 * sign_own: what is signed, step by step, for tests that compare each step with a published one.
 */
#ifndef CERTTY_NET_SIGN_OWN_H
#define CERTTY_NET_SIGN_OWN_H

#include <certty/net/sign_aws.h>
#include <certty/net/sign_edgegrid.h>

/* AWS: what comes before the signature.  Wiped and freed by sign_aws_steps_done(). */
struct sign_aws_steps {
	char *canonical, *to_sign, *authorization;
};

/* `keeps_path`: the path is signed as it stands, dots and slashes and all, as S3 wants it.
 * `date` is of the form 20150830T123600Z. */
bool sign_aws_steps(const struct request_out *r, const struct aws_key *key, const char *region,
		    const char *service, bool keeps_path, const char *date,
		    struct sign_aws_steps *ret, GError **error);
void sign_aws_steps_done(struct sign_aws_steps *s);

/* EdgeGrid: `host` as in the Host header, `target` path and query as on the request line, `stamp`
 * like 20140321T19:34:21+0000. */
struct sign_edgegrid_from {
	const char *scheme, *host, *target, *stamp, *nonce;
};
struct sign_edgegrid_steps {
	char *key, *data, *authorization;
};

void sign_edgegrid_steps(const struct request_out *r, const struct edgegrid_key *key,
			 const struct sign_edgegrid_from *from, struct sign_edgegrid_steps *ret);
void sign_edgegrid_steps_done(struct sign_edgegrid_steps *s);

#endif
