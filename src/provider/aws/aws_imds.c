/*
 * aws_imds: keys of the role of an EC2 instance, by version 2 of its metadata service.
 *
 * First a ticket, then the role's name, then its keys.  Version 1, which needs no ticket and so
 * gives the keys to whoever can make a server on this machine fetch an address, is not used.
 * Never through a proxy, and a second is enough: where nobody answers, there is no instance.
 */
#include "aws_own.h"

#include <string.h>

#include <certty/base/text.h>

#define WHAT	   "asking the instance's metadata"
#define TTL	   "21600"
#define ROLES_PATH "/latest/meta-data/iam/security-credentials/"

static struct request_out *request(const struct op *op, const char *method, const char *path,
				   const char *more)
{
	const struct aws_op *mine = op->scratch;
	g_autofree char *url = g_strconcat(mine->plan->url, path, more, NULL);
	struct request_out *r = exchange_get(url);

	g_free(r->method);
	r->method = g_strdup(method);
	r->is_unsigned = true;
	r->timeout_ms = 1000;
	r->max = AWS_TOKEN_MAX;
	r->route = route_new();
	r->route->proxy = g_strdup("");
	if (mine->ticket)
		exchange_header(r, "X-aws-ec2-metadata-token", mine->ticket->bytes);
	return r;
}

/* One line of text, or NULL. */
static char *line_of(const struct reply *r, size_t max)
{
	gsize len = 0;
	const char *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;
	size_t end = 0;

	while (end < len && g_ascii_isgraph(bytes[end]))
		end++;
	if (!end || end > max || (end < len && bytes[end] != '\n' && bytes[end] != '\r'))
		return NULL;
	return g_strndup(bytes, end);
}

static struct next read_keys(struct op *op, const struct reply *r)
{
	struct aws_keys keys = { 0 };
	GError *error = NULL;
	g_autoptr(json) j = aws_call_read_json(r, WHAT, &error);
	const char *code = json_str(j, "Code");
	g_autofree char *shown = text_harmless_dup(code, 100);

	if (j && code && strcmp(code, "Success"))
		return next_fail(op, ERR_SIGN_IN, WHAT ": it has no keys of the role now (%s)",
				 shown);
	if (!j || !aws_keys_read(j, AWS_KEYS_METADATA, WHAT, &keys, &error))
		return next_fail_error(op, error);
	return aws_sign_in_with(op, &keys);
}

static struct next read_role(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autofree char *name = NULL, *escaped = NULL;

	if (!r->error && r->status == 404)
		return next_fail(op, ERR_SIGN_IN, "this instance has no role (no instance profile)");
	if (!aws_error_check(r, WHAT, &error))
		return next_fail_error(op, error);
	name = line_of(r, 200);
	if (!name)
		return next_fail(op, ERR_REPLY, WHAT ": the role's name is none");
	escaped = g_uri_escape_string(name, NULL, FALSE);
	return next_send(request(op, "GET", ROLES_PATH, escaped), read_keys);
}

static struct next read_ticket(struct op *op, const struct reply *r)
{
	struct aws_op *mine = op->scratch;
	GError *error = NULL;
	char *ticket;

	if (!r->error && (r->status == 403 || r->status == 404 || r->status == 405))
		return next_fail(op, ERR_REFUSED, "the instance's metadata speaks version 1 only or "
				 "is switched off (status %d); version 1 is not used, as it gives "
				 "keys to anybody who can make a program fetch an address",
				 r->status);
	if (!aws_error_check(r, WHAT, &error))
		return next_fail_error(op, error);
	ticket = line_of(r, 4096);
	if (!ticket)
		return next_fail(op, ERR_REPLY, WHAT ": its ticket is none");
	mine->ticket = secret_new(ticket, strlen(ticket));
	secret_wipe(ticket, strlen(ticket));
	if (!mine->ticket)
		return next_fail(op, ERR_LIMIT, WHAT ": no memory for secrets is left");
	return next_send(request(op, "GET", ROLES_PATH, NULL), read_role);
}

struct next aws_imds_ask(struct op *op, const struct reply *none)
{
	struct request_out *r = request(op, "PUT", "/latest/api/token", NULL);

	(void)none;
	exchange_header(r, "X-aws-ec2-metadata-token-ttl-seconds", TTL);
	return next_send(r, read_ticket);
}
