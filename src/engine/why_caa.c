/*
 * why_caa: whether the CAA records of a name let a certificate authority issue for it (RFC 8659, and
 * RFC 8657 about accounts and methods).
 */
#include "why_own.h"

#include <string.h>

/* clang-format off */

/* Which names in CAA records are a CA's own: as the CAs say in their practice statements. */
static const struct {
	const char *word;	/* what it is called here */
	const char *names;	/* in CAA, separated by blanks; the first is the one to put */
} why_cas[] = {
	{ "actalis",     "actalis.it" },
	{ "amazon",      "amazon.com amazontrust.com awstrust.com amazonaws.com" },
	{ "buypass",     "buypass.com buypass.no" },
	{ "certum",      "certum.pl certum.eu" },
	{ "digicert",    "digicert.com digicert.ne.jp cybertrust.ne.jp thawte.com geotrust.com "
			 "rapidssl.com symantec.com" },
	{ "entrust",     "entrust.net affirmtrust.com" },
	{ "globalsign",  "globalsign.com" },
	{ "godaddy",     "godaddy.com starfieldtech.com" },
	{ "google",      "pki.goog" },
	{ "harica",      "harica.gr" },
	{ "letsencrypt", "letsencrypt.org" },
	{ "sectigo",     "sectigo.com comodo.com comodoca.com usertrust.com trust-provider.com" },
	{ "sslcom",      "ssl.com" },
	{ "swisssign",   "swisssign.com" },
	{ "zerossl",     "sectigo.com" },
};

/* Tags that a CA knows: others are to be passed over, unless they are marked as critical. */
static const char *const known_tags[] = {
	"issue", "issuewild", "iodef", "issuemail", "issuevmc", "contactemail", "contactphone", NULL,
};

/* What RFC 8657's validationmethods calls a method. */
static const struct {
	const char *method, *label;
} methods[] = {
	{ "dns", "dns-01" }, { "http", "http-01" }, { "tls", "tls-alpn-01" },
};
/* clang-format on */

#define CRITICAL 128

bool why_caa_is_ca(const char *ca, GError **error)
{
	g_autoptr(GString) known = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(why_cas); i++) {
		if (!g_ascii_strcasecmp(why_cas[i].word, ca))
			return true;
		g_string_append_printf(known, "%s%s", i ? " " : "", why_cas[i].word);
	}
	if (strchr(ca, '.'))
		return true;
	g_set_error(error, ERR, ERR_USAGE, "no CA is called %s here; give the domain that CAA records name, "
		    "or one of: %s", ca, known->str);
	return false;
}

static char **names_of(const char *ca)
{
	for (size_t i = 0; i < G_N_ELEMENTS(why_cas); i++)
		if (!g_ascii_strcasecmp(why_cas[i].word, ca))
			return g_strsplit(why_cas[i].names, " ", -1);
	return g_strsplit(ca, " ", 1);
}

/* ---- one record ---- */

/* "letsencrypt.org; accounturi=…" → the domain, and its parameters. */
struct property {
	char **parts;
	const char *domain;
};

static struct property read_property(const struct dns_facts_caa *c)
{
	struct property p = { .parts = g_strsplit(c->value, ";", -1) };

	for (char **part = p.parts; *part; part++)
		g_strstrip(*part);
	p.domain = p.parts[0] ? p.parts[0] : "";
	return p;
}

static const char *parameter(const struct property *p, const char *key)
{
	size_t len = strlen(key);

	for (char **part = p->parts[0] ? p->parts + 1 : p->parts; *part; part++)
		if (!g_ascii_strncasecmp(*part, key, len) && (*part)[len] == '=')
			return *part + len + 1;
	return NULL;
}

static bool is_one_of(char **names, const char *domain)
{
	for (; *names; names++)
		if (!g_ascii_strcasecmp(*names, domain))
			return true;
	return false;
}

static const char *method_label(const char *method)
{
	for (size_t i = 0; i < G_N_ELEMENTS(methods); i++)
		if (!strcmp(methods[i].method, method))
			return methods[i].label;
	return method;
}

