/*
 * Who am I: the zones that the token or key sees, and whose they are.
 */
#include "cloudflare.h"

static struct next heard(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = cloudflare_read(r, "listing zones", NULL, &error);
	const struct json *first = json_at(json_get(j, "result"), 0);
	const char *owner = json_str(json_get(first, "account"), "name");
	int64_t n = 0;

	if (!j)
		return next_fail_error(op, error);
	if (!json_int(json_get(j, "result_info"), "total_count", &n))
		n = (int64_t)json_count(json_get(j, "result"));
	if (args_secret(op->access->with, "token"))
		op_who(op, "an API token%s%s", owner ? " of " : "", owner ? owner : "");
	else
		op_who(op, "%s", args_text(op->access->with, "email", ""));
	if (n)
		op_say(op, "signed in as %s; %" G_GINT64_FORMAT " zone%s visible; that records may be added "
		       "there is not shown by this", op->who, n, n == 1 ? "" : "s");
	else
		op_say(op, "signed in as %s, but no zone is visible; a token needs Zone:Read and DNS:Edit "
		       "for one", op->who);
	return next_done();
}

struct next cloudflare_test(struct op *op, const struct reply *none)
{
	(void)none;
	return next_send(cloudflare_ask(op, "GET", "/zones?per_page=50&page=1", NULL), heard);
}
