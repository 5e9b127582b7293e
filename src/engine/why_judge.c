/*
 * why_judge: from facts to findings, check by check.
 *
 * The order of the table is the order in which things have to be right: of several that are equally
 * wrong the first is the culprit, since the others may well come of it.
 */
#include "why_own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/rule.h>
#include <certty/provider/op.h>

/* ---- deadline and method ---- */

static void check_deadline(struct why *page, const struct why_case *c)
{
	g_autoptr(GString) when = g_string_new(NULL);
	struct why_finding *f;

	if (!c->due)
		return;
	clock_say_utc(when, c->due);
	if (c->due > c->now) {
		why_add(page, WHY_FINE, "deadline", c->name, "there is time until %s", when->str);
		return;
	}
	f = why_add(page, WHY_WRONG, "deadline", c->name, "the deadline has passed: it was %s", when->str);
	why_way_out(f, "order again: nobody looks at this one any more");
}

/* Methods that end, in words; when is in model/rule.c. */
static const struct {
	const char *method, *said;
} endings[] = {
	{ "email", "validation by e-mail" },
	{ "phone", "validation by phone" },
};

static void check_method(struct why *page, const struct why_case *c)
{
	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
		const struct rule *end = rule_method_end(endings[i].method);
		g_autoptr(GString) when = g_string_new(NULL);
		struct why_finding *f;

		if (strcmp(endings[i].method, c->method) != 0)
			continue;
		clock_say_date(when, end->since);
		if (c->now >= end->since)
			f = why_add(page, WHY_WRONG, "method", c->name, "%s ended on %s: no public CA may "
				    "go by it any more", endings[i].said, when->str);
		else
			f = why_add(page, WHY_NOTE, "method", c->name, "%s ends on %s", endings[i].said,
				    when->str);
		why_way_out(f, "order with validation by DNS");
	}
}

/* ---- could it be looked at ---- */

static void check_facts(struct why *page, const struct why_case *c)
{
	bool is_nowhere;
	struct why_finding *f;

	if (c->facts || !c->error)
		return;
	is_nowhere = g_error_matches(c->error, ERR, ERR_NOT_FOUND);
	f = why_add(page, is_nowhere ? WHY_WRONG : WHY_UNKNOWN, is_nowhere ? "zone" : "resolver", c->name,
		    "%s", c->error->message);
	if (is_nowhere)
		why_way_out(f, "check the spelling of the name, and that its domain is registered");
	else
		why_way_out(f, "see to the resolver, or name another one (dns.servers)");
}

/* ---- zones and who names whom ---- */

static const struct dns_facts_zone *zone_at(const struct why_case *c, guint i)
{
	return c->facts->zones->pdata[i];
}

static const struct dns_facts_zone *last_zone(const struct why_case *c)
{
	return zone_at(c, c->facts->zones->len - 1);
}

static const struct dns_facts_server *server_at(const struct dns_facts_zone *z, guint i)
{
	return z->servers->pdata[i];
}

static char *join(const GPtrArray *names)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < names->len; i++)
		g_string_append_printf(s, "%s%s", i ? ", " : "", (char *)names->pdata[i]);
	return g_string_free(s, FALSE);
}

static bool has_name(const GPtrArray *names, const char *name)
{
	for (guint i = 0; i < names->len; i++)
		if (!g_ascii_strcasecmp(names->pdata[i], name))
			return true;
	return false;
}

static bool have_common(const GPtrArray *a, const GPtrArray *b)
{
	for (guint i = 0; i < a->len; i++)
		if (has_name(b, a->pdata[i]))
			return true;
	return false;
}

/* The name right below the zone that an address is in: what somebody would have registered. */
static const char *below(const char *name, const char *zone)
{
	const char *found = name;
	size_t len = strlen(zone);

	for (const char *dot = strchr(name, '.'); dot; dot = strchr(dot + 1, '.')) {
		if (strlen(dot + 1) == len && !g_ascii_strcasecmp(dot + 1, zone))
			return found;
		found = dot + 1;
	}
	return name;
}

