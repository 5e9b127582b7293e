/*
 * What facts about DNS mean: each row changes something about a name that is all right, and says what
 * must be found, and how bad it is.
 */
#include <string.h>

#include "engine/why_own.h"

#define NOW  1800000000	/* 2027-01-15 */
#define NAME "_a1.www.example.org"
#define AWS  "_b2.acm-validations.aws."

struct scene {
	struct dns_facts *facts;
	struct dns_facts_zone *zone;
	struct dns_facts_server *one, *two;
	struct token_look *token;
	struct why_case c;
};

static void free_scene(struct scene *s)
{
	dns_facts_free(s->facts);
	token_look_free(s->token);
}

static struct dns_facts_server *add_server(struct dns_facts_zone *z, const char *name,
					   const char *address)
{
	struct dns_facts_server *s = dns_facts_add_server(z, name, address);

	s->is_parents = s->is_zones = true;
	s->serves = s->has = s->caa = DNS_SAME;
	s->serial = 7;
	s->trust = DNS_TRUST_SECURE;
	return s;
}

static void add(GPtrArray *to, const char *text)
{
	g_ptr_array_add(to, g_strdup(text));
}

static struct dns_facts_zone *add_zone(struct dns_facts *f, const char *name, const char *zone)
{
	struct dns_facts_zone *z = dns_facts_add_zone(f, name, zone, "org");

	z->is_asked_above = z->is_delegated = true;
	for (int i = 1; i < 3; i++) {
		g_autofree char *server = g_strdup_printf("ns%d.%s", i, zone);

		add(z->parents, server);
		add(z->own, server);
		add(z->resolvers, server);
	}
	return z;
}

static void set_up(struct scene *s, const char *type, const char *value)
{
	memset(s, 0, sizeof(*s));
	s->facts = dns_facts_new(NAME, type, value);
	s->zone = add_zone(s->facts, NAME, "example.org");
	s->one = add_server(s->zone, "ns1.example.org", "192.0.2.1");
	s->two = add_server(s->zone, "ns2.example.org", "192.0.2.2");
	s->facts->cached = DNS_SAME;
	s->c = (struct why_case){ .facts = s->facts, .name = NAME, .ca = "", .account_uri = "",
				  .method = "dns", .now = NOW };
}

static void lacks(struct dns_facts_server *s, const char *value)
{
	s->has = value ? DNS_OTHER : DNS_NONE;
	if (value)
		add(s->values, value);
}

/* ---- what is changed ---- */

typedef void change_fn(struct scene *s);

static void nothing(struct scene *s) { s->c.due = NOW + 1; }
static void too_late(struct scene *s) { s->c.due = NOW; }
static void by_mail(struct scene *s) { s->c.method = "email"; }
static void by_mail_late(struct scene *s) { s->c.method = "email"; s->c.now = 1836691200; }
static void by_phone_late(struct scene *s) { s->c.method = "phone"; s->c.now = 1805068800; }
static void absent(struct scene *s) { lacks(s->one, NULL); lacks(s->two, NULL); }
static void one_lacks(struct scene *s) { lacks(s->two, NULL); }
static void one_is_older(struct scene *s) { lacks(s->two, "_old.acm-validations.aws."); }
static void no_dot(struct scene *s) { lacks(s->one, "_b2.acm-validations.aws.example.org."); }
static void cut(struct scene *s) { lacks(s->one, "_b2.acm-validations."); }
static void cut_in_zone(struct scene *s) { lacks(s->one, "_B2.example.org."); }
static void undelegated(struct scene *s) { s->zone->is_delegated = false; }
static void not_asked_above(struct scene *s) { s->zone->is_asked_above = false; }
static void no_critical(struct scene *s) { dns_facts_add_caa(s->facts, 128, "ISSUE", "amazon.com"); }
static void one_is_silent(struct scene *s) { s->two->serves = s->two->has = DNS_SILENT; }
static void one_is_barred(struct scene *s) { s->two->serves = s->two->has = DNS_BARRED; }
static void circle(struct scene *s) { s->facts->is_circle = true; }
static void old_glue(struct scene *s) { s->two->is_glue_only = true; }
static void deaf_to_caa(struct scene *s) { s->two->caa = DNS_FAILS; }

static void all_are_barred(struct scene *s)
{
	s->one->serves = s->one->has = s->two->serves = s->two->has = DNS_BARRED;
}

