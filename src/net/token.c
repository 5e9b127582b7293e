/*
 * What is said to get a bearer token, and what is answered.
 *
 * Everything here may hold a secret: bodies and headers are built in memory that is wiped, and
 * answers are read by json.h, which wipes too.
 */
#include <certty/net/token.h>

#include <stdarg.h>
#include <string.h>

#include <certty/base/json.h>
#include <certty/base/text.h>

#include "net/wiped.h"

#define ANSWER_MAX (1u << 20)	/* bytes of a token endpoint's answer */

/* ---- asking ------------------------------------------------------------------------------ */

static void add_text(struct wiped *to, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char hex[4];

		if (bytes[i] && (g_ascii_isalnum(bytes[i]) || strchr("-._~", bytes[i]))) {
			wiped_append(to, bytes + i, 1);
			continue;
		}
		g_snprintf(hex, sizeof(hex), "%%%02X", (unsigned char)bytes[i]);
		wiped_append(to, hex, 3);
	}
}

static void add_pair(struct request_out *r, const char *name, const char *value, size_t len)
{
	struct wiped body = { 0 };
	gsize had = 0;
	const void *old = r->body ? g_bytes_get_data(r->body, &had) : NULL;

	if (had) {
		wiped_append(&body, old, had);
		wiped_append(&body, "&", 1);
	}
	add_text(&body, name, strlen(name));
	wiped_append(&body, "=", 1);
	add_text(&body, value, len);
	g_clear_pointer(&r->body, g_bytes_unref);
	r->body = wiped_put(&body);
}

struct request_out *token_request(const char *url, ...)
{
	struct request_out *r = exchange_post(url, "application/x-www-form-urlencoded", "", 0);
	const char *name;
	va_list pairs;

	exchange_header(r, "Accept", "application/json");
	r->is_unsigned = true;
	r->max = ANSWER_MAX;
	va_start(pairs, url);
	while ((name = va_arg(pairs, const char *))) {
		const char *value = va_arg(pairs, const char *);

		if (value)
			add_pair(r, name, value, strlen(value));
	}
	va_end(pairs);
	return r;
}

void token_add_secret(struct request_out *r, const char *name, const struct secret *value)
{
	add_pair(r, name, value->bytes, value->len);
}

/* "Basic …", "Bearer …" */
static void set_authorization(struct request_out *r, const char *how, const char *what, size_t len)
{
	struct wiped value = { 0 };

	wiped_append(&value, how, strlen(how));
	wiped_append(&value, what, len);
	wiped_append(&value, "", 1);
	exchange_set_header(r, "Authorization", value.bytes);
	wiped_done(&value);
}

void token_basic(struct request_out *r, const char *user, const struct secret *password)
{
	struct wiped pair = { 0 };
	char *encoded;

	wiped_append(&pair, user, strlen(user));
	wiped_append(&pair, ":", 1);
	wiped_append(&pair, password->bytes, password->len);
	encoded = g_base64_encode((const guchar *)pair.bytes, pair.len);
	wiped_done(&pair);
	set_authorization(r, "Basic ", encoded, strlen(encoded));
	secret_wipe(encoded, strlen(encoded));
}

void token_bearer(struct request_out *r, const struct secret *token)
{
	set_authorization(r, "Bearer ", token->bytes, token->len);
}

/* ---- the answer -------------------------------------------------------------------------- */

/* A number, or one in a string, as older endpoints write them. */
static bool read_number(const struct json *answer, const char *key, int64_t *ret)
{
	const char *text = json_str(answer, key);

	return json_int(answer, key, ret) ||
	       (text && g_ascii_string_to_signed(text, 10, 0, G_MAXINT32 * G_GINT64_CONSTANT(1000),
						 ret, NULL));
}

static int64_t read_end(const struct json *answer, int64_t now)
{
	int64_t seconds;

	if (read_number(answer, "expires_in", &seconds) && seconds >= 0 && seconds <= G_MAXINT32)
		return now + seconds;
	if (read_number(answer, "expires_on", &seconds) && seconds > 0)
		return seconds;
	return 0;
}

static bool refuse(const struct reply *r, const struct json *answer, GError **error)
{
	const char *word = json_str(answer, "error"), *why = json_str(answer, "error_description");
	g_autofree char *shown = text_harmless_dup(word ? word : "", 80);
	g_autofree char *first = why ? g_strndup(why, strcspn(why, "\r\n")) : NULL;
	g_autofree char *reason = text_harmless_dup(first ? first : "", 400);

	if (word && r->status >= 400 && r->status < 500)
		g_set_error(error, ERR, ERR_SIGN_IN, "the sign-in was refused: %s%s%s%s",
			    *reason ? reason : shown, *reason ? " (" : "", *reason ? shown : "",
			    *reason ? ")" : "");
	else if (word)
		g_set_error(error, ERR, ERR_REPLY,
			    "the sign-in failed at the server, with status %d: %s (%s); try again "
			    "later", r->status, *reason ? reason : "no reason given", shown);
	else
		g_set_error(error, ERR, r->status == 401 || r->status == 403 ? ERR_SIGN_IN : ERR_REPLY,
			    "the sign-in was answered with status %d and no reason; is this the "
			    "address where tokens are given?", r->status);
	return false;
}

bool token_read(const struct reply *r, int64_t now, struct token *ret, GError **error)
{
	g_autoptr(json) answer = NULL;
	struct secret *token = NULL;
	const char *text;
	gsize len = 0;
	const void *bytes;

	if (r->error) {
		g_propagate_error(error, g_error_copy(r->error));
		return false;
	}
	bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;
	answer = json_parse(bytes ? bytes : "", len, ANSWER_MAX, NULL);
	if (r->status != 200 || json_str(answer, "error"))
		return refuse(r, answer, error);
	text = json_str(answer, "access_token");
	if (!text || !*text) {
		g_set_error(error, ERR, ERR_REPLY,
			    "the sign-in was answered without a token; is this the address where "
			    "tokens are given?");
		return false;
	}
	token = secret_new(text, strlen(text));
	if (!token) {
		g_set_error(error, ERR, ERR_LIMIT, "the memory for secrets is full");
		return false;
	}
	ret->access = token;
	ret->ends = read_end(answer, now);
	return true;
}

void token_done(struct token *t)
{
	g_clear_pointer(&t->access, secret_free);
}

static GBytes *no_claims(GError **error)
{
	g_set_error(error, ERR, ERR_FORMAT, "the token is no JWT, so it does not say whose it is");
	return NULL;
}

GBytes *token_claims(const struct secret *jwt, GError **error)
{
	const char *from = memchr(jwt->bytes, '.', jwt->len), *end;
	struct wiped text = { 0 };
	GBytes *claims = NULL;
	guchar *bytes;
	gsize len;

	end = from ? strchr(from + 1, '.') : NULL;
	if (!end)
		return no_claims(error);
	wiped_append(&text, from + 1, (size_t)(end - from - 1));
	for (size_t i = 0; i < text.len; i++)
		text.bytes[i] = text.bytes[i] == '-' ? '+' : text.bytes[i] == '_' ? '/' : text.bytes[i];
	wiped_append(&text, "===", (4 - text.len % 4) % 4);
	wiped_append(&text, "", 1);
	bytes = g_base64_decode(text.bytes, &len);
	if (len && g_utf8_validate((const char *)bytes, (gssize)len, NULL))
		claims = g_bytes_new(bytes, len);
	secret_wipe(bytes, len);
	wiped_done(&text);
	return claims ? claims : no_claims(error);
}
