/*
 * route53_xml: the documents of Route 53, and which zone a name is in.
 */
#include "route53.h"

#include <string.h>

#include <certty/base/text.h>

#define ID_MAX	   32
#define ZONES_MAX  20000
#define MARKER_MAX 1024

void route53_zone_free(void *p)
{
	struct route53_zone *z = p;

	g_free(z->id);
	g_free(z->name);
	g_free(z);
}

/* "/hostedzone/Z1" is Z1; it becomes part of a path, so nothing else may be in it. */
static char *plain_id(const char *id, const char *prefix)
{
	if (id && g_str_has_prefix(id, prefix))
		id += strlen(prefix);
	if (!id || !*id || strlen(id) > ID_MAX ||
	    strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyz") !=
		    strlen(id))
		return NULL;
	return g_strdup(id);
}

static void add_zone(GPtrArray *zones, const struct xml *x)
{
	g_autofree char *id = plain_id(xml_str(x, "Id"), "/hostedzone/");
	const char *name = xml_str(x, "Name"), *is_private = xml_str(x, "Config/PrivateZone");
	struct route53_zone *z;

	if (!id || !name || !*name || (is_private && !strcmp(is_private, "true")) ||
	    zones->len >= ZONES_MAX)
		return;
	z = g_new0(struct route53_zone, 1);
	z->id = g_steal_pointer(&id);
	z->name = g_ascii_strdown(name, -1);
	if (!g_str_has_suffix(z->name, ".")) {
		g_free(z->name);
		z->name = g_strconcat(name, ".", NULL);
	}
	g_ptr_array_add(zones, z);
}

bool route53_read_zones(const struct xml *x, GPtrArray *zones, char **ret_marker, GError **error)
{
	const struct xml *list = xml_get(x, "HostedZones");
	const char *more = xml_str(x, "IsTruncated"), *marker = xml_str(x, "NextMarker");

	if (!list) {
		g_set_error(error, ERR, ERR_REPLY, "Route 53's answer has no list of zones");
		return false;
	}
	for (size_t i = 0; i < xml_count(list); i++)
		add_zone(zones, xml_at(list, i));
	*ret_marker = more && !strcmp(more, "true") && marker && *marker &&
		      strlen(marker) < MARKER_MAX ? g_strdup(marker) : NULL;
	return true;
}

bool route53_read_change(const struct xml *x, char **ret_id, bool *ret_is_everywhere, GError **error)
{
	g_autofree char *id = plain_id(xml_str(x, "ChangeInfo/Id"), "/change/");
	const char *status = xml_str(x, "ChangeInfo/Status");

	if (!id || !status) {
		g_set_error(error, ERR, ERR_REPLY, "Route 53's answer does not say which change it "
			    "made");
		return false;
	}
	*ret_id = g_steal_pointer(&id);
	*ret_is_everywhere = !strcmp(status, "INSYNC");
	return true;
}

/* ---- zones ---- */

const struct route53_zone *route53_find_zone(const GPtrArray *zones, const char *name, guint *ret_n)
{
	const struct route53_zone *best = NULL;

	*ret_n = 0;
	for (guint i = 0; i < zones->len; i++) {
		const struct route53_zone *z = zones->pdata[i];

		if (!dns_record_is_in(name, z->name))
			continue;
		if (!best || strlen(z->name) > strlen(best->name)) {
			best = z;
			*ret_n = 1;
		} else if (strlen(z->name) == strlen(best->name)) {
			++*ret_n;
		}
	}
	return best;
}

/* ---- sets of records ---- */

void route53_set_free(void *p)
{
	struct route53_set *s = p;

	g_free(s->name);
	g_free(s->type);
	g_ptr_array_unref(s->values);
	g_free(s);
}

static struct route53_set *new_set(const char *name, const char *type, unsigned ttl)
{
	struct route53_set *s = g_new0(struct route53_set, 1);

	s->name = g_strdup(name);
	s->type = g_strdup(type);
	s->ttl = ttl;
	s->values = g_ptr_array_new_with_free_func(g_free);
	return s;
}

static bool is_text(const struct route53_set *s)
{
	return !g_ascii_strcasecmp(s->type, "TXT");
}

struct route53_set *route53_set_new(const struct dns_record *r, GError **error)
{
	struct route53_set *s = new_set(r->name, r->type, r->ttl);
	g_autoptr(GBytes) text = is_text(s) ? route53_txt_read(r->value, false, error) : NULL;

	if (text)
		g_ptr_array_add(s->values, route53_txt_write(text));
	else if (!g_ascii_strcasecmp(r->type, "CNAME"))
		g_ptr_array_add(s->values, g_strdup(r->value));
	else if (!is_text(s))
		g_set_error(error, ERR, ERR_REFUSED, "records of type %s are not set in Route 53 from here",
			    r->type);
	if (s->values->len)
		return s;
	route53_set_free(s);
	return NULL;
}

/* Names come back in lower case, and what is no letter, digit, - or _ in octal. */
bool route53_set_is_at(const struct route53_set *s, const char *name, const char *type)
{
	g_auto(GStrv) parts = g_strsplit(name, "\\052", -1);
	g_autofree char *plain = g_strjoinv("*", parts);

	return !g_ascii_strcasecmp(s->name, plain) && !g_ascii_strcasecmp(s->type, type);
}