static bool allows_method(const struct property *p, const char *method)
{
	const char *list = parameter(p, "validationmethods");
	g_auto(GStrv) all = list ? g_strsplit(list, ",", -1) : NULL;

	for (char **m = all; m && *m; m++)
		if (!g_ascii_strcasecmp(g_strstrip(*m), method_label(method)))
			return true;
	return !list || !*method;
}

/* ---- all of them ---- */

/* How the records stand to one CA; what fits best counts. */
enum fit { FIT_NONE, FIT_METHOD, FIT_ACCOUNT, FIT_ACCOUNT_UNKNOWN, FIT };

static enum fit fit_of(const struct dns_facts_caa *record, const struct why_case *c, char **names)
{
	struct property p = read_property(record);
	const char *uri = parameter(&p, "accounturi");
	enum fit fit = FIT;

	if (!is_one_of(names, p.domain))
		fit = FIT_NONE;
	else if (!allows_method(&p, c->method))
		fit = FIT_METHOD;
	else if (uri && *c->account_uri && strcmp(uri, c->account_uri) != 0)
		fit = FIT_ACCOUNT;
	else if (uri && !*c->account_uri)
		fit = FIT_ACCOUNT_UNKNOWN;
	g_strfreev(p.parts);
	return fit;
}

static bool has_tag(const struct dns_facts *f, const char *tag)
{
	for (guint i = 0; i < f->caa->len; i++)
		if (!g_ascii_strcasecmp(((const struct dns_facts_caa *)f->caa->pdata[i])->tag, tag))
			return true;
	return false;
}

/* The tag that counts: issuewild for a wildcard, where there is one. */
static const char *tag_for(const struct why_case *c)
{
	return c->is_wildcard && has_tag(c->facts, "issuewild") ? "issuewild" : "issue";
}

static void show_records(struct why_finding *found, const struct dns_facts *f)
{
	for (guint i = 0; i < f->caa->len; i++) {
		const struct dns_facts_caa *c = f->caa->pdata[i];

		why_evidence(found, "%s CAA %u %s \"%s\"", f->caa_at, c->flags, c->tag, c->value);
	}
}

static bool find_critical(struct why *page, const struct why_case *c)
{
	const struct dns_facts *f = c->facts;

	for (guint i = 0; i < f->caa->len; i++) {
		const struct dns_facts_caa *r = f->caa->pdata[i];
		g_autofree char *tag = g_ascii_strdown(r->tag, -1);
		struct why_finding *found;

		if (!(r->flags & CRITICAL) || g_strv_contains(known_tags, tag))
			continue;
		found = why_add(page, WHY_WRONG, "caa", c->name, "the CAA records of %s have a tag "
				"that is marked as critical and that no CA knows, '%s': none may "
				"issue", f->caa_at, r->tag);
		show_records(found, f);
		why_way_out(found, "take that record out, or set its flags to 0");
		return true;
	}
	return false;
}

/* Whether anybody at all may issue. */
static bool allows_somebody(const struct dns_facts *f, const char *tag)
{
	for (guint i = 0; i < f->caa->len; i++) {
		const struct dns_facts_caa *r = f->caa->pdata[i];
		struct property p = read_property(r);
		bool has = !g_ascii_strcasecmp(r->tag, tag) && *p.domain;

		g_strfreev(p.parts);
		if (has)
			return true;
	}
	return false;
}

static enum fit best_fit(const struct why_case *c, const char *tag, char **names,
			 const struct dns_facts_caa **ret)
{
	enum fit best = FIT_NONE;

	for (guint i = 0; i < c->facts->caa->len; i++) {
		const struct dns_facts_caa *r = c->facts->caa->pdata[i];
		enum fit fit = g_ascii_strcasecmp(r->tag, tag) ? FIT_NONE : fit_of(r, c, names);

		if (fit <= best)
			continue;
		best = fit;
		*ret = r;
	}
	return best;
}

static void put_record(struct why_finding *found, const struct why_case *c, const char *tag,
		       const char *ca)
{
	g_autofree char *value = g_strdup_printf("0 %s \"%s\"", tag, ca);

	why_record(found, c->facts->caa_at, "CAA", value);
}

