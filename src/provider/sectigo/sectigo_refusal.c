/*
 * Refusals of Sectigo Certificate Manager.
 *
 * Almost everything that goes wrong comes with status 400 and a negative number, so the number
 * decides, never the status.  A few numbers have more than one meaning, so Sectigo's own words are
 * shown as well.
 */
#include "own.h"

#include <string.h>

#include <certty/base/text.h>

#define SHOWN 300	/* bytes of Sectigo's own words */
#define REPLY_MAX (16u << 20)
#define PAGE_MAX  4096	/* bytes of a web page that are looked at */

/* What a person can do about it. */
enum advice { TELL, AGAIN, LOGIN, RIGHTS, PASSWORD, LOOK, WAIT, DCV, ORG };

/* clang-format off */
static const char *const advices[] = {
	[TELL]     = "",
	[AGAIN]    = "; try again later",
	[LOGIN]    = "; check login, password and customer URI",
	[RIGHTS]   = "; ask whoever administers your organization for the right to it",
	[PASSWORD] = "; change the password in the portal and rotate it here",
	[LOOK]     = "; refresh, as it may have changed meanwhile",
	[WAIT]     = "; wait, it is not ready yet",
	[DCV]      = "; the control of the domain has to be validated first",
	[ORG]      = "; look at the organization's validation among the objects (anchor), or in the portal",
};

