/*
 * Replies of Entra ID, of the endpoints of managed identities and of the Resource Manager.
 *
 * Who gives tokens has no agreement on how: numbers come as numbers or as texts, the end as
 * seconds from now, as a time, or as a date.  Refusals are told apart by Entra's numbers, which
 * are stable, not by its texts, which are not; a text is shown where it names what a person needs.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

#define LONGEST	   (400 * CLOCK_DAY)	/* no token lasts longer */
#define SHOWN	   300			/* bytes of a server's own words */
#define TOKEN_LONG (48u << 10)

/* clang-format off */
static const struct refusal {
	int64_t code;		/* of AADSTS */
	enum err err;
	bool is_shown;		/* Entra's own text names the value that is wrong */
	const char *words;
} refusals[] = {
	{ 7000215, ERR_SIGN_IN, false, "the client secret is wrong; take care to enter the secret's "
	  "value, not its id" },
	{ 7000222, ERR_SIGN_IN, false, "the client secret has expired; make a new one for the "
	  "application and rotate it here" },
	{ 700016,  ERR_SIGN_IN, false, "the application is not in this tenant; check tenant and "
	  "application id, and whether it has a service principal there" },
	{ 90002,   ERR_SIGN_IN, false, "there is no such tenant in this cloud; check the tenant and "
	  "the cloud" },
	{ 900023,  ERR_SIGN_IN, false, "the tenant is neither an id nor a domain name of one" },
	{ 900382,  ERR_SIGN_IN, false, "the application belongs to another cloud; check the cloud" },
	{ 900432,  ERR_SIGN_IN, false, "the application belongs to another cloud; check the cloud" },
	{ 70011,   ERR_USAGE,   true,  "the audience of the token is not understood; check the cloud "
	  "and its addresses" },
	{ 500011,  ERR_REFUSED, true,  "the service is not known in this tenant; check the cloud, and "
	  "whether the tenant uses the service" },
	{ 50001,   ERR_REFUSED, true,  "the service is not known in this tenant; check the cloud" },
	{ 700027,  ERR_SIGN_IN, true,  "the certificate is not one of the application's, or has "
	  "expired; upload it there, or take the one that was" },
	{ 700030,  ERR_SIGN_IN, true,  "the certificate may not be used for this application" },
	{ 7000218, ERR_SIGN_IN, false, "neither a secret nor an assertion arrived; a proxy may have "
	  "changed the request" },
	{ 7000112, ERR_REFUSED, false, "the application is disabled; its owner has to enable it" },
	{ 50034,   ERR_SIGN_IN, false, "this user is not known in the tenant" },
	{ 50076,   ERR_SIGN_IN, false, "a second factor is wanted; sign in anew with az login" },
	{ 50173,   ERR_SIGN_IN, false, "the login was revoked; sign in anew with az login" },
	{ 700082,  ERR_SIGN_IN, false, "the login has not been used for too long; sign in anew with az "
	  "login" },
	{ 70021,   ERR_SIGN_IN, true,  "no federated credential of the application fits the token; "
	  "issuer, subject and audience must be the same to the letter" },
	{ 700211,  ERR_SIGN_IN, true,  "no federated credential of the application names the token's "
	  "issuer" },
	{ 700212,  ERR_SIGN_IN, true,  "no federated credential of the application names the token's "
	  "audience" },
	{ 700213,  ERR_SIGN_IN, true,  "no federated credential of the application names the token's "
	  "subject" },
	{ 7002138, ERR_SIGN_IN, true,  "no federated credential of the application fits the token" },
	{ 700024,  ERR_SIGN_IN, false, "the assertion is not valid now; check this machine's clock, or "
	  "whether the federated token has expired" },
	{ 53003,   ERR_REFUSED, false, "conditional access forbids it; ask whoever keeps the tenant's "
	  "policies" },
	{ 900144,  ERR_REPLY,   true,  "a part of the request is missing" },
	{ 9002313, ERR_REPLY,   true,  "the request is not understood" },
	{ 90055,   ERR_BUSY,    false, "there were too many sign-ins; wait a few minutes" },
	{ 90033,   ERR_BUSY,    false, "the service is not available just now; wait a few minutes" },
};

/* What the metadata service of a machine refuses, by a part of its text. */
static const struct near_refusal {
	const char *part;
	enum err err;
	const char *words;
} near_refusals[] = {
	{ "dentity not found", ERR_SIGN_IN, "this machine has no such managed identity; assign one to "
	  "it, or check the identity's id" },
	{ "ultiple user assigned", ERR_SIGN_IN, "this machine has several user-assigned identities; say "
	  "which by the answer Identity" },
	{ "No Managed Identity found", ERR_SIGN_IN, "this service has no such managed identity; assign "
	  "one to it, or check the identity's id" },
};
/* clang-format on */