/* Nobody but a registry has a name of one label. */
static void check_registered(struct why *page, const struct why_case *c)
{
	for (guint i = 0; i < c->facts->zones->len; i++) {
		const struct dns_facts_zone *z = zone_at(c, i);
		const char *domain = below(i ? z->name : c->facts->domain, z->zone);
		struct why_finding *f;

		if (strchr(z->zone, '.') != NULL && *z->zone != '.')
			continue;
		if (!strchr(domain, '.'))
			continue;
		f = why_add(page, WHY_WRONG, "zone", c->name, "%s is not delegated: the servers of %s do not "
			    "know it", domain, z->zone);
		why_evidence(f, "the nearest zone above %s is %s", i ? z->name : c->facts->domain, z->zone);
		why_way_out(f, "register the domain, or renew it, and have the registrar name its "
			    "servers");
	}
}

static void check_delegation(struct why *page, const struct why_case *c)
{
	for (guint i = 0; i < c->facts->zones->len; i++) {
		const struct dns_facts_zone *z = zone_at(c, i);
		g_autofree char *theirs = join(z->resolvers), *parents = join(z->parents);
		struct why_finding *f;

		if (!*z->parent)
			continue;
		if (!z->is_asked_above) {
			f = why_add(page, WHY_NOTE, "delegation", c->name, "no server of %s could be asked "
				    "whom it names for %s", z->parent, z->zone);
		} else if (!z->is_delegated) {
			f = why_add(page, WHY_WRONG, "delegation", c->name, "the servers of %s do not "
				    "delegate %s", z->parent, z->zone);
			if (*theirs)
				why_evidence(f, "only the resolver %s knows it, with the servers %s",
					     c->facts->resolver, theirs);
			why_way_out(f, "have the zone's servers named in %s; the rest of the world asks "
				    "there", z->parent);
		} else if (z->is_same_above) {
			why_add(page, WHY_FINE, "delegation", c->name, "%s has its zone at the servers of "
				"%s", z->zone, z->parent);
		} else {
			why_add(page, WHY_FINE, "delegation", c->name, "%s names the servers of %s: %s",
				z->parent, z->zone, parents);
		}
	}
}

static void check_names(struct why *page, const struct why_case *c)
{
	for (guint i = 0; i < c->facts->zones->len; i++) {
		const struct dns_facts_zone *z = zone_at(c, i);
		g_autofree char *parents = join(z->parents), *own = join(z->own);
		struct why_finding *f;
		bool differs = false;

		if (!z->parents->len || !z->own->len)
			continue;
		for (guint k = 0; k < z->parents->len; k++)
			differs |= !has_name(z->own, z->parents->pdata[k]);
		for (guint k = 0; k < z->own->len; k++)
			differs |= !has_name(z->parents, z->own->pdata[k]);
		if (!differs)
			continue;
		f = why_add(page, WHY_DOUBT, "names", c->name, "%s names other servers for %s than the zone "
			    "itself does", z->parent, z->zone);
		why_evidence(f, "%s names %s", z->parent, parents);
		why_evidence(f, "%s names %s", z->zone, own);
		why_way_out(f, "make both lists the same, by the registrar or in the zone");
	}
}

/* ---- the servers ---- */

static guint count(const struct dns_facts_zone *z, enum dns_has serves)
{
	guint n = 0;

	for (guint i = 0; i < z->servers->len; i++)
		n += server_at(z, i)->serves == serves;
	return n;
}

static const char *named_by(const struct dns_facts_zone *z, const struct dns_facts_server *s)
{
	if (s->is_parents && !s->is_zones && z->own->len)
		return z->parent;
	return z->zone;
}

static void show_answers(struct why_finding *f, const struct dns_facts_zone *z)
{
	for (guint i = 0; i < z->servers->len; i++) {
		const struct dns_facts_server *s = server_at(z, i);

		why_evidence(f, "%s%s%s%s %s", s->name, *s->address ? " (" : "", s->address,
			     *s->address ? ")" : "", !*s->address ? "has no address" :
			     s->serves == DNS_SAME ? "serves the zone" : dns_has_words(s->serves));
	}
}

