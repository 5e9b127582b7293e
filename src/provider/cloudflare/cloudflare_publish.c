/*
 * cloudflare_publish: records into the zones of an account at Cloudflare.
 */
#include "cloudflare.h"

#include <string.h>

#include <certty/base/text.h>

#define ID_MAX	   64
#define RECORDS_AT 100		/* of one name, more than which nobody has */
#define THERE_ALREADY 81057
#define SAME_ALREADY  81058
#define NOT_THERE     81044

/* ---- the zone ---- */

static struct request_out *ask_zone(const struct op *op, const struct dns_task *t)
{
	g_autofree char *name = g_uri_escape_string(t->zone, NULL, FALSE);
	g_autofree char *path = g_strdup_printf("/zones?name=%s&per_page=50&page=1", name);

	return cloudflare_ask(op, "GET", path, NULL);
}

/* Ids stand in paths. */
static bool is_id(const char *id)
{
	size_t len = id ? strspn(id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") : 0;

	return len && len <= ID_MAX && !id[len];
}

static enum dns_heard read_zone(const struct reply *r, struct dns_task *t, GError **error)
{
	g_autoptr(json) j = cloudflare_read(r, "looking for the zone at Cloudflare", NULL, error);
	const struct json *zones = json_get(j, "result");

	if (!j)
		return DNS_REFUSED;
	for (size_t i = 0; i < json_count(zones); i++) {
		const struct json *zone = json_at(zones, i);
		const char *name = json_str(zone, "name"), *status = json_str(zone, "status");

		if (!name || g_ascii_strcasecmp(name, t->zone) != 0 || !is_id(json_str(zone, "id")))
			continue;
		if (status && strcmp(status, "active") != 0) {
			g_autofree char *shown = text_harmless_dup(status, 40);

			g_set_error(error, ERR, ERR_REFUSED, "the zone %s is %s at Cloudflare, so other "
				    "servers have it; put the record there", t->zone, shown);
			return DNS_REFUSED;
		}
		t->zone_id = g_strdup(json_str(zone, "id"));
		return DNS_HEARD;
	}
	return DNS_NO_ZONE;
}

/* ---- what stands at the name ---- */

static struct request_out *ask_set(const struct op *op, const struct dns_task *t, guint set)
{
	g_autofree char *name = g_uri_escape_string(t->name, NULL, FALSE);
	g_autofree char *path = g_strdup_printf("/zones/%s/dns_records?name=%s&per_page=%d&page=1",
						t->zone_id, name, RECORDS_AT);

	return set ? NULL : cloudflare_ask(op, "GET", path, NULL);
}

/* Older records have their text without quotes. */
static char *plain_of(const char *type, const char *content)
{
	if (!strcmp(type, "TXT") && *content != '"')
		return g_strdup(content);
	return strcmp(type, "TXT") && strcmp(type, "CNAME") ? NULL : dns_record_plain(type, content, NULL);
}

static enum dns_heard read_set(const struct reply *r, struct dns_task *t, GError **error)
{
	g_autoptr(json) j = cloudflare_read(r, "reading records at Cloudflare", NULL, error);
	const struct json *records = json_get(j, "result");

	if (!j)
		return DNS_REFUSED;
	for (size_t i = 0; i < json_count(records); i++) {
		const char *name = json_str(json_at(records, i), "name");
		const char *type = json_str(json_at(records, i), "type");
		const char *content = json_str(json_at(records, i), "content");
		const char *id = json_str(json_at(records, i), "id");
		g_autofree char *plain = type && content ? plain_of(type, content) : NULL;
		g_autofree char *shown = text_harmless_dup(type, 20);

		if (name && type && !g_ascii_strcasecmp(name, t->name))
			dns_service_value(t, shown, plain, is_id(id) ? id : NULL);
	}
	return DNS_HEARD;
}

/* ---- adding ---- */

char *cloudflare_body(const char *type, const char *name, const char *plain, unsigned ttl)
{
	bool is_text = !strcmp(type, "TXT");
	g_autofree char *content = is_text ? dns_record_quoted(plain) : g_strdup(plain);
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_put_str(&w, "type", type);
	json_put_str(&w, "name", name);
	json_put_str(&w, "content", content);
	json_put_int(&w, "ttl", MIN(ttl, 86400));
	if (!is_text)
		json_put_bool(&w, "proxied", false);
	json_put_str(&w, "comment", "certty");
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

static struct request_out *add(const struct op *op, const struct dns_task *t, unsigned ttl)
{
	g_autofree char *path = g_strdup_printf("/zones/%s/dns_records", t->zone_id);
	g_autofree char *body = cloudflare_body(t->record->type, t->name, t->plain, ttl);

	return cloudflare_ask(op, "POST", path, body);
}

static struct request_out *take(const struct op *op, const struct dns_task *t,
				const struct dns_value *ours, GError **error)
{
	g_autofree char *path = g_strdup_printf("/zones/%s/dns_records/%s", t->zone_id,
						ours->id ? ours->id : "");

	if (ours->id)
		return cloudflare_ask(op, "DELETE", path, NULL);
	g_set_error(error, ERR, ERR_REPLY, "Cloudflare does not say which record it is");
	return NULL;
}

/* That it is there already, or is not there, is for the reading to say. */
static bool read_told(const struct reply *r, GError **error)
{
	g_autoptr(GError) why = NULL;
	int64_t code = 0;
	g_autoptr(json) j = cloudflare_read(r, "changing a record at Cloudflare", &code, &why);

	if (j || code == THERE_ALREADY || code == SAME_ALREADY || code == NOT_THERE)
		return true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

static const struct dns_service service = {
	.title = "Cloudflare",
	.ttl_min = 60,
	.ask_zone = ask_zone,
	.read_zone = read_zone,
	.ask_set = ask_set,
	.read_set = read_set,
	.add = add,
	.take = take,
	.read_told = read_told,
};

struct next cloudflare_unpublish(struct op *op, const struct reply *none)
{
	(void)none;
	return dns_service_unpublish(op, &service);
}

struct next cloudflare_publish(struct op *op, const struct reply *none)
{
	(void)none;
	return dns_service_publish(op, &service);
}
