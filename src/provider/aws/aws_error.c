/*
 * aws_error: what AWS says when it does not want to.
 *
 * Four protocols have four shapes of error, and a few gateways their own; what counts is the
 * code, never the status, since the JSON services answer nearly everything with 400.  A code
 * becomes one of ours and, where there is one, a hint what to do.
 */
#include "aws_own.h"

#include <string.h>

#include <certty/base/text.h>

#define BODY_MAX    (256u << 10)
#define LATER	    "try again later"
#define TOO_MUCH    "too much is asked of it at the moment: try again later"
#define CODE_MAX    120
#define MESSAGE_MAX 800

/* ---- codes ---- */

/* Whether the keys are taken no more, so that signing in again may help. */
enum out {
	STAYS,
	OUT,
	UNKNOWN,	/* they are not known there: only others would help */
};

/* clang-format off */
static const struct meaning {
	const char *code;	/* without "Exception" behind it */
	enum err err;
	enum out out;
	const char *hint;	/* the end of a sentence, or NULL */
} meanings[] = {
	{ "ExpiredToken",             ERR_SIGN_IN, OUT,     "the session has ended: sign in again" },
	{ "TokenRefreshRequired",     ERR_SIGN_IN, OUT,     "the session has ended: sign in again" },
	{ "RequestExpired",           ERR_SIGN_IN, OUT,     "the session has ended, or the clock of this machine is wrong" },
	{ "InvalidClientTokenId",     ERR_SIGN_IN, UNKNOWN, "the access key is not known there: it was deleted or switched off, belongs to another partition, or its session token is missing" },
	{ "UnrecognizedClient",       ERR_SIGN_IN, UNKNOWN, "the access key is not known there: it was deleted or switched off, or the region is not enabled in this account: enable it, or leave it out of the account's regions" },
	{ "InvalidToken",             ERR_SIGN_IN, OUT,     "the session token is none of this access key" },
	{ "InvalidAccessKeyId",       ERR_SIGN_IN, UNKNOWN, "the access key is not known there" },
	{ "Unauthorized",             ERR_SIGN_IN, OUT,     "the session has ended: sign in again" },
	{ "SignatureDoesNotMatch",    ERR_SIGN_IN, STAYS,   "the secret key is not the one of this access key" },
	{ "InvalidSignature",         ERR_SIGN_IN, STAYS,   "the secret key is not the one of this access key" },
	{ "IncompleteSignature",      ERR_SIGN_IN, STAYS,   "a proxy may have changed the request on its way" },
	{ "MissingAuthenticationToken", ERR_SIGN_IN, STAYS,   "a proxy may have taken the signature out of the request" },
	{ "AuthFailure",              ERR_SIGN_IN, STAYS,   NULL },
	{ "RequestTimeTooSkewed",     ERR_SIGN_IN, STAYS,   "the clock of this machine is wrong" },
	{ "InvalidIdentityToken",     ERR_SIGN_IN, STAYS,   "the token file has none that this role takes" },
	{ "IDPRejectedClaim",         ERR_SIGN_IN, STAYS,   "whoever made the token does not stand by it" },
	{ "AccessDenied",             ERR_REFUSED, STAYS,   NULL },
	{ "UnauthorizedOperation",    ERR_REFUSED, STAYS,   NULL },
	{ "UnauthorizedAccess",       ERR_REFUSED, STAYS,   NULL },
	{ "Forbidden",                ERR_REFUSED, STAYS,   NULL },
	{ "RegionDisabled",           ERR_REFUSED, STAYS,   "enable STS for that region, or name another one" },
	{ "OptInRequired",            ERR_REFUSED, STAYS,   "the region is not enabled in this account" },
	{ "SubscriptionRequired",     ERR_REFUSED, STAYS,   "the account is not signed up for that service" },
	{ "Throttling",               ERR_BUSY,    STAYS,   TOO_MUCH },
	{ "Throttled",                ERR_BUSY,    STAYS,   TOO_MUCH },
	{ "RequestThrottled",         ERR_BUSY,    STAYS,   TOO_MUCH },
	{ "RequestLimitExceeded",     ERR_BUSY,    STAYS,   TOO_MUCH },
	{ "TooManyRequests",          ERR_BUSY,    STAYS,   TOO_MUCH },
	{ "SlowDown",                 ERR_BUSY,    STAYS,   TOO_MUCH },
	{ "PriorRequestNotComplete",  ERR_BUSY,    STAYS,   LATER },
	{ "ServiceUnavailable",       ERR_BUSY,    STAYS,   LATER },
	{ "BandwidthLimitExceeded",   ERR_BUSY,    STAYS,   TOO_MUCH },
	{ "RequestTimeout",           ERR_BUSY,    STAYS,   LATER },
	{ "InternalServer",           ERR_BUSY,    STAYS,   LATER },
	{ "InternalFailure",          ERR_BUSY,    STAYS,   LATER },
	{ "ServiceFailure",           ERR_BUSY,    STAYS,   LATER },
	{ "IDPCommunicationError",    ERR_BUSY,    STAYS,   LATER },
	{ "RequestInProgress",        ERR_PENDING, STAYS,   NULL },
	{ "ResourceInUse",            ERR_REFUSED, STAYS,   NULL },
	{ "Conflict",                 ERR_BUSY,    STAYS,   LATER },
	{ "ResourceNotFound",         ERR_NOT_FOUND, STAYS,   NULL },
	{ "NoSuchEntity",             ERR_NOT_FOUND, STAYS,   NULL },
	{ "NoSuchHostedZone",         ERR_NOT_FOUND, STAYS,   NULL },
	{ "NoSuchChange",             ERR_NOT_FOUND, STAYS,   NULL },
	{ "EntityAlreadyExists",      ERR_EXISTS,  STAYS,   NULL },
	{ "LimitExceeded",            ERR_LIMIT,   STAYS,   "a quota of the account is used up: have it raised, or remove what is not needed" },
	{ "TooManyTags",              ERR_LIMIT,   STAYS,   NULL },
	{ "PackedPolicyTooLarge",     ERR_LIMIT,   STAYS,   NULL },
	{ "Validation",               ERR_USAGE,   STAYS,   NULL },
	{ "ValidationError",          ERR_USAGE,   STAYS,   NULL },
	{ "InvalidParameter",         ERR_USAGE,   STAYS,   NULL },
	{ "InvalidParameterValue",    ERR_USAGE,   STAYS,   NULL },
	{ "InvalidArn",               ERR_USAGE,   STAYS,   NULL },
	{ "InvalidArgs",              ERR_USAGE,   STAYS,   NULL },
	{ "InvalidInput",             ERR_USAGE,   STAYS,   NULL },
	{ "InvalidRequest",           ERR_USAGE,   STAYS,   NULL },
	{ "UnknownOperation",         ERR_REPLY,   STAYS,   "is that the address of the right service?" },
	{ "InvalidAction",            ERR_REPLY,   STAYS,   "is that the address of the right service?" },
};

