/*
 * keyfactor_keystore_whose: which agent, container and type are meant by the names that people know.
 */
#include "keyfactor_keystores.h"

#include <string.h>

#define AGENT	   "looking for the agent (GET /Agents)"
#define CONTAINERS "listing containers (GET /CertificateStoreContainers)"
#define TYPE	   "looking for the type (GET /CertificateStoreTypes/Name)"
#define MOST	   "1000"

bool keyfactor_is_guid(const char *text)
{
	return g_uuid_string_is_valid(text);
}

struct request_out *keyfactor_ask_keystores(struct op *op, const char *query, guint page)
{
	g_autofree char *number = g_strdup_printf("%u", page);

	return keyfactor_call_get(op, "/CertificateStores", "certificateStoreQuery.queryString", query,
				  "certificateStoreQuery.pageReturned", number,
				  "certificateStoreQuery.returnLimit", MOST,
				  "certificateStoreQuery.sortField", "ClientMachine",
				  "certificateStoreQuery.sortAscending", "0", NULL);
}

/* ---- agents ---- */

/* A quote in it could not be asked for: then all are. */
struct request_out *keyfactor_ask_agent(struct op *op, const char *name)
{
	g_autofree char *query = strchr(name, '"') ? g_strdup("") :
						     g_strdup_printf("ClientMachine -eq \"%s\"", name);

	return keyfactor_call_get(op, "/Agents", "pq.queryString", query, "pq.returnLimit", MOST, NULL);
}

char *keyfactor_hear_agent(struct op *op, const struct reply *r, const char *name, GError **error)
{
	g_autoptr(json) list = keyfactor_call_json(op, r, '[', AGENT, error);
	g_autofree char *found = NULL;

	if (!list)
		return NULL;
	for (size_t i = 0; i < json_count(list); i++) {
		const char *machine = json_text(keyfactor_get(json_at(list, i), "ClientMachine"));
		const char *guid = json_text(keyfactor_get(json_at(list, i), "AgentId"));

		if (!machine || !guid || !keyfactor_is_guid(guid) || g_ascii_strcasecmp(machine, name))
			continue;
		if (found && g_ascii_strcasecmp(found, guid)) {
			g_set_error(error, ERR, ERR_USAGE, "Command has several agents called %s: say which by "
				    "its GUID", name);
			return NULL;
		}
		g_free(found);
		found = g_strdup(guid);
	}
	if (!found)
		g_set_error(error, ERR, ERR_NOT_FOUND, "Command has no agent called %s", name);
	return g_steal_pointer(&found);
}

/* ---- containers ---- */

struct request_out *keyfactor_ask_containers(struct op *op)
{
	return keyfactor_call_get(op, "/CertificateStoreContainers", "pq.returnLimit", MOST, NULL);
}

struct json *keyfactor_hear_containers(struct op *op, const struct reply *r, GError **error)
{
	return keyfactor_call_json(op, r, '[', CONTAINERS, error);
}

bool keyfactor_find_container(const struct json *list, const char *name, int64_t type, int64_t *ret,
			      GError **error)
{
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *j = json_at(list, i);
		const char *is = json_text(keyfactor_get(j, "Name"));
		int64_t of = type;

		if (!is || g_ascii_strcasecmp(is, name) || !keyfactor_int(j, "Id", ret) || *ret <= 0)
			continue;
		if (!keyfactor_int(j, "CertStoreType", &of) || of == type)
			return true;
		g_set_error(error, ERR, ERR_USAGE, "the container %s is for stores of another type", name);
		return false;
	}
	g_set_error(error, ERR, ERR_NOT_FOUND, "Command has no container called %s", name);
	return false;
}

/* ---- types ---- */

struct request_out *keyfactor_ask_kind(struct op *op, const char *name)
{
	g_autofree char *escaped = g_uri_escape_string(name, NULL, FALSE);
	g_autofree char *path = g_strconcat("/CertificateStoreTypes/Name/", escaped, NULL);

	return keyfactor_call_get(op, path, NULL);
}

/* One alone, or in a list. */
struct keyfactor_kind *keyfactor_hear_kind(struct op *op, const struct reply *r, const char *name,
					   GError **error)
{
	g_autoptr(json) j = keyfactor_json(r);
	const struct json *type = j && json_count(j) && !json_key_at(j, 0) ? json_at(j, 0) : j;
	struct keyfactor_kind *k;

	if (!j && (r->error || r->status != 404)) {
		g_propagate_error(error, keyfactor_error(op, r, TYPE));
		return NULL;
	}
	k = keyfactor_kind_read(type);
	if (!k)
		g_set_error(error, ERR, ERR_NOT_FOUND, "Command knows no type of stores called %s", name);
	return k;
}