/* One server of several: others answer in its place, as far as they do. */
static void judge_server(struct why *page, const struct why_case *c, const struct dns_facts_zone *z,
			 const struct dns_facts_server *s)
{
	struct why_finding *f;

	if (!*s->address) {
		f = why_add(page, WHY_DOUBT, "servers", c->name, "%s, which %s names as a server of %s, has no "
			    "address", s->name, named_by(z, s), z->zone);
		why_way_out(f, "give it an address, or take it out of the list");
	} else if (s->serves == DNS_BARRED || s->serves == DNS_NO_WAY) {
		f = why_add(page, WHY_NOTE, "servers", c->name, "%s (%s) %s", s->name, s->address,
			    dns_has_words(s->serves));
	} else if (s->serves != DNS_SAME) {
		f = why_add(page, WHY_DOUBT, "servers", c->name, "%s (%s), which %s names as a server of %s, "
			    "%s", s->name, s->address, named_by(z, s), z->zone, dns_has_words(s->serves));
		why_way_out(f, "see to that server, or take it out of the list");
	} else if (s->is_glue_only) {
		f = why_add(page, WHY_DOUBT, "glue", c->name, "%s has an old address for %s: %s", z->parent,
			    s->name, s->address);
		why_way_out(f, "correct the glue record by the registrar");
	} else {
		return;
	}
	show_answers(f, z);
}

/* Whether no server answers for it. */
static bool is_dumb(const struct dns_facts_zone *z)
{
	return count(z, DNS_SAME) == 0;
}

/* None of them answers, or none of them could be asked. */
static void judge_dumb(struct why *page, const struct why_case *c, const struct dns_facts_zone *z)
{
	guint n = z->servers->len, unasked = count(z, DNS_BARRED) + count(z, DNS_NO_WAY);
	const struct dns_facts_server *first = n ? server_at(z, 0) : NULL;
	struct why_finding *f;

	if (!n)
		f = why_add(page, WHY_WRONG, "servers", c->name, "%s has no server at all", z->zone);
	else
		f = why_add(page, unasked == n ? WHY_UNKNOWN : WHY_WRONG, "servers", c->name, "no server of %s "
			    "answers for it: %s %s", z->zone, first->name, *first->address ?
			    dns_has_words(first->serves) : "has no address");
	show_answers(f, z);
	why_way_out(f, unasked && unasked == n ? "let certty ask them, or ask from elsewhere" :
		    "see to the servers, or have the registrar name others");
}

static void check_servers(struct why *page, const struct why_case *c)
{
	for (guint i = 0; i < c->facts->zones->len; i++) {
		const struct dns_facts_zone *z = zone_at(c, i);

		if (is_dumb(z)) {
			judge_dumb(page, c, z);
			continue;
		}
		for (guint k = 0; k < z->servers->len; k++)
			judge_server(page, c, z, server_at(z, k));
		if (count(z, DNS_SAME) == z->servers->len)
			why_add(page, WHY_FINE, "servers", c->name, "all servers of %s answer for it",
				z->zone);
	}
}

/* ---- DNSSEC ---- */

/* clang-format off */
static const struct {
	enum why_state state;
	const char *said;	/* of a zone, and of what is not trusted */
	const char *way_out;
} trusts[DNS_TRUST_COUNT] = {
	[DNS_TRUST_UNKNOWN]  = { WHY_NOTE, "whether the signatures of %s hold could not be looked at (%s)",
				 "name a trust anchor (dns.anchor), and a resolver that passes signatures on" },
	[DNS_TRUST_SECURE]   = { WHY_FINE, "the signatures of %s hold", "" },
	[DNS_TRUST_NONE]     = { WHY_FINE, "%s is not signed, and need not be", "" },
	[DNS_TRUST_ISLAND]   = { WHY_DOUBT, "%s is signed, but its parent has no DS for it, so nobody "
				 "can verify it", "put the DS into the parent by the registrar" },
	[DNS_TRUST_UNSIGNED] = { WHY_WRONG, "the parent of %s has a DS, but there is no signature: %s",
				 "sign the zone again, or take the DS out of the parent" },
	[DNS_TRUST_NO_KEY]   = { WHY_WRONG, "the DS in the parent fits no key of %s: the chain is broken",
				 "put the DS of the present key into the parent" },
	[DNS_TRUST_EXPIRED]  = { WHY_WRONG, "a signature of %s has ended: %s",
				 "have the zone signed again, and see why it was not" },
	[DNS_TRUST_EARLY]    = { WHY_WRONG, "a signature of %s does not hold yet: %s",
				 "set the clock where the zone is signed, and sign it again" },
	[DNS_TRUST_BOGUS]    = { WHY_WRONG, "a signature of %s does not fit what it signs: %s",
				 "have the zone signed again" },
};
/* clang-format on */

static enum dns_trust worst_trust(const struct dns_facts_zone *z, const struct dns_facts_server **ret)
{
	enum dns_trust worst = DNS_TRUST_UNKNOWN;

