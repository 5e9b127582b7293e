/*
 * godaddy_call: requests to GoDaddy, and what its refusals mean.
 */
#include "godaddy.h"

#include <string.h>

#include <certty/base/text.h>

#define SHOWN 300

/* ---- asking ---- */

/* 60 a minute. */
static const struct dns_api api = { GODADDY_URL, "godaddy", 1.0, 20 };

char *godaddy_url(const struct args *answers, const char *path)
{
	return dns_api_url(&api, answers, path);
}

struct request_out *godaddy_ask(const struct op *op, const char *method, const char *path,
				const char *body)
{
	return dns_api_ask(&api, op, method, path, body);
}

bool godaddy_sign(struct request_out *r, const struct access *a, int64_t now, GError **error)
{
	const struct secret *secret = args_secret(a->with, "sso-secret");
	g_autofree char *before = NULL;

	(void)now;
	if (!dns_api_is_there(&api, r, a, error))
		return false;
	if (!secret) {
		g_set_error(error, ERR, ERR_SIGN_IN, "the account is open without a secret");
		return false;
	}
	before = g_strdup_printf("sso-key %s:", args_text(a->with, "sso-key", ""));
	dns_api_header(r, "Authorization", before, secret);
	return true;
}

/* A refusal for good; too much is said by the status. */
enum verdict godaddy_judge(const struct reply *r)
{
	return r->status == 403 || r->status == 422 ? VERDICT_FINAL : VERDICT_BY_STATUS;
}

/* ---- answers ---- */

/* clang-format off */
static const struct refusal {
	const char *code;
	enum godaddy_said said;
	enum err err;
	const char *words;
} refusals[] = {
	{ "NOT_FOUND",              GODADDY_NOT_FOUND, ERR_NOT_FOUND, "it is not there" },
	{ "UNKNOWN_DOMAIN",         GODADDY_NOT_FOUND, ERR_NOT_FOUND, "the domain is not in this account" },
	{ "DUPLICATE_RECORD",       GODADDY_DUPLICATE, ERR_EXISTS,    "there is such a record already" },
	{ "UNABLE_TO_AUTHENTICATE", GODADDY_BAD,       ERR_SIGN_IN,   "the key or its secret is not taken; a "
	                                                "key of the sort OTE is for another address" },
	{ "ACCESS_DENIED",          GODADDY_BAD,       ERR_REFUSED,   "GoDaddy does not let the account use "
	                                                "this; since 2024 its API is open to accounts with "
	                                                "ten domains or more" },
	{ "INVALID_BODY",           GODADDY_BAD,       ERR_USAGE,     "GoDaddy does not take the record" },
};
/* clang-format on */

static const struct refusal *find(const char *code)
{
	for (size_t i = 0; code && i < G_N_ELEMENTS(refusals); i++)
		if (!strcmp(refusals[i].code, code))
			return &refusals[i];
	return NULL;
}

static enum err err_of_status(int status)
{
	return status == 401 ? ERR_SIGN_IN : status == 403 ? ERR_REFUSED :
	       status == 404 ? ERR_NOT_FOUND : status == 429 || status >= 500 ? ERR_BUSY : ERR_REPLY;
}

/* Its own words, and those about the field that it does not like. */
static char *words_of(const struct json *j)
{
	const char *said = json_str(j, "message");
	const char *field = json_str(json_at(json_get(j, "fields"), 0), "message");
	g_autofree char *both = g_strconcat(said ? said : "", said && field ? ": " : "",
					    field ? field : "", NULL);

	return text_harmless_dup(both, SHOWN);
}

static enum godaddy_said refuse(const struct json *j, const struct reply *r, const char *what,
				GError **error)
{
	const struct refusal *known = find(json_str(j, "code"));
	g_autofree char *words = words_of(j), *code = text_harmless_dup(json_str(j, "code"), 60);

	if (known)
		g_set_error(error, ERR, (int)known->err, "%s: %s (%s %s)", what, known->words, code, words);
	else if (r->status == 429)
		g_set_error(error, ERR, ERR_BUSY, "%s: GoDaddy was asked too often; again in a minute",
			    what);
	else if (code || *words)
		g_set_error(error, ERR, (int)err_of_status(r->status), "%s: status %d (%s %s)", what,
			    r->status, code ? code : "", words);
	else
		g_set_error(error, ERR, (int)err_of_status(r->status), "%s: the answer has status %d and "
			    "no reason in it; a proxy or a wrong address may be in the way", what,
			    r->status);
	return known ? known->said : GODADDY_BAD;
}

enum godaddy_said godaddy_read(const struct reply *r, const char *what, struct json **ret_json,
			       GError **error)
{
	size_t len = 0;
	const void *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;
	g_autoptr(json) j = NULL;

	if (r->error) {
		g_propagate_prefixed_error(error, g_error_copy(r->error), "%s: ", what);
		return GODADDY_BAD;
	}
	j = json_parse(bytes ? bytes : "", len, DNS_API_REPLY_MAX, NULL);
	if (r->status < 200 || r->status > 299)
		return refuse(j, r, what, error);
	if (ret_json && !j) {
		g_set_error(error, ERR, ERR_REPLY, "%s: the answer is not JSON", what);
		return GODADDY_BAD;
	}
	if (ret_json)
		*ret_json = g_steal_pointer(&j);
	return GODADDY_GOOD;
}
