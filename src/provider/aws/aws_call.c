/*
 * aws_call: requests to a service in the three forms that they speak, signing them, and reading
 * what comes back.
 *
 * Form bodies may hold tokens: they are built in memory that is wiped, also when it grows.
 */
#include "aws_own.h"

#include <string.h>

#include <certty/base/text.h>
#include <certty/net/sign_aws.h>

#define XML_TYPE  "application/x-www-form-urlencoded; charset=utf-8"
#define JSON_TYPE "application/x-amz-json-1.1"
#define REST_TYPE "application/xml"
#define JSON_MAX  EXCHANGE_BODY_MAX

/* ---- form-encoded bodies ---- */

struct aws_form {
	char *bytes;
	size_t len, size;
};

struct aws_form *aws_form_new(void)
{
	return g_new0(struct aws_form, 1);
}

void aws_form_free(struct aws_form *f)
{
	if (!f)
		return;
	if (f->bytes)
		secret_wipe(f->bytes, f->size);
	g_free(f);
}

static void make_room(struct aws_form *f, size_t more)
{
	size_t size = f->size ? f->size : 1024;
	char *bytes;

	while (size - f->len < more)
		size *= 2;
	if (size == f->size)
		return;
	bytes = g_malloc0(size);
	if (f->bytes) {
		memcpy(bytes, f->bytes, f->len);
		secret_wipe(f->bytes, f->size);
	}
	f->bytes = bytes;
	f->size = size;
}

static void append(struct aws_form *f, const char *text, size_t len)
{
	static const char hex[] = "0123456789ABCDEF";

	make_room(f, 3 * len);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (g_ascii_isalnum(c) || (c && strchr("-._~", c))) {
			f->bytes[f->len++] = (char)c;
			continue;
		}
		f->bytes[f->len++] = '%';
		f->bytes[f->len++] = hex[c >> 4];
		f->bytes[f->len++] = hex[c & 15];
	}
}

static void append_sign(struct aws_form *f, char sign)
{
	make_room(f, 1);
	f->bytes[f->len++] = sign;
}

static void append_pair(struct aws_form *f, const char *name, const char *value, size_t len)
{
	if (f->len)
		append_sign(f, '&');
	append(f, name, strlen(name));
	append_sign(f, '=');
	append(f, value, len);
}

void aws_form_add(struct aws_form *f, const char *name, const char *value)
{
	if (value)
		append_pair(f, name, value, strlen(value));
}

void aws_form_add_secret(struct aws_form *f, const char *name, const struct secret *value)
{
	if (value)
		append_pair(f, name, value->bytes, value->len);
}

static void free_form(void *form)
{
	aws_form_free(form);
}

GBytes *aws_form_put(struct aws_form *f)
{
	return g_bytes_new_with_free_func(f->bytes, f->len, free_form, f);
}

/* ---- requests ---- */

static struct request_out *post(const struct args *with, enum aws_service service,
				const char *region, const char *path, const char *type,
				GBytes *body /* taken */, GError **error)
{
	struct aws_place place = { 0 };
	g_autofree char *url = NULL;
	struct request_out *r;

	if (!aws_place_find(with, service, region, &place, error)) {
		g_bytes_unref(body);
		return NULL;
	}
	url = g_strconcat(place.url, "/", path, NULL);
	r = exchange_post(url, type, "", 0);
	g_bytes_unref(r->body);
	r->body = body;
	r->scope = g_strconcat(aws_place_services[service].name, " ", place.region, NULL);
	aws_place_done(&place);
	return r;
}

struct request_out *aws_call_query(const struct args *with, enum aws_service service,
				   const char *region, const char *action, struct aws_form *form,
				   GError **error)
{
	struct aws_form *f = form ? form : aws_form_new();
	struct request_out *r;

	aws_form_add(f, "Action", action);
	aws_form_add(f, "Version", aws_place_services[service].version);
	r = post(with, service, region, "", XML_TYPE, aws_form_put(f), error);
	if (r)
		aws_pace_set(r, with, service, action);
	return r;
}

struct request_out *aws_call_json_body(const struct args *with, enum aws_service service,
				       const char *region, const char *operation, GBytes *body,
				       GError **error)
{
	g_autofree char *target = g_strconcat(aws_place_services[service].target, ".", operation,
					      NULL);
	struct request_out *r = post(with, service, region, "", JSON_TYPE, body, error);

	if (!r)
		return NULL;
	exchange_header(r, "X-Amz-Target", target);
	aws_pace_set(r, with, service, operation);
	return r;
}

