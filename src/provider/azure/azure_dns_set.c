/*
 * azure_dns_set: a set of records, of one name and type, as Azure DNS tells of it and as it takes it.
 *
 * What is kept of a set from reading it to writing it is its etag, which becomes a header, and behind a line
 * break its texts as they were told.  So an etag that is not of visible characters is none.
 */
#include "azure_dns_set.h"

#include <string.h>

#define STRING_MAX 255	/* bytes of one string of a text */
#define ETAG_MAX   200

/* ---- as it is told ---- */

/* A member by its name in any case, as the service writes them now so and now otherwise. */
static const struct json *member(const struct json *j, const char *name)
{
	for (size_t i = 0; i < json_members(j); i++)
		if (json_key_at(j, i) && !g_ascii_strcasecmp(json_key_at(j, i), name))
			return json_get(j, json_key_at(j, i));
	return NULL;
}

static bool is_etag(const char *etag)
{
	size_t len = strlen(etag);

	for (const char *c = etag; *c; c++)
		if (!g_ascii_isgraph(*c))
			return false;
	return len > 0 && len <= ETAG_MAX;
}

/* The etag, and then the set as it has to stand in the next one that is written. */
static char *keep(const char *etag, const struct json *records)
{
	struct json_writer w = { .out = g_string_new(etag) };

	g_string_append_c(w.out, '\n');
	if (records)
		json_put_copy(&w, NULL, records);
	return g_string_free(w.out, FALSE);
}

static char *joined(const struct json *strings)
{
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < json_count(strings); i++)
		g_string_append(s, json_text(json_at(strings, i)) ? json_text(json_at(strings, i)) : "");
	return g_string_free(s, FALSE);
}

bool azure_dns_set_read(struct dns_task *t, const struct json *j, GError **error)
{
	const struct json *properties = member(j, "properties"), *texts = member(properties, "TXTRecords");
	const char *name = json_str(member(properties, "CNAMERecord"), "cname"), *etag = json_str(j, "etag");
	g_autofree char *kept = NULL;

	if (!name && !json_count(texts))
		return true;
	if (!etag || !is_etag(etag)) {
		g_set_error(error, ERR, ERR_REPLY, "what Azure DNS tells of %s has no etag that is one, "
			    "without which it cannot be changed safely", t->name);
		return false;
	}
	kept = keep(etag, texts);
	if (name) {
		g_autofree char *plain = dns_record_plain("CNAME", name, NULL);

		dns_service_value(t, "CNAME", plain, kept);
	}
	for (size_t i = 0; i < json_count(texts); i++) {
		g_autofree char *plain = joined(json_get(json_at(texts, i), "value"));

		dns_service_value(t, "TXT", plain, kept);
	}
	return true;
}

char *azure_dns_set_etag(const char *kept)
{
	return g_strndup(kept, strcspn(kept, "\n"));
}

/* ---- as it is written ---- */

static void put_text(struct json_writer *w, const char *plain)
{
	size_t len = strlen(plain);

	json_open(w, NULL, '{');
	json_open(w, "value", '[');
	while (len > STRING_MAX) {
		const char *end = g_utf8_find_prev_char(plain, plain + STRING_MAX + 1);
		g_autofree char *part = g_strndup(plain, (gsize)(end - plain));

		json_put_str(w, NULL, part);
		plain = end;
		len = strlen(plain);
	}
	json_put_str(w, NULL, plain);
	json_close(w, ']');
	json_close(w, '}');
}

/* The texts of the set as it was read but for one, and with one more; either may be NULL. */
static void put_texts(struct json_writer *w, const char *kept, const char *without, const char *more)
{
	const char *end = kept ? strchr(kept, '\n') : NULL, *bytes = end ? end + 1 : "";
	g_autoptr(json) texts = json_parse(bytes, strlen(bytes), EXCHANGE_BODY_MAX, NULL);

	json_open(w, "TXTRecords", '[');
	for (size_t i = 0; i < json_count(texts); i++) {
		g_autofree char *plain = joined(json_get(json_at(texts, i), "value"));

		if (!without || strcmp(plain, without) != 0)
			json_put_copy(w, NULL, json_at(texts, i));
	}
	if (more)
		put_text(w, more);
	json_close(w, ']');
}

char *azure_dns_set_body(const char *type, const char *kept, const char *without, const char *more,
			 unsigned ttl)
{
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_open(&w, "properties", '{');
	if (!kept)
		json_put_int(&w, "TTL", ttl);
	if (!strcmp(type, "CNAME")) {
		json_open(&w, "CNAMERecord", '{');
		json_put_str(&w, "cname", more);
		json_close(&w, '}');
	} else {
		put_texts(&w, kept, without, more);
	}
	json_close(&w, '}');
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}