static void all_are_silent(struct scene *s)
{
	s->one->serves = s->one->has = s->two->serves = s->two->has = DNS_SILENT;
}

static void nobody(struct scene *s)
{
	g_ptr_array_set_size(s->zone->servers, 0);
}

static void astray(struct scene *s)
{
	absent(s);
	g_free(s->one->astray);
	s->one->astray = g_strdup(NAME ".example.org");
}

static void too_short(struct scene *s)
{
	absent(s);
	g_free(s->two->astray);
	s->two->astray = g_strdup("_a1.example.org");
}

static void other_type(struct scene *s)
{
	absent(s);
	add(s->one->others, "TXT \"_b2.acm-validations.aws.\"");
}

static void named_above_only(struct scene *s)
{
	lacks(s->two, NULL);
	s->two->is_zones = false;
	g_ptr_array_remove_index(s->zone->own, 1);
}

static void names_differ(struct scene *s)
{
	add(s->zone->own, "ns3.example.org");
}

static void unregistered(struct scene *s)
{
	g_free(s->zone->zone);
	s->zone->zone = g_strdup("org");
	absent(s);
}

static void split(struct scene *s)
{
	g_ptr_array_set_size(s->zone->resolvers, 0);
	add(s->zone->resolvers, "inner.example.org");
}

static void split_absent(struct scene *s) { split(s); absent(s); }

static void elsewhere(struct scene *s)
{
	struct dns_facts_zone *z = add_zone(s->facts, "tok.example.net", "example.net");

	lacks(add_server(z, "ns1.example.net", "192.0.2.3"), NULL);
	lacks(s->one, NULL);
	lacks(s->two, NULL);
}

static void remembered(struct scene *s) { s->facts->cached = DNS_NONE; s->facts->cached_left = 250; }
static void remembered_other(struct scene *s) { s->facts->cached = DNS_OTHER; }
static void resolver_fails(struct scene *s) { s->facts->cached = DNS_FAILS; }

static void trust_both(struct scene *s, enum dns_trust t)
{
	s->one->trust = s->two->trust = t;
}

static void no_anchor(struct scene *s) { trust_both(s, DNS_TRUST_UNKNOWN); }
static void insecure(struct scene *s) { trust_both(s, DNS_TRUST_NONE); }
static void island(struct scene *s) { trust_both(s, DNS_TRUST_ISLAND); }
static void unsigned_zone(struct scene *s) { trust_both(s, DNS_TRUST_UNSIGNED); }
static void broken_chain(struct scene *s) { trust_both(s, DNS_TRUST_NO_KEY); }
static void expired_on_one(struct scene *s) { s->two->trust = DNS_TRUST_EXPIRED; }
static void early(struct scene *s) { s->one->trust = DNS_TRUST_EARLY; }
static void bogus(struct scene *s) { s->one->trust = DNS_TRUST_BOGUS; }

static void http(struct scene *s, enum token_has has, int status)
{
	s->token = token_look_new("www.example.org", "/a", "abc");
	token_look_add(s->token, "192.0.2.80", TOKEN_SAME, 200, "abc");
	token_look_add(s->token, "2001:db8::80", has, status, "xyz");
	s->c.token = s->token;
}

static void http_same(struct scene *s) { http(s, TOKEN_SAME, 200); }
static void http_other(struct scene *s) { http(s, TOKEN_OTHER, 200); }
static void http_status(struct scene *s) { http(s, TOKEN_STATUS, 503); }
static void http_moved(struct scene *s) { http(s, TOKEN_MOVED, 301); }
static void http_refused(struct scene *s) { http(s, TOKEN_REFUSED, 0); }
static void http_barred(struct scene *s) { http(s, TOKEN_BARRED, 0); }

static void http_nowhere(struct scene *s)
{
	s->token = token_look_new("www.example.org", "/a", "abc");
	s->c.token = s->token;
}

