/*
 * keyfactor_reply: what Command answers, which is JSON when Command itself answers, and a page or
 * nothing when the web server before it does.
 */
#include "keyfactor_own.h"

#include <string.h>

#include <certty/base/text.h>

struct meaning {
	int status;
	enum err code;
	const char *words;
};

/* clang-format off */
static const struct meaning meanings[] = {
	{ 400, ERR_REPLY,     "it does not take the request" },
	{ 401, ERR_SIGN_IN,   "it does not take the sign-in: check user, domain and password, or the "
			      "OAuth client, and that it is known in Command as a security identity" },
	{ 403, ERR_REFUSED,   "signed in, but not allowed to do this: ask for a role in Command" },
	{ 404, ERR_NOT_FOUND, "there is nothing there: check host and API path" },
	{ 405, ERR_NOT_FOUND, "there is something else there: check host and API path" },
	{ 429, ERR_BUSY,      "it takes no more requests for now; try again later" },
	{ 502, ERR_NETWORK,   "something before it could not reach it" },
	{ 503, ERR_BUSY,      "it is not running or starts just now; try again later" },
	{ 504, ERR_TIMEOUT,   "something before it waited in vain" },
	{ 0,   ERR_REPLY,     "that is unexpected; look into the server's log" },
};
/* clang-format on */

/* As the object has it; NULL: it has none. */
static const char *key_of(const struct json *object, const char *key)
{
	if (json_get(object, key))
		return key;
	for (size_t i = 0; i < json_members(object); i++) {
		const char *name = json_key_at(object, i);

		if (name && !g_ascii_strcasecmp(name, key))
			return name;
	}
	return NULL;
}

const struct json *keyfactor_get(const struct json *object, const char *key)
{
	const char *exact = key_of(object, key);

	return exact ? json_get(object, exact) : NULL;
}

bool keyfactor_int(const struct json *object, const char *key, int64_t *ret)
{
	const char *exact = key_of(object, key);

	return exact && json_int(object, exact, ret);
}

bool keyfactor_bool(const struct json *object, const char *key)
{
	const char *exact = key_of(object, key);

	return exact && json_bool(object, exact, false);
}

char *keyfactor_text(const struct json *object, const char *key, size_t max)
{
	const char *exact = key_of(object, key), *text = exact ? json_str(object, exact) : NULL;
	int64_t number;

	if (text)
		return text_harmless_dup(text, max);
	if (exact && json_int(object, exact, &number))
		return g_strdup_printf("%" G_GINT64_FORMAT, number);
	if (exact && json_bool(object, exact, false) == json_bool(object, exact, true))
		return g_strdup(json_bool(object, exact, false) ? "true" : "false");
	return g_strdup("");
}

/* With a fraction of a second or without, with a zone or, which then is UTC, without. */
int64_t keyfactor_time(const struct json *object, const char *key)
{
	const char *exact = key_of(object, key), *text = exact ? json_str(object, exact) : NULL;
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) at = text ? g_date_time_new_from_iso8601(text, utc) : NULL;

	return at ? MAX(0, g_date_time_to_unix(at)) : 0;
}

int keyfactor_enum(const struct json *object, const char *key, const char *const *names, size_t n)
{
	const char *exact = key_of(object, key), *name = exact ? json_str(object, exact) : NULL;
	int64_t number;

	if (exact && json_int(object, exact, &number) && number >= 0 && number <= G_MAXINT16)
		return (int)number;
	for (size_t i = 0; name && i < n; i++)
		if (names[i] && !g_ascii_strcasecmp(names[i], name))
			return (int)i;
	return -1;
}

static struct json *json_of(const struct reply *r)
{
	gsize len;
	const char *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;

	return bytes ? json_parse(bytes, len, EXCHANGE_BODY_MAX, NULL) : NULL;
}

struct json *keyfactor_json(const struct reply *r)
{
	return !r->error && r->status == 200 ? json_of(r) : NULL;
}

static bool is_page(const struct reply *r)
{
	const char *type = reply_header(r, "Content-Type");

	return type && strstr(type, "html");
}

/* The message, then the reasons of what it was about; of what is no JSON its first line. */
char *keyfactor_words(const struct reply *r)
{
	g_autoptr(json) j = json_of(r);
	const char *message = json_text(j ? keyfactor_get(j, "Message") : NULL);
	const struct json *failed = keyfactor_get(j, "FailedOperations");
	g_autoptr(GString) out = g_string_new(message);
	gsize len = 0;
	const char *text = r->body ? g_bytes_get_data(r->body, &len) : NULL;

	for (size_t i = 0; i < MIN(json_count(failed), 4); i++) {
		const char *reason = json_text(keyfactor_get(json_at(failed, i), "Reason"));

		if (reason)
			g_string_append_printf(out, "%s%s", out->len ? "; " : "", reason);
	}
	if (!j && text && !is_page(r)) {
		const char *end = memchr(text, '\n', len);

		text_harmless(out, text, end ? (size_t)(end - text) : len, KEYFACTOR_SAID_MAX);
		return g_strstrip(g_strdup(out->str));
	}
	return text_harmless_dup(g_strstrip(out->str), KEYFACTOR_SAID_MAX);
}

static char *code_of(const struct reply *r)
{
	g_autoptr(json) j = json_of(r);

	return text_harmless_dup(json_text(keyfactor_get(j, "ErrorCode")), 40);
}

GError *keyfactor_error(const struct op *op, const struct reply *r, const char *tried)
{
	const struct keyfactor *k = op->scratch;
	const struct meaning *m = meanings;
	g_autofree char *words = NULL, *code = NULL;

	if (r->error)
		return g_error_new(ERR, r->error->code, "Keyfactor Command at %s: %s: %s", k->at, tried,
				   r->error->message);
	while (m->status && m->status != r->status)
		m++;
	words = keyfactor_words(r);
	code = code_of(r);
	if (*words)
		return g_error_new(ERR, m->code, "Keyfactor Command at %s: %s: it says '%s' (%d%s%s); %s",
				   k->at, tried, words, r->status, code ? ", " : "", code ? code : "",
				   m->words);
	return g_error_new(ERR, m->code, "Keyfactor Command at %s: %s: status %d%s; %s", k->at, tried,
			   r->status, is_page(r) ? " with a web page" : "", m->words);
}

struct next keyfactor_fail(struct op *op, const struct reply *r, const char *tried)
{
	return next_fail_error(op, keyfactor_error(op, r, tried));
}
