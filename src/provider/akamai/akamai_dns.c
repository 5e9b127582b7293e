/*
 * akamai_dns: records into the zones that an account has at Edge DNS.
 *
 * The unit is the set of one name and type.  There is no condition under which it is written, so a set
 * that is there is read just before and written whole, with the others' values letter by letter as they
 * were; one that is not there is created, which Akamai refuses once somebody else was faster.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/json.h>
#include <certty/base/text.h>

#define FINDING	  "looking for the zone at Edge DNS"
#define READING	  "reading records of Edge DNS"
#define CHANGING  "changing records of Edge DNS"
#define REPLY_MAX (1u << 20)	/* bytes of an answer */
#define TTL_MAX	  2147483647	/* RFC 2181, 8 */

/* Types that matter to ours, whose sets are read; of others it is enough that they are there. */
static const char *const types[] = { "CNAME", "TXT" };

/* ---- requests ---- */

static struct request_out *ask(const struct op *op, const char *path)
{
	struct request_out *r = akamai_ask(op->access, path, NULL);

	r->max = REPLY_MAX;
	return r;
}

char *akamai_dns_path(const char *zone, const char *name, const char *type)
{
	g_autofree char *zone_part = g_uri_escape_string(zone, "*_", FALSE);
	g_autofree char *name_part = g_uri_escape_string(name, "*_", FALSE);

	return g_strconcat("/config-dns/v2/zones/", zone_part, "/names/", name_part, "/types",
			   type ? "/" : NULL, type, NULL);
}

static struct request_out *change(const struct op *op, const struct dns_task *t, const char *method,
				  const char *body)
{
	g_autofree char *path = akamai_dns_path(t->zone, t->name, t->record->type);
	struct request_out *r = ask(op, path);

	g_free(r->method);
	r->method = g_strdup(method);
	r->is_repeatable = false;
	if (body) {
		exchange_set_body(r, body, strlen(body));
		exchange_header(r, "Content-Type", "application/json");
	}
	return r;
}

/* ---- answers ---- */

/* Whether a refusal is of that kind, by the end of its type. */
static bool is_problem(const struct reply *r, const char *slug)
{
	gsize len = 0;
	const void *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;
	g_autoptr(json) j = len ? json_parse(bytes, len, REPLY_MAX, NULL) : NULL;
	const char *type = json_str(j, "type");

	return type && g_str_has_suffix(type, slug);
}

bool akamai_dns_is_busy(const struct reply *r)
{
	return !r->error && r->status == 409 && is_problem(r, "/concurrentZoneModification");
}

static struct json *read_json(const struct reply *r, const char *what, GError **error)
{
	gsize len = 0;
	const void *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;
	g_autoptr(GError) why = NULL;
	struct json *j;

	if (!akamai_ask_is_good(r, what, clock_now(), error))
		return NULL;
	j = json_parse(bytes ? bytes : "", len, REPLY_MAX, &why);
	if (!j)
		g_set_error(error, ERR, ERR_REPLY, "%s: %s", what, why->message);
	return j;
}

/* A name as others write it, in any case and perhaps with its final dot. */
static bool is_name(const char *text, const char *name)
{
	size_t len = text ? strlen(text) : 0;

	len -= len > 1 && text[len - 1] == '.';
	return len == strlen(name) && !g_ascii_strncasecmp(text, name, len);
}

/* ---- the zone ---- */

static struct request_out *ask_zone(const struct op *op, const struct dns_task *t)
{
	g_autofree char *zone = g_uri_escape_string(t->zone, NULL, FALSE);
	g_autofree char *path = g_strconcat("/config-dns/v2/zones/", zone, NULL);

	return ask(op, path);
}

static enum dns_heard read_zone(const struct reply *r, struct dns_task *t, GError **error)
{
	g_autoptr(json) j = NULL;
	g_autofree char *type = NULL;