/* What is worth sending again.  LimitExceeded is not among them, though AWS's own SDKs count it as
 * too fast: in ACM, Private CA and IAM it is a quota. */
static const struct {
	const char *code;
	enum verdict verdict;
} verdicts[] = {
	{ "Throttling",              VERDICT_THROTTLED },
	{ "Throttled",               VERDICT_THROTTLED },
	{ "RequestThrottled",        VERDICT_THROTTLED },
	{ "TooManyRequests",         VERDICT_THROTTLED },
	{ "RequestLimitExceeded",    VERDICT_THROTTLED },
	{ "SlowDown",                VERDICT_THROTTLED },
	{ "BandwidthLimitExceeded",  VERDICT_THROTTLED },
	{ "PriorRequestNotComplete", VERDICT_THROTTLED },
	{ "ServiceUnavailable",      VERDICT_THROTTLED },
	{ "RequestTimeout",          VERDICT_BROKEN },
	{ "InternalServer",          VERDICT_BROKEN },
	{ "InternalFailure",         VERDICT_BROKEN },
	{ "InternalError",           VERDICT_BROKEN },
	{ "ServiceFailure",          VERDICT_BROKEN },
	{ "IDPCommunicationError",   VERDICT_BROKEN },
};
/* clang-format on */

static bool is_code(const char *said, const char *code)
{
	size_t len = strlen(code);

	return !strncmp(said, code, len) && (!said[len] || !strcmp(said + len, "Exception"));
}

