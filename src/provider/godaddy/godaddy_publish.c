/*
 * godaddy_publish: records into the zones of an account at GoDaddy.
 *
 * The unit is the set of one name and type.  PATCH adds to it, so nothing that stands there goes; what
 * other types stand at the name is asked one by one.
 */
#include "godaddy.h"

#include <string.h>

#include <certty/base/text.h>

/* What a record of ours cannot stand beside, after its own type. */
static const char *const beside_alias[] = { "CNAME", "TXT", "A", "AAAA", "MX", "NS" };
static const char *const beside_text[] = { "TXT", "CNAME" };

/* "@" is the zone itself. */
static char *relative(const struct dns_task *t)
{
	size_t name = strlen(t->name), zone = strlen(t->zone);

	return name > zone + 1 && t->name[name - zone - 1] == '.' ?
		g_strndup(t->name, name - zone - 1) : g_strdup("@");
}

static struct request_out *ask_set(const struct op *op, const struct dns_task *t, guint set)
{
	bool is_alias = !strcmp(t->record->type, "CNAME");
	const char *const *types = is_alias ? beside_alias : beside_text;
	guint n = t->is_told ? 1 : is_alias ? G_N_ELEMENTS(beside_alias) : G_N_ELEMENTS(beside_text);
	g_autofree char *name = relative(t), *escaped = g_uri_escape_string(name, "@", FALSE);
	g_autofree char *zone = g_uri_escape_string(t->zone, NULL, FALSE), *path = NULL;

	if (set >= n)
		return NULL;
	path = g_strdup_printf("/v1/domains/%s/records/%s/%s", zone, types[set], escaped);
	return godaddy_ask(op, "GET", path, NULL);
}

static void note(struct dns_task *t, const char *type, const char *data)
{
	g_autofree char *plain = NULL, *shown = text_harmless_dup(type, 20);

	if (!strcmp(type, "TXT"))
		plain = g_strdup(data);
	else if (!strcmp(type, "CNAME"))
		plain = dns_record_plain(type, strcmp(data, "@") ? data : t->zone, NULL);
	dns_service_value(t, shown, plain, NULL);
}

static enum dns_heard read_set(const struct reply *r, struct dns_task *t, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(json) j = NULL;
	enum godaddy_said said = godaddy_read(r, "reading records at GoDaddy", &j, &why);

	if (said == GODADDY_NOT_FOUND)
		return DNS_NO_ZONE;
	if (said != GODADDY_GOOD) {
		g_propagate_error(error, g_steal_pointer(&why));
		return DNS_REFUSED;
	}
	for (size_t i = 0; i < json_count(j); i++) {
		const char *type = json_str(json_at(j, i), "type"), *data = json_str(json_at(j, i), "data");

		if (type && data)
			note(t, type, data);
	}
	return DNS_HEARD;
}

char *godaddy_body(const char *type, const char *name, const char *plain, unsigned ttl)
{
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '[');
	json_open(&w, NULL, '{');
	json_put_str(&w, "type", type);
	json_put_str(&w, "name", name);
	json_put_str(&w, "data", plain);
	json_put_int(&w, "ttl", ttl);
	json_close(&w, '}');
	json_close(&w, ']');
	return g_string_free(w.out, FALSE);
}

static struct request_out *add(const struct op *op, const struct dns_task *t, unsigned ttl)
{
	g_autofree char *name = relative(t), *zone = g_uri_escape_string(t->zone, NULL, FALSE);
	g_autofree char *path = g_strdup_printf("/v1/domains/%s/records", zone);
	g_autofree char *body = godaddy_body(t->record->type, name, t->plain, ttl);

	return godaddy_ask(op, "PATCH", path, body);
}

/* Only whole sets can be taken away. */
static struct request_out *take(const struct op *op, const struct dns_task *t,
				const struct dns_value *ours, GError **error)
{
	g_autofree char *name = relative(t), *escaped = g_uri_escape_string(name, "@", FALSE);
	g_autofree char *zone = g_uri_escape_string(t->zone, NULL, FALSE);
	g_autofree char *path = g_strdup_printf("/v1/domains/%s/records/%s/%s", zone, ours->type, escaped);

	if (t->there->len == 1)
		return godaddy_ask(op, "DELETE", path, NULL);
	g_set_error(error, ERR, ERR_EXISTS, "%u more stand%s at that name, and GoDaddy takes away none or all "
		    "of them; take it away there", t->there->len - 1, t->there->len == 2 ? "s" : "");
	return NULL;
}

/* That it is there already, or is not there, is for the reading to say. */
static bool read_told(const struct reply *r, GError **error)
{
	g_autoptr(GError) why = NULL;
	enum godaddy_said said = godaddy_read(r, "changing records at GoDaddy", NULL, &why);

	if (said == GODADDY_GOOD || said == GODADDY_DUPLICATE || said == GODADDY_NOT_FOUND)
		return true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

static const struct dns_service service = {
	.title = "GoDaddy",
	.ttl_min = GODADDY_TTL_MIN,
	.ask_set = ask_set,
	.read_set = read_set,
	.add = add,
	.take = take,
	.read_told = read_told,
};

struct next godaddy_unpublish(struct op *op, const struct reply *none)
{
	(void)none;
	return dns_service_unpublish(op, &service);
}

struct next godaddy_publish(struct op *op, const struct reply *none)
{
	(void)none;
	return dns_service_publish(op, &service);
}