	*ret = NULL;
	for (guint i = 0; i < z->servers->len; i++) {
		const struct dns_facts_server *s = server_at(z, i);

		if (s->serves != DNS_SAME || (*ret && trusts[s->trust].state <= trusts[worst].state))
			continue;
		worst = s->trust;
		*ret = s;
	}
	return worst;
}

static void show_trust(struct why_finding *f, const struct dns_facts_zone *z, enum dns_trust t)
{
	for (guint i = 0; i < z->servers->len; i++) {
		const struct dns_facts_server *s = server_at(z, i);

		if (s->serves == DNS_SAME && s->trust == t)
			why_evidence(f, "%s (%s): %s", s->name, s->address, s->trust_at);
	}
}

static void check_trust(struct why *page, const struct why_case *c)
{
	for (guint i = 0; i < c->facts->zones->len; i++) {
		const struct dns_facts_zone *z = zone_at(c, i);
		const struct dns_facts_server *s;
		enum dns_trust t = worst_trust(z, &s);
		g_auto(GStrv) parts = g_strsplit(trusts[t].said, "%s", -1);
		g_autoptr(GString) said = g_string_new(parts[0]);
		struct why_finding *f;

		if (!s)
			continue;
		g_string_append_printf(said, "%s%s", z->zone, parts[1]);
		if (parts[2])
			g_string_append_printf(said, "%s%s", s->trust_at, parts[2]);
		f = why_add(page, trusts[t].state, "dnssec", c->name, "%s", said->str);
		if (trusts[t].state > WHY_NOTE)
			show_trust(f, z, t);
		why_way_out(f, "%s", trusts[t].way_out);
	}
}

/* ---- the record ---- */

/* What cannot be put into a zone from here is compared as it stands there. */
static char *plain_text(const char *text)
{
	char *plain = dns_record_plain("TXT", text, NULL);

	return plain ? plain : g_strdup(text);
}

static bool is_in_quotes(const char *got, const char *wanted)
{
	g_autofree char *quoted = g_strdup_printf("\"%s\"", wanted);

	return !strcmp(got, quoted);
}

/* How a wrong value came to be, where one can see that. */
static const char *mistake_of_text(const char *got, const char *wanted)
{
	g_autofree char *a = plain_text(got), *b = plain_text(wanted), *stripped = NULL;

	if (is_in_quotes(a, b))
		return "its quotes have become part of it";
	stripped = g_strstrip(g_strdup(a));
	if (!strcmp(stripped, b))
		return "it begins or ends with blanks";
	if (!g_ascii_strcasecmp(a, b))
		return "its letters differ in case";
	if (*a && g_str_has_prefix(b, a))
		return "its end is missing";
	if (g_str_has_prefix(a, b))
		return "something follows it";
	return NULL;
}

static const char *mistake_of_name(const char *got, const char *wanted, const char *zone)
{
	g_autofree char *a = dns_record_plain("CNAME", got, NULL);
	g_autofree char *b = dns_record_plain("CNAME", wanted, NULL);
	g_autofree char *appended = g_strdup_printf("%s.%s", b, zone);
	g_autofree char *part = g_strdup_printf("%s.", a);
	size_t len = strlen(zone);

	if (!strcmp(a, appended))
		return "the zone's name stands behind it: the dot at its end is missing";
	if (g_str_has_prefix(b, part))
		return "its last parts are missing";
	if (strlen(a) > len + 1 && g_str_has_suffix(a, zone)) {
		a[strlen(a) - len] = '\0';	/* ends with its dot now */
		if (g_str_has_prefix(b, a))
			return "its last parts are missing, and the zone's name stands there instead";
	}
	return NULL;
}

static const char *mistake(const struct why_case *c, const char *got)
{
	return !strcmp(c->facts->type, "CNAME") ?
		mistake_of_name(got, c->facts->value, last_zone(c)->zone) :
		mistake_of_text(got, c->facts->value);
}

static void show_servers(struct why_finding *f, const struct dns_facts_zone *z)
{
	for (guint i = 0; i < z->servers->len; i++) {
		const struct dns_facts_server *s = server_at(z, i);
		g_autofree char *values = join(s->values);
		g_autofree char *serial = s->serial < 0 ? g_strdup("") :
			g_strdup_printf(", serial %" G_GINT64_FORMAT, (gint64)s->serial);

		why_evidence(f, "%s%s%s%s %s%s%s%s", s->name, *s->address ? " (" : "", s->address,
			     *s->address ? ")" : "", dns_has_words(s->has),
			     s->has == DNS_OTHER ? ": " : "", s->has == DNS_OTHER ? values : "", serial);
	}
}