/* clang-format off */
static const struct {
	change_fn *change;
	const char *check;	/* the culprit, or "" */
	enum why_state worst;
	const char *words;	/* of what is said by that check */
} rows[] = {
	{ nothing,         "",              WHY_FINE,    NULL },
	{ too_late,        "deadline",      WHY_WRONG,   "deadline has passed" },
	{ by_mail,         "",              WHY_NOTE,    NULL },
	{ by_mail_late,    "method",        WHY_WRONG,   "e-mail ended on 2028-03-15" },
	{ by_phone_late,   "method",        WHY_WRONG,   "phone ended on 2027-03-15" },
	{ unregistered,    "zone",          WHY_WRONG,   "example.org is not delegated" },
	{ undelegated,     "delegation",    WHY_WRONG,   "the servers of org do not delegate example.org" },
	{ not_asked_above, "",              WHY_NOTE,    NULL },
	{ named_above_only, "delegation",   WHY_WRONG,   "org still names ns2.example.org" },
	{ names_differ,    "names",         WHY_DOUBT,   "names other servers" },
	{ split,           "split-horizon", WHY_DOUBT,   "another zone example.org" },
	{ split_absent,    "split-horizon", WHY_WRONG,   "another zone example.org" },
	{ one_is_silent,   "servers",       WHY_DOUBT,   "ns2.example.org (192.0.2.2)" },
	{ one_is_barred,   "",              WHY_NOTE,    NULL },
	{ all_are_barred,  "servers",       WHY_UNKNOWN, "safety.hosts" },
	{ all_are_silent,  "servers",       WHY_WRONG,   "no server of example.org answers" },
	{ nobody,          "servers",       WHY_WRONG,   "no server at all" },
	{ old_glue,        "glue",          WHY_DOUBT,   "old address for ns2.example.org" },
	{ no_anchor,       "",              WHY_NOTE,    NULL },
	{ insecure,        "",              WHY_FINE,    NULL },
	{ island,          "dnssec",        WHY_DOUBT,   "its parent has no DS" },
	{ unsigned_zone,   "dnssec",        WHY_WRONG,   "no signature" },
	{ broken_chain,    "dnssec",        WHY_WRONG,   "chain is broken" },
	{ expired_on_one,  "dnssec",        WHY_WRONG,   "has ended" },
	{ early,           "dnssec",        WHY_WRONG,   "does not hold yet" },
	{ bogus,           "dnssec",        WHY_WRONG,   "does not fit" },
	{ circle,          "alias",         WHY_WRONG,   "in a circle" },
	{ absent,          "record",        WHY_WRONG,   "no server of example.org has the record" },
	{ one_lacks,       "record",        WHY_WRONG,   "1 of 2 servers of example.org have the record: ns2" },
	{ one_is_older,    "record",        WHY_WRONG,   "has another value" },
	{ no_dot,          "record",        WHY_WRONG,   "the dot at its end is missing" },
	{ cut,             "record",        WHY_WRONG,   "last parts are missing" },
	{ cut_in_zone,     "record",        WHY_WRONG,   "the zone's name stands there instead" },
	{ astray,          "record",        WHY_WRONG,   "stands there twice" },
	{ too_short,       "record",        WHY_WRONG,   "parts of the name are missing" },
	{ other_type,      "record",        WHY_WRONG,   "another type: TXT" },
	{ elsewhere,       "record",        WHY_WRONG,   "is a CNAME to tok.example.net" },
	{ http_same,       "",              WHY_FINE,    NULL },
	{ http_other,      "http",          WHY_WRONG,   "at 2001:db8::80 has something else there: xyz" },
	{ http_status,     "http",          WHY_WRONG,   "status 503" },
	{ http_moved,      "http",          WHY_DOUBT,   "sends one on to xyz" },
	{ http_refused,    "http",          WHY_WRONG,   "lets nobody in" },
	{ http_barred,     "http",          WHY_UNKNOWN, "safety.hosts" },
	{ http_nowhere,    "http",          WHY_WRONG,   "has no address" },
	{ no_critical,     "",              WHY_NOTE,    NULL },
	{ deaf_to_caa,     "caa",           WHY_WRONG,   "answers with an error when it is asked for CAA" },
	{ remembered,      "cache",         WHY_DOUBT,   "remembers that there is none, for 250 s" },
	{ remembered_other, "cache",        WHY_DOUBT,   "remembers another value" },
	{ resolver_fails,  "cache",         WHY_DOUBT,   "something is wrong there" },
};
/* clang-format on */

