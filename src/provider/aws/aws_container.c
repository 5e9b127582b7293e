/*
 * aws_container: keys that the platform gives to what runs in a container (ECS, EKS).
 *
 * Whoever sets the variable could have the authorization sent anywhere, so without TLS only the
 * few addresses are asked that the platforms use, and this machine itself.
 */
#include "aws_own.h"

#include <string.h>

#include <certty/net/place.h>

#define WHAT "asking the container's platform for keys"
#define PLATFORM "http://169.254.170.2"

static bool is_trusted_host(const char *host)
{
	static const char *const hosts[] = { "169.254.170.2", "169.254.170.23", "fd00:ec2::23",
					     NULL };

	return place_of_host(host) == PLACE_HERE || g_strv_contains(hosts, host);
}

char *aws_container_url(const char *relative, const char *full, GError **error)
{
	g_autofree char *url = NULL, *bare = NULL, *host = NULL;

	if (!relative && !full) {
		g_set_error(error, ERR, ERR_SIGN_IN, "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI "
			    "nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set");
		return NULL;
	}
	url = relative ? g_strconcat(PLATFORM, *relative == '/' ? "" : "/", relative, NULL) :
			 g_strdup(full);
	bare = g_strndup(url, strcspn(url, "?"));
	if (!aws_place_is_url(bare) || strchr(url, '#') || strlen(url) > 2000) {
		g_set_error(error, ERR, ERR_USAGE, "the address of container credentials is no http "
			    "or https address");
		return NULL;
	}
	host = place_host(url);
	if (!host || (place_is_plain(url) && !is_trusted_host(host))) {
		g_set_error(error, ERR, ERR_REFUSED, "container credentials are not asked of '%s': "
			    "without TLS only this machine and the platform's own addresses are",
			    host ? host : "");
		return NULL;
	}
	return g_steal_pointer(&url);
}

static struct next read_keys(struct op *op, const struct reply *r)
{
	struct aws_keys keys = { 0 };
	GError *error = NULL;
	g_autoptr(json) j = aws_call_read_json(r, WHAT, &error);

	if (!j || !aws_keys_read(j, AWS_KEYS_METADATA, WHAT, &keys, &error))
		return next_fail_error(op, error);
	return aws_sign_in_with(op, &keys);
}

struct next aws_container_ask(struct op *op, const struct reply *none)
{
	const struct aws_plan *p = ((struct aws_op *)op->scratch)->plan;
	struct request_out *r = exchange_get(p->url);

	(void)none;
	r->is_unsigned = true;
	r->is_repeatable = true;
	r->timeout_ms = 2000;
	exchange_header(r, "Accept", "application/json");
	if (p->token)
		exchange_header(r, "Authorization", p->token->bytes);
	return next_send(r, read_keys);
}