static void put_it(struct why_finding *f, const struct why_case *c)
{
	const struct dns_facts_zone *z = last_zone(c);

	for (guint i = 0; i + 1 < c->facts->zones->len; i++) {
		const struct dns_facts_zone *from = zone_at(c, i);

		if (strcmp(from->name, zone_at(c, i + 1)->name) != 0)
			why_evidence(f, "%s is a CNAME to %s", from->name, zone_at(c, i + 1)->name);
	}
	show_servers(f, z);
	why_record(f, z->name, c->facts->type, c->facts->value);
}

/* Where the first server that has none has something like it instead. */
static bool find_astray(struct why *page, const struct why_case *c)
{
	const struct dns_facts_zone *z = last_zone(c);

	for (guint i = 0; i < z->servers->len; i++) {
		const struct dns_facts_server *s = server_at(z, i);
		struct why_finding *f;
		bool is_doubled;

		if (s->has != DNS_NONE || (!*s->astray && !s->others->len))
			continue;
		is_doubled = strlen(s->astray) > strlen(z->name);
		if (*s->astray && is_doubled)
			f = why_add(page, WHY_WRONG, "record", c->name, "the record stands at %s: the zone's "
				    "name stands there twice", s->astray);
		else if (*s->astray)
			f = why_add(page, WHY_WRONG, "record", c->name, "the record stands at %s, and not "
				    "at %s: parts of the name are missing", s->astray, z->name);
		else
			f = why_add(page, WHY_WRONG, "record", c->name, "%s has a record of another type: %s",
				    z->name, (char *)s->others->pdata[0]);
		why_way_out(f, *s->astray ? "put it at the right name; many forms for zones append the "
			    "zone's name by themselves" : "put this one there; a CNAME cannot stand "
			    "beside anything else");
		put_it(f, c);
		return true;
	}
	return false;
}

static bool find_wrong_value(struct why *page, const struct why_case *c)
{
	const struct dns_facts_zone *z = last_zone(c);

	for (guint i = 0; i < z->servers->len; i++) {
		const struct dns_facts_server *s = server_at(z, i);

		if (s->has != DNS_OTHER)
			continue;
		for (guint k = 0; k < s->values->len; k++) {
			const char *how = mistake(c, s->values->pdata[k]);
			struct why_finding *f;

			if (!how)
				continue;
			f = why_add(page, WHY_WRONG, "record", c->name, "%s has the value with a mistake in "
				    "it: %s", z->name, how);
			why_evidence(f, "it is   %s", (char *)s->values->pdata[k]);
			why_evidence(f, "instead of %s", c->facts->value);
			why_way_out(f, "correct the value");
			put_it(f, c);
			return true;
		}
	}
	return false;
}

struct tally {
	guint same, lacking;	/* of those that serve the zone */
	const struct dns_facts_server *first;	/* that lacks it */
	bool is_named_above_only;	/* all that lack it are named by the parent alone */
	bool is_other;		/* it has another value */
};

static struct tally tally(const struct dns_facts_zone *z)
{
	struct tally t = { .is_named_above_only = true };

	for (guint i = 0; i < z->servers->len; i++) {
		const struct dns_facts_server *s = server_at(z, i);

		if (s->serves != DNS_SAME)
			continue;
		if (s->has == DNS_SAME) {
			t.same++;
			continue;
		}
		t.lacking++;
		t.is_named_above_only &= s->is_parents && !s->is_zones && z->own->len;
		t.is_other |= s->has == DNS_OTHER;
		if (!t.first)
			t.first = s;
	}
	return t;
}

static void judge_some(struct why *page, const struct why_case *c, const struct tally *t)
{
	const struct dns_facts_zone *z = last_zone(c);
	struct why_finding *f;

	if (t->is_named_above_only) {
		f = why_add(page, WHY_WRONG, "delegation", c->name, "%s still names %s for %s, which the zone "
			    "does not, and that server %s", z->parent, t->first->name, z->zone,
			    dns_has_words(t->first->has));
		why_way_out(f, "have the registrar name the servers that the zone names");
	} else {
		f = why_add(page, WHY_WRONG, "record", c->name, "%u of %u servers of %s have the record: %s "
			    "(%s) %s", t->same, t->same + t->lacking, z->zone, t->first->name,
			    t->first->address, dns_has_words(t->first->has));
		why_way_out(f, "wait until that server has the zone's newest state, or see why it does not "
			    "get it");
	}
	put_it(f, c);
}

