/*
 * cloudflare_call: requests to Cloudflare, and the envelope in which every answer comes.
 *
 * What went wrong is a number in the envelope; the status says little more than that it did.
 */
#include "cloudflare.h"

#include <string.h>

#include <certty/base/text.h>

#define SHOWN 300

/* ---- asking ---- */

/* 1,200 in five minutes, with those of the dashboard. */
static const struct dns_api api = { CLOUDFLARE_URL, "cloudflare", 4.0, 40 };

char *cloudflare_url(const struct args *answers, const char *path)
{
	return dns_api_url(&api, answers, path);
}

struct request_out *cloudflare_ask(const struct op *op, const char *method, const char *path,
				   const char *body)
{
	return dns_api_ask(&api, op, method, path, body);
}

bool cloudflare_sign(struct request_out *r, const struct access *a, int64_t now, GError **error)
{
	const struct secret *token = args_secret(a->with, "token");
	const struct secret *key = args_secret(a->with, "api-key");

	(void)now;
	if (!dns_api_is_there(&api, r, a, error))
		return false;
	if (token) {
		dns_api_header(r, "Authorization", "Bearer ", token);
		return true;
	}
	if (!key) {
		g_set_error(error, ERR, ERR_SIGN_IN, "the account is open without a token or a key");
		return false;
	}
	exchange_set_header(r, "X-Auth-Email", args_text(a->with, "email", ""));
	dns_api_header(r, "X-Auth-Key", "", key);
	return true;
}

/* A refusal for good, whatever its status; too much is said by the status. */
enum verdict cloudflare_judge(const struct reply *r)
{
	return r->status == 400 || r->status == 403 ? VERDICT_FINAL : VERDICT_BY_STATUS;
}

/* ---- answers ---- */

/* clang-format off */
static const struct refusal {
	int64_t code;
	enum err err;
	const char *words;
} refusals[] = {
	{ 1001,  ERR_NOT_FOUND, "the zone is not there" },
	{ 6003,  ERR_SIGN_IN,   "the token, or the key with its e-mail address, is not in the form of one" },
	{ 7003,  ERR_NOT_FOUND, "the zone is not there" },
	{ 9103,  ERR_SIGN_IN,   "the key or its e-mail address is not known" },
	{ 9106,  ERR_SIGN_IN,   "the token, or the key with its e-mail address, is missing" },
	{ 9107,  ERR_SIGN_IN,   "the token, or the key with its e-mail address, is missing" },
	{ 9109,  ERR_SIGN_IN,   "the token is not valid, or not for this; make one with Zone:Read and "
	                        "DNS:Edit" },
	{ 10000, ERR_SIGN_IN,   "the token or key is not taken, or not for this; a token needs Zone:Read and "
	                        "DNS:Edit" },
	{ 81044, ERR_NOT_FOUND, "the record is not there" },
	{ 81053, ERR_EXISTS,    "other data stands at that name, and a CNAME cannot stand beside it; nothing "
	                        "was changed" },
	{ 81054, ERR_EXISTS,    "a CNAME stands at that name, and nothing can stand beside it; nothing was "
	                        "changed" },
	{ 81057, ERR_EXISTS,    "the record is there already" },
	{ 81058, ERR_EXISTS,    "the same record is there already" },
};
/* clang-format on */

static const struct refusal *find(int64_t code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++)
		if (refusals[i].code == code)
			return &refusals[i];
	return NULL;
}

static enum err err_of_status(int status)
{
	return status == 401 ? ERR_SIGN_IN : status == 403 ? ERR_REFUSED :
	       status == 404 ? ERR_NOT_FOUND : status == 429 || status >= 500 ? ERR_BUSY : ERR_REPLY;
}

/* Its own words: the message, and that of the cause where it names one. */
static char *words_of(const struct json *error)
{
	const char *said = json_str(error, "message");
	const char *cause = json_str(json_at(json_get(error, "error_chain"), 0), "message");
	g_autofree char *both = g_strconcat(said ? said : "", said && cause ? ": " : "",
					    cause ? cause : "", NULL);

	return text_harmless_dup(both, SHOWN);
}

static void refuse(const struct json *j, const struct reply *r, const char *what, int64_t code,
		   GError **error)
{
	g_autofree char *words = words_of(json_at(json_get(j, "errors"), 0));
	const struct refusal *known = find(code);

	if (known)
		g_set_error(error, ERR, known->err, "%s: %s (%" G_GINT64_FORMAT " %s)", what, known->words,
			    code, words);
	else if (r->status == 429)
		g_set_error(error, ERR, ERR_BUSY, "%s: Cloudflare was asked too often; again in five "
			    "minutes", what);
	else if (code || *words)
		g_set_error(error, ERR, (int)err_of_status(r->status), "%s: status %d (%" G_GINT64_FORMAT
			    " %s)", what, r->status, code, words);
	else
		g_set_error(error, ERR, (int)err_of_status(r->status), "%s: the answer has status %d and "
			    "no reason in it; a proxy or a wrong address may be in the way", what,
			    r->status);
}

struct json *cloudflare_read(const struct reply *r, const char *what, int64_t *ret_code, GError **error)
{
	size_t len = 0;
	const void *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;
	g_autoptr(json) j = NULL;
	int64_t code = 0;

	if (r->error) {
		g_propagate_prefixed_error(error, g_error_copy(r->error), "%s: ", what);
		return NULL;
	}
	j = json_parse(bytes ? bytes : "", len, DNS_API_REPLY_MAX, NULL);
	if (j && r->status >= 200 && r->status < 300 && json_bool(j, "success", false))
		return g_steal_pointer(&j);
	json_int(json_at(json_get(j, "errors"), 0), "code", &code);
	refuse(j, r, what, code, error);
	if (ret_code)
		*ret_code = code;
	return NULL;
}