bool aws_error_is(const struct aws_error *e, const char *code)
{
	return is_code(e->code, code);
}

static const struct meaning *meaning_of(const char *code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(meanings); i++)
		if (is_code(code, meanings[i].code))
			return &meanings[i];
	return NULL;
}

/* ---- the shapes ---- */

void aws_error_done(struct aws_error *e)
{
	g_clear_pointer(&e->code, g_free);
	g_clear_pointer(&e->message, g_free);
	g_clear_pointer(&e->request, g_free);
}

/* "com.amazonaws.acm#ValidationException:http://…" is ValidationException. */
static char *plain_code(const char *type)
{
	g_autofree char *cut = g_strndup(type, strcspn(type, ":"));
	const char *hash = strrchr(cut, '#');

	return text_harmless_dup(hash ? hash + 1 : cut, CODE_MAX);
}

static void read_json(const void *bytes, size_t len, struct aws_error *e)
{
	g_autoptr(json) j = json_parse(bytes, len, BODY_MAX, NULL);
	const char *code = json_str(j, "__type"), *message = json_str(j, "message");

	if (!code)
		code = json_str(j, "code");
	if (!message)
		message = json_str(j, "Message");
	if (code)
		e->code = plain_code(code);
	if (message)
		e->message = text_harmless_dup(message, MESSAGE_MAX);
}

/* Route 53's own: the root element is the code, and there may be several messages. */
static void read_batch(const struct xml *x, struct aws_error *e)
{
	const struct xml *messages = xml_get(x, "Messages");
	g_autoptr(GString) all = g_string_new(NULL);

	for (size_t i = 0; messages && i < xml_count(messages); i++) {
		if (i)
			g_string_append(all, "; ");
		g_string_append(all, xml_text(xml_at(messages, i)));
	}
	e->code = text_harmless_dup(xml_name(x), CODE_MAX);
	e->message = text_harmless_dup(all->str, MESSAGE_MAX);
}

static const char *first_of(const struct xml *x, const char *const *paths)
{
	const char *text = NULL;

	for (; *paths && !text; paths++)
		text = xml_str(x, *paths);
	return text;
}

static void read_xml(GBytes *body, struct aws_error *e)
{
	static const char *const codes[] = { "Error/Code", "Errors/Error/Code", "Code", NULL };
	static const char *const messages[] = { "Error/Message", "Errors/Error/Message", "Message",
						NULL };
	static const char *const requests[] = { "RequestId", "RequestID", "Error/RequestId", NULL };
	g_autoptr(xml) x = xml_read(body, NULL);

	if (!x)
		return;
	if (xml_get(x, "Messages"))
		read_batch(x, e);
	else {
		e->code = text_harmless_dup(first_of(x, codes), CODE_MAX);
		e->message = text_harmless_dup(first_of(x, messages), MESSAGE_MAX);
	}
	e->request = text_harmless_dup(first_of(x, requests), CODE_MAX);
}

static void read_body(const struct reply *r, struct aws_error *e)
{
	gsize len = 0, start = 0;
	const char *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;

	if (len > BODY_MAX)
		return;
	while (start < len && g_ascii_isspace(bytes[start]))
		start++;
	if (start < len && bytes[start] == '{')
		read_json(bytes, len, e);
	else if (start < len && bytes[start] == '<')
		read_xml(r->body, e);
}