static void check(const struct why *page, const char *name, enum why_state worst, const char *words)
{
	const struct why_finding *culprit = why_culprit(page);

	g_assert_cmpstr(culprit ? culprit->check : "", ==, name);
	g_assert_cmpint(why_worst(page), ==, worst);
	if (words && !strstr(culprit->said, words))
		g_error("'%s' does not say '%s'", culprit->said, words);
	g_assert_true(!culprit || *culprit->way_out);
	for (guint i = 0; i < why_count(page); i++)
		g_assert_null(strstr(why_at(page, i)->said, "%s"));
}

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(why) page = why_new("a", "a");
		struct scene s;

		g_test_message("row %zu", i);
		set_up(&s, "CNAME", AWS);
		rows[i].change(&s);
		why_judge(page, &s.c);
		check(page, rows[i].check, rows[i].worst, rows[i].words);
		if (!strcmp(rows[i].check, "record"))
			g_assert_nonnull(strstr(why_culprit(page)->record, "CNAME " AWS));
		free_scene(&s);
	}
}

/* ---- values of TXT ---- */

static void test_texts(void)
{
	static const char *const mistakes[][3] = {
		{ "abc", "\"\\\"abc\\\"\"", "quotes" },
		{ "\"abc\"", "\"\\\"abc\\\"\"", "quotes" },
		{ "abc", "\" abc\"", "blanks" },
		{ "abc", "\"ABC\"", "differ in case" },
		{ "abcdef", "\"abc\"", "its end is missing" },
		{ "abc", "\"abcdef\"", "something follows it" },
		{ "abc", "\"xyz\"", "another value" },
		{ "\"ab\" \"c\"", "\"xyz\"", "another value" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(mistakes); i++) {
		g_autoptr(why) page = why_new("a", "a");
		struct scene s;

		set_up(&s, "TXT", mistakes[i][0]);
		lacks(s.one, mistakes[i][1]);
		lacks(s.two, mistakes[i][1]);
		why_judge(page, &s.c);
		check(page, "record", WHY_WRONG, mistakes[i][2]);
		free_scene(&s);
	}
}

static void test_extra(void)
{
	g_autoptr(why) page = why_new("a", "a");
	struct scene s;

	set_up(&s, "TXT", "abc");
	add(s.one->values, "\"abc\"");
	add(s.one->values, "\"older\"");
	why_judge(page, &s.c);
	check(page, "", WHY_NOTE, NULL);
	free_scene(&s);
}

/* ---- CAA ---- */

/* clang-format off */
static const struct {
	const char *records;	/* "flags tag value|…" */
	const char *ca, *uri, *method;
	bool is_wildcard;
	enum why_state worst;
	const char *words;	/* of the finding about CAA */
} caas[] = {
	{ "",                                    "amazon", "", "", false, WHY_FINE,  "no CAA record" },
	{ "0 issue amazon.com",                  "amazon", "", "", false, WHY_FINE,  "let amazon issue" },
	{ "0 issue amazontrust.com",             "amazon", "", "", false, WHY_FINE,  "let amazon issue" },
	{ "0 issue awstrust.com",                "amazon", "", "", false, WHY_FINE,  "let amazon issue" },
	{ "0 ISSUE AmazonAWS.com",               "Amazon", "", "", false, WHY_FINE,  "let Amazon issue" },
	{ "0 issue ;|0 issue amazon.com",        "amazon", "", "", false, WHY_FINE,  "let amazon issue" },
	{ "0 issue pki.goog",                    "amazon", "", "", false, WHY_WRONG, "do not let amazon issue" },
	{ "0 issue notamazon.com",               "amazon", "", "", false, WHY_WRONG, "do not let amazon issue" },
	{ "0 issue amazon.com.evil.test",        "amazon", "", "", false, WHY_WRONG, "do not let amazon issue" },
	{ "0 issue other.test",                  "other.test", "", "", false, WHY_FINE, "let other.test issue" },
	{ "0 issue ;",                           "",       "", "", false, WHY_WRONG, "forbid every CA" },
	{ "0 issue pki.goog",                    "",       "", "", false, WHY_NOTE,  "limit who may issue" },
	{ "0 iodef mailto:a@example.org",        "amazon", "", "", false, WHY_FINE,  "do not limit" },
	{ "0 issuewild ;",                       "amazon", "", "", false, WHY_FINE,  "do not limit" },
	{ "0 issuewild ;",                       "amazon", "", "", true,  WHY_WRONG, "for a wildcard" },
	{ "0 issue amazon.com|0 issuewild pki.goog", "amazon", "", "", true, WHY_WRONG, "for a wildcard" },
	{ "0 issue amazon.com",                  "amazon", "", "", true,  WHY_FINE,  "let amazon issue" },
	{ "0 issue ;|0 issuewild amazon.com",    "amazon", "", "", true,  WHY_FINE,  "let amazon issue" },
	{ "128 issue amazon.com",                "amazon", "", "", false, WHY_FINE,  "let amazon issue" },
	{ "128 future x|0 issue amazon.com",     "amazon", "", "", false, WHY_WRONG, "critical" },
	{ "1 future x|0 issue amazon.com",       "amazon", "", "", false, WHY_FINE,  "let amazon issue" },
	{ "0 issue letsencrypt.org; accounturi=https://a/7", "letsencrypt", "https://a/7", "dns", false,
	  WHY_FINE,  "let letsencrypt issue" },
	{ "0 issue letsencrypt.org; accounturi=https://a/7", "letsencrypt", "https://a/8", "dns", false,
	  WHY_WRONG, "another account" },
	{ "0 issue letsencrypt.org; accounturi=https://a/7", "letsencrypt", "", "dns", false,
	  WHY_NOTE,  "for one account" },
	{ "0 issue letsencrypt.org;validationmethods=http-01,dns-01", "letsencrypt", "", "dns", false,
	  WHY_FINE,  "let letsencrypt issue" },
	{ "0 issue letsencrypt.org;validationmethods=http-01", "letsencrypt", "", "dns", false,
	  WHY_WRONG, "other methods than dns-01" },
	{ "0 issue letsencrypt.org;validationmethods=http-01|0 issue letsencrypt.org", "letsencrypt", "", "dns",
	  false, WHY_FINE,  "let letsencrypt issue" },
};
/* clang-format on */

static void test_caa(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(caas); i++) {
		g_auto(GStrv) lines = g_strsplit(caas[i].records, "|", -1);
		g_autoptr(why) page = why_new("a", "a");
		struct scene s;

		g_test_message("row %zu", i);
		set_up(&s, "", "");
		for (char **line = lines; *line; line++) {
			g_auto(GStrv) w = g_strsplit(*line, " ", 3);

			dns_facts_add_caa(s.facts, (unsigned)g_ascii_strtoull(w[0], NULL, 10), w[1], w[2]);
		}
		g_free(s.facts->caa_at);
		s.facts->caa_at = g_strdup("example.org");
		s.c.ca = caas[i].ca;
		s.c.account_uri = caas[i].uri;
		s.c.method = caas[i].method;
		s.c.is_wildcard = caas[i].is_wildcard;
		why_caa(page, &s.c);
		g_assert_cmpuint(why_count(page), ==, 1);
		g_assert_cmpint(why_worst(page), ==, caas[i].worst);
		if (!strstr(why_at(page, 0)->said, caas[i].words))
			g_error("'%s' does not say '%s'", why_at(page, 0)->said, caas[i].words);
		free_scene(&s);
	}
}