static const struct refusal {
	int code, last;		/* a range, downwards; last 0: one code */
	enum err err;
	enum advice advice;
	const char *words;
} refusals[] = {
	{ -1,    0,     ERR_BUSY,      AGAIN,    "it failed for a reason that is not told" },
	{ -2,    0,     ERR_BUSY,      AGAIN,    "it failed inside the service" },
	{ -3,    0,     ERR_REFUSED,   RIGHTS,   "the administrator is not allowed to do this" },
	{ -7,    0,     ERR_USAGE,     TELL,     "a value is missing" },
	{ -9,    0,     ERR_FORMAT,    TELL,     "the request is not base64, or a type is not known" },
	{ -10,   0,     ERR_FORMAT,    TELL,     "the certificate request cannot be read" },
	{ -11,   0,     ERR_REFUSED,   TELL,     "the key is of a kind or size that is not accepted" },
	{ -13,   0,     ERR_REFUSED,   TELL,     "the key is of a kind or size that is not accepted" },
	{ -14,   0,     ERR_BUSY,      AGAIN,    "it failed for a reason that is not told" },
	{ -16,   0,     ERR_SIGN_IN,   LOGIN,    "the login is not known, or the password is wrong" },
	{ -25,   0,     ERR_REFUSED,   RIGHTS,   "the administrator is not allowed to do this" },
	{ -35,   0,     ERR_USAGE,     TELL,     "the type of server is not known" },
	{ -36,   0,     ERR_USAGE,     TELL,     "the profile does not offer this validity" },
	{ -37,   0,     ERR_REFUSED,   RIGHTS,   "access was denied" },
	{ -39,   0,     ERR_USAGE,     TELL,     "the certificate profile is not valid" },
	{ -62,   0,     ERR_USAGE,     TELL,     "a custom field that must be given is missing" },
	{ -64,   0,     ERR_USAGE,     TELL,     "an optional field is not valid" },
	{ -65,   0,     ERR_BUSY,      AGAIN,    "it failed inside the service" },
	{ -76,   0,     ERR_USAGE,     TELL,     "the key usage is not one of the profile's" },
	{ -78,   0,     ERR_REFUSED,   TELL,     "the key is too small" },
	{ -102,  0,     ERR_REFUSED,   LOOK,     "only an issued certificate can be revoked" },
	{ -103,  0,     ERR_PENDING,   WAIT,     "the certificate has not been collected" },
	{ -105,  0,     ERR_NOT_FOUND, LOOK,     "the person is not known, or it cannot be renewed" },
	{ -107,  0,     ERR_REFUSED,   DCV,      "the validation of a domain is missing or has expired" },
	{ -109,  0,     ERR_PENDING,   WAIT,     "it is not available now" },
	{ -110,  0,     ERR_NOT_FOUND, LOOK,     "the certificate was revoked" },
	{ -111,  0,     ERR_USAGE,     TELL,     "there is no such certificate profile" },
	{ -123,  -124,  ERR_NOT_FOUND, LOOK,     "there is no such certificate" },
	{ -126,  0,     ERR_USAGE,     TELL,     "the format is not known" },
	{ -129,  0,     ERR_BUSY,      AGAIN,    "the CA could not be reached" },
	{ -130,  0,     ERR_REFUSED,   LOOK,     "the certificate is not issued" },
	{ -131,  0,     ERR_USAGE,     TELL,     "a custom field is not valid" },
	{ -134,  -135,  ERR_USAGE,     TELL,     "a custom field is not valid" },
	{ -138,  0,     ERR_FORMAT,    TELL,     "the certificate request cannot be read" },
	{ -140,  0,     ERR_BUSY,      AGAIN,    "certificate requests cannot be read just now" },
	{ -141,  0,     ERR_REFUSED,   TELL,     "the key's algorithm is not accepted" },
	{ -159,  0,     ERR_REFUSED,   LOOK,     "the certificate is revoked already" },
	{ -160,  0,     ERR_USAGE,     TELL,     "a custom field is not valid" },
	{ -164,  0,     ERR_USAGE,     TELL,     "an internal name or private address is not accepted" },
	{ -166,  0,     ERR_NOT_FOUND, LOOK,     "nothing fits" },
	{ -169,  0,     ERR_NOT_FOUND, LOOK,     "it is not available" },
	{ -170,  0,     ERR_REFUSED,   TELL,     "keys on elliptic curves are not accepted" },
	{ -180,  0,     ERR_REFUSED,   TELL,     "the profile forbids renewal" },
	{ -181,  0,     ERR_REFUSED,   ORG,      "the organization's details are not those validated" },
	{ -183,  0,     ERR_PENDING,   WAIT,     "the certificate cannot be collected yet" },
	{ -188,  0,     ERR_REFUSED,   TELL,     "the person has as many certificates as allowed" },
	{ -192,  0,     ERR_NOT_FOUND, LOOK,     "the certificate was revoked" },
	{ -194,  0,     ERR_REFUSED,   TELL,     "the key is of a kind or size that is not accepted" },
	{ -195,  0,     ERR_BUSY,      AGAIN,    "the CA is not available" },
	{ -196,  0,     ERR_BUSY,      AGAIN,    "the addresses for validation are not available" },
	{ -213,  0,     ERR_SIGN_IN,   PASSWORD, "the password has to be changed" },
	{ -220,  0,     ERR_SIGN_IN,   PASSWORD, "the new password was not accepted" },
	{ -226,  0,     ERR_REFUSED,   RIGHTS,   "administrators cannot be changed so" },
	{ -233,  -256,  ERR_REFUSED,   RIGHTS,   "administrators cannot be changed so" },
	{ -303,  -306,  ERR_USAGE,     TELL,     "the range to scan is not valid" },
	{ -410,  0,     ERR_SIGN_IN,   LOGIN,    "the customer is not known" },
	{ -429,  0,     ERR_SIGN_IN,   LOGIN,    "the customer has no access to the CA" },
	{ -607,  0,     ERR_REFUSED,   LOOK,     "the discovery's state forbids it" },
	{ -615,  0,     ERR_REFUSED,   LOOK,     "the discovery's state forbids it" },
	{ -618,  0,     ERR_BUSY,      AGAIN,    "the discovery is running already" },
	{ -637,  0,     ERR_REFUSED,   LOOK,     "the discovery's state forbids it" },
	{ -639,  0,     ERR_REFUSED,   LOOK,     "the discovery's state forbids it" },
	{ -700,  0,     ERR_EXISTS,    TELL,     "the domain is there already" },
	{ -705,  0,     ERR_REFUSED,   LOOK,     "the delegation does not wait for an answer" },
	{ -707,  0,     ERR_REFUSED,   LOOK,     "the delegation is gone already" },
	{ -709,  0,     ERR_USAGE,     TELL,     "the domain has to be delegated" },
	{ -711,  0,     ERR_NOT_FOUND, LOOK,     "the organization was deleted" },
	{ -712,  -714,  ERR_USAGE,     TELL,     "the domain's name is not valid" },
	{ -715,  0,     ERR_REFUSED,   TELL,     "the domain is not active" },
	{ -723,  0,     ERR_REFUSED,   DCV,      "it is not a domain that can be registered" },
	{ -724,  0,     ERR_REFUSED,   DCV,      "the validation is in another state" },
	{ -727,  0,     ERR_NOT_FOUND, TELL,     "the domain is not known here" },
	{ -728,  0,     ERR_BUSY,      LOOK,     "another administrator has changed it meanwhile" },
	{ -731,  0,     ERR_REFUSED,   RIGHTS,   "the administrator may not do this with domains" },
	{ -732,  0,     ERR_USAGE,     TELL,     "the domain's name is not valid" },
	{ -737,  0,     ERR_REFUSED,   DCV,      "names in it are not validated" },
	{ -738,  0,     ERR_REFUSED,   RIGHTS,   "the administrator may not do this with domains" },
	{ -740,  0,     ERR_EXISTS,    TELL,     "there are certificates for the domain" },
	{ -741,  0,     ERR_REFUSED,   RIGHTS,   "the administrator may not do this with domains" },
	{ -843,  0,     ERR_REFUSED,   ORG,      "the organization's validation forbids it" },
	{ -951,  0,     ERR_USAGE,     TELL,     "one of several fields has to be given" },
	{ -970,  0,     ERR_SIGN_IN,   PASSWORD, "the credentials are wrong" },
	{ -976,  -977,  ERR_SIGN_IN,   PASSWORD, "the new password was not accepted" },
	{ -982,  0,     ERR_SIGN_IN,   PASSWORD, "the new password was not accepted" },
	{ -993,  0,     ERR_REFUSED,   AGAIN,    "orders are restricted at the moment" },
	{ -1001, 0,     ERR_USAGE,     TELL,     "a value that must be given is missing" },
	{ -1010, 0,     ERR_REFUSED,   RIGHTS,   "the domain is not allowed to the administrator" },
	{ -1021, 0,     ERR_REFUSED,   ORG,      "it is not of this organization" },
	{ -1023, 0,     ERR_NOT_FOUND, ORG,      "the organization is not known" },
	{ -1104, 0,     ERR_USAGE,     TELL,     "the order's number is not valid" },
	{ -1112, 0,     ERR_REFUSED,   LOOK,     "it cannot be approved in the state that it is in" },
	{ -1113, 0,     ERR_REFUSED,   LOOK,     "it is not ready to be applied for" },
	{ -1117, 0,     ERR_NOT_FOUND, LOOK,     "the certificate is not there" },
	{ -1137, 0,     ERR_REFUSED,   DCV,      "names in it are not validated" },
	{ -1138, 0,     ERR_REFUSED,   TELL,     "the key's size could not be checked" },
	{ -1140, 0,     ERR_REFUSED,   TELL,     "whoever requested it may not approve it" },
	{ -1144, 0,     ERR_REFUSED,   TELL,     "it has to be discovered again" },
	{ -1148, 0,     ERR_REFUSED,   TELL,     "what is installed automatically cannot be replaced" },
	{ -1400, 0,     ERR_PENDING,   WAIT,     "it is being worked on" },
	{ -1450, 0,     ERR_USAGE,     TELL,     "the format is not known" },
	{ -1601, 0,     ERR_USAGE,     TELL,     "a value is not valid" },
	{ -1603, 0,     ERR_BUSY,      DCV,      "the validation failed inside the service" },
	{ -1608, 0,     ERR_REFUSED,   ORG,      "the validation of domains is not enabled" },
	{ -3114, -3115, ERR_BUSY,      LOOK,     "another administrator has changed it meanwhile" },
	{ -3301, 0,     ERR_USAGE,     TELL,     "the range to scan is not valid" },
	{ -5001, -5003, ERR_REFUSED,   LOOK,     "the assignment rule forbids it" },
	{ -5101, 0,     ERR_NOT_FOUND, LOOK,     "the certificate is not there" },
	{ -7306, 0,     ERR_SIGN_IN,   PASSWORD, "the new password breaks the rules for passwords" },
};
/* clang-format on */