	if (!r->error && r->status == 404)
		return DNS_NO_ZONE;
	j = read_json(r, FINDING, error);
	if (!j)
		return DNS_REFUSED;
	if (!json_str(j, "zone") || !is_name(json_str(j, "zone"), t->zone) || !json_str(j, "type")) {
		g_set_error(error, ERR, ERR_REPLY, FINDING ": the answer is not about %s", t->zone);
		return DNS_REFUSED;
	}
	type = text_harmless_dup(json_str(j, "type"), 40);
	if (g_ascii_strcasecmp(type, "PRIMARY") != 0) {
		g_set_error(error, ERR, ERR_REFUSED, "the zone %s is a %s zone at Edge DNS, which gets what is "
			    "in it from elsewhere; put the record there", t->zone, type);
		return DNS_REFUSED;
	}
	t->zone_id = g_strdup(t->zone);
	return DNS_HEARD;
}

/* ---- what stands at the name ---- */

/* Set after set, and for a CNAME, which minds whatever stands beside it, the names of all types. */
static struct request_out *ask_set(const struct op *op, const struct dns_task *t, guint set)
{
	guint n = G_N_ELEMENTS(types) + !strcmp(t->record->type, "CNAME");
	g_autofree char *path = NULL;

	if (set >= n)
		return NULL;
	path = akamai_dns_path(t->zone, t->name, set < G_N_ELEMENTS(types) ? types[set] : NULL);
	return ask(op, path);
}

static bool is_read(const char *type)
{
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (!strcmp(types[i], type))
			return true;
	return false;
}

static void note_types(struct dns_task *t, const struct json *names)
{
	for (size_t i = 0; i < json_count(names); i++) {
		g_autofree char *type = text_harmless_dup(json_text(json_at(names, i)), 20);

		if (type && *type && !is_read(type))
			dns_service_value(t, type, NULL, NULL);
	}
}

/* The first value has all of the set beside it, for whoever writes it again. */
static bool note_set(struct dns_task *t, const struct json *j)
{
	const char *name = json_str(j, "name"), *type = json_str(j, "type");
	const struct json *values = json_get(j, "rdata");
	g_autoptr(GString) kept = g_string_new(NULL);
	struct json_writer w = { .out = kept };

	if (!name || !is_name(name, t->name) || !type || !is_read(type))
		return false;
	json_put_copy(&w, NULL, j);
	for (size_t i = 0; i < json_count(values); i++) {
		const char *text = json_text(json_at(values, i));
		g_autofree char *plain = text ? dns_record_plain(type, text, NULL) : NULL;

		dns_service_value(t, type, plain, i ? NULL : kept->str);
	}
	return true;
}

enum dns_heard akamai_dns_read_set(const struct reply *r, struct dns_task *t, GError **error)
{
	g_autoptr(json) j = NULL;

	if (!r->error && r->status == 404)
		return DNS_HEARD;
	j = read_json(r, READING, error);
	if (!j)
		return DNS_REFUSED;
	if (json_get(j, "types")) {
		note_types(t, json_get(j, "types"));
		return DNS_HEARD;
	}
	if (note_set(t, j))
		return DNS_HEARD;
	g_set_error(error, ERR, ERR_REPLY, READING ": the answer is not about %s", t->name);
	return DNS_REFUSED;
}

/* ---- changing it ---- */

/* What is kept of the set of our type; NULL: there is none. */
static struct json *set_of(const struct dns_task *t)
{
	for (guint i = 0; i < t->there->len; i++) {
		const struct dns_value *v = t->there->pdata[i];

		if (!strcmp(v->type, t->record->type) && v->id)
			return json_parse(v->id, strlen(v->id), EXCHANGE_BODY_MAX, NULL);
	}
	return NULL;
}

/* Values of a set but for ours; returns how many. */
static guint put_others(struct json_writer *w, const struct json *set, const char *type, const char *ours)
{
	const struct json *values = json_get(set, "rdata");
	guint n = 0;

	for (size_t i = 0; i < json_count(values); i++) {
		const char *text = json_text(json_at(values, i));
		g_autofree char *plain = text ? dns_record_plain(type, text, NULL) : NULL;

		if (plain && !strcmp(plain, ours))
			continue;
		json_put_copy(w, NULL, json_at(values, i));
		n++;
	}
	return n;
}