static void test_cas(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(why_caa_is_ca("amazon", NULL));
	g_assert_true(why_caa_is_ca("ca.example.org", NULL));
	g_assert_false(why_caa_is_ca("amazin", &error));
	g_assert_nonnull(strstr(error->message, "amazon"));
}

/* ---- no facts ---- */

static void test_no_facts(void)
{
	static const struct {
		enum err code;
		const char *check;
		enum why_state worst;
	} errors[] = {
		{ ERR_NOT_FOUND, "zone", WHY_WRONG },
		{ ERR_TIMEOUT, "resolver", WHY_UNKNOWN },
		{ ERR_NETWORK, "resolver", WHY_UNKNOWN },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(errors); i++) {
		g_autoptr(why) page = why_new("a", "a");
		g_autoptr(GError) error = g_error_new(ERR, (gint)errors[i].code, "it is so");
		const struct why_case c = { .error = error, .name = "a", .ca = "", .account_uri = "",
					    .method = "", .now = NOW };

		why_judge(page, &c);
		check(page, errors[i].check, errors[i].worst, "it is so");
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/why/rows", test_rows);
	g_test_add_func("/why/texts", test_texts);
	g_test_add_func("/why/extra", test_extra);
	g_test_add_func("/why/caa", test_caa);
	g_test_add_func("/why/cas", test_cas);
	g_test_add_func("/why/no-facts", test_no_facts);
	return g_test_run();
}
