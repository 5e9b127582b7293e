/*
 * akamai_ask: requests to the account's host, and what Akamai's gateway says before the product
 * behind it has seen them.
 *
 * Answers may be problem+json of two generations, plain text, HTML or nothing: all of them become
 * a sentence.  A request id is what Akamai's support asks for first.
 */
#include "own.h"

#include <string.h>

#include <certty/base/json.h>
#include <certty/base/text.h>

#define JSON_MAX EXCHANGE_BODY_MAX
#define SHOWN_MAX 300
#define NONCE "nonce"

/* What a refusal means, by its status and a part of its detail, title or type; the first that fits. */
struct meaning {
	int status;		/* 0: any */
	const char *part;	/* without case; "": any */
	enum err err;
	const char *words;
};

/* clang-format off */
static const struct meaning meanings[] = {
	{ 400, "Authorization header missing", ERR_REFUSED,
	  "Akamai got no signature; does a proxy on the way take the Authorization header out?" },
	{ 400, "WAF deny rule", ERR_BUSY,
	  "Akamai was asked too often in a short time; try again in a minute" },
	{ 401, "signature does not match", ERR_SIGN_IN,
	  "the signature does not match: the client secret is another one, or the host is not that of "
	  "the tokens; compare all four words with the credential in Control Center" },
	{ 401, NONCE, ERR_NETWORK,
	  "Akamai has had this very request already: something on the way, as a proxy, sends them twice; "
	  "it may have been done, look before you ask for it again" },
	{ 401, "", ERR_SIGN_IN,
	  "the credential is not taken; is it active in Control Center, and is the host its own?" },
	{ 403, "pep-authz", ERR_REFUSED,
	  "the API client has no grant for it; whoever manages API clients in Control Center can give "
	  "one, for Certificate Provisioning System or DNS Zone Record Management: READ-ONLY to read, "
	  "READ-WRITE to change" },
	{ 403, "", ERR_REFUSED, "the API client may not do that" },
	{ 404, "", ERR_NOT_FOUND, "it is not there, or not now" },
	{ 409, "cannot-cancel", ERR_REFUSED, "a change is pending, and it is too late to cancel it" },
	{ 409, "", ERR_BUSY, "something else is under way at Akamai that is in its way; try again later" },
	{ 406, "", ERR_REPLY, "Akamai does not know the form that was asked for; a newer certty may" },
	{ 415, "", ERR_REPLY, "Akamai does not know the form that was sent; a newer certty may" },
	{ 429, "", ERR_BUSY, "Akamai was asked too often; other programs of the account count as well, "
	  "try again in a minute" },
	{ 500, "", ERR_REPLY, "it failed at Akamai; try again later" },
	{ 502, "", ERR_REPLY, "it failed at Akamai; try again later" },
	{ 503, "", ERR_BUSY, "Akamai is busy or under maintenance; try again later" },
	{ 504, "", ERR_REPLY, "it failed at Akamai; try again later" },
	{ 0, "", ERR_REPLY, "Akamai answered what was not expected" },
};
/* clang-format on */

char *akamai_ask_base(const char *host)
{
	size_t len = strlen(host);

	while (len && host[len - 1] == '/')
		len--;
	return g_strdup_printf("%s%.*s", strstr(host, "://") ? "" : "https://", (int)len, host);
}

struct request_out *akamai_ask(const struct access *a, const char *path, const char *accept)
{
	g_autofree char *base = akamai_ask_base(args_text(a->with, AKAMAI_HOST, ""));
	const char *key = args_text(a->with, AKAMAI_SWITCH, "");
	g_autofree char *value = g_uri_escape_string(key, NULL, FALSE);
	g_autofree char *url = g_strconcat(base, path, !*key ? "" : strchr(path, '?') ? "&" : "?",
					   *key ? "accountSwitchKey=" : "", value, NULL);
	struct request_out *r = exchange_get(url);

	exchange_header(r, "Accept", accept ? accept : "application/json");
	r->is_repeatable = true;
	return r;
}

/* ---- refusals ---- */

struct problem {
	char *type, *title, *detail, *id;
};

static char *text_of(const struct json *j, const char *key, const char *old_key)
{
	const char *text = json_str(j, key);

	if (!text && old_key)
		text = json_str(j, old_key);
	return text_harmless_dup(text ? text : "", SHOWN_MAX);
}