static void judge_fit(struct why *page, const struct why_case *c, const char *tag, char **names)
{
	const struct dns_facts_caa *r = NULL;
	const char *at = c->facts->caa_at;
	struct why_finding *found;

	switch (best_fit(c, tag, names, &r)) {
	case FIT:
		why_add(page, WHY_FINE, "caa", c->name, "the CAA records of %s let %s issue", at,
			c->ca);
		return;
	case FIT_ACCOUNT_UNKNOWN:
		found = why_add(page, WHY_NOTE, "caa", c->name, "the CAA records of %s let %s issue for "
				"one account there alone", at, c->ca);
		why_way_out(found, "compare accounturi with the account that orders "
			    "(--account-uri does)");
		break;
	case FIT_ACCOUNT:
		found = why_add(page, WHY_WRONG, "caa", c->name, "the CAA records of %s let %s issue for "
				"another account than %s", at, c->ca, c->account_uri);
		why_way_out(found, "put the account's own accounturi there");
		break;
	case FIT_METHOD:
		found = why_add(page, WHY_WRONG, "caa", c->name, "the CAA records of %s let %s issue by "
				"other methods than %s alone", at, c->ca, method_label(c->method));
		why_way_out(found, "add %s to validationmethods", method_label(c->method));
		break;
	default:
		found = why_add(page, WHY_WRONG, "caa", c->name, "the CAA records of %s do not let %s "
				"issue%s", at, c->ca, c->is_wildcard ? " for a wildcard" : "");
		why_way_out(found, "add a record that names it");
		put_record(found, c, tag, names[0]);
	}
	show_records(found, c->facts);
}

static bool find_failing(struct why *page, const struct why_case *c)
{
	const struct dns_facts_zone *z = c->facts->zones->len ? c->facts->zones->pdata[0] : NULL;
	struct why_finding *found = NULL;

	for (guint i = 0; z && i < z->servers->len; i++) {
		const struct dns_facts_server *s = z->servers->pdata[i];

		if (s->serves != DNS_SAME || s->caa == DNS_SAME)
			continue;
		found = why_add(page, WHY_WRONG, "caa", c->name, "%s %s when it is asked for CAA: a CA that "
				"comes to it must not issue", s->name, s->caa == DNS_SILENT ?
				"does not answer" : "answers with an error");
		why_evidence(found, "%s (%s) has %s, and answers other questions", s->name, s->address,
			     z->zone);
		why_way_out(found, "see to that server: an empty answer is as good as a record, an "
			    "error is not");
	}
	if (!found && *c->facts->caa_fails && !c->facts->caa->len) {
		found = why_add(page, WHY_DOUBT, "caa", c->name, "nobody could say which CAA records %s has",
				c->facts->caa_fails);
		why_evidence(found, "asked of the resolver %s", c->facts->resolver);
	}
	return found != NULL;
}

void why_caa(struct why *page, const struct why_case *c)
{
	const char *tag = tag_for(c);
	g_auto(GStrv) names = names_of(c->ca);
	struct why_finding *found;

	if (find_failing(page, c) || find_critical(page, c))
		return;
	if (!c->facts->caa->len) {
		why_add(page, WHY_FINE, "caa", c->name, "no CAA record limits who may issue for %s",
			c->facts->domain);
	} else if (!has_tag(c->facts, tag)) {
		why_add(page, WHY_FINE, "caa", c->name, "the CAA records of %s do not limit who may issue",
			c->facts->caa_at);
	} else if (!allows_somebody(c->facts, tag)) {
		found = why_add(page, WHY_WRONG, "caa", c->name, "the CAA records of %s forbid every CA to "
				"issue%s", c->facts->caa_at, c->is_wildcard ? " for a wildcard" : "");
		show_records(found, c->facts);
		why_way_out(found, "name the CA there");
		put_record(found, c, tag, *c->ca ? names[0] : "CA");
	} else if (*c->ca) {
		judge_fit(page, c, tag, names);
	} else {
		found = why_add(page, WHY_NOTE, "caa", c->name, "the CAA records of %s limit who may issue",
				c->facts->caa_at);
		show_records(found, c->facts);
		why_way_out(found, "--ca says whether one of them is meant");
	}
}