struct request_out *aws_call_json(const struct args *with, enum aws_service service,
				  const char *region, const char *operation, const char *body,
				  GError **error)
{
	return aws_call_json_body(with, service, region, operation,
				  g_bytes_new(body, strlen(body)), error);
}

/* Straight into its place: no copy of the base64 is ever anywhere else. */
GBytes *aws_call_body(const char *object, const char *key, const struct secret *value)
{
	size_t most = strlen(object) + strlen(key) + value->len / 3 * 4 + 32;
	struct aws_form *f = aws_form_new();
	gint state = 0, save = 0;

	make_room(f, most);
	f->len = strlen(object) - 1;
	memcpy(f->bytes, object, f->len);	/* without its '}' */
	f->len += (size_t)g_snprintf(f->bytes + f->len, f->size - f->len, "%s\"%s\":\"",
				     f->len > 1 ? "," : "", key);
	f->len += g_base64_encode_step((const guchar *)value->bytes, value->len, FALSE,
				       f->bytes + f->len, &state, &save);
	f->len += g_base64_encode_close(FALSE, f->bytes + f->len, &state, &save);
	secret_clear(&save, sizeof(save));
	append_sign(f, '"');
	append_sign(f, '}');
	return aws_form_put(f);
}

struct request_out *aws_call_path(const struct args *with, enum aws_service service,
				  const char *path, const char *body, GError **error)
{
	struct request_out *r = post(with, service, NULL, path, "application/json",
				     g_bytes_new(body, strlen(body)), error);

	if (r)
		aws_pace_set(r, with, service, path);
	return r;
}

struct request_out *aws_call_rest(const struct args *with, enum aws_service service,
				  const char *operation, const char *path, const char *body,
				  GError **error)
{
	struct aws_place place = { 0 };
	g_autofree char *url = NULL;
	struct request_out *r;

	if (!aws_place_find(with, service, NULL, &place, error))
		return NULL;
	url = g_strconcat(place.url, path, NULL);
	r = body ? exchange_post(url, REST_TYPE, body, strlen(body)) : exchange_get(url);
	r->scope = g_strconcat(aws_place_services[service].name, " ", place.region, NULL);
	r->is_repeatable = true;
	aws_pace_set(r, with, service, operation);
	aws_place_done(&place);
	return r;
}

/* ---- answers ---- */

/* What says that it is good and cannot be read. */
static void say_unread(const char *what, GError *why, GError **error)
{
	g_set_error(error, ERR, why->code, "%s: %s; " AWS_NO_ANSWER, what, why->message);
	g_error_free(why);
}

struct xml *aws_call_xml(const struct reply *r, const char *what, GError **error)
{
	GError *why = NULL;
	struct xml *x;

	if (!aws_error_check(r, what, error))
		return NULL;
	x = r->body ? xml_read(r->body, &why) : NULL;
	if (!x && !r->body)
		g_set_error(error, ERR, ERR_REPLY, "%s: an answer without a body", what);
	else if (!x)
		say_unread(what, why, error);
	return x;
}

struct json *aws_call_read_json(const struct reply *r, const char *what, GError **error)
{
	gsize len = 0;
	const char *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;
	GError *why = NULL;
	struct json *j;

	if (!aws_error_check(r, what, error))
		return NULL;
	j = json_parse(len ? bytes : "{}", len ? len : 2, JSON_MAX, &why);
	if (!j)
		say_unread(what, why, error);
	return j;
}

/* ---- signing ---- */

/* "acm eu-north-1" */
static bool sign(struct request_out *r, const struct aws_key *key, int64_t now, GError **error)
{
	g_auto(GStrv) scope = g_strsplit(r->scope ? r->scope : "", " ", 2);

	if (g_strv_length(scope) != 2) {
		g_set_error(error, ERR, ERR_USAGE, "a request without service and region cannot be "
			    "signed for AWS");
		return false;
	}
	return sign_aws(r, key, scope[1], scope[0], now, error);
}

bool aws_call_sign(struct request_out *r, const struct access *a, int64_t now, GError **error)
{
	struct aws_key key = {
		.id = args_get(a->with, "access-key"),
		.secret = args_secret(a->with, "secret-key"),
		.session = args_secret(a->with, "session-token"),
	};

	if (!key.id || !key.secret) {
		g_set_error(error, ERR, ERR_SIGN_IN, "there is no access key to sign with");
		return false;
	}
	return sign(r, &key, now, error);
}

bool aws_call_sign_with(struct request_out *r, const struct aws_keys *keys, int64_t now,
			GError **error)
{
	struct aws_key key = { keys->id, keys->secret, keys->session };

	r->is_unsigned = true;
	return sign(r, &key, now, error);
}