static const struct refusal *find(int64_t code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
		const struct refusal *r = &refusals[i];

		if (code <= r->code && code >= (r->last ? r->last : r->code))
			return r;
	}
	return NULL;
}

/* Sectigo's words, in which line breaks are HTML. */
static char *words_of(const char *said)
{
	g_auto(GStrv) lines = g_strsplit(said, "<br>", -1);
	g_autofree char *one = g_strjoinv(" ", lines);

	return text_harmless_dup(one, SHOWN);
}

static enum err err_of_status(int status)
{
	return status == 401 ? ERR_SIGN_IN : status == 403 ? ERR_REFUSED :
	       status == 404 ? ERR_NOT_FOUND : status == 429 || status >= 500 ? ERR_BUSY : ERR_REPLY;
}

/* The heading of a web page, as what stands before a service shows it while that is being looked after; NULL:
 * it is none.  New. */
static char *page_of(const struct reply *r)
{
	gsize len = 0;
	const char *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;
	g_autofree char *text = g_strndup(bytes ? bytes : "", MIN(len, PAGE_MAX));
	g_autofree char *lower = g_ascii_strdown(g_strchug(text), -1), *title = NULL;
	const char *from = strstr(lower, "<title>"), *end = from ? strstr(from, "</title>") : NULL;

	if (*lower != '<')
		return NULL;
	if (!end)
		return g_strdup("");
	from += strlen("<title>");
	title = g_strndup(text + (from - lower), (gsize)(end - from));
	return text_harmless_dup(g_strstrip(title), SHOWN);
}