/* ---- numbers and dates ---- */

static bool read_digits(const char *s, int64_t *ret)
{
	return *s >= '0' && *s <= '9' &&
	       g_ascii_string_to_signed(s, 10, 0, INT64_C(1) << 40, ret, NULL);
}

static bool read_number(const struct json *j, const char *key, int64_t *ret)
{
	const char *text = json_str(j, key);

	return text ? read_digits(text, ret) : json_int(j, key, ret) && *ret >= 0;
}

/* "08/01/2026 12:30:00 +00:00", as old App Service has it, in the order of ISO 8601. */
static char *turn_date(const char *s)
{
	if (strlen(s) < 19 || s[2] != '/' || s[5] != '/' || s[10] != ' ')
		return g_strdup(s);
	return g_strdup_printf("%.4s-%.2s-%.2sT%s", s + 6, s, s + 3, s + 11);
}

/* Dates without a zone are UTC, or local where the Azure CLI wrote them; none is before 1970. */
static bool read_date(const char *s, bool is_local, int64_t *ret)
{
	g_autofree char *iso = turn_date(s);
	g_autoptr(GTimeZone) zone = is_local ? g_time_zone_new_local() : g_time_zone_new_utc();
	g_autoptr(GDateTime) when = NULL;
	char *blank = strlen(iso) > 19 ? strchr(iso + 19, ' ') : NULL;

	if (strlen(iso) > 10 && iso[10] == ' ')
		iso[10] = 'T';
	if (blank)
		memmove(blank, blank + 1, strlen(blank));
	when = g_date_time_new_from_iso8601(iso, zone);
	if (!when || g_date_time_to_unix(when) < 0)
		return false;
	*ret = g_date_time_to_unix(when);
	return true;
}

/* 0 where it is not said, or makes no sense. */
static int64_t read_end(const struct json *j, int64_t now)
{
	const char *date = json_str(j, "expires_on");
	int64_t n, end = 0;

	if (read_number(j, "expires_on", &n) || (date && read_date(date, false, &n)))
		end = n;
	else if (read_number(j, "expires_in", &n))
		end = now + n;
	return end > 0 && end <= now + LONGEST ? end : 0;
}

/* ---- refusals ---- */

static const struct refusal *find_refusal(int64_t code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++)
		if (refusals[i].code == code)
			return &refusals[i];
	return NULL;
}

/* The number stands in the text, and in the address of its explanation. */
static int64_t entra_code(const struct json *j, const char *said)
{
	const char *uri = json_str(j, "error_uri");
	const char *at = strstr(said, "AADSTS"), *in_uri = uri ? strstr(uri, "code=") : NULL;
	const char *start = at ? at + strlen("AADSTS") : in_uri ? in_uri + strlen("code=") : "";
	g_autofree char *digits = g_strndup(start, strspn(start, "0123456789"));
	int64_t code = 0;

	return read_digits(digits, &code) ? code : 0;
}

/* The first of a text's lines, without the ids that follow, which only a support case wants. */
static char *first_words(const char *said)
{
	const char *trace = strstr(said, " Trace ID:");
	size_t len = MIN(strcspn(said, "\r\n"), trace ? (size_t)(trace - said) : strlen(said));
	g_autofree char *line = g_strndup(said, len);

	return text_harmless_dup(line, SHOWN);
}

static void refuse_entra(const struct json *j, const char *said, int status, GError **error)
{
	int64_t code = entra_code(j, said);
	const struct refusal *r = find_refusal(code);
	g_autofree char *words = first_words(said);
	g_autofree char *word = text_harmless_dup(json_str(j, "error"), 80);

	if (r)
		g_set_error(error, ERR, r->err, "Entra ID refused the sign-in: %s (AADSTS%" G_GINT64_FORMAT
			    "%s%s)", r->words, code, r->is_shown ? ": " : "",
			    r->is_shown ? words : "");
	else
		g_set_error(error, ERR, status == 429 || status >= 500 ? ERR_BUSY : ERR_SIGN_IN,
			    "the sign-in was refused: %s (%s)", *words ? words : "no reason was told",
			    word ? word : "status without a word");
}

