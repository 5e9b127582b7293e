/*
 * Who am I: the domains that the key sees.  GoDaddy has no name for a key but the key itself.
 */
#include "godaddy.h"

#include <string.h>

#define DOMAINS_AT 1000

static struct next heard(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = NULL;
	const char *key = args_text(op->access->with, "sso-key", "");

	if (godaddy_read(r, "listing domains", &j, &error) != GODADDY_GOOD)
		return next_fail_error(op, error);
	/* Enough of it to tell which. */
	op_who(op, "API key %.4s…", key);
	op_say(op, "signed in with %s; %zu domain%s visible; that records may be added there is not shown "
	       "by this", op->who, json_count(j), json_count(j) == 1 ? "" : "s");
	return next_done();
}

struct next godaddy_test(struct op *op, const struct reply *none)
{
	g_autofree char *path = g_strdup_printf("/v1/domains?limit=%d", DOMAINS_AT);

	(void)none;
	return next_send(godaddy_ask(op, "GET", path, NULL), heard);
}