/* The first line of what is no JSON, unless it is a page for a browser. */
static char *first_line(const struct reply *r)
{
	gsize len = 0;
	const char *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;
	g_autofree char *line = NULL;

	if (!len || memchr(bytes, '<', MIN(len, 16)))
		return g_strdup("");
	line = g_strndup(bytes, MIN(len, 4096));
	line[strcspn(line, "\r\n")] = '\0';
	return text_harmless_dup(line, SHOWN_MAX);
}

static struct problem read_problem(const struct reply *r)
{
	gsize len = 0;
	const void *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;
	g_autoptr(json) j = len ? json_parse(bytes, len, JSON_MAX, NULL) : NULL;
	struct problem p = { text_of(j, "type", "problemType"), text_of(j, "title", NULL),
			     text_of(j, "detail", NULL), text_of(j, "requestId", NULL) };

	if (!j) {
		g_free(p.detail);
		p.detail = first_line(r);
	}
	return p;
}

static void problem_done(struct problem *p)
{
	g_free(p->type);
	g_free(p->title);
	g_free(p->detail);
	g_free(p->id);
}

static bool has_part(const char *text, const char *part)
{
	g_autofree char *a = g_ascii_strdown(text, -1), *b = g_ascii_strdown(part, -1);

	return strstr(a, b) != NULL;
}

static const struct meaning *meaning_of(int status, const struct problem *p)
{
	const struct meaning *m = meanings;

	while (!(!m->status || (m->status == status &&
				(has_part(p->detail, m->part) || has_part(p->title, m->part) ||
				 has_part(p->type, m->part)))))
		m++;
	return m;
}

/* The gateway takes half a minute, no more. */
static char *say_clock(const struct reply *r, int64_t now)
{
	int64_t seconds;

	if (!reply_skew(r, now, &seconds))
		return g_strdup("Akamai does not take the time of the signature; is this machine's clock "
				"right?");
	return g_strdup_printf("this machine's clock is %" G_GINT64_FORMAT " s %s Akamai's, which takes at "
			       "most 30; set it right, best by NTP", ABS(seconds),
			       seconds > 0 ? "behind" : "ahead of");
}

bool akamai_ask_is_no_grant(const struct reply *r)
{
	return !r->error && r->status == 403;
}

/* A request that something on the way repeats is refused the second time, and may be done the first.  Akamai
 * does not say that it refuses repeats, nor in which words. */
bool akamai_ask_is_repeat(const struct reply *r)
{
	struct problem p;
	bool is;

	if (r->error || r->status != 401)
		return false;
	p = read_problem(r);
	is = !has_part(p.detail, "signature") && (has_part(p.detail, NONCE) ||
						 has_part(p.title, NONCE) || has_part(p.type, NONCE));
	problem_done(&p);
	return is;
}

bool akamai_ask_is_signed_out(const struct reply *r, const struct access *a)
{
	(void)a;
	return r->status == 401 && !akamai_ask_is_repeat(r);
}

bool akamai_ask_is_lost(const struct reply *r)
{
	return r->error || r->status >= 500 || akamai_ask_is_repeat(r);
}

bool akamai_ask_is_good(const struct reply *r, const char *what, int64_t now, GError **error)
{
	g_autofree char *clock = NULL, *said = NULL, *id = NULL;
	const struct meaning *m;
	const char *more;
	struct problem p;

	if (r->error) {
		g_propagate_prefixed_error(error, g_error_copy(r->error), "%s: ", what);
		return false;
	}
	if (r->status >= 200 && r->status < 300)
		return true;
	p = read_problem(r);
	m = meaning_of(r->status, &p);
	if (r->status == 400 && has_part(p.detail, "Invalid timestamp"))
		clock = say_clock(r, now);
	more = *p.detail ? p.detail : p.title;
	said = *more ? g_strdup_printf(": \"%s\"", more) : g_strdup("");
	id = *p.id ? g_strdup_printf("; request id %s, for Akamai's support", p.id) : g_strdup("");
	g_set_error(error, ERR, (int)(clock ? ERR_SIGN_IN : m->err), "%s: %s (status %d%s%s)", what,
		    clock ? clock : m->words, r->status, said, id);
	problem_done(&p);
	return false;
}
