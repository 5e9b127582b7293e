/*
 * rfc2136_planned: what dynamic updates would be sent, and where.
 */
#include "rfc2136.h"

#include <string.h>

#include <certty/provider/dns_planned.h>

#define BY_SOA "the primary server that the zone's SOA names"

/* Of what other tools have set up the server is known once their files are read. */
static const char *server_of(const struct op *op)
{
	const char *server = args_text(op->account->answers, "server", "");

	return *server ? server : NULL;
}

static const char *key_file_of(const struct op *op)
{
	const char *auth = args_text(op->account->answers, "auth", "key");

	return strcmp(auth, "tsig-file") ? NULL : args_get(op->account->answers, "tsig-file");
}

static bool is_by_name(const struct op *op)
{
	const char *auth = args_text(op->account->answers, "auth", "key");

	return !strcmp(auth, "key") || !strcmp(auth, "tsig-file");
}

static void say(struct op *op, struct plan *p, bool takes)
{
	const char *server = server_of(op), *key_file = key_file_of(op);
	const char *zones = args_text(op->account->answers, "zones", "");
	const char *where = server ? server : is_by_name(op) ? BY_SOA : "the server of the account";

	dns_planned_look(p);
	if (key_file)
		plan_call(p, PLAN_ASKS, "read", key_file, "the key");
	for (guint i = 0; i < op->records->len; i++) {
		g_autofree char *title = dns_planned_title(op->records->pdata[i]);

		plan_call(p, PLAN_CHANGES | PLAN_MAYBE, takes ? "update delete" : "update add", where, title);
	}
	if (*zones)
		plan_not(p, "with %s no other zone than these is changed: %s", op->account->id, zones);
	dns_planned_update(p, op->records, takes, server, key_file);
}

bool rfc2136_planned_publish(struct op *op, struct plan *p, GError **error)
{
	(void)error;
	say(op, p, false);
	return true;
}

bool rfc2136_planned_unpublish(struct op *op, struct plan *p, GError **error)
{
	(void)error;
	say(op, p, true);
	return true;
}
