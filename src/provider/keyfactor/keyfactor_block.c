/*
 * keyfactor_block: answers out of a server of command_config.json, or of the whole file when it
 * has but one.
 */
#include "keyfactor_own.h"

#include <string.h>

#include <certty/base/err.h>

/* The one server of a whole file; NULL when there are several or it is no such file. */
static const struct json *only_server(const struct json *j, GError **error)
{
	const struct json *servers = keyfactor_get(j, "servers");

	if (!json_count(servers))
		return NULL;
	if (json_count(servers) == 1)
		return json_at(servers, 0);
	g_set_error(error, ERR, ERR_FORMAT, "there are %zu servers in it: paste one of them, from its "
		    "{ to its }", json_count(servers));
	return NULL;
}

bool keyfactor_block(const struct secret *block, struct args *ret, GError **error)
{
	g_autoptr(json) j = json_parse(block->bytes, block->len, PASTE_MAX, NULL);
	const struct json *server = keyfactor_get(j, "host") ? j : NULL;
	g_autoptr(args) found = args_new();
	g_autoptr(GError) why = NULL;

	if (!server)
		server = only_server(j, &why);
	if (server && keyfactor_read_server(server, found, &why)) {
		args_add(ret, found);
		return true;
	}
	if (why)
		g_propagate_error(error, g_steal_pointer(&why));
	return false;
}