static char *value_of(const char *type, const char *plain)
{
	return strcmp(type, "TXT") ? g_strconcat(plain, ".", NULL) : dns_record_quoted(plain);
}

/* What stands there (or NULL), without ours, or with it behind the others; *ret_n: how many these are. */
static char *body_of(const char *name, const char *type, const struct json *set, const char *plain,
		     bool with_ours, unsigned ttl, guint *ret_n)
{
	g_autofree char *value = value_of(type, plain);
	struct json_writer w = { .out = g_string_new(NULL) };
	int64_t stands;

	json_open(&w, NULL, '{');
	json_put_str(&w, "name", name);
	json_put_str(&w, "type", type);
	json_put_int(&w, "ttl", json_int(set, "ttl", &stands) && stands > 0 && stands <= TTL_MAX ?
		     stands : (int64_t)ttl);
	json_open(&w, "rdata", '[');
	*ret_n = put_others(&w, set, type, plain);
	if (with_ours)
		json_put_str(&w, NULL, value);
	json_close(&w, ']');
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

char *akamai_dns_body(const char *name, const char *type, const char *plain, unsigned ttl)
{
	guint others;

	return body_of(name, type, NULL, plain, true, ttl, &others);
}

static struct request_out *add(const struct op *op, const struct dns_task *t, unsigned ttl)
{
	g_autoptr(json) set = set_of(t);
	guint others;
	g_autofree char *body = body_of(t->name, t->record->type, set, t->plain, true, ttl, &others);

	return change(op, t, set ? "PUT" : "POST", body);
}

static struct request_out *take(const struct op *op, const struct dns_task *t, const struct dns_value *ours,
				GError **error)
{
	g_autoptr(json) set = set_of(t);
	guint others;
	g_autofree char *body = body_of(t->name, t->record->type, set, t->plain, false, DNS_RECORD_TTL,
					&others);

	(void)ours;
	(void)error;
	return others ? change(op, t, "PUT", body) : change(op, t, "DELETE", NULL);
}

/* What a refusal of a change means here, before what Akamai says; the first that fits. */
static const struct {
	int status;
	const char *slug;	/* NULL: any */
	enum err err;		/* 0: as the gateway's */
	const char *words;
} meanings[] = {
	{ 409, "/concurrentZoneModification", ERR_BUSY,
	  "another change of the zone is under way; nothing was changed, try again" },
	{ 409, "/duplicateRecordSet", ERR_BUSY,
	  "somebody else put records at the name meanwhile; nothing was changed, try again" },
	{ 403, NULL, 0, "the API client needs READ-WRITE for DNS—Zone Record Management" },
	{ 400, NULL, ERR_REFUSED, "Edge DNS does not take the record; nothing was changed" },
};

/* That it is not there is for the reading to say. */
static bool read_told(const struct reply *r, GError **error)
{
	GError *why = NULL;

	if (!r->error && ((r->status >= 200 && r->status < 300) || r->status == 404))
		return true;
	akamai_ask_is_good(r, CHANGING, clock_now(), &why);
	for (size_t i = 0; !r->error && i < G_N_ELEMENTS(meanings); i++) {
		if (r->status != meanings[i].status || (meanings[i].slug && !is_problem(r, meanings[i].slug)))
			continue;
		if (meanings[i].err)
			why->code = (int)meanings[i].err;
		g_prefix_error(&why, "%s; ", meanings[i].words);
		break;
	}
	g_propagate_error(error, why);
	return false;
}

static const struct dns_service service = {
	.title = "Edge DNS",
	.ttl_min = 1,
	.ask_zone = ask_zone,
	.read_zone = read_zone,
	.ask_set = ask_set,
	.read_set = akamai_dns_read_set,
	.add = add,
	.take = take,
	.read_told = read_told,
};

struct next akamai_dns_unpublish(struct op *op, const struct reply *none)
{
	(void)none;
	return dns_service_unpublish(op, &service);
}

struct next akamai_dns_publish(struct op *op, const struct reply *none)
{
	(void)none;
	return dns_service_publish(op, &service);
}