static void refuse_page(const char *title, const struct reply *r, const char *what, GError **error)
{
	enum err err = r->status == 200 ? ERR_BUSY : err_of_status(r->status);

	g_set_error(error, ERR, (int)err, "%s: a web page came instead of an answer (status %d%s%s%s); try "
		    "again later, Sectigo may be under maintenance, and if it stays so look whether a proxy or "
		    "a wrong address is in the way", what, r->status, *title ? ", \"" : "", title,
		    *title ? "\"" : "");
}

static void refuse(const struct json *j, const struct reply *r, const char *what, int64_t code,
		   GError **error)
{
	const char *said = json_str(j, "description");
	g_autofree char *words = words_of(said ? said : "");
	g_autofree char *page = j ? NULL : page_of(r);
	const struct refusal *known = find(code);

	if (page && r->status != 401)
		refuse_page(page, r, what, error);
	else if (known)
		g_set_error(error, ERR, known->err, "%s: %s (%" G_GINT64_FORMAT "%s%s)%s", what,
			    known->words, code, *words ? " " : "", words, advices[known->advice]);
	else if (said || code)
		g_set_error(error, ERR, (int)err_of_status(r->status), "%s: status %d (%"
			    G_GINT64_FORMAT "%s%s)", what, r->status, code, *words ? " " : "", words);
	else if (r->status == 401)
		g_set_error(error, ERR, ERR_SIGN_IN, "%s: the sign-in was refused%s", what,
			    advices[LOGIN]);
	else
		g_set_error(error, ERR, (int)err_of_status(r->status), "%s: the answer has status %d and "
			    "no reason in it; a proxy or a wrong address may be in the way", what,
			    r->status);
}

struct json *sectigo_refusal_or_json(const struct reply *r, const char *what, int64_t *ret_code,
				     GError **error)
{
	g_autoptr(json) j = NULL;
	GError *why = NULL;
	int64_t code = 0;
	size_t len = 0;
	const void *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;

	if (r->error) {
		g_propagate_prefixed_error(error, g_error_copy(r->error), "%s: ", what);
		return NULL;
	}
	j = json_parse(bytes ? bytes : "", len, REPLY_MAX, &why);
	if (r->status >= 200 && r->status < 300) {
		g_autofree char *page = j ? NULL : page_of(r);

		if (page) {
			g_clear_error(&why);
			refuse_page(page, r, what, error);
		} else if (!j) {
			g_propagate_prefixed_error(error, why, "%s: the answer is not understood: ",
						   what);
		}
		return g_steal_pointer(&j);
	}
	g_clear_error(&why);
	json_int(j, "code", &code);
	refuse(j, r, what, code, error);
	if (ret_code)
		*ret_code = code;
	return NULL;
}

bool sectigo_refusal_or_done(const struct reply *r, const char *what, int64_t *ret_code, GError **error)
{
	g_autoptr(json) j = NULL;
	bool is_good = !r->error && r->status >= 200 && r->status < 300;

	if (is_good && (!r->body || !g_bytes_get_size(r->body)))
		return true;
	j = sectigo_refusal_or_json(r, what, ret_code, error);
	return j != NULL;
}

bool sectigo_refusal_is_denied(int64_t code)
{
	static const int64_t codes[] = { -3, -25, -37, -731, -738, -741, -1010 };

	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
		if (codes[i] == code)
			return true;
	return false;
}

/* Status 503 is no promise that an order was not begun, so nothing but what changes nothing is sent again. */
enum verdict sectigo_refusal_judge(const struct reply *r)
{
	static const int64_t codes[] = { -129, -140, -195, -196 };	/* slow days: the CA is not there */
	g_autoptr(json) j = NULL;
	int64_t code = 0;
	gsize len = 0;
	const void *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;

	if (r->error || r->status < 400)
		return VERDICT_BY_STATUS;
	if (r->status >= 500)
		return VERDICT_BROKEN;
	j = r->status == 400 && bytes ? json_parse(bytes, len, PAGE_MAX, NULL) : NULL;
	json_int(j, "code", &code);
	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
		if (codes[i] == code)
			return VERDICT_BROKEN;
	return VERDICT_BY_STATUS;
}

char *sectigo_refusal_authority(const struct reply *r)
{
	const char *said = r->error ? NULL : reply_header(r, "WWW-Authenticate");
	const char *at = said ? strstr(said, "authorization_uri=") : NULL;
	g_autofree char *uri = NULL;

	if (!at)
		return NULL;
	at += strlen("authorization_uri=");
	at += *at == '"';
	uri = g_strndup(at, strcspn(at, "\", "));
	return text_harmless_dup(uri, SHOWN);
}
