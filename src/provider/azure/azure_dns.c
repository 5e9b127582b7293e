/*
 * azure_dns: records into the DNS zones that an account has at Azure.
 *
 * The unit is the set of one name and type, which is always written whole: under the condition that it
 * still is what was read (its etag), so that nothing that somebody else puts there meanwhile is lost.
 */
#include "azure_dns_set.h"

#include <string.h>

#include <certty/base/text.h>

#define API	  "2018-05-01"
#define GRAPH_API "2022-10-01"
#define FINDING	  "looking for the zone by Azure Resource Graph"
#define READING	  "reading records of Azure DNS"
#define CHANGING  "changing records of Azure DNS"
#define ZONES_MAX 20

/* What can stand at a name that matters to ours; anything else Azure refuses a CNAME for. */
static const char *const types[] = { "CNAME", "TXT" };

static struct request_out *ask(const struct op *op, const char *method, const char *path, const char *body)
{
	g_autoptr(azure_cloud) cloud = azure_cloud_new(op->access->with, NULL);
	g_autofree char *url = g_strconcat(cloud ? cloud->arm : "", path, NULL);
	struct request_out *r = body ? exchange_post(url, "application/json", body, strlen(body)) :
				exchange_get(url);

	g_free(r->method);
	r->method = g_strdup(method);
	g_free(r->scope);
	r->scope = g_strdup(AZURE_ARM);
	exchange_header(r, "Accept", "application/json");
	r->is_repeatable = !body;
	return r;
}

/* ---- the zone ---- */

static struct request_out *ask_zone(const struct op *op, const struct dns_task *t)
{
	g_auto(GStrv) wanted = args_list(op->access->with, "subscriptions");
	g_autofree char *query = g_strdup_printf("resources | where type =~ 'microsoft.network/dnszones' and "
						 "name =~ '%s' | project id, name | order by id asc", t->zone);
	struct json_writer w = { .out = g_string_new(NULL) };
	struct request_out *r;

	json_open(&w, NULL, '{');
	json_put_str(&w, "query", query);
	if (wanted && *wanted) {
		json_open(&w, "subscriptions", '[');
		for (char **id = wanted; *id; id++)
			json_put_str(&w, NULL, *id);
		json_close(&w, ']');
	}
	json_open(&w, "options", '{');
	json_put_str(&w, "resultFormat", "objectArray");
	json_put_int(&w, "$top", ZONES_MAX);
	json_close(&w, '}');
	json_close(&w, '}');
	r = ask(op, "POST", "/providers/Microsoft.ResourceGraph/resources?api-version=" GRAPH_API, w.out->str);
	r->is_repeatable = true;
	g_string_free(w.out, TRUE);
	return r;
}

/* It becomes part of an address. */
static bool is_id(const char *id, const char *zone)
{
	g_autofree char *end = g_strconcat("/providers/microsoft.network/dnszones/", zone, NULL);
	g_autofree char *lower = g_ascii_strdown(id, -1), *wanted = g_ascii_strdown(end, -1);
	size_t plain = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.()/");

	return g_str_has_prefix(lower, "/subscriptions/") && g_str_has_suffix(lower, wanted) && !id[plain] &&
	       !strstr(id, "/../") && !strstr(id, "/./");
}

static enum dns_heard read_zone(const struct reply *r, struct dns_task *t, GError **error)
{
	g_autoptr(json) j = azure_reply_json(r, FINDING, error);
	const struct json *data = json_get(j, "data");
	const char *id = json_str(json_at(data, 0), "id");

	if (!j)
		return DNS_REFUSED;
	if (!json_count(data))
		return DNS_NO_ZONE;
	if (!id || !is_id(id, t->zone)) {
		g_set_error(error, ERR, ERR_REPLY, FINDING ": the answer's id of %s is not one of a zone",
			    t->zone);
		return DNS_REFUSED;
	}
	if (json_count(data) > 1) {
		g_autofree char *one = text_harmless_dup(id, 300);
		g_autofree char *other = text_harmless_dup(json_str(json_at(data, 1), "id"), 300);

		g_set_error(error, ERR, ERR_EXISTS, "Azure has more than one zone %s, and only one of them is "
			    "asked by the world: %s, %s; name the subscription of the right one in the account "
			    "(subscriptions), or put the record there yourself", t->zone, one,
			    other ? other : "another");
		return DNS_REFUSED;
	}
	t->zone_id = g_strdup(id);
	return DNS_HEARD;
}