static void judge_none(struct why *page, const struct why_case *c, const struct tally *t)
{
	const struct dns_facts_zone *z = last_zone(c);
	bool is_elsewhere = strcmp(z->name, c->facts->name) != 0;
	struct why_finding *f;

	if (t->is_other)
		f = why_add(page, WHY_WRONG, "record", c->name, "%s has another value than it should", z->name);
	else if (is_elsewhere)
		f = why_add(page, WHY_WRONG, "record", c->name, "%s is a CNAME to %s, and the record is not "
			    "there", c->facts->name, z->name);
	else
		f = why_add(page, WHY_WRONG, "record", c->name, "no server of %s has the record %s", z->zone,
			    z->name);
	why_way_out(f, t->is_other ? "replace the value" : "put it into the zone %s at these servers; one of "
		    "that name elsewhere does not count", z->zone);
	put_it(f, c);
}

static void note_extra(struct why *page, const struct why_case *c)
{
	const struct dns_facts_zone *z = last_zone(c);

	for (guint i = 0; i < z->servers->len; i++) {
		const struct dns_facts_server *s = server_at(z, i);
		g_autofree char *values = join(s->values);
		struct why_finding *f;

		if (s->has != DNS_SAME || s->values->len < 2)
			continue;
		f = why_add(page, WHY_NOTE, "record", c->name, "%s has other values beside the right one",
			    z->name);
		why_evidence(f, "%s", values);
		why_way_out(f, "they do no harm, unless they are of an older order");
		return;
	}
}

static void check_record(struct why *page, const struct why_case *c)
{
	struct tally t;

	if (!*c->facts->type || c->facts->is_circle || is_dumb(last_zone(c)))
		return;
	t = tally(last_zone(c));
	if (!t.lacking) {
		why_add(page, WHY_FINE, "record", c->name, "all servers have the record %s", c->facts->name);
		note_extra(page, c);
	} else if (!find_wrong_value(page, c) && !find_astray(page, c)) {
		if (t.same)
			judge_some(page, c, &t);
		else
			judge_none(page, c, &t);
	}
}

static void check_circle(struct why *page, const struct why_case *c)
{
	struct why_finding *f;

	if (!c->facts->is_circle)
		return;
	f = why_add(page, WHY_WRONG, "alias", c->name, "CNAMEs lead on from %s through too many names, or in a "
		    "circle", c->facts->name);
	for (guint i = 0; i < c->facts->zones->len; i++)
		why_evidence(f, "%s is a CNAME", zone_at(c, i)->name);
	why_way_out(f, "put the record at the name itself, or at the end of one CNAME");
	why_record(f, c->facts->name, c->facts->type, c->facts->value);
}

/* ---- the resolver's view ---- */

/* Whether the resolver asked here has a zone of its own under that name. */
static bool is_split(const struct dns_facts_zone *z)
{
	if (!z->resolvers->len || (!z->parents->len && !z->own->len))
		return false;
	return !have_common(z->resolvers, z->parents) && !have_common(z->resolvers, z->own);
}

static void check_split(struct why *page, const struct why_case *c)
{
	for (guint i = 0; i < c->facts->zones->len; i++) {
		const struct dns_facts_zone *z = zone_at(c, i);
		g_autofree char *inner = join(z->resolvers), *outer = join(z->parents->len ? z->parents :
									   z->own);
		struct tally t = tally(z);
		struct why_finding *f;

		if (!is_split(z))
			continue;
		f = why_add(page, t.lacking && *c->facts->type ? WHY_WRONG : WHY_DOUBT, "split-horizon",
			    c->name, "the resolver %s has another zone %s than the rest of the world: what "
			    "is put into that one no CA sees", c->facts->resolver, z->zone);
		why_evidence(f, "the resolver names the servers %s", inner);
		why_evidence(f, "the rest of the world asks %s", outer);
		why_way_out(f, "put the record into the outer zone, or name a resolver that sees it "
			    "(dns.servers)");
		if (*c->facts->type)
			put_it(f, c);
	}
}