/* Of a status that is no success. */
static void refuse(const struct json *j, int status, GError **error)
{
	const char *said = json_str(j, "error_description");

	if (!said)
		said = json_str(j, "message");
	for (size_t i = 0; said && i < G_N_ELEMENTS(near_refusals); i++)
		if (strstr(said, near_refusals[i].part)) {
			g_set_error_literal(error, ERR, near_refusals[i].err,
					    near_refusals[i].words);
			return;
		}
	if (said || json_str(j, "error"))
		refuse_entra(j, said ? said : "", status, error);
	else
		g_set_error(error, ERR, status == 429 || status >= 500 ? ERR_BUSY : ERR_REPLY,
			    "signing in: the answer has status %d and nothing that is understood; a "
			    "proxy or a wrong address may be in the way", status);
}

/* ---- tokens ---- */

/* It becomes a header, so it must be one word of plain characters. */
static bool is_token(const char *s)
{
	size_t len = strlen(s);

	for (const char *c = s; *c; c++)
		if (*c <= ' ' || *c > '~')
			return false;
	return len > 0 && len <= TOKEN_LONG;
}

static bool take(const char *token, int64_t ends, struct token *ret, GError **error)
{
	struct secret *s;

	if (!token || !is_token(token)) {
		g_set_error(error, ERR, ERR_REPLY, "signing in: the answer has no token in it");
		return false;
	}
	s = secret_new(token, strlen(token));
	if (!s) {
		g_set_error(error, ERR, ERR_LIMIT, "the memory for secrets is full");
		return false;
	}
	ret->access = s;
	ret->ends = ends;
	return true;
}

bool azure_reply_token(const struct reply *r, int64_t now, struct token *ret, GError **error)
{
	g_autoptr(json) j = NULL;
	const char *type;
	size_t len;
	const void *bytes;

	if (r->error) {
		g_propagate_prefixed_error(error, g_error_copy(r->error), "signing in: ");
		return false;
	}
	bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;
	j = bytes ? json_parse(bytes, len, AZURE_REPLY_MAX, NULL) : NULL;
	if (r->status != 200) {
		refuse(j, r->status, error);
		return false;
	}
	type = json_str(j, "token_type");
	if (type && g_ascii_strcasecmp(type, "Bearer")) {
		g_set_error(error, ERR, ERR_REPLY, "signing in: the answer has no bearer token, but "
			    "another kind");
		return false;
	}
	return take(json_str(j, "access_token"), read_end(j, now), ret, error);
}

bool azure_reply_cli_token(const void *bytes, size_t len, int64_t now, struct token *ret,
			   GError **error)
{
	g_autoptr(json) j = json_parse(bytes, len, AZURE_REPLY_MAX, error);
	const char *date;
	int64_t end = 0;

	if (!j) {
		g_prefix_error(error, "what az account get-access-token printed: ");
		return false;
	}
	date = json_str(j, "expiresOn");
	if (!read_number(j, "expires_on", &end) && !(date && read_date(date, true, &end)))
		end = 0;
	return take(json_str(j, "accessToken"), end <= now + LONGEST ? end : 0, ret, error);
}

/* ---- the Resource Manager and vaults ---- */

static void refuse_service(const struct json *j, int status, const char *what, GError **error)
{
	const struct json *inner = json_get(j, "error");
	const struct json *e = json_count(inner) ? inner : j;
	g_autofree char *code = text_harmless_dup(json_str(e, "code"), 80);
	g_autofree char *said = first_words(json_str(e, "message") ? json_str(e, "message") : "");
	enum err err = status == 401 ? ERR_SIGN_IN : status == 403 ? ERR_REFUSED :
		       status == 404 ? ERR_NOT_FOUND : status == 409 ? ERR_EXISTS :
		       status == 429 || status >= 500 ? ERR_BUSY : ERR_REPLY;

	g_set_error(error, ERR, (int)err, "%s: status %d%s%s%s%s", what, status, code ? " " : "",
		    code ? code : "", *said ? ": " : "", said);
}

struct json *azure_reply_json(const struct reply *r, const char *what, GError **error)
{
	g_autoptr(json) j = NULL;
	GError *why = NULL;
	size_t len = 0;
	const void *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;

	if (r->error) {
		g_propagate_prefixed_error(error, g_error_copy(r->error), "%s: ", what);
		return NULL;
	}
	j = json_parse(bytes ? bytes : "", len, EXCHANGE_BODY_MAX, &why);
	if (r->status < 200 || r->status > 299) {
		g_clear_error(&why);
		refuse_service(j, r->status, what, error);
		return NULL;
	}
	if (!j)
		g_propagate_prefixed_error(error, why, "%s: the answer is not understood: ", what);
	return g_steal_pointer(&j);
}

bool azure_reply_is_passing(const struct reply *r)
{
	return !r->error && (r->status == 404 || r->status == 410 || r->status == 429 ||
			     r->status >= 500);
}