/* ---- what stands at the name ---- */

/* "@" is the zone itself. */
static char *relative(const struct dns_task *t)
{
	size_t name = strlen(t->name), zone = strlen(t->zone);

	return name > zone + 1 && t->name[name - zone - 1] == '.' ?
		g_strndup(t->name, name - zone - 1) : g_strdup("@");
}

static char *path_of(const struct dns_task *t, const char *type)
{
	g_autofree char *name = relative(t), *escaped = g_uri_escape_string(name, "@*", FALSE);

	return g_strdup_printf("%s/%s/%s?api-version=" API, t->zone_id, type, escaped);
}

static struct request_out *ask_set(const struct op *op, const struct dns_task *t, guint set)
{
	g_autofree char *path = set < G_N_ELEMENTS(types) ? path_of(t, types[set]) : NULL;

	return path ? ask(op, "GET", path, NULL) : NULL;
}

static enum dns_heard read_set(const struct reply *r, struct dns_task *t, GError **error)
{
	g_autoptr(json) j = NULL;

	if (!r->error && r->status == 404)
		return DNS_HEARD;
	j = azure_reply_json(r, READING, error);
	return j && azure_dns_set_read(t, j, error) ? DNS_HEARD : DNS_REFUSED;
}

/* ---- changing it ---- */

/* Only if the set is still what was read, or is still not there. */
static struct request_out *change(const struct op *op, const struct dns_task *t, const char *method,
				  const char *kept, const char *body)
{
	g_autofree char *path = path_of(t, t->record->type);
	g_autofree char *etag = kept ? azure_dns_set_etag(kept) : NULL;
	struct request_out *r = ask(op, method, path, body);

	exchange_header(r, etag ? "If-Match" : "If-None-Match", etag ? etag : "*");
	r->is_repeatable = false;
	return r;
}

/* What is kept of the set of our type; NULL: there is none. */
static const char *set_of(const struct dns_task *t)
{
	for (guint i = 0; i < t->there->len; i++) {
		const struct dns_value *v = t->there->pdata[i];

		if (!strcmp(v->type, t->record->type))
			return v->id;
	}
	return NULL;
}

static struct request_out *add(const struct op *op, const struct dns_task *t, unsigned ttl)
{
	const char *kept = set_of(t);
	g_autofree char *body = azure_dns_set_body(t->record->type, kept, NULL, t->plain, ttl);

	return change(op, t, kept ? "PATCH" : "PUT", kept, body);
}

static struct request_out *take(const struct op *op, const struct dns_task *t, const struct dns_value *ours,
				GError **error)
{
	g_autofree char *body = NULL;
	guint others = 0;

	(void)error;
	for (guint i = 0; i < t->there->len; i++) {
		const struct dns_value *v = t->there->pdata[i];

		others += !strcmp(v->type, ours->type) && strcmp(v->plain, t->plain) != 0;
	}
	if (!others)
		return change(op, t, "DELETE", ours->id, NULL);
	body = azure_dns_set_body(ours->type, ours->id, t->plain, NULL, 0);
	return change(op, t, "PATCH", ours->id, body);
}

/* What a record of ours cannot stand beside may be of a type that was not asked for. */
static bool read_told(const struct reply *r, GError **error)
{
	g_autoptr(json) j = NULL;

	if (!r->error && r->status >= 200 && r->status < 300)
		return true;
	if (!r->error && r->status == 412) {
		g_set_error(error, ERR, ERR_BUSY, CHANGING ": somebody else changed what stands at the name "
			    "meanwhile; nothing was changed, try again");
		return false;
	}
	j = azure_reply_json(r, CHANGING, error);
	if (!r->error && r->status == 409)
		g_prefix_error(error, "other data stands at that name; nothing was changed; ");
	if (!r->error && r->status == 403)
		g_prefix_error(error, "the account needs the role DNS Zone Contributor on the zone; ");
	return false;
}

static const struct dns_service service = {
	.title = "Azure DNS",
	.ttl_min = 1,
	.ask_zone = ask_zone,
	.read_zone = read_zone,
	.ask_set = ask_set,
	.read_set = read_set,
	.add = add,
	.take = take,
	.read_told = read_told,
};

struct next azure_dns_unpublish(struct op *op, const struct reply *none)
{
	(void)none;
	return dns_service_unpublish(op, &service);
}

struct next azure_dns_publish(struct op *op, const struct reply *none)
{
	(void)none;
	return dns_service_publish(op, &service);
}