static bool is_same_value(const struct route53_set *s, const char *a, const char *b)
{
	g_autoptr(GBytes) text_a = is_text(s) ? route53_txt_read(a, true, NULL) : NULL;
	g_autoptr(GBytes) text_b = is_text(s) ? route53_txt_read(b, true, NULL) : NULL;

	return text_a && text_b ? g_bytes_equal(text_a, text_b) : !g_ascii_strcasecmp(a, b);
}

static bool has_value(const struct route53_set *s, const char *value)
{
	for (guint i = 0; i < s->values->len; i++)
		if (is_same_value(s, s->values->pdata[i], value))
			return true;
	return false;
}

bool route53_set_join(struct route53_set *s, const struct route53_set *there)
{
	g_autoptr(GPtrArray) ours = g_steal_pointer(&s->values);
	guint old = there->values->len;

	s->values = g_ptr_array_new_with_free_func(g_free);
	s->ttl = there->ttl;
	for (guint i = 0; i < old; i++)
		g_ptr_array_add(s->values, g_strdup(there->values->pdata[i]));
	for (guint i = 0; i < ours->len; i++)
		if (!has_value(s, ours->pdata[i]))
			g_ptr_array_add(s->values, g_strdup(ours->pdata[i]));
	return s->values->len > old;
}

static struct route53_set *read_set(const struct xml *x, const char *name, const char *type,
				    GError **error)
{
	const struct xml *values = xml_get(x, "ResourceRecords");
	const char *ttl = xml_str(x, "TTL");
	guint64 seconds;
	struct route53_set *s;

	if (xml_str(x, "SetIdentifier") || !values || !ttl ||
	    !g_ascii_string_to_unsigned(ttl, 10, 0, INT32_MAX, &seconds, NULL)) {
		g_set_error(error, ERR, ERR_REFUSED, "%s: what stands there is an alias or follows a "
			    "routing policy, so nothing is added to it: put the record there by hand",
			    name);
		return NULL;
	}
	s = new_set(name, type, (unsigned)seconds);
	for (size_t i = 0; i < xml_count(values); i++) {
		const char *value = xml_str(xml_at(values, i), "Value");

		if (value)
			g_ptr_array_add(s->values, g_strdup(value));
	}
	return s;
}

bool route53_read_set(const struct xml *x, const char *name, const char *type,
		      struct route53_set **ret, GError **error)
{
	const struct xml *list = xml_get(x, "ResourceRecordSets");
	const struct xml *first = list && xml_count(list) ? xml_at(list, 0) : NULL;
	const char *its_name = first ? xml_str(first, "Name") : NULL;
	const char *its_type = first ? xml_str(first, "Type") : NULL;
	const struct route53_set wanted = { .name = (char *)name, .type = (char *)type };

	if (!list) {
		g_set_error(error, ERR, ERR_REPLY, "Route 53's answer has no list of records");
		return false;
	}
	if (!its_name || !its_type || !route53_set_is_at(&wanted, its_name, its_type)) {
		*ret = NULL;
		return true;
	}
	*ret = read_set(first, name, type, error);
	return *ret;
}

/* ---- changes ---- */

static void put(GString *s, const char *name, const char *text)
{
	g_autofree char *safe = g_markup_escape_text(text, -1);

	g_string_append_printf(s, "<%s>%s</%s>", name, safe, name);
}

static void put_set(GString *s, const struct route53_set *set)
{
	g_string_append(s, "<Change><Action>UPSERT</Action><ResourceRecordSet>");
	put(s, "Name", set->name);
	put(s, "Type", set->type);
	g_string_append_printf(s, "<TTL>%u</TTL><ResourceRecords>", set->ttl);
	for (guint i = 0; i < set->values->len; i++) {
		g_string_append(s, "<ResourceRecord>");
		put(s, "Value", set->values->pdata[i]);
		g_string_append(s, "</ResourceRecord>");
	}
	g_string_append(s, "</ResourceRecords></ResourceRecordSet></Change>");
}

char *route53_write_change(const GPtrArray *sets)
{
	GString *s = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
				  "<ChangeResourceRecordSetsRequest "
				  "xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\">"
				  "<ChangeBatch><Comment>certty</Comment><Changes>");

	for (guint i = 0; i < sets->len; i++)
		put_set(s, sets->pdata[i]);
	g_string_append(s, "</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>");
	return g_string_free(s, FALSE);
}

char *route53_change_json(const GPtrArray *records)
{
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_open(&w, "Changes", '[');
	for (guint i = 0; i < records->len; i++) {
		const struct dns_record *r = records->pdata[i];

		json_open(&w, NULL, '{');
		json_put_str(&w, "Action", "UPSERT");
		json_open(&w, "ResourceRecordSet", '{');
		json_put_str(&w, "Name", r->name);
		json_put_str(&w, "Type", r->type);
		json_put_int(&w, "TTL", r->ttl);
		json_open(&w, "ResourceRecords", '[');
		json_open(&w, NULL, '{');
		json_put_str(&w, "Value", r->value);
		json_close(&w, '}');
		json_close(&w, ']');
		json_close(&w, '}');
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}