bool aws_error_read(const struct reply *r, struct aws_error *ret)
{
	struct aws_error e = { .status = r->status };
	const char *type = reply_header(r, "x-amzn-ErrorType");
	const char *request = reply_header(r, "x-amzn-RequestId");
	const char *wait = reply_header(r, "Retry-After");

	if (r->error || (r->status >= 200 && r->status < 300))
		return false;
	read_body(r, &e);
	if (!e.code && type)
		e.code = plain_code(type);
	if (!e.request && request)
		e.request = text_harmless_dup(request, CODE_MAX);
	if (wait)
		g_ascii_string_to_unsigned(wait, 10, 0, G_MAXINT32, &e.wait, NULL);
	e.code = e.code ? e.code : g_strdup("");
	e.message = e.message ? e.message : g_strdup("");
	e.request = e.request ? e.request : g_strdup("");
	*ret = e;
	return true;
}

/* ---- as sentences ---- */

/* A wrong clock or region looks like a wrong secret; only the message tells them apart. */
static const char *hint_of(const struct aws_error *e, const struct meaning *m)
{
	if (!*e->code)
		return e->status >= 500 ? LATER : AWS_NO_ANSWER;
	if (g_str_has_prefix(e->message, "Signature expired") ||
	    g_str_has_prefix(e->message, "Signature not yet current"))
		return "the clock of this machine is wrong";
	if (strstr(e->message, "scoped to a valid region"))
		return "there is no such region at that address";
	return m ? m->hint : NULL;
}

static enum err err_of(const struct aws_error *e, const struct meaning *m)
{
	if (m)
		return m->err;
	if (e->status == 429 || e->status == 503)
		return ERR_BUSY;
	return *e->code ? ERR_FAILED : ERR_REPLY;
}

GError *aws_error_say(const struct aws_error *e, const char *what)
{
	const struct meaning *m = meaning_of(e->code);
	const char *hint = hint_of(e, m);
	g_autoptr(GString) s = g_string_new(what);

	g_string_append_printf(s, ": status %d", e->status);
	if (*e->code)
		g_string_append_printf(s, " %s", e->code);
	if (*e->message)
		g_string_append_printf(s, ", \"%s\"", e->message);
	if (hint)
		g_string_append_printf(s, "; %s", hint);
	if (e->wait)
		g_string_append_printf(s, "; it wants to be asked again in %" G_GUINT64_FORMAT " s", e->wait);
	if (*e->request)
		g_string_append_printf(s, " (request %s)", e->request);
	return g_error_new_literal(ERR, (gint)err_of(e, m), s->str);
}

bool aws_error_check(const struct reply *r, const char *what, GError **error)
{
	struct aws_error e;

	if (r->error) {
		g_propagate_prefixed_error(error, g_error_copy(r->error), "%s: ", what);
		return false;
	}
	if (!aws_error_read(r, &e))
		return true;
	g_propagate_error(error, aws_error_say(&e, what));
	aws_error_done(&e);
	return false;
}

/* A region that is not enabled says of a good key that it does not know it.  A session for which a
 * person gave a code is not thrown away for that, nor is a key tried again that stays the same. */
bool aws_error_is_signed_out(const struct reply *r, const struct access *a)
{
	struct aws_error e;
	const struct meaning *m;
	enum out out;
	bool is_out;

	if (!aws_error_read(r, &e))
		return false;
	m = meaning_of(e.code);
	out = m && m->out ? m->out : e.status == 401 ? OUT : STAYS;
	is_out = out == OUT || (out == UNKNOWN && (!a || args_bool(a->with, "others")));
	aws_error_done(&e);
	return is_out;
}

/* A gateway's page has no code: then its status counts, as it does for a 500 of any code. */
static enum verdict judge_code(const struct aws_error *e)
{
	for (size_t i = 0; i < G_N_ELEMENTS(verdicts); i++)
		if (is_code(e->code, verdicts[i].code))
			return verdicts[i].verdict;
	if (e->status == 500)
		return VERDICT_BROKEN;
	return *e->code && e->status < 500 ? VERDICT_FINAL : VERDICT_BY_STATUS;
}

enum verdict aws_error_judge(const struct reply *r)
{
	enum verdict verdict;
	struct aws_error e;

	if (!aws_error_read(r, &e))
		return VERDICT_BY_STATUS;
	verdict = judge_code(&e);
	aws_error_done(&e);
	return verdict;
}