static void check_cache(struct why *page, const struct why_case *c)
{
	const struct dns_facts *facts = c->facts;
	struct why_finding *f;

	if (facts->cached == DNS_BARRED || is_split(last_zone(c)))
		return;
	if (facts->cached == DNS_SAME) {
		why_add(page, WHY_FINE, "cache", c->name, "the resolver %s has it as well", facts->resolver);
	} else if (facts->cached == DNS_NONE || facts->cached == DNS_OTHER) {
		f = why_add(page, WHY_DOUBT, "cache", c->name, "all servers have the record, but the resolver "
			    "%s still %s, for %" G_GINT64_FORMAT " s more", facts->resolver,
			    facts->cached == DNS_NONE ? "remembers that there is none" :
							"remembers another value",
			    (gint64)facts->cached_left);
		if (*facts->cached_value)
			why_evidence(f, "it remembers %s", facts->cached_value);
		why_way_out(f, "wait: whoever asked as early, a CA too, remembers it as long");
	} else {
		f = why_add(page, WHY_DOUBT, "cache", c->name, "all servers have the record, but the resolver "
			    "%s %s", facts->resolver, dns_has_words(facts->cached));
		why_way_out(f, "it may not believe the zone's signatures, or not reach its servers");
	}
}

/* ---- HTTP ---- */

static enum why_state state_of_token(const struct token_says *s)
{
	static const enum why_state states[] = {
		[TOKEN_SAME] = WHY_FINE, [TOKEN_OTHER] = WHY_WRONG, [TOKEN_STATUS] = WHY_WRONG,
		[TOKEN_MOVED] = WHY_DOUBT, [TOKEN_BROKEN] = WHY_WRONG, [TOKEN_REFUSED] = WHY_WRONG,
		[TOKEN_SILENT] = WHY_WRONG, [TOKEN_BARRED] = WHY_UNKNOWN,
	};

	return states[s->has];
}

static char *words_of_token(const struct token_says *s)
{
	switch (s->has) {
	case TOKEN_SAME:
		return g_strdup("has the token");
	case TOKEN_OTHER:
		return g_strdup_printf("has something else there: %s", s->said);
	case TOKEN_STATUS:
		return g_strdup_printf("answers with status %d", s->status);
	case TOKEN_MOVED:
		return g_strdup_printf("sends one on to %s, which was not followed", s->said);
	case TOKEN_BROKEN:
		return g_strdup("does not speak HTTP on port 80");
	case TOKEN_REFUSED:
		return g_strdup("lets nobody in on port 80");
	case TOKEN_SILENT:
		return g_strdup("does not answer on port 80");
	default:
		return g_strdup("was not asked: safety.hosts does not name it");
	}
}

static void check_token(struct why *page, const struct why_case *c)
{
	const struct token_look *t = c->token;
	struct why_finding *f;

	if (!t)
		return;
	if (!t->says->len) {
		f = why_add(page, WHY_WRONG, "http", c->name, "%s has no address, so nobody can fetch a token "
			    "there", t->host);
		why_way_out(f, "give the host an address");
	}
	for (guint i = 0; i < t->says->len; i++) {
		const struct token_says *s = t->says->pdata[i];
		g_autofree char *words = words_of_token(s);

		f = why_add(page, state_of_token(s), "http", c->name, "%s at %s %s", t->host, s->address,
			    words);
		if (s->has == TOKEN_SAME)
			continue;
		why_evidence(f, "asked for http://%s%s at %s", t->host, t->path, s->address);
		if (*t->value)
			why_evidence(f, "wanted %s", t->value);
		why_way_out(f, "every address of the host must have the token, on port 80");
	}
}

/* ---- all ---- */

typedef void check_fn(struct why *page, const struct why_case *c);

static const struct {
	check_fn *run;
	bool needs_facts;
} checks[] = {
	{ check_deadline, false }, { check_method, false }, { check_facts, false },
	{ check_registered, true }, { check_delegation, true }, { check_split, true },
	{ check_servers, true }, { check_trust, true }, { check_circle, true },
	{ check_record, true }, { check_token, true }, { why_caa, true },
	{ check_names, true }, { check_cache, true },
};

void why_judge(struct why *page, const struct why_case *c)
{
	for (size_t i = 0; i < G_N_ELEMENTS(checks); i++)
		if (c->facts || !checks[i].needs_facts)
			checks[i].run(page, c);
}
